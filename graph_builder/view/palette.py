"""Shape and colour of each kind of node.

The colours are Okabe and Ito's eight, which stay apart under every common colour blindness
(https://jfly.uni-koeln.de/color/); the shape says the same a second time, for greyscale and for print. Parties, of
which every page is full, are slate, so that the colours of what joins them stand out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

ORANGE, SKY, GREEN, YELLOW = "#E69F00", "#56B4E9", "#009E73", "#F0E442"
BLUE, VERMILION, PURPLE, GREY = "#0072B2", "#D55E00", "#CC79A7", "#8C8C8C"
SLATE = "#5B6B7C"

#: Shapes that vis-network draws with the label outside.
SHAPES = ("dot", "square", "triangle", "diamond", "hexagon", "star", "triangleDown")
_COLOURS = (ORANGE, SKY, GREEN, YELLOW, BLUE, VERMILION, PURPLE, GREY)


@dataclass(frozen=True, slots=True)
class Mark:
    """How a kind is drawn: a vis-network shape and a colour as #RRGGBB."""

    shape: str
    colour: str


_KNOWN = {
    "Pact": Mark("hexagon", BLUE),
    "Party": Mark("square", SLATE),
    "Person": Mark("dot", SKY),
    "Facility": Mark("triangle", GREEN),
    "Office": Mark("diamond", ORANGE),
    "Body": Mark("triangleDown", PURPLE),
    "SupportCategory": Mark("star", YELLOW),
    "Action": Mark("dot", GREY),
    "Use": Mark("diamond", SKY),
    "Occasion": Mark("square", GREY),
    "Place": Mark("triangle", SKY),
    "Region": Mark("triangleDown", GREEN),
    "Unit": Mark("star", VERMILION),
    "Source": Mark("square", YELLOW),
    "Instrument": Mark("square", BLUE),
    "Provision": Mark("diamond", PURPLE),
}


def marks(kinds: Iterable[str]) -> dict[str, Mark]:
    """Give every kind a mark of its own: the kinds known here in this module's order, then the rest by name.

    A kind that has no fixed mark gets one picked by its name, so that it looks the same on every page
    unless another kind of that page has the mark already. After 56 kinds marks repeat.
    """
    asked = sorted(set(kinds))
    given = {kind: mark for kind, mark in _KNOWN.items() if kind in asked}
    free = [Mark(shape, colour) for shape in SHAPES for colour in _COLOURS]
    taken = set(given.values())
    for kind in asked:
        if kind in given:
            continue
        start = int.from_bytes(hashlib.sha256(kind.encode()).digest()[:4], "big")
        tour = [free[(start + step) % len(free)] for step in range(len(free))]
        given[kind] = next((mark for mark in tour if mark not in taken), tour[0])
        taken.add(given[kind])
    return given
