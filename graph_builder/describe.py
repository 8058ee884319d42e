"""What a build says of itself: VoID, DCAT 3 and schema.org, and the activity that made it.

Every number is counted from the triples and the files of the build. Nothing asks the clock: a build from the same
inputs describes itself in the same words.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from operator import itemgetter
from pathlib import Path
from typing import Any

from graph_builder import __version__, terms
from graph_builder.emit import DATASET
from graph_builder.link_rules import Rules
from graph_builder.nodes import Node
from graph_builder.ontology import Ontology
from graph_builder.terms import ID, LP, RDF_TYPE
from graph_builder.turtle import header, shortener, turtle
from graph_builder.write import linked

BASE = "https://w3id.org/logistics-pacts"
DATA = f"{BASE}/data/"
VOID_FILE = "void.ttl"
WELL_KNOWN = ".well-known/void"
JSON_FILE = "dataset.jsonld"
LICENSE = "https://creativecommons.org/licenses/by/4.0/"

TITLE = "Logistics pacts"
DESCRIPTION = (
    "A knowledge graph of India's military-logistics pacts and of the pacts between India's partners, with the "
    "parties, facilities, signatories, terms and uses that go with them; every fact carries the sources that state it, "
    "contradictory claims are all kept, and one value is accepted with a stated reason."
)
KEYWORDS = ("treaties", "military logistics", "defence cooperation", "India", "provenance", "linked data")
AUTHORS = "The logistics-pacts authors"

PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "void": "http://rdfs.org/ns/void#",
    "xsd": terms.XSD,
}
_MEDIA = "https://www.iana.org/assignments/media-types/"
_FORMATS = "http://www.w3.org/ns/formats/"
_SPATIAL = "http://publications.europa.eu/resource/authority/country/IND"


@dataclass(frozen=True, slots=True)
class Offer:
    """A file that people load: its name, what it holds, its media type, and the name of its RDF format."""

    name: str
    told: str
    media: str
    rdf: str | None = None


OFFERS = (
    Offer("graph.nt", "Everything, as sorted N-Triples", "application/n-triples", "N-Triples"),
    Offer("graph.ttl", "Everything, as Turtle", "text/turtle", "Turtle"),
    Offer("graph.jsonld", "Everything, as JSON-LD", "application/ld+json", "JSON-LD"),
    Offer("graph.trig", "Accepted facts, and a graph for each source with what it states", "application/trig", "TriG"),
    Offer("graph.rdf12.ttl", "Accepted facts, each reified by its adjudication, as RDF 1.2 Turtle", "text/turtle"),
    Offer("pacts.ttl", "Accepted and derived facts and names: what most people load", "text/turtle", "Turtle"),
    Offer("tables/claims.csv", "Every claim as a row", "text/csv"),
)


@dataclass
class Tally:
    """How much a graph holds, counted node by node."""

    triples: int = 0
    entities: int = 0
    subjects: int = 0
    objects: int = 0
    classes: Counter[str] = field(default_factory=Counter)
    """IRI of each class → how many things are typed by it."""
    properties: Counter[str] = field(default_factory=Counter)
    """IRI of each property → how many triples have it."""
    links: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Prefix of each data set linked to, and IRI of the property → how many triples join it."""


def tally(nodes: Iterable[Node], rules: Rules) -> Tally:
    """Count what nodes hold; entities are the subjects below the data set's own base."""
    found = Tally()
    bases = sorted(((f"<{target.base}", prefix) for prefix, target in rules.prefixes.items()), reverse=True)
    linking = {f"<{predicate.iri}>" for predicate in rules.predicates.values()}
    nodes = list(nodes)
    found.subjects = len(nodes)
    found.entities = sum(subject.startswith(f"<{ID}") for subject, _ in nodes)
    pairs = list(chain.from_iterable(pairs for _, pairs in nodes))
    found.triples = len(pairs)
    found.objects = len(set(map(itemgetter(1), pairs)))
    properties = Counter(map(itemgetter(0), pairs))
    found.properties = Counter({term[1:-1]: count for term, count in properties.items()})
    found.classes = Counter(value[1:-1] for predicate, value in pairs if predicate == RDF_TYPE)
    own = chain.from_iterable(pairs for subject, pairs in nodes if subject.startswith(f"<{ID}"))
    for predicate, value in [pair for pair in own if pair[0] in linking]:
        if prefix := next((prefix for base, prefix in bases if value.startswith(base)), None):
            found.links[prefix, predicate[1:-1]] += 1
    return found


