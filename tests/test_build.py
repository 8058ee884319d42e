"""The build: the same bytes every time, whole outputs in every format, and a last good dist/ that nothing harms."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from graph_builder.query import open_store
from graph_builder.terms import ID, LP, RDF_TYPE, lp

from .conftest import ROOT, pacts

SMALL = ROOT / "tests" / "small" / "facts"
FORMATS = {
    "graph.nt": ox.RdfFormat.N_TRIPLES,
    "graph.ttl": ox.RdfFormat.TURTLE,
    "graph.jsonld": ox.RdfFormat.JSON_LD,
}


def sums(dist: Path) -> dict[str, str]:
    """Return a hash of every file but those of the store, which the engine writes anew."""
    files = (path for path in sorted(dist.rglob("*")) if path.is_file() and "store" not in path.relative_to(dist).parts)
    return {path.relative_to(dist).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def triples(path: Path, format: ox.RdfFormat) -> set[bytes]:
    """Return what a file holds as lines of N-Quads."""
    return set((ox.serialize(ox.parse(path=str(path), format=format), format=ox.RdfFormat.N_QUADS) or b"").split(b"\n"))


def test_the_bytes_are_the_same_under_any_hash_seed_and_in_another_folder(built: Path, tmp_path: Path) -> None:
    copy = tmp_path / "elsewhere" / "copy"
    skipped = shutil.ignore_patterns("dist", ".dist*", ".venv", ".git", "__pycache__", "tests", "*.pyc")
    shutil.copytree(ROOT, copy, ignore=skipped)
    found = [sums(built)]  # which this process built, whatever its seed
    for number, (seed, place) in enumerate([("0", ROOT), ("4242", copy)]):
        dist = tmp_path / f"dist-{number}"
        run = pacts("build", dist=dist, cwd=place, PYTHONHASHSEED=seed, PYTHONPATH=str(place))
        assert run.returncode == 0, run.stderr
        found.append(sums(dist))
    assert found[0] == found[1] == found[2]
    assert len(found[0]) > 10


def test_every_format_says_the_same(built: Path) -> None:
    told = {name: triples(built / name, format) for name, format in FORMATS.items()}
    assert told["graph.nt"] == told["graph.ttl"] == told["graph.jsonld"]
    stored = open_store(built).dump(format=ox.RdfFormat.N_QUADS) or b""
    assert set(stored.split(b"\n")) == told["graph.nt"]


def test_rdflib_reads_what_we_write(small: Path) -> None:
    """A second, independent parser for the Turtle files; and no nameless node among the data."""
    graph = rdflib.Graph().parse(small / "graph.ttl", format="turtle")
    lines = (small / "graph.nt").read_text(encoding="utf-8").splitlines()
    assert len(graph) == len(lines)
    assert not any("_:" in line.split('"', 1)[0] for line in lines)
    assert lines == sorted(lines)
    assert len(rdflib.Graph().parse(small / "pacts.ttl", format="turtle")) < len(graph)
    dataset = rdflib.Dataset()
    dataset.parse(small / "graph.trig", format="trig")
    sources = {str(g.identifier) for g in dataset.graphs() if "/id/source/" in str(g.identifier)}
    assert sources == {str(source) for source in graph.objects(None, rdflib.URIRef(f"{LP}source"))}
    linked = rdflib.Graph().parse(small / "graph.jsonld", format="json-ld")
    assert len(linked) == len(graph)


def test_rdf_1_2_annotates_each_accepted_fact_with_its_adjudication(built: Path) -> None:
    quads = list(ox.parse(path=str(built / "graph.rdf12.ttl"), format=ox.RdfFormat.TURTLE))
    reified = [q for q in quads if isinstance(q.object, ox.Triple)]
    plain = {(q.subject, q.predicate, q.object) for q in quads if not isinstance(q.object, ox.Triple)}
    assert len(reified) > 1000
    assert all("/id/adjudication/" in str(q.subject) for q in reified)
    assert all((q.object.subject, q.object.predicate, q.object.object) in plain for q in reified)


def test_sums_are_those_of_the_files(built: Path) -> None:
    run = subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=built, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout


def test_a_second_build_of_the_same_facts_does_nothing(tmp_path: Path) -> None:
    dist = tmp_path / "dist"
    assert pacts("build", "--facts", SMALL, dist=dist).stdout.startswith("built ")
    inode = (dist / "graph.nt").stat().st_ino
    assert "is up to date" in pacts("build", "--facts", SMALL, dist=dist).stdout
    assert (dist / "graph.nt").stat().st_ino == inode
    assert pacts("build", "--facts", SMALL, "--as-of", "2030-01-01", dist=dist).stdout.startswith("built ")


def test_checks_pass_and_find_what_is_wrong(built: Path, small: Path, tmp_path: Path) -> None:
    run = pacts("check", dist=built)
    assert run.returncode == 0, run.stdout
    spoilt = tmp_path / "dist"
    shutil.copytree(small, spoilt)
    with (spoilt / "graph.nt").open("a", encoding="utf-8") as file:
        file.write(f"<{ID}pact/nowhere> {RDF_TYPE} {lp('Signature')} .\n")
        file.write(f"<{ID}pact/nowhere> {RDF_TYPE} {lp('Action')} .\n")
    run = pacts("check", dist=spoilt)
    assert run.returncode == 1
    assert "graph.nt was changed after the build" in run.stdout
    assert "the store and graph.nt differ" in run.stdout
    assert "pact/nowhere: An action is of one pact" in run.stdout


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a build of the small set of facts, so that a build can be killed many times."""
    dist = tmp_path_factory.mktemp("small") / "dist"
    assert pacts("build", "--facts", SMALL, dist=dist).returncode == 0
    return dist


