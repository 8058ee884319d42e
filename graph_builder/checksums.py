"""The sums of what a build wrote, as sha256sum writes and checks them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

SUMS_FILE = "SHA256SUMS"


def write_sums(folder: Path, known: Mapping[str, str] | None = None) -> None:
    """Write SHA256SUMS over every file of a folder but the store's, which the engine writes anew each time.

    ``known`` gives the sums of files that were measured before.
    """
    (folder / SUMS_FILE).write_text("".join(measured(folder, known or {})), encoding="utf-8", newline="\n")


def measured(folder: Path, known: Mapping[str, str] = MappingProxyType({})) -> Iterator[str]:
    """Yield the lines of SHA256SUMS for what is in a folder now, but for what is known."""
    walk = ((Path(top).relative_to(folder).as_posix(), files) for top, _, files in os.walk(folder))
    names = (f"{top}/{file}".removeprefix("./") for top, files in walk for file in files)
    for name in sorted(names, key=lambda name: name.split("/")):
        if name != SUMS_FILE and not name.startswith("store/"):
            yield f"{known.get(name) or hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n"
