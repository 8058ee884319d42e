"""docs/linking.md: its snippets run, and its federated queries are answered by a second endpoint on loopback."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import Graph

from graph_builder.terms import ID

from .conftest import ROOT, pacts
from .endpoint import endpoint

pytestmark = pytest.mark.xdist_group("site")

PAGE = (ROOT / "docs" / "linking.md").read_text(encoding="utf-8")
OURS, WIKIDATA = "https://your.endpoint/pacts", "https://query.wikidata.org/sparql"
ELSEWHERE = """
@prefix wd: <http://www.wikidata.org/entity/> . @prefix wdt: <http://www.wikidata.org/prop/direct/> .
wd:Q159 wdt:P31 wd:Q3624078 ; wdt:P1082 146000000 ; <https://your.example/budget> 1 .
wd:Q30 wdt:P31 wd:Q3624078 ; wdt:P1082 331000000 ; <https://your.example/budget> 2 .
wd:Q999 wdt:P31 wd:Q3624078 ; wdt:P1082 7 ; <https://your.example/budget> 3 .
wd:Q17 wdt:P31 wd:Q5 ; wdt:P1082 125000000 ; <https://your.example/budget> 4 .
"""


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return data in the shape of Wikidata's."""
    path = tmp_path_factory.mktemp("elsewhere") / "countries.ttl"
    path.write_text(ELSEWHERE, encoding="utf-8")
    return path


@pytest.mark.parametrize("number", range(len(blocks("python"))))
def test_a_snippet_runs(number: int, site: Path) -> None:
    assert site.name == "dist"
    run = subprocess.run(
        [sys.executable, "-c", blocks("python")[number]], cwd=site.parent, capture_output=True, text=True, timeout=120
    )
    assert run.returncode == 0, run.stderr
    assert re.search(r"RELOS between India and Russia|^[1-9]\d{2,} (triples|pacts, [1-9]\d{3,} claims)", run.stdout)


def test_another_store_asks_ours(built: Path, elsewhere: Path) -> None:
    """Two engines stand in for the other store: rdflib, and an Oxigraph that asks an Oxigraph."""
    [query] = [text for text in blocks("sparql") if OURS in text]
    with endpoint(built / "store") as address:
        text = query.replace(OURS, address)
        rows = {tuple(map(str, row)) for row in Graph().parse(elsewhere).query(text)}
        store = ox.Store()
        store.load(path=str(elsewhere))
        again = {tuple(term.value for term in row) for row in store.query(text)}  # type: ignore[union-attr]
    assert rows == again
    assert {(country.rpartition("/")[2], pact.removeprefix(ID)) for country, _, pact, _ in rows} >= {
        ("Q159", "pact/relos"),
        ("Q17", "pact/acsa-india-japan"),
    }
    assert not any(country.endswith("Q999") for country, *_ in rows)


def test_ours_asks_another_store(built: Path, elsewhere: Path, tmp_path: Path) -> None:
    [query] = [text for text in blocks("sparql") if WIKIDATA in text]
    file = tmp_path / "people.rq"
    with endpoint(elsewhere) as address:
        file.write_text(query.replace(WIKIDATA, address), encoding="utf-8")
        told = pacts("query", file, "--allow-service", "--format", "csv", dist=built)
        assert told.returncode == 0, told.stderr
        assert told.stdout.splitlines()[1:] == [
            f"{ID}party/united-states,United States,331000000",
            f"{ID}party/russia,Russia,146000000",
        ]
        refused = pacts("query", file, dist=built)
        assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    gone = pacts("query", file, "--allow-service", dist=built)  # the endpoint is down now
    assert gone.returncode == 2
    assert re.fullmatch(r"the query cannot be run: [^\n]+\n", gone.stderr)
