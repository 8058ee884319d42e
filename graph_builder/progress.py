"""What a terminal is told while work is done, and the end of work that takes too long."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

#: Is told the step under way.
Report = Callable[[str], None]


@contextmanager
def bars() -> Iterator[Callable[[str, int, int], None]]:
    """Give a function that is told a step, how much of it is done, and how much there is; silent where piped."""
    if not sys.stderr.isatty():
        yield lambda step, done, total: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description:<13}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]:>8}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as shown:
        tasks = {}

        def tell(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = shown.add_task(step, total=total, rate="")
            task = shown.tasks[tasks[step]]
            rate = f"{done / task.elapsed:.1f}/s" if task.elapsed else ""
            shown.update(tasks[step], completed=done, total=total, rate=rate)

        yield tell


@contextmanager
def reporting() -> Iterator[Report]:
    """Give a function that is told the step under way; silent where piped."""
    if not sys.stderr.isatty():
        yield lambda step: None
        return
    from rich.console import Console

    with Console(stderr=True).status("starting") as status:
        yield lambda step: status.update(step)


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """End the process with exit status 3 when what is done here takes longer than so many seconds."""

    def stop() -> None:
        told = f"stopped after {seconds:g} s; narrow the query, or allow more with --timeout"
        print(told, file=sys.stderr, flush=True)
        os._exit(3)

    timer = threading.Timer(seconds, stop)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
