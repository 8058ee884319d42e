"""Rules that make facts no source states: when a replaced pact ended and why, and who gives what to whom."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from graph_builder.pipeline import build
from graph_builder.prefixes import load_prefixes
from graph_builder.query import open_store
from graph_builder.terms import ID, LP, VOCABULARY

ROOT = Path(__file__).resolve().parent.parent
PREFIXES = load_prefixes(ROOT / "ontology")
Ask = Callable[[str], set[tuple[str, ...]]]

FACTS = """
sources:
  s: {title: S, publisher: S, url: "https://s.example/", published: 2025-02-18, tier: agency, language: en}
subjects:
  party/a: {type: Party, label: Aland}
  party/b: {type: Party, label: Beland}
  party/c: {type: Party, label: Celand}
  # Replaced, with a termination that nobody dates; amended; replaced by a pact that begins twice, once per party.
  pact/old: {type: FuelPact, label: Old, party: {party/a: [s], party/b: [s]}}
  pact/old/end: {type: Termination, pact: pact/old, label: End of Old, gist: [{value: Set aside., sources: [s]}]}
  pact/change: {type: OtherPact, label: Change, party: {party/a: [s], party/b: [s]}, amends: {pact/old: [s]}}
  pact/new: {type: FuelPact, label: New, party: {party/a: [s], party/b: [s]}, replaces: {pact/old: [s]}}
  pact/new/for-b: {type: EntryIntoForce, pact: pact/new, date: {2012-05-01: [s]}}
  pact/new/for-a: {type: EntryIntoForce, pact: pact/new, date: {2011: [s]}, effectiveDate: {2012-03: [s]}}
  # Replaced, and told to have ended on another day, on another ground, or by its own term.
  pact/left: {type: FuelPact, label: Left, party: {party/a: [s], party/b: [s]}}
  pact/left/end:
    {type: Termination, pact: pact/left, label: End of Left, date: {2009-01-01: [s]}, ground: {ground/notice: [s]}}
  pact/lapsed: {type: FuelPact, label: Lapsed, party: {party/a: [s], party/b: [s]}}
  pact/lapsed/end: {type: Expiry, pact: pact/lapsed, label: End of Lapsed}
  pact/broken: {type: FuelPact, label: Broken, party: {party/a: [s], party/b: [s]}}
  pact/broken/end: {type: Termination, pact: pact/broken, label: End of Broken, ground: {ground/material-breach: [s]}}
  pact/heir:
    type: FuelPact
    label: Heir
    party: {party/a: [s], party/b: [s]}
    replaces: {pact/left: [s], pact/lapsed: [s], pact/broken: [s]}
  pact/heir/entry: {type: EntryIntoForce, pact: pact/heir, date: {2010-01-01: [s]}}
  # Replaced by a pact that is not in force.
  pact/kept: {type: FuelPact, label: Kept, party: {party/a: [s], party/b: [s]}}
  pact/draft: {type: FuelPact, label: Draft, party: {party/a: [s], party/b: [s]}, replaces: {pact/kept: [s]}}
  pact/draft/signature: {type: Signature, pact: pact/draft, date: {2011-01-01: [s]}}
  # Reciprocal, of two and of three parties; and one-way.
  pact/mutual:
    type: LogisticsSupportPact
    label: Mutual
    party: {party/a: [s], party/b: [s]}
    reciprocal: {"true": [s]}
    covers: {support/food: [s], support/water: [s]}
  pact/three:
    type: LogisticsSupportPact
    label: Three
    party: {party/a: [s], party/b: [s], party/c: [s]}
    reciprocal: {"true": [s]}
    covers: {support/food: [s]}
  pact/one-way:
    {type: FuelPact, label: One way, party: {party/a: [s], party/b: [s]}, covers: {support/petroleum: [s]}}
  pact/one-way/commitment:
    type: Commitment
    pact: pact/one-way
    giver: {party/a: [s]}
    receiver: {party/b: [s]}
    gives: {support/petroleum: [s]}
