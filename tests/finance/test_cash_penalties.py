"""Penalties that are money paid: of items missing, of milestones, of late deliveries; in budgets, invoice and cash flow."""

from __future__ import annotations

import dataclasses
import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allocate import CaseError, read_case, solve, verify
from allocate.cli import cli
from allocate.finance.cash import cash_flow
from allocate.record.as_json import as_json
from allocate.record.check import check_file

WEEKS, ASKED = 3, 60
PRICES = np.array([[0.5, 0.5, 0.4], [0.9, 0.9, 0.9]])
LEADS = (0, 1)


def case_of(cash: dict[str, bool], **more: Any) -> dict[str, Any]:
    """60 images, 40 of them wanted in week 1 and all in week 2: a cheap vendor of 20 a week, and a dear one a week late."""
    demand: dict[str, Any] = {"at-least": f"{ASKED} images", "penalty": "0.7 USD/image", "cash": cash["demand"]}
    milestone = {"by": "week 1", "at-least": "40 images", "penalty": "0.05 USD/image/week", "cash": cash["milestone"]}
    once = {"by": "week 2", "at-least": "50 images", "penalty": "0.3 USD/image", "cash": cash["once"]}
    return {
        "case": "late", "currency": "USD", "objective": "cost", "discount": "50 %/year",
        "horizon": {"start": "2027-01-04", "weeks": WEEKS},
        "products": {
            "cats": {
                "item": "image", "effort": "36 s/image", "demand": {**demand, "at-most": f"{ASKED} images"},
                "milestones": [milestone, once],
                "deadline": {"date": "week 2", "late": "0.1 USD/image/week", "cash": cash["deadline"]},
            }
        },
        "vendors": {
            "near": {
                "capacity": "20 images/week", "season": [{"from": "week 3", "factor": "80%"}],
                "contract": {"price": "0.5 USD/image"},
            },
            "far": {"lead": "1 week", "capacity": "40 images/week", "contract": {"price": "0.9 USD/image"}},
        },
        "workflows": {"plain": {}}, **more,
    }  # fmt: skip


def owed(made: np.ndarray[Any, Any]) -> dict[str, np.ndarray[Any, Any]]:
    """What each limit is missed for in each week, from the words of the case; made: items by vendor and week."""
    delivered = np.zeros(WEEKS)
    for vendor, lead in enumerate(LEADS):
        delivered[lead:] += made[vendor, : WEEKS - lead]
    there = np.cumsum(delivered)
    missing = {name: np.zeros(WEEKS) for name in ("demand", "milestone", "once", "deadline")}
    missing["demand"][2] = 0.7 * max(0.0, ASKED - there[2])
    for week in range(WEEKS):  # missing at the end of week 1 is missing in week 2; what is after week 3 counts in it
        missing["milestone"][min(week + 1, 2)] += 0.05 * max(0.0, 40 - there[week])
    missing["once"][1] = 0.3 * max(0.0, 50 - there[1])
    missing["deadline"][2] = 0.1 * delivered[2]
    return missing


def weighed(made: np.ndarray[Any, Any], cash: dict[str, bool], budget: dict[str, Any]) -> float:
    """Cost in present value with penalties that are not paid at face value; infinite where a budget does not suffice."""
    spent, weight = (made * PRICES).sum(axis=0), 0.0
    for name, money in owed(made).items():
        spent, weight = (spent + money, weight) if cash[name] else (spent, weight + money.sum())
    if (spent > budget.get("per-week", np.inf) + 1e-9).any() or spent.sum() > budget.get("total", np.inf) + 1e-9:
        return float("inf")
    return float(spent @ 1.5 ** (-np.arange(1, WEEKS + 1) * 7 / 365.25) + weight)


GRID = [
    np.array([near, [*far, 0.0]])
    for near in itertools.product((0.0, 10.0, 20.0), repeat=3)
    for far in itertools.product((0.0, 10.0, 20.0, 30.0, 40.0), repeat=2)
    if sum(near) + sum(far) <= ASKED
]
FLAGS = st.fixed_dictionaries({name: st.booleans() for name in ("demand", "milestone", "once", "deadline")})


