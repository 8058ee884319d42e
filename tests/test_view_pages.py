"""Network pages, opened in a real browser: quiet, closed to the network, usable by keyboard, proof against data."""

from __future__ import annotations

import itertools
import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from graph_builder.view.layout import Box, place
from graph_builder.view.model import Edge, NetworkPage, Node
from graph_builder.view.network import render_network, wrapped, write_assets
from graph_builder.view.palette import marks
from tests.browser import Watch, served, watched_page
from tests.network_browser import address_ends, afresh, drawn, heading, tooltip, until
from tests.network_pages import HOSTILE, hostile, relos_like

ROOT = Path(__file__).parent.parent


def large(size: int) -> NetworkPage:
    """A tree with some cross links, of the given number of nodes."""
    draw = random.Random(1)
    kinds = ("Pact", "Party", "Person", "Facility")
    nodes = [Node(f"facility/{i}", f"Thing number {i}", kinds[i % 4]) for i in range(size)]
    edges = [Edge(nodes[int(i * draw.random() ** 2)].id, nodes[i].id, "joins") for i in range(1, size)]
    edges += [Edge(draw.choice(nodes).id, draw.choice(nodes).id, "also joins") for _ in range(size // 10)]
    return NetworkPage(f"large-{size}", f"{size} things", "A made-up network.", nodes, edges)


@pytest.fixture(scope="module")
def views(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of written pages, as a build leaves it."""
    folder = tmp_path_factory.mktemp("dist") / "views"
    write_assets(folder / "assets")
    for page in (relos_like(), hostile(), large(1000)):
        (folder / f"{page.name}.html").write_text(render_network(page), encoding="utf-8", newline="\n")
    return folder


@pytest.fixture
def relos(desk: tuple[Any, Watch], views: Path) -> Iterator[tuple[Any, Watch]]:
    page, watch = desk
    afresh(page, (views / "relos.html").as_uri())
    yield page, watch
    watch.assert_quiet()


# ---------------------------------------------------------------- the page in a browser


@pytest.mark.parametrize("name", ["relos", "large-1000"])
@pytest.mark.parametrize("by", ["file", "http"])
def test_page_draws_and_asks_nothing_of_the_network(
    browser: Any, views: Path, by: str, name: str, record_property: Any
) -> None:
    with served(views) as site, watched_page(browser, viewport={"width": 1280, "height": 800}) as (page, watch):
        said = drawn(page, f"{site}/{name}.html" if by == "http" else (views / f"{name}.html").as_uri())
        record_property("drawn_ms", said["drawnMs"])
        print(f"{name} from {by}: drawn after {said['drawnMs']} ms")
        assert int(said["shown"]) > 0
        assert page.evaluate(
            "(() => { const c = document.querySelector('#canvas canvas');"
            " const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
            " return d.some((value, index) => index % 4 === 3 && value > 0); })()"
        )
        watch.assert_quiet()


def test_every_thing_is_drawn_and_nearly_every_name(relos: tuple[Any, Watch]) -> None:
    page, _ = relos
    total = len(relos_like().nodes)
    said = page.evaluate("({...document.getElementById('canvas').dataset})")
    assert int(said["shown"]) == total
    # Names that would lie over others are left out until there is room; fonts differ between machines.
    assert int(said["labels"]) > total * 0.7


def test_policy_stops_a_script_that_slips_into_the_page(views: Path, browser: Any, tmp_path: Path) -> None:
    write_assets(tmp_path / "assets")
    html = render_network(relos_like()).replace(
        "<main>",
        "<main><script>window.slipped = 1</script><img src=x onerror='window.slipped = 2'><p style='color:red'>",
    )
    (tmp_path / "relos.html").write_text(html, encoding="utf-8")
    with watched_page(browser) as (page, watch):
        drawn(page, (tmp_path / "relos.html").as_uri())
        assert page.evaluate("window.slipped") is None
        assert page.evaluate("fetch('https://example.org/').then(() => 'out', () => 'kept in')") == "kept in"
        assert watch.outside == []


def test_details_open_and_close_by_keyboard_alone(relos: tuple[Any, Watch]) -> None:
    page, _ = relos
    page.locator("#search").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.value") == "nodes"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "things"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert heading(page) == "India"
    assert page.evaluate("document.activeElement.closest('#details') !== null")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Close"
    page.keyboard.press("Escape")
    assert page.locator("#details").is_hidden()
    assert page.evaluate("document.activeElement.id") == "things"
    address_ends(page, "")


def test_details_give_value_reason_sources_and_rivals(relos: tuple[Any, Watch]) -> None:
    page, _ = relos
    page.evaluate("location.hash = '#pact/relos'")
    page.wait_for_selector("#details:not([hidden])")
    for summary in page.locator("#details summary").all():
        summary.click()
    until(page, "[...document.querySelectorAll('#details details')].every((one) => one.querySelector('.sources'))")
    text = page.locator("#details").evaluate("panel => panel.textContent")
    for part in ("2025-12-10", "2025-12-08", "primary source", "A repost", "agency", "contested", "undetermined"):
        assert part in text
    links = page.locator("#details .sources a")
    assert {links.nth(i).get_attribute("rel") for i in range(links.count())} == {"noopener noreferrer"}
    assert (
        page.get_by_text("Navy planning a logistics pact").count()
        == page.locator(".sources span", has_text="Navy planning a logistics pact").count()
    )
    page.locator("#details .neighbours button", has_text="Sevastopol").click()
    assert heading(page) == "Sevastopol"
    address_ends(page, "#facility/sevastopol")


def test_search_opens_the_first_match_and_ignores_marks_and_case(relos: tuple[Any, Watch]) -> None:
    page, _ = relos
    page.locator("#search").fill("MURMÁNSK")
    assert page.locator("#things [role=option]").count() == 1
    page.keyboard.press("Enter")
    assert heading(page) == "Murmansk port"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "search"
    page.locator("#search").fill("no such thing")
    page.keyboard.press("Enter")
    assert page.locator("#details").is_hidden()


@pytest.mark.parametrize("key", ["pact/relos", "facility/sevastopol"])
def test_hash_restores_the_selection(browser: Any, views: Path, key: str) -> None:
    with watched_page(browser) as (page, watch):
        drawn(page, (views / "relos.html").as_uri() + "#" + key)
        assert page.locator("#details a").first.get_attribute("href") == "#" + key
        page.goto("about:blank")
        page.go_back()
        page.wait_for_selector("#details:not([hidden])")
        watch.assert_quiet()


@pytest.mark.parametrize("fragment", ["pact/none", "%E0%A4%A", "constructor", "canvas", "<img src=x onerror=alert(1)>"])
def test_hash_that_names_nothing_is_left_alone(browser: Any, views: Path, fragment: str) -> None:
    with watched_page(browser) as (page, watch):
        drawn(page, (views / "relos.html").as_uri() + "#" + fragment)
        assert page.locator("#details").is_hidden()
        watch.assert_quiet()


def test_going_back_returns_to_the_thing_before(relos: tuple[Any, Watch]) -> None:
    page, _ = relos
    for key in ("party/india", "party/russia"):
        page.evaluate(f"location.hash = '#{key}'")
        page.wait_for_timeout(100)
    page.go_back()
    until(page, "document.querySelector('#details h2').textContent === 'India'")


def test_pointing_and_clicking_on_a_node(relos: tuple[Any, Watch]) -> None:
    page, _ = relos
    at = page.evaluate("networkView.at('body/federation-council')")
    page.locator("#search").focus()
    page.mouse.move(at["x"], at["y"])
    assert "Federation Council" in tooltip(page).inner_text()
    assert page.evaluate("document.activeElement.id") == "search", "pointing must not take the focus"
    page.mouse.click(at["x"], at["y"])
    page.wait_for_selector("#details:not([hidden])")
    assert heading(page) == "Federation Council"


def test_filter_by_kind_hides_nodes(relos: tuple[Any, Watch]) -> None:
    page, _ = relos
    nodes = relos_like().nodes
    facilities = sum(node.kind == "Facility" for node in nodes)
    page.locator("#legend label", has_text="facility").click()
    until(page, f"document.getElementById('canvas').dataset.shown === '{len(nodes) - facilities}'")
    assert page.locator("#things [role=option]", has_text="Murmansk").count() == 0
    page.evaluate("location.hash = '#facility/sevastopol'")  # a link to a hidden thing shows its kind again
    page.wait_for_selector("#details:not([hidden])")
    assert heading(page) == "Sevastopol"
    assert page.locator("#legend input:not(:checked)").count() == 0


def test_physics_is_off_until_it_is_asked_for(relos: tuple[Any, Watch]) -> None:
    page, _ = relos
    where = "networkView.at('person/vikram-misri')"
    before = page.evaluate(where)
    page.wait_for_timeout(300)
    assert page.evaluate(where) == before
    page.locator("#motion").check()
    until(page, f"Math.abs({where}.x - {before['x']}) + Math.abs({where}.y - {before['y']}) > 1")
    page.locator("#motion").uncheck()


def test_query_is_shown_and_copied(relos: tuple[Any, Watch]) -> None:
    page, _ = relos
    page.get_by_text("The SPARQL query behind this page").click()
    assert page.locator("#query").inner_text().strip() == relos_like().query.strip()
    page.locator("#copy").click()
    until(page, "document.getElementById('copy-result').textContent === 'Copied'")


def test_table_holds_every_edge(relos: tuple[Any, Watch]) -> None:
    page, _ = relos
    page.get_by_text("The network as a table").click()
    assert page.locator("tbody tr").count() == len(relos_like().edges)
    page.locator("tbody tr", has_text="Vikram Misri").locator("a").first.click()
    page.wait_for_selector("#details:not([hidden])")
    assert heading(page) == "Vikram Misri"


@pytest.mark.parametrize("fragment", ["", "#pact/relos"])
def test_narrow_screen_needs_no_sideways_scroll(browser: Any, views: Path, fragment: str) -> None:
    for name in ("relos", "hostile"):
        with watched_page(browser, viewport={"width": 360, "height": 740}) as (page, watch):
            drawn(page, (views / f"{name}.html").as_uri() + fragment)
            page.evaluate("document.querySelectorAll('.more').forEach((part) => { part.open = true; })")
            assert page.evaluate("document.documentElement.scrollWidth") <= 360
            watch.assert_quiet()


def test_without_javascript_the_table_is_there(browser: Any, views: Path) -> None:
    with watched_page(browser, java_script_enabled=False) as (page, _):
        page.goto((views / "relos.html").as_uri())
        assert page.locator("noscript").inner_text()
        page.get_by_text("The network as a table").click()
        assert page.locator("tbody tr", has_text="Vikram Misri").is_visible()


# ---------------------------------------------------------------- data that looks like markup

_INTRUDERS = """() => ({
  images: document.images.length,
  scripts: [...document.scripts].map((s) => s.getAttribute('src') || s.id),
  frames: document.querySelectorAll('iframe, object, embed, base, form[action]').length,
  handlers: [...document.querySelectorAll('*')].flatMap((e) => e.getAttributeNames())
    .filter((name) => name.startsWith('on')),
  addresses: [...document.querySelectorAll('[href]')].map((e) => e.getAttribute('href')),
})"""
_OWN_SCRIPTS = [
    "assets/vis-network.min.js",
    "assets/network-text.js",
    "assets/network-words.js",
    "assets/network-records.js",
    "assets/network-drawing.js",
    "assets/page.js",
    "assets/network-save.js",
    "data",
]


def test_hostile_texts_stay_text(browser: Any, views: Path) -> None:
    page_data = hostile()
    with watched_page(browser, viewport={"width": 1280, "height": 800}, reduced_motion="reduce") as (page, watch):
        drawn(page, (views / "hostile.html").as_uri())
        assert page.title() == page_data.title
        assert page.locator("h1").inner_text() == page_data.title
        assert page.locator("h1").count() == 1
        assert "{{7*7}}" in page.locator(".lead").inner_text()
        options = page.locator("#things [role=option]").all_inner_texts()
        names = page.locator("#things .text").evaluate_all("all => all.map((one) => one.textContent)")
        assert {label.strip() for label in HOSTILE if label} <= set(names)
        assert len(options) == len(HOSTILE)
        kinds = page.locator("#legend bdi").evaluate_all("all => all.map((one) => one.textContent)")
        assert len(kinds) == len({node.kind for node in page_data.nodes})
        for node in page_data.nodes:
            page.evaluate("(id) => { location.hash = '#' + encodeURIComponent(id); }", node.id)
            until(
                page,
                "document.querySelector('#details h2')?.textContent === value",
                node.label.strip() or node.id,
            )
            page.locator("#details details").evaluate_all("all => all.forEach((one) => { one.open = true; })")
            at = page.evaluate("(id) => networkView.at(id)", node.id)
            page.mouse.move(at["x"] + 200, at["y"])
            page.mouse.move(at["x"], at["y"], steps=3)
            tip = tooltip(page)
            assert tip.evaluate("tip => tip.children.length - tip.querySelectorAll('br').length") == 0
            found = page.evaluate(_INTRUDERS)
            assert found["images"] == found["frames"] == 0
            assert found["scripts"] == _OWN_SCRIPTS
            assert found["handlers"] == []
            assert all(
                re.match(r"https://example\.org/|#|data:,$|assets/|\.\./index\.html$", href)
                for href in found["addresses"]
            )
        watch.assert_quiet()


def test_tooltip_shows_markup_as_it_is_written(browser: Any, views: Path) -> None:
    with watched_page(browser, viewport={"width": 1280, "height": 800}, reduced_motion="reduce") as (page, watch):
        drawn(page, (views / "hostile.html").as_uri())
        at = page.evaluate("(id) => networkView.at(id)", hostile().nodes[0].id)
        page.mouse.move(at["x"], at["y"])
        assert HOSTILE[0] in tooltip(page).inner_text()
        watch.assert_quiet()


def test_data_block_cannot_be_closed_by_data() -> None:
    html = render_network(hostile())
    block = re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.S)
    assert block
    assert not re.search("[<>&\u2028\u2029]", block[1])
    assert {node["name"] for node in json.loads(block[1])["nodes"]} == {node.label for node in hostile().nodes}
    assert html.count("<script") == len(_OWN_SCRIPTS)
    assert html.count("<h1 ") == 1


def test_nonce_depends_on_every_text() -> None:
    page = relos_like()
    changed = [
        page,
        replace(page, title="x"),
        replace(page, description="x"),
        replace(page, query="x"),
        replace(page, as_of="x"),
        replace(page, nodes=[replace(page.nodes[0], label="x"), *page.nodes[1:]]),
        replace(page, edges=[replace(page.edges[0], label="x"), *page.edges[1:]]),
    ]
    nonces = {re.search("'nonce-([^']+)'", render_network(one))[1] for one in changed}  # type: ignore[index]
    assert len(nonces) == len(changed)


def test_page_names_no_other_host() -> None:
    html = render_network(replace(relos_like(), details={}))
    loaded = re.findall(r'(?:src|href)="([^"#][^"]*)"', html)
    assert sorted(loaded) == sorted(["../index.html", "assets/page.css", "data:,", *_OWN_SCRIPTS[:-1]])


# ---------------------------------------------------------------- the renderer by itself

_PRINT_PAGES = """
import sys; sys.path[:0] = sys.argv[1:]
from tests.network_pages import hostile, relos_like
from tests.test_view_pages import large
from graph_builder.view.network import render_network
for page in (relos_like(), hostile(), large(150), large(500)):
    sys.stdout.buffer.write(render_network(page).encode())
"""


def test_same_bytes_in_two_processes_with_different_hash_seeds() -> None:
    outputs = {
        subprocess.run(
            [sys.executable, "-c", _PRINT_PAGES, str(ROOT)],
            env=os.environ | {"PYTHONHASHSEED": seed, "OPENBLAS_NUM_THREADS": threads},
            check=True,
            capture_output=True,
        ).stdout
        for seed, threads in (("0", "1"), ("4711", "2"))
    }
    assert len(outputs) == 1


def test_order_of_the_input_does_not_matter() -> None:
    page = relos_like()
    turned = replace(page, nodes=page.nodes[::-1], edges=page.edges[::-1], details=dict(reversed(page.details.items())))
    assert render_network(turned) == render_network(page)


def test_errors_name_the_node() -> None:
    node = Node("party/india", "India", "Party")
    with pytest.raises(ValueError, match="party/india"):
        render_network(NetworkPage("x", "x", "", [node, node], []))
    with pytest.raises(ValueError, match="party/russia"):
        render_network(NetworkPage("x", "x", "", [node], [Edge("party/india", "party/russia", "joins")]))


@pytest.mark.parametrize("count", [0, 1, 2])
def test_small_pages_draw(browser: Any, tmp_path: Path, count: int) -> None:
    nodes = [Node(f"party/{i}", f"Party {i}", "Party") for i in range(count)]
    edges = [Edge(node.id, node.id, "itself") for node in nodes]
    write_assets(tmp_path / "assets")
    (tmp_path / "x.html").write_text(render_network(NetworkPage("x", "Few", "", nodes, edges)), encoding="utf-8")
    with watched_page(browser) as (page, watch):
        assert int(drawn(page, (tmp_path / "x.html").as_uri())["shown"]) == count
        watch.assert_quiet()


def test_page_of_6000_nodes_draws(browser: Any, tmp_path: Path, record_property: Any) -> None:
    write_assets(tmp_path / "assets")
    (tmp_path / "x.html").write_text(render_network(large(6_000)), encoding="utf-8")
    with watched_page(browser, viewport={"width": 1280, "height": 800}) as (page, watch):
        said = drawn(page, (tmp_path / "x.html").as_uri())
        record_property("drawn_ms", said["drawnMs"])
        print(f"6,000 nodes: drawn after {said['drawnMs']} ms")
        assert int(said["shown"]) > 0
        watch.assert_quiet()


def test_no_boxes_overlap_in_a_layout_of_ordinary_size() -> None:
    page = relos_like()
    loners = {f"loner/{i}": Box(30, 10, 30) for i in range(12)}
    boxes = {node.id: Box(20 + len(node.label) * 2, 12, 40) for node in page.nodes} | loners
    spots = place(boxes, [(edge.source, edge.target) for edge in page.edges])
    assert spots.keys() == boxes.keys()
    for a, b in itertools.combinations(boxes, 2):
        apart_x = abs(spots[a][0] - spots[b][0]) >= boxes[a].side + boxes[b].side - 1
        upper, lower = (a, b) if spots[a][1] <= spots[b][1] else (b, a)
        apart_y = spots[lower][1] - spots[upper][1] >= boxes[upper].below + boxes[lower].above - 1
        assert apart_x or apart_y, (a, b)


def test_layout_of_odd_graphs() -> None:
    box = Box(30, 10, 30)
    assert place({}, []) == {}
    assert place({"a": box}, [("a", "a")]).keys() == {"a"}
    chain = {f"{i:03}": box for i in range(60)}
    spots = place(chain, itertools.pairwise(sorted(chain)))
    assert len(set(spots.values())) == 60
    star = place({f"{i:04}": box for i in range(3000)}, [("0000", f"{i:04}") for i in range(1, 3000)])
    assert len(set(star.values())) > 2900


def test_marks_are_distinct_and_known_kinds_keep_theirs() -> None:
    some = marks(["Party", "Pact", "Zeppelin", "Ferry", "Balloon"])
    assert list(some)[:2] == ["Pact", "Party"]
    assert len(set(some.values())) == 5
    assert marks(["Zeppelin"])["Zeppelin"] == some["Zeppelin"]
    assert len(marks(f"Kind{i}" for i in range(100))) == 100


def test_labels_are_broken_and_marked() -> None:
    assert wrapped("Ministry of Defence", True) == "Ministry of\nDefence ‡"
    assert wrapped("x" * 500, False).endswith("…")
    assert wrapped("", False) == ""
