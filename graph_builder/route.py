"""The first half of the way of rows: typed by the ontology, dealt out by their subjects, and what they name checked."""

from __future__ import annotations

from functools import lru_cache
from itertools import repeat
from pathlib import Path
from typing import Any
from zlib import crc32

from graph_builder import read
from graph_builder.chunks import BadRow, Chunk, Row, Table, read_chunk
from graph_builder.facts import Facts
from graph_builder.file_facts import SOURCE_CLASS, FileFacts, Place, Use
from graph_builder.locate import home
from graph_builder.ontology import Ontology, load_ontology
from graph_builder.row_file import ROW_FIELDS, take_row
from graph_builder.templates import key_of_term
from graph_builder.terms import ID, LP
from graph_builder.values import is_key, to_term
from graph_builder.work_folder import get_part, once, put_parts, put_value

EVIDENCE_FIELDS = frozenset(("tier", "published", "derivesFrom"))
_NOWHERE = Place(0, 0)

#: A row that is typed: a claim (a placing has an empty source), the piece and line, and the key of the thing it names.
TypedRow = tuple[str, str, str, str, str | None, str | None, str | None, int, int, str | None]
#: A value's term, whether it is placed, and its key if it is a thing.
_Value = tuple[str, bool, str | None]


@lru_cache(maxsize=1)
def load(place: Path) -> Ontology:
    """Return the ontology below a folder, read once by each process."""
    return load_ontology(place / "ontology")


def route(work: Path, number: int, chunk: Chunk, partitions: int) -> dict[str, Any]:
    """Type the rows of a piece, and deal them out into partitions by their subjects."""
    return once(work / f"routed-{number}.done", lambda: _route(work, number, chunk, partitions))


def _route(work: Path, number: int, chunk: Chunk, partitions: int) -> dict[str, Any]:
    ontology, count = load(home()), 0
    bad: list[BadRow] = []
    typed: list[list[TypedRow]] = [[] for _ in range(partitions)]
    placed: list[dict[tuple[str, str], str]] = [{} for _ in range(partitions)]
    named: list[list[tuple[str, str, int]]] = [[] for _ in range(partitions)]
    uses: set[tuple[str | None, str, int]] = set()
    part: dict[str, int] = {}
    for some in read_chunk(chunk, bad):
        rows = type_rows(some, number, bad, ontology)
        if not rows:
            continue
        count += len(rows)
        abouts, names, terms, sources, *_, keys = zip(*rows, strict=True)
        part |= {key: crc32(key.encode()) % partitions for key in set(abouts) - part.keys()}
        wheres = [part[about] for about in abouts]
        for row, where in zip(rows, wheres, strict=True):
            typed[where].append(row)
        for about, name, term, where in zip(abouts, names, terms, wheres, strict=True):
            if name == "type":
                placed[where].setdefault((about, name), term)
            elif about.startswith("source/"):
                placed[where].setdefault((about, name if name in EVIDENCE_FIELDS else ""), term)
        uses.update(zip(sources, repeat(""), wheres), zip(keys, names, wheres, strict=True))
    for key, name, where in uses:
        if key:
            named[crc32(key.encode()) % partitions].append((key, name, where))
    put_parts(work / f"routed-{number}", [*typed, *placed, *named])
    put_value(work / f"unread-{number}", bad)
    sample = [about for about in part if not crc32(about.encode()) % 61]
    return {"rows": count + len(bad), "bad": len(bad), "sample": sample}


def type_rows(rows: Table, number: int, bad: list[BadRow], ontology: Ontology) -> list[TypedRow]:
    """Return the rows of a piece, typed; bad ones go to ``bad``."""
    lines, abouts, names, values, givens, langs, printed, locators, notes = rows
    said = list(zip(names, values, langs, strict=True))
    known = {value: _value(*value, ontology) for value in set(said)}
    key_fits = {about: is_key(about) and "/" in about for about in set(abouts)}
    sources = {given: given if given.startswith("source/") else f"source/{given}" for given in set(givens)}
    typed: list[TypedRow] = []
    found = map(known.__getitem__, said)
    columns = zip(found, lines, abouts, names, values, givens, langs, printed, locators, notes, strict=True)
    for value, line, about, name, text, given, lang, wording, locator, note in columns:
        if value and key_fits[about]:
            term, is_placing, key = value
            if is_placing and (name != "type" or not about.startswith("source/")):
                typed.append((about, name, term, "", None, None, None, number, line, key))
                continue
            if given and not is_placing:
                told = wording or None, locator or None, note or None
                typed.append((about, name, term, sources[given], *told, number, line, key))
                continue
        bad.append((line, _problem((line, about, name, text, given, lang, wording, locator, note), ontology)))
    return typed


def _value(name: str, value: str, lang: str, ontology: Ontology) -> _Value | None:
    if name == "type":
        return (LP + value, True, None) if value in ontology.subject_classes else None
    prop = ontology.properties.get(name)
    if not prop or prop.derived:
        return None
    try:
        term = to_term(value, prop, ontology, lang or None)
    except ValueError:
        return None
    return term, prop.placing, key_of_term(term) if prop.takes_thing and term.startswith(f"<{ID}") else None


def _problem(row: Row, ontology: Ontology) -> str:
    facts = FileFacts("")
    take_row(dict(zip(ROW_FIELDS, row[1:], strict=True)), Place(row[0], 1), facts, ontology)
    return facts.problems[0].message


def check(work: Path, number: int, pieces: int, partitions: int) -> dict[str, Any]:
    """Find the classes of a partition's subjects, and what others name that is not there or is of a wrong class."""
    return once(work / f"checked-{number}.done", lambda: _check(work, number, pieces, partitions))


def _check(work: Path, number: int, pieces: int, partitions: int) -> dict[str, Any]:
    ontology = load(home())
    classes: dict[str, str] = {}
    sources: dict[tuple[str, str], str] = {}
    named: set[tuple[str, str, int]] = set()
    for piece in range(pieces):
        path = work / f"routed-{piece}"
        for (about, name), value in get_part(path, partitions + number).items():
            if name == "type":
                classes.setdefault(about, value)
            else:
                classes[about] = SOURCE_CLASS
                if name:
                    sources.setdefault((about, name), value)
        named.update(get_part(path, 2 * partitions + number))
    unmet: list[list[tuple[str, str, str]]] = [[] for _ in range(partitions)]
    problems: dict[tuple[str, str], str | None] = {}
    for key, name, where in named:
        if (key, name) not in problems:
            problems[key, name] = use_problem(key, name, classes.get(key), ontology)
        if problem := problems[key, name]:
            unmet[where].append((key, name, problem))
    put_value(work / f"classes-{number}", classes)
    if any(unmet):
        put_parts(work / f"unmet-{number}", unmet)
    unknown = [key for (key, name), problem in problems.items() if problem and name == "derivesFrom"]
    return {"sources": [(*place, value) for place, value in sources.items()], "unmet": any(unmet), "unknown": unknown}


def use_problem(key: str, name: str, cls: str | None, ontology: Ontology) -> str | None:
    """Tell what is wrong with naming a key as a property's value, or as a source where ``name`` is empty."""
    file, facts = FileFacts(""), Facts(classes={key: cls} if cls else {})
    if not name:
        if cls == SOURCE_CLASS:
            return None
        file.sources_used[key] = _NOWHERE
    else:
        wanted = ontology.properties[name].range
        if cls and (not wanted or ontology.is_a(cls, wanted)):
            return None
        file.uses.append(Use(key, name, _NOWHERE))
    return next(read.unmet(file, facts, ontology)).message
