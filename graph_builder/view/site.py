"""Writing the pages: each view is a query under queries/views/ and a renderer that draws its rows."""

from __future__ import annotations

import os
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graph_builder.locate import default_dist, home
from graph_builder.ontology import load_ontology, load_prefixes
from graph_builder.query import ShippedQuery, bind, cell, load_query, open_store, run
from graph_builder.swap import replaced
from graph_builder.view.archive import Archive, read_archive
from graph_builder.view.frame import Frame
from graph_builder.view.model import NetworkPage
from graph_builder.view.network import render_network, write_assets
from graph_builder.view.networks import network_pages, pact_refs
from graph_builder.view.pages import site_pages
from graph_builder.view.told import Told
from graph_builder.write import SUMS_FILE, write_sums

#: Folders of pages, and of their forms for machines; what the last run wrote there is not kept.
_FOLDERS = ("views", "id", "vocabulary")

Report = Callable[[str], None]
Row = dict[str, str]


@dataclass(frozen=True)
class Written:
    """How many pages were written, how many of them were as before, and where."""

    pages: int
    kept: int
    folder: Path


class Site:
    """The built graph as pages see it: rows of queries, and the facts of every subject."""

    def __init__(self, dist: Path) -> None:
        self.store = open_store(dist)
        self.prefixes = load_prefixes(home() / "ontology")
        self.views = home() / "queries" / "views"

    def rows(self, query: ShippedQuery, **values: str) -> list[Row]:
        """Run a query and return its rows as texts; things are named by their keys."""
        result: Any = run(self.store, bind(query, values, self.prefixes), self.prefixes)
        names = [variable.value for variable in result.variables]
        return [{name: cell(row[name]) for name in names} for row in result]


def drawn_networks(site: Site, archive: Archive) -> Iterator[tuple[ShippedQuery, str, NetworkPage]]:
    """Yield the page of every network query, or its page for each thing, with the query and the thing's key."""
    frame = Frame(archive)

    def address(key: str) -> str:
        return "../" + place if (place := frame.address(key)) else ""

    details = Told(archive)
    doubtful = {key for key in archive.facts if archive.is_contested(key)}
    standings = site.rows(load_query(site.views / "standings.rq"))
    pacts = {pact.id: pact for pact in pact_refs(standings, doubtful, address)}
    for path in sorted(site.views.glob("*.rq")):
        query = load_query(path)
        if query.view.get("renderer") == "network":
            rows = site.rows(query)
            for key, page in network_pages(query, rows, details, pacts, site.prefixes, archive.as_of, address):
                yield query, key, page


def write_views(dist: Path | None = None, report: Report = lambda step: None) -> Written:
    """Write dist/index.html, the pages of dist/views/ and those of single things in dist/id/; the rest of dist stays.

    Pages that did not change are kept as files. Raises UsageError when no graph was built in ``dist``.
    """
    dist = dist or default_dist()
    site = Site(dist)
    report("gathering facts and sources")
    archive, ontology = read_archive(dist), load_ontology(home() / "ontology")
    pages: dict[str, str] = {}
    networks: list[tuple[str, str, str]] = []
    views: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for query, key, page in drawn_networks(site, archive):
        report(f"drawing {page.title}")
        address = f"views/{page.name}.html"
        pages[address] = render_network(page)
        if key:
            views[key].append((address, str(query.view.get("link", page.title))))
        if not key or key == query.view.get("first"):
            networks.append((address, page.title, f"{len(page.nodes)} things, {len(page.edges)} relations"))
    report("writing the pages of things")
    pages.update(site_pages(archive, ontology, home() / "queries", site.rows, networks, views))
    return _put(dist, pages)


def _put(dist: Path, pages: Mapping[str, str]) -> Written:
    """Put pages beside the graph in one step: everything else of dist is linked into the new folder."""
    kept = 0
    with replaced(dist) as new:
        for path in sorted(dist.rglob("*")):
            name = path.relative_to(dist)
            if path.is_dir() or name.parts[0] in _FOLDERS or name.as_posix() in pages or name.as_posix() == SUMS_FILE:
                continue
            target = new / name
            target.parent.mkdir(parents=True, exist_ok=True)
            _link(path, target)
        for name_, text in pages.items():
            old, target = dist / name_, new / name_
            target.parent.mkdir(parents=True, exist_ok=True)
            content = text.encode("utf-8")
            if old.is_file() and old.read_bytes() == content:
                _link(old, target)
                kept += target.suffix == ".html"
            else:
                target.write_bytes(content)
        write_assets(new / "views" / "assets")
        write_sums(new)
    return Written(sum(name.endswith(".html") for name in pages), kept, dist / "views")


def _link(old: Path, new: Path) -> None:
    try:
        os.link(old, new)
    except OSError:
        shutil.copy2(old, new)
