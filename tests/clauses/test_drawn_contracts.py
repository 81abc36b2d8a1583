"""Whatever contracts and rules say together, no plan on a grid beats the solver."""

from __future__ import annotations

from typing import Any

import pytest
from contract_grid import STEP, checked, exact, steps, written
from hypothesis import given
from hypothesis import strategies as st

from allocate import CaseError, read_case, solve

pytestmark = pytest.mark.slow

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
    if kind == "all-unit" and draw(st.booleans()):
        more["surplus"] = "paid-only"
    if len(pairs) > 1 and draw(st.integers(0, 3)) == 0:
        return steps(kind, *pairs, currency=currency, **{**more, "window": "horizon", "over": "all"})
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
        window = draw(st.sampled_from(["horizon", "period", "month"]))
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
    _newer(draw, contract)
    _newest(draw, contract, currency)
    vendor: dict[str, Any] = {"contract": contract, "lead": draw(st.sampled_from(["0 weeks", "0 weeks", "1 week"]))}
    if draw(st.booleans()):
        vendor["season"] = [{"from": "week 1", "factor": draw(st.sampled_from(["80%", "120%"]))}]
    fees = [None, None, "10%", "0.2 USD/image"]
    if "tiers" not in contract:
        fees += ["max(10%, 0.07 EUR/image)", {"amount": "7%", "plus": "0.03 USD/image", "rounded": "up"}]
    fee = draw(st.sampled_from(fees))
    if fee is not None:
        vendor["platform-fee"] = fee
    if draw(st.integers(0, 3)) == 0:
        vendor["indexation"] = {"on": "2026-02-01", "rate": "9%", "cap": draw(st.sampled_from(["5%", "20%"]))}
    if draw(st.integers(0, 3)) == 0:
        vendor["capacity"] = f"{draw(st.integers(2, 4)) * STEP} images/week"
    return vendor


def _newer(draw: st.DrawFn, contract: dict[str, Any]) -> None:
    """Seats, rebates, discounts, bonus and price reduction."""
    clauses = draw(st.sets(st.sampled_from(["seat", "rebate", "early", "quality", "late"]), max_size=2))
    unit = "USD/image" if "tiers" in contract else "%"
    if "seat" in clauses:
        time = draw(st.sampled_from(["", "/week", "/month"]))
        work = draw(st.sampled_from(["15 images", "0.25 h", "30 items"]))
        seat = {"price": f"{draw(st.integers(1, 9))} USD{time}", "carries": f"{work}{time}"}
        contract.setdefault("fees", {})["seat"] = seat
    if "rebate" in clauses:
        contract.pop("ceiling", None)  # a step above it is refused
        starts = sorted(draw(st.sets(st.integers(1, 60), min_size=1, max_size=2)))
        listed = [{"at-least": f"{start} USD", "back": f"{draw(st.integers(1, 30))}%"} for start in starts]
        contract["rebate"] = {"kind": draw(st.sampled_from(["all-unit", "incremental"])), "steps": listed}
    if "early" in clauses:
        contract["early-payment"] = {"discount": "2%", "within": "10 days"}
    if "quality" in clauses:
        size = 0.05 if unit != "%" else 10
        contract["quality"] = [draw(st.sampled_from([{"below": "98%"}, {"above": "90%"}]))]
        contract["quality"][0]["price"] = f"{draw(st.sampled_from([-size, size]))} {unit}".replace(" %", "%")
    if "late" in clauses:
        contract["lateness"] = [{"beyond": "3 days", "price": f"-0.05 {unit}" if unit != "%" else "-20%"}]


def _newest(draw: st.DrawFn, contract: dict[str, Any], currency: str) -> None:
    """Prices of several parts, discounts over products, promises of work and least invoices."""
    clauses = draw(st.sets(st.sampled_from(["parts", "discount", "work", "invoice", "none"]), max_size=2))
    if "parts" in clauses and "tiers" not in contract:
        contract["plus"] = draw(st.sampled_from([f"9 {currency}/h", f"0.1 {currency}/EU"]))
    if "discount" in clauses and "tiers" not in contract:
        start = draw(st.sampled_from(["20 items", "0.3 h", "25 USD", "2 products", "20 EUR"]))
        off = draw(st.sampled_from(["15%", "0.08 USD/image"]))
        window = draw(st.sampled_from(["period", "month", "horizon"]))
        contract["volume-discount"] = {"steps": [{"from": start, "off": off}], "window": window}
    if "work" in clauses:
        window = draw(st.sampled_from(["period", "month", "horizon"]))
        share = draw(st.sampled_from(["30%", "100%"]))
        contract["commitment"] = {"at-least": "0.3 h", "price": "40 EUR/h", "shortfall": share, "window": window}
    tiers = contract.get("tiers")
    if "invoice" in clauses and (tiers is None or tiers["window"] in ("period", "month")):
        contract["minimum-invoice"] = draw(st.sampled_from(["14 USD/month", "9 EUR/month"]))


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
    incumbent = draw(st.sampled_from([None, None, {}, {"below": "50%"}]))
    if count == 2 and draw(st.booleans()):
        least = 0
    more: dict[str, Any] = {"rules": draw(rules(products))}
    if weeks > 1 and draw(st.integers(0, 3)) == 0:
        more["budget"] = {"per-week": f"{draw(st.integers(15, 45))} USD"}
    for vendor in vendors.values() if count == 1 else ():
        discount = vendor["contract"].get("volume-discount")
        if discount is not None and discount["steps"][0]["from"] == "2 products":
            discount["steps"][0]["from"] = "1 products"
    case = written(vendors, products=products, least=least, most=most, weeks=weeks, **more)
    if incumbent is not None:
        case["products"]["one"]["incumbent"] = {
            "vendor": "v",
            "switching": f"{draw(st.integers(1, 20))} USD",
            **incumbent,
        }
    return case


@checked(80)
@given(cases())
def test_no_plan_on_the_grid_is_cheaper(case: dict[str, Any]) -> None:
    """Whatever the contracts, the solver's plan costs what its invoice says, and none on the grid costs less.

    Refused are only commitments that nobody could use up.
    """
    try:
        exact(case)
    except CaseError as refused:
        if not all("is promised" in problem.message for problem in refused.problems):
            raise


@checked(6)
@given(cases())
def test_cbc_finds_the_same_spend(case: dict[str, Any]) -> None:
    """Another solver comes to the same money, or also finds nothing."""
    read = read_case(case)
    one, other = solve(read), solve(read, solver="cbc")
    assert (one.plan is None) == (other.plan is None)
    if one.plan is not None and other.plan is not None:
        assert other.plan.spend == pytest.approx(one.plan.spend, rel=1e-6, abs=1e-6)
