"""Mapping sets: bad rows give one line each at the right place, good ones become the triples they say."""

from __future__ import annotations

import csv
import re
import subprocess
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
import yaml

from graph_builder.link_rules import load_rules
from graph_builder.links import read_links
from graph_builder.mapping_set import COLUMNS, SUFFIX, mapping_sets
from graph_builder.ontology import load_ontology
from graph_builder.problems import BadInputError
from graph_builder.read import read_facts

from .browser import missing
from .conftest import ROOT, pacts

LINKS = ROOT / "facts" / "links"
FACTS = """sources:
  a: {publisher: A, tier: press}
subjects:
  party/india: {type: Party, label: India}
  party/oman: {type: Party, label: Oman}
  person/vinay-kumar: {type: Person, label: Vinay Kumar}
  facility/duqm-port:
    type: Facility
    label: Port of Duqm
    latitude: {19.66667: [a]}
    longitude: {57.71667: [a]}
"""
HEADER = """#mapping_set_id: https://w3id.org/logistics-pacts/mappings/some.sssom.tsv
#mapping_set_title: Some
#license: https://creativecommons.org/licenses/by/4.0/
#curie_map:
#  id: https://w3id.org/logistics-pacts/id/
#  dbpedia: http://dbpedia.org/resource/
#  wikidata: http://www.wikidata.org/entity/
#  wpi: https://msi.nga.mil/Publications/WPI#
"""
NAMES = (
    "subject_id", "predicate_id", "predicate_modifier", "object_id", "object_category", "mapping_justification",
    "confidence", "mapping_date", "mapping_source", "object_latitude", "object_longitude",
)  # fmt: skip
INDIA = {
    "subject_id": "id:party/india",
    "predicate_id": "skos:exactMatch",
    "object_id": "wikidata:Q668",
    "object_category": "country",
    "mapping_justification": "semapv:ManualMappingCuration",
    "confidence": "0.99",
    "mapping_date": "2026-11-22",
    "mapping_source": "https://example.org/countries.csv",
}
PORT = {
    **INDIA,
    "subject_id": "id:facility/duqm-port",
    "object_id": "wpi:48235",
    "object_category": "port",
    "object_latitude": "19.66",
    "object_longitude": "57.71",
}
FIRST = HEADER.count("\n") + 2  # the line of the first mapping


def table(*rows: dict[str, str], header: str = HEADER, names: tuple[str, ...] = NAMES) -> str:
    lines = ["\t".join(names), *("\t".join(row.get(name, "") for name in names) for row in rows)]
    return header + "".join(f"{line}\n" for line in lines)


def place(column: str, row: dict[str, str], line: int = FIRST) -> str:
    before = NAMES[: NAMES.index(column)]
    return f"{line}:{sum(len(row.get(name, '')) + 1 for name in before) + 1}"


@pytest.fixture
def read(tmp_path: Path) -> Callable[[str], list[str]]:
    """Return a function that reads a mapping set and returns its problems, without the folder."""
    (tmp_path / "facts.yaml").write_text(FACTS, encoding="utf-8")
    ontology, rules = load_ontology(ROOT / "ontology"), load_rules(ROOT / "ontology")
    facts = read_facts(tmp_path, ontology)

    def problems(text: str | bytes, name: str = "some") -> list[str]:
        (tmp_path / "links").mkdir(exist_ok=True)
        path = tmp_path / "links" / f"{name}{SUFFIX}"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        try:
            read_links(tmp_path / "links", facts, ontology, rules)
        except BadInputError as error:
            return [str(problem).removeprefix(f"{tmp_path / 'links'}/") for problem in error.problems]
        return []

    return problems


