"""What a build remembers of the last one never changes what it writes."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path

import pytest

from graph_builder import build
from graph_builder.problems import BadInputError

SMALL = Path(__file__).parent / "small" / "facts"
SUMS = "SHA256SUMS"
MEMORY = ".dist.facts.json"


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SMALL, tmp_path / "facts"))


def sums(dist: Path) -> list[str]:
    """The description names its inputs, the folder's path among them; all else must be the same bytes."""
    lines = (dist / SUMS).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.endswith(("void.ttl", ".well-known/void"))]


def test_random_edits_give_the_bytes_of_a_build_from_nothing(tmp_path: Path, facts: Path) -> None:
    build(tmp_path / "dist", facts)
    chance = random.Random(7)
    for _ in range(4):
        path = chance.choice(sorted(facts.glob("**/*.yaml")))
        lines = path.read_text(encoding="utf-8").splitlines()
        dated = [i for i, line in enumerate(lines) if "published: 20" in line]
        if chance.random() < 0.5 and dated:
            i = chance.choice(dated)
            lines[i] = lines[i][: lines[i].index("20")] + "2021-03-04"
        else:
            lines.insert(0, "# an editor's remark")
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        build(tmp_path / "dist", facts)
        build(tmp_path / "fresh", facts, force=True)
        (tmp_path / ".fresh.facts.json").unlink()
        assert sums(tmp_path / "dist") == sums(tmp_path / "fresh")


def test_only_changed_files_are_read(tmp_path: Path, facts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(tmp_path / "dist", facts)
    changed = sorted(facts.glob("**/*.yaml"))[0]
    changed.write_text(changed.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    read: list[Path] = []
    from graph_builder import remember

    real = remember.read_any
    monkeypatch.setattr(remember, "read_any", lambda path, ontology: read.append(path) or real(path, ontology))
    build(tmp_path / "dist", facts)
    assert read == [changed]


def test_problems_between_files_are_still_found_at_their_place(tmp_path: Path, facts: Path) -> None:
    build(tmp_path / "dist", facts)
    gone = sorted(facts.glob("**/sources.yaml"))[0]
    gone.unlink()
    with pytest.raises(BadInputError) as remembered:
        build(tmp_path / "dist", facts)
    (tmp_path / MEMORY).unlink()
    with pytest.raises(BadInputError) as anew:
        build(tmp_path / "dist", facts)
    assert str(remembered.value) == str(anew.value)
    assert "unknown source" in str(anew.value)


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"basis": 1}', "cut", "shape"])
def test_a_broken_memory_is_passed_over(tmp_path: Path, facts: Path, damage: str) -> None:
    first = build(tmp_path / "dist", facts)
    memory = tmp_path / MEMORY
    if damage == "shape":
        told = json.loads(memory.read_text(encoding="utf-8"))
        told["files"] = {name: [digest, [[["a"]]] * 7] for name, (digest, _) in told["files"].items()}
        damage = json.dumps(told)
    elif damage == "cut":
        damage = memory.read_text(encoding="utf-8")[:-500]
    memory.write_text(damage, encoding="utf-8")
    assert build(tmp_path / "dist", facts, force=True).triples == first.triples
