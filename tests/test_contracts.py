"""Contracts and mix rules: no plan on a grid, priced by the invoice, beats the solver; and the solver pays its invoice."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allocate import Answer, read_case, routes, solve
from allocate.case.load import Case
from allocate.costing.invoice import Invoice, invoice
from allocate.costing.routes import Routes
from allocate.errors import CaseError

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
    return invoice(case, ways, route.astype(np.int32), period.astype(np.int32), plan[route, period])


def allowed(case: Case, ways: Routes, plan: np.ndarray[Any, np.dtype[np.float64]], owed: Invoice) -> bool:
    """Whether a plan keeps every clause and rule, read here from the case's text."""
    made = np.zeros((len(ways.products), len(ways.vendors)))
    np.add.at(made, (ways.product, ways.vendor), plan.sum(axis=1))
    for v, (name, vendor) in enumerate(case.vendors.items()):
        contract, some = vendor.contract, made[:, v][made[:, v] > 0]
        if contract.minimum_order is not None and (some < contract.minimum_order.number).any():
            return False
        if contract.order_multiple is not None and (some % contract.order_multiple.number > 0).any():
            return False
        if vendor.capacity is not None and plan[ways.vendor == v].sum(axis=0).max() > vendor.capacity.number:
            return False
        prices = sum(e.amount for e in owed.entries if e.vendor == name and e.clause in ("items", "tier"))
        if contract.ceiling is not None and prices > contract.ceiling.number + 1e-9:
            return False
        for tiers in contract.tiers:
            end = tiers.steps[-1].up_to
            if end is not None and not _for_sale(case, ways, plan, tiers, end.number, v):
                return False
    if case.file.budget.per_week is not None:
        paid = np.bincount([e.period for e in owed.entries], [e.amount for e in owed.entries], case.periods.count)
        if (paid > case.file.budget.per_week.number + 1e-9).any():
            return False
    return all(_kept(rule, made, ways, owed) for rule in case.file.rules)


def _for_sale(case: Case, ways: Routes, plan: Any, tiers: Any, end: float, vendor: int) -> bool:
    """Whether no window buys past the last step's end; in the drawn cases ends stand where one product is counted."""
    bought = plan[ways.vendor == vendor]
    if tiers.over == "all" and tiers.window == "horizon":
        return bool(bought.sum() <= end + 1e-9)
    assert tiers.over == "product"
    assert tiers.window == "period"
    return bool((bought <= end + 1e-9).all())


def _kept(rule: Any, made: Any, ways: Routes, owed: Invoice) -> bool:
    if rule.share is not None:
        part = sum(e.amount for e in owed.entries if e.vendor in rule.share.vendor) / owed.total if owed.total else 0.5
        return bool((rule.share.at_least or 0.0) - 1e-9 <= part <= (rule.share.at_most or 1.0) + 1e-9)
    if rule.count is not None:
        rows = made.sum(axis=0)[None, :] if rule.count.products is None else made
        used = (rows > 0).sum(axis=1)
        least, most = rule.count.at_least or 0, rule.count.at_most if rule.count.at_most is not None else 99
        return bool((used >= least).all() and (used <= most).all())
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
    ways = routes(case)
    spends = []
    for plan in grid_plans(case, ways):
        owed = priced(case, ways, plan)
        if allowed(case, ways, plan, owed):
            spends.append(owed.total)
    return min(spends, default=np.inf)


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
    return plan.spend


def exact(case: dict[str, Any], solver: str = "highs") -> None:
    """The solver's spend is what its plan is owed, and no plan on the grid is cheaper."""
    read = read_case(case)
    best = cheapest(read)
    answer = solve(read, solver=solver)
    if np.isinf(best) and answer.plan is None:
        return
    assert pays_its_invoice(answer) <= best * (1 + 1e-6) + 1e-6


TENTHS = st.integers(1, 20).map(lambda n: n / 10)


