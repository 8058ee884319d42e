"""Synthetic claims with the shape of the real ones: ``python -m bench.claims 100000 claims.csv``.

A few subjects are much spoken of and most hardly; a fifth of the properties have rival claims, dates are often coarse,
names come in several scripts, a few sources state much. The same seed gives the same bytes.
"""

from __future__ import annotations

import csv
import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path

from graph_builder.row_file import ROW_FIELDS

SUPPORT = (
    "petroleum food water port-services airport-services repair spare-parts medical storage training-services".split()
)
NAMES = {
    "en": "Agreement on reciprocal logistic support number {}, signed by both sides",
    "hi": "पारस्परिक रसद सहायता समझौता {}",
    "ru": "Соглашение о взаимной материально-технической поддержке № {}",
    "ja": "物品役務相互提供協定 {}",
    "fr": "Accord de soutien logistique réciproque « {} »",
    "ar": "اتفاقية الدعم اللوجستي المتبادل {}",
}
TIERS = (("press", 60), ("agency", 15), ("official", 12), ("analysis", 6), ("reference", 4), ("treaty-text", 3))
COUNTRIES = 190

Row = tuple[str, ...]


def rows(claims: int, seed: int = 1) -> Iterator[Row]:
    """Yield rows of ROW_FIELDS, so many of them claims; the others give classes, places and what sources are."""
    rng = random.Random(seed)
    sources = max(int(claims**0.6 * 3), 20)
    for number in range(sources):
        yield from _source(number, rng)
    for number in range(COUNTRIES):
        yield _row(f"party/c{number}", "type", "Party")
        yield _row(f"party/c{number}", "label", f"Country {number}", lang="en")

    def source() -> str:
        return f"s{min(int(rng.paretovariate(0.35)) - 1, 10**9) % sources}"

    left, number = claims, 0
    while left > 0:
        for row in _pact(number, rng, source):
            if row[3]:
                if not left:
                    continue
                left -= 1
            yield row
        number += 1


def _row(about: str, name: str, value: str, source: str = "", lang: str = "", note: str = "") -> Row:
    return about, name, value, source, lang, "", "", note


def _source(number: int, rng: random.Random) -> Iterator[Row]:
    key = f"source/s{number}"
    tiers, weights = zip(*TIERS, strict=True)
    yield _row(key, "title", f"Report {number} on naval and air logistics", lang="en")
    yield _row(key, "publisher", f"Publisher {number % 97}")
    yield _row(key, "url", f"https://example.org/reports/{number}")
    yield _row(key, "published", _day(rng, coarse=0.1))
    yield _row(key, "tier", rng.choices(tiers, weights)[0])
    if number and rng.random() < 0.05:
        yield _row(key, "derivesFrom", f"source/s{rng.randrange(number)}")


def _day(rng: random.Random, coarse: float = 0.35) -> str:
    year, month, day = rng.randint(1995, 2026), rng.randint(1, 12), rng.randint(1, 28)
    chance = rng.random()
    if chance < coarse / 3:
        return f"{year}"
    return f"{year}-{month:02}" if chance < coarse else f"{year}-{month:02}-{day:02}"


def _pact(number: int, rng: random.Random, source: object) -> Iterator[Row]:
    """Yield what is said of a pact, its signature, those who signed, and a facility that it opens."""

    def said(about: str, name: str, *values: str, lang: str = "") -> Iterator[Row]:
        """Yield claims of one property; most have one source, some several, a few rivals."""
        for value in values:
            for named in sorted({source() for _ in range(rng.choices((1, 2, 3, 5), (84, 11, 4, 1))[0])}):  # type: ignore[operator]
                note = "By the date of the article." if rng.random() < 0.15 else ""
                yield _row(about, name, value, named, lang, note)

    pact = f"pact/p{number}"
    one, other = rng.sample(range(COUNTRIES), 2)
    yield _row(pact, "type", "LogisticsSupportPact")
    yield _row(pact, "label", f"Pact {number}", lang="en")
    for lang in rng.sample(sorted(NAMES), rng.choices((1, 2, 3), (70, 20, 10))[0]):
        yield from said(pact, "name", NAMES[lang].format(number), lang=lang)
    yield from said(pact, "party", f"party/c{one}", f"party/c{other}")
    covered = min(int(rng.paretovariate(1.2)), len(SUPPORT))
    yield from said(pact, "covers", *(f"support/{name}" for name in rng.sample(SUPPORT, covered)))
    yield from said(
        pact,
        "designation",
        *rng.sample(["designation/agreement", "designation/arrangement"], rng.choices((1, 2), (9, 1))[0]),
    )
    for kind, cls in (("signature", "Signature"), ("entry", "EntryIntoForce")):
        action = f"{pact}/{kind}"
        yield _row(action, "type", cls)
        yield _row(action, "pact", pact)
        day = _day(rng)
        rivals = [day]
        if rng.random() < 0.2:
            rivals.append(day[:7] if len(day) == 10 else _day(rng))
        if rng.random() < 0.08:
            rivals.append(_day(rng))
        yield from said(action, "date", *dict.fromkeys(rivals))
    for party in (one, other):
        role, person = f"{pact}/signature/c{party}", f"person/n{rng.randrange(number + 1)}-{party % 7}"
        yield _row(role, "type", "SignatoryRole")
        yield _row(role, "signature", f"{pact}/signature")
        yield from said(role, "party", f"party/c{party}")
        yield _row(person, "type", "Person")
        yield from said(role, "person", person)
    facility = f"facility/f{number}"
    yield _row(facility, "type", "Facility")
    yield _row(facility, "label", f"Port {number}", lang="en")
    yield from said(facility, "country", f"party/c{other}")
    yield from said(facility, "latitude", f"{rng.uniform(-60, 70):.4f}")
    yield from said(facility, "longitude", f"{rng.uniform(-180, 180):.4f}")
    # A few pacts are in every paper, most in hardly any.
    for use in range(min(int(rng.paretovariate(0.9)), 60)):
        about = f"{pact}/use/u{use}"
        yield _row(about, "type", "Use")
        yield _row(about, "pact", pact)
        yield from said(about, "date", _day(rng))
        yield from said(about, "gist", f"A ship took on fuel at port {number}, visit {use}.", lang="en")


def write_rows(path: Path, claims: int, seed: int = 1) -> Path:
    """Write rows as CSV, or as JSON Lines where the name ends so."""
    with path.open("w", encoding="utf-8", newline="") as file:
        if path.suffix == ".csv":
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(ROW_FIELDS)
            writer.writerows(rows(claims, seed))
        else:
            for row in rows(claims, seed):
                told = {name: value for name, value in zip(ROW_FIELDS, row, strict=True) if value}
                file.write(json.dumps(told, ensure_ascii=False) + "\n")
    return path


if __name__ == "__main__":
    write_rows(Path(sys.argv[2]), int(sys.argv[1]))
