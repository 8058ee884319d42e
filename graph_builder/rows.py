"""What a query answers, as Python values: rows with named columns, and data frames of them."""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from importlib import import_module
from typing import TYPE_CHECKING, Any, overload

import pyoxigraph as ox

from graph_builder.problems import UsageError, did_you_mean, printable
from graph_builder.terms import XSD, key_of

if TYPE_CHECKING:
    import pandas
    import polars

Value = str | int | float | bool | date | None
"""A key or an address for a thing, a literal's value, or None where a row has nothing in a column."""

_WHOLE = frozenset(
    XSD + name
    for name in (
        "integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger", "negativeInteger",
        "nonPositiveInteger", "unsignedInt", "unsignedLong", "unsignedShort", "unsignedByte",
    )
)  # fmt: skip
_REAL = frozenset(XSD + name for name in ("decimal", "double", "float"))
_SHOWN = 60
"""How many rows a notebook shows."""


def value_of(term: Any) -> Value:
    """Return the Python value of an RDF term.

    A thing of this data set becomes its key and any other IRI stays whole; xsd:date becomes a date, whole numbers
    int, xsd:decimal and the floating types float, xsd:boolean bool, and every other literal its text. A literal
    whose text its datatype does not allow becomes its text too.

    >>> value_of(ox.NamedNode("https://w3id.org/logistics-pacts/id/pact/relos"))
    'pact/relos'
    >>> value_of(ox.Literal("2025-02-18", datatype=ox.NamedNode(XSD + "date")))
    datetime.date(2025, 2, 18)
    """
    if isinstance(term, ox.NamedNode):
        return key_of(term.value)
    if not isinstance(term, ox.Literal):
        return None if term is None else str(term)
    text, datatype = term.value, term.datatype.value
    try:
        if datatype == XSD + "date":
            return date.fromisoformat(text)
        if datatype in _WHOLE:
            return int(text)
        if datatype in _REAL:
            return float(text)
    except ValueError:
        return text
    if datatype == XSD + "boolean" and text in ("true", "1", "false", "0"):
        return text in ("true", "1")
    return text


