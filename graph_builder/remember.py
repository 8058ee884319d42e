"""What fact files say, kept beside dist/: only files that changed are read anew."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import starmap
from pathlib import Path
from typing import Any

from graph_builder.facts import Claim, Placing, Ruling
from graph_builder.file_facts import FileFacts, Place, Use
from graph_builder.ontology import Ontology
from graph_builder.read import read_any
from graph_builder.running import beside
from graph_builder.unchanged import keep, recalled

_MUCH = 100_000
"""Bytes to read from which on a second core is worth its start."""


class Memory:
    """Reads fact files, or recalls them where their bytes are those of the last time.

    ``path`` is the file that holds the memory; ``basis`` names what the reading depends on beside the file itself.
    """

    def __init__(self, path: Path, basis: str) -> None:
        self.path, self.basis = path, basis
        self._last = self._load()
        self._now: dict[str, list[Any]] = {}

    def read(self, paths: list[Path], ontology: Ontology) -> list[FileFacts]:
        """Return what each file says, as ``read_any`` does."""
        found = {path: self._recalled(path) for path in paths}
        new = sorted((path for path, facts in found.items() if not facts), key=_size)
        if sum(map(_size, new)) < _MUCH:
            read = _read(new, ontology)
        else:
            with beside(partial(_read, new[::2], ontology)) as others:
                read = _read(new[1::2], ontology) + others()
        for path, digest, facts in read:
            found[path] = facts
            if digest and not facts.problems:
                self._now[str(path)] = [digest, _packed(facts)]
        return [facts for facts in found.values() if facts]

    def save(self) -> None:
        """Keep what was read for the next time, in the place of the last memory; a full disk is no error here."""
        if self._now != self._last:
            keep(self.path, self.basis, {"files": self._now})

    def _load(self) -> dict[str, list[Any]]:
        files = recalled(self.path, self.basis).get("files")
        return files if isinstance(files, dict) else {}

    def _recalled(self, path: Path) -> FileFacts | None:
        name = str(path)
        last = self._last.get(name)
        try:
            if not last or last[0] != _digest(path):
                return None
            facts = _unpacked(name, last[1])
        except (ValueError, TypeError, IndexError, KeyError):
            return None
        self._now[name] = last
        return facts


def _read(paths: Iterable[Path], ontology: Ontology) -> list[tuple[Path, str, FileFacts]]:
    return [(path, _digest(path), read_any(path, ontology)) for path in paths]


def _digest(path: Path) -> str:
    """Return what tells a file's bytes from others; nothing for rows, of which there may be too many to remember."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() if path.suffix in (".yaml", ".yml") else ""
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
