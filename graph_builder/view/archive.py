"""The whole built graph in memory, read in one pass: things, what is held of them, and who says so.

Pages show nearly everything that the graph holds, so one pass over graph.nt is several times faster than
queries that gather the same. Every text in here is untrusted: renderers show it as text, never as markup.
"""

from __future__ import annotations

import builtins
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import groupby
from pathlib import Path

from graph_builder.nodes import Node, nodes_of
from graph_builder.problems import UsageError
from graph_builder.terms import ID, LP, NONE, RDF_TYPE, RDFS_LABEL, VOCABULARY, lexical

_SUBCLASS = "<http://www.w3.org/2000/01/rdf-schema#subClassOf>"
_PREF_LABEL = "<http://www.w3.org/2004/02/skos/core#prefLabel>"
_NOTATION = "<http://www.w3.org/2004/02/skos/core#notation>"
_THING, _TERM, _WORD = f"<{ID}", f"<{LP}", f"<{VOCABULARY}"
_EVIDENCE = (f"<{ID}claim/", f"<{ID}adjudication/")
_DATASET = f"<{ID}dataset>"


class Word(str):
    """The English label of an ontology or vocabulary word that another word shares but not in every language.

    ``key`` tells the two apart, so that each gets its own translation.
    """

    __slots__ = ("key",)
    key: str

    def __new__(cls, label: str, key: str) -> Word:
        """Give a label the key of its word."""
        word = super().__new__(cls, label)
        word.key = key
        return word


