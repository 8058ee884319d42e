"""The shipped queries: their headers, their answers in two engines, and that a parameter is never more than a value.

The answers on tests/small were worked out by hand; the queries run in Oxigraph and in rdflib's own engine.
"""

from __future__ import annotations

import csv
import logging
import math
import re
import shlex
import time
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
import yaml

from graph_builder.adjudicate import adjudicate
from graph_builder.ontology import load_ontology
from graph_builder.pipeline import build
from graph_builder.prefixes import load_prefixes
from graph_builder.problems import BadInputError, UsageError
from graph_builder.query import ShippedQuery, bind, cell, find_query, load_query, open_store, shipped_queries
from graph_builder.read import read_facts
from graph_builder.terms import key_of, lexical

ROOT = Path(__file__).resolve().parent.parent
SMALL = ROOT / "tests" / "small"
EXPECTED = ROOT / "tests" / "expected"
PREFIXES = load_prefixes(ROOT / "ontology")
QUERIES = shipped_queries()
NAMES = [query.name for query in QUERIES]
QUESTIONS = 36
SLOWEST = 0.2
"""Seconds of processor time: twice what the slowest example may take, for machines that do other work beside."""

logging.getLogger("rdflib").setLevel(logging.CRITICAL)  # it reports each cast that fails inside COALESCE


def cases() -> list[Any]:
    """Return the cases of tests/expected: name of the table, query and parameters."""
    found = []
    for case in yaml.safe_load((EXPECTED / "cases.yaml").read_text(encoding="utf-8")):
        name = ".".join(filter(None, [case["query"], case.get("case")]))
        parameters = {key: str(value) for key, value in case["parameters"].items()}
        found.append(pytest.param(name, case["query"], parameters, id=name))
    return found


CASES = cases()


def asked(query: ShippedQuery) -> dict[str, str]:
    """Return the parameters of the example that a header gives."""
    words = shlex.split(query.example)
    assert words[:3] == ["pacts", "query", query.name], query.example
    assert all(word == "--param" for word in words[3::2])
    return dict(pair.split("=", 1) for pair in words[4::2])


def in_oxigraph(store: ox.Store, text: str) -> list[list[str]]:
    """Return the columns and the rows of a query, as the command prints them."""
    result: Any = store.query(text, prefixes=PREFIXES)
    return [[v.value for v in result.variables], *([cell(term) for term in row] for row in result)]


def in_rdflib(graph: rdflib.Graph, text: str) -> list[list[str]]:
    """Return the columns and the rows of a query as rdflib's own engine finds them."""
    result = graph.query(text, initNs=PREFIXES)

    def shown(term: Any) -> str:
        if term is None:
            return ""
        return key_of(str(term)) if isinstance(term, rdflib.URIRef) else str(term)

    return [[str(v) for v in result.vars or ()], *([shown(term) for term in row] for row in result)]  # type: ignore[union-attr]


