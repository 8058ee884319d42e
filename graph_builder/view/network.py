"""A network page: nodes and edges drawn in a browser, with the facts, sources and rivals of each node.

pyvis builds the nodes, the edges and the options; the page around them is our own template. Nothing is
loaded from a network, and the page says so in a Content-Security-Policy.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
import re
import textwrap
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyvis
from jinja2 import Environment, FileSystemLoader, Template
from markupsafe import Markup, escape
from pyvis.network import Network

from graph_builder.view.layout import Box, Place, place
from graph_builder.view.model import Edge, Fact, NetworkPage, Node, PactRef, SourceRef
from graph_builder.view.palette import Mark, marks
from graph_builder.view.text import ENGLISH, kind_name, text_script

_HERE = Path(__file__).parent
_VIS = Path(pyvis.__file__).parent / "lib" / "vis-9.1.2" / "vis-network.min.js"
#: Our own scripts, in the order in which a page loads them after vis-network and the texts, and the style sheet.
_OWN = (
    "network-words.js",
    "network-records.js",
    "network-drawing.js",
    "page.js",
    "network-save.js",
    "page.css",
)

#: Said of a contested thing wherever its name stands in the drawing.
CONTESTED_MARK = "‡"
#: Labels in the drawing are broken into lines of this many characters, and cut after this many lines.
LINE, LINES = 14, 4
# Of the page's label font (12 px): mean width of a character, height of a line, space around a node.
_CHARACTER, _LEADING, _MARGIN = 6.0, 14.0, 4.0
_TERM = Markup('<bdi data-term="{0}">{0}</bdi>')
#: Above this many nodes or edges the page leaves out what is costly to draw.
LARGE = 3000


class _Ids(list[str]):
    """A list that answers ``in`` at once. pyvis asks that of its list of ids for every node and edge."""

    def __init__(self) -> None:
        super().__init__()
        self._seen: set[str] = set()

    def append(self, key: str) -> None:
        super().append(key)
        self._seen.add(key)

    def __contains__(self, key: object) -> bool:
        return key in self._seen


def render_network(page: NetworkPage, text: Mapping[str, str] = ENGLISH, place: Place = place) -> str:
    """Return the HTML of a network page; it expects the files of ``write_assets`` in assets/ beside it.

    ``place`` gives nodes their positions. The same page gives the same bytes whatever the order of its nodes and
    edges. Raises ValueError where two nodes share an id, or an edge names a node or a pact that the page does not have.
    """
    nodes = sorted(page.nodes, key=lambda node: node.id)
    edges = sorted(page.edges, key=_edge_order)
    pacts = sorted(page.pacts, key=lambda pact: pact.id)
    _check(nodes, edges, pacts)
    kinds = marks(node.kind for node in nodes)
    keys = _edge_keys(edges)
    network = _build(page, nodes, edges, keys, {pact.id: index for index, pact in enumerate(pacts)}, kinds, place)
    drawn_nodes, drawn_edges, _, _, _, options = network.get_network_data()
    told = {node.id for node in nodes} | {subject for edge in edges for subject in edge.about}
    data = _json(
        {
            "name": page.name,
            "asOf": page.as_of,
            "byStatus": page.by_status,
            "directed": page.directed,
            "nodes": drawn_nodes,
            "edges": drawn_edges,
            "pacts": [_pact(pact) for pact in pacts],
            "options": json.loads(options),
            "kinds": [
                {"name": kind_name(kind), "shape": mark.shape, "colour": mark.colour} for kind, mark in kinds.items()
            ],
            **_details(page, told, {node.id for node in nodes}),
        }
    )
    count = Counter(node.kind for node in nodes)
    # Made once for every row of the table in which they stand.
    links = {node.id: _link(_anchor(node.id), node.label.strip() or node.id) for node in nodes}
    relations = {label: _TERM.format(label.strip() or "—") for label in {edge.label for edge in edges}}
    names = {pact.id: f"<bdi>{escape(pact.label)}</bdi>" for pact in pacts}
    told_in = {key: Markup(f'<span data-text="{key}">{escape(words)}</span>') for key, words in text.items()}  # noqa: S704
    contested = f"{CONTESTED_MARK} {told_in['contested']}"
    rows = (
        f'<tr><td>{links[edge.source]}</td><td><a href="{_anchor(key)}">{relations[edge.label]}</a></td>'
        f"<td>{links[edge.target]}</td><td>{escape(edge.start) if edge.start else ''}</td>"
        f"<td>{escape(edge.end) if edge.end else ''}</td>"
        + (f"<td>{'; '.join([names[pact] for pact in sorted(edge.pacts)])}</td>" if pacts else "")
        + f"<td>{contested if edge.contested else ''}</td></tr>\n"
        for edge, key in zip(edges, keys, strict=True)
    )
    return _template().render(
        page=page,
        text=text,
        t=told_in,
        label={key: Markup(f'data-label="{key}" aria-label="{escape(words)}"') for key, words in text.items()},  # noqa: S704
        data=Markup(data),  # noqa: S704 - escaped by _json
        nonce=_nonce(page, data),
        legend=[(index, kind_name(kind), count[kind]) for index, kind in enumerate(kinds)],
        counts={"nodes": len(nodes), "edges": len(edges)},
        contested_mark=CONTESTED_MARK,
        any_contested=any(node.contested for node in nodes) or any(edge.contested for edge in edges),
        rows=Markup("".join(rows)),  # noqa: S704 - made of escaped pieces
    )


@cache
def _template() -> Template:
    loader = FileSystemLoader(_HERE / "assets")
    return Environment(loader=loader, autoescape=True, trim_blocks=True).get_template("network.html")


def write_assets(folder: Path, terms: Mapping[str, str] | None = None) -> None:
    """Write into ``folder`` the script and style files that every network page beside it loads.

    ``terms`` are Hindi words of the data by the English ones, such as names of properties.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for file in (_VIS, *(_HERE / "assets" / name for name in _OWN)):
        (folder / file.name).write_bytes(file.read_bytes())
    (folder / "network-text.js").write_text(text_script(terms), encoding="utf-8", newline="\n")


