"""Publishing to real stores on loopback: whole or not at all, resumed, and the same answers as here."""

from __future__ import annotations

import http.server
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pyoxigraph as ox
import pytest

from graph_builder import endpoint as remote
from graph_builder import publish as publishing
from graph_builder.endpoint import GRAPH, ask, endpoint
from graph_builder.locate import home
from graph_builder.pipeline import build
from graph_builder.prefixes import load_prefixes
from graph_builder.problems import UsageError
from graph_builder.publish import publish
from graph_builder.query import bind, cell, find_query, run

from .browser import missing
from .conftest import pacts
from .servers import found, free_port, oxigraph, virtuoso
from .test_queries import CASES, SMALL

SERVERS: dict[str, tuple[Callable[[Path], AbstractContextManager[str]], str, str]] = {
    "oxigraph": (oxigraph, "oxigraph", "/store"),
    "virtuoso": (virtuoso, "virtuoso-t", "/sparql-graph-crud-auth"),
}

#: Queries that Virtuoso 7.2.5 answers otherwise, or not at all; docs/engines.md tells how.
VIRTUOSO_DIFFERS = frozenset(
    """facilities-near growth in-force-on known-on lifecycle lists-vs-graph never-concluded partners path renewals-due
    support-disputes support-matrix triangles uses""".split()
)


@pytest.fixture(scope="module", params=SERVERS)
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Return a store's name and the address of its Graph Store protocol."""
    start, program, ending = SERVERS[request.param]
    try:
        found(program)
    except FileNotFoundError as error:
        missing(str(error))
    with pytest.MonkeyPatch.context() as patch, start(tmp_path_factory.mktemp(request.param)) as base:
        patch.setenv("PACTS_USER", "dba")
        patch.setenv("PACTS_PASSWORD", "dba")
        yield request.param, base + ending


def rows(result: ox.QuerySolutions) -> Counter[tuple[str, ...]]:
    return Counter(tuple(cell(value) for value in row) for row in result)


