"""How drawn examples are drawn: the same ones in every run, whatever the machine is busy with; `EXPLORE=1` draws others."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "allocate",
    deadline=None,
    derandomize=not os.environ.get("EXPLORE"),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("allocate")
