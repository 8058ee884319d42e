"""Positions for the nodes of a network, computed before the page is opened.

The same nodes and links give the same integers on every run: nodes are taken in the order of their keys and
every start is fixed. Nothing here is quadratic above SMALL nodes in the core of a component.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

#: Up to this many nodes a network is drawn with room for every label. In a greater one the nodes that hang on
#: one other are set round it like petals, for no screen could hold their labels, and only the rest is drawn so;
#: where that too has more nodes, a tree of shortest paths is drawn, which takes time in proportion to the nodes.
SMALL = 300
#: Width of a drawing over its height, about that of the space a page gives it.
ASPECT = 1.45
#: A drawing narrower than this, in pixels, is widened up to two and a half times.
ROOMY = 820
#: Share of its area that a drawing's boxes fill before they are pushed apart.
FILL = 0.6
#: Distance between petals.
PETAL = 30.0
_GOLDEN = (math.sqrt(5) - 1) / 2

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """The room a node needs around its centre, label and margin included, in the page's pixels."""

    side: float
    above: float
    below: float


Place = Callable[[Mapping[str, Box], Iterable[tuple[str, str]]], dict[str, tuple[int, int]]]
"""A function as ``place`` is one."""


def place(boxes: Mapping[str, Box], links: Iterable[tuple[str, str]]) -> dict[str, tuple[int, int]]:
    """Return a position for every key of ``boxes``: x to the right, y down, centred on the origin.

    ``links`` join keys of ``boxes``; loops and repeats do no harm. Where there are at most SMALL nodes, no two
    boxes overlap.
    """
    keys = sorted(boxes)
    number = {key: index for index, key in enumerate(keys)}
    beside: list[list[int]] = [[] for _ in keys]
    for a, b in sorted({_ordered(number[a], number[b]) for a, b in links if a != b}):
        beside[a].append(b)
        beside[b].append(a)
    room = [boxes[key] for key in keys]
    drawn = [_draw(beside, group, room, len(keys) > SMALL) for group in _components(beside)]
    spots = _pack(drawn, room)
    # A small network is drawn apart rather than looked at through a magnifying glass.
    wider = min(2.5, max(1.0, ROOMY / _extent(spots, room))) if spots else 1.0
    return {key: (round(spots[i][0] * wider), round(spots[i][1] * wider)) for key, i in number.items()}


def _ordered(a: int, b: int) -> tuple[int, int]:
    return (a, b) if a < b else (b, a)


def _components(beside: Sequence[Sequence[int]]) -> list[list[int]]:
    """Return the connected components, each sorted, the largest first."""
    seen: set[int] = set()
    groups = []
    for start in range(len(beside)):
        if start in seen:
            continue
        seen.add(start)
        group, waiting = [start], deque([start])
        while waiting:
            for other in beside[waiting.popleft()]:
                if other not in seen:
                    seen.add(other)
                    group.append(other)
                    waiting.append(other)
        groups.append(sorted(group))
    return sorted(groups, key=lambda group: (-len(group), group))


def _draw(
    beside: Sequence[Sequence[int]], group: Sequence[int], room: Sequence[Box], crowded: bool
) -> dict[int, Point]:
    """Return positions for one connected component."""
    if len(group) == 1:
        return {group[0]: (0.0, 0.0)}
    if not crowded:
        return _roomy(beside, group, room)
    petals: dict[int, list[int]] = {}
    for node in group:
        if len(beside[node]) == 1 and (len(group) > 2 or node != group[0]):
            petals.setdefault(beside[node][0], []).append(node)
    alone = {node for some in petals.values() for node in some}
    core = [node for node in group if node not in alone]
    if len(core) > SMALL:
        return _scaled(_radial(beside, group), room)
    grown = list(room)
    for node, some in petals.items():
        radius = _petal_radius(len(some)) + PETAL / 2
        own = room[node]
        grown[node] = Box(max(own.side, radius), max(own.above, radius), max(own.below, radius))
    spots = _roomy(beside, core, grown)
    for node, some in petals.items():
        x, y = spots[node]
        for step, petal in enumerate(some):
            radius, angle = _petal_radius(step + 1), math.tau * step * _GOLDEN
            spots[petal] = (x + radius * math.cos(angle), y + radius * math.sin(angle))
    return spots


def _petal_radius(count: int) -> float:
    """Return how far from its hub the last of some petals stands, which are as seeds in a sunflower."""
    return PETAL * 0.62 * math.sqrt(count + 5)


