"""Discounts on several products together: published examples, brute force, what counts them; mistakes in the case."""

from __future__ import annotations

from typing import Any

import pytest
from contract_grid import checked, exact, pays_its_invoice, spend_of, written
from hypothesis import given
from hypothesis import strategies as st
from mistakes import clause, told_once_each

from allocate import read_case, solve
from allocate.answers import UnverifiedPlanError
from allocate.costing.clauses import volume_discount

PRICES = {"one": 1.0, "two": 3.0}


def bought(discount: Any, one: int = 60, two: int = 60, weeks: int = 1, **more: Any) -> dict[str, Any]:
    """So many images of two products at 1 and 3 USD, all from one vendor with a discount."""
    case = written({"v": {"contract": {"volume-discount": discount}}}, products=["one", "two"], weeks=weeks, **more)
    for name, many in (("one", one), ("two", two)):
        case["products"][name]["demand"] = {"exactly": f"{many} images"}
    rates = [{"product": name, "vendor": "v", "price": f"{price} USD/image"} for name, price in PRICES.items()]
    return {**case, "rates": rates}


@pytest.mark.parametrize(
    ("discount", "spend"),
    [
        ({"steps": [{"from": "100 items", "off": "10%"}]}, 216.0),
        ({"steps": [{"from": "121 items", "off": "10%"}]}, 240.0),
        ({"steps": [{"from": "240 USD", "off": "10%"}]}, 216.0),
        ({"steps": [{"from": "200 EUR", "off": "10%"}]}, 240.0),
        ({"steps": [{"from": "192 EUR", "off": "10%"}]}, 216.0),
        ({"steps": [{"from": "1.2 h", "off": "10%"}]}, 216.0),
        ({"steps": [{"from": "2 products", "off": "5%"}]}, 228.0),
        ({"steps": [{"from": "2 products", "off": "5%"}], "each": "61 images"}, 240.0),
        ({"steps": [{"from": "100 items", "prices": {"two": "2.50 USD/image"}}]}, 210.0),
        ({"steps": [{"from": "100 items", "off": "0.20 EUR/image"}], "on": "one"}, 240 - 60 * 0.25),
        ({"steps": [{"from": "60 items", "off": "10%"}], "products": "one"}, 234.0),
        ({"steps": [{"from": "60 items", "off": "10%"}], "products": "one", "on": ["one", "two"]}, 216.0),
        ({"steps": [{"from": "50 items", "off": "2%"}, {"from": "120 items", "off": "4%"}]}, 240 * 0.96),
        ([{"steps": [{"from": "2 products", "off": "5%"}]}, {"steps": [{"from": "100 items", "off": "10%"}]}], 204.0),
    ],
)  # fmt: skip
def test_what_is_taken_off(discount: Any, spend: float) -> None:
    """60 items at 1 USD and 60 at 3, 240 USD or 192 EUR: 10% off both above 100 items in all are 216 USD (total quantity
    discounts, Goossens, Maas, Spieksma and van de Klundert 2007), and so on for business volume and bundles."""
    assert spend_of(bought(discount)) == pytest.approx(spend)


def test_a_supplier_is_given_more_than_it_is_cheapest_for_to_reach_the_next_interval() -> None:
    """Of 100 items at 1.00 or 0.95 USD and 50 at 2.00 or 2.10: splitting costs 195 USD, all with the first at 8% off 184."""
    case = written({"v": {}, "w": {}}, products=["one", "two"])
    case["products"]["one"]["demand"], case["products"]["two"]["demand"] = "100 images", "50 images"
    case["vendors"]["v"] = {"contract": {"volume-discount": {"steps": [{"from": "150 items", "off": "8%"}]}}}
    asked = {("one", "v"): 1.0, ("one", "w"): 0.95, ("two", "v"): 2.0, ("two", "w"): 2.1}
    case["rates"] = [{"product": p, "vendor": v, "price": f"{price} USD/image"} for (p, v), price in asked.items()]
    assert spend_of(case) == pytest.approx(184.0)
    case["vendors"]["v"] = {}
    assert spend_of(case) == pytest.approx(195.0)


