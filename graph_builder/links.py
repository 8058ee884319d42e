"""From mapping sets to links: reads facts/links/*.sssom.tsv, checks them together, and yields N-Triples."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from graph_builder import terms
from graph_builder.facts import Facts
from graph_builder.link_checks import check_links
from graph_builder.link_rules import Link, Rules
from graph_builder.mapping_set import SEMAPV, SSSOM, mapping_sets, read_set
from graph_builder.ontology import Ontology
from graph_builder.problems import BadInputError, Problem
from graph_builder.terms import RDF_TYPE, thing

_OWL = "http://www.w3.org/2002/07/owl#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"


def read_links(folder: Path, facts: Facts, ontology: Ontology, rules: Rules) -> list[Link]:
    """Read every mapping set of a folder and check it against the facts.

    A folder that is not there holds no links. Raises BadInputError with every problem of every set.
    """
    problems: list[Problem] = []
    links: list[Link] = []
    for path in mapping_sets(folder):
        links.extend(read_set(path, rules, problems))
    fitting, wrong = check_links(links, facts, ontology, rules)
    if problems or wrong:
        raise BadInputError([*problems, *wrong])
    return fitting


def emit_links(links: Iterable[Link], hidden: frozenset[str] = frozenset()) -> Iterator[str]:
    """Yield each link as a plain triple, and the mapping that tells on what ground it stands.

    A refuted link yields its mapping only. Links of ``hidden`` subjects are left out.
    """
    for link in links:
        if link.about not in hidden:
            yield from _emit_link(link)


def _emit_link(link: Link) -> Iterator[str]:
    about, predicate, target = thing(link.about), f"<{link.predicate.iri}>", f"<{link.target}>"
    mapping, row = link.iri, link.row
    if link.refuted:
        yield f"{mapping} <{SSSOM}predicate_modifier> <{SSSOM}NegatedPredicate> ."
    else:
        yield f"{about} {predicate} {target} ."
        yield f"{mapping} {RDF_TYPE} <{_OWL}Axiom> ."
    yield f"{mapping} {RDF_TYPE} <{SSSOM}Mapping> ."
    yield f"{mapping} <{_OWL}annotatedSource> {about} ."
    yield f"{mapping} <{_OWL}annotatedProperty> {predicate} ."
    yield f"{mapping} <{_OWL}annotatedTarget> {target} ."
    justification = SEMAPV + row["mapping_justification"].partition(":")[2]
    yield f"{mapping} <{SSSOM}mapping_justification> <{justification}> ."
    if "confidence" in row:
        yield f"{mapping} <{SSSOM}confidence> {terms.typed(row['confidence'], 'double')} ."
    if "mapping_date" in row:
        yield f"{mapping} <{SSSOM}mapping_date> {terms.typed(row['mapping_date'], 'date')} ."
    for column in ("mapping_source", "see_also"):
        for address in filter(None, row.get(column, "").split("|")):
            yield f"{mapping} <{SSSOM}{column}> <{address}> ."
    for column in ("object_label", "object_category", "author_label", "reviewer_label", "mapping_tool"):
        if column in row:
            yield f"{mapping} <{SSSOM}{column}> {terms.text(row[column])} ."
    if "comment" in row:
        yield f"{mapping} <{_RDFS}comment> {terms.text(row['comment'], 'en')} ."
