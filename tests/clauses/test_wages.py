"""In-house teams: the solver against every path of hires and releases, hand-worked figures, and tampered staff."""

from __future__ import annotations

import dataclasses
import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allocate import Answer, Plan, read_case, routes, solve, verify
from allocate.api.evaluating import evaluate
from allocate.api.explaining import explain
from allocate.case.plan_file import PlanLine
from allocate.cli import cli
from allocate.costing.bill.lines import Lines
from allocate.costing.supply.teams import Staff
from allocate.costing.value.values import product_values
from allocate.plan import make_plan
from allocate.record.check import check_file
from allocate.record.write import write_answer
from allocate.tables.column import names
from allocate.tables.plan import STAFF

ROOT = Path(__file__).resolve().parents[2]

TEAM: dict[str, Any] = {"people": 4, "hours": "40 h/week", "wage": "20 USD/h"}


def written(team: dict[str, Any], weeks: int = 4, outside: float = 0.5, **more: Any) -> dict[str, Any]:
    """Images of 36 s (100 an hour), a team, and somebody outside with any number of hours."""
    product = {"item": "image", "effort": "36 s/image", "demand": more.pop("demand", "60_000 images")}
    return {
        "case": "team",
        "currency": "USD",
        "objective": "cost",
        "horizon": {"start": "2027-01-04", "weeks": weeks},
        "products": {"frames": {**product, **more.pop("product", {})}},
        "vendors": {"crew": {"team": team}, "outside": {"contract": {"price": f"{outside} USD/image"}}},
        "workflows": {"plain": {}},
        **more,
    }


def solved(team: dict[str, Any], **more: Any) -> Answer:
    """The answer, verified and proven."""
    answer = solve(read_case(written(team, **more)))
    assert answer.status.value == "optimal"
    return answer


def staff_of(answer: Answer, *columns: str) -> list[list[float]]:
    """Some columns of the plan's staff, one list each."""
    assert answer.plan is not None
    return [answer.plan.staff[column].tolist() for column in columns]


# Every path of hires and releases, person by person.


@dataclass(frozen=True)
class Drawn:
    """A team small enough to try everything it could do."""

    weeks: int
    people: int
    ramp: tuple[float, ...]
    hire_cost: int
    hire_notice: int
    hires: int
    release_cost: int
    release_notice: int
    releases: int
    overtime: float
    premium: float
    seats: int
    shift_cost: int
    shift_premium: float
    need: int
    early: int
    outside: float

    def block(self) -> dict[str, Any]:
        """As a case writes it."""
        hire = {"cost": f"{self.hire_cost} USD", "notice": f"{self.hire_notice} weeks", "at-most": self.hires}
        release = {
            "cost": f"{self.release_cost} USD",
            "notice": f"{self.release_notice} weeks",
            "at-most": self.releases,
        }
        return {
            "people": self.people,
            "hours": "40 h/week",
            "wage": "20 USD/h",
            "shrinkage": "25%",
            "ramp": list(self.ramp),
            "hire": hire,
            "release": release,
            "overtime": {"at-most": self.overtime, "premium": self.premium},
            "shifts": {
                "seats": self.seats,
                "further": [{"cost": f"{self.shift_cost} USD/week", "premium": self.shift_premium}] * 2,
            },
        }


@st.composite
def drawn(draw: st.DrawFn) -> Drawn:
    """Up to three weeks, three people, two hires and two releases."""
    pick = lambda *values: draw(st.sampled_from(values))  # noqa: E731
    weeks = pick(1, 2, 3)
    return Drawn(
        weeks=weeks, people=pick(1, 2, 3), ramp=pick((), (0.5,), (0.25, 0.75)),
        hire_cost=pick(0, 100, 700), hire_notice=pick(*range(weeks)), hires=pick(1, 2),
        release_cost=pick(0, 100, 700), release_notice=pick(*range(weeks)), releases=pick(1, 2),
        overtime=pick(0.0, 0.2, 0.5), premium=pick(0.0, 0.5), seats=pick(2, 3),
        shift_cost=pick(0, 150), shift_premium=pick(0.0, 0.2),
        need=pick(20, 60, 111, 200), early=pick(0, 15, 50), outside=pick(15.0, 27.0, 60.0),
    )  # fmt: skip