def _roomy(beside: Sequence[Sequence[int]], group: Sequence[int], room: Sequence[Box]) -> dict[int, Point]:
    """Draw connected nodes so that distances show how many steps apart they are and no boxes overlap."""
    if len(group) == 1:
        return {group[0]: (0.0, 0.0)}

    from graph_builder.view.spread import fitted, parted  # numpy, and most networks are placed already

    index = {node: k for k, node in enumerate(group)}
    links = [(index[a], index[b]) for a in group for b in beside[a] if a < b and b in index]
    start = _radial([[index[b] for b in beside[a] if b in index] for a in group], range(len(group)))
    near = fitted([start[i] for i in range(len(group))], links)
    some = [room[node] for node in group]
    spots = _scaled(dict(enumerate(near)), some)
    sizes = [(box.side, box.above, box.below) for box in some]
    return dict(zip(group, parted([spots[i] for i in range(len(group))], sizes, ASPECT, ROOMY), strict=True))


def _radial(beside: Sequence[Sequence[int]], group: Sequence[int]) -> dict[int, Point]:
    """Lay out a tree of shortest paths from the best-connected node, each branch in a sector of its own.

    A ring holds the nodes at one distance from the root and is as broad as their number asks, so that the
    disc is evenly filled. Linear in nodes and links.
    """
    root = min(group, key=lambda node: (-len(beside[node]), node))
    children: dict[int, list[int]] = {root: []}
    rings: list[list[int]] = [[root]]
    while rings[-1]:
        ring: list[int] = []
        for parent in rings[-1]:
            for child in beside[parent]:
                if child not in children:
                    children[child] = []
                    children[parent].append(child)
                    ring.append(child)
        rings.append(ring)
    leaves: dict[int, int] = {}
    for ring in reversed(rings):
        for node in ring:
            leaves[node] = sum(leaves[child] for child in children[node]) or 1
    spots: dict[int, Point] = {root: (0.0, 0.0)}
    sector = {root: (0.0, math.tau)}
    inside = 1
    for ring in rings:
        for parent in ring:
            cursor, end = sector[parent]
            share = (end - cursor) / leaves[parent]
            for child in children[parent]:
                sector[child] = (cursor, cursor + share * leaves[child])
                cursor = sector[child][1]
    for ring in rings[1:]:
        for step, node in enumerate(ring):
            # The golden ratio scatters neighbours over the ring's breadth without a random number.
            radius = math.sqrt(inside + len(ring) * ((step * _GOLDEN) % 1.0))
            angle = sum(sector[node]) / 2
            spots[node] = (radius * math.sin(angle), radius * math.cos(angle))
        inside += len(ring)
    return spots


def _scaled(spots: Mapping[int, Point], room: Sequence[Box]) -> dict[int, Point]:
    """Stretch positions so that their boxes fill the share FILL of a rectangle of the ratio ASPECT."""
    area = sum(2 * room[i].side * (room[i].above + room[i].below) for i in spots) / FILL
    height = math.sqrt(area / ASPECT)
    left, right = min(x for x, _ in spots.values()), max(x for x, _ in spots.values())
    top, bottom = min(y for _, y in spots.values()), max(y for _, y in spots.values())
    across = height * ASPECT / (right - left) if right - left > 1e-9 else 0.0
    down = height / (bottom - top) if bottom - top > 1e-9 else 0.0
    # A chain has almost no height: it keeps its shape instead of being blown up.
    if across:
        down = min(down, 2 * across)
    if down:
        across = min(across, 4 * down) or across
    return {i: ((x - left) * across, (y - top) * down) for i, (x, y) in spots.items()}


def _extent(part: Mapping[int, Point], room: Sequence[Box]) -> float:
    """Return the width of the smallest rectangle of the ratio ASPECT around a drawing."""
    left, top, right, bottom = _frame(part, room)
    return max(right - left, ASPECT * (bottom - top))


def _pack(drawn: Sequence[Mapping[int, Point]], room: Sequence[Box]) -> dict[int, Point]:
    """Set components side by side in rows, largest first, and centre the whole on the origin."""
    frames = [_frame(part, room) for part in drawn]
    total = sum((right - left) * (bottom - top) for left, top, right, bottom in frames)
    widest = max((right - left for left, _, right, _ in frames), default=0.0)
    limit = max(widest, math.sqrt(total * ASPECT) * 1.25)
    spots: dict[int, Point] = {}
    x = y = tallest = width = 0.0
    for part, (left, top, right, bottom) in zip(drawn, frames, strict=True):
        if x > 0 and x + right - left > limit:
            x, y, tallest = 0.0, y + tallest, 0.0
        for index, (px, py) in part.items():
            spots[index] = (px - left + x, py - top + y)
        x += right - left
        width, tallest = max(width, x), max(tallest, bottom - top)
    height = y + tallest
    return {index: (px - width / 2, py - height / 2) for index, (px, py) in spots.items()}


def _frame(part: Mapping[int, Point], room: Sequence[Box]) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of the boxes of one component."""
    own = [(x, y, room[i]) for i, (x, y) in part.items()]
    return (
        min([x - box.side for x, _, box in own]),
        min([y - box.above for _, y, box in own]),
        max([x + box.side for x, _, box in own]),
        max([y + box.below for _, y, box in own]),
    )
