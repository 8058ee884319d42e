"""Checks of links against each other and against the facts: unknown, repeated, shared, too far away."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from graph_builder import terms
from graph_builder.facts import Facts
from graph_builder.link_rules import Link, Rules
from graph_builder.ontology import Ontology
from graph_builder.problems import Problem, did_you_mean, printable
from graph_builder.terms import key_of, lexical

_EARTH_RADIUS_KM = 6371.0


def check_links(
    links: Iterable[Link], facts: Facts, ontology: Ontology, rules: Rules
) -> tuple[list[Link], list[Problem]]:
    """Return the links whose subjects are things of ours that fit, and what is wrong with the links."""
    problems: list[Problem] = []
    fitting = list(_known(links, facts, ontology, rules, problems))
    return fitting, [*problems, *_repeated(fitting), *_shared(fitting), *_far(fitting, facts, rules)]


def _problem(link: Link, column: str, message: str) -> Problem:
    return Problem(link.file, link.line, link.columns.get(column, 1), message)


def _known(
    links: Iterable[Link], facts: Facts, ontology: Ontology, rules: Rules, problems: list[Problem]
) -> Iterator[Link]:
    """Yield the links whose subject is a thing of ours that fits the target."""
    for link in links:
        cls = facts.classes.get(link.about)
        if cls is None:
            guess = did_you_mean(link.about, facts.classes) or "; define it in a fact file"
            problems.append(_problem(link, "subject_id", f"unknown subject {printable(link.about)}{guess}"))
            continue
        name = link.row["object_category"]
        category = rules.categories[name]
        kind = ontology.labels.get(cls, key_of(cls))
        if link.predicate.within and not category.holds:
            problems.append(_problem(link, "object_category", f"nothing stands in a target that is a {name}"))
        elif link.predicate.identity and not link.refuted and not category.fits(cls, ontology):
            wanted = " or ".join(category.classes)
            message = f"{link.about} is a {kind}; a target that is a {name} can only be the same as a {wanted}"
            problems.append(_problem(link, "object_category", message))
        else:
            yield link


def _repeated(links: Iterable[Link]) -> Iterator[Problem]:
    """Find rows that join the same two things again."""
    seen: dict[tuple[str, str], Link] = {}
    for link in links:
        first = seen.setdefault((link.about, link.target), link)
        if first is link:
            continue
        before = f"{Path(first.file).name}:{first.line}"
        same = first.predicate == link.predicate and first.refuted == link.refuted
        how = "already" if same else f"with {'Not ' if first.refuted else ''}{first.row['predicate_id']}"
        message = f"{link.about} and {link.row['object_id']} are joined {how} in {before}; keep one of the two"
        yield _problem(link, "predicate_id", message)


def _shared(links: Iterable[Link]) -> Iterator[Problem]:
    """Find targets that are said to be the same as two things of ours."""
    seen: dict[str, Link] = {}
    for link in links:
        if link.predicate.identity and not link.refuted:
            first = seen.setdefault(link.target, link)
            if first.about != link.about:
                before = f"{Path(first.file).name}:{first.line}"
                message = f"{link.row['object_id']} is {first.about} in {before}; one target is one thing"
                yield _problem(link, "object_id", message)


def _far(links: Iterable[Link], facts: Facts, rules: Rules) -> Iterator[Problem]:
    """Find targets whose point lies too far from every point that sources give for the thing."""
    points = positions(facts)
    for link in links:
        most = rules.categories[link.row["object_category"]].kilometres
        ours = points.get(link.about)
        if link.refuted or most is None or not ours or not {"object_latitude", "object_longitude"} <= link.row.keys():
            continue
        there = float(link.row["object_latitude"]), float(link.row["object_longitude"])
        nearest = min(kilometres(here, there) for here in ours)
        if nearest > most:
            told = f"{nearest:,.0f} km from {link.about}"
            yield _problem(link, "object_latitude", f"{link.row['object_id']} lies {told}; {most:g} km at most")


def positions(facts: Facts) -> dict[str, list[tuple[float, float]]]:
    """Return the points, latitude and longitude in degrees, that any source gives for each subject."""
    degrees: dict[str, dict[str, dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
    for claim in facts.claims:
        if claim.property in ("latitude", "longitude") and claim.value != terms.NONE:
            degrees[claim.about][claim.source][claim.property] = float(lexical(claim.value))
    return {
        about: points
        for about, by_source in degrees.items()
        if (points := [(p["latitude"], p["longitude"]) for p in by_source.values() if len(p) == 2])
    }


def kilometres(here: tuple[float, float], there: tuple[float, float]) -> float:
    """Return the distance of two points given in degrees, on a sphere.

    >>> round(kilometres((0, 0), (0, 1)))
    111
    """
    north, north2 = math.radians(here[0]), math.radians(there[0])
    east = math.radians(there[1] - here[1])
    part = math.sin((north2 - north) / 2) ** 2 + math.cos(north) * math.cos(north2) * math.sin(east / 2) ** 2
    return 2 * _EARTH_RADIUS_KM * math.asin(math.sqrt(part))
