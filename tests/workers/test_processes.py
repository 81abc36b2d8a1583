"""Worker processes: results as of any executor, lost work done again, and none that outlives who started it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from concurrent.futures import CancelledError
from multiprocessing import active_children
from pathlib import Path
from typing import Any

import pytest
from workers import work

from allocate.workers.executors import InProcess, executor
from allocate.workers.processes import Processes, _Pool
from allocate.workers.workforce import WorkerLostError

pytestmark = pytest.mark.slow


def until(known: Callable[[], bool], seconds: float = 20.0) -> bool:
    """Whether something comes true in time."""
    end = time.monotonic() + seconds
    while not known() and time.monotonic() < end:
        time.sleep(0.02)
    return known()


def known_to_be_quick(pool: Any, call: Callable[..., int], folder: Path) -> None:
    """Have a pool learn how long a call takes where nothing goes wrong: in a folder somebody has been to."""
    folder.mkdir()
    (folder / "was-here").touch()
    for n in range(4):
        assert pool.submit(call, str(folder), n, *([0] if call is work.lost_once else [])).result(timeout=60) == n


def children() -> set[Any]:
    """Processes this one has started, those of the tests' cluster left out: it replaces its own when it likes."""
    return {one for one in active_children() if "Dask" not in one.name}


def is_gone(process: Any) -> bool:
    """Whether a process has ended; the books of who started it may lag, where two threads wait for it at once."""
    return until(lambda: process not in active_children(), 5.0)


def test_results_and_errors_come_back_in_order() -> None:
    """Two workers give what this process gives, errors with their type and words; there is none before the first call."""
    with executor(2) as pool:
        before = children()
        assert list(pool.map(work.squared, range(8))) == list(InProcess().map(work.squared, range(8)))
        with pytest.raises(KeyError, match="what went wrong"):
            pool.submit(work.failing, "what went wrong").result()
        with pytest.raises(RuntimeError, match="HomelessError: it does not travel"):
            pool.submit(work.failing_at_home, "it does not travel", 1).result()
        assert 1 <= len(children() - before) <= 2
        assert pool.replaced == 0
    assert all(map(is_gone, children() - before))
    with pytest.raises(RuntimeError, match="dismissed"):
        pool.submit(work.squared, 1)


@pytest.mark.parametrize("how", ["SIGKILL", "SIGSTOP"])
def test_a_worker_that_dies_or_stops_is_replaced(how: str, tmp_path: Path) -> None:
    """Killed or stopped in the middle of its work, its work is repeated by another; who waits sees only the result."""
    if not hasattr(signal, how):
        pytest.skip("there is no such signal here")
    with executor(1, patience=0.5) as pool:
        known_to_be_quick(pool, work.lost_once, tmp_path / "before")
        found = [pool.submit(work.lost_once, str(tmp_path), n, int(getattr(signal, how))) for n in range(3)]
        assert [one.result(timeout=60) for one in found] == [0, 1, 2]
        assert pool.replaced == 1


@pytest.mark.parametrize("workers", [1, 2])
def test_a_process_whose_work_never_ends_is_replaced(workers: int, tmp_path: Path) -> None:
    """It lives, but gets nowhere: it is ended, and its work is done by another, as is what others had in hand."""
    with executor(workers, patience=0.5) as pool:
        known_to_be_quick(pool, work.hangs_once, tmp_path / "before")
        found = [pool.submit(work.hangs_once, str(tmp_path), n) for n in range(4)]
        assert [one.result(timeout=60) for one in found] == [0, 1, 2, 3]
        assert pool.replaced == 1
        assert pool.submit(work.squared, 3).result(timeout=60) == 9


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_s_worker_whose_work_never_ends_is_replaced(dask_cluster: Any, tmp_path: Path) -> None:
    """It lives, so that Dask would wait for it for ever: it is started again, and Dask does its work again."""
    before = {worker.pid for worker in dask_cluster.workers.values()}
    with executor(cluster=dask_cluster.scheduler_address, patience=2.0) as pool:
        known_to_be_quick(pool, work.hangs_once, tmp_path / "before")
        found = [pool.submit(work.hangs_once, str(tmp_path), n) for n in range(4)]
        assert [one.result(timeout=60) for one in found] == [0, 1, 2, 3]
    assert pool.replaced >= 1
    assert len(before - {worker.pid for worker in dask_cluster.workers.values()}) >= 1


def test_work_that_is_slow_each_time_has_longer_each_time(tmp_path: Path) -> None:
    """Longer than ten times its like, it is done again; what comes of it counts as soon as its time is enough."""
    with executor(1, patience=0.2) as pool:
        assert len({pool.submit(work.busy, 0.0).result(timeout=60) for _ in range(4)}) == 1
        assert pool.submit(work.busy, 1.0).result(timeout=60)
        assert pool.replaced == 1


