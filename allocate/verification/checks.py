"""What an independent check finds: limits used, kept or broken, and figures that are wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from allocate.exact import Exact, Floats, rounded
from allocate.tables.shown import Shown
from allocate.tolerances import LIMIT_KEPT, SUMMED

Booleans = NDArray[np.bool_]

TOLERANCE = LIMIT_KEPT


def near(given: Floats, right: Floats, size: float = 0.0) -> Booleans:
    """Whether figures are right, shape kept; size: what they are sums or differences of, whose rounding they carry."""
    size = max(size, float(np.abs(right[np.isfinite(right)]).max(initial=0.0))) or 1.0
    same: Booleans = np.abs(given - right) <= TOLERANCE * np.abs(right) + SUMMED * size
    return same


def is_near(given: float, right: float, size: float = 0.0) -> bool:
    """The same of one figure."""
    return bool(near(np.array([given]), np.array([right]), size)[0])


@dataclass(frozen=True)
class Check:
    """One limit of the case: what the plan uses of it."""

    family: str
    """Kind of limit, as in `vendor_hours`."""
    key: tuple[int, ...]
    """Which one of its kind: positions of product, vendor, period …"""
    subject: str
    """The limit in the case's words."""
    unit: str
    used: float
    limit: float
    at_least: bool
    base: float = 1.0
    """What a share is taken of, where the limit is a share (items for an accuracy): a share of little is rough; for a
    score, effective labels per point. What one more unit of the limit moves in the program's row; 1 for all others."""
    group: str = ""
    """The subject without its period, for limits that each period has."""
    period: int | None = None
    """Position of the period such a limit is for."""
    rule: int | None = None
    """Position of the rule it stands for, where that may be broken for a penalty."""
    exact_slack: Exact | None = field(default=None, repr=False)
    """What is left before the limit without rounding, where it was worked out exactly."""
    penalty: float | None = None
    """Money per unit (of what a share is taken of) for which it may be broken; None: never."""
    listed: str = ""
    """Name under which plans list it when it is broken for a penalty; that of its rule, where it stands for one."""

    @property
    def slack(self) -> float:
        """What is left before the limit; below zero where it is passed."""
        if self.exact_slack is not None:
            return rounded(self.exact_slack)
        return self.used - self.limit if self.at_least else self.limit - self.used

    @property
    def tolerance(self) -> float:
        """By how much the limit may be passed for rounding."""
        return TOLERANCE * self.size / min(1.0, self.base)

    @property
    def size(self) -> float:
        """What the limit is measured against: itself; all of it for a share; one of its unit where the limit is 0."""
        return 1.0 if self.unit == "share" else abs(self.limit) or 1.0

    @property
    def kept(self) -> bool:
        """Whether the limit holds within the tolerance."""
        left = self.slack if self.exact_slack is None else self.exact_slack
        return bool(left >= -self.tolerance)

    @property
    def broken(self) -> bool:
        """Whether it is broken for a penalty."""
        return self.penalty is not None and not self.kept

    @property
    def paid(self) -> float:
        """Penalty for breaking it; 0 where it is kept, or never to be broken."""
        return max(0.0, -self.slack) * self.base * (self.penalty or 0.0)

    @property
    def binding(self) -> bool:
        """Whether nothing is left of the limit."""
        return abs(self.slack) <= self.tolerance

    def settled(self) -> Check:
        """The check of exact figures with each rounded to a float once, and the exact slack beside them."""
        used, limit = Exact.of(self.used), Exact.of(self.limit)
        slack = used - limit if self.at_least else limit - used
        base = rounded(self.base)
        return replace(self, used=rounded(used), limit=rounded(limit), base=base, exact_slack=slack)

    def __str__(self) -> str:
        word = "at least" if self.at_least else "at most"
        return f"{self.subject}: {self.used:,.6g} {self.unit}, {word} {self.limit:,.6g}"


@dataclass(frozen=True, repr=False)
class Verification(Shown):
    """What the check found."""

    checks: tuple[Check, ...] = field(repr=False)
    violations: tuple[str, ...]
    """Every broken limit and every wrong figure, in words; empty for a plan that holds."""
    reached: Mapping[str, float] = field(default_factory=dict, repr=False)
    """What the plan comes to by each objective, recomputed: `net-value`, `value`, `cost`, and other goals that the case names
    (`delivery` in item periods they are there, `accuracy` in wrong items, `finish` in periods, `change` in EU)."""

    @property
    def holds(self) -> bool:
        """Whether the plan keeps every limit and all its figures are right."""
        return not self.violations

    @property
    def binding(self) -> tuple[Check, ...]:
        """Limits of which nothing is left."""
        return tuple(check for check in self.checks if check.binding)

    def facts(self) -> dict[str, str]:
        """Whether the plan holds; else what it breaks."""
        first = {"first": self.violations[0]} if self.violations else {}
        broken = "holds" if self.holds else f"{len(self.violations):,} violations"
        return {"": broken, "checked": f"{len(self.checks):,} limits", **first}
