"""Commitments, minimum invoices and least platform fees: what is missing of what was promised is paid for nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from allocate.costing.bill.clause import Clause, entries_only
from allocate.costing.bill.entries import Entry
from allocate.costing.bill.ledger import Ledger
from allocate.costing.bill.lines import Lines
from allocate.costing.clauses.platform_fee import fees_within
from allocate.costing.supply.throughput import work_content
from allocate.costing.terms.contracts import FEES, Promise, Terms, terms
from allocate.exact import element, total
from allocate.numbers import above, both, may_be, named, when
from allocate.tolerances import AT_WORK, COMMITTED


@entries_only
def owed(ledger: Ledger) -> Iterator[Entry]:
    """What is missing in each window of each vendor that makes anything, or was taken on by its end; of an invoice, that makes
    anything in the window."""
    for contract in terms(ledger.lines.case):
        for promise in (contract.commitment, contract.minimum_invoice, contract.minimum_fee):
            if promise is not None:
                yield from _missing(ledger, promise, contract)


def _missing(ledger: Ledger, promise: Promise, contract: Terms) -> Iterator[Entry]:
    lines, currency, clause = ledger.lines, ledger.lines.routes.currency, promise.clause
    name, least = lines.routes.vendors[promise.vendor], named("up to", promise.least)
    for number, used in enumerate(_used(ledger, promise)):
        last = int(promise.windows.last[number])
        works = lines.works(promise.vendor) if clause == "commitment" else _works(lines, promise, number)
        works = works if clause != "commitment" or last >= contract.owed_before else True
        short, period = least - used, max(last, contract.begins)
        missing: float = when(both(works, above(short, COMMITTED * promise.least)), short, 0.0)
        if may_be(missing):
            price = element(promise.price[number])
            amount = missing * price
            once = promise.in_money and promise.currency == currency and promise.share == 1.0
            noun = promise.counts or ""
            unit = promise.currency if promise.in_money else {"h": "hour"}.get(noun, noun)
            counted = (1.0, "once", amount) if once else (missing, unit, price)
            yield Entry(name, promise.windows.labels[number], clause, name, *counted, amount, period, lines.everything)


def _used(ledger: Ledger, promise: Promise) -> list[float]:
    """What counts towards a promise in each window."""
    lines = ledger.lines
    if promise.counts is None:
        return ledger.within(promise.vendor, promise.windows, promise.currency)
    if promise.counts == FEES:
        return fees_within(ledger, promise.vendor, promise.windows, promise.currency)
    content = work_content(lines.case, lines.routes, promise.counts)[lines.route] * lines.items
    mine, found = lines.vendor == promise.vendor, []
    for weights in promise.windows.weights:
        found.append(named("work in the window", total((content * weights[lines.period])[mine])))
    return found


def _works(lines: Lines, promise: Promise, window: int) -> Any:
    """Whether a vendor makes anything in a window."""
    weights = promise.windows.weights[window][lines.period]
    return above(total(lines.items * np.where(lines.vendor == promise.vendor, weights, 0.0)), AT_WORK)


CLAUSE = Clause("commitment", owed, of_lines=False)
