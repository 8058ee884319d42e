"""The map: facilities on the world's land, with who hosts them, who may use them, and under which pact.

The projection is Equal Earth (Šavrič, Patterson and Jenny, 2018, doi:10.1080/13658816.2018.1504949), centred on
India's meridian so that no facility of the Indian Ocean stands at an edge. No borders are drawn.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from graph_builder import edtf
from graph_builder.terms import lexical
from graph_builder.view.archive import Archive, Source, Thing
from graph_builder.view.coastline import Ring, land
from graph_builder.view.frame import ASSETS, Frame, worded_json

Row = Mapping[str, str]

#: The meridian in the middle, the parallels at the upper and lower edge, and the width in the drawing's units.
MIDDLE, TOP, BOTTOM, WIDTH = 75.0, 80.0, -57.0, 4000.0
_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796
_M = math.sqrt(3) / 2
_SCALE = WIDTH * _M * _A1 / (2 * math.pi)  # the equator is as long as the drawing is wide


@dataclass(frozen=True, slots=True)
class Access:
    """That a pact opens a facility to parties: on what basis, how sure, and since when."""

    thing: Thing
    pact: str
    host: str
    beneficiaries: Sequence[str]
    basis: str
    openness: Sequence[str]
    draft: str
    contested: bool
    begins: int | None
    ends: int | None
    sources: Sequence[Source]

    @property
    def support(self) -> int:
        """Return how many sources speak of it."""
        return len(self.sources)


@dataclass(frozen=True, slots=True)
class Site:
    """A facility: where it is, as exactly as known, and its accesses. ``x`` and ``y`` are None without a position."""

    thing: Thing
    country: str
    latitude: float | None
    longitude: float | None
    x: float | None
    y: float | None
    accesses: Sequence[Access]


def project(longitude: float, latitude: float) -> tuple[float, float]:
    """Return the drawing's coordinates of a point: x to the right, y down, both from the upper left corner."""
    turned = (longitude - MIDDLE + 180) % 360 - 180
    return _project(turned, latitude)


def _project(turned: float, latitude: float) -> tuple[float, float]:
    x, y = _plane(math.radians(turned), math.radians(latitude))
    return WIDTH / 2 + x * _SCALE, _top() - y * _SCALE


def _plane(turned: float, latitude: float) -> tuple[float, float]:
    theta = math.asin(_M * math.sin(latitude))
    square = theta * theta
    six = square**3
    x = turned * math.cos(theta) / (_M * (_A1 + 3 * _A2 * square + six * (7 * _A3 + 9 * _A4 * square)))
    y = theta * (_A1 + _A2 * square + six * (_A3 + _A4 * square))
    return x, y


@cache
def _top() -> float:
    return _plane(0, math.radians(TOP))[1] * _SCALE


def height() -> float:
    """Return the drawing's height."""
    return round(_project(0, BOTTOM)[1])


@cache
def land_path() -> str:
    """Return the land as the data of an SVG path, in whole units."""
    return "".join(
        _path([_project(x - MIDDLE, y) for x, y in piece])
        for ring in land(ASSETS / "coastline.json")
        for piece in _cut(ring)
        if max(y for _, y in piece) > BOTTOM
    )


def _cut(ring: Ring) -> Iterable[Ring]:
    """Yield the pieces of a ring between the left and the right edge of the map."""
    left, right = MIDDLE - 180, MIDDLE + 180
    west, east = min(x for x, _ in ring), max(x for x, _ in ring)
    for shift in (-360, 0, 360):
        if west + shift < right and east + shift > left:
            piece = _clip(_clip([(x + shift, y) for x, y in ring], left, 1), right, -1)
            if len(piece) > 2:
                yield _bent(piece, (left, right))


def _clip(ring: Ring, edge: float, sign: int) -> Ring:
    """Keep the part of a ring on one side of a meridian (Sutherland and Hodgman)."""
    kept: Ring = []
    for before, after in zip([ring[-1], *ring[:-1]] if ring else [], ring, strict=True):
        was, is_ = sign * (before[0] - edge) >= 0, sign * (after[0] - edge) >= 0
        if was != is_:
            share = (edge - before[0]) / (after[0] - before[0])
            kept.append((edge, before[1] + share * (after[1] - before[1])))
        if is_:
            kept.append(after)
    return kept


