"""Putting the built graph into a store elsewhere, so that readers see the old graph until the new one is there whole.

The triples go into a staging graph, named for what they are, piece by piece; the store's own count tells how far a
stopped run came, and that nothing was lost; then the staging graph is moved into the place of the old one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from graph_builder import endpoint as remote
from graph_builder.endpoint import Endpoint, Retry
from graph_builder.problems import UsageError
from graph_builder.query import resolve

LINES = 10_000
"""Triples that are sent at once."""


@dataclass(frozen=True)
class Published:
    """What was published: where, how many triples, and how many of them a stopped run had sent before."""

    graph: str
    triples: int
    before: int


def publish(
    file: Path,
    to: Endpoint,
    graph: str = remote.GRAPH,
    *,
    progress: Callable[[str, int, int], None] = lambda step, done, total: None,
    retry: Retry = lambda wrong, wait: None,
) -> Published:
    """Put sorted N-Triples into a graph of a store, in the place of what it held.

    ``graph`` is an IRI, or "default" for the store's default graph. Raises UsageError in one line for whatever goes
    wrong; the graph is then as it was, and the next run goes on.
    """
    if graph != "default" and resolve(graph, {}) is None:
        raise UsageError(f"{graph!r} is no graph; write an IRI, or default")
    try:
        with file.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
            opened.seek(0)
            total = sum(1 for _ in opened)
    except FileNotFoundError:
        raise UsageError(f"no graph in {file.parent}; build it with: pacts build") from None
    staging = f"{remote.GRAPH if graph == 'default' else graph}/staging/{digest[:16]}"
    before = min(_count(to, staging), total) // LINES * LINES
    progress("sending", before, total)
    for done, lines in _pieces(file, before):
        remote.add(to.store, staging, lines, retry)
        progress("sending", done, total)
    found = _count(to, staging)
    if found != total:
        raise UsageError(
            f"{to.query} holds {found:,} of {total:,} triples in <{staging}>; the graph in use is as it was; look there"
        )
    progress("moving", 0, 1)
    target = "DEFAULT" if graph == "default" else f"GRAPH <{graph}>"
    remote.change(to.update, f"MOVE GRAPH <{staging}> TO {target}", retry=retry)
    progress("moving", 1, 1)
    if (found := _count(to, None if graph == "default" else graph)) != total:
        raise UsageError(f"{to.query} holds {found:,} of {total:,} triples in the graph after moving; publish again")
    return Published(graph, total, before)


def _pieces(file: Path, skip: int) -> Iterator[tuple[int, bytes]]:
    with file.open("rb") as lines:
        for _ in islice(lines, skip):
            pass
        done = skip
        while piece := list(islice(lines, LINES)):
            done += len(piece)
            yield done, b"".join(piece)


def _count(to: Endpoint, graph: str | None) -> int:
    where = "{ ?s ?p ?o }" if graph is None else f"{{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"
    (row,) = remote.ask(to.query, f"SELECT (COUNT(*) AS ?count) WHERE {where}", {}, None, 600.0)
    return int(row["count"].value)
