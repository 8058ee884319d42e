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
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyvis
from markupsafe import Markup
from pyvis.network import Network

from graph_builder.view.layout import Box, place
from graph_builder.view.model import Edge, Fact, NetworkPage, Node, SourceRef
from graph_builder.view.palette import Mark, marks
from graph_builder.view.text import ENGLISH, kind_name

_HERE = Path(__file__).parent
_VIS = Path(pyvis.__file__).parent / "lib" / "vis-9.1.2" / "vis-network.min.js"

#: Said of a contested thing wherever its name stands in the drawing.
CONTESTED_MARK = "‡"
#: Labels in the drawing are broken into lines of this many characters, and cut after this many lines.
LINE, LINES = 14, 4
# Of the page's label font (12 px): mean width of a character, height of a line, space around a node.
_CHARACTER, _LEADING, _MARGIN = 6.0, 14.0, 4.0
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


def render_network(page: NetworkPage, text: Mapping[str, str] = ENGLISH) -> str:
    """Return the HTML of a network page; it expects the files of ``write_assets`` in assets/ beside it.

    The same page gives the same bytes whatever the order of its nodes and edges. Raises ValueError where
    two nodes share an id or an edge names a node that the page does not have.
    """
    nodes = sorted(page.nodes, key=lambda node: node.id)
    edges = sorted(page.edges, key=_edge_order)
    _check(nodes, edges)
    kinds = marks(node.kind for node in nodes)
    network = _build(nodes, edges, kinds)
    drawn_nodes, drawn_edges, _, _, _, options = network.get_network_data()
    data = _json(
        {
            "nodes": drawn_nodes,
            "edges": drawn_edges,
            "options": json.loads(options),
            "kinds": [{"name": kind_name(kind), **_mark(mark)} for kind, mark in kinds.items()],
            **_details(page, {node.id for node in nodes}),
            "text": dict(text),
        }
    )
    count = Counter(node.kind for node in nodes)
    labels = {node.id: node.label for node in nodes}
    network.templateEnv.globals.update(
        page=page,
        text=text,
        data=Markup(data),  # noqa: S704 - escaped by _json
        nonce=_nonce(page, data),
        legend=[(index, kind_name(kind), count[kind]) for index, kind in enumerate(kinds)],
        counts=text["count"].format(nodes=len(nodes), edges=len(edges)),
        contested_mark=CONTESTED_MARK,
        any_contested=any(node.contested for node in nodes) or any(edge.contested for edge in edges),
        rows=[
            (
                labels[e.source],
                _anchor(e.source),
                e.label,
                labels[e.target],
                _anchor(e.target),
                _dates(e, text),
                e,
            )
            for e in edges
        ],
    )
    return str(network.generate_html())


