"""When money leaves and what it is then worth: in the program, in the plan, in the check of it, as people read it."""

from __future__ import annotations

import dataclasses
import datetime
import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allocate import evaluate, read_case, solve, verify
from allocate.api.explaining import explain
from allocate.case.load import Case
from allocate.case.plan_file import PlanLine
from allocate.cli import cli
from allocate.costing.clauses.payment import payments
from allocate.finance.cash import cash_flow, paid_after
from allocate.finance.invoice_table import invoice_table
from allocate.finance.ownership import ownership
from allocate.record.as_json import as_json
from allocate.record.check import check_file

WEEKS, RATE, REVIEW = 4, 0.5, 0.1
START = datetime.date(2027, 1, 4)
PRICES = {"near": np.array([0.5, 0.5, 0.4, 0.4]), "far": np.array([0.25, 0.375, 0.375, 0.375])}
FEE = 10.0


def case_of(terms: dict[str, str | None], **more: Any) -> dict[str, Any]:
    """Four weeks, 400 images; a vendor whose price falls with the season, and one with a fee, paid in pesos that rise."""
    contracts: dict[str, dict[str, Any]] = {
        "near": {"price": "0.5 USD/image"},
        "far": {"price": "25 PHP/image", "fees": {"onboarding": f"{FEE} USD"}},
    }
    for name, payment in terms.items():
        contracts[name] |= {} if payment is None else {"payment": payment}
    return {
        "case": "paid",
        "currency": "USD",
        "exchange": {"PHP": [{"rate": "0.01 USD"}, {"from": "week 2", "rate": "0.015 USD"}]},
        "discount": "50 %/year",
        "objective": "cost",
        "horizon": {"start": START, "weeks": WEEKS},
        "products": {
            "cats": {
                "item": "image",
                "effort": "36 s/image",
                "demand": {"exactly": "400 images", "penalty": "0.6 USD/image"},
                "error-cost": "0.2 USD/image",
            }
        },
        "vendors": {
            "near": {
                "capacity": "200 images/week",
                "accuracy": "100%",
                "season": [{"from": "week 3", "factor": "80%"}],
                "contract": contracts["near"],
            },
            "far": {"capacity": "200 images/week", "accuracy": "90%", "contract": contracts["far"]},
        },
        "workflows": {"checked": {"review": {"share": "25%", "time": "36 s/image", "catch": "0%"}}},
        "review-team": {"wage": "40 USD/h"},
        **more,
    }


def paid_in(payment: str | None, week: int) -> int:
    """Position of the week in which work of a week is paid, by counting days."""
    if payment is None or payment == "in advance":
        return week
    day = START + datetime.timedelta(days=7 * week + 6 + int(payment.split()[0]))
    return (day - START).days // 7


def factor(payment: str | None, week: int) -> float:
    """What it is then worth at the start."""
    ended = week if payment == "in advance" else paid_in(payment, week) + 1
    return float((1 + RATE) ** (-ended * 7 / 365.25))


def plans() -> np.ndarray[Any, Any]:
    """Plans on a grid of 100 images, shape (plans, vendors, weeks), no more than are asked for."""
    grid = np.array(list(itertools.product((0.0, 100.0, 200.0), repeat=2 * WEEKS))).reshape(-1, 2, WEEKS)
    return grid[grid.sum(axis=(1, 2)) <= 400]


PLANS = plans()


def weighed(
    made: np.ndarray[Any, Any], terms: dict[str, str | None], value: float, per_week: float | None
) -> np.ndarray[Any, Any]:
    """Present value of plans as a cost, from the words of the case; infinite where a budget by what is paid is broken."""
    total = 0.6 * np.maximum(400 - made.sum(axis=(1, 2)), 0.0) - value * made.sum(axis=(1, 2)) * factor(None, WEEKS - 1)
    spent = np.zeros((len(made), WEEKS))
    for v, name in enumerate(("near", "far")):
        fee = np.where(made[:, v].sum(axis=1) > 0, FEE, 0.0) if name == "far" else np.zeros(len(made))
        total += fee * factor(terms[name], 0)
        for t in range(WEEKS):
            bill = made[:, v, t] * PRICES[name][t]
            total += bill * factor(terms[name], t) + made[:, v, t] * REVIEW * factor(None, t)
            spent[:, t] += made[:, v, t] * REVIEW
            if (when := paid_in(terms[name], t)) < WEEKS:
                spent[:, when] += bill
        if (when := paid_in(terms[name], 0)) < WEEKS:
            spent[:, when] += fee
    return np.where((spent <= per_week + 1e-9).all(axis=1), total, np.inf) if per_week is not None else total


