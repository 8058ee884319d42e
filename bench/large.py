"""The shipped queries on a graph of many claims, each in a process of its own: ``python -m bench.large FOLDER CLAIMS``.

The graph is what ``pacts stream --derived`` makes of synthetic claims, and the ontology's names from a built graph; it
takes some seven gigabytes for a million claims. A Markdown table is printed. Where a query needs a parameter, or can be
narrowed to a pact or a party, the first pact and the second party are asked for.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pyoxigraph as ox

from bench.claims import write_rows
from bench.measure import ROOT
from bench.queries import LONGEST
from graph_builder.locate import default_dist, home
from graph_builder.prefixes import load_prefixes
from graph_builder.query import ShippedQuery, bind, find_query, open_store, run, shipped_queries
from graph_builder.terms import LP, VOCABULARY

_GIVEN = {"pact": "pact/p0", "subject": "pact/p0", "party": "party/c1", "lat": "12.5", "lon": "45.0"}
_ENDS = {"thing": {"from": "party/c1", "to": "party/c2"}, "date": {"from": "2026-01-01", "until": "2035-12-31"}}
_NAMES = (f"<{LP}", f"<{VOCABULARY}")


def prepare(folder: Path, claims: int) -> None:
    """Make the graph of so many claims and put it into a store below the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    rows, graph, derived, names = (folder / name for name in ("rows.csv", "graph.nt", "derived.nt", "names.nt"))
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


def answer(folder: Path, name: str) -> str:
    """Return a row of the table: what was asked, how many rows, milliseconds cold and warm."""
    query, prefixes, store = find_query(name), load_prefixes(home() / "ontology"), open_store(folder)
    values = asked(query)
    text = bind(query, values, prefixes)
    took = []
    while not took or (len(took) < 4 and took[0] < 5_000):
        start = time.perf_counter()
        rows = sum(1 for _ in run(store, text, prefixes))
        took.append((time.perf_counter() - start) * 1000)
    warm = sorted(took[1:] or took)
    told = " ".join(f"{key}={value}" for key, value in values.items())
    return f"| {name} | {told} | {rows:,} | {took[0]:.0f} | {warm[len(warm) // 2]:.0f} |"


def main() -> None:
    """Make the graph, unless it is there, and ask every query."""
    folder, what = Path(sys.argv[1]), sys.argv[2]
    if not what.isdigit():
        print(answer(folder, what))
        return
    if not (folder / "store").is_dir():
        prepare(folder, int(what))
    print("| query | parameters | rows | ms cold | warm |\n| --- | --- | --- | --- | --- |")
    for query in shipped_queries():
        command = [sys.executable, "-m", "bench.large", str(folder), query.name]
        try:
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=LONGEST)
            line = done.stdout.strip() or f"| {query.name} | failed: {done.stderr.strip()[-100:]} | | | |"
        except subprocess.TimeoutExpired:
            line = f"| {query.name} | | | over {LONGEST * 1000:,.0f} | |"
        print(line, flush=True)


if __name__ == "__main__":
    main()
