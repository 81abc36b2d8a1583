"""The pairs of a program that learn: which columns are their work and its hours, and how wide the program takes their curves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocate.costing.work.learners import Learner
from allocate.program.arrays import Floats, Integers
from allocate.program.layout import Layout
from allocate.program.naming import Block
from allocate.program.program import Program


@dataclass(frozen=True, eq=False)
class Learned:
    """The pairs that learn, L of them with V vendors, over T periods.

    The program holds their hours between straight lines, so that every plan of the case keeps it, and some plans that the case
    does not have: with :math:`T_{vt}` the hours of a vendor's pairs by the end of a period, a plan of the case has
    :math:`T_{vt} = \\sum_l H_l(W_{lt})`, which `allocate.solvers.learning` sees to.
    """

    learners: tuple[Learner, ...]
    vendors: Integers
    """Those who learn, ascending, shape (V,)."""
    of: Integers
    """Which of them each pair's is, shape (L,)."""
    reach: Floats
    """Most standard hours each pair can have done by the end of each period, shape (L, T)."""
    work: Integers
    """Columns of W: standard hours of each pair by the end of each period, shape (L, T); after its last period, that of the last."""
    hours: Block
    """Columns of the hours of each vendor's pairs by the end of each period, vendor after vendor."""
    least: Block
    """Rows of the least hours there can be by the end of each period, in the same order."""
    pace: Block
    """Rows of the least hours there can be in each period."""

    @property
    def periods(self) -> int:
        """T."""
        return int(self.reach.shape[1])

    def by_vendor(self, block: Block) -> Integers:
        """Numbers of columns or rows by vendor and period, shape (V, T)."""
        numbers: Integers = block.ids.reshape(len(self.vendors), self.periods)
        return numbers

    def hours_of(self, work: Floats) -> Floats:
        """Hours by the curves for standard hours by pair, shape (L, …)."""
        return np.array([learner.hours(one) for learner, one in zip(self.learners, work, strict=True)])

    def together(self, by_pair: Floats) -> Floats:
        """Sums over each vendor's pairs, shape (V, T)."""
        total = np.zeros((len(self.vendors), self.periods))
        np.add.at(total, self.of, by_pair)
        return total

    def learns(self, layout: Layout) -> NDArray[np.bool_]:
        """Which routes belong to a pair that learns."""
        routes = layout.routes
        pairs = np.zeros((len(routes.products), len(routes.vendors)), dtype=bool)
        for learner in self.learners:
            pairs[learner.product, learner.vendor] = True
        learns: NDArray[np.bool_] = pairs[routes.product, routes.vendor]
        return learns

    def put_hours(self, program: Program, rows: Integers, vendor: int) -> None:
        """Put the hours of a vendor's pairs in each period into its rows, one of each period, shape (T,)."""
        for hours in self.by_vendor(self.hours)[self.vendors == vendor]:
            program.add_terms(rows, hours, 1.0)
            program.add_terms(rows[1:], hours[:-1], -1.0)
