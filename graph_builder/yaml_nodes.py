"""YAML with positions: every scalar stays the text that was typed, and knows its line and column.

Fact files use the plain part of YAML 1.2. No value is guessed to be a date, a number or a truth value, so
``NO`` stays a country and ``2025-02-18`` a text. Aliases, tags, several documents in a file, duplicate keys
and runaway nesting are refused, each with its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import yaml

from graph_builder.problems import Problem, printable

LONGEST_LINE = 100_000
DEEPEST = 12

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class Scalar:
    """A text; ``plain`` tells that it stood without quotes."""

    line: int
    column: int
    text: str
    plain: bool

    @property
    def empty(self) -> bool:
        """Tell whether nothing, or an unquoted null, stands here."""
        return self.plain and self.text in ("", "~", "null")


@dataclass(slots=True)
class Sequence:
    """A list of nodes."""

    line: int
    column: int
    items: tuple[Node, ...]


@dataclass(slots=True)
class Mapping:
    """Keys and values in the order in which they stand."""

    line: int
    column: int
    pairs: tuple[tuple[Scalar, Node], ...]

    def get(self, key: str) -> Node | None:
        """Return the value of a key, or None."""
        return next((value for name, value in self.pairs if name.text == key), None)


Node = Scalar | Sequence | Mapping


class YamlError(Exception):
    """A place in a file that is not the YAML that fact files are written in."""

    def __init__(self, line: int, column: int, message: str) -> None:
        self.line, self.column, self.message = line, column, message
        super().__init__(message)


def read_yaml(path: Path, problems: list[Problem], name: str) -> Mapping | None:
    """Read a file whose top is a mapping; return None, with the problems noted, when it cannot be used.

    ``name`` is what problems call the file.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        problems.append(Problem(name, 0, 0, f"cannot be read: {error.strerror}; check the name and its permissions"))
        return None
    try:
        text = _decoded(content)
        node = _compose(text, problems, name)
    except YamlError as error:
        problems.append(Problem(name, error.line, error.column, error.message))
        return None
    if not isinstance(node, Mapping):
        line, column = (node.line, node.column) if node else (1, 1)
        what = "holds a list" if isinstance(node, Sequence) else "holds a bare text" if node else "is empty"
        problems.append(Problem(name, line, column, f"{what}; a fact file holds sources: and subjects:"))
        return None
    return node


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise YamlError(1, 1, "is in UTF-16; save it as UTF-8")
    for number, row in enumerate(content.split(b"\n"), 1):
        if len(row) > LONGEST_LINE:
            raise YamlError(number, 1, f"line of {len(row):,} bytes; a line holds {LONGEST_LINE:,} at most")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line = before.count(b"\n") + 1
        column = len(before.rsplit(b"\n", 1)[-1].decode("utf-8", "replace")) + 1
        raise YamlError(
            line, column, f"byte 0x{content[error.start]:02x} is not UTF-8; save the file as UTF-8"
        ) from None
    if bad := _FORBIDDEN.search(text):
        line = text.count("\n", 0, bad.start()) + 1
        column = bad.start() - text.rfind("\n", 0, bad.start())
        raise YamlError(line, column, f"control character U+{ord(bad[0]):04X}; delete it")
    return text


def _compose(text: str, problems: list[Problem], name: str) -> Node | None:
    try:
        events = iter(_Loader(text).get_event, None)
        return _Composer(events, problems, name).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        reason = error.problem or "cannot be parsed"
        raise YamlError(line, column, f"not YAML: {printable(reason, 80)}; check indents, colons and quotes") from None
    except yaml.YAMLError as error:
        raise YamlError(1, 1, f"not YAML: {printable(str(error), 80)}") from None


class _Composer:
    """Builds nodes from the parser's events; notes what it can pass over, and stops at what it cannot."""

    def __init__(self, events: Iterator[Any], problems: list[Problem], name: str) -> None:
        self.events, self.problems, self.name = events, problems, name

    def document(self) -> Node | None:
        root: Node | None = None
        documents = 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._refuse(event, "a second document begins; write one document in a file")
                root = self._node(next(self.events), 0)
        return root

    def _refuse(self, event: Any, message: str) -> NoReturn:
        raise YamlError(event.start_mark.line + 1, event.start_mark.column + 1, message)

    def _node(self, event: Any, depth: int) -> Node:
        if isinstance(event, yaml.AliasEvent):
            self._refuse(event, "an alias (*name); write the value out")
        if event.anchor is not None:
            self._refuse(event, "an anchor (&name); write values out where they are needed")
        if event.tag not in (None, "!"):
            self._refuse(event, f"a tag ({printable(event.tag)}); write plain text")
        mark = event.start_mark
        line, column = mark.line + 1, mark.column + 1
        if isinstance(event, yaml.ScalarEvent):
            return Scalar(line, column, event.value, event.implicit[0])
        if depth >= DEEPEST:
            self._refuse(event, f"nested more than {DEEPEST} deep; a fact file needs six")
        if isinstance(event, yaml.SequenceStartEvent):
            items = []
            while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
                items.append(self._node(event, depth + 1))
            return Sequence(line, column, tuple(items))
        pairs: list[tuple[Scalar, Node]] = []
        seen: dict[str, int] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self._node(event, depth + 1)
            if not isinstance(key, Scalar):
                self._refuse(event, "a list or mapping stands as a key; a key is a text")
            value = self._node(next(self.events), depth + 1)
            if key.text in seen:
                first = seen[key.text]
                message = f"{printable(key.text)!r} stands twice here, first in line {first}; join the two"
                self.problems.append(Problem(self.name, key.line, key.column, message))
            else:
                seen[key.text] = key.line
                pairs.append((key, value))
        return Mapping(line, column, tuple(pairs))
