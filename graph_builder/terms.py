"""RDF terms as N-Triples text, the form in which the builder carries every value.

A term is a str: ``<iri>`` or ``"text"`` with a language tag or datatype. Equal terms are equal strings, and
sorted lines of them are the same bytes on every run.
"""

from __future__ import annotations

import re

XSD = "http://www.w3.org/2001/XMLSchema#"
RDF_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
RDFS_LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"

LP = "https://w3id.org/logistics-pacts/ontology#"
ID = "https://w3id.org/logistics-pacts/id/"
VOCABULARY = "https://w3id.org/logistics-pacts/vocabulary/"

#: The accepted absence of a value, as a claim states it: ``none`` in a fact file.
NONE = f"<{LP}none>"

# Canonical N-Triples (RDF 1.2 N-Triples, section 4): short escapes where they exist, \u for other controls.
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
_ESCAPED = re.compile(r'["\\\x00-\x1f\x7f]')


def _escape(match: re.Match[str]) -> str:
    return _SHORT.get(match[0]) or f"\\u{ord(match[0]):04X}"


def key_of(iri: str) -> str:
    """Return the short key of an IRI of this data set, or the IRI itself."""
    for base in (ID, VOCABULARY, LP):
        if iri.startswith(base):
            return iri[len(base) :]
    return iri


def lp(name: str) -> str:
    """Return the IRI term of a name of the ontology."""
    return f"<{LP}{name}>"


def thing(key: str) -> str:
    """Return the IRI term of a subject key such as pact/relos."""
    return f"<{ID}{key}>"


def text(value: str, language: str | None = None, datatype: str | None = None) -> str:
    """Return a literal term; without language and datatype it is an xsd:string.

    >>> text('say "hi"', language="en")
    '"say \\\\"hi\\\\""@en'
    """
    quoted = '"' + _ESCAPED.sub(_escape, value) + '"'
    if language:
        return f"{quoted}@{language.lower()}"
    return f"{quoted}^^<{datatype}>" if datatype else quoted


def typed(value: str, datatype: str) -> str:
    """Return a literal term of an XML Schema datatype, named by its local name."""
    return text(value, datatype=XSD + datatype)


_UNESCAPED = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f", '"': '"', "\\": "\\"}
_ESCAPE = re.compile(r"\\(?:u([0-9A-F]{4})|(.))")


def lexical(term: str) -> str:
    """Return what a person reads in a term: the literal's text, a thing's key, or another IRI.

    >>> lexical(thing("pact/relos"))
    'pact/relos'
    """
    if term.startswith("<"):
        return key_of(term[1:-1])
    inner = term[1 : term.rindex('"')]
    if "\\" not in inner:
        return inner
    return _ESCAPE.sub(lambda m: chr(int(m[1], 16)) if m[1] else _UNESCAPED[m[2]], inner)