def test_a_publish_cut_off_leaves_the_old_and_goes_on(
    server: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    to, graph = endpoint(server[1]), "https://example.org/small"
    old, new = tmp_path / "old.nt", tmp_path / "new.nt"
    old.write_text('<http://example.org/s> <http://example.org/p> "old" .\n')
    new.write_text("".join(f'<http://example.org/s> <http://example.org/p> "{n:03}" .\n' for n in range(250)))
    assert publish(old, to, graph).triples == 1
    monkeypatch.setattr(publishing, "LINES", 100)
    sent = []

    def cut_off(store: str, name: str, lines: bytes, retry: remote.Retry) -> None:
        if len(sent) == 2:
            raise UsageError("cut off")
        sent.append(name)
        real(store, name, lines, retry)

    real = remote.add
    monkeypatch.setattr(remote, "add", cut_off)
    with pytest.raises(UsageError, match="cut off"):
        publish(new, to, graph)
    text = "SELECT ?value WHERE { ?s ?p ?value }"
    assert rows(ask(to.query, text, {}, graph, 30)) == {("old",): 1}
    monkeypatch.setattr(remote, "add", real)
    done = publish(new, to, graph)
    assert (done.triples, done.before) == (250, 200)
    assert len(rows(ask(to.query, text, {}, graph, 30))) == 250
    assert publish(new, to, graph).before == 0
    left = ask(to.query, f"SELECT ?value WHERE {{ GRAPH <{sent[0]}> {{ ?s ?p ?value }} }}", {}, None, 30)
    assert not rows(left)


def test_the_shipped_queries_answer_there_as_here(server: tuple[str, str], tmp_path: Path) -> None:
    name, address = server
    to, prefixes = endpoint(address), load_prefixes(home() / "ontology")
    dist, nt, here = tmp_path / "dist", tmp_path / "graph.nt", ox.Store()
    build(dist, SMALL / "facts")
    nt.write_bytes((dist / "graph.nt").read_bytes() + (SMALL / "mappings.nt").read_bytes())
    here.bulk_load(path=str(nt), format=ox.RdfFormat.N_TRIPLES)
    done = pacts("publish", "--to", address, "--file", nt)
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"published {len(here):,} triples as {GRAPH}\n"
    differs = {}
    for case in CASES:
        _, query, parameters = case.values
        if name == "virtuoso" and query in VIRTUOSO_DIFFERS:
            continue
        text = bind(find_query(query), parameters, prefixes)
        there, wanted = rows(ask(to.query, text, prefixes, GRAPH, 60)), rows(run(here, text, prefixes))
        if there != wanted:
            differs[query] = (wanted - there, there - wanted)
    assert not differs
    arguments = ("query", "SELECT ?pact ?label { ?pact a lp:Pact ; lp:label ?label } ORDER BY ?pact", "--format", "csv")
    answer = pacts(*arguments, "--endpoint", to.query)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert answer.stdout == pacts(*arguments, dist=dist).stdout


class _Server(http.server.BaseHTTPRequestHandler):
    """Answers each request as told, in turn."""

    answers: list[tuple[int, bytes]]
    heard: list[tuple[str, str | None]]

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.heard.append((self.path, self.headers["Authorization"]))
        status, body = self.answers.pop(0)
        self.send_response(status)
        self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def faulty() -> Iterator[tuple[str, type[_Server]]]:
    handler = type("Faulty", (_Server,), {"answers": [], "heard": []})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/store", handler
        server.shutdown()


def test_a_busy_store_is_asked_again(faulty: tuple[str, type[_Server]], monkeypatch: pytest.MonkeyPatch) -> None:
    address, handler = faulty
    monkeypatch.setattr(remote.time, "sleep", lambda seconds: None)
    handler.answers += [(503, b"busy"), (500, b""), (204, b"")]
    told: list[str] = []
    remote.add(address, GRAPH, b"", lambda wrong, wait: told.append(wrong))
    assert [message.partition(" answers ")[2] for message in told] == [
        "503 Service Unavailable: busy",
        "500 Internal Server Error",
    ]


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (401, "set PACTS_USER and PACTS_PASSWORD"),
        (400, "answers 400"),
        (307, "answers 307"),
        (200, "is no application"),
    ],
)
def test_a_store_that_refuses_is_one_line(
    status: int, message: str, faulty: tuple[str, type[_Server]], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, handler = faulty
    monkeypatch.setenv("PACTS_TOKEN", "secret-token")
    handler.answers.append((status, b"no \x1b[31m"))
    with pytest.raises(UsageError, match=message) as error:
        ask(address, "SELECT * { ?s ?p ?o }", {}, None, 5)
    assert "\n" not in str(error.value)
    assert "\x1b" not in str(error.value)
    assert "secret" not in str(error.value)
    assert handler.heard == [("/store", "Bearer secret-token")]


def test_a_store_that_is_down_is_one_line(tmp_path: Path) -> None:
    run = pacts("query", "SELECT * { ?s ?p ?o }", "--endpoint", f"http://127.0.0.1:{free_port()}/query")
    assert (run.returncode, run.stderr.count("\n")) == (2, 1)
    assert "does not answer: " in run.stderr


def test_a_file_is_no_store(tmp_path: Path) -> None:
    (tmp_path / "answer").write_text("<sparql xmlns='http://www.w3.org/2005/sparql-results#'/>")
    with pytest.raises(UsageError, match="no web address"):
        ask((tmp_path / "answer").as_uri(), "ASK { ?s ?p ?o }", {}, None, 5)


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("ftp://example.org/store", "no web address"),
        ("http://me:secret@example.org/store", "no password in an address"),
        ("http://example.org/other", "tell --update and --query too"),
    ],
)
def test_an_address_that_cannot_be(address: str, message: str) -> None:
    with pytest.raises(UsageError, match=message) as error:
        endpoint(address)
    assert "secret" not in str(error.value)
