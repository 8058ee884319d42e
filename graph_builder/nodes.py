"""Nodes: a subject with its predicates and objects, the unit in which the graph is emitted and written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter

#: A subject, and its pairs of predicate and object, all N-Triples terms; the pairs are sorted.
Node = tuple[str, list[tuple[str, str]]]


def nodes_of(lines: Iterable[str]) -> Iterator[Node]:
    """Yield the nodes of sorted lines of N-Triples.

    >>> list(nodes_of(["<a> <p> <b> .", "<a> <p> <c> ."]))
    [('<a>', [('<p>', '<b>'), ('<p>', '<c>')])]
    """
    split = (line[:-2].split(" ", 2) for line in lines)
    for subject, triples in groupby(split, key=itemgetter(0)):
        yield subject, [(predicate, value) for _, predicate, value in triples]


def lines_of(node: Node) -> str:
    """Return the lines of N-Triples of a node, each with its newline."""
    subject, pairs = node
    return "".join([f"{subject} {predicate} {value} .\n" for predicate, value in pairs])
