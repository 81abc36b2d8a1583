"""Choices that open columns, with workers: the same plan and proof to the byte, whoever betters prices, dies or is silent."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from allocate import formulate, read_case
from allocate import solve as solve_case
from allocate.record.as_json import as_json
from allocate.solvers.facility_location import method
from allocate.solvers.outcome import Limit
from allocate.solvers.solve import solve
from allocate.workers.executors import executor

pytestmark = pytest.mark.slow


def case() -> dict[str, Any]:
    """Vendors of unlike capacities to be onboarded; several branch-and-bound nodes are looked at."""
    random = np.random.default_rng(11)
    products, vendors = 9, 8
    return {
        "case": "openings",
        "currency": "USD",
        "objective": "cost",
        "horizon": {"start": "2027-01-04", "weeks": 1},
        "products": {
            f"p{n}": {"item": "image", "effort": "60 s/image", "demand": f"{random.integers(30, 70)} images"}
            for n in range(products)
        },
        "vendors": {
            f"v{n}": {
                "capacity": f"{random.integers(90, 190)} items/week",
                "onboarding": f"{random.integers(70, 160)} USD",
            }
            for n in range(vendors)
        },
        "rates": [
            {"product": f"p{p}", "vendor": f"v{v}", "price": f"{random.uniform(1, 3):.2f} USD/image"}
            for p in range(products)
            for v in range(vendors)
        ],
    }


@pytest.fixture(autouse=True)
def _of_any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(method, "LARGE", 0)
    monkeypatch.setattr(method, "MANY", 1)
    monkeypatch.setattr(method, "FAR", np.inf)


def plan(pool: Executor | None) -> str:
    """The whole answer as it is written down, but for the seconds."""
    document = as_json(solve_case(read_case(case()), method="decomposition", executor=pool))
    assert "branch-and-bound node" in document["run"]["method"]["reason"]
    assert len(document["certificate"]["bound"]["branched"]["boxes"]) > 5
    del document["run"]["seconds"]
    return json.dumps(document)


# The thread of a broken pool of the standard library counts its processes while one more is started.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_processes_find_the_same_plan_to_the_byte_also_when_one_dies() -> None:
    """Two worker processes, one of which is killed while it has work."""

    class Killing(Executor):
        """Kills a worker of another executor before its second piece of work, and before its fifth where nobody missed that one."""

        def __init__(self, pool: Any) -> None:
            self.pool, self.count = pool, 0

        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
            self.count += 1
            if self.count in (2, 5) and not self.pool.replaced:
                while not self.pool.pids:
                    time.sleep(0.01)
                os.kill(self.pool.pids[0], signal.SIGKILL)
            return self.pool.submit(fn, *args, **kwargs)

    with executor(2) as pool:
        killing = Killing(pool)
        assert plan(killing) == plan(None)
        assert killing.count > 4
        assert pool.replaced >= 1  # type: ignore[attr-defined]


def test_an_executor_that_fails_is_done_without() -> None:
    """Work that breaks down again and again, or is not taken at all, is done in this process in the end."""

    class Broken(ThreadPoolExecutor):
        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
            return super().submit(lambda: 1 / 0)

    here = plan(None)
    with Broken(1) as pool:
        assert plan(pool) == here
    assert plan(pool) == here


def test_a_search_that_was_told_to_stop_waits_for_no_worker() -> None:
    """Cancelled while workers have not answered, it ends with the plan and the bound it has."""

    class Silent(Executor):
        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
            return Future()

    cancel = threading.Event()
    threading.Timer(3.0, cancel.set).start()
    program = formulate(read_case(case())).program
    best = solve(program, method="plain").objective
    found = solve(program, method="decomposition", executor=Silent(), cancel=cancel)
    assert found.limit is Limit.INTERRUPT
    assert found.objective is not None
    assert found.bound is not None
    assert best is not None
    assert found.bound <= best * (1 + 1e-9) <= found.objective * (1 + 1e-6)
