"""The ontology as the builder uses it: what each property's values are, and which properties take one value.

Everything here is read from ontology/*.ttl; nothing about a single class or property is written in Python.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from graph_builder.prefixes import declared
from graph_builder.problems import BadInputError, Problem
from graph_builder.terms import LP, VOCABULARY, key_of

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_OWL = "http://www.w3.org/2002/07/owl#"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_DOMAIN_INCLUDES = "https://schema.org/domainIncludes"

EDTF = f"{LP}EDTF"
LANGUAGE_TEXT = f"{_RDF}langString"


@dataclass(frozen=True, slots=True)
class Property:
    """What the ontology says of one property; ranges, classes and bounds are IRIs."""

    name: str
    label: str
    range: str | None
    takes_thing: bool
    functional: bool
    placing: bool
    derived: bool
    classes: frozenset[str]
    contradicts: frozenset[str]
    earliest_in: str | None
    latest_in: str | None

    @property
    def iri(self) -> str:
        """Return the property's IRI."""
        return LP + self.name

    @property
    def takes_date(self) -> bool:
        """Tell whether the values are EDTF dates."""
        return self.range == EDTF


@dataclass(frozen=True, slots=True)
class Datatype:
    """A datatype that the ontology defines: values of a base type within facets."""

    label: str
    example: str
    base: str
    pattern: re.Pattern[str] | None
    lowest: Decimal | None
    highest: Decimal | None


@dataclass(frozen=True)
class Ontology:
    """The classes, properties, concepts, datatypes and prefixes that ontology/*.ttl declares."""

    properties: Mapping[str, Property]
    superclasses: Mapping[str, frozenset[str]]
    """IRI of each class → IRIs of it and of all the classes above it."""
    concepts: Mapping[str, str]
    """Key of each vocabulary concept, such as support/petroleum → IRI of its class."""
    broader: Mapping[str, frozenset[str]]
    """Key of each concept → keys of the less exact concepts above it."""
    ranks: Mapping[str, int]
    """Key of each tier → its rank, 1 being nearest to the matter."""
    datatypes: Mapping[str, Datatype]
    """IRI → each datatype that the ontology defines."""
    labels: Mapping[str, str]
    """IRI → English label."""
    prefixes: Mapping[str, str]
    triples: tuple[ox.Triple, ...] = field(repr=False)

    def is_a(self, cls: str, wanted: str) -> bool:
        """Tell whether a class is another, or stands below it."""
        return wanted in self.superclasses.get(cls, ())

    def concepts_of(self, cls: str) -> Mapping[str, str]:
        """Return, for a class of concepts, the short and the whole key of each concept → its whole key."""
        if cls not in self._concepts_of:
            keys = [key for key, own in self.concepts.items() if self.is_a(own, cls)]
            self._concepts_of[cls] = {key.partition("/")[2]: key for key in keys} | {key: key for key in keys}
        return self._concepts_of[cls]

    @cached_property
    def _concepts_of(self) -> dict[str, dict[str, str]]:
        return {}

    @cached_property
    def subject_classes(self) -> tuple[str, ...]:
        """Return the names of the classes that a subject of a fact file can have."""
        made_by_builder = {"Claim", "Adjudication", "Source", "Participation", "Agent"}
        return tuple(
            sorted(
                iri.removeprefix(LP)
                for iri, above in self.superclasses.items()
                if iri.startswith(LP) and f"{_SKOS}Concept" not in above and iri.removeprefix(LP) not in made_by_builder
            )
        )

    @cached_property
    def independent(self) -> tuple[frozenset[str], frozenset[str]]:
        """Return the properties of many values and those of one that no other property contradicts."""
        apart = [prop for prop in self.properties.values() if not prop.contradicts]
        many = frozenset(prop.name for prop in apart if not prop.functional)
        return many, frozenset(prop.name for prop in apart) - many

    def properties_of(self, cls: str) -> list[Property]:
        """Return the properties that make sense on a class, those of every subject included."""
        above = self.superclasses.get(cls, frozenset())
        return [p for p in self.properties.values() if not p.classes or p.classes & above]


def load_ontology(folder: Path) -> Ontology:
    """Read every Turtle file of the ontology folder and of its vocabularies/.

    Raises BadInputError, with the line and column, when a file is not Turtle.
    """
    triples: list[ox.Triple] = []
    for path in sorted(folder.glob("*.ttl")) + sorted(folder.glob("vocabularies/*.ttl")):
        try:
            triples.extend(quad.triple for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE))
        except SyntaxError as error:
            place = Problem(str(path), error.lineno or 0, error.offset or 0, f"not Turtle: {error.msg}")
            raise BadInputError([place]) from None
    return _digest(triples)


