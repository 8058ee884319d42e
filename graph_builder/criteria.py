"""What published data are judged by, asked of the built files: LOD Cloud, five stars, FAIR.

Each criterion is a query of queries/criteria/ that selects what breaks it, with the header of a quality gate. The
queries see the graph, its description and its alignment; and, in the graph <file:///>, which files there are: a name or
an offered address ``dcterms:hasFormat`` each file that it leads to.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from graph_builder.describe import DATA, PREFIXES, VOID_FILE
from graph_builder.locate import default_dist, home
from graph_builder.mappings import ALIGNMENT_FILE
from graph_builder.prefixes import load_prefixes
from graph_builder.problems import BadInputError, UsageError, printable
from graph_builder.quality import BEYOND, FAIL, PASS, Finding, findings_table, load_checks, run_checks, scored
from graph_builder.view.addresses import BASE, INDEX_FILE
from graph_builder.view.forms import ENDINGS

SCHEMES = ("LOD Cloud", "Five stars", "FAIR")
_HAS_FORMAT = ox.NamedNode("http://purl.org/dc/terms/hasFormat")
_FILES = "file:///"


def check_criteria(dist: Path, place: Path) -> list[Finding]:
    """Run every criterion on the files in ``dist``; raises UsageError where no pages were built."""
    return judge(built_files(dist), place)


def judge(store: ox.Store, place: Path) -> list[Finding]:
    """Run every criterion of ``place`` on a store that holds the graph, its description and what files there are."""
    prefixes = {**PREFIXES, **load_prefixes(place / "ontology")}
    return run_checks(store, load_checks(place / "queries" / "criteria"), prefixes)


def built_files(dist: Path) -> ox.Store:
    """Return the store that the criteria are asked of."""
    if not (dist / INDEX_FILE).is_file():
        raise UsageError(f"no pages in {printable(str(dist))}; write them with: make graph")
    store = ox.Store()
    store.bulk_load(path=str(dist / "graph.nt"), format=ox.RdfFormat.N_TRIPLES)
    for name in (VOID_FILE, ALIGNMENT_FILE):
        store.bulk_load(path=str(dist / name), format=ox.RdfFormat.TURTLE)
    store.bulk_extend(_there_are(dist))
    return store


def _there_are(dist: Path) -> Iterator[ox.Quad]:
    """Yield, for each name and each offered address, the files that are there for it."""
    there = {path.relative_to(dist).as_posix() for path in dist.rglob("*") if path.is_file()}
    for line in (dist / INDEX_FILE).read_text(encoding="utf-8").splitlines()[1:]:
        name, page, data = line.split("\t")
        for file in (page.partition("#")[0], *(f"{data}.{ending}" for ending in ENDINGS if ending != "html")):
            if file in there:
                yield _there(BASE + name, file)
    for file in there:
        yield _there(_FILES + file, file)
        yield _there(DATA + file, file)


def _there(name: str, file: str) -> ox.Quad:
    return ox.Quad(ox.NamedNode(name), _HAS_FORMAT, ox.NamedNode(_FILES + file), ox.NamedNode(_FILES))


def criteria_table(findings: list[Finding]) -> str:
    """Return the findings as a table for a terminal, and how many criteria of each scheme are met."""
    lines = [findings_table(findings, 3)]
    for scheme in SCHEMES:
        found = scored(findings, scheme)
        met = sum(result == PASS for result in found.values())
        offline = [name for name, result in found.items() if result == BEYOND]
        broken = [name for name, result in found.items() if result == FAIL]
        line = f"{scheme}: {met} of {len(found)} met"
        line += f"; not checkable offline: {', '.join(offline)}" if offline else ""
        lines.append(line + (f"; broken: {', '.join(broken)}" if broken else ""))
    return "\n".join(lines)


if __name__ == "__main__":
    try:
        results = check_criteria(default_dist(), home())
    except (BadInputError, UsageError) as problem:
        sys.exit(str(problem))
    print(criteria_table(results))
    sys.exit(any(result.result == FAIL for result in results))
