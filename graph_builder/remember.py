"""What the last run did, kept beside dist/: only fact files that changed are read anew.

A memory is plain JSON, keyed by the bytes of each file, of the ontology and of the program; one that is
missing, broken or of another basis is passed over, and the work is done.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from itertools import starmap
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from graph_builder.facts import Claim, Placing, Ruling
from graph_builder.ontology import Ontology
from graph_builder.read import FileFacts, Place, Use, read_any


class Memory:
    """Reads fact files, or recalls them where their bytes are those of the last time.

    ``path`` is the file that holds the memory; ``basis`` names what the reading depends on beside the file itself.
    """

    def __init__(self, path: Path, basis: str) -> None:
        self.path, self.basis = path, basis
        self._last = self._load()
        self._now: dict[str, list[Any]] = {}

    def read(self, path: Path, ontology: Ontology) -> FileFacts:
        """Return what a file says, as ``read_any`` does; rows, of which there may be many, are not remembered."""
        if path.suffix not in (".yaml", ".yml"):
            return read_any(path, ontology)
        try:
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
        except OSError:
            return read_any(path, ontology)
        name = str(path)
        last = self._last.get(name)
        if last and last[0] == digest:
            try:
                facts = _unpacked(name, last[1])
            except (ValueError, TypeError, IndexError):
                pass
            else:
                self._now[name] = last
                return facts
        facts = read_any(path, ontology)
        if not facts.problems:
            self._now[name] = [digest, _packed(facts)]
        return facts

    def save(self) -> None:
        """Keep what was read for the next time, in the place of the last memory; a full disk is no error here."""
        if self._now != self._last:
            keep(self.path, self.basis, {"files": self._now})

    def _load(self) -> dict[str, list[Any]]:
        files = recalled(self.path, self.basis).get("files")
        return files if isinstance(files, dict) else {}


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


def _packed(facts: FileFacts) -> list[Any]:
    return [
        [[key, cls, *place] for key, (cls, place) in facts.classes.items()],
        facts.placings,
        facts.claims,
        [[*ruling, *place] for ruling, place in facts.rulings],
        [[*pair, *place] for pair, place in facts.properties_used.items()],
        [[use.key, use.property, *use.place] for use in facts.uses],
        [[key, *place] for key, place in facts.sources_used.items()],
    ]


def _unpacked(name: str, packed: list[Any]) -> FileFacts:
    classes, placings, claims, rulings, properties, uses, sources = packed
    return FileFacts(
        name,
        classes={key: (cls, Place(line, column)) for key, cls, line, column in classes},
        placings=list(starmap(Placing, placings)),
        claims=list(starmap(Claim, claims)),
        rulings=list(_rulings(rulings)),
        properties_used={(key, prop): Place(line, column) for key, prop, line, column in properties},
        uses=[Use(key, prop, Place(line, column)) for key, prop, line, column in uses],
        sources_used={key: Place(line, column) for key, line, column in sources},
    )


def _rulings(rows: list[list[Any]]) -> Iterator[tuple[Ruling, Place]]:
    for *ruling, line, column in rows:
        yield Ruling(*ruling), Place(line, column)
