"""From the text of a value to a term, as the ontology says what a property's values are."""

from __future__ import annotations

import re
from decimal import Decimal

from graph_builder import edtf, terms
from graph_builder.ontology import LANGUAGE_TEXT, Ontology, Property
from graph_builder.problems import did_you_mean, printable
from graph_builder.terms import VOCABULARY, XSD

RDF_PROPERTY = "http://www.w3.org/1999/02/22-rdf-syntax-ns#Property"
CONCEPT = "http://www.w3.org/2004/02/skos/core#Concept"

_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*(?:/[a-z0-9]+(?:-[a-z0-9]+)*)*")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_ADDRESS = re.compile(r"https?://[^\s<>\"\x00-\x20]+")
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_DECIMAL = re.compile(r"[+-]?[0-9]{1,18}(?:\.[0-9]{1,18})?")
LONGEST_TEXT = 20_000


def is_key(text: str) -> bool:
    """Tell whether a text is written as a subject key: lower-case words joined by - and parts joined by /."""
    return bool(_KEY.fullmatch(text))


def to_term(text: str, prop: Property, ontology: Ontology, language: str | None = None) -> str:
    """Return the term of a value; ``none`` is the confirmed absence.

    A key of a thing becomes its IRI without a check that the thing exists (see ``read``); a key of a concept
    must be in a vocabulary. Raises ValueError with one line that says what would be right.
    """
    if text == "none" and not prop.placing:
        return terms.NONE
    if prop.takes_thing:
        return _thing_term(text, prop, ontology)
    if language and prop.range != LANGUAGE_TEXT:
        raise ValueError(f"{prop.name} takes no lang; leave it out")
    return _literal_term(text, prop, ontology, language)


def _thing_term(text: str, prop: Property, ontology: Ontology) -> str:
    if prop.range == RDF_PROPERTY:
        if text not in ontology.properties:
            raise ValueError(f"{printable(text)!r} is no property{did_you_mean(text, ontology.properties)}")
        return terms.lp(text)
    if not is_key(text):
        wanted = "a key of lower-case words such as place/moscow"
        raise ValueError(f"{printable(text)!r} is not a key; {prop.name} takes {wanted}")
    if text in ontology.concepts:
        cls = ontology.concepts[text]
        if prop.range and not ontology.is_a(cls, prop.range):
            kind, wanted = ontology.labels.get(cls, cls), ontology.labels.get(prop.range, prop.range)
            raise ValueError(f"{text} is a {kind}; {prop.name} takes a {wanted}")
        return f"<{VOCABULARY}{text}>"
    if prop.range and ontology.is_a(prop.range, CONCEPT):
        known = ontology.concepts_of(prop.range)
        if text in known:
            return f"<{VOCABULARY}{known[text]}>"
        guess = did_you_mean(text, known) or f"; {prop.name} takes one of {', '.join(sorted(known)[:6])} …"
        raise ValueError(f"{printable(text)} is in no vocabulary{guess}")
    return terms.thing(text)


def _literal_term(text: str, prop: Property, ontology: Ontology, language: str | None) -> str:
    wanted = prop.range or f"{XSD}string"
    if len(text) > LONGEST_TEXT:
        raise ValueError(f"a text of {len(text):,} characters; {LONGEST_TEXT:,} at most")
    if not text.strip():
        raise ValueError(f"{prop.name} has an empty value; write it, or leave the line out")
    if prop.takes_date:
        edtf.bounds(text)
        return terms.text(text)
    if datatype := ontology.datatypes.get(wanted):
        if datatype.pattern and not datatype.pattern.fullmatch(text):
            raise ValueError(f"{printable(text)!r} is no {datatype.label}; write it as in {datatype.example}")
        term = _xsd_term(text, datatype.base)
        low, high = datatype.lowest, datatype.highest
        if (low is not None and Decimal(text) < low) or (high is not None and Decimal(text) > high):
            raise ValueError(f"{text} is no {datatype.label}; it lies between {low} and {high}")
        return term
    if wanted == LANGUAGE_TEXT:
        tag = language or "en"
        if not _LANGUAGE.fullmatch(tag):
            raise ValueError(f"{printable(tag)!r} is no language tag; write one such as en, hi or ru")
        return terms.text(text, language=tag)
    return _xsd_term(text, wanted)


def _xsd_term(text: str, wanted: str) -> str:
    name = wanted.removeprefix(XSD)
    if name == "boolean":
        if text not in ("true", "false"):
            raise ValueError(f"{printable(text)!r} is neither true nor false")
        return terms.typed(text, name)
    if name == "integer":
        if not _INTEGER.fullmatch(text):
            raise ValueError(f"{printable(text)!r} is no whole number; write digits only, such as 3000")
        return terms.typed(str(int(text)), name)
    if name == "decimal":
        if not _DECIMAL.fullmatch(text):
            raise ValueError(f"{printable(text)!r} is no decimal number; write it such as 68.98333")
        return terms.typed(format(Decimal(text).normalize(), "f"), name)  # canonical, as stores write it
    if name == "anyURI":
        if not _ADDRESS.fullmatch(text):
            raise ValueError(
                f"{printable(text)!r} is no web address; write it whole, from http:// or https://, without spaces"
            )
        return terms.typed(text, name)
    if name == "language":
        if not _LANGUAGE.fullmatch(text):
            raise ValueError(f"{printable(text)!r} is no language tag; write one such as en, hi or ru")
        return terms.typed(text.lower(), name)
    return terms.text(text)
