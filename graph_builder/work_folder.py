"""The work folder of a run: files that are there whole or not at all, of which each part can be read alone."""

from __future__ import annotations

import marshal
import os
from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import accumulate
from multiprocessing.context import BaseContext
from pathlib import Path
from struct import unpack
from typing import Any


def put(path: Path, content: bytes) -> None:
    """Write a file that is there whole, or not at all."""
    new = path.with_name(f"{path.name}.{os.getpid()}")
    new.write_bytes(content)
    new.replace(path)


def put_parts(path: Path, parts: Sequence[Any]) -> None:
    """Write a file of parts, each a list of plain values: the places where they begin, and the parts."""
    packed = [marshal.dumps(part) for part in parts]
    places = array("Q", accumulate(map(len, packed), initial=8 * (len(packed) + 1)))
    put(path, places.tobytes() + b"".join(packed))


def get_part(path: Path, number: int) -> Any:
    """Read one part of a file of parts."""
    with path.open("rb", buffering=0) as file:
        file.seek(8 * number)
        begin, end = unpack("2Q", file.read(16))
        file.seek(begin)
        return marshal.loads(file.read(end - begin))  # noqa: S302 - written by this run, or by the one it goes on with


def put_value(path: Path, value: Any) -> None:
    """Write a file of a single plain value."""
    put_parts(path, [value])


def get_value(path: Path) -> Any:
    """Read a file of a single plain value."""
    return get_part(path, 0)


def once(path: Path, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Return what a part of the work told when it was done before, or do it now and remember what it tells."""
    if not path.exists():
        told = make()
        put_value(path, told)
        return told
    return dict(get_value(path))


class Ends:
    """Where the ranges of a file that processes write at once end: each begins where the one before it does.

    Ranges are begun in their order, so that a process waits only for those that were begun before its own.
    """

    def __init__(self, context: BaseContext) -> None:
        self.known = context.Condition()
        self.next = context.Array("Q", 2, lock=False)
        self.failed = context.Value("b", 0, lock=False)

    def begin(self, number: int, end: int) -> None:
        """Tell that the ranges before one are written, and end at a place."""
        self.next[:] = number, end

    def place(self, number: int, size: int) -> int:
        """Return where a range of so many bytes begins, when that is known; raises OSError if it never will be."""
        with self.known:
            self.known.wait_for(lambda: self.next[0] == number or self.failed.value)
            if self.failed.value:
                raise OSError("another process could not go on")
            begin = int(self.next[1])
            self.next[:] = number + 1, begin + size
            self.known.notify_all()
            return begin

    @contextmanager
    def failing(self) -> Iterator[None]:
        """Let no other wait for what raises an error."""
        try:
            yield
        except BaseException:
            with self.known:
                self.failed.value = 1
                self.known.notify_all()
            raise
