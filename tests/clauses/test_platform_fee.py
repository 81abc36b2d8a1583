"""Platform fees: by workflow and number of passes, against a published price list and brute force; mistakes in the case."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from contract_grid import checked, pays_its_invoice, spend_of, written
from hypothesis import given
from hypothesis import strategies as st
from mistakes import contract, fee, told_once_each
from planted_faults.planting import Fault, planted
from planted_faults.small import Small

from allocate import read_case, solve
from allocate.answers import UnverifiedPlanError
from allocate.costing.clauses import platform_fee
from allocate.costing.trace import trace

PASSES = {"one": 1, "five": 5, "eleven": 11}
WORKFLOWS = {name: {"passes": passes, **({"majority": True} if passes > 1 else {})} for name, passes in PASSES.items()}


def crowd(fees: Any, weeks: int = 1, items: int = 1_000, **more: Any) -> dict[str, Any]:
    """A case in two products, one with five passes and one with eleven, and a crowd at 0.05 USD a label."""
    product = {"item": "image", "effort": "10 s/image", "demand": f"{items} images"}
    return {
        "case": "crowd",
        "currency": "USD",
        "objective": "cost",
        "horizon": {"start": "2027-01-04", "weeks": weeks},
        "products": {"small": {**product, "workflows": "five"}, "big": {**product, "workflows": "eleven"}},
        "vendors": {"mturk": {"accuracy": "80%", "platform-fee": fees, "contract": {"price": "0.05 USD/label"}}},
        "workflows": WORKFLOWS,
        **more,
    }


BY_PASSES = [{"amount": "20%"}, {"passes-from": 10, "amount": "40%"}]


def test_ten_passes_or_more_cost_twice_the_fee() -> None:
    """Amazon Mechanical Turk takes 20%, and 40% from ten assignments an item: 250 USD + 20% and 550 USD + 40%, 1,070 USD."""
    answer = solve(read_case(crowd(BY_PASSES)))
    assert pays_its_invoice(answer) == pytest.approx(1_070.0)
    assert answer.plan is not None
    fees = answer.plan.invoice.query("clause == 'platform fee'")
    assert dict(zip(fees["about"], fees["amount"], strict=True)) == pytest.approx({"small": 50.0, "big": 220.0})


def test_a_fee_is_that_of_the_last_entry_for_the_workflow() -> None:
    """Entries are exceptions from those before; what no entry is for has no fee; kinds of fees may differ."""
    assert spend_of(crowd([{"workflows": "five", "amount": "10%"}])) == pytest.approx(250 * 1.1 + 550)
    assert spend_of(crowd([{"passes-from": 6, "amount": "10%"}])) == pytest.approx(250 + 550 * 1.1)
    both = [*BY_PASSES, {"workflows": ["five", "eleven"], "passes-from": 11, "amount": "0.01 USD/label"}]
    assert spend_of(crowd(both)) == pytest.approx(250 * 1.2 + 550 + 11_000 * 0.01)


def test_a_fee_misread_by_one_hand_stops_the_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were the first fee of the list taken for all work, the verifier would find 1,070 USD owed where the plan says 960."""
    monkeypatch.setattr(
        platform_fee, "held", lambda case, vendor, _: (("vendors", vendor), case.vendors[vendor].platform_fee[0])
    )
    with pytest.raises(UnverifiedPlanError, match="the spend is 960, the case says 1070"):
        solve(read_case(crowd(BY_PASSES)))


def test_a_trace_names_the_fee_of_its_route() -> None:
    """What a route's fee is, and not what it would be for another workflow."""
    case = read_case(crowd(BY_PASSES))
    for product, workflow, amount in (("small", "five", "20%"), ("big", "eleven", "40%")):
        found = {one.what: one.value for one in trace(case, product, "mturk", workflow)}
        assert found["platform fee"] == amount


def test_a_least_fee_holds_where_the_share_is_less() -> None:
    """Amazon Mechanical Turk takes 20%, and 0.01 USD an assignment at least: 3,000 labels at 0.02 USD owe 30 USD of fees."""
    case = crowd("max(20%, 0.01 USD/label)")
    case["products"] = {"p": {**case["products"]["small"], "workflows": "three"}}
    case["workflows"] = {"three": {"passes": 3, "majority": True}}
    case["vendors"]["mturk"]["contract"] = {"price": "0.02 USD/label"}
    assert spend_of(case) == pytest.approx(90.0)


