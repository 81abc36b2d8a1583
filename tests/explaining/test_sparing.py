"""An explanation that may take no more work than finding the plan took twice: what it tells is true, what it leaves is named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from command_line import Run
from company_cases import company_case

from allocate import Answer, formulate, read_case, solve
from allocate.api.explaining import explain, explain_and_move
from allocate.explaining import money, re_solve
from allocate.explaining.explanation import Explanation
from allocate.explaining.prices import prices_of
from allocate.explaining.re_solve import Again, Worth
from allocate.solvers.live import Live
from allocate.solvers.work import Work

CREWS = company_case("5x4x6", ["team"], 11, 0.75)
"""Five products, four vendors and two teams that hire and release, in six weeks."""
FIXED = 20_000.0
"""Work that every explanation of so small a case takes: two linear programs, and the one search during which the work ends."""


@pytest.fixture(scope="module")
def planned() -> Answer:
    """The plan of the case with teams."""
    return solve(read_case(CREWS))


@pytest.fixture(scope="module")
def whole(planned: Answer) -> Explanation:
    """Everything there is to say of it."""
    found = explain(planned.case, answer=planned, thorough=True)
    assert found is not None
    return found


@pytest.fixture
def spared(planned: Answer, monkeypatch: pytest.MonkeyPatch) -> Explanation:
    """What there is to say within the work of finding the plan twice, however small the case."""
    monkeypatch.setattr(re_solve, "FEW", 0.0)
    found = explain(planned.case, answer=planned)
    assert found is not None
    return found


@pytest.mark.slow
def test_a_thorough_explanation_leaves_nothing_out(whole: Explanation) -> None:
    """No part is left, and no price is a bound."""
    assert whole.left_out == {}
    assert {one.without.state for one in whole.costs} <= {"exact", "bound", "impossible"}
    assert {state for one in whole.prices for state in (one.more_state, one.less_state)} == {"exact"}


@pytest.mark.slow
def test_what_is_told_is_the_same_as_when_everything_is(spared: Explanation, whole: Explanation) -> None:
    """Returns, prices, costs and offers that are told within bounds of work are those of the thorough explanation."""
    returns = {one.product: one for one in whole.margins}
    for one in spared.margins:
        assert one.cost == pytest.approx(returns[one.product].cost, rel=1e-6), one.product
        if one.is_asked and one.saved is not None:
            assert one.saved == pytest.approx(returns[one.product].saved, rel=1e-6), one.product
    prices = {(one.family, one.key): one for one in whole.prices}
    for price in spared.prices:
        told = prices.get((price.family, price.key))
        for mine, state, true in (
            (price.more, price.more_state, told.more if told else None),
            (price.less, price.less_state, told.less if told else None),
        ):
            if state == "exact" and told is not None:
                assert (mine is None) is (true is None)
                assert mine is None or mine == pytest.approx(true, rel=1e-5, abs=1e-6)
            elif state == "bound" and true is not None:
                assert mine is not None
                assert true <= mine + 1e-6
    costs = {(one.limit, one.sense): one for one in whole.costs}
    for cost in spared.costs:
        for mine_, true_ in _pairs(cost, costs[cost.limit, cost.sense]):
            if mine_.state == "exact":
                assert mine_.gain == pytest.approx(true_.gain, rel=1e-6, abs=1e-3), cost.limit
            elif mine_.state == "bound" and true_.gain is not None:
                assert mine_.gain is not None
                assert mine_.gain <= true_.gain + 1e-3
    for offer, true_offer in zip(spared.offers, whole.offers, strict=True):
        for mine_end, true_end in (
            (offer.loses_some, true_offer.loses_some), (offer.loses_all, true_offer.loses_all),
        ):  # fmt: skip
            if mine_end is not None and mine_end.state != "left":
                assert mine_end == true_end


def _pairs(mine: Any, true: Any) -> list[tuple[Worth, Worth]]:
    """Figures of a limit, and what they are in truth."""
    both = [(getattr(mine, name), getattr(true, name)) for name in ("without", "more", "less")]
    return [(one, other) for one, other in both if one is not None and other is not None]


@pytest.mark.slow
def test_everything_is_told_or_named(spared: Explanation, whole: Explanation) -> None:
    """Each limit, product and vendor of the thorough explanation stands in the spared one, or among what it leaves."""
    assert spared.left_out
    left = spared.left_out
    assert {one.limit for one in whole.costs} == {one.limit for one in spared.costs}
    assert {one.limit for one in spared.costs if one.is_left} == set(left.get("costs", ()))
    margins = {one.product for one in spared.margins}
    assert {one.product for one in whole.margins} == margins | set(left.get("margins", ()))
    groups = {one.group for one in spared.prices}
    assert {one.group for one in whole.prices} <= groups | set(left.get("bounds", ()))


@pytest.mark.slow
def test_no_more_work_than_finding_the_plan_twice(planned: Answer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the work allowed goes what takes no search, and the one search during which it ends; the page takes one more."""
    monkeypatch.setattr(re_solve, "FEW", 0.0)
    done = list[tuple[float, float]]()

    class Counted(Again):
        def __init__(self, *told: Any, **named: Any) -> None:
            super().__init__(*told, **named)
            done.append((self.work.most, 0.0))
            self.counted = len(done) - 1

        def go_on(self) -> None:
            done[self.counted] = (done[self.counted][0], self.work.done)
            super().go_on()

    monkeypatch.setattr("allocate.api.explaining.Again", Counted)
    found, _ = explain_and_move(planned, formulate(planned.case))
    assert found is not None
    ((most, spent),) = done
    assert spent <= most + FIXED


