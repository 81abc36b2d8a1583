"""The frontier: each point equals a solve of its own, and the last money is named where it stops paying."""

from __future__ import annotations

from dataclasses import replace

import pytest
from company_cases import company_case
from drawn_cases import Case, cases, checked
from hypothesis import given
from study.small import small, with_fees

from allocate import read_case, solve
from allocate.answers import UnverifiedPlanError
from allocate.api.solving import sought
from allocate.case.load import revised
from allocate.errors import CaseError
from allocate.study.carried import carried
from allocate.study.figures import Figures, figures
from allocate.study.frontier import frontier
from allocate.study.live import followed
from allocate.study.measuring import Measuring
from allocate.verification import verify

ENOUGH = [300.0, 350.0, 450.0, 700.0, 900.0]
"""Budgets between which nothing of `alike` but the side of one row moves."""
BUDGETS = [0.0, 30.0, 60.0, 150.0, 300.0, 450.0, 700.0, 900.0]


def alike():
    """The small case with little demand, so that all budgets from 300 on have one program."""
    case = small()
    for product in case["products"].values():
        product["demand"] = {"at-least": "400 images", "at-most": "800 images"}
    return read_case(case)


def alone(case, point):
    """The point's plan by a solve of its own."""
    return solve(revised(case, point.settings), conflicts=False)


def same(case, study):
    """Each point of a study is what a separate solve finds."""
    for point, one in zip(study.points, study.figures, strict=True):
        answer = alone(case, point)
        assert one.status == answer.status.value, point
        if answer.plan is not None:
            size = max(1.0, abs(answer.objective))
            assert one.objective == pytest.approx(answer.objective, abs=1e-6 * size)
            assert one.spend == pytest.approx(answer.plan.spend, rel=1e-6, abs=1e-6)
            assert one.bound == pytest.approx(answer.bound, rel=1e-6, abs=1e-6 * size)
        else:
            assert one.reasons == tuple(reason.sentence for reason in answer.reasons)


@pytest.mark.slow
def test_budgets_on_one_live_solver_equal_separate_solves() -> None:
    """A linear program is followed along its budget, and each point is what a solve of its own finds."""
    case = read_case(small())
    study = frontier(case, "budget", BUDGETS)
    assert study.whole
    assert study.figures[0].status == "infeasible"
    same(case, study)
    case = alike()
    assert followed(case, ENOUGH[0], ENOUGH[-1]) == "linear"
    same(case, frontier(case, "budget", ENOUGH))


def test_money_stops_paying_where_a_plan_without_a_budget_ends() -> None:
    """The amount named is what the best plan costs when money is no limit."""
    case = read_case(small())
    study = frontier(case, "budget", [300.0, 2000.0])
    free = solve(read_case(small(budget="1_000_000 USD")))
    assert f"{free.plan.spend:,.2f} USD" in study.notes[-1]
    assert "hurdle of 1.2" in study.notes[-1]


@pytest.mark.parametrize(
    ("largest", "said"),
    [(100.0, "one more USD changes value by 3."), (200.0, "stops paying off at the largest budget, 200.00 USD")],
)
def test_more_money_is_judged_by_what_one_more_brings(largest: float, said: str) -> None:
    """Where a product is full at the largest budget its shadow price is what the last money brought; the next brings less."""
    case = {
        "case": "kink",
        "currency": "USD",
        "horizon": {"start": "2027-01-04", "weeks": 1},
        "objective": "value",
        "budget": "100 USD",
        "products": {
            name: {
                "item": "image",
                "effort": "36 s/image",
                "demand": {"at-most": "100 images"},
                "value": {"worth": f"{worth} USD/image"},
            }
            for name, worth in (("a", 5), ("b", 3))
        },
        "vendors": {"v": {"contract": {"price": "1 USD/image"}}},
        "workflows": {"plain": {}},
    }
    assert said in frontier(read_case(case), "budget", [50.0, largest]).notes[-1]


@pytest.mark.slow
def test_value_stops_paying_where_its_price_falls_below_the_hurdle() -> None:
    """With value as the objective the last money is judged by what it brings, point by point."""
    case = read_case(small(objective="value"))
    study = frontier(case, "budget", BUDGETS[1:])
    worth = [row["worth_of_one_more"] for row in study.rows if row["worth_of_one_more"] is not None]
    assert worth == sorted(worth, reverse=True)
    assert "More money stops paying off between" in study.notes[-1]


@pytest.mark.slow
def test_integer_cases_have_a_bound_at_each_point() -> None:
    """Fees make whole-number choices: every point is solved by itself, to its own proven bound."""
    case = read_case(with_fees())
    assert followed(case, 200.0, 900.0) != "linear"
    study = frontier(case, "budget", [200.0, 500.0, 900.0])
    same(case, study)
    assert all(one.bound >= one.objective for one in study.figures)


