"""The shipped queries on the shipped graph: our command's engine beside raw pyoxigraph, rdflib and Virtuoso.

Each engine answers each query's example; cold is the first time in a fresh process or server, warm the median of five
more, or of one where it takes over two seconds. An answer counts only beside ours: same rows, more, fewer, or none.
"""

from __future__ import annotations

import logging
import os
import shlex
import signal
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from graph_builder.endpoint import GRAPH, ask, endpoint
from graph_builder.locate import home
from graph_builder.prefixes import load_prefixes
from graph_builder.problems import UsageError
from graph_builder.publish import publish
from graph_builder.query import ShippedQuery, bind, cell, open_store, run, shipped_queries
from graph_builder.terms import key_of

Rows = Counter[tuple[str, ...]]
LONGEST = 30.0
"""Seconds that another engine is given for an answer."""
HEADER = [
    "query", "ours, ms cold", "warm", "pyoxigraph, ms warm", "rdflib, ms cold", "warm", "its answer",
    "Virtuoso, ms cold", "warm", "its answer",
]  # fmt: skip


def example(query: ShippedQuery) -> dict[str, str]:
    """Return the parameters of the example that a query's header gives."""
    return dict(pair.split("=", 1) for pair in shlex.split(query.example)[4::2])


def cells(result: Any) -> Rows:
    return Counter(tuple(cell(value) for value in row) for row in result)


def timed(answer: Callable[[], Rows]) -> tuple[float, float, Rows | None, str]:
    """Return milliseconds cold and warm, and the answer or what is wrong."""
    try:
        start = time.perf_counter()
        rows = answer()
        cold = time.perf_counter() - start
        warm = []
        for _ in range(5 if cold < 2 else 1):
            start = time.perf_counter()
            answer()
            warm.append(time.perf_counter() - start)
    except (UsageError, RuntimeError, ValueError, NotImplementedError, TypeError, AttributeError) as error:
        return 0, 0, None, str(error).partition(" answers ")[2][:160] or str(error)[:160] or type(error).__name__
    return cold * 1000, statistics.median(warm) * 1000, rows, ""


def by_turns(*answers: Callable[[], Rows]) -> list[float]:
    """Return the median milliseconds of each, asked by turns: the machine's moods fall on all alike."""
    took: list[list[float]] = [[] for _ in answers]
    for _ in range(9):
        for answer, times in zip(answers, took, strict=True):
            start = time.perf_counter()
            answer()
            times.append((time.perf_counter() - start) * 1000)
    return [statistics.median(times) for times in took]


def told(rows: Rows | None, ours: Rows | None, wrong: str) -> str:
    """Say how an answer differs from ours."""
    if rows is None or ours is None:
        return wrong.replace("|", "/").replace("\n", " ")
    if rows == ours:
        return "same"
    extra, lacking = (rows - ours).total(), (ours - rows).total()
    return f"{lacking} of {ours.total()} rows lacking, {extra} others"


@contextmanager
def limited() -> Iterator[None]:
    """Stop what runs in this process, and cannot be told to stop by itself, after LONGEST seconds."""

    def stop(*_: object) -> None:
        raise UsageError(f"takes more than {LONGEST:.0f} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, LONGEST)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def compare(dist: Path, virtuoso: str | None, with_rdflib: bool = True) -> list[list[str]]:
    """Measure all queries; ``virtuoso`` is the address of a server, or None."""
    prefixes, store = load_prefixes(home() / "ontology"), open_store(dist)
    raw = ox.Store.read_only(str(dist / "store"))
    graph: Any = None
    if with_rdflib:
        import rdflib

        logging.getLogger("rdflib").setLevel(logging.CRITICAL)
        graph = rdflib.Graph()
        graph.parse(dist / "graph.nt", format="nt")
    there = None
    if virtuoso:
        os.environ.setdefault("PACTS_USER", "dba")
        os.environ.setdefault("PACTS_PASSWORD", "dba")
        there = endpoint(f"{virtuoso}/sparql-graph-crud-auth")
        publish(dist / "graph.nt", there)
    lines = []
    for query in shipped_queries():
        text = bind(query, example(query), prefixes)

        def in_rdflib(text: str = text) -> Rows:
            with limited():
                found = graph.query(text, initNs=prefixes)
                return Counter(tuple("" if v is None else key_of(str(v)) for v in row) for row in found)

        def in_virtuoso(text: str = text) -> Rows:
            assert there is not None
            return cells(ask(there.query, text, prefixes, GRAPH, LONGEST))

        start = time.perf_counter()
        ours = cells(run(store, text, prefixes))
        cold = (time.perf_counter() - start) * 1000
        warm, bare = by_turns(
            lambda text=text: cells(run(store, text, prefixes)),  # type: ignore[misc]
            lambda text=text: cells(raw.query(text, prefixes=prefixes)),  # type: ignore[misc]
        )
        line = [query.name, f"{cold:.1f}", f"{warm:.1f}", f"{bare:.1f}"]
        for engine, wanted in ((in_rdflib, graph is not None), (in_virtuoso, there is not None)):
            first, again, rows, wrong = timed(engine) if wanted else (0, 0, None, "not asked")
            line += (
                ["", "", told(rows, ours, wrong)]
                if rows is None
                else [f"{first:.1f}", f"{again:.1f}", told(rows, ours, "")]
            )
        lines.append(line)
        print(" | ".join(line), file=sys.stderr, flush=True)
    return lines
