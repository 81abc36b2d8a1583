"""What is billed in a currency is counted, tiered, capped and committed in it, and converted when it is owed."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

import pytest
from contract_grid import checked, pays_its_invoice
from currency_invoice import STEP, Vendor, Written, broken, in_window, invoice, total, windows
from hypothesis import given
from hypothesis import strategies as st

from allocate import Answer, read_case, solve
from allocate.errors import CaseError

RISING = [{"rate": "1.25 USD"}, {"from": "week 3", "rate": "1.40 USD"}]
DOUBLING = [{"rate": "1 USD"}, {"from": "week 2", "rate": "2 USD"}]
LATER = [{"from": "week 1", "amount": "0 images/week"}, {"from": "week 2", "amount": "200 images/week"}]
"""Nothing can be made in the first week."""


def case(contract: dict[str, Any], items: int, rate: list[dict[str, Any]], weeks: int, **more: Any) -> dict[str, Any]:
    """One vendor that bills euros; the case is in dollars."""
    vendor = {"contract": contract, "capacity": "1000 images/week", **more.pop("vendor", {})}
    return {
        "case": "fx",
        "currency": "USD",
        "objective": "cost",
        "exchange": {"EUR": rate},
        "horizon": {"start": "2027-01-04", "weeks": weeks},
        "products": {"p": {"item": "image", "effort": "36 s/image", "demand": {"exactly": f"{items} images"}}},
        "vendors": {"v": vendor},
        "workflows": {"plain": {}},
        **more,
    }


def answered(written: dict[str, Any]) -> Answer:
    """The answer to a case that has a plan, after comparing the plan with its own invoice."""
    answer = solve(read_case(written))
    pays_its_invoice(answer)
    return answer


def entries(answer: Answer, clause: str) -> list[tuple[float, str, float]]:
    """Quantity, unit and money of the invoice's entries of a clause."""
    assert answer.plan is not None
    rows = answer.plan.invoice[answer.plan.invoice["clause"] == clause]
    return list(zip(rows["quantity"].tolist(), rows["unit"].tolist(), rows["amount"].tolist(), strict=True))


def test_a_rebate_counts_what_is_billed_not_what_it_is_worth() -> None:
    """1,900 EUR are billed of the 2,000 from which 15 % come back: none does, and the cheap first weeks cost 2,375 USD."""
    rebate = {"steps": [{"at-least": "2000 EUR", "back": "15%"}]}
    answer = answered(case({"price": "1 EUR/image", "rebate": rebate}, 1900, RISING, 4))
    assert answer.objective == pytest.approx(2375.0)
    assert entries(answer, "rebate") == []


def test_a_rebate_is_paid_back_in_its_currency_at_the_rate_of_its_last_week() -> None:
    """Of 2,000 EUR, billed at 1.25, 300 EUR come back in week 4, when they are 420 USD."""
    rebate = {"steps": [{"at-least": "2000 EUR", "back": "15%"}]}
    answer = answered(case({"price": "1 EUR/image", "rebate": rebate}, 2000, RISING, 4))
    assert answer.objective == pytest.approx(2500 - 420)
    ((part, unit, money),) = entries(answer, "rebate")
    assert (part, unit, money) == (pytest.approx(2000), "EUR", pytest.approx(-420))


def test_a_ceiling_counts_what_is_billed() -> None:
    """200 EUR, worth 400 USD by then, are within a ceiling of 250 EUR; of 150 EUR they are not."""
    contract = {"price": "1 EUR/image", "ceiling": "250 EUR"}
    late = {"vendor": {"capacity": "200 images/week", "capacity-steps": LATER}}
    assert answered(case(contract, 200, DOUBLING, 2, **late)).objective == pytest.approx(400.0)
    answer = solve(read_case(case({**contract, "ceiling": "150 EUR"}, 200, DOUBLING, 2, **late)))
    assert answer.status.value == "infeasible"
    words = " ".join(one.sentence for one in answer.reasons)
    assert "200.00 EUR needed, its ceiling is 150.00 EUR" in words


def test_a_ceiling_in_another_currency_than_the_price_counts_at_the_rate_of_the_work() -> None:
    """50 USD of ceiling are 50 EUR in week 1, when they cost a dollar, or 25 in week 2: 50 images are made in week 1 alone."""
    two = {
        "v": {"contract": {"price": "1 EUR/image", "ceiling": "50 USD"}},
        "w": {"contract": {"price": "9 USD/image"}},
    }
    written = case({}, 60, DOUBLING, 2)
    assert answered({**written, "vendors": two}).objective == pytest.approx(50 + 10 * 9)