def _bent(ring: Ring, edges: tuple[float, float]) -> Ring:
    """Put a point at every degree where a ring runs along an edge of the map, for the edge is bent when it is drawn."""
    bent: Ring = []
    for (x, y), (to_x, to_y) in pairwise([*ring, ring[0]]):
        bent.append((x, y))
        if x == to_x and x in edges:
            steps = int(abs(to_y - y))
            bent += [(x, y + (to_y - y) * n / (steps + 1)) for n in range(1, steps + 1)]
    return bent


def _path(points: Sequence[tuple[float, float]]) -> str:
    whole = [(round(x), round(y)) for x, y in points]
    steps = [f"M{whole[0][0]} {whole[0][1]}l"]
    last = whole[0]
    for point in whole[1:]:
        if point != last:
            dx, dy = point[0] - last[0], point[1] - last[1]
            steps.append(f"{dx} {dy} " if dy >= 0 else f"{dx}{dy} ")
            last = point
    return "".join(steps).rstrip() + "z" if len(steps) > 2 else ""


@cache
def sea_path() -> str:
    """Return the outline of the map."""
    edge = [_project(180, lat) for lat in range(int(BOTTOM), int(TOP) + 1)]
    other = [_project(-180, lat) for lat in range(int(TOP), int(BOTTOM) - 1, -1)]
    return _path([*edge, *other])


@cache
def graticule_path() -> str:
    """Return parallels and meridians, 30 degrees apart."""
    lines = [[_project(x, lat) for lat in range(int(BOTTOM), int(TOP) + 1)] for x in range(-150, 180, 30)]
    lines += [[_project(-180, lat), _project(180, lat)] for lat in (-30, 0, 30, 60)]
    return "".join(_path(line).removesuffix("z") for line in lines)


# ---------------------------------------------------------------- the page


def map_page(archive: Archive, frame: Frame, title: str, query: str, rows: Sequence[Row]) -> str:
    """Return the map, from rows of facility, position, access, pact, host and beneficiary."""
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row["facility"], []).append(row)
    sites = [_site(archive, archive.things[key], found) for key, found in grouped.items() if key in archive.things]
    sites.sort(key=lambda site: (not site.accesses, archive.label(site.country), site.thing.label))
    placed = [site for site in sites if site.x is not None]
    accesses = [access for site in sites for access in site.accesses]
    sources = {source.key: source for access in accesses for source in access.sources}
    numbers = {key: number for number, key in enumerate(sorted(sources))}
    years = [year for access in accesses for year in (access.begins, access.ends) if year]
    data = {
        "sources": [
            [sources[key].publisher, sources[key].published, worded_json(sources[key].tier), frame.address(key)]
            for key in numbers
        ],
        "sites": [_told(archive, frame, site, numbers) for site in placed],
        "projection": [MIDDLE, WIDTH, _SCALE, _top()],
    }
    return frame.page(
        "map.html",
        "views/map.html",
        title,
        query=query,
        sites=sites,
        placed=placed,
        hosts=_named(archive, {access.host for access in accesses}),
        beneficiaries=_named(archive, {key for access in accesses for key in access.beneficiaries}),
        pacts=_named(archive, {access.pact for access in accesses}),
        years=(min(years, default=int(archive.as_of[:4])), int(archive.as_of[:4])),
        width=round(WIDTH),
        height=height(),
        box=_box([site for site in placed if site.accesses] or placed),
        land=land_path(),
        sea=sea_path(),
        lines=graticule_path(),
        oceans=[(name, *map(round, project(*at))) for name, at in _OCEANS],
        data=data,
    )


_OCEANS = (("Indian Ocean", (88.0, -27.0)), ("Pacific Ocean", (178.0, 27.0)), ("Atlantic Ocean", (-32.0, 22.0)))


def _named(archive: Archive, keys: Iterable[str]) -> list[tuple[str, str]]:
    return sorted(((key, archive.label(key)) for key in keys if key), key=lambda pair: (pair[1], pair[0]))


