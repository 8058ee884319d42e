"""What the last run knew, kept beside dist/: where the nodes of each network stand, and what it left in dist/."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graph_builder.checksums import SUMS_FILE, measured
from graph_builder.locate import home
from graph_builder.unchanged import fingerprint, keep, recalled

if TYPE_CHECKING:
    from graph_builder.view.layout import Box

_LIBRARIES = ("jinja2", "markupsafe", "numpy", "pyvis")


class LastRun:
    """The last run that wrote the pages of ``dist``, with this program, its queries and its ontology."""

    def __init__(self, dist: Path) -> None:
        self._dist, self._path = dist, dist.with_name(f".{dist.name}.views.json")
        folders = (home() / "ontology", home() / "queries", Path(__file__).parent)
        self._basis = fingerprint(folders, *map(version, _LIBRARIES))
        self._held = recalled(self._path, self._basis)
        self._spots: dict[str, Any] = {}

    def pages(self) -> int:
        """Return how many pages that run wrote if ``dist`` is as it left it, to the last byte; else 0."""
        try:
            sums = (self._dist / SUMS_FILE).read_bytes()
            whole = self._held.get("left") == hashlib.sha256(sums).hexdigest() and (self._dist / "store").is_dir()
            return int(self._held["pages"]) if whole and "".join(measured(self._dist)).encode() == sums else 0
        except (OSError, ValueError, KeyError, TypeError):
            return 0

    def place(self, boxes: Mapping[str, Box], links: Iterable[tuple[str, str]]) -> dict[str, tuple[int, int]]:
        """Return what ``layout.place`` does; the same network is placed once only."""
        keys, pairs = sorted(boxes), sorted(set(links))
        digest = hashlib.sha256(repr(([(key, boxes[key]) for key in keys], pairs)).encode()).hexdigest()
        try:
            spots = {key: (int(x), int(y)) for key, (x, y) in zip(keys, self._held["spots"][digest], strict=True)}
        except (KeyError, TypeError, ValueError):
            from graph_builder.view.layout import place

            spots = place(boxes, pairs)
        self._spots[digest] = list(spots.values())
        return spots

    def save(self, pages: int) -> None:
        """Keep, for the next run, what this one left in ``dist``."""
        left = hashlib.sha256((self._dist / SUMS_FILE).read_bytes()).hexdigest()
        keep(self._path, self._basis, {"left": left, "pages": pages, "spots": self._spots})
