"""The graph in the formats of other programs: Gephi, QGIS, spreadsheets, data frames, Wikidata.

The same graph gives the same bytes on every run and every machine with the same versions of the libraries.
"""

from __future__ import annotations

import io
import re
import shutil
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from graph_builder.locate import home
from graph_builder.problems import UsageError, did_you_mean, printable
from graph_builder.rows import Rows, Value, optional

if TYPE_CHECKING:
    import networkx

    from graph_builder.api import PactGraph
    from graph_builder.datapackage import Table

FORMATS = {
    "gexf": ".gexf",
    "graphml": ".graphml",
    "csv": "",
    "geojson": ".geojson",
    "xlsx": ".xlsx",
    "parquet": "",
    "dyad-year": ".csv",
    "quickstatements": ".txt",
}
"""Each format and how a file in it is named; those without an ending write a folder."""
_OF_NETWORKS = ("gexf", "graphml", "csv", "xlsx", "parquet")
_KINDS = {bool: "boolean", int: "integer", float: "number", date: "date", str: "string"}


def export(
    graph: PactGraph,
    format: str,
    output: Path | None = None,
    network: str | None = None,
    parameters: Mapping[str, Value] | None = None,
) -> Path | None:
    """Write the graph, or one of its networks, in a format, and return the file or folder written.

    ``format`` is one of FORMATS: ``gexf`` and ``graphml`` write a network, the partner network unless ``network``
    names another; ``csv`` and ``parquet`` write a folder of tables, and ``xlsx`` a workbook of them: those of the
    graph, or those of the network; ``geojson`` the facilities, ``dyad-year`` the years of each two parties, and
    ``quickstatements`` commands for Wikidata. ``parameters`` are those of the network's query, or ``class`` for
    dyad-year. ``output`` is named for its content in the working folder unless given; ``-`` is standard output, for
    which nothing is returned.

    Raises UsageError for a format, network or parameter that is not known, for an output that cannot be written, and
    where the package that a format needs is not installed.
    """
    if format not in FORMATS:
        hint = did_you_mean(format, FORMATS) or f"; it is one of {', '.join(FORMATS)}"
        raise UsageError(f"no export {printable(format)!r}{hint}")
    if network and format not in _OF_NETWORKS:
        raise UsageError(f"{format} is not of a network; these are: {', '.join(_OF_NETWORKS)}")
    if format in ("gexf", "graphml"):
        network = network or "partner"
    given = dict(parameters or {})
    if given and not network and format != "dyad-year":
        raise UsageError("--param goes with a network or dyad-year; name a network with --network")
    if output == Path("-"):
        if format in ("csv", "parquet"):
            raise UsageError(f"{format} writes a folder; name it with -o")
        sys.stdout.flush()
        sys.stdout.buffer.write(_content(graph, format, network, given))
        sys.stdout.buffer.flush()
        return None
    path = output or Path(_named(format, network) + FORMATS[format])
    try:
        if format in ("csv", "parquet"):
            path.mkdir(parents=True, exist_ok=True)
            _write_folder(graph, format, path, network, given)
        else:
            path.write_bytes(_content(graph, format, network, given))
    except OSError as error:
        raise UsageError(f"{printable(str(path))} cannot be written: {error.strerror}") from None
    return path


def _named(format: str, network: str | None) -> str:
    special = {"geojson": "pacts-facilities", "dyad-year": "pacts-dyad-year", "quickstatements": "pacts-wikidata"}
    whole = {"csv": "pacts-tables", "parquet": "pacts-parquet", "xlsx": "pacts"}
    if not network:
        return special.get(format) or whole[format]
    return f"pacts-{network}" + ("-parquet" if format == "parquet" else "")


def _content(graph: PactGraph, format: str, network: str | None, parameters: Mapping[str, Value]) -> bytes:
    if format == "geojson":
        from graph_builder.geojson import facilities

        return facilities(graph).encode()
    if format == "dyad-year":
        return _dyad_years(graph, parameters).to_csv().encode()
    if format == "quickstatements":
        from graph_builder.wikidata import quickstatements

        return quickstatements(graph).encode()
    if format == "xlsx":
        from graph_builder.workbook import workbook

        title = f"Logistics pacts{f': the {network} network' if network else ''}, as of {graph.as_of}"
        return workbook(_tables(graph, network, parameters), title, graph.as_of)
    drawn = graph.network(network or "partner", **parameters)
    return gexf(drawn, graph.as_of) if format == "gexf" else graphml(drawn)


