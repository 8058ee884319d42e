"""Claims to RDF: our whole way and our bare mapping beside the bare mapping of the peers, on the same claims."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

from bench.claims import write_rows
from bench.mapping import prepare
from bench.measure import ROOT, Run, measure

#: morph-kgc holds rdflib at an older version, so `make` puts it into an environment of its own.
MORPH = ROOT / ".venv" / "morph" / "bin" / "python"

OURS = "from graph_builder.cli import main; main()"
Table = list[list[str]]


def compare(claims: int, folder: Path, told: Callable[[str], None], peers: bool = True) -> Table:
    """Measure every way on so many claims; return rows of text."""
    rows = write_rows(folder / f"rows-{claims}.csv", claims)
    work = folder / f"mapping-{claims}"
    stream = [sys.executable, "-c", OURS, "stream", str(rows), "--to", str(work / "ours.nt")]
    ways = {"pacts stream: the whole way": stream}
    if peers:
        prepare(rows, work)
        one = [sys.executable, "-m", "bench.mapping"]
        ways |= {"ours, bare mapping": [*one, "ours", str(work)]}
        if MORPH.exists():
            ways |= {f"morph-kgc, {n} process(es)": [str(MORPH), "-m", "morph_kgc", f"morph-{n}.ini"] for n in (1, 2)}
        ways |= {"maplib": [*one, "maplib", str(work)]}
        ways |= {"pyoxigraph, from JSON-LD": [*one, "pyoxigraph", str(work)]}
        ways |= {"rdflib": [*one, "rdflib", str(work)]}
    work.mkdir(exist_ok=True)
    found: dict[str, Run] = {}
    sizes: dict[str, int] = {}
    for name, command in ways.items():
        found[name] = measure(command, work)
        out = work / ("ours.nt" if command is stream else "out.nt")
        sizes[name] = out.stat().st_size if out.exists() else 0
        out.unlink(missing_ok=True)
        told(f"{claims:,} claims: {name}: {found[name]}")
    bare = [run.seconds for name, run in found.items() if "ours" not in name and "pacts" not in name and not run.failed]
    best = min(bare, default=None)
    rows.unlink()
    return [
        [name, f"{claims:,}", "failed: " + run.failed] + [""] * 5
        if run.failed
        else [
            name,
            f"{claims:,}",
            f"{run.seconds:.1f}",
            f"{run.processor:.1f}",
            f"{run.memory:.0f}",
            f"{sizes[name] / 1e6:,.0f}",
            f"{run.seconds / best:.2f}" if best else "",
            str(run.runs),
        ]
        for name, run in found.items()
    ]


HEADER = ["way", "claims", "seconds", "processor seconds", "MiB at peak", "MB written", "to the best peer", "runs"]

if __name__ == "__main__":
    for size in sys.argv[2:]:
        for line in compare(int(size), Path(sys.argv[1]), lambda text: print(text, file=sys.stderr, flush=True)):
            print(" | ".join(line), flush=True)
    os.sync()
