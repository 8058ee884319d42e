"""Arithmetic of the layout: distances in steps, positions that fit them, and boxes that do not overlap.

Whole arrays at a time, and without a linear-algebra routine whose last digits would depend on its build: the one
product of matrices is of whole numbers small enough to be exact.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Indices = NDArray[np.intp]
Point = tuple[float, float]
Sizes = tuple[Numbers, Numbers, Numbers]
"""Of each box, its half width, and its height above and below the centre."""

#: Rounds in which positions are fitted to distances.
_FITTING = 60
#: How often boxes are pushed before the whole is widened, and how often the whole is drawn together.
_PUSHES, _TIGHTENINGS = 64, 10
#: How many pushes go by before all pairs are looked at anew, and how near, in pixels, a pair is that they look at.
_LOOKS, _NEAR = 8, 24.0


def fitted(spots: Sequence[Point], links: Sequence[tuple[int, int]]) -> list[Point]:
    """Return positions of connected nodes, from a first guess, whose distances tell how many links lie between them."""
    x, y = stressed(*_columns(spots), hops(len(spots), links))
    return list(zip(x.tolist(), y.tolist(), strict=True))


def parted(
    spots: Sequence[Point], sizes: Sequence[tuple[float, float, float]], aspect: float, enough: float
) -> list[Point]:
    """Return positions near the given ones at which no boxes overlap, drawn together as ``tightened`` does.

    ``sizes`` give of each box what ``Sizes`` gives of all.
    """
    columns = tuple(np.array(column) for column in zip(*sizes, strict=True))
    whole: Sizes = (columns[0], columns[1], columns[2])
    x, y = tightened(*apart(*_columns(spots), whole), whole, aspect, enough)
    return list(zip(x.tolist(), y.tolist(), strict=True))


def _columns(spots: Sequence[Point]) -> tuple[Numbers, Numbers]:
    return np.array([x for x, _ in spots]), np.array([y for _, y in spots])


def hops(count: int, links: Sequence[tuple[int, int]]) -> Numbers:
    """Return for every two of ``count`` connected nodes how many links lie between them."""
    beside = np.zeros((count, count), dtype=np.float32)
    for a, b in links:
        beside[a, b] = beside[b, a] = 1
    far = np.zeros((count, count))
    reached = np.eye(count, dtype=np.float32)
    steps = 0
    while not reached.all() and steps <= count:
        steps += 1
        wider = ((reached @ beside + reached) > 0).astype(np.float32)
        far[(wider > 0) & (reached == 0)] = steps
        reached = wider
    return far


def stressed(x: Numbers, y: Numbers, far: Numbers) -> tuple[Numbers, Numbers]:
    """Move positions so that their distances come near ``far``, near ones counting more.

    Each round puts every node where the others would have it on average (Gansner, Koren and North, Graph drawing by
    stress majorization, 2004), half of the way, so that two never change places for ever.
    """
    count = len(x)
    if count < 3:
        return np.arange(count, dtype=float), np.zeros(count)
    own = np.eye(count, dtype=bool)
    weight = np.where(own, 0.0, 1.0 / np.maximum(far, 1.0) ** 2)
    total = weight.sum(axis=1)
    size = np.hypot(x, y).max() or 1.0
    x, y = x * (far.max() / 2 / size), y * (far.max() / 2 / size)
    for _ in range(_FITTING):
        dx, dy = x[:, None] - x, y[:, None] - y
        pull = weight * (far / np.maximum(np.sqrt(dx * dx + dy * dy), 1e-6))
        x = (x + (weight * x + pull * dx).sum(axis=1) / total) / 2
        y = (y + (weight * y + pull * dy).sum(axis=1) / total) / 2
    return x, y


def apart(x: Numbers, y: Numbers, sizes: Sizes) -> tuple[Numbers, Numbers]:
    """Push overlapping boxes apart until none overlaps; a crowd that stays one is widened, so this ends."""
    while (done := _pushed(x, y, sizes, _PUSHES)) is None:
        x, y = x * 1.1, y * 1.1
    return done


def tightened(x: Numbers, y: Numbers, sizes: Sizes, aspect: float, enough: float) -> tuple[Numbers, Numbers]:
    """Draw boxes together as far as that makes the whole smaller and none overlaps.

    ``aspect`` is the wanted width over height; a drawing that fits a rectangle ``enough`` pixels wide stays as it is.
    """
    width, height = _extent(x, y, sizes)
    share = 0.85
    for _ in range(_TIGHTENINGS):
        if max(width, aspect * height) <= enough:
            break
        flat = width > aspect * height
        bias = min(3.0, max(0.4, 1.3 * (aspect * height / width) ** 2))
        tight = _pushed(x * (share if flat else 0.97), y * (0.97 if flat else share), sizes, _PUSHES, bias)
        if tight is None:
            share = (1 + share) / 2
            continue
        wide, high = _extent(*tight, sizes)
        if max(wide, aspect * high) < max(width, aspect * height) * 0.995:
            (x, y), (width, height) = tight, (wide, high)
        elif share > 0.9:
            break
        else:
            share = (1 + share) / 2
    return x, y


def _extent(x: Numbers, y: Numbers, sizes: Sizes) -> tuple[float, float]:
    side, above, below = sizes
    return float((x + side).max() - (x - side).min()), float((y + below).max() - (y - above).min())


def _pushed(x: Numbers, y: Numbers, sizes: Sizes, passes: int, bias: float = 1.3) -> tuple[Numbers, Numbers] | None:
    """Push each two overlapping boxes apart along the axis on which they overlap least.

    A ``bias`` over one prefers a push sideways: labels are wider than high. Returns None where that many passes over
    all pairs do not suffice.
    """
    side, above, below = sizes
    x, y = x.copy(), y.copy()
    for _ in range(passes // _LOOKS + 1):
        first, second = _near(x, y, sizes)
        wide = side[first] + side[second]
        # What two need where the first is the lower one, and where the second is.
        first_low, second_low = above[first] + below[second], above[second] + below[first]
        for look in range(_LOOKS):
            dx, dy = x[first] - x[second], y[first] - y[second]
            over_x = wide - np.abs(dx)
            over_y = np.where(dy >= 0, first_low - dy, second_low + dy)
            meet = (over_x > 0) & (over_y > 0)
            if not meet.any():
                if look == 0:
                    return x, y
                break
            sideways = over_x < over_y * bias
            # A little more than half, so that rounding to integers cannot bring an overlap back.
            x += _moves(len(x), first, second, meet & sideways, np.where(dx < 0, -1, 1) * (over_x / 2 + 1))
            y += _moves(len(x), first, second, meet & ~sideways, np.where(dy < 0, -1, 1) * (over_y / 2 + 1))
    return None


def _near(x: Numbers, y: Numbers, sizes: Sizes) -> tuple[Indices, Indices]:
    """Return the pairs of boxes that overlap or nearly do, so that a few pushes look at these only."""
    side, above, below = sizes
    dx, dy = np.abs(x[:, None] - x), y[:, None] - y
    lower = above[:, None] + below
    near = (dx < side[:, None] + side + _NEAR) & (dy < lower + _NEAR) & (-dy < lower.T + _NEAR)
    first, second = np.nonzero(np.tril(near, -1))
    return first, second


def _moves(count: int, first: Indices, second: Indices, meet: NDArray[np.bool_], push: Numbers) -> Numbers:
    """Return how far each of ``count`` boxes is moved: all of one push, less of each of many at a time."""
    one, other, by = first[meet], second[meet], push[meet]
    many = np.bincount(one, minlength=count) + np.bincount(other, minlength=count)
    total = np.bincount(one, by, count) - np.bincount(other, by, count)
    moves: Numbers = total / np.sqrt(np.maximum(many, 1))
    return moves