def read_table(name: str) -> list[list[str]]:
    with (EXPECTED / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[ox.Store, rdflib.Graph]:
    """The graph of tests/small, with its mappings, in both engines."""
    dist = tmp_path_factory.mktemp("small") / "dist"
    build(dist, SMALL / "facts")
    store, graph = ox.Store(), rdflib.Graph()
    for path in (dist / "graph.nt", SMALL / "mappings.nt"):
        store.bulk_load(path=str(path), format=ox.RdfFormat.N_TRIPLES)
        graph.parse(path, format="nt")
    return store, graph


@pytest.fixture(scope="session")
def shipped(built: Path) -> ox.Store:
    """The project's own graph in Oxigraph."""
    return open_store(built)


@pytest.fixture(scope="session")
def shipped_rdflib(built: Path) -> rdflib.Graph:
    """The project's own graph in rdflib."""
    graph = rdflib.Graph()
    graph.parse(built / "graph.nt", format="nt")
    return graph


# ---------------------------------------------------------------- headers


def test_every_question_has_its_query() -> None:
    assert sorted(query.question or 0 for query in QUERIES) == list(range(1, QUESTIONS + 1))


@pytest.mark.parametrize("query", QUERIES, ids=NAMES)
def test_header_is_whole(query: ShippedQuery, small: tuple[ox.Store, rdflib.Graph]) -> None:
    assert query.summary.endswith(".")
    assert query.description
    assert query.tags
    assert query.example
    result: Any = small[0].query(query.text, prefixes=PREFIXES)  # the text as it stands, with its own sample values
    assert list(query.columns) == [variable.value for variable in result.variables]
    assert all(query.columns.values())
    list(result)
    for parameter in query.parameters:
        assert parameter.description, parameter.name
        assert not parameter.allowed or parameter.default in (None, "all", "as-of", *parameter.allowed)
        sample = re.search(rf"VALUES \?{parameter.name} \{{ [^}}]+ \}}", query.text)
        assert sample, f"{parameter.name} has no sample value"
    asked(query)


@pytest.mark.parametrize("query", QUERIES, ids=NAMES)
def test_header_is_what_grlc_reads(query: ShippedQuery) -> None:
    head = "\n".join(line[2:] for line in query.text.splitlines() if line.startswith("#+"))
    fields = yaml.safe_load(head)
    assert isinstance(fields["summary"], str)
    assert isinstance(fields["description"], str)
    assert all(isinstance(tag, str) for tag in fields["tags"])
    lines = query.text.splitlines()
    assert not any(line.startswith("#+") for line in lines[head.count("\n") + 1 :]), "a header line below the header"


@pytest.mark.parametrize("query", QUERIES, ids=NAMES)
def test_one_default_graph_and_named_columns(query: ShippedQuery) -> None:
    code = "\n".join(line for line in query.text.splitlines() if not line.lstrip().startswith("#"))
    assert not re.search(r"\b(GRAPH|SERVICE|FROM)\b|SELECT\s+(DISTINCT\s+)?\*", code)
    assert "ORDER BY" in code.rpartition("}")[2] or "ORDER BY" in code.splitlines()[-1]
    bare = re.sub(r"VALUES \?\w+ \{[^}]*\}", "", code)
    assert not re.search(r"\b(pact|party|facility|person|body):\w", bare), "a thing of the domain outside VALUES"
    assert not re.search(r'"\d{4}-\d\d(-\d\d)?"', bare.replace('"9999-12-31"', "")), "a date outside VALUES"


def broken_header(tmp_path: Path, text: str) -> str:
    path = tmp_path / "broken.rq"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInputError) as caught:
        load_query(path)
    message = str(caught.value)
    assert "\n" not in message
    return message


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("SELECT ?x WHERE { ?x ?y ?z }", "no header with a summary"),
        ("#+ summary: [\nSELECT ?x WHERE { }", "not YAML"),
        ("#+ summary: x\n#+ sumary: y\nSELECT ?x WHERE { }", "did you mean summary"),
        ("#+ summary: x\n#+ engines: one\nSELECT ?x WHERE { }", "engines is both"),
        ("#+ summary: x\n#+ engines: small\nSELECT ?x WHERE { }", "with the reason"),
        ("#+ summary: x\n#+ parameters: {a: {type: thing}}\nSELECT ?x WHERE { }", "no clause VALUES ?a"),
        ("#+ summary: x\n#+ parameters: {a: {type: tin}}\nSELECT ?x WHERE { VALUES ?a { 1 } }", "needs a type"),
    ],
)
def test_a_broken_header_is_an_error(tmp_path: Path, text: str, said: str) -> None:
    assert said in broken_header(tmp_path, text)


# ---------------------------------------------------------------- answers on the small set


def test_every_query_has_a_case() -> None:
    assert {case.values[1] for case in CASES} == set(NAMES)
    assert {path.stem for path in EXPECTED.glob("*.csv")} == {case.values[0] for case in CASES}


@pytest.mark.parametrize(("name", "query", "parameters"), CASES)
def test_answer_in_oxigraph(
    name: str, query: str, parameters: Mapping[str, str], small: tuple[ox.Store, rdflib.Graph]
) -> None:
    assert in_oxigraph(small[0], bind(find_query(query), parameters, PREFIXES)) == read_table(name)


@pytest.mark.parametrize(("name", "query", "parameters"), CASES)
def test_answer_in_rdflib(
    name: str, query: str, parameters: Mapping[str, str], small: tuple[ox.Store, rdflib.Graph]
) -> None:
    asked_for = find_query(query)
    if asked_for.engines.startswith("oxigraph"):
        pytest.skip(asked_for.engines)
    assert in_rdflib(small[1], bind(asked_for, parameters, PREFIXES)) == read_table(name)


def test_order_of_triples_changes_nothing(small: tuple[ox.Store, rdflib.Graph]) -> None:
    backwards = ox.Store()
    for quad in sorted(small[0], key=str, reverse=True):
        backwards.add(quad)
    for case in CASES:
        name, query, parameters = case.values
        assert in_oxigraph(backwards, bind(find_query(str(query)), parameters, PREFIXES)) == read_table(str(name))


@cache
def accepted_by(folder: Path, day: str) -> frozenset[tuple[str, str, str]]:
    """Return what the adjudication accepts on the evidence of a day: subject, property and value."""
    ontology = load_ontology(ROOT / "ontology")
    facts = read_facts(folder, ontology)
    return frozenset(
        (choice.about, choice.property, lexical(choice.value))
        for choice in adjudicate(facts, ontology, day)
        if choice.value is not None
    )


