"""Nodes as text, fast: what ``emit`` makes of one claim or adjudication serves for all of the same shape.

A shape tells all that decides which lines a node has and in which order; what is left is filled in. ``emit`` itself
makes the pattern of a shape, from an example with marks where the values go.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from graph_builder import edtf
from graph_builder.adjudicate import Adjudication
from graph_builder.emit import adjudication_iri, claim_iri, emit_evidence, emit_subjects
from graph_builder.facts import Claim, Facts, Placing
from graph_builder.nodes import lines_of
from graph_builder.ontology import Ontology
from graph_builder.terms import NONE, RDF_TYPE, lexical, text, thing

#: What a node is made of: its key, its shape, and what is filled in; without a shape, the one part is its text.
Record = tuple[str, tuple[Any, ...] | None, tuple[str, ...]]

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
    extra = tuple([text(part)[1:-1] if part else "" for part in told])
    shape = ("claim", name, value[0], first is not None, last is not None, *map(bool, extra))
    return key, shape, (about, source, value, first or "", last or "", *extra)


def adjudication_record(a: Adjudication, key: str, names: dict[Claim, str]) -> Record:
    """Return the record of an adjudication by the policy, its claims' keys being ``names``."""
    if len(a.used) == 1:
        used = [names[a.used[0]]]
        places: tuple[int, ...] = (0,) * len(a.accepts)
    else:
        used = sorted({names[claim] for claim in a.used})
        places = tuple(sorted({used.index(names[claim]) for claim in a.accepts}))
    kind = a.value[0] if a.value else ""
    shape = ("choice", a.property, a.reason, a.contested, a.independent, a.best_tier, kind, len(used), places)
    return key, shape, (a.about, a.value or "", *used)


class Templates:
    """The text of nodes, by the patterns of their shapes."""

    def __init__(self, ontology: Ontology) -> None:
        self.ontology = ontology
        self.patterns: dict[tuple[Any, ...], str] = {}
        self.value_lines = lru_cache(maxsize=_MOST)(self._value_lines)

    def text(self, record: Record) -> str:
        """Return the lines of a node."""
        key, shape, parts = record
        if shape is None:
            return parts[0]
        pattern = self.patterns.get(shape)
        if pattern is None:
            if len(self.patterns) > _MOST:
                self.patterns.clear()
            pattern = self._claim(*shape[1:]) if shape[0] == "claim" else self._choice(*shape[1:])
            self.patterns[shape] = pattern
        return pattern.format(key, *parts)

    def subject(self, key: str, cls: str, values: set[tuple[str, str]]) -> str:
        """Return the lines of a subject: its class, and the values placed and accepted by the names of properties."""
        about = thing(key)
        tails = {f" {RDF_TYPE} <{cls}> .\n"}
        for name, value in values:
            tails.update(self.value_lines(name, value))
        return about + about.join(sorted(tails))

    def _value_lines(self, name: str, value: str) -> tuple[str, ...]:
        """Return what follows the subject in the lines that hold a value, each with its newline."""
        lines = emit_subjects(Facts(placings=[Placing("", name, value)]), self.ontology)
        return tuple(f"{line[_START + 1 :]}\n" for line in lines)

    def _claim(self, name: str, kind: str, first: bool, last: bool, printed: bool, locator: bool, note: bool) -> str:
        value = text(_DATES[first, last]) if first or last else _mark("value", kind)
        extra = (
            mark if told else None for mark, told in (("qprintedq", printed), ("qlocatorq", locator), ("qnoteq", note))
        )
        claim = Claim("qaboutq", name, value, "qsourceq", *extra)
        marks = {claim_iri(claim): thing("{0}"), value: "{3}", f'"{_FIRST}"': '"{4}"', f'"{_LAST}"': '"{5}"'}
        marks |= {"qaboutq": "{1}", "qsourceq": "{2}", "qprintedq": "{6}", "qlocatorq": "{7}", "qnoteq": "{8}"}
        return self._pattern(Adjudication("q", name, None, (claim,), (), None, "q", False, 0, None, None, False), marks)

    def _choice(
        self, name: str, reason: str, contested: bool, independent: int, tier: str | None, kind: str, count: int,
        places: tuple[int, ...],
    ) -> str:  # fmt: skip
        claims = sorted((Claim("q", name, NONE, f"q{i}") for i in range(count)), key=claim_iri)
        value = _mark("value", kind) if kind else None
        accepts = tuple(claims[i] for i in places)
        a = Adjudication(
            "qaboutq", name, None, tuple(claims), accepts, value, reason, contested, independent, tier, None, False
        )
        marks = {adjudication_iri(a): thing("{0}"), "qaboutq": "{1}", **({value: "{2}"} if value else {})}
        marks |= {claim_iri(claim): thing(f"{{{i}}}") for i, claim in enumerate(claims, 3)}
        return self._pattern(a, marks)

    def _pattern(self, example: Adjudication, marks: dict[str, str]) -> str:
        """Return the node whose IRI is the first of the marks, with places to fill in where the marks are."""
        nodes = dict(emit_evidence([example], self.ontology))
        iri = next(iter(marks))
        pattern = lines_of((iri, nodes[iri])).replace("{", "{{").replace("}", "}}")
        for mark, place in marks.items():
            pattern = pattern.replace(mark, place)
        return pattern


def _mark(name: str, kind: str) -> str:
    return f"<q{name}q>" if kind == "<" else f'"q{name}q"'
