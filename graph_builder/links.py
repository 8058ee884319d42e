"""From mapping sets to links: reads facts/links/*.sssom.tsv, checks every row, and yields N-Triples.

A mapping set is a table in the format of SSSOM (https://w3id.org/sssom): a header in YAML, each line of it
behind a #, then a line of column names, then a mapping a line, its parts divided by tabs. What a link may be
is told by ontology/link-targets.toml; nothing about a single data set is written here.
"""

from __future__ import annotations

import csv
import math
import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote

import yaml

from graph_builder import edtf, terms
from graph_builder.emit import digest
from graph_builder.facts import Facts
from graph_builder.ontology import Ontology, key_of
from graph_builder.problems import BadInputError, Problem, did_you_mean, printable
from graph_builder.terms import ID, RDF_TYPE, lexical, thing
from graph_builder.yaml_nodes import load_plain

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
_OWL = "http://www.w3.org/2002/07/owl#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_EARTH_RADIUS_KM = 6371.0
_ADDRESS = re.compile(r"https?://[^\s<>\"{}|^`\\\x00-\x20]+")
_CONFIDENCE = re.compile(r"0(\.[0-9]{1,6})?|1(\.0{1,6})?")
_DEGREES = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,12})?")


@dataclass(frozen=True, slots=True)
class Target:
    """A data set that can be linked to."""

    base: str
    pattern: re.Pattern[str]
    example: str
    decode: bool = False


@dataclass(frozen=True, slots=True)
class Predicate:
    """What a link can say."""

    iri: str
    identity: bool = False
    within: bool = False


@dataclass(frozen=True, slots=True)
class Category:
    """What a target can be; ``kilometres`` is how far its point may lie from ours, None for any distance."""

    classes: tuple[str, ...]
    apart: tuple[str, ...] = ()
    holds: bool = False
    kilometres: float | None = None

    def fits(self, cls: str, ontology: Ontology) -> bool:
        """Tell whether a thing of a class can be the same as a target of this category."""
        within = any(ontology.is_a(cls, f"{terms.LP}{name}") for name in self.classes)
        return within and not any(ontology.is_a(cls, f"{terms.LP}{name}") for name in self.apart)


@dataclass(frozen=True)
class Rules:
    """What a link may be, as ontology/link-targets.toml tells it."""

    prefixes: Mapping[str, Target]
    predicates: Mapping[str, Predicate]
    categories: Mapping[str, Category]
    justifications: frozenset[str]


@dataclass(frozen=True, slots=True)
class Link:
    """One mapping: of a subject key to the IRI of a thing in another data set. ``row`` holds the filled cells."""

    about: str
    predicate: Predicate
    target: str
    refuted: bool
    row: Mapping[str, str]
    file: str
    line: int
    columns: Mapping[str, int] = field(compare=False)

    @property
    def prefix(self) -> str:
        """Return the prefix of the target's data set."""
        return self.row["object_id"].partition(":")[0]

    @property
    def iri(self) -> str:
        """Return the IRI term of the mapping: a hash of what it joins and how."""
        sign = "not" if self.refuted else ""
        return thing(f"mapping/{digest(self.about, self.predicate.iri, self.target, sign)}")


def load_rules(ontology_folder: Path) -> Rules:
    """Read what a link may be."""
    with (ontology_folder / "link-targets.toml").open("rb") as file:
        told = tomllib.load(file)
    return Rules(
        prefixes={
            name: Target(entry["base"], re.compile(entry["pattern"]), entry["example"], entry.get("decode", False))
            for name, entry in told["prefix"].items()
        },
        predicates={name: Predicate(**entry) for name, entry in told["predicate"].items()},
        categories={
            name: Category(
                tuple(entry["classes"]),
                tuple(entry.get("apart", ())),
                entry.get("holds", False),
                entry.get("kilometres"),
            )
            for name, entry in told["category"].items()
        },
        justifications=frozenset(told["justification"]["names"]),
    )


