"""The forms for machines that stand beside each page: Turtle, N-Triples, and JSON-LD.

Their pieces are cut out of the files of the whole graph, where the build has written each node once.

The JSON-LD of a thing is framed as a tree, so that it can be read without knowing RDF: whatever it names bears its
label, its parts are inside it, and each fact's adjudication holds the claims that it weighed, with their sources.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from graph_builder.nodes import Node, lines_of, nodes_of
from graph_builder.ontology import Ontology
from graph_builder.problems import UsageError
from graph_builder.terms import ID, RDFS_LABEL, lp
from graph_builder.turtle import header, shortener, turtle
from graph_builder.view.archive import Archive, Fact, Thing
from graph_builder.write import CONTEXT_FILE, json_members, linked

ENDINGS = ("html", "ttl", "nt", "jsonld")
"""The ending of each form in which everything that has a name of ours is given."""

#: What is told of a thing where another one names it.
_TELLING = {RDFS_LABEL, lp("publisher"), lp("published"), lp("url")}
_AROUND, _USED = {lp("about"), lp("property")}, lp("used")


@dataclass(frozen=True, slots=True)
class Pieces:
    """Each node of the graph, by its subject, as graph.ttl and graph.jsonld have it."""

    turtle: Mapping[str, str]
    linked: Mapping[str, str]


def read_pieces(dist: Path, archive: Archive) -> Pieces:
    """Cut graph.ttl and graph.jsonld into their nodes; raises UsageError where they are not those of graph.nt.

    All three have the nodes in one order. No text in them holds a line's end: it would be escaped.
    """
    subjects = [subject for subject, _ in archive.nodes.values()]
    try:
        statements = (dist / "graph.ttl").read_bytes().decode().split(" .\n")[:-1]
        objects = (dist / "graph.jsonld").read_bytes().decode().split("\n")[2:-2]
        told = [f"{statement} .\n" for statement in statements if not statement.startswith("@")]
        return Pieces(
            dict(zip(subjects, told, strict=True)),
            dict(zip(subjects, [one.removesuffix(",") for one in objects], strict=True)),
        )
    except (OSError, ValueError):
        raise UsageError(f"the files of the graph in {dist} do not agree; build it with: pacts build --force") from None


class Forms:
    """Writes what the graph says of things in each form."""

    def __init__(self, archive: Archive, ontology: Ontology, pieces: Pieces) -> None:
        self._archive, self._pieces = archive, pieces
        self._prefixes = ontology.prefixes
        self._brief = json_members(ontology)
        self._members = json_members(ontology, cache(self._named))

    def of_thing(self, thing: Thing, path: str) -> Iterator[tuple[str, str]]:
        """Yield the path and text of each form of a thing with its parts, and with the evidence for all of them."""
        nodes, beside = self._archive.nodes, list(self._beside(thing.key))
        keys = [thing.key, *beside]
        keys += [key for about in tuple(keys) for key in self._evidence(about)]
        yield from self._cut(path, [nodes[key] for key in dict.fromkeys(keys)])
        members = [f'"@context": {json.dumps(_context(path))}', *self._tree(thing.key)]
        if beside:
            members.append(_listed("parts", [f"{{{', '.join(self._tree(key))}}}" for key in beside]))
        yield f"{path}.jsonld", "{\n" + ",\n".join(members) + "\n}\n"

    def of_nodes(self, path: str, nodes: Sequence[Node]) -> Iterator[tuple[str, str]]:
        """Yield the path and text of each form of nodes that are no tree."""
        yield from self._cut(path, nodes)
        graph = ",\n".join(self._pieces.linked[subject] for subject, _ in nodes)
        yield f"{path}.jsonld", f'{{"@context": {json.dumps(_context(path))},\n"@graph": [\n{graph}\n]}}\n'

    def of_lines(self, path: str, lines: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Yield the path and text of each form of sorted lines of N-Triples that may have nameless nodes."""
        nodes = list(nodes_of(lines))
        yield from self._flat(path, "".join(turtle(lines, shortener(self._prefixes))), nodes)
        yield f"{path}.jsonld", linked("\n".join(lines))

    def _cut(self, path: str, nodes: Sequence[Node]) -> Iterator[tuple[str, str]]:
        return self._flat(path, "".join([self._pieces.turtle[subject] for subject, _ in nodes]), nodes)

    def _flat(self, path: str, body: str, nodes: Sequence[Node]) -> Iterator[tuple[str, str]]:
        used = {name: space for name, space in self._prefixes.items() if f"{name}:" in body}
        yield f"{path}.ttl", header(used) + body
        yield f"{path}.nt", "".join(sorted(map(lines_of, nodes)))

    def _beside(self, key: str) -> Iterator[str]:
        """Yield the keys of what stands on a thing's page beside it: its parts, and its point on the map."""
        yield from sorted(part.key for part in self._archive.on_page(key))
        if (point := f"{key}/geometry") in self._archive.nodes:
            yield point

    def _evidence(self, about: str) -> Iterator[str]:
        for fact in self._archive.facts.get(about, ()):
            yield fact.key
            yield from sorted(claim.key for claim in (*fact.backing, *fact.rivals))

    def _tree(self, key: str) -> Iterator[str]:
        """Yield the members of a thing's object, its adjudications among them."""
        yield from self._members(self._archive.nodes[key])
        facts = sorted(self._archive.facts.get(key, ()), key=lambda fact: (fact.property, fact.key))
        if facts:
            yield _listed("adjudications", [self._adjudication(fact) for fact in facts])

    def _adjudication(self, fact: Fact) -> str:
        """Return the object of an adjudication, with the claims that it weighed inside it."""
        claims = sorted({claim.key for claim in (*fact.backing, *fact.rivals)})
        used = ", ".join(f"{{{', '.join(self._weighed(key))}}}" for key in claims)
        return f'{{{", ".join(self._weighed(fact.key))}, "used": [{used}]}}'

    def _weighed(self, key: str) -> list[str]:
        """Return the members of a claim or adjudication; what it is about stands around it, and is named by its key."""
        subject, pairs = self._archive.nodes[key]
        around = [pair for pair in pairs if pair[0] in _AROUND]
        within = [pair for pair in pairs if pair[0] not in _AROUND and pair[0] != _USED]
        return [*self._members((subject, within)), *self._brief((subject, around))[1:]]

    def _named(self, term: str) -> str:
        """Return the object of a thing that another one names, with what tells a reader which it is."""
        key = term[len(ID) + 1 : -1] if term.startswith(f"<{ID}") else term[1:-1]
        _, said = self._archive.nodes.get(key, ("", []))
        told = [pair for pair in said if pair[0] in _TELLING and not pair[1].endswith('"@hi')]
        return f"{{{', '.join(self._brief((term, told)))}}}"


def _listed(name: str, objects: list[str]) -> str:
    """Return a member that holds objects, each on a line of its own."""
    return f'"{name}": [\n  ' + ",\n  ".join(objects) + "\n]"


def _context(path: str) -> list[Any]:
    return ["../" * path.count("/") + CONTEXT_FILE, {"@base": ID}]