Triples = Sequence[tuple[str, str]]
"""What is said of one subject: local names of properties (or whole IRIs of foreign ones) and N-Triples terms."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value as a reader sees it; ``key`` is the key of the thing or concept that it is, if it is one."""

    text: str
    key: str = ""
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A document that states something; ``rank`` orders tiers, 1 being nearest to the matter."""

    key: str
    title: str
    lang: str
    publisher: str
    published: str
    earliest: str
    url: str
    tier: str
    rank: int


@dataclass(frozen=True, slots=True)
class Claim:
    """One value that one source states, with what the editors remark on it."""

    key: str
    value: Value
    source: Source
    printed: str = ""
    locator: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """What is held on one property of a subject (``value`` None: nothing), why, by whom, and against whom."""

    key: str
    about: str
    property: str
    label: str
    value: Value | None
    contested: bool
    ground: str
    """Key of the reason, such as reason/undetermined."""
    reason: str
    by_editor: bool
    note: str
    independent: int
    tier: str
    backing: Sequence[Claim]
    rivals: Sequence[Claim]

    @builtins.property
    def undecided(self) -> bool:
        """Tell whether nothing is accepted because the evidence does not decide; else it is refused for a reason."""
        return self.value is None and self.ground == "reason/undetermined"

    @builtins.property
    def stated(self) -> Sequence[Value]:
        """Return the values that rivals state, each once."""
        return list({claim.value.text: claim.value for claim in self.rivals}.values())


@dataclass(slots=True)
class Thing:
    """A subject of the graph. ``kind`` is the local name of its narrowest class, ``root`` of its widest.

    ``page`` is the key of the thing on whose page it stands: its own, or that of the thing it is part of.
    """

    key: str
    label: str
    kind: str
    root: str
    kinds: frozenset[str]
    said: Triples = field(repr=False)
    page: str = ""

    def terms(self, name: str) -> list[str]:
        """Return the terms that a property, given by its local name, has here."""
        return [term for property_, term in self.said if property_ == name]

    def text(self, name: str) -> str:
        """Return the first value of a property as text, or nothing."""
        return next((lexical(term) for property_, term in self.said if property_ == name), "")

    def keys(self, name: str) -> list[str]:
        """Return the keys of the things or concepts that a property names here."""
        return [lexical(term) for property_, term in self.said if property_ == name and term.startswith("<")]


@dataclass
class Archive:
    """Everything that pages show."""

    things: Mapping[str, Thing]
    facts: Mapping[str, Sequence[Fact]]
    sources: Mapping[str, Source]
    labels: Mapping[str, str]
    """Term of an ontology or vocabulary word → its English label."""
    hindi: Mapping[str, str]
    """English label of a word, or key of a Word → its Hindi label, where the ontology gives one."""
    nodes: Mapping[str, Node]
    """Key of a thing or piece of evidence, or IRI of a word → what the graph says of it."""
    as_of: str

    def label(self, key: str) -> str:
        """Return the name of a thing, a concept, or of nothing known: the key itself."""
        thing = self.things.get(key)
        return thing.label if thing else self.labels.get(f"{_WORD}{key}>") or self.labels.get(f"{_TERM}{key}>", key)

    def kind_label(self, kind: str) -> str:
        """Return the name of a class given by its local name."""
        return self.labels.get(f"{_TERM}{kind}>", kind)

    def hindi_of(self, *schemes: str) -> Mapping[str, str]:
        """Return Hindi words by English ones; of two senses of a word, that which is in one of the schemes."""
        own = {
            str(label): self.hindi[label.key]
            for label in self.labels.values()
            if isinstance(label, Word) and label.key in self.hindi and label.key.startswith(tuple(schemes))
        }
        return {english: other for english, other in self.hindi.items() if "://" not in english} | own

    def fact(self, subject: str, name: str) -> Fact | None:
        """Return what is held on a property of a subject, where the property takes one value."""
        return next((fact for fact in self.facts.get(subject, ()) if fact.property == name), None)

    def is_contested(self, subject: str) -> bool:
        """Tell whether anything that is held of a subject is contested."""
        return any(fact.contested for fact in self.facts.get(subject, ()))

    def on_page(self, key: str) -> Sequence[Thing]:
        """Return the things that stand on a thing's page beside it: its parts."""
        return self._parts.get(key, ())

    @cached_property
    def _parts(self) -> Mapping[str, Sequence[Thing]]:
        found: dict[str, list[Thing]] = defaultdict(list)
        for thing in self.things.values():
            if thing.page != thing.key:
                found[thing.page].append(thing)
        return found

    @cached_property
    def pages(self) -> Sequence[Thing]:
        """Return the things that have a page of their own, by key."""
        return [thing for thing in self.things.values() if thing.page == thing.key]

    @cached_property
    def inward(self) -> Mapping[str, Sequence[tuple[str, Thing]]]:
        """For each key: the property by which another thing names it, and that thing."""
        found: dict[str, list[tuple[str, Thing]]] = defaultdict(list)
        for thing in self.things.values():
            for name, term in thing.said:
                if term.startswith(_THING) and name not in _UNTOLD:
                    found[term[len(_THING) : -1]].append((name, thing))
        return found

    @cached_property
    def stated(self) -> Mapping[str, Sequence[tuple[Fact, Claim]]]:
        """For each source: what it states, and what became of it."""
        found: dict[str, list[tuple[Fact, Claim]]] = defaultdict(list)
        for facts in self.facts.values():
            for fact in facts:
                for claim in (*fact.backing, *fact.rivals):
                    found[claim.source.key].append((fact, claim))
        return found

    def value(self, term: str) -> Value:
        """Return a term as a reader sees it."""
        return _value(term, {key: thing.label for key, thing in self.things.items()}, self.labels)


#: Links that repeat, the other way round, what other links say already.
_UNTOLD = frozenset(
    (
        "withinPact",
        "origin",
        "signedBy",
        "mayUse",
        "partnerOf",
        "signedWith",
        "http://www.w3.org/ns/prov#wasDerivedFrom",
    )
)


def read_archive(dist: Path) -> Archive:
    """Read the built graph in ``dist``; raises UsageError when there is none."""
    try:
        text = (dist / "graph.nt").read_bytes().decode()
    except OSError:
        raise UsageError(f"no graph in {dist}; build it with: pacts build") from None
    said: dict[str, Triples] = {}
    nodes: dict[str, Node] = {}
    for node in nodes_of(text.split("\n")[:-1]):
        subject, pairs = node
        if not subject.startswith(_EVIDENCE):
            said[subject] = [(_local(name), term) for name, term in pairs]
        nodes[subject[len(_THING) : -1] if subject.startswith(_THING) else subject[1:-1]] = node
    return _digest(said, nodes)


