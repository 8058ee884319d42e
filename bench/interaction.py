"""Measure how soon pages answer to being used: ``python -m bench.interaction [DIST]``.

Every page with something to operate is opened in headless Chromium with all network access cut, and used as a person
would use it, by real presses of the mouse and the keyboard: things are selected, filters and sorting turned, the slider
moved, words searched for. The browser's own Event Timing tells the time from a press to the next drawing of the page
that follows it (it counts in steps of 8 ms, and tells none below 16). Every fourth press is one on the page's heading,
where nothing answers: what that takes is the machine's share and not the page's.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from graph_builder.locate import default_dist

PAGES = (
    *("views/partners.html", "views/partners-of-india.html", "views/pact-network-relos.html", "views/facilities.html"),
    *("views/signatories.html", "views/sources.html", "views/map.html", "views/timeline.html"),
    *("views/support-matrix.html", "views/partner-lists.html", "views/all-sources.html", "views/coverage.html"),
    "index.html",
)
HEADER = ["page", "presses", "median", "95th percentile", "slowest kind, 95th", "on the heading: median", "95th"]
TOLD = (
    "Milliseconds from a press of the mouse or a key to the next drawing of the page, as Chromium's Event Timing tells "
    "them (in steps of 8, none below 16): selecting, filtering, sorting, moving the slider, searching. A press on the "
    "heading, where nothing answers, shows the machine's share."
)
USES = 20
"""How often each kind of control is used, where a page has so many."""
_SEEN = """
window.pressed = 0;
new PerformanceObserver((list) => {
  const taken = list.getEntries().filter((entry) => entry.interactionId).map((entry) => entry.duration);
  window.pressed = Math.max(window.pressed, ...taken);
}).observe({ type: "event", durationThreshold: 16 });
"""
_DRAWN = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 60)))"
#: Where the symbols in a network's drawing stand, those with most relations first.
_SYMBOLS = """(count) => {
  const { network, canvas } = window.pageDrawing;
  const { left, top } = canvas.getBoundingClientRect();
  const degree = (id) => network.getConnectedEdges(id).length;
  const ids = network.body.nodeIndices.slice().sort((a, b) => degree(b) - degree(a)).slice(0, count);
  const places = ids.map((id) => network.canvasToDOM(network.getPosition(id)));
  const bare = ([x, y]) => document.elementFromPoint(x, y)?.tagName === "CANVAS";
  return places.map(({ x, y }) => [x + left, y + top]).filter(bare);
}"""
_TAKEN = "() => { const taken = window.pressed; window.pressed = 0; return taken; }"


class Use(NamedTuple):
    """A kind of use, and the milliseconds from each press to the next drawing."""

    kind: str
    taken: list[float]


def run(dist: Path) -> Iterator[tuple[str, list[Use], list[float]]]:
    """Yield for each page its name, its uses, and what presses took to which nothing answers."""
    from tests.browser import chromium, watched_page

    with chromium() as browser, watched_page(browser, viewport={"width": 1280, "height": 800}) as (page, _):
        page.add_init_script(_SEEN)
        for name in PAGES:
            page.goto((dist / name).as_uri())
            if page.locator("#canvas").count():
                page.wait_for_selector("html[data-ready=drawn]", state="attached")
            page.wait_for_timeout(500)
            yield (name, *_used(page))


def _used(page: Any) -> tuple[list[Use], list[float]]:
    uses: dict[str, list[float]] = {}
    idle: list[float] = []
    for count, (kind, press) in enumerate(_presses(page)):
        uses.setdefault(kind, []).append(_timed(page, press))
        if count % 3 == 0:
            idle.append(_timed(page, page.locator("h1").first.click))
    return [Use(*pair) for pair in uses.items()], idle


def _timed(page: Any, press: Any) -> float:
    page.evaluate(_TAKEN)
    press()
    page.evaluate(_DRAWN)
    return max(float(page.evaluate(_TAKEN)), 8.0)


def _presses(page: Any) -> Iterator[tuple[str, Any]]:
    """Yield what a person can do on a page, one press after the other."""

    def seen(selector: str) -> list[Any]:
        return [one for one in page.locator(selector).all()[: 3 * USES] if one.is_visible()][:USES]

    for slider in seen("main input[type=range]"):
        yield from (("slide", lambda slider=slider: slider.press("ArrowLeft")) for _ in range(USES))
        slider.press("End")
    for box in [one for one in seen("main input[type=checkbox]:not([role=switch])") for _ in "on off".split()]:
        yield "filter", box.click
    for choice in seen("main select"):
        yield from (("filter", lambda choice=choice: choice.press("ArrowDown")) for _ in range(5))
        choice.press("Home")
    for word in ("india", "japan", "port"):
        for field in seen("main input[type=search]") or seen("input[type=search]"):
            yield from (("search", lambda field=field, letter=letter: field.press(letter)) for letter in word)
            field.select_text()
            yield "search", lambda field=field: field.press("Delete")
    page.keyboard.press("Escape")
    for part in seen("main th button, main .life-row > summary"):
        yield "sort or open", part.click
    for spot in seen("#sites [role=button]"):
        yield "select", lambda spot=spot: spot.press("Enter")
        page.keyboard.press("Escape")
    for x, y in page.evaluate(_SYMBOLS, USES) if page.locator("#canvas").count() else ():
        page.mouse.move(x, y)
        page.evaluate(_DRAWN)
        yield "select", lambda: (page.mouse.down(), page.mouse.up())
        page.keyboard.press("Escape")
    for number in range(min(USES, page.locator("#things [role=option]").count())):
        option = page.locator("#things [role=option]").nth(number)
        option.scroll_into_view_if_needed()
        yield "select", option.click
        page.keyboard.press("Escape")


def percentile(taken: list[float], share: float = 0.95) -> float:
    """Return the value that a share of all values do not exceed."""
    return sorted(taken)[min(len(taken) - 1, int(share * len(taken)))]


def compare(dist: Path) -> Iterator[list[str]]:
    """Yield a line of the table for each page."""
    for name, uses, idle in run(dist):
        taken = [ms for use in uses for ms in use.taken]
        slowest = max(uses, key=lambda use: percentile(use.taken))
        yield [
            Path(name).stem,
            str(len(taken)),
            *(f"{ms:.0f}" for ms in (statistics.median(taken), percentile(taken))),
            f"{slowest.kind}: {percentile(slowest.taken):.0f}",
            *(f"{ms:.0f}" for ms in (statistics.median(idle), percentile(idle))),
        ]


def main() -> None:
    """Print a row for each page as it is measured."""
    for line in [HEADER, ["---"] * len(HEADER)]:
        print(f"| {' | '.join(line)} |")
    for line in compare(Path(sys.argv[1]) if len(sys.argv) > 1 else default_dist()):
        print(f"| {' | '.join(line)} |", flush=True)


if __name__ == "__main__":
    main()
