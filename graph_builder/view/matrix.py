"""Matrices: what each pact covers of each category of support, and whom each list counts among the partners."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graph_builder.terms import lexical
from graph_builder.view.archive import Archive, Fact, Thing, Value
from graph_builder.view.frame import Frame, worded_json

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Cell:
    """What sources say of a pact and a category: covers, excludes, disputed or silent, and what is held."""

    standing: str
    held: str = ""
    covers: Sequence[str] = ()
    excludes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class PactRow:
    """A pact and its cells in the order of the categories."""

    pact: Thing
    signed: str
    covered: int
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class ListRow:
    """A list of partners, with its standing on each party: counts, expects or nothing."""

    list: Thing
    date: str
    stated: str
    exhaustive: str
    sources: Sequence[Value]
    cells: Sequence[str]


def support_page(archive: Archive, frame: Frame, title: str, query: str, rows: Sequence[Row]) -> str:
    """Return the matrix of pacts by category, from rows of pact, category, property and source."""
    said: dict[tuple[str, str], dict[str, list[str]]] = defaultdict(lambda: {"covers": [], "excludes": []})
    for row in rows:
        said[row["pact"], row["category"]][row["property"].rpartition("#")[2].rpartition("/")[2]].append(row["source"])
    often = Counter(category for _, category in said)
    categories = sorted(often, key=lambda key: (-often[key], archive.label(key)))
    pacts = [archive.things[key] for key in sorted({pact for pact, _ in said}) if key in archive.things]
    lines = [_pact_row(archive, pact, categories, said) for pact in pacts]
    lines.sort(key=lambda line: (-line.covered, line.pact.label))
    sources = sorted({source for cell in said.values() for keys in cell.values() for source in keys})
    numbers = {key: number for number, key in enumerate(sources)}
    data = {
        "sources": [_source(archive, frame, key) for key in sources],
        "categories": [archive.label(key) for key in categories],
        "pacts": [[line.pact.label, frame.address(line.pact.key)] for line in lines],
        "cells": {
            f"{r},{c}": [
                cell.standing,
                cell.held,
                *([numbers[key] for key in keys] for keys in (cell.covers, cell.excludes)),
            ]
            for r, line in enumerate(lines)
            for c, cell in enumerate(line.cells)
            if cell.standing != "silent"
        },
    }
    tally = Counter(cell.standing for line in lines for cell in line.cells)
    return frame.page(
        "matrix.html",
        "views/support-matrix.html",
        title,
        query=query,
        lines=lines,
        categories=[(archive.label(key), often[key]) for key in categories],
        data=data,
        tally=tally,
        without=sum(thing.root == "Pact" for thing in archive.pages) - len(lines),
    )


def _pact_row(
    archive: Archive,
    pact: Thing,
    categories: Sequence[str],
    said: Mapping[tuple[str, str], Mapping[str, Sequence[str]]],
) -> PactRow:
    held = {name: set(pact.keys(name)) for name in ("covers", "excludes")}
    cells = []
    for category in categories:
        if (pact.key, category) not in said:
            cells.append(Cell("silent"))
            continue
        covers, excludes = (sorted(set(said[pact.key, category][name])) for name in ("covers", "excludes"))
        standing = "disputed" if covers and excludes else "covers" if covers else "excludes"
        accepted = next((name for name in held if category in held[name]), "")
        cells.append(Cell(standing, accepted, covers, excludes))
    covered = sum(cell.held == "covers" for cell in cells)
    return PactRow(pact, min((lexical(term) for term in pact.terms("signedOn")), default=""), covered, cells)


def _source(archive: Archive, frame: Frame, key: str) -> list[object]:
    source = archive.sources.get(key)
    if not source:
        return [key, "", "", ""]
    return [source.publisher, source.published, worded_json(source.tier), frame.address(key)]


def lists_page(archive: Archive, frame: Frame, title: str, query: str, rows: Sequence[Row]) -> str:
    """Return the matrix of lists by partner, a table for each party whose partners are listed."""
    said: dict[str, dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    for row in rows:
        cells = said[row["of"]][row["list"]]
        if row["partner"] and cells.get(row["partner"]) != "counts":
            cells[row["partner"]] = row["relation"]
    tables = []
    for of, lists in sorted(said.items(), key=lambda item: (-len(item[1]), item[0])):
        often = Counter(
            partner for cells in lists.values() for partner, relation in cells.items() if relation == "counts"
        )
        partners = sorted(
            {p for cells in lists.values() for p in cells}, key=lambda key: (-often[key], archive.label(key))
        )
        lines = sorted(
            (
                _list_row(archive, archive.things[key], [cells.get(p, "") for p in partners])
                for key, cells in lists.items()
                if key in archive.things
            ),
            key=lambda line: (line.date, line.list.key),
        )
        tables.append((Value(archive.label(of), of), [(Value(archive.label(p), p), often[p]) for p in partners], lines))
    return frame.page("lists.html", "views/partner-lists.html", title, query=query, tables=tables)


def _list_row(archive: Archive, listed: Thing, cells: Sequence[str]) -> ListRow:
    facts: Sequence[Fact] = archive.facts.get(listed.key, ())
    sources = {claim.source.key: claim.source for fact in facts for claim in (*fact.backing, *fact.rivals)}
    ordered = sorted(sources.values(), key=lambda one: (one.earliest, one.key))
    return ListRow(
        listed,
        listed.text("date") or next((one.published for one in ordered if one.published), ""),
        listed.text("statedCount"),
        listed.text("exhaustive"),
        [Value(one.publisher, one.key) for one in ordered],
        cells,
    )
