"""The pages from which people set out: the first page, lists of all things of a kind, what is contested, coverage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph_builder.query import ShippedQuery
from graph_builder.terms import lexical
from graph_builder.view.archive import Archive, Fact, Thing, Value
from graph_builder.view.frame import Frame, assignment
from graph_builder.view.things import DIRECTORIES, OTHERS, directory_of, owned_label
from graph_builder.view.timeline import SHAPES, Lane, life_of

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class NetworkLink:
    """A network page that the first page leads to: where it is, its title in two languages, and its extent."""

    address: str
    title: str
    hindi: str
    things: int
    relations: int


_NAMES = ("name", "shortName", "officialTitle", "formerName")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list: its heading, and what it shows of a thing: values, a number, or a text."""

    name: str
    show: Callable[[Thing], Sequence[Value] | int | str]
    number: bool = False


@dataclass(frozen=True, slots=True)
class News:
    """A source and what it brought: how many claims, on what, and how many of them are contested."""

    source: Any
    claims: int
    about: Sequence[Value]
    contested: int


# ---------------------------------------------------------------- the first page


def first_page(archive: Archive, frame: Frame, networks: Sequence[NetworkLink]) -> str:
    """Return index.html."""
    pacts = [thing for thing in archive.pages if thing.root == "Pact"]
    facts = [fact for found in archive.facts.values() for fact in found]
    contested = [fact for fact in facts if fact.contested]
    in_force = sum("status/in-force" in pact.keys("status") for pact in pacts)
    figures = [
        (len(pacts), "pacts", "views/all-pacts.html"),
        (in_force, "in force", "views/timeline.html#in-force"),
        (sum(thing.root == "Party" for thing in archive.pages), "parties", "views/all-parties.html"),
        (sum(thing.kind == "Facility" for thing in archive.pages), "facilities", "views/map.html"),
        (len(archive.sources), "sources", "views/all-sources.html"),
        (len({claim.key for found in archive.stated.values() for _, claim in found}), "claims", "views/coverage.html"),
        (len(contested), "contested facts", "views/contested.html"),
        (sum(fact.undecided for fact in facts), "undecided", "views/contested.html"),
    ]
    kinds = Counter(directory_of(thing) for thing in archive.pages)
    return frame.page(
        "index.html",
        "index.html",
        "Logistics pacts",
        figures=figures,
        leading=list(_leading(archive, pacts)),
        shapes=SHAPES,
        news=list(_news(archive))[:10],
        contested=_by_standing(archive, contested)[:8],
        subject=lambda key: Value(owned_label(archive, key), key),
        kinds=[
            (address, name, kinds[address, name])
            for address, name in (*DIRECTORIES.values(), OTHERS)
            if kinds[address, name]
        ],
        networks=networks,
        schema={
            "@context": "https://schema.org",
            "@type": "Dataset",
            "name": "Logistics pacts",
            "description": "Military-logistics pacts of India and between its partners; every fact has its sources.",
            "license": "https://creativecommons.org/licenses/by/4.0/",
            "dateModified": archive.as_of,
        },
    )


def _leading(archive: Archive, pacts: Sequence[Thing]) -> Iterator[tuple[Thing, str, list[Value], Lane]]:
    """Yield the pacts of which most sources speak, with status, parties and life."""
    spoken = {pact.key: _sources_of(archive, pact) for pact in pacts}
    for pact in sorted(pacts, key=lambda pact: (-len(spoken[pact.key]), pact.key))[:8]:
        status = next(iter(pact.keys("status")), "")
        parties = [Value(archive.label(key), key) for key in pact.keys("party")]
        yield pact, status.rpartition("/")[2], parties, life_of(archive, pact, archive.on_page(pact.key))


def _sources_of(archive: Archive, thing: Thing) -> set[str]:
    return {
        claim.source.key
        for part in (thing, *archive.on_page(thing.key))
        for fact in archive.facts.get(part.key, ())
        for claim in (*fact.backing, *fact.rivals)
    }


def _news(archive: Archive) -> Iterator[News]:
    for source in sorted(archive.sources.values(), key=lambda one: (one.earliest, one.key), reverse=True):
        stated = archive.stated.get(source.key, ())
        pages = Counter(archive.things[fact.about].page for fact, _ in stated if fact.about in archive.things)
        about = [
            Value(archive.label(key), key) for key, _ in sorted(pages.items(), key=lambda item: (-item[1], item[0]))
        ]
        yield News(source, len(stated), about[:3], sum(fact.contested for fact, _ in stated))


def _by_standing(archive: Archive, facts: Sequence[Fact]) -> list[Fact]:
    """Order contested facts: the undecided first, then those of which most sources speak."""
    return sorted(facts, key=lambda f: (not f.undecided, -len(f.backing) - len(f.rivals), f.about, f.key))


def contested_page(archive: Archive, frame: Frame) -> str:
    """Return the page of all facts that are contested or undecided, the undecided first."""
    facts = [fact for found in archive.facts.values() for fact in found if fact.contested or fact.undecided]
    ordered = _by_standing(archive, facts)
    return frame.page(
        "contested.html",
        "views/contested.html",
        "Contested facts",
        undecided=[fact for fact in ordered if fact.undecided],
        decided=[fact for fact in ordered if not fact.undecided],
        subject=lambda key: Value(owned_label(archive, key), key),
    )


# ---------------------------------------------------------------- lists of all things of a kind


