"""Replacing a folder in one step: a stopped or failed run leaves the last good one whole."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2  # linux/fs.h
_RENAME_SWAP = 2  # sys/stdio.h on macOS


@contextmanager
def replaced(folder: Path) -> Iterator[Path]:
    """Give a new, empty folder beside ``folder``; on leaving without an error it takes the old one's place.

    On Linux and macOS the two are exchanged in one step of the file system. Elsewhere the old one is renamed
    away first; ``recover`` mends a run that stopped between the two renames.
    """
    folder = Path(os.path.abspath(folder))  # noqa: PTH100 - resolve() would follow a link that stands for the folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    recover(folder)
    new = folder.with_name(f".{folder.name}.new.{os.getpid()}")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir()
    try:
        yield new
        _put(new, folder)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def recover(folder: Path) -> None:
    """Bring back a folder that a stopped run had renamed away, and clear what stopped runs left behind."""
    for left in sorted(folder.parent.glob(f".{folder.name}.*.*")):
        kind, _, pid = left.name.removeprefix(f".{folder.name}.").partition(".")
        if not pid.isdigit() or _alive(int(pid)):
            continue
        if kind == "old" and not folder.exists():
            left.rename(folder)
        elif left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink(missing_ok=True)


def _alive(pid: int) -> bool:
    if pid == os.getpid():
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _put(new: Path, folder: Path) -> None:
    if not folder.exists():
        new.rename(folder)
    elif not _exchange(new, folder):
        old = folder.with_name(f".{folder.name}.old.{os.getpid()}")
        folder.rename(old)
        new.rename(folder)
        shutil.rmtree(old, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two names in one step where the system can; tell whether it did."""
    first, second = os.fsencode(one), os.fsencode(other)
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "linux":
            return bool(libc.renameat2(_AT_FDCWD, first, _AT_FDCWD, second, _RENAME_EXCHANGE) == 0)
        if sys.platform == "darwin":
            return bool(libc.renamex_np(first, second, _RENAME_SWAP) == 0)
    except (AttributeError, OSError, TypeError):
        pass
    return False
