"""What becomes of a plan in every scenario: what is made and delivered when, how good, for what money, of what value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from allocate.costing.table import Routes
from allocate.numbers import Floats
from allocate.odds.drawn import Drawn, Luck, Places
from allocate.odds.money import Key
from allocate.odds.rollover import Done
from allocate.odds.work_items import Made
from allocate.tolerances import LIMIT_KEPT


@dataclass(frozen=True, eq=False)
class Track:
    """A plan in every scenario; the last axis of every array is that of scenarios."""

    drawn: Drawn
    table: Routes
    """The routes of the case as written."""
    route: Places
    """Of each entry of `done`, its position in the table, shape (K,)."""
    done: Done
    item: Made
    """What an item of each entry takes and is worth, shape (K, …)."""
    money: Mapping[Key, Floats]
    values: Floats
    """By product, (P, scenarios)."""
    scores: Floats

    @property
    def product(self) -> Places:
        """Position of the product of each entry, shape (K,)."""
        return self.table.product[self.route]

    @property
    def is_planned(self) -> NDArray[np.bool_]:
        """Which entries are planned, and not done already, shape (K,)."""
        found: NDArray[np.bool_] = self.done.period >= self.drawn.case.planned_from
        return found

    @cached_property
    def delivered(self) -> Floats:
        """Items delivered up to the end of each period, shape (P, T, scenarios)."""
        return np.cumsum(self._by_period(self.done.period[:, None] + self.item.lead), axis=1)

    @cached_property
    def in_progress(self) -> Floats:
        """Items begun and not delivered at the end of each period, shape (P, T, scenarios)."""
        begun: Floats = np.cumsum(self._by_period(self.done.period[:, None]), axis=1) - self.delivered
        return begun

    def _by_period(self, when: Places) -> Floats:
        """Items by product and period; when: shape (K, 1 or scenarios), those past the horizon are left out."""
        periods = self.drawn.case.periods.count
        found = np.zeros((len(self.table.products), periods, self.drawn.count))
        for product, then, items in zip(self.product.tolist(), when, self.done.items, strict=True):
            for period in np.unique(then[then < periods]).tolist():
                found[product, period] += np.where(then == period, items, 0.0)
        return found

    def finish(self, product: int, wanted: Floats) -> Floats:
        """Number of the period in which so many items of a product are there, one after the last where they never are."""
        enough = self.delivered[product] >= wanted * (1.0 - LIMIT_KEPT)
        return np.where(enough.any(axis=0), enough.argmax(axis=0) + 1.0, len(enough) + 1.0)

    def right(self, inside: NDArray[np.bool_], product: Luck, nothing: float, shares: Floats | None = None) -> Floats:
        r"""Share of some items of a product that come out right; `nothing` where none are made.

        product: what there is luck with. shares: of each entry's items, the share that is right by another measure than accuracy,
        shape (K, scenarios).

        Beside the accuracies drawn there is luck with single items: n of them, each right with its own chance a, are

        .. math:: \sum a \pm \sqrt{\sum a (1 - a)}

        right, and luck is drawn once for each product (each of its further qualities) and scenario. How many were right
        of what is done is known.
        """
        items, accuracy = self.done.items[inside], (self.item.accuracy if shares is None else shares)[inside]
        many, right = items.sum(axis=0), (items * accuracy).sum(axis=0)
        luck = self.drawn.chance.get(product)
        if luck is not None:
            open_ = self.is_planned[inside][:, None]
            right = right + luck * np.sqrt((items * accuracy * (1.0 - accuracy) * open_).sum(axis=0))
        share = np.divide(right, many, out=np.full(len(many), nothing), where=many > 0)
        clipped: Floats = np.clip(share, 0.0, 1.0)
        return clipped

    @cached_property
    def spend(self) -> Floats:
        """All money owed."""
        return self.money["spend",]

    @cached_property
    def error_cost(self) -> Floats:
        """Downstream cost of escaped errors."""
        each = self.item.error_cost[np.arange(len(self.route)), self.done.period]
        found: Floats = (self.done.items * each).sum(axis=0)
        return found

    @cached_property
    def value(self) -> Floats:
        """Value by the curves."""
        found: Floats = self.values.sum(axis=0)
        return found

    @cached_property
    def penalty(self) -> Floats:
        """Penalties that are not spent."""
        return self.money.get(("penalty",), np.zeros(self.drawn.count))

    @cached_property
    def spend_by_period(self) -> Floats:
        """Money owed in each period, shape (T, scenarios)."""
        nothing = np.zeros(self.drawn.count)
        return np.array([self.money.get(("period", t), nothing) for t in range(self.drawn.case.periods.count)])


def effective(table: Routes, route: Places, done: Done, item: Made, last: Places) -> Floats:
    """Effective labels of each product delivered within its time, shape (P, scenarios)."""
    found = np.zeros((len(table.products), done.items.shape[1]))
    product = table.product[route]
    for entry, of in enumerate(product.tolist()):
        in_time = done.period[entry] + item.lead[entry] < last[of]
        found[of] += np.where(in_time, done.items[entry] * item.effective[entry], 0.0)
    return found