"""


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rules")
    (folder / "facts").mkdir()
    (folder / "facts" / "all.yaml").write_text(FACTS, encoding="utf-8")
    build(folder / "dist", folder / "facts")
    return folder / "dist"


@pytest.fixture(scope="module")
def ask(dist: Path) -> Ask:
    store = open_store(dist)

    def rows(pattern: str) -> set[tuple[str, ...]]:
        found: Any = store.query(f"SELECT {pattern}", prefixes=PREFIXES)
        return {tuple(term.value.removeprefix(ID).removeprefix(VOCABULARY) for term in row) for row in found}

    return rows


def test_a_replaced_pact_and_what_amends_it_end_when_the_first_later_pact_enters_into_force(ask: Ask) -> None:
    found = ask(
        "?end ?entry ?pact ?ground ?date ?from ?by ?status { ?end lp:followsFrom ?entry ; lp:pact ?pact ; lp:ground ?ground ; lp:date ?date ; lp:effectFrom ?from ;"
        " lp:effectBy ?by . ?pact lp:status ?status }"
    )
    ended = ("2012-03", "2012-03-01", "2012-03-31", "status/terminated")
    assert found == {
        ("pact/old/end", "pact/new/for-a", "pact/old", "ground/later-pact", *ended),
        ("pact/change/termination", "pact/new/for-a", "pact/change", "ground/later-pact", *ended),
        ("pact/broken/end", "pact/heir/entry", "pact/broken", "ground/material-breach", *["2010-01-01"] * 3, ended[-1]),
    }


def test_what_facts_say_of_an_end_stands(ask: Ask) -> None:
    ends = ask("?end ?kind { VALUES ?kind { lp:Termination lp:Expiry } ?end a ?kind . }")
    assert {row for row in ends if row[0].startswith(("pact/left", "pact/lapsed", "pact/kept"))} == {
        ("pact/left/end", f"{LP}Termination"),
        ("pact/lapsed/end", f"{LP}Expiry"),
    }
    assert ask(f"?date ?ground {{ <{ID}pact/left/end> lp:date ?date ; lp:ground ?ground }}") == {
        ("2009-01-01", "ground/notice")
    }


def test_a_reciprocal_pact_of_two_commits_both_and_others_only_as_facts_say(ask: Ask) -> None:
    found = ask(
        "?it ?pact ?giver ?receiver ?what"
        " { ?it a lp:Commitment ; lp:pact ?pact ; lp:giver ?giver ; lp:receiver ?receiver ; lp:gives ?what }"
    )
    both = {("a", "b"), ("b", "a")}
    assert found == {
        (f"pact/mutual/commitment/{one}-to-{other}", "pact/mutual", f"party/{one}", f"party/{other}", f"support/{what}")
        for one, other in both
        for what in ("food", "water")
    } | {("pact/one-way/commitment", "pact/one-way", "party/a", "party/b", "support/petroleum")}


def test_what_rules_make_needs_no_adjudication_and_all_else_does(dist: Path) -> None:
    check = (ROOT / "queries" / "checks" / "accepted-has-adjudication.rq").read_text(encoding="utf-8")
    store = ox.Store()
    store.load(path=str(dist / "graph.nt"), format=ox.RdfFormat.N_TRIPLES)
    assert errors(store, check) == []
    store.update(
        "INSERT DATA { id:pact\\/one-way\\/commitment lp:gives <urn:x> . id:pact\\/left\\/end lp:date '2009-02-01' ."
        " id:pact\\/old\\/end lp:gist 'Made up.'@en }",
        prefixes=PREFIXES,
    )
    assert errors(store, check) == [
        f"{ID}pact/left/end {LP}date holds without an adjudication",
        f"{ID}pact/old/end {LP}gist holds without an adjudication",
        f"{ID}pact/one-way/commitment {LP}gives holds without an adjudication",
    ]


def errors(store: ox.Store, check: str) -> list[str]:
    rows: Any = store.query(check, prefixes=PREFIXES)
    return [row["error"].value for row in rows]