BAD_CELLS = [
    ("object_id", "wikidata:668", "'wikidata:668' is malformed; write it as in wikidata:Q668"),
    ("object_id", "wikidata:Q0668", "is malformed"),
    ("object_id", "wikidatta:Q668", "is of no known data set; did you mean wikidata?"),
    ("object_id", "Q668", "is of no known data set"),
    ("object_id", "unlocode:INBOM", "the header gives no base for unlocode"),
    ("object_id", "", "this mapping has no object_id; fill it"),
    ("subject_id", "id:party/indai", "unknown subject party/indai; did you mean party/india?"),
    ("subject_id", "party:india", "is no thing of ours; write id: and its key"),
    ("predicate_id", "skos:exactlyMatch", "unknown predicate_id 'skos:exactlyMatch'; did you mean skos:exactMatch?"),
    ("predicate_id", "owl:sameAs", "unknown predicate_id 'owl:sameAs'"),
    ("mapping_justification", "semapv:Guess", "unknown mapping_justification 'semapv:Guess'"),
    ("mapping_justification", "", "this mapping has no mapping_justification; fill it"),
    ("object_category", "person", "party/india is a party; a target that is a person can only be the same as a Person"),
    ("object_category", "planet", "unknown object_category 'planet'"),
    ("predicate_modifier", "not", "'not' is no modifier; write Not, or leave it empty"),
    ("confidence", "1.2", "'1.2' is no confidence"),
    ("confidence", "high", "'high' is no confidence"),
    ("mapping_date", "2026-13-01", "'2026-13-01' is no day"),
    ("mapping_date", "2026-11", "'2026-11' is no day"),
    ("mapping_source", "javascript:alert(1)", "is no web address"),
    ("object_latitude", "91", "'91' is no latitude"),
    ("object_longitude", "57°", "'57°' is no longitude"),
]


@pytest.mark.parametrize(("column", "value", "message"), BAD_CELLS)
def test_a_bad_cell_gives_one_line_at_its_place(
    column: str, value: str, message: str, read: Callable[[str], list[str]]
) -> None:
    row = {**INDIA, column: value}
    [line] = read(table(row))
    assert line.startswith(f"some.sssom.tsv:{place(column, row)}: "), line
    assert message in line
    assert re.fullmatch(r"[^\x00-\x1f\x7f]{1,400}", line)


BAD_SETS: list[tuple[str | bytes, str, str]] = [
    (table(INDIA, INDIA), place("predicate_id", INDIA, FIRST + 1), "are joined already in some.sssom.tsv:10; keep one"),
    (
        table(INDIA, {**INDIA, "predicate_id": "skos:closeMatch"}),
        place("predicate_id", INDIA, FIRST + 1),
        "are joined with skos:exactMatch in some.sssom.tsv:10; keep one of the two",
    ),
    (
        table({**INDIA, "predicate_modifier": "Not"}, INDIA),
        place("predicate_id", INDIA, FIRST + 1),
        "are joined with Not skos:exactMatch",
    ),
    (
        table(INDIA, {**INDIA, "subject_id": "id:party/oman"}),
        place("object_id", {**INDIA, "subject_id": "id:party/oman"}, FIRST + 1),
        "wikidata:Q668 is party/india in some.sssom.tsv:10; one target is one thing",
    ),
    (
        table({**PORT, "object_latitude": "23.6"}),
        place("object_latitude", PORT),
        "wpi:48235 lies 437 km from facility/duqm-port; 25 km at most",
    ),
    (
        table({**PORT, "predicate_id": "schema:containedInPlace", "object_category": "person"}),
        place("object_category", {**PORT, "predicate_id": "schema:containedInPlace"}),
        "nothing stands in a target that is a person",
    ),
    (
        table({**PORT, "object_category": "town"}),
        place("object_category", PORT),
        "facility/duqm-port is a facility; a target that is a town can only be the same as a Place",
    ),
    (table(INDIA).replace("license", "licence"), "3:2", "unknown key 'licence' in the header; did you mean license?"),
    (table(INDIA).replace("/entity/", "/wiki/"), "7:4", "the base of wikidata is http://www.wikidata.org/entity/"),
    (table(INDIA).replace("#curie_map:", "#curie_map: [a"), "5:6", "the header is not YAML"),
    (table(INDIA, header=""), "1:1", "has no header"),
    (table(INDIA, names=NAMES[1:]), "9:1", "has no column 'subject_id'"),
    (table(INDIA, names=(*NAMES, "confidense")), "9:164", "unknown column 'confidense'; did you mean confidence?"),
    (table(INDIA, names=(*NAMES, "confidence")), "9:164", "column confidence stands twice"),
    (table(INDIA) + "id:party/oman\tskos:exactMatch\n", "11:1", "2 cells under 11 column names"),
    (table(INDIA) + "\n", "11:1", "an empty line; delete it"),
    (HEADER, "9:1", "has no line of column names after its header"),
    (table(INDIA).encode() + b"\xff", "1:1", "byte 0xff is not UTF-8"),
]


