"""Price schedules and terms: a contract's clauses as plain numbers in the case's currency."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocate import read_case
from allocate.case.load import Case
from allocate.costing.terms.contracts import terms
from allocate.costing.terms.schedules import Schedule, schedules


def case_of(contract: dict[str, Any], **more: Any) -> Case:
    """Three products, one vendor, four weeks over which the euro rises in the third."""
    plain = {"item": "image", "effort": "36 s/image", "demand": {"at-most": "500 images"}}
    box = {"task": "image.bounding-box", "drivers": {"box": "2/image"}, "demand": {"at-most": "500 images"}}
    base = {
        "case": "c",
        "currency": "USD",
        "objective": "cost",
        "exchange": {"EUR": [{"rate": "1.10 USD"}, {"from": "week 3", "rate": "1.20 USD"}]},
        "horizon": {"start": "2027-01-04", "weeks": 4},
        "products": {"a": plain, "b": box, "c": box},
        "vendors": {"v": {"contract": contract, **more.pop("vendor", {})}},
    }
    return read_case({**base, **more})


def tiers(*pairs: tuple[str | None, str], **more: Any) -> dict[str, Any]:
    """Tiers of (up to, price) pairs."""
    return {"steps": [{"price": p, **({} if end is None else {"up-to": end})} for end, p in pairs], **more}


TWO = (("100 images", "1 USD/image"), (None, "0.5 USD/image"))


def only(case: Case) -> Schedule:
    """The one schedule of a case."""
    (found,) = schedules(case)
    return found


@pytest.mark.parametrize(
    ("over", "groups"),
    [("all", [(0, 1, 2)]), ("task", [(0,), (1, 2)]), ("product", [(0,), (1,), (2,)])],
)
def test_products_are_counted_together_as_asked(over: str, groups: list[tuple[int, ...]]) -> None:
    """All of them, those of a task (a product without one is a task of its own), or each for itself."""
    assert [one.products for one in schedules(case_of({"tiers": tiers(*TWO, over=over)}))] == groups


def test_the_first_tiers_that_name_a_product_price_it() -> None:
    """Tiers without products price the rest, and a line of the rate card with a price of its own none."""
    listed = [tiers(*TWO, products=["b"]), tiers((None, "3 USD/image"))]
    assert [one.products for one in schedules(case_of({"tiers": listed}))] == [(1,), (0, 2)]
    rates = [{"product": p, "vendor": "v", "price": "9 USD/image" if p == "c" else None} for p in "abc"]
    assert [one.products for one in schedules(case_of({"tiers": listed}, rates=rates))] == [(1,), (0,)]


def test_steps_follow_one_another() -> None:
    """A step starts where the one before ends, so there can be no gap; the last has no end where none is written."""
    found = only(case_of({"tiers": tiers(("100 images", "1 USD/image"), *TWO[1:])}))
    assert [(one.start, one.stop, one.price) for one in found.steps(0)] == [(0, 100, 1.0), (100, np.inf, 0.5)]


def test_an_end_in_money_is_where_so_much_is_paid() -> None:
    """100 USD at 2 USD are 50 images; up to 160 USD there are 60 USD left, 60 images at 1 USD."""
    pairs = (("100 USD", "2 USD/image"), ("160 USD", "1 USD/image"), (None, "0.5 USD/image"))
    found = only(case_of({"tiers": tiers(*pairs)}))
    assert [one.stop for one in found.steps(0)] == [50, 110, np.inf]


def test_the_price_is_that_of_the_first_period_of_its_window_and_its_rate_that_of_the_last() -> None:
    """Season and escalation of a window hold from its start; it is paid in its last week, at the euro of that week."""
    contract = {"tiers": tiers((None, "1 EUR/image"), window="month")}
    vendor = {"season": [{"from": "week 4", "factor": "200%"}]}
    found = only(case_of(contract, vendor=vendor))
    np.testing.assert_allclose(found.factor, [1.0])  # the whole of January
    np.testing.assert_allclose(found.rate, [1.2])
    assert found.currency == "EUR"
    contract["tiers"]["window"] = "period"
    each = only(case_of(contract, vendor=vendor))
    np.testing.assert_allclose(each.factor * each.rate, [1.1, 1.1, 1.2, 2.4])


@pytest.mark.parametrize(
    ("quantity", "parts"),
    [(0, []), (100, [("tier", 0, 100, 1.0)]), (100.5, [("tier", 0, 100, 1.0), ("tier", 1, 0.5, 0.5)])],
)
def test_incremental_steps_charge_each_part_its_own_price(quantity: float, parts: list[Any]) -> None:
    """The end of a step still costs its price; what is above costs the next."""
    assert only(case_of({"tiers": tiers(*TWO)})).charged(quantity, 0) == parts


@pytest.mark.parametrize(("quantity", "step"), [(99, 0), (100, 0), (100.001, 1)])
def test_all_unit_steps_charge_everything_the_last_price_reached(quantity: float, step: int) -> None:
    """The end of a step still costs its price; just above it all units cost the next."""
    found = only(case_of({"tiers": tiers(*TWO, kind="all-unit")}))
    assert found.charged(quantity, 0) == [("tier", step, quantity, (1.0, 0.5)[step])]
    assert found.charged(0.0, 0) == []


PRICES = st.lists(st.floats(0, 9), min_size=1, max_size=4)


@pytest.mark.slow
@settings(max_examples=40, deadline=None, derandomize=True)
@given(PRICES, st.floats(0, 500))
@pytest.mark.parametrize("kind", ["incremental", "all-unit"])
def test_all_units_are_charged_once(kind: str, prices: list[float], quantity: float) -> None:
    """Parts add up to the quantity; incremental money never falls when more is bought."""
    ends = [f"{100 * (n + 1)} images" for n in range(len(prices) - 1)]
    pairs = zip([*ends, None], [f"{price:.4f} USD/image" for price in prices], strict=True)
    found = only(case_of({"tiers": tiers(*pairs, kind=kind)}))
    parts = found.charged(quantity, 0)
    assert sum(units for _, _, units, _ in parts) == pytest.approx(quantity)
    if kind == "incremental":
        more = sum(units * price for _, _, units, price in found.charged(quantity + 1.0, 0))
        assert more >= sum(units * price for _, _, units, price in parts) - 1e-9


@pytest.mark.parametrize(
    ("prices", "kind", "rising"),
    [((1, 1, 2), "incremental", True), ((1, 2, 1), "incremental", False), ((1, 2, 3), "all-unit", False)],
)
def test_prices_that_rise_step_by_step_need_no_choices(prices: tuple[int, ...], kind: str, rising: bool) -> None:
    """Only incremental prices that never fall make a convex cost."""
    pairs = zip(["10 images", "20 images", None], [f"{price} USD/image" for price in prices], strict=True)
    assert only(case_of({"tiers": tiers(*pairs, kind=kind)})).rising is rising


def test_fees_are_in_the_case_currency_and_limits_in_their_own() -> None:
    """Fees at the first period's rate, a retainer week by week; a commitment and a ceiling as they are written."""
    fees = {"onboarding": "100 EUR", "retainer": "10 EUR/week", "product-start": "20 EUR"}
    committed = {"at-least": "50 EUR", "window": "period"}
    contract = {"price": "1 EUR/image", "fees": fees, "commitment": committed, "ceiling": "900 EUR"}
    (found,) = terms(case_of(contract, vendor={"onboarding": "5 USD"}))
    assert found.onboarding == pytest.approx(115)
    np.testing.assert_allclose(found.retainer, [11, 11, 12, 12])
    np.testing.assert_allclose(found.product_start, 22)
    assert found.commitment is not None
    assert (found.commitment.least, found.commitment.currency) == (50.0, "EUR")
    np.testing.assert_allclose(found.commitment.price, [1.1, 1.1, 1.2, 1.2])
    assert (found.ceiling, found.ceiling_in) == (900.0, "EUR")


def test_a_commitment_cut_by_the_horizon_is_owed_whole() -> None:
    """A quarter of which the horizon holds four weeks still asks for all that was committed."""
    contract = {"price": "1 USD/image", "commitment": {"at-least": "90 USD", "window": "quarter"}}
    (found,) = terms(case_of(contract))
    assert found.commitment is not None
    assert found.commitment.least == 90.0
    assert len(found.commitment.windows.labels) == 1


def test_a_contract_without_clauses_asks_nothing() -> None:
    """No engagement, no starts, no ceiling."""
    (found,) = terms(case_of({"price": "1 USD/image"}))
    assert not found.engages
    assert not np.any(found.starts)
    assert found.ceiling == np.inf
    assert found.commitment is None
    assert found.minimum_invoice is None


def test_an_order_asks_about_starting() -> None:
    """A minimum order needs to know whether a product is started on; lots do not."""
    (found,) = terms(case_of({"price": "1 USD/image", "minimum-order": "10 images"}))
    assert np.all(found.starts)
    (found,) = terms(case_of({"price": "1 USD/image", "order-multiple": "10 images"}))
    assert not np.any(found.starts)
    assert found.order_multiple == 10
