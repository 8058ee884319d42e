"""The shipped queries on a graph of many claims, here and in Virtuoso: ``python -m bench.large FOLDER CLAIMS``.

The graph is what ``pacts stream --derived`` makes of synthetic claims, and the ontology's names from a built graph; it
takes some ten gigabytes for a million claims. A Markdown table is printed. Where a query needs a parameter, or can be
narrowed to a pact or a party, the first pact and the second party are asked for. Ours answers each query in a process
of its own; Virtuoso, where it is installed, is started on loopback and loads the same files by its own bulk loader.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections import Counter
from configparser import ConfigParser
from contextlib import nullcontext
from pathlib import Path
from pickle import dumps, loads

import pyoxigraph as ox

from bench.claims import write_rows
from bench.measure import ROOT
from bench.queries import LONGEST, cells, timed, told
from graph_builder.endpoint import GRAPH, ask
from graph_builder.locate import default_dist, home
from graph_builder.prefixes import load_prefixes
from graph_builder.query import ShippedQuery, bind, find_query, open_store, run, shipped_queries
from graph_builder.terms import LP, VOCABULARY
from tests.servers import found, virtuoso

_GIVEN = {"pact": "pact/p0", "subject": "pact/p0", "party": "party/c1", "lat": "12.5", "lon": "45.0"}
_ENDS = {"thing": {"from": "party/c1", "to": "party/c2"}, "date": {"from": "2026-01-01", "until": "2035-12-31"}}
_NAMES = (f"<{LP}", f"<{VOCABULARY}")
_FILES = ("graph.nt", "derived.nt", "names.nt")
_BUFFERS = 500_000
"""What Virtuoso may hold in memory, in pages of 8 KiB: four gigabytes."""


def prepare(folder: Path, claims: int) -> None:
    """Make the graph of so many claims and put it into a store below the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    rows, graph, derived, names = (folder / name for name in ("rows.csv", *_FILES))
    start = time.perf_counter()
    write_rows(rows, claims)
    command = [
        sys.executable,
        "-m",
        "graph_builder",
        "stream",
        str(rows),
        "--to",
        str(graph),
        "--derived",
        str(derived),
    ]
    subprocess.run(command, cwd=ROOT, check=True, stdout=sys.stderr)
    streamed = time.perf_counter()
    with (default_dist() / "graph.nt").open(encoding="utf-8") as lines, names.open("w", encoding="utf-8") as file:
        file.writelines(line for line in lines if line.startswith(_NAMES))
    store = ox.Store(str(folder / "store"))
    for path in (graph, derived, names):
        store.bulk_load(path=str(path), format=ox.RdfFormat.N_TRIPLES, lenient=True)
    store.optimize()
    loaded = time.perf_counter()
    told = f"{len(store):,} triples; rows and streaming {streamed - start:.0f} s, loading {loaded - streamed:.0f} s"
    print(told, file=sys.stderr, flush=True)


def asked(query: ShippedQuery) -> dict[str, str]:
    """Return the parameters that a query is asked with."""
    ends = {name: value for p in query.parameters for name, value in _ENDS.get(p.type, {}).items() if name == p.name}
    narrowed = {p.name for p in query.parameters if p.default is None or (p.type == "thing" and p.name in _GIVEN)}
    return {name: ends.get(name) or _GIVEN[name] for name in sorted(narrowed)}


def answer(folder: Path, name: str) -> None:
    """Answer a query four times, or once where that takes over five seconds; write the times and the rows, pickled."""
    query, prefixes, store = find_query(name), load_prefixes(home() / "ontology"), open_store(folder)
    text = bind(query, asked(query), prefixes)
    took = []
    while not took or (len(took) < 4 and took[0] < 5_000):
        start = time.perf_counter()
        rows = cells(run(store, text, prefixes))
        took.append((time.perf_counter() - start) * 1000)
    sys.stdout.buffer.write(dumps((took[0], statistics.median(took[1:] or took), rows)))


def fill(folder: Path, place: Path) -> None:
    """Load the files into the Virtuoso that runs in a folder, with a loader for each core."""
    settings = ConfigParser(strict=False)
    settings.read(place / "virtuoso.ini")
    start = time.perf_counter()

    def sql(statement: str) -> subprocess.Popen[bytes]:
        server = settings["Parameters"]["ServerPort"]
        command = [found("isql-vt"), server, "dba", "dba", f"EXEC={statement}"]
        return subprocess.Popen(command, cwd=place, stdout=subprocess.DEVNULL)

    for name in _FILES:
        os.link(folder / name, place / name)
        sql(f"ld_dir('.', '{name}', '{GRAPH}');").wait()
    for loader in [sql("rdf_loader_run();") for _ in range(os.cpu_count() or 1)]:
        loader.wait()
    sql("checkpoint;").wait()
    print(f"Virtuoso loaded in {time.perf_counter() - start:.0f} s", file=sys.stderr, flush=True)


def row(folder: Path, query: ShippedQuery, server: str | None) -> str:
    """Return the row of the table for a query."""
    given = " ".join(f"{name}={value}" for name, value in asked(query).items())
    command = [sys.executable, "-m", "bench.large", str(folder), query.name]
    ours: Counter[tuple[str, ...]] | None = None
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=LONGEST, check=True)
        cold, warm, ours = loads(done.stdout)  # noqa: S301 - our own process wrote it
        line = [f"{ours.total():,}", f"{cold:.0f}", f"{warm:.0f}"]  # type: ignore[union-attr]
    except subprocess.TimeoutExpired:
        line = ["", f"over {LONGEST * 1000:,.0f}", ""]
    if server:
        prefixes = load_prefixes(home() / "ontology")
        text = bind(query, asked(query), prefixes)
        first, again, rows, wrong = timed(lambda: cells(ask(f"{server}/sparql", text, prefixes, GRAPH, LONGEST)))
        line += ["", "", wrong] if rows is None else [f"{first:.0f}", f"{again:.0f}", told(rows, ours, "not compared")]
    return f"| {' | '.join([query.name, given, *line])} |"


def main() -> None:
    """Make the graph, unless it is there, and ask every query."""
    folder, what = Path(sys.argv[1]), sys.argv[2]
    if not what.isdigit():
        answer(folder, what)
        return
    if not (folder / "store").is_dir():
        prepare(folder, int(what))
    place = folder / "virtuoso"
    try:
        found("virtuoso-t")
        loaded = place.is_dir()
        server = virtuoso(place, _BUFFERS)
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        server, loaded = nullcontext(None), True  # type: ignore[assignment]
    with server as address:
        if not loaded:
            fill(folder, place)
        head = ["query", "parameters", "rows", "ms cold", "warm"]
        head += ["Virtuoso, ms cold", "warm", "its answer"] if address else []
        print(f"| {' | '.join(head)} |\n|{' --- |' * len(head)}")
        for query in shipped_queries():
            print(row(folder, query, address), flush=True)


if __name__ == "__main__":
    main()