def _dyad_years(graph: PactGraph, parameters: Mapping[str, Value]) -> Rows:
    from graph_builder.dyad import dyad_years

    if unknown := [name for name in parameters if name != "class"]:
        raise UsageError(f"dyad-year has no parameter {printable(unknown[0])!r}; it has: class")
    wanted = parameters.get("class")
    return dyad_years(graph, None if wanted is None else str(wanted))


# ---------------------------------------------------------------- networks


def gexf(network: networkx.Graph[str], as_of: date) -> bytes:
    """Return a network in GEXF 1.2, as Gephi reads it; ``as_of`` is the date that the file bears."""
    import networkx as nx

    text = "\n".join(nx.generate_gexf(_plain(network), version="1.2draft"))
    text = re.sub(r'(lastmodifieddate=")[^"]*', rf"\g<1>{as_of.isoformat()}", text, count=1)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()


def graphml(network: networkx.Graph[str]) -> bytes:
    """Return a network in GraphML, as yEd, igraph and networkx read it."""
    import networkx as nx

    text = "\n".join(nx.generate_graphml(_plain(network)))
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()


def _plain(network: networkx.Graph[str]) -> networkx.Graph[str]:
    """Return a copy with dates as text, which these formats have no type for."""
    copy = network.copy()
    for data in (*(data for _, data in copy.nodes(data=True)), *(data for _, _, data in copy.edges(data=True))):
        for name, value in data.items():
            if isinstance(value, date):
                data[name] = value.isoformat()
    return copy


# ---------------------------------------------------------------- tables


def _tables(graph: PactGraph, network: str | None, parameters: Mapping[str, Value]) -> dict[str, Rows]:
    """Return the tables of the graph, or of one of its networks, by name."""
    if network:
        from graph_builder import network as networks

        wanted = parameters.get("class")
        found = networks.tables(graph.network(network, **parameters))
        if network == "partner":
            found["growth"] = networks.growth(graph, None if wanted is None else str(wanted))
        return found
    tables = {path.stem: graph.query(path) for path in sorted((home() / "queries" / "tables").glob("*.rq"))}
    if graph.dist and (claims := graph.dist / "tables" / "claims.csv").is_file():
        tables["claims"] = _read_csv(claims)
    return dict(sorted(tables.items()))


def _read_csv(path: Path) -> Rows:
    import csv

    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        columns = next(rows)
        return Rows(columns, [[cell or None for cell in row] for row in rows])


def _write_folder(
    graph: PactGraph, format: str, folder: Path, network: str | None, parameters: Mapping[str, Value]
) -> None:
    from graph_builder.datapackage import datapackage

    if format == "csv" and not network and graph.dist and (graph.dist / "tables").is_dir():
        for path in sorted((graph.dist / "tables").glob("*.csv")):
            shutil.copyfile(path, folder / path.name)
        datapackage(folder)
        return
    tables = _tables(graph, network, parameters)
    for name, rows in tables.items():
        if format == "csv":
            (folder / f"{name}.csv").write_text(rows.to_csv(), encoding="utf-8", newline="")
        else:
            (folder / f"{name}.parquet").write_bytes(parquet(rows))
    if format == "csv" and network:
        datapackage(folder, _described(network, tables), f"Logistics pacts: the {network} network")
    elif format == "csv":
        datapackage(folder)


def _described(network: str, tables: Mapping[str, Rows]) -> dict[str, Table]:
    from graph_builder.datapackage import Table
    from graph_builder.network import MEANINGS
    from graph_builder.query import find_query

    query = find_query(network, home() / "queries" / "networks")
    on_node = {name[6].lower() + name[7:]: meaning for name, meaning in query.columns.items() if name[6:]}
    columns = {"nodes": MEANINGS | on_node, "edges": query.columns}
    summaries = {"nodes": "The nodes of the network.", "edges": query.summary}
    return {
        name: Table(
            summaries.get(name, f"The network's {name.replace('-', ' ')}."),
            columns.get(name, MEANINGS),
            {column: _KINDS[kind] for column, kind in rows.kinds().items()},
        )
        for name, rows in tables.items()
    }


def parquet(rows: Rows) -> bytes:
    """Return rows as an Apache Parquet file; raises UsageError where polars is not installed."""
    optional("polars", "parquet")
    buffer = io.BytesIO()
    rows.to_polars().write_parquet(buffer, compression="zstd")
    return buffer.getvalue()
