"""All pages of the site but the networks: what each is made from, and where it lies."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from graph_builder.ontology import Ontology
from graph_builder.query import ShippedQuery, load_query, shipped_queries
from graph_builder.view.archive import Archive
from graph_builder.view.frame import ASSETS, Frame, words_script
from graph_builder.view.index import (
    Network,
    contested_page,
    coverage_page,
    directory_pages,
    first_page,
    query_pages,
    search_script,
)
from graph_builder.view.matrix import lists_page, support_page
from graph_builder.view.records import record_pages
from graph_builder.view.things import thing_pages
from graph_builder.view.timeline import timeline_page
from graph_builder.view.words import HINDI
from graph_builder.view.worldmap import map_page

Row = Mapping[str, str]
Rows = Callable[[ShippedQuery], Sequence[Row]]
Render = Callable[[Archive, Frame, str, str, Sequence[Row]], str]

#: What draws the rows of a view query, by the renderer that its header names.
RENDERERS: Mapping[str, Render] = {
    "matrix": support_page,
    "lists": lists_page,
    "timeline": timeline_page,
    "map": map_page,
}
NAVIGATION = (
    ("views/all-pacts.html", "Pacts"),
    ("views/map.html", "Map"),
    ("views/timeline.html", "Timeline"),
    ("views/support-matrix.html", "Support"),
    ("views/partner-lists.html", "Partner lists"),
    ("views/contested.html", "Contested"),
    ("views/coverage.html", "Coverage"),
    ("views/queries.html", "Queries"),
)
_FILES = ("site.css", "site.js", "matrix.js", "timeline.js", "map.js")
#: What a server of plain files needs at the site's top: that it serves every file, and what it says of no file.
_TOP = {".nojekyll": "", "404.html": (ASSETS / "404.html").read_text(encoding="utf-8")}


def site_pages(
    archive: Archive,
    ontology: Ontology,
    queries: Path,
    rows: Rows,
    networks: Sequence[Network] = (),
    views: Mapping[str, Sequence[tuple[str, str]]] | None = None,
) -> Iterator[tuple[str, str]]:
    """Yield the path below the site's top and the text of each file.

    ``queries`` is the folder of queries, ``rows`` runs one of them, ``networks`` are the network pages that the
    first page leads to, and ``views`` gives, by key, the network pages of a single thing.
    """
    frame = Frame(archive, NAVIGATION)
    shipped = shipped_queries(queries)
    words = {**archive.hindi, **HINDI}
    named = list(NAVIGATION)
    for path in sorted((queries / "views").glob("*.rq")):
        query = load_query(path)
        told = query.view.get("hindi") or {}
        words |= {str(query.view[name]): str(text) for name, text in told.items() if name in query.view}
        render = RENDERERS.get(str(query.view.get("renderer")))
        if render:
            yield f"views/{path.stem}.html", render(archive, frame, str(query.view["title"]), query.text, rows(query))
    reports = [load_query(path) for path in sorted((queries / "report").glob("*.rq"))]
    yield "views/coverage.html", coverage_page(frame, [(query, rows(query)) for query in reports])
    yield "views/contested.html", contested_page(archive, frame)
    yield from query_pages(frame, shipped)
    for address, text in directory_pages(archive, frame):
        named.append((address, text.partition("<title>")[2].partition(" · ")[0]))
        yield address, text
    yield from thing_pages(archive, frame, ontology, _views(archive, views or {}))
    yield from record_pages(archive, frame, ontology)
    named += [(address, name) for address, name, _ in networks]
    yield "views/assets/search-index.js", search_script(archive, frame, shipped, list(dict.fromkeys(named)))
    yield "views/assets/words.js", words_script(words)
    yield "index.html", first_page(archive, frame, networks)
    yield from _TOP.items()
    for name in _FILES:
        yield f"views/assets/{name}", (ASSETS / name).read_text(encoding="utf-8")


def _views(
    archive: Archive, networks: Mapping[str, Sequence[tuple[str, str]]]
) -> Mapping[str, Sequence[tuple[str, str]]]:
    """Return, for each thing, the address and name of each view in which it is to be seen."""
    found = {key: list(views) for key, views in networks.items()}
    for thing in archive.pages:
        own = found.setdefault(thing.key, [])
        if thing.root == "Pact" and any(part.text("date") for part in archive.on_page(thing.key)):
            own.append((f"views/timeline.html#{thing.key}", "On the timeline"))
        if thing.kind == "Facility" and thing.text("latitude") and thing.text("longitude"):
            own.append((f"views/map.html#{thing.key}", "On the map"))
    return found
