"""From claims to accepted facts: one choice, with its reason, for every subject and property.

The policy, for a property that takes one value (DESIGN of the data set, "Adjudication" in the README):

1. an editor's ruling wins;
2. a claim that says the same less exactly supports the more exact one, and is no rival of it;
3. the value whose best source stands in the higher tier wins;
4. then the value with more independent sources, reprints counting once;
5. otherwise nothing is accepted, and the contest stays visible as undetermined.

On a property that takes many values each value is adjudicated on its own; its rivals are the claims that
contradict it: the same value under a contradicting property, or the confirmed absence of any value.
"""

from __future__ import annotations

import builtins
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple, TypeVar

from graph_builder import edtf
from graph_builder.facts import Claim, Facts, Placing, Ruling
from graph_builder.ontology import Ontology, Property
from graph_builder.terms import NONE, lexical

_LAST_RANK = 99
UNDETERMINED = "reason/undetermined"
Stated = TypeVar("Stated", bound=tuple[Any, ...])


class Adjudication(NamedTuple):
    """The choice among the claims on one property of one subject.

    ``value`` is the accepted term, or None; ``of`` is the value in question where the property takes many.
    ``accepts`` are the claims that state or support the value, ``used`` all that were weighed.
    """

    about: str
    property: str
    of: str | None
    used: tuple[Claim, ...]
    accepts: tuple[Claim, ...]
    value: str | None
    reason: str
    contested: bool
    independent: int
    best_tier: str | None
    note: str | None
    by_editor: bool

    @builtins.property
    def undetermined(self) -> bool:
        """Tell whether the evidence does not decide; else what is not accepted is refused for a reason."""
        return self.reason == UNDETERMINED


@dataclass(frozen=True)
class Evidence:
    """What the policy needs to know of the sources."""

    tiers: Mapping[str, str]
    """Source key → key of its tier."""
    origins: Mapping[str, str]
    """Source key → the source that stands for all that repeat one report."""
    published: Mapping[str, edtf.Bounds]
    """Source key → bounds of its date of publication, where it is known."""
    ranks: Mapping[str, int]
    """Key of each tier → its rank, 1 being nearest to the matter."""

    def rank(self, source: str) -> int:
        """Return the rank of a source's tier."""
        return self.ranks.get(self.tiers.get(source, ""), _LAST_RANK)

    def independent(self, sources: Iterable[str]) -> int:
        """Return how many of the sources are left when those that repeat one report count once."""
        return len({self.origins.get(source, source) for source in sources})

    def known_by(self, source: str, day: str) -> bool:
        """Tell whether a source was surely published by a day; one without a date of publication was not."""
        latest = self.published.get(source, (None, None))[1]
        return latest is not None and latest <= day

    def newest(self, known_by: str | None = None) -> str:
        """Return the day of the newest source that is heard, as YYYY-MM-DD."""
        heard = (
            first
            for key, (first, _) in self.published.items()
            if first and (not known_by or self.known_by(key, known_by))
        )
        return max(heard, default=known_by or "0001-01-01")


def weigh_sources(placings: Iterable[Placing], ontology: Ontology) -> Evidence:
    """Gather tiers, dates and lines of reprints from what is set of the sources."""
    tiers: dict[str, str] = {}
    published: dict[str, edtf.Bounds] = {}
    parent: dict[str, str] = {}

    def root(key: str) -> str:
        while (above := parent.get(key, key)) != key:
            key = above
        return key

    for about, name, value in placings:
        if name == "tier":
            tiers[about] = lexical(value)
        elif name == "published" and about.startswith("source/"):
            published[about] = edtf.bounds(lexical(value))
        elif name == "derivesFrom":
            first, second = sorted((root(about), root(lexical(value))))
            parent[second] = first
    return Evidence(tiers, {key: root(key) for key in tiers}, published, ontology.ranks)


def adjudicate(facts: Facts, ontology: Ontology, known_by: str | None = None) -> list[Adjudication]:
    """Adjudicate every claim, in the order of subjects and properties.

    With ``known_by``, a day as YYYY-MM-DD, only sources that were surely published by then are heard.
    """
    evidence = weigh_sources(facts.placings, ontology)
    claims = facts.claims
    if known_by:
        claims = [claim for claim in claims if evidence.known_by(claim.source, known_by)]
    rulings: dict[tuple[str, str], list[Ruling]] = defaultdict(list)
    for ruling in facts.rulings:
        rulings[ruling.about, ruling.property].append(ruling)
    by_subject: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_subject[claim.about].append(claim)
    return [
        adjudication
        for about in sorted(by_subject)
        for adjudication in adjudicate_subject(about, by_subject[about], rulings, evidence, ontology)
    ]


