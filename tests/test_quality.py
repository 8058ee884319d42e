"""The quality gates: every check finds what breaks its rule, passes what keeps it, and the ontology passes them all."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest

from graph_builder.locate import home
from graph_builder.ontology import load_ontology
from graph_builder.problems import BadInputError
from graph_builder.quality import (
    BEYOND,
    DEVIATION,
    FAIL,
    PASS,
    check_quality,
    load_checks,
    quality_table,
    references,
    run_checks,
    scored,
)
from graph_builder.terms import LP

ROOT = Path(__file__).resolve().parent.parent
CHECKS = {check.name: check for check in load_checks(ROOT / "queries" / "quality")}
PREFIXES = load_ontology(ROOT / "ontology").prefixes

HEADER = """
@prefix bibo: <http://purl.org/ontology/bibo/> . @prefix vann: <http://purl.org/vocab/vann/> .
@prefix vs: <http://www.w3.org/2003/06/sw-vocab-status/ns#> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix schema: <https://schema.org/> .
@prefix voc: <https://w3id.org/logistics-pacts/vocabulary/> .
@prefix d: <https://w3id.org/logistics-pacts/deviation/> .
"""
#: A small ontology that keeps every rule.
GOOD = """
<https://w3id.org/logistics-pacts/ontology> a owl:Ontology ;
    dcterms:title "T"@en ; dcterms:description "D"@en ; dcterms:creator "C" ; dcterms:contributor "C" ;
    dcterms:publisher "P" ; dcterms:created "2026-11-22" ; dcterms:issued "2026-11-22" ;
    dcterms:source <https://example.org/> ;
    dcterms:bibliographicCitation "B" ; bibo:status "testing" ;
    dcterms:license <https://creativecommons.org/licenses/by/4.0/> ;
    owl:versionIRI <https://w3id.org/logistics-pacts/ontology/0.1.0> ; owl:versionInfo "0.1.0" ;
    vann:preferredNamespacePrefix "lp" ; vann:preferredNamespaceUri "https://w3id.org/logistics-pacts/ontology#" ;
    sh:declare [ sh:prefix "lp" ; sh:namespace "https://w3id.org/logistics-pacts/ontology#" ] .
prov:Entity a owl:Class . skos:Concept a owl:Class . skos:ConceptScheme a owl:Class .
lp:Thing a owl:Class ; rdfs:subClassOf prov:Entity ; rdfs:label "thing"@en , "वस्तु"@hi ;
    skos:definition "An entity that tests need."@en ; vs:term_status "stable" ; lp:since "0.1.0" ;
    owl:disjointWith lp:Event .
lp:Event a owl:Class ; rdfs:subClassOf prov:Entity ; rdfs:label "event"@en , "घटना"@hi ;
    skos:definition "An entity that happens."@en ; vs:term_status "stable" ; lp:since "0.1.0" .
lp:near a owl:ObjectProperty , owl:SymmetricProperty ; rdfs:domain lp:Thing ; rdfs:range lp:Thing ;
    rdfs:label "near"@en , "पास"@hi ;
    skos:definition "A thing that stands close by."@en ; vs:term_status "stable" ; lp:since "0.1.0" .
lp:since a owl:AnnotationProperty ; rdfs:label "since"@en , "से"@hi ;
    skos:definition "The version that brought a term."@en ; vs:term_status "stable" ; lp:since "0.1.0" .
voc:colour a skos:ConceptScheme ; skos:prefLabel "Colours"@en , "रंग"@hi ;
    skos:definition "Kinds of light."@en ; vs:term_status "stable" ; lp:since "0.1.0" .
voc:colour\\/red a skos:Concept ; skos:inScheme voc:colour ;
    skos:prefLabel "red"@en , "लाल"@hi ; skos:definition "The longest light that is seen."@en ;
    vs:term_status "stable" .
