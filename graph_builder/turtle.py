"""Sorted lines of N-Triples as Turtle and TriG: grouped by subject, short names, the same bytes every time.

Written here and not by a library because the libraries at hand order prefixes by a random hash or take
twenty times as long; every file is read back by independent parsers in the tests.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache

from graph_builder.nodes import Node, nodes_of
from graph_builder.terms import ID, RDF_TYPE, XSD

_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_/-]*[A-Za-z0-9_])?")
_NATIVE = {
    f"{XSD}boolean": re.compile("true|false"),
    f"{XSD}integer": re.compile("[+-]?[0-9]+"),
    f"{XSD}decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
}

Shorten = Callable[[str], str]


def header(prefixes: Mapping[str, str]) -> str:
    """Return the lines that declare the base and the prefixes."""
    lines = [f"@base <{ID}> .", *(f"@prefix {name}: <{space}> ." for name, space in sorted(prefixes.items()))]
    return "\n".join(lines) + "\n"


def shortener(prefixes: Mapping[str, str]) -> Shorten:
    """Return a function from N-Triples terms to Turtle terms."""
    spaces = sorted(prefixes.items(), key=lambda item: -len(item[1]))
    names = {space: name for name, space in spaces}

    @lru_cache(maxsize=1 << 17)
    def shorten(term: str) -> str:
        if term.startswith('"'):
            return literal(term)
        if term.startswith("_:"):
            return term
        iri = term[1:-1]
        cut = max(iri.rfind("/"), iri.rfind("#")) + 1
        if (name := names.get(iri[:cut])) is not None and _LOCAL.fullmatch(iri, cut):
            return f"{name}:{iri[cut:]}"
        if iri.startswith(ID) and len(iri) > len(ID):
            return f"<{iri[len(ID) :]}>"
        for name, space in spaces:
            if iri.startswith(space) and _LOCAL.fullmatch(local := iri[len(space) :]):
                return f"{name}:" + local.replace("/", "\\/")
        return term

    def literal(term: str) -> str:
        end = term.rindex('"')
        if not term.startswith("^^<", end + 1):
            return term
        datatype = term[end + 4 : -1]
        native = _NATIVE.get(datatype)
        if native and native.fullmatch(term[1:end]):
            return term[1:end]
        return f"{term[: end + 1]}^^{shorten(f'<{datatype}>')}"

    return shorten


def turtle(lines: Iterable[str], shorten: Shorten, indent: str = "") -> Iterator[str]:
    """Yield a Turtle statement for each subject of sorted lines of N-Triples."""
    return (statement(node, shorten, indent) for node in nodes_of(lines))


def statement(node: Node, shorten: Shorten, indent: str = "") -> str:
    """Return a node as a Turtle statement; its predicates keep their order."""
    subject, pairs = node
    between, told, last = f" ;\n{indent}    ", f"{indent}{shorten(subject)} ", ""
    for predicate, value in pairs:
        if predicate == last:
            told += f", {shorten(value)}"
        else:
            name = "a" if predicate == RDF_TYPE else shorten(predicate)
            told += f"{between if last else ''}{name} {shorten(value)}"
            last = predicate
    return told + " .\n"