def every_path(one: Drawn) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Who starts and who leaves, week by week."""
    starts = itertools.product(*[range(one.hires + 1) if t >= one.hire_notice else (0,) for t in range(one.weeks)])
    for hired in starts:
        leaves = [range(one.releases + 1) if t >= one.release_notice else (0,) for t in range(one.weeks)]
        for released in itertools.product(*leaves):
            if sum(hired) <= one.hires and sum(released) <= one.releases:
                yield hired, released


def cost_of(one: Drawn, hired: tuple[int, ...], released: tuple[int, ...]) -> float | None:
    """The least cost with these hires and releases; None where they cannot be."""
    joined = [-99] * one.people
    money, there, extra = 0.0, [], []
    for week in range(one.weeks):
        for _ in range(released[week]):
            past = [start for start in joined if week - start >= len(one.ramp)]
            if not past:
                return None
            joined.remove(past[0])
        joined += [week] * hired[week]
        if len(joined) > 3 * one.seats:
            return None
        ages = [week - start for start in joined]
        there.append(30.0 * sum(one.ramp[age] if age < len(one.ramp) else 1.0 for age in ages))
        extra.append(40.0 * one.overtime * sum(age >= len(one.ramp) for age in ages))
        later = max(0, len(joined) - one.seats)
        money += 800.0 * (len(joined) + one.shift_premium * later) + one.shift_cost * -(-later // one.seats)
        money += hired[week] * one.hire_cost + released[week] * one.release_cost
    first = max(0.0, one.early - there[0])
    bought = max(0.0, one.need - sum(there), first)
    hour = 20.0 * (1.0 + one.premium)
    overtime = 0.0
    if hour < one.outside:
        at_once = min(first, extra[0])
        overtime = at_once + min(bought - first, sum(extra) - at_once)
    return money + overtime * hour + (bought - overtime) * one.outside


@pytest.mark.slow
@settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(drawn())
def test_no_path_of_hires_and_releases_is_cheaper(one: Drawn) -> None:
    """The plan costs what the best of all paths costs, and its staff table is one of them."""
    product = {"milestones": [{"by": "week 1", "at-least": f"{one.early * 100} images"}]}
    demand = f"{max(one.need, one.early) * 100} images"
    drawn_ = dataclasses.replace(one, need=max(one.need, one.early))
    answer = solved(one.block(), weeks=one.weeks, outside=one.outside / 100, demand=demand, product=product)
    costs = {path: cost for path in every_path(drawn_) if (cost := cost_of(drawn_, *path)) is not None}
    assert answer.objective == pytest.approx(min(costs.values()), rel=1e-6)
    hired, released = staff_of(answer, "hired", "released")
    assert costs[tuple(map(int, hired)), tuple(map(int, released))] == pytest.approx(answer.objective, rel=1e-6)


def test_wages_are_paid_busy_or_idle() -> None:
    """Four people for four weeks cost 4 x 4 x 40 x 20 = 12,800 whatever is made; lines cost the hours they take of it."""
    for images in (0, 20_000):
        answer = solved({**TEAM, "shrinkage": "0%"}, demand=f"{images} images")
        assert answer.plan is not None
        assert answer.plan.spend == pytest.approx(12_800)
        crew = answer.plan.vendors.set_index("vendor").loc["crew"]
        assert crew["spend"] == pytest.approx(images / 100 * 20)
        assert crew["overhead"] == pytest.approx(12_800 - images / 100 * 20)
        assert sum(staff_of(answer, "idle")[0]) == pytest.approx(640 - images / 100)


def test_newcomers_follow_their_ramp() -> None:
    """Two start in week 2, after a week's notice: half, then three quarters, then all of 40 hours."""
    team = {**TEAM, "people": 0, "shrinkage": "0%", "ramp": ["50%", "75%"], "hire": {"notice": "1 week", "at-most": 2}}
    answer = solved(team, demand="18_000 images", outside=9.0)
    people, hours = staff_of(answer, "people", "hours")
    assert people == [0, 2, 2, 2]
    assert hours == pytest.approx([0, 40, 60, 80])


def test_notice_to_leave_is_paid_and_worked() -> None:
    """With two weeks' notice and nothing to do, everybody is paid for two weeks, and then the release."""
    team = {**TEAM, "release": {"cost": "500 USD", "notice": "2 weeks"}}
    answer = solved(team, demand="0 images")
    people, released, paid = staff_of(answer, "people", "released", "spend")
    assert people == [4, 4, 0, 0]
    assert released == [0, 0, 4, 0]
    assert paid == pytest.approx([3200, 3200, 2000, 0])


