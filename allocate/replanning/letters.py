"""A letter to each vendor: what a new plan changes for it, and nothing of anybody else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from allocate.case.load import Case
from allocate.costing.terms.prices import exchange_rates
from allocate.costing.work.products import item_of
from allocate.finance.payees import VENDORS, payee
from allocate.plan import Plan
from allocate.tables.column import names
from allocate.tables.frames import table_of
from allocate.tables.table import Table
from allocate.tables.tracked import CHANGES

"""Items by number of the period and product."""


def letters(case: Case, before: Plan, after: Plan, changed: Table) -> dict[str, str]:
    """A letter in Markdown for each vendor that either plan gives work to from the first planned period on, by its name."""
    busy = {
        vendor
        for plan in (before, after)
        for vendor, period in table_of(plan, "lines").rows("vendor", "period")
        if period > case.planned_from
    }
    return {
        name: "\n".join(_letter(case, name, (before, after), changed)) + "\n" for name in case.vendors if name in busy
    }


def _letter(case: Case, vendor: str, plans: tuple[Plan, Plan], changed: Table) -> Iterator[str]:
    first, before, after = case.planned_from, *plans
    begins = f"{case.periods.label(first)} ({_day(case.periods.starts[first])})"
    own = [row for row in changed.rows(*names(CHANGES)) if row[1] == vendor]
    yield f"# {case.name}: {'your orders change' if own else 'your orders stay as they are'} from {case.periods.label(first)} on"
    yield ""
    yield f"To {vendor}"
    yield ""
    yield f"We have re-planned the work from {begins} on. {_summary(case, own)}"
    yield ""
    if own:
        yield from _table(case, own)
        yield ""
    yield from _totals(case, vendor, before, after)
    yield from _delivered(case, vendor, after)
    yield ""
    yield "Please tell us within two working days if you cannot do this." if own else "There is nothing you need to do."


def _summary(case: Case, own: list[tuple[object, ...]]) -> str:
    if not own:
        return "Nothing changes for you: all your orders stand as they were."
    many = len({row[3] for row in own})
    unit = case.periods.unit
    told = f"one {unit} changes" if many == 1 else f"{many} {unit}s change"
    return f"For you {told}; all your other orders stand as they were."


def _table(case: Case, own: list[tuple[object, ...]]) -> Iterator[str]:
    yield f"| {case.periods.unit} | starts | product | ordered so far | ordered now | change |"
    yield "|---:|---|---|---:|---:|---:|"
    sums: dict[tuple[int, str], tuple[float, float]] = {}
    for product, _, _, period, _, old, new, *_ in own:
        before = sums.get((int(str(period)), str(product)), (0.0, 0.0))
        sums[int(str(period)), str(product)] = (before[0] + float(str(old)), before[1] + float(str(new)))
    for (period, product), (old_items, new_items) in sorted(sums.items()):
        noun = _noun(case, product)
        start = _day(case.periods.starts[period - 1])
        yield (
            f"| {period} | {start} | {product} | {old_items:,.0f} {noun} | {new_items:,.0f} {noun} | {new_items - old_items:+,.0f} |"
        )


def _totals(case: Case, vendor: str, before: Plan, after: Plan) -> Iterator[str]:
    """What the vendor is to be paid from the first planned period on, by both plans; of a team its hours."""
    first, unit = case.planned_from, case.periods.label(case.planned_from)
    if case.vendors[vendor].team is not None:
        old, new = (_hours(case, plan, vendor) for plan in (before, after))
        yield f"From {unit} on this is {new:,.0f} hours of work, {_more(new - old, 0, 'hours')}."
        return
    currency = _currency(case, vendor)
    old, new = (_owed(case, plan, vendor, first, currency) for plan in (before, after))
    yield (
        f"By our contract the work and fees due from {unit} on come to {new:,.2f} {currency}, {_more(new - old, 2, currency)}."
    )


def _more(change: float, decimals: int, unit: str) -> str:
    if abs(change) < 0.5 * 10.0**-decimals:
        return "as before"
    return f"{abs(change):,.{decimals}f} {unit} {'more' if change > 0 else 'less'} than before"


def _hours(case: Case, plan: Plan, vendor: str) -> float:
    rows = table_of(plan, "lines").rows("vendor", "period", "hours")
    return float(sum(hours for name, period, hours in rows if name == vendor and period > case.planned_from))


def _currency(case: Case, vendor: str) -> str:
    """The currency of a vendor's prices where all are in one; else the one it is said to have, or that of the case."""
    contract = case.vendors[vendor].contract
    prices = [contract.price, *(step.price for tiers in contract.tiers for step in tiers.steps)]
    prices += [rate.price for _, rate in case.rate_card.of_vendor(vendor)]
    named = {price.currency or case.currency for price in prices if price is not None}
    return named.pop() if len(named) == 1 else case.vendors[vendor].currency or case.currency


def _owed(case: Case, plan: Plan, vendor: str, first: int, currency: str) -> float:
    """What falls due to a vendor from a period on, in the currency of its contract."""
    rates = exchange_rates(case).get(currency)
    owed = 0.0
    for entry in plan.entries:
        to = payee(case, entry)
        if entry.period >= first and to.kind == VENDORS and to.name == vendor:
            owed += entry.amount / (1.0 if rates is None else float(rates[entry.period]))
    return owed


def _delivered(case: Case, vendor: str, after: Plan) -> Iterator[str]:
    """What was made before, which nothing changes."""
    made: dict[str, float] = {}
    for product, name, period, items in table_of(after, "lines").rows("product", "vendor", "period", "items"):
        if name == vendor and period <= case.planned_from:
            made[product] = made.get(product, 0.0) + items
    if made:
        nouns = {product: _noun(case, product) for product in made}
        told = " and ".join(
            f"{items:,.0f} {nouns[product]}{'' if product == nouns[product] else f' of {product}'}"
            for product, items in made.items()
        )
        yield ""
        yield f"What you have made until then ({told}) is not touched by this."


def _noun(case: Case, product: str) -> str:
    """What a product is ordered in, as people say it of several."""
    item = item_of(case, case.products[product])
    return case.model.units.get(item, case.file.units.get(item, f"{item}s"))


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
