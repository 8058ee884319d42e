"""What tests of network pages do with a browser."""

from __future__ import annotations

from typing import Any

import pytest


def drawn(page: Any, address: str, limit_ms: int = 60_000) -> dict[str, str]:
    """Open an address, wait until its network is drawn, and return what the page says of itself."""
    page.goto(address)
    page.wait_for_selector("html[data-ready=drawn]", timeout=limit_ms, state="attached")
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    said: dict[str, str] = page.evaluate(
        "({...document.documentElement.dataset, ...document.getElementById('canvas').dataset})"
    )
    return said


def afresh(page: Any, address: str) -> dict[str, str]:
    """Open an address as ``drawn`` does on a page that showed others before: nothing points at it any more."""
    page.mouse.move(0, 0)
    page.goto("about:blank")
    return drawn(page, address)


def heading(page: Any) -> str:
    found: str = page.locator("#details h2").inner_text()
    return found


def until(page: Any, expression: str, value: object = None) -> None:
    """Wait until a JavaScript expression is true. Playwright's own wait needs eval, which the page forbids."""
    for _ in range(500):
        if page.evaluate(f"(value) => {expression}", value):
            return
        page.wait_for_timeout(20)
    pytest.fail(f"never true: {expression}")


def tooltip(page: Any) -> Any:
    """Wait for the tooltip and return it; vis-network makes its element on first need."""
    seen = "getComputedStyle(document.querySelector('.vis-tooltip')).visibility === 'visible'"
    until(page, f"document.querySelector('.vis-tooltip') && {seen}")
    return page.locator(".vis-tooltip")


def address_ends(page: Any, fragment: str) -> None:
    """Wait until the address ends in a fragment, which pages write a little later."""
    until(page, "location.hash === value", fragment)
