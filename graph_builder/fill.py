"""Filling the store, and the tables that its queries give, beside the rest of a build: in a process of its own.

The process is a new one and no copy of this one: the engine's threads do not survive a copy. It is told file after
file to load, and when there is no more it runs the tables.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

import pyoxigraph as ox

from graph_builder.problems import UsageError

_PROGRAM = "import sys; sys.path.insert(0, sys.argv[1]); from graph_builder.fill import main; main(sys.argv[2])"


class Filling:
    """The process that makes ``store`` and ``tables`` in a folder; it is ended when the block is left.

    It makes itself ready while the caller does other work, so it is started before there is a folder to fill;
    ``queries`` holds the queries of the tables. What fails in it is raised as UsageError.
    """

    def __init__(self, queries: Path) -> None:
        home = str(Path(__file__).parent.parent)
        self._process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, home, str(queries)],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        self._folder = Path()
        self._handed = 0

    def __enter__(self) -> Filling:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()

    def into(self, folder: Path) -> None:
        """Name the folder to fill."""
        self._folder = folder
        self._say(folder)

    def hand_over(self, lines: Iterable[str]) -> None:
        """Give lines of N-Triples, each with its newline."""
        self._handed += 1
        part = self._folder / f".handed-{self._handed}.nt"
        with part.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(lines)
        self._say(part)

    def finish(self) -> None:
        """Wait until everything is in the store and the tables are written."""
        _, told = self._process.communicate()
        if self._process.returncode:
            raise UsageError(f"the store cannot be filled: {(told.strip().splitlines() or ['its process ended'])[-1]}")

    def _say(self, path: Path) -> None:
        try:
            self._process.stdin.write(json.dumps(str(path)) + "\n")  # type: ignore[union-attr]
            self._process.stdin.flush()  # type: ignore[union-attr]
        except BrokenPipeError:
            self.finish()


def main(queries: str) -> None:
    """Load the files that standard input names into the store of the folder that it names first; write the tables.

    Each line is a path as JSON. Where no folder is named, who started this has ended, and there is nothing to fill.
    """
    from graph_builder.locate import home
    from graph_builder.prefixes import load_prefixes
    from graph_builder.tables import write_tables

    prefixes = load_prefixes(home() / "ontology")
    paths = (Path(json.loads(line)) for line in sys.stdin)
    if (folder := next(paths, None)) is None:
        return
    store = ox.Store(str(folder / "store"))
    for part in paths:
        # The terms were checked when they were read, so the engine need not.
        store.bulk_load(path=str(part), format=ox.RdfFormat.N_TRIPLES, lenient=True)
        part.unlink()
    write_tables(folder / "tables", Path(queries), store, prefixes)
    store.flush()
