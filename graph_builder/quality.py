"""The ontology's quality gates: the checks of queries/quality/, run over the ontology and its vocabularies.

Each check is a SPARQL query with a header that says its rule in words, which published check it is the same as, how
grave a failure is, and how to mend it. It selects what breaks the rule: ?where and ?error.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from graph_builder.ontology import Ontology, load_ontology
from graph_builder.problems import BadInputError, Problem, printable
from graph_builder.terms import LP, key_of

PASS, FAIL, DEVIATION, BEYOND = "pass", "fail", "deviation", "not checkable offline"
SEVERITIES = ("error", "warning", "info")

_FIELDS = {"summary", "same-as", "severity", "fix", "beyond"}
_REFERENCES = ox.NamedNode("http://purl.org/dc/terms/references")
_DEVIATIONS = """PREFIX dcterms: <http://purl.org/dc/terms/>
SELECT ?check ?term ?reason WHERE {
  ?deviation dcterms:identifier ?check ; dcterms:description ?reason .
  FILTER(STRSTARTS(STR(?deviation), "https://w3id.org/logistics-pacts/deviation/"))
  OPTIONAL { ?deviation dcterms:subject ?term }
}"""


@dataclass(frozen=True, slots=True)
class Check:
    """One rule: its name, the rule in words, its kin elsewhere, and the query that finds what breaks it."""

    name: str
    summary: str
    same_as: tuple[str, ...]
    severity: str
    fix: str
    beyond: str
    query: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found. ``where`` has a line for each thing that breaks the rule, ``reason`` why it may."""

    check: Check
    result: str
    where: tuple[str, ...] = ()
    reason: str = ""


