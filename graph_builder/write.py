"""From sorted lines of N-Triples to the files of dist/."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from graph_builder.adjudicate import Adjudication
from graph_builder.emit import adjudication_iri
from graph_builder.nodes import Node, lines_of, nodes_of
from graph_builder.ontology import LANGUAGE_TEXT, Ontology, Property
from graph_builder.terms import ID, NONE, RDF_TYPE, XSD, lexical, lp, thing
from graph_builder.turtle import Shorten, header, shortener, statement, turtle

CONTEXT_FILE = "context.jsonld"

_quoted = json.encoder.encode_basestring

#: A subject, and the Turtle statement that says what is said of it.
Statement = tuple[str, str]


def write_graph(
    folder: Path,
    nodes: Iterable[Node],
    told: Mapping[str, str],
    ontology: Ontology,
    shorten: Shorten,
    apart: tuple[str, ...],
) -> list[Statement]:
    """Write sorted nodes as graph.nt and graph.ttl, and as pacts.ttl those that do not stand apart.

    ``told`` holds, by subject, the lines of nodes whose lines are made already.
    ``apart`` gives the beginnings of the subjects that only the whole graph holds: claims, adjudications, sources.
    The statements of pacts.ttl are returned, as other files repeat them.
    """
    core: list[Statement] = []
    names = ("graph.nt", "graph.ttl", "pacts.ttl")
    with ExitStack() as stack:
        nt, ttl, pacts = (
            stack.enter_context((folder / name).open("w", encoding="utf-8", newline="\n")) for name in names
        )
        for file in (ttl, pacts):
            file.write(header(ontology.prefixes))
        for node in nodes:
            nt.write(told.get(node[0]) or lines_of(node))
            text = statement(node, shorten)
            ttl.write(text)
            if not node[0].startswith(apart):
                core.append((node[0], text))
                pacts.write(text)
    return core


def write_linked(folder: Path, nodes: Iterable[Node], ontology: Ontology) -> None:
    """Write sorted nodes as graph.jsonld."""
    json_node = json_writer(ontology)
    with (folder / "graph.jsonld").open("w", encoding="utf-8", newline="\n") as file:
        file.write('{"@context": ' + json.dumps(json_context(ontology), ensure_ascii=False, sort_keys=True))
        before = ',\n"@graph": [\n'
        for node in nodes:
            file.write(before + json_node(node))
            before = ",\n"
        file.write("\n]}\n")


def write_turtle(path: Path, lines: Iterable[str], prefixes: Mapping[str, str]) -> None:
    """Write lines of N-Triples as Turtle with the project's prefixes."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(header(prefixes))
        file.writelines(turtle(sorted(lines), shortener(prefixes)))


def write_trig(
    path: Path, core: Iterable[Statement], adjudications: Iterable[Adjudication], ontology: Ontology, shorten: Shorten
) -> None:
    """Write the accepted facts as the default graph, and a graph for each source with what it claims."""
    stated: dict[str, set[str]] = {}
    for adjudication in adjudications:
        for claim in adjudication.used:
            predicate, value = _stated(claim.property, claim.value)
            stated.setdefault(thing(claim.source), set()).add(f"{thing(claim.about)} {predicate} {value} .")
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(header(ontology.prefixes))
        file.writelines(text for _, text in core)
        for source, lines in sorted(stated.items()):
            file.write(f"{shorten(source)} {{\n")
            file.writelines(turtle(sorted(lines), shorten, indent="  "))
            file.write("}\n")


def write_annotated(
    path: Path, core: Iterable[Statement], adjudications: Iterable[Adjudication], ontology: Ontology, shorten: Shorten
) -> None:
    """Write the accepted facts as RDF 1.2 Turtle: each is reified by its adjudication."""
    reifies = shorten("<http://www.w3.org/1999/02/22-rdf-syntax-ns#reifies>")
    statements = list(core)
    for adjudication in adjudications:
        if adjudication.value is not None:
            predicate, value = _stated(adjudication.property, adjudication.value)
            iri = adjudication_iri(adjudication)
            triple = f"{shorten(thing(adjudication.about))} {shorten(predicate)} {shorten(value)}"
            statements.append((iri, f"{shorten(iri)} {reifies} <<( {triple} )>> .\n"))
    statements.sort()
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(header(ontology.prefixes))
        file.writelines(text for _, text in statements)


