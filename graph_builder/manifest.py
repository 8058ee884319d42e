"""What a build says of itself in build.json."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

from graph_builder.checksums import SUMS_FILE

MANIFEST = "build.json"


class Built(NamedTuple):
    """What a build made: where, from what, and how much."""

    dist: Path
    as_of: str
    known_by: str | None
    sources: int
    claims: int
    accepted: int
    contested: int
    undetermined: int
    triples: int
    unchanged: bool = False


def write_manifest(folder: Path, built: Built, inputs: str) -> None:
    """Write build.json; ``inputs`` is the fingerprint of what the build was made from."""
    told = {name: value for name, value in built._asdict().items() if name not in ("dist", "unchanged")}
    text = json.dumps({"inputs": inputs, **told}, indent=2) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8", newline="\n")


def last_build(dist: Path, inputs: str) -> Built | None:
    """Return what the build in ``dist`` says, if it is whole and was made from the same inputs."""
    try:
        told: dict[str, Any] = dict(json.loads((dist / MANIFEST).read_text(encoding="utf-8")))
        whole = (dist / "store").is_dir() and (dist / SUMS_FILE).is_file()
        return Built(dist=dist, unchanged=True, **told) if whole and told.pop("inputs") == inputs else None
    except (OSError, ValueError, TypeError, KeyError):
        return None
