"""Networks drawn from queries, and what can be measured on them: centrality, triangles, communities.

A query draws a network when it has the columns ``source`` and ``target``; a row is an edge, or a lone node where one
of the two is empty. Columns named ``sourceX`` and ``targetX`` are attributes of the nodes (``sourceLabel`` becomes
``label``), every other column is one of the edge. By which rule two things are joined is the query's to say, in its
header: see queries/networks/.

Every function gives the same rows on every run: nodes and edges are taken in the order of keys, numbers are rounded
to six places, and nothing is drawn by chance.

>>> network = project(Rows(
...     ["source", "sourceKind", "target", "targetKind", "weight"],
...     [("a", "Party", "b", "Party", 1), ("b", "Party", "c", "Party", 2), ("c", "Party", "d", "Party", 1),
...      ("a", "Party", "c", "Party", 1)],
... ))
>>> [(row.node, row.degree, row.betweenness) for row in centrality(network)]
[('c', 3, 0.666667), ('a', 2, 0.0), ('b', 2, 0.0), ('d', 1, 0.0)]
>>> [tuple(row)[:3] for row in triangles(network)]
[('a', 'b', 'c')]
>>> [(row.one, row.other, row.closes) for row in missing_sides(network)]
[('a', 'd', 1), ('b', 'd', 1)]
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import Any

import networkx as nx

from graph_builder.dyad import growth as growth
from graph_builder.problems import UsageError, printable
from graph_builder.rows import Rows, Value

MEANINGS = {
    "measure": "what is measured",
    "value": "its value",
    "node": "key of the node",
    "label": "its name",
    "kind": "what kind of thing it is",
    "degree": "number of nodes that it is joined to",
    "weight": "sum of the weights of its edges",
    "betweenness": "share of the shortest paths between two others that lead over it, between 0 and 1",
    "closeness": "how near it is to the others that it can reach, between 0 and 1",
    "community": "number of its community, 1 being the largest",
    "size": "number of nodes in its community",
    "one": "key of a party",
    "other": "key of another party",
    "third": "key of a third party",
    "oneLabel": "name of the first party",
    "otherLabel": "name of the other party",
    "thirdLabel": "name of the third party",
    "onePact": "whether the three share one pact",
    "closes": "number of triangles that a pact between the two would close",
    "through": "names of their partners in common",
    "year": "the year",
    "pacts": "number of pacts that stood on any day of the year",
    "pairs": "number of pairs of parties that they join",
    "parties": "number of their parties",
    "strictPacts": "number of the pacts that were shown in force",
    "strictPairs": "number of pairs that these join",
    "strictParties": "number of their parties",
    "newPairs": "number of pairs that no pact joined in any year before",
}
"""What the columns of the tables below mean, beside those that a network's own query explains."""
_PLACES = 6
_ENDS = ("source", "target")


def project(rows: Rows) -> nx.Graph[str]:
    """Return the undirected network that rows draw.

    Raises UsageError when the rows have no source and target, join a thing to itself, or give one edge twice: a rule
    says how many pacts become one edge, and the network must not choose among them.
    """
    if missing := [name for name in _ENDS if name not in rows.columns]:
        raise UsageError(f"a network needs the columns source and target; {' and '.join(missing)} is missing")
    on_node = {end: _attributes_of(end, rows.columns) for end in _ENDS}
    taken = {*_ENDS, *(column for names in on_node.values() for column in names)}
    on_edge = [column for column in rows.columns if column not in taken]
    nodes: dict[str, dict[str, Value]] = {}
    edges: dict[tuple[str, str], dict[str, Value]] = {}
    for row in rows:
        for end in _ENDS:
            if row[end] is not None:
                node = nodes.setdefault(str(row[end]), {})
                for column, name in on_node[end].items():
                    if row[column] is not None:
                        node.setdefault(name, row[column])
        if row["source"] is None or row["target"] is None:
            continue
        pair = (min(str(row["source"]), str(row["target"])), max(str(row["source"]), str(row["target"])))
        if pair[0] == pair[1] or pair in edges:
            wrong = "joined to itself" if pair[0] == pair[1] else f"joined to {printable(pair[1])} twice"
            raise UsageError(f"these rows are no network: {printable(pair[0])} is {wrong}; give one row for each edge")
        edges[pair] = {column: row[column] for column in on_edge if row[column] is not None}
    graph: nx.Graph[str] = nx.Graph()
    for key in sorted(nodes):
        graph.add_node(key, **nodes[key])
    for one, other in sorted(edges):
        graph.add_edge(one, other, **edges[one, other])
    return graph


