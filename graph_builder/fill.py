"""Filling the store, and the tables that its queries give, beside the rest of a build: in a process of its own.

The process is a new one and no copy of this one: the engine's threads do not survive a copy. It is told file after
file to load, and when there is no more it runs the tables.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox

from graph_builder.problems import UsageError

_MOST = 24_000_000  # characters given to the engine at a time
_PROGRAM = "import sys; sys.path.insert(0, sys.argv[1]); from graph_builder.fill import main; main(sys.argv[2:])"


@contextmanager
def filling(folder: Path, queries: Path) -> Iterator[tuple[Callable[[Iterable[str]], None], Callable[[], None]]]:
    """Start the process that makes ``store`` and ``tables`` in a folder; it is ended when the block is left.

    Two functions are given: one that hands over lines of N-Triples, each with its newline, and one that waits until
    all are in the store and the tables of the folder of queries are written. It raises UsageError when that failed.
    """
    home = str(Path(__file__).parent.parent)
    process = subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, home, str(folder), str(queries)],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    handed = 0

    def hand_over(lines: Iterable[str]) -> None:
        nonlocal handed
        handed += 1
        part = folder / f".handed-{handed}.nt"
        with part.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(lines)
        try:
            process.stdin.write(f"{part.name}\n")  # type: ignore[union-attr]
            process.stdin.flush()  # type: ignore[union-attr]
        except BrokenPipeError:
            finish()

    def finish() -> None:
        _, told = process.communicate()
        if process.returncode:
            raise UsageError(f"the store cannot be filled: {(told.strip().splitlines() or ['its process ended'])[-1]}")

    try:
        yield hand_over, finish
    finally:
        process.kill()
        process.wait()


def main(arguments: list[str]) -> None:
    """Load the files that standard input names into the store of a folder, and then write the tables."""
    from graph_builder.locate import home
    from graph_builder.prefixes import load_prefixes
    from graph_builder.write import write_tables

    folder, queries = map(Path, arguments)
    store = ox.Store(str(folder / "store"))
    for name in sys.stdin:
        part = folder / name.strip()
        # The terms were checked when they were read, so the engine need not.
        if part.stat().st_size <= _MOST:
            store.bulk_load(part.read_bytes(), format=ox.RdfFormat.N_TRIPLES, lenient=True)
        else:
            store.bulk_load(path=str(part), format=ox.RdfFormat.N_TRIPLES, lenient=True)
        part.unlink()
    write_tables(folder / "tables", queries, store, load_prefixes(home() / "ontology"))
    store.flush()