def adjudicate_subject(
    about: str,
    claims: Iterable[Claim],
    rulings: Mapping[tuple[str, str], list[Ruling]],
    evidence: Evidence,
    ontology: Ontology,
) -> Iterator[Adjudication]:
    """Adjudicate the claims about one subject; subjects are independent of each other."""
    by_property: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_property[claim.property].append(claim)
    for name, own in by_property.items():
        if len(own) > 1:
            by_property[name] = sorted(set(own), key=_order)
    for name, own in sorted(by_property.items()):
        prop = ontology.properties[name]
        if not prop.contradicts and (about, name) not in rulings:
            if own[0].value == own[-1].value:  # sorted, so all are the same
                yield _agreed(own, prop, evidence)
                continue
            if not prop.functional and all(claim.value != NONE for claim in own):
                yield from (_agreed(list(same), prop, evidence) for _, same in groupby(own, key=itemgetter(2)))
                continue
        court = _Court(about, prop, rulings.get((about, name), ()), evidence, ontology)
        if prop.functional:
            yield court.one_value(own)
            continue
        against: dict[str, list[Claim]] = defaultdict(list)
        for other in sorted(prop.contradicts):
            for claim in by_property.get(other, ()):
                against[claim.value].append(claim)
        yield from court.many_values(own, against)


def _agreed(claims: list[Claim], prop: Property, evidence: Evidence) -> Adjudication:
    """Accept the value that all claims state, where no other claim rivals it."""
    about, name, value, source, *_ = claims[0]
    independent, reason = 1, "reason/only-claim"
    if len(claims) > 1 and len(sources := dict.fromkeys(claim.source for claim in claims)) > 1:
        source = min(sources, key=evidence.rank)
        independent, reason = evidence.independent(sources), "reason/agreement"
    of, used, tier = None if prop.functional else value, tuple(claims), evidence.tiers.get(source)
    return Adjudication(about, name, of, used, used, value, reason, False, independent, tier, None, False)


def part_alone(claims: Iterable[Stated], ontology: Ontology) -> tuple[list[Stated], list[Stated]]:
    """Part claims about one subject into those that no other claim supports or rivals, and the rest.

    Each of the first kind is decided by itself, by the tier of its source. A claim is a tuple that begins as Claim.
    """
    many, one = ontology.independent
    matters: dict[str | tuple[str, str], list[Stated]] = {}
    alone: list[Stated] = []
    rest: list[Stated] = []
    denied: set[str] = set()
    for claim in claims:
        name, value = claim[1], claim[2]
        if name in one:
            matter: str | tuple[str, str] = name
        elif name in many:
            matter = name, value
            if value == NONE:
                denied.add(name)
        else:
            rest.append(claim)
            continue
        if matter in matters:
            matters[matter].append(claim)
        else:
            matters[matter] = [claim]
    for said in matters.values():
        if len(said) == 1 and said[0][1] not in denied:
            alone += said
        else:
            rest += said
    return alone, rest


def _order(claim: Claim) -> tuple[str, ...]:
    return (*claim[:4], claim[4] or "", claim[5] or "", claim[6] or "")