@pytest.mark.parametrize(("text", "where", "message"), BAD_SETS)
def test_a_bad_set_tells_what_and_where(
    text: str | bytes, where: str, message: str, read: Callable[[str | bytes], list[str]]
) -> None:
    lines = read(text)
    assert any(line.startswith(f"some.sssom.tsv:{where}: ") and message in line for line in lines), lines
    if "licen" not in message:
        assert len(lines) == 1, lines


def test_all_problems_of_all_sets_are_told_at_once(read: Callable[..., list[str]]) -> None:
    read(table({**INDIA, "object_id": "wikidata:668"}), "one")
    lines = read(table({**PORT, "confidence": "2"}, {**INDIA, "subject_id": "id:party/nowhere"}), "two")
    assert [line.partition(":")[0] for line in lines] == ["one.sssom.tsv", "two.sssom.tsv", "two.sssom.tsv"]


def test_sets_are_compared_with_each_other(read: Callable[..., list[str]]) -> None:
    assert read(table(INDIA), "one") == []
    [line] = read(table({**INDIA, "subject_id": "id:party/oman"}), "two")
    assert "wikidata:Q668 is party/india in one.sssom.tsv:10" in line


def test_a_build_refuses_a_bad_set_and_takes_a_good_one(tmp_path: Path) -> None:
    facts, dist = tmp_path / "facts", tmp_path / "dist"
    (facts / "links").mkdir(parents=True)
    (facts / "facts.yaml").write_text(FACTS, encoding="utf-8")
    path = facts / "links" / f"some{SUFFIX}"
    path.write_text(table({**INDIA, "object_id": "wikidata:668"}), encoding="utf-8")
    run = pacts("build", "--facts", facts, dist=dist)
    assert (run.returncode, len(run.stderr.splitlines())) == (2, 1)
    assert not dist.exists()

    not_him = {**INDIA, "subject_id": "id:person/vinay-kumar", "object_id": "wikidata:Q1", "object_category": "person"}
    town = {
        **PORT,
        "predicate_id": "schema:containedInPlace",
        "object_id": "dbpedia:Duqm_%C3%A9",
        "object_category": "town",
    }
    rows = (INDIA, town, {**not_him, "predicate_modifier": "Not"})
    path.write_text(table(*rows), encoding="utf-8")
    assert pacts("build", "--facts", facts, dist=dist).returncode == 0
    graph = (dist / "graph.nt").read_text(encoding="utf-8")
    india = "<https://w3id.org/logistics-pacts/id/party/india>"
    exact = "<http://www.w3.org/2004/02/skos/core#exactMatch>"
    assert f"{india} {exact} <http://www.wikidata.org/entity/Q668> ." in graph
    assert "<https://schema.org/containedInPlace> <http://dbpedia.org/resource/Duqm_é> ." in graph
    assert "vinay-kumar> <http://www.w3.org/2004/02/skos/core#exactMatch>" not in graph
    assert graph.count("<https://w3id.org/sssom/NegatedPredicate>") == 1
    assert graph.count("<https://w3id.org/sssom/Mapping>") == 3
    assert "_:" not in graph
    assert "/mapping/" not in (dist / "pacts.ttl").read_text(encoding="utf-8")


