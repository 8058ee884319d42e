"""The pages of the site, as files and in a real browser: quiet, whole, stable, and inert whatever the facts hold."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag

import pytest

from graph_builder.ontology import load_prefixes
from graph_builder.pipeline import build
from graph_builder.query import open_store, run, shipped_queries
from graph_builder.view import write_views
from graph_builder.view.archive import read_archive
from graph_builder.view.frame import script_json, web_address
from graph_builder.view.things import DIRECTORIES
from graph_builder.view.words import HINDI
from graph_builder.view.worldmap import height, land_path, project
from tests.axe import COLOURS, axe_source, violations
from tests.browser import Watch, focus, watched_page
from tests.conftest import ROOT
from tests.network_browser import afresh, until

pytestmark = pytest.mark.xdist_group("site")

PAGES = {
    "first": "index.html",
    "pact": "id/pact/relos.html",
    "party": "id/party/india.html",
    "facility": "id/facility/murmansk-port.html",
    "person": "id/person/vinay-kumar.html",
    "body": "id/body/indian-navy.html",
    "source": "id/source/tass-2025-12-10-federation-council.html",
    "list of things": "views/all-pacts.html",
    "contested": "views/contested.html",
    "coverage": "views/coverage.html",
    "queries": "views/queries.html",
    "query": "views/query/why.html",
    "matrix": "views/support-matrix.html",
    "partner lists": "views/partner-lists.html",
    "timeline": "views/timeline.html",
    "map": "views/map.html",
}

#: The network pages of each kind, and the width of the screen on which each is looked at.
NETWORKS = {
    "pact-network-relos": 360,
    "partners-of-india": 1280,
    "partners": 360,
    "facilities": 1280,
    "signatories": 360,
    "sources": 1280,
}

HOSTILE = """\
sources:
  bad-1:
    title: '</script><script>alert(1)</script><img src=x onerror=alert(2)>'
    publisher: '"><svg onload=alert(3)> quoted & ampersand {{7*7}} \u202ereversed'
    url: https://example.org/swapped
    published: 2025-01-02
    tier: press
  bad-2:
    title: "</title><h1>big</h1> <!-- comment \u2028 another \x85 line LONG"
    publisher: "`${alert(5)}` ]]> </style> &lt;b&gt;"
    url: https://example.org/fine
    published: 2025-01-03
    tier: official