@st.composite
def tiers(draw: st.DrawFn, currency: str) -> dict[str, Any]:
    """Tiers of one to three steps of any prices, of either kind, in any window."""
    ends = sorted(draw(st.sets(st.integers(1, 6), min_size=0, max_size=2)))
    prices = [draw(TENTHS) for _ in range(len(ends) + 1)]
    more: dict[str, Any] = {"window": draw(st.sampled_from(["period", "month", "quarter", "horizon"]))}
    more["over"] = draw(st.sampled_from(["all", "task", "product"]))
    kind = draw(st.sampled_from(["incremental", "all-unit"]))
    pairs: list[tuple[int | None, float]] = [(end * STEP, price) for end, price in zip(ends, prices, strict=False)]
    if len(pairs) > 1 and draw(st.integers(0, 3)) == 0:
        return steps(kind, *pairs, currency=currency, window="horizon", over="all")
    return steps(kind, *pairs, (None, prices[-1]), currency=currency, **more)


@st.composite
def contracts(draw: st.DrawFn, most: int) -> dict[str, Any]:
    """A vendor with any mix of clauses."""
    currency = draw(st.sampled_from(["USD", "USD", "EUR"]))
    contract: dict[str, Any] = {}
    if draw(st.booleans()):
        contract["tiers"] = draw(tiers(currency))
    else:
        contract["price"] = f"{draw(TENTHS)} {currency}/image"
    clauses = draw(st.sets(st.sampled_from(["commitment", "minimum", "lots", "ceiling", "fees"]), max_size=2))
    if "commitment" in clauses:
        window = contract.get("tiers", {}).get("window", "period")
        window = draw(st.sampled_from(["horizon", window]))
        contract["commitment"] = {"at-least": f"{draw(st.integers(1, 40))} USD", "window": window}
    if "minimum" in clauses:
        contract["minimum-order"] = f"{min(most, draw(st.integers(1, 4)) * STEP)} images"
    if "lots" in clauses:
        contract["order-multiple"] = f"{draw(st.sampled_from([1, 2])) * STEP} images"
    if "ceiling" in clauses:
        contract["ceiling"] = f"{draw(st.integers(10, 60))} USD"
    if "commitment" in contract and "ceiling" in contract:
        del contract["ceiling"]
    if "fees" in clauses:
        names = draw(st.sets(st.sampled_from(["onboarding", "product-start", "retainer"]), min_size=1))
        units = {"onboarding": "USD", "product-start": "EUR", "retainer": "USD/week"}
        contract["fees"] = {name: f"{draw(st.integers(1, 12))} {units[name]}" for name in sorted(names)}
    vendor: dict[str, Any] = {"contract": contract}
    if draw(st.booleans()):
        vendor["season"] = [{"from": "week 1", "factor": draw(st.sampled_from(["80%", "120%"]))}]
    fee = draw(st.sampled_from([None, None, "10%", "0.2 USD/image"]))
    if fee is not None:
        vendor["platform-fee"] = fee
    if draw(st.integers(0, 3)) == 0:
        vendor["capacity"] = f"{draw(st.integers(2, 4)) * STEP} images/week"
    return vendor


@st.composite
def rules(draw: st.DrawFn, products: list[str]) -> list[dict[str, Any]]:
    """At most one rule."""
    kinds = ["none", "none", "at-most", "at-least", "each", "needs", "only", "fix", "share"]
    kind = draw(st.sampled_from(kinds))
    if kind == "share":
        side = draw(st.sampled_from(["at-most", "at-least"]))
        return [{"name": "r", "share": {"vendor": "v", "of": "spend", side: draw(st.sampled_from(["20%", "60%"]))}}]
    if kind == "needs" and len(products) > 1:
        return [{"name": "r", "needs": {"product": "one", "needs": "two", "at-least": "20 images"}}]
    if kind == "only":
        return [{"name": "r", "only": {"products": ["one"], "vendors": ["v"]}}]
    if kind == "fix":
        return [{"name": "r", "fix": {"product": "one", "vendor": "w", "items": "10 images"}}]
    counts = {"at-most": {"at-most": 1}, "at-least": {"at-least": 2}, "each": {"products": "each", "at-most": 1}}
    return [{"name": "r", "count": counts[kind]}] if kind in counts else []


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    """Two vendors with any contracts; one product over up to three weeks, or two over up to two."""
    count, weeks, least, most = draw(
        st.sampled_from([(1, 1, 40, 80), (1, 2, 40, 40), (1, 3, 30, 30), (2, 1, 20, 40), (2, 2, 20, 20)])
    )
    products = ["one", "two"][:count]
    vendors = {"v": draw(contracts(most)), "w": draw(contracts(most))}
    if count == 2 and draw(st.booleans()):
        least = 0
    more: dict[str, Any] = {"rules": draw(rules(products))}
    if weeks > 1 and draw(st.integers(0, 3)) == 0:
        more["budget"] = {"per-week": f"{draw(st.integers(15, 45))} USD"}
    return written(vendors, products=products, least=least, most=most, weeks=weeks, **more)


