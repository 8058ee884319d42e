"""Years: between which parties a pact stood in which year, strictly and broadly, and how the network grew.

A pact stands on a day, broadly, when it was signed or provisionally applied by then or had entered into force, and
strictly when a source shows its entry into force by then; in both cases nothing may have ended or suspended it by
that day, unless a renewal took effect between the end and the day. It stands in a year when it stands on any day of
the year, up to the graph's own date. An action counts from the first day that its accepted date can mean, as in the
query in-force-on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from graph_builder.locate import home
from graph_builder.rows import Rows, Value

if TYPE_CHECKING:
    from graph_builder.api import PactGraph


@dataclass(slots=True)
class Standing:
    """The days on which it turns whether a pact stands."""

    parties: int
    signed: list[date] = field(default_factory=list)
    entered: list[date] = field(default_factory=list)
    ended: list[date] = field(default_factory=list)
    renewed: list[date] = field(default_factory=list)

    def stands_on(self, day: date, strict: bool) -> bool:
        """Tell whether the pact stands on a day.

        >>> pact = Standing(2, signed=[date(2001, 1, 1)], ended=[date(2005, 1, 1)], renewed=[date(2007, 1, 1)])
        >>> [pact.stands_on(date(year, 1, 1), strict=False) for year in (2000, 2001, 2005, 2007)]
        [False, True, False, True]
        """
        if not any(begun <= day for begun in (self.entered if strict else [*self.entered, *self.signed])):
            return False
        return not any(end <= day and not any(end <= renewal <= day for renewal in self.renewed) for end in self.ended)

    def stands_in(self, year: int, until: date, strict: bool) -> bool:
        """Tell whether the pact stands on any day of a year up to ``until``.

        >>> Standing(2, signed=[date(2001, 1, 1)], ended=[date(2005, 6, 1)]).stands_in(2005, date(2026, 6, 1), False)
        True
        """
        # It can only begin to stand on the year's first day, or on a day on which something began or was renewed.
        begun = (day for day in (*self.signed, *self.entered, *self.renewed) if day.year == year)
        return any(day <= until and self.stands_on(day, strict) for day in (date(year, 1, 1), *begun))


@dataclass(frozen=True, slots=True)
class _Party:
    key: str
    label: str
    code: str | None


_Pairs = dict[tuple[_Party, _Party], dict[str, Standing]]


def dyad_years(graph: PactGraph, pact_class: str | None = None) -> Rows:
    """Return a row for each two parties that ever had a dated pact, and each year.

    The years run from the first in which any of the pacts stood to that of the graph's own date, so that every two
    parties have as many rows. ``strict`` and ``broad`` are 1 or 0; ``strictPacts`` and ``broadPacts`` number the
    pacts, ``strictKeys`` and ``broadKeys`` name them, with a space between; ``plurilateral`` numbers those of the
    broad ones that have more than two parties. Codes are those of ISO 3166-1 alpha-3, where the graph holds them.
    ``pact_class`` takes only pacts of a class, such as LogisticsSupportPact.
    """
    pairs = _pairs(graph, pact_class)
    years, until = _years(pairs, graph.as_of), graph.as_of
    return Rows(_COLUMNS, (_row(pair, pacts, year, until) for pair, pacts in pairs.items() for year in years))


_COLUMNS = (
    "one", "other", "oneLabel", "otherLabel", "oneCode", "otherCode", "year", "strict", "broad", "strictPacts",
    "broadPacts", "plurilateral", "strictKeys", "broadKeys",
)  # fmt: skip


def _row(pair: tuple[_Party, _Party], pacts: dict[str, Standing], year: int, until: date) -> tuple[Value, ...]:
    one, other = pair
    strict = [key for key, pact in pacts.items() if pact.stands_in(year, until, True)]
    broad = [key for key, pact in pacts.items() if pact.stands_in(year, until, False)]
    return (
        one.key, other.key, one.label, other.label, one.code, other.code, year, int(bool(strict)), int(bool(broad)),
        len(strict), len(broad), sum(pacts[key].parties > 2 for key in broad), " ".join(strict), " ".join(broad),
    )  # fmt: skip


def growth(graph: PactGraph, pact_class: str | None = None) -> Rows:
    """Return a row for each year: how many pacts, pairs of parties and parties the network had, and new pairs.

    ``strictPacts``, ``strictPairs`` and ``strictParties`` count what was shown in force. A pair is new in the first
    year in which any pact of the two stood.
    """
    pairs = _pairs(graph, pact_class)
    until = graph.as_of
    rows: list[tuple[Value, ...]] = []
    known: set[tuple[_Party, _Party]] = set()
    for year in _years(pairs, until):
        counts: list[Value] = []
        for strict in (False, True):
            tied = {
                pair: [key for key, pact in pacts.items() if pact.stands_in(year, until, strict)]
                for pair, pacts in pairs.items()
            }
            joined = {pair for pair, keys in tied.items() if keys}
            keys = {key for found in tied.values() for key in found}
            counts += [len(keys), len(joined), len({party for pair in joined for party in pair})]
            if not strict:
                new, known = len(joined - known), known | joined
        rows.append((year, *counts, new))
    return Rows(("year", "pacts", "pairs", "parties", "strictPacts", "strictPairs", "strictParties", "newPairs"), rows)


def _pairs(graph: PactGraph, pact_class: str | None) -> _Pairs:
    parameters: dict[str, Value] = {"class": pact_class}
    pairs: _Pairs = defaultdict(dict)
    for row in graph.query(home() / "queries" / "exports" / "standing.rq", **parameters):
        one = _Party(row.one, row.oneLabel, row.oneCode)
        other = _Party(row.other, row.otherLabel, row.otherCode)
        pact = pairs[one, other].setdefault(row.pact, Standing(row.parties))
        getattr(pact, row.event).append(row.day)
    return dict(pairs)


def _years(pairs: _Pairs, until: date) -> range:
    begun: Iterable[date] = (
        day
        for pacts in pairs.values()
        for pact in pacts.values()
        for day in (*pact.signed, *pact.entered)
        if day <= until
    )
    return range(min(begun, default=until).year, until.year + 1)