def test_a_commitment_is_held_against_what_is_billed() -> None:
    """200 EUR use up 150, although they are worth 100 USD only; of 250 EUR 50 are missing, 25 USD in the last week."""
    falling = [{"rate": "1 USD"}, {"from": "week 2", "rate": "0.5 USD"}]
    late = {
        "vendor": {
            "capacity": "300 images/week",
            "capacity-steps": [*LATER[:1], {**LATER[1], "amount": "300 images/week"}],
        }
    }
    contract = {"price": "1 EUR/image", "commitment": "150 EUR"}
    assert answered(case(contract, 200, falling, 2, **late)).objective == pytest.approx(100.0)
    answer = answered(case({**contract, "commitment": "250 EUR"}, 200, falling, 2, **late))
    assert answer.objective == pytest.approx(125.0)
    ((missing, unit, money),) = entries(answer, "commitment")
    assert (missing, unit, money) == (pytest.approx(50), "EUR", pytest.approx(25))


def test_a_commitment_out_of_reach_is_told_in_its_own_currency() -> None:
    """200 EUR can be billed at most, and 250 EUR are promised."""
    written = case(
        {"price": "1 EUR/image", "commitment": "250 EUR"}, 200, [{"rate": "1 USD"}, {"from": "week 2", "rate": "0.5 USD"}],
        2, vendor={"capacity": "200 images/week", "capacity-steps": LATER},
    )  # fmt: skip
    with pytest.raises(Exception, match="comes to 200 EUR"):
        solve(read_case(written))


@pytest.mark.parametrize(("kind", "billed"), [("incremental", 100 + 50), ("all-unit", 100)])
def test_tiers_are_paid_at_the_rate_of_their_window_s_last_week(kind: str, billed: int) -> None:
    """200 images are 150 EUR step by step, or 100 EUR at the last step's price; all of it is owed in week 2, at 2 USD."""
    listed = [{"price": "1 EUR/image", "up-to": "100 images"}, {"price": "0.5 EUR/image"}]
    answer = answered(case({"tiers": {"kind": kind, "steps": listed}}, 200, DOUBLING, 2))
    assert answer.objective == pytest.approx(2 * billed)


def test_tiers_that_end_at_money_end_at_their_own() -> None:
    """Up to 100 EUR an image is 1 EUR, then half: 200 images are 150 EUR in one week, whatever the euro is worth."""
    listed = [{"price": "1 EUR/image", "up-to": "100 EUR"}, {"price": "0.5 EUR/image"}]
    contract = {"tiers": {"window": "period", "steps": listed}}
    late = {"vendor": {"capacity": "200 images/week", "capacity-steps": LATER}}
    assert answered(case(contract, 200, DOUBLING, 2, **late)).objective == pytest.approx(300.0)


def test_a_rebate_counts_tiers_in_their_currency() -> None:
    """150 EUR by tiers reach a step of 150 EUR: a tenth comes back, both at 2 USD; a step of 151 EUR is not reached."""
    listed = [{"price": "1 EUR/image", "up-to": "100 images"}, {"price": "0.5 EUR/image"}]
    for start, back in ((150, 15), (151, 0)):
        rebate = {"steps": [{"at-least": f"{start} EUR", "back": "10%"}]}
        answer = answered(case({"tiers": {"steps": listed}, "rebate": rebate}, 200, DOUBLING, 2))
        assert answer.objective == pytest.approx(2 * (150 - back))


def test_a_rebate_in_another_currency_counts_tiers_at_the_rate_they_are_paid_at() -> None:
    """150 EUR by tiers, owed in week 2 at 2 USD, are 300 USD: a tenth of it comes back from 300 USD on, nothing from 301."""
    listed = [{"price": "1 EUR/image", "up-to": "100 images"}, {"price": "0.5 EUR/image"}]
    for start, back in ((300, 30), (301, 0)):
        rebate = {"steps": [{"at-least": f"{start} USD", "back": "10%"}]}
        answer = answered(case({"tiers": {"steps": listed}, "rebate": rebate}, 200, DOUBLING, 2))
        assert answer.objective == pytest.approx(300 - back)


def test_a_price_list_in_two_currencies_counts_each_in_the_limit_s() -> None:
    """100 images at 1 USD and 100 at 1 EUR: the dollars count half in a limit in euros, of which 2 USD are one in week 2."""
    product = {"item": "image", "effort": "36 s/image", "demand": {"exactly": "100 images"}}
    rates = [
        {"product": "a", "vendor": "v", "price": "1 USD/image"},
        {"product": "b", "vendor": "v", "price": "1 EUR/image"},
    ]
    late = {"capacity": "200 images/week", "capacity-steps": LATER}
    for ceiling, possible in ((150, True), (149, False)):
        written = case({}, 0, DOUBLING, 2, rates=rates)
        written |= {"products": {"a": product, "b": product}}
        written |= {"vendors": {"v": {"contract": {"ceiling": f"{ceiling} EUR"}, **late}}}
        answer = solve(read_case(written))
        assert (answer.plan is not None) is possible
        assert not possible or answer.objective == pytest.approx(100 + 200)


