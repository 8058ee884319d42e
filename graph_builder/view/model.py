"""The records that a network page is drawn from.

Every text in them is untrusted: the renderer shows it as text and never as markup.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SourceRef:
    """A source as a reader meets it: what it is, who published it, and where it was read."""

    title: str
    publisher: str
    url: str | None = None
    published: str | None = None
    tier: str = ""


@dataclass(frozen=True, slots=True)
class Rival:
    """A value that some sources state and that was not accepted."""

    value: str
    sources: Sequence[SourceRef] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """One accepted value of one property of a node, with the reason, the sources and the rivals.

    An empty value says that no value is accepted. ``value_key`` is the subject key of the value where the
    value is a thing; the page links to it where that thing is a node of the page.
    """

    property: str
    value: str
    value_key: str | None = None
    contested: bool = False
    reason: str = ""
    sources: Sequence[SourceRef] = ()
    rivals: Sequence[Rival] = ()


@dataclass(frozen=True, slots=True)
class Node:
    """A thing in the network. ``id`` is its subject key (pact/relos), ``kind`` the local name of its class.

    ``start`` and ``end`` are xsd:date strings: the first and the last day on which it holds; None is open.
    """

    id: str
    label: str
    kind: str
    contested: bool = False
    start: str | None = None
    end: str | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """A relation between two nodes, named by their ids and read from source to target."""

    source: str
    target: str
    label: str
    contested: bool = False
    start: str | None = None
    end: str | None = None


@dataclass(frozen=True, slots=True)
class NetworkPage:
    """Everything a network page shows.

    ``name`` is the page's file name without its ending, ``details`` gives the facts of a node by its id,
    ``query`` is the SPARQL query that the network was made from, ``as_of`` the day for which it holds.
    """

    name: str
    title: str
    description: str
    nodes: Sequence[Node]
    edges: Sequence[Edge]
    details: Mapping[str, Sequence[Fact]] = field(default_factory=dict)
    query: str = ""
    as_of: str = ""
