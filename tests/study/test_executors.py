"""Whoever does the points: the same bytes, what is done is kept, and lost work is done again."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from study.small import small, with_fees

from allocate import read_case
from allocate.record.plain_values import plain
from allocate.study.frontier import frontier
from allocate.study.points import Job, Point, run_job
from allocate.study.running import StudyError, run
from allocate.workers.executors import ClusterError, WhereItPays, executor

pytestmark = pytest.mark.slow

BUDGETS = [20.0, 200.0, 400.0, 900.0]


def shown(study) -> str:
    """A study as it prints, to the byte."""
    return json.dumps(plain([list(study.rows), list(study.notes)]))


def both(pool=None, progress=None) -> str:
    """A linear and an integer frontier by an executor."""
    linear = frontier(read_case(small()), "budget", BUDGETS, executor=pool)
    budgets = [100.0 + 90 * n for n in range(8)]
    return shown(linear) + shown(frontier(read_case(with_fees()), "budget", budgets, executor=pool, progress=progress))


@pytest.fixture(scope="module")
def here() -> str:
    """What this process finds."""
    found = both()
    assert '"optimal"' in found
    return found


def test_long_points_go_to_all_cores_and_change_nothing(here: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no point may take longer than nothing, two processes do what is left after the first: the same bytes."""
    asked: list[int] = []

    def several(workers: int):
        asked.append(workers)
        return executor(workers)

    monkeypatch.setattr("allocate.study.running.LONG", 0.0)
    monkeypatch.setattr("allocate.study.running.cores", lambda: 2)
    monkeypatch.setattr("allocate.study.running.several", several)
    assert both(WhereItPays()) == here
    assert set(asked) == {2}


class Harm:
    """Stops a worker before a study's first point, and kills another after it."""

    def __init__(self, pids: Callable[[], list[int]]) -> None:
        self.pids, self.first, self.harmed = pids, list[int](), list[int]()

    def __call__(self, done: int, total: int) -> None:
        """As a study tells of its progress."""
        self.first = self.first or self.pids()
        if len(self.harmed) < min(done + 1, 2):
            how = signal.SIGKILL if self.harmed else signal.SIGSTOP
            self.harmed.append(next(pid for pid in (*self.first, *self.pids()) if pid not in self.harmed))
            # On a busy machine a worker may have been called unresponsive, and replaced, before its turn comes.
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.harmed[-1], how)


def test_processes_give_the_same_bytes_also_when_one_dies_and_one_hangs(here: str) -> None:
    """Worker processes that are killed or stopped in the middle of a study are replaced, and their points done again."""
    with executor(workers=2, patience=3.0) as pool:
        harm = Harm(lambda: pool.pids)
        assert both(pool, harm) == here
        assert pool.replaced >= 1
        assert len(harm.harmed) == 2
        assert not {*harm.harmed} & {*pool.pids}


@pytest.mark.filterwarnings("ignore")
def test_a_dask_cluster_gives_the_same_bytes_also_when_a_worker_dies_and_one_hangs(here, dask_cluster) -> None:
    """On a real local cluster; points of workers that are killed or stopped are done again elsewhere."""

    def pids() -> list[int]:
        return [worker.pid for worker in dask_cluster.workers.values() if worker.pid]

    harm = Harm(pids)
    with executor(cluster=dask_cluster.scheduler_address, patience=2.0) as pool:
        assert both(pool, harm) == here
    assert len(harm.harmed) == 2
    assert pool.replaced >= 1
    assert not {*harm.harmed} & {*pids()}


def test_a_cluster_that_is_not_there_is_said() -> None:
    """An address nobody answers at, or no address at all, ends with a message."""
    pytest.importorskip("distributed")
    with pytest.raises(ClusterError, match="no Dask scheduler"), executor(cluster="nothing://at:all"):
        pass


def test_what_is_done_is_kept_when_the_study_ends_early() -> None:
    """An interrupt between two points leaves those that are done whole and marks the others: the largest budget is first."""
    case = read_case(with_fees())
    told = []

    def press(done: int, total: int) -> None:
        told.append((done, total))
        if done == 2:
            raise KeyboardInterrupt

    study = frontier(case, "budget", BUDGETS, progress=press)
    assert not study.whole
    assert [row["status"] for row in study.rows] == ["infeasible", "not done", "not done", "optimal"]
    whole = frontier(case, "budget", BUDGETS)
    assert [study.rows[0], study.rows[-1]] == [whole.rows[0], whole.rows[-1]]
    assert told[-1] == (2, 4)


def test_a_cancelled_job_keeps_its_first_points() -> None:
    """An event that is set ends a job at once."""
    stop = threading.Event()
    stop.set()
    done = run_job(Job(read_case(small()), (Point({}), Point({}))), stop)
    assert (done.figures, done.whole) == ((), False)


def test_a_broken_worker_is_said_and_what_was_done_is_kept() -> None:
    """An executor that fails brings a message and the points done before, not a traceback of its own."""

    class Fails(ThreadPoolExecutor):
        count = 0

        def submit(self, fn, /, *args, **kwargs):
            self.count += 1
            if self.count < 3:
                return super().submit(fn, *args, **kwargs)
            return super().submit(lambda: time.sleep(0.5) or 1 / 0)

    case = read_case(small())
    jobs = [Job(case, (Point({"n": n}),)) for n in range(3)]
    with Fails(1) as pool, pytest.raises(StudyError, match="ZeroDivisionError") as caught:
        run(jobs, pool)
    assert [one is not None for one in caught.value.results.flat] == [True, True, False]
