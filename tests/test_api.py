"""The Python API: what rows hold, how errors read, and that every example in the docstrings is true."""

from __future__ import annotations

import doctest
import subprocess
import sys
from datetime import date
from importlib import import_module
from pathlib import Path

import pandas
import polars
import pyoxigraph as ox
import pytest

from graph_builder import PactGraph, Row, Rows
from graph_builder.problems import UsageError
from graph_builder.rows import value_of
from tests.conftest import ROOT

XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.mark.parametrize("name", ["rows", "api", "network", "dyad", "wikidata", "terms"])
def test_examples_in_docstrings(name: str, built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACTS_DIST", str(built))
    tried = doctest.testmod(import_module(f"graph_builder.{name}"))
    assert tried.failed == 0
    assert tried.attempted > 0


def test_readme_example(graph: PactGraph) -> None:
    rows = graph.query("SELECT ?person WHERE { pact:relos lp:signedBy/rdfs:label ?person }")
    assert sorted(row.person for row in rows) == ["Alexander Fomin", "Vinay Kumar"]


@pytest.mark.parametrize(
    ("text", "datatype", "value"),
    [
        ("7", "integer", 7),
        ("-3", "nonPositiveInteger", -3),
        ("68.98333", "decimal", 68.98333),
        ("1e3", "double", 1000.0),
        ("true", "boolean", True),
        ("0", "boolean", False),
        ("2025-02-18", "date", date(2025, 2, 18)),
        ("2025-02-18Z", "date", "2025-02-18Z"),
        ("-0044-03-15", "date", "-0044-03-15"),
        ("seven", "integer", "seven"),
        ("P5Y", "duration", "P5Y"),
    ],
)
def test_literals_become_python_values(text: str, datatype: str, value: object) -> None:
    found = value_of(ox.Literal(text, datatype=ox.NamedNode(XSD + datatype)))
    assert found == value
    assert type(found) is type(value)


def test_things_become_keys() -> None:
    assert (
        value_of(ox.NamedNode("https://w3id.org/logistics-pacts/vocabulary/support/petroleum")) == "support/petroleum"
    )
    assert value_of(ox.NamedNode("https://example.org/x")) == "https://example.org/x"
    assert value_of(ox.BlankNode("b")) == "_:b"
    assert value_of(None) is None


def test_rows_behave_as_a_list_of_named_values() -> None:
    rows = Rows(["count", "index"], [(1, "a"), (2, None)])
    assert [row.count for row in rows] == [1, 2]
    assert rows[-1].index is None
    assert rows[:1] == Rows(["count", "index"], [(1, "a")])
    assert rows[0] in rows
    assert rows[0] == (1, "a")
    assert dict(rows[0]) == {"count": 1, "index": "a"}
    assert rows.to_csv() == "count,index\n1,a\n2,\n"
    assert "<td>a</td>" in rows._repr_html_()
    assert Rows(["x"], [("<b>",)])._repr_html_().count("<b>") == 0
    with pytest.raises(AttributeError, match="did you mean count"):
        _ = rows[0].cuont
    with pytest.raises(KeyError, match="there are: count, index"):
        _ = rows[0]["zzz"]
    with pytest.raises(KeyError):
        rows.column("zzz")


def test_parameters_of_every_type(graph: PactGraph) -> None:
    by_text = graph.query("in-force-on", date="2020-06-30", party="india")
    assert by_text == graph.query("in-force-on", date=date(2020, 6, 30), party="party/india")
    assert {type(row.strict) for row in by_text} == {bool}
    assert {type(row.signed) for row in by_text if row.signed} == {date}
    assert graph.query("in-force-on", date=None) == graph.query("in-force-on")
    assert graph.query("path", from_="russia", to="japan")[0].steps == 2


@pytest.mark.parametrize(
    ("what", "given", "message"),
    [
        ("signatory", {}, "did you mean signatories"),
        ("signatories", {"pcat": "relos"}, "did you mean pact"),
        ("in-force-on", {"date": "yesterday"}, "a day such as"),
        ("SELECT ?x WHERE { ?x a }", {}, "line 1"),
        ("SELECT ?x WHERE { ?x a lp:Pact }", {"pact": "relos"}, "shipped query"),
        ("INSERT DATA { <a:b> <a:b> <a:b> }", {}, "read only"),
        ("SELECT * WHERE { SERVICE <http://example.org/> { ?s ?p ?o } }", {}, "SERVICE"),
        ("ASK { ?x a lp:Pact }", {}, "ask()"),
    ],
)
def test_errors_are_one_line_that_says_what_would_be_right(
    graph: PactGraph, what: str, given: dict[str, str], message: str
) -> None:
    with pytest.raises(UsageError) as told:
        graph.query(what, **given)
    assert message in str(told.value)
    assert "\n" not in str(told.value)


def test_values_with_sparql_in_them_are_data(graph: PactGraph, tmp_path: Path) -> None:
    file = tmp_path / "named.rq"
    file.write_text(
        '#+ summary: x\n#+ parameters:\n#+   word: {type: text}\nSELECT ?word WHERE { VALUES ?word { "a" } }\n',
        encoding="utf-8",
    )
    for word in ('"', "'''", "} } DROP ALL", "a\nb", "\\", "{?x ?y ?z}", "<iri>", "#", "\t", "é", "❤"):
        assert graph.query(file, word=word).column("word") == [word]


def test_construct_ask_show_and_why(graph: PactGraph) -> None:
    triples = graph.query(
        "CONSTRUCT { ?pact lp:party ?party } WHERE { ?pact lp:party ?party . FILTER(?pact = pact:relos) }"
    )
    assert triples.columns == ("subject", "predicate", "object")
    assert {row.object for row in triples} == {"party/india", "party/russia"}
    assert graph.ask("ASK { pact:relos a lp:Pact }") is True
    with pytest.raises(UsageError, match=r"query\(\)"):
        graph.ask("SELECT ?x WHERE { ?x a lp:Pact }")
    assert "party" in graph.show("pact/relos").column("property")
    with pytest.raises(UsageError, match="nothing is claimed of pact/relos"):
        graph.why("pact/relos", "depth")
    with pytest.raises(UsageError, match="nothing is called"):
        graph.show("no such thing")
    assert isinstance(graph.as_of, date)


def test_data_frames_are_typed(graph: PactGraph) -> None:
    rows = Rows(
        ["text", "whole", "real", "flag", "day", "mixed", "empty"],
        [("a", 1, 1.5, True, date(1980, 1, 1), 1, None), (None, None, 2, None, None, "x", None)],
    )
    frame = rows.to_pandas()
    assert [str(kind) for kind in frame.dtypes][1:5] == ["Int64", "float64", "boolean", "datetime64[s]"]
    assert frame.day[0] == pandas.Timestamp(1980, 1, 1)
    assert frame.isna().sum().tolist() == [1, 1, 0, 1, 1, 0, 2]
    table = rows.to_polars()
    assert table.dtypes == [
        polars.String, polars.Int64, polars.Float64, polars.Boolean, polars.Date, polars.String, polars.String
    ]  # fmt: skip
    assert table.row(0) == ("a", 1, 1.5, True, date(1980, 1, 1), "1", None)
    growth = graph.query("growth")
    assert len(growth.to_pandas()) == len(growth.to_polars()) == len(growth)
    assert len(Rows(["a"], []).to_pandas()) == len(Rows(["a"], []).to_polars()) == 0


@pytest.mark.parametrize(("module", "method"), [("pandas", "to_pandas"), ("polars", "to_polars")])
def test_a_missing_extra_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch, module: str, method: str) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(UsageError, match=rf"{module} is not installed; install it with: pip install"):
        getattr(Rows(["a"], [(1,)]), method)()


def test_rdflib_is_loaded_only_when_asked_for(built: Path) -> None:
    code = (
        "import sys; from graph_builder import open_graph; g = open_graph(sys.argv[1]); g.query('growth'); "
        "heavy = {'rdflib', 'pandas', 'polars', 'networkx', 'numpy'} & set(sys.modules); assert not heavy, heavy; "
        "print(len(list(g.graph.query('SELECT ?p WHERE { pact:relos lp:party ?p }'))))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(built)], capture_output=True, text=True, cwd=ROOT, timeout=60
    )
    assert done.stdout == "2\n", done.stderr


def test_a_row_can_be_copied_and_pickled() -> None:
    import copy
    import pickle

    row = Rows(["a", "b"], [(1, "x")])[0]
    assert copy.copy(row) == row
    assert pickle.loads(pickle.dumps(row)) == row  # noqa: S301
    assert isinstance(row, Row)
    assert hash(row) == hash((1, "x"))


def test_the_package_gives_the_function_however_often_it_is_asked() -> None:
    code = (
        "import graph_builder.pipeline; from graph_builder import build as one; "
        "from graph_builder import build as two; assert callable(one) and one is two"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parent.parent)
