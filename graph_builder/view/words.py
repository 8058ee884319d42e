"""The site's own texts in Hindi, by the English; the words of the data come from the ontology's labels."""

from __future__ import annotations

from collections.abc import Mapping

HINDI: Mapping[str, str] = {}
