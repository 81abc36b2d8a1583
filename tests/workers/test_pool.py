"""Worker processes: results as of any executor, lost work done again, and none that outlives who hired it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import CancelledError
from pathlib import Path

import pytest
from workers import work

from allocate.workers.executors import InProcess, executor
from allocate.workers.guarded import Guarded
from allocate.workers.pool import Processes, WorkerLostError

pytestmark = pytest.mark.slow


def until(known: Callable[[], bool], seconds: float = 20.0) -> bool:
    """Whether something comes true in time."""
    end = time.monotonic() + seconds
    while not known() and time.monotonic() < end:
        time.sleep(0.02)
    return known()


def test_results_and_errors_come_back_in_order() -> None:
    """Two workers give what this process gives, errors with their type and words; there is none before the first call."""
    with executor(2) as pool:
        assert isinstance(pool, Guarded)
        assert isinstance(pool.inner, Processes)
        assert pool.inner.pids == []
        assert list(pool.map(work.squared, range(8))) == list(InProcess().map(work.squared, range(8)))
        with pytest.raises(KeyError, match="what went wrong"):
            pool.submit(work.failing, "what went wrong").result()
        pids = pool.inner.pids
    assert pids
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)
    with pytest.raises(RuntimeError, match="sent home"):
        pool.submit(work.squared, 1)


@pytest.mark.parametrize("how", ["SIGKILL", "SIGSTOP"])
def test_a_worker_that_dies_or_hangs_is_replaced(how: str, tmp_path: Path) -> None:
    """Killed or stopped in the middle of its work, its work is repeated by another; who waits sees only the result."""
    if not hasattr(signal, how):
        pytest.skip("there is no such signal here")
    pool = Processes(1, patience=2.0)
    try:
        found = [pool.submit(work.lost_once, str(tmp_path), n, int(getattr(signal, how))) for n in range(3)]
        assert [one.result(timeout=60) for one in found] == [0, 1, 2]
        assert pool.replaced == 1
    finally:
        pool.stop()


def test_work_that_no_worker_lives_through_is_given_up() -> None:
    """After three workers, with an error that says so; what is called off ends at once."""
    with executor(1) as pool:
        lost = pool.submit(work.always_lost)
        with pytest.raises(WorkerLostError, match="3 workers stopped or became unresponsive over the same work"):
            lost.result(timeout=60)
        running, waiting = pool.submit(work.busy, 60.0), pool.submit(work.busy, 60.0)
        assert until(running.running)
    with pytest.raises(WorkerLostError, match="called off"):
        running.result(timeout=0)
    with pytest.raises(CancelledError):
        waiting.result(timeout=0)


HIRES = """
import sys, time
from workers import work
from allocate.workers.guarded import Guarded
from allocate.workers.pool import Processes
if __name__ == "__main__":
    pool = Processes(2)
    for _ in range(2):
        pool.submit(work.busy, 100.0)
    while len(pool.pids) < 2:
        time.sleep(0.01)
    time.sleep(0.3)
    print(*pool.pids, flush=True)
    time.sleep(100.0)
"""


def test_no_worker_outlives_who_hired_it(tmp_path: Path) -> None:
    """Even where that is killed without warning, in the middle of its workers' work."""
    if not Path("/proc/self").exists():
        pytest.skip("there is no /proc to look into")
    script = tmp_path / "hires.py"
    script.write_text(HIRES, encoding="utf-8")
    path = os.pathsep.join(filter(None, [str(Path(__file__).parents[1]), *sys.path]))
    hiring = subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": path}
    )
    assert hiring.stdout is not None
    pids = hiring.stdout.readline().split()
    hiring.kill()
    hiring.wait()
    hiring.stdout.close()
    assert len(pids) == 2
    assert until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids))
