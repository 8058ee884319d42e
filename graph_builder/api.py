"""The built graph as an rdflib graph, at the speed of the store beneath it."""

from __future__ import annotations

from pathlib import Path

import rdflib
from oxrdflib import OxigraphStore
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID

from graph_builder.locate import home
from graph_builder.ontology import load_prefixes
from graph_builder.query import open_store


def open_graph(dist: Path | None = None) -> rdflib.Graph:
    """Return the built graph for reading, as an rdflib graph over the store in ``dist``.

    The project's prefixes are bound. Raises UsageError when nothing was built there.
    """
    graph = rdflib.Graph(store=OxigraphStore(store=open_store(dist)), identifier=DATASET_DEFAULT_GRAPH_ID)
    store = graph.store
    prefixes = load_prefixes(home() / "ontology")
    for prefix, namespace in prefixes.items():
        store.bind(prefix, rdflib.URIRef(namespace), override=True)
    return graph