subjects:
  party/one: {type: Party, label: '<b onmouseover=alert(7)>One</b>'}
  party/two: {type: Party, label: "Two'\\"><script src=//evil.example/x.js></script>"}
  pact/bad:
    type: LogisticsSupportPact
    label: '</script><img src=x onerror=alert(8)>{{7*7}}'
    party: {party/one: [bad-1], party/two: [bad-2]}
    covers: {support/food: [bad-1], support/water: [bad-1]}
    excludes: {support/food: [bad-2]}
    name: {'javascript:alert(9)': [bad-1], '__proto__': [bad-2], 'constructor': [bad-2]}
  pact/bad/signature:
    type: Signature
    label: "Signature <style>*{display:none}</style>"
    pact: pact/bad
    date: {2025-01-01: [bad-1], 2025-03: [bad-2]}
  facility/bad:
    type: Facility
    label: "<svg><animate onbegin=alert(10)>"
    latitude: {10.5: [bad-1]}
    longitude: {75.25: [bad-1]}
  pact/bad/access/bad:
    type: FacilityAccess
    label: "Access <iframe src=javascript:alert(11)>"
    pact: pact/bad
    facility: {facility/bad: [bad-1]}
    host: {party/one: [bad-1]}
    beneficiary: {party/two: [bad-2]}
  list/bad:
    type: PartnerList
    label: "List <object data=x>"
    listOf: party/one
    counts: {party/two: [bad-1]}
"""
HOSTILE_PAGES = (
    "index.html", "id/pact/bad.html", "id/party/one.html", "id/facility/bad.html", "id/source/bad-1.html",
    "id/source/bad-2.html", "id/list/bad.html", "views/all-pacts.html", "views/all-sources.html",
    "views/contested.html", "views/coverage.html", "views/support-matrix.html", "views/partner-lists.html",
    "views/timeline.html", "views/map.html", "views/query/pacts.html", "views/query/contested.html",
)  # fmt: skip


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    top = tmp_path_factory.mktemp("hostile")
    (top / "facts").mkdir()
    (top / "facts" / "bad.yaml").write_text(HOSTILE.replace("LONG", "long " * 2000), encoding="utf-8")
    build(top / "dist", top / "facts")
    # The reader refuses such an address; the pages have to be safe even if it did not.
    graph = top / "dist" / "graph.nt"
    text = graph.read_text(encoding="utf-8")
    graph.write_text(text.replace('"https://example.org/swapped"', '"javascript:alert(4)"'), encoding="utf-8")
    write_views(top / "dist")
    return top / "dist"


# ---------------------------------------------------------------- the files


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


# ---------------------------------------------------------------- in a browser


_LEFT = """() => {
  const names = `bdi, code, pre, time, q, script, style, [lang=en]:not(html), svg title, svg text, option:not([data-t]),
    head, .machine a, footer a, a.out`;
  const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  const left = [];
  while (walker.nextNode()) {
    const { data, parentElement } = walker.currentNode;
    const words = /[A-Za-z]{3,}/.test(data) && !/\\p{Script=Devanagari}/u.test(data);
    // A text that is known in Hindi is to be in Hindi wherever it stands.
    const known = Object.hasOwn(pactsHindi, data.trim()) && !parentElement.closest('code, pre, q, script, svg, [lang=en]:not(html)');
    if (words && (known || !parentElement.closest(names))) left.push(data.trim());
  }
  return left;
}"""


@pytest.mark.parametrize("kind", PAGES)
def test_pages_are_quiet_fit_and_are_whole_in_hindi(
    desk: tuple[Any, Watch], site: Path, kind: str, record_property: Any
) -> None:
    page, watch = desk
    page.set_viewport_size({"width": 360, "height": 800})
    page.emulate_media(color_scheme="dark")
    page.goto((site / PAGES[kind]).as_uri())
    painted = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0")
    record_property("first_drawing", painted)
    print(f"{kind}: first drawing after {painted:.0f} ms")
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("h1").count() == 1
    page.click("#language")
    until(page, "document.querySelector('.brand [lang=hi]')")
    assert page.evaluate(_LEFT) == []
    # One English word, two senses: a news agency is no agency of a State.
    if kind == "source":
        until(page, "document.querySelector('.glance').textContent.includes('समाचार अभिकरण')")
    page.click("#language")
    page.emulate_media(color_scheme="light")
    watch.assert_quiet()


@pytest.mark.parametrize(("name", "width"), NETWORKS.items())
def test_networks_of_the_graph_are_drawn_and_quiet(desk: tuple[Any, Watch], site: Path, name: str, width: int) -> None:
    page, watch = desk
    page.set_viewport_size({"width": width, "height": 800})
    said = afresh(page, (site / f"views/{name}.html").as_uri())
    print(f"{name} {width}: first drawing after {said['drawnMs']} ms")
    assert int(said["shown"]) > 5
    assert int(said["labels"]) > 2
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.set_viewport_size({"width": 1280, "height": 800})
    watch.assert_quiet()


@pytest.mark.parametrize("kind", ["first", "pact", "matrix", "timeline", "map"])
def test_focus_is_seen_wherever_keys_lead(desk: tuple[Any, Watch], site: Path, kind: str) -> None:
    page, _ = desk
    page.goto((site / PAGES[kind]).as_uri())
    reached = []
    for _step in range(30):
        page.keyboard.press("Tab")
        name, visible = focus(page)
        assert visible, (kind, name, reached)
        reached.append(name)
    assert "search" in reached
    assert "language" in reached
    assert len(set(reached)) > 12


def test_policy_stops_what_slips_into_a_page(browser: Any, site: Path) -> None:
    with watched_page(browser) as (page, watch):
        page.goto((site / PAGES["pact"]).as_uri())
        page.evaluate(
            """() => {
              const script = document.createElement('script');
              script.textContent = 'window.slipped = 1';
              const button = document.createElement('button');
              button.setAttribute('onclick', 'window.slipped = 2');
              const image = document.createElement('img');
              image.src = 'http://127.0.0.1:9/x.png';
              document.body.append(script, button, image);
              button.click();
            }"""
        )
        assert page.evaluate("fetch('http://127.0.0.1:9/').then(() => 'sent', () => 'stopped')") == "stopped"
        assert page.evaluate("window.slipped") is None
        until(page, "true")
        assert sum("Content Security Policy" in line for line in watch.console) >= 4


# Rows are alike: what holds of the first holds of the others, and the check takes seconds on a long table.
_SHORTEN = """() => {
  for (const row of document.querySelectorAll(
    `tbody tr:nth-child(n+7), .contests article:nth-child(n+6), .news li:nth-child(n+4), .parts > details:nth-child(n+8),
    .plain li:nth-child(n+6), .fact:nth-child(n+4), .sources li:nth-child(n+4)`)) row.remove();
  for (const row of [...document.querySelectorAll('.life-row')].slice(6)) row.remove();
}"""


def test_no_violation_of_wcag(browser: Any, site: Path) -> None:
    axe = axe_source()
    found = []
    with watched_page(browser, reduced_motion="reduce") as (page, _):
        for kind, path in (PAGES | {"pact": "id/pact/mlsa-india-australia.html"}).items():
            page.set_viewport_size({"width": 1280, "height": 800})
            page.emulate_media(color_scheme="light")
            page.goto((site / path).as_uri())
            page.evaluate(_SHORTEN)
            found += [f"{kind}: {one}" for one in violations(page, axe)]
            # Of structure there is one, of colours there are two, and of sizes.
            page.emulate_media(color_scheme="dark")
            page.set_viewport_size({"width": 360, "height": 740})
            found += [f"{kind}, dark and narrow: {one}" for one in violations(page, axe, [*COLOURS, "target-size"])]
    assert found == []


def test_search_by_keyboard(desk: tuple[Any, Watch], site: Path) -> None:
    page, watch = desk
    page.goto((site / PAGES["query"]).as_uri())
    page.keyboard.press("/")
    page.keyboard.type("vinay kum")
    until(page, "document.querySelectorAll('#found [data-go]').length > 0")
    assert page.locator("#search").get_attribute("aria-expanded") == "true"
    page.keyboard.press("ArrowDown")
    assert "Vinay Kumar" in page.locator("#found [aria-selected=true]").inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url("**/id/person/vinay-kumar.html")
    page.fill("#search", "no such thing at all")
    until(page, "document.querySelector('#found .none') !== null")
    page.keyboard.press("Escape")
    assert page.locator("#found").is_hidden()
    watch.assert_quiet()


def test_other_scripts_are_found(browser: Any, site: Path) -> None:
    with watched_page(browser) as (page, _):
        page.goto((site / "index.html").as_uri())
        page.fill("#search", "Соглашение между Правительством Российской")
        until(page, "document.querySelector('#found [data-go]')?.dataset.go.startsWith('id/pact/')")


def test_hindi_and_back(desk: tuple[Any, Watch], site: Path) -> None:
    page, watch = desk
    page.goto((site / "index.html").as_uri())
    english = page.locator("main").inner_text()
    page.click("#language")
    until(page, "document.querySelector('h1').textContent === 'रसद समझौते'")
    assert page.locator("h1 [data-t]").get_attribute("lang") == "hi"
    page.goto((site / PAGES["timeline"]).as_uri())
    until(page, "document.querySelector('h1').textContent === 'समयरेखा'")
    page.goto((site / "index.html").as_uri())
    page.click("#language")
    until(page, "document.querySelector('h1').textContent === 'Logistics pacts'")
    assert page.locator("main").inner_text() == english
    watch.assert_quiet()


def test_a_link_to_a_part_opens_it(browser: Any, site: Path) -> None:
    with watched_page(browser) as (page, _):
        page.goto((site / PAGES["pact"]).as_uri() + "#approval/federation-council")
        part = page.locator("details[id='approval/federation-council']")
        assert part.get_attribute("open") is not None
        assert part.get_by_text("2025-12-08").count() >= 1


def test_tables_sort_and_filter(desk: tuple[Any, Watch], site: Path) -> None:
    page, watch = desk
    page.goto((site / PAGES["list of things"]).as_uri())
    page.get_by_role("button", name="Sources", exact=True).click()
    first = page.locator("tbody tr").first
    assert first.locator("th").inner_text() == "RELOS"
    page.fill("[data-filter]", "japan acsa")
    shown = page.locator("tbody tr:visible").all_inner_texts()
    assert shown
    assert all("Japan" in row for row in shown)
    watch.assert_quiet()


def test_matrix_tells_the_sources_of_a_cell(desk: tuple[Any, Watch], site: Path) -> None:
    page, watch = desk
    page.goto((site / PAGES["matrix"]).as_uri())
    page.locator("[data-cell]").first.focus()
    until(page, "document.querySelectorAll('#panel li a').length > 0")
    before = page.locator("#panel").inner_text()
    page.keyboard.press("ArrowRight")
    assert page.locator("#panel").inner_text() != before
    page.locator("td.c-disputed button").first.click()
    assert page.locator("#panel .sources").count() == 2
    watch.assert_quiet()


def test_timeline_filters(desk: tuple[Any, Watch], site: Path) -> None:
    page, watch = desk
    page.goto((site / PAGES["timeline"]).as_uri())
    rows = page.locator(".life-row:visible")
    every = rows.count()
    page.select_option("[name=party]", "party/russia")
    assert 0 < rows.count() < every
    page.fill("[name=from]", "2025")
    assert page.locator(".life-row[id='pact/relos'] .mark.signature:visible").count() == 1
    page.locator(".life-row[id='pact/relos'] summary").focus()
    page.keyboard.press("Enter")
    assert page.locator(".life-row[open] tbody tr").count() > 20
    page.click("[type=reset]")
    until(page, f"document.querySelectorAll('.life-row:not([hidden])').length === {every}")
    watch.assert_quiet()


def test_map_by_keyboard_year_and_distance(desk: tuple[Any, Watch], site: Path) -> None:
    page, watch = desk
    page.goto((site / PAGES["map"]).as_uri() + "#facility/murmansk-port")
    assert "RELOS" in page.locator("#panel").inner_text()
    page.select_option("[name=beneficiary]", "party/india")
    spots = page.locator(".spot")
    many = spots.count()
    page.locator("[name=year]").fill("2016")
    assert spots.count() < many
    page.locator("[name=year]").fill(page.locator("[name=year]").get_attribute("max"))
    page.select_option("[name=origin]", "facility/murmansk-port")
    distance = page.locator("#table tr[data-key='facility/vladivostok-port'] td.number").first
    assert 5500 < int(distance.inner_text().replace(",", "")) < 6500
    page.locator(".spot[tabindex='0']").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert page.locator("#panel h2").count() == 1
    watch.assert_quiet()


def test_pages_are_whole_without_javascript(browser: Any, site: Path) -> None:
    with watched_page(browser, java_script_enabled=False) as (page, _):
        page.goto((site / PAGES["pact"]).as_uri())
        page.locator("#facts details summary").first.click()
        assert page.locator("#facts .sources li a").first.is_visible()
        page.goto((site / PAGES["map"]).as_uri())
        assert page.locator("#table tbody tr").count() > 100
        assert page.locator("#sites a").count() > 100


_INTRUDERS = """() => ({
  images: document.images.length,
  scripts: [...document.scripts].map((s) => s.getAttribute('src') || s.type),
  frames: document.querySelectorAll('iframe, object, embed, base, animate, b[onmouseover], h1 h1, main style').length,
  handlers: [...document.querySelectorAll('*')].flatMap((e) => e.getAttributeNames())
    .filter((name) => name.startsWith('on')),
  addresses: [...document.querySelectorAll('[href]')].map((e) => e.getAttribute('href')),
})"""


@pytest.mark.parametrize("path", HOSTILE_PAGES)
def test_hostile_facts_stay_text(desk: tuple[Any, Watch], hostile: Path, path: str) -> None:
    page, watch = desk
    page.goto((hostile / path).as_uri())
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    page.locator("button:visible:not(#language)").evaluate_all("all => all.forEach((one) => one.click())")
    if path.endswith("map.html"):
        page.locator(".spot").first.dispatch_event("click")
        assert "<animate" in page.locator("#panel").inner_text()
    page.fill("#search", "alert")
    until(page, "!document.getElementById('found').hidden")
    page.fill("#search", "constructor")
    page.click("#language")
    until(page, "document.getElementById('language').textContent === 'English'")
    found = page.evaluate(_INTRUDERS)
    assert found["images"] == found["frames"] == 0
    assert found["handlers"] == []
    assert all(
        re.fullmatch(r"(\.\./)*views/assets/[a-z-]+\.js|application/(ld\+)?json", one) for one in found["scripts"]
    )
    assert not [one for one in found["addresses"] if re.match(r"\s*(javascript|data:[^,]|//)", one, re.I)]
    assert "49" not in page.locator("h1").inner_text()
    page.click("#language")
    watch.assert_quiet()
    text = (hostile / path).read_text(encoding="utf-8")
    assert "Content-Security-Policy" in text
    assert "default-src 'none'" in text


def test_nonce_depends_on_the_texts(hostile: Path, site: Path) -> None:
    nonces = {re.search("'nonce-([^']+)'", text)[1] for name, text in _pages(hostile).items() if name.startswith("id/")}  # type: ignore[index]
    assert len(nonces) == len([name for name in _pages(hostile) if name.startswith("id/")])