def checked(examples: int) -> Any:
    """Hypothesis settings: the same examples every time, no clock."""
    return settings(
        max_examples=examples, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
    )


@checked(80)
@given(cases())
def test_no_plan_on_the_grid_is_cheaper(case: dict[str, Any]) -> None:
    """Whatever the contracts, the solver's plan costs what its invoice says, and none on the grid costs less."""
    exact(case)


@checked(6)
@given(cases())
def test_cbc_finds_the_same_spend(case: dict[str, Any]) -> None:
    """Another solver comes to the same money, or also finds nothing."""
    read = read_case(case)
    one, other = solve(read), solve(read, solver="cbc")
    assert (one.plan is None) == (other.plan is None)
    if one.plan is not None and other.plan is not None:
        assert other.plan.spend == pytest.approx(one.plan.spend, rel=1e-6, abs=1e-6)


def spend_of(case: dict[str, Any]) -> float:
    """Spend of the best plan, after comparing it with its own invoice."""
    return pays_its_invoice(solve(read_case(case)))


def only(contract: dict[str, Any], items: int, **more: Any) -> dict[str, Any]:
    """A case in which one vendor makes so many items."""
    return written({"v": {"contract": contract}}, least=items, most=items, **more)


# Google Cloud's data labelling, bounding boxes, public price page of 2020: 63, then 49 USD per 1,000, by month.
TWO_STEPS = {"window": "month", "steps": [{"up-to": "50_000 images", "price": "63 USD/1000 images"},
                                          {"up-to": "1_000_000 images", "price": "49 USD/1000 images"}]}  # fmt: skip


def test_monthly_steps_count_each_month_from_the_start() -> None:
    """60,000 in one week of January: 50,000 at 63 USD and 10,000 at 49 USD the thousand, 3,640 USD."""
    case = only({"tiers": TWO_STEPS}, 60_000, exchange={}, horizon={"start": "2027-01-04", "weeks": 1})
    assert spend_of(case) == pytest.approx(3150 + 490)


def test_a_week_is_split_over_two_months_by_its_days() -> None:
    """Of seven days from Wednesday 27 January five are January's: 50,000 of 70,000 at 63 USD, 20,000 again at 63 USD."""
    case = only({"tiers": TWO_STEPS}, 70_000, exchange={}, horizon={"start": "2027-01-27", "weeks": 1})
    assert spend_of(case) == pytest.approx(70 * 63)
    case["products"]["one"]["demand"] = "84_000 images"  # 60,000 in January, 24,000 in February
    assert spend_of(case) == pytest.approx(50 * 63 + 10 * 49 + 24 * 63)


def test_work_moves_to_the_month_in_which_it_is_cheap() -> None:
    """With two whole months and 60,000 to make, all of it in one month costs 3,640 USD, halves 3,780 USD."""
    case = only({"tiers": TWO_STEPS}, 60_000, exchange={}, horizon={"start": "2027-01-01", "months": 2})
    assert spend_of(case) == pytest.approx(3640)


@pytest.mark.parametrize(("items", "spend"), [(99, 99.0), (100, 100.0), (101, 50.5), (150, 75.0)])
def test_all_unit_prices_change_just_above_the_end_of_a_step(items: int, spend: float) -> None:
    """Up to 100 a dollar each, above it half a dollar for all: 100 cost 100 USD and 101 cost 50.50 USD."""
    assert spend_of(only({"tiers": steps("all-unit", (100, 1.0), (None, 0.5))}, items)) == pytest.approx(spend)


def test_buying_more_than_needed_is_cheaper_where_it_is() -> None:
    """60 are needed; just over 100 at half the price cost 50 USD, ten less than 60 at a dollar."""
    case = written({"v": {"contract": {"tiers": steps("all-unit", (100, 1.0), (None, 0.5))}}}, least=60, most=200)
    assert spend_of(case) == pytest.approx(50.0, abs=1e-3)


