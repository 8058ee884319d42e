"""From records to triples: lines of N-Triples, ready to be sorted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import blake2b

import pyoxigraph as ox

from graph_builder import edtf, terms
from graph_builder.adjudicate import Adjudication
from graph_builder.facts import Claim, Facts, Placing
from graph_builder.nodes import Node
from graph_builder.ontology import Ontology, Property
from graph_builder.terms import NONE, RDF_TYPE, VOCABULARY, lexical, lp, thing, typed

DATASET = f"<{terms.ID}dataset>"


_HASH = blake2b(digest_size=10)


def digest(*parts: str) -> str:
    """Return a short hash that names a claim or an adjudication by what it says."""
    begun = _HASH.copy()
    begun.update("\x1f".join(parts).encode())
    return begun.hexdigest()


def claim_key(
    about: str, name: str, value: str, source: str, printed: str | None = None, locator: str | None = None, *_: object
) -> str:
    """Return the key of a claim: a hash of source, subject, property, value and locator."""
    return f"claim/{digest(source, about, name, value, locator or '')}"


def claim_iri(claim: Claim) -> str:
    """Return the IRI term of a claim."""
    return thing(claim_key(*claim))


def adjudication_key(about: str, name: str, of: str | None) -> str:
    """Return the key of an adjudication: a hash of subject, property and, of many values, the value."""
    return f"adjudication/{digest(about, name, of or '')}"


def adjudication_iri(adjudication: Adjudication) -> str:
    """Return the IRI term of an adjudication."""
    return thing(adjudication_key(*adjudication[:3]))


def emit_ontology(ontology: Ontology) -> Iterator[str]:
    """Yield the ontology and the vocabularies, without the nameless nodes of class expressions."""
    for s, p, o in ontology.triples:
        if isinstance(s, ox.NamedNode) and isinstance(o, ox.NamedNode):
            yield f"<{s.value}> <{p.value}> <{o.value}> ."
        elif isinstance(s, ox.NamedNode) and isinstance(o, ox.Literal):
            yield f"<{s.value}> <{p.value}> {_literal(o)} ."


def _literal(literal: ox.Literal) -> str:
    plain = literal.language is not None or literal.datatype.value == f"{terms.XSD}string"
    return terms.text(literal.value, literal.language, None if plain else literal.datatype.value)


def emit_subjects(facts: Facts, ontology: Ontology, hidden: frozenset[str] = frozenset()) -> Iterator[str]:
    """Yield each subject's class and what the editors set of it; ``hidden`` sources are left out."""
    for key, cls in facts.classes.items():
        if key not in hidden:
            yield f"{thing(key)} {RDF_TYPE} <{cls}> ."
    for placing in facts.placings:
        if placing.about not in hidden:
            yield from _emit_value(placing, ontology.properties[placing.property])


def _emit_value(fact: Placing, prop: Property) -> Iterator[str]:
    about = thing(fact.about)
    if fact.value == NONE:
        yield f"{about} {lp('lacks')} <{prop.iri}> ."
        return
    yield f"{about} <{prop.iri}> {fact.value} ."
    if prop.takes_date:
        yield from _emit_bounds(about, lexical(fact.value), prop.earliest_in, prop.latest_in)


def _emit_bounds(about: str, date: str, earliest_in: str | None, latest_in: str | None) -> Iterator[str]:
    earliest, latest = edtf.bounds(date)
    if earliest and earliest_in:
        yield f"{about} <{earliest_in}> {terms.typed(earliest, 'date')} ."
    if latest and latest_in:
        yield f"{about} <{latest_in}> {terms.typed(latest, 'date')} ."


def emit_accepted(adjudications: Iterable[Adjudication], ontology: Ontology) -> Iterator[str]:
    """Yield the accepted facts: plain triples, one for each adjudication that accepts a value."""
    for adjudication in adjudications:
        if adjudication.value is not None:
            fact = Placing(adjudication.about, adjudication.property, adjudication.value)
            yield from _emit_value(fact, ontology.properties[adjudication.property])


