"""Checking a built graph: its ontology, its shapes, its own rules, and that its files are whole."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from graph_builder.checksums import SUMS_FILE
from graph_builder.duplicates import find_duplicates
from graph_builder.locate import default_dist, home
from graph_builder.ontology import Ontology, load_ontology
from graph_builder.positions import check_positions
from graph_builder.problems import UsageError, printable
from graph_builder.progress import Report
from graph_builder.query import cell, open_store, run_file
from graph_builder.terms import ID, key_of

_FACT_SHAPES = ("facts.ttl", "sources.ttl")
#: What neither shapes nor the reasoner are asked of: there is much of it, and queries/checks/ ask it faster.
_EVIDENCE = tuple(f"<{ID}{kind}/" for kind in ("claim", "adjudication"))


@dataclass(frozen=True)
class Result:
    """What one check told; ``failures`` has a line for each thing that is wrong."""

    name: str
    told: str
    failures: tuple[str, ...]


def check(dist: Path | None = None, *, reason: bool = False, report: Report = lambda step: None) -> list[Result]:
    """Run every check on the graph built in ``dist``; ``reason`` also asks a reasoner, which takes Java.

    Raises UsageError when nothing was built there, or when the reasoner is not installed.
    """
    dist, place = dist or default_dist(), home()
    report("reading the ontology")
    ontology = load_ontology(place / "ontology")
    store = open_store(dist)
    terms = len(ontology.properties) + len(ontology.superclasses)
    results = [Result("ontology", f"loads: {terms} terms, {len(ontology.concepts)} concepts", ())]
    report("checking the files")
    results.append(_files(dist))
    results.append(_store(dist, store))
    for path in sorted((place / "queries" / "checks").glob("*.rq")):
        report(path.stem)
        results.append(_rule(path, store, ontology.prefixes))
    report("looking for duplicates")
    results.append(Result("duplicates", "one key for one thing, by its label", tuple(find_duplicates(store))))
    report("checking the positions")
    positions = check_positions(store)
    results.append(Result("positions", positions.told, positions.failures))
    report("checking the shapes")
    results.append(_shapes(dist, place / "ontology" / "shapes"))
    if reason:
        report("reasoning")
        results.append(_reasoning(dist, ontology))
    return results


def _reasoning(dist: Path, ontology: Ontology) -> Result:
    from graph_builder.reason import check_consistency

    facts = (quad.triple for quad in ox.parse(_without_evidence(dist).encode(), format=ox.RdfFormat.N_TRIPLES))
    found = check_consistency(ontology, facts)
    return Result("reasoning", found.told, found.failures)


def _files(dist: Path) -> Result:
    try:
        sums = (dist / SUMS_FILE).read_text(encoding="utf-8").splitlines()
    except OSError:
        raise UsageError(f"{dist} has no {SUMS_FILE}; build it anew: pacts build --force") from None
    wrong = []
    for line in sums:
        wanted, _, name = line.partition("  ")
        path = dist / name
        if not path.is_file():
            wrong.append(f"{printable(name)} is missing; build anew: pacts build --force")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != wanted:
            wrong.append(f"{printable(name)} was changed after the build; build anew: pacts build --force")
    return Result("files", f"{len(sums)} files as built", tuple(wrong))


def _store(dist: Path, store: ox.Store) -> Result:
    """Compare the store with graph.nt, line by line."""
    stored = sorted(f"{quad.subject} {quad.predicate} {quad.object} ." for quad in store)
    parsed = ox.parse(path=str(dist / "graph.nt"), format=ox.RdfFormat.N_TRIPLES)
    written = sorted(f"{quad.subject} {quad.predicate} {quad.object} ." for quad in parsed)
    failures = () if stored == written else ("the store and graph.nt differ; build anew: pacts build --force",)
    return Result("store", f"holds the {len(written):,} triples of graph.nt", failures)


def _rule(path: Path, store: ox.Store, prefixes: Any) -> Result:
    """Run a rule query; each row it selects is a failure told by ?error."""
    text = path.read_text(encoding="utf-8")
    told = text.splitlines()[0].lstrip("# ")
    rows = run_file(store, path, prefixes)
    return Result(path.stem, told, tuple(printable(cell(row["error"]), 200) for row in rows))


def _shapes(dist: Path, shapes: Path) -> Result:
    count = sum(
        path.read_text(encoding="utf-8").count(" a sh:PropertyShape") for path in map(shapes.joinpath, _FACT_SHAPES)
    )
    return Result("shapes", f"accepted facts and sources meet {count} rules", tuple(shape_violations(dist, shapes)))


def shape_violations(dist: Path, shapes: Path) -> list[str]:
    """Return a line for each place where the accepted facts and the sources break a SHACL shape."""
    import pyshacl
    import rdflib

    shape_graph = rdflib.Graph()
    for name in _FACT_SHAPES:
        shape_graph.parse(shapes / name, format="turtle")
    data = rdflib.Graph().parse(data=_without_evidence(dist), format="nt")
    _, report, _ = pyshacl.validate(data, shacl_graph=shape_graph, inference="none", advanced=False)
    return sorted(violations(report))


def _without_evidence(dist: Path) -> str:
    """Return the accepted and derived facts, the sources and the ontology as N-Triples."""
    with (dist / "graph.nt").open(encoding="utf-8") as lines:
        return "".join(line for line in lines if not line.startswith(_EVIDENCE))


def violations(report: Any) -> Iterator[str]:
    """Yield a line for each result of a SHACL validation: the thing, and what to do."""
    from rdflib import SH

    for violation in report.subjects(SH.resultMessage):
        focus = key_of(str(report.value(violation, SH.focusNode)))
        yield f"{printable(focus)}: {printable(str(report.value(violation, SH.resultMessage)), 200)}"