@pytest.mark.parametrize(
    "day", ["2012-05-11", "2012-05-20", "2012-06-30", "2015-03-02", "2015-03-03", "2016-12-31", "2022-01-01"]
)
def test_known_on_is_what_the_build_accepts(day: str, small: tuple[ox.Store, rdflib.Graph]) -> None:
    found = set()
    pacts = [row[0] for row in in_oxigraph(small[0], "SELECT ?pact WHERE { ?pact a lp:Pact }")[1:]]
    for pact in pacts:
        rows = in_oxigraph(small[0], bind(find_query("known-on"), {"pact": pact, "date": day}, PREFIXES))
        found |= {(row[0], row[1], row[2]) for row in rows[1:] if row[3] == "accepted"}
    wanted = accepted_by(SMALL / "facts", day)
    assert found == {fact for fact in wanted if fact[0].startswith("pact/")}


def test_known_on_of_a_real_pact(shipped: ox.Store) -> None:
    rows = in_oxigraph(shipped, bind(find_query("known-on"), {"pact": "relos", "date": "2025-12-31"}, PREFIXES))
    found = {(row[0], row[1], row[2]) for row in rows[1:] if row[3] == "accepted"}
    wanted = {fact for fact in accepted_by(ROOT / "facts", "2025-12-31") if f"{fact[0]}/".startswith("pact/relos/")}
    assert found == wanted
    assert ("pact/relos/signature", "date", "2025-02-18") in found
    assert not any((subject, name) == ("pact/relos/entry-into-force", "date") for subject, name, _ in found)


# ---------------------------------------------------------------- answers on the shipped graph


