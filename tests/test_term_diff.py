"""What changed between two versions of the ontology."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph_builder.problems import BadInputError
from graph_builder.term_diff import term_diff

ROOT = Path(__file__).resolve().parent.parent
PREFIXES = """@prefix lp: <https://w3id.org/logistics-pacts/ontology#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix v: <https://w3id.org/logistics-pacts/vocabulary/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
OLD = """
lp:Ship a owl:Class ; rdfs:label "ship"@en .
lp:sails a owl:ObjectProperty ; rdfs:range lp:Ship ; skos:definition "Goes by sea."@en .
lp:Code a rdfs:Datatype ; owl:equivalentClass [ a rdfs:Datatype ; owl:onDatatype xsd:string ] .
v:sea\\/red a skos:Concept ; skos:prefLabel "Red Sea"@en .
"""
NEW = """
lp:Code a rdfs:Datatype ; owl:equivalentClass [ owl:onDatatype xsd:string ; a rdfs:Datatype ] .
lp:sails a owl:ObjectProperty , owl:FunctionalProperty ; rdfs:range lp:Ship ; skos:definition "Goes by water."@en .
lp:Ship a owl:Class ; rdfs:label "ship"@en .
lp:Boat a owl:Class ; rdfs:label "boat"@en .
"""


@pytest.fixture
def versions(tmp_path: Path) -> tuple[Path, Path]:
    paths = tmp_path / "old.ttl", tmp_path / "new.ttl"
    for path, text in zip(paths, (OLD, NEW), strict=True):
        path.write_text(PREFIXES + text, encoding="utf-8")
    return paths


def test_terms_are_told_as_added_removed_and_changed(versions: tuple[Path, Path]) -> None:
    found = term_diff(*versions)
    assert found.added == ("Boat",)
    assert found.removed == ("sea/red",)
    assert found.changed == (("sails", ("definition", "type")),)
    assert str(found) == "Added Boat\nRemoved sea/red\nChanged sails: definition, type"


def test_a_version_does_not_differ_from_itself() -> None:
    found = term_diff(ROOT / "ontology", ROOT / "ontology")
    assert str(found) == ""


def test_a_datatype_differs_when_what_it_is_defined_as_differs(versions: tuple[Path, Path]) -> None:
    old, new = versions
    new.write_text(PREFIXES + NEW.replace("owl:onDatatype xsd:string", "owl:onDatatype xsd:token"), encoding="utf-8")
    assert ("Code", ("equivalentClass",)) in term_diff(old, new).changed


def test_a_file_that_is_not_turtle_is_told_with_its_place(versions: tuple[Path, Path]) -> None:
    old, new = versions
    new.write_text("lp:Ship a", encoding="utf-8")
    with pytest.raises(BadInputError, match=r"new\.ttl:1:\d+: not Turtle"):
        term_diff(old, new)
