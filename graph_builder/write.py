"""From sorted lines of N-Triples to the files of dist/."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from graph_builder.adjudicate import Adjudication
from graph_builder.emit import adjudication_iri
from graph_builder.nodes import Node, lines_of, nodes_of
from graph_builder.ontology import Ontology
from graph_builder.problems import BadInputError, Problem
from graph_builder.terms import ID, NONE, RDF_TYPE, XSD, lexical, lp, thing
from graph_builder.turtle import Shorten, header, shortener, statement, turtle

CONTEXT_FILE = "context.jsonld"
SUMS_FILE = "SHA256SUMS"

_quoted = json.encoder.encode_basestring

#: A subject, and the Turtle statement that says what is said of it.
Statement = tuple[str, str]


def write_graph(
    folder: Path, nodes: Iterable[Node], ontology: Ontology, shorten: Shorten, apart: tuple[str, ...]
) -> list[Statement]:
    """Write sorted nodes as graph.nt and graph.ttl, and as pacts.ttl those that do not stand apart.

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
            nt.write(lines_of(node))
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


def json_context(ontology: Ontology) -> dict[str, Any]:
    """Return the JSON-LD context: keys are relative to the data set, properties bear their plain names."""
    context: dict[str, Any] = {"@version": 1.1, "@base": ID, **ontology.prefixes}
    for name, prop in sorted(ontology.properties.items()):
        if name not in ontology.prefixes:
            context[name] = {"@id": f"lp:{name}", "@type": "@id"} if prop.takes_thing else {"@id": f"lp:{name}"}
    return context


def json_nodes(lines: Iterable[str], ontology: Ontology) -> Iterator[str]:
    """Yield a JSON-LD node object, as text, for each subject of sorted lines of N-Triples."""
    return map(json_writer(ontology), nodes_of(lines))


def json_writer(ontology: Ontology) -> Callable[[Node], str]:
    """Return a function that gives a node as the text of a JSON-LD node object under ``json_context``."""
    shorten = _shortener(ontology)
    plain = {f"<{p.iri}>": p for name, p in ontology.properties.items() if name not in ontology.prefixes}

    @lru_cache(maxsize=1 << 16)
    def name_of(predicate: str) -> str:
        if predicate == RDF_TYPE:
            return ', "@type": '
        return f", {_quoted(plain[predicate].name if predicate in plain else shorten(predicate[1:-1]))}: "

    @lru_cache(maxsize=1 << 17)
    def value_of(term: str) -> str:
        return _quoted(shorten(term[1:-1])) if term.startswith("<") else _json_literal(term, shorten)

    keyed = {RDF_TYPE, *(predicate for predicate, prop in plain.items() if prop.takes_thing)}

    def json_node(node: Node) -> str:
        subject, pairs = node
        parts = [f'{{"@id": {value_of(subject)}']
        last, values = "", [""]
        for predicate, value in pairs:
            text = value_of(value)
            if value.startswith("<") and predicate not in keyed:
                text = f'{{"@id": {text}}}'
            if predicate == last:
                values.append(text)
            else:
                if len(values) > 1:
                    parts[-1] += f"[{', '.join(values)}]"
                else:
                    parts[-1] += values[0]
                last, values = predicate, [text]
                parts.append(name_of(predicate))
        parts[-1] += f"[{', '.join(values)}]" if len(values) > 1 else values[0]
        return "".join(parts) + "}"

    return json_node


def _shortener(ontology: Ontology) -> Callable[[str], str]:
    spaces = sorted(ontology.prefixes.items(), key=lambda item: -len(item[1]))
    spaces = [(name, space) for name, space in spaces if not space.startswith(ID)]

    def shorten(iri: str) -> str:
        if iri.startswith(ID):
            return iri[len(ID) :]
        for name, space in spaces:
            if iri.startswith(space):
                return f"{name}:{iri[len(space) :]}"
        return iri

    return shorten


def _json_literal(term: str, shorten: Callable[[str], str]) -> str:
    text, tail = lexical(term), term[term.rindex('"') + 1 :]
    if tail.startswith("@"):
        return f'{{"@value": {_quoted(text)}, "@language": {_quoted(tail[1:])}}}'
    datatype = tail[3:-1]
    if datatype == f"{XSD}boolean":
        return "true" if text == "true" else "false"
    if datatype == f"{XSD}integer":
        return str(int(text))
    return f'{{"@value": {_quoted(text)}, "@type": {_quoted(shorten(datatype))}}}' if datatype else _quoted(text)


# ---------------------------------------------------------------- tables, store, sums


def write_tables(folder: Path, queries: Path, store: ox.Store, prefixes: Mapping[str, str]) -> None:
    """Write a CSV file for each query of a folder, under the query's name."""
    for path in sorted(queries.glob("*.rq")):
        try:
            result = store.query(path.read_text(encoding="utf-8"), prefixes=dict(prefixes))
        except SyntaxError as error:
            raise BadInputError([Problem(str(path), error.lineno or 0, error.offset or 0, str(error))]) from None
        if not isinstance(result, ox.QuerySolutions):
            raise BadInputError([Problem(str(path), 1, 1, "is no SELECT query; a table is selected")])
        buffer = io.BytesIO()
        result.serialize(buffer, format=ox.QueryResultsFormat.CSV)
        content = buffer.getvalue().replace(b"\r\n", b"\n")
        (folder / f"{path.stem}.csv").write_bytes(content)


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


def write_sums(folder: Path, known: Mapping[str, str] | None = None) -> None:
    """Write SHA256SUMS over every file of a folder but the store's, which the engine writes anew each time.

    ``known`` gives the sums of files that were measured before.
    """
    known = known or {}
    sums = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name != SUMS_FILE and not name.startswith("store/"):
            sums.append(f"{known.get(name) or hashlib.sha256(path.read_bytes()).hexdigest()}  {name}")
    (folder / SUMS_FILE).write_text("\n".join(sums) + "\n", encoding="utf-8", newline="\n")
