"""What the site holds: every file of it, in shares that can be written side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from graph_builder.locate import home
from graph_builder.ontology import load_ontology
from graph_builder.view.archive import read_archive
from graph_builder.view.forms import Forms, read_pieces
from graph_builder.view.frame import Frame
from graph_builder.view.index import NetworkLink
from graph_builder.view.layout import Place
from graph_builder.view.networks import grouped, network_pages, pact_refs, page_name
from graph_builder.view.pages import NAVIGATION, PLAIN_SENSES, site_pages, views_of
from graph_builder.view.records import record_pages
from graph_builder.view.site import Row, Site
from graph_builder.view.things import thing_pages
from graph_builder.view.told import Told

File = tuple[str, str]
"""The path of a file below the site's top, and its text."""
#: In how many shares the pages of things are written: enough for no core to wait long for another at the end.
_SHARES = 24


class Contents:
    """The files of the site, made from the graph that lies in ``dist``; raises UsageError where there is none."""

    def __init__(self, dist: Path, site: Site) -> None:
        self._site = site
        self._archive, self._ontology = read_archive(dist), load_ontology(home() / "ontology")
        self._frame = Frame(self._archive, NAVIGATION)
        self._forms = Forms(self._archive, self._ontology, read_pieces(dist, self._archive))

    def shares(self) -> list[Iterator[File]]:
        """Return the files of things and records in shares of which each can be made apart, the greatest first."""
        views = views_of(self._archive, self._own_networks())
        return [
            record_pages(self._archive, self._frame, self._ontology, self._forms),
            *(
                thing_pages(self._archive, self._frame, self._forms, views, self._archive.pages[one::_SHARES])
                for one in range(_SHARES)
            ),
        ]

    def networks(self, place: Place, first: list[NetworkLink]) -> Iterator[File]:
        """Yield the network pages, and note in ``first`` those that the first page leads to."""
        from graph_builder.view.network import render_network  # pyvis is heavy: the other shares do without it

        archive, site = self._archive, self._site

        def address(key: str) -> str:
            return f"../{at}" if (at := self._frame.address(key)) else ""

        details = Told(archive)
        doubtful = {key for key in archive.facts if archive.is_contested(key)}
        pacts = {pact.id: pact for pact in pact_refs(site.rows(site.views["standings"]), doubtful, address)}
        for query in site.views.values():
            if query.view.get("renderer") != "network":
                continue
            rows = site.rows(query)
            for key, page in network_pages(query, rows, details, pacts, site.prefixes, archive.as_of, address):
                at = f"views/{page.name}.html"
                if not key or key == query.view.get("first"):
                    hindi = page.hindi.get("title", "")
                    first.append(NetworkLink(at, page.title, hindi, len(page.nodes), len(page.edges)))
                yield at, render_network(page, place=place)

    def write_assets(self, folder: Path) -> None:
        """Write what the network pages load."""
        from graph_builder.view.network import write_assets

        write_assets(folder, self._archive.hindi_of(*PLAIN_SENSES))

    def others(self, first: Sequence[NetworkLink], samples: Mapping[str, Sequence[Row]]) -> Iterator[File]:
        """Yield the files that are neither of networks nor of things and records; see ``site_pages``."""
        return site_pages(self._archive, self._frame, self._site, first, samples)

    def _own_networks(self) -> Mapping[str, Sequence[tuple[str, str]]]:
        """Return the address and name of every network that is drawn for a single thing, by the thing's key."""
        found: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for query in self._site.views.values():
            if query.view.get("renderer") == "network" and "each" in query.view:
                for key in grouped(query, self._site.rows(query)):
                    found[key].append((f"views/{page_name(query.name, key)}.html", str(query.view["link"])))
        return found
