"""From files to checked facts: each is read on its own, and what they say of each other's subjects is checked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from graph_builder.fact_file import read_file
from graph_builder.facts import Facts, Placing
from graph_builder.file_facts import SOURCE_CLASS, FileFacts, Place
from graph_builder.ontology import Ontology
from graph_builder.problems import BadInputError, Problem, did_you_mean, printable
from graph_builder.row_file import read_rows
from graph_builder.terms import key_of, lexical


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
