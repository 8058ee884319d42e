"""The words of the pages themselves, as opposed to the words of the data: one dict per language."""

from __future__ import annotations

import re
from collections.abc import Mapping

ENGLISH: Mapping[str, str] = {
    "lang": "en",
    "data-set": "Logistics pacts",
    "as-of": "As of",
    "count": "{nodes} things, {edges} relations",
    "skip": "Skip to the list of things",
    "search": "Find by name",
    "search-hint": "Enter opens the first match, arrow keys go through the list",
    "list": "Things in this network",
    "matches": "{count} found",
    "more": "{count} more; type a name to narrow the list",
    "none": "Nothing of that name is shown",
    "kinds": "Kinds shown",
    "contested": "contested",
    "contested-legend": "dashed, ‡: contested",
    "motion": "Let it move",
    "fit": "Show all",
    "closer": "Closer",
    "farther": "Farther",
    "drawing": "Drawing of the network. Arrow keys move it, plus and minus change its size. "
    "The list of things and the table hold the same.",
    "details": "Details",
    "close": "Close",
    "permalink": "Permanent link",
    "holds": "Holds",
    "from": "from {date}",
    "until": "until {date}",
    "facts": "What is held, and why",
    "no-facts": "Nothing more is recorded here.",
    "undetermined": "undetermined: no value is accepted",
    "reason": "Reason",
    "source-one": "1 source",
    "source-many": "{count} sources",
    "rivals": "Other values that sources state",
    "no-sources": "no source given",
    "neighbours": "In this network",
    "outward": "→",
    "inward": "←",
    "query": "The SPARQL query behind this page",
    "copy": "Copy the query",
    "copied": "Copied",
    "not-copied": "Not copied: select the text and copy it",
    "table": "The network as a table",
    "table-from": "From",
    "table-relation": "Relation",
    "table-to": "To",
    "table-dates": "Dates",
    "table-standing": "Standing",
    "no-script": "The drawing needs JavaScript. The table below holds the same relations.",
}

#: How a kind is called in a legend, where its class name does not already say it.
_KIND_NAMES = {"SupportCategory": "support", "Body": "body", "Place": "place"}
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def kind_name(kind: str) -> str:
    """Return a class's local name as words: ``GovernmentApproval`` is government approval."""
    return _KIND_NAMES.get(kind) or _HUMP.sub(" ", kind).lower()
