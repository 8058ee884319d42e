"""Network pages: what is shown as of a year and by the filters, edges, files to save, and the second language."""

from __future__ import annotations

import csv
import io
import itertools
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from graph_builder.view.network import render_network, write_assets
from graph_builder.view.networks import changes, network_pages, pact_refs
from graph_builder.view.text import ENGLISH, HINDI, text_script
from tests.axe import COLOURS, RULES, axe_source, violations
from tests.browser import Watch, focus, watched_page
from tests.network_browser import address_ends, afresh, drawn, heading, until
from tests.network_pages import HOSTILE, hostile, partners_like, relos_like

DESKTOP = {"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce"}
INDIA_US = "party/india~party/united-states"


@pytest.fixture(scope="module")
def views(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist") / "views"
    write_assets(folder / "assets")
    for page in (relos_like(), hostile(), partners_like()):
        (folder / f"{page.name}.html").write_text(render_network(page), encoding="utf-8", newline="\n")
    return folder


@pytest.fixture
def partners(desk: tuple[Any, Watch], views: Path) -> Iterator[tuple[Any, Watch]]:
    page, watch = desk
    afresh(page, (views / "partners.html").as_uri())
    yield page, watch
    watch.assert_quiet()


def shown(page: Any) -> tuple[int, int]:
    """Return how many nodes and edges the page shows."""
    found: list[int] = page.evaluate(
        "['nodes', 'edges'].map((kind) => pageRecords[kind].filter((one) => one.on).length)"
    )
    return found[0], found[1]


def set_year(page: Any, year: int) -> None:
    page.locator("#year-number").fill(str(year))


# ---------------------------------------------------------------- as of a year


def test_ended_pacts_wait_until_they_are_asked_for(partners: tuple[Any, Watch]) -> None:
    page, _ = partners
    assert shown(page) == (5, 4)
    assert not page.locator("#statuses input[value=ended]").is_checked()
    page.locator("#statuses label", has_text="ended").click()
    assert shown(page) == (6, 5)
    until(page, "location.hash.includes('ended')")


def test_year_shows_what_held_at_its_end(partners: tuple[Any, Watch]) -> None:
    page, _ = partners
    for year, edges in ((1990, 2), (1996, 3), (2016, 4), (2019, 5), (2020, 4)):
        set_year(page, year)
        assert shown(page)[1] == edges, year
    set_year(page, 2019)
    assert page.evaluate("pageRecords.byKey.get('party/india~party/russia').group") == "negotiation"
    set_year(page, 2025)
    assert page.evaluate("pageRecords.byKey.get('party/india~party/russia').group") == "signed"
    assert page.locator("#statuses label", has_text="in force").locator("small").inner_text() == "3"
    set_year(page, 2026)
    assert page.evaluate("pageRecords.byKey.get('party/india~party/russia').group") == "in-force"
    assert page.locator("#today").inner_text() == "as of 2026-06-01"
    set_year(page, 1066)  # no such year here: nothing changes, and the field tells what is shown
    page.keyboard.press("Tab")
    assert page.locator("#year-number").input_value() == "2026"


def test_year_by_keyboard_on_the_slider(partners: tuple[Any, Watch]) -> None:
    page, _ = partners
    page.locator("#year").focus()
    page.keyboard.press("ArrowLeft")
    assert page.locator("#year-number").input_value() == "2025"
    page.keyboard.press("Home")
    assert page.locator("#year-number").input_value() == "1990"
    assert shown(page)[1] == 2
    page.keyboard.press("End")
    address_ends(page, "")


def test_undated_things_can_be_left_out(partners: tuple[Any, Watch]) -> None:
    page, _ = partners
    assert page.locator("#undated-count").inner_text() == "1"
    page.locator("#undated").uncheck()
    assert shown(page) == (4, 3)
    assert page.locator("#things [role=option]", has_text="Canada").count() == 0
    page.locator("#matches button").click()
    assert shown(page) == (6, 5)


def test_the_year_can_be_changed_many_times_over(partners: tuple[Any, Watch]) -> None:
    page, _ = partners
    took = page.evaluate(
        """() => [...Array(20).keys()].map((step) => {
          const field = document.getElementById('year-number');
          const begun = performance.now();
          field.value = 2000 + step;
          field.dispatchEvent(new Event('input', { bubbles: true }));
          return performance.now() - begun;
        })"""
    )
    print(f"the slowest but one of twenty changes of the year took {sorted(took)[18]:.0f} ms")
    assert len(took) == 20
    until(page, "location.hash.includes('year=2019')")


# ---------------------------------------------------------------- filters and addresses


def test_class_and_party_filters(partners: tuple[Any, Watch]) -> None:
    page, _ = partners
    page.locator("#class").select_option(label="foundational pact")
    assert shown(page) == (2, 1)
    page.locator("#class").select_option(label="all")
    page.locator("#party").select_option(label="Russia")
    assert shown(page) == (2, 1)
    until(page, "location.hash.includes('party=party%2Frussia')")


def test_address_keeps_selection_and_filters(browser: Any, views: Path) -> None:
    address = (views / "partners.html").as_uri()
    with watched_page(browser, **DESKTOP) as (page, watch):
        drawn(page, f"{address}#{INDIA_US}?year=2017&party=party%2Findia")
        assert page.locator("#year").input_value() == "2017"
        assert page.locator("#party").input_value() == "party/india"
        assert "LEMOA" in page.locator("#details").inner_text()
        assert "COMCASA" not in page.locator("#details").inner_text()
        link = page.locator("#here").get_attribute("href")
        address_ends(page, link)
        page.keyboard.press("Escape")
        assert page.locator("#details").is_hidden()
        address_ends(page, "#?year=2017&party=party%2Findia")
        page.evaluate("location.hash = '#party/maldives'")  # hidden by what is asked for: a link shows it all the same
        until(page, "document.querySelector('#details h2')?.textContent === 'Maldives'")
        watch.assert_quiet()


@pytest.mark.parametrize(
    "wanted", ["year=abc&status=<img>&class=x&party=__proto__&undated=no", "year=99999&status=x&without=party"]
)
def test_address_that_asks_for_nonsense_does_no_harm(browser: Any, views: Path, wanted: str) -> None:
    with watched_page(browser, **DESKTOP) as (page, watch):
        drawn(page, (views / "partners.html").as_uri() + "#?" + wanted)
        watch.assert_quiet()


# ---------------------------------------------------------------- edges


def test_edge_by_keyboard_from_the_list_of_relations(partners: tuple[Any, Watch]) -> None:
    page, _ = partners
    page.locator("#tabs input[value=nodes]").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator("#things [role=option]").count() == 4
    page.locator("#search").fill("comcasa")
    page.keyboard.press("Enter")
    text = page.locator("#details").evaluate("panel => panel.textContent")
    for part in ("India – United States", "in force", "LEMOA", "logistics support pact", "from 2016-08-29", "COMCASA"):
        assert part in text
    address_ends(page, "#" + INDIA_US)
    assert page.locator("#details .pacts a").first.get_attribute("href") == "../id/pact/comcasa.html"
    page.locator("#details .neighbours button", has_text="United States").click()
    assert heading(page) == "United States"
    page.locator("#details .neighbours button", has_text="2 pacts").click()
    address_ends(page, "#" + INDIA_US)


def test_edge_by_pointer(partners: tuple[Any, Watch]) -> None:
    page, _ = partners
    at = page.evaluate("(key) => networkView.at(key)", INDIA_US)
    page.mouse.click(at["x"], at["y"])
    page.wait_for_selector("#details:not([hidden])")
    assert heading(page) == "India – United States"


def test_table_follows_the_filters(partners: tuple[Any, Watch]) -> None:
    page, _ = partners
    page.get_by_text("The network as a table").click()
    until(page, "[...document.querySelectorAll('tbody tr')].filter((row) => !row.hidden).length === 4")
    set_year(page, 2016)
    assert page.locator("tbody tr:not([hidden])").count() == shown(page)[1] == 4
    page.locator("tbody tr", has_text="LEMOA").locator("a").nth(1).click()
    assert heading(page) == "India – United States"
    assert page.locator("#year").input_value() == "2016"


# ---------------------------------------------------------------- files to save


def xml(text: bytes) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314 - made by the page under test


def saved(page: Any, kind: str) -> bytes:
    page.locator("#save summary").click()
    with page.expect_download() as waiting:
        page.locator(f"[data-save={kind}]").click()
    assert waiting.value.suggested_filename.endswith(f".{kind}")
    return Path(waiting.value.path()).read_bytes()


def test_pictures(partners: tuple[Any, Watch]) -> None:
    page, _ = partners
    assert saved(page, "png").startswith(b"\x89PNG")
    root = xml(saved(page, "svg"))
    names = {"".join(text.itertext()).strip("\u2068\u2069") for text in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {"India", "Russia", "Japan"} <= names
    assert len(root.findall(".//*[@id='edges']/{*}path")) == 4
    assert len(root.findall(".//*[@id='nodes']/*")) == 5


def test_data_behind_the_picture(partners: tuple[Any, Watch], tmp_path: Path) -> None:
    page, _ = partners
    rows = list(csv.DictReader(io.StringIO(saved(page, "csv").decode(), newline="")))
    assert len(rows) == 4
    both = next(row for row in rows if row["to"] == "party/united-states" and row["from"] == "party/india")
    assert both["pacts"] == "pact/comcasa; pact/lemoa"
    assert both["status"] == "in-force; in-force"
    (tmp_path / "x.gexf").write_bytes(saved(page, "gexf"))
    graph = nx.read_gexf(tmp_path / "x.gexf", version="1.3")
    assert graph.nodes["party/india"]["label"] == "India"
    assert graph.nodes["party/india"]["kind"] == "party"
    assert graph.edges["party/india", "party/united-states"]["start"] == "2016-08-29"
    set_year(page, 1996)
    assert len(saved(page, "csv").splitlines()) == 1 + shown(page)[1]


def test_saved_files_of_hostile_facts_are_whole(browser: Any, views: Path) -> None:
    with watched_page(browser, **DESKTOP) as (page, watch):
        drawn(page, (views / "hostile.html").as_uri())
        tree = xml(saved(page, "svg"))
        assert not [one for one in tree.iter() if one.tag.rpartition("}")[2] in ("script", "img", "a", "foreignObject")]
        assert not [name for one in tree.iter() for name in one.attrib if name.startswith("on")]
        xml(saved(page, "gexf"))
        rows = list(csv.DictReader(io.StringIO(saved(page, "csv").decode(), newline="")))
        assert len(rows) == shown(page)[1]
        assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]
        assert HOSTILE[0] in {row["from_label"] for row in rows}
        watch.assert_quiet()


# ---------------------------------------------------------------- languages


def test_second_language_is_remembered(browser: Any, views: Path) -> None:
    address = (views / "partners.html").as_uri()
    with watched_page(browser, **DESKTOP) as (page, watch):
        drawn(page, f"{address}#{INDIA_US}")
        page.locator("#language").click()
        assert page.locator("html").get_attribute("lang") == "hi"
        assert page.locator("h1").inner_text() == "साझेदार"
        assert page.locator("h1").get_attribute("lang") == "hi"
        text = page.locator("body").evaluate("body => body.innerText")
        for key in ("search", "save", "fit", "permalink", "close", "party", "undated"):
            assert HINDI[key] in text
            assert ENGLISH[key] not in text.replace("Logistics pacts", "")
        for word in ("लागू", "हस्ताक्षरित", "रसद-सहायता समझौता", "समझौते (2)"):
            assert word in text
        assert page.locator("#things").get_attribute("aria-label") == HINDI["list"]
        assert page.locator("#details h2 [lang=en]").first.inner_text() == "India"
        drawn(page, (views / "relos.html").as_uri())
        assert page.locator("html").get_attribute("lang") == "hi"
        page.locator("#language").click()
        assert page.locator("html").get_attribute("lang") == "en"
        assert ENGLISH["search"] in page.locator("body").inner_text()
        watch.assert_quiet()


def test_languages_have_the_same_texts_and_gaps() -> None:
    assert ENGLISH.keys() == HINDI.keys()
    for key, words in ENGLISH.items():
        assert set(_gaps(words)) == set(_gaps(HINDI[key])), key
    assert text_script().startswith("window.pageWords = {")


def _gaps(words: str) -> Iterator[str]:
    for part in words.split("{")[1:]:
        yield part.partition("}")[0]


# ---------------------------------------------------------------- barriers


def test_no_barrier_that_wcag_names(browser: Any, views: Path) -> None:
    source = axe_source()
    found = []
    with watched_page(browser, reduced_motion="reduce") as (page, _):
        for name, fragment, width in (
            ("partners", f"#{INDIA_US}", 1280),
            ("relos", "#pact/relos", 1280),
            ("partners", "", 360),
            ("hostile", "", 1280),
        ):
            page.set_viewport_size({"width": width, "height": 800})
            afresh(page, (views / f"{name}.html").as_uri() + fragment)
            page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
            for scheme, rules in (("light", RULES), ("dark", COLOURS)):
                page.emulate_media(color_scheme=scheme)
                found += [f"{name}{fragment} {width} {scheme}: {one}" for one in violations(page, source, rules)]
            page.emulate_media(color_scheme="light")
            if name == "partners":
                page.evaluate("document.getElementById('language').click()")
                found += [f"{name}{fragment} {width} hi: {one}" for one in violations(page, source)]
                page.evaluate("document.getElementById('language').click()")
    assert found == []


def test_every_control_shows_where_the_focus_is(partners: tuple[Any, Watch]) -> None:
    page, _ = partners
    seen = set()
    for _step in range(40):
        page.keyboard.press("Tab")
        name, visible = focus(page)
        if name in seen and name == "skip":
            break
        seen.add(name)
        assert visible or not name, name
    for wanted in ("language", "year", "year-number", "undated", "class", "party", "motion", "fit", "search", "things"):
        assert wanted in seen


# ---------------------------------------------------------------- records


def test_changes_follow_the_rule_of_standing() -> None:
    assert changes([("Negotiation", "2000-01-01"), ("Signature", "2001-01-01"), ("EntryIntoForce", "2001-01-01")]) == [
        ("2000-01-01", "under-negotiation"),
        ("2001-01-01", "in-force"),
    ]
    renewed = [("Signature", "2001-01-01"), ("Expiry", "2006-01-01"), ("Renewal", "2007-01-01")]
    assert changes(renewed) == [("2001-01-01", "signed"), ("2006-01-01", "expired"), ("2007-01-01", "signed")]
    assert (
        changes([("Expiry", "2005-01-01"), ("Renewal", "2005-01-01"), ("Signature", "2000-01-01")])[-1][1] == "signed"
    )
    assert changes([]) == []


def test_changes_end_where_the_graph_says_a_pact_stands(built: Path) -> None:
    from graph_builder.view import Site

    site = Site(built)
    pacts = pact_refs(site.rows(site.views["standings"]))
    assert len(pacts) > 100
    as_of = "2026-06-01"
    for pact in pacts:
        past = [status for day, status in pact.changes if day <= as_of]
        if past and past[-1] != pact.status:
            # Only an action without a day can set a status that no dated one does.
            assert pact.status in ("signed", "under-negotiation", "in-force", "operational"), pact


def test_rows_become_edges_with_their_pacts(built: Path) -> None:
    from graph_builder.view import Site

    site = Site(built)
    pacts = {pact.id: pact for pact in pact_refs(site.rows(site.views["standings"]))}
    for name, query in site.views.items():
        if query.view.get("renderer") != "network":
            continue
        pages = list(network_pages(query, site.rows(query), {}, pacts, site.prefixes))
        assert pages, name
        assert len({page.name for _, page in pages}) == len(pages)
        key, page = next(one for one in pages if one[0] in ("", "pact/relos", "party/india"))
        assert query.view["renderer"] == "network"
        assert page.hindi["title"]
        assert not [edge for edge in page.edges if not edge.pacts], name
        assert len({(edge.source, edge.target, edge.label, edge.start) for edge in page.edges}) == len(page.edges)
        if name == "partners":
            pairs = {frozenset((edge.source, edge.target)) for edge in page.edges}
            assert len(pairs) == len(page.edges)
        # The query of a page, pasted as it stands, gives the page's own edges.
        if key:
            again = network_pages(query, site.rows(query, **{str(query.view["each"]): key}), {}, pacts, site.prefixes)
            assert [one.edges for _, one in again] == [page.edges]


def test_edges_of_a_page_have_keys_of_their_own() -> None:
    from graph_builder.view.model import Edge
    from graph_builder.view.network import _edge_keys

    edges = [
        Edge("a", "b", "x"),
        Edge("a", "b", "x", start="2001"),
        Edge("a", "b", "y"),
        Edge("b", "a", "x"),
        Edge("a", "b", "x"),
    ]
    keys = _edge_keys(edges)
    assert len(set(keys)) == len(edges)
    assert keys[3] == "b~a"
    assert all(one != other for one, other in itertools.pairwise(keys))