def text_of(value: Value) -> str:
    """Return a value as CSV and N-Triples write it: true, 2025-02-18, 12.5, and nothing for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)


class Row:
    """One row: its values by column name, as an attribute or a key, and by position.

    >>> row = Rows(["pact", "parties"], [("pact/relos", 2)])[0]
    >>> row.pact, row["parties"], row[0]
    ('pact/relos', 2, 'pact/relos')
    >>> dict(row)
    {'pact': 'pact/relos', 'parties': 2}
    >>> pact, parties = row
    """

    __slots__ = ("_columns", "_values")
    _columns: tuple[str, ...]
    _values: tuple[Value, ...]

    def __init__(self, columns: tuple[str, ...], values: Iterable[Value]) -> None:
        self._columns = columns
        self._values = tuple(values)

    def keys(self) -> tuple[str, ...]:
        """Return the names of the columns."""
        return self._columns

    def __getitem__(self, key: str | int) -> Value:
        if isinstance(key, int):
            return self._values[key]
        try:
            return self._values[self._columns.index(key)]
        except ValueError:
            raise KeyError(f"no column {printable(key)!r}{self._hint(key)}") from None

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in self._columns:
            raise AttributeError(f"no column {name!r}{'' if name.startswith('_') else self._hint(name)}")
        return self._values[self._columns.index(name)]

    def _hint(self, name: str) -> str:
        return did_you_mean(name, self._columns) or f"; there are: {', '.join(self._columns)}"

    def __iter__(self) -> Iterator[Value]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Row):
            return self._columns == other._columns and self._values == other._values
        return self._values == other

    def __hash__(self) -> int:
        return hash(self._values)

    def __repr__(self) -> str:
        return f"Row({', '.join(f'{c}={v!r}' for c, v in zip(self._columns, self._values, strict=True))})"


class Rows(Sequence[Row]):
    """The rows of an answer, in its order, with the names of its ``columns``.

    >>> rows = Rows(["pact", "parties"], [("pact/relos", 2), ("pact/lemoa", 2)])
    >>> len(rows), [row.pact for row in rows]
    (2, ['pact/relos', 'pact/lemoa'])
    >>> rows.column("parties")
    [2, 2]
    """

    def __init__(self, columns: Iterable[str], values: Iterable[Iterable[Value]]) -> None:
        self.columns = tuple(columns)
        self._rows = [Row(self.columns, row) for row in values]

    @overload
    def __getitem__(self, index: int) -> Row: ...

    @overload
    def __getitem__(self, index: slice) -> Rows: ...

    def __getitem__(self, index: int | slice) -> Row | Rows:
        return Rows(self.columns, self._rows[index]) if isinstance(index, slice) else self._rows[index]

    def __len__(self) -> int:
        return len(self._rows)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Rows):
            return self.columns == other.columns and self._rows == other._rows
        return NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<{len(self)} row{'' if len(self) == 1 else 's'}: {', '.join(self.columns)}>"

    def column(self, name: str) -> list[Value]:
        """Return a column's values in the order of rows; an unknown name raises KeyError."""
        if name not in self.columns:
            raise KeyError(f"no column {printable(name)!r}{did_you_mean(name, self.columns)}")
        place = self.columns.index(name)
        return [row[place] for row in self._rows]

    def kinds(self) -> dict[str, type]:
        """Return the type of each column: bool, int, float, date, or str for all that is mixed or empty.

        >>> Rows(["a", "b"], [(1, None), (2.5, None)]).kinds()
        {'a': <class 'float'>, 'b': <class 'str'>}
        """
        return {name: _kind({type(value) for value in self.column(name)} - {type(None)}) for name in self.columns}

    def to_csv(self) -> str:
        """Return the rows as CSV with a header, lines ending in a line feed."""
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\n")
        writer.writerow(self.columns)
        writer.writerows([text_of(value) for value in row] for row in self._rows)
        return buffer.getvalue()

    def to_pandas(self) -> pandas.DataFrame:
        """Return the rows as a pandas data frame.

        Columns are typed by ``kinds``: boolean, Int64, float64, datetime64[s], string. Raises UsageError where pandas
        is not installed.
        """
        frames = optional("pandas")
        columns = {}
        for name, kind in self.kinds().items():
            values = _uniform(self.column(name), kind)
            if kind is date:
                columns[name] = frames.Series(values, dtype="object").astype("datetime64[s]")
            else:
                dtype = {bool: "boolean", int: "Int64", float: "float64", str: "string"}[kind]
                columns[name] = frames.Series(values, dtype=dtype)
        return frames.DataFrame(columns, columns=list(self.columns))

    def to_polars(self) -> polars.DataFrame:
        """Return the rows as a polars data frame.

        Columns are typed by ``kinds``: Boolean, Int64, Float64, Date, String. Raises UsageError where polars is not
        installed.
        """
        frames = optional("polars")
        types = {bool: frames.Boolean, int: frames.Int64, float: frames.Float64, str: frames.String, date: frames.Date}
        kinds = self.kinds()
        values = {name: _uniform(self.column(name), kind) for name, kind in kinds.items()}
        frame: polars.DataFrame = frames.DataFrame(values, schema={name: types[kind] for name, kind in kinds.items()})
        return frame

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{html.escape(name)}</th>" for name in self.columns)
        body = "".join(
            "<tr>" + "".join(f"<td>{html.escape(text_of(value))}</td>" for value in row) + "</tr>"
            for row in self._rows[:_SHOWN]
        )
        more = f"<p>… and {len(self) - _SHOWN} more rows</p>" if len(self) > _SHOWN else ""
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"


def _kind(found: set[type]) -> type:
    if len(found) == 1:
        return found.pop()
    return float if found == {int, float} else str


def _uniform(values: list[Value], kind: type) -> list[Any]:
    if kind is str:
        return [None if value is None else text_of(value) for value in values]
    return [None if value is None else float(value) for value in values] if kind is float else values  # type: ignore[arg-type]


def optional(name: str, extra: str = "") -> Any:
    """Import an optional package; raises UsageError that says how to install it."""
    try:
        return import_module(name)
    except ImportError:
        raise UsageError(
            f"{name} is not installed; install it with: pip install 'logistics-pacts[{extra or name}]'"
        ) from None
