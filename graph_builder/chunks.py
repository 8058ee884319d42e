"""Cutting rows of any size into pieces that are read on their own: CSV, JSON Lines and Parquet.

A piece ends where a row ends, is small enough for memory, and is the same on every run, so that a stopped run can
go on. A row that cannot be read costs that row and no other.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count, islice
from pathlib import Path
from typing import BinaryIO, NamedTuple

from graph_builder.problems import UsageError, printable
from graph_builder.row_file import ROW_FIELDS
from graph_builder.rows import optional
from graph_builder.values import LONGEST_TEXT

ENDINGS = (".csv", ".jsonl", ".parquet")
PIECE = 2_000_000
"""Bytes of a piece; a row is shorter, or it is a bad one."""
_PARQUET_ROWS = 25_000
_AT_ONCE = 2_000
_LONGEST_FIELD = 4 * LONGEST_TEXT
_SURROGATE = re.compile("[\ud800-\udfff]")

#: A row: its line, counted from 1, and the values of ROW_FIELDS.
Row = tuple[int, str, str, str, str, str, str, str, str]
#: Rows as columns: their lines, and the values of each of ROW_FIELDS.
_Column = Sequence[str]
Table = tuple[Sequence[int], _Column, _Column, _Column, _Column, _Column, _Column, _Column, _Column]
#: A row that cannot be read: its line and what is wrong.
BadRow = tuple[int, str]


class Chunk(NamedTuple):
    """A piece of a file: bytes from ``offset``, or rows of Parquet; ``line`` is the first one's number.

    ``wrong`` tells what is wrong where the piece is a single row that is too long to be read.
    """

    path: str
    offset: int
    length: int
    line: int
    header: tuple[str, ...]
    wrong: str | None = None


def chunks(path: Path) -> Iterator[Chunk]:
    """Yield the pieces of a file; raises UsageError, in one line, for a file that cannot be cut."""
    if path.suffix not in ENDINGS:
        raise UsageError(f"{printable(str(path))} is none of {', '.join(ENDINGS)}; name it for what it holds")
    try:
        if path.suffix == ".parquet":
            yield from _parquet_chunks(path)
            return
        with path.open("rb") as file:
            yield from _text_chunks(path, file)
    except OSError as error:
        raise UsageError(f"{printable(str(path))} cannot be read: {error.strerror or error}") from None


def _text_chunks(path: Path, file: BinaryIO) -> Iterator[Chunk]:
    header: tuple[str, ...] = ROW_FIELDS
    offset, line = 3 if file.read(3) == b"\xef\xbb\xbf" else 0, 1
    if path.suffix == ".csv":
        file.seek(offset)
        first = file.readline(PIECE)
        header, offset, line = _header(path, first), offset + len(first), 2
    quoting = path.suffix == ".csv"
    while True:
        file.seek(offset)
        block = file.read(PIECE)
        if not block:
            return
        end = len(block) if len(block) < PIECE else _last_end(block, quoting)
        wrong = None
        if not end:
            end = _next_line(file, offset) - offset
            wrong = f"a row of over {PIECE:,} bytes, or a quote that is not closed; write a shorter one"
            lines = 1
        else:
            lines = block.count(b"\n", 0, end)
        yield Chunk(str(path), offset, end, line, header, wrong)
        offset, line = offset + end, line + lines


def _header(path: Path, first: bytes) -> tuple[str, ...]:
    try:
        names = next(csv.reader([first.decode()], strict=True), [])
    except (csv.Error, UnicodeDecodeError):
        names = []
    missing = [name for name in ROW_FIELDS[:3] if name not in names]
    unknown = [name for name in names if name not in ROW_FIELDS]
    if missing or unknown or len(set(names)) < len(names):
        wrong = f"has no column {missing[0]!r}" if missing else f"has a column {printable((unknown or names)[0])!r}"
        raise UsageError(f"{printable(str(path))}:1:1: {wrong}; the columns are {', '.join(ROW_FIELDS)}, each once")
    return tuple(names)


def _last_end(block: bytes, quoting: bool) -> int:
    """Return where the last row ends that is whole in a block: after a line feed outside quotes; 0 if none."""
    end = block.rfind(b"\n") + 1
    quotes = block.count(b'"', 0, end) if quoting else 0
    while quotes % 2:
        before = block.rfind(b"\n", 0, end - 1) + 1
        quotes -= block.count(b'"', before, end)
        end = before
    return end


def _next_line(file: BinaryIO, offset: int) -> int:
    file.seek(offset)
    while block := file.read(PIECE):
        found = block.find(b"\n")
        if found >= 0:
            return offset + found + 1
        offset += len(block)
    return offset


def _parquet_chunks(path: Path) -> Iterator[Chunk]:
    polars = optional("polars", "parquet")
    with path.open("rb"):
        pass
    try:
        table = polars.scan_parquet(path, glob=False)
        header = tuple(table.collect_schema().names())
        rows = table.select(polars.len()).collect().item()
    except polars.exceptions.PolarsError as error:
        raise UsageError(f"{printable(str(path))} cannot be read: {printable(str(error), 120)}") from None
    missing = [name for name in ROW_FIELDS[:3] if name not in header]
    if missing or set(header) - set(ROW_FIELDS):
        raise UsageError(f"{printable(str(path))}: the columns are {', '.join(ROW_FIELDS)}")
    for start in range(0, rows, _PARQUET_ROWS):
        yield Chunk(str(path), start, min(_PARQUET_ROWS, rows - start), start + 1, header)


# ---------------------------------------------------------------- reading a piece


def read_chunk(chunk: Chunk, bad: list[BadRow]) -> Iterator[Table]:
    """Yield the rows of a piece; those that cannot be read go to ``bad``. Raises UsageError for a broken file."""
    if chunk.wrong:
        bad.append((chunk.line, chunk.wrong))
        return
    path = Path(chunk.path)
    if path.suffix == ".parquet":
        yield from _parquet_tables(chunk)
        return
    try:
        with path.open("rb") as file:
            file.seek(chunk.offset)
            block = file.read(chunk.length)
    except OSError as error:
        raise UsageError(f"{printable(chunk.path)} cannot be read: {error.strerror or error}") from None
    if len(block) < chunk.length:
        raise UsageError(f"{printable(chunk.path)} became shorter while it was read; run again on a whole file")
    read = _csv_rows if path.suffix == ".csv" else _json_rows
    try:
        text = block.decode()
    except UnicodeDecodeError:
        yield from tables(_decoded(read(block.decode(errors="surrogateescape"), chunk, bad), bad))
        return
    yield from _csv_tables(text, chunk, bad) if read is _csv_rows else tables(read(text, chunk, bad))


def tables(rows: Iterable[Row]) -> Iterator[Table]:
    """Yield rows as columns, so many at once as a processor keeps near."""
    left = iter(rows)
    while some := list(islice(left, _AT_ONCE)):
        yield tuple(zip(*some, strict=True))  # type: ignore[misc]


def _decoded(rows: Iterable[Row], bad: list[BadRow]) -> Iterator[Row]:
    for row in rows:
        if found := _SURROGATE.search("".join(map(str, row))):
            bad.append((row[0], f"byte 0x{ord(found[0]) & 0xFF:02x} is not UTF-8; save the file as UTF-8"))
        else:
            yield row


def _csv_tables(text: str, chunk: Chunk, bad: list[BadRow]) -> Iterator[Table]:
    """Yield the rows of a piece fast while each is good and takes a line; from then on with care."""
    csv.field_size_limit(_LONGEST_FIELD)
    reader = csv.reader(io.StringIO(text, newline="\n"), strict=True)
    done, width = 0, {len(chunk.header)}
    try:
        while some := list(islice(reader, _AT_ONCE)):
            if reader.line_num != done + len(some) or set(map(len, some)) != width:
                break
            columns = dict(zip(chunk.header, zip(*some, strict=True), strict=True))
            yield _in_order(range(chunk.line + done, chunk.line + done + len(some)), columns)
            done += len(some)
        else:
            return
    except csv.Error:
        pass
    yield from tables(row for row in _csv_rows(text, chunk, bad) if row[0] >= chunk.line + done)


def _in_order(lines: Sequence[int], columns: Mapping[str, Sequence[str]]) -> Table:
    empty = ("",) * len(lines)
    return lines, *[columns.get(name, empty) for name in ROW_FIELDS]  # type: ignore[return-value]


def _csv_rows(text: str, chunk: Chunk, bad: list[BadRow]) -> Iterator[Row]:
    csv.field_size_limit(_LONGEST_FIELD)
    width = len(chunk.header)
    order = [chunk.header.index(name) if name in chunk.header else width for name in ROW_FIELDS]
    straight = order == list(range(width))
    lines = io.StringIO(text, newline="\n")
    start, place = chunk.line, 0  # of the row about to be read
    while True:
        reader = csv.reader(lines, strict=True)
        begin = start - 1
        number = start
        try:
            for row in reader:
                if len(row) == width:
                    if not straight:
                        row.append("")
                        row = [row[i] for i in order]
                    yield (number, *row)  # type: ignore[misc]
                elif row:
                    bad.append((number, "has more or fewer fields than the header; quote texts with commas"))
                number = begin + reader.line_num + 1
            return
        except csv.Error as error:
            bad.append((number, f"not CSV: {error}; check the quotes"))
        # Begin anew on the line after the one where the bad row began.
        for _ in range(number - start + 1):
            place = text.find("\n", place) + 1
            if not place:
                return
        lines.seek(place)
        start = number + 1


def _json_rows(text: str, chunk: Chunk, bad: list[BadRow]) -> Iterator[Row]:
    known = frozenset(ROW_FIELDS)
    for number, line in enumerate(text.split("\n"), chunk.line):
        if not line or line.isspace():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            bad.append((number, "not a JSON object; write one object a line"))
            continue
        if not isinstance(row, dict) or not all(isinstance(v, str) for v in row.values() if v is not None):
            bad.append((number, "not an object of texts; write one object a line, every value in quotes"))
        elif unknown := row.keys() - known:
            name = printable(min(unknown))
            bad.append((number, f"has an unknown field {name!r}; the fields are {', '.join(ROW_FIELDS)}"))
        elif "\\u" in line and _SURROGATE.search("".join(filter(None, row.values()))):
            bad.append((number, "holds half of a surrogate pair; write the character itself"))
        else:
            yield (number, *[row.get(name) or "" for name in ROW_FIELDS])  # type: ignore[misc]


def _parquet_tables(chunk: Chunk) -> Iterator[Table]:
    polars = optional("polars", "parquet")
    columns = [polars.col(name).cast(polars.String).fill_null("") for name in chunk.header]
    try:
        table = polars.scan_parquet(chunk.path, glob=False).slice(chunk.offset, chunk.length).select(columns).collect()
    except (polars.exceptions.PolarsError, OSError) as error:
        raise UsageError(f"{printable(chunk.path)} cannot be read: {printable(str(error), 120)}") from None
    for line, some in zip(count(chunk.line, _AT_ONCE), table.iter_slices(_AT_ONCE), strict=False):
        yield _in_order(range(line, line + some.height), some.to_dict(as_series=False))
