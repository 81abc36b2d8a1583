"""Who gets the money of a plan: vendors, own people who label or check, tools and levers, platforms, others."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from allocate.case.clauses.price_lock import NAMED
from allocate.case.load import Case
from allocate.costing.bill.entries import Entry
from allocate.costing.clauses.payment import OWN_CLAUSES
from allocate.plan import Plan
from allocate.tables.column import names
from allocate.tables.frames import table_of
from allocate.tables.plan import PAYEES
from allocate.tables.table import Table

VENDORS, LABELLING, CHECKING = "vendors", "own people (labelling)", "own people (checking)"
TOOLS, PLATFORMS, OTHERS = "tools and levers", "platforms", "others"
KINDS = (VENDORS, LABELLING, CHECKING, TOOLS, PLATFORMS, OTHERS)
"""Kinds of payees, in the order in which they are told; others: penalties paid, and what leaving an incumbent costs."""


class Payee(NamedTuple):
    """Who is paid."""

    kind: str
    name: str


def payee(case: Case, entry: Entry) -> Payee:
    """Who gets an entry of the invoice: what stands with a vendor's work is not always paid to that vendor."""
    vendor, clause = entry.vendor, entry.clause
    if clause == "review":
        return Payee(CHECKING, "review team")
    if clause == "lever" and (locked := entry.about.removeprefix(NAMED)) != entry.about and locked in case.vendors:
        return Payee(VENDORS, locked)
    if clause == "lever":
        named = _named(case, entry)
        return Payee(TOOLS, entry.about) if named is None else _worker(case, named)
    if clause == "pre-labelling":
        return Payee(TOOLS, clause)
    if clause in ("platform fee", "minimum platform fee"):
        return Payee(PLATFORMS, f"platform of {vendor}")
    if not vendor:
        return Payee(OTHERS, clause)
    if clause == "seats" and case.vendors[vendor].team is not None:
        return Payee(TOOLS, entry.about)
    return _worker(case, vendor)


def _worker(case: Case, name: str) -> Payee:
    """A vendor, a team of your own, or the review team."""
    if name not in case.vendors:
        return Payee(CHECKING, "review team")
    return Payee(VENDORS if case.vendors[name].team is None else LABELLING, name)


def _named(case: Case, entry: Entry) -> str | None:
    """Who a lever says is paid its cost, or its running cost."""
    lever = case.file.levers.get(entry.about)
    if lever is None:
        return None
    return lever.cost_to if entry.unit == "once" else lever.running_cost_to


def parted(case: Case, entry: Entry) -> list[tuple[str, float]]:
    """Products that bear an entry and the part of each; what nobody bears stands with the product "" (none)."""
    names_ = list(case.products)
    parts = entry.parts or ([(entry.products[0], 1.0)] if len(entry.products) == 1 else [])
    left = 1.0 - sum(part for _, part in parts)
    return [(names_[product], part) for product, part in parts] + ([("", left)] if abs(left) > SHARE_NOISE else [])


SHARE_NOISE = 1e-9
"""What parts leave of a whole by rounding."""


def by_product(case: Case, plan: Plan) -> dict[tuple[str, Payee], float]:
    """What each payee gets of the spend for each product."""
    sums = defaultdict[tuple[str, Payee], float](float)
    for entry in plan.entries:
        for product, part in parted(case, entry):
            sums[product, payee(case, entry)] += part * entry.amount
    return dict(sums)


def by_payee(case: Case, plan: Plan) -> Table:
    """What each payee gets of the spend, by kind, largest first; see `PAYEES`."""
    sums = defaultdict[Payee, float](float)
    for entry in plan.entries:
        sums[payee(case, entry)] += entry.amount
    order = sorted(sums, key=lambda one: (KINDS.index(one.kind), -sums[one], one.name))
    rows = [(*one, sums[one], sums[one] / plan.spend if plan.spend else 0.0) for one in order]
    return Table.from_rows(names(PAYEES), rows)


def by_kind(case: Case, plan: Plan) -> dict[str, float]:
    """What each kind of payee gets of the spend, those that get something."""
    sums = defaultdict[str, float](float)
    for kind, amount in by_payee(case, plan).rows("kind", "amount"):
        sums[kind] += amount
    return dict(sums)


def bought(plan: Plan) -> dict[tuple[str, int], float]:
    """What vendors ask for the work of each period, by vendor and number of the period: without checking and pre-labelling.

    Money of prices by volume stands with the lines that fill the steps, whenever it is billed; fees are not in it.
    """
    sums = defaultdict[tuple[str, int], float](float)
    for vendor, period, spend in table_of(plan, "lines").rows("vendor", "period", "spend"):
        sums[vendor, period] += spend
    for entry in plan.entries:
        if entry.clause in OWN_CLAUSES:
            sums[entry.vendor, entry.period + 1] -= entry.amount
    return dict(sums)
