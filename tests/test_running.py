"""Work on a second core gives the same as work here: results, errors, and word of a copy that was ended."""

from __future__ import annotations

import os
import signal

import pytest

from graph_builder.running import beside


def test_work_beside_gives_its_result() -> None:
    held = {"seen": [1, 2, 3]}
    with beside(lambda: (sum(held["seen"]), os.getpid())) as result:
        total, worker = result()
    assert total == 6
    assert (worker == os.getpid()) == (len(os.sched_getaffinity(0)) < 2)


def test_error_of_work_beside_is_raised_here() -> None:
    with beside(lambda: {}["missing"]) as result, pytest.raises(KeyError, match="missing"):
        result()


@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="one core: the work is done in this process")
def test_ended_copy_is_told_of() -> None:
    with beside(lambda: os.kill(os.getpid(), signal.SIGKILL)) as result, pytest.raises(RuntimeError, match="was ended"):
        result()
