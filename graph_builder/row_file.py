"""A file of rows (CSV, JSON Lines), read on its own: a claim or a placing to a row."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

from graph_builder.facts import Claim, Placing
from graph_builder.file_facts import SOURCE_CLASS, FileFacts, Place, Use
from graph_builder.ontology import Ontology
from graph_builder.problems import did_you_mean, printable
from graph_builder.terms import ID, LP, lexical
from graph_builder.values import is_key, to_term

ROW_FIELDS = ("subject", "property", "value", "source", "lang", "printed", "locator", "note")


def read_rows(path: Path, ontology: Ontology) -> FileFacts:
    """Read claims from a CSV file with a header line, or from JSON Lines, row by row.

    Columns: subject, property, value, source, and lang, printed, locator, note where needed. A row whose
    property is ``type`` gives a subject its class; placing properties need no source; a source is a subject
    whose key begins with source/.
    """
    facts = FileFacts(str(path))
    try:
        for line, row in _rows(path, facts):
            take_row(row, Place(line, 1), facts, ontology)
    except UnicodeDecodeError as error:
        facts.note(Place(1, 1), f"byte 0x{error.object[error.start]:02x} is not UTF-8; save the file as UTF-8")
    except OSError as error:
        facts.note(Place(0, 0), f"cannot be read: {error.strerror}; check the name and its permissions")
    return facts


def _rows(path: Path, facts: FileFacts) -> Iterator[tuple[int, dict[str, str]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        if path.suffix == ".csv":
            reader = csv.DictReader(file, strict=True)
            missing = [name for name in ROW_FIELDS[:3] if name not in (reader.fieldnames or ())]
            unknown = [name for name in reader.fieldnames or () if name not in ROW_FIELDS]
            if missing or unknown:
                wrong = (
                    f"has no column {missing[0]!r}" if missing else f"has an unknown column {printable(unknown[0])!r}"
                )
                facts.note(Place(1, 1), f"{wrong}; the columns are {', '.join(ROW_FIELDS)}")
                return
            try:
                for row in reader:
                    if None in row or None in row.values():
                        facts.note(
                            Place(reader.line_num, 1),
                            "has more or fewer fields than the header; quote texts with commas",
                        )
                    else:
                        yield reader.line_num, row
            except csv.Error as error:
                facts.note(Place(reader.line_num, 1), f"not CSV: {error}; check the quotes")
            return
        for number, text in enumerate(file, 1):
            if not text.strip():
                continue
            try:
                row = json.loads(text)
            except (ValueError, RecursionError):
                facts.note(Place(number, 1), "not a JSON object; write one object a line")
                continue
            if not isinstance(row, dict) or not all(isinstance(v, str) for v in row.values() if v is not None):
                facts.note(Place(number, 1), "not an object of texts; write one object a line, every value in quotes")
                continue
            if unknown := [name for name in row if name not in ROW_FIELDS]:
                message = f"has an unknown field {printable(unknown[0])!r}; the fields are {', '.join(ROW_FIELDS)}"
                facts.note(Place(number, 1), message)
                continue
            yield number, {name: value for name, value in row.items() if value}


def take_row(row: dict[str, str], place: Place, facts: FileFacts, ontology: Ontology) -> None:
    """Add what a row says to what its file says, or note what is wrong with it."""
    about, name, value = row.get("subject", ""), row.get("property", ""), row.get("value", "")
    if not is_key(about) or "/" not in about:
        facts.note(place, f"{printable(about)!r} is no subject key; write lower-case words, as in pact/relos")
        return
    if about.startswith("source/"):
        facts.classes.setdefault(about, (SOURCE_CLASS, place))
    if name == "type":
        if value not in ontology.subject_classes:
            facts.note(
                place,
                f"{printable(value)!r} is no class of the ontology{did_you_mean(value, ontology.subject_classes)}",
            )
        elif facts.classes.get(about, (LP + value, place))[0] != LP + value:
            facts.note(place, f"{about} has more than one type; a subject has one")
        else:
            facts.classes[about] = (LP + value, place)
        return
    prop = ontology.properties.get(name)
    if prop is None:
        facts.note(place, f"unknown property {printable(name)!r}{did_you_mean(name, ontology.properties)}")
        return
    if prop.derived:
        facts.note(place, f"{prop.name} is derived from other facts; leave it out")
        return
    try:
        term = to_term(value, prop, ontology, row.get("lang") or None)
    except ValueError as error:
        facts.note(place, str(error))
        return
    if prop.takes_thing and term.startswith(f"<{ID}"):
        facts.uses.append(Use(lexical(term), prop.name, place))
    facts.properties_used.setdefault((about, prop.name), place)
    if prop.placing:
        facts.placings.append(Placing(about, prop.name, term))
        return
    source = row.get("source", "")
    if not source:
        facts.note(place, f"{prop.name} has a value without a source; fill the column source")
        return
    key = source if source.startswith("source/") else f"source/{source}"
    facts.sources_used.setdefault(key, place)
    extra = (row.get(part) or None for part in ("printed", "locator", "note"))
    facts.claims.append(Claim(about, prop.name, term, key, *extra))
