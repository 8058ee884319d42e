"""The command pacts link: from facts to proposals, and from a person's answers to links."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from graph_builder import edtf
from graph_builder.gazetteers import load_gazetteer
from graph_builder.link_rules import load_rules
from graph_builder.links import read_links
from graph_builder.locate import home
from graph_builder.ontology import load_ontology
from graph_builder.problems import UsageError, printable
from graph_builder.read import read_facts
from graph_builder.reconcile import Matcher, propose_all, things
from graph_builder.review import keyboard, proposed_rows, read_refused, review, write_set


def propose_links(
    target: str, folder: Path | None = None, report: Callable[[str], None] = lambda step: None
) -> tuple[str, str]:
    """Return proposals for every thing that has no identity in a data set, as SSSOM, and how many there are.

    ``target`` names a gazetteer, or a configuration file of one. Raises BadInputError for bad facts, links or
    refusals, and UsageError for a target that is none or does not answer.
    """
    place = home()
    folder = folder or place / "facts"
    report("reading the ontology and the facts")
    ontology, rules = load_ontology(place / "ontology"), load_rules(place / "ontology")
    facts = read_facts(folder, ontology)
    links = read_links(folder / "links", facts, ontology, rules)
    refused = read_refused(folder / "links", rules)
    refused |= {(link.about, link.row["object_id"]) for link in links if link.refuted}
    ours = things(facts, links)
    report(f"reading {printable(target)}")
    gazetteer = load_gazetteer(target, ours, rules)
    identities = [link for link in links if link.prefix == gazetteer.prefix and link.predicate.identity]
    linked = {key for link in identities if not link.refuted for key in (link.about, link.row["object_id"])}
    matcher = Matcher(gazetteer, rules, ontology)
    rows = proposed_rows(propose_all(matcher, ours, linked, refused, report))
    text = write_set("proposals", f"Links proposed to {gazetteer.name}", rows, rules)
    return text, f"{len(rows)} links proposed to {gazetteer.name}; answer them with pacts link review FILE"


def review_proposals(proposals: Path, folder: Path | None, who: str, day: str | None) -> str:
    """Ask about each proposal in the terminal, write the answers into facts/links, and return what was done."""
    place = home()
    day = day or datetime.now(UTC).date().isoformat()
    try:
        exact = len(day) == 10 and edtf.bounds(day) == (day, day)
    except ValueError:
        exact = False
    if not exact:
        raise UsageError(f"{printable(day)!r} is no day; write it such as 2026-11-22")
    if not proposals.is_file():
        raise UsageError(f"{printable(str(proposals))} is no file; write one with pacts link TARGET --out FILE")
    links = (folder or place / "facts") / "links"
    links.mkdir(parents=True, exist_ok=True)
    done = review(proposals, links, load_rules(place / "ontology"), keyboard, print, who, day)
    told = f"{done.accepted} accepted, {done.refused} refused, {done.left} left"
    return told + "".join(f"\nwrote {path}" for path in sorted(done.files))
