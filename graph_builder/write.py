"""From sorted lines of N-Triples to the files of dist/."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from graph_builder.adjudicate import Adjudication
from graph_builder.emit import adjudication_iri
from graph_builder.ontology import Ontology
from graph_builder.problems import BadInputError, Problem
from graph_builder.terms import ID, NONE, RDF_TYPE, XSD, lexical, lp, thing
from graph_builder.turtle import header, shortener, turtle

CONTEXT_FILE = "context.jsonld"
SUMS_FILE = "SHA256SUMS"


def write_lines(path: Path, lines: Iterable[str]) -> None:
    """Write lines of N-Triples."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{line}\n" for line in lines)


def write_turtle(path: Path, lines: Iterable[str], prefixes: Mapping[str, str]) -> None:
    """Write sorted lines of N-Triples (RDF 1.2 triple terms included) as Turtle with the project's prefixes."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(header(prefixes))
        file.writelines(turtle(lines, shortener(prefixes)))


def write_trig(path: Path, core: Iterable[str], adjudications: Iterable[Adjudication], ontology: Ontology) -> None:
    """Write the accepted facts as the default graph, and a graph for each source with what it claims."""
    stated: dict[str, set[str]] = {}
    for adjudication in adjudications:
        for claim in adjudication.used:
            predicate, value = _stated(claim.property, claim.value)
            stated.setdefault(thing(claim.source), set()).add(f"{thing(claim.about)} {predicate} {value} .")
    shorten = shortener(ontology.prefixes)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(header(ontology.prefixes))
        file.writelines(turtle(core, shorten))
        for source, lines in sorted(stated.items()):
            file.write(f"{shorten(source)} {{\n")
            file.writelines(turtle(sorted(lines), shorten, indent="  "))
            file.write("}\n")


def _stated(name: str, value: str) -> tuple[str, str]:
    return (lp("lacks"), lp(name)) if value == NONE else (lp(name), value)


def annotated(core: Iterable[str], adjudications: Iterable[Adjudication]) -> list[str]:
    """Return the accepted facts with RDF 1.2 reifiers: each is reified by its adjudication."""
    reifies = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#reifies>"
    extra = set()
    for adjudication in adjudications:
        if adjudication.value is not None:
            predicate, value = _stated(adjudication.property, adjudication.value)
            triple = f"<<( {thing(adjudication.about)} {predicate} {value} )>>"
            extra.add(f"{adjudication_iri(adjudication)} {reifies} {triple} .")
    return sorted({*core, *extra})


# ---------------------------------------------------------------- JSON-LD


def json_context(ontology: Ontology) -> dict[str, Any]:
    """Return the JSON-LD context: keys are relative to the data set, properties bear their plain names."""
    context: dict[str, Any] = {"@version": 1.1, "@base": ID, **ontology.prefixes}
    for name, prop in sorted(ontology.properties.items()):
        if name not in ontology.prefixes:
            context[name] = {"@id": f"lp:{name}", "@type": "@id"} if prop.takes_thing else {"@id": f"lp:{name}"}
    return context


def write_json_ld(path: Path, lines: Iterable[str], ontology: Ontology) -> None:
    """Write sorted lines of N-Triples as JSON-LD, a subject a line, with the context inside the file."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write('{"@context": ' + json.dumps(json_context(ontology), ensure_ascii=False, sort_keys=True))
        file.write(',\n"@graph": [\n')
        for number, node in enumerate(json_nodes(lines, ontology)):
            file.write(",\n" + node if number else node)
        file.write("\n]}\n")


def json_nodes(lines: Iterable[str], ontology: Ontology) -> Iterator[str]:
    """Yield a JSON-LD node object, as text, for each subject of sorted lines of N-Triples."""
    shorten = _shortener(ontology)
    encode = json.JSONEncoder(ensure_ascii=False).encode
    plain = {f"<{p.iri}>": p for name, p in ontology.properties.items() if name not in ontology.prefixes}

    @cache
    def name_of(predicate: str) -> str:
        if predicate == RDF_TYPE:
            return '"@type": '
        return encode(plain[predicate].name if predicate in plain else shorten(predicate[1:-1])) + ": "

    @cache
    def thing_of(term: str) -> str:
        return encode(shorten(term[1:-1]))

    @cache
    def keyed(predicate: str) -> bool:
        return predicate == RDF_TYPE or (predicate in plain and plain[predicate].takes_thing)

    def value_of(term: str, predicate: str) -> str:
        if not term.startswith("<"):
            return encode(_json_literal(term, shorten))
        return thing_of(term) if keyed(predicate) else f'{{"@id": {thing_of(term)}}}'

    last_subject = last_predicate = ""
    node: list[str] = []
    values: list[str] = []

    def end_of_values() -> None:
        if values:
            node.append(", " + name_of(last_predicate) + (values[0] if len(values) == 1 else f"[{', '.join(values)}]"))
            values.clear()

    for line in lines:
        subject, predicate, term = line[:-2].split(" ", 2)
        if subject != last_subject or predicate != last_predicate:
            end_of_values()
            if subject != last_subject:
                if node:
                    yield "".join(node) + "}"
                node = [f'{{"@id": {encode(shorten(subject[1:-1]))}']
                last_subject = subject
            last_predicate = predicate
        values.append(value_of(term, predicate))
    end_of_values()
    if node:
        yield "".join(node) + "}"


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


def _json_literal(term: str, shorten: Callable[[str], str]) -> Any:
    text, tail = lexical(term), term[term.rindex('"') + 1 :]
    if tail.startswith("@"):
        return {"@value": text, "@language": tail[1:]}
    datatype = tail[3:-1]
    if datatype == f"{XSD}boolean":
        return text == "true"
    if datatype == f"{XSD}integer":
        return int(text)
    return {"@value": text, "@type": shorten(datatype)} if datatype else text


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


def write_sums(folder: Path) -> None:
    """Write SHA256SUMS over every file of a folder but the store's, which the engine writes anew each time."""
    sums = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name != SUMS_FILE and not name.startswith("store/"):
            sums.append(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {name}")
    (folder / SUMS_FILE).write_text("\n".join(sums) + "\n", encoding="utf-8", newline="\n")
