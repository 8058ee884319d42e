"""The second half of the way of rows: subjects adjudicated, their nodes dealt out into ranges of keys and written."""

from __future__ import annotations

import pickle
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from pathlib import Path
from typing import Any

from graph_builder import read
from graph_builder.adjudicate import Evidence, adjudicate_subject, part_alone
from graph_builder.chunks import BadRow
from graph_builder.emit import adjudication_key, claim_key
from graph_builder.facts import Claim, Facts
from graph_builder.file_facts import FileFacts, Place
from graph_builder.locate import home
from graph_builder.problems import printable
from graph_builder.route import TypedRow, load
from graph_builder.templates import TEXT, Record, Templates
from graph_builder.terms import lexical
from graph_builder.work_folder import Ends, get_part, get_value, once, put_parts, put_value

_AT_ONCE = 250
_HASHED = ("adjudication/", "claim/")
_NOWHERE = Place(0, 0)

_shared: list[Ends] = []


def share(ends: Ends) -> None:
    """Prepare this process for a run of which other processes are part."""
    _shared[:] = [ends]
    _settling.cache_clear()


@lru_cache(maxsize=1)
def _templates(place: Path) -> Templates:
    return Templates(load(place))


@lru_cache(maxsize=1)
def _settling(path: Path) -> tuple[Evidence, list[bytes], list[int]]:
    return pickle.loads(path.read_bytes())  # type: ignore[no-any-return]  # noqa: S301 - written by this run


@lru_cache(maxsize=1)
def _hashed(edges: Sequence[bytes]) -> dict[bytes, int]:
    """Return the range of each beginning of a key that is a hash; the edges among those have three digits."""
    keys = (f"{kind}{digits:03x}".encode() for kind in _HASHED for digits in range(4096))
    return {key: bisect_right(edges, key) for key in keys}


