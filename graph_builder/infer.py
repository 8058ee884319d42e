"""From the graph to more of it: the rules of ontology/rules/, each a CONSTRUCT query that says what it means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from graph_builder.problems import BadInputError, Problem
from graph_builder.query import run_file


def infer(lines: Iterable[str], folder: Path, prefixes: Mapping[str, str]) -> list[str]:
    """Return what the rules make of lines of N-Triples, as such lines.

    Rules run in the order of the files' names, each seeing what those before it made. They need the accepted
    facts, the ontology and the sources, and no claims. A rule that is no CONSTRUCT query raises BadInputError.
    """
    store = ox.Store()
    store.bulk_load("\n".join(lines).encode(), format=ox.RdfFormat.N_TRIPLES, lenient=True)
    made: list[str] = []
    for path in sorted(folder.glob("*.rq")):
        result = run_file(store, path, prefixes)
        if not isinstance(result, ox.QueryTriples):
            raise BadInputError([Problem(str(path), 1, 1, "is no CONSTRUCT query; a rule constructs triples")])
        triples = result.serialize(format=ox.RdfFormat.N_TRIPLES) or b""
        store.load(triples, format=ox.RdfFormat.N_TRIPLES, lenient=True)
        made += triples.decode().split("\n")[:-1]  # a text may hold other ends of lines, so no splitlines
    return made


def rules_for(
    store: ox.Store, subject: ox.NamedNode, predicate: ox.NamedNode, folder: Path, prefixes: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Yield the file's name of each rule that says something of a subject with a predicate, and what the rule says."""
    _, _, name = predicate.value.rpartition("#")
    for path in sorted(folder.glob("*.rq")):
        text = path.read_text(encoding="utf-8")
        told, _, rule = text.partition("CONSTRUCT")
        if re.search(rf"\b{re.escape(name)}\b", rule.partition("WHERE")[0]):
            made: Any = store.query(text, prefixes=dict(prefixes))
            if any(triple.subject == subject and triple.predicate == predicate for triple in made):
                yield path.name, " ".join(line.lstrip("# ") for line in told.splitlines() if line.startswith("#"))
