"""How long work is run: without the collector of cycles, and on a second core."""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import TypeVar

Result = TypeVar("Result")


@contextmanager
def no_collection() -> Iterator[None]:
    """Keep the collector from looking for cycles: there are none, and looking costs a fifth of a build."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@contextmanager
def beside(work: Callable[[], Result]) -> Iterator[Callable[[], Result]]:
    """Start ``work`` in a copy of this process; the function given waits for its result, or raises its error.

    The copy sees everything that is in memory and must not use what has threads of its own, such as an open store.
    Its result has to be picklable. Where there is one core, or copies are not safe (only Linux's are), the work is
    done here when its result is asked for.
    """
    if sys.platform != "linux" or len(os.sched_getaffinity(0)) < 2:
        yield work
        return
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_answer, args=(work, sender), daemon=True)
    process.start()
    sender.close()

    def result() -> Result:
        try:
            error, found = receiver.recv()
        except EOFError:
            raise RuntimeError("a process that did a part of the work was ended") from None
        if error:
            raise error
        return found  # type: ignore[no-any-return]

    try:
        yield result
    finally:
        process.kill()
        process.join()


def _answer(work: Callable[[], object], sender: Connection) -> None:
    try:
        answer: tuple[Exception | None, object] = (None, work())
    except Exception as error:
        answer = (error, None)
    sender.send(answer)
    sender.close()