@pytest.mark.parametrize("key", ["total", "limit", "per-week"])
def test_a_budget_in_another_currency_counts_in_its_own(key: str) -> None:
    """200 EUR owed in week 2, worth 400 USD, are 200 of the budget's EUR: 200 are enough, 199 are not, and the reason says EUR."""
    late = {"vendor": {"capacity": "200 images/week", "capacity-steps": LATER}}
    for most, possible in ((200, True), (199, False)):
        budget: dict[str, Any] = {key: f"{most} EUR"}
        if key == "limit":
            budget = {"limits": [{"name": "euros", "at-most": f"{most} EUR", "vendors": ["v"]}]}
        answer = solve(read_case(case({"price": "1 EUR/image"}, 200, DOUBLING, 2, budget=budget, **late)))
        assert (answer.plan is not None) is possible
        if possible:
            assert answer.objective == pytest.approx(400.0)
            assert answer.verification is not None
            (one,) = (c for c in answer.verification.checks if c.family.startswith("budget") and c.used > 0)
            assert (one.unit, one.used, one.limit) == ("EUR", pytest.approx(200), 200)
        else:
            words = " ".join(one.sentence for one in answer.reasons)
            assert "200.00 EUR needed, 199.00 EUR there" in words


def test_dollars_in_a_budget_in_euros_count_at_the_rate_of_their_week() -> None:
    """100 USD are 100 EUR in week 1 and 50 in week 2: a budget of 50 EUR has the work done in week 2."""
    answer = answered(case({"price": "1 USD/image"}, 100, DOUBLING, 2, budget="50 EUR"))
    assert answer.plan is not None
    assert answer.plan.lines["period"].tolist() == [2]


def test_a_budget_paid_later_keeps_the_rate_at_which_it_was_owed() -> None:
    """100 EUR owed in week 1 and paid in week 2 are 100 EUR of week 2's budget, although a euro costs twice as much then."""
    contract = {"price": "1 EUR/image", "payment": "7 days"}
    budget = {"per-week": "100 EUR", "by": "paid"}
    vendor = {"capacity-steps": [{"from": "week 2", "amount": "0 images/week"}]}
    answer = answered(case(contract, 100, DOUBLING, 2, budget=budget, vendor=vendor))
    assert answer.objective == pytest.approx(100.0)
    answer = solve(read_case(case(contract, 101, DOUBLING, 2, budget=budget, vendor=vendor)))
    assert answer.plan is None


def test_bonus_by_window_is_paid_at_the_rate_of_its_last_week() -> None:
    """A tenth of 100 EUR, worked in week 1 at 1 USD, is a price reduction of 10 EUR in week 2: 20 USD."""
    contract = {"price": "1 EUR/image", "quality": [{"below": "95%", "price": "-10%"}], "quality-window": "horizon"}
    vendor = {"accuracy": "90%", "capacity-steps": [{"from": "week 2", "amount": "0 images/week"}]}
    answer = answered(case(contract, 100, DOUBLING, 2, vendor=vendor))
    assert answer.objective == pytest.approx(100 - 20)
    assert [money for _, _, money in entries(answer, "quality")] == [pytest.approx(-20)]


def out_of_reach(one: Written, name: str) -> bool:
    """Whether a vendor's commitment is above what it could bill in any window with any number of items it can make."""
    vendor = one.vendors[name]
    assert vendor.commitment is not None
    assert vendor.most is not None
    numbers = [Fraction(items) for items in range(0, vendor.most + 1, STEP)]
    return all(
        in_window(one, name, made, vendor.commitment_window, number, vendor.commitment[1]) < vendor.commitment[0]
        for made in itertools.product(numbers, repeat=one.weeks)
        for number in range(len(windows(vendor.commitment_window, one.weeks)))
    )