def test_all_unit_prices_may_rise() -> None:
    """Below the end of a cheap step a second vendor takes the rest."""
    tiers = steps("all-unit", (100, 1.0), (None, 2.0))
    case = written(
        {"v": {"contract": {"tiers": tiers}}, "w": {"contract": {"price": "3 USD/image"}}}, least=110, most=110
    )
    assert spend_of(case) == pytest.approx(100 + 30)


def test_take_or_pay_is_paid_partly_for_nothing() -> None:
    """200 USD are committed, and no more than 120 USD can be used: 80 USD are paid for nothing, in a line of their own."""
    answer = solve(read_case(only({"price": "2 USD/image", "commitment": "200 USD"}, 60)))
    assert pays_its_invoice(answer) == pytest.approx(200)
    assert answer.plan is not None
    rows = answer.plan.invoice
    assert rows.loc[rows["clause"] == "commitment", "amount"].tolist() == pytest.approx([80.0])
    assert answer.plan.vendors["fees"].tolist() == pytest.approx([80.0])


def test_a_commitment_by_month_is_not_used_up_by_another_month() -> None:
    """90 USD a month over two months; 100 USD of work come to 180 USD when no month has more than its 90 USD."""
    contract = {"price": "1 USD/image", "commitment": {"at-least": "90 USD", "window": "month"}}
    case = only(contract, 100, exchange={}, horizon={"start": "2027-01-01", "months": 2})
    assert spend_of(case) == pytest.approx(180)


def test_fees_are_not_part_of_what_a_commitment_counts() -> None:
    """100 USD of work use up a commitment of 100 USD; onboarding, platform and retainer come on top."""
    contract = {
        "price": "1 USD/image",
        "commitment": "100 USD",
        "fees": {"onboarding": "7 USD", "retainer": "3 USD/week"},
    }
    case = written({"v": {"contract": contract, "platform-fee": "10%"}}, least=100, most=100, weeks=2)
    assert spend_of(case) == pytest.approx(100 + 10 + 7 + 6)


def test_the_minimum_order_or_nothing() -> None:
    """Of the cheap vendor 20 or none: for 15 it makes 20, for 9 nothing, and nothing where it can make no more than 15."""
    cheap = {"contract": {"price": "1 USD/image", "minimum-order": "20 images"}}
    vendors = {"v": cheap, "w": {"contract": {"price": "2 USD/image"}}}
    assert spend_of(written(vendors, least=15, most=40)) == pytest.approx(20)
    assert spend_of(written(vendors, least=9, most=40)) == pytest.approx(18)
    vendors["v"]["capacity"] = "15 images/week"
    assert spend_of(written(vendors, least=30, most=40)) == pytest.approx(60)


def test_items_come_in_whole_lots() -> None:
    """25 are needed: three lots of ten cost 30 USD; two lots and five of the other vendor cost 28 USD at 1.60 USD."""
    lots = {"contract": {"price": "1 USD/image", "order-multiple": "10 images"}}
    assert spend_of(written({"v": lots}, least=25, most=40)) == pytest.approx(30)
    vendors = {"v": lots, "w": {"contract": {"price": "1.6 USD/image"}}}
    assert spend_of(written(vendors, least=25, most=40)) == pytest.approx(28)


@pytest.mark.parametrize(("over", "spend"), [("all", 150 + 45), ("task", 150 + 45), ("product", 240)])
def test_steps_count_products_together_or_each_for_itself(over: str, spend: float) -> None:
    """Two products of one task, 120 each, a dollar up to 150 and half above: together 150 + 45, each for itself 240."""
    tiers = steps("incremental", (150, 1.0), (None, 0.5), over=over)
    case = written({"v": {"contract": {"tiers": tiers}}}, products=("one", "two"), least=120, most=120)
    for product in case["products"].values():
        product.update(task="image.bounding-box", drivers={"box": "1/image"})
    assert spend_of(case) == pytest.approx(spend)


def test_products_of_other_tasks_are_counted_apart() -> None:
    """Two products without a task are two tasks."""
    tiers = steps("incremental", (150, 1.0), (None, 0.5), over="task")
    case = written({"v": {"contract": {"tiers": tiers}}}, products=("one", "two"), least=120, most=120)
    assert spend_of(case) == pytest.approx(240)


