"""The pacts command."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from graph_builder.problems import BadInputError, UsageError

app = typer.Typer(
    name="pacts",
    help="A knowledge graph of India's military-logistics pacts, in which every fact carries its sources.",
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Dist = Annotated[Path | None, typer.Option("--dist", help="Where the built graph lies.", show_default="dist/")]
FORMATS = ("table", "csv", "json", "xml", "tsv", "md", "ttl")


def main() -> None:
    """Run the command; what is wrong with an input is said in one line each, with exit status 2."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        app()
    except (BadInputError, UsageError) as error:
        _fail(str(error))
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except KeyboardInterrupt:
        _fail("stopped", 130)


def _fail(message: str, status: int = 2) -> NoReturn:
    sys.stdout.flush()
    print(message, file=sys.stderr)
    sys.exit(status)


def _epilog(*lines: str) -> str:
    return "\n\n".join(["[bold]Examples[/bold]", *(f"[cyan]{line}[/cyan]" for line in lines)])


@app.command(
    epilog=_epilog("pacts build", "pacts build --known-by 2025-12-31 --dist as-of-2025", "pacts build --facts my-facts")
)
def build(
    facts: Annotated[Path | None, typer.Option(help="Folder of fact files.", show_default="facts/")] = None,
    dist: Dist = None,
    as_of: Annotated[
        str | None, typer.Option(help="Day for which statuses hold.", show_default="date of the newest source")
    ] = None,
    known_by: Annotated[str | None, typer.Option(help="Hear only sources published by this day.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Build even if nothing changed.")] = False,
) -> None:
    """Build the graph from the fact files."""
    from graph_builder.build import build as build_graph

    with _progress() as report:
        built = build_graph(dist, facts, as_of=as_of, known_by=known_by, force=force, report=report)
    if built.unchanged:
        print(f"{built.dist} is up to date: {built.triples:,} triples")
        return
    print(
        f"built {built.dist}: {built.triples:,} triples from {built.claims:,} claims of {built.sources:,} sources; "
        f"{built.accepted:,} facts accepted, {built.contested:,} contested, {built.undetermined:,} undetermined; "
        f"statuses as of {built.as_of}"
    )


@app.command(epilog=_epilog("pacts check"))
def check(dist: Dist = None) -> None:
    """Check the built graph: its ontology, its shapes, and that every fact has a source."""
    from graph_builder.check import check as run_checks

    with _progress() as report:
        results = run_checks(dist, report=report)
    width = max(len(result.name) for result in results)
    for result in results:
        print(f"{'ok  ' if not result.failures else 'FAIL'}  {result.name:<{width}}  {result.told}")
        for failure in result.failures[:20]:
            print(f"        {failure}")
        if len(result.failures) > 20:
            print(f"        … and {len(result.failures) - 20} more")
    if any(result.failures for result in results):
        raise typer.Exit(1)


@app.command(
    epilog=_epilog(
        "pacts query signatories --param pact=relos",
        "pacts query why --param subject=pact/relos/entry-into-force --format csv",
        "pacts query my-query.rq",
        "pacts query 'SELECT ?pact WHERE { ?pact a lp:Pact }'",
    )
)
def query(
    what: Annotated[
        str,
        typer.Argument(metavar="NAME|FILE|-|SPARQL", help="A shipped query, a file, - for standard input, or SPARQL."),
    ],
    param: Annotated[
        list[str] | None, typer.Option("--param", "-p", metavar="NAME=VALUE", help="A parameter of a shipped query.")
    ] = None,
    format: Annotated[str, typer.Option("--format", "-f", help=" | ".join(FORMATS))] = "table",
    dist: Dist = None,
    timeout: Annotated[float, typer.Option(help="Seconds after which the query is stopped.")] = 30.0,
    allow_service: Annotated[
        bool, typer.Option("--allow-service", help="Allow SERVICE, which asks other endpoints.")
    ] = False,
) -> None:
    """Run a query on the built graph; the project's prefixes need no PREFIX lines."""
    from graph_builder import query as queries
    from graph_builder.locate import home
    from graph_builder.ontology import load_prefixes
    from graph_builder.present import present

    if format not in FORMATS:
        raise UsageError(f"no format {format!r}; it is one of {', '.join(FORMATS)}")
    prefixes = load_prefixes(home() / "ontology")
    text = _query_text(what, dict(_split(pair) for pair in param or ()), prefixes)
    queries.check_query_text(text, allow_service)
    store = queries.open_store(dist)
    with _deadline(timeout):
        present(queries.run(store, text, prefixes), format, prefixes)


def _split(pair: str) -> tuple[str, str]:
    name, equals, value = pair.partition("=")
    if not equals or not name:
        raise UsageError(f"a parameter is written NAME=VALUE, not {pair!r}")
    return name, value


