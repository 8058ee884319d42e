"""A real browser for tests: Debian's Chromium, or any other that is on PATH, driven by Playwright."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import pytest

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_HERE = ("127.0.0.1", "localhost")
#: All but the machine itself lies behind a proxy that is not there.
_NOWHERE = {"server": "http://127.0.0.1:9", "bypass": ",".join(_HERE)}


@dataclass
class Watch:
    """What a page did besides drawing itself; every list is to stay empty."""

    outside: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def assert_quiet(self) -> None:
        """Tell that nothing was done, and begin anew."""
        did = (self.outside[:], self.console[:], self.errors[:], self.dialogs[:])
        for one in (self.outside, self.console, self.errors, self.dialogs):
            one.clear()
        assert did == ([], [], [], [])


def missing(what: str) -> None:
    """Skip the test; where CI is set, fail it, because there the browser has to be."""
    if os.environ.get("CI"):
        pytest.fail(what)
    pytest.skip(what)


@contextmanager
def chromium() -> Iterator[Any]:
    """Yield a Playwright browser; skip or fail (see ``missing``) where there is none."""
    path = next(filter(None, map(shutil.which, _NAMES)), None)
    if path is None:
        missing("no Chromium on PATH: install Debian's package chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("the Python package playwright is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=list(_FLAGS), proxy=_NOWHERE)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def watched_page(browser: Any, **options: Any) -> Iterator[tuple[Any, Watch]]:
    """Yield a page in a fresh profile, and the record of all it does; requests to elsewhere lead nowhere."""
    context = browser.new_context(**options)
    page = context.new_page()
    watch = Watch()

    def asked(request: Any) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("file", "data", "blob") and address.hostname not in _HERE:
            watch.outside.append(request.url)

    def dialog(shown: Any) -> None:
        watch.dialogs.append(shown.message)
        shown.dismiss()

    context.on("request", asked)
    page.on("console", lambda m: watch.console.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: watch.errors.append(str(error)))
    page.on("dialog", dialog)
    try:
        yield page, watch
    finally:
        context.close()


def focus(page: Any) -> tuple[str, bool]:
    """Return what names the focused element, or nothing, and whether a line around it can be seen."""
    name, seen = page.evaluate(
        """(() => {
          const one = document.activeElement;
          const { outlineStyle, outlineWidth } = getComputedStyle(one);
          const name = one === document.body ? '' : one.id || one.textContent.trim().slice(0, 20) || one.value || one.name;
          const ring = one.querySelector('.reach'); // of a spot on the map
          return [name, (parseFloat(outlineWidth) > 0 && outlineStyle !== 'none') || (ring && getComputedStyle(ring).stroke !== 'none')];
        })()"""
    )
    return name, bool(seen)


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on a free loopback port; yield its address, without a slash at the end."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Silent, directory=str(folder)))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
