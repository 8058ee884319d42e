"""Broken fact files, kept as data in tests/broken: each gives its one line at the right place, and dist/ stays."""

from __future__ import annotations

import hashlib
import re
import shutil
from pathlib import Path

import pytest

from graph_builder import build
from graph_builder.problems import BadInputError
from tests.conftest import pacts

BROKEN = Path(__file__).parent / "broken"
CASES = [line.split("\t") for line in (BROKEN / "expected.tsv").read_text(encoding="utf-8").splitlines()]
SOUND = """sources:
  a: {publisher: A, tier: press}
subjects:
  pact/x: {type: LogisticsSupportPact, label: X}
"""


def content(folder: Path) -> dict[str, str]:
    """Return a hash of every file below a folder."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture(scope="module")
def sound_dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sound")
    (folder / "facts").mkdir()
    (folder / "facts" / "sound.yaml").write_text(SOUND, encoding="utf-8")
    assert pacts("build", "--facts", folder / "facts", dist=folder / "dist").returncode == 0
    return folder / "dist"


def refused(folder: Path, dist: Path, by_command: bool = True) -> list[str]:
    """Build a folder that is refused, and return the lines told; dist stays as it was."""
    before = content(dist)
    if by_command:
        run = pacts("build", "--facts", folder, dist=dist)
        assert run.returncode == 2, run.stdout + run.stderr
        assert "Traceback" not in run.stderr
        told = run.stderr
    else:
        with pytest.raises(BadInputError) as error:
            build(dist, folder)
        told = str(error.value)
    assert content(dist) == before
    assert [path.name for path in dist.parent.glob(".dist.new*")] == []
    return told.splitlines()


@pytest.mark.parametrize(("name", "place", "message"), CASES, ids=[case[0] for case in CASES])
def test_a_broken_file_gives_one_line_at_its_place(
    name: str, place: str, message: str, tmp_path: Path, sound_dist: Path
) -> None:
    shutil.copy(BROKEN / name, tmp_path / name)
    if not name.endswith(".yaml"):
        (tmp_path / "sound.yaml").write_text(SOUND, encoding="utf-8")
    lines = refused(tmp_path, sound_dist, by_command=CASES.index([name, place, message]) % 10 == 0)
    assert len(lines) == 1, lines
    assert lines[0].startswith(f"{tmp_path / name}:{place}: "), lines
    assert message in lines[0], lines
    assert re.fullmatch(r"[^\x00-\x1f\x7f]{1,400}", lines[0])


def test_a_line_of_50_megabytes_is_refused_by_its_length(tmp_path: Path, sound_dist: Path) -> None:
    text = SOUND + '  pact/y: {type: FuelPact, label: "' + "x" * 50_000_000 + '"}\n'
    (tmp_path / "long.yaml").write_text(text, encoding="utf-8")
    [line] = refused(tmp_path, sound_dist)
    assert re.search(r"long\.yaml:5:1: line of 50,000,\d+ bytes; a line holds 100,000 at most", line)


def test_all_problems_of_all_files_are_told_at_once(tmp_path: Path, sound_dist: Path) -> None:
    names = ["unknown-property.yaml", "month-thirteen.yaml", "empty.yaml"]
    for name in names:
        text = (
            (BROKEN / name)
            .read_text(encoding="utf-8")
            .replace("  a:", f"  {name[:5]}:")
            .replace("[a]", f"[{name[:5]}]")
        )
        (tmp_path / name).write_text(text, encoding="utf-8")
    lines = refused(tmp_path, sound_dist)
    assert [re.sub(r"^.*/([^/]+\.yaml):.*$", r"\1", line) for line in lines] == sorted(names)


def test_a_folder_that_is_not_there_is_told_in_one_line(tmp_path: Path, sound_dist: Path) -> None:
    [line] = refused(tmp_path / "nowhere", sound_dist)
    assert "no such folder" in line
    [line] = refused(tmp_path, sound_dist)
    assert "holds no fact file" in line


def test_rows_say_the_same_as_yaml(tmp_path: Path) -> None:
    """Claims as CSV and as JSON Lines build the same graph as the same claims in YAML."""
    yaml = SOUND.replace("  pact/x: {type: LogisticsSupportPact, label: X}\n", "")
    yaml += "  pact/x:\n    type: LogisticsSupportPact\n    label: X\n    shortName: {X: [a]}\n"
    yaml += "  pact/x/s:\n    type: Signature\n    pact: pact/x\n    date: {2025-02-18: [a]}\n"
    rows = [
        ("source/a", "publisher", "A", ""),
        ("source/a", "tier", "press", ""),
        ("pact/x", "type", "LogisticsSupportPact", ""),
        ("pact/x", "label", "X", ""),
        ("pact/x", "shortName", "X", "a"),
        ("pact/x/s", "type", "Signature", ""),
        ("pact/x/s", "pact", "pact/x", ""),
        ("pact/x/s", "date", "2025-02-18", "a"),
    ]
    csv = "subject,property,value,source\n" + "".join(",".join(row) + "\n" for row in rows)
    jsonl = "".join(
        "{"
        + ", ".join(f'"{k}": "{v}"' for k, v in zip(("subject", "property", "value", "source"), row, strict=True) if v)
        + "}\n"
        for row in rows
    )
    graphs = []
    for name, text in (("facts.yaml", yaml), ("facts.csv", csv), ("facts.jsonl", jsonl)):
        folder = tmp_path / name
        folder.mkdir()
        (folder / name).write_text(text, encoding="utf-8")
        run = pacts("build", "--facts", folder, dist=tmp_path / f"dist-{name}")
        assert run.returncode == 0, run.stderr
        graphs.append((tmp_path / f"dist-{name}" / "graph.nt").read_bytes())
    assert graphs[0] == graphs[1] == graphs[2]
