"""Measure the command line as whole processes: median time and peak memory of several runs.

Run with ``python -m bench`` after a build; nothing here fails for being slow.
"""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUNS = 5

CASES = {
    "pacts build (from nothing)": ["build", "--force"],
    "pacts build (nothing changed)": ["build"],
    "pacts query signatories": ["query", "signatories"],
    "pacts query contested": ["query", "contested"],
    "pacts show pact/relos": ["show", "pact/relos"],
    "pacts why pact/relos": ["why", "pact/relos"],
    "pacts check": ["check"],
    "pacts view": ["view"],
}


def measure(arguments: list[str], dist: Path) -> tuple[float, float]:
    """Run the command once and return its wall time in seconds and its peak memory in MiB."""
    command = [sys.executable, "-c", "from graph_builder.cli import main; main()", *arguments]
    env = {**os.environ, "PACTS_DIST": str(dist), "PYTHONPATH": str(ROOT)}
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=env, cwd=ROOT)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    if status:
        sys.exit(f"{' '.join(arguments)} ended with status {os.waitstatus_to_exitcode(status)}")
    return seconds, usage.ru_maxrss / 1024


def main() -> None:
    """Print a table of medians."""
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; median of {RUNS} runs\n")
    print("| command | seconds | MiB at peak |\n| --- | ---: | ---: |")
    with tempfile.TemporaryDirectory() as folder:
        dist = Path(folder) / "dist"
        for name, arguments in CASES.items():
            runs = [measure(arguments, dist) for _ in range(RUNS)]
            seconds, memory = (statistics.median(column) for column in zip(*runs, strict=True))
            print(f"| {name} | {seconds:.2f} | {memory:.0f} |", flush=True)


if __name__ == "__main__":
    main()
