"""Pacts as QuickStatements, the commands with which people edit Wikidata.

The commands are those of version 1: https://www.wikidata.org/wiki/Help:QuickStatements. Only these properties are
used: P1891 (signatory) and P6193 (ratified by) with P585 (point in time), and P854 (reference URL). Whether an item
is an instance of a treaty, an arrangement or something else is for the person who runs the commands to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby
from typing import TYPE_CHECKING

from graph_builder.locate import home
from graph_builder.problems import UsageError
from graph_builder.rows import Row

if TYPE_CHECKING:
    from graph_builder.api import PactGraph

_PROPERTY = {"signed": "P1891", "ratified": "P6193"}
_PRECISION = {4: "-00-00T00:00:00Z/9", 7: "-00T00:00:00Z/10", 10: "T00:00:00Z/11"}
_REFERENCES = 3
_LONGEST = 250


def quickstatements(graph: PactGraph) -> str:
    """Return commands that create or complete the Wikidata item of each pact, a line each, in the order of keys.

    A pact takes part when each of its parties has a match in Wikidata. One that has a match itself is completed, any
    other created: whoever runs the commands looks first whether Wikidata has the item already. A party's line bears
    the date where a source that states the party states the date too, and up to three references: the sources nearest
    to what they report, one for all that repeat one report. Raises UsageError when no pact takes part.
    """
    rows = graph.query(home() / "queries" / "exports" / "wikidata.rq")
    if not rows:
        raise UsageError("no pact has parties that are all matched to Wikidata; add the matches to facts/links")
    lines: list[str] = []
    for _, of_pact in groupby(rows, key=lambda row: str(row.pact)):
        found = list(of_pact)
        item = _item(found[0].item) if found[0].item else "LAST"
        if item == "LAST":
            names = " and ".join(sorted({str(row.partyLabel) for row in found}))
            described = f"{found[0]['class']} between {names}"[:_LONGEST]
            lines += ["CREATE", f"LAST\tLen\t{_quoted(found[0].label)}", f"LAST\tDen\t{_quoted(described)}"]
        for (event, party, when), told in groupby(found, key=lambda row: (row.event, row.party, row.date)):
            lines.append(_statement(item, _PROPERTY[str(event)], _item(party), when, list(told)))
    return "".join(f"{line}\n" for line in lines)


def _statement(item: str, name: str, party: str, when: str | None, told: list[Row]) -> str:
    dated = [row for row in told if row.dated]
    moment = _moment(when) if dated else None
    parts = [item, name, party]
    if moment:
        parts += ["P585", moment]
    for number, url in enumerate(_references(dated if moment else told)):
        parts += ["S854" if not number else "!S854", _quoted(url)]  # the mark begins a reference of its own
    return "\t".join(parts)


def _references(told: Iterable[Row]) -> list[str]:
    nearest: dict[str, str] = {}
    for row in sorted(told, key=lambda row: (row.rank, row.url)):
        nearest.setdefault(str(row.origin), str(row.url))
    return list(nearest.values())[:_REFERENCES]


def _item(address: object) -> str:
    return str(address).rpartition("/")[2]


def _moment(when: str | None) -> str | None:
    """Return a day, a month or a year as QuickStatements writes it; None for a doubtful or an open date.

    >>> _moment("2025-02-18"), _moment("2025-02"), _moment("2025?")
    ('+2025-02-18T00:00:00Z/11', '+2025-02-00T00:00:00Z/10', None)
    """
    plain = when is not None and re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}", when)
    return f"+{when}{_PRECISION[len(when)]}" if when and plain else None


def _quoted(text: object) -> str:
    """Return text in quotes; the format knows no escapes, so quotes and tabs in it become harmless ones."""
    return '"' + re.sub(r"\s+", " ", str(text)).replace('"', "”").replace("|", "/") + '"'
