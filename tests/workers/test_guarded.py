"""Work that takes far longer than its like: given to another worker, and whoever hangs replaced, wherever that is."""

from __future__ import annotations

import time
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from workers import work

from allocate.workers.executors import executor
from allocate.workers.guarded import TRIES, Guarded

pytestmark = pytest.mark.slow


def been_to(folder: Path) -> str:
    """A folder in which no call hangs any more."""
    folder.mkdir()
    (folder / "was-here").touch()
    return str(folder)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_process_whose_work_never_ends_is_replaced(workers: int, tmp_path: Path) -> None:
    """It lives and shows it, but gets nowhere: its work is done by another, and it is gone; also where it is the only one."""
    with executor(workers, patience=0.3) as pool:
        assert isinstance(pool, Guarded)
        assert pool.submit(work.hangs_once, been_to(tmp_path / "before"), 7).result(timeout=60) == 7
        found = [pool.submit(work.hangs_once, str(tmp_path), n) for n in range(4)]
        assert [one.result(timeout=60) for one in found] == [0, 1, 2, 3]
        end = time.monotonic() + 20
        while not pool.replaced and time.monotonic() < end:
            time.sleep(0.02)
        assert pool.replaced == 1
        assert pool.submit(work.squared, 3).result(timeout=60) == 9


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_s_worker_whose_work_never_ends_is_replaced(dask_cluster: Any, tmp_path: Path) -> None:
    """It lives, so that Dask would wait for it for ever: its work is done by another, and it is begun anew."""
    before = {worker.pid for worker in dask_cluster.workers.values()}
    with executor(cluster=dask_cluster.scheduler_address, patience=2.0) as pool:
        assert isinstance(pool, Guarded)
        assert pool.submit(work.hangs_once, been_to(tmp_path / "before"), 7).result(timeout=60) == 7
        found = [pool.submit(work.hangs_once, str(tmp_path), n) for n in range(4)]
        assert [one.result(timeout=60) for one in found] == [0, 1, 2, 3]
    assert pool.replaced >= 1
    assert len(before - {worker.pid for worker in dask_cluster.workers.values()}) >= 1


def test_work_that_is_slow_and_no_worse_is_waited_for(tmp_path: Path) -> None:
    """Given away a second time, the first to answer counts; nobody hears of the other."""
    with ThreadPoolExecutor(3) as threads:
        pool = Guarded(threads, patience=0.1)
        assert pool.submit(work.squared, 2).result() == 4
        slow = [pool.submit(work.busy, 0.5) for _ in range(2)]
        assert len({one.result(timeout=60) for one in slow}) == 1
        found = [pool.submit(work.slow_once, str(tmp_path), n, 0.4) for n in range(3)]
        assert [one.result(timeout=60) for one in found] == [0, 1, 2]


class Silent(Executor):
    """Loses the second piece of work it is given, or all of it."""

    def __init__(self, inner: Executor | None = None) -> None:
        self.inner, self.given = inner, 0

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        """As any executor's, but what is lost never begins."""
        self.given += 1
        return Future() if self.inner is None or self.given == 2 else self.inner.submit(fn, *args, **kwargs)


def test_work_an_executor_has_lost_track_of_is_asked_for_again() -> None:
    """It never begins, though nobody does anything."""
    with ThreadPoolExecutor(1) as threads:
        pool = Guarded(Silent(threads), patience=0.1)
        assert list(pool.map(work.squared, range(4), timeout=60)) == [0, 1, 4, 9]


def test_work_is_given_away_three_times_at_most() -> None:
    """Nobody answers: after that it is waited for, and can be called off."""
    silent = Silent()
    pool = Guarded(silent, patience=0.02)
    lost = pool.submit(work.squared, 1)
    end = time.monotonic() + 20
    while silent.given < TRIES and time.monotonic() < end:
        time.sleep(0.01)
    time.sleep(0.5)
    assert silent.given == TRIES
    assert lost.cancel()
    assert lost.cancelled()


def test_what_is_running_is_not_called_off_and_errors_come_back() -> None:
    """As with any executor: waiting work can be called off, running work cannot, and an error keeps its type."""
    with ThreadPoolExecutor(1) as threads:
        pool = Guarded(threads)
        running, waiting = pool.submit(work.busy, 0.3), pool.submit(work.busy, 60.0)
        assert waiting.cancel()
        assert not running.cancel()
        assert running.running()
        assert running.result(timeout=60)
        with pytest.raises(KeyError, match="went wrong"):
            pool.submit(work.failing, "went wrong").result(timeout=60)
