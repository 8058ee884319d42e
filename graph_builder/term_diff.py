"""What changed between two versions of the ontology: terms added, removed and changed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from graph_builder.problems import BadInputError, Problem
from graph_builder.terms import LP, VOCABULARY, key_of

_OURS = (LP, VOCABULARY)


@dataclass(frozen=True, slots=True)
class TermDiff:
    """Keys of terms, in order; ``changed`` says of each term which of its properties differ."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[tuple[str, tuple[str, ...]], ...]

    def __str__(self) -> str:
        """Return the difference as the lines of a release note."""
        lines = [f"Added {key}" for key in self.added] + [f"Removed {key}" for key in self.removed]
        lines += [f"Changed {key}: {', '.join(what)}" for key, what in self.changed]
        return "\n".join(lines)


def term_diff(old: Path, new: Path) -> TermDiff:
    """Compare two Turtle files, or two folders of them; raises BadInputError for a file that is not Turtle."""
    before, after = _terms(old), _terms(new)
    both = before.keys() & after.keys()
    changed = []
    for key in sorted(both):
        properties = before[key].keys() | after[key].keys()
        differ = [p for p in properties if before[key].get(p) != after[key].get(p)]
        if differ:
            changed.append((key, tuple(sorted(map(_short, differ)))))
    return TermDiff(
        tuple(sorted(after.keys() - both)),
        tuple(sorted(before.keys() - both)),
        tuple(changed),
    )


def _terms(path: Path) -> dict[str, dict[str, frozenset[str]]]:
    """Return the values of each property of each term of ours; nameless nodes count by what they hold."""
    files = sorted([*path.glob("*.ttl"), *path.glob("vocabularies/*.ttl")]) if path.is_dir() else [path]
    triples: list[ox.Triple] = []
    for file in files:
        try:
            triples += [quad.triple for quad in ox.parse(path=str(file), format=ox.RdfFormat.TURTLE)]
        except SyntaxError as error:
            place = Problem(str(file), error.lineno or 0, error.offset or 0, f"not Turtle: {error.msg}")
            raise BadInputError([place]) from None
    parts: dict[object, list[tuple[str, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]]] = defaultdict(list)
    for s, p, o in triples:
        parts[s].append((p.value, o))

    def written(node: object) -> str:
        if not isinstance(node, ox.BlankNode):
            return str(node)
        return "[" + " ; ".join(sorted(f"{p} {written(o)}" for p, o in parts[node])) + "]"

    terms: dict[str, dict[str, frozenset[str]]] = {}
    for subject, said in parts.items():
        if isinstance(subject, ox.NamedNode) and subject.value.startswith(_OURS):
            values: dict[str, set[str]] = defaultdict(set)
            for p, o in said:
                values[p].add(written(o))
            terms[key_of(subject.value)] = {p: frozenset(found) for p, found in values.items()}
    return terms


def _short(iri: str) -> str:
    return iri.rstrip("/#").replace("#", "/").rpartition("/")[2]
