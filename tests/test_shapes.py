"""Every example of ontology/examples/ is a test case: a valid one meets every shape, an invalid one breaks one."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pyshacl
import pytest
from rdflib import RDF, SH, BNode, Graph, URIRef

from graph_builder.check import shape_violations
from graph_builder.ontology import load_ontology

ROOT = Path(__file__).resolve().parent.parent
ONTOLOGY = ROOT / "ontology"
SHAPE = "https://w3id.org/logistics-pacts/shapes/"
VALID = sorted((ONTOLOGY / "examples" / "valid").glob("*.ttl"))
INVALID = sorted((ONTOLOGY / "examples" / "invalid").glob("*.ttl"))
HEADER = re.compile(r"# fails: shape:([A-Za-z0-9-]+)\n# [A-Z].*\.\n")


def is_style(path: Path) -> bool:
    """Tell whether an example is about the ontology's own style, and so needs no facts around it."""
    return path.stem.lower().startswith("style-")


def broken(examples: list[Path], shapes: list[str], context: list[Path]) -> dict[Path, set[str]]:
    """Validate all examples at once, each in a namespace of its own; return the shapes that each breaks."""
    data, owner = Graph(), dict[URIRef, Path]()
    for path in context:
        data.parse(path)
    for path in examples:
        example = Graph().parse(path)
        for subject in set(example.subjects()):
            assert isinstance(subject, BNode) or owner.setdefault(subject, path) == path, (
                f"{subject} is in two examples"
            )
        data += example
    shape_graph = Graph()
    for name in shapes:
        shape_graph.parse(ONTOLOGY / "shapes" / f"{name}.ttl")
    _, report, _ = pyshacl.validate(data, shacl_graph=shape_graph, inference="none")
    found: dict[Path, set[str]] = defaultdict(set)
    for violation in report.subjects(RDF.type, SH.ValidationResult):
        focus, shape = report.value(violation, SH.focusNode), report.value(violation, SH.sourceShape)
        found[owner[focus]].add(str(shape).removeprefix(SHAPE))
    return found


@pytest.fixture(scope="module")
def results() -> dict[Path, set[str]]:
    vocabulary = [*sorted(ONTOLOGY.glob("*.ttl")), *sorted(ONTOLOGY.glob("vocabularies/*.ttl"))]
    everything = [*VALID, *INVALID]
    facts = broken([p for p in everything if not is_style(p)], ["facts", "sources"], vocabulary)
    return facts | broken([p for p in everything if is_style(p)], ["style"], [])


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_a_valid_example_meets_every_shape(path: Path, results: dict[Path, set[str]]) -> None:
    assert results.get(path, set()) == set()


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_an_invalid_example_breaks_the_shape_that_it_names_and_no_other(
    path: Path, results: dict[Path, set[str]]
) -> None:
    named = HEADER.match(path.read_text(encoding="utf-8"))
    assert named, "begin with '# fails: shape:Name' and a sentence that says what is wrong"
    assert named[1] == path.stem
    assert results.get(path, set()) == {named[1]}


def shape_graph() -> Graph:
    graph = Graph()
    for path in sorted((ONTOLOGY / "shapes").glob("*.ttl")):
        graph.parse(path)
    return graph


def test_every_rule_has_an_invalid_example() -> None:
    told = {str(s).removeprefix(SHAPE) for s in shape_graph().subjects(SH.message) if isinstance(s, URIRef)}
    assert told == {path.stem for path in INVALID}


def test_every_rule_has_an_iri_and_a_message_for_people() -> None:
    graph = shape_graph()
    for shape in {*graph.objects(None, SH.property), *graph.subjects(SH.path)}:
        if isinstance(shape, BNode):
            pytest.fail(f"a rule has no IRI: {graph.cbd(shape).serialize(format='turtle')}")
        message = str(graph.value(shape, SH.message) or "")
        assert message.endswith("."), f"{shape} has no message that is a sentence"
        assert len(list(graph.subjects(SH.property, shape))) == 1, f"{shape} belongs to no node shape, or to two"


def test_the_graph_meets_every_shape(built: Path) -> None:
    assert shape_violations(built, ONTOLOGY / "shapes") == []


def test_every_shape_names_terms_that_the_ontology_declares() -> None:
    ontology = load_ontology(ONTOLOGY)
    known = {p.iri for p in ontology.properties.values()} | set(ontology.superclasses)
    graph = shape_graph()
    space = "https://w3id.org/logistics-pacts/ontology#"
    used = {str(term) for triple in graph for term in triple if str(term).startswith(space)}
    assert used - known - {f"{space}since"} == set()
