"""What a pilot would show of a vendor's work in a scenario: how accurate it is, how long it takes, how much comes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from allocate.case.load import Case
from allocate.case.schema import Pilot
from allocate.costing.terms.rate_card import RateLines, offered, rate_lines
from allocate.costing.work.products import standard_times
from allocate.costing.work.workflows import work
from allocate.numbers import Floats

PEOPLE, ITEMS = 0.25, 0.50
"""Standard deviations of log pace between people, and between items of one person, where a pilot states none."""


@dataclass(frozen=True, eq=False)
class Shown:
    """What a pilot is about, in each scenario; shape (S,)."""

    accuracy: Floats
    """Accuracy of one pass."""
    log_hours: Floats
    """Logarithm of the hours of one pass."""
    rework: Floats
    """Share of the items made that are sent back."""

    def of(self, what: str) -> Floats:
        """What is learnt by its name in a case: accuracy, pace or rework."""
        return {"accuracy": self.accuracy, "pace": self.log_hours, "rework": self.rework}[what]


def shown(cases: Sequence[Case], pilot: Pilot) -> Shown:
    """What a pilot would show in each of some scenarios if it went on for ever."""
    rows = np.array([_of_pair(case, pilot) for case in cases])
    return Shown(rows[:, 0], np.log(rows[:, 1]), rows[:, 2])


def _of_pair(case: Case, pilot: Pilot) -> tuple[float, float, float]:
    """Accuracy and hours of one pass, and the share sent back, by the first workflow that sends work back, else the first."""
    card, standard = rate_lines(case), standard_times(case)
    product, vendor = list(case.products).index(pilot.product), list(case.vendors).index(pilot.vendor)
    ways: list[tuple[bool, int, str, RateLines]] = []
    for name, lines in offered(case, card).items():
        rows = np.flatnonzero((lines.product == product) & (lines.vendor == vendor))
        if not len(rows):
            continue
        review = case.workflows[name].review
        returns = review is not None and review.rework == "vendor"
        ways.append((not returns, len(ways), name, lines.take(rows[:1])))
    _, _, name, line = min(ways, key=lambda one: one[:2])
    done = work(case, name, line, standard[line.product])
    again = float(done.repeat[0])
    return float(line.accuracy[0]), float(done.hours[0]) / again, 1.0 - 1.0 / again
