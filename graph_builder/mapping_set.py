"""A mapping set, read on its own: every row checked for itself, and every problem at its place.

A mapping set is a table in the format of SSSOM (https://w3id.org/sssom): a header in YAML, each line of it
behind a #, then a line of column names, then a mapping a line, its parts divided by tabs.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote

import yaml

from graph_builder import edtf
from graph_builder.link_rules import Link, Rules
from graph_builder.plain_yaml import load_plain
from graph_builder.problems import Problem, did_you_mean, printable
from graph_builder.terms import ID

_T = TypeVar("_T")

SUFFIX = ".sssom.tsv"
REFUSED = f"refused{SUFFIX}"
"""The mapping set in which refused proposals are remembered; it is no part of the graph."""

NEEDED = ("subject_id", "predicate_id", "object_id", "object_category", "mapping_justification")
COLUMNS = (
    "subject_id", "subject_label", "predicate_id", "predicate_modifier", "object_id", "object_label", "object_category",
    "mapping_justification", "author_label", "reviewer_label", "mapping_tool", "mapping_date", "confidence",
    "similarity_score", "similarity_measure", "mapping_source", "see_also", "comment",
    "object_latitude", "object_longitude",
)  # fmt: skip
HEADER = ("mapping_set_id", "mapping_set_title", "license", "curie_map")
KNOWN_HEADER = (*HEADER, "mapping_set_description", "mapping_set_version", "extension_definitions", "mapping_tool")

SSSOM = "https://w3id.org/sssom/"
SEMAPV = "https://w3id.org/semapv/vocab/"
_ADDRESS = re.compile(r"https?://[^\s<>\"{}|^`\\\x00-\x20]+")
_CONFIDENCE = re.compile(r"0(\.[0-9]{1,6})?|1(\.0{1,6})?")
_DEGREES = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,12})?")


def mapping_sets(folder: Path) -> list[Path]:
    """Return the mapping sets of a folder, without the one that remembers refusals."""
    return sorted(path for path in folder.glob(f"*{SUFFIX}") if path.name != REFUSED)


def read_set(path: Path, rules: Rules, problems: list[Problem]) -> list[Link]:
    """Read one mapping set; rows that cannot be used are left out, and told in ``problems``."""
    name = str(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        problems.append(Problem(name, 1, 1, f"byte 0x{error.object[error.start]:02x} is not UTF-8; save it as UTF-8"))
        return []
    except OSError as error:
        problems.append(Problem(name, 0, 0, f"cannot be read: {error.strerror}; check the name and its permissions"))
        return []
    lines = text.replace("\r\n", "\n").removesuffix("\n").split("\n")
    height = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    curies = _header(lines[:height], name, rules, problems)
    if height == len(lines):
        problems.append(Problem(name, height + 1, 1, "has no line of column names after its header"))
        return []
    columns = lines[height].split("\t")
    if wrong := _wrong_columns(columns):
        problems.append(Problem(name, height + 1, *wrong))
        return []
    links = []
    for number, line in enumerate(lines[height + 1 :], height + 2):
        row = _cells(line, columns, number, name, problems)
        if row and (link := _link(row, name, number, rules, curies, problems)):
            links.append(link)
    return links


def _header(lines: list[str], name: str, rules: Rules, problems: list[Problem]) -> Mapping[str, str]:
    """Check the header and return its prefixes, or all known ones where it cannot be read."""
    ours = {"id": ID, **{prefix: target.base for prefix, target in rules.prefixes.items()}}
    try:
        told = load_plain("\n".join(line[1:] for line in lines))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line, column = (mark.line + 1, mark.column + 2) if mark else (1, 1)
        problems.append(Problem(name, line, column, f"the header is not YAML: {printable(error.problem or '', 80)}"))
        return ours
    except yaml.YAMLError as error:
        problems.append(Problem(name, 1, 1, f"the header is not YAML: {printable(str(error), 80)}"))
        return ours
    if not isinstance(told, dict):
        problems.append(Problem(name, 1, 1, "has no header; write mapping_set_id, license, curie_map behind # signs"))
        return ours

    def place(key: str) -> int:
        return next((n for n, line in enumerate(lines, 1) if line.removeprefix("#").strip().startswith(f"{key}:")), 1)

    for key in HEADER:
        if key not in told:
            problems.append(Problem(name, 1, 1, f"the header has no {key}; add it"))
    for key in told:
        if key not in KNOWN_HEADER:
            guess = did_you_mean(str(key), KNOWN_HEADER)
            problems.append(
                Problem(name, place(str(key)), 2, f"unknown key {printable(str(key))!r} in the header{guess}")
            )
    curies = told.get("curie_map", {})
    if not isinstance(curies, dict) or not all(isinstance(base, str) for base in curies.values()):
        problems.append(Problem(name, place("curie_map"), 2, "curie_map gives each prefix the base of its addresses"))
        return ours
    for prefix, base in curies.items():
        if prefix in ours and base != ours[prefix]:
            problems.append(Problem(name, place(str(prefix)), 4, f"the base of {prefix} is {ours[prefix]}; write that"))
    return curies


def _wrong_columns(columns: list[str]) -> tuple[int, str] | None:
    place = 1
    for number, column in enumerate(columns):
        if column not in COLUMNS:
            return place, f"unknown column {printable(column)!r}{did_you_mean(column, COLUMNS)}"
        if column in columns[:number]:
            return place, f"column {column} stands twice"
        place += len(column) + 1
    missing = [column for column in NEEDED if column not in columns]
    return (1, f"has no column {missing[0]!r}; a mapping has {', '.join(NEEDED)}") if missing else None


@dataclass(frozen=True, slots=True)
class _Row:
    cells: Mapping[str, str]
    places: Mapping[str, int]


def _cells(line: str, columns: list[str], number: int, name: str, problems: list[Problem]) -> _Row | None:
    if not line.strip():
        problems.append(Problem(name, number, 1, "an empty line; delete it"))
        return None
    try:
        parts = next(csv.reader([line], delimiter="\t", strict=True))
    except csv.Error as error:
        problems.append(Problem(name, number, 1, f"not a row of the table: {error}; check the quotes"))
        return None
    if len(parts) != len(columns):
        message = f"{len(parts)} cells under {len(columns)} column names; divide them by tabs, empty ones too"
        problems.append(Problem(name, number, 1, message))
        return None
    places, place = {}, 1
    for column, cell in zip(columns, line.split("\t"), strict=False):
        places[column] = place
        place += len(cell) + 1
    return _Row({column: part for column, part in zip(columns, parts, strict=True) if part}, places)


def _link(
    row: _Row, name: str, number: int, rules: Rules, curies: Mapping[str, str], problems: list[Problem]
) -> Link | None:
    cells = row.cells
    before = len(problems)

    def note(column: str, message: str) -> None:
        problems.append(Problem(name, number, row.places.get(column, 1), message))

    for column in NEEDED:
        if column not in cells:
            note(column, f"this mapping has no {column}; fill it")
    subject, target = cells.get("subject_id", "id:"), cells.get("object_id", "")
    if not subject.startswith("id:"):
        note("subject_id", f"{printable(subject)!r} is no thing of ours; write id: and its key, as in id:party/india")
    predicate = _one_of(cells, "predicate_id", rules.predicates, note)
    _one_of(cells, "object_category", rules.categories, note)
    _one_of(cells, "mapping_justification", {key: key for key in rules.justifications}, note)
    prefix, _, identifier = target.partition(":")
    entry = rules.prefixes.get(prefix)
    if target and entry is None:
        guess = did_you_mean(prefix, rules.prefixes) or f"; write one of {', '.join(sorted(rules.prefixes)[:6])} …"
        note("object_id", f"{printable(target)!r} is of no known data set{guess}")
    elif entry and not entry.pattern.fullmatch(identifier):
        note("object_id", f"{printable(target)!r} is malformed; write it as in {prefix}:{entry.example}")
    elif entry and prefix not in curies:
        note("object_id", f"the header gives no base for {prefix}; add {prefix}: {entry.base} to curie_map")
    if (sign := cells.get("predicate_modifier", "Not")) != "Not":
        note("predicate_modifier", f"{printable(sign)!r} is no modifier; write Not, or leave it empty")
    _check_details(cells, note)
    if len(problems) > before or predicate is None or entry is None:
        return None
    iri = entry.base + (unquote(identifier) if entry.decode else identifier)
    key = subject.removeprefix("id:")
    return Link(key, predicate, iri, "predicate_modifier" in cells, cells, name, number, row.places)


def _one_of(
    cells: Mapping[str, str], column: str, known: Mapping[str, _T], note: Callable[[str, str], None]
) -> _T | None:
    value = cells.get(column)
    if value is None or value in known:
        return known[value] if value else None
    guess = did_you_mean(value, known) or f"; write one of {', '.join(sorted(known)[:6])} …"
    note(column, f"unknown {column} {printable(value)!r}{guess}")
    return None


def _check_details(cells: Mapping[str, str], note: Callable[[str, str], None]) -> None:
    confidence = cells.get("confidence", "1")
    if not _CONFIDENCE.fullmatch(confidence):
        note("confidence", f"{printable(confidence)!r} is no confidence; write a number from 0 to 1, such as 0.95")
    if (day := cells.get("mapping_date")) and not _is_day(day):
        note("mapping_date", f"{printable(day)!r} is no day; write it such as 2026-11-22")
    for column in ("mapping_source", "see_also"):
        for address in cells.get(column, "").split("|"):
            if address and not _ADDRESS.fullmatch(address):
                note(column, f"{printable(address)!r} is no web address; write it whole, without spaces")
    for column, most in (("object_latitude", 90), ("object_longitude", 180)):
        degrees = cells.get(column, "0")
        if not _DEGREES.fullmatch(degrees) or abs(float(degrees)) > most:
            note(column, f"{printable(degrees)!r} is no {column.removeprefix('object_')}; write degrees up to {most}")


def _is_day(text: str) -> bool:
    try:
        first, last = edtf.bounds(text)
    except ValueError:
        return False
    return first == last == text