class _Court:
    """Decides on one property of one subject."""

    def __init__(
        self, about: str, prop: Property, rulings: Iterable[Ruling], evidence: Evidence, ontology: Ontology
    ) -> None:
        self.about, self.prop, self.rulings = about, prop, tuple(rulings)
        self.evidence, self.ontology = evidence, ontology

    def one_value(self, claims: list[Claim]) -> Adjudication:
        """Decide which one of the claimed values holds."""
        support = self._support(claims)
        rejected = {r.reject for r in self.rulings if r.reject}
        for ruling in self.rulings:
            if ruling.accept and (backing := [c for c in claims if c.value == ruling.accept]):
                backing = support.get(ruling.accept, backing)
                return self._by_editor(ruling, claims, ruling.accept, backing, len(support) > 1)
            if not ruling.accept and not ruling.reject:
                return self._by_editor(ruling, claims, None, [], len(support) > 1)
        left = {value: backing for value, backing in support.items() if value not in rejected}
        winner, reason = self._policy(left)
        if winner and len(left) == 1:
            reason = self._plain_reason(winner, left[winner])
        accepts = left[winner] if winner else []
        struck = next((r for r in self.rulings if r.reject in support), None)
        if struck:
            note = struck.note
            return self._decision(None, claims, accepts, winner, struck.reason, len(support) > 1, note, True)
        return self._decision(None, claims, accepts, winner, reason, len(support) > 1)

    def many_values(self, claims: list[Claim], against: Mapping[str, list[Claim]]) -> Iterator[Adjudication]:
        """Decide on each claimed value whether it holds."""
        by_value: dict[str, list[Claim]] = defaultdict(list)
        for claim in claims:
            by_value[claim.value].append(claim)
        denials = by_value.get(NONE, [])
        for value, backing in by_value.items():
            if value == NONE:
                rivals = [claim for claim in claims if claim.value != NONE]
            else:
                rivals = denials + against.get(value, [])
            used = backing + rivals
            ruling = next((r for r in self.rulings if value in (r.accept, r.reject)), None)
            if ruling:
                held = value if ruling.accept == value else None
                yield self._by_editor(ruling, used, held, backing if held else [], bool(rivals), of=value)
                continue
            if not rivals:
                reason = self._plain_reason(value, backing)
                yield self._decision(value, used, backing, value, reason, False)
                continue
            winner, reason = self._policy({"for": backing, "against": rivals})
            held = value if winner == "for" else None
            yield self._decision(value, used, backing if held else [], held, reason, True)

    def _support(self, claims: list[Claim]) -> dict[str, list[Claim]]:
        """Return each candidate value with the claims that state it, or say the same less exactly.

        Values that another claimed value makes more exact are no candidates.
        """
        values = sorted({claim.value for claim in claims}, key=lambda v: (len(v), v))
        if len(values) == 1:
            return {values[0]: claims}
        distinct: list[str] = []
        for value in values:
            if not any(self._agrees(value, other) and self._agrees(other, value) for other in distinct):
                distinct.append(value)
        candidates = [v for v in distinct if not any(v != w and self._agrees(v, w) for w in distinct)]
        return {v: [claim for claim in claims if self._agrees(claim.value, v)] for v in candidates}

    def _agrees(self, coarse: str, fine: str) -> bool:
        if coarse == fine:
            return True
        if NONE in (coarse, fine):
            return False
        if self.prop.takes_date:
            return edtf.agrees(edtf.bounds(lexical(coarse)), edtf.bounds(lexical(fine)))
        return lexical(coarse) in self.ontology.broader.get(lexical(fine), ())

    def _policy(self, support: Mapping[str, list[Claim]]) -> tuple[str | None, str]:
        """Return the value that the evidence decides for, with the reason; (None, …) when it does not decide."""
        if not support:
            return None, UNDETERMINED
        ranks = {v: min(self.evidence.rank(c.source) for c in backing) for v, backing in support.items()}
        best = min(ranks.values())
        left = [v for v in support if ranks[v] == best]
        if len(left) == 1:
            return left[0], "reason/higher-tier"
        counts = {v: self._independent(support[v]) for v in left}
        most = max(counts.values())
        left = [v for v in left if counts[v] == most]
        return (left[0], "reason/more-sources") if len(left) == 1 else (None, UNDETERMINED)

    def _plain_reason(self, value: str, backing: list[Claim]) -> str:
        if any(claim.value != value for claim in backing):
            return "reason/finer"
        return "reason/only-claim" if len({c.source for c in backing}) == 1 else "reason/agreement"

    def _independent(self, claims: Iterable[Claim]) -> int:
        return self.evidence.independent(claim.source for claim in claims)

    def _by_editor(
        self,
        ruling: Ruling,
        used: list[Claim],
        value: str | None,
        accepts: list[Claim],
        contested: bool,
        of: str | None = None,
    ) -> Adjudication:
        return self._decision(of, used, accepts, value, ruling.reason, contested, ruling.note, True)

    def _decision(
        self,
        of: str | None,
        used: list[Claim],
        accepts: list[Claim],
        value: str | None,
        reason: str,
        contested: bool,
        note: str | None = None,
        by_editor: bool = False,
    ) -> Adjudication:
        best = min(accepts, key=lambda claim: self.evidence.rank(claim.source)) if len(accepts) > 1 else None
        best = best or (accepts[0] if accepts else None)
        tier = self.evidence.tiers.get(best.source) if best else None
        return Adjudication(
            about=self.about,
            property=self.prop.name,
            of=of,
            used=tuple(used),
            accepts=tuple(accepts),
            value=value,
            reason=reason,
            contested=contested,
            independent=self._independent(accepts),
            best_tier=tier,
            note=note,
            by_editor=by_editor,
        )
