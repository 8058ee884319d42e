"""Why axioms and facts contradict each other, in lines that a person can act on.

A reasoner says that there is a contradiction and not which. The axioms of this ontology are of few kinds, so
that going through them names it: disjoint classes, ranges and domains, single values, disjoint properties.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from itertools import combinations

import pyoxigraph as ox

from graph_builder.ontology import Ontology
from graph_builder.terms import LP, key_of

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_OWL = "http://www.w3.org/2002/07/owl#"
_TYPE = f"{_RDF}type"


def contradictions(ontology: Ontology, triples: Iterable[ox.Triple]) -> tuple[str, ...]:
    """Return a line for each contradiction among the triples, in order; none when none of the known kinds is there."""
    triples = list(triples)
    disjoint = _disjoint_pairs(triples)
    lines = {
        *_empty_classes(ontology, disjoint),
        *_double_natures(ontology, triples, disjoint),
        *_double_values(ontology, triples),
        *_opposed(ontology, triples),
        *_misfits(ontology, triples),
    }
    return tuple(sorted(lines))


def _named(node: object) -> str:
    return node.value if isinstance(node, ox.NamedNode) else str(node)


def _disjoint_pairs(triples: list[ox.Triple]) -> set[frozenset[str]]:
    """Return the pairs of classes that OWL calls disjoint, directly or in a list."""
    objects = {(str(s), p.value): o for s, p, o in triples}
    pairs = {frozenset((_named(s), _named(o))) for s, p, o in triples if p.value == f"{_OWL}disjointWith"}
    for s, p, o in triples:
        if p.value == _TYPE and _named(o) == f"{_OWL}AllDisjointClasses":
            members, rest = list[str](), objects.get((str(s), f"{_OWL}members"))
            while rest is not None and _named(rest) != f"{_RDF}nil":
                members.append(_named(objects[str(rest), f"{_RDF}first"]))
                rest = objects.get((str(rest), f"{_RDF}rest"))
            pairs |= {frozenset(pair) for pair in combinations(members, 2)}
    return pairs


def _clash(ontology: Ontology, disjoint: set[frozenset[str]], one: str, other: str) -> bool:
    """Tell whether two classes stand below two that are disjoint."""
    ones, others = (ontology.superclasses.get(iri, frozenset((iri,))) for iri in (one, other))
    return any(frozenset((a, b)) in disjoint for a in ones for b in others if a != b)


def _empty_classes(ontology: Ontology, disjoint: set[frozenset[str]]) -> Iterator[str]:
    for iri, above in ontology.superclasses.items():
        for one, other in combinations(sorted(above - {iri}), 2):
            if frozenset((one, other)) in disjoint:
                yield f"{key_of(iri)} is below {key_of(one)} and {key_of(other)}, which are disjoint"


def _double_natures(ontology: Ontology, triples: list[ox.Triple], disjoint: set[frozenset[str]]) -> Iterator[str]:
    """Find things that are of two disjoint classes, by what they are said to be and by how they are used."""
    domains = {
        s.value: o.value
        for s, p, o in triples
        if p.value == f"{_RDFS}domain" and isinstance(o, ox.NamedNode) and isinstance(s, ox.NamedNode)
    }
    natures: dict[str, dict[str, str]] = defaultdict(dict)
    for s, p, o in triples:
        if not isinstance(s, ox.NamedNode):
            continue
        prop = ontology.properties.get(p.value.removeprefix(LP))
        if p.value == _TYPE and isinstance(o, ox.NamedNode):
            natures[s.value][o.value] = ""
        elif prop and prop.takes_thing and prop.range and isinstance(o, ox.NamedNode):
            natures[o.value].setdefault(prop.range, f" (by {prop.name} of {key_of(s.value)})")
        if p.value in domains:
            natures[s.value].setdefault(domains[p.value], f" (by having {key_of(p.value)})")
    for iri, found in natures.items():
        exact = [c for c in found if not any(c != d and c in ontology.superclasses.get(d, ()) for d in found)]
        for one, other in combinations(sorted(exact, key=lambda c: (found[c], c)), 2):
            if _clash(ontology, disjoint, one, other):
                first, second = (f"a {key_of(c)}{found[c]}" for c in (one, other))
                yield f"{key_of(iri)} is {first} and {second}, which are disjoint"


def _double_values(ontology: Ontology, triples: list[ox.Triple]) -> Iterator[str]:
    values: dict[tuple[str, str], set[str]] = defaultdict(set)
    for s, p, o in triples:
        prop = ontology.properties.get(p.value.removeprefix(LP))
        if prop and prop.functional and p.value == prop.iri:
            values[_named(s), prop.name].add(key_of(_named(o)) if isinstance(o, ox.NamedNode) else str(o))
    for (about, name), found in values.items():
        if len(found) > 1:
            yield f"{key_of(about)} has {len(found)} values of {name}, which takes one: {', '.join(sorted(found))}"


def _opposed(ontology: Ontology, triples: list[ox.Triple]) -> Iterator[str]:
    said = {(_named(s), p.value, str(o)) for s, p, o in triples}
    for s, p, o in triples:
        prop = ontology.properties.get(p.value.removeprefix(LP))
        if prop is None or p.value != prop.iri:
            continue
        for other in prop.contradicts:
            if prop.name < other and (_named(s), LP + other, str(o)) in said:
                yield f"{key_of(_named(s))} {prop.name} and {other} {key_of(_named(o))}, which contradict each other"


def _misfits(ontology: Ontology, triples: list[ox.Triple]) -> Iterator[str]:
    """Find texts and numbers outside the datatype that the ontology defines for their property."""
    for s, p, o in triples:
        prop = ontology.properties.get(p.value.removeprefix(LP))
        if prop is None or p.value != prop.iri or not isinstance(o, ox.Literal):
            continue
        kind = ontology.datatypes.get(prop.range or "")
        if kind is None:
            continue
        if kind.pattern and not kind.pattern.fullmatch(o.value):
            fits = False
        elif kind.lowest is not None or kind.highest is not None:
            fits = _within(o.value, kind.lowest, kind.highest)
        else:
            continue
        if not fits:
            yield f"{key_of(_named(s))} has the {prop.name} {o.value!r}, which is no {kind.label}"


def _within(value: str, lowest: Decimal | None, highest: Decimal | None) -> bool:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return False
    return (lowest is None or number >= lowest) and (highest is None or number <= highest)
