"""Over-buying to reach a cheaper step, where the contract allows it; and what happens just at a step."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from contract_grid import checked, exact, only, pays_its_invoice, spend_of, steps, written
from hypothesis import given
from hypothesis import strategies as st

from allocate import read_case, solve
from allocate.answers import UnverifiedPlanError
from allocate.costing.terms.schedules import schedules
from allocate.errors import CaseError


def tiers(*pairs: tuple[int | None, float], **more: Any) -> dict[str, Any]:
    """A contract of all-unit steps with surplus allowed."""
    return {"tiers": steps("all-unit", *pairs, surplus="allowed", **more)}


def test_more_is_bought_than_used_only_where_the_contract_says_so() -> None:
    """Of 60 at a dollar, or 100 at half a dollar: 50 USD with surplus, 60 USD without."""
    contract = tiers((100, 1.0), (None, 0.5))
    assert spend_of(only(contract, 60)) == pytest.approx(50, abs=1e-3)
    del contract["tiers"]["surplus"]
    assert spend_of(only(contract, 60)) == pytest.approx(60)


@pytest.mark.parametrize(("items", "spend"), [(40, 40.0), (50, 50.0), (51, 50.0), (100, 50.0), (101, 50.5)])
def test_surplus_pays_from_half_the_step_on(items: int, spend: float) -> None:
    """Up to 50 the plain price is no dearer; from there to 100 the whole next step is bought; above it no surplus."""
    assert spend_of(only(tiers((100, 1.0), (None, 0.5)), items)) == pytest.approx(spend, abs=1e-3)


def test_the_invoice_shows_used_and_surplus() -> None:
    """60 used and 40 bought on top, each at half a dollar; the plan makes no more than is asked for."""
    answer = solve(read_case(only(tiers((100, 1.0), (None, 0.5)), 60)))
    pays_its_invoice(answer)
    assert answer.plan is not None
    rows = answer.plan.invoice.set_index("clause")
    assert rows["quantity"].to_dict() == {"tier": pytest.approx(60.0), "surplus": pytest.approx(40.0, abs=1e-3)}
    assert rows["about"].to_dict() == dict.fromkeys(("tier", "surplus"), "v: one, step 2 of 2")
    assert answer.plan.lines["items"].sum() == pytest.approx(60)


@pytest.mark.slow
@checked(60)
@given(
    st.lists(st.integers(1, 20), min_size=1, max_size=4),
    st.lists(st.integers(0, 9), min_size=4, max_size=4),
    st.floats(0.01, 90),
)
def test_pieces_are_the_least_of_all_ways_to_buy(lengths: list[int], prices: list[int], used: float) -> None:
    """What the program pays at a quantity, piece by piece, is what the invoice asks; and no purchase is cheaper."""
    ends = np.cumsum(lengths).tolist()
    pairs = [*zip(ends, prices, strict=False), (None, float(prices[len(ends) - 1]))]
    (one,) = schedules(read_case(only(tiers(*pairs), 40)))
    invoiced = sum(units * price for _, _, units, price in one.charged(used, 0))
    pieces = [piece for piece in one.steps(0) if piece.start <= used <= piece.stop]
    assert min(piece.fixed + (piece.price - piece.bought) * used for piece in pieces) <= invoiced + 1e-4
    bought = [max(used, step.least) for step in one.offers if step.stop >= used]
    ways = [many * step.price for many, step in zip(bought, (s for s in one.offers if s.stop >= used), strict=True)]
    assert invoiced == pytest.approx(min(ways), abs=1e-9)


@pytest.mark.slow
def test_surplus_is_not_bought_to_reach_a_share() -> None:
    """A share of the spend is not reached by buying what nobody uses."""
    vendors = {"v": {"contract": tiers((30, 1.0), (None, 0.8))}, "w": {"contract": {"price": "0.5 USD/image"}}}
    keep = {"name": "keep v", "share": {"vendor": "v", "of": "spend", "at-least": "40%"}}
    exact(written(vendors, least=40, most=40, rules=[keep]))


@pytest.mark.parametrize("items", [19_999, 19_999.99, 20_000, 20_000.03, 20_001])
@pytest.mark.parametrize("surplus", [{}, {"surplus": "allowed"}])
def test_program_and_invoice_agree_at_below_and_above_a_step(items: float, surplus: dict[str, str]) -> None:
    """Up to 20,000 cost 0.55 each; whatever lies above them, by more than 0.02 of an image, all of it 0.44."""
    contract = {"tiers": steps("all-unit", (20_000, 0.55), (None, 0.44), **surplus)}
    bought = max(items, 20_000.02) if surplus else items
    cost = 0.55 * items if items <= 20_000 and not surplus else 0.44 * bought
    assert spend_of(written({"v": {"contract": contract}}, least=items, most=items)) == pytest.approx(cost, abs=1e-6)  # type: ignore[arg-type]


def made(capacity: str, items: float, contract: dict[str, Any], weeks: int = 1, **vendor: Any) -> dict[str, Any]:
    """A case in which one vendor with a capacity makes so many items."""
    return written({"v": {"contract": contract, "capacity": capacity, **vendor}}, least=items, most=items, weeks=weeks)


@pytest.mark.parametrize(
    ("capacity", "spend"),
    [
        ("99 images", 60.0),
        ("100.01 images", 50.0),
        ("100 images/week", 60.0),
        ("1 h/week", 60.0),
        ("1.01 h/week", 50.0),
    ],
)
def test_surplus_is_made_within_the_capacity(capacity: str, spend: float) -> None:
    """Just above 100 at half a dollar are bought for 50 USD only where 100 can be made; else 60 at a dollar."""
    assert spend_of(made(capacity, 60, tiers((100, 1.0), (None, 0.5)))) == pytest.approx(spend, abs=1e-3)


def test_surplus_that_is_only_paid_for_needs_no_capacity() -> None:
    """`paid-only` buys 100 of somebody who makes 80 a week."""
    contract = {"tiers": steps("all-unit", (100, 1.0), (None, 0.5), surplus="paid-only")}
    assert spend_of(made("80 images/week", 60, contract)) == pytest.approx(50, abs=1e-3)


@pytest.mark.slow
@checked(30)
@given(
    st.integers(20, 140),
    st.integers(5, 60),
    st.lists(st.integers(1, 9), min_size=3, max_size=3),
    st.sampled_from([0, 7, 25]),
    st.sampled_from(["images", "images/week"]),
)
def test_no_way_to_buy_that_can_be_made_is_cheaper(
    capacity: int, used: int, prices: list[int], lot: int, unit: str
) -> None:
    """Of all whole quantities from what is used to what can be made, in whole lots, the cheapest is bought."""
    ends, used = (30, 70), min(used, capacity) // lot * lot if lot else min(used, capacity)
    if not used:
        return
    contract = tiers((ends[0], prices[0]), (ends[1], prices[1]), (None, prices[2]))
    contract |= {"order-multiple": f"{lot} images"} if lot else {}
    ways = [
        many * prices[sum(many > end for end in ends)]
        for many in range(used, capacity + 1)
        if not lot or (many - used) % lot == 0
    ]
    if not lot:
        ways += [end * prices[n + 1] for n, end in enumerate(ends) if used <= end < capacity]  # a hair above the end
    assert spend_of(made(f"{capacity} {unit}", used, contract)) == pytest.approx(min(ways), abs=0.01 * max(prices))


@pytest.mark.parametrize(("capacity", "spend"), [("100 images/month", 47.5), ("94 images/month", 60.0)])
def test_what_a_line_makes_in_a_month_is_whole_in_february(capacity: str, spend: float) -> None:
    """A line of the rate card with 100 images a month has 100 in February too, and just above 95 are bought of them."""
    rates = [{"product": "one", "vendor": "v", "capacity": capacity}]
    case = written({"v": {"contract": tiers((95, 1.0), (None, 0.5))}}, least=60, most=60, rates=rates)
    february = {"horizon": {"start": "2027-02-01", "months": 1}, "exchange": {}}
    assert spend_of(case | february) == pytest.approx(spend, abs=1e-3)


@pytest.mark.parametrize("window", ["period", "horizon"])
def test_surplus_of_a_window_is_made_in_its_weeks(window: str) -> None:
    """Of 30 a week for two weeks, 50 are had in the horizon and in no week; the price falls from 40 on."""
    contract = tiers((40, 1.0), (None, 0.1), window=window)
    spend = 4.0 if window == "horizon" else 20.0
    assert spend_of(made("30 images/week", 20, contract, weeks=2)) == pytest.approx(spend, abs=1e-3)


def test_surplus_that_depends_on_other_work_is_refused() -> None:
    """With a capacity that two lists of steps share, it cannot be said what is left; with an ample one it need not."""
    contract = tiers((100, 1.0), (None, 0.5), over="product")
    case = written(
        {"v": {"contract": contract, "capacity": "150 images/week"}},
        products=("one", "two"),
        least=60,
        most=60,
        weeks=1,
    )
    with pytest.raises(CaseError, match="depends on its other work") as caught:
        solve(read_case(case))
    assert caught.value.problems[0].fix is not None
    assert "paid-only" in caught.value.problems[0].fix
    case["vendors"]["v"]["capacity"] = "400 images/week"
    assert spend_of(case) == pytest.approx(100, abs=1e-3)
    case["vendors"]["v"]["capacity"] = "150 images/week"
    case["vendors"]["v"]["contract"]["tiers"]["surplus"] = "paid-only"
    assert spend_of(case) == pytest.approx(100, abs=1e-3)


def test_surplus_of_work_that_takes_unequal_time_is_refused() -> None:
    """In one list of steps an image of one takes 36 s and one of two 72 s: how many more a week of 3 h makes depends on the mix."""
    contract = tiers((100, 1.0), (None, 0.5))
    case = written(
        {"v": {"contract": contract, "capacity": "3 h/week"}}, products=("one", "two"), least=60, most=60, weeks=1
    )
    case["products"]["two"] = {**case["products"]["two"], "effort": "72 s/image"}
    with pytest.raises(CaseError, match="and on the mix of it"):
        solve(read_case(case))


def test_a_bill_for_more_than_can_be_made_fails_its_check(monkeypatch: pytest.MonkeyPatch) -> None:
    """The verifier holds what is bought against the capacity by itself: an invoice that does not is found out."""
    for name in ("allocate.costing.bill.ledger.buyable", "allocate.program.clauses.tiers.buyable"):
        monkeypatch.setattr(name, lambda case, _: schedules(case))
    with pytest.raises(UnverifiedPlanError, match="surplus of v"):
        solve(read_case(made("80 images", 60, tiers((100, 1.0), (None, 0.5)))))
    lots = {**tiers((100, 1.0), (None, 0.5)), "order-multiple": "30 images"}
    with pytest.raises(UnverifiedPlanError, match="surplus of v: one with v, the horizon: the invoice asks"):
        solve(read_case(made("800 images", 60, lots)))