def mapping_sets(folder: Path) -> list[Path]:
    """Return the mapping sets of a folder, without the one that remembers refusals."""
    return sorted(path for path in folder.glob(f"*{SUFFIX}") if path.name != REFUSED)


def read_links(folder: Path, facts: Facts, ontology: Ontology, rules: Rules) -> list[Link]:
    """Read every mapping set of a folder and check it against the facts.

    A folder that is not there holds no links. Raises BadInputError with every problem of every set.
    """
    problems: list[Problem] = []
    links: list[Link] = []
    for path in mapping_sets(folder):
        links.extend(read_set(path, rules, problems))
    links = list(_known(links, facts, ontology, rules, problems))
    problems.extend(_repeated(links))
    problems.extend(_shared(links))
    problems.extend(_far(links, facts, rules))
    if problems:
        raise BadInputError(problems)
    return links


# ---------------------------------------------------------------- one file


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


# ---------------------------------------------------------------- checks across rows, sets and facts


def _problem(link: Link, column: str, message: str) -> Problem:
    return Problem(link.file, link.line, link.columns.get(column, 1), message)


def _known(
    links: Iterable[Link], facts: Facts, ontology: Ontology, rules: Rules, problems: list[Problem]
) -> Iterator[Link]:
    """Yield the links whose subject is a thing of ours that fits the target."""
    for link in links:
        cls = facts.classes.get(link.about)
        if cls is None:
            guess = did_you_mean(link.about, facts.classes) or "; define it in a fact file"
            problems.append(_problem(link, "subject_id", f"unknown subject {printable(link.about)}{guess}"))
            continue
        name = link.row["object_category"]
        category = rules.categories[name]
        kind = ontology.labels.get(cls, key_of(cls))
        if link.predicate.within and not category.holds:
            problems.append(_problem(link, "object_category", f"nothing stands in a target that is a {name}"))
        elif link.predicate.identity and not link.refuted and not category.fits(cls, ontology):
            wanted = " or ".join(category.classes)
            message = f"{link.about} is a {kind}; a target that is a {name} can only be the same as a {wanted}"
            problems.append(_problem(link, "object_category", message))
        else:
            yield link


def _repeated(links: Iterable[Link]) -> Iterator[Problem]:
    """Find rows that join the same two things again."""
    seen: dict[tuple[str, str], Link] = {}
    for link in links:
        first = seen.setdefault((link.about, link.target), link)
        if first is link:
            continue
        before = f"{Path(first.file).name}:{first.line}"
        same = first.predicate == link.predicate and first.refuted == link.refuted
        how = "already" if same else f"with {'Not ' if first.refuted else ''}{first.row['predicate_id']}"
        message = f"{link.about} and {link.row['object_id']} are joined {how} in {before}; keep one of the two"
        yield _problem(link, "predicate_id", message)


def _shared(links: Iterable[Link]) -> Iterator[Problem]:
    """Find targets that are said to be the same as two things of ours."""
    seen: dict[str, Link] = {}
    for link in links:
        if link.predicate.identity and not link.refuted:
            first = seen.setdefault(link.target, link)
            if first.about != link.about:
                before = f"{Path(first.file).name}:{first.line}"
                message = f"{link.row['object_id']} is {first.about} in {before}; one target is one thing"
                yield _problem(link, "object_id", message)


def _far(links: Iterable[Link], facts: Facts, rules: Rules) -> Iterator[Problem]:
    """Find targets whose point lies too far from every point that sources give for the thing."""
    points = positions(facts)
    for link in links:
        most = rules.categories[link.row["object_category"]].kilometres
        ours = points.get(link.about)
        if link.refuted or most is None or not ours or not {"object_latitude", "object_longitude"} <= link.row.keys():
            continue
        there = float(link.row["object_latitude"]), float(link.row["object_longitude"])
        nearest = min(kilometres(here, there) for here in ours)
        if nearest > most:
            told = f"{nearest:,.0f} km from {link.about}"
            yield _problem(link, "object_latitude", f"{link.row['object_id']} lies {told}; {most:g} km at most")


