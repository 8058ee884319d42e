"""Running SPARQL on the built graph: shipped queries with parameters, and a user's own text.

A shipped query is a file in queries/ with a header of ``#+`` lines (YAML, in the manner of grlc). It can be
pasted into any SPARQL editor as it stands: each parameter is a ``VALUES ?name { … }`` clause, or several of
them, that holds an example. Binding a parameter replaces the clause's content by a typed RDF term, written by
the RDF library, or drops the clause where the parameter is left open; a parameter's text is never part of the
query.

The header's ``engines`` says how the test-suite knows the answer to be right in more than one engine:
``both``; or ``small`` or ``oxigraph`` with the reason after a colon, where rdflib is compared on a small graph
only, or lacks a function, so that the answer is compared with an independent computation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import pyoxigraph as ox

from graph_builder.locate import default_dist, home
from graph_builder.problems import BadInputError, Problem, UsageError, did_you_mean, printable
from graph_builder.terms import ID, LP, VOCABULARY, XSD, key_of

_HEADER_FIELDS = (
    "summary", "description", "question", "tags", "parameters", "columns", "example", "method", "engines", "view",
)  # fmt: skip
_PARAMETER_FIELDS = ("type", "of", "default", "description", "enumerate")
_TYPES = ("thing", "concept", "class", "property", "date", "text", "integer", "decimal", "boolean")
_ENGINES = ("both", "small", "oxigraph")
_OPEN = ("all", "as-of")
"""The defaults that leave a parameter open: no restriction, or the graph's own date."""
_VALUES = r"VALUES\s+\?({names})\s*\{{[^}}]*\}}"
NOT_CODE = re.compile(
    r'<[^<>"{}|^`\\\s]*>|"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^\'\\]|\\.|\'(?!\'\'))*\'\'\''
    r'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|#[^\n]*',
    re.DOTALL,
)
_UPDATE = re.compile(r"\b(INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|ADD|MOVE|COPY)\b", re.IGNORECASE)
QUERY_FORM = re.compile(r"\b(SELECT|ASK|CONSTRUCT|DESCRIBE)\b", re.IGNORECASE)
_SERVICE = re.compile(r"\bSERVICE\b", re.IGNORECASE)


class Parameter(NamedTuple):
    """What a shipped query can be asked with.

    ``default`` None means that it must be given; "all" and "as-of" leave it open.
    """

    name: str
    type: str
    of: str | None
    default: str | None
    description: str
    allowed: tuple[str, ...] = ()


class ShippedQuery(NamedTuple):
    """A query file: its name, its header and its text."""

    name: str
    path: Path
    summary: str
    text: str
    description: str = ""
    question: int | None = None
    tags: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    columns: Mapping[str, str] = MappingProxyType({})
    example: str = ""
    engines: str = "both"
    view: Mapping[str, Any] = MappingProxyType({})


def load_query(path: Path) -> ShippedQuery:
    """Read a query file; a header that is broken raises BadInputError with the place of what is wrong."""
    import yaml

    from graph_builder.plain_yaml import load_plain

    text = path.read_text(encoding="utf-8")
    header = "\n".join(line[2:].removeprefix(" ") for line in text.splitlines() if line.startswith("#+"))

    def wrong(message: str, line: int = 1) -> BadInputError:
        return BadInputError([Problem(str(path), line, 1, message)])

    try:
        fields = load_plain(header)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise wrong("the header is not YAML; check its indents and quotes", mark.line + 1 if mark else 1) from None
    if not isinstance(fields, dict) or not fields.get("summary"):
        raise wrong("has no header with a summary; begin with #+ summary: what the query tells")
    if unknown := [key for key in fields if key not in _HEADER_FIELDS]:
        raise wrong(f"the header has an unknown field {unknown[0]!r}{did_you_mean(str(unknown[0]), _HEADER_FIELDS)}")
    engines = str(fields.get("engines") or "both")
    kind, _, reason = engines.partition(":")
    if kind not in _ENGINES or (kind != "both") != bool(reason.strip()):
        raise wrong(f"engines is both, or small or oxigraph with the reason, as in 'small: why'; not {engines!r}")
    parameters = []
    for name, spec in (fields.get("parameters") or {}).items():
        if not isinstance(spec, dict) or spec.get("type") not in _TYPES or set(spec) - set(_PARAMETER_FIELDS):
            may = "and may have of, default, description, enumerate"
            raise wrong(f"parameter {name} needs a type ({', '.join(_TYPES)}) {may}")
        if not re.search(_VALUES.format(names=name), text):
            raise wrong(f"parameter {name} has no clause VALUES ?{name} {{ … }} in the query")
        default = spec.get("default")
        allowed = tuple(str(v) for v in spec.get("enumerate") or ())
        default = None if default is None else str(default)
        parameters.append(Parameter(name, spec["type"], spec.get("of"), default, spec.get("description", ""), allowed))
    return ShippedQuery(
        name=path.stem,
        path=path,
        summary=str(fields["summary"]),
        text=text,
        description=str(fields.get("description") or ""),
        question=fields.get("question"),
        tags=tuple(fields.get("tags") or ()),
        parameters=tuple(parameters),
        columns=dict(fields.get("columns") or {}),
        example=str(fields.get("example") or ""),
        engines=engines,
        view=dict(fields.get("view") or {}),
    )


