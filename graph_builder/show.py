"""Cards for people: what the graph holds of a subject, and why it holds a fact."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from graph_builder.infer import rules_for
from graph_builder.locate import home
from graph_builder.prefixes import load_prefixes
from graph_builder.problems import UsageError, did_you_mean, printable
from graph_builder.query import bind, cell, load_query, open_store, resolve, run
from graph_builder.terms import ID, LP, RDFS_LABEL, key_of

_DIM, _BOLD, _WARN, _OFF = "\x1b[2m", "\x1b[1m", "\x1b[33m", "\x1b[0m"


class Card:
    """Reads one built graph through the queries in queries/cards/."""

    def __init__(self, dist: Path | None = None) -> None:
        self.store = open_store(dist)
        self.prefixes = load_prefixes(home() / "ontology")

    def rows(self, name: str, **values: str) -> Iterator[dict[str, str]]:
        """Run a card's query (or a shipped one, by ../name) and yield its rows as texts."""
        query = load_query((home() / "queries" / "cards" / f"{name}.rq").resolve())
        result: Any = run(self.store, bind(query, values, self.prefixes), self.prefixes)
        columns = [variable.value for variable in result.variables]
        for row in result:
            yield {column: printable(cell(row[column]), 2_000) for column in columns}

    def find(self, word: str) -> str:
        """Return the key of the subject meant by a key, a prefixed name, an IRI, or a part of a key or name.

        Raises UsageError when nothing is meant, or several things equally.
        """
        node = resolve(word, self.prefixes)
        if node and next(iter(self.store.quads_for_pattern(node, None, None)), None):
            return key_of(node.value)
        found = list(dict.fromkeys(row["thing"] for row in self.rows("find", word=word.lower())))
        whole = [key for key in found if key.partition("/")[2] == word.lower()]
        if len(found) == 1 or len(whole) == 1:
            return (whole or found)[0]
        if not found:
            raise UsageError(f"nothing is called {printable(word)!r}{did_you_mean(word, self.keys())}")
        more = f" … and {len(found) - 8} more" if len(found) > 8 else ""
        raise UsageError(f"{printable(word)!r} may mean {', '.join(found[:8])}{more}; give one of these keys")

    def label(self, key: str) -> str:
        """Return the label of a subject, or its key where it has none."""
        for label in ("https://w3id.org/logistics-pacts/ontology#label", RDFS_LABEL[1:-1]):
            for quad in self.store.quads_for_pattern(ox.NamedNode(ID + key), ox.NamedNode(label), None):
                return printable(cell(quad.object), 200)
        return key

    def keys(self) -> Iterator[str]:
        """Yield the key of every subject that has a label."""
        label = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
        for quad in self.store.quads_for_pattern(None, label, None):
            if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(ID):
                yield quad.subject.value[len(ID) :]


def show_card(subject: str, dist: Path | None = None, whole: bool = False) -> None:
    """Print what the graph holds of a subject, contested facts marked: its story on a screen, or the whole.

    The story gives what was done line by line and the other parts by their names; its lines are as wide as the
    terminal, or 120 columns where there is none.
    """
    card = Card(dist)
    key = card.find(subject)
    facts = list(card.rows("facts", subject=key))
    parts = list(card.rows("parts", subject=key))
    if not whole:  # the story names parts as they follow the subject's own key
        parts = [{**row, "part": row["part"].removeprefix(key)} for row in parts]
    _title(card.label(key), key)
    for name, group in groupby(card.rows("placed", subject=key), key=lambda row: row["propertyLabel"]):
        _line(name, ", ".join(row["shown"] for row in group), "")
    for name, group in groupby(facts, key=lambda row: row["propertyLabel"]):
        _facts(name, list(group), whole)
    actions = [row for row in parts if row["action"] == "true"]
    _parts("what was done", actions, whole)
    others = sorted((row for row in parts if row["action"] != "true"), key=lambda row: row["class"])
    others = [row for row in others if whole or row["class"] != "participation"]
    for name, group in groupby(others, key=lambda row: row["class"]):
        rows = list(group)
        if whole:
            _parts(name, rows, whole)
        else:
            _named(name, rows)
    if any(row["contested"] == "true" for row in [*facts, *parts]):
        part = next((row["part"] for row in parts if row["contested"] == "true"), "")
        example = f"  or  pacts why {key if part.startswith('/') else ''}{part}" if part else ""
        print(f"\n! contested: see  pacts why {key}{example}")
    if not whole and (len(parts) > _FEW or len(facts) > _FEW):
        print(f"  everything, with the number of sources: pacts show {key} --all")


_FEW, _MANY = 4, 10
_NAME = 20
_MINOR = ("negotiation", "announcement", "parliamentary stage", "publication")


def _facts(name: str, rows: list[dict[str, str]], whole: bool) -> None:
    if whole:
        for first, row in enumerate(rows):
            shown = row["shown"] or "undetermined"
            _line("" if first else name, shown, _support(row), contested=row["contested"] == "true")
        return
    held = [row for row in rows if row["shown"]]
    if len(rows) == 1:
        _brief(name, rows[0]["shown"] or "undetermined", _support(rows[0]), rows)
    elif held:
        shown = ", ".join(textwrap.shorten(row["shown"], 60, placeholder="…") for row in held)
        _brief(name, shown, f"{len(held)}", rows)


