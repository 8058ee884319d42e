"""Rows of any size through the whole way, in bounded memory: claims, adjudications and accepted facts, sorted.

    rows ──pieces──▶ route ──by subject──▶ check ──▶ settle ──by key──▶ write

``route`` types the rows of a piece by the ontology and deals them out by their subjects into partitions. ``check``
finds, in each partition, what others name that is not there or is of a wrong class. ``settle`` adjudicates the
subjects of a partition and deals out the nodes into ranges of their keys. ``write`` sorts a range and writes it to its
place in the output.
Each step is done for many parts at once, by as many processes as there are cores; a part that is done is a file in the
work folder beside the output, so that a stopped run goes on where it stood. What is known of sources is held whole.
"""

from __future__ import annotations

import csv
import gc
import hashlib
import json
import os
import pickle
import shutil
import signal
import sys
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import Any, NamedTuple

from graph_builder import settle, work_folder
from graph_builder.adjudicate import Evidence, weigh_sources
from graph_builder.chunks import Chunk, chunks
from graph_builder.derive import derive
from graph_builder.facts import Placing
from graph_builder.locate import home
from graph_builder.pipeline import check_day
from graph_builder.problems import UsageError, printable
from graph_builder.route import check, load, route
from graph_builder.running import no_collection
from graph_builder.templates import key_of_term

BAD_FIELDS = ("file", "line", "reason")
_PARTITION = 750_000
"""Bytes of input that go to a partition, about."""

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
    the date of the newest source unless given. ``progress`` is told of each step. A script that calls this guards its
    main part with ``if __name__ == "__main__"``, as processes begin with it.

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
        streamed = run.run(jobs, derived, as_of)
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

    def run(self, jobs: int | None, derived: Path | None, as_of: str | None) -> Streamed:
        pieces = [piece for path in self.rows for piece in chunks(path)]
        jobs = min(jobs or os.cpu_count() or 1, len(pieces))
        context = get_context("spawn")  # not forked: what libraries hold in threads would hang in a fork
        self.ends = work_folder.Ends(context)
        if jobs < 2:
            settle.share(self.ends)
            with no_collection():
                return self._run(map, pieces, derived, as_of)
        with ProcessPoolExecutor(jobs, context, _begin, (self.ends,)) as pool:
            try:
                return self._run(pool.map, pieces, derived, as_of)
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise

    def _run(
        self, at_once: Callable[..., Iterable[Any]], pieces: Sequence[Chunk], derived: Path | None, as_of: str | None
    ) -> Streamed:
        self.at_once = at_once
        total: dict[str, int] = defaultdict(int)
        partitions = self.plan.partitions
        routed = self._each("reading", route, [(self.work, n, piece, partitions) for n, piece in enumerate(pieces)])
        everyone = [(self.work, number, len(pieces), partitions) for number in range(partitions)]
        checked = self._each("checking", check, everyone)
        unmet = [number for number, told in enumerate(checked) if told["unmet"]]
        edges = settle.edges_of({key for told in routed for key in told["sample"]}, self.plan.ranges)
        evidence = self._evidence(checked)
        work_folder.put(self.work / "settling", pickle.dumps((evidence, edges, unmet)))
        settled = self._each("adjudicating", settle.settle, everyone)
        for told in (*routed, *settled):
            for name, count in told.items():
                if name != "sample":
                    total[name] += count
        size = self._write(len(edges) + 1)
        found = self._write_bad(pieces, [n for n, told in enumerate(settled) if told["bad"]])
        if derived:
            total["derived"] = self._derive(as_of or evidence.newest())
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
        for done, told in enumerate(self.at_once(work, *zip(*parts, strict=True)) if parts else (), 1):
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
        (self.work / "out").touch()
        size, done = 0, 0
        while (before := self.work / f"written-{done}").exists():
            size += work_folder.get_value(before)
            done += 1
        self.ends.begin(done, size)
        parts = [(self.work, number, self.plan.partitions) for number in range(done, ranges)]
        written: Iterator[int] = self._told("writing", settle.write_range, parts)
        return size + sum(written)

    def _write_bad(self, pieces: Sequence[Chunk], with_bad: Iterable[int]) -> Path:
        """Write what is wrong with which row, in the order of files and lines."""
        path = self.work / "bad"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(BAD_FIELDS)
            for number, piece in enumerate(pieces):
                found = work_folder.get_value(self.work / f"unread-{number}")
                for partition in with_bad:
                    found += work_folder.get_part(self.work / f"refused-{partition}", number)
                writer.writerows((piece.path, line, reason) for line, reason in sorted(found))
        return path


def _begin(ends: work_folder.Ends) -> None:
    """Prepare a process: the one that began it answers for the keyboard, and is not outlived."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()  # the records hold no cycles
    settle.share(ends)
    if above := parent_process():

        def follow() -> None:
            above.join()
            os._exit(1)

        threading.Thread(target=follow, daemon=True).start()
