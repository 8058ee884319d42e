"""The rules of queries/checks/: each finds what breaks it, and nothing in a graph that is whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from graph_builder.prefixes import load_prefixes
from graph_builder.terms import ID, LP

ROOT = Path(__file__).resolve().parent.parent
PREFIXES = load_prefixes(ROOT / "ontology")
CHECKS = {path.stem: path.read_text(encoding="utf-8") for path in sorted((ROOT / "queries" / "checks").glob("*.rq"))}

#: A graph that keeps every rule.
WHOLE = """
lp:party a owl:ObjectProperty ; rdfs:label "party"@en .
lp:date a owl:DatatypeProperty , owl:FunctionalProperty ; rdfs:label "date"@en .
lp:Pact a owl:Class . lp:Signature a owl:Class . lp:EntryIntoForce a owl:Class . lp:Registration a owl:Class .
lp:SignatoryRole a owl:Class . lp:Access a owl:Class . lp:Claim a owl:Class . lp:Adjudication a owl:Class .
lp:Source a owl:Class . lp:Commitment a owl:Class .
<source/s> a lp:Source ; lp:publisher "P" ; lp:tier <tier> .
<claim/1> a lp:Claim ; lp:about <pact/p> ; lp:property lp:party ; lp:claimedEntity <party/a> ; lp:source <source/s> .
<claim/2> a lp:Claim ; lp:about <pact/p/signature> ; lp:property lp:date ; lp:claimedLiteral "2025" ;
    lp:source <source/s> .
<adjudication/1> a lp:Adjudication ; lp:about <pact/p> ; lp:property lp:party ; lp:used <claim/1> ;
    lp:accepts <claim/1> ; lp:acceptedEntity <party/a> .
<adjudication/2> a lp:Adjudication ; lp:about <pact/p/signature> ; lp:property lp:date ; lp:used <claim/2> ;
    lp:accepts <claim/2> ; lp:acceptedLiteral "2025" .
<pact/p> a lp:Pact ; lp:party <party/a> .
<pact/p/signature> a lp:Signature ; lp:pact <pact/p> ; lp:date "2025" ; lp:earliest "2025-01-01"^^xsd:date .
<pact/p/entry> a lp:EntryIntoForce ; lp:pact <pact/p> ; lp:latest "2025-12-31"^^xsd:date .
<pact/p/role> a lp:SignatoryRole ; lp:signature <pact/p/signature> .
<pact/p/access> a lp:Access ; lp:pact <pact/p> .
<pact/p/commitment> a lp:Commitment ; lp:pact <pact/p> .
""" + " ".join(
    f"lp:{name} a owl:ObjectProperty ."
    for name in (
        "publisher", "tier", "about", "property", "claimedEntity", "claimedLiteral", "source", "used", "accepts",
        "acceptedEntity", "acceptedLiteral", "pact", "earliest", "latest", "signature", "host", "beneficiary",
        "giver",
    )
)  # fmt: skip

#: What breaks each rule: what to add, or what to take out.
BREAKS: dict[str, tuple[str, str]] = {
    "accepted-has-adjudication": ("+", "<pact/p> lp:party <party/b> ."),
    "accepted-has-claim": ("-", "lp:accepts <claim/1> ; "),
    "access-of-party": ("+", "<pact/p/access> lp:host <party/b> ."),
    "claim-has-source": ("-", 'lp:publisher "P" ; '),
    "claim-is-adjudicated": ("-", "lp:used <claim/1> ;"),
    "commitment-of-party": ("+", "<pact/p/commitment> lp:giver <party/b> ."),
    "force-after-signature": ("+", '<pact/p/entry> lp:latest "2024-12-31"^^xsd:date .'),
    "one-accepted-value": ("+", '<pact/p/signature> lp:date "2024" .'),
    "registered-after-force": (
        "+",
        '<pact/p/entry> lp:earliest "2025-06-01"^^xsd:date . '
        '<pact/p/registration> a lp:Registration ; lp:pact <pact/p> ; lp:latest "2025-05-31"^^xsd:date .',
    ),
    "rivals-are-adjudicated": (
        "+",
        '<claim/3> a lp:Claim ; lp:about <pact/p/signature> ; lp:property lp:date ; lp:claimedLiteral "2024" .',
    ),
    "signatory-of-party": ("+", "<pact/p/role> lp:party <party/b> ."),
    "terms-are-declared": ("+", "<pact/p> lp:partie <party/a> ."),
}


def errors(name: str, text: str) -> list[str]:
    """Run a rule over Turtle; return what it finds."""
    declared = "".join(f"@prefix {prefix}: <{space}> . " for prefix, space in PREFIXES.items())
    store = ox.Store()
    store.load(f"@base <{ID}> . {declared}{text}".encode(), format=ox.RdfFormat.TURTLE)
    rows: Any = store.query(CHECKS[name], prefixes=dict(PREFIXES))
    return [row["error"].value for row in rows]


@pytest.mark.parametrize("name", CHECKS)
def test_a_whole_graph_keeps_the_rule(name: str) -> None:
    assert errors(name, WHOLE) == []


@pytest.mark.parametrize("name", CHECKS)
def test_a_rule_finds_what_breaks_it_once_and_says_where(name: str) -> None:
    how, what = BREAKS[name]
    assert how == "+" or what in WHOLE
    found = errors(name, WHOLE + what if how == "+" else WHOLE.replace(what, ""))
    assert len(found) == 1
    assert found[0].startswith((ID, LP))


@pytest.mark.parametrize("name", ["no source", "no class"])
def test_a_claim_without_a_proper_source_is_found(name: str) -> None:
    broken = {
        "no source": WHOLE.replace("<party/a> ; lp:source <source/s> .", "<party/a> ."),
        "no class": WHOLE.replace("<source/s> a lp:Source ; ", "<source/s> "),
    }
    assert len(errors("claim-has-source", broken[name])) == 1
