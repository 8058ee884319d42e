"""Writing the pages: as much at a time as there are cores, and all of it takes the place of the last in one step."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from graph_builder.checksums import SUMS_FILE, write_sums
from graph_builder.locate import default_dist
from graph_builder.progress import Report
from graph_builder.running import beside, no_collection, shared
from graph_builder.swap import replaced
from graph_builder.view.remembered import LastRun
from graph_builder.view.site import Site

if TYPE_CHECKING:
    from graph_builder.view.index import NetworkLink


Files = dict[str, tuple[str, bool]]
"""By the path of each file below dist: its SHA-256 sum, and whether it was so before and is kept."""
#: Folders of pages, and of their forms for machines; what the last run wrote there is not kept.
_FOLDERS = ("views", "id", "vocabulary")


@dataclass(frozen=True)
class Written:
    """How many pages were written, how many of them were as before, and where."""

    pages: int
    kept: int
    folder: Path


def write_views(dist: Path | None = None, *, force: bool = False, report: Report = lambda step: None) -> Written:
    """Write dist/index.html, the pages of dist/views/ and those of single things in dist/id/; the rest of dist stays.

    Pages that did not change are kept as files. Nothing is done where dist is as the last run left it, unless
    ``force``. Raises UsageError when no graph was built in ``dist``.
    """
    dist = dist or default_dist()
    last = LastRun(dist)
    if not force and (pages := last.pages()):
        return Written(pages, pages, dist / "views")
    with no_collection(), replaced(dist) as new:
        files = _write_all(dist, new, last, report)
        write_sums(new, {name: total for name, (total, _) in files.items()})
    kept = [kept for name, (_, kept) in files.items() if name.endswith(".html")]
    last.save(len(kept))
    return Written(len(kept), sum(kept), dist / "views")


def _write_all(dist: Path, new: Path, last: LastRun, report: Report) -> Files:
    """Write everything but the checksums into ``new``."""
    report("gathering facts and sources")
    files: Files = {}

    def put(pages: Iterable[tuple[str, str]]) -> Files:
        return _put(dist, new, pages)

    site = Site(dist)
    with ExitStack() as stack:
        answered = stack.enter_context(beside(lambda: (site.answers(), site.samples())))

        from graph_builder.view.contents import Contents  # takes a while, in which the queries are answered already

        contents = Contents(dist, site)
        site.known, samples = answered()
        shares = stack.enter_context(shared(put, contents.shares()))
        report("drawing networks")
        first: list[NetworkLink] = []
        files |= put(contents.networks(last.place, first))
        contents.write_assets(new / "views" / "assets")
        files |= put(contents.others(first, samples))
        report("writing the pages of things and records")
        for some in shares():
            files |= some
    _keep(dist, new)
    return files


def _keep(dist: Path, new: Path) -> None:
    """Link into the new folder what ``dist`` has beside pages and their forms, which are there already."""
    for top in sorted(dist.iterdir()):
        if top.name in (*_FOLDERS, SUMS_FILE) or (new / top.name).exists():
            continue
        if top.is_dir():
            shutil.copytree(top, new / top.name, copy_function=_link)
        else:
            _link(top, new / top.name)


def _put(dist: Path, new: Path, pages: Iterable[tuple[str, str]]) -> Files:
    """Write files into the new folder; those that are as they were before are kept."""
    files: dict[str, tuple[str, bool]] = {}
    folders: set[str] = set()
    for name, text in pages:
        old, target, content = f"{dist}/{name}", f"{new}/{name}", text.encode()
        folder = target.rpartition("/")[0]
        if folder not in folders:
            os.makedirs(folder, exist_ok=True)  # noqa: PTH103 - of thousands of files, each is a text here
            folders.add(folder)
        kept = _content(old) == content
        if kept:
            _link(old, target)
        else:
            with open(target, "wb") as file:  # noqa: PTH123
                file.write(content)
        files[name] = hashlib.sha256(content).hexdigest(), kept
    return files


def _content(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            return file.read()
    except OSError:
        return None


def _link(old: str | Path, new: str | Path) -> None:
    try:
        os.link(old, new)
    except OSError:
        shutil.copy2(old, new)
