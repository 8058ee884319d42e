"""Nodes as text, fast: what ``emit`` makes of one claim or adjudication serves for all of the same shape.

A shape tells all that decides which lines a node has and in which order; what is left is filled in. ``emit`` itself
makes the pattern of a shape, from an example with marks where the values go.
"""

from __future__ import annotations

import re
from ast import literal_eval
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from graph_builder import edtf
from graph_builder.adjudicate import Adjudication
from graph_builder.emit import adjudication_iri, claim_iri, emit_evidence, emit_subjects
from graph_builder.facts import Claim, Facts, Placing
from graph_builder.nodes import lines_of
from graph_builder.ontology import Ontology
from graph_builder.terms import LP, NONE, RDF_TYPE, lexical, lp, text, thing

#: What a node is made of: its key, its shape, and what is filled in, as bytes; of the shape TEXT, the lines.
Record = tuple[Any, ...]
TEXT = "()"

#: A node's text with places to fill, and what takes that from a record.
_Pattern = tuple[bytes, Callable[[Record], tuple[bytes, ...]]]

_START = len(thing("")) - 1
_FIRST, _LAST = "1001-01-01", "1009-09-09"
_DATES = {(True, True): f"{_FIRST}/{_LAST}", (True, False): f"{_FIRST}/..", (False, True): f"../{_LAST}"}
_PROPERTY = f"{lp('property')} <{LP}"
_MOST = 10_000


def key_of_term(term: str) -> str:
    """Return the key in the IRI term of a thing.

    >>> key_of_term(thing("pact/relos"))
    'pact/relos'
    """
    return term[_START:-1]


@lru_cache(maxsize=_MOST)
def _shape(*parts: Any) -> str:
    return repr(parts)


@lru_cache(maxsize=_MOST)
def _days(value: str) -> tuple[bytes, bytes]:
    first, last = edtf.bounds(lexical(value)) if value != NONE else (None, None)
    return (first or "").encode(), (last or "").encode()