@pytest.mark.slow
def test_points_measured_from_their_lines_equal_whole_plans() -> None:
    """All figures of all points, those of each product and vendor too, are what the plan's tables add up to."""
    case = read_case(small())
    study = frontier(case, "budget", BUDGETS[2:5])
    for point, one in zip(study.points, study.figures, strict=True):
        there = figures(alone(case, point))
        for name in ("net_value", "items", "accuracy", "delivered", "vendors_used", "worth_of_money"):
            assert getattr(one, name) == pytest.approx(getattr(there, name))
        for mine, its in ((one.products, there.products), (one.vendors, there.vendors)):
            assert {name: vars(part) for name, part in mine.items()} == {
                name: pytest.approx(vars(part)) for name, part in its.items()
            }


@pytest.mark.slow
@given(cases(objective="net-value"))
@checked(8)
def test_any_case_has_the_frontier_of_its_separate_solves(data: Case) -> None:
    """Drawn cases with budgets by week and by group, floors, shares and milestones."""
    case = read_case(data)
    same(case, frontier(case, "budget", [100.0, 400.0, 1000.0, 4000.0]))


@pytest.mark.slow
def test_accuracy_and_deadline_move_the_products_named() -> None:
    """A floor or a deadline moves for the product named alone, and each point is what a solve of its own finds."""
    case = read_case(small(objective="cost"))
    study = frontier(case, "accuracy", [0.93, 0.96, 0.975, 0.99], products=["cats"])
    same(case, study)
    assert [row["accuracy"] for row in study.rows] == [0.93, 0.96, 0.975, 0.99]
    assert all(row["accuracy_reached"] >= row["accuracy"] - 1e-9 for row in study.rows[:2])
    costs = [row["objective"] for row in study.rows if row["objective"] is not None]
    assert costs == sorted(costs)
    assert costs[0] < costs[-1]
    assert study.rows[-1]["status"] == "infeasible"
    assert study.rows[-1]["why"]
    late = frontier(case, "deadline", [1, 2, 4])
    same(case, late)
    assert set(late.points[0].settings) == {"products.cats.deadline", "products.dogs.deadline"}


def test_a_product_that_is_not_there_is_a_mistake() -> None:
    """The products there are, are named."""
    with pytest.raises(CaseError, match="there is no product 'birds'"):
        frontier(read_case(small()), "accuracy", [0.9, 0.95], products=["birds"])


def test_amounts_come_out_in_order_and_once() -> None:
    """Points are sorted, and one asked for twice is done once."""
    study = frontier(read_case(small()), "budget", [400.0, 300.0, 400.0])
    assert [point.at["budget"] for point in study.points] == [300.0, 400.0]