_STYLE = Check(
    "style-shapes", "Every term meets the shapes of ontology/shapes/style.ttl.", ("gist ontologyShapes",), "error",
    "Do what the message says.", "", "",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Deviation:
    """A recorded departure from a check: of the terms named, or of all."""

    terms: frozenset[str]
    reason: str


def check_quality(home: Path) -> list[Finding]:
    """Run every check of queries/quality/ over the ontology that lies beside it; errors come first.

    Raises BadInputError for an ontology that is not Turtle, or a check that is broken.
    """
    ontology = load_ontology(home / "ontology")
    store = ox.Store()
    store.extend(ox.Quad(*triple) for triple in ontology.triples)
    store.extend(ox.Quad(*triple) for triple in references(home, ontology))
    findings = run_checks(store, load_checks(home / "queries" / "quality"), ontology.prefixes)
    return [*findings, check_style(home / "ontology")]


def check_style(folder: Path) -> Finding:
    """Validate the core ontology and its vocabularies with shapes/style.ttl."""
    import pyshacl
    import rdflib

    from graph_builder.check import violations

    data = rdflib.Graph().parse(folder / "logistics-pacts.ttl")
    for path in sorted((folder / "vocabularies").glob("*.ttl")):
        data.parse(path)
    shapes = rdflib.Graph().parse(folder / "shapes" / "style.ttl")
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none")
    broken = tuple(sorted(violations(report)))
    return Finding(_STYLE, FAIL if broken else PASS, broken)


def load_checks(folder: Path) -> list[Check]:
    """Read every check of a folder, the gravest first; a broken header raises BadInputError."""
    checks = [_load(path) for path in sorted(folder.glob("*.rq"))]
    return sorted(checks, key=lambda check: (SEVERITIES.index(check.severity), check.name))


def _load(path: Path) -> Check:
    import yaml

    from graph_builder.plain_yaml import load_plain

    text = path.read_text(encoding="utf-8")
    header = "\n".join(line[2:].removeprefix(" ") for line in text.splitlines() if line.startswith("#+"))
    try:
        fields = load_plain(header)
    except yaml.YAMLError:
        fields = None
    if (
        not isinstance(fields, dict)
        or set(fields) - _FIELDS
        or not {"summary", "same-as", "severity", "fix"} <= set(fields)
    ):
        needs = "needs a header of #+ lines with summary, same-as, severity and fix, and may have beyond"
        raise BadInputError([Problem(str(path), 1, 1, needs)])
    if fields["severity"] not in SEVERITIES:
        raise BadInputError([Problem(str(path), 1, 1, f"the severity is one of {', '.join(SEVERITIES)}")])
    return Check(
        path.stem,
        str(fields["summary"]),
        tuple(map(str, fields["same-as"])),
        str(fields["severity"]),
        str(fields["fix"]),
        str(fields.get("beyond") or ""),
        text,
    )


def run_checks(store: ox.Store, checks: Iterable[Check], prefixes: Mapping[str, str]) -> list[Finding]:
    """Run checks on a store that holds the ontology, the vocabularies and the recorded deviations."""
    allowed = _deviations(store)
    return [_run(store, check, prefixes, allowed.get(check.name)) for check in checks]


def _deviations(store: ox.Store) -> dict[str, Deviation]:
    found: dict[str, Deviation] = {}
    rows: Any = store.query(_DEVIATIONS)
    for row in rows:
        name, term = row["check"].value, row["term"]
        terms = found[name].terms if name in found else frozenset()
        found[name] = Deviation(terms | ({term.value} if term is not None else frozenset()), row["reason"].value)
    return found


def _run(store: ox.Store, check: Check, prefixes: Mapping[str, str], deviation: Deviation | None) -> Finding:
    try:
        rows: Any = store.query(check.query, prefixes=dict(prefixes))
        broken = [(row["where"].value, row["error"].value) for row in rows]
    except SyntaxError as error:
        raise BadInputError([Problem(f"{check.name}.rq", error.lineno or 1, error.offset or 1, str(error))]) from None
    open_ones = broken
    if deviation:
        open_ones = [(where, why) for where, why in broken if deviation.terms and where not in deviation.terms]
        unneeded = sorted(deviation.terms - {where for where, _ in broken}) if broken else ["it"]
        if unneeded:
            open_ones += [
                (iri, "has a recorded deviation that is not needed; take it out of deviations.ttl") for iri in unneeded
            ]
    if open_ones:
        return Finding(check, FAIL, _lines(open_ones))
    if broken and deviation:
        return Finding(check, DEVIATION, _lines(broken), deviation.reason)
    return Finding(check, BEYOND, (), check.beyond) if check.beyond else Finding(check, PASS)


def _lines(broken: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(printable(f"{key_of(where)} {why}", 200) for where, why in broken)


# ---------------------------------------------------------------- who uses a term


def references(home: Path, ontology: Ontology) -> Iterator[ox.Triple]:
    """Yield that a file references a term, for every fact file, rule, shape, query and module of the builder."""
    names = {*ontology.properties, *(iri.removeprefix(LP) for iri in ontology.superclasses if iri.startswith(LP))}
    names |= {iri.removeprefix(LP) for iri in ontology.labels if iri.startswith(LP)}
    prefixed = re.compile(r"\blp:(\w+)")
    for folder in ("ontology/rules", "ontology/shapes", "queries"):
        yield from _uses(home, sorted((home / folder).rglob("*.[rt][qt]*")), prefixed, names)
    # A key or a class of a fact file stands before a colon, or after type:.
    yield from _uses(
        home,
        sorted((home / "facts").rglob("*.yaml")),
        re.compile(r"\b(\w+)(?=:(?:\s|$))|(?<=type: )(\w+)", re.MULTILINE),
        names,
    )
    yield from _uses(
        home, sorted(Path(__file__).parent.glob("*.py")), re.compile(r"\blp\(['\"](\w+)|LP\}(\w+)|\blp:(\w+)"), names
    )


def _uses(home: Path, paths: Iterable[Path], pattern: re.Pattern[str], names: set[str]) -> Iterator[ox.Triple]:
    for path in paths:
        found = {
            name
            for groups in pattern.findall(path.read_text(encoding="utf-8"))
            for name in ([groups] if isinstance(groups, str) else groups)
        }
        file = ox.NamedNode(f"file:///{path.name}")
        for name in sorted(found & names):
            yield ox.Triple(file, _REFERENCES, ox.NamedNode(LP + name))


# ---------------------------------------------------------------- the table


def quality_table(findings: Iterable[Finding], shown: int = 3) -> str:
    """Return the findings as a table for a terminal: check, same as, result, where."""
    findings = list(findings)
    by_test = scored(findings, "FOOPS")
    open_ones = ", ".join(f"{test} ({result})" for test, result in by_test.items() if result not in (PASS, DEVIATION))
    passed = sum(result in (PASS, DEVIATION) for result in by_test.values())
    told = f"FOOPS! file tests: {passed} of {len(by_test)} pass" + (f"; not {open_ones}" if open_ones else "")
    return f"{findings_table(findings, shown)}\n{told}"


def findings_table(findings: Iterable[Finding], shown: int) -> str:
    """Return a row for each finding, with ``shown`` places at the most, and how many there are of each result."""
    findings = list(findings)
    rows = [(f.check.name, ", ".join(f.check.same_as), f.result, _where(f, shown)) for f in findings]
    rows.insert(0, ("check", "same as", "result", "where"))
    widths = [max(len(row[i]) for row in rows) for i in range(3)]
    lines = [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3]]).rstrip()
        for row in rows
    ]
    counts = {result: sum(f.result == result for f in findings) for result in (PASS, DEVIATION, BEYOND, FAIL)}
    return "\n".join([*lines, "", "; ".join(f"{count} {result}" for result, count in counts.items())])


def scored(findings: Iterable[Finding], scheme: str) -> dict[str, str]:
    """Return the worst result of the checks that stand for each criterion of a scheme, by the criterion's name."""
    worst = (PASS, DEVIATION, BEYOND, FAIL)
    found: dict[str, str] = {}
    for finding in findings:
        for name in finding.check.same_as:
            if name.startswith(f"{scheme} "):
                test = name.removeprefix(f"{scheme} ")
                found[test] = max(found.get(test, PASS), finding.result, key=worst.index)
    return dict(sorted(found.items()))


def _where(finding: Finding, shown: int) -> str:
    if finding.result in (DEVIATION, BEYOND):
        count = f"{len(finding.where)} terms: " if finding.where else ""
        return printable(f"{count}{finding.reason}", 120)
    told = "; ".join(finding.where[:shown])
    return told + (f"; and {len(finding.where) - shown} more" if len(finding.where) > shown else "")
