"""The picture of the model and the reference page: borne out by the ontology, and closed to the network."""

from __future__ import annotations

import re
import socket
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from graph_builder import diagram, reference
from graph_builder.ontology import Ontology, load_ontology
from graph_builder.problems import UsageError
from graph_builder.terms import LP

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "ontology"


@pytest.fixture(scope="module")
def ontology() -> Ontology:
    return load_ontology(FOLDER)


@pytest.fixture(scope="module")
def page() -> str:
    """The reference, made while no connection can be opened."""
    pytest.importorskip("pylode", reason="pylode is not installed; it is in the docs extra")

    def refuse(*_: Any, **__: Any) -> Any:
        raise AssertionError("the reference asks the network")

    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex", "sendto"):
            patch.setattr(socket.socket, name, refuse)
        patch.setattr(socket, "getaddrinfo", refuse)
        return reference.reference(FOLDER)


def test_every_edge_of_the_picture_is_in_the_ontology(ontology: Ontology, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(list(diagram.checked(ontology))) == len(diagram.EDGES)
    assert {end for start, _, last in diagram.EDGES for end in (start, last)} == set(diagram.BOXES)
    monkeypatch.setattr(diagram, "EDGES", (("Pact", "holder", "Person"),))
    with pytest.raises(ValueError, match="no property holder from Pact to Person"):
        diagram.svg(ontology)


def test_the_picture_in_the_model_page_is_the_ontologys(ontology: Ontology) -> None:
    text = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
    assert f"```mermaid\n{diagram.mermaid(ontology)}```" in text


def test_the_model_page_names_only_terms_that_exist(ontology: Ontology) -> None:
    text = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
    names = set(re.findall(r"`([A-Za-z]+)`", text)) - {"none"}
    assert {name for name in names if LP + name not in ontology.labels} == set()


def test_the_picture_is_well_formed(ontology: Ontology) -> None:
    root = ElementTree.fromstring(diagram.svg(ontology))  # noqa: S314 - our own text
    texts = {element.text for element in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {"Pact", "SignatoryRole", "covers"} <= texts


def test_the_reference_has_every_term_under_its_own_name(page: str, ontology: Ontology) -> None:
    anchors = re.findall(r'\bid="([^"]+)"', page)
    assert len(anchors) == len(set(anchors))
    terms = {p.name for p in ontology.properties.values()}
    terms |= {iri.removeprefix(LP) for iri in ontology.superclasses if iri.startswith(LP)}
    assert terms - set(anchors) == set()
    assert "<svg" in page


def test_the_reference_loads_nothing(page: str) -> None:
    loads = re.findall(r'<(?:script|img|iframe|source|audio|video)[^>]*\bsrc="([^"]*)"', page)
    loads += [href for href in re.findall(r'<link[^>]*\bhref="([^"]*)"', page) if not href.startswith("data:")]
    assert loads == []
    assert "@import" not in page
    assert "default-src 'none'" in page


def test_the_reference_is_the_same_every_time(page: str, tmp_path: Path) -> None:
    assert reference.write_reference(tmp_path, FOLDER).read_text(encoding="utf-8") == page


def test_without_pylode_the_reference_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reference, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match="pip install 'logistics-pacts\\[docs\\]'"):
        reference.reference(FOLDER)