def test_nothing_more_is_for_sale_after_the_last_step() -> None:
    """100 a dollar each and no more; the other 20 come from elsewhere, or there is no plan."""
    contract = {"tiers": steps("incremental", (60, 1.5), (100, 1.0))}
    vendors = {"v": {"contract": contract}, "w": {"contract": {"price": "9 USD/image"}}}
    assert spend_of(written(vendors, least=120, most=120)) == pytest.approx(90 + 40 + 180)
    assert solve(read_case(only(contract, 120))).plan is None


def test_a_step_may_end_at_money() -> None:
    """The first 100 USD at 2 USD each are 50 items, the next 50 USD at 1 USD each 50 more, then half a dollar."""
    listed = [{"price": "2 USD/image", "up-to": "100 USD"}, {"price": "1 USD/image", "up-to": "150 USD"}]
    case = only({"tiers": {"steps": [*listed, {"price": "0.5 USD/image"}]}}, 120)
    assert spend_of(case) == pytest.approx(100 + 50 + 10)


def test_steps_may_count_hours() -> None:
    """120 images of 36 s are 1.2 h: one hour at 20 USD, the rest at 10 USD an hour."""
    tiers = {"steps": [{"price": "20 USD/h", "up-to": "1 h"}, {"price": "10 USD/h"}]}
    assert spend_of(only({"tiers": tiers}, 120)) == pytest.approx(22)


def test_a_platform_fee_follows_the_tiers_and_is_paid_with_them() -> None:
    """A tenth of 40 USD, not of the first step's 60 USD; tiers over the horizon are paid in its last week."""
    tiers = steps("incremental", (20, 1.0), (None, 0.5))
    case = written({"v": {"contract": {"tiers": tiers}, "platform-fee": "10%"}}, least=60, most=60, weeks=2)
    assert spend_of(case) == pytest.approx(44)
    assert spend_of({**case, "budget": {"per-week": "44 USD"}}) == pytest.approx(44)
    assert solve(read_case({**case, "budget": {"per-week": "43 USD"}})).plan is None


KEEP = [{"name": "keep v", "share": {"vendor": "v", "of": "spend", "at-least": "20%"}}]


def test_fees_are_not_paid_to_reach_a_share_of_the_spend() -> None:
    """A fifth of the spend with v takes work of v: its onboarding alone would do, and is not owed without an item."""
    contract = {"price": "1 USD/image", "fees": {"onboarding": "30 USD"}}
    vendors = {"v": {"contract": contract}, "w": {"contract": {"price": "1 USD/image"}}}
    case = written(vendors, least=100, most=100, rules=KEEP)
    exact(case)
    assert spend_of(case) == pytest.approx(130)


@pytest.mark.parametrize(
    "contract",
    [{"price": "1 USD/image", "commitment": "5 USD"}, {"tiers": steps("incremental", (50, 1.0), (None, 9.0))}],
    ids=["a commitment", "a dear step"],
)
def test_more_than_is_owed_is_not_paid_to_reach_a_share(contract: dict[str, Any]) -> None:
    """Ten images at a dollar are a tenth of the spend; a commitment paid twice or a dear step first are not owed."""
    vendors = {"v": {"contract": contract}, "w": {"contract": {"price": "1 USD/image"}}}
    hold = {"name": "hold v", "fix": {"product": "one", "vendor": "v", "items": "10 images"}}
    assert solve(read_case(written(vendors, least=100, most=100, rules=[*KEEP, hold]))).plan is None
    low = {"name": "keep v", "share": {"vendor": "v", "of": "spend", "at-least": "10%"}}
    assert spend_of(written(vendors, least=100, most=100, rules=[low, hold])) == pytest.approx(100)


def test_tiers_without_a_most_are_refused() -> None:
    """A step that is chosen needs to know how many could be bought; where nothing says so, the case is told so."""
    case = only({"tiers": steps("incremental", (20, 1.0), (None, 0.5))}, 40)
    case["products"]["one"]["demand"] = {"at-least": "40 images"}
    with pytest.raises(CaseError, match="nothing limits how many items of one could be ordered"):
        solve(read_case(case))
    case["vendors"]["v"]["contract"] = {"tiers": steps("incremental", (20, 0.5), (None, 1.0))}
    assert spend_of(case) == pytest.approx(30)
