"""From fact files and rows to checked records; every problem of an input is found in one run.

A file is read on its own (``read_file``, ``read_rows``); what files say of each other's subjects and sources
is checked when they are joined (``join``).
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from graph_builder import terms
from graph_builder.facts import Claim, Facts, Placing, Ruling
from graph_builder.ontology import Ontology, Property, key_of
from graph_builder.problems import BadInputError, Problem, did_you_mean, printable
from graph_builder.terms import LP, lexical
from graph_builder.values import is_key, to_term
from graph_builder.yaml_nodes import Mapping, Node, Scalar, Sequence, read_yaml

SOURCE_CLASS = f"{LP}Source"
ROW_FIELDS = ("subject", "property", "value", "source", "lang", "printed", "locator", "note")

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_TOP = ("sources", "subjects", "adjudications")
_LONG = ("value", "lang", "printed", "locator", "note", "sources")
_ITEM = ("id", "printed", "locator", "note")
_RULING = ("about", "property", "accept", "reject", "reason", "note")


class Place(NamedTuple):
    """Where something stands: line and column count from 1."""

    line: int
    column: int


class Use(NamedTuple):
    """A subject named as a value, to be checked when files are joined."""

    key: str
    property: str
    place: Place


@dataclass
class FileFacts:
    """What one file says, and what it relies on other files for."""

    name: str
    classes: dict[str, tuple[str, Place]] = field(default_factory=dict)
    placings: list[Placing] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    rulings: list[tuple[Ruling, Place]] = field(default_factory=list)
    properties_used: dict[tuple[str, str], Place] = field(default_factory=dict)
    uses: list[Use] = field(default_factory=list)
    sources_used: dict[str, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    whole: bool = True
    """False when nothing of the file could be read: what it defines is then not known."""

    def note(self, place: Place | Node, message: str) -> None:
        """Note a problem at a place of this file."""
        self.problems.append(Problem(self.name, place.line, place.column, message))


def read_each(paths: Iterable[Path], ontology: Ontology) -> Iterator[FileFacts]:
    """Read files, each on its own and in their order."""
    return (read_any(path, ontology) for path in paths)


def read_facts(
    folder: Path, ontology: Ontology, read: Callable[[list[Path], Ontology], Iterable[FileFacts]] = read_each
) -> Facts:
    """Read every fact file below a folder: *.yaml, and *.csv and *.jsonl rows.

    ``read`` reads the files. Raises BadInputError with every problem of every file.
    """
    if not folder.is_dir():
        raise BadInputError([Problem(str(folder), 0, 0, "no such folder; give the folder that holds the fact files")])
    paths = sorted(p for p in folder.rglob("*") if p.suffix in (".yaml", ".yml", ".csv", ".jsonl") and p.is_file())
    if not paths:
        raise BadInputError([Problem(str(folder), 0, 0, "holds no fact file; put *.yaml, *.csv or *.jsonl there")])
    return join(read(paths, ontology), ontology)


def read_any(path: Path, ontology: Ontology) -> FileFacts:
    """Read one file, as its name's ending says."""
    return read_file(path, ontology) if path.suffix in (".yaml", ".yml") else read_rows(path, ontology)


# ---------------------------------------------------------------- YAML


def read_file(path: Path, ontology: Ontology) -> FileFacts:
    """Read one YAML fact file; the problems found are in the result."""
    facts = FileFacts(str(path))
    top = read_yaml(path, facts.problems, facts.name)
    if top is None:
        facts.whole = False
        return facts
    reader = _FileReader(facts, ontology)
    for key, node in top.pairs:
        if key.text not in _TOP:
            known = ", ".join(_TOP)
            facts.note(
                key, f"unknown key {printable(key.text)!r}; a fact file holds {known}{did_you_mean(key.text, _TOP)}"
            )
        elif key.text == "adjudications":
            reader.rulings(node)
        elif isinstance(node, Mapping):
            for name, body in node.pairs:
                reader.source(name, body) if key.text == "sources" else reader.subject(name, body)
        elif not (isinstance(node, Scalar) and node.empty):
            facts.note(node, f"{key.text} holds keys with their properties; write one key a line")
    return facts


