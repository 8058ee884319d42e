"""Fresh processes, measured whole: wall time, processor time and peak memory of a process and all that it starts."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Run:
    """What runs took: median seconds of wall and processor time, MiB at peak, and how many runs there were."""

    seconds: float
    processor: float
    memory: float
    runs: int
    failed: str = ""


def measure(command: Sequence[str], cwd: Path = ROOT, runs: int = 3, **environment: str) -> Run:
    """Run a command some times; one that takes over a minute is run once."""
    found: list[tuple[float, float, float]] = []
    while len(found) < runs:
        once, failed = _once(command, cwd, environment)
        if failed:
            return Run(*once, len(found), failed)
        found.append(once)
        if once[0] > 60:
            break
    return Run(*(statistics.median(column) for column in zip(*found, strict=True)), len(found))


def _once(command: Sequence[str], cwd: Path, environment: Mapping[str, str]) -> tuple[tuple[float, float, float], str]:
    env = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=cwd, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    peak, done = [0], threading.Event()
    watcher = threading.Thread(target=_watch, args=(process.pid, peak, done))
    watcher.start()
    told = process.stderr.read() if process.stderr else b""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - start
    done.set()
    watcher.join()
    failed = "" if not process.returncode else told.decode(errors="replace").strip()[-200:] or f"status {status}"
    memory = max(peak[0] / 2**20, usage.ru_maxrss / 1024)
    return (seconds, usage.ru_utime + usage.ru_stime, memory), failed


def _watch(pid: int, peak: list[int], done: threading.Event) -> None:
    """Keep the most memory that a process and its children hold together, shared pages counted once."""
    while not done.wait(0.1):
        total = 0
        try:
            top = psutil.Process(pid)
            for process in (top, *top.children(recursive=True)):
                total += process.memory_full_info().pss
        except psutil.Error:
            continue
        peak[0] = max(peak[0], total)


def machine() -> str:
    """Return the machine by its processor, cores and Python."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        model = next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        model = platform.machine()
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}"
