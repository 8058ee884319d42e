"""Tables as a spreadsheet: an .xlsx file in which no cell is a formula, and whose bytes are the same on every run."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from datetime import date, datetime

from graph_builder.rows import Rows, Value, optional

_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LONGEST = 32_767
_MOST = 1_048_575
_FIRST_YEAR = 1900
_MOMENT = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(<)")
_WIDEST = 60


def workbook(tables: Mapping[str, Rows], title: str, as_of: date) -> bytes:
    """Return an .xlsx file with a sheet for each table, named as it is.

    Numbers, dates from 1900 on and truth values are such; all other values are text, also those that begin with
    ``=``, ``+``, ``-`` or ``@``, which a spreadsheet would run. Text is cut to the 32,767 characters that a cell
    holds and rows to the 1,048,576 of a sheet. ``as_of`` is the date that the file bears. Raises UsageError where
    openpyxl is not installed.
    """
    openpyxl = optional("openpyxl", "xlsx")
    book = openpyxl.Workbook()
    book.remove(book.active)
    book.properties.title = title
    book.properties.creator = "logistics-pacts"
    for name, rows in tables.items():
        sheet = book.create_sheet(name[:31])
        for place, column in enumerate(rows.columns, start=1):
            _put(sheet.cell(1, place), column)
            sheet.cell(1, place).font = openpyxl.styles.Font(bold=True)
            shown = [len(str(value)) for value in rows.column(column)[:200] if value is not None]
            letter = openpyxl.utils.get_column_letter(place)
            sheet.column_dimensions[letter].width = min(max([len(column), *shown]) + 2, _WIDEST)
        for line, row in enumerate(rows[:_MOST], start=2):
            for place, value in enumerate(row, start=1):
                if value is not None:
                    _put(sheet.cell(line, place), value)
        sheet.freeze_panes = "A2"
        sheet.auto_filter.ref = sheet.dimensions
    buffer = io.BytesIO()
    book.save(buffer)
    return _fixed(buffer.getvalue(), as_of)


def _put(cell: object, value: Value) -> None:
    safe = _ILLEGAL.sub("\ufffd", value)[:_LONGEST] if isinstance(value, str) else value
    if isinstance(safe, date) and safe.year < _FIRST_YEAR:
        safe = safe.isoformat()
    cell.value = safe  # type: ignore[attr-defined]
    if isinstance(safe, str):
        cell.data_type = "s"  # type: ignore[attr-defined]
        cell.quotePrefix = safe[:1] in "=+-@"  # type: ignore[attr-defined]


def _fixed(content: bytes, as_of: date) -> bytes:
    """Return a zip file with the times in it put to one moment."""
    moment = datetime(as_of.year, as_of.month, as_of.day).isoformat().encode() + b"Z"
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as new,
    ):
        for name in old.namelist():
            data = old.read(name)
            if name == "docProps/core.xml":
                data = _MOMENT.sub(rb"\g<1>" + moment + rb"\g<3>", data)
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            new.writestr(entry, data)
    return buffer.getvalue()
