"""A case's program while it is formulated: what every family of columns and rows is given, and adds to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from allocate.costing.terms.incumbents import NOBODY
from allocate.costing.terms.prices import worth
from allocate.errors import CaseError
from allocate.program.arrays import Integers
from allocate.program.charges import Charge, Penalty
from allocate.program.layout import Layout
from allocate.program.learned import Learned
from allocate.program.naming import Block
from allocate.program.program import Program


@dataclass
class Model:
    """A program, what its item columns stand for, and what hangs on its other columns so far."""

    program: Program
    layout: Layout
    charges: list[Charge] = field(default_factory=list)
    """What is owed beside the prices of items."""
    penalties: list[Penalty] = field(default_factory=list)
    """What limits and rules that give way weigh in every goal, and is not spent."""
    learned: Learned | None = None
    """The pairs that learn; None where none does."""

    def charge(
        self,
        columns: Block,
        amount: ArrayLike,
        vendor: ArrayLike = NOBODY,
        period: ArrayLike = 0,
        products: Sequence[Sequence[int]] | None = None,
        usage: ArrayLike = 0.0,
        for_work: bool = True,
    ) -> None:
        """Money owed for each unit of a family's columns: numbers, or arrays of one entry a column; see `Charge`.

        products: those each column is for; absent: all.
        """
        size = len(columns)
        every = (tuple(range(len(self.layout.routes.products))),) * size
        self.charges.append(
            Charge(
                columns=columns,
                amount=np.broadcast_to(np.asarray(amount, np.float64), size),
                usage=np.broadcast_to(np.asarray(usage, np.float64), size),
                vendor=np.broadcast_to(np.asarray(vendor, np.int32), size),
                period=np.broadcast_to(np.asarray(period, np.int32), size),
                products=every if products is None else tuple(map(tuple, products)),
                for_work=for_work,
            )
        )

    def tie(
        self,
        family: str,
        index: Mapping[str, Integers],
        columns: Integers,
        choices: Integers,
        bound: ArrayLike,
        at_least: bool = False,
    ) -> None:
        """Rows that hold columns to at most (at least) a bound times a choice of 0 or 1 each."""
        rows = self.program.add_rows(
            family, index, lower=0.0 if at_least else -np.inf, upper=np.inf if at_least else 0.0
        )
        self.program.add_terms(rows.ids, columns, 1.0)
        self.program.add_terms(rows.ids, choices, -np.asarray(bound, np.float64))

    def put_items(self, rows: Block, each: ArrayLike = 1.0, when: Integers | None = None, **at: int) -> None:
        """Put items into the rows of their product, vendor, period and line of the rate card, as far as the rows have these axes.

        each: what one item counts, a number or shape (N,); when: the period that counts; absent: that of the work; at: only
        rows at these positions along further axes.
        """
        layout, routes, periods = self.layout, self.layout.routes, self.layout.case.periods.count
        axes = {
            "product": (layout.product, len(routes.products)),
            "vendor": (layout.vendor, len(routes.vendors)),
            "period": (layout.period, periods) if when is None else (when, max(periods, 1 + int(when.max(initial=0)))),
            "line": (layout.line, 2 + int(routes.line.max(initial=0))),  # the last is that of no line, -1
        }
        known = [axis for axis in rows.index if axis in axes]
        sizes, counted = [axes[axis][1] for axis in known], np.asarray(each, np.float64)
        chosen = np.flatnonzero(
            np.all([rows.index[axis] == place for axis, place in at.items()] or [rows.ids >= 0], axis=0)
        )
        for layer in layers(np.ravel_multi_index([rows.index[axis][chosen] for axis in known], sizes)):
            row_of = np.full(sizes, -1, np.int32)
            row_of[tuple(rows.index[axis][chosen[layer]] for axis in known)] = rows.ids[chosen[layer]]
            row = row_of[tuple(axes[axis][0] for axis in known)]
            inside = np.flatnonzero(row >= 0)
            self.program.add_terms(row[inside], layout.ids[inside], counted[inside] if counted.ndim else counted)

    def put_spend(self, row: int, currency: str, products: Sequence[int] | None = None, for_work: bool = False) -> None:
        """Put all that is spent into a row, counted in a currency at the exchange rate of the period each is owed in.

        products: only what is for nothing but these; for_work: without what pays for no work, switching and penalties.
        """
        layout, each = self.layout, worth(self.layout.case, self.layout.case.currency, currency)
        inside = np.ones(len(layout.ids), bool) if products is None else np.isin(layout.product, products)
        self.program.add_terms(row, layout.ids[inside], layout.cost[inside] * each[layout.period[inside]])
        for charge in [charge for charge in self.charges if charge.for_work or not for_work]:
            within = np.ones(len(charge.amount), bool) if products is None else charge.within(frozenset(products))
            money = charge.amount[within] * each[charge.period[within]]
            self.program.add_terms(row, charge.columns.ids[within], money)


def layers(places: NDArray[np.integer[Any]]) -> Iterator[NDArray[np.intp]]:
    """Positions in layers: within a layer no two stand at the same place."""
    left = np.arange(len(places))
    while len(left):
        _, first = np.unique(places[left], return_index=True)
        yield left[first]
        left = np.delete(left, first)


def axes_of(names: Sequence[str], keys: Iterable[Sequence[int]]) -> dict[str, Integers]:
    """The axes of a family whose members stand for some keys, each a position along every axis."""
    table = np.array(list(keys), dtype=np.int32).reshape(-1, len(names))
    return dict(zip(names, table.T, strict=True))


def by_period(vendors: Sequence[int], periods: int) -> dict[str, Integers]:
    """The axes of a family with a member for each vendor and period, vendor after vendor."""
    return {
        "vendor": np.repeat(np.array(vendors, np.int32), periods),
        "period": np.tile(np.arange(periods, dtype=np.int32), len(vendors)),
    }


def unlimited(layout: Layout, products: Iterable[int], who: str) -> CaseError:
    """That nothing limits the items of some products, which somebody (`its contracts need`) must know."""
    names = sorted({layout.routes.products[product] for product in products})
    message = f"nothing limits how many items of {', '.join(names)} could be ordered, which {who} to know"
    place = layout.case.place("products", names[0])
    return CaseError.of(message, place, "add `demand: {at-most: …}`, a budget, or capacities")
