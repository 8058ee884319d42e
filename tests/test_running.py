"""Work on a second core gives the same as work here: results, errors, and word of a copy that was ended."""

from __future__ import annotations

import os
import signal

import pytest

from graph_builder.running import beside, cores, shared


def test_work_beside_gives_its_result() -> None:
    held = {"seen": [1, 2, 3]}
    with beside(lambda: (sum(held["seen"]), os.getpid())) as result:
        total, worker = result()
    assert total == 6
    assert (worker == os.getpid()) == (cores() < 2)


def test_error_of_work_beside_is_raised_here() -> None:
    with beside(lambda: {}["missing"]) as result, pytest.raises(KeyError, match="missing"):
        result()


@pytest.mark.skipif(cores() < 2, reason="one core: the work is done in this process")
def test_ended_copy_is_told_of() -> None:
    with beside(lambda: os.kill(os.getpid(), signal.SIGKILL)) as result, pytest.raises(RuntimeError, match="was ended"):
        result()


def test_each_share_is_taken_once() -> None:
    shares = range(100, 200)
    with shared(lambda share: (share, os.getpid()), shares) as results:
        done = results()
    assert sorted(share for share, _ in done) == list(shares)


def test_shares_that_nobody_asks_for_hold_nothing_up() -> None:
    with shared(lambda share: share, []) as results:
        assert results() == []


def test_error_of_a_share_is_raised_here() -> None:
    with shared(lambda share: {}[share], ["missing"]) as results, pytest.raises(KeyError, match="missing"):
        results()
