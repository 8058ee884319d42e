"""Writing the pages: each view is a query under queries/views/ and a renderer that draws its rows."""

from __future__ import annotations

import os
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from graph_builder.locate import default_dist, home
from graph_builder.ontology import Ontology, load_ontology, load_prefixes
from graph_builder.query import ShippedQuery, bind, cell, example_values, open_store, run, shipped_queries
from graph_builder.running import beside, no_collection
from graph_builder.swap import replaced
from graph_builder.view.archive import Archive, read_archive
from graph_builder.view.frame import Frame
from graph_builder.view.index import NetworkLink
from graph_builder.view.model import NetworkPage
from graph_builder.view.network import render_network, write_assets
from graph_builder.view.networks import grouped, network_pages, pact_refs, page_name
from graph_builder.view.pages import NAVIGATION, PLAIN_SENSES, site_pages, views_of
from graph_builder.view.records import record_pages
from graph_builder.view.things import thing_pages
from graph_builder.view.told import Told
from graph_builder.write import SUMS_FILE, write_sums

Report = Callable[[str], None]
Row = dict[str, str]
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
        self.known: Mapping[Path, list[Row]] = {}

    def rows(self, query: ShippedQuery, most: int | None = None, **values: str) -> list[Row]:
        """Return the rows of a query, at most so many, as texts; things are named by their keys.

        Where it has no values, those of ``known`` are taken if they are there.
        """
        if not values and query.path in self.known:
            return self.known[query.path]
        result: Any = run(self._store, bind(query, values, self.prefixes), self.prefixes)
        names = [variable.value for variable in result.variables]
        return [{name: cell(row[name]) for name in names} for row in islice(result, most)]

    def answers(self) -> dict[Path, list[Row]]:
        """Return the rows of every query that pages need, by the path of its file."""
        return {query.path: self.rows(query) for query in (*self.views.values(), *self.reports)}

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


def write_views(dist: Path | None = None, report: Report = lambda step: None) -> Written:
    """Write dist/index.html, the pages of dist/views/ and those of single things in dist/id/; the rest of dist stays.

    Pages that did not change are kept as files. Raises UsageError when no graph was built in ``dist``.
    """
    dist = dist or default_dist()
    with no_collection(), replaced(dist) as new:
        written = _write_all(dist, new, report)
        write_sums(new)
    return Written(sum(map(len, written)), sum(sum(kept) for kept in written), dist / "views")


def _write_all(dist: Path, new: Path, report: Report) -> list[list[bool]]:
    """Write everything but the checksums into ``new``: the pages of things on one core, the others on another."""
    report("gathering facts and sources")
    site = Site(dist)
    # The store is opened by the copy only: it has threads, and a process with threads must not be copied later.
    with beside(site.samples) as samples:
        with beside(site.answers) as answers:
            archive, ontology = read_archive(dist), load_ontology(home() / "ontology")
            site.known = answers()
        return _write_pages(dist, new, site, archive, ontology, samples, report)


def _write_pages(
    dist: Path,
    new: Path,
    site: Site,
    archive: Archive,
    ontology: Ontology,
    samples: Callable[[], Mapping[str, list[Row]]],
    report: Report,
) -> list[list[bool]]:
    frame = Frame(archive, NAVIGATION)
    views = views_of(archive, _own_networks(site))

    def things() -> list[bool]:
        return _put(dist, new, thing_pages(archive, frame, ontology, views))

    with beside(things) as written:
        report("drawing networks")
        first: list[NetworkLink] = []
        own = _put(dist, new, _networks(site, archive, first))
        own += _put(dist, new, site_pages(archive, frame, site, first, samples()))
        write_assets(new / "views" / "assets", archive.hindi_of(*PLAIN_SENSES))
        report("writing the pages of things and records")
        own += _put(dist, new, record_pages(archive, frame, ontology))
        pages = [own, written()]
    _keep(dist, new)
    return pages


def _own_networks(site: Site) -> Mapping[str, Sequence[tuple[str, str]]]:
    """Return the address and name of every network that is drawn for a single thing, by the thing's key."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for query in site.views.values():
        if query.view.get("renderer") == "network" and "each" in query.view:
            for key in grouped(query, site.rows(query)):
                found[key].append((f"views/{page_name(query.name, key)}.html", str(query.view["link"])))
    return found


def _networks(site: Site, archive: Archive, first: list[NetworkLink]) -> Iterator[tuple[str, str]]:
    """Yield the network pages, and note those that the first page leads to."""
    for query, key, page in drawn_networks(site, archive):
        address = f"views/{page.name}.html"
        if not key or key == query.view.get("first"):
            hindi = page.hindi.get("title", "")
            first.append(NetworkLink(address, page.title, hindi, len(page.nodes), len(page.edges)))
        yield address, render_network(page)


def _keep(dist: Path, new: Path) -> None:
    """Link into the new folder what ``dist`` has beside pages and their forms, which are there already."""
    for top in sorted(dist.iterdir()):
        if top.name in (*_FOLDERS, SUMS_FILE) or (new / top.name).exists():
            continue
        if top.is_dir():
            shutil.copytree(top, new / top.name, copy_function=_link)
        else:
            _link(top, new / top.name)


def _put(dist: Path, new: Path, pages: Iterable[tuple[str, str]]) -> list[bool]:
    """Write files into the new folder, and tell of each page whether it was as before and is kept as it is."""
    kept = []
    for name, text in pages:
        old, target, content = dist / name, new / name, text.encode()
        target.parent.mkdir(parents=True, exist_ok=True)
        same = old.is_file() and old.read_bytes() == content
        if same:
            _link(old, target)
        else:
            target.write_bytes(content)
        if target.suffix == ".html":
            kept.append(same)
    return kept


def _link(old: str | Path, new: str | Path) -> None:
    try:
        os.link(old, new)
    except OSError:
        shutil.copy2(old, new)
