"""What a link to another data set is, and what it may be, as ontology/link-targets.toml tells."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from graph_builder import terms
from graph_builder.emit import digest
from graph_builder.ontology import Ontology
from graph_builder.terms import thing


@dataclass(frozen=True, slots=True)
class Target:
    """A data set that can be linked to."""

    base: str
    pattern: re.Pattern[str]
    example: str
    decode: bool = False


@dataclass(frozen=True, slots=True)
class Predicate:
    """What a link can say."""

    iri: str
    identity: bool = False
    within: bool = False


@dataclass(frozen=True, slots=True)
class Category:
    """What a target can be; ``kilometres`` is how far its point may lie from ours, None for any distance."""

    classes: tuple[str, ...]
    apart: tuple[str, ...] = ()
    holds: bool = False
    kilometres: float | None = None

    def fits(self, cls: str, ontology: Ontology) -> bool:
        """Tell whether a thing of a class can be the same as a target of this category."""
        within = any(ontology.is_a(cls, f"{terms.LP}{name}") for name in self.classes)
        return within and not any(ontology.is_a(cls, f"{terms.LP}{name}") for name in self.apart)


@dataclass(frozen=True)
class Rules:
    """What a link may be, as ontology/link-targets.toml tells it."""

    prefixes: Mapping[str, Target]
    predicates: Mapping[str, Predicate]
    categories: Mapping[str, Category]
    justifications: frozenset[str]


@dataclass(frozen=True, slots=True)
class Link:
    """One mapping: of a subject key to the IRI of a thing in another data set. ``row`` holds the filled cells."""

    about: str
    predicate: Predicate
    target: str
    refuted: bool
    row: Mapping[str, str]
    file: str
    line: int
    columns: Mapping[str, int] = field(compare=False)

    @property
    def prefix(self) -> str:
        """Return the prefix of the target's data set."""
        return self.row["object_id"].partition(":")[0]

    @property
    def iri(self) -> str:
        """Return the IRI term of the mapping: a hash of what it joins and how."""
        sign = "not" if self.refuted else ""
        return thing(f"mapping/{digest(self.about, self.predicate.iri, self.target, sign)}")


def load_rules(ontology_folder: Path) -> Rules:
    """Read what a link may be."""
    with (ontology_folder / "link-targets.toml").open("rb") as file:
        told = tomllib.load(file)
    return Rules(
        prefixes={
            name: Target(entry["base"], re.compile(entry["pattern"]), entry["example"], entry.get("decode", False))
            for name, entry in told["prefix"].items()
        },
        predicates={name: Predicate(**entry) for name, entry in told["predicate"].items()},
        categories={
            name: Category(
                tuple(entry["classes"]),
                tuple(entry.get("apart", ())),
                entry.get("holds", False),
                entry.get("kilometres"),
            )
            for name, entry in told["category"].items()
        },
        justifications=frozenset(told["justification"]["names"]),
    )
