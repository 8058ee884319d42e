"""Positions for the nodes of a network, computed before the page is opened.

The same nodes and links give the same integers on every run: nodes are taken in the order of their keys,
the graph is built over integers (whose hashes are not salted), and every start is fixed. Nothing here is
quadratic above SMALL nodes in a component.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import networkx as nx
import numpy as np
from numpy.typing import NDArray

#: Up to this many nodes a component is drawn by Kamada and Kawai's method, the clearest but cubic, with room
#: for every label; above it, by a tree of shortest paths (linear), because no screen could hold the labels.
SMALL = 250
#: Width of a drawing over its height, about that of the space a page gives it.
ASPECT = 1.45
#: A drawing narrower than this, in pixels, is widened up to two and a half times.
ROOMY = 820
#: Shares of its area that a drawing's boxes are to fill before they are pushed apart. Each is tried, and the
#: drawing that comes out smallest is kept: labels keep their size on the screen, so a smaller one shows more.
FILLS = (0.35, 0.3, 0.45)
#: How often overlapping boxes are pushed before the crowd is widened, and how often it is drawn together,
#: each times the number of nodes: a pass takes time in proportion to it.
PASSES, SQUEEZES = 15_000, 4_000
_GOLDEN = (math.sqrt(5) - 1) / 2

Point = tuple[float, float]
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Box:
    """The room a node needs around its centre, label and margin included, in the page's pixels."""

    side: float
    above: float
    below: float


def place(boxes: Mapping[str, Box], links: Iterable[tuple[str, str]]) -> dict[str, tuple[int, int]]:
    """Return a position for every key of ``boxes``: x to the right, y down, centred on the origin.

    ``links`` join keys of ``boxes``; loops and repeats do no harm. In components of at most SMALL nodes no
    two boxes overlap.
    """
    keys = sorted(boxes)
    number = {key: index for index, key in enumerate(keys)}
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(len(keys)))
    graph.add_edges_from(sorted({_ordered(number[a], number[b]) for a, b in links if a != b}))
    groups = sorted((sorted(group) for group in nx.connected_components(graph)), key=lambda g: (-len(g), g))
    room = [boxes[key] for key in keys]
    drawn = [_draw(graph, group, room) for group in groups]
    spots = _pack(drawn, room)
    # A small network is drawn apart rather than looked at through a magnifying glass.
    wider = min(2.5, max(1.0, ROOMY / _extent(spots, room))) if spots else 1.0
    return {key: (round(spots[i][0] * wider), round(spots[i][1] * wider)) for key, i in number.items()}


def _ordered(a: int, b: int) -> tuple[int, int]:
    return (a, b) if a < b else (b, a)


def _draw(graph: nx.Graph[int], group: Sequence[int], room: Sequence[Box]) -> dict[int, Point]:
    """Return positions for one connected component."""
    if len(group) == 1:
        return {group[0]: (0.0, 0.0)}
    # A copy in sorted order: a subgraph view would list nodes in the order of a set.
    part: nx.Graph[int] = nx.Graph()
    part.add_nodes_from(group)
    part.add_edges_from((a, b) for a in group for b in sorted(graph[a]) if a < b)
    spots = _radial(part)
    if len(group) > SMALL:
        return _scaled(spots, room, FILLS[0])
    spots = _points(nx.kamada_kawai_layout(part, pos=spots))
    # Where no screen holds all labels anyway, one try is enough.
    fills = FILLS if len(group) <= SMALL / 2 else FILLS[:1]
    tried = [_spread(_scaled(spots, room, fill), room) for fill in fills]
    return min(tried, key=lambda one: _extent(one, room))


def _points(spots: Mapping[int, Iterable[float]]) -> dict[int, Point]:
    pairs = {index: tuple(float(part) for part in spot) for index, spot in spots.items()}
    return {index: (x, y) for index, (x, y) in pairs.items()}


def _radial(graph: nx.Graph[int]) -> dict[int, Point]:
    """Lay out a tree of shortest paths from the best-connected node, each branch in a sector of its own.

    A ring holds the nodes at one distance from the root and is as broad as their number asks, so that the
    disc is evenly filled. Linear in nodes and edges.
    """
    root = min(graph, key=lambda node: (-graph.degree(node), node))
    children: dict[int, list[int]] = {root: []}
    rings: list[list[int]] = [[root]]
    while rings[-1]:
        ring: list[int] = []
        for parent in rings[-1]:
            for child in sorted(graph[parent]):
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
            spots[node] = (radius * math.cos(angle), radius * math.sin(angle))
        inside += len(ring)
    return spots


