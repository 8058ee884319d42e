"""An independent parser, rapper of raptor2-utils, reads every Turtle file that is shipped or built."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pyoxigraph as ox
import pytest

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = sorted((ROOT / "ontology").rglob("*.ttl"))
#: Built files, and what rapper calls their formats. graph.rdf12.ttl is RDF 1.2, which rapper is older than.
BUILT = {"pacts.ttl": "turtle", "graph.ttl": "turtle", "graph.trig": "trig", "graph.nt": "ntriples"}
FORMATS = {"turtle": ox.RdfFormat.TURTLE, "trig": ox.RdfFormat.TRIG, "ntriples": ox.RdfFormat.N_TRIPLES}


@pytest.fixture(scope="module")
def rapper() -> str:
    found = shutil.which("rapper")
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("rapper is not installed; install raptor2-utils")
        pytest.skip("rapper is not installed; Debian has it in raptor2-utils")
    return found


def count(rapper: str, path: Path, form: str) -> int:
    """Return how many triples rapper finds in a file; any complaint fails the test."""
    done = subprocess.run([rapper, "-c", "-i", form, str(path)], capture_output=True, text=True, timeout=300)
    complaints = [
        line for line in done.stderr.splitlines() if "rapper: Parsing" not in line and " returned " not in line
    ]
    assert done.returncode == 0, done.stderr
    assert complaints == []
    return int(done.stderr.rpartition(" returned ")[2].split()[0])


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.relative_to(ROOT / "ontology").as_posix())
def test_an_independent_parser_reads_every_file_of_the_ontology(path: Path, rapper: str) -> None:
    assert count(rapper, path, "turtle") == len(list(ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)))


@pytest.mark.parametrize("name", BUILT)
def test_an_independent_parser_reads_what_is_built(name: str, built: Path, rapper: str) -> None:
    parsed = ox.parse(path=str(built / name), format=FORMATS[BUILT[name]])
    assert count(rapper, built / name, BUILT[name]) == sum(1 for _ in parsed)