@cache
def _local(predicate: str) -> str:
    return predicate[len(_TERM) : -1] if predicate.startswith(_TERM) else predicate


def _digest(said: Mapping[str, Triples], nodes: Mapping[str, Node]) -> Archive:
    labels, hindi = _words(said)
    above = {
        subject[len(_TERM) : -1]: {term[len(_TERM) : -1] for name, term in rows if name == _SUBCLASS}
        for subject, rows in said.items()
        if subject.startswith(_TERM)
    }
    things = {
        subject[len(_THING) : -1]: _thing(subject, rows, above)
        for subject, rows in said.items()
        if subject.startswith(_THING) and subject != _DATASET
    }
    things = {key: thing for key, thing in things.items() if thing.kind}
    for thing in things.values():
        thing.page = _page(thing, things)
    ranks = {
        subject: int(lexical(term))
        for subject, rows in said.items()
        for name, term in rows
        if name == _NOTATION and lexical(term).isdigit()
    }
    sources = {thing.key: _source(thing, labels, ranks) for thing in things.values() if thing.root == "Source"}
    names = {key: thing.label for key, thing in things.items()}
    facts = _facts(nodes, sources, names, labels)
    as_of = next((lexical(term) for name, term in said.get(_DATASET, ()) if name == "asOf"), "")
    return Archive(things, facts, sources, labels, hindi, nodes, as_of)


