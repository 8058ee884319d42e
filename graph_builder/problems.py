"""What is wrong with an input: one line each, collected, and raised together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069]")


def printable(text: str, longest: int = 60) -> str:
    """Return untrusted text fit for one line of a terminal: no control or direction characters, cut to length."""
    clean = _UNPRINTABLE.sub(lambda m: f"\\u{ord(m[0]):04x}", text)
    return clean if len(clean) <= longest else clean[: longest - 1] + "…"


class Problem(NamedTuple):
    """One thing wrong at one place; line and column count from 1, 0 where they do not apply."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        """Return file:line:column: message."""
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{place}: {self.message}"


class BadInputError(Exception):
    """Raised with every problem that an input has; str() gives one line for each."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


class UsageError(Exception):
    """Raised when a caller asks for what cannot be; str() is one line that says what would be right."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return '; did you mean X?' for the known word nearest to a wrong one, or nothing."""
    return _guess(word, tuple(known))


@lru_cache(maxsize=64)  # the same mistake is often made in many rows
def _guess(word: str, known: Sequence[str]) -> str:
    import difflib

    near = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return f"; did you mean {near[0]}?" if near else ""
