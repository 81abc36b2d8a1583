"""What one clause of contracts is to the verifier: what it makes owed, and what it limits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from allocate.verification.entries import Owed

if TYPE_CHECKING:
    from allocate.verification.checks import Check
    from allocate.verification.work import Work

Before = Mapping[str, Owed]
"""What the clauses before one ask, by name."""


@dataclass(frozen=True)
class Clause:
    """A clause: what is owed by it, and the limits it sets, of a plan's lines."""

    name: str
    owed: Callable[[Work, Before], Owed] | None = None
    limits: Callable[[Work], Iterator[Check]] | None = None
    why: str = ""
    """Where nothing is owed by it: why."""
    of_lines: bool = True
    """Whether its money is borne by lines of the plan, and not by the vendor as a whole."""