@dataclass(frozen=True)
class Build:
    """What a description needs to know of the build: its folder, its inputs and its day."""

    folder: Path
    inputs: str
    as_of: str
    known_by: str | None
    found: Tally
    ontology: Ontology
    rules: Rules
    mapping_sets: tuple[str, ...] = ()

    @property
    def version(self) -> str:
        """Return the version of the data, which is the ontology's."""
        return _told(self.ontology, "http://www.w3.org/2002/07/owl#versionInfo")

    @property
    def created(self) -> str:
        """Return the day on which the data set was begun."""
        return _told(self.ontology, "http://purl.org/dc/terms/created")

    @cached_property
    def measured(self) -> dict[str, tuple[int, str]]:
        """Return each file that people load → its size in bytes and its SHA-256 sum."""
        return {offer.name: measure(self.folder / offer.name) for offer in self.offers}

    @property
    def offers(self) -> tuple[Offer, ...]:
        """Return the files that people load, those that the build wrote."""
        sets = (
            Offer(f"mappings/{name}", f"Links to other data sets, as SSSOM: {name.partition('.')[0]}", _SSSOM_MEDIA)
            for name in self.mapping_sets
        )
        return tuple(offer for offer in (*OFFERS, *sets) if (self.folder / offer.name).is_file())


_SSSOM_MEDIA = "text/tab-separated-values"


def _told(ontology: Ontology, predicate: str) -> str:
    about = LP.removesuffix("#")
    found = (t.object for t in ontology.triples if str(t.subject) == f"<{about}>" and t.predicate.value == predicate)
    return str(getattr(next(found), "value", ""))


def write_description(build: Build) -> None:
    """Write void.* (void.ttl again as .well-known/void) and dataset.jsonld into the build's folder."""
    lines = sorted(set(emit_description(build)))
    prefixes = {**PREFIXES, **{name: target.base for name, target in build.rules.prefixes.items()}, "lp": LP}
    text = header(prefixes) + "".join(turtle(lines, shortener(prefixes)))
    (build.folder / WELL_KNOWN).parent.mkdir(exist_ok=True)
    for name in (VOID_FILE, WELL_KNOWN):
        (build.folder / name).write_text(text, encoding="utf-8", newline="\n")
    plain = "".join(f"{line}\n" for line in lines)
    (build.folder / "void.nt").write_text(plain, encoding="utf-8", newline="\n")
    (build.folder / "void.jsonld").write_text(linked(plain), encoding="utf-8", newline="\n")
    told = json.dumps(json_description(build), indent=2, ensure_ascii=False)
    (build.folder / JSON_FILE).write_text(told + "\n", encoding="utf-8", newline="\n")


# ---------------------------------------------------------------- triples


def _iri(name: str) -> str:
    """Return an IRI term of a name such as void:Dataset."""
    prefix, _, local = name.partition(":")
    return f"<{PREFIXES[prefix]}{local}>"


def _number(value: int) -> str:
    return terms.typed(str(value), "integer")


def _part(kind: str, iri: str, spaces: Mapping[str, str]) -> str:
    """Return the IRI term of a part of the description, named for what it is about."""
    for name, space in sorted(spaces.items(), key=lambda item: -len(item[1])):
        if iri.startswith(space):
            return f"<{BASE}/void#{kind}-{name}-{iri[len(space) :].strip('/').replace('/', '-')}>"
    return f"<{BASE}/void#{kind}-{hashlib.sha256(iri.encode()).hexdigest()[:12]}>"


def emit_description(build: Build) -> Iterator[str]:
    """Yield the description as N-Triples lines, without nameless nodes."""
    yield from _emit_dataset(build)
    yield from _emit_counts(build)
    yield from _emit_linksets(build)
    yield from _emit_distributions(build)
    yield from _emit_provenance(build)