TERMS = st.sampled_from([None, "in advance", "7 days", "10 days", "30 days", "60 days"])


@pytest.mark.slow
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(near=TERMS, far=TERMS, valued=st.booleans(), per_week=st.sampled_from([None, 60.0, 95.0]))
def test_no_plan_on_a_grid_has_a_better_present_value(
    near: str | None, far: str | None, valued: bool, per_week: float | None
) -> None:
    """By day counts of its own the test prices every grid plan; none beats the solver's, which is worth what it says."""
    terms = {"near": near, "far": far}
    written = case_of(terms)
    if per_week is not None:
        written["budget"] = {"per-week": f"{per_week} USD", "by": "paid"}
    if valued:
        curve = [{"labels": 0, "score": 0}, {"labels": 1000, "score": 10}]
        written["products"]["cats"]["value"] = {"curve": curve, "worth": "30 USD/point"}
        written["vendors"]["far"]["accuracy"] = "100%"
        written["objective"] = "net-value"
    answer = solve(read_case(written))
    assert answer.plan is not None
    assert answer.objective is not None
    assert answer.gap is not None
    assert answer.gap < 1e-6
    value, sense = (0.3, -1) if valued else (0.0, 1)
    made = np.zeros((1, 2, WEEKS))
    for line in answer.plan.lines.to_dict("records"):
        made[0, ("near", "far").index(line["vendor"]), line["period"] - 1] += line["items"]
    assert sense * answer.objective == pytest.approx(float(weighed(made, terms, value, per_week)[0]), rel=1e-6)
    assert sense * answer.objective <= float(weighed(PLANS, terms, value, per_week).min()) + 1e-6


def lines_of(*made: tuple[str, int, float]) -> list[PlanLine]:
    return [PlanLine("cats", vendor, "checked", period, items) for vendor, period, items in made]


def test_a_plan_is_worth_what_its_payments_are() -> None:
    """By hand: 100 images of each vendor in week 1; near is paid 30 days after its end, in week 6, far in advance.

    Images 50 USD and 25, the fee 10, checking 20; a tenth of far's images is wrong, at 0.2 USD.
    """
    plan = evaluate(
        read_case(case_of({"near": "30 days", "far": "in advance"})), lines_of(("near", 1, 100), ("far", 1, 100))
    ).plan
    assert plan.present is not None
    week = 1.5 ** (-7 / 365.25)
    assert plan.spend == pytest.approx(105)
    assert plan.present.spend == pytest.approx(50 * week**6 + (25 + 10) + 20 * week)
    assert plan.present.escaped_error_cost == pytest.approx(2 * week)
    assert plan.amount("cost") == pytest.approx(plan.present.spend + 200 * 0.6)


def test_an_ordinary_annuity_is_worth_what_tables_say() -> None:
    """1 USD at the end of each of five years at 8 % is worth 3.9927 (textbook tables), through the plan itself."""
    case = {
        "case": "annuity", "currency": "USD", "objective": "cost", "discount": "8 %/year",
        "horizon": {"start": "2027-01-01", "months": 60},
        "products": {"frames": {"item": "frame", "effort": "1 s/frame", "demand": "5 frames"}},
        "vendors": {"acme": {"contract": {"price": "1 USD/frame"}}}, "workflows": {"plain": {}},
    }  # fmt: skip
    plan = evaluate(read_case(case), [PlanLine("frames", "acme", "plain", year * 12, 1.0) for year in range(1, 6)]).plan
    assert plan.present is not None
    assert round(plan.present.spend, 4) == 3.9927
    in_advance = {"acme": {"contract": {"price": "1 USD/frame", "payment": "in advance"}}}
    lines = [PlanLine("frames", "acme", "plain", year * 12 + 1, 1.0) for year in range(5)]
    due = evaluate(read_case({**case, "vendors": in_advance}), lines).plan.present
    assert due is not None
    assert round(due.spend, 4) == 4.3121  # the same table's annuity due: 1 + 3.3121, four years


