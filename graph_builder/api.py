"""The built graph for use from Python: queries, networks, and rdflib at the speed of the store beneath."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from graph_builder import query as queries
from graph_builder.locate import default_dist, home
from graph_builder.prefixes import load_prefixes
from graph_builder.problems import UsageError, did_you_mean, printable
from graph_builder.rows import Rows, Value, text_of, value_of

if TYPE_CHECKING:
    import networkx
    import rdflib

_TEXT = "{} \n?"
"""What no name of a query holds and every text of one does."""
_TRIPLE = ("subject", "predicate", "object")


def open_graph(dist: str | Path | None = None) -> PactGraph:
    """Open the built graph for reading.

    ``dist`` is the folder that a build wrote, the usual one unless given. Raises UsageError when nothing was built
    there.

    >>> open_graph("no-such-folder")
    Traceback (most recent call last):
    graph_builder.problems.UsageError: no graph in no-such-folder; build it with: pacts build
    """
    folder = Path(dist) if dist is not None else default_dist()
    return PactGraph(queries.open_store(folder), load_prefixes(home() / "ontology"), folder)


class PactGraph:
    """A graph of pacts, for reading: get one from open_graph().

    >>> graph = open_graph()
    >>> graph.query("SELECT ?party WHERE { pact:relos lp:party ?party } ORDER BY ?party").column("party")
    ['party/india', 'party/russia']
    """

    def __init__(self, store: ox.Store, prefixes: Mapping[str, str], dist: Path | None = None) -> None:
        """Read ``store``; ``prefixes`` need no PREFIX lines in queries; ``dist`` is where tables and cards are read."""
        self.store = store
        self.prefixes = dict(prefixes)
        self.dist = dist

    def __repr__(self) -> str:
        return f"<PactGraph {self.dist or 'in memory'}: {len(self.store):,} triples>"

    def query(self, what: str | Path, /, **parameters: Value) -> Rows:
        """Run a query and return its rows.

        ``what`` is the name of a shipped query, SPARQL text, or the path of a query file. ``parameters`` are those
        of its header: keys such as ``"pact/relos"`` or ``"relos"``, dates, numbers; None leaves one at its default,
        and a name that Python reserves is written with an underscore after it (``from_``). CONSTRUCT and DESCRIBE
        give rows of subject, predicate and object.

        Raises UsageError for a name, a parameter or a text that is wrong, and for ASK, which ``ask`` answers.

        >>> graph = open_graph()
        >>> text = "SELECT ?person WHERE { pact:relos lp:signedBy/rdfs:label ?person } ORDER BY ?person"
        >>> for row in graph.query(text):
        ...     print(row.person)
        Alexander Fomin
        Vinay Kumar
        >>> rows = graph.query("in-force-on", date="2026-02-01", party="russia")
        >>> rows.columns[:3]
        ('pact', 'label', 'class')
        >>> graph.query("signatory")
        Traceback (most recent call last):
        graph_builder.problems.UsageError: no query 'signatory'; did you mean signatories?
        """
        return self._rows(what, home() / "queries", parameters)

    def ask(self, text: str) -> bool:
        """Answer an ASK query; raises UsageError for any other.

        >>> open_graph().ask("ASK { pact:relos lp:party party:india }")
        True
        """
        result = self._run(text)
        if not isinstance(result, ox.QueryBoolean):
            raise UsageError("this query does not ask yes or no; use query() in the place of ask()")
        return bool(result)

    def queries(self, word: str = "") -> Rows:
        """Return the shipped queries that speak of a word, all of them unless given: name, summary, parameters.

        >>> "triangles" in open_graph().queries("network").column("name")
        True
        """
        found = (
            q
            for q in queries.shipped_queries()
            if word.lower() in f"{q.name} {q.summary} {q.description} {' '.join(q.tags)}".lower()
        )
        columns = ("name", "summary", "parameters")
        return Rows(columns, ((q.name, q.summary, ", ".join(p.name for p in q.parameters)) for q in found))

    def network(self, what: str | Path = "partner", /, **parameters: Value) -> networkx.Graph[str]:
        """Return a network: partner, facility, signatory or source, or that of a query of one's own.

        A query draws a network when it has the columns source and target; queries/networks/ says by which rule the
        shipped ones join two things. Nodes are keys, with a label and a kind; edges carry the other columns. See
        graph_builder.network for centrality, triangles and communities.

        Raises UsageError as ``query`` does, and for rows that are no network.

        >>> open_graph().network("facility", state="india")
        Traceback (most recent call last):
        graph_builder.problems.UsageError: facility has no parameter 'state'; it has: pact, access
        >>> network = open_graph().network("signatory")
        >>> network.nodes["pact/relos"]["kind"]
        'Pact'
        """
        from graph_builder.network import project

        return project(self._rows(what, home() / "queries" / "networks", parameters))

    def show(self, subject: str) -> Rows:
        """Return what is accepted of a subject, a row a value, with its sources and whether it is contested.

        ``subject`` is a key or an unmistakable part of a key or a name. Raises UsageError when it means nothing, or
        several things.

        >>> [row.value for row in open_graph().show("relos") if row.property == "party"]
        ['party/india', 'party/russia']
        """
        return self._rows("facts", home() / "queries" / "cards", {"subject": self._find(subject)})

    def why(self, subject: str, property: str | None = None) -> Rows:
        """Return every claim on a subject, or on one property of it, with how it stands: accepted, supports, rival.

        Raises UsageError when the subject means nothing or nothing is claimed of it.

        >>> rows = open_graph().why("pact/relos/approval/federation-council", "date")
        >>> sorted({(row.stands, row.value) for row in rows})
        [('accepted', '2025-12-10'), ('rival', '2025-12-08')]
        """
        key = self._find(subject)
        rows = self.query("why", subject=key, property=property)
        if not rows:
            known = sorted({str(row.property) for row in self.query("why", subject=key)})
            has = did_you_mean(property or "", known) or (f"; claims are on: {', '.join(known)}" if known else "")
            raise UsageError(f"nothing is claimed of {key} {printable(property or '')}".rstrip() + has)
        return rows

    @cached_property
    def as_of(self) -> date:
        """The day for which the graph's statuses hold."""
        found = self.query("SELECT ?day WHERE { id:dataset lp:asOf ?day }").column("day")
        if not found or not isinstance(found[0], date):
            raise UsageError("the graph has no day of its own (lp:asOf); build it with: pacts build")
        return found[0]

    @cached_property
    def graph(self) -> rdflib.Graph:
        """The graph as an rdflib graph over the same store, the project's prefixes bound.

        >>> len(open_graph().graph) > 10_000
        True
        """
        import rdflib
        from oxrdflib import OxigraphStore
        from rdflib.graph import DATASET_DEFAULT_GRAPH_ID

        graph = rdflib.Graph(store=OxigraphStore(store=self.store), identifier=DATASET_DEFAULT_GRAPH_ID)
        for prefix, namespace in self.prefixes.items():
            graph.store.bind(prefix, rdflib.URIRef(namespace), override=True)
        return graph

    def _rows(self, what: str | Path, folder: Path, parameters: Mapping[str, Value]) -> Rows:
        result = self._run(self._text(what, folder, parameters))
        if isinstance(result, ox.QueryBoolean):
            raise UsageError("this query asks yes or no; use ask() in the place of query()")
        if isinstance(result, ox.QueryTriples):
            return Rows(_TRIPLE, ((value_of(t.subject), value_of(t.predicate), value_of(t.object)) for t in result))
        columns = [variable.value for variable in result.variables]
        return Rows(columns, ([value_of(term) for term in solution] for solution in result))

    def _text(self, what: str | Path, folder: Path, parameters: Mapping[str, Value]) -> str:
        given = {name.rstrip("_"): text_of(value) for name, value in parameters.items() if value is not None}
        if isinstance(what, Path):
            try:
                text = what.read_text(encoding="utf-8")
            except OSError as error:
                raise UsageError(f"{printable(str(what))} cannot be read: {error.strerror}") from None
            except UnicodeDecodeError:
                raise UsageError(f"{printable(str(what))} is not UTF-8; save it as UTF-8") from None
            if text.startswith("#+"):
                return queries.bind(queries.load_query(what), given, self.prefixes)
        elif any(mark in what for mark in _TEXT):
            text = what
        else:
            return queries.bind(queries.find_query(what, folder), given, self.prefixes)
        if given:
            raise UsageError("parameters go with a shipped query; this is a query text")
        return text

    def _run(self, text: str) -> Any:
        queries.check_query_text(text)
        return queries.run(self.store, text, self.prefixes)

    def _find(self, subject: str) -> str:
        from graph_builder.show import Card

        node = queries.resolve(subject, self.prefixes)
        if node and next(iter(self.store.quads_for_pattern(node, None, None)), None):
            return str(value_of(node))
        if self.dist is None:
            raise UsageError(f"nothing has the key {printable(subject)!r}")
        return Card(self.dist).find(subject)
