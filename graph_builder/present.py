"""Printing a query's result: a table for people, or a format for programs."""

from __future__ import annotations

import io
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import pyoxigraph as ox

from graph_builder.problems import UsageError, printable
from graph_builder.query import cell

_ENGINE_FORMATS = {
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
}


def present(result: Any, format: str, prefixes: Mapping[str, str]) -> None:
    """Print a result in a format; raises UsageError when the result has no such form."""
    if isinstance(result, ox.QueryTriples):
        if format not in ("table", "ttl"):
            raise UsageError(f"this query constructs triples; print them with --format ttl, not {format}")
        _write(ox.serialize(result, format=ox.RdfFormat.TURTLE, prefixes=dict(prefixes)) or b"")
        return
    if format == "ttl":
        raise UsageError("this query selects rows; print them with --format table, csv, json, xml, tsv or md")
    if format in _ENGINE_FORMATS:
        if isinstance(result, ox.QueryBoolean) and format in ("csv", "tsv"):
            _write(b"true\n" if result else b"false\n")
            return
        buffer = io.BytesIO()
        result.serialize(buffer, format=_ENGINE_FORMATS[format])
        content = buffer.getvalue()
        _write(content if content.endswith(b"\n") else content + b"\n")
        return
    if isinstance(result, ox.QueryBoolean):
        print("true" if result else "false")
        return
    columns = [variable.value for variable in result.variables]
    present_rows(columns, [[printable(cell(row[name]), 10_000) for name in columns] for row in result], format)


def present_rows(columns: Sequence[str], rows: Sequence[Sequence[str]], format: str) -> None:
    """Print rows of texts as a table, csv or md."""
    if format == "md":
        _markdown(columns, rows)
    elif format == "csv":
        import csv

        csv.writer(sys.stdout, lineterminator="\n").writerows([columns, *rows])
    else:
        table(columns, rows)


def _write(content: bytes) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def _markdown(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    print("| " + " | ".join(columns) + " |")
    print("|" + " --- |" * len(columns))
    for row in rows:
        print("| " + " | ".join(markdown_cell(value) for value in row) + " |")


def markdown_cell(value: str) -> str:
    """Return a text as a cell of a Markdown table: its marks are text."""
    for mark in "\\|<>*_`[]":
        value = value.replace(mark, "\\" + mark)
    return value


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows as a table: fitted to a terminal, or whole and without colour where output is piped."""
    if not sys.stdout.isatty():
        widths = [max([len(name), *(len(row[i]) for row in rows)]) for i, name in enumerate(columns)]
        lines = [list(columns), ["-" * width for width in widths], *rows]
        for line in lines:
            print("  ".join(value.ljust(width) for value, width in zip(line, widths, strict=True)).rstrip())
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    shown = [i for i in range(len(columns)) if any(row[i] for row in rows)] or list(range(len(columns)))
    grid = Table(header_style="bold", row_styles=("", "dim"), expand=False)
    for i in shown:
        grid.add_column(Text(columns[i]), overflow="fold")
    for row in rows:
        grid.add_row(*(Text(row[i]) for i in shown))
    console = Console()
    empty = [columns[i] for i in range(len(columns)) if i not in shown]
    if len(rows) > console.height:
        with console.pager(styles=True, links=False):
            console.print(grid)
    else:
        console.print(grid)
    console.print(
        Text(f"{len(rows)} row{'' if len(rows) == 1 else 's'}" + (f"; empty: {', '.join(empty)}" if empty else ""))
    )