LEAST: list[tuple[str, str, float]] = [
    # 10% of 60 USD are 6 USD, up to 10 in each of the two months with work; in each of two weeks; of a quarter.
    ("10%", "10 USD/month", 60 + 2 * 10),
    ("10%", "4 USD/week", 60 + 4 + 4),
    ("10%", "5 USD/quarter", 60 + 6),
    ("0.05 USD/image", "4 EUR/month", 60 + 2 * 5),
    ("10%", "0.5 USD/month", 60 + 6),
]


@pytest.mark.parametrize(("fee", "least", "spend"), LEAST)
def test_the_fees_of_an_invoice_have_a_least(fee: str, least: str, spend: float) -> None:
    """30 images at 1 USD in each of two weeks from 20 January on: of the second, five days' lie in January and two in February."""
    for price in ({"price": "1 USD/image"}, {"tiers": {"window": "period", "steps": [{"price": "1 USD/image"}]}}):
        vendor = {"capacity": "30 images/week", "platform-fee": fee, "minimum-platform-fee": least, "contract": price}
        case = written({"v": vendor}, least=60, most=60, weeks=2, exchange={"EUR": "1.25 USD"})
        assert spend_of(case) == pytest.approx(spend)


def test_a_least_fee_decides_who_gets_the_work() -> None:
    """40 images at 1 USD on a platform that takes 5% and at least 9 USD a week, or at 1.20 USD without one: 49 or 48 USD. Twice as
    many are cheaper on the platform, at 80 and 9 USD."""
    vendors = {
        "v": {"platform-fee": "5%", "minimum-platform-fee": "9 USD/week", "contract": {"price": "1 USD/image"}},
        "w": {"contract": {"price": "1.20 USD/image"}},
    }
    assert spend_of(written(vendors)) == pytest.approx(48.0)
    assert spend_of(written(vendors, least=80, most=80)) == pytest.approx(89.0)


@pytest.mark.parametrize(
    ("fee", "each"),
    [
        ("5% + 0.02 USD/label", 0.0225),
        ("5% + 0.02 USD", 0.0225),
        ({"amount": "5%", "plus": "0.02 USD", "rounded": "up"}, 0.03),
        ("max(20%, 0.012 USD)", 0.012),
        ({"amount": "5%", "plus": "0.02 USD/label", "rounded": "up"}, 0.03),
        ({"amount": "5%", "plus": "0.02 USD/label", "rounded": "nearest"}, 0.02),
        ({"amount": "60%", "rounded": "up"}, 0.03),
        ({"amount": "70%", "rounded": "down"}, 0.03),
        ({"amount": "70%", "rounded": "nearest"}, 0.04),
        ({"amount": "0.015 USD/label", "rounded": "up"}, 0.02),
        ({"amount": "20%", "plus": "0.01 USD/label", "at-least": "0.025 USD/label"}, 0.025),
        ({"amount": "20%", "at-least": "0.1 USD/image"}, None),
    ],
)
def test_a_fee_of_parts_is_worked_out_for_each_unit(fee: Any, each: float | None) -> None:
    """On labels of 0.05 USD: so much a label; with a least of 0.1 USD an image, 0.1 of five labels' 0.05 and 0.11 of eleven's."""
    fees = 16_000 * each if each is not None else 1_000 * (0.1 + 0.11)
    assert spend_of(crowd(fee)) == pytest.approx(800 + fees)


def test_fees_are_rounded_to_coins_of_their_own_currency() -> None:
    """0.05 USD at 100 yen a dollar are 5 yen: 30% are 1.5, rounded up 2 yen; later, at 125 yen, 4 yen: 1.2, rounded up 2."""
    case = crowd({"amount": "30%", "at-least": "1 JPY/label", "rounded": "up"}, weeks=2)
    case["exchange"] = {"JPY": [{"rate": "0.01 USD"}, {"from": "week 2", "rate": "0.0125 USD"}]}
    case["products"] = {
        "small": {**case["products"]["small"], "milestones": [{"by": "week 1", "at-least": "500 images"}]}
    }
    case["vendors"]["mturk"]["capacity"] = "500 images/week"
    assert spend_of(case) == pytest.approx(250 + 2_500 * 0.02 + 2_500 * 0.025)


