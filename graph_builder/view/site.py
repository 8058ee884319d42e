"""Writing the pages: each view is a query under queries/views/ and a renderer that draws its rows."""

from __future__ import annotations

import os
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Template

from graph_builder.locate import default_dist, home
from graph_builder.ontology import load_prefixes
from graph_builder.query import ShippedQuery, bind, cell, load_query, open_store, run
from graph_builder.swap import replaced
from graph_builder.view.model import Edge, Fact, NetworkPage, Node, Rival, SourceRef
from graph_builder.view.network import render_network, write_assets
from graph_builder.write import write_sums

Report = Callable[[str], None]
Row = dict[str, str]


@dataclass(frozen=True)
class Written:
    """How many pages were written, how many of them were as before, and where."""

    pages: int
    kept: int
    folder: Path


class Site:
    """The built graph as pages see it: rows of queries, and the facts of every subject."""

    def __init__(self, dist: Path) -> None:
        self.store = open_store(dist)
        self.prefixes = load_prefixes(home() / "ontology")
        self.views = home() / "queries" / "views"

    def rows(self, query: ShippedQuery, **values: str) -> list[Row]:
        """Run a query and return its rows as texts; things are named by their keys."""
        result: Any = run(self.store, bind(query, values, self.prefixes), self.prefixes)
        names = [variable.value for variable in result.variables]
        return [{name: cell(row[name]) for name in names} for row in result]

    def each(self, kind: str) -> Iterator[tuple[str, str]]:
        """Yield the key and the label of every thing of a class."""
        text = f"SELECT ?thing ?label WHERE {{ ?thing a lp:{kind.capitalize()} ; lp:label ?label }} ORDER BY ?thing"
        for row in run(self.store, text, self.prefixes):
            yield cell(row["thing"]), cell(row["label"])

    def as_of(self) -> str:
        """Return the graph's own date."""
        return next(cell(row["day"]) for row in run(self.store, "SELECT ?day { ?dataset lp:asOf ?day }", self.prefixes))

    def details(self) -> dict[str, list[Fact]]:
        """Return the facts of every subject; those of a pact's parts stand with the pact too."""
        found: dict[str, list[Fact]] = defaultdict(list)
        rows = self.rows(load_query(self.views / "evidence.rq"))
        for (subject, _), group in groupby(rows, key=lambda row: (row["subject"], row["adjudication"])):
            claims = list(group)
            first = claims[0]
            found[subject].append(_fact(claims, first["property"]))
            if first["within"]:
                found[first["within"]].append(_fact(claims, f"{first['part']}: {first['property']}"))
        return found


def _fact(claims: list[Row], name: str) -> Fact:
    accepted = [row for row in claims if row["accepted"] == "true"]
    rivals = [row for row in claims if row["accepted"] != "true"]
    exact = accepted[-1] if accepted else None
    return Fact(
        property=name,
        value=_value(exact) if exact else "",
        value_key=exact["entity"] or None if exact else None,
        contested=claims[0]["contested"] == "true",
        reason=claims[0]["reason"],
        sources=[_source(row) for row in accepted],
        rivals=[
            Rival(value, [_source(row) for row in group])
            for value, group in groupby(sorted(rivals, key=_value), key=_value)
        ],
    )


def _value(row: Row) -> str:
    return row["valueLabel"] or row["value"] or row["entity"]


def _source(row: Row) -> SourceRef:
    title = row["title"] or row["source"]
    return SourceRef(title, row["publisher"], row["url"] or None, row["published"] or None, row["tier"])


def network_page(
    site: Site, query: ShippedQuery, name: str, title: str, details: Mapping[str, list[Fact]], **values: str
) -> NetworkPage | None:
    """Return the page of a network query, or None where the query finds nothing.

    The query's columns are from, to, relation, the labels and kinds of both ends, and contested and start
    where edges have them.
    """
    rows = site.rows(query, **values)
    if not rows:
        return None
    nodes: dict[str, Node] = {}
    for row in rows:
        for end in ("from", "to"):
            key = row[end]
            contested = any(fact.contested for fact in details.get(key, ()))
            nodes.setdefault(key, Node(key, row[f"{end}Label"], row[f"{end}Kind"], contested))
    edges = dict.fromkeys(
        Edge(row["from"], row["to"], row["relation"], row.get("contested") == "true", row.get("start") or None)
        for row in rows
    )
    return NetworkPage(
        name=name,
        title=title,
        description=query.summary,
        nodes=list(nodes.values()),
        edges=list(edges),
        details={key: details[key] for key in nodes if key in details},
        query=bind(query, values, site.prefixes),
        as_of=site.as_of(),
    )


def write_views(dist: Path | None = None, report: Report = lambda step: None) -> Written:
    """Write every page into dist/views, and dist/index.html; the rest of dist stays as it is.

    Pages that did not change are kept as files. Raises UsageError when no graph was built in ``dist``.
    """
    dist = dist or default_dist()
    site = Site(dist)
    report("gathering facts and sources")
    details = site.details()
    pages: dict[str, str] = {}
    links: list[tuple[str, str, str]] = []
    for path in sorted(site.views.glob("*.rq")):
        query = load_query(path)
        if query.view.get("renderer") != "network":
            continue
        for key, label in site.each(query.view["each"]) if "each" in query.view else [("", "")]:
            report(f"drawing {path.stem} {label}")
            name = "-".join(filter(None, (path.stem, key.partition("/")[2])))
            title = str(query.view.get("title", query.summary)).replace("{label}", label)
            values = {query.view["each"]: key} if key else {}
            page = network_page(site, query, name, title, details, **values)
            if page:
                pages[f"views/{name}.html"] = render_network(page)
                links.append((f"views/{name}.html", title, f"{len(page.nodes)} things, {len(page.edges)} relations"))
    pages["index.html"] = _index(links, site.as_of())
    return _put(dist, pages)


def _index(links: list[tuple[str, str, str]], as_of: str) -> str:
    template = Path(__file__).parent / "assets" / "index.html"
    return str(Template(template.read_text(encoding="utf-8")).render(links=links, as_of=as_of)) + "\n"


def _put(dist: Path, pages: Mapping[str, str]) -> Written:
    """Put pages beside the graph in one step: everything else of dist is linked into the new folder."""
    kept = 0
    with replaced(dist) as new:
        for path in sorted(dist.rglob("*")):
            name = path.relative_to(dist)
            if (
                path.is_dir()
                or name.parts[0] == "views"
                or (name.name in ("index.html", "SHA256SUMS") and len(name.parts) == 1)
            ):
                continue
            target = new / name
            target.parent.mkdir(parents=True, exist_ok=True)
            _link(path, target)
        for name_, text in pages.items():
            old, target = dist / name_, new / name_
            target.parent.mkdir(parents=True, exist_ok=True)
            content = text.encode("utf-8")
            if old.is_file() and old.read_bytes() == content:
                _link(old, target)
                kept += 1
            else:
                target.write_bytes(content)
        write_assets(new / "views" / "assets")
        write_sums(new)
    return Written(len(pages), kept, dist / "views")


def _link(old: Path, new: Path) -> None:
    try:
        os.link(old, new)
    except OSError:
        shutil.copy2(old, new)