def _link(anchor: str, label: str) -> str:
    return f'<a href="{anchor}"><bdi>{escape(label)}</bdi></a>'


def _edge_order(edge: Edge) -> tuple[str, ...]:
    return (edge.source, edge.label, edge.target, edge.start or "", edge.end or "", str(edge.contested))


def _edge_keys(edges: Sequence[Edge]) -> list[str]:
    """Return a key for each edge, by which links name it: its ends, and what else tells it from the others."""
    ends = [f"{edge.source}~{edge.target}" for edge in edges]
    beside = Counter(ends)
    named = Counter((key, edge.label) for key, edge in zip(ends, edges, strict=True) if beside[key] > 1)
    drawn: dict[str, int] = {}
    keys = []
    for key, edge in zip(ends, edges, strict=True):
        if beside[key] > 1:
            again = named[key, edge.label] > 1
            key = "~".join((key, edge.label, edge.start or "") if again else (key, edge.label))
        drawn[key] = count = drawn.get(key, 0) + 1
        keys.append(key if count == 1 else f"{key}~{count}")
    return keys


def _check(nodes: Sequence[Node], edges: Sequence[Edge], pacts: Sequence[PactRef]) -> None:
    known = Counter(node.id for node in nodes)
    twice = [key for key, count in known.items() if count > 1]
    if twice:
        raise ValueError(f"two nodes have the id {twice[0]!r}: give every node an id of its own")
    listed = {pact.id for pact in pacts}
    for edge in edges:
        for key in (edge.source, edge.target):
            if key not in known:
                raise ValueError(f"the edge {edge.label!r} names {key!r}, which is no node of the page")
        for key in edge.pacts:
            if key not in listed:
                raise ValueError(f"the edge {edge.label!r} rests on {key!r}, which is no pact of the page")