def test_each_billed_unit_owes_its_own_fee() -> None:
    """Boxes of 0.33 USD, three an image, owe 5% + 0.02 USD rounded up each, 0.04; as one image of 0.99 they would owe 0.07."""
    case = crowd({"amount": "5%", "plus": "0.02 USD/box", "rounded": "up"})
    case["products"] = {
        "p": {"item": "image", "effort": "10 s/image", "drivers": {"box": "3/image"}, "demand": "100 images"}
    }
    case["workflows"] = {"one": {}}
    case["vendors"]["mturk"]["contract"] = {"price": "0.33 USD/box"}
    assert spend_of(case) == pytest.approx(99 + 300 * 0.04)
    case["vendors"]["mturk"]["platform-fee"] = {"amount": "5%", "plus": "0.02 USD", "rounded": "up"}
    assert spend_of(case) == pytest.approx(99 + 300 * 0.04)
    case["vendors"]["mturk"]["platform-fee"] = {"amount": "5%", "plus": "0.02 USD/image", "rounded": "up"}
    assert spend_of(case) == pytest.approx(99 + 100 * 0.07)


def _beside_shares(fee: dict[str, Any]) -> dict[str, Any]:
    """A drawn fee that can be meant: what stands beside a share is left out beside money."""
    return fee if "%" in fee["amount"] else {key: one for key, one in fee.items() if key not in ("plus", "at-least")}


FEES = st.lists(
    st.fixed_dictionaries(
        {"amount": st.sampled_from(["0%", "10%", "20%", "45%", "0.01 USD/label", "0.3 USD/image"])},
        optional={
            "passes-from": st.sampled_from([2, 5, 6, 11]),
            "workflows": st.sampled_from(["one", "five", "eleven"]),
            "rounded": st.sampled_from(["up", "down", "nearest"]),
            "plus": st.sampled_from(["0.004 USD/label", "0.03 USD/label"]),
            "at-least": st.sampled_from(["0.012 USD/label", "0.02 USD/label"]),
        },
    ).map(_beside_shares),
    min_size=1,
    max_size=3,
).filter(lambda fees: not any(_never(fee, fees[number + 1 :]) for number, fee in enumerate(fees)))


def _never(fee: dict[str, Any], later: list[dict[str, Any]]) -> bool:
    """Whether every workflow a fee is for, of any number of passes, has a later one."""
    return any(
        one.get("workflows") in (None, fee.get("workflows")) and one.get("passes-from", 1) <= fee.get("passes-from", 1)
        for one in later
    )


def cost_of_item(price: float, fees: list[dict[str, Any]], workflow: str) -> float:
    """What one item by a workflow is owed, counted by hand."""
    asked, passes = price * PASSES[workflow], PASSES[workflow]
    held = [fee for fee in fees if fee.get("workflows", workflow) == workflow and passes >= fee.get("passes-from", 1)]
    if not held:
        return asked
    fee = held[-1]
    number, by_image = float(fee["amount"].split("%")[0].split()[0]), "image" in fee["amount"]
    units = 1 if by_image and "rounded" in fee else passes
    each = price * number / 100 if "%" in fee["amount"] else number * (1 if "label" in fee["amount"] else 1 / units)
    each = max(each + float(fee.get("plus", "0").split()[0]), float(fee.get("at-least", "0").split()[0]))
    if "rounded" in fee:
        coins = {"up": np.ceil, "down": np.floor, "nearest": np.round}[fee["rounded"]](round(each * 100 + 1e-9, 7))
        each = coins / 100
    return asked + each * units


