"""Plain records of what sources say: the waist through which all input goes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


class Claim(NamedTuple):
    """One value that one source states for one property of one subject.

    ``about`` and ``source`` are subject keys (pact/relos, source/tass-...), ``property`` is a name of the
    ontology, ``value`` is an N-Triples term (see terms).
    """

    about: str
    property: str
    value: str
    source: str
    printed: str | None = None
    locator: str | None = None
    note: str | None = None


class Placing(NamedTuple):
    """What the editors set without a source: a subject's place in the graph. ``value`` is a term."""

    about: str
    property: str
    value: str


class Ruling(NamedTuple):
    """An editor's own choice for a subject and property.

    ``accept`` or ``reject`` is a term; both None means that the editor finds the evidence undecided.
    """

    about: str
    property: str
    accept: str | None
    reject: str | None
    reason: str
    note: str | None


@dataclass
class Facts:
    """Everything that fact files say, checked, in no order that matters.

    ``classes`` gives the class IRI of each subject key; sources are subjects too, of class lp:Source.
    """

    classes: dict[str, str] = field(default_factory=dict)
    placings: list[Placing] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    rulings: list[Ruling] = field(default_factory=list)
