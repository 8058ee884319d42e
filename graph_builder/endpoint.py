"""A SPARQL 1.1 store elsewhere: asking it, changing it, and sending it triples, with credentials that nobody sees.

Credentials come from the environment (PACTS_USER and PACTS_PASSWORD, or PACTS_TOKEN) or from ~/.netrc, and go to no
other host than the one named.
"""

from __future__ import annotations

import http.client
import netrc
import os
import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import pyoxigraph as ox

from graph_builder.problems import UsageError, printable
from graph_builder.query import NOT_CODE, QUERY_FORM

GRAPH = "https://w3id.org/logistics-pacts/graph"
"""The graph that publishing fills unless told otherwise."""

#: How the stores that people use name their addresses: ending of the graph store's, of updates, of queries.
_LAYOUTS = (
    ("/sparql-graph-crud-auth", "/sparql-auth", "/sparql-auth"),  # Virtuoso
    ("/rdf-graphs/service", "/statements", ""),  # RDF4J, GraphDB
    ("/store", "/update", "/query"),  # Oxigraph
    ("/data", "/update", "/query"),  # Fuseki
)
_TRIES = 5
_PREFIX = re.compile(r"\bPREFIX\s+([\w-]*):", re.IGNORECASE)
_LONGEST = 200_000_000

#: What an attempt is told of: the message of what went wrong, and the seconds until the next.
Retry = Callable[[str, float], None]


@dataclass(frozen=True)
class Endpoint:
    """The addresses of one store: of the Graph Store protocol, of updates, and of queries."""

    store: str
    update: str
    query: str


def endpoint(store: str, update: str | None = None, query: str | None = None) -> Endpoint:
    """Return the addresses that go with a graph store's, by the layouts of known stores.

    >>> endpoint("http://127.0.0.1:7878/store").update
    'http://127.0.0.1:7878/update'

    Raises UsageError where the layout is not known and not told.
    """
    store = store.rstrip("/")
    _check_address(store)
    for ending, updates, queries in _LAYOUTS:
        if store.endswith(ending):
            base = store.removesuffix(ending)
            return Endpoint(store, update or base + updates, query or base + queries)
    if update and query:
        return Endpoint(store, update, query)
    known = ", ".join(ending for ending, _, _ in _LAYOUTS)
    raise UsageError(f"{printable(store, 100)} ends in none of {known}; tell --update and --query too")


def _check_address(address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(f"{printable(address, 100)} is no web address; write it from http:// or https://")
    if parts.username or parts.password:
        told = "set PACTS_USER and PACTS_PASSWORD, or ~/.netrc"
        raise UsageError(f"no password in an address, where others see it; {told}")


def ask(address: str, text: str, prefixes: Mapping[str, str], graph: str | None, seconds: float) -> Any:
    """Run a query elsewhere, on one graph or on the store's own default, and return what the engine here would.

    Raises UsageError in one line for whatever goes wrong.
    """
    declared = set(_PREFIX.findall(NOT_CODE.sub(" ", text)))
    head = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in prefixes.items() if name not in declared)
    form = {"query": head + text, **({"default-graph-uri": graph} if graph else {})}
    found = QUERY_FORM.search(NOT_CODE.sub(" ", text))
    triples = bool(found) and found[1].upper() in ("CONSTRUCT", "DESCRIBE")  # type: ignore[index]
    accept = "application/n-triples" if triples else "application/sparql-results+xml"
    body = urlencode(form).encode()
    headers = {"Accept": accept, "Content-Type": "application/x-www-form-urlencoded"}
    content = send("POST", address, body, headers, seconds=seconds, tries=1)
    try:
        if triples:
            store = ox.Store()
            store.load(content, format=ox.RdfFormat.N_TRIPLES)
            return store.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
        return ox.parse_query_results(content, format=ox.QueryResultsFormat.XML)
    except (SyntaxError, ValueError) as error:
        raise UsageError(
            f"{printable(address, 100)} answers what is no {accept}: {printable(str(error), 80)}"
        ) from None


def change(address: str, text: str, seconds: float = 600.0, retry: Retry = lambda wrong, wait: None) -> None:
    """Run an update; raises UsageError in one line for whatever goes wrong."""
    body = urlencode({"update": text}).encode()
    if urlsplit(address).path.endswith("/sparql-auth"):  # Virtuoso knows the form of queries only
        body = urlencode({"query": text}).encode()
    send("POST", address, body, {"Content-Type": "application/x-www-form-urlencoded"}, seconds=seconds, retry=retry)


def add(store: str, graph: str, lines: bytes, retry: Retry = lambda wrong, wait: None) -> None:
    """Add N-Triples to a graph; doing it twice is as good as once. Raises UsageError in one line."""
    address = f"{store}?graph={quote(graph, safe='')}"
    send("POST", address, lines, {"Content-Type": "application/n-triples"}, seconds=600.0, retry=retry)


def send(
    method: str,
    address: str,
    body: bytes | None,
    headers: Mapping[str, str],
    *,
    seconds: float,
    tries: int = _TRIES,
    retry: Retry = lambda wrong, wait: None,
) -> bytes:
    """Send a request, again when the store is down or busy, and return what it answers.

    Raises UsageError, in one line without credentials, when it refuses or stays away.
    """
    _check_address(address)
    shown = printable(address.partition("?")[0], 100)
    opener = _opener(address)
    for attempt in range(1, tries + 1):
        request = urllib.request.Request(address, body, dict(headers), method=method)  # noqa: S310 - http or https
        if token := os.environ.get("PACTS_TOKEN"):
            request.add_unredirected_header("Authorization", f"Bearer {token}")
        try:
            with opener.open(request, timeout=seconds) as answer:
                content: bytes = answer.read(_LONGEST + 1)
                if len(content) > _LONGEST:
                    raise UsageError(f"{shown} sends more than {_LONGEST:,} bytes; ask for less")
                return content
        except urllib.error.HTTPError as error:
            told = printable(error.read(400).decode(errors="replace").strip().partition("\n")[0], 120)
            wrong = f"{shown} answers {error.code} {printable(str(error.reason), 60)}" + (f": {told}" if told else "")
            if error.code in (401, 403):
                wrong += "; set PACTS_USER and PACTS_PASSWORD, or PACTS_TOKEN, or ~/.netrc"
            if error.code not in (408, 429, 500, 502, 503, 504):
                raise UsageError(wrong) from None
        except TimeoutError:
            wrong = f"{shown} takes more than {seconds:g} s"
        except (urllib.error.URLError, http.client.HTTPException, OSError) as error:
            wrong = f"{shown} does not answer: {printable(str(getattr(error, 'reason', error)), 80)}"
        if attempt == tries:
            raise UsageError(wrong)
        wait = 0.5 * 2 ** (attempt - 1)
        retry(wrong, wait)
        time.sleep(wait)
    raise AssertionError


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirection: what is sent, and to whom, is what was named."""

    def redirect_request(self, *arguments: Any) -> None:
        return None


def _opener(address: str) -> urllib.request.OpenerDirector:
    user, password = os.environ.get("PACTS_USER"), os.environ.get("PACTS_PASSWORD")
    host = urlsplit(address).hostname or ""
    if not user:
        try:
            if found := netrc.netrc().authenticators(host):
                user, _, password = found
        except (OSError, netrc.NetrcParseError):
            pass
    known = urllib.request.HTTPPasswordMgrWithPriorAuth()
    if user:
        known.add_password(None, address, user, password or "", is_authenticated=False)
    return urllib.request.build_opener(
        _Stay, urllib.request.HTTPDigestAuthHandler(known), urllib.request.HTTPBasicAuthHandler(known)
    )
