"""Decomposition with workers: the same plan to the byte, lost work repeated, and Ctrl-C leaves a plan and no process."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from allocate import formulate, read_case
from allocate import solve as solve_case
from allocate.program.arrays import maximised
from allocate.program.partition import AXIS
from allocate.record.as_json import as_json
from allocate.solvers.decomposition.blocks import cut
from allocate.solvers.decomposition.oracle import Oracle
from allocate.solvers.outcome import Limit
from allocate.solvers.solve import solve
from allocate.workers.executors import executor

pytestmark = pytest.mark.slow


def portfolio(products: int = 7, vendors: int = 4, weeks: int = 4) -> dict[str, Any]:
    """Products with start fees and minimum orders at every vendor, one budget, little time; figures drawn."""
    random = np.random.default_rng(4)
    names = [f"v{n}" for n in range(vendors)]
    rates = [
        {
            "product": f"p{n}",
            "vendor": name,
            "price": f"{random.uniform(0.2, 0.8):.3f} USD/image",
            "start-fee": f"{random.integers(8, 40)} USD",
            "minimum-order": f"{random.integers(2, 8) * 10} images",
        }
        for n in range(products)
        for name in names
    ]
    curve = [{"labels": 0, "score": 0}, {"labels": 150, "score": 40}, {"labels": 400, "score": 55}]
    return {
        "case": "drawn",
        "currency": "USD",
        "objective": "value",
        "budget": f"{products * 75} USD",
        "horizon": {"start": "2027-01-04", "weeks": weeks},
        "workflows": {"plain": {}},
        "products": {
            f"p{n}": {
                "item": "image",
                "effort": "36 s/image",
                "demand": {"at-least": "20 images", "at-most": "400 images"},
                "value": {"curve": curve, "worth": f"{random.uniform(1, 4):.2f} USD/point"},
            }
            for n in range(products)
        },
        "vendors": {name: {"capacity": f"{random.integers(4, 9) * products} images/week"} for name in names},
        "rates": rates,
        "rules": [{"name": "few", "count": {"products": "each", "at-most": 2}}],
    }


def plan(pool: Executor | None) -> str:
    """The whole answer by decomposition as it is written down, but for the seconds."""
    document = as_json(solve_case(read_case(portfolio()), method="decomposition", gap=0.005, executor=pool))
    del document["run"]["seconds"]
    return json.dumps(document)


def test_an_answer_depends_on_its_question_alone() -> None:
    """A solver that has answered much before says the same as a new one, to the last digit."""
    program = formulate(read_case(portfolio())).program
    parts, random = cut(maximised(program.arrays()), program.structure().columns.axis(AXIS)), np.random.default_rng(1)
    for block in parts.blocks:
        kept = Oracle(block)
        for size in np.repeat([0.1, 1.0, 10.0], 4):
            gains = np.round(random.normal(0.0, size, len(block.upper)), 3)
            one, other = kept.best(gains), Oracle(block).best(gains)
            assert one.bound == other.bound
            assert np.array_equal(one.values, other.values)


@pytest.fixture(scope="module")
def here() -> str:
    """What this process finds."""
    found = plan(None)
    assert json.loads(found)["lines"]
    return found


# The thread of a broken pool of the standard library counts its processes while one more is started.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_processes_find_the_same_plan_to_the_byte_also_when_one_dies(here: str) -> None:
    """Two worker processes, one of which is killed while it has work."""

    class Killing(Executor):
        """Kills a worker of another executor before its seventh piece of work."""

        def __init__(self, pool: Any) -> None:
            self.pool, self.count = pool, 0

        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
            self.count += 1
            if self.count == 7:
                while not self.pool.pids:
                    time.sleep(0.01)
                os.kill(self.pool.pids[0], signal.SIGKILL)
            return self.pool.submit(fn, *args, **kwargs)

    with executor(2) as pool:
        assert plan(Killing(pool)) == here
        assert pool.replaced >= 1  # type: ignore[attr-defined]


@pytest.mark.filterwarnings("ignore")
def test_a_dask_cluster_finds_the_same_plan_also_when_a_worker_is_killed(here: str, dask_cluster: Any) -> None:
    """A real local cluster; the plan is as if nothing had happened."""
    victim = next(iter(dask_cluster.workers.values())).pid

    class Killing(Executor):
        count = 0

        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
            self.count += 1
            if self.count == 7:
                os.kill(victim, signal.SIGKILL)
            return pool.submit(fn, *args, **kwargs)

    with executor(cluster=dask_cluster.scheduler_address) as pool:
        assert plan(Killing()) == here


def test_an_executor_that_fails_is_done_without(here: str) -> None:
    """Work that breaks down again and again, or is not taken at all, is done in this process in the end."""

    class Broken(ThreadPoolExecutor):
        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
            return super().submit(lambda: 1 / 0)

    with Broken(1) as pool:
        assert plan(pool) == here
    assert plan(pool) == here


def test_a_search_that_was_told_to_stop_waits_for_no_worker() -> None:
    """Cancelled while workers have not answered, it ends with what is known."""

    class Silent(Executor):
        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
            return Future()

    cancel = threading.Event()
    threading.Timer(0.5, cancel.set).start()
    program = formulate(read_case(portfolio())).program
    found = solve(program, method="decomposition", executor=Silent(), cancel=cancel)
    assert found.limit is Limit.INTERRUPT


def test_control_c_ends_workers_too(tmp_path: Path) -> None:
    """Pressed in a terminal it reaches the whole group: exit status 4, a verified plan, no message of a worker, none left."""
    (tmp_path / "case.yaml").write_text(json.dumps(portfolio(30, 10, 12), indent=0), encoding="utf-8")
    script = "import sys; from allocate.cli import main; sys.argv[0] = 'allocate'; main()"
    options = ["--method", "decomposition", "--workers", "2", "--no-save", "--gap", "0"]
    running = subprocess.Popen(
        [sys.executable, "-c", script, "solve", str(tmp_path), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    assert running.stderr is not None
    told = ""
    while "best" not in told or "best –" in told.splitlines()[-1]:
        line = running.stderr.readline()
        assert line, told
        told += line
    os.killpg(running.pid, signal.SIGINT)
    out, rest = running.communicate(timeout=60)
    assert running.returncode == 4, told + rest
    assert "Verified" in out
    assert "Traceback" not in told + rest
    end = time.monotonic() + 10
    while group(running.pid) and time.monotonic() < end:
        time.sleep(0.05)
    assert not group(running.pid)


def group(number: int) -> bool:
    """Whether a process group has anybody in it."""
    try:
        os.killpg(number, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True
