"""The pages of the site in a real browser: quiet, fit, usable by keyboard, and inert whatever the facts hold."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.axe import COLOURS, axe_source, violations
from tests.browser import Watch, focus, watched_page
from tests.network_browser import afresh, until
from tests.site_pages import HOSTILE_PAGES, NETWORKS, PAGES

pytestmark = pytest.mark.xdist_group("site")


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
    # A line of sums stays below, however its table is sorted.
    page.goto((site / PAGES["partner lists"]).as_uri())
    page.get_by_role("button", name="United States").first.click()
    assert page.locator("table").first.locator("tr").last.get_attribute("class") == "total"
    watch.assert_quiet()


def test_long_tables_are_drawn_by_and_by_and_whole(desk: tuple[Any, Watch], site: Path) -> None:
    page, watch = desk
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto((site / "views" / "all-sources.html").as_uri())
    widths = "[...document.querySelectorAll('thead th')].map((one) => one.offsetWidth)"
    before, every = page.evaluate(widths), page.locator("tbody tr").count()
    assert every > 500
    heads = page.locator("thead th button")
    # The second press comes while the rows of the first are still being brought.
    waiting = page.evaluate(
        "() => { for (const number of [1, 0]) document.querySelectorAll('thead th button')[number].click();"
        " return document.querySelectorAll('tr.later').length; }"
    )
    assert every - 200 < waiting < every
    whole = "!document.querySelector('tr.later')"
    until(page, whole)
    assert page.locator("tbody tr:visible").count() == every
    names = page.evaluate("[...document.querySelectorAll('tbody tr')].map((row) => row.cells[0].textContent.trim())")
    assert names == page.evaluate(
        "(names) => names.sort(new Intl.Collator(undefined, { numeric: true }).compare)", names
    )
    assert all(abs(one - other) <= 1 for one, other in zip(before, page.evaluate(widths), strict=True))
    page.evaluate(
        "() => { const field = document.querySelector('[data-filter]'); for (const words of ['india', 'no such', '']) {"
        " field.value = words; field.dispatchEvent(new Event('input')); } }"
    )
    until(page, whole)
    assert page.locator("tbody tr:visible").count() == every
    page.set_viewport_size({"width": 1000, "height": 800})
    until(page, "!document.querySelector('colgroup')")
    assert heads.count() == len(before)
    page.set_viewport_size({"width": 1280, "height": 800})
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