@pytest.mark.parametrize(
    ("payment", "periods"),
    [
        ("30 days", [2, 2, 3, 4, 5, 6]),  # 31 January + 30 days is 2 March, 28 February + 30 days 30 March
        ("1 day", [1, 2, 3, 4, 5, 6]),
        ("in advance", [0, 1, 2, 3, 4, 5]),
        ("90 days", [4, 4, 5, 6, 7, 8]),  # 31 January + 90 days is 1 May, 28 February + 90 is 29 May
    ],
)
def test_months_are_paid_by_the_calendar(payment: str, periods: list[int]) -> None:
    """Days are counted from the last day of each month, past the end of the horizon too."""
    horizon, rates = {"start": "2027-01-01", "months": 6}, {"PHP": "0.015 USD"}
    written = case_of({"near": payment, "far": None}, horizon=horizon, exchange=rates)
    found = payments(read_case(written))
    assert found.period[0].tolist() == periods
    assert found.period[1].tolist() == list(range(6))


def test_the_cash_flow_adds_up_and_says_what_comes_after_the_horizon() -> None:
    """All that is owed is paid in the end; the note, the plan file and the total cost of ownership tell of what is late."""
    case = read_case(case_of({"near": "30 days", "far": "30 days"}, budget="200 USD"))
    answer = solve(case)
    assert answer.plan is not None
    table = cash_flow(case, answer.plan)
    assert table["owed"].sum() == pytest.approx(answer.plan.spend)
    assert table["paid"].sum() == pytest.approx(answer.plan.spend)
    assert table["open"].iloc[-1] == 0.0
    late = float(table.loc[table["after"], "paid"].sum())
    assert late == pytest.approx(answer.plan.spend - REVIEW * answer.plan.lines["items"].sum())
    (note,) = answer.notes
    assert note == f"{late:,.2f} USD of the spend is paid after the horizon, the last in 2027-03"
    assert sum(row["paid"] for row in as_json(answer)["cash_flow"]) == pytest.approx(answer.plan.spend)
    found = ownership(case, answer.plan, "month")
    assert found.paid_after == pytest.approx(late)
    assert found.costs["nominal"].sum() == pytest.approx(answer.plan.spend + answer.plan.escaped_error_cost)
    assert answer.plan.present is not None
    assert found.discounted == pytest.approx(answer.plan.present.spend + answer.plan.present.escaped_error_cost)


def by_month(case: Case, lines: list[PlanLine]) -> tuple[dict[str, float], dict[str, float], dict[str, float]]:
    """What is paid in each month by the invoice's due dates, by the cash flow, and by the cost of ownership."""
    plan = evaluate(case, lines).plan
    invoice = invoice_table(case, plan)
    due: dict[str, float] = {}
    for day, amount in invoice.rows("due", "amount"):
        due[str(day)[:7]] = round(due.get(str(day)[:7], 0.0) + amount, 2)
    cash = cash_flow(case, plan).groupby("month")["paid"].sum()
    owned = ownership(case, plan, "month").costs
    costs = owned[owned["spent"]].groupby("when")["nominal"].sum()
    paid, cost = ({month: round(float(sum_), 2) for month, sum_ in one.items() if sum_} for one in (cash, costs))
    return due, paid, cost


def flat(payment: str, horizon: dict[str, Any]) -> Case:
    """Work at half a dollar an image that nobody checks, and when it is paid."""
    return read_case({
        "case": "flat", "currency": "USD", "objective": "cost", "horizon": horizon,
        "products": {"cats": {"item": "image", "effort": "36 s/image", "demand": {"at-most": "1_600 images"}}},
        "vendors": {"near": {"contract": {"price": "0.5 USD/image", "payment": payment}}},
        "workflows": {"plain": {}},
    })  # fmt: skip


