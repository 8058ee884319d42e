"""The forms of everything that has a name of ours: a crawl of the built site by way of the rules of docs/w3id/."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pyoxigraph as ox
import pytest
from pyld import jsonld

from graph_builder.deploy import NAMES, write_site
from graph_builder.problems import UsageError
from graph_builder.terms import ID
from graph_builder.view.addresses import BASE, INDEX_FILE, address_of

from .conftest import ROOT
from .test_w3id import SITE, answer

pytestmark = pytest.mark.xdist_group("site")

ACCEPT = {
    "html": "text/html,*/*;q=0.8",
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "jsonld": "application/ld+json",
}
Triple = tuple[str, str, str]


@pytest.fixture(scope="module")
def subjects(site: Path) -> list[str]:
    """Return every IRI of ours that is a subject of the graph."""
    lines = (site / "graph.nt").read_text(encoding="utf-8").splitlines()
    return sorted({iri for line in lines if (iri := line[1 : line.index("> ")]).startswith(BASE)})


def led(iri: str, ending: str) -> str:
    """Return where an IRI leads, below the site, when a form is asked for."""
    path = iri.removeprefix(BASE).partition("#")[0]  # a client keeps the fragment to itself
    found = answer(path, ACCEPT[ending])
    assert found, iri
    status, address = found
    assert status == "303"
    return address.removeprefix(f"{SITE}/") or "index.html"


def test_every_name_leads_to_each_form_and_no_link_is_dead(site: Path, subjects: list[str]) -> None:
    anchors: dict[str, set[str]] = {}
    said: dict[str, set[str]] = {}
    assert len(subjects) > 20_000
    for iri in subjects:
        page, _, anchor = led(iri, "html").partition("#")
        if page not in anchors:
            text = (site / page).read_text(encoding="utf-8")
            anchors[page] = {unescape(found) for found in re.findall(r'\bid="([^"]*)"', text)}
        anchor = anchor or iri.partition("#")[2]
        # A point on the map stands on the page of its facility, but has no words of its own there.
        assert not anchor or anchor == "geometry" or unquote(anchor) in anchors[page], (iri, page)
        data = led(iri, "nt")
        if data not in said:
            said[data] = {line.partition(" ")[0] for line in (site / data).read_text(encoding="utf-8").splitlines()}
        assert f"<{iri}>" in said[data], (iri, data)
        for ending in ("ttl", "jsonld"):
            assert (site / led(iri, ending)).is_file(), (iri, ending)


def test_the_table_of_names_agrees_with_the_rules(site: Path, subjects: list[str]) -> None:
    rows = [line.split("\t") for line in (site / INDEX_FILE).read_text(encoding="utf-8").splitlines()[1:]]
    assert {BASE + name for name, _, _ in rows} >= set(subjects)
    for name, page, data in rows[:: len(rows) // 3000]:
        iri = BASE + name
        with_anchor = page if "#" not in iri else page.partition("#")[0]
        assert led(iri, "html") == with_anchor
        assert led(iri, "ttl") == f"{data}.ttl"
    assert address_of("https://example.org/x") is None


# ---------------------------------------------------------------- what the forms say

SAMPLE = (
    "id/pact/relos", "id/facility/murmansk-port", "id/party/india", "id/queries", "vocabulary/support", "ontology",
)  # fmt: skip


@pytest.fixture(scope="module")
def graph(site: Path) -> set[Triple]:
    return set(triples((site / "graph.nt").read_bytes(), ox.RdfFormat.N_TRIPLES))


def triples(text: bytes, form: ox.RdfFormat) -> Iterator[Triple]:
    for quad in ox.parse(text, format=form):
        yield str(quad.subject), str(quad.predicate), str(quad.object)


def linked(site: Path, path: str) -> Any:
    """Read JSON-LD with the published context in the place of the address that leads to it."""
    whole = json.loads((site / f"{path}.jsonld").read_text(encoding="utf-8"))
    if isinstance(whole, dict):
        address, base = whole["@context"]
        assert ((site / path).parent / address).resolve() == (site / "context.jsonld").resolve()
        whole["@context"] = [json.loads((site / "context.jsonld").read_text(encoding="utf-8"))["@context"], base]
    return whole


def paths(site: Path) -> list[str]:
    found = sorted(path.relative_to(site).as_posix()[:-3] for path in site.glob("id/**/*.nt"))
    return sorted({*SAMPLE, *found[:: len(found) // 60]})


def test_all_forms_say_the_same_and_nothing_but_the_graph(site: Path, graph: set[Triple]) -> None:
    for path in paths(site):
        plain = set(triples((site / f"{path}.nt").read_bytes(), ox.RdfFormat.N_TRIPLES))
        read = json.dumps(linked(site, path)).encode()
        framed = set(triples(read, ox.RdfFormat.JSON_LD))
        if path == "ontology":  # has nameless nodes, which the graph leaves out
            assert len(plain) == len(set(triples((site / f"{path}.ttl").read_bytes(), ox.RdfFormat.TURTLE)))
            assert len(plain) == len(framed)
            continue
        assert plain == set(triples((site / f"{path}.ttl").read_bytes(), ox.RdfFormat.TURTLE)), path
        assert plain <= framed, (path, sorted(plain - framed)[:3])
        assert framed <= graph, (path, sorted(framed - graph)[:3])


def test_an_independent_processor_reads_the_framed_form(site: Path) -> None:
    for path in ("id/facility/murmansk-port", "id/person/vinay-kumar", "id/claim/00", "vocabulary/tier"):
        read = jsonld.to_rdf(linked(site, path), {"format": "application/n-quads"})
        ours = set(triples(json.dumps(linked(site, path)).encode(), ox.RdfFormat.JSON_LD))
        assert set(triples(read.encode(), ox.RdfFormat.N_QUADS)) == ours, path


def test_the_framed_form_is_read_without_knowing_rdf(site: Path) -> None:
    pact = json.loads((site / "id/pact/relos.jsonld").read_text(encoding="utf-8"))
    assert pact["label"] == "RELOS"
    assert {party["label"] for party in pact["party"]} == {"India", "Russia"}
    signature = next(part for part in pact["parts"] if part["id"] == "pact/relos/signature")
    [held] = [one for one in signature["adjudications"] if one["property"] == "lp:date"]
    assert signature["date"] == held["acceptedLiteral"]
    sources = {claim["source"]["publisher"] for claim in held["used"]}
    assert sources
    assert all(claim["source"]["url"].startswith("https://") for claim in held["used"])
    port = json.loads((site / "id/facility/murmansk-port.jsonld").read_text(encoding="utf-8"))
    assert 68 < float(port["latitude"]) < 70
    assert port["exactMatch"]
    assert ID not in json.dumps({name: value for name, value in pact.items() if name != "@context"})


# ---------------------------------------------------------------- the folders to publish


def test_the_folders_to_publish_are_whole_and_lead_to_the_site(site: Path, tmp_path: Path) -> None:
    place = "https://name.github.io/logistics-pacts"
    write_site(place, site, ROOT, tmp_path)
    copied = {path.relative_to(tmp_path / "site").as_posix() for path in (tmp_path / "site").rglob("*")}
    assert {".nojekyll", "404.html", ".well-known/void", "id/pact/relos.nt", "names.tsv", "void.ttl"} <= copied
    assert not any(name.startswith("store") for name in copied)
    rules = (tmp_path / "w3id" / "logistics-pacts" / ".htaccess").read_text(encoding="utf-8")
    assert f"[E=SITE:{place}]" in rules
    assert "example.org" not in rules
    assert rules.replace(place, SITE) == (ROOT / NAMES / ".htaccess").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "place", ["", "http://name.github.io", "https://example.org/x", "https://a/b/", "https://a/] [R", "name.github.io"]
)
def test_an_address_that_is_none_is_told(place: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"write it as in SITE=https://name\.github\.io/logistics-pacts"):
        write_site(place, tmp_path, ROOT, tmp_path)
    assert not list(tmp_path.iterdir())