def _query_text(what: str, values: dict[str, str], prefixes: dict[str, str]) -> str:
    from graph_builder import query as queries
    from graph_builder.problems import printable

    if what == "-":
        text = sys.stdin.read()
    elif any(mark in what for mark in "{} \n?"):
        text = what
    elif what.endswith((".rq", ".sparql")) or "/" in what:
        try:
            text = Path(what).read_text(encoding="utf-8")
        except OSError as error:
            raise UsageError(f"{printable(what)} cannot be read: {error.strerror}") from None
        except UnicodeDecodeError:
            raise UsageError(f"{printable(what)} is not UTF-8; save it as UTF-8") from None
        if text.startswith("#+"):
            return queries.bind(queries.load_query(Path(what)), values, prefixes)
    else:
        return queries.bind(queries.find_query(what), values, prefixes)
    if values:
        raise UsageError("--param goes with a shipped query; this is a query text")
    return text


@app.command(epilog=_epilog("pacts queries", "pacts queries evidence"))
def queries(word: Annotated[str | None, typer.Argument(help="Only queries that speak of this word.")] = None) -> None:
    """List the shipped queries."""
    from graph_builder.query import shipped_queries

    listed = [
        q
        for q in shipped_queries()
        if not word or word.lower() in f"{q.name} {q.summary} {q.description} {' '.join(q.tags)}".lower()
    ]
    if not listed:
        raise UsageError(f"no query speaks of {word!r}; see pacts queries")
    width = max(len(q.name) for q in listed)
    for q in listed:
        print(f"{q.name:<{width}}  {q.summary}")
        for p in q.parameters:
            need = "needed" if p.default is None else f"default {p.default}"
            print(f"{'':<{width}}    --param {p.name}=…  {p.description} ({need})")


@app.command(epilog=_epilog("pacts show pact/relos", "pacts show person/vinay-kumar", "pacts show severomorsk"))
def show(
    subject: Annotated[str, typer.Argument(help="A key such as pact/relos, or the beginning of one, or a name.")],
    dist: Dist = None,
    whole: Annotated[bool, typer.Option("--all", help="Every value and every part.")] = False,
) -> None:
    """Show what the graph holds of a pact, a person, a facility, a party or anything else."""
    from graph_builder.show import show_card

    show_card(subject, dist, whole)


@app.command(
    epilog=_epilog("pacts why pact/relos/approval/federation-council date", "pacts why pact/relos bindingness")
)
def why(
    subject: Annotated[str, typer.Argument(help="A key such as pact/relos/entry-into-force.")],
    property: Annotated[str | None, typer.Argument(help="A property such as date; all of them unless given.")] = None,
    dist: Dist = None,
) -> None:
    """Say why a fact is held: the accepted value, the reason, the rivals, and every source of each."""
    from graph_builder.show import why as show_why

    show_why(subject, property, dist)


@app.command(epilog=_epilog("pacts report"))
def report(dist: Dist = None) -> None:
    """Report what the graph covers, pact by pact and as a whole, and what it lacks."""
    from graph_builder import query as queries
    from graph_builder.locate import home
    from graph_builder.ontology import load_prefixes
    from graph_builder.present import present

    prefixes, store = load_prefixes(home() / "ontology"), queries.open_store(dist)
    for path in sorted((home() / "queries" / "report").glob("*.rq")):
        shipped = queries.load_query(path)
        print(f"\n{shipped.summary}\n")
        present(queries.run(store, queries.bind(shipped, {}, prefixes), prefixes), "table", prefixes)


@app.command(epilog=_epilog("pacts view"))
def view(dist: Dist = None) -> None:
    """Write the pages that people browse into dist/views."""
    from graph_builder.view import write_views

    with _progress() as report:
        written = write_views(dist, report=report)
    print(f"wrote {written.pages} pages to {written.folder}" + (f"; {written.kept} unchanged" if written.kept else ""))


@app.command(epilog=_epilog("pacts schema > facts.schema.json"))
def schema() -> None:
    """Print a JSON Schema of the fact files, for editors that complete and check as people type."""
    import json

    from graph_builder.locate import home
    from graph_builder.ontology import load_ontology
    from graph_builder.schema import fact_schema

    print(json.dumps(fact_schema(load_ontology(home() / "ontology")), indent=2, ensure_ascii=False))


class _progress:  # noqa: N801 - used as a function
    """Tells the step under way on a terminal, and nothing where output is piped."""

    def __enter__(self) -> Any:
        self.status = None
        if sys.stderr.isatty():
            from rich.console import Console

            self.status = Console(stderr=True).status("starting")
            self.status.start()
        return self._report

    def _report(self, step: str) -> None:
        if self.status:
            self.status.update(step)

    def __exit__(self, *exc: object) -> None:
        if self.status:
            self.status.stop()


class _deadline:  # noqa: N801 - used as a function
    """Ends the process with exit status 3 when a query takes longer than allowed."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def __enter__(self) -> None:
        import os
        import threading

        def stop() -> None:
            print(
                f"stopped after {self.seconds:g} s; narrow the query, or allow more with --timeout",
                file=sys.stderr,
                flush=True,
            )
            os._exit(3)

        self.timer = threading.Timer(self.seconds, stop)
        self.timer.daemon = True
        self.timer.start()

    def __exit__(self, *exc: object) -> None:
        self.timer.cancel()