# ---------------------------------------------------------------- what we publish

QUERY = """
SELECT ?thing ?property ?target ?justification ?confidence WHERE {
  ?mapping a sssom:Mapping , owl:Axiom ; owl:annotatedSource ?thing ; owl:annotatedProperty ?property ;
    owl:annotatedTarget ?target ; sssom:mapping_justification ?justification ; sssom:confidence ?confidence .
  ?thing ?property ?target .
}"""


@pytest.fixture(scope="module")
def links(built: Path) -> list[tuple[str, str, str]]:
    """Return what the built graph holds: key, property and target of each link."""
    store = ox.Store.read_only(str(built / "store"))
    prefixes = load_ontology(ROOT / "ontology").prefixes
    rows = store.query(QUERY, prefixes=dict(prefixes))
    assert isinstance(rows, ox.QuerySolutions)
    told = [tuple(row[name].value for name in ("thing", "property", "target")) for row in rows]  # type: ignore[union-attr]
    return [(thing.removeprefix("https://w3id.org/logistics-pacts/id/"), p, target) for thing, p, target in told]


def test_enough_things_are_linked(links: list[tuple[str, str, str]]) -> None:
    """Links are counted by data set, so that three codes of one standard are one identity."""
    rules = load_rules(ROOT / "ontology")
    identities, standing = defaultdict(set), set()
    for key, predicate, target in links:
        base = max((t.base for t in rules.prefixes.values() if target.startswith(t.base)), key=len)
        if predicate.endswith("exactMatch"):
            identities[key].add(base)
        elif predicate.endswith("containedInPlace"):
            standing.add(key)
    assert len(links) >= 600
    assert sum(len(found) >= 5 for key, found in identities.items() if key.startswith("party/")) >= 40
    assert len({key for key in [*identities, *standing] if key.startswith("facility/")}) >= 90
    wikidata = rules.prefixes["wikidata"].base
    assert sum(wikidata in found for key, found in identities.items() if key.startswith("person/")) >= 25


def test_every_row_is_a_link(links: list[tuple[str, str, str]]) -> None:
    rows = 0
    for path in mapping_sets(LINKS):
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
        rows += sum(row.get("predicate_modifier") != "Not" for row in csv.DictReader(lines, delimiter="\t"))
    assert rows == len(links) == len(set(links))


def test_sets_keep_to_the_format() -> None:
    """Read the sets by no code of ours: header in YAML, CURIEs of declared prefixes, slots of SSSOM."""
    slots = set(COLUMNS) - {"object_latitude", "object_longitude"}
    for path in mapping_sets(LINKS):
        lines = path.read_text(encoding="utf-8").splitlines()
        head = yaml.safe_load("\n".join(line[1:] for line in lines if line.startswith("#")))
        extra = {entry["slot_name"] for entry in head.get("extension_definitions", ())}
        assert head["mapping_set_id"].endswith(f"/mappings/{path.name}")
        rows = list(csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t"))
        assert rows
        assert set(rows[0]) <= slots | extra
        for row in rows:
            for column in ("subject_id", "predicate_id", "object_id", "mapping_justification"):
                assert row[column].isascii()
                assert row[column].partition(":")[0] in head["curie_map"], row


def test_sssom_py_reads_every_row() -> None:
    """In an environment of its own, as it brings sixty packages: `make .venv/sssom`."""
    python = ROOT / ".venv" / "sssom" / "bin" / "python"
    if not python.is_file():
        missing("sssom-py is not installed: make .venv/sssom")
    program = "import sys; from sssom.parsers import parse_sssom_table as parse; print(*(len(parse(name).df) for name in sys.argv[1:]))"
    sets = mapping_sets(LINKS)
    done = subprocess.run([python, "-c", program, *sets], capture_output=True, text=True, check=True, timeout=300)
    rows = [
        sum(not line.startswith("#") for line in path.read_text(encoding="utf-8").splitlines()) - 1 for path in sets
    ]
    assert list(map(int, done.stdout.split())) == rows
