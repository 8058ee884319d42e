"""How long work is run: without the collector of cycles, and on a second core."""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from multiprocessing.connection import Connection
from typing import TypeVar

Result = TypeVar("Result")
Share = TypeVar("Share")
#: Copies hold what they change of this process's memory, so there are never more of it than these.
_MOST = 4


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
    if cores() < 2:
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


@contextmanager
def shared(work: Callable[[Share], Result], shares: Sequence[Share]) -> Iterator[Callable[[], list[Result]]]:
    """Start ``work`` on shares in copies of this process, one for each further core, as ``beside`` does.

    The function given takes its part in what is left of them, and returns the results of all, in no order. Each share
    is taken by whoever is free, in their order; there may be 256 of them.
    """
    reader, writer = os.pipe()
    os.write(writer, bytes(range(len(shares))))
    os.close(writer)

    def some() -> list[Result]:
        return [work(shares[taken[0]]) for taken in iter(lambda: os.read(reader, 1), b"")]

    with ExitStack() as stack:
        stack.callback(os.close, reader)
        others = [stack.enter_context(beside(some)) for _ in range(min(cores(), _MOST) - 1)]
        yield lambda: [result for done in (some, *others) for result in done()]


def cores() -> int:
    """Return how many processes this one may keep busy at a time: one where copies of it are not safe."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1


def _answer(work: Callable[[], object], sender: Connection) -> None:
    try:
        answer: tuple[Exception | None, object] = (None, work())
    except Exception as error:
        answer = (error, None)
    sender.send(answer)
    sender.close()
