"""Contracts as small cases: every plan on a grid priced by the invoice, to compare the solver with."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pytest
from draws import examples
from hypothesis import HealthCheck, settings

from allocate import Answer, read_case, routes, solve
from allocate.case.load import Case
from allocate.costing.bill.lines import Lines
from allocate.costing.invoice import Invoice, invoice
from allocate.costing.table import Routes
from allocate.plan import Plan

STEP = 10
"""Items between two points of the grid; every quantity drawn is a multiple of it."""
Line = tuple[str, str, int, float]
"""Product, vendor, period from 0, items."""


def written(
    vendors: dict[str, Any],
    *,
    products: Sequence[str] = ("one",),
    least: int = 40,
    most: int = 40,
    weeks: int = 1,
    rates: Sequence[dict[str, Any]] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """A case of least cost: products of one image each, vendors as given, from a Wednesday in January."""
    demand = {"at-least": f"{least} images", "at-most": f"{most} images"}
    case: dict[str, Any] = {
        "case": "contracts",
        "currency": "USD",
        "objective": "cost",
        "exchange": {"EUR": [{"rate": "1.25 USD"}, {"from": "2027-01-27", "rate": "1.5 USD"}]},
        "horizon": {"start": "2027-01-20", "weeks": weeks},
        "products": {name: {"item": "image", "effort": "36 s/image", "demand": demand} for name in products},
        "vendors": vendors,
        "workflows": {"plain": {}},
        **more,
    }
    return {**case, "rates": list(rates)} if rates is not None else case


def steps(kind: str, *pairs: tuple[int | None, float], currency: str = "USD", **more: Any) -> dict[str, Any]:
    """Tiers of (up to images, price) pairs."""
    listed = [
        {"price": f"{price} {currency}/image", **({} if end is None else {"up-to": f"{end} images"})}
        for end, price in pairs
    ]
    return {"kind": kind, "steps": listed, **more}


def grid_plans(case: Case, ways: Routes) -> Iterator[np.ndarray[tuple[int, int], np.dtype[np.float64]]]:
    """Items by route and period of every plan on the grid that keeps each product's demand, shape (R, T)."""
    periods = case.periods.count
    each: list[list[np.ndarray[tuple[int, int], np.dtype[np.float64]]]] = []
    for position, product in enumerate(case.products.values()):
        mine = np.flatnonzero(ways.product == position)
        least, most = product.demand.at_least, product.demand.at_most
        assert least is not None
        assert most is not None
        plans = []
        for total in range(int(least.number), int(most.number) + 1, STEP):
            for parts in _parts(total // STEP, len(mine) * periods):
                plan = np.zeros((ways.count, periods))
                plan[mine] = np.array(parts).reshape(len(mine), periods) * float(STEP)
                plans.append(plan)
        each.append(plans)
    for chosen in itertools.product(*each):
        yield sum(chosen[1:], chosen[0])


def _parts(total: int, cells: int) -> Iterator[tuple[int, ...]]:
    """Every way to share whole units over cells."""
    if cells == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in _parts(total - first, cells - 1):
            yield (first, *rest)


def priced(case: Case, ways: Routes, plan: np.ndarray[Any, np.dtype[np.float64]]) -> Invoice:
    """The invoice of items by route and period."""
    route, period = np.nonzero(plan)
    return invoice(Lines(case, ways, route.astype(np.int32), period.astype(np.int32), plan[route, period]))


def counts_allow(case: Case, ways: Routes, plan: np.ndarray[Any, np.dtype[np.float64]]) -> bool:
    """Whether a plan keeps what its items alone decide, whatever they cost."""
    late = np.arange(case.periods.count)[None, :] + ways.lead[:, None] >= case.periods.count
    if (plan[late] > 0).any():
        return False
    made = np.zeros((len(ways.products), len(ways.vendors)))
    np.add.at(made, (ways.product, ways.vendor), plan.sum(axis=1))
    for v, vendor in enumerate(case.vendors.values()):
        contract, some = vendor.contract, made[:, v][made[:, v] > 0]
        if contract.minimum_order is not None and (some < contract.minimum_order.number).any():
            return False
        if contract.order_multiple is not None and (some % contract.order_multiple.number > 0).any():
            return False
        if vendor.capacity is not None and plan[ways.vendor == v].sum(axis=0).max() > vendor.capacity.number:
            return False
        for tiers in contract.tiers:
            end = tiers.steps[-1].up_to
            if end is not None and not _for_sale(case, ways, plan, tiers, end.number, v):
                return False
    return all(_kept(rule, made, ways) for rule in case.file.rules if not _of_money(rule))


def money_allows(case: Case, ways: Routes, plan: np.ndarray[Any, np.dtype[np.float64]], owed: Invoice) -> bool:
    """Whether what a plan costs keeps ceilings, budgets, and rules on money."""
    for name, vendor in case.vendors.items():
        prices = sum(e.amount for e in owed.entries if e.vendor == name and e.clause in ("items", "tier", "surplus"))
        if vendor.contract.ceiling is not None and prices > vendor.contract.ceiling.number + 1e-9:
            return False
    if case.file.budget.per_week is not None:
        paid = np.bincount([e.period for e in owed.entries], [e.amount for e in owed.entries], case.periods.count)
        if (paid > case.file.budget.per_week.number + 1e-9).any():
            return False
    return all(_paid(rule, ways, owed) for rule in case.file.rules if _of_money(rule))


def _for_sale(case: Case, ways: Routes, plan: Any, tiers: Any, end: float, vendor: int) -> bool:
    """Whether no window buys past the last step's end; in the drawn cases ends stand where one product is counted."""
    bought = plan[ways.vendor == vendor]
    if tiers.over == "all" and tiers.window == "horizon":
        return bool(bought.sum() <= end + 1e-9)
    assert tiers.over == "product"
    assert tiers.window == "period"
    return bool((bought <= end + 1e-9).all())


def _of_money(rule: Any) -> bool:
    return rule.share is not None or rule.spend is not None


def _paid(rule: Any, ways: Routes, owed: Invoice) -> bool:
    """Whether a rule on money is kept."""
    if rule.share is not None:
        for_work = [e for e in owed.entries if e.vendor and e.clause != "switching"]
        total = sum(e.amount for e in for_work)
        part = sum(e.amount for e in for_work if e.vendor in rule.share.vendor) / total if total else 0.5
        return bool((rule.share.at_least or 0.0) - 1e-9 <= part <= (rule.share.at_most or 1.0) + 1e-9)
    work = [entry for entry in owed.entries if entry.clause not in ("switching", "penalty")]
    total = sum(entry.amount for entry in work)
    groups = [{ways.products.index(name) for name in rule.spend.products}]
    parts = [sum(entry.amount for entry in work if set(entry.products) <= group) for group in groups]
    least, most = (rule.spend.exactly or side for side in (rule.spend.at_least, rule.spend.at_most))
    low, high = (
        0.0 if side is None else side.number * ((side.currency is None and total) or 1.0) for side in (least, most)
    )
    return all(low - 1e-9 <= part and (most is None or part <= high + 1e-9) for part in parts)


def _kept(rule: Any, made: Any, ways: Routes) -> bool:
    """Whether a rule on items is kept."""
    if rule.count is not None:
        rows = made.sum(axis=0)[None, :] if rule.count.products is None else made
        used, total = (rows > 0).sum(axis=1), rows.sum(axis=1, keepdims=True)
        enough = ((rows >= 1.0) & (rows >= 0.05 * total - 1e-9)).sum(axis=1)
        assert rule.count.counts_from is None
        least, most = rule.count.at_least or 0, rule.count.at_most if rule.count.at_most is not None else 99
        return bool((enough >= least).all() and (used <= most).all())
    if rule.needs is not None:
        other, items = ways.products.index(rule.needs.needs), rule.needs.at_least
        needed = items.number if items is not None else 1.0
        return made[ways.products.index(rule.needs.product)].sum() == 0 or made[other].sum() >= needed
    if rule.fix is not None:
        pair = ways.products.index(rule.fix.product), ways.vendors.index(rule.fix.vendor)
        return bool(made[pair] == rule.fix.items.number)
    return not any(
        made[ways.products.index(p), v] > 0
        for p in rule.only.products or ways.products
        for v, name in enumerate(ways.vendors)
        if name not in rule.only.vendors
    )


def cheapest(case: Case) -> float:
    """Least spend of all plans on the grid that keep the case; infinite where none does."""
    ways, least = routes(case), np.inf
    for plan in grid_plans(case, ways):
        if not counts_allow(case, ways, plan):
            continue  # which is found sooner than what it would cost
        owed = priced(case, ways, plan)
        if owed.total < least and money_allows(case, ways, plan, owed):
            least = owed.total
    return float(least)


def bears_all(plan: Plan) -> None:
    """Products bear all that is spent, and the parts of the invoice's entries come to the same by product."""
    size, borne = max(1.0, abs(plan.spend)), [0.0] * len(plan.products)
    for entry in plan.entries:
        for product, part in entry.parts or ([(entry.products[0], 1.0)] if len(entry.products) == 1 else []):
            borne[product] += part * entry.amount
    assert borne == pytest.approx(plan.products["cost"].tolist(), abs=1e-7 * size)
    if plan.products["items"].sum() > 0:
        assert sum(borne) == pytest.approx(plan.spend, abs=1e-7 * size)


def pays_its_invoice(answer: Answer) -> float:
    """The spend of a plan, after comparing it with the objective, the bound and the invoice."""
    plan = answer.plan
    assert plan is not None
    assert answer.verification is not None
    assert answer.verification.holds
    assert answer.bound is not None
    assert answer.objective == pytest.approx(plan.spend, rel=1e-9, abs=1e-9)
    assert answer.bound == pytest.approx(plan.spend, rel=1e-6, abs=1e-6)
    assert plan.invoice["amount"].sum() == pytest.approx(plan.spend, rel=1e-9, abs=1e-9)
    bears_all(plan)
    return plan.spend


def exact(case: dict[str, Any], solver: str = "highs") -> None:
    """The solver's spend is what its plan is owed, and no plan on the grid is cheaper."""
    read = read_case(case)
    best = cheapest(read)
    answer = solve(read, solver=solver, conflicts=False)
    if np.isinf(best) and answer.plan is None:
        return
    assert pays_its_invoice(answer) <= best * (1 + 1e-6) + 1e-6


def checked(many: int) -> Any:
    """Hypothesis settings: the same examples every time, a part of so many, no clock."""
    return settings(
        max_examples=examples(many), deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
    )


def spend_of(case: dict[str, Any]) -> float:
    """Spend of the best plan, after comparing it with its own invoice."""
    return pays_its_invoice(solve(read_case(case)))


def only(contract: dict[str, Any], items: int, **more: Any) -> dict[str, Any]:
    """A case in which one vendor makes so many items."""
    return written({"v": {"contract": contract}}, least=items, most=items, **more)