def test_who_buys_as_many_products_as_a_worse_step_asks_has_that_step() -> None:
    """20 images each of two products at 1 and 3 USD: half of the first one's price is 10 USD off, and 5% of both, from two products
    of 20 on, is 4. Whoever buys both has the 5%: 76 USD."""
    steps = [{"from": "1 products", "prices": {"one": "0.5 USD/image"}}, {"from": "2 products", "off": "5%"}]
    assert spend_of(bought({"steps": steps, "each": "20 images"}, 20, 20)) == pytest.approx(76.0)
    assert spend_of(bought({"steps": steps, "each": "20 images"}, 20, 19)) == pytest.approx(67.0)


def test_other_clauses_count_prices_before_it() -> None:
    """A fee of 10%, a commitment of 250 USD and a rebate of 5% from 240 USD count 240 USD, of which the discount takes 24."""
    case = bought({"steps": [{"from": "100 items", "off": "10%"}]})
    case["vendors"]["v"]["platform-fee"] = "10%"
    case["vendors"]["v"]["contract"] |= {
        "commitment": "250 USD",
        "rebate": {"steps": [{"at-least": "240 USD", "back": "5%"}]},
    }
    assert spend_of(case) == pytest.approx(240 + 24 + 10 - 12 - 24)


def test_it_is_credited_at_the_end_of_its_window_by_its_step() -> None:
    """30 items a week over two weeks that two months share: three sevenths of the second week count in January."""
    case = bought({"steps": [{"from": "40 items", "off": "10%"}], "window": "month", "products": "one"}, 60, 0, weeks=2)
    case |= {"horizon": {"start": "2027-01-22", "weeks": 2}, "exchange": {}}
    case["vendors"]["v"]["capacity"] = "30 images/week"
    answer = solve(read_case(case))
    assert pays_its_invoice(answer) == pytest.approx(60 - 0.1 * (30 + 30 * 3 / 7))
    assert answer.plan is not None
    (row,) = answer.plan.invoice.query("clause == 'volume discount'").to_dict("records")
    assert (row["window"], row["about"]) == ("2027-01", "v, step 1 of 1")
    assert (row["quantity"], row["unit"], row["unit_price"]) == (pytest.approx(30 + 30 * 3 / 7), "USD", -0.1)


@pytest.mark.slow
def test_a_share_is_told_of_the_prices_it_is_taken_off_and_money_of_each_unit() -> None:
    """60 images at 1 USD and 60 at 3 USD are 240 USD: 5% of them are 12 USD, 0.2 USD off each of 120 images are 24 (and 30 where
    they are EUR, of 1.25 USD each); a price of the step's own is one amount, 0.5 USD less for 60 images."""
    for step, told in (
        ({"off": "5%"}, (240.0, "USD", -0.05, -12.0)),
        ({"off": "0.2 USD/image"}, (120.0, "image", -0.2, -24.0)),
        ({"off": "0.2 EUR/image"}, (120.0, "image", -0.25, -30.0)),
        ({"prices": {"two": "2.50 USD/image"}}, (1.0, "once", -30.0, -30.0)),
    ):
        answer = solve(read_case(bought({"steps": [{"from": "100 items", **step}]})))
        assert answer.plan is not None
        (row,) = answer.plan.invoice.query("clause == 'volume discount'").to_dict("records")
        assert tuple(row[name] for name in ("quantity", "unit", "unit_price", "amount")) == (
            pytest.approx(told[0]), told[1], pytest.approx(told[2]), pytest.approx(told[3])
        )  # fmt: skip


