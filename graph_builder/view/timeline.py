"""Time drawn as lanes: what was done to a pact and under it, with doubtful days as spans and rivals as ticks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from markupsafe import Markup

from graph_builder import edtf
from graph_builder.view.archive import Archive, Thing
from graph_builder.view.frame import CONTESTED_MARK, Frame

Row = Mapping[str, str]

#: How each kind of event is drawn, around the origin. Shape and colour (site.css) both tell the kind.
SHAPES: Mapping[str, Markup] = {
    "talks": Markup('<circle r="3.6"/>'),
    "signature": Markup('<circle r="5.6"/>'),
    "approval": Markup('<path d="M0-6.4 6.4 0 0 6.4-6.4 0z"/>'),
    "force": Markup('<path d="M-4.6-6 6.4 0-4.6 6z"/>'),
    "change": Markup('<path d="M-4.8-4.8h9.6v9.6h-9.6z"/>'),
    "end": Markup('<path d="M-4.6-4.6 4.6 4.6M-4.6 4.6 4.6-4.6"/>'),
    "paper": Markup('<path d="M-3.4-4.6h6.8v9.2h-6.8z"/>'),
    "use": Markup('<path d="M0 5.6-5.4-4h10.8z"/>'),
    "rival": Markup('<path d="M0-6v12"/>'),
}
NAMES: Mapping[str, str] = {
    "talks": "negotiation, announcement",
    "signature": "signature",
    "approval": "approval, exchange",
    "force": "entry into force, operation",
    "change": "renewal, amendment",
    "end": "end, suspension",
    "paper": "publication, registration",
    "use": "use",
    "rival": "another day that sources state",
}
_KINDS = {
    "Negotiation": "talks", "Announcement": "talks", "Initialling": "talks",
    "Signature": "signature", "Adoption": "signature",
    "GovernmentApproval": "approval", "ParliamentaryStage": "approval", "ParliamentaryApproval": "approval",
    "Promulgation": "approval", "Ratification": "approval", "ExchangeOfInstruments": "approval",
    "Notification": "approval",
    "EntryIntoForce": "force", "ProvisionalApplication": "force", "Operationalisation": "force",
    "Amendment": "change", "Renewal": "change",
    "Suspension": "end", "Termination": "end", "Expiry": "end",
    "Use": "use",
}  # fmt: skip
_IN_FORCE = ("in-force", "operational", "provisionally-applied")


@dataclass(frozen=True, slots=True)
class Event:
    """Something with a date. ``first`` and ``last`` are the days it can mean, None where that end is open."""

    thing: Thing
    kind: str
    when: str
    first: date | None
    last: date | None
    contested: bool = False
    rivals: Sequence[tuple[str, date | None, date | None]] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """What a lane shows of an event, in per cent of its width; a mark without width is a point."""

    kind: str
    left: float
    width: float
    told: str
    contested: bool
    open: bool
    days: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Lane:
    """The drawing of some events between two days."""

    marks: Sequence[Mark]
    told: str
    first: str
    last: str
    legend: Sequence[tuple[str, str]] = field(default_factory=list)
    contested: bool = False
    spans: bool = False


def events_of(archive: Archive, parts: Iterable[Thing]) -> list[Event]:
    """Return the dated actions and uses among the parts of a pact, in order of time; undated ones are left out."""
    found = [event for part in parts if part.root in ("Action", "Use") and (event := _event(archive, part))]
    return sorted(found, key=lambda event: (event.first or event.last or date.max, event.thing.key))


def _event(archive: Archive, part: Thing) -> Event | None:
    fact = archive.fact(part.key, "date")
    if not fact:
        return None
    rivals = [(text, *_days(text)) for text in sorted({claim.value.text for claim in fact.rivals})]
    rivals = [row for row in rivals if row[1] or row[2]]
    first, last = _days(fact.value.text) if fact.value else (None, None)
    if not (first or last or rivals):
        return None
    kind = _KINDS.get(part.kind, "paper")
    return Event(part, kind, fact.value.text if fact.value else "", first, last, fact.contested, rivals)


def _days(text: str) -> tuple[date | None, date | None]:
    try:
        first, last = edtf.bounds(text)
    except ValueError:
        return None, None
    return (date.fromisoformat(first) if first else None, date.fromisoformat(last) if last else None)


def life_of(archive: Archive, pact: Thing, parts: Sequence[Thing]) -> Lane:
    """Return the lane of one pact, as wide as its own life."""
    events = events_of(archive, parts)
    days = [day for event in events for day in _all_days(event)]
    if not days:
        return Lane((), "", "", "")
    force = _force(archive, pact, events)
    first = date(min(days).year, 1, 1)
    last = date(max([*days, *(force[1:] if force else ())]).year, 12, 31)
    return lane(events, first, last, force)


def _all_days(event: Event) -> list[date]:
    days = [event.first, event.last, *(day for _, *both in event.rivals for day in both)]
    return [day for day in days if day]


def _force(archive: Archive, pact: Thing, events: Sequence[Event]) -> tuple[date, date] | None:
    """Return the days between which a pact is held to be in force."""
    begins = [event.first or event.last for event in events if event.thing.kind == "EntryIntoForce" and event.when]
    begin = min((day for day in begins if day), default=None)
    if begin is None:
        return None
    if any(key.rpartition("/")[2] in _IN_FORCE for key in pact.keys("status")):
        return begin, date.fromisoformat(archive.as_of)
    ends = [event.last or event.first for event in events if event.kind == "end" and event.when]
    end = max((day for day in ends if day and day >= begin), default=None)
    return (begin, end) if end else None


def lane(events: Sequence[Event], first: date, last: date, force: tuple[date, date] | None = None) -> Lane:
    """Draw events between two days."""
    whole = max((last - first).days, 1)

    def at(day: date) -> float:
        return round(100 * (day - first).days / whole, 2)

    marks: list[Mark] = []
    if force:
        marks.append(_mark("force-span", force[0], force[1], at, "", False, False))
    for event in events:
        told = f"{event.when or '?'}: {event.thing.label}"
        for text, begin, end in event.rivals:
            day, other = begin or end, end or begin
            if day and other:
                rival = f"{text}: {event.thing.label}"
                marks.append(
                    _mark(
                        "rival", day, other if (other - day).days > 31 else day, at, rival, False, not (begin and end)
                    )
                )
        if event.contested:
            told += f" {CONTESTED_MARK}"
        if event.first and event.last and (event.last - event.first).days <= 1:
            marks.append(_mark(event.kind, event.first, event.first, at, told, event.contested, False))
        elif event.first and event.last:
            marks.append(_mark(event.kind, event.first, event.last, at, told, event.contested, False))
        elif day := event.first or event.last:
            # An open end: a short span that fades, because nobody says how long before or after.
            year = min(365, whole // 12)
            begin = day if event.first else max(first, date.fromordinal(day.toordinal() - year))
            end = day if event.last else min(last, date.fromordinal(day.toordinal() + year))
            marks.append(_mark(event.kind, begin, end, at, told, event.contested, True))
    kinds = {mark.kind for mark in marks}
    return Lane(
        marks=marks,
        told="; ".join(f"{event.when or '?'} {event.thing.label}" for event in events[:12])
        + ("; …" if len(events) > 12 else ""),
        first=str(first.year),
        last=str(last.year),
        legend=[(kind, name) for kind, name in NAMES.items() if kind in kinds],
        contested=any(event.contested for event in events),
        spans=any(mark.width for mark in marks if mark.kind not in ("force-span", "rival")),
    )


def _mark(
    kind: str, begin: date, end: date, at: Callable[[date], float], told: str, contested: bool, open_: bool
) -> Mark:
    left = at(begin)
    width = round(at(end) - left, 2)
    return Mark(
        kind,
        left,
        max(width, 0.4) if end > begin else 0.0,
        told,
        contested,
        open_,
        (begin.toordinal(), end.toordinal()),
    )


# ---------------------------------------------------------------- the page of all pacts


@dataclass(frozen=True, slots=True)
class Life:
    """A pact with its events and their drawing, and what the page's filters ask."""

    pact: Thing
    status: str
    kind: str
    parties: Sequence[str]
    events: Sequence[Event]
    drawn: Lane
    first: int


