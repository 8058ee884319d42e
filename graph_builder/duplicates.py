"""One thing, one key: things of one kind whose labels are the same, and people whose labels differ by a letter."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pyoxigraph as ox

from graph_builder.problems import printable
from graph_builder.terms import key_of

#: Classes of things in the world: two keys for one thing would split what is known of it.
CLASSES = ("Party", "Person", "Body", "Office", "Place", "Facility", "Unit", "Occasion")

_LABELS = """PREFIX lp: <https://w3id.org/logistics-pacts/ontology#>
SELECT DISTINCT ?thing ?label WHERE {{ ?thing a ?class ; lp:label ?label . VALUES ?class {{ {classes} }} }}"""

#: Shorter names differ by a letter too often to tell anything.
_LONG_ENOUGH = 8


def normal(name: str, *, any_order: bool = False) -> str:
    """Return a name without case, accents and punctuation; with ``any_order``, Kono Tarō is Taro Kono."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    words = re.findall(r"\w+", plain.casefold())
    return " ".join(sorted(words) if any_order else words)


def find_duplicates(store: ox.Store) -> list[str]:
    """Return a line for each two subjects of one kind that seem to be one thing under two keys.

    The kind is that of the key: a city and its port may share a name. Two real namesakes need labels that tell them
    apart, as "Ajay Kumar (Defence Secretary)" does.
    """
    rows: Any = store.query(_LABELS.format(classes=" ".join(f"lp:{name}" for name in CLASSES)))
    labels = {key_of(row["thing"].value): row["label"].value for row in rows}
    found = [
        f"{one} and {other} both have the label {printable(labels[one])!r}: keep one key in facts/ for one thing, "
        "or give two things labels that tell them apart"
        for one, other in _same(labels)
    ]
    people = {key: normal(label, any_order=True) for key, label in labels.items() if _kind(key) == "person"}
    found += [
        f"{one} and {other} look like one person in two spellings, {printable(labels[one])!r} and "
        f"{printable(labels[other])!r}: keep one key in facts/, or give two people labels that tell them apart"
        for one, other in one_letter_apart(people)
    ]
    return found


def _kind(key: str) -> str:
    return key.partition("/")[0]


def _same(labels: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    alike: dict[tuple[str, str], list[str]] = {}
    for key, label in sorted(labels.items()):
        alike.setdefault((_kind(key), normal(label, any_order=_kind(key) == "person")), []).append(key)
    for keys in alike.values():
        yield from itertools.combinations(keys, 2)


def one_letter_apart(names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return each two keys whose names differ by one letter put in, left out or replaced, in the order of the keys.

    Names are compared by what is left when a letter is struck out, so that a thousand names take no longer than their
    letters, and not each with each.
    """
    struck: dict[str, set[str]] = {}
    for key, name in names.items():
        if len(name) >= _LONG_ENOUGH:
            for rest in _struck(name):
                struck.setdefault(rest, set()).add(key)
    pairs = {pair for keys in struck.values() for pair in itertools.combinations(sorted(keys), 2)}
    return sorted((one, other) for one, other in pairs if _apart(names[one], names[other]))


def _struck(name: str) -> Iterable[str]:
    return {name, *(name[:i] + name[i + 1 :] for i in range(len(name)))}


def _apart(one: str, other: str) -> bool:
    """Tell whether two names that share what is left of them are one letter apart, and not the same or two apart."""
    if len(one) == len(other):
        return sum(a != b for a, b in zip(one, other, strict=True)) == 1
    return abs(len(one) - len(other)) == 1