def write_context(path: Path, ontology: Ontology) -> None:
    """Write the JSON-LD context that is published beside the data."""
    context = json.dumps({"@context": json_context(ontology)}, indent=2, sort_keys=True, ensure_ascii=False)
    path.write_text(context + "\n", encoding="utf-8", newline="\n")


def _stated(name: str, value: str) -> tuple[str, str]:
    return (lp("lacks"), lp(name)) if value == NONE else (lp(name), value)


# ---------------------------------------------------------------- JSON-LD


#: Words of other vocabularies that bear a plain name: their prefixed name, and how their values are written.
_OUTER = {
    "label": ("rdfs:label", "@en"),
    "exactMatch": ("skos:exactMatch", "@id"),
    "closeMatch": ("skos:closeMatch", "@id"),
    "containedInPlace": ("schema:containedInPlace", "@id"),
}


def json_context(ontology: Ontology) -> dict[str, Any]:
    """Return the JSON-LD context: keys are relative to the data set, words bear their plain names.

    Of each word it says how its values are written, so that most of them are plain texts: as keys, in English
    unless they say otherwise, or of one datatype. ``parts`` and ``adjudications`` hold what belongs to a thing.
    """
    context: dict[str, Any] = {"@version": 1.1, "@base": ID, "id": "@id", "type": "@type"}
    context |= {"parts": "@included", "adjudications": "@included", **_outer_spaces(ontology)}
    for name, (word, written) in _plain_words(ontology).items():
        way = {"@language": "en"} if written == "@en" else {"@type": written} if written else {}
        context[name] = {"@id": word, **way}
    return context


def _outer_spaces(ontology: Ontology) -> dict[str, str]:
    """Return the prefixes but those of the data set itself, whose things are named by their keys."""
    return {name: space for name, space in ontology.prefixes.items() if not space.startswith(ID)}


def _plain_words(ontology: Ontology) -> dict[str, tuple[str, str]]:
    """Return, by plain name, each word's prefixed name and how its values are written, if in one way."""
    words = {name: (f"lp:{name}", _written(prop, ontology)) for name, prop in sorted(ontology.properties.items())}
    return words | _OUTER


def _written(prop: Property, ontology: Ontology) -> str:
    if prop.takes_thing:
        return "@id"
    if prop.range == LANGUAGE_TEXT:
        return "@en"
    wanted = prop.range or ""
    name = (ontology.datatypes[wanted].base if wanted in ontology.datatypes else wanted).removeprefix(XSD)
    return "" if prop.takes_date or name in ("", "string", "boolean", "integer") else f"xsd:{name}"


def linked(lines: str) -> str:
    """Return lines of N-Triples as JSON-LD that needs no context; nameless nodes keep their names."""
    read = ox.parse(lines.encode(), format=ox.RdfFormat.N_TRIPLES)
    return (ox.serialize(read, format=ox.RdfFormat.JSON_LD) or b"").decode() + "\n"


def json_nodes(lines: Iterable[str], ontology: Ontology) -> Iterator[str]:
    """Yield a JSON-LD node object, as text, for each subject of sorted lines of N-Triples."""
    return map(json_writer(ontology), nodes_of(lines))


def json_writer(ontology: Ontology) -> Callable[[Node], str]:
    """Return a function that gives a node as the text of a JSON-LD node object under ``json_context``."""
    members = json_members(ontology)
    return lambda node: f"{{{', '.join(members(node))}}}"


