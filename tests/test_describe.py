"""The description of the data set: every number in it is asked of the graph and of the files again."""

from __future__ import annotations

import hashlib
import importlib.util
import json
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.namespace import PROV, RDF, VOID

import graph_builder
from graph_builder.describe import BASE, DATA, WELL_KNOWN

DATASET = rdflib.URIRef(f"{BASE}/id/dataset")
DCAT = rdflib.Namespace("http://www.w3.org/ns/dcat#")
SPDX = rdflib.Namespace("http://spdx.org/rdf/terms#")
ID = f"{BASE}/id/"


@pytest.fixture(scope="module")
def told(built: Path) -> rdflib.Graph:
    """Return the description, read by a parser that is not ours."""
    return rdflib.Graph().parse(built / "void.ttl", format="turtle")


@pytest.fixture(scope="module")
def store(built: Path) -> ox.Store:
    return ox.Store.read_only(str(built / "store"))


def count(store: ox.Store, pattern: str, counted: str = "*") -> int:
    rows: Any = store.query(f"SELECT (COUNT({counted}) AS ?n) WHERE {{ {pattern} }}")
    return int(next(iter(rows))["n"].value)


def number(told: rdflib.Graph, about: rdflib.term.Node, predicate: rdflib.URIRef) -> int:
    [value] = told.objects(about, predicate)
    assert isinstance(value, rdflib.Literal)
    return int(value)


def test_the_totals_are_those_of_the_graph(told: rdflib.Graph, store: ox.Store) -> None:
    wanted = {
        VOID.triples: count(store, "?s ?p ?o"),
        VOID.distinctSubjects: count(store, "?s ?p ?o", "DISTINCT ?s"),
        VOID.distinctObjects: count(store, "?s ?p ?o", "DISTINCT ?o"),
        VOID.properties: count(store, "?s ?p ?o", "DISTINCT ?p"),
        VOID.classes: count(store, "?s a ?o", "DISTINCT ?o"),
        VOID.entities: count(store, f'?s ?p ?o FILTER(STRSTARTS(STR(?s), "{ID}"))', "DISTINCT ?s"),
    }
    assert {predicate: number(told, DATASET, predicate) for predicate in wanted} == wanted


def test_the_partitions_are_those_of_the_graph(told: rdflib.Graph, store: ox.Store) -> None:
    for kind, part_of, total, pattern in (
        (VOID["class"], VOID.classPartition, VOID.entities, "?s a ?part"),
        (VOID.property, VOID.propertyPartition, VOID.triples, "?s ?part ?o"),
    ):
        rows: Any = store.query(f"SELECT ?part (COUNT(*) AS ?n) WHERE {{ {pattern} }} GROUP BY ?part")
        counted = {row["part"].value: int(row["n"].value) for row in rows}
        parts = list(told.objects(DATASET, part_of))
        assert {str(told.value(part, kind)): number(told, part, total) for part in parts} == counted
        assert len(set(parts)) == len(parts) == len(counted)


def test_every_linkset_counts_its_links(told: rdflib.Graph, store: ox.Store) -> None:
    linksets = list(told.subjects(RDF.type, VOID.Linkset))
    assert len(linksets) >= 10
    for linkset in linksets:
        assert told.value(linkset, VOID.subjectsTarget) == DATASET
        target = told.value(linkset, VOID.objectsTarget)
        base, predicate = told.value(target, VOID.uriSpace), told.value(linkset, VOID.linkPredicate)
        pattern = f'?s <{predicate}> ?o FILTER(STRSTARTS(STR(?o), "{base}") && STRSTARTS(STR(?s), "{ID}"))'
        assert number(told, linkset, VOID.triples) == count(store, pattern) > 0
    mapped = count(store, "?m a <http://www.w3.org/2002/07/owl#Axiom> , <https://w3id.org/sssom/Mapping>")
    assert sum(number(told, linkset, VOID.triples) for linkset in linksets) == mapped


