"""Proposing links: things of ours that lack one are compared with the entries of a gazetteer, and scored.

A score is the weighted mean of the parts that both sides know: the names (in any script, transliterated), the
country, the distance, the size of a town, and codes. An entry of another kind, or too far away, is none. What is
proposed is written as a mapping set for a person to accept or refuse (see review); nothing is linked by itself.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cache

from graph_builder import terms
from graph_builder.facts import Facts
from graph_builder.link_checks import kilometres
from graph_builder.link_rules import Link, Rules
from graph_builder.ontology import Ontology
from graph_builder.problems import UsageError
from graph_builder.terms import key_of, lexical

NAMING = ("name", "shortName", "officialTitle", "formerName")
CODES = ("icao", "iata", "unlocode", "worldPortIndex", "isoAlpha2", "isoAlpha3")
_WORD = re.compile(r"[a-z0-9]+")
_SAME_WORD = 0.84
"""How alike two words must be, from 0 to 1, to count as spellings of one."""

KIND_WORDS = frozenset(
    re.findall(
        "[a-z]+",
        "ab aerodrome afb afs air airbase airfield airport airstrip base city civil field force harbor harbour ins "
        "international intl island islands military nas naval of port raaf raf rafo state station the town",
    )
)
"""Words that names of one kind share: they tell little of which thing a name means."""

OTHER_NAME = 0.93
"""What likeness to another name of an entry is worth beside likeness to its main one."""

WITHIN = 0.7
"""The least likeness of two names of which one has every telling word of the other."""

WEIGHTS = {"name": 6.0, "distance": 4.0, "country": 1.0, "size": 1.0, "code": 40.0}
ENOUGH, AHEAD = 0.78, 0.03
"""The least score that is proposed, and how far it must lie ahead of the next best."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a gazetteer: its CURIE, its names, what it is, and where it lies."""

    id: str
    names: tuple[str, ...]
    category: str
    countries: frozenset[str] = frozenset()
    point: tuple[float, float] | None = None
    people: int | None = None
    codes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """A data set to propose links to. ``from_it`` begins the keys of sources that repeat it."""

    name: str
    prefix: str
    entries: tuple[Entry, ...]
    from_it: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing of ours, as far as it can be compared."""

    key: str
    cls: str
    kind: str | None
    names: tuple[str, ...]
    countries: frozenset[str]
    points: tuple[tuple[float, float], ...]
    codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Proposal:
    """An entry proposed for a thing, with its score and the parts of it."""

    thing: Thing
    entry: Entry
    score: float
    parts: Mapping[str, float]
    kilometres: float | None
    ahead: float

    @property
    def told(self) -> str:
        """Return the score's parts in words."""
        words = [f"{name} {part:.2f}" for name, part in self.parts.items()]
        if self.kilometres is not None:
            words.append(f"{self.kilometres:.1f} km apart")
        return "; ".join([*words, f"{self.ahead:.2f} ahead of the next best"])


# ---------------------------------------------------------------- our things


