"""From the rows of a network query to the records of its pages.

A network query gives an edge in each row: from, to and relation, with fromLabel, fromKind, toLabel and toKind; and
where it has them, contested, aside, start, end, the pact that the edge rests on and the subject that it is about.
Rows that differ in pact or subject only are one edge. A query whose view is drawn for each thing of a class has a
column of that name, and gives a page for every thing in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from graph_builder.query import ShippedQuery, bind
from graph_builder.view.model import Edge, Fact, NetworkPage, Node, PactRef

Row = Mapping[str, str]
Address = Callable[[str], str]
"""Gives the address of the page about a thing, or nothing where it has none."""

#: Actions that set a status, the strongest first; an end or a suspension counts unless a renewal comes after it
#: (ontology/rules/50-status.rq).
_ENDINGS = {"Termination": "terminated", "Expiry": "expired", "Suspension": "suspended"}
_STANDING = {
    "EntryIntoForce": "in-force",
    "ProvisionalApplication": "provisionally-applied",
    "Operationalisation": "operational",
    "Signature": "signed",
    "Initialling": "under-negotiation",
    "Negotiation": "under-negotiation",
}


def changes(steps: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the days on which a pact's status changed, and to what, from its actions: class and first day.

    >>> changes([("Signature", "2016-08-29"), ("EntryIntoForce", "2016-08-29"), ("Expiry", "2020-01-01")])
    [('2016-08-29', 'in-force'), ('2020-01-01', 'expired')]
    """
    dated = sorted((day, action) for action, day in steps)
    found: list[tuple[str, str]] = []
    for day in sorted({day for day, _ in dated}):
        status = _status_on(day, dated)
        if status and (not found or found[-1][1] != status):
            found.append((day, status))
    return found


def _status_on(today: str, dated: Sequence[tuple[str, str]]) -> str:
    past = [(day, action) for day, action in dated if day <= today]
    renewed = max((day for day, action in past if action == "Renewal"), default="")
    for ending, status in _ENDINGS.items():
        if any(action == ending and day > renewed for day, action in past):
            return status
    held = {action for _, action in past}
    return next((status for action, status in _STANDING.items() if action in held), "")


def pact_refs(rows: Iterable[Row], contested: Iterable[str] = (), address: Address = lambda key: "") -> list[PactRef]:
    """Return the pacts of queries/views/standings.rq; ``contested`` are the keys of those in doubt."""
    doubtful = set(contested)
    refs = []
    for key, group in groupby(rows, key=lambda row: row["pact"]):
        lines = list(group)
        first = lines[0]
        refs.append(
            PactRef(
                id=key,
                label=first["label"],
                kind=first["class"],
                status=first["status"].rpartition("/")[2],
                parties={row["party"]: row["partyLabel"] for row in lines if row["party"]},
                changes=tuple(changes((row["action"], row["day"]) for row in lines if row["action"])),
                contested=key in doubtful,
                href=address(key),
            )
        )
    return refs


def network_pages(
    query: ShippedQuery,
    rows: Sequence[Row],
    details: Mapping[str, Sequence[Fact]],
    pacts: Mapping[str, PactRef],
    prefixes: Mapping[str, str],
    as_of: str = "",
    address: Address = lambda key: "",
) -> Iterator[tuple[str, NetworkPage]]:
    """Yield the pages of a network query from the rows that it gives with its parameters left open.

    With each page comes the key of the thing that it is drawn for, or nothing.
    """
    for key, some in grouped(query, rows).items():
        yield key, _page(query, key, some, details, pacts, prefixes, as_of, address)


def grouped(query: ShippedQuery, rows: Sequence[Row]) -> Mapping[str, Sequence[Row]]:
    """Return the rows of each page of a network query by the key of the thing that it is drawn for, or nothing."""
    each = query.view.get("each")
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row[each] if each else "", []).append(row)
    return dict(sorted(groups.items()))


def page_name(view: str, key: str = "") -> str:
    """Return the name of a view's page of a thing: pact-network and pact/relos give pact-network-relos."""
    return "-".join(filter(None, (view, key.partition("/")[2].replace("/", "-"))))


def _page(
    query: ShippedQuery,
    key: str,
    rows: Sequence[Row],
    details: Mapping[str, Sequence[Fact]],
    pacts: Mapping[str, PactRef],
    prefixes: Mapping[str, str],
    as_of: str,
    address: Address,
) -> NetworkPage:
    nodes: dict[str, Node] = {}
    for row in rows:
        for end in ("from", "to"):
            node = row[end]
            if node not in nodes:
                doubtful = any(fact.contested for fact in details.get(node, ()))
                nodes[node] = Node(node, row[f"{end}Label"], row[f"{end}Kind"], doubtful, href=address(node))
    edges = list(_edges(rows))
    used = {pact for edge in edges for pact in edge.pacts} & pacts.keys()
    told = [*nodes, *(subject for edge in edges for subject in edge.about)]
    label = nodes[key].label if key in nodes else pacts[key].label if key in pacts else key
    view: Mapping[str, Any] = query.view
    return NetworkPage(
        name=page_name(query.name, key),
        title=str(view.get("title", query.summary)).replace("{label}", label),
        description=query.summary,
        nodes=list(nodes.values()),
        edges=edges,
        details={subject: details[subject] for subject in told if subject in details},
        query=bind(query, {view["each"]: key} if key else {}, prefixes),
        as_of=as_of,
        pacts=[pacts[pact] for pact in sorted(used)],
        by_status=bool(view.get("by_status")),
        directed=bool(view.get("directed", True)),
        hindi={part: str(words).replace("{label}", label) for part, words in view.get("hindi", {}).items()},
    )


def _edges(rows: Iterable[Row]) -> Iterator[Edge]:
    """Yield an edge for the rows of the same ends, relation and dates."""
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        one = (row["from"], row["to"], row["relation"], row.get("start", ""), row.get("end", ""))
        groups.setdefault(one, []).append(row)
    for (source, target, relation, start, end), some in groups.items():
        yield Edge(
            source,
            target,
            relation,
            any(row.get("contested") == "true" for row in some),
            start or None,
            end or None,
            tuple(dict.fromkeys(row["pact"] for row in some if row.get("pact"))),
            tuple(dict.fromkeys(row["about"] for row in some if row.get("about"))),
            any(row.get("aside") == "true" for row in some),
        )
