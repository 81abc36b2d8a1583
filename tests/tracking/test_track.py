"""A plan against what was done: earned value by hand, ranges of each week, alarms, and what all of it will cost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from actuals_worlds import QUARTER, more, pages, put
from command_line import Run

from allocate.actuals.reading import read_actuals
from allocate.bridge.ends import of_lines
from allocate.case.load import read_case
from allocate.case.plan_file import PlanLine
from allocate.errors import CaseError
from allocate.tracking.earned_value import EarnedValue, earned_schedule
from allocate.tracking.track import Tracked, track


def _tracked(folders: list[Path], at: int | None = None, **changed: Any) -> Tracked:
    """A plan of 1,000 pages a week, 200 USD each week, against records."""
    case = read_case({**QUARTER, **changed})
    lines = tuple(PlanLine("scans", "acme", "single-pass", week, 1000.0) for week in (1, 2, 3, 4))
    return track(case, read_actuals(folders), of_lines("the plan", case, lines).plan, at=at)


def test_the_fence() -> None:
    """Four sides at 1,000 a day, after day 3: the exercise of PMP Exam Prep (studylib.net 5898152), its EAC unrounded."""
    fence = EarnedValue(3000.0, 2500.0, 2800.0, 4000.0)
    assert (fence.cost_variance, fence.schedule_variance) == (-300.0, -500.0)
    assert (round(fence.cost_index or 0, 3), round(fence.schedule_index or 0, 3)) == (0.893, 0.833)
    forecasts = fence.forecasts()
    assert forecasts["at the cost so far"] == pytest.approx(4480.0)
    assert forecasts["the rest as planned"] == 4300.0
    assert forecasts["at cost and pace so far"] == pytest.approx(2800.0 + 1500.0 / (2500 / 2800 * 2500 / 3000))
    assert earned_schedule([1000.0, 2000.0, 3000.0, 4000.0], fence.earned) == 2.5
    assert earned_schedule([0.0, 0.0, 10.0], 0.0) == 2.0
    assert earned_schedule([10.0], 10.0) == 1.0
    assert EarnedValue(0.0, 0.0, 0.0, 10.0).forecasts()["at the cost so far"] is None


def test_a_slow_first_week(tmp_path: Path) -> None:
    """800 pages of 45 s in place of 1,000 of 36 s: PV 200, EV 160, AC 10 h at 20 USD = 200; CPI 0.8, EAC 1,000 of 800."""
    found = _tracked([pages(tmp_path, 800)])
    now = found.now.value
    assert (now.planned, now.earned, now.actual, now.budget) == (200.0, 160.0, pytest.approx(200.0), 800.0)
    assert now.forecasts()["at the cost so far"] == pytest.approx(1000.0)
    assert found.schedule == pytest.approx(0.8)
    assert (found.rest, found.odds) == (None, None)


@pytest.mark.slow
def test_rejected_pages_earn_nothing_and_idle_hours_cost(tmp_path: Path) -> None:
    """A timesheet of 12 h for 5 h of work adds 7 h at 20 USD to AC; no week earns more than the plan has."""
    sheet = more(tmp_path / "s", "timesheet", "date,person,product,hours\n2027-01-05,,scans,12\n")
    found = _tracked([pages(tmp_path), sheet])
    assert found.now.value.actual == pytest.approx(240.0)
    table = tmp_path / "work" / "periods.csv"
    text = table.read_text(encoding="utf-8")
    head, row = text.splitlines()
    cells = dict(zip(head.split(","), row.split(","), strict=True)) | {"rejected": "100"}
    table.write_text(f"{head}\n{','.join(cells.values())}\n", encoding="utf-8")
    assert _tracked([tmp_path / "work"]).now.value.earned == pytest.approx(60.0)


@pytest.mark.slow
def test_two_weeks_below_their_range_are_an_alarm(tmp_path: Path) -> None:
    """With a pace of ±10 % a week at 40 % of the plan lies below its P10; one such week is no alarm, the second is."""
    spread = {"rates": [{**QUARTER["rates"][0], "pace": "100 pages/h ±10%"}]}
    first = pages(tmp_path / "1")
    one = _tracked([first], **spread)
    assert one.now.outside == "behind"
    assert not any("running" in line for line in one.alarms())
    second = pages(tmp_path / "2", day="2027-01-12")
    two = _tracked([first, second], **spread)
    assert [week.outside for week in two.weeks] == ["behind", "behind"]
    assert any("behind its own P10 to P90 for 2 weeks running" in line for line in two.alarms())
    assert any("1.2 weeks late" in line for line in two.alarms())
    assert two.rest is not None
    low, middle, high = two.rest
    assert low < middle < high
    assert middle == pytest.approx(two.now.value.actual + two.now.value.budget - two.now.value.earned, rel=0.02)


def test_the_budget_is_watched(tmp_path: Path) -> None:
    """At a CPI of 0.8 a plan of 800 USD comes to 1,000: above a budget of 900."""
    found = _tracked([pages(tmp_path, 800)], budget="900 USD")
    assert any("comes to 1,000.00, above the budget of 900.00 USD" in line for line in found.alarms())


@pytest.mark.slow
def test_the_command(tmp_path: Path, run: Run) -> None:
    """Table, JSON, CSV and Markdown of the same weeks; a period that is not there is refused."""
    case = put(tmp_path, "case.yaml", json.dumps(QUARTER))
    plan = put(
        tmp_path,
        "plan.csv",
        "product,vendor,workflow,period,items\n" + "".join(f"scans,acme,single-pass,{n},1000\n" for n in (1, 2, 3, 4)),
    )
    work = pages(tmp_path / "r", 800)
    arguments = ("track", case, "--plan", plan, "--actuals", work)
    told = json.loads(run(*arguments, "--format", "json").out)
    assert told["periods"][0]["ev"] == 160.0
    assert "Forecasts: at the cost so far 1,000.00" in run(*arguments).out
    assert run(*arguments, "--format", "csv").out.count("\n") == 2
    assert run(*arguments, "--format", "md").code == 0
    assert "the plan has weeks 1 to 4, not 9" in run(*arguments, "--at", "9").err
    with pytest.raises(CaseError, match="nothing is recorded up to week 1"):
        _tracked([pages(tmp_path / "late", day="2027-01-12")], at=1)
