"""A page for each thing: what is held of it and why, its parts, what names it, and the same for machines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from graph_builder.terms import ID, LP, lexical
from graph_builder.view.archive import Archive, Fact, Thing, Value, by_property
from graph_builder.view.forms import Forms
from graph_builder.view.frame import Frame, anchor, web_address
from graph_builder.view.timeline import SHAPES, life_of

#: Of each kind of thing that has pages: the address of the list of all of them, and what they are called together.
DIRECTORIES: Mapping[str, tuple[str, str]] = {
    "Pact": ("views/all-pacts.html", "Pacts"),
    "Party": ("views/all-parties.html", "Parties"),
    "Facility": ("views/all-facilities.html", "Facilities"),
    "Person": ("views/all-people.html", "People"),
    "Body": ("views/all-bodies.html", "Bodies"),
    "Office": ("views/all-offices.html", "Offices"),
    "Occasion": ("views/all-occasions.html", "Occasions"),
    "Unit": ("views/all-units.html", "Units"),
    "Place": ("views/all-places.html", "Places"),
    "PartnerList": ("views/partner-lists.html", "Partner lists"),
    "Source": ("views/all-sources.html", "Sources"),
}
OTHERS = ("views/all-others.html", "Other things")

_FIRST = (
    "party", "shortName", "officialTitle", "name", "formerName", "designation", "bindingness", "reciprocal",
    "reportedStatus", "date", "effectiveDate", "person", "office", "facility", "host", "beneficiary", "basis",
    "gist", "covers", "excludes", "forOccasion", "notForOccasion", "caseByCase", "forForce",
)  # fmt: skip
_GLANCE = (
    "signedOn", "inForceOn", "signedBy", "country", "publisher", "published", "tier", "language", "url",
    "derivesFrom", "note", "partnerOf", "signedWith", "mayUse", "listOf", "holder", "ofDraft",
)  # fmt: skip
_SILENT = (
    "label", "earliest", "latest", "effectiveEarliest", "effectiveLatest", "effectFrom", "effectBy", "withinPact",
    "origin", "title", "pact", "status",
)  # fmt: skip
_NAMES_ELSEWHERE = {
    "exactMatch": "the same", "sameAs": "the same", "closeMatch": "nearly the same", "broadMatch": "wider",
    "narrowMatch": "narrower", "relatedMatch": "related", "containedInPlace": "lies in", "seeAlso": "see also",
}  # fmt: skip
_SCHEMA = {
    "Party": "Country", "Person": "Person", "Body": "Organization", "Facility": "CivicStructure", "Place": "Place",
    "Occasion": "Event", "Source": "CreativeWork", "Pact": "CreativeWork", "PartnerList": "CreativeWork",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of lists of values under a heading."""

    heading: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Sequence[Value]]]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a thing as its page shows it."""

    anchor: str
    label: str
    kind: str
    date: str
    gist: str
    contested: bool
    placed: Sequence[tuple[str, Sequence[Value]]]
    facts: Sequence[tuple[str, Sequence[Fact]]]


def thing_pages(
    archive: Archive,
    frame: Frame,
    forms: Forms,
    views: Mapping[str, Sequence[tuple[str, str]]],
    things: Sequence[Thing],
) -> Iterator[tuple[str, str]]:
    """Yield the path below the site's top and the text of each file: HTML and the forms for machines of each thing.

    ``views`` gives, by key, the other pages on which a thing stands: their addresses and names.
    """
    for thing in things:
        path = f"id/{thing.key}"
        parts = sorted(archive.on_page(thing.key), key=lambda part: part.key)
        yield f"{path}.html", _page(archive, frame, thing, parts, path, views.get(thing.key, ()))
        yield from forms.of_thing(thing, path)


def _page(
    archive: Archive, frame: Frame, thing: Thing, parts: Sequence[Thing], path: str, views: Sequence[tuple[str, str]]
) -> str:
    facts = archive.facts.get(thing.key, ())
    status = thing.keys("status")
    is_source = thing.root == "Source"
    name = thing.key.rpartition("/")[2]
    contested = sum(fact.contested for one in (thing, *parts) for fact in archive.facts.get(one.key, ()))
    life = life_of(archive, thing, parts) if thing.root == "Pact" else None
    return frame.page(
        "thing.html",
        f"{path}.html",
        thing.label,
        key=thing.key,
        iri=ID + thing.key,
        file=name,
        lang=archive.sources[thing.key].lang if is_source else "",
        told=f"{thing.label}: {archive.kind_label(thing.kind)}, with the sources of every fact",
        schema=schema_org(archive, thing),
        directory=directory_of(thing),
        kind=archive.kind_label(thing.kind),
        status=(status[0].rpartition("/")[2], archive.label(status[0])) if status else None,
        contested=0 if is_source else contested,
        views=views,
        glance=_between(archive, thing) + _placed(archive, thing, {fact.property for fact in facts}),
        life=life if life and life.marks else None,
        shapes=SHAPES,
        tables=_tables(archive, thing),
        facts=list(by_property(facts, _FIRST)),
        groups=list(_groups(archive, thing, parts)),
        stated=_stated(archive, thing) if is_source else (),
        about=lambda key: Value(owned_label(archive, key), key),
        inward=list(_inward(archive, thing)),
        elsewhere=list(_elsewhere(thing)),
    )


def _between(archive: Archive, thing: Thing) -> list[tuple[str, list[Value]]]:
    parties = thing.keys("party") if thing.root == "Pact" else []
    return [("between", _refer(archive, parties))] if parties else []


def directory_of(thing: Thing) -> tuple[str, str]:
    """Return the address and name of the list on which a thing stands."""
    return DIRECTORIES.get(thing.kind) or DIRECTORIES.get(thing.root, OTHERS)


def owned_label(archive: Archive, key: str) -> str:
    """Return the name of a thing, after that of the thing whose part it is."""
    thing = archive.things.get(key)
    if not thing or thing.page == key:
        return archive.label(key)
    return f"{archive.label(thing.page)}: {thing.label}"


def _placed(archive: Archive, thing: Thing, claimed: set[str]) -> list[tuple[str, list[Value]]]:
    """Return what is said of a thing without claims: where the editors place it, and what was derived."""
    found: dict[str, list[Value]] = defaultdict(list)
    for name, term in thing.said:
        if name not in claimed and name not in _SILENT and not name.startswith(("<", "http")):
            found[name].append(_value(archive, term))
    order = {name: number for number, name in enumerate(_GLANCE)}
    names = sorted(found, key=lambda name: (order.get(name, len(order)), name))
    return [(archive.kind_label(name), found[name]) for name in names]


def _value(archive: Archive, term: str) -> Value:
    if not term.startswith("<"):
        lang = term[term.rindex('"') + 1 :]
        return Value(lexical(term), lang=lang[1:] if lang.startswith("@") else "")
    key = lexical(term)
    return Value(archive.label(key), "" if term.startswith(f"<{LP}") else key)


# ---------------------------------------------------------------- what is looked up most, as tables


def _tables(archive: Archive, thing: Thing) -> list[Table]:
    if thing.root == "Party":
        return list(_pacts_of(archive, thing))
    if thing.root == "Person":
        return list(_signed_by(archive, thing))
    if thing.kind == "Facility":
        return list(_accesses_to(archive, thing))
    return []


def _refer(archive: Archive, keys: Sequence[str]) -> list[Value]:
    return [Value(archive.label(key), key) for key in keys]


def _pacts_of(archive: Archive, party: Thing) -> Iterator[Table]:
    pacts = [thing for name, thing in archive.inward.get(party.key, ()) if name == "party" and thing.root == "Pact"]
    rows = [
        (
            [Value(pact.label, pact.key)],
            _refer(archive, [key for key in pact.keys("party") if key != party.key]),
            [Value(archive.kind_label(pact.kind), pact.kind)],
            _refer(archive, pact.keys("status")),
            [Value(lexical(term)) for term in pact.terms("signedOn")],
            [Value(lexical(term)) for term in pact.terms("inForceOn")],
        )
        for pact in sorted(pacts, key=lambda pact: (min(pact.terms("signedOn"), default="~"), pact.key))
    ]
    if rows:
        yield Table("Pacts", ("Pact", "With", "Kind", "Status", "Signed", "In force"), rows)


def _signed_by(archive: Archive, person: Thing) -> Iterator[Table]:
    rows = []
    for name, role in archive.inward.get(person.key, ()):
        signature = archive.things.get(next(iter(role.keys("signature")), ""))
        if name == "person" and signature:
            pacts = signature.keys("pact")
            date = signature.text("date")
            rows.append(
                (
                    [Value(date)] if date else [],
                    _refer(archive, pacts),
                    _refer(archive, role.keys("party")),
                    _refer(archive, role.keys("office")),
                )
            )
    if rows:
        yield Table("Pacts signed", ("Date", "Pact", "For", "As"), sorted(rows, key=str))


def _accesses_to(archive: Archive, facility: Thing) -> Iterator[Table]:
    rows = [
        (
            _refer(archive, access.keys("pact")),
            _refer(archive, access.keys("host")),
            _refer(archive, access.keys("beneficiary")),
            _refer(archive, access.keys("basis")),
            _refer(archive, access.keys("openness")),
            [Value(f"draft of {lexical(term)}") for term in access.terms("ofDraft")],
            [Value(access.label, access.key)],
        )
        for name, access in archive.inward.get(facility.key, ())
        if name == "facility"
    ]
    if rows:
        columns = ("Pact", "Host", "Beneficiary", "Basis", "How sure", "In a draft only", "Access")
        yield Table("Who may use it", columns, sorted(rows, key=str))


# ---------------------------------------------------------------- parts, and what names a thing


def _groups(archive: Archive, owner: Thing, parts: Sequence[Thing]) -> Iterator[tuple[str, list[Part]]]:
    actions = sorted((part for part in parts if part.root == "Action"), key=_when)
    if actions:
        yield "What was done", [_part(archive, owner, part, archive.kind_label(part.kind)) for part in actions]
    others = sorted(
        (part for part in parts if part.root != "Action"),
        key=lambda part: (part.kind == "Participation", part.kind, *_when(part)),
    )
    for kind, group in groupby(others, key=lambda part: part.kind):
        yield archive.kind_label(kind), [_part(archive, owner, part, "") for part in group]


def _when(part: Thing) -> tuple[bool, str, str, str]:
    first = part.text("earliest") or part.text("latest")
    return not first, first, part.label, part.key


def _part(archive: Archive, owner: Thing, part: Thing, kind: str) -> Part:
    facts = archive.facts.get(part.key, ())
    return Part(
        anchor=anchor(owner.key, part.key),
        label=part.label,
        kind=kind,
        date=part.text("date"),
        gist=" ".join(lexical(term) for term in part.terms("gist")),
        contested=any(fact.contested for fact in facts),
        placed=[(label, values) for label, values in _placed(archive, part, {fact.property for fact in facts})]
        + ([("status", _refer(archive, part.keys("status")))] if part.keys("status") else []),
        facts=list(by_property(facts, _FIRST)),
    )


def _stated(archive: Archive, source: Thing) -> list[tuple[Fact, Any, bool]]:
    found = [(fact, claim, claim in fact.backing) for fact, claim in archive.stated.get(source.key, ())]
    return sorted(found, key=lambda row: (row[0].about, row[0].property, row[1].key))


def _inward(archive: Archive, thing: Thing) -> Iterator[tuple[str, str, list[tuple[str, Value, Value | None]]]]:
    """Yield the kind of the things that name this one, the property by which they do, and those things."""
    found: dict[tuple[str, str], list[Thing]] = defaultdict(list)
    for name, other in archive.inward.get(thing.key, ()):
        told = (thing.root == "Party" and other.root == "Pact" and name == "party") or other.root == "Participation"
        if other.page != thing.key and not told:
            found[other.root, name].append(other)
    for (kind, name), others in sorted(found.items(), key=lambda item: (-len(item[1]), item[0])):
        rows = [
            (
                other.text("date"),
                Value(other.label, other.key),
                None if other.page == other.key else Value(archive.label(other.page), other.page),
            )
            for other in sorted(others, key=_when)
        ]
        yield archive.kind_label(kind), archive.kind_label(name), rows


def _elsewhere(thing: Thing) -> Iterator[tuple[str, str]]:
    for name, term in thing.said:
        local = name[1:-1].rpartition("#")[2].rpartition("/")[2] if name.startswith("<") else ""
        if local in _NAMES_ELSEWHERE and term.startswith("<") and not term.startswith(f"<{ID}"):
            yield _NAMES_ELSEWHERE[local], term[1:-1]


# ---------------------------------------------------------------- schema.org


def schema_org(archive: Archive, thing: Thing) -> dict[str, Any]:
    """Return what search engines read of a thing, in the words of schema.org."""
    kind = _SCHEMA.get(thing.kind) or _SCHEMA.get(thing.root, "Thing")
    if kind == "Country" and not thing.text("isoAlpha2"):
        kind = "Organization"
    told: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": kind,
        "@id": ID + thing.key,
        "name": thing.label,
        "additionalType": LP + thing.kind,
    }
    names = sorted({lexical(term) for name in ("name", "shortName", "officialTitle") for term in thing.terms(name)})
    if names:
        told["alternateName"] = names
    same = [address for relation, address in _elsewhere(thing) if relation == "the same" and web_address(address)]
    if same:
        told["sameAs"] = same
    if thing.text("latitude") and thing.text("longitude"):
        told["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": thing.text("latitude"),
            "longitude": thing.text("longitude"),
        }
    if source := archive.sources.get(thing.key):
        told |= {"publisher": {"@type": "Organization", "name": source.publisher}}
        told |= {"datePublished": source.published} if source.published else {}
        told |= {"url": source.url} if web_address(source.url) else {}
    if kind == "Event" and thing.text("date"):
        told["startDate"] = thing.text("date")
    return told
