"""From the graph to more of it: the rules of ontology/rules/, each a CONSTRUCT query that says what it means."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyoxigraph as ox

from graph_builder.problems import BadInputError, Problem


def infer(store: ox.Store, folder: Path, prefixes: Mapping[str, str]) -> list[str]:
    """Run every rule, in the order of the files' names, each seeing what those before it made.

    Adds what the rules make to the store and returns it as N-Triples lines; a rule that is no CONSTRUCT query
    raises BadInputError.
    """
    made: list[str] = []
    for path in sorted(folder.glob("*.rq")):
        try:
            result = store.query(path.read_text(encoding="utf-8"), prefixes=dict(prefixes))
        except SyntaxError as error:
            raise BadInputError([Problem(str(path), error.lineno or 0, error.offset or 0, str(error))]) from None
        if not isinstance(result, ox.QueryTriples):
            raise BadInputError([Problem(str(path), 1, 1, "is no CONSTRUCT query; a rule constructs triples")])
        triples = list(result)
        store.extend(ox.Quad(*triple) for triple in triples)
        made.extend(f"{triple} ." for triple in triples)
    return made