def test_the_process_of_the_store_leaves_nothing_where_its_build_was_ended_first(tmp_path: Path) -> None:
    command = [sys.executable, "-c", f"from graph_builder.fill import main; main({str(ROOT / 'queries' / 'tables')!r})"]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = subprocess.run(command, stdin=subprocess.DEVNULL, cwd=tmp_path, env=env, capture_output=True, timeout=60)
    assert (run.returncode, run.stderr, list(tmp_path.iterdir())) == (0, b"", [])


def test_a_build_goes_to_a_folder_of_any_name(tmp_path: Path) -> None:
    dist = tmp_path / "two\nlines and \u0926\u0947\u0935" / "dist"
    assert pacts("build", "--facts", SMALL, dist=dist).returncode == 0
    assert "Freedonia" in pacts("query", "SELECT ?name { ?party a lp:Party ; lp:label ?name }", dist=dist).stdout


@pytest.mark.parametrize("round_", range(20))
def test_a_build_killed_at_any_moment_leaves_the_last_good_one(round_: int, small: Path, tmp_path: Path) -> None:
    """Kill -9 at twenty random moments of a build that would change dist/; then the next build succeeds."""
    dist = tmp_path / "dist"
    shutil.copytree(small, dist)
    before = sums(dist)
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PACTS_DIST": str(dist)}
    program = "from graph_builder.cli import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", program, "build", "--facts", str(SMALL), "--as-of", "2031-01-01"],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    time.sleep(random.Random(round_).uniform(0.05, 1.2))
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    as_of = json.loads((dist / "build.json").read_text(encoding="utf-8"))["as_of"]
    whole = subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=dist, capture_output=True, text=True)
    assert whole.returncode == 0, whole.stdout
    assert (sums(dist) == before) == (as_of != "2031-01-01")
    assert len(open_store(dist)) > 1000
    if round_ % 5 == 0:
        assert pacts("build", "--facts", SMALL, "--as-of", "2031-01-01", dist=dist).returncode == 0
        assert sorted(path.name for path in tmp_path.iterdir()) == [".dist.facts.json", "dist"]
