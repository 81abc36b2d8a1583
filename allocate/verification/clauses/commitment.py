"""Take or pay: what is missing of a vendor's prices in each window, owed in its last period."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from allocate.exact import element
from allocate.tolerances import COMMITTED
from allocate.verification.clause import Before
from allocate.verification.clauses.onboarding import everything, working
from allocate.verification.entries import Entry, Number, Owed
from allocate.verification.exchange import currency_of
from allocate.verification.windows import Window, outer, part_of, windows

if TYPE_CHECKING:
    from allocate.verification.work import Work


def prices_in(work: Work, before: Before, vendor: str, currency: str, kind: str) -> Iterator[tuple[Window, Number]]:
    """What a vendor's prices come to in each window of a kind, in a currency: fees, bonus and price reductions left out.

    Each sum counts at the exchange rate of the period it is owed in. A period's is shared out over the windows it lies in.
    """
    among = windows(work.case.periods, kind)
    counted: dict[str, Number] = {window.label: 0.0 for window in among}
    for entry in (*before["price"].entries, *before["tiers"].entries):
        if entry.vendor != vendor:
            continue
        money = entry.amount / work.stated.rate(currency, entry.period)
        inside = outer(entry.window, among)
        if inside is not None:
            counted[inside.label] = money + counted[inside.label]
            continue
        for window in among:
            if part := window.parts[entry.period]:
                counted[window.label] = part_of(part, money) + counted[window.label]
    for window in among:
        yield window, element(counted[window.label])


def owed(work: Work, before: Before) -> Owed:
    """What is missing in the currency of the commitment, at the exchange rate of the window's last period."""
    entries = []
    for _, name, _ in working(work):
        terms = work.case.vendors[name].contract.commitment
        if terms is None:
            continue
        least, currency = terms.at_least.number, currency_of(work.case, terms.at_least)
        for window, used in prices_in(work, before, name, currency, terms.window):
            missing = least - used
            if missing > COMMITTED * least:
                rate = work.stated.rate(currency, window.last)
                own = currency == work.case.currency
                many, unit, price = (1.0, "once", missing) if own else (missing, currency, rate)
                entries.append(
                    Entry(
                        name, window.label, "commitment", name, many, unit, price, missing * rate, window.last,
                        everything(work),
                    )
                )  # fmt: skip
    return Owed(entries)