skos:inScheme a owl:ObjectProperty .
skos:prefLabel a owl:AnnotationProperty . skos:altLabel a owl:AnnotationProperty .
skos:definition a owl:AnnotationProperty . vs:term_status a owl:AnnotationProperty .
bibo:status a owl:AnnotationProperty .
sh:declare a owl:AnnotationProperty . sh:prefix a owl:AnnotationProperty . sh:namespace a owl:AnnotationProperty .
vann:preferredNamespacePrefix a owl:AnnotationProperty . vann:preferredNamespaceUri a owl:AnnotationProperty .
dcterms:title a owl:AnnotationProperty . dcterms:description a owl:AnnotationProperty .
dcterms:creator a owl:AnnotationProperty . dcterms:contributor a owl:AnnotationProperty .
dcterms:publisher a owl:AnnotationProperty . dcterms:created a owl:AnnotationProperty .
dcterms:issued a owl:AnnotationProperty . dcterms:source a owl:AnnotationProperty .
dcterms:bibliographicCitation a owl:AnnotationProperty . dcterms:license a owl:AnnotationProperty .
dcterms:references a owl:AnnotationProperty . dcterms:identifier a owl:AnnotationProperty .
dcterms:subject a owl:AnnotationProperty .
"""
USED = " ".join(f"<file:///x> dcterms:references lp:{name} ." for name in ("Thing", "Event", "near", "since"))
NEW = (
    'lp:NewThing a owl:Class ; rdfs:subClassOf lp:Thing ; rdfs:label "new thing"@en , "नई वस्तु"@hi ; '
    'skos:definition "A thing that is new."@en ; vs:term_status "stable" ; lp:since "0.1.0"'
)

#: What breaks each check: Turtle to add to the good ontology, or a pair of texts to exchange in it.
BREAKS: dict[str, str | tuple[str, str]] = {
    "and-or-class": 'lp:ShipOrPlane a owl:Class ; rdfs:label "ship or plane"@en .',
    "annotation-whitespace": 'lp:Thing dcterms:description "two  spaces"@en .',
    "annotations-swapped": ("An entity that happens.", "Is."),
    "chain-of-one": "lp:near owl:propertyChainAxiom ( lp:near ) .",
    "concept-label-duplicate": 'voc:colour\\/rot skos:inScheme voc:colour ; skos:prefLabel "red"@en .',
    "concept-outside-scheme": "voc:shape\\/round a skos:Concept ; skos:inScheme voc:colour .",
    "definition-circular": ("An entity that happens.", "An event that happens."),
    "definition-duplicate": ("An entity that happens.", "An entity that tests need."),
    "definition-lowercase": ("An entity that happens.", "an entity that happens"),
    "definition-missing": ('skos:definition "An entity that happens."@en', 'skos:altLabel "happening"@en'),
    "definition-multiple": 'lp:Event skos:definition "Another definition."@en .',
    "definition-without-genus": "lp:Event owl:equivalentClass [ owl:intersectionOf ( [ owl:onProperty lp:near ] ) ] .",
    "deprecated-boolean": 'lp:Event owl:deprecated "true" .',
    "deprecated-in-use": NEW + " . lp:Thing owl:deprecated true .",
    "deprecated-without-heir": "lp:Event owl:deprecated true .",
    "disjointness-missing": ("owl:disjointWith lp:Event", "rdfs:seeAlso lp:Event"),
    "dl-axioms-on-annotations": "lp:since a owl:FunctionalProperty .",
    "dl-class-or-datatype": "lp:Event a rdfs:Datatype .",
    "dl-class-or-property": "lp:Event a owl:ObjectProperty .",
    "dl-datatype-key": "lp:code a owl:DatatypeProperty , owl:InverseFunctionalProperty .",
    "dl-datatypes": "lp:day a owl:DatatypeProperty ; rdfs:range xsd:gYear .",
    "dl-declared": "lp:Event rdfs:subClassOf prov:Activity .",
    "dl-property-kind": "lp:near a owl:DatatypeProperty .",
    "dl-range-kind": "lp:code a owl:DatatypeProperty ; rdfs:range lp:Event .",
    "dl-reserved": "lp:of a owl:ObjectProperty ; rdfs:range rdf:Property .",
    "dl-simple-properties": "lp:within a owl:TransitiveProperty , owl:FunctionalProperty .",
    "dl-subproperty-kind": "lp:code a owl:DatatypeProperty ; rdfs:subPropertyOf dcterms:title .",
    "domain-missing": ("rdfs:domain lp:Thing ;", ""),
    "domain-range-multiple": "lp:near rdfs:range lp:Event .",
    "equivalent-mismatch": "lp:near owl:equivalentProperty lp:by . lp:by rdfs:range lp:Event .",
    "file-extension": ("pacts/ontology> a", "pacts/ontology.ttl> a"),
    "hierarchy-cycle": "lp:Thing rdfs:subClassOf lp:Event . lp:Event rdfs:subClassOf lp:Thing .",
    "inverse-mismatch": "lp:has owl:inverseOf lp:of ; rdfs:range lp:Event . lp:of rdfs:domain lp:Thing .",
    "inverse-missing": (" , owl:SymmetricProperty", ""),
    "inverse-of-itself": "lp:near owl:inverseOf lp:near .",
    "inverse-of-symmetric": "lp:near owl:inverseOf lp:far .",
    "is-relation": "lp:isA a owl:ObjectProperty .",
    "label-duplicate": 'lp:Happening a owl:Class ; rdfs:label "event"@en .',
    "label-formatting": 'lp:Event rdfs:label "event "@de .',
    "label-hindi-missing": (', "घटना"@hi', ""),
    "label-missing": ('"event"@en , ', ""),
    "label-multiple": 'lp:Event rdfs:label "happening"@en .',
    "label-shared": 'lp:event a owl:ObjectProperty ; rdfs:label "event"@en .',
    "licence": ("dcterms:license <https://creativecommons.org/licenses/by/4.0/>", 'dcterms:license "CC BY 4.0"'),
    "licence-resolves": ("https://creativecommons.org/licenses/by/4.0/", "https://example.org/licence"),
    "metadata-detailed": ('dcterms:issued "2026-11-22" ;', ""),
    "metadata-minimum": ('dcterms:title "T"@en ; ', ""),
    "metadata-recommended": ('dcterms:bibliographicCitation "B" ; ', ""),
    "metadata-vocabularies": ("a owl:Ontology ;", "a owl:Ontology . <https://example.org/x>"),
    "miscellaneous-class": "lp:OtherThing a owl:Class .",
    "namespace-hijacked": 'prov:Entity rdfs:label "entity"@en .',
    "namespace-missing": ("vann:preferredNamespaceUri", "vann:preferredNamespacePrefix"),
    "naming-style": "lp:bad_name a owl:ObjectProperty .",
    "obsolete-label-misused": 'lp:Event rdfs:label "obsolete event"@en .',
    "ontology-header": "<https://example.org/second> a owl:Ontology .",
    "persistent-namespace": ("<https://w3id.org/logistics-pacts/ontology> a", "<https://pacts.example.org/ontology> a"),
    "prefix": ('vann:preferredNamespacePrefix "lp"', 'vann:preferredNamespacePrefix "pl"'),
    "provenance-basic": ('dcterms:created "2026-11-22" ; ', ""),
    "provenance-full": ('dcterms:publisher "P" ; ', ""),
    "range-missing": ("rdfs:range lp:Thing ;", ""),
    "self-reference": "lp:Event owl:equivalentClass [ owl:onProperty lp:near ; owl:someValuesFrom lp:Event ] .",
    "several-definitions": "lp:Event owl:equivalentClass prov:Activity , schema:Event .",
    "since-missing": NEW.replace('lp:since "0.1.0"', 'lp:since "first"') + " .",
    "status-missing": NEW.replace('"stable"', '"done"') + " .",
    "superclass-missing": "lp:Alone a owl:Class .",
    "symmetric-mismatch": ("rdfs:domain lp:Thing ; rdfs:range lp:Thing", "rdfs:domain lp:Thing ; rdfs:range lp:Event"),
    "synonym-classes": "lp:Event owl:equivalentClass lp:Happening .",
    "synonym-duplicate": 'lp:Event skos:altLabel "thing"@en .',
    "term-unconnected": "lp:Alone a owl:Class .",
    "term-unused": "lp:Alone a owl:Class .",
    "transitive-mismatch": "lp:in a owl:TransitiveProperty ; rdfs:domain lp:Thing ; rdfs:range lp:Event .",
    "version-iri": ('owl:versionInfo "0.1.0"', 'owl:versionInfo "0.2.0"'),
    "vocabularies-extended": ("rdfs:subClassOf prov:Entity", "rdfs:seeAlso prov:Entity"),
}  # fmt: skip


def results(turtle: str, *names: str) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Run checks over Turtle that needs no prefix lines; return each one's result and what it found."""
    declared = "".join(f"@prefix {prefix}: <{space}> . " for prefix, space in PREFIXES.items())
    store = ox.Store()
    store.load((declared + HEADER + turtle).encode(), format=ox.RdfFormat.TURTLE)
    found = run_checks(store, [CHECKS[name] for name in names or CHECKS], PREFIXES)
    return {finding.check.name: (finding.result, finding.where) for finding in found}


