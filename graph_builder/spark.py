"""The same way on many machines: Apache Spark deals the rows out, and the functions of ``stream`` do the work.

Adjudication is independent for each subject, so Spark has only to bring together what is said of a subject, and what is
named with the thing that it names. The parts written are together what ``pacts stream`` writes, line by line. What is
known of the sources, and what is named and is not there, is sent to every machine. Needs the extra ``spark``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from graph_builder.adjudicate import weigh_sources
from graph_builder.chunks import BadRow, Row, tables
from graph_builder.facts import Placing
from graph_builder.file_facts import SOURCE_CLASS
from graph_builder.locate import home
from graph_builder.problems import UsageError
from graph_builder.route import EVIDENCE_FIELDS, TypedRow, load, type_rows, use_problem
from graph_builder.row_file import ROW_FIELDS
from graph_builder.settle import Settler
from graph_builder.templates import key_of_term


def settle_rows(rows: Any, folder: str) -> tuple[int, int]:
    """Turn a data frame of rows into parts of N-Triples below a folder; return the numbers of claims and of bad rows.

    ``rows`` is a pyspark DataFrame of any source with the columns of ROW_FIELDS, those not there being empty; its order
    is that of the rows. Bad rows go to ``folder``/bad as number, tab, reason; the graph to ``folder``/graph. Raises
    UsageError where a column is wrong or missing.
    """
    from pyspark.sql import functions as sql

    missing = [name for name in ROW_FIELDS[:3] if name not in rows.columns]
    if missing or set(rows.columns) - set(ROW_FIELDS):
        raise UsageError(f"the columns of the rows are {', '.join(ROW_FIELDS)}, not {', '.join(rows.columns)}")
    context = rows.sparkSession.sparkContext
    columns = [
        sql.coalesce(sql.col(name).cast("string"), sql.lit("")) if name in rows.columns else sql.lit("")
        for name in ROW_FIELDS
    ]
    numbered = rows.select(*columns).rdd.zipWithIndex().map(lambda pair: (pair[1] + 1, *pair[0]))
    told = numbered.mapPartitions(_typed).persist()
    typed = told.filter(lambda row: len(row) == 2).values()

    classes = typed.flatMap(_class).reduceByKey(min).mapValues(lambda found: found[1])
    unmet = typed.flatMap(_named).distinct().leftOuterJoin(classes).flatMap(_unmet).collectAsMap()
    unknown = {key for key, name in unmet if name == "derivesFrom"}
    placings = (
        typed.flatMap(_of_source)
        .reduceByKey(min)
        .map(lambda pair: Placing(pair[0][0], pair[0][1], pair[1][1]))
        .collect()
    )
    good = [p for p in placings if p.property != "derivesFrom" or key_of_term(p.value) not in unknown]
    known = context.broadcast((unmet, weigh_sources(sorted(good), load(home()))))

    def settle(groups: Iterable[tuple[str, Iterable[TypedRow]]]) -> Iterator[tuple[str, str | int]]:
        settler = Settler(known.value[0], 1, known.value[1], ())
        for about, said in groups:
            ordered = sorted(said, key=lambda row: row[8])
            cls = min((found for row in ordered for _, found in _class(row)), default=(0, None))[1]
            settler.settle(about, cls, ordered)
            for record in settler.ranges[0]:
                yield "line", settler.templates.text([record]).decode().removesuffix("\n")
            settler.ranges[0].clear()
        for line, reason in settler.refused[0]:
            yield "bad", f"{line}\t{reason}"
        yield "claims", settler.told["claims"]

    made = typed.groupBy(lambda row: row[0]).mapPartitions(settle).persist()
    made.filter(lambda pair: pair[0] == "line").values().saveAsTextFile(f"{folder}/graph")
    unread = told.filter(lambda row: len(row) == 3).map(lambda row: f"{row[1]}\t{row[2]}")
    bad = unread.union(made.filter(lambda pair: pair[0] == "bad").values()).persist()
    bad.saveAsTextFile(f"{folder}/bad")
    return made.filter(lambda pair: pair[0] == "claims").values().sum(), bad.count()


def _typed(rows: Iterable[Row]) -> Iterator[tuple[Any, ...]]:
    """Yield a pair for each row that is typed, and three things for each that is bad."""
    for some in tables(rows):
        bad: list[BadRow] = []
        for row in type_rows(some, 0, bad, load(home())):
            yield "typed", row
        for line, reason in bad:
            yield "bad", line, reason


def _class(row: TypedRow) -> Iterator[tuple[str, tuple[int, str]]]:
    about, name, term, *_, line, _ = row
    if about.startswith("source/"):
        yield about, (0, SOURCE_CLASS)
    elif name == "type":
        yield about, (line, term)


def _named(row: TypedRow) -> Iterator[tuple[str, str]]:
    _, name, _, source, *_, key = row
    if source:
        yield source, ""
    if key is not None:
        yield key, name


def _unmet(found: tuple[str, tuple[str, str | None]]) -> Iterator[tuple[tuple[str, str], str]]:
    key, (name, cls) = found
    if problem := use_problem(key, name, cls, load(home())):
        yield (key, name), problem


def _of_source(row: TypedRow) -> Iterator[tuple[tuple[str, str], tuple[int, str]]]:
    about, name, term, *_, line, _ = row
    if name in EVIDENCE_FIELDS and about.startswith("source/"):
        yield (about, name), (line, term)
