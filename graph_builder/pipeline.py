"""Building the graph: whether anything is to be done, and then the steps of ``steps.make``."""

from __future__ import annotations

from pathlib import Path

from graph_builder import edtf
from graph_builder.fill import Filling
from graph_builder.locate import default_dist, home
from graph_builder.manifest import Built, last_build
from graph_builder.problems import UsageError
from graph_builder.progress import Report
from graph_builder.running import no_collection
from graph_builder.unchanged import fingerprint


def build(
    dist: Path | None = None,
    facts: Path | None = None,
    *,
    as_of: str | None = None,
    known_by: str | None = None,
    force: bool = False,
    report: Report = lambda step: None,
) -> Built:
    """Build the graph from fact files and put it in the place of what stood in ``dist``.

    ``facts`` is a folder of fact files, the project's own unless given. ``as_of`` is the day (YYYY-MM-DD) for
    which statuses are derived: the date of the newest source unless given. ``known_by`` leaves out every
    source not surely published by that day. Nothing is done when dist was built from the same inputs, unless
    ``force``. ``report`` is told each step.

    Raises BadInputError with every problem of the facts, and UsageError for a day that is none; ``dist`` then
    stays as it was.
    """
    place = home()
    dist, facts = dist or default_dist(), facts or place / "facts"
    for day in (as_of, known_by):
        check_day(day)
    inputs = fingerprint([facts, place / "ontology", place / "queries"], as_of, known_by)
    if not force and (last := last_build(dist, inputs)):
        return last
    with Filling(place / "queries" / "tables") as store, no_collection():
        # What the steps need is loaded while the store's process makes itself ready.
        from graph_builder.steps import make

        return make(dist, facts, store, inputs, as_of, known_by, report)


def check_day(day: str | None) -> None:
    """Raise UsageError for a day that is none; YYYY-MM-DD is one."""
    if day is not None and (len(day) != 10 or "/" in day or not _is_day(day)):
        raise UsageError(f"{day!r} is no day; write it such as 2025-12-31")


def _is_day(day: str) -> bool:
    try:
        first, last = edtf.bounds(day)
    except ValueError:
        return False
    return first == last == day
