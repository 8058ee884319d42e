"""What was known: the graph adjudicated on the evidence published by a day, and what changed between two days."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from graph_builder.locate import default_dist, home
from graph_builder.ontology import load_prefixes
from graph_builder.pipeline import build
from graph_builder.query import bind, cell, load_query, open_store, run


class Change(NamedTuple):
    """One accepted fact that differs between what was known on two days; before and after are texts."""

    subject: str
    label: str
    property: str
    before: str
    after: str


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
    before = _accepted(dist_known_by(first, dist, report))
    after = _accepted(dist_known_by(last, dist, report))
    changes = []
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key, {}), after.get(key, {})
        if old.keys() != new.keys():
            label = next(iter([*new.values(), *old.values()]))
            gone, come = sorted(old.keys() - new.keys()), sorted(new.keys() - old.keys())
            changes.append(Change(key[0], label, key[1], ", ".join(gone), ", ".join(come)))
    return changes


def _accepted(dist: Path) -> dict[tuple[str, str], dict[str, str]]:
    """Return, for each subject and property, its accepted values, each with the subject's label."""
    prefixes = load_prefixes(home() / "ontology")
    query = load_query(home() / "queries" / "cards" / "accepted.rq")
    found: dict[tuple[str, str], dict[str, str]] = {}
    result: Any = run(open_store(dist), bind(query, {}, prefixes), prefixes)
    for row in result:
        key = (cell(row["subject"]), cell(row["property"]))
        found.setdefault(key, {})[cell(row["shown"])] = cell(row["label"])
    return found


def changes_in_the_world(first: str, last: str, dist: Path | None = None) -> Iterator[dict[str, str]]:
    """Yield what took effect after one day and by another: the rows of queries/cards/changes.rq as texts."""
    prefixes = load_prefixes(home() / "ontology")
    query = load_query(home() / "queries" / "cards" / "changes.rq")
    text = bind(query, {"from": first, "to": last}, prefixes)
    result: Any = run(open_store(dist), text, prefixes)
    names = [variable.value for variable in result.variables]
    for row in result:
        yield {name: cell(row[name]) for name in names}
