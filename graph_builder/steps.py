"""The whole way, on two cores where it can be: facts → claims → adjudications → accepted facts → rules → dist/."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from graph_builder import write
from graph_builder.adjudicate import Adjudication, Evidence, adjudicate, weigh_sources
from graph_builder.catalogue import emit_queries
from graph_builder.checksums import write_sums
from graph_builder.datapackage import datapackage
from graph_builder.describe import Build, Tally, tally, write_description
from graph_builder.emit import emit_accepted, emit_dataset, emit_evidence, emit_ontology, emit_subjects
from graph_builder.facts import Facts
from graph_builder.file_facts import SOURCE_CLASS
from graph_builder.fill import Filling
from graph_builder.infer import infer
from graph_builder.link_rules import Rules, load_rules
from graph_builder.links import emit_links, read_links
from graph_builder.locate import home
from graph_builder.manifest import Built, write_manifest
from graph_builder.mapping_set import mapping_sets
from graph_builder.mappings import ALIGNMENT_FILE, alignment_lines
from graph_builder.nodes import Node, lines_of, nodes_of
from graph_builder.ontology import Ontology, load_ontology
from graph_builder.progress import Report
from graph_builder.query import shipped_queries
from graph_builder.read import read_facts
from graph_builder.remember import Memory
from graph_builder.running import beside
from graph_builder.swap import replaced
from graph_builder.terms import ID, lexical
from graph_builder.turtle import shortener
from graph_builder.unchanged import fingerprint

_CLAIM = f"<{ID}claim/"
_EVIDENCE = tuple(f"<{ID}{kind}/" for kind in ("claim", "adjudication", "source", "mapping"))


def make(
    dist: Path,
    facts: Path,
    store: Filling,
    inputs: str,
    as_of: str | None,
    known_by: str | None,
    report: Report,
) -> Built:
    """Go every step from the facts to ``dist``; the arguments are those of ``pipeline.build``."""
    place = home()
    report("reading the ontology and the facts")
    ontology = load_ontology(place / "ontology")
    memory = Memory(dist.with_name(f".{dist.name}.facts.json"), fingerprint([place / "ontology"]))
    records = read_facts(facts, ontology, memory.read)
    rules = load_rules(place / "ontology")
    report("adjudicating")
    evidence = weigh_sources(records.placings, ontology)
    adjudications = adjudicate(records, ontology, known_by)
    hidden = _hidden(records, adjudications, evidence, known_by)
    today = as_of or evidence.newest(known_by)

    def accepted() -> list[str]:
        """Return the lines of all but the evidence: what is accepted, and what the rules make of it, sorted."""
        lines = {*emit_ontology(ontology), *emit_subjects(records, ontology, hidden), *emit_dataset(today, known_by)}
        lines.update(emit_accepted(adjudications, ontology))
        lines.update(infer(lines, place / "ontology" / "rules", ontology.prefixes))
        lines.update(emit_links(read_links(facts / "links", records, ontology, rules), hidden))
        lines.update(emit_queries(shipped_queries(place / "queries"), ontology.prefixes))
        return sorted(lines)

    report("inferring")
    with ExitStack() as stack:
        inferred = stack.enter_context(beside(accepted))
        new = stack.enter_context(replaced(dist))
        (tables := new / "tables").mkdir()
        store.into(new)
        evidence_nodes = emit_evidence(adjudications, ontology)
        told = {node[0]: lines_of(node) for node in evidence_nodes}
        store.hand_over(told.values())
        lines = inferred()
        store.hand_over(f"{line}\n" for line in lines)
        nodes = sorted([*nodes_of(lines), *evidence_nodes])
        del lines
        built = Built(
            dist=dist,
            as_of=today,
            known_by=known_by,
            sources=sum(cls == SOURCE_CLASS and key not in hidden for key, cls in records.classes.items()),
            claims=sum(subject.startswith(_CLAIM) for subject in told),
            accepted=sum(a.value is not None for a in adjudications),
            contested=sum(a.contested for a in adjudications),
            undetermined=sum(a.undetermined for a in adjudications),
            triples=sum(len(pairs) for _, pairs in nodes),
        )
        report("writing")
        counted = stack.enter_context(beside(partial(_write_and_count, new, nodes, ontology, rules)))
        shorten = shortener(ontology.prefixes)
        core = write.write_graph(new, nodes, told, ontology, shorten, _EVIDENCE)
        del told
        write.write_annotated(new / "graph.rdf12.ttl", core, adjudications, ontology, shorten)
        write.write_trig(new / "graph.trig", core, adjudications, ontology, shorten)
        write.write_claims(tables / "claims.csv", adjudications)
        write.write_context(new / write.CONTEXT_FILE, ontology)
        alignment = alignment_lines(place / "ontology" / "mappings", ontology)
        write.write_turtle(new / ALIGNMENT_FILE, alignment, ontology.prefixes)
        sets = write.copy_files(new / "mappings", mapping_sets(facts / "links"))
        description = Build(new, inputs, today, known_by, counted(), ontology, rules, sets)
        write_description(description)
        store.finish()
        datapackage(tables)
        write_manifest(new, built, inputs)
        memory.save()
        write_sums(new, {name: total for name, (_, total) in description.measured.items()})
    return built


def _write_and_count(folder: Path, nodes: Sequence[Node], ontology: Ontology, rules: Rules) -> Tally:
    write.write_linked(folder, nodes, ontology)
    return tally(nodes, rules)


def _hidden(
    facts: Facts, adjudications: Iterable[Adjudication], evidence: Evidence, known_by: str | None
) -> frozenset[str]:
    """Return the subjects that nothing heard speaks of, and the sources not heard."""
    if not known_by:
        return frozenset()
    spoken = {claim.about for claim in facts.claims}
    heard = {adjudication.about for adjudication in adjudications}
    named = {lexical(claim.value) for a in adjudications for claim in a.used if claim.value.startswith(f"<{ID}")}
    unheard = {
        key for key, cls in facts.classes.items() if cls == SOURCE_CLASS and not evidence.known_by(key, known_by)
    }
    return frozenset(unheard | (spoken - heard - named))