def test_money_is_paid_whole_in_the_month_of_its_due_date() -> None:
    """Weeks 1 to 8 from 4 January 2027 with 100 USD each, checked by nobody, paid 60 days after the week's last day.

    Week 1 ends on 10 January and is due on 11 March, week 2 on 18 March, week 3 on 25 March; week 4 ends on 31 January and
    is due on 1 April; week 8 ends on 28 February and is due on 29 April, in the week from 26 April to 2 May. So 300 USD are
    March's, 500 April's, and none May's. In advance each week is due on its Monday: 4, 11, 18 and 25 January, 1, 8, 15
    and 22 February; in four weeks from 28 January on, a Thursday, 28 January is the only one of January.
    """
    horizon: dict[str, Any] = {"start": START, "weeks": 8}
    lines = [PlanLine("cats", "near", "plain", week, 200.0) for week in range(1, 9)]
    case = flat("60 days", horizon)
    assert by_month(case, lines) == ({"2027-03": 300.0, "2027-04": 500.0},) * 3
    table = cash_flow(case, evaluate(case, lines).plan)
    assert table["month"].tolist() == ["2027-01", "2027-02", "2027-03", "2027-04"]
    assert table["open"].tolist() == [400.0, 800.0, 500.0, 0.0]
    assert paid_after(case, evaluate(case, lines).plan) == (pytest.approx(800), "2027-04")
    case = flat("in advance", horizon)
    assert by_month(case, lines) == ({"2027-01": 400.0, "2027-02": 400.0},) * 3
    case = flat("in advance", {"start": "2027-01-28", "weeks": 4})
    assert by_month(case, lines[:4]) == ({"2027-01": 100.0, "2027-02": 300.0},) * 3


def test_months_that_begin_within_one_are_paid_on_their_due_dates_too() -> None:
    """Two months from 15 January 2027 on, 100 USD each, paid at once: due on their last days, 14 February and 14 March.

    After 10 days they are due on 24 February and 24 March, the first within the plan's second month.
    """
    horizon: dict[str, Any] = {"start": "2027-01-15", "months": 2}
    lines = [PlanLine("cats", "near", "plain", month, 200.0) for month in (1, 2)]
    for payment in ("0 days", "10 days"):
        assert by_month(flat(payment, horizon), lines) == ({"2027-02": 100.0, "2027-03": 100.0},) * 3


def test_a_limit_on_some_weeks_goes_by_what_is_paid_in_them() -> None:
    """Nothing of what is paid after 30 days leaves before week 6, so a limit on weeks 1 to 4 sees only checking."""
    limit = {"name": "now", "at-most": "25 USD", "to": "week 4"}
    case = read_case(case_of({"near": "30 days", "far": "30 days"}, budget={"limits": [limit], "by": "paid"}))
    plan = solve(case).plan
    assert plan is not None
    assert plan.lines["items"].sum() == pytest.approx(250)
    endless = {"name": "all", "at-most": "25 USD"}
    case = read_case(case_of({"near": "30 days", "far": "30 days"}, budget={"limits": [endless], "by": "paid"}))
    plan = solve(case).plan
    assert plan is not None
    assert plan.spend <= 25 + 1e-6


@pytest.mark.slow
def test_a_limit_to_a_date_goes_by_the_day_of_each_payment() -> None:
    """100 images a week at 1 USD, paid 30 days after the week: on Tuesdays, 9, 16 and 23 February and 2 March.

    Of 400 images, as many are made as the limit of 150 USD leaves those weeks whose bills fall due in its time; money in the
    case's own checking, and of a vendor who says no payment, goes by its week."""
    made = {
        ("to", "2027-02-08"): 400, ("to", "2027-02-09"): 400, ("to", "2027-02-15"): 400, ("to", "2027-02-16"): 350,
        ("to", "2027-03-02"): 150, ("from", "2027-03-03"): 400, ("from", "2027-02-24"): 400, ("from", "2027-02-23"): 350,
        ("from", "2027-02-16"): 250, ("from", "2027-02-17"): 350, ("to", "2027-01-21"): 400,
    }  # fmt: skip
    for (key, date), items in made.items():
        limit = {"name": "now", "at-most": "150 USD", key: date}
        case = case_of({"near": "30 days"}, objective="cost", budget={"by": "paid", "limits": [limit]})
        case["vendors"] = {
            "near": {"capacity": "100 images/week", "contract": {"price": "1 USD/image", "payment": "30 days"}}
        }
        case["products"]["cats"]["demand"]["penalty"] = "9 USD/image"
        del case["discount"], case["workflows"], case["review-team"]
        answer = solve(read_case(case))
        assert answer.plan is not None
        assert answer.plan.lines["items"].sum() == pytest.approx(items), (key, date)


