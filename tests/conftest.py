"""What all tests have in common.

Drawn examples are the same ones in every run, whatever the machine is busy with; `EXPLORE=1` draws others. Runs that commands
keep go to a folder of the tests, not into the checkout. Compiled modules are kept, whatever the shell says: the tests start
a hundred processes, and each would compile the program again.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
from command_line import Ran, Run
from hypothesis import HealthCheck, settings

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

from allocate.cli import COLLECTING, main  # noqa: E402

pytest.register_assert_rewrite("mistakes")
from mistakes import problems_of, quarter, told_once, written  # noqa: E402, F401 -- fixtures
from proofs import ABOUT_PROOFS, set_short  # noqa: E402

settings.register_profile(
    "allocate",
    deadline=None,
    derandomize=not os.environ.get("EXPLORE"),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("allocate")

# A shell that starts the tests in the background has them ignore Ctrl-C, and with them every command they start.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What is not slow is quick; slow tests come first in each worker's part, so that none is left waiting for one at the end."""
    slow = [item for item in items if item.get_closest_marker("slow")]
    slow.sort(
        key=lambda item: "dask_cluster" not in getattr(item, "fixturenames", ())
    )  # one cluster does for all of them
    quick = [item for item in items if not item.get_closest_marker("slow")]
    for item in quick:
        item.add_marker("quick")
    parts = getattr(config, "workerinput", {}).get("workercount", 1)

    def part(tests: list[pytest.Item], number: int) -> list[pytest.Item]:
        return tests[len(tests) * number // parts : len(tests) * (number + 1) // parts]

    items[:] = [item for number in range(parts) for item in (*part(slow, number), *part(quick, number))]


def pytest_collection_finish() -> None:
    """What was loaded and collected, and what tests leave, is seldom looked through for garbage."""
    gc.collect()
    gc.set_threshold(4 * COLLECTING[0], *COLLECTING[1:])


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Proofs are short where a test, its fixtures included, is not about them."""
    set_short(not item.nodeid.startswith(ABOUT_PROOFS))


@pytest.fixture(autouse=True, scope="session")
def _runs_elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Runs that commands keep are kept out of the checkout."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ALLOCATE_HOME", str(tmp_path_factory.mktemp("allocate-home")))
        yield


@pytest.fixture(scope="session")
def dask_cluster() -> Iterator[Any]:
    """A real Dask cluster of two workers in processes of their own; whoever harms one of them may count on another."""
    distributed = pytest.importorskip("distributed")
    with (
        warnings.catch_warnings(action="ignore"),
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
    ):
        yield cluster


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `allocate` in this process."""

    def call(*arguments: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["allocate", *map(str, arguments)])
        capsys.readouterr()
        try:
            main()
            code = 0
        except SystemExit as stop:
            code = int(stop.code or 0)
        return Ran(code, *capsys.readouterr())

    return call
