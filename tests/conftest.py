"""What all tests have in common.

Drawn examples are the same ones in every run, whatever the machine is busy with; `EXPLORE=1` draws others. Runs that commands
keep go to a folder of the tests, not into the checkout.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "allocate",
    deadline=None,
    derandomize=not os.environ.get("EXPLORE"),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("allocate")


@pytest.fixture(autouse=True, scope="session")
def _runs_elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Runs that commands keep are kept out of the checkout."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ALLOCATE_HOME", str(tmp_path_factory.mktemp("allocate-home")))
        yield