class Templates:
    """The records of nodes, and their text by the patterns of their shapes."""

    def __init__(self, ontology: Ontology) -> None:
        self.ontology = ontology
        self.patterns: dict[str, _Pattern] = {TEXT: (b"%b", itemgetter(2))}
        self.names = {name: name.encode() for name in ontology.properties}
        self.dated = frozenset(name for name, prop in ontology.properties.items() if prop.takes_date)
        example = '"q"'
        self.single = {  # the properties that a value of which is one line: all but dates
            name: lines[0].removesuffix(f"{example} .\n")
            for name in ontology.properties.keys() - self.dated
            if len(lines := self._value_lines(name, example)) == 1
        }
        self.value_lines = lru_cache(maxsize=_MOST)(self._value_lines)

    def claim(self, key: bytes, about: bytes, claim: Sequence[Any]) -> Record:
        """Return the record of a claim, or of what begins as one, about a subject; its node has the given key."""
        _, name, value, source, printed, locator, note = claim[:7]
        first, last = _days(value) if name in self.dated else (b"", b"")
        said = self.names[name], source.encode(), value.encode()
        if not (printed or locator or note):
            return key, _shape("claim", value[0], first != b"", last != b""), about, *said, first, last
        extra = [text(part)[1:-1].encode() if part else b"" for part in (printed, locator, note)]
        shape = _shape("claim", value[0], first != b"", last != b"", *map(bool, extra))
        return key, shape, about, *said, first, last, *extra

    def adjudication(self, a: Adjudication, key: bytes, about: bytes, names: Mapping[Claim, bytes]) -> Record:
        """Return the record of an adjudication by the policy, its claims' keys being ``names``."""
        used = sorted({names[claim] for claim in a.used})
        if len(a.accepts) == len(a.used):
            places = tuple(range(len(used)))
        else:
            places = tuple(sorted({used.index(names[claim]) for claim in a.accepts}))
        kind, tier = a.value[0] if a.value else "", a.best_tier or ""
        shape = _shape("choice", a.reason, a.contested, a.independent, tier != "", kind, len(used), places)
        return key, shape, about, self.names[a.property], (a.value or "").encode(), tier.encode(), *used

    def subject(self, key: str, cls: str, values: Iterable[tuple[str, str]]) -> Record:
        """Return the record of a subject: its class, and the values placed and accepted by the names of properties."""
        about = thing(key)
        tails = [f" {RDF_TYPE} <{cls}> .\n"]
        for name, value in values:
            if (start := self.single.get(name)) and value != NONE:
                tails.append(f"{start}{value} .\n")
            else:
                tails += self.value_lines(name, value)
        if len(tails) > 1:
            tails = sorted(set(tails))
        # Ordered as the whole term is: pact/a> after pact/a/signature> and pact/a1>.
        return f"{key}>".encode(), TEXT, (about + about.join(tails)).encode()

    def text(self, records: Iterable[Record]) -> bytes:
        """Return the lines of nodes, one node after the other."""
        known, make = self.patterns.get, self._make
        return b"".join([(found := known(r[1]) or make(r[1]))[0] % found[1](r) for r in records])

    def _value_lines(self, name: str, value: str) -> tuple[str, ...]:
        """Return what follows the subject in the lines that hold a value, each with its newline."""
        lines = emit_subjects(Facts(placings=[Placing("", name, value)]), self.ontology)
        return tuple(f"{line[_START + 1 :]}\n" for line in lines)

    def _make(self, shape: str) -> _Pattern:
        if len(self.patterns) > _MOST:
            self.patterns.clear()
        kind, *parts = literal_eval(shape)
        pattern = self.patterns[shape] = self._claim(*parts) if kind == "claim" else self._choice(*parts)
        return pattern

    def _claim(
        self, kind: str, first: bool, last: bool, printed: bool = False, locator: bool = False, note: bool = False
    ) -> _Pattern:
        value = text(_DATES[first, last]) if first or last else _mark("value", kind)
        extra = (
            mark if told else None for mark, told in (("qprintedq", printed), ("qlocatorq", locator), ("qnoteq", note))
        )
        name = next(n for n in sorted(self.names) if (n in self.dated) == (first or last))
        claim = Claim("qaboutq", name, value, "qsourceq", *extra)
        a = Adjudication("q", name, None, (claim,), (), None, "q", False, 0, None, None, False)
        marks = [claim_iri(claim), "qaboutq", f"{_PROPERTY}{name}>", "qsourceq", value, _FIRST, _LAST]
        return self._pattern(a, [*marks, "qprintedq", "qlocatorq", "qnoteq"])

    def _choice(
        self, reason: str, contested: bool, independent: int, tier: bool, kind: str, count: int, places: tuple[int, ...]
    ) -> _Pattern:
        name = min(self.names)
        claims = sorted((Claim("q", name, NONE, f"q{i}") for i in range(count)), key=claim_iri)
        value = _mark("value", kind) if kind else None
        accepts = tuple(claims[i] for i in places)
        best = "qtierq" if tier else None
        a = Adjudication(
            "qaboutq", name, None, tuple(claims), accepts, value, reason, contested, independent, best, None, False
        )
        marks = [adjudication_iri(a), "qaboutq", f"{_PROPERTY}{name}>", value or "qnothingq", "qtierq"]
        return self._pattern(a, [*marks, *map(claim_iri, claims)])

    def _pattern(self, example: Adjudication, marks: list[str]) -> _Pattern:
        """Return the node whose IRI is the first of the marks with places where marks are, and what fills them."""
        nodes = dict(emit_evidence([example], self.ontology))
        pieces = re.split("(" + "|".join(map(re.escape, marks)) + ")", lines_of((marks[0], nodes[marks[0]])))
        places = [0, *range(2, len(marks) + 1)]  # in a record the shape comes after the key
        order = [places[marks.index(mark)] for mark in pieces[1::2]]
        form = pieces[0]
        for mark, after in zip(pieces[1::2], pieces[2::2], strict=True):
            # A key and a name stand within their terms; a value is a term.
            base = next((base for base in (_PROPERTY, thing("")[:-1]) if mark.startswith(base)), "")
            form += (f"{base}%b>" if base else "%b") + after.replace("%", "%%")
        return form.encode(), itemgetter(*order)


def _mark(name: str, kind: str) -> str:
    return f"<q{name}q>" if kind == "<" else f'"q{name}q"'