@pytest.mark.slow
@checked(25)
@given(FEES, FEES, st.sampled_from([0.05, 0.06, 0.08]), st.integers(1, 4))
def test_no_way_to_share_out_the_work_is_cheaper(
    one: list[dict[str, Any]], other: list[dict[str, Any]], price: float, room: int
) -> None:
    """Forty items of each of two products over two crowds, one of them with room for few: the least of all ways on a grid of ten."""
    prices, fees = {"mturk": 0.05, "other": price}, {"mturk": one, "other": other}
    case = crowd(one, items=40)
    case["products"]["small"]["workflows"] = ["one", "five"]
    case["vendors"]["mturk"]["capacity"] = f"{10 * room} images/week"
    case["vendors"]["other"] = {"platform-fee": other, "contract": {"price": f"{price} USD/label"}}
    each = {
        (vendor, workflow): cost_of_item(prices[vendor], fees[vendor], workflow)
        for vendor, workflow in itertools.product(prices, PASSES)
    }
    cheap = {vendor: min(each[vendor, "one"], each[vendor, "five"]) for vendor in prices}
    ways = [
        10
        * (
            a * cheap["mturk"]
            + (4 - a) * cheap["other"]
            + b * each["mturk", "eleven"]
            + (4 - b) * each["other", "eleven"]
        )
        for a, b in itertools.product(range(5), repeat=2)
        if a + b <= room
    ]
    assert spend_of(case) == pytest.approx(min(ways))