def test_every_distribution_is_the_file_it_says(told: rdflib.Graph, built: Path) -> None:
    distributions = list(told.objects(DATASET, DCAT.distribution))
    named = set()
    for distribution in distributions:
        name = str(told.value(distribution, DCAT.downloadURL)).removeprefix(DATA)
        named.add(name)
        content = (built / name).read_bytes()
        assert number(told, distribution, DCAT.byteSize) == len(content)
        checksum = told.value(distribution, SPDX.checksum)
        assert str(told.value(checksum, SPDX.checksumValue)) == hashlib.sha256(content).hexdigest()
        assert str(told.value(distribution, DCAT.mediaType)).startswith("https://www.iana.org/assignments/media-types/")
    assert {"graph.nt", "graph.ttl", "graph.jsonld", "pacts.ttl", "mappings/wikidata.sssom.tsv"} <= named
    for dump in told.objects(DATASET, VOID.dataDump):
        assert str(dump).removeprefix(DATA) in named


def test_the_examples_and_the_vocabularies_are_in_the_graph(told: rdflib.Graph, store: ox.Store) -> None:
    for example in told.objects(DATASET, VOID.exampleResource):
        assert count(store, f"<{example}> ?p ?o") > 0
    used: Any = store.query("SELECT DISTINCT ?t WHERE { { ?s ?t ?o } UNION { ?s a ?t } }")
    terms = [row["t"].value for row in used]
    for space in told.objects(DATASET, VOID.vocabulary):
        assert any(term.startswith(str(space)) for term in terms), space


def test_it_says_what_made_it_and_not_when(told: rdflib.Graph, built: Path) -> None:
    activity = told.value(DATASET, PROV.wasGeneratedBy)
    software = told.value(activity, PROV.wasAssociatedWith)
    inputs = json.loads((built / "build.json").read_text(encoding="utf-8"))["inputs"]
    assert str(told.value(told.value(activity, PROV.used), rdflib.DCTERMS.identifier)) == f"sha256:{inputs}"
    assert str(told.value(software, rdflib.SDO.softwareVersion)) == graph_builder.__version__
    assert not list(told.subject_objects(PROV.startedAtTime)) + list(told.subject_objects(PROV.endedAtTime))
    assert not any(isinstance(term, rdflib.BNode) for triple in told for term in triple)


def test_the_well_known_place_holds_the_same_bytes(built: Path) -> None:
    assert (built / WELL_KNOWN).read_bytes() == (built / "void.ttl").read_bytes()


def test_the_description_for_search_engines_says_the_same(told: rdflib.Graph, built: Path) -> None:
    page = json.loads((built / "dataset.jsonld").read_text(encoding="utf-8"))
    assert page["@type"] == "Dataset"
    assert page["@id"] == str(DATASET)
    files = {entry["contentUrl"]: entry["sha256"] for entry in page["distribution"]}
    for distribution in told.objects(DATASET, DCAT.distribution):
        address = str(told.value(distribution, DCAT.downloadURL))
        assert files.pop(address) == str(told.value(told.value(distribution, SPDX.checksum), SPDX.checksumValue))
    assert not files


@pytest.mark.skipif(not importlib.util.find_spec("pyld"), reason="pyld is not installed")
def test_an_independent_processor_reads_it(built: Path) -> None:
    from pyld import jsonld  # type: ignore[import-not-found,import-untyped,unused-ignore]

    def loader(address: str, _: object) -> dict[str, Any]:
        assert address == "https://schema.org/"  # the context of schema.org, without the network
        context = {"@context": {"@vocab": "https://schema.org/", "url": {"@type": "@id"}}}
        return {"contextUrl": None, "documentUrl": address, "document": context}

    page = json.loads((built / "dataset.jsonld").read_text(encoding="utf-8"))
    [node] = [n for n in jsonld.flatten(page, options={"documentLoader": loader}) if n["@id"] == str(DATASET)]
    assert node["@type"] == ["https://schema.org/Dataset"]
    assert len(node["https://schema.org/distribution"]) == len(page["distribution"])
