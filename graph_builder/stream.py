"""Rows of any size through the whole way, in bounded memory: claims, adjudications and accepted facts, sorted.

    rows ──pieces──▶ route ──by subject──▶ check ──▶ settle ──by key──▶ write

``route`` types the rows of a piece by the ontology and deals them out by their subjects into partitions. ``check``
finds, in each partition, what others name that is not there or is of a wrong class. ``settle`` adjudicates the
subjects of a partition and deals out the nodes into ranges of their keys. ``write`` sorts a range and writes it.
Each step is done for many parts at once, by as many processes as there are cores; a part that is done is a file in the
work folder beside the output, so that a stopped run goes on where it stood. What is known of sources is held whole.
"""

from __future__ import annotations

import csv
import gc
import hashlib
import json
import marshal
import os
import pickle
import shutil
import signal
import sys
import threading
from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from multiprocessing import get_context, parent_process
from pathlib import Path
from struct import unpack
from typing import Any, NamedTuple
from zlib import crc32

from graph_builder import read
from graph_builder.adjudicate import Evidence, adjudicate_subject, weigh_sources
from graph_builder.chunks import BadRow, Chunk, Row, chunks, read_chunk
from graph_builder.derive import derive
from graph_builder.emit import adjudication_iri, claim_iri
from graph_builder.facts import Claim, Facts, Placing
from graph_builder.locate import home
from graph_builder.ontology import Ontology, load_ontology
from graph_builder.pipeline import check_day, newest
from graph_builder.problems import UsageError, printable
from graph_builder.read import ROW_FIELDS, SOURCE_CLASS, FileFacts, Place, Use
from graph_builder.templates import Record, Templates, adjudication_record, claim_record, key_of_term
from graph_builder.terms import ID, LP, lexical
from graph_builder.values import is_key, to_term

BAD_FIELDS = ("file", "line", "reason")
_PARTITION = 1_500_000
"""Bytes of input that go to a partition, about."""
EVIDENCE_FIELDS = frozenset(("tier", "published", "derivesFrom"))
_MOST_TERMS = 100_000
_AT_ONCE = 2_000
_NOWHERE = Place(0, 0)

#: A row that is typed: piece and line, subject, property, term, key of the source, wording, place, note.
TypedRow = tuple[int, int, str, str, str, str | None, str | None, str | None, str | None]
#: A key named by rows of a partition: the key, the property (none for a source), the partition.
_Named = tuple[str, str, int]

Progress = Callable[[str, int, int], None]
"""Is told the step, how much of it is done, and how much there is."""


@dataclass(frozen=True)
class Streamed:
    """What a run made, and how much."""

    output: Path
    bad_file: Path | None
    rows: int
    bad: int
    subjects: int
    sources: int
    claims: int
    accepted: int
    contested: int
    undetermined: int
    size: int
    derived: int = 0


class _Plan(NamedTuple):
    """What decides how the work is cut; a stopped run goes on only by the same plan."""

    inputs: str
    partitions: int
    ranges: int