@pytest.mark.slow
def test_a_budget_that_is_slack_is_not_solved_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of four budgets of an integer program two leave money over: they share one plan, that of a solve of their own."""
    case, solved = read_case(with_fees()), []

    def counted(case, **options):
        solved.append(case)
        return solve(case, **options)

    monkeypatch.setattr("allocate.study.points.solve", counted)
    seen = []
    study = frontier(
        case, "budget", [300.0, 500.0, 20_000.0, 40_000.0], progress=lambda done, of: seen.append((done, of))
    )
    assert len(solved) == 3
    assert seen[-1] == (4, 4)
    assert [one for one, _ in seen] == sorted(one for one, _ in seen)
    same(case, study)


@pytest.mark.slow
def test_budgets_of_vendors_that_learn_have_plans_of_their_own() -> None:
    """No live solver follows a program whose plans keep hours by curves: each point is what a separate solve finds."""
    case = small()
    case["vendors"]["acme"] |= {
        "learning": {"rate": "85%", "from": "500 items"},
        "contract": {"price": "0.2 USD/image"},
    }
    case = read_case(case)
    same(case, frontier(case, "budget", [300.0, 500.0]))


def test_more_money_never_leaves_a_worse_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    """A search that ends with less than a smaller budget has shows that plan, with the bound of a larger budget, and a note says so."""
    case = read_case(with_fees())
    _, best, top = frontier(case, "budget", [300.0, 500.0, 900.0]).figures

    def early(answer, *_, **asked):
        """The search at 500 ends with next to nothing, and knows little."""
        found = figures(answer)
        middle = found.objective == best.objective
        return replace(found, status="feasible", objective=1.0, spend=2.0, bound=2.0 * top.bound) if middle else found

    monkeypatch.setattr("allocate.study.points.figures", early)
    study = frontier(case, "budget", [300.0, 500.0, 900.0])
    small, middle, large = study.figures
    assert (middle.objective, middle.spend) == (small.objective, small.spend)
    assert middle.left_of_budget == pytest.approx(small.left_of_budget + 200.0)
    assert middle.bound == large.bound
    assert middle.gap == pytest.approx((large.bound - small.objective) / small.objective)
    assert (middle.status, middle.worth_of_money) == ("feasible", None)
    assert study.notes[-1].startswith("Points with the plan of a smaller budget")


def test_less_money_never_leaves_a_looser_bound() -> None:
    """What no plan of more money reaches, none of less does: costs are bounded from below, and no plan stays no plan."""
    found = (
        Figures("infeasible"),
        Figures("feasible", 9.0, 5.0, 4 / 9, 8.0),
        None,
        Figures("optimal", 8.0, 8.0, 0.0, 8.0),
    )
    none, less, undone, more = carried([1.0, 2.0, 3.0, 4.0], found, "cost")
    assert (none, undone, more) == (found[0], None, found[3])
    assert (less.objective, less.bound, less.gap) == (9.0, 8.0, pytest.approx(1 / 9))


@pytest.mark.slow
def test_budgets_of_an_integer_program_go_on_from_one_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """From the largest down, each point is what a solve of its own finds; one that leaves money over is searched once, and below one without a plan nothing is."""
    searched = []

    def counted(case, **options):
        searched.append(case.file.budget.total.number)
        return solve(case, **options)

    monkeypatch.setattr("allocate.study.live.TOO_SMALL", 0)
    monkeypatch.setattr("allocate.solvers.branching.method.LARGE", 0)
    monkeypatch.setattr("allocate.study.live.solve", counted)
    case = read_case(company_case("6x4x5", ["onboard"], 12, 0.6))
    full = case.file.budget.total.number
    budgets = [share * full for share in (0.05, 0.1, 0.45, 0.5, 0.55, 20.0, 40.0)]
    study = frontier(case, "budget", budgets)
    assert searched == [budgets[place] for place in (6, 4, 3, 2, 1)]
    none, *others = zip(study.points, study.figures, strict=True)
    for point, one in others:
        answer = alone(case, point)
        assert one.status == answer.status.value
        assert one.objective == (None if answer.objective is None else pytest.approx(answer.objective, rel=1e-6))
        assert one.spend is None or one.left_of_budget == pytest.approx(point.at["budget"] - one.spend, abs=1e-6)
    assert alone(case, none[0]).status.value == none[1].status == "infeasible"
    told = f"too little money: there is a plan with {budgets[2]:,.2f} USD, none with {budgets[1]:,.2f} USD"
    assert none[1].reasons == study.figures[1].reasons == (told,)


@pytest.mark.slow
@pytest.mark.parametrize("twice", [False, True])
def test_a_plan_that_does_not_hold_is_told_of_beside_the_one_in_its_place(
    monkeypatch: pytest.MonkeyPatch, twice: bool
) -> None:
    """A search that goes on gives a plan that breaks its budget: a note has what was wrong, and both plans' figures."""
    monkeypatch.setattr("allocate.study.live.TOO_SMALL", 0)
    monkeypatch.setattr("allocate.solvers.branching.method.LARGE", 0)
    case = read_case(company_case("6x4x5", ["onboard"], 12, 0.6))
    full = case.file.budget.total.number
    budgets, wrong = [0.45 * full, 0.55 * full], UnverifiedPlanError(("budget: 9.00 of 7.00 USD",), 123.4)

    def failing(asked, **options):
        """Every plan at the smaller budget that goes on from another breaks it; twice: one of its own too."""
        if asked.file.budget.total.number == budgets[0] and ("kept" in options or twice):
            raise wrong
        return solve(asked, **options)

    monkeypatch.setattr("allocate.study.live.solve", failing)
    study = frontier(case, "budget", budgets)
    goal, small = case.file.objective[0], study.figures[0]
    told = (
        f"A fault of the program, please report it: with {budgets[0]:,.2f} USD a plan at {goal} 123.40 did not hold: "
        "budget: 9.00 of 7.00 USD; "
    )
    assert [note for note in study.notes if "fault" in note] == [study.notes[0]]
    assert study.as_object()["notes"][0] == study.notes[0]
    if twice:
        assert small.status == "unverified"
        assert study.notes[0] == f"{told}nor does one searched for by itself."
    else:
        best = alone(case, study.points[0])
        assert (small.status, small.objective) == ("optimal", pytest.approx(best.objective))
        assert study.notes[0] == f"{told}one searched for by itself holds, at {goal} {small.objective:,.2f}."