@pytest.mark.slow
@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(FLAGS, st.sampled_from([{}, {"per-week": 20.0}, {"total": 35.0}]))
def test_no_plan_on_a_grid_is_cheaper(cash: dict[str, bool], budget: dict[str, float]) -> None:
    """The test prices every grid plan by the words of the case; none beats the solver's, which costs what it says."""
    limits = {key: f"{amount} USD" for key, amount in budget.items()}
    answer = solve(read_case(case_of(cash, **({"budget": limits} if budget else {}))))
    best = min(weighed(made, cash, budget) for made in GRID)
    if answer.plan is None:
        assert np.isinf(best)
        return
    assert answer.objective is not None
    made = np.zeros((2, WEEKS))
    for line in answer.plan.lines.to_dict("records"):
        made[("near", "far").index(line["vendor"]), line["period"] - 1] += line["items"]
    assert answer.objective == pytest.approx(weighed(made, cash, budget), rel=1e-7)
    assert answer.objective <= best + 1e-6
    paid = sum(money.sum() for name, money in owed(made).items() if cash[name])
    assert answer.plan.invoice.query("clause == 'penalty'")["amount"].sum() == pytest.approx(paid)
    assert answer.plan.penalty == pytest.approx(sum(m.sum() for name, m in owed(made).items() if not cash[name]))


ALL = dict.fromkeys(("demand", "milestone", "once", "deadline"), True)


@pytest.mark.slow
def test_the_invoice_and_the_cash_flow_have_them(tmp_path: Path) -> None:
    """Week by week in the invoice, paid to nobody; the plan lists them apart from those that are not spent."""
    path = tmp_path / "case.json"
    path.write_text(json.dumps(case_of({**ALL, "milestone": False}, budget={"total": "50 USD", "by": "paid"})))
    answer = solve(read_case(path))
    assert answer.plan is not None
    rows = answer.plan.invoice.query("clause == 'penalty'")
    assert set(rows["vendor"]) == {""}
    assert set(rows["unit"]) == {"image", "image-weeks"}
    assert cash_flow(answer.case, answer.plan)["paid"].sum() == pytest.approx(answer.plan.spend)
    assert answer.plan.spend <= 50 + 1e-9
    shown = CliRunner().invoke(cli, ["solve", str(path), "--no-save"]).output
    assert "Missed or broken for a penalty (USD, not spent)" in shown
    assert "Missed or broken for a penalty (USD, paid, part of the spend)" in shown
    owned = CliRunner().invoke(cli, ["tco", str(path), "--no-save"])
    assert "penalties" in owned.output


@pytest.mark.slow
def test_the_report_says_what_goes_to_no_vendor(tmp_path: Path) -> None:
    """Spend by vendor is less than the spend: a column of its own has the penalties, which go to no vendor."""
    path = tmp_path / "case.json"
    written = case_of(ALL)
    del written["vendors"]["far"]
    path.write_text(json.dumps(written))
    made = CliRunner().invoke(cli, ["report", str(path), "--out", str(tmp_path / "page"), "--no-save"])
    assert made.exit_code == 0, made.output
    text = (tmp_path / "page" / "report.md").read_text(encoding="utf-8")
    assert "| others | penalty | 6.00 | 17.6% |" in text
    assert "| product | near | penalty | in all |" in text


def test_a_penalty_that_is_left_out_or_moved_is_found(tmp_path: Path) -> None:
    """The verifier goes by the case: an entry changed, a flag turned, both are told; the file that holds is accepted."""
    written = case_of(ALL, budget="50 USD")
    case = read_case(written)
    answer = solve(case)
    assert answer.plan is not None
    turned = answer.plan.broken.assign(paid=False)
    assert any(
        "paid by the case" in one for one in verify(case, dataclasses.replace(answer.plan, broken=turned)).violations
    )
    lost = tuple(one for one in answer.plan.entries if one.clause != "penalty")
    assert any(
        "the invoice has 0 of" in one for one in verify(case, dataclasses.replace(answer.plan, entries=lost)).violations
    )
    document, path = as_json(answer), tmp_path / "plan.json"
    path.write_text(json.dumps(document))
    assert check_file(path, written).objections == ()


@pytest.mark.parametrize("place", ["demand", "deadline", "milestone"])
def test_money_that_is_not_there_cannot_be_paid(place: str) -> None:
    """`cash` without a penalty is told, with what to add."""
    case = case_of(ALL)
    product = case["products"]["cats"]
    del {"demand": product["demand"], "deadline": product["deadline"], "milestone": product["milestones"][0]}[place][
        "late" if place == "deadline" else "penalty"
    ]
    with pytest.raises(CaseError) as raised:
        read_case(case)
    (problem,) = raised.value.problems
    assert "`cash` says that a penalty is paid, and there is none" in problem.message
    assert "or remove `cash`" in str(problem.fix)