def write_assets(folder: Path) -> None:
    """Write into ``folder`` the script and style files that every network page beside it loads."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in (_VIS, _HERE / "assets" / "page.js", _HERE / "assets" / "page.css"):
        (folder / file.name).write_bytes(file.read_bytes())


def _edge_order(edge: Edge) -> tuple[str, ...]:
    return (edge.source, edge.label, edge.target, edge.start or "", edge.end or "", str(edge.contested))


def _check(nodes: Sequence[Node], edges: Sequence[Edge]) -> None:
    known = Counter(node.id for node in nodes)
    twice = [key for key, count in known.items() if count > 1]
    if twice:
        raise ValueError(f"two nodes have the id {twice[0]!r}: give every node an id of its own")
    for edge in edges:
        for key in (edge.source, edge.target):
            if key not in known:
                raise ValueError(f"the edge {edge.label!r} names {key!r}, which is no node of the page")


def _build(nodes: Sequence[Node], edges: Sequence[Edge], kinds: Mapping[str, Mark]) -> Network:
    """Return a pyvis network with a position for every node and physics off."""
    degree = Counter(key for edge in edges for key in (edge.source, edge.target))
    size = {node.id: min(24, round(6 + 2 * math.sqrt(degree[node.id]))) for node in nodes}
    label = {node.id: wrapped(node.label, node.contested) for node in nodes}
    boxes = {node.id: _box(label[node.id], size[node.id]) for node in nodes}
    spots = place(boxes, ((edge.source, edge.target) for edge in edges))
    # directed=True: for undirected networks pyvis compares every new edge with every old one.
    network = Network(directed=True)
    network.node_ids = _Ids()
    network.set_template_dir(str(_HERE / "assets"), "network.html")
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
            **_standing(node),
        )
    beside = Counter(frozenset((edge.source, edge.target)) for edge in edges)
    drawn: Counter[frozenset[str]] = Counter()
    for index, edge in enumerate(edges):
        pair = frozenset((edge.source, edge.target))
        extra: dict[str, Any] = {}
        if beside[pair] > 1 and edge.source != edge.target:
            # Edges between the same two nodes would hide each other: each gets a bend of its own.
            bend = (drawn[pair] + 1) // 2 * 0.16
            side = (drawn[pair] % 2 == 1) == (edge.source < edge.target)
            extra["smooth"] = {"type": "curvedCW" if side else "curvedCCW", "roundness": round(bend, 2)}
            drawn[pair] += 1
        network.add_edge(edge.source, edge.target, id=index, name=edge.label, **extra, **_standing(edge))
    network.set_options(json.dumps(_options(max(len(nodes), len(edges)) > LARGE)))
    return network


def _options(large: bool) -> dict[str, Any]:
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
            "arrows": {"to": {"enabled": not large, "scaleFactor": 0.4}},
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


def wrapped(label: str, contested: bool) -> str:
    """Return a label as the drawing shows it: short lines, cut after a few, with the mark of a contest.

    >>> wrapped("Ministry of Defence of the Russian Federation", False)
    'Ministry of\\nDefence of the\\nRussian\\nFederation'
    """
    lines = textwrap.wrap(label[:200], LINE, max_lines=LINES, placeholder="…")
    return "\n".join(lines) + (f" {CONTESTED_MARK}" if contested else "")


def _box(label: str, size: int) -> Box:
    lines = label.split("\n")
    width = max(len(line) for line in lines) * _CHARACTER
    return Box(
        side=max(width / 2, size) + _MARGIN,
        above=size + _MARGIN,
        below=size + 2 + len(lines) * _LEADING + _MARGIN,
    )


def _mark(mark: Mark) -> dict[str, str]:
    return {"shape": mark.shape, "colour": mark.colour}


def _details(page: NetworkPage, shown: set[str]) -> dict[str, Any]:
    """Return the facts of each shown node; a source that many facts share is written once."""
    number: dict[SourceRef, int] = {}

    def refs(sources: Sequence[SourceRef]) -> list[int]:
        return [number.setdefault(source, len(number)) for source in sources]

    def plain(fact: Fact) -> dict[str, Any]:
        said: dict[str, Any] = {"property": fact.property, "value": fact.value}
        if fact.value_key in shown:
            said["key"] = fact.value_key
        if fact.contested:
            said["contested"] = True
        if fact.reason:
            said["reason"] = fact.reason
        if fact.sources:
            said["sources"] = refs(fact.sources)
        if fact.rivals:
            said["rivals"] = [{"value": r.value, "sources": refs(r.sources)} for r in fact.rivals]
        return said

    facts = {key: [plain(fact) for fact in page.details[key]] for key in sorted(page.details) if key in shown}
    sources = [[s.title, s.publisher, s.url or "", s.published or "", s.tier] for s in number]
    return {"facts": facts, "sources": sources}


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
    return "#" + quote(key, safe="/")


def _dates(thing: Node | Edge, text: Mapping[str, str]) -> str:
    said = []
    if thing.start:
        said.append(text["from"].format(date=thing.start))
    if thing.end:
        said.append(text["until"].format(date=thing.end))
    return " ".join(said)