def test_a_part_of_a_week_of_notice_is_a_week() -> None:
    """Three days' notice: with all work due in week 2, everybody starts in week 2."""
    team = {**TEAM, "people": 0, "shrinkage": "0%", "hire": {"notice": "3 days"}}
    answer = solved(team, demand="12_000 images", outside=9.0, product={"deadline": "week 2"})
    assert staff_of(answer, "people") == [[0, 3, 3, 3]]


@pytest.mark.parametrize("wage", ["1e-19 USD/h", "1e-9 USD/h"])
def test_hours_are_idle_however_little_they_cost(wage: str) -> None:
    """A wage of next to nothing: everybody is there for 640 hours, of which the images take 60; plan and check say so alike."""
    (idle,) = staff_of(solved({**TEAM, "wage": wage, "shrinkage": "0%"}, demand="6_000 images"), "idle")
    assert sum(idle) == pytest.approx(580.0)


def test_wages_follow_season_and_exchange() -> None:
    """A wage of 10 EUR, 2 USD each from week 3 on and 10 % more from week 4, costs 400 x 1, 1, 2, 2.2 USD a person."""
    case = written({**TEAM, "people": 1, "wage": "10 EUR/h"}, demand="0 images")
    case["exchange"] = {"EUR": [{"rate": "1 USD"}, {"from": "week 3", "rate": "2 USD"}]}
    case["vendors"]["crew"]["season"] = [{"from": "week 4", "factor": "110%"}]
    (paid,) = staff_of(solve(read_case(case)), "wages")
    assert paid == pytest.approx([400, 400, 800, 880])


@pytest.mark.parametrize(
    ("wage", "weeks", "months"),
    [
        ("3_100 USD/month", [700.0] * 3 + [700.0], [3_100.0, 3_100.0]),
        ("36_500 USD/year", [36_500 / 12 * 7 / 31] * 4, [36_500 / 12] * 2),
        ("160 USD/day", [640.0, 800.0, 800.0, 800.0], [160 * 20, 160 * 20]),
        ("800 USD/week", [800.0] * 4, [800 * 31 / 7, 800 * 28 / 7]),
    ],
)
def test_salaries_and_rates_by_the_day(wage: str, weeks: list[float], months: list[float]) -> None:
    """A salary is paid by its month's days, holidays included; a rate by the day for the 20 working days that are no holiday."""
    case = written({**TEAM, "people": 1, "wage": wage}, demand="0 images")
    case["vendors"]["crew"]["holidays"] = ["2027-01-06"]
    (paid,) = staff_of(solve(read_case(case)), "wages")
    assert paid == pytest.approx(weeks)
    case["horizon"] = {"start": "2027-01-01", "months": 2}
    (paid,) = staff_of(solve(read_case(case)), "wages")
    assert paid == pytest.approx(months)


def test_a_holiday_makes_overtime_no_cheaper_for_people_paid_by_the_day() -> None:
    """One person at 240 USD a day, the first week all holidays: 40 h for 1,200 USD, then 3 of at most 4 h at 45 USD; none before."""
    team = {**TEAM, "people": 1, "wage": "240 USD/day", "shrinkage": "0%", "hours": "8 h/day"}
    case = written({**team, "overtime": {"at-most": "10%", "premium": "50%"}}, demand="0 images")
    del case["vendors"]["outside"]
    case["horizon"]["weeks"] = 2
    case["vendors"]["crew"]["holidays"] = [f"2027-01-0{day}" for day in range(4, 9)]
    case["products"]["frames"]["demand"] = f"{43 * 100} images"
    answer = solve(read_case(case))
    assert answer.plan is not None
    assert answer.plan.spend == pytest.approx(1_200 + 3 * 45)
    assert staff_of(answer, "overtime") == [pytest.approx([0.0, 3.0])]
    assert verify(answer.case, answer.plan).holds
    case["products"]["frames"]["demand"] = f"{45 * 100} images"
    assert solve(read_case(case)).status.value == "infeasible"


