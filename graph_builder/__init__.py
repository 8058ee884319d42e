"""Build, query and browse a knowledge graph of military-logistics pacts.

>>> from graph_builder import build, open_graph  # doctest: +SKIP
>>> build()  # doctest: +SKIP
>>> graph = open_graph()  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from graph_builder.api import PactGraph, open_graph
    from graph_builder.manifest import Built
    from graph_builder.pipeline import build
    from graph_builder.rows import Row, Rows

__version__ = "0.1.0"

__all__ = ["Built", "PactGraph", "Row", "Rows", "build", "open_graph"]

_HOMES = {
    "build": "graph_builder.pipeline",
    "Built": "graph_builder.manifest",
    "open_graph": "graph_builder.api",
    "PactGraph": "graph_builder.api",
    "Row": "graph_builder.rows",
    "Rows": "graph_builder.rows",
}


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is asked for: a query need not wait for what builds."""
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
