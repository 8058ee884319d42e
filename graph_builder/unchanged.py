"""Telling whether anything changed since the last run, and what that run kept beside dist/.

A memory is plain JSON, keyed by the bytes of each file, of the ontology and of the program; one that is
missing, broken or of another basis is passed over, and the work is done.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyoxigraph as ox


def recalled(path: Path, basis: str) -> dict[str, Any]:
    """Return what a memory holds, or nothing where there is none of this basis."""
    try:
        memory = json.loads(path.read_text(encoding="utf-8"))
        return dict(memory) if memory["basis"] == basis else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def keep(path: Path, basis: str, held: Mapping[str, Any]) -> None:
    """Write a memory in the place of the last one; a full disk is no error here."""
    part = path.with_suffix(f".{os.getpid()}")  # swap.recover clears what a stopped run leaves
    try:
        text = json.dumps({"basis": basis, **held}, ensure_ascii=False, separators=(",", ":"))
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)


def fingerprint(folders: Iterable[Path], *options: str | None) -> str:
    """Return a hash of all files below the folders, of the program that builds the graph, and of the options."""
    total = hashlib.sha256(repr((options, ox.__version__)).encode())
    program = sorted(Path(__file__).parent.glob("*.py"))
    for folder in folders:
        files = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc")
        for path in files:
            total.update(path.relative_to(folder).as_posix().encode() + b"\0")
            total.update(hashlib.sha256(path.read_bytes()).digest())
    for path in program:
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()
