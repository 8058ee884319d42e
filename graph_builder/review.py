"""Proposals as mapping sets, and a person's answers to them: accepted into a set of links, or refused for good."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from graph_builder.link_rules import Link, Rules
from graph_builder.mapping_set import REFUSED, SEMAPV, SUFFIX, mapping_sets, read_set
from graph_builder.problems import BadInputError, Problem, printable
from graph_builder.reconcile import Proposal
from graph_builder.terms import ID

COLUMNS = (
    "subject_id", "subject_label", "predicate_id", "predicate_modifier", "object_id", "object_label", "object_category",
    "mapping_justification", "author_label", "reviewer_label", "mapping_tool", "mapping_date", "confidence",
    "similarity_score", "mapping_source", "see_also", "comment", "object_latitude", "object_longitude",
)  # fmt: skip
_LICENSE = "https://creativecommons.org/licenses/by/4.0/"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_IDENTITY = "skos:exactMatch"
_MEANS = {"a": "accepted", "r": "refused", "s": "left for later", "q": "stopped"}


def proposed_rows(proposals: Iterable[Proposal]) -> list[dict[str, str]]:
    """Return a row for each proposal, with the parts of its score in words."""
    rows = []
    for proposal in proposals:
        row = {
            "subject_id": f"id:{proposal.thing.key}",
            "subject_label": proposal.thing.names[0],
            "predicate_id": _IDENTITY,
            "object_id": proposal.entry.id,
            "object_label": proposal.entry.names[0],
            "object_category": proposal.entry.category,
            "mapping_justification": "semapv:CompositeMatching",
            "mapping_tool": "pacts link",
            "confidence": f"{proposal.score:.3f}",
            "similarity_score": f"{proposal.score:.3f}",
            "comment": proposal.told,
        }
        if proposal.entry.point:
            latitude, longitude = proposal.entry.point
            row |= {"object_latitude": f"{latitude:g}", "object_longitude": f"{longitude:g}"}
        rows.append(row)
    return sorted(rows, key=lambda row: (row["subject_id"], row["object_id"]))


def write_set(name: str, title: str, rows: Iterable[Mapping[str, str]], rules: Rules) -> str:
    """Return rows as a mapping set."""
    rows = list(rows)
    prefixes = {row["object_id"].partition(":")[0] for row in rows}
    columns = [column for column in COLUMNS if any(row.get(column) for row in rows)] or list(COLUMNS[:8])
    placed = "object_latitude" in columns
    lines = [
        f"#mapping_set_id: https://w3id.org/logistics-pacts/mappings/{name}{SUFFIX}",
        f"#mapping_set_title: {title}",
        f"#license: {_LICENSE}",
        "#curie_map:",
        f'#  id: "{ID}"',
        *(f'#  {prefix}: "{rules.prefixes[prefix].base}"' for prefix in sorted(prefixes)),
        *(['#  schema: "https://schema.org/"'] if placed else []),
        f'#  semapv: "{SEMAPV}"',
        f'#  skos: "{_SKOS}"',
    ]
    if placed:
        lines.append("#extension_definitions:")
        for column in ("latitude", "longitude"):
            lines += [
                f"#  - slot_name: object_{column}",
                f"#    property: schema:{column}",
                "#    type_hint: http://www.w3.org/2001/XMLSchema#decimal",
            ]
    return "\n".join(lines) + "\n" + _table(columns, rows, header=True)


def _table(columns: Iterable[str], rows: Iterable[Mapping[str, str]], *, header: bool) -> str:
    buffer = io.StringIO()
    table = csv.DictWriter(buffer, list(columns), delimiter="\t", lineterminator="\n", extrasaction="ignore")
    if header:
        table.writeheader()
    table.writerows(rows)
    return buffer.getvalue()


def read_refused(folder: Path, rules: Rules) -> set[tuple[str, str]]:
    """Return the refused pairs: keys of ours with CURIEs. Raises BadInputError when the set cannot be read."""
    path = folder / REFUSED
    if not path.is_file():
        return set()
    return {(link.about, link.row["object_id"]) for link in _read(path, rules)}


def _read(path: Path, rules: Rules) -> list[Link]:
    problems: list[Problem] = []
    links = read_set(path, rules, problems)
    if problems:
        raise BadInputError(problems)
    return links


@dataclass
class Reviewed:
    """What a review did: how many proposals were accepted, refused and left, and in which files."""

    accepted: int = 0
    refused: int = 0
    left: int = 0
    files: set[Path] = field(default_factory=set)


def review(
    proposals: Path,
    folder: Path,
    rules: Rules,
    ask: Callable[[str], str],
    tell: Callable[[str], None],
    who: str,
    day: str,
) -> Reviewed:
    """Ask about each proposal of a set, and write every answer at once, so that a stopped review loses none.

    ``ask`` returns a, r, s or q. Accepted rows go to the mapping set of their data set, refused ones to the set of
    refusals; both leave the proposals, so that a later review begins where this one ended.
    """
    links = _read(proposals, rules)
    reviewed = Reviewed()
    done: set[tuple[str, str]] = set()
    homes = _homes(folder, rules)
    for number, link in enumerate(links, 1):
        row = link.row
        told = [
            f"[{number}/{len(links)}] {row.get('subject_label', link.about)} ({link.about})",
            f"    is  {row.get('object_label', '')} ({row['object_id']}), a {row['object_category']}",
            f"        {printable(row.get('comment', ''), 160)}  {link.target}",
        ]
        tell("\n".join(told))
        answer = ask("accept, refuse, skip or quit? ")
        if answer == "q":
            reviewed.left += len(links) - number + 1
            break
        if answer == "s":
            reviewed.left += 1
            continue
        answered = {**row, "reviewer_label": who, "mapping_date": day}
        if answer == "a":
            target = homes.get(link.prefix) or folder / f"{link.prefix}{SUFFIX}"
            reviewed.accepted += 1
        else:
            target = folder / REFUSED
            answered["predicate_modifier"] = "Not"
            reviewed.refused += 1
        _add(target, answered, rules)
        reviewed.files.add(target)
        done.add((link.about, row["object_id"]))
        rest = [other.row for other in links if (other.about, other.row["object_id"]) not in done]
        proposals.write_text(write_set("proposals", "Proposed links", rest, rules), encoding="utf-8", newline="\n")
    return reviewed


def _homes(folder: Path, rules: Rules) -> dict[str, Path]:
    """Return the mapping set that holds most links of each prefix."""
    found: dict[str, dict[Path, int]] = {}
    for path in mapping_sets(folder):
        for link in read_set(path, rules, []):
            count = found.setdefault(link.prefix, {})
            count[path] = count.get(path, 0) + 1
    return {prefix: max(count, key=lambda path: count[path]) for prefix, count in found.items()}


def _add(path: Path, row: Mapping[str, str], rules: Rules) -> None:
    """Add a row to a mapping set, which is made when it is not there, in the order of its rows."""
    rows: list[Mapping[str, str]] = [row]
    name = path.name.removesuffix(SUFFIX)
    if not path.is_file():
        title = "Refused links" if path.name == REFUSED else f"Logistics pacts to {name}"
        path.write_text(write_set(name, title, rows, rules), encoding="utf-8", newline="\n")
        return
    text = path.read_text(encoding="utf-8")
    lines = text.split("\n")
    height = next(number for number, line in enumerate(lines) if not line.startswith("#"))
    columns = lines[height].split("\t")
    old = [{**link.row} for link in _read(path, rules)]
    more = [column for column in COLUMNS if row.get(column) and column not in columns]
    columns = sorted([*columns, *more], key=COLUMNS.index)
    rows = sorted([*old, row], key=lambda r: (r["subject_id"], r["predicate_id"], r["object_id"]))
    head = "\n".join(lines[:height])
    prefix = row["object_id"].partition(":")[0]
    if f"#  {prefix}:" not in head:
        head = head.replace("#curie_map:", f'#curie_map:\n#  {prefix}: "{rules.prefixes[prefix].base}"', 1)
    if any(column.startswith("object_l") and column.endswith("itude") for column in more):
        head += "\n" + "\n".join(_EXTENSIONS)
    path.write_text(head + "\n" + _table(columns, rows, header=True), encoding="utf-8", newline="\n")


_EXTENSIONS = [
    "#extension_definitions:",
    *(
        line
        for column in ("latitude", "longitude")
        for line in (
            f"#  - slot_name: object_{column}",
            f"#    property: https://schema.org/{column}",
            "#    type_hint: http://www.w3.org/2001/XMLSchema#decimal",
        )
    ),
]


def keyboard(question: str) -> str:
    """Ask in the terminal and return a, r, s or q; the end of the input is q."""
    while True:
        try:
            answer = input(question).strip().lower()[:1]
        except EOFError:
            return "q"
        if answer in _MEANS:
            return answer
        print(f"  press {', '.join(f'{key} ({means})' for key, means in _MEANS.items())}")
