"""Makes entries of a bill: for lines by vendor, product and period, and for what is paid once."""

from __future__ import annotations

import numpy as np

from allocate.costing.bill.entries import Entry
from allocate.costing.bill.lines import Lines
from allocate.costing.terms.incumbents import NOBODY
from allocate.exact import element
from allocate.numbers import Booleans, Floats, ratio


def entries_by_line(
    lines: Lines,
    amounts: Floats,
    clause: str,
    chosen: Booleans | None = None,
    basis: tuple[str, ...] | None = None,
    counted: Floats | None = None,
) -> list[Entry]:
    """Entries by vendor, product, period and what is counted; money follows from each line's own amount, shape (N,).

    chosen: which lines have entries so; absent: all. basis: what each route's price counts; absent: items are counted.
    counted: how many of it each line has, shape (N,); absent: what the first part of its price bills.
    """
    billed = lines.items if basis is None else lines.billable if counted is None else counted
    sums: dict[tuple[int, int, int, str], tuple[float, float]] = {}
    for line in np.flatnonzero((amounts != 0) if chosen is None else chosen & (amounts != 0)).tolist():
        unit = basis[lines.route[line]] if basis is not None else lines.routes.items[lines.product[line]]
        key = (int(lines.vendor[line]), int(lines.product[line]), int(lines.period[line]), unit)
        many = element(billed[line])
        before = sums.get(key, (0.0, 0.0))
        sums[key] = (before[0] + many, before[1] + element(amounts[line]))
    label, names = lines.case.periods.label, lines.routes.products
    return [
        Entry(
            lines.routes.vendors[vendor], label(period), clause, names[product], many, unit,
            ratio(amount, many), amount, period, (product,),
        )
        for (vendor, product, period, unit), (many, amount) in sums.items()
    ]  # fmt: skip


def paid_once(
    lines: Lines, vendor: int, clause: str, about: str, amount: float, products: tuple[int, ...], period: int = 0
) -> Entry:
    """An entry for what is paid once, in a period, the first where none is said; vendor: its position, `NOBODY` for none."""
    name = "" if vendor == NOBODY else lines.routes.vendors[vendor]
    return Entry(name, "the horizon", clause, about, 1.0, "once", amount, amount, period, products)