def test_budgets_after_a_plan_that_does_not_hold_are_planned_by_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    """On one live solver too: the point at which a sum does not agree is planned afresh, as are those behind it, and a note says so."""
    case, measure = alike(), Measuring.figures
    right = frontier(case, "budget", ENOUGH)

    def failing(self, at, outcome, row):
        """From 350 on the sums do not agree."""
        if at.file.budget.total.number >= 350.0:
            raise UnverifiedPlanError(("the solver's objective is 1.00, the plan's 2.00",), 1.0)
        return measure(self, at, outcome, row)

    monkeypatch.setattr(Measuring, "figures", failing)
    study = frontier(case, "budget", ENOUGH)
    assert study.whole
    assert [one.objective for one in study.figures] == pytest.approx([one.objective for one in right.figures])
    (told,) = [note for note in study.notes if "fault" in note]
    assert (
        "with 350.00 USD a plan at net-value 1.00 did not hold: the solver's objective is 1.00, the plan's 2.00" in told
    )


@pytest.mark.slow
def test_why_there_is_no_plan_is_looked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of an integer program of some size whose budgets are planned by themselves: below a budget with a plan it is the money; else what the largest lacks."""
    monkeypatch.setattr("allocate.study.live.TOO_SMALL", 0)
    case = read_case(company_case("4x4x4", ["onboard"], 12, 0.6))
    full = case.file.budget.total.number
    low, more, enough = (share * full for share in (0.05, 0.1, 0.8))
    some = frontier(case, "budget", [low, more, enough]).figures
    told = (f"too little money: there is a plan with {enough:,.2f} USD, none with {{:,.2f}} USD",)
    assert [one.reasons for one in some] == [(told[0].format(low),), (told[0].format(more),), ()]
    none = frontier(case, "budget", [low, more])
    known = tuple(reason.sentence for reason in alone(case, none.points[1]).reasons)
    either = f"there is no plan with {more:,.2f} USD either; {known[0]}"
    assert [one.reasons for one in none.figures] == [(either,), known]


@pytest.mark.slow
def test_later_budgets_of_an_integer_program_are_measured_from_their_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each figure, what is left of the budget, and the bound are those of a plan with its tables; of the later points that is made for one."""
    monkeypatch.setattr("allocate.study.live.TOO_SMALL", 0)
    monkeypatch.setattr("allocate.solvers.branching.method.LARGE", 0)
    case = read_case(company_case("4x4x4", ["onboard", "rebate", "seats"], 12, 0.6))
    full = case.file.budget.total.number
    budgets = [share * full for share in (0.5, 0.55, 0.6)]
    whole = frontier(case, "budget", budgets)
    made = []

    def counted(*asked):
        made.append(asked)
        return verify(*asked)

    monkeypatch.setattr("allocate.study.live.TWO_SIDED", 0)
    monkeypatch.setattr("allocate.study.measuring.verify", counted)
    for one, other in zip(frontier(case, "budget", budgets).figures, whole.figures, strict=True):
        for name in ("objective", "bound", "spend", "value", "items", "accuracy", "left_of_budget", "with_no_vendor"):
            assert getattr(one, name) == pytest.approx(getattr(other, name), rel=1e-6, abs=1e-6), name
        assert (one.status, one.delivered, one.vendors_used) == (other.status, other.delivered, other.vendors_used)
        assert {name: part.spend for name, part in one.vendors.items()} == pytest.approx(
            {name: part.spend for name, part in other.vendors.items()}
        )
    assert len(made) == 1


@pytest.mark.slow
def test_a_plan_whose_lines_break_the_budget_is_searched_for_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Measured from its lines, a plan that goes on from another and spends too much is told of beside one of its own."""
    monkeypatch.setattr("allocate.study.live.TOO_SMALL", 0)
    monkeypatch.setattr("allocate.study.live.TWO_SIDED", 0)
    monkeypatch.setattr("allocate.solvers.branching.method.LARGE", 0)
    case = read_case(company_case("4x4x4", ["onboard"], 12, 0.6))
    full = case.file.budget.total.number
    budgets = [0.45 * full, 0.55 * full]

    def too_much(built, **asked):
        """The search looks at the larger budget where the smaller one is asked for."""
        built.program.set_row_bounds(built.program.rows["budget"].start, upper=budgets[1])
        return sought(built, **asked)

    monkeypatch.setattr("allocate.study.live.sought", too_much)
    study = frontier(case, "budget", budgets)
    best = alone(case, study.points[0])
    assert study.figures[0].objective == pytest.approx(best.objective)
    assert "did not hold: budget:" in study.notes[0]
