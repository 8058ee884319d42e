"""The tables of the graph as CSV, one for each query of queries/tables/."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

import pyoxigraph as ox

from graph_builder.problems import BadInputError, Problem
from graph_builder.query import run_file


def write_tables(folder: Path, queries: Path, store: ox.Store, prefixes: Mapping[str, str]) -> None:
    """Write a CSV file for each query of a folder, under the query's name."""
    for path in sorted(queries.glob("*.rq")):
        result = run_file(store, path, prefixes)
        if not isinstance(result, ox.QuerySolutions):
            raise BadInputError([Problem(str(path), 1, 1, "is no SELECT query; a table is selected")])
        buffer = io.BytesIO()
        result.serialize(buffer, format=ox.QueryResultsFormat.CSV)
        content = buffer.getvalue().replace(b"\r\n", b"\n")
        (folder / f"{path.stem}.csv").write_bytes(content)
