"""Measure a network page of ours beside one of plain pyvis: ``python -m bench.pages``.

The same scale-free graph is written by both, each in a fresh process, and opened in a fresh headless Chromium with
all network access cut. Plain pyvis is ``Network().from_nx(graph)`` with its defaults, but for its scripts, which
are put into the page (``cdn_resources="in_line"``), as its default page draws nothing without a network. The size
is that of every file that the page loads. The drawing counts as usable once the nodes have been drawn where they
stay: for pyvis once vis-network's own stabilisation, which hides the network, has ended.
"""

from __future__ import annotations

import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SIZES = (150, 1_000, 5_000)
ALONE = 20_000
#: Seconds after which a run is given up.
LIMIT = 60
_USABLE = """
(function look() {
  const ours = document.documentElement?.dataset.ready === 'drawn';
  const plain = typeof network === 'object' && network?.physics?.ready;
  if (ours || plain) document.documentElement.dataset.usable = performance.now();
  else requestAnimationFrame(look);
})();
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One page: who wrote it, of how many nodes, and what that took; None where it did not end within LIMIT."""

    maker: str
    nodes: int
    write_seconds: float | None
    size_bytes: int | None
    usable_seconds: float | None


def run() -> Iterator[Row]:
    """Yield a row for each page, ours and the peer's in turn."""
    for count in SIZES:
        for maker in ("ours", "pyvis"):
            yield _row(maker, count)
    yield _row("ours", ALONE)


def _row(maker: str, count: int) -> Row:
    with tempfile.TemporaryDirectory() as folder:
        written = _fresh("write", maker, str(count), folder)
        size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
        usable = _fresh("draw", folder) if written is not None else None
    return Row(maker, count, written, size if written is not None else None, usable)


def _fresh(*arguments: str) -> float | None:
    """Run this module in a process of its own and return the seconds that it measured, or None after LIMIT."""
    command = [sys.executable, "-m", "bench.pages", *arguments]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, start_new_session=True)
    try:
        output, _ = process.communicate(timeout=LIMIT + 5)
    except subprocess.TimeoutExpired:
        return None
    finally:
        # With all that it started: a browser may still be busy.
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    if process.returncode:
        sys.exit(f"bench.pages {' '.join(arguments)} ended with status {process.returncode}")
    seconds = float(json.loads(output))
    return seconds if seconds <= LIMIT else None


def _write(maker: str, count: int, folder: Path) -> float:
    """Write a page of a made-up graph and return the seconds that it took, imports and the graph not counted."""
    import networkx as nx
    from pyvis.network import Network

    from graph_builder.running import no_collection
    from graph_builder.view.model import Edge, NetworkPage, Node
    from graph_builder.view.network import render_network, write_assets

    graph = nx.barabasi_albert_graph(count, 2, seed=1)
    nx.relabel_nodes(graph, {number: f"Thing {number}" for number in graph}, copy=False)
    start = time.perf_counter()
    if maker == "ours":
        keys = {name: f"party/{name.lower().replace(' ', '-')}" for name in graph}
        nodes = [Node(key, name, "Party") for name, key in keys.items()]
        edges = [Edge(keys[one], keys[other], "joins") for one, other in graph.edges]
        with no_collection():  # as pacts view does
            page = render_network(NetworkPage("page", "A network", "", nodes, edges))
            (folder / "page.html").write_text(page, encoding="utf-8")
            write_assets(folder / "assets")
    else:
        network = Network(cdn_resources="in_line")
        network.from_nx(graph)
        (folder / "page.html").write_text(network.generate_html(), encoding="utf-8")
    return time.perf_counter() - start


def _draw(folder: Path) -> float:
    """Open a page and return the seconds from its address to a usable drawing."""
    from tests.browser import chromium, watched_page

    with chromium() as browser, watched_page(browser, viewport={"width": 1280, "height": 800}) as (page, _):
        page.add_init_script(_USABLE)
        page.goto((folder / "page.html").as_uri(), wait_until="commit")
        page.wait_for_selector("html[data-usable]", state="attached", timeout=LIMIT * 1000)
        return float(page.evaluate("+document.documentElement.dataset.usable")) / 1000


def main() -> None:
    """Print the rows as a table, and how many times as much the peer takes."""
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; one run of each\n")
    print("| nodes | page | write, s | size, MB | usable after, s |\n| ---: | --- | ---: | ---: | ---: |")
    ours: Row | None = None
    for row in run():
        size = row.size_bytes / 1e6 if row.size_bytes is not None else None
        cells = [_cell(value) for value in (row.write_seconds, size, row.usable_seconds)]
        print(f"| {row.nodes:,} | {row.maker} | {' | '.join(cells)} |", flush=True)
        if row.maker == "ours":
            ours = row
        elif ours:
            pairs = (
                (row.write_seconds, ours.write_seconds),
                (row.size_bytes, ours.size_bytes),
                (row.usable_seconds, ours.usable_seconds),
            )
            print(f"| {row.nodes:,} | pyvis / ours | {' | '.join(_ratio(*pair) for pair in pairs)} |", flush=True)


def _cell(value: float | None) -> str:
    return f"not within {LIMIT}" if value is None else f"{value:.2f}"


def _ratio(peer: float | None, own: float | None) -> str:
    if own is None:
        return ""
    return f"over {LIMIT / own:.0f}" if peer is None else f"{peer / own:.1f}"


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["write", maker, count, folder]:
            print(_write(maker, int(count), Path(folder)))
        case ["draw", folder]:
            try:
                print(_draw(Path(folder)))
            except Exception as error:
                if type(error).__name__ != "TimeoutError":
                    raise
                print(LIMIT + 1)
        case _:
            main()
