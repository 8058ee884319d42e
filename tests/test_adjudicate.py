"""The policy, each rule on its own and then on the facts of RELOS."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph_builder.adjudicate import Adjudication, adjudicate
from graph_builder.facts import Claim, Facts, Placing, Ruling
from graph_builder.locate import home
from graph_builder.ontology import Ontology, load_ontology
from graph_builder.terms import NONE, VOCABULARY, text, thing

from .conftest import pacts


@pytest.fixture(scope="module")
def ontology() -> Ontology:
    return load_ontology(home() / "ontology")


def facts(
    claims: list[Claim], tiers: str, rulings: list[Ruling] | None = None, reprints: str = "", dates: str = ""
) -> Facts:
    """Return facts in which sources a, b, c … have the tiers named; reprints "ba" says that b repeats a."""
    placings = []
    for letter, tier in zip("abcdefgh", tiers.split(), strict=False):
        placings.append(Placing(f"source/{letter}", "tier", f"<{VOCABULARY}tier/{tier}>"))
    for one, other in reprints.split():
        placings.append(Placing(f"source/{one}", "derivesFrom", thing(f"source/{other}")))
    for letter, date in zip("abcdefgh", dates.split(), strict=False):
        placings.append(Placing(f"source/{letter}", "published", text(date)))
    return Facts(claims=claims, placings=placings, rulings=rulings or [])


def date(value: str, source: str) -> Claim:
    return Claim("pact/x/signature", "date", text(value), f"source/{source}")


def covers(name: str, value: str, source: str) -> Claim:
    return Claim("pact/x", name, f"<{VOCABULARY}support/{value}>", f"source/{source}")


def one(facts: Facts, ontology: Ontology, known_by: str | None = None) -> Adjudication:
    [adjudication] = adjudicate(facts, ontology, known_by)
    return adjudication


def test_a_month_supports_the_day_inside_it_and_is_no_rival(ontology: Ontology) -> None:
    found = one(facts([date("2025-02-18", "a"), date("2025-02", "b")], "press press"), ontology)
    assert (found.value, found.reason, found.contested, found.independent) == (
        text("2025-02-18"),
        "reason/finer",
        False,
        2,
    )
    assert len(found.accepts) == 2


def test_a_day_outside_the_month_is_a_rival(ontology: Ontology) -> None:
    found = one(facts([date("2025-03-01", "a"), date("2025-02", "b")], "press agency"), ontology)
    assert (found.value, found.reason, found.contested) == (text("2025-02"), "reason/higher-tier", True)


def test_the_higher_tier_wins_over_the_greater_number(ontology: Ontology) -> None:
    claims = [date("2025-12-10", "a"), date("2025-12-08", "b"), date("2025-12-08", "c")]
    found = one(facts(claims, "agency press press"), ontology)
    assert (found.value, found.reason, found.best_tier) == (text("2025-12-10"), "reason/higher-tier", "tier/agency")


def test_in_one_tier_more_independent_sources_win(ontology: Ontology) -> None:
    claims = [date("2025-12-10", "a"), date("2025-12-08", "b"), date("2025-12-08", "c")]
    found = one(facts(claims, "press press press"), ontology)
    assert (found.value, found.reason, found.independent) == (text("2025-12-08"), "reason/more-sources", 2)


def test_reprints_count_once(ontology: Ontology) -> None:
    claims = [date("2025-12-10", "a"), date("2025-12-08", "b"), date("2025-12-08", "c")]
    found = one(facts(claims, "press press press", reprints="cb"), ontology)
    assert (found.value, found.reason, found.contested) == (None, "reason/undetermined", True)


def test_reprints_of_reprints_count_once(ontology: Ontology) -> None:
    claims = [date("2025-12-08", letter) for letter in "abcd"]
    found = one(facts(claims, "press press press press", reprints="ba cb dc"), ontology)
    assert (found.independent, found.reason) == (1, "reason/agreement")


def test_a_tie_is_undetermined_and_accepts_nothing(ontology: Ontology) -> None:
    found = one(facts([date("2025-12-10", "a"), date("2025-12-08", "b")], "press press"), ontology)
    assert (found.value, found.accepts, found.reason) == (None, (), "reason/undetermined")


def test_an_editor_overrides_the_policy_and_rivals_stay(ontology: Ontology) -> None:
    ruling = Ruling("pact/x/signature", "date", text("2025-12-08"), None, "reason/misprint", "why")
    claims = [date("2025-12-10", "a"), date("2025-12-08", "b")]
    found = one(facts(claims, "official press", [ruling]), ontology)
    assert (found.value, found.reason, found.by_editor, found.note) == (
        text("2025-12-08"),
        "reason/misprint",
        True,
        "why",
    )
    assert len(found.used) == 2


def test_an_editor_may_leave_a_matter_open(ontology: Ontology) -> None:
    ruling = Ruling("pact/x/signature", "date", None, None, "reason/undetermined", None)
    found = one(facts([date("2025-12-10", "a"), date("2025-12-08", "b")], "official press", [ruling]), ontology)
    assert (found.value, found.by_editor) == (None, True)


def test_a_rejected_value_leaves_the_others_to_the_policy(ontology: Ontology) -> None:
    ruling = Ruling("pact/x/signature", "date", None, text("2025-12-10"), "reason/misprint", None)
    found = one(facts([date("2025-12-10", "a"), date("2025-12-08", "b")], "official press", [ruling]), ontology)
    assert (found.value, found.contested) == (text("2025-12-08"), True)


def test_each_of_many_values_is_adjudicated_on_its_own(ontology: Ontology) -> None:
    claims = [covers("covers", "food", "a"), covers("covers", "water", "b")]
    found = adjudicate(facts(claims, "press press"), ontology)
    assert [(a.value is not None, a.contested) for a in found] == [(True, False), (True, False)]


def test_covers_and_excludes_are_rivals_on_one_category(ontology: Ontology) -> None:
    claims = [covers("covers", "ammunition", "a"), covers("excludes", "ammunition", "b"), covers("covers", "food", "a")]
    found = {(a.property, a.of): a for a in adjudicate(facts(claims, "press official"), ontology)}
    ammunition = f"<{VOCABULARY}support/ammunition>"
    assert found["covers", ammunition].value is None
    assert found["excludes", ammunition].value == ammunition
    assert found["covers", ammunition].contested
    assert not found["covers", f"<{VOCABULARY}support/food>"].contested


def test_a_confirmed_absence_is_the_rival_of_every_value(ontology: Ontology) -> None:
    claims = [covers("excludes", "weapons", "a"), Claim("pact/x", "excludes", NONE, "source/b")]
    found = {a.of: a for a in adjudicate(facts(claims, "press official"), ontology)}
    assert found[NONE].value == NONE
    assert found[f"<{VOCABULARY}support/weapons>"].value is None


def test_only_sources_published_by_the_day_are_heard(ontology: Ontology) -> None:
    claims = [date("2025-12-10", "a"), date("2025-12-08", "b"), date("2025-12-09", "c")]
    given = facts(claims, "agency press press", dates="2026-01 2025-12-15")  # c has no date of publication
    assert one(given, ontology, "2025-12-31").value == text("2025-12-08")
    assert one(given, ontology, "2026-01-31").value == text("2025-12-10")
    assert adjudicate(given, ontology, "2025-12-01") == []


def test_the_order_of_claims_does_not_matter(ontology: Ontology) -> None:
    claims = [date(f"2025-12-{day:02}", source) for day, source in zip(range(1, 9), "abcdefgh", strict=True)]
    tiers = "press press agency press agency press press press"
    assert adjudicate(facts(claims, tiers), ontology) == adjudicate(facts(claims[::-1], tiers), ontology)


def test_the_graph_says_why(built: Path) -> None:
    """The contest on the Federation Council's day: both days, which was accepted, why, and every source."""
    told = pacts("why", "pact/relos/approval/federation-council", "date", dist=built).stdout
    for wanted in (
        "accepted             2025-12-10",
        "higher tier",
        "TASS",
        "Life.ru",
        "rival                2025-12-08",
        "India Today",
        "Republic World",
        "https://tass.com/",
    ):
        assert wanted in told, wanted
    told = pacts("why", "pact/relos/entry-into-force", "date", dist=built).stdout
    assert "2026-01-12" in told
    assert "rival                2026-04" in told
    told = pacts("why", "pact/relos", "bindingness", dist=built).stdout
    assert "non-binding" in told
    assert "ratified by law" in told


def test_one_source_alone_names_severomorsk(built: Path) -> None:
    told = pacts("show", "severomorsk-port", dist=built).stdout
    assert "one source alone; pact/relos/access/severomorsk-port" in told


def test_a_month_is_no_rival_in_the_graph(built: Path) -> None:
    told = pacts("why", "pact/relos/signature", "date", dist=built).stdout
    assert "supports             2025-02" in told
    assert "rival                2025-02\n" not in told
