"""Pages of what has no page of its own: claims, adjudications and mappings; the ontology and its vocabularies.

Each page holds many records, each under an anchor, and has the same forms for machines beside it as a thing has.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import pyoxigraph as ox

from graph_builder.mapping_set import SSSOM
from graph_builder.nodes import Node
from graph_builder.ontology import Ontology
from graph_builder.terms import ID, LP, RDF_TYPE, RDFS_LABEL, VOCABULARY, lexical
from graph_builder.view.addresses import DATASET, INDEX_FILE, ONTOLOGY, QUERIES, address_of, index
from graph_builder.view.archive import Archive, Value
from graph_builder.view.forms import Forms
from graph_builder.view.frame import Frame
from graph_builder.view.things import owned_label

_KINDS = {"claim": "Claims", "adjudication": "Adjudications", "mapping": "Mappings"}
_SILENT = {RDF_TYPE, RDFS_LABEL, "<http://www.w3.org/2004/02/skos/core#prefLabel>"}


_OWL = "http://www.w3.org/2002/07/owl#"
_SOURCE, _PROPERTY, _TARGET = (f"<{_OWL}annotated{name}>" for name in ("Source", "Property", "Target"))
_GROUND = f"<{SSSOM}mapping_justification>"

Shown = tuple[Value, str]
"""A value, and the address of what it names where that is ours."""


Row = tuple[str, str, str, str, str, Value]
"""Anchor; name and address of what it is about; property; value; and the ground: a source, or a reason."""


def record_pages(archive: Archive, frame: Frame, ontology: Ontology, forms: Forms) -> Iterator[tuple[str, str]]:
    """Yield the path below the site's top and the text of each file, and of the table of all names."""
    files: dict[str, list[str]] = defaultdict(list)
    for key in archive.nodes:
        found = address_of(_iri(key))
        if found and key not in archive.things and found.data.removeprefix("id/") not in archive.things:
            files[found.data].append(key)
    files.pop(DATASET, None)
    rows = dict(_evidence(archive, frame))
    for data, keys in sorted(files.items()):
        nodes = [archive.nodes[key] for key in sorted(keys)]
        if data.startswith("id/") and data != QUERIES:
            told = [rows[key] for key in sorted(keys) if key in rows]
            title = _KINDS[data.split("/")[1]]
            yield f"{data}.html", _framed(frame, "evidence.html", title, data, told)
        elif data != QUERIES:
            title = archive.label(data.partition("/")[2]) if data != ONTOLOGY else "Ontology"
            first = sorted(keys, key=lambda key: ("/deviation/" in key, key))  # what is chosen otherwise stands last
            records = [_record(archive, archive.nodes[key], "../" * data.count("/")) for key in first]
            yield f"{data}.html", _framed(frame, "records.html", title, data, records)
        yield from forms.of_lines(data, _ontology_lines(ontology)) if data == ONTOLOGY else forms.of_nodes(data, nodes)
    yield INDEX_FILE, index(map(_iri, archive.nodes))


def _iri(key: str) -> str:
    return key if key.startswith(("http:", "https:")) else ID + key


def _framed(frame: Frame, template: str, title: str, data: str, records: Sequence[object]) -> str:
    return frame.page(template, f"{data}.html", title, file=data.rpartition("/")[2], records=records)


def _evidence(archive: Archive, frame: Frame) -> Iterator[tuple[str, Row]]:
    """Yield the key and the row of each adjudication, claim and mapping."""
    for about, facts in archive.facts.items():
        name, place = owned_label(archive, about), frame.address(about)
        for fact in facts:
            held = fact.value.text if fact.value else "–"
            for key, value, ground in (
                (fact.key, held, Value(fact.reason)),
                *((c.key, c.value.text, Value(c.source.title, c.source.key)) for c in (*fact.backing, *fact.rivals)),
            ):
                yield key, (key.rpartition("/")[2], name, place, fact.label, value, ground)
    for key, (_, pairs) in archive.nodes.items():
        if key.startswith("mapping/"):
            told = {name: lexical(term) for name, term in pairs}
            about = told[_SOURCE]
            row = (owned_label(archive, about), frame.address(about), _local(told[_PROPERTY]), told[_TARGET])
            yield key, (key.rpartition("/")[2], *row, Value(_local(told[_GROUND])))


def _local(iri: str) -> str:
    return iri.rpartition("/")[2].rpartition("#")[2]


def _record(archive: Archive, node: Node, root: str) -> tuple[str, str, str, list[tuple[str, list[Shown]]]]:
    """Return the anchor, name, IRI and rows of a record."""
    subject, pairs = node
    found = address_of(subject[1:-1])
    anchor = found.page.partition("#")[2] if found else ""
    label = archive.label(lexical(subject))
    rows = [
        (_word(archive, name), [_shown(archive, term, root) for _, term in group])
        for name, group in groupby(pairs, key=lambda pair: pair[0])
        if name not in _SILENT
    ]
    name = label if label != lexical(subject) else anchor or _local(subject[1:-1])
    return anchor, name, subject[1:-1], rows


def _word(archive: Archive, predicate: str) -> str:
    iri = predicate[1:-1]
    if iri.startswith(LP):
        return archive.kind_label(iri.removeprefix(LP))
    return re.sub(r"_|(?<=[a-z])(?=[A-Z])", " ", _local(iri)).lower()


def _shown(archive: Archive, term: str, root: str) -> Shown:
    if not term.startswith("<"):
        lang = term[term.rindex('"') + 1 :]
        return Value(lexical(term), lang=lang[1:] if lang.startswith("@") else ""), ""
    iri = term[1:-1]
    found = address_of(iri) if iri.removeprefix(ID) in archive.nodes else None
    return Value(archive.label(lexical(term))), root + found.page if found else ""


def _ontology_lines(ontology: Ontology) -> list[str]:
    """Return the ontology as sorted lines of N-Triples; nameless nodes have names that their content gives."""
    triples = [t for t in ontology.triples if not _is_concept(t.subject)]
    whole = ox.Dataset(ox.Quad(*triple) for triple in triples)
    whole.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(f"{quad.triple} ." for quad in whole)


def _is_concept(node: Any) -> bool:
    return isinstance(node, ox.NamedNode) and node.value.startswith(VOCABULARY)
