"""What every page of the site has: its head, its way around, its languages, and its links to the others.

Pages are Jinja templates with autoescape on, so that a text of the data stays a text. Nothing on a page is
loaded from a network, nothing in it runs but the site's own files, and each page says so in a
Content-Security-Policy. Its nonce is a hash of the page: whoever writes a text that ends up in the page cannot
know it, because the text changes it.
"""

from __future__ import annotations

import hashlib
import json
import re
from base64 import urlsafe_b64encode
from collections.abc import Mapping, MutableMapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined, nodes
from jinja2.compiler import CodeGenerator
from jinja2.compiler import Frame as Scope
from markupsafe import Markup, escape

from graph_builder.view.archive import Archive, Value, Word

ASSETS = Path(__file__).parent / "assets"
#: Said of a contested thing wherever its name stands.
CONTESTED_MARK = "‡"
# Stands for the nonce while a page is rendered; no RDF text can hold this character, and no HTML.
_NONCE = "\x00"
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_UNSAFE_IN_SCRIPT = re.compile("[<>&\u2028\u2029\x00]")
_DATE = re.compile(r"[0-9.][0-9X./?~%-]{3,24}")
_WEB = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)


def _escaped(value: object) -> Markup:
    return value if type(value) is Markup else _escaped_text(value) if type(value) is str else escape(value)


_escaped_text = lru_cache(maxsize=1 << 16)(escape)


class _Writer(CodeGenerator):
    """Lets what is markup already pass as it is; Jinja's own code would make a copy of each piece."""

    def _output_child_pre(self, node: nodes.Expr, frame: Scope, finalize: CodeGenerator._FinalizeInfo) -> None:
        self.write("environment.escaped(")


class _Templates(Environment):
    code_generator_class = _Writer
    escaped = staticmethod(_escaped)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return what templates know as a plain dict: it is copied for every page."""
        return {**self.globals, **(d or {})}


class Frame:
    """Renders pages of one graph and knows where each thing stands."""

    def __init__(self, archive: Archive, navigation: Sequence[tuple[str, str]] = ()) -> None:
        self.archive = archive
        self._places = {key: _place(thing.page, key) for key, thing in archive.things.items()}
        self._env = _Templates(
            loader=FileSystemLoader(ASSETS),
            auto_reload=False,
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=StrictUndefined,
        )
        self._env.globals.update(
            mark=CONTESTED_MARK,
            archive=archive,
            nonce=_NONCE,
            navigation=navigation,
        )
        # Filters, not functions: Jinja calls them faster, and those of constants once for all pages.
        self._env.filters.update(
            t=_worded,
            option=_option,
            count=_counted,
            web=web_address,
            dated=_dated,
            json=script_json,
            place=self.address,
            value=cache(self._value),
            cited=cache(self._cited),
        )

    def address(self, key: str) -> str:
        """Return the address of a thing below the site's top, with its anchor if it is part of another."""
        return self._places.get(key, "")

    def page(self, template: str, at: str, title: str, **context: Any) -> str:
        """Render a page that will lie at ``at`` below the site's top."""
        root = Markup("../" * at.count("/"))  # noqa: S704 - nothing but dots
        text = self._env.get_template(template).render(
            root=root, title=title, at=at, as_of=self.archive.as_of, **context
        )
        digest = hashlib.sha256(text.encode()).digest()[:18]
        return text.replace(_NONCE, urlsafe_b64encode(digest).decode()) + "\n"

    def _cited(self, key: str, root: Markup) -> Markup:
        """Return how pages below ``root`` name a source, and lead to it and to its original."""
        source = self.archive.sources[key]
        return Markup(self._env.get_template("source.html").render(source=source, root=root))  # noqa: S704

    def _value(self, value: Value, root: Markup) -> Markup:
        """Return a value as a page that lies below ``root`` shows it: a link where it has a page, else its text."""
        text = escape(value.text)
        if place := self._places.get(value.key):
            return Markup(f'<a href="{root}{place}"><bdi>{text}</bdi></a>')  # noqa: S704
        if value.lang and value.lang != "en":
            return Markup(f'<bdi lang="{escape(value.lang)}">{text}</bdi>')  # noqa: S704
        if value.key:
            return _worded(value.text)
        if web_address(value.text):
            return Markup(f'<a href="{text}" rel="noreferrer"><bdi>{text}</bdi></a>')  # noqa: S704
        return Markup(f"<time>{text}</time>" if _dated(value.text) else f"<bdi>{text}</bdi>")  # noqa: S704


def _place(page: str, key: str) -> Markup:
    address = f"id/{quote(page)}.html"
    return Markup(address if page == key else f"{address}#{quote(anchor(page, key), safe='/')}")  # noqa: S704 - quoted


def anchor(page: str, key: str) -> str:
    """Return the id under which a part stands on a page: its key below the page's own, or its whole key."""
    return key.removeprefix(f"{page}/")


def _worded(text: str, **values: str | int) -> Markup:
    """Return one of the site's own texts, marked so that site.js can put it into another language."""
    return _spoken(text, getattr(text, "key", ""), **values)


@cache
def _spoken(text: str, key: str, **values: str | int) -> Markup:
    if not values:
        return Markup(f"<span {_translatable(key)}>{escape(text)}</span>")  # noqa: S704
    data = escape(json.dumps(values, ensure_ascii=False))
    return Markup(f'<span data-t="{escape(text)}" data-v="{data}">{escape(text.format(**values))}</span>')  # noqa: S704


def _translatable(key: str) -> Markup:
    """Return the attribute of an element whose whole text can be put into another language."""
    return Markup(f'data-t="{escape(key)}"' if key else "data-t")  # noqa: S704


def _option(label: str, value: str = "") -> Markup:
    """Return a choice named by one of the site's own texts."""
    mark = _translatable(getattr(label, "key", ""))
    return Markup(f'<option value="{escape(value)}" {mark}>{escape(label)}</option>')  # noqa: S704


def worded_json(text: str) -> str | list[str]:
    """Return a text as scripts translate it: a Word goes with its key."""
    return [text.key, str(text)] if isinstance(text, Word) else text


def _counted(number: int, one: str, many: str) -> Markup:
    """Return a number of things in words: ``{n}`` in the texts stands for the number."""
    return _worded(one if number == 1 else many, n=number)


def web_address(text: str) -> str:
    """Return an address that a link may lead to, or nothing: only web addresses are ever links."""
    return text if _WEB.fullmatch(text) else ""


@cache
def _dated(text: str) -> bool:
    """Tell whether a text looks like a date, which must not be broken into two lines."""
    return ("-" in text or "/" in text) and _DATE.fullmatch(text) is not None


def script_json(value: Any) -> Markup:
    """Return JSON that can stand inside a script element, whatever texts it holds."""
    text = _JSON.encode(value)
    return Markup(_UNSAFE_IN_SCRIPT.sub(lambda m: f"\\u{ord(m[0]):04x}", text))  # noqa: S704


def assignment(name: str, value: Any) -> str:
    """Return a script that gives a value to a name of the page: JSON that can be loaded from a folder."""
    return f"window.{name} = {script_json(value)};\n"


def words_script(words: Mapping[str, str]) -> str:
    """Return the script that carries the site's texts in Hindi."""
    return assignment("pactsHindi", dict(sorted(words.items())))
