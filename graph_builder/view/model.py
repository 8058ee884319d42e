"""The records that a network page is drawn from.

Every text in them is untrusted: the renderer shows it as text and never as markup.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SourceRef:
    """A source as a reader meets it: what it is, who published it, and where it was read.

    ``id`` is its subject key, by which a page on which the source is a node finds what it states.
    """

    title: str
    publisher: str
    url: str | None = None
    published: str | None = None
    tier: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Rival:
    """A value that some sources state and that was not accepted."""

    value: str
    sources: Sequence[SourceRef] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """One accepted value of one property of a node, with the reason, the sources and the rivals.

    An empty value says that no value is accepted. ``value_key`` is the subject key of the value where the
    value is a thing; the page links to it where that thing is a node of the page. ``word`` says that its values are
    words of a vocabulary, which pages put into other languages.
    """

    property: str
    value: str
    value_key: str | None = None
    contested: bool = False
    reason: str = ""
    sources: Sequence[SourceRef] = ()
    rivals: Sequence[Rival] = ()
    word: bool = False


@dataclass(frozen=True, slots=True)
class PactRef:
    """A pact that edges rest on: what it is, and where it stood on every day.

    ``kind`` is the local name of its class, ``status`` the last part of its status now (in-force), ``parties`` the
    keys of its parties by their names. ``changes`` gives the day (xsd:date) and the status of every dated change,
    in order; it is empty where no source dates any. ``href`` is the address of a page about the pact.
    """

    id: str
    label: str
    kind: str
    status: str
    parties: Mapping[str, str] = field(default_factory=dict)
    changes: Sequence[tuple[str, str]] = ()
    contested: bool = False
    href: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """A thing in the network. ``id`` is its subject key (pact/relos), ``kind`` the local name of its class.

    ``start`` and ``end`` are xsd:date strings: the first and the last day on which it holds; None is open.
    ``href`` is the address of a page about it.
    """

    id: str
    label: str
    kind: str
    contested: bool = False
    start: str | None = None
    end: str | None = None
    href: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """A relation between two nodes, named by their ids and read from source to target.

    ``pacts`` are the ids of the page's pacts that it rests on: it holds while one of them does. ``about`` are the
    subject keys whose facts say what it is. ``aside`` edges only place a thing: they are drawn thin whatever their
    status.
    """

    source: str
    target: str
    label: str
    contested: bool = False
    start: str | None = None
    end: str | None = None
    pacts: Sequence[str] = ()
    about: Sequence[str] = ()
    aside: bool = False


@dataclass(frozen=True, slots=True)
class NetworkPage:
    """Everything a network page shows.

    ``name`` is the page's file name without its ending, ``details`` gives the facts of a node, or of a subject that
    an edge is about, by its key, ``query`` is the SPARQL query that the network was made from, ``as_of`` the day for
    which it holds. ``by_status`` says that edges are drawn by the status of their pacts, and that those that ended
    are left out until they are asked for; ``directed`` that edges have arrows. ``hindi`` may give the title and the
    description in Hindi.
    """

    name: str
    title: str
    description: str
    nodes: Sequence[Node]
    edges: Sequence[Edge]
    details: Mapping[str, Sequence[Fact]] = field(default_factory=dict)
    query: str = ""
    as_of: str = ""
    pacts: Sequence[PactRef] = ()
    by_status: bool = False
    directed: bool = True
    hindi: Mapping[str, str] = field(default_factory=dict)