def _site(archive: Archive, facility: Thing, rows: Sequence[Row]) -> Site:
    latitude, longitude = rows[0]["latitude"], rows[0]["longitude"]
    x, y = project(float(longitude), float(latitude)) if latitude and longitude else (None, None)
    found: dict[str, list[Row]] = {}
    for row in rows:
        if row["access"] in archive.things:
            found.setdefault(row["access"], []).append(row)
    return Site(
        facility,
        next(iter(facility.keys("country")), ""),
        float(latitude) if latitude else None,
        float(longitude) if longitude else None,
        x,
        y,
        [_access(archive, archive.things[key], group) for key, group in found.items()],
    )


def _access(archive: Archive, access: Thing, rows: Sequence[Row]) -> Access:
    pact = rows[0]["pact"]
    facts = archive.facts.get(access.key, ())
    sources = {claim.source.key: claim.source for fact in facts for claim in (*fact.backing, *fact.rivals)}
    draft = access.text("ofDraft")
    begins = [_year(draft)] if draft else [_year(text) for text in map(lexical, archive.things[pact].terms("signedOn"))]
    parts = archive.on_page(pact)
    ended = next(iter(archive.things[pact].keys("status")), "").rpartition("/")[2] in ("terminated", "expired")
    ends = [_year(part.text("date")) for part in parts if ended and part.kind in ("Termination", "Expiry")]
    return Access(
        thing=access,
        pact=pact,
        host=next((row["host"] for row in rows if row["host"]), ""),
        beneficiaries=sorted({row["beneficiary"] for row in rows if row["beneficiary"]}),
        basis=next((archive.label(key) for key in access.keys("basis")), ""),
        openness=[archive.label(key) for key in access.keys("openness")],
        draft=draft,
        contested=any(fact.contested for fact in facts),
        begins=min((year for year in begins if year), default=None),
        ends=max((year for year in ends if year), default=None),
        sources=sorted(sources.values(), key=lambda one: (one.rank, one.earliest, one.key)),
    )


def _year(text: str) -> int | None:
    try:
        first, last = edtf.bounds(text)
    except ValueError:
        return None
    day = first or last
    return int(day[:4]) if day else None


def _told(archive: Archive, frame: Frame, site: Site, numbers: Mapping[str, int]) -> dict[str, object]:
    """Return what the page's script knows of a facility with a position."""
    thing = site.thing
    return {
        "key": thing.key,
        "name": thing.label,
        "at": [round(site.x or 0, 1), round(site.y or 0, 1)],
        "place": [site.latitude, site.longitude],
        "country": archive.label(site.country) if site.country else "",
        "kinds": [worded_json(archive.label(key)) for key in thing.keys("facilityKind")],
        "points": next((worded_json(archive.label(key)) for key in thing.keys("positionBasis")), ""),
        "address": frame.address(thing.key),
        "contested": archive.is_contested(thing.key),
        "accesses": [
            {
                "name": access.thing.label,
                "address": frame.address(access.thing.key),
                "pact": [access.pact, archive.label(access.pact), frame.address(access.pact)],
                "host": access.host,
                "to": [[key, archive.label(key)] for key in access.beneficiaries],
                "basis": worded_json(access.basis),
                "openness": [worded_json(one) for one in access.openness],
                "draft": access.draft,
                "contested": access.contested,
                "years": [access.begins, access.ends],
                "sources": [numbers[source.key] for source in access.sources],
            }
            for access in site.accesses
        ],
    }


def _box(sites: Sequence[Site]) -> tuple[int, int, int, int]:
    """Return the part of the drawing, as x, y, width and height, that holds the sites with room around them."""
    xs = [site.x for site in sites if site.x is not None] or [0.0, WIDTH]
    ys = [site.y for site in sites if site.y is not None] or [0.0, height()]
    room = 160
    left, top = max(0.0, min(xs) - room), max(0.0, min(ys) - room)
    right, bottom = min(WIDTH, max(xs) + room), min(height(), max(ys) + room)
    return round(left), round(top), round(right - left), round(bottom - top)
