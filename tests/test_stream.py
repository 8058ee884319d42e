"""Rows of any size: the same graph as the builder's, whole after a kill, and one line for whatever goes wrong."""

from __future__ import annotations

import csv
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bench.claims import write_rows
from graph_builder import chunks as pieces
from graph_builder import stream as streaming
from graph_builder.adjudicate import adjudicate, weigh_sources
from graph_builder.emit import emit_accepted, emit_dataset, emit_evidence, emit_ontology, emit_subjects
from graph_builder.infer import infer
from graph_builder.nodes import lines_of
from graph_builder.ontology import load_ontology
from graph_builder.problems import UsageError
from graph_builder.read import read_facts
from graph_builder.row_file import ROW_FIELDS
from graph_builder.stream import stream

from .browser import missing
from .conftest import ROOT, pacts

STREAM = [sys.executable, "-c", "from graph_builder.cli import main; main()", "stream"]
HEADER = ",".join(ROW_FIELDS)
GOOD = """\
source/one,publisher,One,,,,,
source/one,tier,official,,,,,
party/a,type,Party,,,,,
party/a,label,Aland,,en,,,
pact/x,type,LogisticsSupportPact,,,,,
pact/x,label,X,,en,,,
pact/x,party,party/a,one,,,,
"""


def whole(rows: Path) -> tuple[str, str]:
    """Return what the ordinary way makes of a folder of rows: the graph, and what the rules make of it."""
    ontology = load_ontology(ROOT / "ontology")
    facts = read_facts(rows, ontology)
    adjudications = adjudicate(facts, ontology)
    plain = {*emit_subjects(facts, ontology), *emit_accepted(adjudications, ontology)}
    said = {line for node in emit_evidence(adjudications, ontology) for line in lines_of(node).split("\n") if line}
    today = weigh_sources(facts.placings, ontology).newest()
    given = [*plain, *emit_ontology(ontology), *emit_dataset(today, None)]
    made = set(infer(given, ROOT / "ontology" / "rules", ontology.prefixes))
    return tuple("".join(f"{line}\n" for line in sorted(lines)) for lines in (plain | said, made))  # type: ignore[return-value]


@pytest.fixture(scope="module")
def synthetic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_rows(tmp_path_factory.mktemp("rows") / "rows.csv", 3_000)


@pytest.fixture(scope="module")
def expected(synthetic: Path) -> tuple[str, str]:
    return whole(synthetic.parent)


