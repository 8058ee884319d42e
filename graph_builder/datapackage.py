"""A Frictionless data package: datapackage.json, which says of a folder's CSV files what each column holds.

The format is the Data Package standard's first version, which every reader of it knows:
https://specs.frictionlessdata.io/tabular-data-package/
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from graph_builder.locate import home
from graph_builder.query import load_query

FILE = "datapackage.json"

_TYPES = {"earliest": "date", "latest": "date", "latitude": "number", "longitude": "number"}
"""The columns of the tables that are not text; a date that may be less than a day is text."""
_KEYS = {"pacts": "pact", "facilities": "facility", "sources": "source"}
"""The column that names each row of a table, and to which the same column of other tables refers."""
_CLAIMS = {
    "subject": "key of what the claim is about",
    "property": "the property that it is on",
    "value": "the value that the source states; none is its confirmed absence",
    "source": "key of the source",
    "lang": "language of the value, as a BCP 47 tag",
    "printed": "the value as the source prints it, where that differs",
    "locator": "where in the source it stands",
    "note": "an editor's remark on how it is to be read",
}


@dataclass(frozen=True, slots=True)
class Table:
    """What is to be said of one CSV file: its summary, and the meaning and type of its columns by name."""

    summary: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    types: Mapping[str, str] = field(default_factory=dict)


def datapackage(
    folder: Path, tables: Mapping[str, Table] | None = None, title: str = "Logistics pacts: the tables"
) -> Path:
    """Write datapackage.json beside the CSV files of a folder, and return its path.

    ``tables`` describes the files by the stem of their names; unless given, they are the tables of a build, whose
    meaning stands in the headers of queries/tables. Every file becomes a resource, in the order of names, with its
    size and checksum; the same files give the same bytes.
    """
    described = tables if tables is not None else _built_tables()
    names = sorted(path.stem for path in folder.glob("*.csv"))
    keys = {table: key for table, key in _KEYS.items() if table in names} if tables is None else {}
    package = {
        "profile": "tabular-data-package",
        "name": "logistics-pacts",
        "title": title,
        "licenses": [{"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}],
        "resources": [_resource(folder / f"{name}.csv", described.get(name, Table()), keys) for name in names],
    }
    path = folder / FILE
    path.write_text(json.dumps(package, indent=2, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")
    return path


def _built_tables() -> dict[str, Table]:
    tables = {"claims": Table("Every claim that a source makes.", _CLAIMS)}
    for path in sorted((home() / "queries" / "tables").glob("*.rq")):
        query = load_query(path)
        tables[query.name] = Table(query.summary, query.columns, _TYPES)
    return tables


def _resource(path: Path, table: Table, keys: Mapping[str, str]) -> dict[str, Any]:
    content = path.read_bytes()
    with path.open(encoding="utf-8", newline="") as file:
        columns = next(csv.reader(file), [])
    schema: dict[str, Any] = {
        "fields": [_field(name, table) for name in columns],
        "missingValues": [""],
    }
    if (key := keys.get(path.stem)) in columns:
        schema["primaryKey"] = [key]
    if references := [
        {"fields": [key], "reference": {"resource": other, "fields": [key]}}
        for other, key in sorted(keys.items())
        if other != path.stem and key in columns
    ]:
        schema["foreignKeys"] = references
    return {
        "profile": "tabular-data-resource",
        "name": path.stem,
        "path": path.name,
        "description": table.summary,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": schema,
    }


def _field(name: str, table: Table) -> dict[str, str]:
    described = {"name": name, "type": table.types.get(name, "string")}
    return described | ({"description": meaning} if (meaning := table.columns.get(name)) else {})