@pytest.mark.slow
@pytest.mark.parametrize("figure", ["rate", "spend", "value", "escaped_error_cost"])
def test_a_present_value_that_was_changed_is_found(figure: str, tmp_path: Path) -> None:
    """The verifier recomputes each figure from contracts and the calendar, and so does the check of a plan file."""
    written = case_of({"near": "30 days", "far": "in advance"})
    case = read_case(written)
    answer = solve(case)
    assert answer.plan is not None
    assert answer.plan.present is not None
    more = dataclasses.replace(answer.plan.present, **{figure: getattr(answer.plan.present, figure) + 0.01})
    assert not verify(case, dataclasses.replace(answer.plan, present=more)).holds
    assert not verify(case, dataclasses.replace(answer.plan, present=None)).holds
    document, path = as_json(answer), tmp_path / "plan.json"
    path.write_text(json.dumps(document))
    assert check_file(path, written).objections == ()
    document["present"][figure] += 0.01
    path.write_text(json.dumps(document))
    assert any("present" in str(one) for one in check_file(path, written).objections)


@pytest.mark.slow
def test_marginal_returns_are_in_present_money() -> None:
    """At the best plan the last label of a product returns the hurdle, value and cost both discounted."""
    written = case_of({"near": "in advance", "far": "30 days"}, objective="net-value", hurdle=1.1)
    law = {"a": 60, "b": 0.3, "c": 4}
    written["products"]["cats"] = {
        "item": "image", "effort": "36 s/image", "demand": {"at-most": "1_500 images"},
        "value": {"curve": {"power-law": law}, "worth": "300 USD/point", "existing": "500 images"},
    }  # fmt: skip
    found = explain(read_case(written))
    assert found is not None
    (margin,) = found.margins
    assert margin.returns == pytest.approx(1.1, rel=0.02)


@pytest.mark.slow
def test_the_commands_show_both_moneys_and_the_cash_flow(tmp_path: Path) -> None:
    """`solve` heads the plan with its present value and its spend; `--invoice` ends with the cash flow, `tco` goes by month."""
    path = tmp_path / "case.json"
    path.write_text(json.dumps(case_of({"near": "30 days", "far": "30 days"}), default=str))
    runner = CliRunner()
    shown = runner.invoke(cli, ["solve", str(path), "--no-save"]).output
    assert " USD in present value at 50 % a year." in shown
    assert "paid after the horizon, the last in 2027-03" in shown
    lines = tmp_path / "plan.csv"
    lines.write_text("product,vendor,workflow,period,items\ncats,near,checked,1,100\n")
    own = runner.invoke(cli, ["solve", str(path), "--fix", str(lines), "--as-is", "--no-save"]).output
    assert "Spend 60.00 USD, 57.64 in present value." in own
    invoice = runner.invoke(cli, ["solve", str(path), "--invoice", "--no-save"]).output
    assert "2027-03, after the horizon" in invoice
    owned = runner.invoke(cli, ["tco", str(path), "--by", "month", "--no-save"]).output
    assert "2027-03" in owned
    assert "Periods are those in which it is paid" in owned


def test_without_terms_and_discount_nothing_is_added() -> None:
    """A case that says neither has no cash flow, no note and no present value in its answer."""
    written = case_of({"near": None, "far": None})
    del written["discount"]
    answer = solve(read_case(written))
    assert answer.notes == ()
    assert not {"present", "cash_flow"} & set(as_json(answer))


def test_what_falls_due_on_the_last_day_is_paid_within_the_horizon() -> None:
    """A week to pay the work of three: that of the second falls due on 24 January, the last day, and only the third's is after."""
    product = {"item": "image", "effort": "36 s/image", "demand": "30 images"}
    vendor = {"capacity": "10 images/week", "contract": {"price": "1 USD/image", "payment": "1 week"}}
    case = read_case(
        {
            "case": "due", "currency": "USD", "objective": "cost", "horizon": {"start": START, "weeks": 3},
            "products": {"p": product}, "vendors": {"v": vendor}, "workflows": {"plain": {}},
        }
    )  # fmt: skip
    plan = solve(case).plan
    assert plan is not None
    assert paid_after(case, plan) == (10.0, "2027-01")
    assert cash_flow(case, plan)["paid"].tolist() == [20.0, 10.0]
