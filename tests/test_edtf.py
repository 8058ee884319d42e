"""Dates: the bounds of every form, against an independent implementation, and what is refused."""

from __future__ import annotations

import random
import time

import edtf as independent
import pytest

from graph_builder.edtf import agrees, bounds


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-02-18", ("2025-02-18", "2025-02-18")),
        ("2025-02", ("2025-02-01", "2025-02-28")),
        ("2024-02", ("2024-02-01", "2024-02-29")),
        ("2025", ("2025-01-01", "2025-12-31")),
        ("2025-02?", ("2025-02-01", "2025-02-28")),
        ("2025~", ("2025-01-01", "2025-12-31")),
        ("201X", ("2010-01-01", "2019-12-31")),
        ("2025-XX", ("2025-01-01", "2025-12-31")),
        ("2019-09-04/2019-09-05", ("2019-09-04", "2019-09-05")),
        ("2019/2020-03", ("2019-01-01", "2020-03-31")),
        ("../2019-04-18", (None, "2019-04-18")),
        ("2026-04/..", ("2026-04-01", None)),
    ],
)
def test_bounds(text: str, expected: tuple[str | None, str | None]) -> None:
    assert bounds(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2025-13",
        "2025-00",
        "2025-02-30",
        "2025-2-3",
        "18.02.2025",
        "Tuesday",
        "2025-02-18T10:00",
        "../..",
        "2025/2024",
        "20X5",
        "0000",
        "/",
        "201X-05",
        "2025-XX-04",
    ],
)
def test_what_is_no_date_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(ValueError, match=r".+") as error:
        bounds(text)
    assert "\n" not in str(error.value)


def test_bounds_agree_with_the_edtf_package() -> None:
    chance = random.Random(7)
    texts = ["2019-09-04/2019-09-05", "201X", "2025-XX"]
    for _ in range(300):
        year, month, day = chance.randint(1950, 2030), chance.randint(1, 12), chance.randint(1, 28)
        texts.append(
            chance.choice([f"{year}", f"{year}-{month:02}", f"{year}-{month:02}-{day:02}", f"{year}-{month:02}?"])
        )
    for text in texts:
        parsed = independent.parse_edtf(text)
        first, last = (time.strftime("%Y-%m-%d", value) for value in (parsed.lower_strict(), parsed.upper_strict()))
        assert bounds(text) == (first, last), text


def test_a_coarse_date_agrees_with_a_finer_one_inside_it_and_not_the_other_way() -> None:
    chance = random.Random(11)
    for _ in range(200):
        day = f"{chance.randint(1990, 2030)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
        for coarse in (day[:4], day[:7], f"../{day}", f"{day[:4]}-01-01/.."):
            assert agrees(bounds(coarse), bounds(day))
            assert not agrees(bounds(day), bounds(coarse))
