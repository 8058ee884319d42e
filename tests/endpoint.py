"""A SPARQL endpoint on loopback, in a process of its own: what stands in for a remote store in the tests."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def endpoint(data: Path) -> Iterator[str]:
    """Serve a store's folder, or a Turtle file, and give the address of the endpoint."""
    command = [sys.executable, "-m", "tests.endpoint", str(data)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}/sparql"
        finally:
            process.kill()


def _serve(data: Path) -> None:
    if data.is_dir():
        store = ox.Store.read_only(str(data))
    else:
        store = ox.Store()
        store.load(path=str(data))

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(parse_qs(urlsplit(self.path).query)["query"][0])

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = "x-www-form-urlencoded" in self.headers["Content-Type"]
            self._answer(parse_qs(body)["query"][0] if form else body)

        def _answer(self, query: str) -> None:
            result = store.query(query)
            graph = isinstance(result, ox.QueryTriples)
            media = "application/n-triples" if graph else "application/sparql-results+json"
            content = (
                result.serialize(format=ox.RdfFormat.N_TRIPLES)
                if isinstance(result, ox.QueryTriples)
                else result.serialize(format=ox.QueryResultsFormat.JSON)
            )
            self.send_response(200)
            self.send_header("Content-Type", media)
            self.send_header("Content-Length", str(len(content or b"")))
            self.end_headers()
            self.wfile.write(content or b"")

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
