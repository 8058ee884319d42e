"""axe-core in a page, as `npm ci` puts it under node_modules: what of WCAG 2.2 AA the page violates."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from tests.browser import missing
from tests.conftest import ROOT

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def axe_source() -> str:
    """Return axe-core's script; skip or fail (see ``missing``) where it is not installed."""
    named = os.environ.get("AXE_CORE")
    for place in filter(None, (named and Path(named), ROOT / "node_modules" / "axe-core" / "axe.min.js")):
        if place.is_file():
            return place.read_text(encoding="utf-8")
    missing("axe-core is not installed: run npm ci, or name its axe.min.js in AXE_CORE")
    return ""


#: The rules that the colours of a page can break: what is left to look at in a second scheme of colours.
COLOURS = ["color-contrast", "link-in-text-block"]


def violations(page: Any, source: str, rules: list[str] = RULES) -> list[str]:
    """Return what the page violates as it stands, one line for each element."""
    # Through the protocol's own call: the page's policy forbids eval.
    if page.evaluate("typeof axe") == "undefined":
        page.context.new_cdp_session(page).send("Runtime.evaluate", {"expression": source})
    told = page.evaluate("(rules) => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", rules)
    return [
        f"{rule['id']}: {node['html'][:160]}: {node['failureSummary'].splitlines()[1].strip()[:200]}"
        for rule in told["violations"]
        for node in rule["nodes"]
    ]