def _parts(name: str, rows: list[dict[str, str]], whole: bool) -> None:
    if not rows:
        return
    shown = rows
    if not whole and len(rows) > _MANY:
        shown = [row for row in rows if row["class"] not in _MINOR or row["contested"] == "true"][:_MANY]
    _heading(f"{name}" + (f" ({len(shown)} of {len(rows)})" if len(shown) < len(rows) else ""))
    for row in shown:
        text = row["label"] if not row["gist"] else f"{row['label']}: {row['gist']}"
        tail = f"{_count(row['sources'])}; {row['part']}"
        if whole:
            _line(row["date"], text, tail, contested=row["contested"] == "true")
        else:
            _brief(row["date"], text, tail, [row])


def _named(name: str, rows: list[dict[str, str]]) -> None:
    """Print the parts of one class on one line, by their names."""
    tail = f"{_count(rows[0]['sources'])}; {rows[0]['part']}" if len(rows) == 1 else f"{len(rows)}"
    _brief(name, "; ".join(row["label"] for row in rows), tail, rows)


def _brief(name: str, text: str, tail: str, rows: Iterable[Mapping[str, str]]) -> None:
    """Print a line that fits the terminal, marked where one of its rows is contested."""
    room = max(20, shutil.get_terminal_size((120, 50)).columns - len(tail) - max(_NAME, len(name)) - 7)
    shown = text if len(text) <= room else f"{text[: room - 1].rstrip()}…"
    _line(name, shown, tail, any(row["contested"] == "true" for row in rows))


def _support(row: Mapping[str, str]) -> str:
    if not row["shown"]:
        return row["reason"]
    return f"{_count(row['sources'])}, {row['tier']}" + (f"; {row['reason']}" if row["contested"] == "true" else "")


def _count(sources: str) -> str:
    return {"0": "derived", "1": "one source alone"}.get(sources, f"{sources} sources")


def why(subject: str, name: str | None, dist: Path | None = None) -> None:
    """Print what is accepted of a subject's property and why, the rivals, and every source of each."""
    card = Card(dist)
    key = card.find(subject)
    given = {"subject": key} | ({"property": name} if name else {})
    rows = list(card.rows("../why", **given))
    if not rows and name and _show_unclaimed(card, key, name):
        return
    if not rows:
        known = sorted({row["property"] for row in card.rows("../why", subject=key)})
        has = f"; claims are on: {', '.join(known)}" if known else ""
        raise UsageError(f"nothing is claimed of {key}{f' {printable(name)}' if name else ''}{has}")
    for _, group in groupby(rows, key=lambda row: row["adjudication"]):
        claims = list(group)
        first = claims[0]
        _title(f"{key}  {first['property']}", "contested" if first["contested"] == "true" else "")
        accepted = next((r["valueLabel"] or r["value"] for r in claims if r["stands"] == "accepted"), first["accepted"])
        _line("accepted", accepted or "nothing", first["reason"])
        if first["ruling"]:
            _line("editor", first["ruling"], "")
        by_value = sorted(claims, key=lambda r: (("accepted", "supports", "rival").index(r["stands"]), r["value"]))
        for (stands, value), sources in groupby(by_value, key=lambda r: (r["stands"], r["valueLabel"] or r["value"])):
            _line(stands, value, "", contested=stands == "rival")
            for row in sources:
                about = f"{row['publisher']}, {row['published'] or 'no date'} ({row['tier']})"
                extra = "; ".join(
                    filter(None, (row["printed"] and f"prints “{row['printed']}”", row["locator"], row["note"]))
                )
                _line("", f"  {about}" + (f": {extra}" if extra else ""), row["url"])


def _show_unclaimed(card: Card, key: str, name: str) -> bool:
    """Print what holds of a subject without any claim, and the rule that says so; tell whether there is such."""
    values = [row["shown"] for row in card.rows("placed", subject=key) if row["property"] == name]
    if not values:
        return False
    _title(f"{key}  {name}", "")
    for value in values:
        _line("held", value, "")
    about, predicate = ox.NamedNode(ID + key), ox.NamedNode(LP + name)
    rules = list(rules_for(card.store, about, predicate, home() / "ontology" / "rules", card.prefixes))
    for rule, told in rules:
        _line("derived", told, f"ontology/rules/{rule}")
    if not rules:
        _line("placed", "by the editors of the fact files; it says what the subject is, and needs no source", "")
    return True


def _paint(text: str, style: str) -> str:
    return f"{style}{text}{_OFF}" if sys.stdout.isatty() else text


def _title(text: str, key: str) -> None:
    print(f"\n{_paint(text, _BOLD)}  {_paint(key, _DIM)}".rstrip())


def _heading(text: str) -> None:
    print(f"  {_paint(text, _BOLD)}")


def _line(name: str, value: str, tail: str, contested: bool = False) -> None:
    mark = _paint("!", _WARN) if contested else " "
    shown = textwrap.shorten(value, 400, placeholder=" …") if len(value) > 400 else value
    print(f"{mark} {name:<{_NAME}} {shown}" + (f"  {_paint(f'[{tail}]', _DIM)}" if tail else ""))
