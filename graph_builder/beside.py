"""Using a second core: work done in a forked copy of the process, without copying what it works on."""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def beside(work: Callable[[], None]) -> Iterator[None]:
    """Do ``work`` in a forked process while the body of the with statement runs; wait for it at the end.

    Where processes cannot be forked safely the work is done first. Raises RuntimeError when it fails.
    """
    if sys.platform != "linux":
        work()
        yield
        return
    process = multiprocessing.get_context("fork").Process(target=work, daemon=True)
    process.start()
    try:
        yield
    except BaseException:
        process.kill()
        raise
    finally:
        process.join()
    if process.exitcode:
        raise RuntimeError(f"a process that writes files ended with status {process.exitcode}")
