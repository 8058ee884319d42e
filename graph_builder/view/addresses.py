"""Where the site keeps what a name of ours names: one table, that docs/w3id/ puts into rules for a server.

Parts of a thing stand on its page. Claims, adjudications and mappings, of which there are many thousands, stand
together in files named by the first two digits of their hash; the concepts of a vocabulary stand together too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from graph_builder.terms import ID, LP, VOCABULARY

BASE = ID.removesuffix("id/")
INDEX_FILE = "names.tsv"
ONTOLOGY, QUERIES, DATASET = "ontology", "id/queries", "void"

_HASHED = re.compile(r"(?:claim|adjudication|mapping)/[0-9a-f]{20}")
_DIGITS = 2


class Address(NamedTuple):
    """A page with its fragment, and the file of the forms for machines without its ending, below the site's top."""

    page: str
    data: str


@cache
def address_of(iri: str) -> Address | None:
    """Return where a name of ours leads, or None for a name that is none.

    >>> address_of(ID + "pact/relos/signature")
    Address(page='id/pact/relos.html#signature', data='id/pact/relos')
    >>> address_of(ID + "claim/00b39cfd9d8d6c7b1d0a")
    Address(page='id/claim/00.html#00b39cfd9d8d6c7b1d0a', data='id/claim/00')
    """
    if iri.startswith(VOCABULARY):
        return _within("vocabulary", *_divided(iri.removeprefix(VOCABULARY), 1))
    if iri.startswith((f"{BASE}deviation/", LP)) or iri == LP.removesuffix("#"):
        name = iri.removeprefix(LP).removeprefix(BASE) if iri != LP.removesuffix("#") else ""
        return Address(f"{ONTOLOGY}.html{f'#{name}' if name else ''}", ONTOLOGY)
    if not iri.startswith(ID):
        return None
    key = iri.removeprefix(ID)
    kind, _, name = key.partition("/")
    if key == "dataset":
        return Address("index.html", DATASET)
    if kind == "query":
        return Address(f"views/{key}.html", QUERIES)
    if kind in ("prefix", "prefixes"):
        return Address("views/queries.html", QUERIES)
    if _HASHED.fullmatch(key):
        return _within("id", f"{kind}/{name[:_DIGITS]}", name)
    return _within("id", *_divided(key, 2))


def _divided(key: str, parts: int) -> tuple[str, str]:
    """Return the first parts of a key, and the rest of it."""
    names = key.split("/")
    return "/".join(names[:parts]), "/".join(names[parts:])


def _within(folder: str, name: str, rest: str) -> Address:
    data = f"{folder}/{name}"
    return Address(f"{data}.html{f'#{rest}' if rest else ''}", data)


def index(iris: Iterable[str]) -> str:
    """Return the table of names: for each, its page and the file of its data without the ending.

    It is all that a server, or a script, needs to answer for a name in the form that is asked for.
    """
    lines = ["name\tpage\tdata"]
    for iri in sorted(iris):
        if found := address_of(iri):
            lines.append(f"{iri.removeprefix(BASE)}\t{found.page}\t{found.data}")
    return "\n".join(lines) + "\n"
