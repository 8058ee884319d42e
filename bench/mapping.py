"""Bare mapping of claims to RDF, six triples each, as a user would do it: ``python -m bench.mapping PEER FOLDER``.

The folder holds claims.csv (id, subject, property, value, source, note) and claims.jsonld; the peer writes out.nt.
"""

from __future__ import annotations

import csv
import hashlib
import json
import sys
from itertools import islice
from pathlib import Path

ID, LP = "https://w3id.org/logistics-pacts/id/", "https://w3id.org/logistics-pacts/ontology#"
COLUMNS = ("id", "subject", "property", "value", "source", "note")

RML = f"""@prefix rr: <http://www.w3.org/ns/r2rml#> .
@prefix rml: <http://semweb.mmlab.be/ns/rml#> .
@prefix ql: <http://semweb.mmlab.be/ns/ql#> .
@prefix lp: <{LP}> .
<#claims> a rr:TriplesMap ;
  rml:logicalSource [ rml:source "claims.csv" ; rml:referenceFormulation ql:CSV ] ;
  rr:subjectMap [ rr:template "{ID}claim/{{id}}" ; rr:class lp:Claim ] ;
  rr:predicateObjectMap [ rr:predicate lp:about ; rr:objectMap [ rr:template "{ID}{{subject}}" ] ] ;
  rr:predicateObjectMap [ rr:predicate lp:property ; rr:objectMap [ rr:template "{LP}{{property}}" ] ] ;
  rr:predicateObjectMap [ rr:predicate lp:claimedLiteral ; rr:objectMap [ rml:reference "value" ] ] ;
  rr:predicateObjectMap [ rr:predicate lp:source ; rr:objectMap [ rr:template "{ID}source/{{source}}" ] ] ;
  rr:predicateObjectMap [ rr:predicate lp:note ; rr:objectMap [ rml:reference "note" ] ] .
"""
TEMPLATE = f"""@prefix lp: <{LP}> .
@prefix ottr: <http://ns.ottr.xyz/0.4/> .
lp:Row [ ottr:IRI ?id, ottr:IRI ?subject, ottr:IRI ?property, ?value, ottr:IRI ?source, ? ?note ] :: {{
  ottr:Triple(?id, <http://www.w3.org/1999/02/22-rdf-syntax-ns#type>, lp:Claim), ottr:Triple(?id, lp:about, ?subject),
  ottr:Triple(?id, lp:property, ?property), ottr:Triple(?id, lp:claimedLiteral, ?value),
  ottr:Triple(?id, lp:source, ?source), ottr:Triple(?id, lp:note, ?note) }} .
"""
CONTEXT = {
    "@base": ID,
    "id": "@id",
    "lp": LP,
    **{name: {"@id": f"lp:{name}", "@type": "@id"} for name in ("about", "source")},
    "property": {"@id": "lp:property", "@type": "@vocab"},
    "@vocab": LP,
}


def prepare(rows: Path, folder: Path) -> None:
    """Write the claims among rows of ROW_FIELDS for the peers, named beforehand."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "map.ttl").write_text(RML)
    for jobs in (1, 2):
        settings = f"output_file=out.nt\nnumber_of_processes={jobs}\nlogging_level=ERROR"
        (folder / f"morph-{jobs}.ini").write_text(f"[CONFIGURATION]\n{settings}\n[claims]\nmappings=map.ttl\n")
    with (
        rows.open(encoding="utf-8", newline="") as given,
        (folder / "claims.csv").open("w", encoding="utf-8", newline="") as table,
        (folder / "claims.jsonld").open("w", encoding="utf-8") as linked,
    ):
        writer = csv.writer(table, lineterminator="\n")
        writer.writerow(COLUMNS)
        linked.write(f'{{"@context": {json.dumps(CONTEXT)},\n"@graph": [\n')
        before = ""
        for row in csv.DictReader(given):
            if row["source"]:
                about, name, value, source, note = (row[k] for k in ("subject", "property", "value", "source", "note"))
                said = "\x1f".join((source, about, name, value))
                key = hashlib.blake2b(said.encode(), digest_size=10).hexdigest()
                writer.writerow([key, about, name, value, source, note])
                node = {"id": f"claim/{key}", "@type": "Claim", "about": about, "property": name}
                node |= {"claimedLiteral": value, "source": f"source/{source}", **({"note": note} if note else {})}
                linked.write(before + json.dumps(node, ensure_ascii=False))
                before = ",\n"
        linked.write("\n]}\n")


def use_rdflib(folder: Path) -> None:
    from rdflib import RDF, Graph, Literal, Namespace, URIRef

    lp, graph = Namespace(LP), Graph()
    with (folder / "claims.csv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            claim = URIRef(f"{ID}claim/{row['id']}")
            graph.add((claim, RDF.type, lp.Claim))
            graph.add((claim, lp.about, URIRef(ID + row["subject"])))
            graph.add((claim, lp.property, URIRef(LP + row["property"])))
            graph.add((claim, lp.claimedLiteral, Literal(row["value"])))
            graph.add((claim, lp.source, URIRef(f"{ID}source/{row['source']}")))
            if row["note"]:
                graph.add((claim, lp.note, Literal(row["note"])))
    graph.serialize(folder / "out.nt", format="nt", encoding="utf-8")


def use_maplib(folder: Path) -> None:
    import maplib
    import polars as pl

    table = pl.read_csv(folder / "claims.csv", infer_schema=False)
    iris = {"id": f"{ID}claim/", "subject": ID, "property": LP, "source": f"{ID}source/"}
    table = table.with_columns(*((pl.lit(base) + pl.col(name)).alias(name) for name, base in iris.items()))
    table = table.with_columns(pl.when(pl.col("note") == "").then(None).otherwise(pl.col("note")).alias("note"))
    model = maplib.Model()
    model.add_template(TEMPLATE)
    model.map(f"{LP}Row", table)
    model.write(str(folder / "out.nt"), format="ntriples")


def use_pyoxigraph(folder: Path) -> None:
    import pyoxigraph as ox

    with (folder / "out.nt").open("wb") as out:
        parsed = ox.parse(path=str(folder / "claims.jsonld"), format=ox.RdfFormat.JSON_LD)
        ox.serialize((quad.triple for quad in parsed), out, format=ox.RdfFormat.N_TRIPLES)


def use_ours(folder: Path) -> None:
    """Only the emitting of claims, by the patterns of ``templates``: nothing checked, adjudicated or sorted."""
    from graph_builder.facts import Claim
    from graph_builder.locate import home
    from graph_builder.ontology import load_ontology
    from graph_builder.templates import Templates
    from graph_builder.terms import text

    templates = Templates(load_ontology(home() / "ontology"))
    with (folder / "claims.csv").open(encoding="utf-8", newline="") as table, (folder / "out.nt").open("wb") as out:
        reader = csv.reader(table)
        next(reader)
        made = (
            templates.claim(
                f"claim/{key}".encode(),
                about.encode(),
                Claim(about, name, text(value), f"source/{source}", None, None, note or None),
            )
            for key, about, name, value, source, note in reader
        )
        while some := templates.text(islice(made, 1_000)):
            out.write(some)


PEERS = {"rdflib": use_rdflib, "maplib": use_maplib, "pyoxigraph": use_pyoxigraph, "ours": use_ours}

if __name__ == "__main__":
    PEERS[sys.argv[1]](Path(sys.argv[2]))
