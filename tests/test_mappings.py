"""Mappings of the ontology's terms to other vocabularies: every set is well formed, and becomes an alignment."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from graph_builder.mappings import PREDICATES, SUFFIX, alignment_lines, read_mappings
from graph_builder.ontology import Ontology, load_ontology
from graph_builder.problems import BadInputError

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "ontology" / "mappings"
SETS = sorted(FOLDER.glob(f"*{SUFFIX}"))


@pytest.fixture(scope="module")
def ontology() -> Ontology:
    return load_ontology(ROOT / "ontology")


def test_every_row_is_well_formed_and_maps_a_term_of_the_ontology(ontology: Ontology) -> None:
    mappings = read_mappings(FOLDER, ontology)
    assert len(mappings) >= 100
    assert all(mapping.subject in ontology.labels for mapping in mappings)


def test_what_is_called_narrower_is_asserted_in_the_ontology(ontology: Ontology) -> None:
    asserted = {(s.value, p.value, o.value) for s, p, o in ontology.triples if isinstance(o, ox.NamedNode)}
    for mapping in read_mappings(FOLDER, ontology):
        if "rdf-schema" in mapping.predicate:
            assert (mapping.subject, mapping.predicate, mapping.object) in asserted


def test_no_mapping_claims_more_than_it_can_know(ontology: Ontology) -> None:
    for mapping in read_mappings(FOLDER, ontology):
        assert mapping.confidence < 1 or "rdf-schema" in mapping.predicate, mapping


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.name)
def test_rows_stand_in_order(path: Path) -> None:
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")][1:]
    keys = [(row[0].lower(), row[2], row[3]) for row in rows]
    assert keys == sorted(keys)


def test_the_alignment_is_the_same_every_time_and_parses(ontology: Ontology) -> None:
    lines = alignment_lines(FOLDER, ontology)
    assert lines == sorted(set(lines)) == alignment_lines(FOLDER, ontology)
    parsed = list(ox.parse("\n".join(lines).encode(), format=ox.RdfFormat.N_TRIPLES))
    assert len(parsed) == len(lines)
    assert len({quad.predicate.value for quad in parsed}) <= len(PREDICATES)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda t: t.replace("lp:Person\tperson", "lp:Persom\tperson"), "no term of the ontology; did you mean"),
        (lambda t: t.replace("lp:Person\tperson", "lp:Person\thuman"), "the label of lp:Person is 'person'"),
        (lambda t: t.replace("prov:Person\tPerson", "prow:Person\tPerson"), "object_id 'prow:Person' is no prefix"),
        (lambda t: t.replace("skos:closeMatch\tprov:Person", "owl:sameAs\tprov:Person"), "predicate_id is one of"),
        (lambda t: t.replace("\t0.9\t", "\t90\t"), "confidence '90' is no number above 0 and up to 1"),
        (lambda t: t.replace("semapv:Manual", "semapv:Lexical"), "mapping_justification is semapv:Manual"),
        (lambda t: t.replace("#license:", "#licence:"), "the header is YAML behind # signs"),
        (lambda t: t.replace("\tconfidence\t", "\tcertainty\t"), "the columns are subject_id"),
        (lambda t: t + t.splitlines()[-1] + "\n", "are mapped already in prov.sssom.tsv:"),
        (lambda t: re.sub(r"\t[^\t\n]*\n$", "\n", t), "9 cells under 10 column names"),
    ],
)
def test_a_broken_set_is_told_with_file_and_line(change, told: str, ontology: Ontology, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "prov.sssom.tsv"
    path.write_text(change((FOLDER / path.name).read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(BadInputError) as error:
        read_mappings(tmp_path, ontology)
    assert told in str(error.value)
    assert re.match(rf"{re.escape(str(path))}:\d+:\d+: ", str(error.value))
