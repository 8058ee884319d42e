"""Short YAML texts of the project's own, such as the header of a query: plain values, no positions."""

from __future__ import annotations

from typing import Any

import yaml

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load_plain(text: str) -> Any:
    """Return what the text holds, as plain Python values; raises yaml.YAMLError."""
    return yaml.load(text, Loader=_Loader)  # noqa: S506 - the loader is the safe one, in C where it is there
