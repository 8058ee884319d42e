"""The shipped queries as data: SHACL SPARQL executables for editors that list examples, and a list for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from graph_builder.present import markdown_cell
from graph_builder.query import ShippedQuery
from graph_builder.terms import ID, RDF_TYPE, RDFS_LABEL, XSD, text

_SH = "http://www.w3.org/ns/shacl#"
_SCHEMA = "https://schema.org/"
_COMMENT = "<http://www.w3.org/2000/01/rdf-schema#comment>"
_PREFIXES = f"<{ID}prefixes>"


def emit_queries(queries: Iterable[ShippedQuery], prefixes: Mapping[str, str]) -> Iterator[str]:
    """Yield N-Triples lines: an executable for each query, and the prefixes that all of them share."""
    for name, space in prefixes.items():
        node = f"<{ID}prefix/{name}>"
        yield f"{_PREFIXES} <{_SH}declare> {node} ."
        yield f"{node} <{_SH}prefix> {text(name)} ."
        yield f"{node} <{_SH}namespace> {text(space, datatype=f'{XSD}anyURI')} ."
    for query in queries:
        node = f"<{ID}query/{query.name}>"
        yield f"{node} {RDF_TYPE} <{_SH}SPARQLExecutable> ."
        yield f"{node} {RDF_TYPE} <{_SH}SPARQLSelectExecutable> ."
        yield f"{node} {RDFS_LABEL} {text(query.name.replace('-', ' '), 'en')} ."
        yield f"{node} {_COMMENT} {text(query.summary, 'en')} ."
        yield f"{node} <{_SH}prefixes> {_PREFIXES} ."
        yield f"{node} <{_SH}select> {text(body(query))} ."
        for tag in query.tags:
            yield f"{node} <{_SCHEMA}keywords> {text(tag)} ."


def body(query: ShippedQuery) -> str:
    """Return a query's text without its header."""
    return "\n".join(line for line in query.text.splitlines() if not line.startswith("#+")).strip() + "\n"


def markdown(queries: Iterable[ShippedQuery], samples: Mapping[str, Sequence[Mapping[str, str]]]) -> str:
    """Return the list of queries for people: what each tells, its parameters and columns, an example and its answer.

    ``samples`` gives the first rows of the example's answer by the name of a query, where they are known.
    """
    parts = ["# Queries\n\nEach runs with `pacts query NAME`, and in any SPARQL editor as it stands.\n"]
    for query in queries:
        number = f" (question {query.question})" if query.question else ""
        parts.append(f"## {query.name}{number}\n\n{query.summary}\n")
        if query.description:
            parts.append(f"{query.description}\n")
        if query.parameters:
            rows = "\n".join(
                f"| `{p.name}` | {p.type}{f' of {p.of}' if p.of else ''} | {p.default or 'needed'} | {p.description} |"
                for p in query.parameters
            )
            parts.append(f"| parameter | type | default | meaning |\n| --- | --- | --- | --- |\n{rows}\n")
        if query.columns:
            rows = "\n".join(f"| `{name}` | {meaning} |" for name, meaning in query.columns.items())
            parts.append(f"| column | meaning |\n| --- | --- |\n{rows}\n")
        if query.example:
            parts.append(f"```console\n$ {query.example}\n```\n")
        if sample := samples.get(query.name):
            lines = [
                list(sample[0]),
                ["---"] * len(sample[0]),
                *([*map(markdown_cell, row.values())] for row in sample),
            ]
            parts.append("".join(f"| {' | '.join(line)} |\n" for line in lines))
    return "\n".join(parts)
