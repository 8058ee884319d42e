"""What changed: in what was known between two days, in the world, and in the data between two builds of the graph."""

from __future__ import annotations

import builtins
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import pyoxigraph as ox

from graph_builder.locate import default_dist, home
from graph_builder.pipeline import build
from graph_builder.prefixes import load_prefixes
from graph_builder.problems import BadInputError, Problem
from graph_builder.query import bind, cell, load_query, open_store, run


class Change(NamedTuple):
    """An accepted fact that differs between two graphs; before and after are texts, empty where nothing is accepted.

    ``reason`` tells why the later graph accepts what it does; or why it accepts nothing, "no claim" where none is left.
    """

    subject: str
    label: str
    property: str
    before: str
    after: str
    reason: str

    @builtins.property
    def kind(self) -> str:
        """Return what happened to the fact."""
        return "changed" if self.before and self.after else "added" if self.after else "removed"


def dist_known_by(day: str, dist: Path | None = None, report: Callable[[str], None] = lambda step: None) -> Path:
    """Return a build of the project's facts that hears only sources published by a day; it is made when needed.

    It lies beside ``dist`` and is used again until the facts change. Raises UsageError for a day that is none.
    """
    dist = dist or default_dist()
    place = dist.absolute().with_name(f".{dist.name}.known-by.{day}") if day.replace("-", "").isalnum() else dist
    return build(place, known_by=day, report=report).dist


def changes_in_knowledge(
    first: str, last: str, dist: Path | None = None, report: Callable[[str], None] = lambda step: None
) -> list[Change]:
    """Return every accepted fact that differs between what was known on two days."""
    return changes_between(dist_known_by(first, dist, report), dist_known_by(last, dist, report))


def changes_between(old: Path, new: Path) -> list[Change]:
    """Return every accepted fact that differs between two builds, each a folder that holds a store or a graph.nt.

    Raises UsageError for a folder that holds neither.
    """
    before, after = _held(old), _held(new)
    changes = []
    for key in sorted(before.keys() | after.keys()):
        then, now = before.get(key), after.get(key)
        gone, come = (then.values if then else {}), (now.values if now else {})
        if gone.keys() == come.keys():
            continue
        shown = sorted(come.keys() - gone.keys())
        reasons = {come[value] for value in shown} or (now.reasons if now else set())
        told = ", ".join(sorted(reasons)) or "no claim"
        label = (now or then or _Held()).label
        changes.append(
            Change(key[0], label, key[1], ", ".join(sorted(gone.keys() - come.keys())), ", ".join(shown), told)
        )
    return changes


@dataclass
class _Held:
    """What a graph holds of a property of a subject: each accepted value with its reason, and reasons for nothing."""

    label: str = ""
    values: dict[str, str] = field(default_factory=dict)
    reasons: set[str] = field(default_factory=set)


def _held(dist: Path) -> dict[tuple[str, str], _Held]:
    """Return what a graph holds, by subject and property."""
    prefixes = load_prefixes(home() / "ontology")
    query = load_query(home() / "queries" / "cards" / "accepted.rq")
    found: dict[tuple[str, str], _Held] = defaultdict(_Held)
    result: Any = run(_store(dist), bind(query, {}, prefixes), prefixes)
    for row in result:
        held = found[cell(row["subject"]), cell(row["property"])]
        held.label = cell(row["label"])
        if row["shown"] is None:
            held.reasons.add(cell(row["reason"]))
        else:
            held.values[cell(row["shown"])] = cell(row["reason"])
    return found


def _store(dist: Path) -> ox.Store:
    """Open the store of a build, or read its graph.nt where it was published without one."""
    if (dist / "store").is_dir() or not (dist / "graph.nt").is_file():
        return open_store(dist)
    store = ox.Store()
    try:
        store.bulk_load(path=str(dist / "graph.nt"), format=ox.RdfFormat.N_TRIPLES)
    except SyntaxError as error:
        raise BadInputError(
            [Problem(str(dist / "graph.nt"), error.lineno or 0, error.offset or 0, error.msg)]
        ) from None
    return store


def changes_in_the_world(first: str, last: str, dist: Path | None = None) -> Iterator[dict[str, str]]:
    """Yield what took effect after one day and by another: the rows of queries/cards/changes.rq as texts."""
    prefixes = load_prefixes(home() / "ontology")
    query = load_query(home() / "queries" / "cards" / "changes.rq")
    text = bind(query, {"from": first, "to": last}, prefixes)
    result: Any = run(open_store(dist), text, prefixes)
    names = [variable.value for variable in result.variables]
    for row in result:
        yield {name: cell(row[name]) for name in names}
