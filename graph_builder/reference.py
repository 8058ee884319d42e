"""The reference of the ontology as one HTML page, made by pyLODE and the class diagram; it loads nothing."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from graph_builder.diagram import svg
from graph_builder.ontology import load_ontology
from graph_builder.problems import UsageError
from graph_builder.terms import LP

REFERENCE_FILE = "reference.html"
_POLICY = (
    '<meta http-equiv="Content-Security-Policy" '
    "content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">"
)
_CLASSES = '<div class="section" id="classes">'


def write_reference(folder: Path, ontology_folder: Path) -> Path:
    """Write reference.html into a folder and return its path; the same bytes for the same ontology.

    Raises UsageError when pyLODE is not installed.
    """
    path = folder / REFERENCE_FILE
    path.write_text(reference(ontology_folder), encoding="utf-8", newline="\n")
    return path


def reference(ontology_folder: Path) -> str:
    """Return the page. Terms have the anchors of their own names: reference.html#Pact."""
    if find_spec("pylode") is None:
        raise UsageError("the reference is made by pyLODE; install it with: pip install 'logistics-pacts[docs]'")
    ontology = load_ontology(ontology_folder)
    with _quiet():
        from pylode.profiles.ontpub import OntPub

        maker = OntPub(_for_readers(ontology_folder), sort_subjects=True)
        maker.fids.update({iri: iri.removeprefix(LP) for iri in ontology.labels if iri.startswith(LP)})
        page: str = maker.make_html(include_css=True)
    picture = f'<div class="section" id="picture"><h2>Picture</h2>{svg(ontology)}</div>\n      '
    head, body = page.split("<head>", 1)
    return f"{head}<head>\n    {_POLICY}{body}".replace(_CLASSES, picture + _CLASSES, 1)


def _for_readers(folder: Path) -> Any:
    """Return the core ontology as pyLODE shows it best: English labels; Hindi ones, and what else holds, as notes.

    A term that is of two kinds would be shown twice, so that its second kind becomes a note.
    """
    import rdflib
    from rdflib import OWL, RDF, RDFS, SH, SKOS, Literal

    graph = rdflib.Graph().parse(folder / "logistics-pacts.ttl")
    for subject, label in list(graph.subject_objects(RDFS.label)):
        if isinstance(label, Literal) and label.language == "hi":
            graph.remove((subject, RDFS.label, label))
            graph.add((subject, SKOS.note, Literal(f"हिन्दी: {label}")))
    for kind, told in ((OWL.FunctionalProperty, "Takes one value."), (OWL.SymmetricProperty, "Holds both ways.")):
        for subject in list(graph.subjects(RDF.type, kind)):
            graph.remove((subject, RDF.type, kind))
            graph.add((subject, SKOS.note, Literal(told)))
    for subject, declared in list(graph.subject_objects(SH.declare)):
        graph.remove((declared, None, None))
        graph.remove((subject, SH.declare, declared))
    return graph


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep pyLODE's messages from standard error, and leave the log as it was."""
    root = logging.getLogger()
    level, handlers = root.level, list(root.handlers)
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)
        root.setLevel(level)
        root.handlers[:] = handlers