def json_members(ontology: Ontology, named: Callable[[str], str] | None = None) -> Callable[[Node], list[str]]:
    """Return a function that gives the members of a node object, each as the text of its name and value.

    ``named`` gives, for the IRI term of a thing that a node names, the text of an object that stands for it; its
    key stands there unless given.
    """
    shorten = _shortener(ontology)
    spaces = _outer_spaces(ontology)
    plain: dict[str, tuple[str, str]] = {RDF_TYPE: ("type", "@id of a class")}
    for name, (word, written) in _plain_words(ontology).items():
        prefix, _, local = word.partition(":")
        plain[f"<{spaces[prefix]}{local}>"] = (name, written)

    @lru_cache(maxsize=1 << 16)
    def word_of(predicate: str) -> tuple[str, Callable[[str], str]]:
        name, written = plain.get(predicate) or (shorten(predicate[1:-1]), "")
        return f"{_quoted(name)}: ", values_written(written)

    @cache
    def values_written(written: str) -> Callable[[str], str]:
        @lru_cache(maxsize=1 << 17)
        def value_of(term: str) -> str:
            if not term.startswith("<"):
                return _json_literal(term, shorten, written)
            if named and written == "@id":
                return named(term)
            key = _quoted(shorten(term[1:-1]))
            return key if written.startswith("@id") else f'{{"id": {key}}}'

        return value_of

    def members(node: Node) -> list[str]:
        subject, pairs = node
        found = [f'"id": {_quoted(shorten(subject[1:-1]))}']
        last, values, text_of = "", [""], _quoted
        for predicate, value in pairs:
            if predicate == last:
                values.append(text_of(value))
            else:
                found[-1] += f"[{', '.join(values)}]" if len(values) > 1 else values[0]
                name, text_of = word_of(predicate)
                last, values = predicate, [text_of(value)]
                found.append(name)
        found[-1] += f"[{', '.join(values)}]" if len(values) > 1 else values[0]
        return found

    return members


def _shortener(ontology: Ontology) -> Callable[[str], str]:
    spaces = sorted(_outer_spaces(ontology).items(), key=lambda item: -len(item[1]))

    def shorten(iri: str) -> str:
        if iri.startswith(ID):
            return iri[len(ID) :]
        for name, space in spaces:
            if iri.startswith(space):
                return f"{name}:{iri[len(space) :]}"
        return iri

    return shorten


def _json_literal(term: str, shorten: Callable[[str], str], written: str) -> str:
    text, tail = lexical(term), term[term.rindex('"') + 1 :]
    if tail.startswith("@"):
        if tail == written:
            return _quoted(text)
        return f'{{"@value": {_quoted(text)}, "@language": {_quoted(tail[1:])}}}'
    datatype = shorten(tail[3:-1])
    if datatype == "xsd:boolean":
        return "true" if text == "true" else "false"
    if datatype == "xsd:integer":
        return str(int(text))
    if datatype == written:
        return _quoted(text)
    if not datatype:
        return f'{{"@value": {_quoted(text)}}}' if written else _quoted(text)
    return f'{{"@value": {_quoted(text)}, "@type": {_quoted(datatype)}}}'


# ---------------------------------------------------------------- tables, store, sums


def write_claims(path: Path, adjudications: Iterable[Adjudication]) -> None:
    """Write every claim as a row, in the columns in which rows are read."""
    claims = {claim for adjudication in adjudications for claim in adjudication.used}
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("subject", "property", "value", "source", "lang", "printed", "locator", "note"))
        for claim in sorted(claims, key=lambda claim: tuple(part or "" for part in claim)):
            value = "none" if claim.value == NONE else lexical(claim.value)
            _, at, language = claim.value[claim.value.rfind('"') :].partition("@")
            source = claim.source.removeprefix("source/")
            tail = (claim.printed, claim.locator, claim.note)
            rows.writerow((claim.about, claim.property, value, source, language if at else "", *tail))


def copy_files(folder: Path, files: Iterable[Path]) -> tuple[str, ...]:
    """Copy files into a folder, which is made for them, and return their names."""
    names = []
    for path in files:
        folder.mkdir(exist_ok=True)
        (folder / path.name).write_bytes(path.read_bytes())
        names.append(path.name)
    return tuple(names)