def test_work_that_no_worker_lives_through_is_given_up_alone() -> None:
    """After three workers, with an error that says so; work that happened to be beside it is done all the same."""
    with executor(2) as pool:
        lost = pool.submit(work.always_lost)
        beside = [pool.submit(work.squared, n) for n in range(6)]
        with pytest.raises(WorkerLostError, match="3 workers stopped or became unresponsive over the same work"):
            lost.result(timeout=60)
        assert [one.result(timeout=60) for one in beside] == [0, 1, 4, 9, 16, 25]
        assert pool.replaced == 3


def test_what_waits_can_be_called_off_and_what_runs_ends_with_the_pool() -> None:
    """As with any executor running work is not called off; when the pool is ended, it ends at once."""
    with executor(1) as pool:
        running, waiting, other = (pool.submit(work.busy, 60.0) for _ in range(3))
        assert until(running.running)
        assert other.cancel()
        assert not running.cancel()
    with pytest.raises(WorkerLostError, match="called off"):
        running.result(timeout=0)
    with pytest.raises(CancelledError):
        waiting.result(timeout=0)


def test_a_worker_that_dies_while_it_has_nothing_to_do_is_replaced() -> None:
    """The next call is made by another."""
    before = children()
    with executor(1) as pool:
        assert pool.submit(work.squared, 2).result(timeout=60) == 4
        (worker,) = children() - before
        worker.kill()
        worker.join()
        assert [pool.submit(work.squared, n).result(timeout=60) for n in range(3)] == [0, 1, 4]


def test_a_pool_that_calls_itself_shut_down_while_it_breaks_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker may die between two looks of the standard library's pool, which then refuses work in other words."""
    real, said = _Pool.submit, iter([RuntimeError("cannot schedule new futures after shutdown")])

    def submit(self: _Pool, /, *args: Any, **kwargs: Any) -> Any:
        for error in said:
            raise error
        return real(self, *args, **kwargs)

    monkeypatch.setattr(_Pool, "submit", submit)
    with executor(1) as pool:
        assert [pool.submit(work.squared, n).result(timeout=60) for n in range(3)] == [0, 1, 4]
        assert pool.replaced == 1


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_nobody_waits_for_work_when_handing_it_out_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever ends the thread that hands work out, what was asked ends with an error, and no more is taken."""

    def submit(self: _Pool, /, *args: Any, **kwargs: Any) -> Any:
        raise ValueError("of no known kind")

    monkeypatch.setattr(_Pool, "submit", submit)
    with executor(1) as pool:
        with pytest.raises(WorkerLostError, match="called off"):
            pool.submit(work.squared, 2).result(timeout=60)
        with pytest.raises(RuntimeError, match="dismissed"):
            pool.submit(work.squared, 3)


def test_an_executor_of_its_own_waits_for_what_was_asked() -> None:
    """Used as any executor is, it ends its workers once all work is done."""
    before = children()
    with Processes(2) as pool:
        found = [pool.submit(work.squared, n) for n in range(5)]
    assert [one.result(timeout=0) for one in found] == [0, 1, 4, 9, 16]
    assert all(map(is_gone, children() - before))


def test_a_cluster_without_workers_is_not_waited_for_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where its last worker is gone and none comes, work ends with an error that says so; more work may be asked for later."""
    distributed = pytest.importorskip("distributed")
    monkeypatch.setattr("allocate.workers.cluster.ABSENT", 0.2)
    with (
        warnings.catch_warnings(action="ignore"),  # that a port is taken by the cluster of other tests
        distributed.LocalCluster(n_workers=0, dashboard_address=None) as empty,
        executor(cluster=empty.scheduler_address, patience=0.1) as pool,
    ):
        for _ in range(2):
            with pytest.raises(WorkerLostError, match="has had no worker for"):
                pool.submit(work.squared, 2).result(timeout=30)


STARTS = """
import time
from multiprocessing import active_children
from workers import work
from allocate.workers.processes import Processes
if __name__ == "__main__":
    pool = Processes(2)
    for _ in range(2):
        pool.submit(work.busy, 100.0)
    while len(active_children()) < 2:
        time.sleep(0.01)
    time.sleep(0.3)
    print(*(one.pid for one in active_children()), flush=True)
    time.sleep(100.0)
"""


def test_no_worker_outlives_who_started_it(tmp_path: Path) -> None:
    """Even where that is killed without warning, in the middle of its workers' work."""
    if not Path("/proc/self").exists():
        pytest.skip("there is no /proc to look into")
    script = tmp_path / "starts.py"
    script.write_text(STARTS, encoding="utf-8")
    path = os.pathsep.join(filter(None, [str(Path(__file__).parents[1]), *sys.path]))
    starting = subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": path}
    )
    assert starting.stdout is not None
    pids = starting.stdout.readline().split()
    starting.kill()
    starting.wait()
    starting.stdout.close()
    assert len(pids) == 2
    assert until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids))
