"""Whoever does the points: the same bytes, what is done is kept, and lost work is done again."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from study.small import small, with_fees

from allocate import read_case
from allocate.record.plain_values import plain
from allocate.study.frontier import frontier
from allocate.study.points import Job, Point, run_job
from allocate.study.running import StudyError, run
from allocate.workers.executors import ClusterError, Processes, executor

BUDGETS = [20.0, 200.0, 400.0, 900.0]


def shown(study) -> str:
    """A study as it prints, to the byte."""
    return json.dumps(plain([list(study.rows), list(study.notes)]))


def both(pool=None) -> str:
    """A linear and an integer frontier by an executor."""
    return "\n".join(
        shown(frontier(read_case(data), "budget", BUDGETS, executor=pool)) for data in (small(), with_fees())
    )


def test_processes_give_the_same_bytes() -> None:
    """Two worker processes find what this process finds."""
    with executor(workers=2) as pool:
        assert isinstance(pool, Processes)
        assert both(pool) == both()


@pytest.mark.filterwarnings("ignore")
def test_a_dask_cluster_gives_the_same_bytes_also_when_a_worker_dies() -> None:
    """On a real local cluster; a worker that is killed while it works has its points done again elsewhere."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        with executor(cluster=cluster.scheduler_address) as pool:
            assert both(pool) == both()
        case = read_case(with_fees())
        budgets = [100.0 + 40 * n for n in range(20)]
        killed = []

        def kill(done: int, total: int) -> None:
            if done >= 2 and not killed:
                worker = next(iter(cluster.workers.values()))
                killed.append(worker.pid)
                os.kill(worker.pid, signal.SIGKILL)

        with executor(cluster=cluster.scheduler_address) as pool:
            study = frontier(case, "budget", budgets, executor=pool, progress=kill)
        assert killed
        assert study.whole
        assert shown(study) == shown(frontier(case, "budget", budgets))


def test_a_cluster_that_is_not_there_is_said() -> None:
    """An address nobody answers at, or no address at all, ends with a message."""
    pytest.importorskip("distributed")
    with pytest.raises(ClusterError, match="no Dask scheduler"), executor(cluster="nothing://at:all"):
        pass


def test_what_is_done_is_kept_when_the_study_ends_early() -> None:
    """An interrupt between two points leaves the first ones whole and marks the others."""
    case = read_case(with_fees())
    told = []

    def press(done: int, total: int) -> None:
        told.append((done, total))
        if done == 2:
            raise KeyboardInterrupt

    study = frontier(case, "budget", BUDGETS, progress=press)
    assert not study.whole
    assert [row["status"] for row in study.rows] == ["infeasible", "optimal", "not done", "not done"]
    assert shown(study).startswith(shown(frontier(case, "budget", BUDGETS))[:300])
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