def positions(facts: Facts) -> dict[str, list[tuple[float, float]]]:
    """Return the points, latitude and longitude in degrees, that any source gives for each subject."""
    degrees: dict[str, dict[str, dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
    for claim in facts.claims:
        if claim.property in ("latitude", "longitude") and claim.value != terms.NONE:
            degrees[claim.about][claim.source][claim.property] = float(lexical(claim.value))
    return {
        about: points
        for about, by_source in degrees.items()
        if (points := [(p["latitude"], p["longitude"]) for p in by_source.values() if len(p) == 2])
    }


def kilometres(here: tuple[float, float], there: tuple[float, float]) -> float:
    """Return the distance of two points given in degrees, on a sphere.

    >>> round(kilometres((0, 0), (0, 1)))
    111
    """
    north, north2 = math.radians(here[0]), math.radians(there[0])
    east = math.radians(there[1] - here[1])
    part = math.sin((north2 - north) / 2) ** 2 + math.cos(north) * math.cos(north2) * math.sin(east / 2) ** 2
    return 2 * _EARTH_RADIUS_KM * math.asin(math.sqrt(part))


# ---------------------------------------------------------------- triples


def emit_links(links: Iterable[Link], hidden: frozenset[str] = frozenset()) -> Iterator[str]:
    """Yield each link as a plain triple, and the mapping that tells on what ground it stands.

    A refuted link yields its mapping only. Links of ``hidden`` subjects are left out.
    """
    for link in links:
        if link.about not in hidden:
            yield from _emit_link(link)


def _emit_link(link: Link) -> Iterator[str]:
    about, predicate, target = thing(link.about), f"<{link.predicate.iri}>", f"<{link.target}>"
    mapping, row = link.iri, link.row
    if link.refuted:
        yield f"{mapping} <{SSSOM}predicate_modifier> <{SSSOM}NegatedPredicate> ."
    else:
        yield f"{about} {predicate} {target} ."
        yield f"{mapping} {RDF_TYPE} <{_OWL}Axiom> ."
    yield f"{mapping} {RDF_TYPE} <{SSSOM}Mapping> ."
    yield f"{mapping} <{_OWL}annotatedSource> {about} ."
    yield f"{mapping} <{_OWL}annotatedProperty> {predicate} ."
    yield f"{mapping} <{_OWL}annotatedTarget> {target} ."
    justification = SEMAPV + row["mapping_justification"].partition(":")[2]
    yield f"{mapping} <{SSSOM}mapping_justification> <{justification}> ."
    if "confidence" in row:
        yield f"{mapping} <{SSSOM}confidence> {terms.typed(row['confidence'], 'double')} ."
    if "mapping_date" in row:
        yield f"{mapping} <{SSSOM}mapping_date> {terms.typed(row['mapping_date'], 'date')} ."
    for column in ("mapping_source", "see_also"):
        for address in filter(None, row.get(column, "").split("|")):
            yield f"{mapping} <{SSSOM}{column}> <{address}> ."
    for column in ("object_label", "object_category", "author_label", "reviewer_label", "mapping_tool"):
        if column in row:
            yield f"{mapping} <{SSSOM}{column}> {terms.text(row[column])} ."
    if "comment" in row:
        yield f"{mapping} <{_RDFS}comment> {terms.text(row['comment'], 'en')} ."


def counts(links: Iterable[Link], rules: Rules) -> dict[str, Any]:
    """Return how many links each data set has: ``{prefix: {predicate IRI: number}}``, refuted ones not counted."""
    found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for link in links:
        if not link.refuted:
            found[link.prefix][link.predicate.iri] += 1
    return {prefix: dict(sorted(found[prefix].items())) for prefix in rules.prefixes if prefix in found}