def _build(
    page: NetworkPage,
    nodes: Sequence[Node],
    edges: Sequence[Edge],
    keys: Sequence[str],
    pacts: Mapping[str, int],
    kinds: Mapping[str, Mark],
    place: Place,
) -> Network:
    """Return a pyvis network with a position for every node and physics off."""
    degree = Counter([key for edge in edges for key in (edge.source, edge.target)])
    size = {node.id: min(24, round(6 + 2 * math.sqrt(degree[node.id]))) for node in nodes}
    label = {node.id: wrapped(node.label, node.contested) for node in nodes}
    boxes = {node.id: _box(label[node.id], size[node.id]) for node in nodes}
    spots = place(boxes, ((edge.source, edge.target) for edge in edges))
    # directed=True: for undirected networks pyvis compares every new edge with every old one.
    network = Network(directed=True)
    network.node_ids = _Ids()
    # vis-network looks groups up by text: a number would not find its own.
    group = {kind: str(index) for index, kind in enumerate(kinds)}
    for node in nodes:
        x, y = spots[node.id]
        network.add_node(
            node.id,
            label=label[node.id] or " ",
            shape=kinds[node.kind].shape,
            group=group[node.kind],
            size=size[node.id],
            x=x,
            y=y,
            name=node.label,
            **({"href": node.href} if node.href else {}),
            **_standing(node),
        )
    pairs = [(min(edge.source, edge.target), max(edge.source, edge.target)) for edge in edges]
    beside = Counter(pairs)
    drawn: Counter[tuple[str, str]] = Counter()
    for index, (edge, key, pair) in enumerate(zip(edges, keys, pairs, strict=True)):
        extra: dict[str, Any] = {}
        if edge.pacts:
            extra["pacts"] = sorted(pacts[pact] for pact in edge.pacts)
        if edge.about:
            extra["about"] = list(edge.about)
        if edge.aside:
            extra["aside"] = True
        if beside[pair] > 1 and edge.source != edge.target:
            # Edges between the same two nodes would hide each other: each gets a bend of its own.
            bend = (drawn[pair] + 1) // 2 * 0.16
            side = (drawn[pair] % 2 == 1) == (edge.source < edge.target)
            extra["smooth"] = {"type": "curvedCW" if side else "curvedCCW", "roundness": round(bend, 2)}
            drawn[pair] += 1
        network.add_edge(edge.source, edge.target, id=index, key=key, name=edge.label, **extra, **_standing(edge))
    network.set_options(json.dumps(_options(max(len(nodes), len(edges)) > LARGE, page.directed)))
    return network


def _options(large: bool, directed: bool) -> dict[str, Any]:
    """Return vis-network's options. No value may hold a space: pyvis removes them all."""
    return {
        "autoResize": True,
        "layout": {"improvedLayout": False, "randomSeed": 1},
        "physics": {
            "enabled": False,
            "stabilization": False,
            "barnesHut": {"gravitationalConstant": -9000, "springLength": 120, "avoidOverlap": 0.4},
        },
        "interaction": {
            "hover": not large,
            "tooltipDelay": 150,
            "hideEdgesOnDrag": large,
            "hideEdgesOnZoom": large,
            "keyboard": False,
        },
        "nodes": {"borderWidth": 1, "borderWidthSelected": 3},
        "edges": {
            "width": 1,
            "selectionWidth": 0.4,
            "hoverWidth": 0.5,
            "smooth": False,
            "arrows": {"to": {"enabled": directed and not large, "scaleFactor": 0.4}},
        },
    }


def _standing(thing: Node | Edge) -> dict[str, Any]:
    """Return what says whether and when a node or an edge holds, and how that looks."""
    said: dict[str, Any] = {}
    if thing.start:
        said["start"] = thing.start
    if thing.end:
        said["end"] = thing.end
    if thing.contested:
        said["contested"] = True
        if isinstance(thing, Node):
            said |= {"borderWidth": 2, "shapeProperties": {"borderDashes": [4, 3]}}
        else:
            said["dashes"] = [5, 4]
    return said