def emit_evidence(adjudications: Iterable[Adjudication], ontology: Ontology) -> list[Node]:
    """Return a node for every claim and every adjudication; claims that differ in their notes alone are one."""
    found: dict[str, list[tuple[str, str]]] = {}
    for iri, pairs in _evidence(adjudications, ontology):
        found[iri] = sorted({*found[iri], *pairs}) if iri in found else pairs
    return list(found.items())


def _evidence(adjudications: Iterable[Adjudication], ontology: Ontology) -> Iterator[Node]:
    names: dict[Claim, str] = {}
    for adjudication in adjudications:
        for claim in adjudication.used:
            if claim not in names:
                names[claim] = claim_iri(claim)
                yield names[claim], _claim_pairs(claim, ontology.properties[claim.property])
        yield adjudication_iri(adjudication), _adjudication_pairs(adjudication, names, ontology)


_NAMES = (
    "about property claimedEntity claimedLiteral source earliest latest printed locator note reason contested byEditor "
    "independentSources used accepts acceptedEntity acceptedLiteral bestTier"
)
_P = {name: lp(name) for name in _NAMES.split()}
_CLAIM, _ADJUDICATION = (RDF_TYPE, lp("Claim")), (RDF_TYPE, lp("Adjudication"))
_TRUTH = {value: typed("true" if value else "false", "boolean") for value in (True, False)}


def _claim_pairs(claim: Claim, prop: Property) -> list[tuple[str, str]]:
    kind = "claimedEntity" if claim.value.startswith("<") else "claimedLiteral"
    pairs = [
        _CLAIM,
        (_P["about"], thing(claim.about)),
        (_P["property"], f"<{prop.iri}>"),
        (_P[kind], claim.value),
        (_P["source"], thing(claim.source)),
    ]
    if prop.takes_date and claim.value != NONE:
        first, last = edtf.bounds(lexical(claim.value))
        pairs += [(_P[n], typed(day, "date")) for n, day in (("earliest", first), ("latest", last)) if day]
    if claim.printed:
        pairs.append((_P["printed"], terms.text(claim.printed)))
    if claim.locator:
        pairs.append((_P["locator"], terms.text(claim.locator)))
    if claim.note:
        pairs.append((_P["note"], terms.text(claim.note, "en")))
    pairs.sort()
    return pairs


def _adjudication_pairs(a: Adjudication, names: dict[Claim, str], ontology: Ontology) -> list[tuple[str, str]]:
    pairs = [
        _ADJUDICATION,
        (_P["about"], thing(a.about)),
        (_P["property"], f"<{ontology.properties[a.property].iri}>"),
        (_P["reason"], f"<{VOCABULARY}{a.reason}>"),
        (_P["contested"], _TRUTH[a.contested]),
        (_P["independentSources"], typed(str(a.independent), "integer")),
        *((_P["used"], name) for name in {names[claim] for claim in a.used}),
        *((_P["accepts"], name) for name in {names[claim] for claim in a.accepts}),
    ]
    if a.by_editor:
        pairs.append((_P["byEditor"], _TRUTH[True]))
    if a.value:
        pairs.append((_P["acceptedEntity" if a.value.startswith("<") else "acceptedLiteral"], a.value))
    if a.best_tier:
        pairs.append((_P["bestTier"], f"<{VOCABULARY}{a.best_tier}>"))
    if a.note:
        pairs.append((_P["note"], terms.text(a.note, "en")))
    pairs.sort()
    return pairs


def emit_dataset(as_of: str, known_by: str | None) -> Iterator[str]:
    """Yield what holds of the graph as a whole: its own date, and the day up to which sources were heard."""
    yield f"{DATASET} {lp('asOf')} {terms.typed(as_of, 'date')} ."
    if known_by:
        yield f"{DATASET} {lp('knownBy')} {terms.typed(known_by, 'date')} ."
