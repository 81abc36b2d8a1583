"""The pairs of a program that learn: which columns are their work and its hours, and how wide the program takes their curves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocate.costing.work.learners import Learner
from allocate.program.arrays import Floats, Integers
from allocate.program.layout import Layout
from allocate.program.order import Order
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
    hours: Integers
    """Columns of the hours of each vendor's pairs by the end of each period, shape (V, T)."""
    least: Integers
    """Rows of the least hours there can be by the end of each period, shape (V, T)."""
    pace: Integers
    """Rows of the least hours there can be in each period, shape (V, T)."""
    is_paid: bool = False
    """Whether hours of some cost money, and each pair's are told by themselves."""

    @property
    def periods(self) -> int:
        """T."""
        return int(self.reach.shape[1])

    def arranged(self, order: Order) -> tuple[Learned, Integers]:
        """The same of a program put in order, and which pair each of its pairs is here."""
        columns, rows = (_inverse(places) for places in (order.columns, order.rows))
        vendors = np.argsort(columns[self.hours[:, 0]])
        pairs = np.argsort(columns[self.work[:, 0]])
        return (
            Learned(
                learners=tuple(self.learners[pair] for pair in pairs),
                vendors=self.vendors[vendors],
                of=_inverse(vendors)[self.of][pairs],
                reach=self.reach[pairs],
                work=columns[self.work][pairs],
                hours=columns[self.hours][vendors],
                least=rows[self.least][vendors],
                pace=rows[self.pace][vendors],
                is_paid=self.is_paid,
            ),
            pairs.astype(np.int32),
        )

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
        for hours in self.hours[self.vendors == vendor]:
            program.add_terms(rows, hours, 1.0)
            program.add_terms(rows[1:], hours[:-1], -1.0)


def _inverse(places: NDArray[np.signedinteger[Any]]) -> Integers:
    """Where each place is found among them."""
    inverse = np.empty(len(places), np.int32)
    inverse[places] = np.arange(len(places), dtype=np.int32)
    return inverse