def edges_of(sample: Iterable[str], ranges: int) -> list[bytes]:
    """Return the keys at which the output is cut into ranges that take about the same work.

    Claims and adjudications are named by hashes, which spread evenly; other keys are cut at those of the sample.
    """
    count = max(ranges * 2 // 5, 1)
    hashed = [f"{kind}{step * 4096 // count:03x}" for kind in _HASHED for step in range(count)]
    keys = sorted(sample)
    step = max(len(keys) // max(ranges // 5, 1), 1)
    return sorted({edge.encode() for edge in (*hashed, "claim0", *keys[step::step])})


def settle(work: Path, number: int, pieces: int, partitions: int) -> dict[str, Any]:
    """Check and adjudicate the subjects of a partition, and deal out the nodes into ranges of their keys."""
    return once(work / f"settled-{number}.done", lambda: _settle(work, number, pieces, partitions))


def _settle(work: Path, number: int, pieces: int, partitions: int) -> dict[str, Any]:
    evidence, edges, with_unmet = _settling(work / "settling")
    rows: dict[str, list[TypedRow]] = defaultdict(list)
    for piece in range(pieces):
        for row in get_part(work / f"routed-{piece}", number):
            rows[row[0]].append(row)
    unmet = {
        (key, name): problem
        for partition in with_unmet
        for key, name, problem in get_part(work / f"unmet-{partition}", number)
    }
    classes: dict[str, str] = get_value(work / f"classes-{number}")
    settler = Settler(unmet, pieces, evidence, edges)
    while rows:
        about, said = rows.popitem()
        settler.settle(about, classes.get(about), said)
    put_parts(work / f"settled-{number}", settler.ranges)
    if settler.told["bad"]:
        put_parts(work / f"refused-{number}", settler.refused)
    return settler.told


class Settler:
    """Settles one subject after the other; what comes of it lies in ``ranges``, what is wrong in ``refused``."""

    def __init__(
        self, unmet: Mapping[tuple[str, str], str], pieces: int, evidence: Evidence, edges: Sequence[bytes]
    ) -> None:
        self.ontology, self.templates = load(home()), _templates(home())
        self.unmet, self.evidence, self.edges = unmet, evidence, edges
        self.ranges: list[list[Record]] = [[] for _ in range(len(edges) + 1)]
        self.hashed = {key: self.ranges[place] for key, place in _hashed(tuple(edges)).items()}
        self.refused: list[list[BadRow]] = [[] for _ in range(pieces)]
        self.alone: dict[tuple[str, str | None], tuple[str, bytes]] = {}
        self.one = frozenset(name for name, prop in self.ontology.properties.items() if prop.functional)
        self.fits: dict[str | None, set[str]] = defaultdict(lambda: {"type"})
        self.told = dict.fromkeys(("bad", "subjects", "claims", "accepted", "contested", "undetermined"), 0)

    def settle(self, about: str, cls: str | None, rows: Iterable[TypedRow]) -> None:
        """Check and adjudicate what rows say of one subject, and keep its nodes."""
        fits, one = self.fits[cls] if not self.unmet else (), self.one
        values: list[tuple[str, str]] = []
        placed: dict[str, str] = {}
        claims: list[TypedRow] = []
        for row in rows:
            _, name, term, source, *_ = row
            if name not in fits and (problem := self._problem(row, cls)):
                self._refuse(row, problem)
            elif source:
                claims.append(row)
            elif name == "type":
                if term != cls:
                    self._refuse(row, f"{about} has more than one type; a subject has one")
            elif name in one and placed.setdefault(name, term) != term:
                before = printable(lexical(placed[name]))
                self._refuse(row, f"{about} has the {name} {before} in an earlier row; keep one")
            else:
                values.append((name, term))
        if cls is None:
            return
        self.told["subjects"] += 1
        alone, others = part_alone(claims, self.ontology)
        if alone:
            values += self._settle_alone(about, alone)
        if others:
            values += self._settle_others(about, [Claim._make(row[:7]) for row in others])
        record = self.templates.subject(about, cls, values)
        self.ranges[bisect_right(self.edges, record[0])].append(record)

    def _settle_alone(self, about: str, rows: list[TypedRow]) -> Iterable[tuple[str, str]]:
        """Keep the nodes of claims that are alone, and of the choice of each; return what is accepted."""
        here, (many, _) = about.encode(), self.ontology.independent
        hashed, claim_record, alone, tiers = self.hashed, self.templates.claim, self.alone, self.evidence.tiers
        for row in rows:
            name, value, source = row[1:4]
            claim = claim_key(*row[:6]).encode()
            choice = adjudication_key(about, name, value if name in many else None).encode()
            kind = value[0], tiers.get(source)
            if kind not in alone:
                alone[kind] = self._choice_alone(Claim._make(row[:7]))
            shape, tier = alone[kind]
            record = claim_record(claim, here, row)
            hashed[claim[:9]].append(record)
            hashed[choice[:16]].append((choice, shape, here, record[3], record[5], tier, claim))
        self.told["claims"] += len(rows)
        self.told["accepted"] += len(rows)
        return [row[1:3] for row in rows]

    def _choice_alone(self, claim: Claim) -> tuple[str, bytes]:
        """Return shape and tier of the choice of a claim that is alone: the same for all of a tier."""
        (a,) = adjudicate_subject(claim.about, [claim], {}, self.evidence, self.ontology)
        record = self.templates.adjudication(a, b"", b"", {claim: b""})
        return record[1], record[5]

    def _settle_others(self, about: str, claims: list[Claim]) -> Iterable[tuple[str, str]]:
        """Adjudicate claims, and keep their nodes and those of the choices; return what is accepted."""
        here, accepted, told = about.encode(), [], self.told
        names: dict[Claim, bytes] = {}
        same: dict[bytes, list[Claim]] = {}
        for a in adjudicate_subject(about, claims, {}, self.evidence, self.ontology):
            for claim in a.used:
                if claim not in names:
                    key = names[claim] = claim_key(*claim).encode()
                    same.setdefault(key, []).append(claim)
            key = adjudication_key(about, a.property, a.of).encode()
            self.hashed[key[:16]].append(self.templates.adjudication(a, key, here, names))
            told["contested"] += a.contested
            told["undetermined"] += a.undetermined
            if a.value is not None:
                accepted.append((a.property, a.value))
        told["claims"] += len(same)
        told["accepted"] += len(accepted)
        for key, alike in same.items():
            record, *more = [self.templates.claim(key, here, claim) for claim in alike]
            if more:  # claims that differ in their notes alone are one
                lines = self.templates.text((record, *more)).splitlines(keepends=True)
                record = key, TEXT, b"".join(sorted(set(lines)))
            self.hashed[key[:9]].append(record)
        return accepted

    def _refuse(self, row: TypedRow, problem: str) -> None:
        self.refused[row[7]].append((row[8], problem))
        self.told["bad"] += 1

    def _problem(self, row: TypedRow, cls: str | None) -> str | None:
        """Tell what is wrong with a row's property on a subject of its class, or with what it names."""
        about, name, _, source, *_, key = row
        if name not in self.fits[cls]:
            if problem := self._property_problem(about, name, cls):
                return problem
            self.fits[cls].add(name)
        return self.unmet.get((source, "")) or (self.unmet.get((key, name)) if key else None)

    def _property_problem(self, about: str, name: str, cls: str | None) -> str | None:
        file = FileFacts("rows.csv", properties_used={(about, name): _NOWHERE})
        facts = Facts(classes={about: cls} if cls else {})
        return next((problem.message for problem in read.unmet(file, facts, self.ontology)), None)


def write_range(work: Path, number: int, partitions: int) -> int:
    """Write the nodes of a range, sorted, to their place in the output; return their size in bytes."""
    (ends,) = _shared
    with ends.failing():
        records: list[Record] = []
        for partition in range(partitions):
            records += get_part(work / f"settled-{partition}", number)
        records.sort(key=itemgetter(0))
        text = _templates(home()).text
        blocks = [text(records[start : start + _AT_ONCE]) for start in range(0, len(records), _AT_ONCE)]
        size = sum(map(len, blocks))
        begin = ends.place(number, size)
        with (work / "out").open("r+b") as file:
            file.seek(begin)
            file.writelines(blocks)
        put_value(work / f"written-{number}", size)
    return size
