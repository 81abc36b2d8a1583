"""A plan checked from its lines as arrays: the same limits and figures as the whole check, at any quantities."""

from __future__ import annotations

import numpy as np
import pytest
from drawn_cases import Case, cases, checked
from hypothesis import given
from hypothesis import strategies as st
from planted_faults.small import SMALL

from allocate import evaluate, read_case, solve
from allocate.case.plan_file import PlanLine
from allocate.costing.bill.lines import Lines
from allocate.costing.routes import routes
from allocate.costing.value.values import product_values
from allocate.plan import plan_of
from allocate.tables.frames import table_of
from allocate.verification import Stated, verify, verify_lines
from allocate.verification.lines import read_lines


@pytest.mark.slow
@given(cases(), st.sampled_from([0.3, 1.0, 1.4, 3.0]))
@checked(25)
def test_lines_alone_break_the_limits_their_plan_breaks(data: Case, factor: float) -> None:
    """Whatever the best plan is multiplied by, both checks name the same broken limits and the same money."""
    case = read_case(data)
    answer = solve(case)
    if answer.plan is None:
        return
    known, ways = Stated(case), routes(case)
    read = read_lines(known, table_of(answer.plan, "lines"), [])
    items = np.array(read.items) * factor
    route = np.array([ways.numbers[key] for key in read.keys], dtype=np.int32)
    plan = plan_of(product_values(case, ways), Lines(case, ways, route, np.array(read.periods, dtype=np.int32), items))
    _, totals, broken = verify_lines(case, read.keys, read.periods, items, known)
    assert sorted(broken) == sorted(verify(case, plan, known).violations)
    assert totals.spend == pytest.approx(plan.spend)
    assert totals.value == pytest.approx(plan.value)
    for sums, table in ((totals.products, plan.products), (totals.vendors, plan.vendors)):
        for name in ("items", "hours", "spend", "accuracy", "effective_labels"):
            np.testing.assert_allclose(sums[name], table[name].to_numpy(dtype=float), rtol=1e-12)


def test_lines_after_the_deadline_are_named() -> None:
    """Work delivered too late is broken, though no limit of amounts is."""
    data = {
        "case": "late",
        "currency": "USD",
        "horizon": {"start": "2027-01-04", "weeks": 4},
        "objective": "cost",
        "products": {"cats": {"item": "image", "effort": "36 s/image", "demand": {"exactly": "10 images"}, "deadline": "week 2"}},
        "vendors": {"acme": {"contract": {"per": "hour", "price": "15 USD/h"}, "accuracy": "95%"}},
    }  # fmt: skip
    case = read_case(data)
    _, _, broken = verify_lines(case, [("cats", "acme", "single-pass", ())], [3], [10.0], Stated(case))
    assert broken == ("cats with acme, week 4: 10.0 items, delivered after the deadline or no amount",)


@pytest.mark.parametrize(
    "asked",
    [
        {"deadline": {"date": "week 2", "late": "0.1 EUR/image/week"}},
        {"deadline": {"date": "week 2", "late": "0.1 EUR/image/week", "cash": True}},
        {"accuracy": {"at-least": "93%", "of": "each-delivery", "penalty": "2 EUR/image"}},
    ],
    ids=["late", "late for money", "inaccurate"],
)
def test_what_comes_after_the_horizon_is_told(asked: Case) -> None:
    """A line delivered in the week after the last one is refused, whatever else it would have to pay for."""
    case = read_case(
        {
            "case": "after",
            "currency": "USD",
            "exchange": {"EUR": [{"rate": "1.2 USD"}, {"from": "week 2", "rate": "1.3 USD"}]},
            "objective": "cost",
            "horizon": {"start": "2027-01-04", "weeks": 3},
            "products": {"p": {"item": "image", "effort": "36 s/image", "demand": "100 images", **asked}},
            "vendors": {"v": {"lead": "1 week", "accuracy": "90%", "contract": {"price": "1 USD/image"}}},
            "workflows": {"plain": {}},
        }
    )
    found = evaluate(case, [PlanLine("p", "v", "plain", 3, 100.0)])
    assert found.problems == ("p with v, plain, week 3: delivered in week 4, after the deadline",)
    assert not found.verification.holds


@pytest.mark.parametrize("name", ["past", "ordered"])
def test_work_in_the_past_by_somebody_who_did_none_is_told(name: str) -> None:
    """A line of a past period with a vendor that made nothing then is no work that is done."""
    found = evaluate(read_case(SMALL[name].source), [PlanLine("one", "w", "plain", 1, 5.0)])
    assert found.problems == ("one with w, plain, week 1: the plan has 5 items, and nothing of that is done",)
    assert not found.verification.holds
