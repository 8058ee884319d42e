"""Time: what held on a day, what was known by a day, and what changed between days."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

import pytest

from .conftest import pacts


@pytest.fixture(scope="module")
def own(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the build, so that builds of earlier knowledge lie beside it and nowhere else."""
    dist = tmp_path_factory.mktemp("time") / "dist"
    shutil.copytree(built, dist)
    return dist


def test_the_end_of_2025_knew_the_law_and_no_entry_into_force(own: Path) -> None:
    then = pacts("show", "pact/relos", "--known-by", "2025-12-31", dist=own)
    assert then.returncode == 0, then.stderr
    assert "signed on            2025-02-18" in then.stdout
    assert "in force on" not in then.stdout
    assert "status               signed" in then.stdout
    assert "2025-12-15" in pacts("why", "pact/relos/promulgation", "date", "--known-by", "2025-12-31", dist=own).stdout
    now = pacts("show", "pact/relos", dist=own).stdout
    assert "in force on          2026-01-12" in now
    assert "status               in force" in now
    rows = pacts(
        "query", "in-force-on", "--param", "date=2026-03-01", "--known-by", "2025-12-31", "-f", "csv", dist=own
    )
    assert rows.returncode == 0, rows.stderr


def test_in_2020_only_talks_were_known(own: Path) -> None:
    then = pacts("show", "pact/relos", "--known-by", "2020-12-31", dist=own).stdout
    assert "status               under negotiation" in then
    assert "signed on" not in then


def test_what_held_on_a_day_in_2019(own: Path) -> None:
    """The France–Japan pact entered into force on 26 June 2019; the India–Japan pact was signed a year later."""

    def held(day: str) -> dict[str, str]:
        told = pacts("query", "in-force-on", "--param", f"date={day}", "-f", "csv", dist=own).stdout
        return {row["pact"].rpartition("/")[2]: row["strict"] for row in csv.DictReader(io.StringIO(told))}

    assert held("2019-12-31")["fr-jp-acsa-2018"] == "true"
    assert held("2019-06-25")["fr-jp-acsa-2018"] == "false"
    assert "acsa-india-japan" not in held("2019-12-31")
    assert held("2021-07-11")["acsa-india-japan"] == "true"


def test_what_changed_in_the_network_and_in_what_was_known(own: Path) -> None:
    network = pacts("diff", "--from", "2025-11-01", "--to", "2025-12-31", dist=own).stdout
    assert "Ratification law signed" in network
    assert "Entry into force of RELOS" not in network
    known = pacts("diff", "--known", "--from", "2025-12-31", "--to", "2026-12-31", dist=own).stdout
    line = next(line for line in known.splitlines() if line.startswith("pact/relos/entry-into-force  "))
    assert line.rstrip().endswith("2026-01-12")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["diff", "--from", "2026-01-01", "--to", "2025-01-01"], "is after"),
        (["diff", "--from", "soon", "--to", "zoon"], "from is a day"),
        (["show", "pact/relos", "--known-by", "yesterday"], "is no day"),
        (["query", "signatories", "--known-by", "../../x"], "is no day"),
    ],
)
def test_wrong_days_are_told_in_one_line(arguments: list[str], told: str, own: Path) -> None:
    run = pacts(*arguments, dist=own)
    assert run.returncode == 2, run.stdout
    assert told in run.stderr
    assert len(run.stderr.splitlines()) == 1


# ---------------------------------------------------------------- between two builds

OLD = """\
sources:
  one: {publisher: One, published: 2020-01-01, tier: press}
  two: {publisher: Two, published: 2020-02-01, tier: official}
subjects:
  party/a: {type: Party, label: Aland}
  party/b: {type: Party, label: Beland}
  pact/ab: {type: LogisticsSupportPact, label: A-B pact, party: {party/a: [one]}, seriesNumber: {X 1: [one]}}
  pact/ab/signature: {type: Signature, pact: pact/ab, label: signature, date: {2001-03-04: [one]}}
  pact/ab/end: {type: Expiry, pact: pact/ab, label: end, date: {2005-06-01: [one]}}
"""
NEW = (
    OLD.replace("party: {party/a: [one]}, seriesNumber: {X 1: [one]}", "party: {party/a: [one], party/b: [two]}")
    .replace("{2001-03-04: [one]}", "{2001-03-04: [one], 2001-03-05: [two]}")
    .replace("{2005-06-01: [one]}", "{2005-06-01: [one], 2005-06-02: [three]}")
    .replace("subjects:", "  three: {publisher: Three, published: 2020-03-01, tier: press}\nsubjects:")
)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return two builds, the earlier one as it is published: without its store."""
    top = tmp_path_factory.mktemp("two")
    for name, text in (("old", OLD), ("new", NEW)):
        (top / name).mkdir()
        (top / name / "facts.yaml").write_text(text, encoding="utf-8")
        assert pacts("build", "--facts", top / name, dist=top / f"{name}-dist").returncode == 0
    shutil.rmtree(top / "old-dist" / "store")
    return top / "old-dist", top / "new-dist"


def test_what_changed_between_two_builds_is_told_with_its_reason(two: tuple[Path, Path]) -> None:
    old, new = two
    told = pacts("diff", "--against", old, "--format", "csv", dist=new)
    assert told.returncode == 0, told.stderr
    assert list(csv.reader(io.StringIO(told.stdout)))[1:] == [
        ["added", "pact/ab", "party", "", "party/b", "only claim"],
        ["removed", "pact/ab", "seriesNumber", "X 1", "", "no claim"],
        ["removed", "pact/ab/end", "date", "2005-06-01", "", "undetermined"],
        ["changed", "pact/ab/signature", "date", "2001-03-04", "2001-03-05", "higher tier"],
    ]
    assert "| changed | pact/ab/signature | date |" in pacts("diff", "--against", old, "-f", "md", dist=new).stdout
    assert pacts("diff", "--against", new, "-f", "csv", dist=new).stdout.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--against", "nowhere"], "no graph in nowhere"),
        (["--against", "nowhere", "--known"], "give it alone"),
        (["--from", "2025-01-01"], "give two days"),
        (["--against", "x", "--format", "pdf"], "it is one of table, csv, md"),
    ],
)
def test_a_comparison_with_nothing_is_told_in_one_line(arguments: list[str], told: str, two: tuple[Path, Path]) -> None:
    run = pacts("diff", *arguments, dist=two[1])
    assert run.returncode == 2
    assert told in run.stderr
    assert len(run.stderr.splitlines()) == 1
