"""Real stores on loopback, each in a folder of its own, for as long as a test or a measurement needs them."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

VIRTUOSO_INI = """\
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
FileExtend = 200
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
NumberOfBuffers = {buffers}
MaxDirtyBuffers = {dirty}
DirsAllowed = .
CheckpointInterval = 0
ThreadsPerQuery = 1
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerThreads = 4
[SPARQL]
ResultSetMaxRows = 1000000
MaxQueryCostEstimationTime = 100000
MaxQueryExecutionTime = 600
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def virtuoso(folder: Path, buffers: int = 40_000) -> Iterator[str]:
    """Start Virtuoso (user dba, password dba) with so many buffers of 8 KiB, and give its address."""
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    settings = VIRTUOSO_INI.format(sql=free_port(), port=port, buffers=buffers, dirty=buffers * 3 // 4)
    (folder / "virtuoso.ini").write_text(settings)
    with _running(
        [found("virtuoso-t"), "+foreground", "+configfile", "virtuoso.ini"], folder, f"http://127.0.0.1:{port}/sparql"
    ) as base:
        yield base.removesuffix("/sparql")


@contextmanager
def oxigraph(folder: Path) -> Iterator[str]:
    """Start the Oxigraph server and give its address."""
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    address = f"http://127.0.0.1:{port}/"
    with _running(
        [found("oxigraph"), "serve", "--location", "store", "--bind", f"127.0.0.1:{port}"], folder, address
    ) as base:
        yield base.rstrip("/")


def found(name: str) -> str:
    """Return where a program is; beside this Python first; raises FileNotFoundError."""
    place = shutil.which(name, path=f"{Path(sys.executable).parent}") or shutil.which(name)
    if place is None:
        raise FileNotFoundError(f"{name} is not installed")
    return place


@contextmanager
def _running(command: list[str], folder: Path, address: str) -> Iterator[str]:
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    try:
        end = time.monotonic() + 60
        while not _answers(address):
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError((folder / "log").read_text(errors="replace")[-2000:])
            time.sleep(0.1)
        yield address
    finally:
        process.kill()
        process.wait()


def _answers(address: str) -> bool:
    try:
        urllib.request.urlopen(address, timeout=5).close()  # noqa: S310 - an address made here
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True