def example_values(query: ShippedQuery) -> dict[str, str]:
    """Return the values that the example of a query gives to its parameters."""
    import shlex

    words = shlex.split(query.example)
    return dict(value.split("=", 1) for option, value in pairwise(words) if option == "--param")


def shipped_queries(folder: Path | None = None) -> list[ShippedQuery]:
    """Read every query file of queries/, in the order of names."""
    return [load_query(path) for path in sorted((folder or home() / "queries").glob("*.rq"))]


def find_query(name: str, folder: Path | None = None) -> ShippedQuery:
    """Return the shipped query of a name; an unknown one raises UsageError with the nearest name."""
    folder = folder or home() / "queries"
    path = folder / f"{name}.rq"
    if re.fullmatch(r"[a-z0-9-]+", name) and path.is_file():
        return load_query(path)
    known = sorted(path.stem for path in folder.glob("*.rq"))
    raise UsageError(f"no query {printable(name)!r}{did_you_mean(name, known) or '; see pacts queries'}")


def bind(query: ShippedQuery, values: Mapping[str, str], prefixes: Mapping[str, str]) -> str:
    """Return a shipped query's text with its parameters bound.

    Raises UsageError for a parameter that is unknown, missing or not of its type.
    """
    known = {parameter.name: parameter for parameter in query.parameters}
    for name in values:
        if name not in known:
            has = f"{did_you_mean(name, known)}; it has: {', '.join(known) or 'none'}"
            raise UsageError(f"{query.name} has no parameter {printable(name)!r}{has}")
    clauses = {}
    for name, parameter in known.items():
        value = values.get(name, parameter.default)
        if value is None:
            example = f"; for example: {query.example}" if query.example else ""
            raise UsageError(f"{query.name} needs --param {name}=…{example}")
        if value == parameter.default and value in _OPEN:
            clauses[name] = ""
        else:
            clauses[name] = f"VALUES ?{name} {{ {_term(value, parameter, prefixes)} }}"
    if not clauses:
        return query.text
    # In one pass: what a value holds is never looked at again.
    pattern = re.compile(_VALUES.format(names="|".join(clauses)))
    return pattern.sub(lambda match: clauses[match[1]], query.text)


