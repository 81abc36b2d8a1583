"""Every limit of a case, recomputed from the lines of a plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocate.case.amounts import FIRST_WORK
from allocate.costing import limits
from allocate.costing.work.products import driver_count
from allocate.exact import array_of, by_position, element, floats, total
from allocate.verification import contracts, levers, missed, mix_rules, teams
from allocate.verification.by_time import checking_hours, ramp, rate_items, within
from allocate.verification.found import TOLERANCE, Check
from allocate.verification.payments import counted, counted_in, rate
from allocate.verification.work import Floats, Work


def limits_used(work: Work) -> tuple[Check, ...]:
    """Every limit of the case and what the plan uses of it."""
    return tuple(check for family in FAMILIES for check in family(work))


def _budgets(work: Work) -> Iterator[Check]:
    case, budget = work.case, work.case.file.budget
    if budget.total is not None:
        unit = budget.total.currency or case.currency
        used = sum((counted(case, entry, unit) for entry in work.owed.entries), 0.0)
        yield Check("budget", (), "budget", unit, used, budget.total.number, False)
    each, count = budget.per_week or budget.per_month, case.periods.count
    if each is not None:
        unit = each.currency or case.currency
        inside = [(when, entry) for when, entry in counted_in(work) if when < count]
        amounts = array_of([counted(case, entry, unit) for _, entry in inside])
        spent = by_position(np.array([when for when, _ in inside], dtype=np.int64), amounts, count)
        for period in range(count):
            subject = f"budget of {work.label(period)}"
            check = Check("budget_period", (period,), subject, unit, element(spent[period]), each.number, False)
            yield replace(check, group="budget of each period", period=period)
    grouped = limits.budget_limits(work.case)
    entries = counted_in(work) if grouped else []
    for number, limit in enumerate(grouped):
        names = {"" if v == limits.NOBODY else work.routes.vendors[v] for v in limit.vendors}
        mine = ((t, one) for t, one in entries if one.vendor in names and set(one.products) <= limit.products)
        within = (one for t, one in mine if limit.first <= t <= limit.last)
        used = sum((counted(case, one, limit.currency) for one in within), 0.0)
        subject = f"budget limit '{limit.name}'"
        yield Check("budget_group", (number,), subject, limit.currency, used, limit.amount, False)


def _demand(work: Work) -> Iterator[Check]:
    least, most = limits.demand(work.case)
    made = by_position(work.product, work.items, len(least))
    for product, name in enumerate(work.routes.products):
        noun = work.routes.items[product]
        if least[product] > 0:
            subject = f"items of {name}"
            check = Check(
                "demand_floor", (product,), subject, noun, element(made[product]), float(least[product]), True
            )
            penalty, end = work.case.products[name].demand.penalty, work.stated.last_periods[product] - 1
            yield missed.may(work, check, penalty, f"demand of {name}", end)
        if np.isfinite(most[product]):
            subject = f"items of {name}"
            yield Check(
                "demand_ceiling", (product,), subject, noun, element(made[product]), float(most[product]), False
            )


def _in_progress(work: Work) -> Iterator[Check]:
    """Items begun and not delivered when each period ends, of products that limit them: whoever takes them up one by one."""
    lead = work.routes.lead[work.route]
    for product, one in enumerate(work.case.products.values()):
        if one.work_in_progress is None:
            continue
        most, group = one.work_in_progress.at_most.number, f"work in progress of {work.routes.products[product]}"
        for period in range(work.case.periods.count):
            inside = (work.product == product) & (work.period <= period) & (period < work.period + lead)
            key, subject = (product, period), f"{group} in {work.label(period)}"
            used, noun = work.summed(work.items, inside), work.routes.items[product]
            yield Check("work_in_progress", key, subject, noun, used, most, False, group=group, period=period)


def _accuracy(work: Work) -> Iterator[Check]:
    delivered = work.period + work.routes.lead[work.route]
    together = np.zeros(len(work.items), dtype=np.int64)
    yield from _floors(work, "accuracy_floor", "average", together, lambda _: "")
    vendors = work.routes.vendors
    yield from _floors(work, "accuracy_floor_vendor", "each-vendor", work.vendor, lambda v: f" by {vendors[v]}")
    yield from _floors(
        work, "accuracy_floor_delivery", "each-delivery", delivered, lambda t: f" delivered in {work.label(t)}"
    )


def _floors(
    work: Work, family: str, of: str, part: NDArray[np.integer[Any]], words: Callable[[int], str]
) -> Iterator[Check]:
    """Floors on the accuracy of parts of what is made of a product; parts nothing is made of have none."""
    floors = limits.accuracy_floors(work.case, of)
    for product in np.flatnonzero(np.isfinite(floors)).tolist():
        for one in np.unique(part[work.product == product]).tolist():
            inside = (work.product == product) & (part == one)
            made = work.summed(work.items, inside)
            if made <= 0:
                continue
            used = work.summed(work.items * work.routes.assured[work.route], inside) / made
            key = (product,) if of == "average" else (product, one)
            sure = work.case.products[work.routes.products[product]].accuracy
            surely = f" with {sure.confidence:g} confidence" if sure is not None and sure.confidence else ""
            subject = f"accuracy of {work.routes.products[product]}{words(one)}{surely}"
            check = Check(family, key, subject, "share", used, float(floors[product]), True, made)
            yield missed.accuracy(work, check, product, words(one))


def _capacities(work: Work) -> Iterator[Check]:
    ways = work.routes
    for capacity in work.stated.capacities:
        mine = work.vendor == capacity.vendor
        if capacity.noun == "EU":
            content = work.items * ways.equivalent_units[work.route]
        else:
            content = work.items * (1.0 if capacity.noun == "h" else _counted(work, capacity.noun)[work.product])
        name = ways.vendors[capacity.vendor]
        unit = capacity.noun
        there = capacity.amounts + sum((change for lever, change in capacity.levers if lever in work.bought), 0.0)
        if not capacity.by_period:
            subject = f"capacity of {name}"
            used = work.summed(content, mine)
            yield Check("vendor_total", (capacity.vendor,), subject, unit, used, float(there[0]), False)
            continue
        family = "vendor_hours" if unit == "h" else "vendor_items"
        used_by = work.hours_worked(mine) if unit == "h" else by_position(work.period[mine], content[mine], len(there))
        group = f"{'hours' if unit == 'h' else 'capacity'} of {name}"
        if work.case.vendors[name].ramp_from == FIRST_WORK:
            there, begun = _from_first_work(work, capacity.vendor, family, used_by, there)
            yield from begun
        for period in np.flatnonzero(np.isfinite(there) & ((used_by > there) | (not work.brief))).tolist():
            key, subject = (capacity.vendor, period), f"{group} in {work.label(period)}"
            used, most = element(used_by[period]), float(there[period])
            yield Check(family, key, subject, unit, used, most, False, group=group, period=period)


def _from_first_work(
    work: Work, vendor: int, family: str, used: Floats, there: Floats
) -> tuple[Floats, Iterator[Check]]:
    """What a vendor has whose ramp begins with its first work, and whether that is work enough for a ramp to begin."""
    name, unit = work.routes.vendors[vendor], "h" if family == "vendor_hours" else "items"
    worked = [period for period, amount in enumerate(used) if element(amount) > TOLERANCE]
    first = worked[0] if worked else len(there)
    there = within(there, ramp(work.case, work.case.vendors[name], first))

    def begun() -> Iterator[Check]:
        if worked:
            subject = f"first work of {name} in {work.label(first)}, for its ramp to begin"
            key, least = (vendor, first), 0.05 * float(there[first])
            yield Check(
                f"first_work_{family.removeprefix('vendor_')}", key, subject, unit, element(used[first]), least, True
            )

    return there, begun()


def _counted(work: Work, noun: str) -> Floats:
    """How many of a noun an item of each product has, shape (P,): 1 of itself, the count of a driver, else 0."""
    counts = [
        1.0 if noun in ("item", item) else driver_count(work.case, product, noun)
        for item, product in zip(work.routes.items, work.case.products.values(), strict=True)
    ]
    return np.array(counts)


def _rate_lines(work: Work) -> Iterator[Check]:
    ways = work.routes
    limited = np.isfinite(ways.line_capacity)
    for line in np.unique(ways.line[limited]):
        first = int(np.flatnonzero(ways.line == line)[0])
        mine = ways.line[work.route] == line
        words = f"{ways.products[ways.product[first]]} with {ways.vendors[ways.vendor[first]]}"
        noun, amount = ways.items[ways.product[first]], float(ways.line_capacity[first])
        there = rate_items(work.case, int(line))
        if there is None:
            used = work.summed(work.items, mine)
            yield Check("rate_total", (int(line),), f"items of {words}", noun, used, amount, False)
            continue
        used_by = by_position(work.period[mine], work.items[mine], len(there))
        for period, most in enumerate(there.tolist()):
            subject = f"items of {words} in {work.label(period)}"
            key = (int(line), period)
            check = Check("rate_items", key, subject, noun, element(used_by[period]), most, False)
            yield replace(check, group=f"items of {words}", period=period)


def _review(work: Work) -> Iterator[Check]:
    hours = checking_hours(work.case, work.routes)
    if hours is not None:
        used = work.hours_worked(np.ones(len(work.items), dtype=bool), review=True)
        for period, amount in enumerate(hours):
            subject = f"hours of the review team in {work.label(period)}"
            check = Check("review_team_hours", (period,), subject, "h", element(used[period]), float(amount), False)
            yield replace(check, group="hours of the review team", period=period)


def _shares(work: Work) -> Iterator[Check]:
    tables: dict[tuple[str, tuple[int, ...]], tuple[Floats, Floats]] = {}
    numbers = {"share_at_most": 0, "share_at_least": 0}
    for one in work.stated.shares:
        of = (one.measure, one.products)
        amounts, totals = tables.get(of) or tables.setdefault(of, _measured(work, *of))
        when = -1 if one.period is None else one.period
        whole, part = element(totals[when]), total(amounts[list(one.vendors), when])
        for family, bound in (("share_at_most", one.at_most), ("share_at_least", one.at_least)):
            if bound is None:
                continue
            key, least = (one.rule, numbers[family]), family == "share_at_least"
            numbers[family] += 1
            if whole <= 0 or (work.brief and (part >= bound * whole if least else part <= bound * whole)):
                continue
            group = _share_words(work, one)
            label = "" if one.period is None else f" in {work.label(one.period)}"
            check = Check(family, key, group + label, "share", part / whole, bound, least, whole)
            check = mix_rules.forced(work.case, one.rule, check, one.period)
            yield check if one.period is None else replace(check, group=group, period=one.period)


def _share_words(work: Work, one: limits.Share) -> str:
    names, whole = work.routes.products, len(one.products) == len(work.routes.products)
    who = " and ".join(work.routes.vendors[v] for v in one.vendors)
    where = "" if whole else " of " + ", ".join(names[p] for p in one.products)
    return f"rule '{one.name}': share of {who} in {one.measure}{where}"


def _measured(work: Work, measure: str, products: tuple[int, ...]) -> tuple[Floats, Floats]:
    """What is shared, by vendor and period with all periods together last, shape (V, T + 1); and of all vendors."""
    ways = work.routes
    if measure == "spend":
        amounts = _owed_by_vendor(work, products)
    else:
        content = {"items": None, "eu": ways.equivalent_units, "hours": ways.hours}[measure]
        amounts = _by_vendor(work, work.items if content is None else work.items * content[work.route], products)
    amounts = np.column_stack([amounts, amounts.sum(axis=1)])
    return amounts, amounts.sum(axis=0)


def _by_vendor(work: Work, amounts: Floats, products: tuple[int, ...]) -> Floats:
    """Sums of an amount over some products by vendor and period, shape (V, T)."""
    periods = work.case.periods.count
    wanted = np.zeros(len(work.routes.products), dtype=bool)
    wanted[list(products)] = True
    inside = np.flatnonzero(wanted[work.product])
    cell = work.vendor[inside].astype(np.int64) * periods + work.period[inside]
    size = len(work.routes.vendors) * periods
    return by_position(cell, amounts[inside], size).reshape(-1, periods)


FOR_NO_WORK = ("switching",)
"""Clauses of the invoice whose money counts in no share of the spend, whoever gets it."""


def _owed_by_vendor(work: Work, products: tuple[int, ...]) -> Floats:
    """Money owed for nothing but some products by vendor and period, shape (V, T)."""
    position = {name: number for number, name in enumerate(work.routes.vendors)}
    owed, wanted = [[0.0] * work.case.periods.count for _ in position], set(products)
    for entry in work.owed.entries:
        if entry.vendor and entry.clause not in FOR_NO_WORK and set(entry.products) <= wanted:
            owed[position[entry.vendor]][entry.period] += entry.amount
    return array_of([amount for row in owed for amount in row]).reshape(len(position), -1)


def _values(work: Work) -> Iterator[Check]:
    ways, currency = work.routes, work.case.currency
    labels = floats(by_position(work.product, work.items * ways.effective[work.route], len(ways.products)))
    for position, (name, product) in enumerate(work.case.products.items()):
        if product.value is None:
            continue
        worth = float(work.worth[position])
        if product.value.at_least is not None:
            asked = product.value.at_least
            unit = asked.currency or currency
            used = worth / rate(work.case, unit, work.stated.last_periods[position] - 1)
            yield Check("value_floor", (position,), f"value of {name}", unit, used, asked.number, True)
        if product.value.score_at_least is not None:
            one = work.values[position]
            score = float(one.curve.score(one.existing + labels[position]))
            least = product.value.score_at_least.number
            slope = float(one.curve.marginal(one.existing + one.labels_for(least)))
            labels_per_point = 1.0 / slope if slope > 0 else 1.0
            subject = f"score of {name}"
            yield Check("score_floor", (position,), subject, "points", score, least, True, labels_per_point)
    target = work.case.file.targets.value
    if target is not None:
        unit, subject = target.currency or currency, "value of the portfolio"
        rates = np.array([rate(work.case, unit, last - 1) for last in work.stated.last_periods])
        used = float((work.worth / rates).sum())
        yield Check("value_floor", (len(ways.products),), subject, unit, used, target.number, True)


FAMILIES = (
    _budgets,
    _demand,
    missed.milestones,
    missed.lateness,
    _in_progress,
    _accuracy,
    _capacities,
    _rate_lines,
    _review,
    _shares,
    _values,
    contracts.orders,
    contracts.ceilings,
    contracts.tier_ends,
    contracts.surplus_made,
    teams.staffing,
    mix_rules.counts,
    mix_rules.incompatible,
    mix_rules.only,
    mix_rules.fixed,
    mix_rules.needs,
    levers.bought_together,
    levers.without,
)