def test_nothing_is_made_on_holidays_and_the_hours_are_paid() -> None:
    """Four people, a holiday in the first week: 128 hours of work then and 160 later, 57,600 images; 64,000 without it."""
    team = {**TEAM, "shrinkage": "0%"}
    case = written(team, demand={"at-least": "57_600 images"})
    del case["vendors"]["outside"]
    case["vendors"]["crew"]["holidays"] = ["2027-01-06"]
    plan = solve(read_case(case)).plan
    assert plan is not None
    assert plan.spend == pytest.approx(12_800)
    more = {**case, "products": {"frames": {**case["products"]["frames"], "demand": {"at-least": "60_900 images"}}}}
    assert solve(read_case(more)).status.value == "infeasible"
    lines = [PlanLine("frames", "crew", "plain", week, 15_000.0) for week in (1, 2, 3, 4)]
    assert any("crew" in one for one in evaluate(read_case(case), lines).verification.violations)


def test_months_count_their_days() -> None:
    """In a horizon of months a person is paid 40 hours for every seven days."""
    case = {**written({**TEAM, "people": 1}, demand="0 images"), "horizon": {"start": "2027-01-01", "months": 2}}
    (paid,) = staff_of(solve(read_case(case)), "paid")
    assert paid == pytest.approx([40 * 31 / 7, 40 * 28 / 7])


def test_budgets_count_wages_in_the_week_they_are_paid() -> None:
    """A weekly budget of 3,200, the wages alone, leaves nothing for overtime; 300 more buy ten hours of it a week."""
    team = {**TEAM, "shrinkage": "0%", "overtime": {"at-most": "20%", "premium": "50%"}}
    case = {"outside": 9.0, "demand": {"at-least": "67_000 images"}}
    assert solve(read_case(written(team, budget={"per-week": "3_200 USD"}, **case))).status.value == "infeasible"
    (overtime,) = staff_of(solved(team, budget={"per-week": "3_500 USD"}, **case), "overtime")
    assert sum(overtime) == pytest.approx(30)
    assert max(overtime) <= 10 + 1e-6


def test_a_team_that_is_too_small_is_told() -> None:
    """Without anybody outside, the hours that are missing are named: 900 needed, 4 x 4 x 40 there."""
    case = written({**TEAM, "shrinkage": "0%"}, demand="90_000 images")
    del case["vendors"]["outside"]
    answer = solve(read_case(case))
    assert answer.status.value == "infeasible"
    assert "crew: 900 h needed, 640 h can be staffed" in [reason.sentence for reason in answer.reasons]


def test_cbc_agrees() -> None:
    """Another solver finds the same cost."""
    team = {**TEAM, "ramp": ["50%"], "hire": {"cost": "600 USD", "notice": "1 week"}, "release": {"cost": "900 USD"}}
    case = read_case(written(team, demand="90_000 images", outside=0.4))
    assert solve(case, solver="cbc").objective == pytest.approx(solve(case).objective, rel=1e-6)


# The verification.


def plan_with(hired: list[int], released: list[int], overtime: list[float], hours: list[float]) -> tuple[Any, Plan]:
    """A plan of chosen staff and hours by week, kept to or not."""
    team = {
        **TEAM,
        "shrinkage": "0%",
        "ramp": ["50%"],
        "hire": {"cost": "100 USD", "notice": "1 week", "at-most": 3},
        "release": {"notice": "1 week", "at-most": 2},
        "overtime": {"at-most": "10%", "premium": "50%"},
        "shifts": {"seats": 4, "further": [{"cost": "70 USD/week", "premium": "10%"}]},
    }
    case = read_case(written(team, demand={"at-least": "0 images"}))
    ways, weeks = routes(case), np.arange(4, dtype=np.int32)
    route = np.full(4, int(np.flatnonzero(ways.vendor == 0)[0]), dtype=np.int32)
    staff = Staff(*(np.array([row], dtype=float) for row in (hired, released, overtime)))
    return case, make_plan(
        product_values(case, ways), Lines(case, ways, route, weeks, np.array(hours) * 100, staff=staff)
    )


GOOD = ([0, 2, 0, 0], [0, 0, 1, 0], [16.0, 0.0, 4.0, 0.0], [176.0, 200.0, 204.0, 200.0])