def _term(value: str, parameter: Parameter, prefixes: Mapping[str, str]) -> str:
    if parameter.allowed and value not in parameter.allowed:
        raise UsageError(f"{parameter.name} is one of {', '.join(parameter.allowed)}, not {printable(value)!r}")
    if not value.isprintable() and re.search("[\0\ud800-\udfff]", value):
        raise UsageError(f"{parameter.name} holds a character that no text can hold: {printable(value)!r}")
    if parameter.type in ("thing", "concept", "class", "property"):
        return str(_named(value, parameter, prefixes))
    if parameter.type == "text":
        return str(ox.Literal(value))
    checks = {"integer": "[+-]?[0-9]{1,18}", "decimal": r"[+-]?[0-9]{1,18}(\.[0-9]{1,18})?", "boolean": "true|false"}
    if parameter.type == "date":
        from graph_builder import edtf

        try:
            good = edtf.bounds(value)[0] == value
        except ValueError:
            good = False
        wanted = "a day such as 2025-12-31"
    else:
        good = re.fullmatch(checks[parameter.type], value) is not None
        kinds = {"integer": "a whole number", "decimal": "a number such as 12.5", "boolean": "true or false"}
        wanted = kinds[parameter.type]
    if not good:
        raise UsageError(f"{parameter.name} is {wanted}, not {printable(value)!r}")
    return str(ox.Literal(value, datatype=ox.NamedNode(XSD + parameter.type)))


def _named(value: str, parameter: Parameter, prefixes: Mapping[str, str]) -> ox.NamedNode:
    if parameter.type in ("property", "class"):
        name = value.removeprefix("lp:")
        if re.fullmatch(r"[A-Za-z]+", name):
            return ox.NamedNode(LP + name)
    base = VOCABULARY if parameter.type == "concept" else ID
    node = resolve(value, prefixes, parameter.of, base)
    if node is None:
        kinds = {"property": "a property, such as date", "class": "a class, such as LogisticsSupportPact"}
        key = "support/petroleum" if parameter.type == "concept" else "pact/relos"
        key = f"{parameter.of}/…" if parameter.of else key
        wanted = kinds.get(parameter.type, f"the key of a {parameter.type}, such as {key}")
        raise UsageError(f"{parameter.name} is {wanted}, not {printable(value)!r}")
    return node


def resolve(name: str, prefixes: Mapping[str, str], kind: str | None = None, base: str = ID) -> ox.NamedNode | None:
    """Return the IRI that a key, a prefixed name or an IRI stands for; ``kind`` completes a bare word."""
    if re.fullmatch(r"[a-z0-9]+(?:[-/][a-z0-9]+)*", name):
        whole = f"{kind}/{name}" if kind and "/" not in name else name
        return ox.NamedNode(base + whole)
    prefix, colon, rest = name.partition(":")
    if colon and prefix in prefixes and re.fullmatch(r"[\w/.-]+", rest):
        return ox.NamedNode(prefixes[prefix] + rest)
    if re.fullmatch(r"https?://[^\s<>\"{}|\\^`\x00-\x20]+", name):
        try:
            return ox.NamedNode(name)
        except ValueError:
            return None
    return None


# ---------------------------------------------------------------- running


def open_store(dist: Path | None = None) -> ox.Store:
    """Open the built store for reading; raises UsageError when there is none."""
    dist = dist or default_dist()
    if not (dist / "store").is_dir():
        if dist.parent.is_dir():
            from graph_builder.swap import recover

            recover(dist.absolute())
        if not (dist / "store").is_dir():
            raise UsageError(f"no graph in {dist}; build it with: pacts build")
    try:
        return ox.Store.read_only(str(dist / "store"))
    except OSError as error:
        why = f"cannot be opened ({printable(str(error))}); build it anew: pacts build --force"
        raise UsageError(f"the graph in {dist} {why}") from None


def check_query_text(text: str, allow_service: bool = False) -> None:
    """Refuse updates, and calls of other endpoints unless allowed; raises UsageError."""
    code = NOT_CODE.sub(" ", text)
    update = _UPDATE.search(code)
    if update and not QUERY_FORM.search(code):
        ask = "the graph is read only, so ask with SELECT, ASK, CONSTRUCT or DESCRIBE"
        raise UsageError(f"{update[0].upper()} is an update; {ask}")
    if not allow_service and _SERVICE.search(code):
        raise UsageError("SERVICE asks another endpoint; allow it with --allow-service")


def limited(text: str, rows: int) -> str:
    """Return a query that gives at most so many rows; one with a LIMIT of its own raises UsageError."""
    code = NOT_CODE.sub(lambda m: " " * len(m[0]), text)
    if re.search(r"\b(LIMIT|OFFSET)\b", code[code.rfind("}") :], re.IGNORECASE):
        raise UsageError("the query has a LIMIT or OFFSET of its own; leave --limit out")
    return f"{text.rstrip()}\nLIMIT {rows}\n"