def _digest(triples: Iterable[ox.Triple]) -> Ontology:
    triples = tuple(triples)
    values: dict[str, dict[object, list[str]]] = defaultdict(lambda: defaultdict(list))
    for s, p, o in triples:
        if isinstance(o, ox.NamedNode | ox.Literal) and isinstance(p, ox.NamedNode):
            values[p.value][s].append(o.value)
        elif isinstance(p, ox.NamedNode):
            values[p.value][s].append(str(o))
    types = values[f"{_RDF}type"]
    named = {node.value: kinds for node, kinds in types.items() if isinstance(node, ox.NamedNode)}

    def one(predicate: str, subject: str) -> str | None:
        found = values[predicate].get(ox.NamedNode(subject))
        return found[0] if found else None

    labels = {}
    for predicate in (f"{_SKOS}prefLabel", f"{_RDFS}label"):
        for s, p, o in triples:
            if p.value == predicate and isinstance(o, ox.Literal) and o.language in ("en", None):
                labels[s.value] = o.value

    parents = {n.value: v for n, v in values[f"{_RDFS}subClassOf"].items() if isinstance(n, ox.NamedNode)}
    classes = {iri for iri, kinds in named.items() if f"{_OWL}Class" in kinds}
    superclasses = {iri: closure(iri, parents) for iri in classes}

    contradicts: dict[str, set[str]] = defaultdict(set)
    for node, others in values[f"{_OWL}propertyDisjointWith"].items():
        for other in others:
            contradicts[node.value].add(other.removeprefix(LP))  # type: ignore[attr-defined]
            contradicts[other].add(node.value.removeprefix(LP))  # type: ignore[attr-defined]

    properties = {}
    for iri, kinds in named.items():
        takes_thing = f"{_OWL}ObjectProperty" in kinds
        if not iri.startswith(LP) or not (takes_thing or f"{_OWL}DatatypeProperty" in kinds):
            continue
        name = iri.removeprefix(LP)
        properties[name] = Property(
            name=name,
            label=labels.get(iri, name),
            range=one(f"{_RDFS}range", iri),
            takes_thing=takes_thing,
            functional=f"{_OWL}FunctionalProperty" in kinds,
            placing=one(f"{LP}placing", iri) == "true",
            derived=one(f"{LP}derived", iri) == "true",
            classes=frozenset(values[_DOMAIN_INCLUDES].get(ox.NamedNode(iri), ())),
            contradicts=frozenset(contradicts[iri]),
            earliest_in=one(f"{LP}earliestIn", iri),
            latest_in=one(f"{LP}latestIn", iri),
        )

    concepts, ranks = {}, {}
    for iri, kinds in named.items():
        if iri.startswith(VOCABULARY) and f"{_SKOS}ConceptScheme" not in kinds:
            key = iri.removeprefix(VOCABULARY)
            concepts[key] = kinds[0]
            if notation := one(f"{_SKOS}notation", iri):
                ranks[key] = int(notation)

    return Ontology(
        properties=properties,
        superclasses=superclasses,
        concepts=concepts,
        broader=_broader(values[f"{_SKOS}broader"]),
        ranks=ranks,
        datatypes=_datatypes(triples, labels),
        labels=labels,
        prefixes=declared(triples),
        triples=triples,
    )


def closure(start: str, parents: Mapping[str, Iterable[str]]) -> frozenset[str]:
    """Return a node and all that is reached from it by way of its parents."""
    seen: set[str] = set()
    todo = [start]
    while todo:
        iri = todo.pop()
        if iri not in seen:
            seen.add(iri)
            todo.extend(parents.get(iri, ()))
    return frozenset(seen)


def _broader(direct: Mapping[object, list[str]]) -> dict[str, frozenset[str]]:
    parents = {node.value: above for node, above in direct.items() if isinstance(node, ox.NamedNode)}
    return {key_of(iri): frozenset(map(key_of, closure(iri, parents) - {iri})) for iri in parents}


def _datatypes(triples: Iterable[ox.Triple], labels: Mapping[str, str]) -> dict[str, Datatype]:
    """Find every datatype that is defined as a base type within facets."""
    objects = {(str(s), p.value): o for s, p, o in triples}
    found = {}
    for (subject, predicate), definition in objects.items():
        base = objects.get((str(definition), f"{_OWL}onDatatype"))
        if predicate != f"{_OWL}equivalentClass" or not isinstance(base, ox.NamedNode):
            continue
        facets: dict[str, str] = {}
        rest = objects[(str(definition), f"{_OWL}withRestrictions")]
        while str(rest) != f"<{_RDF}nil>":
            facet = str(objects[(str(rest), f"{_RDF}first")])
            facets |= {p: o.value for (s, p), o in objects.items() if s == facet and isinstance(o, ox.Literal)}
            rest = objects[(str(rest), f"{_RDF}rest")]
        pattern, low, high = (facets.get(_XSD + name) for name in ("pattern", "minInclusive", "maxInclusive"))
        iri = subject[1:-1]
        example = objects.get((subject, f"{_SKOS}example"))
        found[iri] = Datatype(
            label=labels.get(iri, key_of(iri)),
            example=example.value if isinstance(example, ox.Literal) else "",
            base=base.value,
            pattern=re.compile(pattern) if pattern else None,
            lowest=Decimal(low) if low else None,
            highest=Decimal(high) if high else None,
        )
    return found