@pytest.mark.parametrize("query", QUERIES, ids=NAMES)
def test_example_gives_an_answer(
    query: ShippedQuery, built: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from graph_builder.cli import COMMANDS

    monkeypatch.setenv("PACTS_DIST", str(built))
    assert COMMANDS.run([*shlex.split(query.example)[1:], "--format", "csv"]) == 0
    assert len(capsys.readouterr().out.splitlines()) > 1, "the example finds nothing"


@pytest.mark.xdist_group("shipped-in-rdflib")
@pytest.mark.parametrize("query", [query for query in QUERIES if query.engines == "both"], ids=lambda q: q.name)
def test_engines_agree_on_the_shipped_graph(
    query: ShippedQuery, shipped: ox.Store, shipped_rdflib: rdflib.Graph
) -> None:
    text = bind(query, asked(query), PREFIXES)
    assert in_rdflib(shipped_rdflib, text) == in_oxigraph(shipped, text)


@pytest.mark.parametrize("query", QUERIES, ids=NAMES)
def test_example_is_quick(query: ShippedQuery, shipped: ox.Store) -> None:
    text = bind(query, asked(query), PREFIXES)
    best = math.inf
    for _ in range(5):
        start = time.process_time()
        in_oxigraph(shipped, text)
        best = min(best, time.process_time() - start)
    assert best < SLOWEST


def test_rows_are_told_apart(shipped: ox.Store) -> None:
    for query in QUERIES:
        rows = in_oxigraph(shipped, bind(query, asked(query), PREFIXES))
        assert len(rows) == len({tuple(row) for row in rows}), query.name


def haversine(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the great-circle distance in kilometres of two points in degrees of latitude and longitude."""
    (lat1, lon1), (lat2, lon2) = [(math.radians(p[0]), math.radians(p[1])) for p in (one, other)]
    chord = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(chord))


@pytest.mark.parametrize(("here", "km"), [((12.5, 45.0), 4000), ((68.97, 33.05), 9000), ((-10.0, 179.5), 20038)])
def test_distances_are_great_circles(here: tuple[float, float], km: int, shipped: ox.Store) -> None:
    values = {"lat": str(here[0]), "lon": str(here[1]), "km": str(km)}
    rows = in_oxigraph(shipped, bind(find_query("facilities-near"), values, PREFIXES))
    found = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    assert found
    for row in found:
        exact = haversine(here, (float(row["latitude"]), float(row["longitude"])))
        assert abs(float(row["distance"]) - exact) < 1 + exact / 1000
    assert [int(row["distance"]) for row in found] == sorted(int(row["distance"]) for row in found)
    reach = in_oxigraph(shipped, bind(find_query("reach-by-region"), {}, PREFIXES))
    open_to = {row[reach[0].index("access")] for row in reach[1:] if row[reach[0].index("facility")]}
    placed = in_oxigraph(
        shipped, "SELECT ?access ?lat ?lon WHERE { ?access lp:facility ?f . ?f lp:latitude ?lat ; lp:longitude ?lon }"
    )
    wanted = {a for a, lat, lon in placed[1:] if a in open_to and haversine(here, (float(lat), float(lon))) <= km - 1}
    assert wanted <= {row["access"] for row in found} <= open_to


def test_days_are_counted_as_calendars_count_them(shipped: ox.Store) -> None:
    rows = in_oxigraph(shipped, bind(find_query("durations"), {}, PREFIXES))
    exact = [row for row in rows[1:] if row[6] == row[7]]
    assert len(exact) > 10
    for row in exact:
        assert (date.fromisoformat(row[5]) - date.fromisoformat(row[4])).days == int(row[6])


# ---------------------------------------------------------------- values are values

HOSTILE = [
    '"',
    "'",
    "\\",
    '"""',
    '\\"',
    "}",
    "{",
    "} UNION { ?s ?p ?o",
    '" } UNION { ?s ?p ?o } #',
    "> } DROP ALL #",
    "\n",
    "a\nb",
    "\r\n}",
    "\t",
    "\0",
    "\x7f",
    "\u202egnp.exe",
    "\u2028",
    "\ufeff",
    "\ud800",
    "# comment",
    "?x",
    "$x",
    "SELECT ?s WHERE { ?s ?p ?o }",
    "SERVICE <http://example.org/> { ?s ?p ?o }",
    "VALUES ?word { x }",
    'VALUES ?other { "x" }',
    "lp:date> ?o . ?s ?p <x",
    "https://example.org/a> ?p ?o . <b",
    "https://example.org/{}",
    "pact/relos\n",
    "pact/relos } #",
    "2025-01-01\n",
    "２０２５-01-01",
    "١٢",
    "1e5",
    "true\n",
    "_:b0",
    "%s%d{0}",
]


@cache
def two_words() -> ShippedQuery:
    """A query with two texts, so that each could disturb the other's clause."""
    text = """#+ summary: x
#+ parameters:
#+   word: {type: text}
#+   other: {type: text}
SELECT ?word ?other WHERE { VALUES ?word { "a" } VALUES ?other { "b" } }
"""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "two-words.rq"
        path.write_text(text, encoding="utf-8")
        return load_query(path)


@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_a_text_is_data(value: str) -> None:
    try:
        text = bind(two_words(), {"word": value, "other": value}, PREFIXES)
    except UsageError as error:
        assert "\n" not in str(error)
        assert any(ord(mark) < 32 or 0xD800 <= ord(mark) < 0xE000 for mark in value), "a text that could be data"
        return
    result: Any = ox.Store().query(text, prefixes=PREFIXES)
    assert [[row[0].value, row[1].value] for row in result] == [[value, value]]
    assert [[str(term) for term in row] for row in rdflib.Graph().query(text, initNs=PREFIXES)] == [[value, value]]  # type: ignore[union-attr]


@pytest.mark.parametrize("query", QUERIES, ids=NAMES)
def test_a_parameter_never_changes_the_query(query: ShippedQuery) -> None:
    usual = asked(query)
    for parameter in query.parameters:
        clause = re.compile(rf"VALUES \?{parameter.name} \{{ [^{{}}\s]+ \}}")
        before = (
            clause.sub("", bind(query, {**usual, parameter.name: "all"}, PREFIXES))
            if parameter.default == "all"
            else None
        )
        for value in HOSTILE:
            try:
                text = bind(query, {**usual, parameter.name: value}, PREFIXES)
            except UsageError as error:
                assert "\n" not in str(error)
                continue
            rest = clause.sub("", text)
            assert f"VALUES ?{parameter.name}" not in rest, (parameter.name, value)
            if before is not None:
                assert rest == before
            ox.Store().query(text, prefixes=PREFIXES)


# ---------------------------------------------------------------- the tutorial

TUTORIAL = re.findall(
    r"```sparql\n(.*?)```(?:\n\n```text\n(.*?)```)?",
    (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8"),
    re.DOTALL,
)


def test_tutorial_asks_ten_questions() -> None:
    assert len(TUTORIAL) == 10
    assert sum(bool(shown) for _, shown in TUTORIAL) == 3


@pytest.mark.parametrize(("text", "shown"), TUTORIAL, ids=range(len(TUTORIAL)))
def test_tutorial_queries_are_answered(text: str, shown: str, shipped: ox.Store) -> None:
    rows = in_oxigraph(shipped, text)
    assert len(rows) > 1
    if shown:
        assert rows[0] == shown.splitlines()[0].split(), "the answer shown has other columns"