def plan(text: str, prefixes: Mapping[str, str]) -> str:
    """Return the algebra of a query, indented: the order of joins as written, before the engine's own reordering."""
    from rdflib.plugins.sparql import prepareQuery
    from rdflib.plugins.sparql.parserutils import CompValue

    def lines(node: Any, depth: int) -> list[str]:
        if isinstance(node, CompValue):
            found = [f"{'  ' * depth}{node.name}"]
            for key, value in node.items():
                if key == "triples":
                    found += [
                        f"{'  ' * (depth + 1)}{' '.join(term.n3() for term in t if hasattr(t[1], 'n3'))}" for t in value
                    ]
                elif isinstance(value, CompValue) and key in ("p", "p1", "p2", "expr"):
                    found += lines(value, depth + 1)
            return found
        return []

    try:
        return "\n".join(lines(prepareQuery(text, initNs=dict(prefixes)).algebra, 0))
    except Exception as error:
        raise UsageError(f"not SPARQL: {printable(str(error), 160)}") from None


def run(store: ox.Store, text: str, prefixes: Mapping[str, str]) -> Any:
    """Run a query; a syntax error raises UsageError with its line and column and the piece that stands there."""
    try:
        with told():
            return store.query(text, prefixes=dict(prefixes))
    except SyntaxError as error:
        raise UsageError(_syntax_message(error, text, prefixes)) from None


def run_file(store: ox.Store, path: Path, prefixes: Mapping[str, str]) -> Any:
    """Run a query of the project's own as its file has it; one that is not SPARQL raises BadInputError."""
    try:
        return store.query(path.read_text(encoding="utf-8"), prefixes=dict(prefixes))
    except SyntaxError as error:
        raise BadInputError([Problem(str(path), error.lineno or 0, error.offset or 0, str(error))]) from None


@contextmanager
def told() -> Iterator[None]:
    """Tell in one line what fails while a query runs or its rows are read, such as an endpoint that SERVICE asks."""
    try:
        yield
    except BrokenPipeError:
        raise
    except (ValueError, OSError, RuntimeError) as error:
        raise UsageError(f"the query cannot be run: {printable(str(error), 160)}") from None


def _syntax_message(error: SyntaxError, text: str, prefixes: Mapping[str, str]) -> str:
    message = error.msg or str(error)
    place = re.search(r"at (\d+):(\d+)", str(error))
    line = error.lineno or (int(place[1]) if place else 0)
    column = error.offset or (int(place[2]) if place else 0)
    if not line:
        return f"not SPARQL: {printable(message, 200)}"
    lines = [*text.splitlines(), ""]
    row = lines[min(line, len(lines)) - 1]
    if "Prefix not found" in message and (
        name := re.search(r"([^\s<>{}();,.|/^]*):[^\s:]*$", row[: max(column - 1, 0)])
    ):
        known = (
            f"{did_you_mean(name[1], prefixes)}; declare it with PREFIX, or use one of {', '.join(sorted(prefixes))}"
        )
        return f"not SPARQL: line {line}, column {name.start() + 1}: unknown prefix {printable(name[1])!r}{known}"
    piece = printable(row[max(column - 1, 0) :], 30)
    stands = repr(piece) if piece.strip() else "the query ends" if line >= len(lines) - 1 else "the line ends"
    wanted = re.search(r"expected (?:one of )?(.+)", message, re.DOTALL)
    tokens = [token for token in re.split(r",\s+", wanted[1]) if "[" not in token] if wanted else []
    told = f"expected {', '.join(tokens[:12])}{' …' if len(tokens) > 12 else ''}" if tokens else printable(message, 120)
    return f"not SPARQL: line {line}, column {column}: {stands}; {told}"


def cell(term: Any) -> str:
    """Return what a person reads in a cell: a key for a thing of this data set, a literal's text, or nothing."""
    if term is None:
        return ""
    if isinstance(term, ox.NamedNode):
        return key_of(term.value)
    return str(term.value) if hasattr(term, "value") else str(term)