def _emit_dataset(build: Build) -> Iterator[str]:
    catalog = f"<{BASE}/void#catalog>"
    yield f"{catalog} {RDF_TYPE} {_iri('dcat:Catalog')} ."
    yield f"{catalog} {_iri('dcterms:title')} {terms.text(f'Catalogue of {TITLE.lower()}', 'en')} ."
    yield f"{catalog} {_iri('dcat:dataset')} {DATASET} ."
    description = f"<{BASE}/void>"
    yield f"{description} {RDF_TYPE} {_iri('void:DatasetDescription')} ."
    yield f"{description} {_iri('dcterms:title')} {terms.text(f'Description of the data set {TITLE}', 'en')} ."
    yield f"{description} {_iri('foaf:primaryTopic')} {DATASET} ."
    for kind in ("void:Dataset", "dcat:Dataset", "prov:Entity"):
        yield f"{DATASET} {RDF_TYPE} {_iri(kind)} ."
    authors = f"<{BASE}/void#authors>"
    yield f"{authors} {RDF_TYPE} {_iri('foaf:Organization')} ."
    yield f"{authors} {RDF_TYPE} {_iri('prov:Agent')} ."
    yield f"{authors} {_iri('foaf:name')} {terms.text(AUTHORS)} ."
    said = {
        "dcterms:title": terms.text(TITLE, "en"),
        "dcterms:description": terms.text(DESCRIPTION, "en"),
        "dcterms:license": f"<{LICENSE}>",
        "dcterms:creator": authors,
        "dcterms:publisher": authors,
        "dcterms:created": terms.typed(build.created, "date"),
        "dcterms:spatial": f"<{_SPATIAL}>",
        "dcterms:language": "<http://publications.europa.eu/resource/authority/language/ENG>",
        "dcterms:conformsTo": f"<{LP.removesuffix('#')}>",
        "dcat:landingPage": f"<{BASE}>",
        "foaf:homepage": f"<{BASE}>",
        "dcat:version": terms.text(build.version),
        "owl:versionInfo": terms.text(build.version),
        "void:uriSpace": terms.text(ID),
        "void:exampleResource": terms.thing("pact/relos"),
        "lp:asOf": terms.typed(build.as_of, "date"),
        **({"lp:knownBy": terms.typed(build.known_by, "date")} if build.known_by else {}),
    }
    for name, value in said.items():
        yield f"{DATASET} {f'<{LP}{name[3:]}>' if name.startswith('lp:') else _iri(name)} {value} ."
    for keyword in KEYWORDS:
        yield f"{DATASET} {_iri('dcat:keyword')} {terms.text(keyword, 'en')} ."
    used = {*build.found.properties, *build.found.classes}
    spaces = {iri[: max(iri.rfind("#"), iri.rfind("/")) + 1] for iri in used}
    for space in spaces:
        yield f"{DATASET} {_iri('void:vocabulary')} <{space}> ."


def _emit_counts(build: Build) -> Iterator[str]:
    found, spaces = build.found, {**build.ontology.prefixes, **PREFIXES}
    for name, value in {
        "triples": found.triples,
        "entities": found.entities,
        "distinctSubjects": found.subjects,
        "distinctObjects": found.objects,
        "classes": len(found.classes),
        "properties": len(found.properties),
    }.items():
        yield f"{DATASET} {_iri(f'void:{name}')} {_number(value)} ."
    for kind, counted, number in (
        ("class", found.classes, "void:entities"),
        ("property", found.properties, "void:triples"),
    ):
        for iri, count in counted.items():
            part = _part(kind, iri, spaces)
            yield f"{DATASET} {_iri(f'void:{kind}Partition')} {part} ."
            yield f"{part} {_iri(f'void:{kind}')} <{iri}> ."
            yield f"{part} {_iri(number)} {_number(count)} ."


def _emit_linksets(build: Build) -> Iterator[str]:
    for (prefix, predicate), count in build.found.links.items():
        target = f"<{BASE}/void#target-{prefix}>"
        name = predicate[max(predicate.rfind("#"), predicate.rfind("/")) + 1 :]
        linkset = f"<{BASE}/void#links-{prefix}-{name}>"
        yield f"{target} {RDF_TYPE} {_iri('void:Dataset')} ."
        yield f"{target} {_iri('void:uriSpace')} {terms.text(build.rules.prefixes[prefix].base)} ."
        yield f"{DATASET} {_iri('void:subset')} {linkset} ."
        yield f"{linkset} {RDF_TYPE} {_iri('void:Linkset')} ."
        yield f"{linkset} {_iri('void:subjectsTarget')} {DATASET} ."
        yield f"{linkset} {_iri('void:objectsTarget')} {target} ."
        yield f"{linkset} {_iri('void:linkPredicate')} <{predicate}> ."
        yield f"{linkset} {_iri('void:triples')} {_number(count)} ."
        yield f"{linkset} {_iri('dcterms:license')} <{LICENSE}> ."


