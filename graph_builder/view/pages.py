"""All pages of the site but the networks: what each is made from, and where it lies."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from io import StringIO
from typing import Protocol

from graph_builder.query import ShippedQuery
from graph_builder.terms import VOCABULARY
from graph_builder.view.archive import Archive
from graph_builder.view.frame import ASSETS, Frame, words_script
from graph_builder.view.index import (
    NetworkLink,
    contested_page,
    coverage_page,
    directory_pages,
    first_page,
    query_pages,
    search_script,
)
from graph_builder.view.matrix import lists_page, support_page
from graph_builder.view.timeline import timeline_page
from graph_builder.view.words import HINDI
from graph_builder.view.worldmap import map_page

Row = Mapping[str, str]
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
#: Vocabularies whose words are meant where rows of queries give a word that has two senses.
PLAIN_SENSES = (f"{VOCABULARY}tier/", f"{VOCABULARY}reason/")
#: A text that a spreadsheet would reckon with; a number may be below nought.
_FORMULA = re.compile(r"[=+@\t\r]|-(?![0-9.]+$)")
_FILES = ("site.css", "site.js", "matrix.js", "timeline.js", "map.js")
#: What a server of plain files needs at the site's top: that it serves every file, and what it says of no file.
_TOP = {".nojekyll": "", "404.html": (ASSETS / "404.html").read_text(encoding="utf-8")}


class Answers(Protocol):
    """The queries that pages show, and their answers."""

    @property
    def shipped(self) -> Sequence[ShippedQuery]:
        """The queries that users run."""

    @property
    def views(self) -> Mapping[str, ShippedQuery]:
        """The queries that draw views, by name."""

    @property
    def reports(self) -> Sequence[ShippedQuery]:
        """The queries of the report on coverage."""

    def rows(self, query: ShippedQuery) -> Sequence[Row]:
        """Return the rows of a query as texts; things are named by their keys."""


def site_pages(
    archive: Archive,
    frame: Frame,
    site: Answers,
    networks: Sequence[NetworkLink] = (),
    samples: Mapping[str, Sequence[Row]] | None = None,
) -> Iterator[tuple[str, str]]:
    """Yield the path below the site's top and the text of each file but the pages of things.

    ``networks`` are the network pages that the first page leads to, ``samples`` some answers of shipped queries.
    """
    words = {
        **archive.hindi,
        **archive.hindi_of(*PLAIN_SENSES),
        **{one.title: one.hindi for one in networks if one.hindi},
        **HINDI,
    }
    named = list(NAVIGATION)
    for name, query in site.views.items():
        told = query.view.get("hindi") or {}
        words |= {str(query.view[part]): str(text) for part, text in told.items() if part in query.view}
        render = RENDERERS.get(str(query.view.get("renderer")))
        if render:
            rows = site.rows(query)
            yield f"views/{name}.html", render(archive, frame, str(query.view["title"]), query.text, rows)
            yield f"views/{name}.csv", table(rows)
    yield "views/coverage.html", coverage_page(frame, [(query, site.rows(query)) for query in site.reports])
    yield "views/contested.html", contested_page(archive, frame)
    yield from query_pages(frame, site.shipped, samples or {})
    for address, text in directory_pages(archive, frame):
        named.append((address, text.partition("<title>")[2].partition(" · ")[0]))
        yield address, text
    named += [(one.address, one.title) for one in networks]
    yield "views/assets/search-index.js", search_script(archive, frame, site.shipped, list(dict.fromkeys(named)))
    yield "views/assets/words.js", words_script(words)
    yield "index.html", first_page(archive, frame, networks)
    yield from _TOP.items()
    for name in _FILES:
        yield f"views/assets/{name}", (ASSETS / name).read_text(encoding="utf-8")


def table(rows: Sequence[Row]) -> str:
    """Return rows as CSV; no text of theirs is taken for a formula by a spreadsheet.

    >>> table([{"name": "=1+1", "latitude": "-7.3"}])
    "name,latitude\\r\\n'=1+1,-7.3\\r\\n"
    """
    buffer = StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(rows[0] if rows else ())
    writer.writerows([f"'{cell}" if _FORMULA.match(cell) else cell for cell in row.values()] for row in rows)
    return buffer.getvalue()


def views_of(
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
