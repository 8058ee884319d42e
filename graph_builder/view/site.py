"""Writing the pages: each view is a query under queries/views/ and a renderer that draws its rows."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from graph_builder.checksums import SUMS_FILE, write_sums
from graph_builder.locate import default_dist, home
from graph_builder.ontology import load_ontology
from graph_builder.prefixes import load_prefixes
from graph_builder.query import ShippedQuery, bind, cell, example_values, open_store, run, shipped_queries
from graph_builder.running import Result, beside, no_collection
from graph_builder.swap import replaced
from graph_builder.view.archive import Archive, read_archive
from graph_builder.view.forms import Forms, read_pieces
from graph_builder.view.frame import Frame
from graph_builder.view.index import NetworkLink
from graph_builder.view.layout import Place
from graph_builder.view.model import NetworkPage
from graph_builder.view.networks import grouped, network_pages, pact_refs, page_name
from graph_builder.view.pages import NAVIGATION, PLAIN_SENSES, site_pages, views_of
from graph_builder.view.records import record_pages
from graph_builder.view.remembered import LastRun
from graph_builder.view.things import thing_pages
from graph_builder.view.told import Told

Report = Callable[[str], None]
Row = dict[str, str]
Files = dict[str, tuple[str, bool]]
"""By the path of each file below dist: its SHA-256 sum, and whether it was so before and is kept."""
#: Folders of pages, and of their forms for machines; what the last run wrote there is not kept.
_FOLDERS = ("views", "id", "vocabulary")
#: Rows of an example that the page of a query shows.
SAMPLE = 8


@dataclass(frozen=True)
class Written:
    """How many pages were written, how many of them were as before, and where."""

    pages: int
    kept: int
    folder: Path


class Site:
    """The built graph as pages see it: queries and their rows."""

    def __init__(self, dist: Path) -> None:
        self.dist = dist
        self.prefixes = load_prefixes(home() / "ontology")
        folder = home() / "queries"
        self.shipped = shipped_queries(folder)
        self.views = {query.name: query for query in shipped_queries(folder / "views")}
        self.reports = shipped_queries(folder / "report")
        self.known: dict[Path, list[Row]] = {}

    def rows(self, query: ShippedQuery, most: int | None = None, **values: str) -> list[Row]:
        """Return the rows of a query, at most so many, as texts; things are named by their keys.

        Where it has no values, those of ``known`` are taken if they are there.
        """
        if not values and query.path in self.known:
            return self.known[query.path]
        result: Any = run(self._store, bind(query, values, self.prefixes), self.prefixes)
        names = [variable.value for variable in result.variables]
        return [{name: cell(row[name]) for name in names} for row in islice(result, most)]

    def answers(self, queries: Iterable[ShippedQuery]) -> dict[Path, list[Row]]:
        """Return the rows of queries by the paths of their files."""
        return {query.path: self.rows(query) for query in queries}

    def samples(self) -> dict[str, list[Row]]:
        """Return the first rows of the example of every query that users run, by its name."""
        return {query.name: self.rows(query, most=SAMPLE, **example_values(query)) for query in self.shipped}

    @cached_property
    def _store(self) -> ox.Store:
        return open_store(self.dist)


def drawn_networks(site: Site, archive: Archive) -> Iterator[tuple[ShippedQuery, str, NetworkPage]]:
    """Yield the page of every network query, or its page for each thing, with the query and the thing's key."""
    frame = Frame(archive)

    def address(key: str) -> str:
        return "../" + place if (place := frame.address(key)) else ""

    details = Told(archive)
    doubtful = {key for key in archive.facts if archive.is_contested(key)}
    pacts = {pact.id: pact for pact in pact_refs(site.rows(site.views["standings"]), doubtful, address)}
    for query in site.views.values():
        if query.view.get("renderer") == "network":
            rows = site.rows(query)
            for key, page in network_pages(query, rows, details, pacts, site.prefixes, archive.as_of, address):
                yield query, key, page


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
    """Write everything but the checksums into ``new``: as much as there are cores at a time."""
    report("gathering facts and sources")
    site = Site(dist)
    with ExitStack() as stack:

        def started(work: Callable[[], Result]) -> Callable[[], Result]:
            return stack.enter_context(beside(work))

        # The store is opened by copies only: it has threads, and a process with threads must not be copied later.
        drawn = started(lambda: site.answers(site.views.values()))
        told = started(lambda: (site.answers(site.reports), site.samples()))
        archive, ontology = read_archive(dist), load_ontology(home() / "ontology")
        frame, forms = Frame(archive, NAVIGATION), Forms(archive, ontology, read_pieces(dist, archive))
        site.known = drawn()
        views = views_of(archive, _own_networks(site))
        things = started(lambda: _put(dist, new, thing_pages(archive, frame, forms, views)))
        records = started(lambda: _put(dist, new, record_pages(archive, frame, ontology, forms)))

        from graph_builder.view.network import write_assets  # pyvis is heavy: the copies do without it

        report("drawing networks")
        first: list[NetworkLink] = []
        files = _put(dist, new, _networks(site, archive, last.place, first))
        write_assets(new / "views" / "assets", archive.hindi_of(*PLAIN_SENSES))
        report("writing the pages of things and records")
        reports, samples = told()
        site.known |= reports
        files |= _put(dist, new, site_pages(archive, frame, site, first, samples))
        files |= things() | records()
    _keep(dist, new)
    return files


def _own_networks(site: Site) -> Mapping[str, Sequence[tuple[str, str]]]:
    """Return the address and name of every network that is drawn for a single thing, by the thing's key."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for query in site.views.values():
        if query.view.get("renderer") == "network" and "each" in query.view:
            for key in grouped(query, site.rows(query)):
                found[key].append((f"views/{page_name(query.name, key)}.html", str(query.view["link"])))
    return found


def _networks(site: Site, archive: Archive, place: Place, first: list[NetworkLink]) -> Iterator[tuple[str, str]]:
    """Yield the network pages, and note those that the first page leads to."""
    from graph_builder.view.network import render_network

    for query, key, page in drawn_networks(site, archive):
        address = f"views/{page.name}.html"
        if not key or key == query.view.get("first"):
            hindi = page.hindi.get("title", "")
            first.append(NetworkLink(address, page.title, hindi, len(page.nodes), len(page.edges)))
        yield address, render_network(page, place=place)


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