def _emit_distributions(build: Build) -> Iterator[str]:
    for offer in build.offers:
        node = f"<{BASE}/void#file-{offer.name.replace('/', '-')}>"
        address = f"<{DATA}{offer.name}>"
        size, digest = build.measured[offer.name]
        checksum = f"<{BASE}/void#checksum-{offer.name.replace('/', '-')}>"
        yield f"{DATASET} {_iri('dcat:distribution')} {node} ."
        yield f"{node} {RDF_TYPE} {_iri('dcat:Distribution')} ."
        yield f"{node} {_iri('dcterms:title')} {terms.text(offer.told, 'en')} ."
        yield f"{node} {_iri('dcterms:license')} <{LICENSE}> ."
        yield f"{node} {_iri('dcat:accessURL')} {address} ."
        yield f"{node} {_iri('dcat:downloadURL')} {address} ."
        yield f"{node} {_iri('dcat:mediaType')} <{_MEDIA}{offer.media}> ."
        yield f"{node} {_iri('dcat:byteSize')} {terms.typed(str(size), 'nonNegativeInteger')} ."
        yield f"{node} {_iri('spdx:checksum')} {checksum} ."
        yield f"{checksum} {RDF_TYPE} {_iri('spdx:Checksum')} ."
        yield f"{checksum} {_iri('spdx:algorithm')} {_iri('spdx:checksumAlgorithm_sha256')} ."
        yield f"{checksum} {_iri('spdx:checksumValue')} {terms.typed(digest, 'hexBinary')} ."
        if offer.rdf:
            yield f"{node} {_iri('dcterms:format')} <{_FORMATS}{offer.rdf.replace('-', '_')}> ."
        if offer.rdf and offer.name.startswith("graph."):
            yield f"{DATASET} {_iri('void:dataDump')} {address} ."
            yield f"{DATASET} {_iri('void:feature')} <{_FORMATS}{offer.rdf.replace('-', '_')}> ."


def _emit_provenance(build: Build) -> Iterator[str]:
    activity = f"<{BASE}/void#build-{build.inputs[:16]}>"
    inputs = f"<{BASE}/void#inputs-{build.inputs[:16]}>"
    software = f"<{BASE}/void#software>"
    yield f"{DATASET} {_iri('prov:wasGeneratedBy')} {activity} ."
    yield f"{DATASET} {_iri('prov:wasDerivedFrom')} {inputs} ."
    yield f"{activity} {RDF_TYPE} {_iri('prov:Activity')} ."
    yield f"{activity} {_iri('rdfs:label')} {terms.text('The build of the graph from its fact files', 'en')} ."
    yield f"{activity} {_iri('prov:used')} {inputs} ."
    yield f"{activity} {_iri('prov:wasAssociatedWith')} {software} ."
    yield f"{inputs} {RDF_TYPE} {_iri('prov:Entity')} ."
    yield f"{inputs} {_iri('rdfs:label')} {terms.text('Facts, ontology, queries and program of the build', 'en')} ."
    yield f"{inputs} {_iri('dcterms:identifier')} {terms.text(f'sha256:{build.inputs}')} ."
    yield f"{software} {RDF_TYPE} {_iri('prov:SoftwareAgent')} ."
    yield f"{software} {_iri('rdfs:label')} {terms.text('pacts')} ."
    yield f"{software} {_iri('schema:softwareVersion')} {terms.text(__version__)} ."


def measure(path: Path) -> tuple[int, str]:
    """Return the size of a file in bytes and its SHA-256 sum."""
    with path.open("rb") as file:
        return path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest()


# ---------------------------------------------------------------- schema.org


def json_description(build: Build) -> dict[str, Any]:
    """Return the schema.org description of the data set, as search engines of data sets read it."""
    authors = {"@type": "Organization", "@id": f"{BASE}/void#authors", "name": AUTHORS}
    downloads = []
    for offer in build.offers:
        size, digest = build.measured[offer.name]
        downloads.append(
            {
                "@type": "DataDownload",
                "@id": f"{BASE}/void#file-{offer.name.replace('/', '-')}",
                "name": offer.told,
                "contentUrl": DATA + offer.name,
                "encodingFormat": offer.media,
                "contentSize": f"{size} B",
                "sha256": digest,
            }
        )
    return {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": DATASET[1:-1],
        "name": TITLE,
        "description": DESCRIPTION,
        "url": BASE,
        "license": LICENSE,
        "creator": authors,
        "publisher": {"@id": authors["@id"]},
        "dateCreated": build.created,
        "version": build.version,
        "keywords": list(KEYWORDS),
        "inLanguage": "en",
        "isAccessibleForFree": True,
        "measurementTechnique": "Adjudication of claims read in public sources",
        "variableMeasured": ["pacts", "parties", "facilities", "signatories", "terms", "uses"],
        "distribution": downloads,
    }
