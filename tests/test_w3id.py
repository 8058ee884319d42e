"""The rules of the permanent names: what each name answers with, for whom, as Apache reads the rules."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, field
from functools import cache

import pytest

from .conftest import ROOT

FOLDER = ROOT / "docs" / "w3id" / "logistics-pacts"
SITE = "https://example.org/logistics-pacts"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
RDFLIB = "application/rdf+xml,application/n-triples,text/turtle,application/ld+json"
JENA = "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,application/rdf+xml;q=0.7,*/*;q=0.3"


@dataclass
class Rule:
    pattern: str
    target: str
    flags: dict[str, str]
    conditions: list[tuple[str, str, set[str]]] = field(default_factory=list)


@cache
def rules() -> list[Rule]:
    """Read the rewrite rules, each with the conditions above it."""
    found: list[Rule] = []
    conditions: list[tuple[str, str, set[str]]] = []
    for line in (FOLDER / ".htaccess").read_text(encoding="utf-8").splitlines():
        words = line.split()
        if line.startswith("RewriteCond"):
            assert words[1] in ("%{HTTP_ACCEPT}", "%{ENV:FORM}")
            conditions.append((words[1], words[2], set(words[3].strip("[]").split(",")) if len(words) > 3 else set()))
        elif line.startswith("RewriteRule"):
            flags = dict(flag.partition("=")[::2] for flag in words[3].strip("[]").split(","))
            found.append(Rule(words[1], words[2], flags, conditions))
            conditions = []
    return found


def holds(conditions: list[tuple[str, str, set[str]]], accept: str, env: dict[str, str]) -> bool:
    """Tell whether conditions hold: joined by and, or by or where one says so."""
    chain = False
    for what, pattern, flags in conditions:
        text = accept if what == "%{HTTP_ACCEPT}" else env.get("FORM", "")
        matched = bool(re.search(pattern, text, re.IGNORECASE if "NC" in flags else 0))
        if "OR" in flags:
            chain = chain or matched
        else:
            if not (chain or matched):
                return False
            chain = False
    return True


def answer(path: str, accept: str) -> tuple[str, str] | None:
    """Return the status and the address that a path answers with, or None where no rule does."""
    env: dict[str, str] = {}
    for rule in rules():
        match = re.search(rule.pattern, path)
        if not match or not holds(rule.conditions, accept, env):
            continue
        if "E" in rule.flags:
            name, _, value = rule.flags["E"].partition(":")
            env[name] = match[1] if value == "$1" else value
        if rule.target != "-":
            target = re.sub(r"%\{ENV:(\w+)\}", lambda m: env[m[1]], rule.target)
            for number, group in enumerate(match.groups(""), 1):
                target = target.replace(f"${number}", group)
            return rule.flags["R"], target
        assert "L" not in rule.flags
    return None


TABLE = [
    ("", BROWSER, "/"),
    ("", "text/turtle", "/"),
    ("id/pact/relos", BROWSER, "/id/pact/relos.html"),
    ("id/pact/relos", "*/*", "/id/pact/relos.html"),
    ("id/pact/relos", "", "/id/pact/relos.html"),
    ("id/pact/relos/", "text/html", "/id/pact/relos.html"),
    ("id/pact/relos", "text/turtle", "/id/pact/relos.ttl"),
    ("id/pact/relos", "TEXT/TURTLE", "/id/pact/relos.ttl"),
    ("id/pact/relos", "application/x-turtle", "/id/pact/relos.ttl"),
    ("id/pact/relos", "application/n-triples", "/id/pact/relos.nt"),
    ("id/pact/relos", "text/plain", "/id/pact/relos.nt"),
    ("id/pact/relos", "application/ld+json", "/id/pact/relos.jsonld"),
    ("id/pact/relos", "application/json", "/id/pact/relos.jsonld"),
    ("id/pact/relos", "application/ld+json, text/html;q=0.5", "/id/pact/relos.jsonld"),
    ("id/pact/relos", RDFLIB, "/id/pact/relos.jsonld"),
    ("id/pact/relos", JENA, "/id/pact/relos.jsonld"),
    ("id/pact/relos", "text/turtle, application/n-triples;q=0.5", "/id/pact/relos.ttl"),
    ("id/pact/relos/approval/federation-council", "text/turtle", "/id/pact/relos.ttl"),
    ("id/pact/relos/approval/federation-council", BROWSER, "/id/pact/relos.html#approval/federation-council"),
    ("id/pact/relos/signature.nt", BROWSER, "/id/pact/relos.nt"),
    ("id/pact/relos/signature.html", RDFLIB, "/id/pact/relos.html#signature"),
    ("id/claim/0123456789abcdef0123", "application/n-triples", "/id/claim/01.nt"),
    ("id/claim/0123456789abcdef0123", BROWSER, "/id/claim/01.html#0123456789abcdef0123"),
    ("id/mapping/0123456789abcdef0123.ttl", BROWSER, "/id/mapping/01.ttl"),
    ("id/query/why", BROWSER, "/views/query/why.html"),
    ("id/query/why", "text/turtle", "/id/queries.ttl"),
    ("id/prefix/lp", BROWSER, "/views/queries.html"),
    ("id/prefixes", "application/ld+json", "/id/queries.jsonld"),
    ("id/pact/relos.ttl", BROWSER, "/id/pact/relos.ttl"),
    ("id/pact/relos.jsonld", "text/html", "/id/pact/relos.jsonld"),
    ("id/dataset", BROWSER, "/"),
    ("id/dataset", "application/ld+json", "/void.jsonld"),
    ("id/dataset", "text/turtle", "/void.ttl"),
    ("id/dataset.nt", BROWSER, "/void.nt"),
    ("vocabulary/support", BROWSER, "/vocabulary/support.html"),
    ("vocabulary/support/petroleum", "text/turtle", "/vocabulary/support.ttl"),
    ("vocabulary/support/petroleum", BROWSER, "/vocabulary/support.html#petroleum"),
    ("deviation/range-missing", BROWSER, "/ontology.html#deviation/range-missing"),
    ("deviation/range-missing", "text/turtle", "/ontology.ttl"),
    ("ontology", BROWSER, "/ontology.html"),
    ("ontology", "text/turtle", "/ontology.ttl"),
    ("ontology", "application/ld+json", "/ontology.jsonld"),
    ("ontology.nt", "*/*", "/ontology.nt"),
    ("data/graph.nt", "*/*", "/graph.nt"),
    ("data/tables/claims.csv", BROWSER, "/tables/claims.csv"),
    ("mappings/wikidata.sssom.tsv", "*/*", "/mappings/wikidata.sssom.tsv"),
    ("context", "application/ld+json", "/context.jsonld"),
    ("context.jsonld", "*/*", "/context.jsonld"),
    ("void", BROWSER, "/void.ttl"),
    (".well-known/void", "text/turtle", "/void.ttl"),
]


@pytest.mark.parametrize(("path", "accept", "target"), TABLE)
def test_a_name_answers_with_the_form_asked_for(path: str, accept: str, target: str) -> None:
    assert answer(path, accept) == ("303", SITE + target)


def test_a_version_of_the_ontology_answers_with_the_ontology() -> None:
    assert answer("ontology/0.1.0", "text/turtle") == ("303", "https://w3id.org/logistics-pacts/ontology")


@pytest.mark.parametrize(
    "path", ["nothing", "id", "id/", "vocabulary", "mappings/../x.sssom.tsv", "ontology/x", "idx/a"]
)
def test_other_names_are_left_alone(path: str) -> None:
    assert answer(path, BROWSER) is None


def test_scripts_of_any_origin_may_read_the_answers() -> None:
    lines = (FOLDER / ".htaccess").read_text(encoding="utf-8").splitlines()
    headers = [shlex.split(line) for line in lines if line.startswith("Header")]
    assert ["Header", "always", "set", "Access-Control-Allow-Origin", "*"] in headers
    assert ["Header", "always", "set", "Vary", "Accept"] in headers


def test_the_folder_is_ready_to_be_sent() -> None:
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert "## Maintainers" in text
    assert not re.search(r"TODO|FIXME|XXX|<[^>]+>|example\.", text)
    assert sum(rule.flags.get("E", "").startswith("SITE:") for rule in rules()) == 1
    assert all(rule.flags.get("R") == "303" for rule in rules() if rule.target != "-")