def _scaled(spots: Mapping[int, Point], room: Sequence[Box], fill: float) -> dict[int, Point]:
    """Stretch positions so that their boxes fill that share of a rectangle of the ratio ASPECT."""
    area = sum(2 * room[i].side * (room[i].above + room[i].below) for i in spots) / fill
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


def _spread(spots: Mapping[int, Point], room: Sequence[Box]) -> dict[int, Point]:
    """Push overlapping boxes apart until none overlaps, then draw all together as far as that stays so.

    A crowd that does not come apart is widened by a sixth and pushed again, so this ends.
    """
    passes = max(20, PASSES // len(spots))
    apart = None
    while apart is None:
        apart = _apart(spots, room, passes)
        spots = {i: (x * 1.16, y * 1.16) for i, (x, y) in spots.items()}
    misses = 0
    for _ in range(SQUEEZES // len(spots)):
        left, top, right, bottom = _frame(apart, room)
        flat = (right - left > ASPECT * (bottom - top)) == (misses == 0)
        across, down = (0.95, 1.0) if flat else (1.0, 0.95)
        tight = _apart({i: (x * across, y * down) for i, (x, y) in apart.items()}, room, passes)
        if tight is not None and _area(tight, room) < _area(apart, room):
            apart, misses = tight, 0
        elif misses:
            break
        else:
            misses = 1
    return apart


def _area(part: Mapping[int, Point], room: Sequence[Box]) -> float:
    left, top, right, bottom = _frame(part, room)
    return (right - left) * (bottom - top)


def _extent(part: Mapping[int, Point], room: Sequence[Box]) -> float:
    """Return the width of the smallest rectangle of the ratio ASPECT around a drawing."""
    left, top, right, bottom = _frame(part, room)
    return max(right - left, ASPECT * (bottom - top))


def _apart(spots: Mapping[int, Point], room: Sequence[Box], passes: int) -> dict[int, Point] | None:
    """Push overlapping boxes apart, each pair along the axis on which it overlaps least.

    Returns None where that many passes over all pairs do not suffice.
    """
    order = sorted(spots)
    xs = [spots[i][0] for i in order]
    ys = [spots[i][1] for i in order]
    boxes = [room[i] for i in order]
    # What two boxes need between their centres: beside each other, and the second below the first.
    side = np.array([box.side for box in boxes])
    wide = np.add.outer(side, side)
    high = np.add.outer([box.below for box in boxes], [box.above for box in boxes])
    for _ in range(passes):
        pairs = _overlaps(np.array(xs), np.array(ys), wide, high)
        if not pairs:
            return {i: (xs[k], ys[k]) for k, i in enumerate(order)}
        for i, j in pairs:
            dx, dy = xs[i] - xs[j], ys[i] - ys[j]
            over_x = boxes[i].side + boxes[j].side - abs(dx)
            over_y = boxes[j].below + boxes[i].above - dy if dy >= 0 else boxes[i].below + boxes[j].above + dy
            if over_x <= 0 or over_y <= 0:
                continue  # an earlier pair of this pass has moved them apart
            # A little more than half, so that rounding to integers cannot bring an overlap back. Labels are
            # wider than high: a push sideways is preferred, or the drawing would grow downwards.
            if over_x < over_y * 1.3:
                step = math.copysign(over_x / 2 + 1, dx or i - j)
                xs[i] += step
                xs[j] -= step
            else:
                step = math.copysign(over_y / 2 + 1, dy)
                ys[i] += step
                ys[j] -= step
    return None


def _overlaps(xs: Numbers, ys: Numbers, wide: Numbers, high: Numbers) -> list[list[int]]:
    """Return the pairs of overlapping boxes by index, the greater first."""
    down = np.subtract.outer(ys, ys)
    near_x = np.abs(np.subtract.outer(xs, xs)) < wide
    near_y = np.where(down >= 0, high.T - down, high + down) > 0
    pairs: list[list[int]] = np.argwhere(np.tril(near_x & near_y, -1)).tolist()
    return pairs


def _pack(drawn: Sequence[Mapping[int, Point]], room: Sequence[Box]) -> dict[int, Point]:
    """Set components side by side in rows, largest first, and centre the whole on the origin."""
    frames = [_frame(part, room) for part in drawn]
    total = sum((right - left) * (bottom - top) for left, top, right, bottom in frames)
    widest = max((right - left for left, _, right, _ in frames), default=0.0)
    limit = max(widest, math.sqrt(total * ASPECT) * 1.1)
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
    return (
        min(x - room[i].side for i, (x, _) in part.items()),
        min(y - room[i].above for i, (_, y) in part.items()),
        max(x + room[i].side for i, (x, _) in part.items()),
        max(y + room[i].below for i, (_, y) in part.items()),
    )
