"""Where the project's data lies: ontology/, facts/ and queries/ beside the package, or inside the wheel."""

from __future__ import annotations

import os
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def home() -> Path:
    """Return the folder that holds ontology/, facts/ and queries/.

    In a checkout it is the checkout's top; in an installed wheel it is the package's own data folder.
    """
    checkout = _PACKAGE.parent
    return checkout if (checkout / "ontology").is_dir() else _PACKAGE / "data"


def default_dist() -> Path:
    """Return where builds go and queries read unless told otherwise.

    The environment variable PACTS_DIST wins; then the checkout's dist/; then dist/ in the working folder.
    """
    if configured := os.environ.get("PACTS_DIST"):
        return Path(configured)
    place = home()
    return (place if place.name != "data" else Path.cwd()) / "dist"
