"""What the last build read, kept beside dist/: only fact files that changed are read anew.

The memory is plain text, keyed by the bytes of each file, of the ontology and of the program; one that is
missing, broken or of another basis is passed over, and the files are read.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import starmap
from pathlib import Path
from typing import Any

from graph_builder.facts import Claim, Placing, Ruling
from graph_builder.ontology import Ontology
from graph_builder.read import FileFacts, Place, Use, read_any
from graph_builder.running import beside

_MUCH = 100_000
"""Bytes to read from which on a second core is worth its start."""

#: The digest of a file's bytes, and what the file says as a line of JSON.
_Kept = tuple[str, str]


class Memory:
    """Reads fact files, or recalls them where their bytes are those of the last time.

    ``path`` is the file that holds the memory; ``basis`` names what the reading depends on beside the file itself.
    """

    def __init__(self, path: Path, basis: str) -> None:
        self.path, self.basis = path, basis
        self._last = self._load()
        self._now: dict[str, _Kept] = {}

    def read(self, paths: list[Path], ontology: Ontology) -> list[FileFacts]:
        """Return what each file says, as ``read_any`` does."""
        found = {path: self._recalled(path) for path in paths}
        new = sorted((path for path, facts in found.items() if not facts), key=_size)
        if sum(map(_size, new)) < _MUCH:
            read = _read(new, ontology)
        else:
            with beside(partial(_read, new[::2], ontology)) as others:
                read = _read(new[1::2], ontology) + others()
        for path, facts, kept in read:
            found[path] = facts
            if kept:
                self._now[str(path)] = kept
        return [facts for facts in found.values() if facts]

    def save(self) -> None:
        """Keep what was read for the next time, in the place of the last memory; a full disk is no error here."""
        if self._now == self._last:
            return
        part = self.path.with_suffix(f".{os.getpid()}")  # swap.recover clears what a stopped run leaves
        try:
            with part.open("w", encoding="utf-8", newline="\n") as file:
                file.write(f"{self.basis}\n")
                for name, (digest, told) in self._now.items():
                    file.write(f"{json.dumps(name)}\n{digest}\n{told}\n")
            part.replace(self.path)
        except OSError:
            part.unlink(missing_ok=True)

    def _load(self) -> dict[str, _Kept]:
        try:
            basis, *lines = self.path.read_text(encoding="utf-8").split("\n")
            told = zip(lines[:-1:3], lines[1::3], lines[2::3], strict=True)
            return {json.loads(name): (digest, facts) for name, digest, facts in told} if basis == self.basis else {}
        except (OSError, ValueError, TypeError):
            return {}

    def _recalled(self, path: Path) -> FileFacts | None:
        name = str(path)
        last = self._last.get(name)
        if not last or last[0] != _digest(path):
            return None
        try:
            facts = _unpacked(name, json.loads(last[1]))
        except (ValueError, TypeError, IndexError):
            return None
        self._now[name] = last
        return facts


def _read(paths: Iterable[Path], ontology: Ontology) -> list[tuple[Path, FileFacts, _Kept | None]]:
    """Return with what each file says what is to be kept of it; rows, of which there may be many, are not."""
    found: list[tuple[Path, FileFacts, _Kept | None]] = []
    for path in paths:
        digest = _digest(path) if path.suffix in (".yaml", ".yml") else ""
        facts = read_any(path, ontology)
        kept = digest and not facts.problems
        told = json.dumps(_packed(facts), ensure_ascii=False, separators=(",", ":")) if kept else ""
        found.append((path, facts, (digest, told) if kept else None))
    return found


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


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