def same_by_hand(one: Written) -> None:
    """The solver's plan keeps the limits, costs what the invoice written apart says, and no plan on the grid costs less."""
    try:
        answer = solve(read_case(one.case()))
    except CaseError as error:
        refused = str(error)
    else:
        refused = ""
    if refused:
        assert "all it could bill" in refused
        assert out_of_reach(one, "v")
        return
    best = min(
        (total(one, owed) for plan in one.grid() if not broken(one, plan, owed := invoice(one, plan), Fraction(0))),
        default=None,
    )
    if answer.plan is None:
        assert answer.status.value == "infeasible"
        assert best is None
        return
    spend = pays_its_invoice(answer)
    lines, plan = answer.plan.lines, {name: [Fraction(0)] * one.weeks for name in one.vendors}
    for name, period, items in zip(lines["vendor"], lines["period"], lines["items"], strict=True):
        plan[name][period - 1] += Fraction(float(items))
    owed = invoice(one, plan)
    assert float(total(one, owed)) == pytest.approx(spend, rel=1e-9, abs=1e-6)
    assert broken(one, plan, owed, Fraction(1, 10**6)) == []
    assert best is None or spend <= float(best) + 1e-6 * max(1.0, abs(float(best)))


TENTHS = st.integers(1, 20).map(lambda n: Fraction(n, 10))
RATES = st.sampled_from([Fraction(1, 2), Fraction(4, 5), Fraction(1), Fraction(5, 4), Fraction(2)])
CURRENCIES = st.sampled_from(["USD", "EUR", "GBP"])


@st.composite
def vendors(draw: st.DrawFn) -> Vendor:
    """A vendor with any of the clauses that count money, each in any currency."""
    currency, more = draw(CURRENCIES), dict[str, Any]()
    kinds = ["period", "month", "horizon"]
    if draw(st.booleans()):
        more["price"] = draw(TENTHS)
    else:
        more["tiers"] = [(draw(st.integers(1, 3)) * STEP, draw(TENTHS)), (None, draw(TENTHS))]
        more["kind"], more["tier_window"] = (
            draw(st.sampled_from(["incremental", "all-unit"])),
            draw(st.sampled_from(kinds)),
        )
        kinds = [more["tier_window"], "horizon"] if more["tier_window"] != "period" else kinds
        more["surplus"] = more["kind"] == "all-unit" and draw(st.booleans())
    clauses = draw(st.sets(st.sampled_from(["rebate", "commitment", "ceiling", "fee", "most"]), min_size=1, max_size=3))
    if "rebate" in clauses:
        first, second = draw(st.integers(4, 20)), draw(st.integers(1, 20))
        steps = [
            (first, Fraction(draw(st.integers(1, 6)), 20)),
            (first + second, Fraction(draw(st.integers(1, 8)), 20)),
        ]
        more["rebate"] = steps[: draw(st.integers(1, 2))]
        more["rebate_kind"] = draw(st.sampled_from(["incremental", "all-unit"]))
        more["rebate_in"], more["rebate_window"] = (
            draw(st.sampled_from([currency, "USD", "EUR"])),
            draw(st.sampled_from(kinds)),
        )
    if "commitment" in clauses:
        more["commitment"] = (draw(st.integers(2, 30)), draw(st.sampled_from([currency, "USD", "EUR"])))
        more["commitment_window"] = draw(st.sampled_from(kinds))
    elif "ceiling" in clauses:
        least = max(8, *(start for start, _ in more.get("rebate", [])), 0)
        more["ceiling"] = (draw(st.integers(least, 45)), draw(st.sampled_from([currency, "USD", "EUR"])))
    more["fee"] = Fraction(1, 10) if "fee" in clauses else Fraction(0)
    more["most"] = draw(st.integers(2, 3)) * STEP if "most" in clauses else None
    return Vendor(currency, **more)


@st.composite
def written(draw: st.DrawFn) -> Written:
    """Two vendors, two or three weeks over the end of a month, exchange rates that change in any of them."""
    weeks = draw(st.integers(2, 3))
    rates = {name: [draw(RATES) for _ in range(weeks)] for name in ("EUR", "GBP")}
    budgets = dict[str, Any]()
    which = draw(st.sampled_from(["", "", "budget", "weekly", "limit"]))
    if which:
        amount = (draw(st.integers(20, 60)), draw(st.sampled_from(["EUR", "GBP"])))
        budgets[which] = (*amount, "v") if which == "limit" else amount
    if draw(st.integers(0, 3)) == 0:
        budgets["share"] = (draw(st.sampled_from(["v", "w"])), Fraction(draw(st.integers(1, 6)), 10))
    both = {"v": draw(vendors()), "w": Vendor(draw(CURRENCIES), price=draw(TENTHS) + 1)}
    return Written(weeks, rates, both, draw(st.sampled_from([30, 40])), **budgets)


@pytest.mark.slow
@checked(80)
@given(written())
def test_drawn_contracts_with_changing_rates_cost_what_an_invoice_written_apart_says(one: Written) -> None:
    """Whatever the clauses, windows and currencies: the same money, the same limits, and no cheaper plan on a grid."""
    same_by_hand(one)