@pytest.fixture(scope="module")
def of_two_pieces(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    """Return rows that two processes share, and what is made of them."""
    folder = tmp_path_factory.mktemp("two")
    rows = write_rows(folder / "rows.csv", 24_000)
    assert len(list(pieces.chunks(rows))) == 2
    return rows, stream([rows], folder / "out.nt").output.read_bytes()


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_the_graph_is_the_builders_whatever_the_pieces(
    ending: str, synthetic: Path, expected: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = tmp_path / f"rows.{ending}"
    if ending == "csv":
        shutil.copy(synthetic, rows)
    elif ending == "jsonl":
        write_rows(rows, 3_000)
    else:
        polars = pytest.importorskip("polars")
        polars.read_csv(synthetic, infer_schema=False).write_parquet(rows)
    monkeypatch.setattr(pieces, "PIECE", 30_000)
    monkeypatch.setattr(pieces, "_PARQUET_ROWS", 500)
    monkeypatch.setattr(streaming, "_PARTITION", 40_000)
    made = stream([rows], tmp_path / "out.nt", derived=tmp_path / "derived.nt")
    assert (tmp_path / "out.nt").read_text() == expected[0]
    assert (tmp_path / "derived.nt").read_text() == expected[1]
    assert (made.claims, made.bad, made.size) == (3_000, 0, len(expected[0].encode()))
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(["derived.nt", "out.nt", rows.name])


def test_texts_with_other_ends_of_lines_stay_whole(tmp_path: Path) -> None:
    """Two claims that differ in their notes alone are one, whatever the notes hold."""
    told = "".join(f"pact/x,shortName,X,one,en,,,first \u2028 part {number}\n" for number in (1, 2))
    (tmp_path / "rows.csv").write_text(f"{HEADER}\n{GOOD}{told}", encoding="utf-8")
    stream([tmp_path / "rows.csv"], tmp_path / "out.nt")
    assert (tmp_path / "out.nt").read_text(encoding="utf-8") == whole(tmp_path)[0]


def test_a_killed_run_goes_on_to_the_same_bytes(of_two_pieces: tuple[Path, bytes], tmp_path: Path) -> None:
    rows, undisturbed = of_two_pieces
    out, work = tmp_path / "out.nt", tmp_path / ".out.nt.work"
    out.write_text("what stood there\n")
    rng = random.Random(os.environ.get("PYTEST_SEED", 7))
    for _ in range(3):
        process = subprocess.Popen([*STREAM, str(rows), "--to", str(out), "--resume"], cwd=ROOT, stdout=subprocess.PIPE)
        more = len(list(work.glob("*"))) + rng.randint(1, 7)
        while process.poll() is None and len(list(work.glob("*"))) < more:
            time.sleep(0.001)
        process.kill()
        process.communicate()
        assert process.returncode == -signal.SIGKILL
        assert out.read_text() == "what stood there\n"
    assert pacts("stream", rows, "--to", out, "--resume").returncode == 0
    assert out.read_bytes() == undisturbed
    assert not list(tmp_path.glob(".*"))


def test_the_command_that_make_writes_shares_the_work(of_two_pieces: tuple[Path, bytes], tmp_path: Path) -> None:
    """A process that helps reads the script of the command anew, and must not run it."""
    command, out = ROOT / ".venv" / "bin" / "pacts", tmp_path / "out.nt"
    if not command.is_file():
        missing("no .venv/bin/pacts: make .venv/run writes it")
    rows, made = of_two_pieces
    done = subprocess.run([command, "stream", rows, "--to", out, "--jobs", "2"], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert out.read_bytes() == made


def test_a_resumed_run_needs_the_same_rows(tmp_path: Path) -> None:
    rows, work = tmp_path / "rows.csv", tmp_path / ".out.nt.work"
    rows.write_text(f"{HEADER}\n{GOOD}")
    work.mkdir()
    (work / "plan.json").write_text('["other", 1, 1]')
    with pytest.raises(UsageError, match="changed since the stopped run; run without --resume"):
        stream([rows], tmp_path / "out.nt", resume=True)
    stream([rows], tmp_path / "out.nt")
    assert not work.exists()


BAD = {
    "Pact/X,party,party/a,one,,,,": "'Pact/X' is no subject key; write lower-case words, as in pact/relos",
    "pact/x,parti,party/a,one,,,,": "unknown property 'parti'; did you mean party?",
    "pact/x,party,party/a,,,,,": "party has a value without a source; fill the column source",
    "pact/x,party,party/b,one,,,,": "unknown subject party/b; define it, with a type",
    "pact/x,party,source/one,one,,,,": "source/one is a source; party takes a party",
    "pact/x,party,party/a,two,,,,": "unknown source two; add it under sources:",
    "pact/x,date,2020-01-01,one,,,,": "date is not for a LogisticsSupportPact; it belongs to",
    "pact/x,type,Party,,,,,": "pact/x has more than one type; a subject has one",
    "pact/x,label,Y,,en,,,": "pact/x has the label X in an earlier row; keep one",
    "pact/y,party,party/a,one,,,,": "pact/y has no type; add a row with the property type",
    "pact/x,status,status/signed,one,,,,": "status is derived from other facts; leave it out",
    "pact/x,party,party/a": "has more or fewer fields than the header; quote texts with commas",
    'pact/x,name,"ends" too soon,one,,,,': "not CSV: ',' expected after '\"'; check the quotes",
    'pact/x,name,"does not end,one,,,,': "not CSV: unexpected end of data; check the quotes",
    "pact/x,name,\udcff,one,,,,": "byte 0xff is not UTF-8; save the file as UTF-8",
}


def test_bad_rows_are_told_and_the_rest_goes_on(tmp_path: Path) -> None:
    rows, out = tmp_path / "rows.csv", tmp_path / "out.nt"
    good = GOOD.splitlines()
    lines = [HEADER, *good[:6], *BAD, *good[6:]]
    rows.write_bytes("\n".join(lines).encode(errors="surrogateescape") + b"\n")
    run = pacts("stream", rows, "--to", out)
    assert run.returncode == 1
    assert run.stderr == f"{len(BAD)} rows are wrong and left out; {out}.bad.csv tells where and why\n"
    told = list(csv.DictReader(Path(f"{out}.bad.csv").read_text().splitlines()))
    assert [(row["file"], int(row["line"])) for row in told] == [(str(rows), 8 + n) for n in range(len(BAD))]
    for row, reason in zip(told, BAD.values(), strict=True):
        assert row["reason"].startswith(reason)
    rows.write_text(f"{HEADER}\n{GOOD}")
    assert pacts("stream", rows, "--to", tmp_path / "good.nt").returncode == 0
    assert out.read_bytes() == (tmp_path / "good.nt").read_bytes()
    assert stream([rows], out).bad == 0
    assert not Path(f"{out}.bad.csv").exists()


def test_json_rows_that_are_none(tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    good = [dict(zip(ROW_FIELDS, line.split(","), strict=True)) for line in GOOD.splitlines()]
    bad = ["{", "[]", '{"subject": 1}', '{"subject": "pact/x", "extra": "x"}']
    bad.append('{"subject": "pact/x", "property": "name", "value": "\\ud83d", "source": "one"}')
    rows.write_text("\n".join([*map(json.dumps, good), *bad]))
    made = stream([rows], tmp_path / "out.nt")
    assert (made.claims, made.bad) == (1, len(bad))
    assert "half of a surrogate pair" in Path(f"{made.output}.bad.csv").read_text()


def test_a_row_too_long_costs_only_itself(tmp_path: Path) -> None:
    rows, out = tmp_path / "rows.csv", tmp_path / "out.nt"
    with rows.open("w") as file:
        file.write(f"{HEADER}\n{GOOD}pact/x,name,")
        for _ in range(50):
            file.write("y" * 1_000_000)
        file.write(',one,,,,\npact/x,name,Last,one,en,,,\npact/x,name,"' + "z" * 200_000 + '",one,,,,\n')
    made = stream([rows], out)
    assert (made.claims, made.bad) == (2, 2)
    first, second = list(csv.DictReader(Path(f"{out}.bad.csv").read_text().splitlines()))
    assert (first["line"], first["reason"][:33]) == ("9", "a row of over 2,000,000 bytes, or")
    assert (second["line"], second["reason"][:29]) == ("11", "not CSV: field larger than fi")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("no.csv", None, "cannot be read: No such file or directory"),
        ("rows.txt", b"", "is none of .csv, .jsonl, .parquet"),
        ("rows.csv", b"subject,property\n", "has no column 'value'"),
        ("rows.csv", b"subject,property,value,x\n", "has a column 'x'"),
        ("rows.parquet", b"PAR1 not Parquet", "cannot be read: "),
    ],
)
def test_what_cannot_be_read_is_one_line(name: str, content: bytes | None, message: str, tmp_path: Path) -> None:
    rows, out = tmp_path / name, tmp_path / "out.nt"
    out.write_text("what stood there\n")
    if content is not None:
        rows.write_bytes(content)
    run = pacts("stream", rows, "--to", out)
    assert run.returncode == 2
    assert message in run.stderr
    assert run.stderr.count("\n") == 1
    assert out.read_text() == "what stood there\n"


def test_rows_cut_short_in_the_middle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows, out = write_rows(tmp_path / "rows.csv", 3_000), tmp_path / "out.nt"
    out.write_text("what stood there\n")
    cut = list(pieces.chunks(rows))
    monkeypatch.setattr(streaming, "chunks", lambda path: iter(cut))
    rows.write_bytes(rows.read_bytes()[:50_000])
    with pytest.raises(UsageError, match="became shorter while it was read"):
        stream([rows], out)
    assert out.read_text() == "what stood there\n"


@pytest.mark.parametrize("limit", [400_000, 20_000_000], ids=["reading", "writing"])
def test_a_full_disk_is_one_line(limit: int, of_two_pieces: tuple[Path, bytes], tmp_path: Path) -> None:
    rows, undisturbed = of_two_pieces
    out = tmp_path / "out.nt"
    out.write_text("what stood there\n")

    def little() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    command = [*STREAM, str(rows), "--to", str(out)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, preexec_fn=little)
    assert run.returncode == 2
    assert "File too large; the last output is as it was; go on with --resume" in run.stderr
    assert run.stderr.count("\n") == 1
    assert out.read_text() == "what stood there\n"
    assert pacts("stream", rows, "--to", out, "--resume").returncode == 0
    assert out.read_bytes() == undisturbed
