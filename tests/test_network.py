"""Networks: the rules by which things are joined, in two engines, and the measures against sums done by hand."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import networkx as nx
import pytest
import rdflib

from graph_builder import PactGraph, Rows
from graph_builder.dyad import dyad_years
from graph_builder.locate import home
from graph_builder.network import (
    centrality,
    communities,
    edges,
    growth,
    missing_sides,
    nodes,
    project,
    summary,
    tables,
    triangles,
)
from graph_builder.problems import UsageError
from graph_builder.query import bind, load_query
from graph_builder.rows import text_of
from tests.conftest import ROOT

NETWORKS = ("partner", "facility", "signatory", "source")
QUERIES = sorted([*(home() / "queries" / "networks").glob("*.rq"), *(home() / "queries" / "exports").glob("*.rq")])


@pytest.fixture(scope="module")
def other_engine(small: PactGraph) -> rdflib.Graph:
    assert small.dist
    return rdflib.Graph().parse(small.dist / "graph.nt")


def test_every_network_has_its_rule_and_its_columns_in_its_header(graph: PactGraph) -> None:
    assert sorted(path.stem for path in QUERIES if path.parent.name == "networks") == sorted(NETWORKS)
    for path in QUERIES:
        query = load_query(path)
        assert tuple(query.columns) == graph.query(path).columns, path.stem
        assert path.parent.name == "exports" or "The rule:" in query.description


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_two_engines_agree(small: PactGraph, other_engine: rdflib.Graph, path: Path) -> None:
    query = load_query(path)
    choices = [{}] + [{p.name: value} for p in query.parameters for value in p.allowed]
    choices += [{"date": "2006-03-01"}] if "date" in {p.name for p in query.parameters} else []
    choices += [{"class": "LogisticsSupportPact"}] if "class" in {p.name for p in query.parameters} else []
    for given in choices:
        ours = small.query(path, **given)
        result = other_engine.query(bind(query, given, small.prefixes), initNs=small.prefixes)
        theirs = [[_plain(term) for term in row] for row in result]
        assert theirs == [[_rounded(value) for value in row] for row in ours], given


def _plain(term: rdflib.term.Identifier | None) -> str:
    if isinstance(term, rdflib.URIRef):
        from graph_builder.terms import key_of

        return key_of(str(term))
    if isinstance(term, rdflib.Literal) and term.datatype == rdflib.XSD.decimal:
        return _rounded(float(term))
    return "" if term is None else str(term)


def _rounded(value: object) -> str:
    return f"{value:.9f}" if isinstance(value, float) else text_of(value)  # type: ignore[arg-type]


# ---------------------------------------------------------------- the rules


def joined(network: nx.Graph[str]) -> set[tuple[str, str]]:
    return {(a.partition("/")[2], b.partition("/")[2]) for a, b in network.edges}


def test_a_pact_of_three_is_no_clique_unless_asked_for(small: PactGraph) -> None:
    alone = small.network("partner")
    assert joined(alone) == {("a", "b"), ("b", "c"), ("acd", "a"), ("acd", "c"), ("acd", "d")}
    assert alone.nodes["pact/acd"]["kind"] == "Pact"
    assert joined(small.network("partner", plurilateral="out")) == {("a", "b"), ("b", "c")}
    pairs = small.network("partner", plurilateral="pairs")
    assert joined(pairs) == {("a", "b"), ("b", "c"), ("a", "c"), ("a", "d"), ("c", "d")}
    assert pairs.edges["party/a", "party/c"]["parties"] == 3
    assert pairs.edges["party/a", "party/c"]["weight"] == 0.5


def test_one_edge_for_each_two_parties(small: PactGraph) -> None:
    edge = small.network("partner").edges["party/a", "party/b"]
    assert edge == {"pacts": 2, "inForce": 1, "parties": 2, "weight": 2.0, "list": "pact/ab pact/ab2"}
    assert joined(small.network("partner", standing="strict")) == {("a", "b")}
    assert joined(small.network("partner", **{"class": "FuelPact"})) == {("a", "b")}


@pytest.mark.parametrize(
    ("day", "ties"),
    [
        ("2001-03-03", set()),
        ("2001-03-04", {("a", "b")}),
        ("2005-06-01", {("b", "c"), ("c", "d")}),
        ("2006-01-01", {("b", "c")}),
        ("2007-02-01", {("a", "b"), ("b", "c")}),
    ],
)
def test_pacts_join_on_the_days_on_which_they_stand(small: PactGraph, day: str, ties: set[tuple[str, str]]) -> None:
    assert joined(small.network("partner", date=day)) == ties


def test_a_facility_joins_those_that_may_use_it(small: PactGraph) -> None:
    network = small.network("facility")
    assert joined(network) == {("port", "b")}
    assert network.edges["facility/port", "party/b"]["list"] == "pact/ab pact/ab2"
    assert network.nodes["facility/port"] == {
        "label": "Port", "kind": "Facility", "country": "party/a", "latitude": 10.5, "longitude": -20.25
    }  # fmt: skip
    assert joined(small.network("facility", access="all")) == {("port", "b"), ("base", "b"), ("base", "c")}


def test_signatories_of_one_pact_are_joined_through_it_only(small: PactGraph) -> None:
    network = small.network("signatory")
    assert joined(network) == {("acd", "ann"), ("acd", "cem"), ("acd", "dot")}
    assert network.edges["pact/acd", "person/ann"] == {"signatures": 1, "signed": date(2012, 12, 31), "for": "Aland"}
    assert joined(small.network("signatory", party="c")) == {("acd", "cem")}


def test_reprints_can_count_once(small: PactGraph) -> None:
    apart = small.network("source")
    assert apart.nodes["source/copy"]["origin"] == apart.nodes["source/two"]["origin"]
    merged = small.network("source", reprints="merged")
    assert len([key for key in apart if key.startswith("source/")]) == 3
    assert len([key for key in merged if key.startswith("source/")]) == 2
    told = [edge for *edge, claims in merged.edges(data="claims") if "pact/ab" in edge]
    assert len(told) == 2


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (Rows(["source", "to"], []), "target is missing"),
        (Rows(["source", "target"], [("a", "b"), ("b", "a")]), "a is joined to b twice"),
        (Rows(["source", "target"], [("a", "a")]), "a is joined to itself"),
    ],
)
def test_rows_that_are_no_network_are_refused(rows: Rows, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        project(rows)


def test_a_query_of_ones_own_draws_a_network(graph: PactGraph) -> None:
    network = graph.network("SELECT DISTINCT ?source ?target WHERE { ?target lp:forForce ?source }")
    assert network.number_of_edges() == len(graph.query("SELECT DISTINCT ?p ?f WHERE { ?p lp:forForce ?f }"))
    with pytest.raises(UsageError, match="did you mean partner"):
        graph.network("partners")


# ---------------------------------------------------------------- measures


@pytest.fixture
def kite() -> nx.Graph[str]:
    """Return a triangle a b c with a tail c d, and e alone."""
    network: nx.Graph[str] = nx.Graph()
    network.add_nodes_from("abcde", kind="Party")
    network.add_edge("a", "b", list="x", weight=1)
    network.add_edge("b", "c", list="x y", weight=1)
    network.add_edge("a", "c", list="x", weight=1)
    network.add_edge("c", "d", list="z", weight=2)
    return network


def test_centrality_by_hand(kite: nx.Graph[str]) -> None:
    found = {row.node: row for row in centrality(kite)}
    assert [row.node for row in centrality(kite)] == ["c", "a", "b", "d", "e"]
    assert found["c"].degree == 3
    assert found["c"].weight == 4
    assert found["c"].betweenness == round(2 / 6, 6)  # a-d and b-d, of the six pairs of others
    assert found["c"].closeness == round(3 / 3 * 3 / 4, 6)
    assert found["e"].closeness == found["e"].betweenness == 0


def test_triangles_and_missing_sides_by_hand(kite: nx.Graph[str]) -> None:
    assert [(*tuple(row)[:3], row.onePact) for row in triangles(kite)] == [("a", "b", "c", True)]
    assert [tuple(row) for row in missing_sides(kite)] == [("a", "d", "a", "d", 1, "c"), ("b", "d", "b", "d", 1, "c")]


def test_a_pact_that_is_a_node_closes_no_triangle_and_leaves_no_side_missing(small: PactGraph) -> None:
    alone = small.network("partner")
    assert len(triangles(alone)) == 0
    assert len(missing_sides(alone)) == 0  # a and c have b in common, and share the pact of three
    pairs = small.network("partner", plurilateral="pairs")
    assert [(*tuple(row)[:3], row.onePact) for row in triangles(pairs)] == [
        ("party/a", "party/b", "party/c", False),
        ("party/a", "party/c", "party/d", True),
    ]


def test_communities_and_summary(kite: nx.Graph[str]) -> None:
    kite.add_edge("d", "e", weight=2)
    found = {row.node: row.community for row in communities(kite)}
    assert found["a"] == found["b"] != found["d"] == found["e"]
    assert {row.measure: row.value for row in summary(kite)}["components"] == 1
    assert len(nodes(kite)) == 5
    assert edges(kite).columns == ("source", "target", "list", "weight")
    empty: nx.Graph[str] = nx.Graph()
    assert len(centrality(empty)) == len(communities(empty)) == 0
    assert dict(tuple(row) for row in summary(empty))["nodes"] == 0


def test_measures_agree_with_the_shipped_queries(graph: PactGraph) -> None:
    network = graph.network("partner", plurilateral="pairs")
    rows = graph.query("partners")
    assert {(row.one, row.other) for row in rows} == {(row.source, row.target) for row in edges(network)}
    assert {row.node for row in centrality(network)} == {row.one for row in rows} | {row.other for row in rows}
    assert sum(row.pacts for row in edges(network)) == len(rows)


def test_years_by_hand(small: PactGraph) -> None:
    rows = dyad_years(small)
    assert {row.year for row in rows} == set(range(2001, 2021))
    found = {(row.one[-1] + row.other[-1], row.year): row for row in rows}
    assert len(rows) == len(found) == 20 * len({pair for pair, _ in found})

    def years(pair: str, column: str) -> list[int]:
        return [year for (name, year), row in found.items() if name == pair and row[column]]

    assert years("ab", "broad") == [*range(2001, 2006), *range(2007, 2021)]  # ended in 2005, renewed in 2007
    assert years("ab", "strict") == [2002, 2003, 2004, 2005, *range(2007, 2021)]
    assert years("cd", "broad") == [2004, 2005, *range(2012, 2021)]
    assert years("ac", "plurilateral") == list(range(2012, 2021))
    assert found["ab", 2010].broadKeys == "pact/ab pact/ab2"
    assert found["ab", 2010].strictKeys == "pact/ab"
    assert found["ab", 2010].oneCode == "AAA"
    assert found["bc", 2010].otherCode is None
    fuel = dyad_years(small, "FuelPact")
    assert [(row.year, row.broad) for row in fuel] == [(year, 1) for year in range(2010, 2021)]


def test_growth_counts_pacts_pairs_and_parties(small: PactGraph, graph: PactGraph) -> None:
    found = {row.year: tuple(row)[1:] for row in growth(small)}
    assert found[2001] == (1, 1, 2, 0, 0, 0, 1)
    assert found[2004] == (3, 3, 4, 1, 1, 2, 1)
    assert found[2012] == (4, 5, 4, 1, 1, 2, 2)
    whole = growth(graph)
    pairs = {(row.one, row.other) for row in graph.query("partners")}
    assert len(pairs) <= whole[-1].pairs <= sum(row.newPairs for row in whole)


def test_results_are_the_same_under_any_hash_seed(built: Path) -> None:
    code = (
        "import sys, json; from graph_builder import open_graph; from graph_builder.network import tables; "
        "g = open_graph(sys.argv[1]); "
        "print(json.dumps([rows.to_csv() for n in ('partner', 'facility', 'signatory') "
        "for rows in tables(g.network(n)).values()]))"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", code, str(built)],
            capture_output=True, text=True, check=True, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("0", "77")
    }  # fmt: skip
    assert len(told) == 1
    assert len(json.loads(told.pop())) == 17


def test_networks_of_two_kinds_have_no_table_of_triangles(graph: PactGraph) -> None:
    assert "triangles" in tables(graph.network("partner"))
    assert "triangles" not in tables(graph.network("facility"))