def _attributes_of(end: str, columns: Iterable[str]) -> dict[str, str]:
    named = {column: column[len(end) :] for column in columns if column.startswith(end) and column != end}
    return {column: name[0].lower() + name[1:] for column, name in named.items() if name[0].isupper()}


# ---------------------------------------------------------------- tables


def nodes(graph: nx.Graph[str]) -> Rows:
    """Return a row for each node: its key as ``node``, and its attributes."""
    names = _names(data for _, data in graph.nodes(data=True))
    return Rows(("node", *names), ((key, *map(data.get, names)) for key, data in graph.nodes(data=True)))


def edges(graph: nx.Graph[str]) -> Rows:
    """Return a row for each edge: the keys of its ends as ``source`` and ``target``, and its attributes."""
    names = _names(data for _, _, data in graph.edges(data=True))
    return Rows((*_ENDS, *names), ((a, b, *map(data.get, names)) for a, b, data in graph.edges(data=True)))


def _names(attributes: Iterable[Mapping[str, Any]]) -> list[str]:
    return list(dict.fromkeys(name for data in attributes for name in data))


def tables(graph: nx.Graph[str]) -> dict[str, Rows]:
    """Return every table of a network by its name, the triangles only where its nodes are of one kind."""
    found = {
        "summary": summary(graph),
        "nodes": nodes(graph),
        "edges": edges(graph),
        "centrality": centrality(graph),
        "communities": communities(graph),
    }
    if "Party" in {data.get("kind") for _, data in graph.nodes(data=True)} and _ties(graph):
        found |= {"triangles": triangles(graph), "missing-sides": missing_sides(graph)}
    return found


def summary(graph: nx.Graph[str]) -> Rows:
    """Return the measures of the whole network, a row each: number of nodes, edges, components and so on."""
    kinds = sorted({str(data.get("kind", "")) for _, data in graph.nodes(data=True)})
    measures: list[tuple[str, Value]] = [("nodes", len(graph)), ("edges", graph.number_of_edges())]
    measures += [
        (f"nodes of kind {kind}", sum(data.get("kind") == kind for _, data in graph.nodes(data=True)))
        for kind in kinds
        if kind
    ]
    parts = [len(part) for part in nx.connected_components(graph)]
    measures += [
        ("density", round(nx.density(graph), _PLACES)),
        ("components", len(parts)),
        ("nodes of the largest component", max(parts, default=0)),
        ("transitivity", round(nx.transitivity(graph), _PLACES)),
        ("communities", len(_partition(graph))),
        ("modularity", _modularity(graph)),
    ]
    return Rows(("measure", "value"), measures)


# ---------------------------------------------------------------- centrality and communities


def centrality(graph: nx.Graph[str]) -> Rows:
    """Return a row for each node, the most central first.

    ``degree`` is the number of nodes that it is joined to and ``weight`` the sum of its edges' weights, 1 for each
    without one. ``betweenness`` is the share of the shortest paths between two others that lead over it, and
    ``closeness`` how near it is to the others that it can reach, scaled by how many these are (Wasserman and Faust);
    both lie between 0 and 1, and take every edge as one step.
    """
    betweenness = nx.betweenness_centrality(graph)
    closeness = nx.closeness_centrality(graph)
    rows = [
        (
            key,
            data.get("label"),
            data.get("kind"),
            graph.degree[key],
            round(float(graph.degree(key, weight="weight")), _PLACES),
            round(betweenness[key], _PLACES),
            round(closeness[key], _PLACES),
        )
        for key, data in graph.nodes(data=True)
    ]
    rows.sort(key=lambda row: (-row[3], -row[5], -row[6], row[0]))
    return Rows(("node", "label", "kind", "degree", "weight", "betweenness", "closeness"), rows)