def test_good_staff_holds() -> None:
    """Nothing is found where nothing is wrong: 4, 6, 5, 5 people, and 160, 200, 200, 200 hours beside the overtime."""
    case, plan = plan_with(*GOOD)
    assert verify(case, plan).violations == ()
    assert plan.staff["hours"].tolist() == pytest.approx([160, 200, 200, 200])
    assert plan.staff["shifts"].tolist() == [1, 2, 2, 2]


BROKEN: dict[str, tuple[int, list[float], str]] = {
    "hired too early": (0, [1, 1, 0, 0], "crew: 1 people start in week 1, the notice is not over"),
    "hired too many": (0, [0, 4, 0, 0], "people hired by crew: 4 people, at most 3"),
    "released too early": (1, [1, 0, 0, 0], "crew: 1 people leave in week 1, the notice is not over"),
    "released too many": (1, [0, 0, 3, 0], "people released by crew: 3 people, at most 2"),
    "too much overtime": (2, [17, 0, 4, 0], "overtime of crew in week 1: 17 h, at most 16"),
    "too many hours": (3, [177, 200, 204, 200], "hours of crew in week 1: 177 h, at most 176"),
}


@pytest.mark.parametrize("kind", list(BROKEN))
def test_broken_staffing_is_found(kind: str) -> None:
    """Each limit of a team, passed by one, is named with both figures."""
    position, row, words = BROKEN[kind]
    parts: list[Any] = [*GOOD]
    parts[position] = row
    assert words in verify(*plan_with(*parts)).violations


def test_only_the_proficient_leave() -> None:
    """One proficient person and two newcomers: two cannot leave while the newcomers learn."""
    team = {**TEAM, "people": 1, "ramp": ["50%", "50%"], "hire": {"at-most": 2}, "release": {}}
    case = read_case(written(team, demand={"at-least": "0 images"}))
    ways = routes(case)
    none = np.zeros(0, dtype=np.int32)
    staff = Staff(np.array([[2.0, 0, 0, 0]]), np.array([[0.0, 2, 0, 0]]), np.zeros((1, 4)))
    plan = make_plan(product_values(case, ways), Lines(case, ways, none, none, np.zeros(0), staff=staff))
    assert "people past their ramp of crew in week 2: -1 people, at least 0" in verify(case, plan).violations


def test_seats_are_checked() -> None:
    """Three hires beside four people and four seats in one shift leave three without a seat."""
    team = {**TEAM, "hire": {}, "shifts": {"seats": 4}}
    case = read_case(written(team, demand={"at-least": "0 images"}))
    ways, none = routes(case), np.zeros(0, dtype=np.int32)
    staff = Staff(np.array([[0.0, 3, 0, 0]]), np.zeros((1, 4)), np.zeros((1, 4)))
    plan = make_plan(product_values(case, ways), Lines(case, ways, none, none, np.zeros(0), staff=staff))
    assert "seats of crew in week 2: 7 people, at most 4" in verify(case, plan).violations


@pytest.mark.parametrize("column", names(STAFF))
def test_every_figure_of_the_staff_is_checked(column: str) -> None:
    """A figure of the staff table that is changed is found."""
    case, plan = plan_with(*GOOD)
    table = plan.staff.astype(object)
    table.loc[1, column] = "nobody" if column == "team" else float(table.loc[1, column]) * 1.001 + 0.001
    assert verify(case, dataclasses.replace(plan, staff=table)).violations


def test_missing_staff_is_found() -> None:
    """A staff table without its last week is not that of the team."""
    case, plan = plan_with(*GOOD)
    found = verify(case, dataclasses.replace(plan, staff=plan.staff.iloc[:-1])).violations
    assert "the staff is not that of the case's teams and periods, in their order" in found


def test_every_check_of_a_team_has_its_row() -> None:
    """Limits checked and limits of the program go by the same family and key."""
    team = {
        **TEAM,
        "hire": {"at-most": 2},
        "release": {"at-most": 1},
        "overtime": {"at-most": "10%"},
        "shifts": {"seats": 5, "further": [{}]},
    }
    answer = solved(team)
    assert answer.verification is not None
    families = {check.family for check in answer.verification.checks}
    assert {"team_hours", "team_overtime", "team_proficient", "team_seats", "team_hires", "team_releases"} <= families
    assert [check for check in answer.verification.checks if answer.worth(check) is None] == []


# Explanation, lines of one's own, command line.


