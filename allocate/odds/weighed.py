"""An objective that weighs its mean over scenarios and the mean of its worst outcomes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from allocate.case.schema.uncertain import Risk
from allocate.numbers import Floats
from allocate.odds.stacked import SCENARIO, Stacked, tail_mean
from allocate.program.arrays import inner
from allocate.program.build import Built


@dataclass(frozen=True, eq=False)
class Weighed:
    r"""The first objective of a plan that is decided before anything is known, in every scenario and weighed.

    .. math:: (1 - \omega) \sum_s p_s g_s + \omega \, \mathrm{CVaR}_\alpha(g), \qquad g_s = c_s' x

    with alpha the share of the worst outcomes, omega their weight, and the plan's columns as they stand at P50: what follows from
    items there (steps of prices, labels) is counted at each scenario's own prices.
    """

    risk: Risk
    probabilities: Floats
    costs: Floats
    """Coefficients of the plan's columns, shape (scenarios, columns)."""
    offsets: Floats
    maximise: bool

    def each(self, values: Floats) -> Floats:
        """What a plan comes to in each scenario, shape (scenarios,)."""
        found: Floats = (self.costs * values).sum(axis=1) + self.offsets
        return found

    def of(self, values: Floats) -> float:
        """The weighed objective of a plan."""
        each = self.each(values)
        worst: float = tail_mean(each, self.probabilities, self.risk.tail, self.maximise)
        weight = float(self.risk.weight)
        return (1.0 - weight) * inner(self.probabilities, each) + weight * worst

    def put(self, made: Stacked) -> None:
        r"""Make it the objective of a program over the plan's columns, with columns of its own behind all others.

        .. math:: \max \; (1 - \omega) \sum_s p_s g_s + \omega \Bigl(\eta - \frac{1}{\alpha} \sum_s p_s d_s\Bigr), \qquad
            d_s \ge \eta - g_s, \; d_s \ge 0

        with g the objective of a scenario, alpha the tail (a share of probability) and omega the weight; turned around where less
        is better. At the optimum the bracket is the conditional value at risk (R. T. Rockafellar and S. Uryasev, Optimization of
        conditional value-at-risk, 2000).
        """
        program, place, sign = made.program, made.columns[0], 1.0 if self.maximise else -1.0
        size, weight = len(self.probabilities), self.risk.weight
        costs = np.zeros(program.column_count)
        costs[place] = (1.0 - weight) * (self.probabilities @ self.costs)
        begins = program.add_columns("tail_begins", count=1, lower=-math.inf)
        beyond = program.add_columns("tail_beyond", {SCENARIO: np.arange(size)})
        rows = program.add_rows("tail", {SCENARIO: np.arange(size)}, lower=-sign * self.offsets)
        program.add_terms(rows.ids, beyond.ids, 1.0)
        program.add_terms(rows.ids, int(begins.start), -sign)
        scenario, column = np.nonzero(self.costs)
        program.add_terms(rows.ids[scenario], place[column], sign * self.costs[scenario, column])
        tail = -sign * weight / self.risk.tail * self.probabilities
        offset = (1.0 - weight) * inner(self.probabilities, self.offsets)
        program.set_costs(np.concatenate([costs, [weight], tail]), offset)


def weighed(risk: Risk, base: Built, programs: Sequence[Built], probabilities: Floats) -> Weighed:
    """The objective of a case's plans in scenarios of it, whose programs have the columns of its own."""
    arrays = [one.program.arrays() for one in programs]
    size = base.program.column_count
    return Weighed(
        risk,
        probabilities,
        np.array([one.costs[:size] for one in arrays]),
        np.array([one.offset for one in arrays]),
        base.program.maximise,
    )