def _words(said: Mapping[str, Triples]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the English labels of the words of the ontology and vocabularies, and Hindi ones by the English.

    Words that share an English label and have different Hindi ones are Words: their Hindi stands under their keys.
    """
    english: dict[str, str] = {}
    senses: dict[str, dict[str, str]] = defaultdict(dict)
    for subject, rows in said.items():
        if subject.startswith((_TERM, _WORD)):
            labels = [term for name, term in rows if name in (RDFS_LABEL, _PREF_LABEL)]
            name = next((lexical(term) for term in labels if term.endswith('"@en')), "")
            other = next((lexical(term) for term in labels if term.endswith('"@hi')), "")
            if name:
                english[subject] = name
                senses[name][subject] = other
    hindi: dict[str, str] = {}
    for name, found in senses.items():
        if len(set(found.values())) == 1:
            hindi[name] = next(iter(found.values()))
            continue
        for subject, other in found.items():
            english[subject] = word = Word(name, subject[1:-1])
            hindi[word.key] = other
    return english, {name: other for name, other in hindi.items() if other}


def _thing(subject: str, rows: Triples, above: Mapping[str, set[str]]) -> Thing:
    key = subject[len(_THING) : -1]
    kinds = frozenset(term[len(_TERM) : -1] for name, term in rows if name == RDF_TYPE and term.startswith(_TERM))
    wider = {top for kind in kinds for top in above.get(kind, ())}
    narrow = min((kind for kind in kinds if kind not in wider), default="")
    # Of the widest classes, agents are too wide to tell anything.
    wide = min(
        (kind for kind in kinds if not (above.get(kind, set()) & kinds - {"Agent"}) and kind != "Agent"), default=narrow
    )
    label = next((lexical(term) for name, term in rows if name == "label"), "") or next(
        (lexical(term) for name, term in rows if name == RDFS_LABEL), key
    )
    return Thing(key, label, narrow, wide, kinds, rows)


def _page(thing: Thing, things: Mapping[str, Thing]) -> str:
    """Return the key of the thing on whose page this one stands."""
    if thing.root in ("Pact", "Source"):
        return thing.key
    for name in ("withinPact", "pact", "holder"):
        for owner in sorted(thing.keys(name)):
            if owner in things and owner != thing.key:
                return owner
    owner = "/".join(thing.key.split("/")[:2])
    return owner if owner in things else thing.key


def _source(thing: Thing, labels: Mapping[str, str], ranks: Mapping[str, int]) -> Source:
    title = next(iter(thing.terms("title")), "")
    tier = next(iter(thing.terms("tier")), "")
    lang = title.rpartition('"@')[2] if '"@' in title else ""
    thing.label = lexical(title) if title else f"{thing.text('publisher')}, {thing.text('published') or thing.key}"
    return Source(
        key=thing.key,
        title=thing.label,
        lang=lang,
        publisher=thing.text("publisher"),
        published=thing.text("published"),
        earliest=thing.text("earliest") or thing.text("latest"),
        url=thing.text("url"),
        tier=labels.get(tier, ""),
        rank=ranks.get(tier, 99),
    )


def _value(term: str, names: Mapping[str, str], labels: Mapping[str, str]) -> Value:
    if term == NONE:
        return Value("none", "none")
    if term.startswith("<"):
        key = lexical(term)
        if term.startswith(_THING):
            return Value(names.get(key, key), key)
        return Value(labels.get(term, key), key if term.startswith(_WORD) else "")
    lang = term[term.rindex('"') + 1 :]
    return Value(lexical(term), lang=lang[1:] if lang.startswith("@") else "")


def _facts(
    nodes: Mapping[str, Node], sources: Mapping[str, Source], names: Mapping[str, str], labels: Mapping[str, str]
) -> dict[str, list[Fact]]:
    claims: dict[str, Claim] = {}
    choices: list[Node] = []
    for subject, pairs in nodes.values():
        if subject.startswith(_EVIDENCE[0]):
            row = {_local(name): term for name, term in pairs}
            source = sources.get(lexical(row.get("source", "<>")))
            if source:
                value = _value(row.get("claimedEntity") or row["claimedLiteral"], names, labels)
                claims[subject] = Claim(
                    subject[len(_THING) : -1],
                    value,
                    source,
                    *(_text(row, name) for name in ("printed", "locator", "note")),
                )
        elif subject.startswith(_EVIDENCE[1]):
            choices.append((subject, pairs))
    facts: dict[str, list[Fact]] = defaultdict(list)
    for subject, pairs in choices:
        rows = [(_local(name), term) for name, term in pairs]
        row = dict(rows)
        accepts = {term for name, term in rows if name == "accepts"}
        weighed = sorted(
            ((term, claims[term]) for name, term in rows if name == "used" and term in claims), key=_weight
        )
        held = row.get("acceptedEntity") or row.get("acceptedLiteral")
        facts[lexical(row["about"])].append(
            Fact(
                key=subject[len(_THING) : -1],
                about=lexical(row["about"]),
                property=lexical(row["property"]),
                label=labels.get(row["property"], lexical(row["property"])),
                value=_value(held, names, labels) if held else None,
                contested=_text(row, "contested") == "true",
                ground=lexical(row.get("reason", "<>")),
                reason=labels.get(row.get("reason", ""), ""),
                by_editor=_text(row, "byEditor") == "true",
                note=_text(row, "note"),
                independent=int(_text(row, "independentSources") or 0),
                tier=labels.get(row.get("bestTier", ""), ""),
                backing=[claim for term, claim in weighed if term in accepts],
                rivals=[claim for term, claim in weighed if term not in accepts],
            )
        )
    for found in facts.values():
        found.sort(key=_standing)
    return facts


def _text(row: Mapping[str, str], name: str) -> str:
    return lexical(row[name]) if name in row else ""


def _weight(pair: tuple[str, Claim]) -> tuple[int, str, str, str]:
    source = pair[1].source
    return source.rank, source.earliest, source.key, pair[0]


def _standing(fact: Fact) -> tuple[str, bool, int, str, str]:
    """Order facts by property, the best supported first."""
    value = fact.value
    return fact.property, value is None, -fact.independent, value.text if value else "", fact.key


def by_property(facts: Iterable[Fact], first: Sequence[str] = ()) -> Iterator[tuple[str, list[Fact]]]:
    """Yield the label of each property and its facts: the properties named first, the others by label."""
    place = {name: number for number, name in enumerate(first)}
    ordered = sorted(facts, key=lambda fact: (place.get(fact.property, len(place)), fact.label, fact.property))
    for _, group in groupby(ordered, key=lambda fact: fact.property):
        found = list(group)
        yield found[0].label, found