def communities(graph: nx.Graph[str]) -> Rows:
    """Return a row for each node with the number of its community, 1 being the largest, and the community's size.

    Communities are those that the greedy joining of Clauset, Newman and Moore finds for the highest modularity, by the
    weights of the edges; it takes ties in the order of keys.
    """
    rows = [
        (key, graph.nodes[key].get("label"), graph.nodes[key].get("kind"), number, len(part))
        for number, part in enumerate(_partition(graph), start=1)
        for key in part
    ]
    return Rows(("node", "label", "kind", "community", "size"), rows)


def _partition(graph: nx.Graph[str]) -> list[list[str]]:
    keys = sorted(graph)
    if not graph.number_of_edges():
        return [[key] for key in keys]
    # On numbers, whose sets have one order on every run; a set of strings has not.
    numbered = nx.relabel_nodes(graph, {key: number for number, key in enumerate(keys)})
    parts = nx.community.greedy_modularity_communities(numbered, weight="weight")
    return sorted(([keys[number] for number in sorted(part)] for part in parts), key=lambda part: (-len(part), part))


def _modularity(graph: nx.Graph[str]) -> float | None:
    if not graph.number_of_edges():
        return None
    return round(nx.community.modularity(graph, map(set, _partition(graph)), weight="weight"), _PLACES)


# ---------------------------------------------------------------- triangles


def triangles(graph: nx.Graph[str], kind: str = "Party") -> Rows:
    """Return a row for each three nodes of a kind that are joined to each other.

    ``onePact`` tells a triangle that one pact of three or more parties makes by itself, by the keys that its edges
    carry in ``list``.
    """
    ties = _ties(graph, kind)
    rows: list[tuple[Value, ...]] = []
    for one, other in sorted((a, b) for a in ties for b in ties[a] if a < b):
        for third in sorted(key for key in ties[one] & ties[other] if key > other):
            shared = set.intersection(*(_pacts(graph, *side) for side in combinations((one, other, third), 2)))
            labels = (graph.nodes[key].get("label", key) for key in (one, other, third))
            rows.append((one, other, third, *labels, bool(shared)))
    return Rows(("one", "other", "third", "oneLabel", "otherLabel", "thirdLabel", "onePact"), rows)


def missing_sides(graph: nx.Graph[str], kind: str = "Party") -> Rows:
    """Return a row for each two nodes of a kind that are not joined and have joined neighbours in common.

    ``closes`` is the number of triangles that an edge between them would close, the most first, and ``through`` names
    the neighbours. Two parties that a pact of more than two parties joins are no missing side, also where that pact is
    a node of its own.
    """
    ties = _ties(graph, kind)
    rows: list[tuple[Value, ...]] = []
    for one, other in combinations(sorted(ties), 2):
        common = ties[one] & ties[other]
        if not common or other in ties[one] or (set(graph[one]) & set(graph[other])) - set(ties):
            continue
        names = "; ".join(sorted(str(graph.nodes[key].get("label", key)) for key in common))
        labels = (graph.nodes[key].get("label", key) for key in (one, other))
        rows.append((one, other, *labels, len(common), names))
    rows.sort(key=lambda row: (-int(str(row[4])), str(row[0]), str(row[1])))
    return Rows(("one", "other", "oneLabel", "otherLabel", "closes", "through"), rows)


def _ties(graph: nx.Graph[str], kind: str = "Party") -> dict[str, set[str]]:
    of_kind = {key for key, data in graph.nodes(data=True) if data.get("kind", kind) == kind}
    return {key: set(graph[key]) & of_kind for key in sorted(of_kind) if set(graph[key]) & of_kind}


def _pacts(graph: nx.Graph[str], one: str, other: str) -> set[str]:
    return set(str(graph.edges[one, other].get("list", "")).split())
