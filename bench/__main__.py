"""Measure ours beside the peers, in one run, and write bench/RESULTS.md: ``python -m bench [--full] [PART...]``.

Parts: rows, commands, queries, rules, pages, interaction. Nothing here fails for being slow. The short part takes some
minutes and leaves out the queries; --full adds them, and 1,000,000 and 10,000,000 claims. The peers come from the
dependency group bench; a part whose peers are not installed says so.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from pathlib import Path

from bench.measure import ROOT, machine, measure

OURS = "from graph_builder.cli import main; main()"
RESULTS = ROOT / "bench" / "RESULTS.md"
COMMANDS = {
    "pacts build --force": ["build", "--force"],
    "pacts build (nothing changed)": ["build"],
    "pacts query signatories": ["query", "signatories", "--param", "pact=relos"],
    "pacts query contested": ["query", "contested"],
    "pacts show pact/relos": ["show", "pact/relos"],
    "pacts why pact/relos": ["why", "pact/relos"],
    "pacts check": ["check"],
    "pacts view --force": ["view", "--force"],
    "pacts view (nothing changed)": ["view"],
}


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "".join("| " + " | ".join(str(cell) for cell in line) + " |\n" for line in lines)


def rows(folder: Path, full: bool) -> str:
    from bench.rows import HEADER, compare

    found = compare(100_000, folder, tell)
    if full:
        found += compare(1_000_000, folder, tell) + compare(10_000_000, folder, tell, peers=False)
    told = (
        "Ours reads rows of classes, places and sources beside the claims, checks and adjudicates them, and writes "
        "claims, adjudications and accepted facts, sorted. The peers, and our bare mapping, make up to six triples of "
        "each claim, unsorted. Medians of so many runs; what takes over a minute is run once.\n\n"
    )
    return f"## Claims to RDF\n\n{told}{table(HEADER, found)}"


def commands(folder: Path, full: bool) -> str:
    found = []
    for name, arguments in COMMANDS.items():
        run = measure([sys.executable, "-c", OURS, *arguments], runs=5 if full else 3, PACTS_DIST=str(folder / "dist"))
        found.append([name, run.failed or f"{run.seconds:.2f}", f"{run.memory:.0f}", str(run.runs)])
        tell(f"{name}: {run}")
    return f"## The command line\n\n{table(['command', 'seconds', 'MiB at peak', 'runs'], found)}"


def queries(folder: Path, full: bool) -> str:
    from bench.queries import HEADER, LONGEST, compare
    from graph_builder.pipeline import build
    from tests.servers import found, virtuoso

    build(folder / "dist")
    try:
        found("virtuoso-t")
        server = virtuoso(folder / "virtuoso")
    except FileNotFoundError as error:
        tell(str(error))
        server = nullcontext(None)  # type: ignore[assignment]
    with server as base:
        lines = compare(folder / "dist", base)
    ratios = sorted(float(line[5] or LONGEST * 1000) / max(float(line[2]), 0.05) for line in lines)
    ahead = sum(not line[8] or float(line[8]) > float(line[2]) or line[9] != "same" for line in lines)
    beside = max(float(line[2]) / max(float(line[3]), 0.05) for line in lines)
    told = (
        f"Ours takes at most {beside:.2f} times as long as pyoxigraph alone, asked by turns. Another engine is given "
        f"{LONGEST:.0f} seconds. rdflib takes at least {ratios[len(ratios) // 2]:.0f} times as long at the median, and "
        f"{ratios[0]:.0f} at the least. Virtuoso is slower, or answers otherwise or not at all, on {ahead} of "
        f"{len(lines)}.\n\n"
    )
    return f"## The shipped queries on the shipped graph\n\n{told}{table(HEADER, lines)}"


def rules(folder: Path, full: bool) -> str:
    from graph_builder.pipeline import build

    build(folder / "dist")
    found = []
    for name in ("ours", "owlrl"):
        run = measure([sys.executable, "-m", "bench.rules", name, str(folder / "dist" / "graph.nt")])
        found.append([name, run.failed or f"{run.seconds:.1f}", f"{run.memory:.0f}", str(run.runs)])
        tell(f"rules: {name}: {run}")
    told = "Ours runs the rules of ontology/rules/; owlrl the OWL 2 RL rules, which are others, on the same facts.\n\n"
    return f"## Rules on the accepted facts\n\n{told}{table(['way', 'seconds', 'MiB at peak', 'runs'], found)}"


def pages(folder: Path, full: bool) -> str:
    from bench.pages import LIMIT, run

    lines = [
        [
            row.maker,
            f"{row.nodes:,}",
            f"{row.write_seconds:.2f}" if row.write_seconds is not None else f"over {LIMIT}",
            f"{row.size_bytes / 1e6:.2f}" if row.size_bytes is not None else "",
            f"{row.usable_seconds:.2f}" if row.usable_seconds is not None else f"over {LIMIT}",
        ]
        for row in run()
    ]
    header = ["maker", "nodes", "seconds to write", "MB written", "seconds to a usable drawing"]
    return f"## Network pages\n\n{table(header, lines)}"


def interaction(folder: Path, full: bool) -> str:
    from bench.interaction import HEADER, TOLD, compare
    from graph_builder.pipeline import build
    from graph_builder.view import write_views

    dist = folder / "dist"
    build(dist)
    write_views(dist)
    return f"## Using the pages\n\n{TOLD}\n\n{table(HEADER, compare(dist))}"


PARTS: dict[str, Callable[[Path, bool], str]] = {
    "rows": rows,
    "commands": commands,
    "queries": queries,
    "rules": rules,
    "pages": pages,
    "interaction": interaction,
}


def tell(text: str) -> None:
    """Say what was measured, for who waits."""
    print(text, file=sys.stderr, flush=True)


def main() -> None:
    """Measure the parts named, or all, and write what was found."""
    full = "--full" in sys.argv
    # rdflib takes a quarter of an hour for all the queries: they are measured in full, or when they are asked for.
    wanted = [word for word in sys.argv[1:] if word in PARTS] or [part for part in PARTS if full or part != "queries"]
    parts = []
    with tempfile.TemporaryDirectory() as folder:
        for name in wanted:
            try:
                parts.append(PARTS[name](Path(folder), full))
            except ImportError as error:
                tell(f"{name}: not measured: {error}")
    text = (
        f"# Measurements\n\n{machine()}. Whole processes, fresh each time, with all that they start.\n\n"
        + "\n".join(parts)
    )
    if not set(sys.argv[1:]) & set(PARTS):  # parts that were asked for are only printed
        RESULTS.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
