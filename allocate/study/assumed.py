"""One figure that a plan rests on and that was assumed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from allocate.case.load import Case

NOT_STATED, ASSUMED = "not stated", "assumption"


@dataclass(frozen=True)
class Assumption:
    """One figure that was assumed."""

    figure: str
    """What it is, in words."""
    taken: str
    """What the plan counts with."""
    basis: str
    """`not stated` in the case, or stated there as an `assumption`."""
    source: str
    """Where the figure comes from."""
    write: str
    """The line that states it, as `--set` takes it."""
    tried: str = ""
    """The plausible range that was tried, in words; empty where none was."""
    low: Mapping[str, Any] = field(default_factory=dict)
    """Settings of one end of that range."""
    high: Mapping[str, Any] = field(default_factory=dict)
    """Settings of the other."""


def from_model(case: Case, *path: str) -> str:
    """What the cost model says of where a figure of its own comes from."""
    source = case.sources.get(("model", *path))
    return f"cost model: {source.source}" if source is not None else "cost model"
