"""EDTF dates: the first and the last day that a date can mean.

The subset of the Extended Date/Time Format (ISO 8601-2:2019, levels 0 and 1) that sources need: days,
months and years; unspecified digits (201X, 2025-XX); the qualifiers ``?``, ``~`` and ``%``, which do not
move the bounds; and intervals, open ends included.
"""

from __future__ import annotations

import calendar
import re
from functools import lru_cache

Bounds = tuple[str | None, str | None]

_DATE = re.compile(
    r"(?P<year>[0-9]{4}|[0-9]{3}X|[0-9]{2}XX)(?:-(?P<month>[0-9]{2}|XX)(?:-(?P<day>[0-9]{2}|XX))?)?[?~%]?"
)
_FORMS = "2025, 2025-02, 2025-02-18, 2025-02?, 201X, 2019-09-04/2019-09-05, ../2019-04 or 2026-04/.."


@lru_cache(maxsize=65536)
def bounds(text: str) -> Bounds:
    """Return the first and last day, as YYYY-MM-DD, that an EDTF date can mean; None stands for an open end.

    Raises ValueError, with one line that says what would be right, when the text is no such date.

    >>> bounds("2025-02")
    ('2025-02-01', '2025-02-28')
    >>> bounds("../2019-04-18")
    (None, '2019-04-18')
    """
    if "/" not in text:
        return _day_bounds(text)
    first, _, last = text.partition("/")
    if first in ("", "..") and last in ("", ".."):
        raise ValueError(f"{text!r} is open at both ends; write a date at one end, such as ../2019-04")
    earliest = None if first in ("", "..") else _day_bounds(first)[0]
    latest = None if last in ("", "..") else _day_bounds(last)[1]
    if earliest and latest and earliest > latest:
        raise ValueError(f"{text!r} ends before it begins; swap the two dates")
    return earliest, latest


def _day_bounds(text: str) -> tuple[str, str]:
    match = _DATE.fullmatch(text)
    if not match:
        raise ValueError(f"{text!r} is not an EDTF date; write for example {_FORMS}")
    year, month, day = match["year"], match["month"], match["day"]
    if year == "0000":
        raise ValueError(f"{text!r} has the year 0000; use 0001 or later")
    first_year, last_year = year.replace("X", "0"), year.replace("X", "9")
    if month is None or month == "XX":
        if day not in (None, "XX"):
            raise ValueError(f"{text!r} has a day without a month")
        return f"{first_year}-01-01", f"{last_year}-12-31"
    if "X" in year:
        raise ValueError(f"{text!r} has a month in an unspecified year; write the year alone")
    if not 1 <= int(month) <= 12:
        raise ValueError(f"{text!r} has no month {month}; months run from 01 to 12")
    days = calendar.monthrange(int(year), int(month))[1]
    if day is None or day == "XX":
        return f"{year}-{month}-01", f"{year}-{month}-{days:02}"
    if not 1 <= int(day) <= days:
        raise ValueError(f"{text!r} has no day {day}; {year}-{month} has {days} days")
    return f"{year}-{month}-{day}", f"{year}-{month}-{day}"


def agrees(coarse: Bounds, fine: Bounds) -> bool:
    """Tell whether every day that the finer date can mean is one that the coarser date can mean.

    >>> agrees(bounds("2025-02"), bounds("2025-02-18"))
    True
    >>> agrees(bounds("2025-02-18"), bounds("2025-02"))
    False
    """
    (coarse_first, coarse_last), (fine_first, fine_last) = coarse, fine
    first = coarse_first is None or (fine_first is not None and coarse_first <= fine_first)
    last = coarse_last is None or (fine_last is not None and fine_last <= coarse_last)
    return first and last