def directory_pages(archive: Archive, frame: Frame) -> Iterator[tuple[str, str]]:
    """Yield the address and text of the list of each kind of thing that has pages."""
    groups: dict[tuple[str, str], list[Thing]] = {}
    for thing in archive.pages:
        groups.setdefault(directory_of(thing), []).append(thing)
    columns = _columns(archive)
    for (address, name), things in groups.items():
        if address == DIRECTORIES["PartnerList"][0]:
            continue
        shown = columns.get(name) or columns["Other things"]
        ordered = sorted(things, key=lambda thing: (thing.label.casefold(), thing.key))
        if name == "Sources":
            ordered = sorted(ordered, key=lambda thing: archive.sources[thing.key].earliest, reverse=True)
        rows = [(thing, [(column, column.show(thing)) for column in shown]) for thing in ordered]
        yield address, frame.page("directory.html", address, name, columns=shown, rows=rows)


def _columns(archive: Archive) -> Mapping[str, Sequence[Column]]:
    def things(name: str) -> Callable[[Thing], list[Value]]:
        return lambda thing: [Value(archive.label(key), key) for key in thing.keys(name)]

    def texts(name: str) -> Callable[[Thing], list[Value]]:
        return lambda thing: [Value(lexical(term)) for term in thing.terms(name)]

    def named(*names: str) -> Callable[[Thing], int]:
        return lambda thing: sum(name in names for name, _ in archive.inward.get(thing.key, ()))

    def contested(thing: Thing) -> int:
        return sum(
            fact.contested for part in (thing, *archive.on_page(thing.key)) for fact in archive.facts.get(part.key, ())
        )

    def pacts(thing: Thing) -> int:
        return sum(name == "party" and other.root == "Pact" for name, other in archive.inward.get(thing.key, ()))

    def kind(thing: Thing) -> list[Value]:
        return [Value(archive.kind_label(thing.kind), thing.kind)]

    def offices(thing: Thing) -> list[Value]:
        keys = {key for _, other in archive.inward.get(thing.key, ()) for key in other.keys("office")}
        return [Value(archive.label(key), key) for key in sorted(keys)]

    spoken = Column("Sources", lambda thing: len(_sources_of(archive, thing)), number=True)
    doubt = Column("Contested", contested, number=True)
    named_by = Column("Named", lambda thing: len(archive.inward.get(thing.key, ())), number=True)
    country = Column("Country", things("country"))
    return {
        "Pacts": (
            Column("Parties", things("party")), Column("Kind", kind), Column("Status", things("status")),
            Column("Signed", texts("signedOn")), Column("In force", texts("inForceOn")), spoken, doubt,
        ),
        "Parties": (
            Column("Pacts", pacts, number=True), Column("Partner of", things("partnerOf")),
            Column("May use", lambda thing: len(thing.keys("mayUse")), number=True),
        ),
        "Facilities": (
            country, Column("Kind", things("facilityKind")), Column("Accesses", named("facility"), number=True),
            Column("Uses", named("useAt"), number=True), spoken,
        ),
        "People": (Column("Pacts signed", named("person"), number=True), Column("Offices", offices), spoken),
        "Bodies": (country, Column("Kind", things("bodyKind")), named_by),
        "Offices": (Column("Party", things("party")), Column("Kind", things("officeKind")), named_by),
        "Occasions": (
            Column("Date", texts("date")), Column("Kind", things("occasionKind")), Column("Place", things("place")),
            named_by,
        ),
        "Units": (country, Column("Kind", things("unitKind")), named_by),
        "Places": (country, named_by),
        "Sources": (
            Column("Publisher", lambda thing: archive.sources[thing.key].publisher),
            Column("Published", texts("published")), Column("Language", texts("language")),
            Column("Tier", things("tier")),
            Column("Claims", lambda thing: len(archive.stated.get(thing.key, ())), number=True),
        ),
        "Other things": (Column("Kind", kind), named_by),
    }  # fmt: skip


# ---------------------------------------------------------------- coverage and queries


def coverage_page(frame: Frame, reports: Sequence[tuple[ShippedQuery, Sequence[Row]]]) -> str:
    """Return the page that says what the graph covers and what it lacks, from the rows of each report."""
    return frame.page("coverage.html", "views/coverage.html", "Coverage", reports=reports)


def query_pages(
    frame: Frame, queries: Sequence[ShippedQuery], samples: Mapping[str, Sequence[Row]]
) -> Iterator[tuple[str, str]]:
    """Yield the list of the shipped queries, and a page for each, with the first rows of its example by its name."""
    yield "views/queries.html", frame.page("queries.html", "views/queries.html", "Queries", queries=queries)
    for query in queries:
        at = f"views/query/{query.name}.html"
        body = "\n".join(line for line in query.text.splitlines() if not line.startswith("#+")).strip()
        yield (
            at,
            frame.page(
                "query.html", at, query.name.replace("-", " "), query=query, body=body, sample=samples.get(query.name)
            ),
        )


# ---------------------------------------------------------------- search


def search_script(
    archive: Archive, frame: Frame, queries: Sequence[ShippedQuery], pages: Sequence[tuple[str, str]]
) -> str:
    """Return the script that carries what the search knows: address, label, kind and other names of everything."""
    rows: list[tuple[str, ...]] = [(address, name, "page") for address, name in pages]
    rows += [
        (f"views/query/{query.name}.html", query.name.replace("-", " "), "query", query.summary) for query in queries
    ]
    for thing in archive.things.values():
        if thing.root == "Participation":
            continue
        names = sorted({lexical(term) for name in _NAMES for term in thing.terms(name)} - {thing.label})
        kind = thing.kind if thing.root == "Place" else thing.root
        row = (frame.address(thing.key), thing.label[:160], archive.kind_label(kind))
        rows.append((*row, " ".join(names)[:400]) if names else row)
    return assignment("pactsIndex", rows)