def timeline_page(archive: Archive, frame: Frame, title: str, query: str, rows: Iterable[Row]) -> str:
    """Return the timeline of every pact, from rows of pact and event; those without a dated event are counted."""
    parts: dict[str, list[Thing]] = {}
    for row in rows:
        if row["event"] in archive.things:
            parts.setdefault(row["pact"], []).append(archive.things[row["event"]])
    events = {key: events_of(archive, found) for key, found in parts.items() if key in archive.things}
    days = [day for found in events.values() for event in found for day in _all_days(event)]
    now = date.fromisoformat(archive.as_of)
    first, last = date(min(days, default=now).year, 1, 1), date(max([*days, now]).year, 12, 31)
    lives = [_life(archive, archive.things[key], found, first, last) for key, found in events.items() if found]
    lives.sort(key=lambda life: (life.first, life.pact.key))
    undated = sum(thing.root == "Pact" for thing in archive.pages) - len(lives)
    parties = {key: archive.label(key) for life in lives for key in life.parties}
    return frame.page(
        "timeline.html",
        "views/timeline.html",
        title,
        query=query,
        lives=lives,
        undated=undated,
        shapes=SHAPES,
        names=NAMES,
        axis=[
            (year, round(100 * (date(year, 1, 1) - first).days / (last - first).days, 2))
            for year in range(first.year, last.year + 1)
        ],
        span=(first.toordinal(), last.toordinal()),
        years=(first.year, last.year),
        now=round(100 * (now - first).days / (last - first).days, 2),
        parties=sorted(parties.items(), key=lambda item: item[1]),
        kinds=sorted({life.kind for life in lives}),
        statuses=sorted({life.status for life in lives}),
    )


def _life(archive: Archive, pact: Thing, events: Sequence[Event], first: date, last: date) -> Life:
    begin = min(day for event in events for day in _all_days(event))
    status = next(iter(pact.keys("status")), "")
    return Life(
        pact=pact,
        status=status,
        kind=pact.kind,
        parties=pact.keys("party"),
        events=events,
        drawn=lane(events, first, last, _force(archive, pact, events)),
        first=begin.toordinal(),
    )