def test_an_ontology_that_keeps_every_rule_passes() -> None:
    found = results(GOOD + USED)
    assert {name: where for name, (result, where) in found.items() if result == FAIL} == {}
    assert {name for name, (result, _) in found.items() if result == BEYOND} == {
        "licence-resolves",
        "metadata-detailed",
    }


def test_every_check_has_a_case() -> None:
    assert set(BREAKS) == set(CHECKS)


@pytest.mark.parametrize("name", BREAKS)
def test_a_check_finds_what_breaks_its_rule(name: str) -> None:
    case = BREAKS[name]
    if isinstance(case, str):
        text = GOOD + USED + case
    else:
        assert case[0] in GOOD
        text = GOOD.replace(*case) + USED
    result, where = results(text, name)[name]
    assert result == FAIL
    assert where


@pytest.mark.parametrize("name", CHECKS)
def test_a_check_says_its_rule_its_kin_and_the_way_to_mend_it(name: str) -> None:
    check = CHECKS[name]
    assert check.summary.endswith(".")
    assert check.fix.endswith(".")
    assert check.same_as


def test_a_recorded_deviation_is_told_with_its_reason_and_only_for_its_terms() -> None:
    case = "lp:OtherThing a owl:Class . lp:OtherEvent a owl:Class ."
    deviation = "d:x dcterms:identifier 'miscellaneous-class' ; dcterms:description 'Because.'@en "
    assert results(GOOD + case + deviation + ".", "miscellaneous-class")["miscellaneous-class"][0] == DEVIATION
    result, where = results(GOOD + case + deviation + "; dcterms:subject lp:OtherEvent .", "miscellaneous-class")[
        "miscellaneous-class"
    ]
    assert result == FAIL
    assert where == ("OtherThing is a class of the rest",)


