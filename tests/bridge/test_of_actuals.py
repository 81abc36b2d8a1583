"""A bridge to what was done: items, hours and bills as they were recorded, and whatever no contract explains."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from actuals_worlds import QUARTER, more, pages, put
from command_line import Run

from allocate.actuals.reading import read_actuals
from allocate.api.solving import solve
from allocate.bridge.bridge import UNEXPLAINED, Bridge, bridge_bills
from allocate.bridge.ends import of_actuals, of_plan
from allocate.case.load import read_case
from allocate.errors import CaseError


def _bridge(folders: list[Path], case: dict[str, Any] | None = None) -> Bridge:
    read = read_case(case or QUARTER)
    plan = solve(read).plan
    assert plan is not None
    planned = of_plan("the plan", read, plan)
    return bridge_bills(planned, of_actuals("the actuals", read, read_actuals(folders), planned))


@pytest.mark.slow
def test_fewer_pages_at_a_slower_pace(tmp_path: Path) -> None:
    """400 pages in 5 h: 100 USD. By hand: volume 80 - 800 = -720 at the planned pace, pace 5 h - 4 h at 20 USD = +20 in the
    chain; Shapley shares the joint part: 3,600 pages fewer at the mean of 0.20 and 0.25 USD is -810, pace +110."""
    found = _bridge([pages(tmp_path)])
    assert found.totals == (800.0, 100.0)
    assert {cause: found.of(cause) for cause in found.parts} == {"volume": -810.0, "pace": 110.0}


@pytest.mark.slow
def test_hours_that_were_paid_and_not_worked_are_idle(tmp_path: Path) -> None:
    """A timesheet of 8 h for 5 h of work: 3 h at 20 USD are idle, and in the total."""
    sheet = more(tmp_path / "s", "timesheet", "date,person,product,hours\n2027-01-05,,scans,8\n")
    found = _bridge([pages(tmp_path), sheet])
    assert found.of("idle") == 60.0
    assert found.totals[1] == 160.0


@pytest.mark.slow
def test_a_bill_beyond_the_contract_is_a_finding(tmp_path: Path) -> None:
    """Billed 130 USD for 5 h of work at 20: 30 are not explained by the contract; in euros at 1.10 likewise."""
    bill = more(
        tmp_path / "b", "invoice", "date,vendor,product,amount,currency,items,clause\n2027-01-30,acme,scans,130,USD,,\n"
    )
    found = _bridge([pages(tmp_path), bill])
    assert (found.totals[1], found.of(UNEXPLAINED)) == (130.0, 30.0)
    assert sum(found.kinds().values()) == found.change
    euros = more(
        tmp_path / "e", "invoice", "date,vendor,product,amount,currency,items,clause\n2027-01-30,acme,none,100,EUR,,\n"
    )
    found = _bridge([tmp_path / "work", euros], {**QUARTER, "exchange": {"EUR": "1.10 USD"}})
    assert (found.totals[1], found.of(UNEXPLAINED)) == (110.0, 10.0)
    with pytest.raises(CaseError, match="has bills in EUR"):
        _bridge([tmp_path / "work", euros])


def test_work_outside_of_the_horizon_is_refused(tmp_path: Path) -> None:
    """Records of another quarter: the error names the day and the horizon."""
    with pytest.raises(CaseError, match="work of 2027-03-29, outside of the horizon"):
        _bridge([pages(tmp_path, day="2027-03-30")])


def test_work_the_case_does_not_have_is_refused(tmp_path: Path) -> None:
    """A bridge leaves no work out: items of an unknown vendor are named with their number."""
    folder = pages(tmp_path)
    other = {
        **QUARTER,
        "vendors": {"bo": QUARTER["vendors"]["acme"]},
        "rates": [{**QUARTER["rates"][0], "vendor": "bo"}],
    }
    with pytest.raises(CaseError, match="holds 400 items of the vendor 'acme', which the case does not have"):
        _bridge([folder], other)


@pytest.mark.slow
def test_the_command_takes_actuals(tmp_path: Path, run: Run) -> None:
    """`--actuals` puts what was done in place of a plan of the case after."""
    case = put(tmp_path, "case.yaml", json.dumps(QUARTER))
    done = run("bridge", "--from", case, "--to", case, "--actuals", pages(tmp_path / "r"))
    assert (done.code, "to What was done, 100.00 USD" in done.out) == (0, True)
    assert "internal +110.00" in done.out


@pytest.mark.slow
def test_each_period_has_its_own_part(tmp_path: Path, run: Run) -> None:
    """Hours paid and not worked stand in their week, a bill in the week of its day; all periods add up to the whole, to the cent."""
    sheet = more(tmp_path / "t", "timesheet", "date,product,hours\n2027-01-05,scans,6\n2027-01-12,scans,4\n")
    bill = more(tmp_path / "i", "invoice", "date,product,amount,currency\n2027-01-20,scans,260,USD\n")
    case = put(tmp_path, "case.yaml", json.dumps(QUARTER))
    folders = [word for folder in (pages(tmp_path / "w"), sheet, bill) for word in ("--actuals", folder)]
    told = json.loads(run("bridge", "--from", case, "--to", case, *folders, "--format", "json").out)
    by_period: dict[tuple[str, int], float] = {}
    for one in told["periods"]:
        by_period[one["cause"], one["period"]] = by_period.get((one["cause"], one["period"]), 0.0) + one["amount"]
    assert by_period["idle", 1] == pytest.approx((6 - 5) * 20.0), "400 pages of 45 s are 5 h"
    assert by_period["idle", 2] == pytest.approx(4 * 20.0)
    assert by_period["not explained by the contract", 3] == pytest.approx(260.0)
    assert round(sum(by_period.values()), 2) == told["totals"]["change"]
    for one in told["periods"]:
        assert one["start"] == f"2027-01-{4 + 7 * (one['period'] - 1):02}"
    shown = run("bridge", "--from", case, "--to", case, *folders, "--by", "period")
    assert (shown.code, "2027-01-18" in shown.out) == (0, True)
