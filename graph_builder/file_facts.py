"""What one file of facts says, before it is joined with what the others say."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from graph_builder.facts import Claim, Placing, Ruling
from graph_builder.problems import Problem
from graph_builder.terms import LP
from graph_builder.yaml_nodes import Node

SOURCE_CLASS = f"{LP}Source"


class Place(NamedTuple):
    """Where something stands: line and column count from 1."""

    line: int
    column: int


class Use(NamedTuple):
    """A subject named as a value, to be checked when files are joined."""

    key: str
    property: str
    place: Place


@dataclass
class FileFacts:
    """What one file says, and what it relies on other files for."""

    name: str
    classes: dict[str, tuple[str, Place]] = field(default_factory=dict)
    placings: list[Placing] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    rulings: list[tuple[Ruling, Place]] = field(default_factory=list)
    properties_used: dict[tuple[str, str], Place] = field(default_factory=dict)
    uses: list[Use] = field(default_factory=list)
    sources_used: dict[str, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    whole: bool = True
    """False when nothing of the file could be read: what it defines is then not known."""

    def note(self, place: Place | Node, message: str) -> None:
        """Note a problem at a place of this file."""
        self.problems.append(Problem(self.name, place.line, place.column, message))
