"""Nodes as text, fast: what ``emit`` makes of one claim or adjudication serves for all of the same shape.

A shape tells all that decides which lines a node has and in which order; what is left is filled in. ``emit`` itself
makes the pattern of a shape, from an example with marks where the values go.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from operator import itemgetter
from typing import Any

from graph_builder import edtf
from graph_builder.adjudicate import Adjudication
from graph_builder.emit import adjudication_iri, claim_iri, emit_evidence, emit_subjects
from graph_builder.facts import Claim, Facts, Placing
from graph_builder.nodes import lines_of
from graph_builder.ontology import Ontology
from graph_builder.terms import NONE, RDF_TYPE, lexical, text, thing

#: What a node is made of: its key, its shape, and what is filled in; without a shape, the one part is its text.
Record = tuple[Any, ...]
Shape = tuple[Any, ...]

#: The pieces of a node's text, every other one a gap, and what takes the gaps' content from key and parts.
_Pattern = tuple[list[str], Callable[[Record], tuple[str, ...]]]

_START = len(thing("")) - 1
_FIRST, _LAST = "1001-01-01", "1009-09-09"
_DATES = {(True, True): f"{_FIRST}/{_LAST}", (True, False): f"{_FIRST}/..", (False, True): f"../{_LAST}"}
_MOST = 10_000


def key_of_term(term: str) -> str:
    """Return the key in the IRI term of a thing.

    >>> key_of_term(thing("pact/relos"))
    'pact/relos'
    """
    return term[_START:-1]


def claim_record(claim: Claim, key: str, takes_date: bool) -> Record:
    """Return the record of a claim whose node has the given key."""
    about, name, value, source, *told = claim
    first, last = edtf.bounds(lexical(value)) if takes_date and value != NONE else (None, None)
    if told == [None, None, None]:
        shape = _one("claim", name, value[0], first is not None, last is not None, False, False, False)
        return key, shape, about, source, value, first or "", last or ""
    extra = tuple([text(part)[1:-1] if part else "" for part in told])
    shape = _one("claim", name, value[0], first is not None, last is not None, *map(bool, extra))
    return key, shape, about, source, value, first or "", last or "", *extra


def adjudication_record(a: Adjudication, key: str, names: dict[Claim, str]) -> Record:
    """Return the record of an adjudication by the policy, its claims' keys being ``names``."""
    if len(a.used) == 1:
        used = [names[a.used[0]]]
        places: tuple[int, ...] = (0,) * len(a.accepts)
    else:
        used = sorted({names[claim] for claim in a.used})
        places = tuple(sorted({used.index(names[claim]) for claim in a.accepts}))
    kind = a.value[0] if a.value else ""
    shape = _one("choice", a.property, a.reason, a.contested, a.independent, a.best_tier, kind, len(used), places)
    return key, shape, a.about, a.value or "", *used


@lru_cache(maxsize=_MOST)
def _one(*shape: Any) -> Shape:
    """Return one and the same object for equal shapes, which makes files of records small."""
    return shape


class Templates:
    """The text of nodes, by the patterns of their shapes."""

    def __init__(self, ontology: Ontology) -> None:
        self.ontology = ontology
        self.patterns: dict[tuple[Any, ...], _Pattern] = {}
        example = '"q"'
        self.single = {  # the properties that a value of which is one line: all but dates
            name: lines[0].removesuffix(f"{example} .\n")
            for name, prop in ontology.properties.items()
            if not prop.takes_date and len(lines := self._value_lines(name, example)) == 1
        }
        self.value_lines = lru_cache(maxsize=_MOST)(self._value_lines)

    def text(self, record: Record) -> str:
        """Return the lines of a node."""
        shape = record[1]
        if shape is None:
            return str(record[2])
        pattern = self.patterns.get(shape)
        if pattern is None:
            if len(self.patterns) > _MOST:
                self.patterns.clear()
            pattern = self.patterns[shape] = (
                self._claim(*shape[1:]) if shape[0] == "claim" else self._choice(*shape[1:])
            )
        pieces, fill = pattern
        whole = pieces.copy()
        whole[1::2] = fill(record)
        return "".join(whole)

    def subject(self, key: str, cls: str, values: Iterable[tuple[str, str]]) -> str:
        """Return the lines of a subject: its class, and the values placed and accepted by the names of properties."""
        about = thing(key)
        tails = [f" {RDF_TYPE} <{cls}> .\n"]
        for name, value in values:
            if name in self.single and value != NONE:
                tails.append(f"{self.single[name]}{value} .\n")
            else:
                tails += self.value_lines(name, value)
        if len(tails) > 1:
            tails = sorted(set(tails))
        return about + about.join(tails)

    def _value_lines(self, name: str, value: str) -> tuple[str, ...]:
        """Return what follows the subject in the lines that hold a value, each with its newline."""
        lines = emit_subjects(Facts(placings=[Placing("", name, value)]), self.ontology)
        return tuple(f"{line[_START + 1 :]}\n" for line in lines)

    def _claim(
        self, name: str, kind: str, first: bool, last: bool, printed: bool, locator: bool, note: bool
    ) -> _Pattern:
        value = text(_DATES[first, last]) if first or last else _mark("value", kind)
        extra = (
            mark if told else None for mark, told in (("qprintedq", printed), ("qlocatorq", locator), ("qnoteq", note))
        )
        claim = Claim("qaboutq", name, value, "qsourceq", *extra)
        marks = [claim_iri(claim), "qaboutq", "qsourceq", value, _FIRST, _LAST, "qprintedq", "qlocatorq", "qnoteq"]
        return self._pattern(Adjudication("q", name, None, (claim,), (), None, "q", False, 0, None, None, False), marks)

    def _choice(
        self, name: str, reason: str, contested: bool, independent: int, tier: str | None, kind: str, count: int,
        places: tuple[int, ...],
    ) -> _Pattern:  # fmt: skip
        claims = sorted((Claim("q", name, NONE, f"q{i}") for i in range(count)), key=claim_iri)
        value = _mark("value", kind) if kind else None
        accepts = tuple(claims[i] for i in places)
        a = Adjudication(
            "qaboutq", name, None, tuple(claims), accepts, value, reason, contested, independent, tier, None, False
        )
        marks = [adjudication_iri(a), "qaboutq", value or "qnothingq", *map(claim_iri, claims)]
        return self._pattern(a, marks)

    def _pattern(self, example: Adjudication, marks: list[str]) -> _Pattern:
        """Return the node whose IRI is the first of the marks, cut where marks are, with what fills the gaps."""
        nodes = dict(emit_evidence([example], self.ontology))
        pieces = re.split("(" + "|".join(map(re.escape, marks)) + ")", lines_of((marks[0], nodes[marks[0]])))
        places = [0, *range(2, len(marks) + 1)]  # in a record the shape comes after the key
        order = [places[marks.index(piece)] for piece in pieces[1::2]]
        for place, mark in enumerate(pieces):
            # A key stands within its term; a value is a term.
            if mark.startswith(thing("")[:-1]) and mark in marks:
                pieces[place - 1] += thing("")[:-1]
                pieces[place + 1] = ">" + pieces[place + 1]
        return pieces, itemgetter(*order)


def _mark(name: str, kind: str) -> str:
    return f"<q{name}q>" if kind == "<" else f'"q{name}q"'