@cache
def wrapped(label: str, contested: bool) -> str:
    """Return a label as the drawing shows it: short lines, cut after a few, with the mark of a contest.

    >>> wrapped("Ministry of Defence of the Russian Federation", False)
    'Ministry of\\nDefence of the\\nRussian\\nFederation'
    >>> wrapped("India–Australia MLSA", False)
    'India–\\nAustralia MLSA'
    """
    text = label
    if len(label) > LINE or "–" in label or not label.isprintable() or label != " ".join(label.split()):
        # A line may also end after a dash that joins two names; the mark holds the place of that chance.
        apart = label[:200].replace("–", "–\0 ")
        lines = textwrap.wrap(apart, LINE, max_lines=LINES, placeholder="…")
        text = "\n".join(lines).replace("\0 ", "").replace("\0", "")
    return text + (f" {CONTESTED_MARK}" if contested else "")


def _box(label: str, size: int) -> Box:
    lines = label.split("\n")
    width = max(map(len, lines)) * _CHARACTER
    return Box(
        side=max(width / 2, size) + _MARGIN,
        above=size + _MARGIN,
        below=size + 2 + len(lines) * _LEADING + _MARGIN,
    )


def _pact(pact: PactRef) -> dict[str, Any]:
    said: dict[str, Any] = {
        "id": pact.id,
        "name": pact.label,
        "kind": kind_name(pact.kind),
        "status": pact.status,
        "parties": dict(sorted(pact.parties.items())),
        "changes": [list(change) for change in pact.changes],
    }
    if pact.contested:
        said["contested"] = True
    if pact.href:
        said["href"] = pact.href
    return said


def _details(page: NetworkPage, told: set[str], shown: set[str]) -> dict[str, Any]:
    """Return the facts of what is told of; a source that many facts share is written once."""
    number: dict[SourceRef, int] = {}

    def refs(sources: Sequence[SourceRef]) -> list[int]:
        return [number.setdefault(source, len(number)) for source in sources]

    def plain(fact: Fact) -> dict[str, Any]:
        said: dict[str, Any] = {"property": fact.property, "value": fact.value}
        if fact.value_key in shown:
            said["key"] = fact.value_key
        if fact.contested:
            said["contested"] = True
        if fact.word:
            said["word"] = True
        if fact.reason:
            said["reason"] = fact.reason
        if fact.sources:
            said["sources"] = refs(fact.sources)
        if fact.rivals:
            said["rivals"] = [{"value": r.value, "sources": refs(r.sources)} for r in fact.rivals]
        return said

    facts = {key: [plain(fact) for fact in page.details[key]] for key in sorted(page.details) if key in told}
    sources = [[s.title, s.publisher, s.url or "", s.published or "", s.tier, s.id] for s in number]
    return {"facts": facts, "sources": sources}


_PLAIN = re.compile("[A-Za-z0-9_./~-]*").fullmatch
_UNSAFE = re.compile("[<>&\u2028\u2029]")


def _json(data: object) -> str:
    """Return JSON that can stand in a script element: no character of it can end or open anything."""
    plain = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", plain)


def _nonce(page: NetworkPage, data: str) -> str:
    """Return the page's nonce, made from all its data.

    Pages are files, so the nonce cannot be fresh for every reader. It cannot be guessed by whoever writes
    the data all the same: markup that names the nonce would change the data, and with it the nonce.
    """
    digest = hashlib.sha256("\0".join((page.title, page.description, page.as_of, page.query, data)).encode())
    return base64.b64encode(digest.digest()[:18]).decode()


def _anchor(key: str) -> str:
    """Return the address of a node or an edge on its page, as markup."""
    return f"#{key if _PLAIN(key) else quote(key, safe='/~')}"