MISTAKES: list[Any] = [
    pytest.param(
        fee("platform-fee: -5%"),
        "case.yaml:32:19",
        "vendors.acme.platform-fee has a minus sign, and cannot be below 0 ('-5%')",
        "write `5%`",
        id="a fee with a minus sign",
    ),
    pytest.param(
        fee("platform-fee-steps: [{from: week 3, amount: 20%}]"),
        "case.yaml:29:5",
        "vendors.acme: platform-fee-steps has nothing that holds before its first step",
        "add `platform-fee: 20%`",
        id="fee steps without a fee before them",
    ),
    pytest.param(
        fee("platform-fee: 20%\n    platform-fee-steps: [{from: week 3, amount: 1 USD/h}]"),
        "case.yaml:29:5",
        "vendors.acme: the step '1 USD/h' of platform-fee-steps is not of the kind of platform-fee ('20%')",
        "use one unit and one currency for both",
        id="a fee that becomes another kind",
    ),
    pytest.param(
        fee("platform-fee: 20%\n    platform-fee-steps: [{from: week 5, amount: 21%}, {from: week 3, amount: 22%}]"),
        "case.yaml:33:25",
        "the steps of vendors.acme.platform-fee-steps are not in order of time",
        "list each period once, earliest first",
        id="fee steps out of order",
    ),
    pytest.param(
        [
            *fee("platform-fee: 20%\n    platform-fee-steps: [{from: week 5, amount: 21%}]"),
            ("case.yaml", "price: 300 PHP/h}", "tiers: {steps: [{price: 300 PHP/h}]}}"),
        ],
        "case.yaml:33:25",
        "the platform fee is a share of prices in tiers, which are counted over time: it cannot change by date",
        "write money per item, as in `0.02 USD/image`",
        id="a share of tiers that changes",
    ),
    pytest.param(
        fee("platform-fee: [{amount: 20%}, {workflows: single-pas, amount: 40%}]"),
        "case.yaml:32:47",
        "there is no workflow 'single-pas'",
        "did you mean 'single-pass'?",
        id="a fee of a workflow that is not there",
    ),
    pytest.param(
        fee("platform-fee: [{passes-from: 10, amount: 40%}, {amount: 20%}]"),
        "case.yaml:32:20",
        "the fee of 40% never holds: a later one is for the same workflows",
        "write first the fee of most workflows, then the exceptions",
        id="an exception before what it is one of",
    ),
    pytest.param(
        fee(
            "platform-fee: [{amount: 20%}, {passes-from: 10, amount: 40%}]\n    platform-fee-steps: [{from: week 3, amount: 25%}]"
        ),
        "case.yaml:29:5",
        "vendors.acme: platform-fee-steps change one fee, that of all workflows, and there are fees by workflow",
        "write one `platform-fee`, or leave the steps out",
        id="fees by workflow that change by date",
    ),
    pytest.param(
        [
            *fee("platform-fee: [{amount: 20%}, {passes-from: 10, amount: 40%}]"),
            ("case.yaml", "price: 300 PHP/h}", "tiers: {steps: [{price: 300 PHP/h}]}}"),
        ],
        "case.yaml:32:19",
        "the platform fee is a share of prices in tiers, which count all workflows together: it cannot differ by workflow",
        "write money per item, as in `0.02 USD/image`",
        id="a share of tiers by workflow",
    ),
    pytest.param(
        fee("platform-fee: {amount: 5 PHP/h, plus: 2 PHP/h}"),
        "case.yaml:32:19",
        "vendors.acme.platform-fee: '2 PHP/h' stands beside a share of the price, and '5 PHP/h' is not one",
        "write the fee as one amount, or its `amount` as in `20%`",
        id="money beside money",
    ),
    pytest.param(
        fee("platform-fee: {amount: 5%, plus: 2 PHP/h, at-least: 3 PHP/scan}"),
        "case.yaml:32:19",
        "vendors.acme.platform-fee: '3 PHP/scan' is in other units than '2 PHP/h'",
        "write both in one currency and per one unit",
        id="parts that count different things",
    ),
    pytest.param(
        fee("platform-fee: {amount: 5%, rounded: up}\n    platform-fee-steps: [{from: week 3, amount: 6%}]"),
        "case.yaml:29:5",
        "vendors.acme: platform-fee-steps change a fee that is one amount, and platform-fee has several parts",
        "write `platform-fee` as one amount, or leave the steps out",
        id="a rounded fee that changes by date",
    ),
    pytest.param(
        [
            *fee("platform-fee: 5% + 2 PHP/h"),
            ("case.yaml", "price: 300 PHP/h}", "tiers: {steps: [{price: 300 PHP/h}]}}"),
        ],
        "case.yaml:32:19",
        "the platform fee is of prices in tiers, and these belong to no single unit: it cannot have several parts",
        "write one share, or money per item, as in `0.02 USD/image`",
        id="parts of a fee on tiers",
    ),
    pytest.param(
        fee("platform-fee: {amount: 20%, at-least: 50 USD/month}"),
        "case.yaml:32:43",
        "vendors.acme.platform-fee.at-least is the least fee for one unit, and '50 USD/month' is one for all of a time",
        "write `minimum-platform-fee: 50 USD/month` beside `platform-fee`",
        id="a least fee of a unit by time",
    ),
    pytest.param(
        fee("minimum-platform-fee: 50 USD/year"),
        "case.yaml:32:27",
        "no invoice comes by the year ('50 USD/year')",
        "write it by the week, month or quarter",
        id="a least fee by the year",
    ),
    pytest.param(
        [
            *fee("platform-fee: 5%\n    minimum-platform-fee: 50 USD/month"),
            *contract("tiers: {steps: [{price: 300 PHP/h}]}"),
        ],
        "case.yaml:33:27",
        "the least platform fee comes by month, the tiers (line 34) are billed by horizon",
        "write the tiers with `window: month`, or leave the least platform fee out",
        id="a least fee by the month of prices by the horizon",
    ),
    pytest.param(
        fee("platform-fee: [{amount: 20%}, {passes-from: 10}]"),
        "case.yaml:32:35",
        "an entry of vendors.acme.platform-fee needs the key 'amount'",
        "add `amount: …`",
        id="a fee without an amount",
    ),
]

test_mistakes = told_once_each(MISTAKES)


# One pass for a fifth, three for two fifths, on top of 1 USD each: three passes are 3 USD and 1.2 USD.
SMALL = Small(
    168.0, w={"contract": {"price": "9 USD/image"}},
    v={"platform-fee": [{"amount": "20%"}, {"passes-from": 3, "amount": "40%"}]},
    more={"workflows": {"thrice": {"passes": 3, "majority": True}}},
)  # fmt: skip
FAULTS = {
    "read from one pass more": Fault(
        "allocate/costing/clauses/platform_fee.py", "passes >= (fee.passes_from or 1)", "passes > (fee.passes_from or 0)"
    ),
    "verified from one pass more": Fault(
        "allocate/verification/clauses/platform_fee.py", "done.passes < fee.passes_from", "done.passes <= fee.passes_from"
    ),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found(name: str) -> None:
    """With the fault in place no plan is shown, or not the best by hand."""
    assert SMALL.refused() is None
    with planted(FAULTS[name]):
        assert SMALL.refused() is not None