def test_a_deviation_that_is_no_longer_needed_fails() -> None:
    deviation = "d:x dcterms:identifier 'miscellaneous-class' ; dcterms:description 'Because.'@en ; "
    deviation += "dcterms:subject lp:OtherPact ."
    result, where = results(GOOD + deviation, "miscellaneous-class")["miscellaneous-class"]
    assert result == FAIL
    assert "is not needed" in where[0]


def test_a_broken_check_is_told_with_its_file(tmp_path: Path) -> None:
    (tmp_path / "bad.rq").write_text("#+ summary: X.\nSELECT ?where ?error WHERE { }\n", encoding="utf-8")
    with pytest.raises(BadInputError, match=r"bad\.rq:1:1: needs a header of #\+ lines"):
        load_checks(tmp_path)


def test_a_term_counts_as_used_where_a_fact_a_rule_or_a_query_names_it() -> None:
    ontology = load_ontology(ROOT / "ontology")
    used: dict[str, set[str]] = {}
    for file, _, term in references(ROOT, ontology):
        used.setdefault(term.value.removeprefix(LP), set()).add(file.value.removeprefix("file:///"))
    assert "relos.yaml" in used["covers"]
    assert "10-superclasses.rq" in used["Claim"]
    assert "emit.py" in used["lacks"]


def test_the_ontology_passes_every_check() -> None:
    findings = check_quality(home())
    open_ones = [f"{f.check.name}: {where}" for f in findings if f.result == FAIL for where in f.where[:3]]
    assert not open_ones, "\n" + "\n".join(open_ones)


def test_thirteen_of_the_fifteen_file_tests_of_foops_pass_and_the_table_names_the_two_that_cannot() -> None:
    findings = check_quality(home())
    by_test = scored(findings, "FOOPS")
    assert len(by_test) == 15
    assert [test for test, result in by_test.items() if result not in (PASS, DEVIATION)] == ["OM3", "OM4.2"]
    table = quality_table(findings)
    assert "FOOPS! file tests: 13 of 15 pass; not OM3 (not checkable offline), OM4.2 (not checkable offline)" in table
    assert "needs the network" in table
    assert "a DOI, which only a registry issues" in table


def test_adding_a_property_is_one_edit(tmp_path: Path) -> None:
    """A property that is declared can be used in a fact file, is checked and typed, and can be asked for."""
    from graph_builder.adjudicate import adjudicate
    from graph_builder.emit import emit_accepted
    from graph_builder.read import read_facts

    folder = tmp_path / "ontology"
    shutil.copytree(ROOT / "ontology", folder)
    with (folder / "logistics-pacts.ttl").open("a", encoding="utf-8") as file:
        file.write("lp:berths a owl:DatatypeProperty , owl:FunctionalProperty ; rdfs:range xsd:integer ;\n")
        file.write('    rdfs:label "berths"@en ; skos:definition "How many berths a port has."@en .\n')
    facts = tmp_path / "facts"
    facts.mkdir()
    text = "sources:\n  s: {title: T, publisher: P, published: 2025-02-18, tier: agency, language: en}\n"
    text += "subjects:\n  facility/port: {type: Facility, label: Port, berths: {7: [s]}}\n"
    (facts / "port.yaml").write_text(text, encoding="utf-8")
    ontology = load_ontology(folder)
    records = read_facts(facts, ontology)
    store = ox.Store()
    store.bulk_load(
        "\n".join(emit_accepted(adjudicate(records, ontology), ontology)).encode(), format=ox.RdfFormat.N_TRIPLES
    )
    rows = list(
        store.query("SELECT ?berths WHERE { facility:port lp:berths ?berths }", prefixes=dict(ontology.prefixes))
    )
    assert [row["berths"].value for row in rows] == ["7"]
    (facts / "port.yaml").write_text(text.replace("{7:", "{many:"), encoding="utf-8")
    with pytest.raises(BadInputError, match="many"):
        read_facts(facts, ontology)
