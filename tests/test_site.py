"""The pages of the site as files: linked, whole, stable, and safe whatever the facts hold."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest

from graph_builder.prefixes import load_prefixes
from graph_builder.query import open_store, run, shipped_queries
from graph_builder.view import write_views
from graph_builder.view.archive import read_archive
from graph_builder.view.frame import script_json, web_address
from graph_builder.view.things import DIRECTORIES
from graph_builder.view.words import HINDI
from graph_builder.view.worldmap import height, land_path, project
from tests.conftest import ROOT
from tests.site_pages import PAGES

pytestmark = pytest.mark.xdist_group("site")


def _pages(folder: Path) -> dict[str, str]:
    found = [folder / "index.html", *folder.glob("id/**/*.html"), *folder.glob("views/**/*.html")]
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in found}


def test_every_local_link_leads_somewhere(site: Path) -> None:
    pages = _pages(site)
    ids = {name: set(re.findall(r'\bid="([^"]*)"', text)) for name, text in pages.items() if name.startswith("id/")}
    dead = set()
    for name, text in pages.items():
        folder = os.path.dirname(name)  # noqa: PTH120 - a path inside the site
        for raw in set(re.findall(r'\b(?:href|src)="([^"]*)"', text)):
            address, fragment = urldefrag(unescape(raw))
            if re.match(r"[a-z]+:", address):
                continue
            target = os.path.normpath(os.path.join(folder, unquote(address))) if address else name  # noqa: PTH118
            if not (site / target).is_file() or (fragment and target in ids and unquote(fragment) not in ids[target]):
                dead.add(f"{name}: {raw}")
    assert sorted(dead)[:10] == []


@pytest.mark.parametrize("kind", ["matrix", "partner lists", "timeline", "map"])
def test_the_rows_behind_a_view_are_beside_it(site: Path, kind: str) -> None:
    page = site / PAGES[kind]
    assert f'href="{page.stem}.csv"' in page.read_text(encoding="utf-8")
    with page.with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    query = next(query for query in shipped_queries(ROOT / "queries" / "views") if query.name == page.stem)
    found = run(open_store(site), query.text, load_prefixes(ROOT / "ontology"))
    assert rows[0] == [variable.value for variable in found.variables]
    assert len(rows) == 1 + len(list(found)) > 100


def test_head_carries_schema_org(site: Path) -> None:
    text = (site / PAGES["facility"]).read_text(encoding="utf-8")
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.S)
    assert block
    told = json.loads(block[1])
    assert told["@type"] == "CivicStructure"
    assert float(told["geo"]["latitude"]) == pytest.approx(68.98, abs=0.1)


def test_all_facts_of_a_card_are_on_its_page(site: Path) -> None:
    archive = read_archive(site)
    text = (site / PAGES["pact"]).read_text(encoding="utf-8")
    for part in (archive.things["pact/relos"], *archive.on_page("pact/relos")):
        for fact in archive.facts.get(part.key, ()):
            for claim in (*fact.backing, *fact.rivals):
                assert f"{claim.source.key}.html" in text
    assert text.count("undecided") + text.count("contested") > 5


def test_unchanged_pages_are_not_written_again(hostile: Path) -> None:
    before = {path: path.stat().st_ino for path in hostile.rglob("*.html")}
    again = write_views(hostile, force=True)
    assert again.kept == again.pages
    assert {path: path.stat().st_ino for path in hostile.rglob("*.html")} == before


def test_nothing_is_done_where_nothing_changed(hostile: Path) -> None:
    sums = hostile / "SHA256SUMS"
    last = sums.stat().st_ino
    assert write_views(hostile).kept == len([*hostile.rglob("*.html")])
    assert sums.stat().st_ino == last
    page = hostile / "index.html"
    whole = page.read_bytes()
    page.unlink()
    page.write_bytes(whole.replace(b"Logistics", b"Lostistics", 1))
    again = write_views(hostile)
    assert again.kept == again.pages - 1
    assert page.read_bytes() == whole


_AGAIN = """
import os, sys; sys.path.insert(0, sys.argv[1])
from pathlib import Path
from graph_builder.view import write_views
os.sched_setaffinity(0, list(os.sched_getaffinity(0))[:1])
again = write_views(Path(sys.argv[2]), force=True)
print(again.pages - again.kept)
"""


def test_same_bytes_under_another_hash_seed_and_on_one_core(hostile: Path) -> None:
    sums = (hostile / "SHA256SUMS").read_bytes()
    command = [sys.executable, "-c", _AGAIN, str(ROOT), str(hostile)]
    again = subprocess.run(command, env=os.environ | {"PYTHONHASHSEED": "4711"}, check=True, capture_output=True)
    assert again.stdout == b"0\n"
    assert (hostile / "SHA256SUMS").read_bytes() == sums


def test_words_of_the_templates_are_in_hindi() -> None:
    said = set()
    for path in (ROOT / "graph_builder/view/assets").glob("*.html"):
        if path.name == "network.html":
            continue
        text = path.read_text(encoding="utf-8")
        said |= set(re.findall(r'"([^"]+)"\|(?:t|option)\b', text)) | set(
            re.findall(r'data-t-(?:label|placeholder)="([^"{]+)"', text)
        )
        for arguments in re.findall(r"\|count\(([^)]*)\)", text):
            said |= set(re.findall(r'"([^"]+)"', arguments))
    for path in (ROOT / "graph_builder/view/assets").glob("*.js"):
        if path.name in ("site.js", "map.js", "matrix.js", "timeline.js"):
            said |= set(re.findall(r"\bsay\('([^']+)'", path.read_text(encoding="utf-8")))
    said |= {name for _, name in DIRECTORIES.values()}
    assert sorted(said - set(HINDI)) == []


# ---------------------------------------------------------------- small pieces


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "https://a b", 'https://x/"y', "//x", ""]
)
def test_only_web_addresses_are_links(address: str) -> None:
    assert web_address(address) == ""
    assert web_address("https://example.org/a?b=c#d")


def test_json_cannot_close_its_script() -> None:
    text = script_json({"a": "</script><!-- & \u2028"})
    assert not re.search("[<>&\u2028]", text)
    assert json.loads(text) == {"a": "</script><!-- & \u2028"}


def test_projection_and_land() -> None:
    x, y = project(75.0, 0.0)
    assert x == pytest.approx(2000)
    assert 0 < y < height()
    west, east = project(76.0 - 180, 0), project(74.0 + 180, 0)
    assert 0 < west[0] < 20
    assert 3980 < east[0] < 4000
    assert project(-117.0, 32.7) == project(243.0, 32.7)
    # No ring runs across the whole map, as one that is cut wrongly at the antimeridian would.
    for ring in land_path().split("z")[:-1]:
        steps = [int(step) for step in re.findall(r"-?\d+", ring.partition("l")[2])]
        assert max(map(abs, steps)) < 1500


def test_nonce_depends_on_the_texts(hostile: Path, site: Path) -> None:
    nonces = {re.search("'nonce-([^']+)'", text)[1] for name, text in _pages(hostile).items() if name.startswith("id/")}  # type: ignore[index]
    assert len(nonces) == len([name for name in _pages(hostile) if name.startswith("id/")])