class _FileReader:
    """Turns the nodes of one file into records."""

    def __init__(self, facts: FileFacts, ontology: Ontology) -> None:
        self.facts, self.ontology = facts, ontology

    def source(self, name: Scalar, node: Node) -> None:
        if not _SLUG.fullmatch(name.text):
            self.facts.note(name, f"{printable(name.text)!r} is no source name; write lower-case words joined by -")
            return
        key = f"source/{name.text}"
        self.facts.classes[key] = (SOURCE_CLASS, Place(name.line, name.column))
        if not isinstance(node, Mapping):
            self.facts.note(node, "a source holds title, publisher, url, published, language and tier")
            return
        given = set()
        for field_name, value in node.pairs:
            camel = re.sub(r"-([a-z])", lambda m: m[1].upper(), field_name.text)
            prop = self.ontology.properties.get(camel)
            if prop is None or SOURCE_CLASS not in prop.classes:
                own = (p.name for p in self.ontology.properties_of(SOURCE_CLASS) if SOURCE_CLASS in p.classes)
                known = [re.sub(r"[A-Z]", lambda m: f"-{m[0].lower()}", name) for name in own]
                guess = did_you_mean(field_name.text, known)
                self.facts.note(
                    field_name, f"a source has no {printable(field_name.text)!r}; it has {', '.join(known)}{guess}"
                )
                continue
            given.add(camel)
            self._placing(key, prop, value, language=self._language_of(node) if camel == "title" else None)
        for wanted in ("publisher", "tier"):
            if wanted not in given:
                self.facts.note(name, f"source {name.text} has no {wanted}; add it")

    def _language_of(self, node: Mapping) -> str | None:
        language = node.get("language")
        return language.text if isinstance(language, Scalar) and not language.empty else None

    def subject(self, name: Scalar, node: Node) -> None:
        if not is_key(name.text) or "/" not in name.text:
            self.facts.note(
                name, f"{printable(name.text)!r} is no subject key; write lower-case words, as in pact/relos"
            )
            return
        if not isinstance(node, Mapping):
            self.facts.note(node, f"{name.text} holds its properties, beginning with type; write one a line")
            return
        cls = self._type_of(name, node)
        if cls:
            self.facts.classes[name.text] = (cls, Place(name.line, name.column))
        for key, value in node.pairs:
            if key.text == "type":
                continue
            prop = self._property(key, cls)
            if prop is None:
                continue
            self.facts.properties_used.setdefault((name.text, prop.name), Place(key.line, key.column))
            if prop.placing:
                self._placing(name.text, prop, value)
            else:
                self._values(name.text, prop, value)

    def _type_of(self, name: Scalar, node: Mapping) -> str | None:
        given = node.get("type")
        if given is None:
            self.facts.note(name, f"{name.text} has no type; add one, such as type: LogisticsSupportPact")
            return None
        if not isinstance(given, Scalar):
            self.facts.note(given, f"{name.text} has more than one type; a subject has one")
            return None
        if given.text not in self.ontology.subject_classes:
            known = self.ontology.subject_classes
            guess = did_you_mean(given.text, known) or f"; write one of {', '.join(known[:8])} …"
            self.facts.note(given, f"{printable(given.text)!r} is no class of the ontology{guess}")
            return None
        return LP + given.text

    def _property(self, key: Scalar, cls: str | None) -> Property | None:
        prop = self.ontology.properties.get(key.text)
        if prop is None:
            known = [p.name for p in (self.ontology.properties_of(cls) if cls else self.ontology.properties.values())]
            guess = did_you_mean(key.text, known) or "; declare it in the ontology, or see pacts schema"
            self.facts.note(key, f"unknown property {printable(key.text)!r}{guess}")
        elif prop.derived:
            self.facts.note(key, f"{prop.name} is derived from other facts; leave it out")
            return None
        return prop

    def _placing(self, about: str, prop: Property, node: Node, language: str | None = None) -> None:
        nodes = node.items if isinstance(node, Sequence) and not prop.functional else (node,)
        for item in nodes:
            if not isinstance(item, Scalar):
                self.facts.note(item, f"{prop.name} is written as a bare value; it needs no source")
            elif not item.empty:
                if prop.takes_thing and prop.range == SOURCE_CLASS:
                    item = Scalar(item.line, item.column, f"source/{item.text}", item.plain)
                if (term := self._term(item, prop, language)) is not None:
                    self.facts.placings.append(Placing(about, prop.name, term))

    def _values(self, about: str, prop: Property, node: Node) -> None:
        if isinstance(node, Mapping) and node.get("value") is not None:
            self._long(about, prop, node)
        elif isinstance(node, Mapping):
            if not node.pairs:
                self.facts.note(node, f"{prop.name} has no value; write value: [source], or leave the line out")
            for value, sources in node.pairs:
                if isinstance(sources, Mapping):
                    self._long(about, prop, sources, value)
                elif (term := self._term(value, prop, None)) is not None:
                    self._claim(about, prop, term, sources, value)
        elif isinstance(node, Sequence):
            for item in node.items:
                if isinstance(item, Mapping) and item.get("value") is not None:
                    self._long(about, prop, item)
                else:
                    self.facts.note(
                        item, f"{prop.name} lists values in the long form; write {{value: …, sources: […]}}"
                    )
        else:
            shown = printable(node.text, 30)
            self.facts.note(node, f"{prop.name} has a value without a source; write {prop.name}: {{{shown}: [source]}}")

    def _long(self, about: str, prop: Property, node: Mapping, value: Scalar | None = None) -> None:
        parts: dict[str, str] = {}
        for key, part in node.pairs:
            if key.text not in _LONG or (key.text == "value" and value is not None):
                self.facts.note(key, f"a value has no {printable(key.text)!r}; it has {', '.join(_LONG)}")
            elif key.text != "sources":
                if isinstance(part, Scalar):
                    if not part.empty:
                        parts[key.text] = part.text
                else:
                    self.facts.note(part, f"{key.text} is one text")
        given = value or node.get("value")
        if not isinstance(given, Scalar):
            return
        term = self._term(given, prop, parts.get("lang"))
        sources = node.get("sources")
        if sources is None:
            self.facts.note(given, f"{prop.name} has a value without a source; add sources: [source]")
        elif term is not None:
            self._claim(about, prop, term, sources, given, parts)

    def _claim(
        self, about: str, prop: Property, term: str, sources: Node, value: Scalar, parts: dict[str, str] | None = None
    ) -> None:
        if not isinstance(sources, Sequence):
            self.facts.note(sources, f"the sources of {printable(value.text, 30)} are a list; write [source]")
            return
        if not sources.items:
            self.facts.note(sources, f"{printable(value.text, 30)} has no source; name at least one")
        parts = parts or {}
        seen = set()
        for item in sources.items:
            own = dict(parts)
            slug: Node | None = item
            if isinstance(item, Mapping):
                slug = item.get("id")
                for key, part in item.pairs:
                    if key.text not in _ITEM or not isinstance(part, Scalar):
                        self.facts.note(key, f"a source here has no {printable(key.text)!r}; it has {', '.join(_ITEM)}")
                    elif not part.empty:
                        own[key.text] = part.text
            if not isinstance(slug, Scalar) or slug.empty:
                self.facts.note(item, "a source is named by its key, or by {id: key, locator: …}")
                continue
            if slug.text in seen and not isinstance(item, Mapping):
                self.facts.note(slug, f"source {printable(slug.text)} is named twice for one value; name it once")
                continue
            seen.add(slug.text)
            source = f"source/{slug.text}"
            self.facts.sources_used.setdefault(source, Place(slug.line, slug.column))
            self.facts.claims.append(
                Claim(about, prop.name, term, source, own.get("printed"), own.get("locator"), own.get("note"))
            )

    def _term(self, node: Scalar, prop: Property, language: str | None) -> str | None:
        if node.empty:
            self.facts.note(node, f"{prop.name} has an empty value; write it, or leave the line out")
            return None
        try:
            term = to_term(node.text, prop, self.ontology, language)
        except ValueError as error:
            self.facts.note(node, str(error))
            return None
        if prop.takes_thing and term.startswith(f"<{terms.ID}"):
            self.facts.uses.append(Use(lexical(term), prop.name, Place(node.line, node.column)))
        return term

    def rulings(self, node: Node) -> None:
        items = node.items if isinstance(node, Sequence) else ()
        if not isinstance(node, Sequence) and not (isinstance(node, Scalar) and node.empty):
            self.facts.note(node, "adjudications is a list; begin each with - {about: …, property: …}")
        for item in items:
            if isinstance(item, Mapping):
                self._ruling(item)
            else:
                self.facts.note(item, "an adjudication holds about, property, accept or reject, reason and note")

    def _ruling(self, node: Mapping) -> None:
        parts: dict[str, Scalar] = {}
        for key, value in node.pairs:
            if key.text not in _RULING or not isinstance(value, Scalar):
                self.facts.note(key, f"an adjudication has no {printable(key.text)!r}; it has {', '.join(_RULING)}")
            else:
                parts[key.text] = value
        for wanted in ("about", "property", "reason"):
            if wanted not in parts:
                self.facts.note(node, f"this adjudication has no {wanted}; add it")
                return
        prop = self._property(parts["property"], None)
        reason = parts["reason"]
        reasons = [key for key in self.ontology.concepts if key.startswith("reason/")]
        reason_key = reason.text if reason.text in reasons else f"reason/{reason.text}"
        if reason_key not in reasons:
            known = [key.removeprefix("reason/") for key in reasons]
            guess = did_you_mean(reason.text, known) or f"; write one of {', '.join(sorted(known))}"
            self.facts.note(reason, f"{printable(reason.text)!r} is no reason{guess}")
            return
        if prop is None:
            return
        chosen = [name for name in ("accept", "reject") if name in parts and not parts[name].empty]
        if len(chosen) == 2:
            self.facts.note(
                parts["reject"], "an adjudication accepts one value or rejects one; write two adjudications"
            )
            return
        if not chosen and reason_key != "reason/undetermined":
            self.facts.note(
                node, "this adjudication neither accepts nor rejects; name the value, or give reason: undetermined"
            )
            return
        found = {name: self._term(parts[name], prop, None) for name in chosen}
        if None in found.values():
            return
        about = parts["about"]
        note = parts["note"].text if "note" in parts and not parts["note"].empty else None
        ruling = Ruling(about.text, prop.name, found.get("accept"), found.get("reject"), reason_key, note)
        self.facts.rulings.append((ruling, Place(about.line, about.column)))


