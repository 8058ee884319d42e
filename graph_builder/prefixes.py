"""The prefixes of every query, page and file, as the ontology's header declares them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox

_SH = "http://www.w3.org/ns/shacl#"


def load_prefixes(folder: Path) -> dict[str, str]:
    """Return prefix → namespace, read from the header of the core ontology alone: it opens the file."""
    core = folder / "logistics-pacts.ttl"
    return declared(_header(quad.triple for quad in ox.parse(path=str(core), format=ox.RdfFormat.TURTLE)))


def declared(triples: Iterable[ox.Triple]) -> dict[str, str]:
    """Return prefix → namespace, sorted, for each sh:declare among the triples."""
    names, spaces = {}, {}
    for s, p, o in triples:
        if isinstance(o, ox.Literal) and p.value == f"{_SH}prefix":
            names[str(s)] = o.value
        elif isinstance(o, ox.Literal) and p.value == f"{_SH}namespace":
            spaces[str(s)] = o.value
    return {names[node]: spaces[node] for node in sorted(names, key=lambda n: names[n])}


def _header(triples: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
    ontology = None
    for triple in triples:
        if isinstance(triple.subject, ox.NamedNode):
            ontology = ontology or triple.subject
            if triple.subject != ontology:
                return
        yield triple