def test_the_same_case_leaves_the_same_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Work is counted, and no clock asked: two explanations are equal."""
    monkeypatch.setattr(re_solve, "FEW", 0.0)
    case = read_case(company_case("3x4x4", ["team"], 12, 0.75))
    assert explain(case) == explain(case)


@pytest.mark.slow
def test_the_command_says_what_it_leaves_and_how_to_have_it(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was not looked into is named with the command that does; JSON has each limit, marked; `--thorough` leaves nothing."""
    monkeypatch.setattr(re_solve, "FEW", 0.0)
    case = company_case("3x4x4", ["team"], 12, 0.75)
    (tmp_path / "case.yaml").write_text(json.dumps(case), encoding="utf-8")
    said = run("explain", str(tmp_path)).out
    assert "Not looked into, because it would take more than twice the work of finding the plan:" in said
    assert f"All of it: allocate explain {tmp_path} --thorough" in said
    told = json.loads(run("explain", str(tmp_path), "--format", "json").out)
    assert "left" in {one["without"]["state"] for one in told["costs"]}
    assert "Not looked into" not in run("explain", str(tmp_path), "--thorough").out


def test_a_plan_moved_along_its_basis_is_the_plan_solved_again(
    planned: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Returns of products are the same when every one of them is solved for."""
    built = formulate(planned.case)
    solve(planned.case, formulation=built)
    quick = money.margins(Again(built))
    monkeypatch.setattr(Live, "shifts", lambda self, rows: [None] * len(rows))
    slow = {one.product: one for one in money.margins(Again(built))}
    assert quick
    for one in quick:
        assert one.cost == pytest.approx(slow[one.product].cost, rel=1e-6)
        assert one.saved == pytest.approx(slow[one.product].saved, rel=1e-6)
        assert one.value == pytest.approx(slow[one.product].value, rel=1e-6)


def test_prices_without_work_left_are_bounds(planned: Answer) -> None:
    """Where no work is left a dual is told for both sides as the bound it is, and no side is missing for it."""
    built = formulate(planned.case)
    outcome = solve(planned.case, formulation=built)
    assert outcome.verification is not None
    values = built.program.values()
    true = {(one.family, one.key): one for one in prices_of(built, values, outcome.verification.checks)}
    told = prices_of(built, values, outcome.verification.checks, work=Work(most=0.0))
    assert "bound" in {state for one in told for state in (one.more_state, one.less_state)}
    for one in told:
        known = true.get((one.family, one.key))
        other = known.more if known is not None else None
        assert other is None or one.more is None or other <= one.more + 1e-6
