"""What tests of network pages do with a browser."""

from __future__ import annotations

from typing import Any

import pytest


def drawn(page: Any, address: str, limit_ms: int = 60_000) -> dict[str, str]:
    """Open an address, wait until its network is drawn, and return what the page says of itself."""
    page.goto(address)
    page.wait_for_selector("html[data-ready=drawn]", timeout=limit_ms, state="attached")
    page.wait_for_timeout(150)
    said: dict[str, str] = page.evaluate(
        "({...document.documentElement.dataset, ...document.getElementById('canvas').dataset})"
    )
    return said


def heading(page: Any) -> str:
    found: str = page.locator("#details h2").inner_text()
    return found


def until(page: Any, expression: str, value: object = None) -> None:
    """Wait until a JavaScript expression is true. Playwright's own wait needs eval, which the page forbids."""
    for _ in range(200):
        if page.evaluate(f"(value) => {expression}", value):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"never true: {expression}")


def tooltip(page: Any) -> Any:
    """Wait for the tooltip and return it; vis-network makes its element on first need."""
    seen = "getComputedStyle(document.querySelector('.vis-tooltip')).visibility === 'visible'"
    until(page, f"document.querySelector('.vis-tooltip') && {seen}")
    return page.locator(".vis-tooltip")
