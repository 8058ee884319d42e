"""The rules on a graph too large for memory: accepted facts in a store on disk, what the rules make beside them.

A rule may join anything with anything, so it is run by the store, on disk; only what the engine groups or sorts while
a rule runs (the renewals of each pact, say) is in memory, and what a rule makes is sorted in runs on disk.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby, islice
from pathlib import Path

import pyoxigraph as ox

from graph_builder.emit import emit_dataset, emit_ontology
from graph_builder.ontology import Ontology
from graph_builder.terms import ID

_APART = (f"<{ID}adjudication/".encode(), f"<{ID}claim/".encode())
_RUN = 500_000


def derive(facts: Path, output: Path, work: Path, as_of: str, ontology: Ontology, folder: Path) -> int:
    """Write what the rules of a folder make of sorted N-Triples, as such, and return how many lines that is.

    ``work`` is an empty folder for the store; claims and adjudications are left out, as rules need none. What is
    true of the ontology alone, and of the day ``as_of`` (YYYY-MM-DD), is written too.
    """
    store = ox.Store(str(work / "store"))
    accepted = work / "accepted.nt"
    with facts.open("rb") as file, accepted.open("wb") as kept:
        kept.writelines(line for line in file if not line.startswith(_APART))
        kept.writelines(f"{line}\n".encode() for line in (*emit_ontology(ontology), *emit_dataset(as_of, None)))
    store.bulk_load(path=str(accepted), format=ox.RdfFormat.N_TRIPLES)
    accepted.unlink()
    runs: list[Path] = []
    for rule in sorted(folder.glob("*.rq")):
        begun = len(runs)
        runs += _runs(store, rule.read_text(encoding="utf-8"), ontology.prefixes, work, begun)
        for run in runs[begun:]:
            store.bulk_load(path=str(run), format=ox.RdfFormat.N_TRIPLES)
    count = 0
    files = [run.open("rb") for run in runs]
    try:
        with output.open("wb") as out:
            for line, _ in groupby(heapq.merge(*files)):
                out.write(line)
                count += 1
    finally:
        for opened in files:
            opened.close()
    return count


def _runs(store: ox.Store, text: str, prefixes: Mapping[str, str], work: Path, begun: int) -> Iterator[Path]:
    """Write what a rule makes as files of sorted lines."""
    made: Iterable[ox.Triple] = store.query(text, prefixes=dict(prefixes))  # type: ignore[assignment]
    lines = (f"{triple} .\n".encode() for triple in made)
    while some := sorted(set(islice(lines, _RUN))):
        path = work / f"run-{begun}.nt"
        path.write_bytes(b"".join(some))
        begun += 1
        yield path