# ---------------------------------------------------------------- rows


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
    if prop.takes_thing and term.startswith(f"<{terms.ID}"):
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


# ---------------------------------------------------------------- joining


def join(files: Iterable[FileFacts], ontology: Ontology) -> Facts:
    """Join what files say and check what they say of each other.

    Raises BadInputError with every problem of every file.
    """
    files = list(files)
    facts = Facts()
    problems = [problem for file in files for problem in file.problems]
    defined: dict[str, tuple[str, Place]] = {}
    placed: dict[tuple[str, str], tuple[str, FileFacts]] = {}
    for file in files:
        for key, (cls, place) in file.classes.items():
            first = defined.setdefault(key, (file.name, place))
            known = facts.classes.setdefault(key, cls)
            if known != cls:
                other = f"{first[0]}:{first[1].line} calls it a {key_of(known)}"
                problems.append(
                    Problem(file.name, *place, f"{key} is a {key_of(cls)} here, but {other}; a subject has one type")
                )
            elif cls == SOURCE_CLASS and first != (file.name, place):
                message = (
                    f"source {key.removeprefix('source/')} is defined in {first[0]}:{first[1].line} too; define it once"
                )
                problems.append(Problem(file.name, *place, message))
        facts.placings.extend(file.placings)
        facts.claims.extend(file.claims)
        for placing in file.placings:
            if ontology.properties[placing.property].functional:
                problems.extend(_second_placing(placing, file, placed))
    if all(file.whole for file in files):
        for file in files:
            problems.extend(unmet(file, facts, ontology))
    problems.extend(_repeated_addresses(facts, defined))
    if not problems:
        problems.extend(_unknown_rulings(files, facts))
    if problems:
        raise BadInputError(problems)
    facts.rulings = [ruling for file in files for ruling, _ in file.rulings]
    return facts


