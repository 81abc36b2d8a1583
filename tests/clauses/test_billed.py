"""What vendors billed for work that is done beyond their contracts: by hand, against another count, and its mistakes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from contract_cases import contract_case
from draws import examples

from allocate import CaseError, evaluate, read_case, solve
from allocate.case.load import revised

ITEM = {"item": "image", "effort": "36 s/image"}
CASE: dict[str, Any] = {
    "case": "billed",
    "currency": "USD",
    "objective": "cost",
    "horizon": {"start": "2027-01-04", "weeks": 4},
    "workflows": {"plain": {}},
    "products": {"p": {**ITEM, "demand": "400 images"}},
    "vendors": {"v": {"contract": {"price": "1 USD/image", "fees": {"onboarding": "50 USD"}}}},
}


def _done(*weeks: tuple[int, float], paid: tuple[tuple[int, str], ...] = (), vendor: str = "v") -> dict[str, Any]:
    """What is done: items of the product by week, and bills."""
    work = [{"product": "p", "vendor": vendor, "workflow": "plain", "period": t, "items": items} for t, items in weeks]
    bills = [{"vendor": vendor, "period": week, "amount": amount} for week, amount in paid]
    return {"done": {"planned-from": "week 3", "work": work, "paid": bills}}


def _beyond(source: dict[str, Any]) -> dict[str, float]:
    """Entries beyond the contract by window, in the best plan of a case."""
    plan = solve(read_case(source)).plan
    assert plan is not None
    lines = plan.invoice[plan.invoice["clause"] == "beyond contract"]
    return dict(zip(lines["window"], lines["amount"], strict=True))


def test_what_is_done_costs_what_was_billed() -> None:
    """Contract: 50 + 100 in week 1, 100 in week 2. Billed: 230 in week 2. So -150 and +130; the other 200 images cost 200."""
    source = {**CASE, **_done((1, 100), (2, 100), paid=((2, "230 USD"),))}
    assert _beyond(source) == {"week 1": -150.0, "week 2": 130.0}
    answer = solve(read_case(source))
    assert answer.plan is not None
    assert answer.plan.spend == 230.0 + 200.0
    lines = answer.plan.lines
    assert lines[lines["period"] < 3]["cost"].sum() == pytest.approx(
        230.0 - 25.0
    )  # half of the onboarding is for the rest
    assert lines["cost"].sum() == pytest.approx(430.0)


def test_work_after_the_last_bill_costs_what_the_contract_asks() -> None:
    """The bill of week 1 says 160 for 50 + 100; week 2 has none yet and costs 100."""
    source = {**CASE, **_done((1, 100), (2, 100), paid=((1, "160 USD"),))}
    assert _beyond(source) == {"week 1": 10.0}
    answer = solve(read_case(source))
    assert answer.plan is not None
    assert answer.plan.spend == 160.0 + 300.0


def test_a_bill_rounded_to_cents_is_what_the_contract_asks() -> None:
    """33.333 images at 1 USD are billed 33.33: no difference."""
    assert _beyond({**CASE, **_done((1, 33.333), paid=((1, "83.33 USD"),))}) == {}


@pytest.mark.slow
def test_bills_count_in_the_budget() -> None:
    """The budget of 430 USD is just enough for 230 billed and 200 to come; one dollar less is not."""
    source = {**CASE, **_done((1, 100), (2, 100), paid=((2, "230 USD"),))}
    assert solve(read_case({**source, "budget": "430 USD"})).plan is not None
    assert solve(read_case({**source, "budget": "429 USD"})).plan is None


@pytest.mark.slow
def test_bills_change_a_plan_by_what_they_are_apart_from_the_contract() -> None:
    """In drawn contracts the same lines cost so much more with a bill as it is above what the lines up to it ask alone."""
    seen = 0
    for seed in range(examples(60)):
        case = read_case(contract_case(seed))
        if case.periods.count < 2 or case.file.levers or case.file.rules:
            continue
        plan = solve(case).plan
        first = plan.lines[plan.lines["period"] == 1] if plan is not None else ()
        if plan is None or not len(first) or any(vendor.team is not None for vendor in case.vendors.values()):
            continue
        keys = ("product", "vendor", "workflow", "period", "items")
        work = [dict(zip(keys, row, strict=True)) for row in first[list(keys)].itertuples(index=False)]
        vendor = str(first["vendor"].iloc[0])
        done = {"planned-from": "week 2", "work": work}
        lines = _lines(plan)
        before = revised(case, {"done": done})
        billed = revised(case, {"done": {**done, "paid": [{"vendor": vendor, "period": 1, "amount": "77.77 USD"}]}})
        here, there = evaluate(before, lines), evaluate(billed, lines)
        told = there.plan.invoice[there.plan.invoice["clause"] == "beyond contract"]["amount"].sum()
        assert there.plan.spend - here.plan.spend == pytest.approx(told)
        asked = here.plan.invoice[(here.plan.invoice["vendor"] == vendor) & (here.plan.invoice["window"] == "week 1")]
        if set(here.plan.invoice[here.plan.invoice["vendor"] == vendor]["window"]) <= {"week 1", "week 2"}:
            seen += 1
            own = asked[~asked["clause"].isin(["review", "pre-labelling", "platform fee"])]["amount"].sum()
            assert told == pytest.approx(77.77 - own)
    assert seen


def _lines(plan: Any) -> list[Any]:
    from allocate.api.goals import lines_of_plan

    return list(lines_of_plan(plan))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"paid": [{"vendor": "u", "period": 1, "amount": "9 USD"}]}, "no vendor 'u'"),
        ({"paid": [{"vendor": "v", "period": 3, "amount": "9 USD"}]}, "a bill of week 3 is not before"),
        ({"paid": [{"vendor": "v", "period": 1, "amount": "9 EUR"}]}, "EUR"),
        ({"work": [{"product": "p", "vendor": "v", "workflow": "plain", "period": 3, "items": 9}]}, "work of week 3 is done"),
        ({"work": [{"product": "q", "vendor": "v", "workflow": "plain", "period": 1, "items": 9}]}, "no product 'q'"),
        ({"work": [{"product": "p", "vendor": "v", "workflow": "plane", "period": 1, "items": 9}]}, "no workflow 'plane'"),
        ({"work": [{"product": "p", "vendor": "v", "workflow": "plain", "period": 1, "items": "9 pages"}]}, "pages"),
        ({"staff": [{"team": "v", "period": 1, "hired": 1}]}, "not an in-house team"),
        ({"was": {"vendors.v.contract.fees.onboarding": "9 USD"}}, "not a figure of work"),
        ({"exempt": ["half"]}, "neither a share nor an accuracy floor"),
        ({"planned-from": "week 9"}, "after the horizon ends"),
        ({"ordered": [{"product": "p", "vendor": "v", "workflow": "plain", "period": 3, "items": 9}]}, "nothing says until when"),
    ],
)  # fmt: skip
def test_mistakes_in_what_is_done(change: dict[str, Any], message: str) -> None:
    """Each is told with its place and a fix."""
    with pytest.raises(CaseError, match=message) as told:
        read_case({**CASE, "done": {**_done((1, 100))["done"], **change}})
    assert all(problem.place is not None and problem.fix for problem in told.value.problems)


def test_a_bill_is_a_number_of_the_program() -> None:
    """The difference stands in the program as a column that is held at one; nothing of it can be decided."""
    from allocate import formulate

    built = formulate(read_case({**CASE, **_done((1, 100), (2, 100), paid=((2, "230 USD"),))}))
    block = built.program.columns["billed"]
    assert np.array_equal(built.program.arrays().lower[block.ids], [1.0, 1.0])
    assert np.array_equal(built.program.arrays().upper[block.ids], [1.0, 1.0])