def things(facts: Facts, links: Iterable[Link], without: tuple[str, ...] = (), *, codes: bool = True) -> list[Thing]:
    """Return what facts tell of each thing that can have an outside identity.

    Claims of sources whose keys begin with one of ``without`` are left out, and all codes unless ``codes``.
    """
    told: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    degrees: dict[str, dict[str, dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
    for placing in facts.placings:
        if placing.property == "label":
            told[placing.about]["name"].append(lexical(placing.value))
    for claim in facts.claims:
        value = lexical(claim.value)
        if claim.value == terms.NONE:
            continue
        if claim.property in ("country", "locatedIn", "facilityKind"):
            told[claim.about][claim.property].append(value)
        elif claim.property == "isoAlpha2":
            told[claim.about]["country code"].append(value)
        if claim.source.removeprefix("source/").startswith(without or ("\0",)):
            continue
        if claim.property in NAMING:
            told[claim.about]["name"].append(value)
        elif claim.property in CODES and codes:
            told[claim.about]["code"].append(value)
        elif claim.property in ("latitude", "longitude"):
            degrees[claim.about][claim.source][claim.property] = float(value)
    for link in links:
        if link.prefix == "iso3166" and link.predicate.identity and not link.refuted:
            told[link.about]["country code"].append(link.row["object_id"].partition(":")[2])
    found = []
    for key, cls in facts.classes.items():
        parts = told.get(key)
        if not parts or not parts["name"]:
            continue
        around = [*parts["country"], *parts["locatedIn"]]
        points = [(p["latitude"], p["longitude"]) for p in degrees[key].values() if len(p) == 2]
        found.append(
            Thing(
                key=key,
                cls=cls,
                kind=parts["facilityKind"][0].partition("/")[2] if parts["facilityKind"] else None,
                names=tuple(dict.fromkeys(parts["name"])),
                countries=frozenset(code for place in around for code in told[place]["country code"]),
                points=tuple(points),
                codes=frozenset(parts["code"]),
            )
        )
    return found


# ---------------------------------------------------------------- comparing


@cache
def words(name: str) -> tuple[str, ...]:
    """Return the words of a name in Latin letters without marks.

    >>> words("Порт Мурманск")
    ('port', 'murmansk')
    """
    try:
        from anyascii import anyascii
    except ImportError:
        raise UsageError("proposing links needs more packages; install logistics-pacts[link]") from None
    plain = anyascii(name).lower().replace("'", "").replace("`", "")
    return tuple(_WORD.findall(plain))


@cache
def alike(one: str, other: str) -> float:
    """Return how alike two words are, from 0 to 1; 0 where they are no spellings of one word."""
    if one == other:
        return 1.0
    if len(one) < 4 or len(other) < 4 or abs(len(one) - len(other)) > 2:
        return 0.0
    ratio = SequenceMatcher(None, one, other, autojunk=False).ratio()
    return ratio if ratio >= _SAME_WORD else 0.0


class Matcher:
    """Compares things with the entries of one gazetteer; rare words weigh more than those of many names."""

    def __init__(self, gazetteer: Gazetteer, rules: Rules, ontology: Ontology) -> None:
        self.gazetteer, self.rules, self.ontology = gazetteer, rules, ontology
        self.by_word: dict[str, list[int]] = defaultdict(list)
        self.by_country: dict[str, list[int]] = defaultdict(list)
        self.by_code: dict[str, list[int]] = defaultdict(list)
        names = 0
        for number, entry in enumerate(gazetteer.entries):
            names += 1
            for word in {word for name in entry.names for word in words(name)}:
                self.by_word[word].append(number)
            for country in entry.countries:
                self.by_country[country].append(number)
            for code in entry.codes:
                self.by_code[code].append(number)
        self.names = max(names, 2)

    def weight(self, word: str) -> float:
        """Return how much a word tells: the logarithm of how rare it is; little, where it only names a kind."""
        if word in KIND_WORDS:
            return 0.2
        return 0.1 + math.log(self.names / (1 + len(self.by_word.get(word, ()))), 10)

    def name_score(self, one: str, other: str) -> float:
        """Return how alike two names are, from 0 to 1: the weight of the words they share, of all they have."""
        left, right = words(one), words(other)
        if not left or not right:
            return 0.0
        if left == right:
            return 1.0
        if len(left) > 1 < len(right) and "".join(left) == "".join(right):
            return 0.98
        rest = list(right)
        shared = 0.0
        told = {word for word in left if word not in KIND_WORDS}, {word for word in right if word not in KIND_WORDS}
        within = min(told, key=len) and (told[0] <= told[1] or told[1] <= told[0])
        for word in left:
            best = max(rest, key=lambda candidate: alike(word, candidate), default="")
            if best and (near := alike(word, best)):
                rest.remove(best)
                shared += near * (self.weight(word) + self.weight(best))
        total = sum(map(self.weight, left)) + sum(map(self.weight, right))
        score = 0.97 * shared / total if total > 0 else 0.0
        return max(score, WITHIN + 0.1 * score) if within else score

    def fits(self, thing: Thing, entry: Entry) -> bool:
        """Tell whether a thing can be what an entry is."""
        if not self.rules.categories[entry.category].fits(thing.cls, self.ontology):
            return False
        kinds = _KINDS.get(entry.category)
        return kinds is None or thing.kind is None or thing.kind in kinds

    def compare(self, thing: Thing, entry: Entry) -> tuple[float, dict[str, float], float | None]:
        """Return the score, its parts, and the distance in kilometres."""
        parts: dict[str, float] = {}
        apart = None
        category = self.rules.categories[entry.category]
        if thing.points and entry.point:
            apart = min(kilometres(point, entry.point) for point in thing.points)
            most = category.kilometres or 100.0
            if apart > most:
                return 0.0, {"distance": 0.0}, apart
            parts["distance"] = 1.0 - apart / most
        parts["name"] = max(
            (self.name_score(a, b) * (OTHER_NAME if place else 1.0))
            for a in thing.names
            for place, b in enumerate(entry.names)
        )
        if thing.countries and entry.countries:
            parts["country"] = 1.0 if thing.countries & entry.countries else 0.0
        if entry.people is not None:
            parts["size"] = min(1.0, math.log10(entry.people + 1) / 6.5)
        if thing.codes and entry.codes:
            parts["code"] = 1.0 if thing.codes & entry.codes else 0.0
        score = sum(WEIGHTS[name] * part for name, part in parts.items()) / sum(WEIGHTS[name] for name in parts)
        if parts.get("country") == 0.0:
            score *= 0.6
        if parts["name"] < 0.5 and parts.get("distance", 0.0) < 0.8 and not parts.get("code"):
            score = 0.0
        return score, parts, apart

    def candidates(self, thing: Thing) -> set[int]:
        """Return the entries worth comparing: those that share a code, a telling word, or the country."""
        found: set[int] = set()
        for code in thing.codes:
            found.update(self.by_code.get(code, ()))
        for word in {word for name in thing.names for word in words(name)}:
            shared = self.by_word.get(word, ())
            if len(shared) <= 3_000:
                found.update(shared)
        for country in thing.countries:
            near = self.by_country.get(country, ())
            if len(near) <= 1_500:
                found.update(near)
        if not thing.countries and len(self.gazetteer.entries) <= 1_000:
            found.update(range(len(self.gazetteer.entries)))
        return found

    def propose(self, thing: Thing) -> Proposal | None:
        """Return the best entry for a thing, where one is good enough and ahead of every other."""
        scored = []
        for number in self.candidates(thing):
            entry = self.gazetteer.entries[number]
            if self.fits(thing, entry):
                scored.append((*self.compare(thing, entry), entry))
        scored.sort(key=lambda item: (-item[0], item[3].id))
        if not scored or scored[0][0] < ENOUGH:
            return None
        score, parts, apart, entry = scored[0]
        ahead = score - (scored[1][0] if len(scored) > 1 else 0.0)
        return Proposal(thing, entry, score, parts, apart, ahead) if ahead >= AHEAD else None


#: The kinds of facility that an entry of a category can be; a facility of no told kind can be any.
_KINDS = {
    "airport": {"airport", "air-base", "naval-base", "logistics-hub", "station"},
    "airfield": {"airport", "air-base", "naval-base", "logistics-hub", "station"},
    "port": {"port", "anchorage", "shipyard", "logistics-hub"},
}


def propose_all(
    matcher: Matcher,
    found: Iterable[Thing],
    linked: set[str],
    refused: set[tuple[str, str]],
    report: Callable[[str], None] = lambda step: None,
) -> Iterator[Proposal]:
    """Yield a proposal for each thing that has none, one thing for one entry; refused pairs are not proposed again.

    ``linked`` holds the keys that already have an identity there, and the CURIEs that already are one.
    """
    best: dict[str, list[Proposal]] = defaultdict(list)
    for thing in found:
        if thing.key in linked:
            continue
        report(f"comparing {key_of(thing.key)}")
        proposal = matcher.propose(thing)
        if proposal and proposal.entry.id not in linked and (thing.key, proposal.entry.id) not in refused:
            best[proposal.entry.id].append(proposal)
    for rivals in best.values():
        rivals.sort(key=lambda proposal: (-proposal.score, proposal.thing.key))
        if len(rivals) == 1 or rivals[0].score - rivals[1].score >= AHEAD:
            yield rivals[0]


@dataclass
class Trial:
    """What a leave-out test found: how many links are known, proposed, and proposed rightly."""

    known: int = 0
    proposed: int = 0
    right: int = 0
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Return the part of the proposals that are right."""
        return self.right / self.proposed if self.proposed else 1.0

    @property
    def recall(self) -> float:
        """Return the part of the known links that were proposed."""
        return self.right / self.known if self.known else 0.0


def leave_out(matcher: Matcher, facts: Facts, links: list[Link]) -> Trial:
    """Propose anew each known identity in a gazetteer as if nothing was known of it.

    The links to the gazetteer, every code, and all claims of sources that repeat the gazetteer are left out.
    """
    gazetteer = matcher.gazetteer
    entries = {entry.id for entry in gazetteer.entries}
    known = {
        link.about: link.row["object_id"]
        for link in links
        if link.predicate.identity and not link.refuted and link.row["object_id"] in entries
    }
    others = [link for link in links if link.prefix != gazetteer.prefix]
    found = [t for t in things(facts, others, gazetteer.from_it, codes=False) if t.key in known]
    trial = Trial(known=len(known))
    proposals = {p.thing.key: p for p in propose_all(matcher, found, set(), set())}
    for thing in found:
        proposal = proposals.get(thing.key)
        if proposal is None:
            trial.missed.append(thing.key)
            continue
        trial.proposed += 1
        if proposal.entry.id == known[thing.key]:
            trial.right += 1
        else:
            trial.wrong.append(f"{thing.key}: {proposal.entry.id} ({proposal.entry.names[0]}), not {known[thing.key]}")
    return trial
