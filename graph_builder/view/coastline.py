"""The world's land for the map: rings of points, made once from Natural Earth and kept beside the templates.

``python -m graph_builder.view.coastline land-50m.json > assets/coastline.json`` makes the file from the land at
1:50 million of the npm package world-atlas 2.0.2, which packs Natural Earth (public domain) as TopoJSON.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

Point = tuple[float, float]
Ring = list[Point]

#: Units of the file in a degree, and how far, in degrees, a left-out point may lie from the simplified line.
UNITS, TOLERANCE = 50, 0.045
#: Islands smaller than this many square degrees are left out, but not in the Indian Ocean.
SMALLEST = 0.03
_INDIAN_OCEAN = (38.0, -32.0, 112.0, 30.0)
NOTE = (
    "Land of the world at 1:50 million, made with Natural Earth (naturalearthdata.com), which is in the public domain; "
    "read from the npm package world-atlas 2.0.2 (Copyright 2013-2019 Michael Bostock, ISC licence) and simplified."
)


def land(path: Path) -> list[Ring]:
    """Return the rings of a coastline file: closed lists of (longitude, latitude) in degrees.

    Longitudes run on beyond 180 degrees where a ring crosses the antimeridian.
    """
    rings = json.loads(path.read_text(encoding="utf-8"))["rings"]
    return [
        [(x / UNITS, y / UNITS) for x, y in zip(accumulate(ring[::2]), accumulate(ring[1::2]), strict=True)]
        for ring in rings
    ]


def simplified(topology: dict[str, Any]) -> Iterator[list[int]]:
    """Yield each ring of a TopoJSON land, simplified, as differences of whole units: x, y, x, y ..."""
    scale, shift = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = [
        [(x * scale[0] + shift[0], y * scale[1] + shift[1]) for x, y in accumulate(map(tuple, arc), _step)]
        for arc in topology["arcs"]
    ]
    for shape in topology["objects"]["land"]["geometries"]:
        for polygon in shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]:
            outline = polygon[:1]  # without lakes
            for ring in outline:
                points = [p for n in ring for p in (arcs[n] if n >= 0 else arcs[~n][::-1])[1:]]
                points = _unrolled(points)
                # A ring that does not close goes around a pole: Antarctica lies below the map's edge.
                if abs(points[-1][0] - points[0][0]) < 180 and not _small(points):
                    yield _packed(_thin([*points, points[0]]))


def _step(before: tuple[int, int], after: tuple[int, int]) -> tuple[int, int]:
    return before[0] + after[0], before[1] + after[1]


def _unrolled(points: Sequence[Point]) -> list[Point]:
    """Let longitudes run on beyond 180 degrees where a ring crosses the antimeridian."""
    turns, unrolled = 0, [points[0]]
    for before, after in pairwise(points):
        turns += (before[0] - after[0] > 180) - (before[0] - after[0] < -180)
        unrolled.append((after[0] + 360 * turns, after[1]))
    return unrolled


def _small(points: Sequence[Point]) -> bool:
    area = abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(points, [*points[1:], points[0]], strict=True))) / 2
    left, bottom, right, top = _INDIAN_OCEAN
    x, y = points[0]
    return area < SMALLEST and not (left < x < right and bottom < y < top)


def _thin(points: Sequence[Point]) -> list[Point]:
    """Leave out points by Douglas and Peucker's rule; the ring is cut at the point farthest from its first."""
    far = max(range(len(points)), key=lambda n: math.dist(points[0], points[n]))
    return [*_kept(points[: far + 1]), *_kept(points[far:])[1:]]


def _kept(points: Sequence[Point]) -> list[Point]:
    keep = {0, len(points) - 1}
    spans = [(0, len(points) - 1)]
    while spans:
        first, last = spans.pop()
        if last - first < 2:
            continue
        (ax, ay), (bx, by) = points[first], points[last]
        length = math.hypot(bx - ax, by - ay) or 1e-12
        away = [abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / length for x, y in points[first + 1 : last]]
        most = max(away)
        if most > TOLERANCE:
            middle = first + 1 + away.index(most)
            keep.add(middle)
            spans += [(first, middle), (middle, last)]
    return [points[n] for n in sorted(keep)]


def _packed(points: Sequence[Point]) -> list[int]:
    whole = [(round(x * UNITS), round(y * UNITS)) for x, y in points]
    packed = list(whole[0])
    for before, after in pairwise(whole):
        packed += [after[0] - before[0], after[1] - before[1]]
    return packed


if __name__ == "__main__":
    found = list(simplified(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))))
    print(json.dumps({"note": NOTE, "rings": found}, separators=(",", ":")))
