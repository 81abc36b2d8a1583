"""Vendors whose pace changes little from one period to the next."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from allocate.case.by_time import times
from allocate.case.load import Case
from allocate.costing.readings import read_once
from allocate.numbers import Floats


@dataclass(frozen=True, eq=False)
class Pace:
    """What one vendor works by time, and how much that may change."""

    rule: int
    vendor: int
    noun: str
    """What is counted: `h`, `EU`, `item`, one item's noun or a driver's."""
    lengths: Floats
    """How many of the time a pace is for there are in each period, shape (T,)."""
    most: float
    """Largest change from one period to the next; infinite where only the level plan is asked for."""
    before: float | None
    """Pace before the horizon."""
    level: bool


@read_once
def paces(case: Case) -> tuple[Pace, ...]:
    """Every pace that is to be steady, rule by rule and vendor by vendor."""
    names, found = list(case.vendors), list[Pace]()
    for number, rule in enumerate(case.file.rules):
        if rule.steady is None:
            continue
        amount, before = rule.steady.at_most or rule.steady.before, rule.steady.before
        for name in names if rule.steady.vendors == ("each",) else dict.fromkeys(rule.steady.vendors):
            days = case.vendors[name].working_days
            lengths = np.ones(case.periods.count) if amount is None else times(case.periods, amount, days)
            most = np.inf if rule.steady.at_most is None else rule.steady.at_most.each
            found.append(
                Pace(
                    number, names.index(name), "h" if amount is None else amount.of() or "h",
                    np.array(lengths, dtype=np.float64), most, None if before is None else before.each, rule.steady.level,
                )
            )  # fmt: skip
    return tuple(found)