def test_a_step_misread_by_one_hand_stops_the_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were what is counted taken for half of it, the verifier would find a discount the invoice does not have."""
    right = volume_discount.reached
    monkeypatch.setattr(volume_discount, "reached", lambda *some: right(*some) / 2)
    with pytest.raises(UnverifiedPlanError, match="volume discount in all: the invoice asks 0, the contract says -24"):
        solve(read_case(bought({"steps": [{"from": "100 items", "off": "10%"}]})))


STARTS = {"items": [10, 20, 30, 40], "USD": [10, 25, 40, 60], "products": [1, 2], "h": [0.1, 0.3]}


@st.composite
def discounts(draw: st.DrawFn) -> dict[str, Any]:
    """A discount of one or two steps of any kind."""
    unit = draw(st.sampled_from(sorted(STARTS)))
    starts = sorted(draw(st.sets(st.sampled_from(STARTS[unit]), min_size=1, max_size=2)))
    offs = st.sampled_from(["5%", "20%", "0.3 USD/image", "0.1 EUR/image"])
    listed: list[dict[str, Any]] = [{"from": f"{start} {unit}", "off": draw(offs)} for start in starts]
    if draw(st.integers(0, 3)) == 0:
        listed[-1] = {"from": listed[-1]["from"], "prices": {"two": "0.5 USD/image"}}
    names = st.sampled_from([{}, {"products": "one"}, {"products": ["one", "two"], "on": "two"}])
    found = {"steps": listed, "window": draw(st.sampled_from(["period", "horizon"])), **draw(names)}
    if "prices" in listed[-1] and found.get("products") == "one":
        found["on"] = ["one", "two"]
    if len(starts) > 1 and unit == "products" and found.get("products") == "one":
        found["products"] = ["one", "two"]
    if unit == "products":
        if found.get("products") == "one":
            found["steps"] = [{**listed[0], "from": "1 products"}]
        if draw(st.booleans()):
            found["each"] = "20 images"
    return found


@pytest.mark.slow
@checked(12)
@given(discounts(), st.sampled_from([1.0, 0.8, 1.5]), st.integers(1, 2), st.booleans())
def test_no_plan_on_the_grid_is_cheaper(discount: dict[str, Any], other: float, weeks: int, shared: bool) -> None:
    """Twenty items of each of two products over two vendors; the spend is also what the terms come to, counted here by hand."""
    vendors = {"v": {"contract": {"volume-discount": discount}}, "w": {}}
    case = written(vendors, products=["one", "two"], least=20, most=20 if weeks > 1 else 40, weeks=weeks)
    asked = {("one", "v"): 1.0, ("two", "v"): 1.5, ("one", "w"): 1.0, ("two", "w"): other}
    case["rates"] = [{"product": p, "vendor": v, "price": f"{price} USD/image"} for (p, v), price in asked.items()]
    if shared:
        case["rules"] = [{"name": "r", "share": {"vendor": "v", "of": "spend", "at-least": "30%"}}]
    exact(case)
    plan = solve(read_case(case)).plan
    assert plan is not None
    assert plan.spend == pytest.approx(by_hand(plan.lines.to_dict("records"), asked, discount), abs=1e-5)


def by_hand(lines: list[dict[str, Any]], asked: dict[tuple[str, str], float], discount: dict[str, Any]) -> float:
    """What lines of a plan are owed."""
    made = [(line["product"], line["vendor"], line["period"], line["items"]) for line in lines]
    spend = sum(asked[p, v] * many for p, v, _, many in made)
    counted = _listed(discount.get("products", ["one", "two"]))
    on = _listed(discount.get("on", counted))
    windows = [{t} for _, _, t, _ in made] if discount["window"] == "period" else [{t for _, _, t, _ in made}]
    for window in {tuple(sorted(one)) for one in windows}:
        mine = [(p, many, 1.5 if t > 1 else 1.25) for p, v, t, many in made if v == "v" and t in window]
        step = None
        for one in discount["steps"]:
            number, unit = float(one["from"].split()[0]), one["from"].split()[1]
            of = {"items": lambda p: 1.0, "h": lambda p: 0.01, "USD": lambda p: asked[p, "v"]}.get(unit)
            if of is None:
                least = float(discount.get("each", "1").split()[0])
                reached = sum(sum(m for p, m, _ in mine if p == name) >= least - 1e-4 for name in counted)
            else:
                reached = sum(many * of(p) for p, many, _ in mine if p in counted)
            step = one if reached >= number - 1e-4 else step
        for product, many, rate in mine if step is not None else ():
            price = asked[product, "v"]
            if product in on and "prices" in step:
                spend -= many * (price - 0.5) if product == "two" else 0.0
            elif product in on:
                number = float(step["off"].split("%")[0].split()[0])
                spend -= many * (
                    price * number / 100 if "%" in step["off"] else number * (rate if "EUR" in step["off"] else 1)
                )
    return spend


def _listed(names: Any) -> list[str]:
    return [names] if isinstance(names, str) else list(names)


def test_a_step_with_less_off_is_no_trap() -> None:
    """From 40 items on only 1% is off: a plan buys just less, where that is cheaper."""
    steps = [{"from": "20 items", "off": "20%"}, {"from": "40 items", "off": "1%"}]
    vendors = {
        "v": {"contract": {"price": "1 USD/image", "volume-discount": {"steps": steps}}},
        "w": {"contract": {"price": "1.1 USD/image"}},
    }
    assert spend_of(written(vendors, least=40, most=40)) == pytest.approx(40 * 0.8, abs=0.02)


@pytest.mark.parametrize("solver", ["highs", "cbc"])
def test_a_bundle_may_be_worth_a_dearer_product(solver: str) -> None:
    """5% off 100 USD for a second product that costs 2 USD more there: 3 USD saved, and not for 6 USD more."""
    for more, spend in ((2.0, (100 + 42) * 0.95), (9.0, 140.0)):
        case = written({"v": {}, "w": {}}, products=["one", "two"], least=20, most=20)
        case["vendors"]["v"] = {"contract": {"volume-discount": {"steps": [{"from": "2 products", "off": "5%"}]}}}
        asked = {("one", "v"): 5.0, ("one", "w"): 6.0, ("two", "v"): 2.0 + more / 20, ("two", "w"): 2.0}
        case["rates"] = [{"product": p, "vendor": v, "price": f"{price} USD/image"} for (p, v), price in asked.items()]
        if more == 9.0:
            case["vendors"]["v"]["contract"]["volume-discount"]["each"] = "20 images"
        answer = solve(read_case(case), solver=solver)
        assert pays_its_invoice(answer) == pytest.approx(spend)


MISTAKES: list[Any] = [
    pytest.param(
        clause("volume-discount: {steps: [{from: 100 images}]}"),
        "case.yaml:32:71",
        "vendors.acme.contract.volume-discount.steps.0: a step takes something off prices, or has prices of its own",
        "write `off: 5%`, or `prices: {…}`",
        id="a step that takes nothing off",
    ),
    pytest.param(
        clause("volume-discount: {steps: [{from: 100 images, off: -10%}]}"),
        "case.yaml:32:95",
        "vendors.acme.contract.volume-discount.steps.0.off has a minus sign, and cannot be below 0 ('-10%')",
        "write `10%`",
        id="a discount with a minus sign",
    ),
    pytest.param(
        clause("volume-discount: {steps: [{from: 100 images, off: -5 PHP/h}]}"),
        "case.yaml:32:95",
        "vendors.acme.contract.volume-discount.steps.0.off has a minus sign, and cannot be below 0 ('-5 PHP/h')",
        "write `5 PHP/h`",
        id="money off with a minus sign",
    ),
    pytest.param(
        clause("volume-discount: {steps: [{from: 200 images, off: 5%}, {from: 100 images, off: 8%}]}"),
        "case.yaml:32:107",
        "the steps overlap: this one begins at 100 images, the one before (line 32) at 200 images",
        "write the steps in order, each with a higher `from`",
        id="steps out of order",
    ),
    pytest.param(
        clause("volume-discount: {steps: [{from: 2 products, off: 5%}]}"),
        "case.yaml:32:78",
        "2 products are never reached: 1 is counted",
        "write a whole number of products that there are, or let more count",
        id="more products than there are",
    ),
    pytest.param(
        clause("volume-discount: {steps: [{from: 100 scans, off: 5%}]}"),
        "case.yaml:32:78",
        "'100 scans' counts scans, and moderation has none",
        "write `100 items`, or name the `products` that count",
        id="what products have none of",
    ),
    pytest.param(
        clause("volume-discount: {steps: [{from: 100 items, off: 5 PHP/image}]}"),
        "case.yaml:32:94",
        "'5 PHP/image' is per image, and the price of moderation ('300 PHP/h') is not",
        "write it per h, or as a share",
        id="money per another unit",
    ),
    pytest.param(
        clause("volume-discount: {steps: [{from: 100 items, prices: {moderation: 310 PHP/h}}]}"),
        "case.yaml:32:97",
        "'310 PHP/h' is above the price of moderation ('300 PHP/h')",
        "write a lower price, or leave it out",
        id="a price above the price",
    ),
    pytest.param(
        clause("volume-discount: {products: triage, steps: [{from: 100 items, off: 5%}]}"),
        "case.yaml:32:73",
        "acme makes no triage",
        "leave it out, or add a rate for it",
        id="a product the vendor does not make",
    ),
    pytest.param(
        clause("tiers: {steps: [{price: 250 PHP/h}]}, volume-discount: {steps: [{from: 100 items, off: 5%}]}"),
        "case.yaml:32:100",
        "the price of moderation depends on its volume already (line 32)",
        "give it a plain price, or leave it out of `products` and `on`",
        id="a discount on tiers",
    ),
]

test_mistakes = told_once_each(MISTAKES)
