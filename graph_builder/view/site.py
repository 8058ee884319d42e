"""The built graph as pages see it: what their queries answer."""

from __future__ import annotations

from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from graph_builder.locate import home
from graph_builder.prefixes import load_prefixes
from graph_builder.problems import UsageError
from graph_builder.query import ShippedQuery, bind, cell, example_values, run, shipped_queries

Row = dict[str, str]
#: Rows of an example that the page of a query shows.
SAMPLE = 8


class Site:
    """The queries of pages, and their rows."""

    def __init__(self, dist: Path) -> None:
        self.dist = dist
        self.prefixes = load_prefixes(home() / "ontology")
        folder = home() / "queries"
        self.shipped = shipped_queries(folder)
        self.views = {query.name: query for query in shipped_queries(folder / "views")}
        self.reports = shipped_queries(folder / "report")
        self.known: dict[Path, list[Row]] = {}

    def rows(self, query: ShippedQuery, most: int | None = None, **values: str) -> list[Row]:
        """Return the rows of a query, at most so many, as texts; things are named by their keys.

        Where it has no values, those of ``known`` are taken if they are there. Raises UsageError when no graph was
        built.
        """
        if not values and query.path in self.known:
            return self.known[query.path]
        result: Any = run(self._store, bind(query, values, self.prefixes), self.prefixes)
        names = [variable.value for variable in result.variables]
        return [{name: cell(row[name]) for name in names} for row in islice(result, most)]

    def answers(self) -> dict[Path, list[Row]]:
        """Return the rows of the queries of views and reports by the paths of their files."""
        return {query.path: self.rows(query) for query in (*self.views.values(), *self.reports)}

    def samples(self) -> dict[str, list[Row]]:
        """Return the first rows of the example of every query that users run, by its name."""
        return {query.name: self.rows(query, most=SAMPLE, **example_values(query)) for query in self.shipped}

    @cached_property
    def _store(self) -> ox.Store:
        """The graph in memory: pages ask so much that to read it once is faster than to ask the store on the disk."""
        store = ox.Store()
        try:
            store.load(path=str(self.dist / "graph.nt"), format=ox.RdfFormat.N_TRIPLES, lenient=True)
        except OSError:
            raise UsageError(f"no graph in {self.dist}; build it with: pacts build") from None
        return store