def test_explain_names_limits_of_a_team() -> None:
    """What the hours of the team cost is told, by solving without them."""
    found = explain(read_case(written({**TEAM, "hire": {"at-most": 1}}, demand="90_000 images")))
    assert found is not None
    assert {"hours of crew", "people hired by crew"} <= {one.limit for one in found.costs}


@pytest.mark.slow
def test_lines_as_they_are_are_staffed_at_least_cost() -> None:
    """The lines of the best plan, priced as they are, cost what the plan costs; staff follows from them alone."""
    team = {**TEAM, "ramp": ["50%"], "hire": {"cost": "300 USD", "notice": "1 week"}, "overtime": {"at-most": "10%"}}
    case = read_case(written(team, demand="70_000 images", outside=0.9))
    plan = solve(case).plan
    assert plan is not None
    lines = [PlanLine(*row) for row in plan.lines[["product", "vendor", "workflow", "period", "items"]].to_numpy()]
    found = evaluate(case, lines)
    assert found.holds
    assert found.plan.spend == pytest.approx(plan.spend)


def test_lines_no_staff_can_make_are_named() -> None:
    """A line of more hours than the team can come to is broken by what is missing."""
    case = read_case(written({**TEAM, "shrinkage": "0%", "overtime": {"at-most": "10%"}}, demand="20_000 images"))
    found = evaluate(case, [PlanLine("frames", "crew", "plain", 1, 20_000.0)])
    assert found.verification.violations == ("hours of crew in week 1: 200 h, at most 176",)


def test_a_plan_file_is_checked_with_its_staff(tmp_path: Any) -> None:
    """The file of a plan holds without a solver; with another number of people hired, it does not."""
    case = read_case(ROOT / "cases" / "in-house-team")
    path = tmp_path / "plan.json"
    write_answer(solve(case), path)
    assert check_file(path, ROOT / "cases" / "in-house-team").objections == ()
    data = json.loads(path.read_text(encoding="utf-8"))
    data["staff"][2]["hired"] = 2
    path.write_text(json.dumps(data), encoding="utf-8")
    found = [problem.message for problem in check_file(path, ROOT / "cases" / "in-house-team").objections]
    assert any("staff[2].people is 6, not 7" in words for words in found)


def test_the_staff_is_printed(tmp_path: Any) -> None:
    """`solve` shows the staff by week, `--staff --format csv` all of its columns."""
    (tmp_path / "case.yaml").write_text(
        """
case: team
currency: USD
objective: cost
horizon: {start: 2027-01-04, weeks: 2}
products: {frames: {item: image, effort: 36 s/image, demand: 9_000 images}}
vendors: {crew: {team: {people: 2 people, hours: 40 h/week, wage: 20 USD/h}}}
workflows: {plain: {}}
""",
        encoding="utf-8",
    )
    shown = CliRunner().invoke(cli, ["solve", str(tmp_path)])
    assert shown.exit_code == 0, shown.output
    assert "Staff (USD)" in shown.output
    listed = CliRunner().invoke(cli, ["solve", str(tmp_path), "--staff", "--format", "csv"])
    assert listed.output.splitlines()[0] == ",".join(names(STAFF)).replace("period,", "period,start,")
    assert len(listed.output.splitlines()) == 3


@pytest.mark.parametrize("beyond", [-4e-8, -1.2e-9, 0.0, 1.2e-9, 4e-8])
@pytest.mark.parametrize("hours", [0.3, 40.0, 168.0])
def test_hours_full_but_for_rounding_leave_nobody_idle(hours: float, beyond: float) -> None:
    """However many hours there are, a part in ten millions of them is rounding for the table and for its check alike."""
    case = read_case(written({"people": 1, "hours": f"{hours} h/week", "wage": "10 USD/h"}, weeks=1))
    line = PlanLine("frames", "crew", "plain", 1, 100.0 * hours * (1.0 + beyond))
    found = evaluate(case, [line])
    assert found.plan.staff["idle"].tolist() == [0.0]
    assert not [problem for problem in found.verification.violations if "idle" in problem]


@pytest.mark.slow
def test_teams_that_hire_week_by_week_are_proven_to_the_end() -> None:
    """Branching on one week's hires moves the fraction to the next; on the sum of all weeks it ends: the last 0.3 % are proven."""
    answer = solve(read_case("cases/video-throughput", scenario="second-shift"))
    assert answer.certificate.gap == pytest.approx(0.0, abs=1e-6)