def _second_placing(
    placing: Placing, file: FileFacts, placed: dict[tuple[str, str], tuple[str, FileFacts]]
) -> Iterator[Problem]:
    about, name, value = placing
    first, other = placed.setdefault((about, name), (value, file))
    if first != value:
        place = file.properties_used.get((about, name)) or file.classes[about][1]
        here, there = printable(lexical(value)), printable(lexical(first))
        message = f"{about} has the {name} {here} here, and {there} in {other.name}; keep one"
        yield Problem(file.name, *place, message)


def unmet(file: FileFacts, facts: Facts, ontology: Ontology) -> Iterator[Problem]:
    """Yield what is wrong with what a file says of subjects and sources, wherever they are defined."""
    for key, name, place in file.uses:
        wanted = ontology.properties[name].range
        cls = facts.classes.get(key)
        if cls is None:
            guess = did_you_mean(key, facts.classes) or "; define it, with a type"
            yield Problem(file.name, *place, f"unknown subject {printable(key)}{guess}")
        elif wanted and not ontology.is_a(cls, wanted):
            kind = ontology.labels.get(wanted, key_of(wanted))
            yield Problem(
                file.name, *place, f"{key} is a {ontology.labels.get(cls, key_of(cls))}; {name} takes a {kind}"
            )
    for key, place in file.sources_used.items():
        if facts.classes.get(key) != SOURCE_CLASS:
            known = (k.removeprefix("source/") for k in facts.classes if k.startswith("source/"))
            slug = key.removeprefix("source/")
            guess = did_you_mean(slug, known) or "; add it under sources:"
            yield Problem(file.name, *place, f"unknown source {printable(slug)}{guess}")
    for (key, name), place in file.properties_used.items():
        prop, cls = ontology.properties[name], facts.classes.get(key)
        if cls is None:
            if key not in file.classes and file.name.endswith((".csv", ".jsonl")):
                yield Problem(file.name, *place, f"{key} has no type; add a row with the property type")
        elif prop.classes and not prop.classes & ontology.superclasses[cls]:
            on = ", ".join(sorted(key_of(c) for c in prop.classes))
            yield Problem(file.name, *place, f"{name} is not for a {key_of(cls)}; it belongs to {on}")


def _repeated_addresses(facts: Facts, defined: dict[str, tuple[str, Place]]) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for about, name, value in facts.placings:
        if name == "url" and (first := seen.setdefault(value, about)) != about:
            file, place = defined.get(about, ("", Place(0, 0)))
            yield Problem(file, *place, f"{about} has the address of {first}; make them one source")


def _unknown_rulings(files: list[FileFacts], facts: Facts) -> Iterator[Problem]:
    claimed = {(c.about, c.property) for c in facts.claims}
    stated = {(c.about, c.property, c.value) for c in facts.claims}
    for file in files:
        for ruling, place in file.rulings:
            named = ruling.accept or ruling.reject
            if (ruling.about, ruling.property) not in claimed:
                about = printable(ruling.about)
                message = f"nothing is claimed of {about} {ruling.property}; an adjudication chooses among claims"
                yield Problem(file.name, *place, message)
            elif named and (ruling.about, ruling.property, named) not in stated:
                shown = printable(lexical(named))
                yield Problem(
                    file.name,
                    *place,
                    f"no source claims {shown} for {ruling.about} {ruling.property}; name a claimed value",
                )
