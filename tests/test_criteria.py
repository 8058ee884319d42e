"""The criteria that published data are judged by: the built files meet them, and each one sees what breaks it."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from graph_builder.criteria import SCHEMES, built_files, check_criteria, criteria_table, judge
from graph_builder.describe import PREFIXES
from graph_builder.prefixes import load_prefixes
from graph_builder.problems import UsageError
from graph_builder.quality import BEYOND, FAIL, load_checks, run_checks, scored

from .conftest import ROOT

pytestmark = pytest.mark.xdist_group("site")

CHECKS = {check.name: check for check in load_checks(ROOT / "queries" / "criteria")}
SPACES = {**PREFIXES, **load_prefixes(ROOT / "ontology")}
#: For each criterion, what breaks it; ~ stands for the data set. An update leaves the criteria after it as they were.
BREAKS = {
    "names-are-web-addresses": "INSERT DATA { <urn:x> rdfs:seeAlso <urn:y> }",
    "names-resolve": "INSERT DATA { <http://elsewhere.example/x> a lp:Pact }",
    "names-are-persistent": "INSERT DATA { ~ void:uriSpace \"http://localhost/\" }",
    "every-form": "DELETE DATA { GRAPH <file:///> { pact:relos dcterms:hasFormat <file:///id/pact/relos.nt> } }",
    "thousand-triples": "INSERT DATA { ~ void:triples 999 }",
    "whole-by-dump": "DELETE WHERE { ~ void:dataDump ?dump }",
    "files-are-there": "DELETE WHERE { ?checksum spdx:checksumValue ?value }",
    "open-formats": "INSERT DATA { ~ dcat:distribution <urn:pdf> . <urn:pdf> dcat:mediaType <urn:type/pdf> }",
    "open-licence": "DELETE WHERE { ~ dcterms:license ?licence }",
    "vocabularies-reused": "DELETE WHERE { ~ void:vocabulary <http://www.w3.org/ns/prov#> }",
    "own-terms-mapped": "DELETE WHERE { ?class rdfs:subClassOf ?wider }; DELETE { ?c ?p ?o } WHERE { ?c a owl:Class ; ?p ?o . FILTER(STRENDS(STR(?p), \"Match\")) }",
    "claims-have-sources": "DELETE { ?claim lp:source ?s } WHERE { { SELECT * WHERE { ?claim lp:source ?s } LIMIT 1 } }",
    "build-is-told": "DELETE WHERE { ?build prov:wasAssociatedWith ?software }",
    "described-as-a-whole": "DELETE WHERE { ~ dcat:keyword ?word }",
    "metadata-name-the-data": "DELETE WHERE { ?description foaf:primaryTopic ~ }",
    "well-known": "DELETE WHERE { GRAPH <file:///> { <file:///.well-known/void> dcterms:hasFormat ?file } }",
    "context-is-published": "DELETE WHERE { GRAPH <file:///> { <file:///context.jsonld> dcterms:hasFormat ?file } }",
    "other-access": "DELETE WHERE { ?file dcat:mediaType ?type }",
    "open-endpoint": "INSERT DATA { ~ void:sparqlEndpoint <http://127.0.0.1/> }",
    "in-a-registry": "INSERT DATA { ~ adms:identifier <http://127.0.0.1/> }",
    "everything-is-labelled": "DELETE WHERE { pact:relos rdfs:label ?label }",
    "links-are-grounded": "DELETE { ?m sssom:confidence ?c } WHERE { { SELECT * WHERE { ?m sssom:confidence ?c ; a owl:Axiom } LIMIT 1 } }",
    "linksets-are-counted": "DELETE { ?a skos:exactMatch ?b } WHERE { { SELECT * WHERE { ?a skos:exactMatch ?b } LIMIT 1 } }",
    "fifty-links": "DELETE WHERE { ?a skos:exactMatch ?b }; DELETE WHERE { ?a schema:containedInPlace ?b }",
}  # fmt: skip


def test_the_built_files_meet_what_can_be_met_offline_and_each_criterion_sees_what_breaks_it(site: Path) -> None:
    store = built_files(site)
    findings = judge(store, ROOT)
    assert {f.check.name: f.where for f in findings if f.result == FAIL} == {}
    assert {f.check.name for f in findings if f.result == BEYOND} == {"names-resolve", "open-endpoint", "in-a-registry"}
    told = criteria_table(findings)
    assert "Five stars: 5 of 5 met" in told.splitlines()
    assert "LOD Cloud: 11 of 14 met; not checkable offline: L1, P1, P9" in told.splitlines()
    assert told.count("Needs ") == 3

    assert BREAKS.keys() == CHECKS.keys()
    for name, update in BREAKS.items():
        before, after = _result(store, name), _broken(store, name, update)
        assert (before != FAIL, after) == (True, FAIL), name


def _result(store: ox.Store, name: str) -> str:
    [finding] = run_checks(store, [CHECKS[name]], SPACES)
    return finding.result


def _broken(store: ox.Store, name: str, update: str) -> str:
    text = update.replace("~", "<https://w3id.org/logistics-pacts/id/dataset>")
    store.update(text, prefixes=SPACES)
    return _result(store, name)


def test_every_rule_of_the_lod_cloud_and_the_five_stars_has_a_criterion() -> None:
    named = {name for check in CHECKS.values() for name in check.same_as}
    assert {f"LOD Cloud L{number}" for number in range(1, 6)} <= named
    assert {f"LOD Cloud P{number}" for number in range(1, 10)} <= named
    assert {f"Five stars {number}" for number in range(1, 6)} <= named
    fair = {"F1", "F2", "F3", "F4", "A1", "A1.1", "A2", "I1", "I2", "I3", "R1", "R1.1", "R1.2"}
    assert {f"FAIR {name}" for name in fair} <= named
    assert {name.rpartition(" ")[0] for name in named} == set(SCHEMES)
    assert scored([], "FAIR") == {}


def test_without_pages_there_is_nothing_to_judge(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no pages in .*; write them with: make graph"):
        check_criteria(tmp_path, ROOT)