def stream(
    rows: Sequence[Path],
    output: Path,
    *,
    resume: bool = False,
    jobs: int | None = None,
    derived: Path | None = None,
    as_of: str | None = None,
    progress: Progress = lambda step, done, total: None,
) -> Streamed:
    """Turn rows (CSV, JSON Lines, Parquet) into sorted N-Triples, in the place of what stood at ``output``.

    Rows that are wrong are left out and told, with their line and the reason, in ``output`` with the ending .bad.csv.
    ``resume`` goes on with a run that was stopped; ``jobs`` is the number of processes, as many as cores unless given.
    ``derived`` names a file for what the rules make of the accepted facts (see ``derive``), as of the day ``as_of``,
    the date of the newest source unless given. ``progress`` is told of each step.

    Raises UsageError, in one line, for what stops the run: an input that cannot be read, a disk that is full; what
    stood at ``output`` is then as it was.
    """
    check_day(as_of)
    output = Path(os.path.abspath(output))  # noqa: PTH100 - a link stays a link
    if not output.parent.is_dir():
        raise UsageError(f"no folder {printable(str(output.parent))}; make it, or name another file with --to")
    if output.is_dir():
        raise UsageError(f"{printable(str(output))} is a folder; name a file with --to")
    work = output.with_name(f".{output.name}.work")
    try:
        plan = _plan(rows)
        if not resume or not _begun(work, plan):
            shutil.rmtree(work, ignore_errors=True)
            work.mkdir()
            (work / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
        run = _Run(rows, output, work, plan, progress)
        streamed = run.run(jobs or os.cpu_count() or 1, derived, as_of)
    except OSError as error:
        wrong = f"{printable(str(error.filename or output))}: {error.strerror or error}"
        raise UsageError(f"{wrong}; the last output is as it was; go on with --resume") from None
    except BrokenProcessPool:
        raise UsageError("a process was ended, perhaps for want of memory; go on with --resume --jobs 1") from None
    shutil.rmtree(work, ignore_errors=True)
    return streamed


def _plan(rows: Sequence[Path]) -> _Plan:
    """Return the plan for inputs as they are now."""
    total = hashlib.sha256(repr(sys.version_info).encode())
    for path in (*sorted(Path(__file__).parent.glob("*.py")), *sorted((home() / "ontology").rglob("*.ttl"))):
        total.update(path.read_bytes())
    size = 0
    for path in rows:
        try:
            told = path.stat()
        except OSError as error:
            raise UsageError(f"{printable(str(path))} cannot be read: {error.strerror}") from None
        size += told.st_size
        total.update(repr((os.path.abspath(path), told.st_size, told.st_mtime_ns)).encode())  # noqa: PTH100
    partitions = min(max(size // _PARTITION, 1), 2_000)
    return _Plan(total.hexdigest(), partitions, min(max(size // 500_000, 1), 2_000))


def _begun(work: Path, plan: _Plan) -> bool:
    """Tell whether a stopped run left work of the same plan; raises UsageError where its plan was another."""
    try:
        before = json.loads((work / "plan.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return False
    except ValueError:
        before = None
    if before != list(plan):
        raise UsageError("the rows, the ontology or the program changed since the stopped run; run without --resume")
    return True


class _Run:
    """One run: hands out the steps and keeps account."""

    def __init__(self, rows: Sequence[Path], output: Path, work: Path, plan: _Plan, progress: Progress) -> None:
        self.rows, self.output, self.work, self.plan, self.progress = rows, output, work, plan, progress

    def run(self, jobs: int, derived: Path | None, as_of: str | None) -> Streamed:
        pieces = [piece for path in self.rows for piece in chunks(path)]
        total: dict[str, int] = defaultdict(int)
        # Spawned, not forked: what libraries hold in threads would hang in a fork.
        with ProcessPoolExecutor(jobs, get_context("spawn"), _begin) as self.pool:
            try:
                cut = [(self.work, number, piece, self.plan.partitions) for number, piece in enumerate(pieces)]
                routed = self._each("reading", _route, cut)
                everyone = [
                    (self.work, number, len(pieces), self.plan.partitions) for number in range(self.plan.partitions)
                ]
                checked = self._each("checking", _check, everyone)
                unmet = [number for number, told in enumerate(checked) if told["unmet"]]
                edges = _edges({key for told in routed for key in told["sample"]}, self.plan.ranges)
                evidence = self._evidence(checked)
                _put(self.work / "settling", pickle.dumps((evidence, edges, unmet)))
                settled = self._each("adjudicating", _settle, everyone)
                for told in (*routed, *settled):
                    for name, count in told.items():
                        if name != "sample":
                            total[name] += count
                size = self._write(len(edges) + 1)
                found = self._write_bad(pieces, [n for n, told in enumerate(settled) if told["bad"]])
            except BaseException:
                self.pool.shutdown(cancel_futures=True)
                raise
        if derived:
            total["derived"] = self._derive(as_of or newest(evidence, None))
        bad, bad_file = total.pop("bad"), Path(f"{self.output}.bad.csv")
        if bad:
            found.replace(bad_file)
        else:
            bad_file.unlink(missing_ok=True)
        if derived:
            (self.work / "derived").replace(derived)
        (self.work / "out").replace(self.output)
        sources = len(evidence.published.keys() | evidence.tiers.keys())
        return Streamed(self.output, bad_file if bad else None, bad=bad, sources=sources, size=size, **total)

    def _derive(self, as_of: str) -> int:
        self.progress("inferring", 0, 1)
        store = self.work / "rules"
        shutil.rmtree(store, ignore_errors=True)
        store.mkdir()
        ontology, folder = load(home()), home() / "ontology" / "rules"
        count = derive(self.work / "out", self.work / "derived", store, as_of, ontology, folder)
        self.progress("inferring", 1, 1)
        return count

    def _each(
        self, step: str, work: Callable[..., dict[str, Any]], parts: Sequence[tuple[Any, ...]]
    ) -> list[dict[str, Any]]:
        """Do a step for all of its parts at once; return what each tells, in the order of parts."""
        return list(self._told(step, work, parts))

    def _told(self, step: str, work: Callable[..., Any], parts: Sequence[tuple[Any, ...]]) -> Iterator[Any]:
        self.progress(step, 0, len(parts))
        for done, told in enumerate(self.pool.map(work, *zip(*parts, strict=True)) if parts else (), 1):
            self.progress(step, done, len(parts))
            yield told

    def _evidence(self, checked: Iterable[Mapping[str, Any]]) -> Evidence:
        """Weigh the sources by what is rightly set of them."""
        placings = [Placing(*placing) for told in checked for placing in told["sources"]]
        unknown = {key for told in checked for key in told["unknown"]}
        good = (p for p in placings if p.property != "derivesFrom" or key_of_term(p.value) not in unknown)
        return weigh_sources(good, load(home()))

    def _write(self, ranges: int) -> int:
        """Write all ranges into the output, each where the one before it ends; return the size in bytes."""
        out, account = self.work / "out", self.work / "written"
        sizes = [int(line) for line in account.read_text().split()] if account.exists() else []
        with out.open("r+b" if out.exists() else "w+b") as file, account.open("a") as note:
            file.truncate(sum(sizes))
            file.seek(sum(sizes))
            parts = [(self.work, number, self.plan.partitions) for number in range(len(sizes), ranges)]
            for part in self._told("writing", _write_range, parts):
                with part.open("rb") as piece:
                    shutil.copyfileobj(piece, file, 1 << 20)
                    size = piece.tell()
                file.flush()
                note.write(f"{size}\n")
                note.flush()
                part.unlink()
            return file.tell()

    def _write_bad(self, pieces: Sequence[Chunk], with_bad: Iterable[int]) -> Path:
        """Write what is wrong with which row, in the order of files and lines."""
        path = self.work / "bad"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(BAD_FIELDS)
            for number, piece in enumerate(pieces):
                found = _get((self.work / f"unread-{number}").read_bytes())
                for partition in with_bad:
                    found += _get(_segment(self.work / f"refused-{partition}", number))
                writer.writerows((piece.path, line, reason) for line, reason in sorted(found))
        return path


# ---------------------------------------------------------------- what a process does


@lru_cache(maxsize=1)
def load(place: Path) -> Ontology:
    """Return the ontology below a folder, read once by each process."""
    return load_ontology(place / "ontology")


@lru_cache(maxsize=1)
def _settling(path: Path) -> tuple[Evidence, list[str], list[int]]:
    return pickle.loads(path.read_bytes())  # type: ignore[no-any-return]  # noqa: S301 - written by this run


@lru_cache(maxsize=1)
def _templates(place: Path) -> Templates:
    return Templates(load(place))


def _begin() -> None:
    """Prepare a process: the one that began it answers for the keyboard, and is not outlived."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()  # the records hold no cycles
    if above := parent_process():

        def follow() -> None:
            above.join()
            os._exit(1)

        threading.Thread(target=follow, daemon=True).start()


def _put(path: Path, content: bytes) -> None:
    """Write a file that is there whole, or not at all."""
    new = path.with_name(f"{path.name}.{os.getpid()}")
    new.write_bytes(content)
    new.replace(path)


def _get(content: bytes) -> Any:
    return marshal.loads(content)  # noqa: S302 - written by this run, or by the one it goes on with


def _put_segments(path: Path, segments: Sequence[bytes]) -> None:
    """Write a file of which each part can be read alone: the places where they begin, and the parts."""
    places = array("Q", accumulate(map(len, segments), initial=8 * (len(segments) + 1)))
    _put(path, places.tobytes() + b"".join(segments))


def _segment(path: Path, number: int) -> bytes:
    with path.open("rb", buffering=0) as file:
        file.seek(8 * number)
        begin, end = unpack("2Q", file.read(16))
        file.seek(begin)
        return file.read(end - begin)


def _once(path: Path, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Return what a part of the work told when it was done before, or do it now and remember what it tells."""
    if not path.exists():
        told = make()
        _put(path, marshal.dumps(told))
        return told
    return dict(_get(path.read_bytes()))


_terms: dict[tuple[str, str, str], tuple[str, bool, str | None]] = {}


def _route(work: Path, number: int, chunk: Chunk, partitions: int) -> dict[str, Any]:
    """Type the rows of a piece, and deal them out into partitions by their subjects."""
    return _once(work / f"routed-{number}.done", lambda: _route_now(work, number, chunk, partitions))


def _route_now(work: Path, number: int, chunk: Chunk, partitions: int) -> dict[str, Any]:
    ontology = load(home())
    bad: list[BadRow] = []
    typed: list[list[TypedRow]] = [[] for _ in range(partitions)]
    placed: list[list[tuple[str, str, str]]] = [[] for _ in range(partitions)]
    named: list[set[_Named]] = [set() for _ in range(partitions)]
    sample: dict[str, None] = {}
    there = lru_cache(maxsize=_MOST_TERMS)(lambda key: crc32(key.encode()) % partitions)
    count = 0
    for row, key in type_rows(read_chunk(chunk, bad), number, bad, ontology):
        _, _, about, name, term, source, *_ = row
        count += 1
        where = there(about)
        if name == "type" or (name in EVIDENCE_FIELDS and about.startswith("source/")):
            placed[where].append((about, name, term))
        elif about.startswith("source/"):
            placed[where].append((about, "type", SOURCE_CLASS))
        if not crc32(about.encode()) % 61:
            sample[about] = None
        if source:
            named[there(source)].add((source, "", where))
        if key is not None:
            named[there(key)].add((key, name, where))
        typed[where].append(row)
    parts = [marshal.dumps(list(part)) for step in (typed, placed, named) for part in step]
    _put_segments(work / f"routed-{number}", parts)
    _put(work / f"unread-{number}", marshal.dumps(bad))
    return {"rows": count + len(bad), "bad": len(bad), "sample": list(sample)}


def type_rows(
    rows: Iterable[Row], number: int, bad: list[BadRow], ontology: Ontology
) -> Iterator[tuple[TypedRow, str | None]]:
    """Yield the rows of a piece, typed, each with the key of the thing that it names; bad ones go to ``bad``."""
    good: dict[str, bool] = {}
    sources: dict[str, str] = {}
    for row in rows:
        line, about, name, value, given, lang, printed, locator, note = row
        if about not in good:
            good[about] = is_key(about) and "/" in about
        fits = good[about]
        try:
            term, is_placing, key = _terms[name, value, lang]
        except KeyError:
            if len(_terms) > _MOST_TERMS:
                _terms.clear()
            try:
                term, is_placing, key = _terms[name, value, lang] = _type_value(name, value, lang, ontology)
            except (ValueError, KeyError):
                fits = False
        if not fits or not (given or is_placing) or (name == "type" and about.startswith("source/")):
            bad.append((line, _row_problem(row, ontology)))
            continue
        source = None
        if not is_placing and (source := sources.get(given)) is None:
            source = sources[given] = given if given.startswith("source/") else f"source/{given}"
        yield (number, line, about, name, term, source, printed or None, locator or None, note or None), key


def _type_value(name: str, value: str, lang: str, ontology: Ontology) -> tuple[str, bool, str | None]:
    """Return a value's term, whether it is placed, and its key if a thing; raises ValueError or KeyError if none."""
    if name == "type":
        if value not in ontology.subject_classes:
            raise ValueError
        return LP + value, True, None
    prop = ontology.properties[name]
    if prop.derived:
        raise ValueError
    term = to_term(value, prop, ontology, lang or None)
    key = key_of_term(term) if prop.takes_thing and term.startswith(f"<{ID}") else None
    return term, prop.placing, key


def _row_problem(row: Row, ontology: Ontology) -> str:
    facts = FileFacts("")
    read.take_row(dict(zip(ROW_FIELDS, row[1:], strict=True)), Place(row[0], 1), facts, ontology)
    return facts.problems[0].message


def _check(work: Path, number: int, pieces: int, partitions: int) -> dict[str, Any]:
    """Find the classes of a partition's subjects, and what others name that is not there or is of a wrong class."""
    return _once(work / f"checked-{number}.done", lambda: _check_now(work, number, pieces, partitions))


def _check_now(work: Path, number: int, pieces: int, partitions: int) -> dict[str, Any]:
    ontology = load(home())
    classes: dict[str, str] = {}
    sources: dict[tuple[str, str], str] = {}
    named: set[_Named] = set()
    for piece in range(pieces):
        path = work / f"routed-{piece}"
        for about, name, value in _get(_segment(path, partitions + number)):
            if name == "type":
                classes.setdefault(about, value)
            else:
                classes[about] = SOURCE_CLASS
                sources.setdefault((about, name), value)
        named.update(_get(_segment(path, 2 * partitions + number)))
    unmet: list[list[tuple[str, str, str]]] = [[] for _ in range(partitions)]
    problems: dict[tuple[str, str], str | None] = {}
    for key, name, where in named:
        if (key, name) not in problems:
            problems[key, name] = use_problem(key, name, classes.get(key), ontology)
        if problem := problems[key, name]:
            unmet[where].append((key, name, problem))
    _put(work / f"classes-{number}", marshal.dumps(classes))
    if any(unmet):
        _put_segments(work / f"unmet-{number}", [marshal.dumps(part) for part in unmet])
    unknown = [key for (key, name), problem in problems.items() if problem and name == "derivesFrom"]
    return {"sources": [(*place, value) for place, value in sources.items()], "unmet": any(unmet), "unknown": unknown}


def use_problem(key: str, name: str, cls: str | None, ontology: Ontology) -> str | None:
    """Tell what is wrong with naming a key as a property's value, or as a source where ``name`` is empty."""
    file, facts = FileFacts(""), Facts(classes={key: cls} if cls else {})
    if not name:
        if cls == SOURCE_CLASS:
            return None
        file.sources_used[key] = _NOWHERE
    else:
        wanted = ontology.properties[name].range
        if cls and (not wanted or ontology.is_a(cls, wanted)):
            return None
        file.uses.append(Use(key, name, _NOWHERE))
    return next(read.unmet(file, facts, ontology)).message


def _settle(work: Path, number: int, pieces: int, partitions: int) -> dict[str, Any]:
    """Check and adjudicate the subjects of a partition, and deal out the nodes into ranges of their keys."""
    return _once(work / f"settled-{number}.done", lambda: _settle_now(work, number, pieces, partitions))


def _settle_now(work: Path, number: int, pieces: int, partitions: int) -> dict[str, Any]:
    evidence, edges, with_unmet = _settling(work / "settling")
    rows: dict[str, list[TypedRow]] = defaultdict(list)
    for piece in range(pieces):
        for row in _get(_segment(work / f"routed-{piece}", number)):
            rows[row[2]].append(row)
    unmet = {
        (key, name): problem
        for partition in with_unmet
        for key, name, problem in _get(_segment(work / f"unmet-{partition}", number))
    }
    classes: dict[str, str] = _get((work / f"classes-{number}").read_bytes())
    settler = Settler(unmet, pieces, evidence, edges)
    for about in sorted(rows):
        settler.settle(about, classes.get(about), rows.pop(about))
    _put_segments(work / f"settled-{number}", [marshal.dumps(part) for part in settler.ranges])
    if settler.told["bad"]:
        _put_segments(work / f"refused-{number}", [marshal.dumps(part) for part in settler.refused])
    return settler.told


class Settler:
    """Settles one subject after the other; what comes of it lies in ``ranges``, what is wrong in ``refused``."""

    def __init__(
        self, unmet: Mapping[tuple[str, str], str], pieces: int, evidence: Evidence, edges: Sequence[str]
    ) -> None:
        self.ontology, self.templates = load(home()), _templates(home())
        self.unmet, self.evidence, self.edges = unmet, evidence, edges
        self.ranges: list[list[Record]] = [[] for _ in range(len(edges) + 1)]
        self.refused: list[list[BadRow]] = [[] for _ in range(pieces)]
        self.shapes: dict[Any, Any] = {}
        self.fits: dict[str | None, set[str]] = defaultdict(lambda: {"type"})
        self.told = dict.fromkeys(("bad", "subjects", "claims", "accepted", "contested", "undetermined"), 0)

    def settle(self, about: str, cls: str | None, rows: Iterable[TypedRow]) -> None:
        """Check and adjudicate what rows say of one subject, and keep its nodes."""
        told, fits = self.told, self.fits[cls]
        values: set[tuple[str, str]] = set()
        placed: dict[str, str] = {}
        claims: list[Claim] = []
        for row in rows:
            name, term, source = row[3], row[4], row[5]
            if (name not in fits or not source or self.unmet) and (problem := self._problem(row, cls, placed)):
                self.refused[row[0]].append((row[1], problem))
                told["bad"] += 1
            elif source:
                claims.append(Claim._make(row[2:]))
            elif name != "type":
                values.add((name, term))
        if cls is None:
            return
        told["subjects"] += 1
        names: dict[Claim, str] = {}
        same: dict[str, list[Claim]] = {}
        for a in adjudicate_subject(about, claims, {}, self.evidence, self.ontology):
            for claim in a.used:
                if claim not in names:
                    key = names[claim] = key_of_term(claim_iri(claim))
                    same.setdefault(key, []).append(claim)
            self._keep(adjudication_record(a, key_of_term(adjudication_iri(a)), names))
            if a.contested:
                told["contested"] += 1
            if a.value is None:
                told["undetermined"] += 1
            else:
                told["accepted"] += 1
                values.add((a.property, a.value))
        told["claims"] += len(same)
        properties = self.ontology.properties
        for key, alike in same.items():
            record, *more = [claim_record(claim, key, properties[claim.property].takes_date) for claim in alike]
            if more:  # claims that differ in their notes alone are one
                # A text may hold other ends of lines, so no splitlines.
                lines = {line for r in (record, *more) for line in self.templates.text(r).split("\n") if line}
                record = (key, None, "".join(f"{line}\n" for line in sorted(lines)))
            self._keep(record)
        # Ordered as the whole term is: pact/a> after pact/a/signature> and pact/a1>.
        self._keep((f"{about}>", None, self.templates.subject(about, cls, values)))

    def _keep(self, record: Record) -> None:
        self.ranges[bisect_right(self.edges, record[0])].append(record)

    def _problem(self, row: TypedRow, cls: str | None, placed: dict[str, str]) -> str | None:
        """Tell what is wrong with a row beside the others; ``placed`` holds what was placed before it."""
        _, _, about, name, term, source, *_ = row
        if name == "type":
            return None if term == cls else f"{about} has more than one type; a subject has one"
        if name not in self.fits[cls]:
            if problem := self._property_problem(about, name, cls):
                return problem
            self.fits[cls].add(name)
        if self.unmet:
            if source and (source, "") in self.unmet:
                return self.unmet[source, ""]
            if term.startswith(f"<{ID}") and (key_of_term(term), name) in self.unmet:
                return self.unmet[key_of_term(term), name]
        if not source and self.ontology.properties[name].functional and placed.setdefault(name, term) != term:
            return f"{about} has the {name} {printable(lexical(placed[name]))} in an earlier row; keep one"
        return None

    def _property_problem(self, about: str, name: str, cls: str | None) -> str | None:
        file = FileFacts("rows.csv", properties_used={(about, name): _NOWHERE})
        facts = Facts(classes={about: cls} if cls else {})
        return next((problem.message for problem in read.unmet(file, facts, self.ontology)), None)


def _write_range(work: Path, number: int, partitions: int) -> Path:
    """Write the nodes of a range, sorted."""
    records: list[Record] = []
    for partition in range(partitions):
        records += _get(_segment(work / f"settled-{partition}", number))
    records.sort()
    text = _templates(home()).text
    path = work / f"range-{number}"
    with path.open("wb") as file:
        for start in range(0, len(records), _AT_ONCE):
            file.write(b"".join([text(record).encode() for record in records[start : start + _AT_ONCE]]))
    return path


def _edges(sample: Iterable[str], ranges: int) -> list[str]:
    """Return the keys at which the output is cut into ranges that take about the same work.

    Claims and adjudications are named by hashes, which spread evenly; other keys are cut at those of the sample.
    """
    count = max(ranges * 2 // 5, 1)
    hashed = [f"{kind}/{step * 4096 // count:03x}" for kind in ("adjudication", "claim") for step in range(count)]
    keys = sorted(sample)
    step = max(len(keys) // max(ranges // 5, 1), 1)
    return sorted({*hashed, "claim0", *keys[step::step]})
