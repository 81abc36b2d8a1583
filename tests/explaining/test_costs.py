"""What rules and limits cost: each figure is what solving the changed case gives."""

from __future__ import annotations

from typing import Any

import pytest
from small_case import CASE, WITH_CHOICES, objective, product, vendor

from allocate import formulate, read_case, solve
from allocate.explaining import costs as costs_module
from allocate.explaining.costs import Cost
from allocate.explaining.costs import costs as costs_of
from allocate.explaining.re_solve import Again
from allocate.program.build import Built

BOTH = pytest.mark.parametrize("base", [CASE, WITH_CHOICES], ids=["linear", "integer"])


def listed(base: dict[str, Any], each: float | None = None, **changes: Any) -> tuple[Cost, ...]:
    """What rules and limits cost in a changed case; each: seconds for each search of an integer program."""
    case = read_case({**base, **changes})
    built, reached = formulate(case), solve(case)
    assert reached.verification is not None
    return costs_of(Again(built, each=each), reached.verification.checks)


def costs(base: dict[str, Any], **changes: Any) -> dict[str, Cost]:
    """The same by name."""
    return {one.limit: one for one in listed(base, **changes)}


@pytest.mark.slow
@BOTH
def test_rules_and_limits_cost_what_their_absence_gains(base: dict[str, Any]) -> None:
    """With owner and reason, in linear and integer programs alike; the dearest comes first."""
    share = {**CASE["rules"][0]["share"], "at-most": "55%"}
    rules = [{**base["rules"][0], "share": share}, *base["rules"][1:]]
    found, now = costs(base, rules=rules), objective(base, rules=rules)
    rule = found["rule 'nobody above 70 %'"]
    assert (rule.owner, rule.reason) == ("procurement", "resilience")
    assert rule.without.gain == pytest.approx(objective(base, rules=base["rules"][1:]) - now, rel=1e-6)
    assert rule.without.gain > 1
    free = objective(base, rules=rules, products=product("cats", accuracy=None))
    assert found["accuracy of cats"].without.gain == pytest.approx(free - now, rel=1e-6)
    gains = [one.without.gain for one in found.values() if one.without.gain is not None]
    assert gains == sorted(gains, reverse=True)
    assert all(one.without.state == "exact" for one in found.values() if one.without.gain is not None)


@pytest.mark.slow
@BOTH
def test_a_step_is_what_the_moved_limit_gives(base: dict[str, Any]) -> None:
    """Budget, accuracy, hours, a share, demand: one step more and one less, as cases of their own."""
    share = {**CASE["rules"][0]["share"], "at-most": "55%"}
    rules = [{**base["rules"][0], "share": share}, *base["rules"][1:]]
    now, found = objective(base, rules=rules), costs(base, rules=rules)

    def gains(**changes: Any) -> float:
        return objective(base, **{"rules": rules, **changes}) - now

    def with_share(points: float) -> list[Any]:
        return [{**rules[0], "share": {**share, "at-most": points / 100}}, *rules[1:]]

    budget = found["budget"]
    assert (budget.step, budget.unit) == (200.0, "USD")
    cheap = found["hours of cheap"]
    assert (cheap.step, cheap.each_period) == (5.0, True)
    rule, accuracy, dogs = found["rule 'nobody above 70 %'"], found["accuracy of cats"], found["items of dogs"]
    assert (rule.step, accuracy.step, accuracy.unit, dogs.step) == (1.0, 1.0, "points", 200.0)
    for sign, side in ((1, "more"), (-1, "less")):
        wanted = {
            budget: gains(budget=f"{3000 + sign * 200} USD"),
            cheap: gains(vendors=vendor("cheap", base, capacity=f"{90 + sign * 5} h/week")),
            accuracy: gains(products=product("cats", accuracy=f"{95 + sign}%")),
            rule: gains(rules=with_share(55 + sign)),
            dogs: gains(products=product("dogs", demand=f"{2000 + sign * 200} images")),
        }
        for one, gain in wanted.items():
            worth = getattr(one, side)
            assert worth is not None
            assert worth.gain == pytest.approx(gain, rel=1e-6, abs=1e-6), (one.limit, side)


@pytest.mark.slow
@BOTH
def test_a_deadline_moves_by_a_period(base: dict[str, Any]) -> None:
    """A week more and a week less of a product's deadline, and none at all, are cases of their own."""
    now, deadline = objective(base), costs(base)["deadline of dogs (week 2)"]
    assert (deadline.step, deadline.unit) == (1.0, "week")
    for worth, week in ((deadline.more, "week 3"), (deadline.less, "week 1"), (deadline.without, None)):
        assert worth is not None
        gain = objective(base, products=product("dogs", deadline=week)) - now
        assert worth.gain == pytest.approx(gain, rel=1e-6, abs=1e-6)


def test_a_limit_from_which_the_reach_of_a_curve_follows_is_taken_away_whole() -> None:
    """Without its capacity a vendor can make more labels than the pieces of the curve were cut for."""
    law = {"curve": {"power-law": {"a": 40, "b": 0.3, "c": 5}}, "worth": "600 USD/point", "existing": "1_000 images"}
    cats = product("cats", value=law, accuracy=None, demand=None)
    changes: dict[str, Any] = {
        "products": {"cats": cats["cats"]}, "budget": "90k USD", "rules": [],
        "vendors": {"cheap": {"capacity": "10 h/week", "accuracy": "92%", "contract": {"price": "9 USD/h"}}},
    }  # fmt: skip
    open_ = {"vendors": {"cheap": {"accuracy": "92%", "contract": {"price": "9 USD/h"}}}}
    gain = costs(CASE, **changes)["hours of cheap"].without.gain
    assert gain == pytest.approx(objective(**{**changes, **open_}) - objective(**changes), rel=1e-3)


@pytest.mark.slow
def test_every_rule_is_listed_and_what_no_plan_can_do_without_says_so() -> None:
    """Rules that cost nothing are in the list with 0; a floor of vendors no plan reaches is no plan."""
    rules = [*CASE["rules"], {"name": "three for dogs", "owner": "x", "count": {"products": ["dogs"], "at-least": 3}}]
    found = costs(CASE, rules=rules)
    counted = found["rule 'three for dogs'"]
    assert counted.step == 1.0
    assert counted.more is not None
    assert counted.more.state == "impossible"
    idle = costs(CASE, budget="500 USD", products=product("cats", accuracy=None))["rule 'nobody above 70 %'"]
    assert idle.without.gain is not None


def test_a_figure_the_time_did_not_suffice_for_says_so() -> None:
    """With no time at all for more searches of an integer program, nothing pretends to be exact."""
    states = {one.without.state for one in listed(WITH_CHOICES, each=0.0)}
    assert "unknown" in states
    assert "exact" not in states


def test_a_program_that_takes_all_the_time_to_make_is_not_searched() -> None:
    """Where the last of the time goes into making a program again, what it would reach is not known."""
    again, other = Again(formulate(read_case(CASE)), time_limit=60.0), formulate(read_case({**CASE, "rules": []}))

    def slowly() -> Built:
        again.clock._began -= 60.0
        return other

    assert again.program(slowly).worth.state == "unknown"


def test_what_gains_nothing_when_it_is_gone_is_not_asked_when_it_is_looser(monkeypatch: pytest.MonkeyPatch) -> None:
    """A most that nobody needs is taken away, and lowered; that it may be higher is answered by the first."""
    asked: list[tuple[str, float]] = []
    moved = costs_module._moved
    monkeypatch.setattr(
        costs_module, "_moved", lambda a, limit, by: asked.append((limit.name, by)) or moved(a, limit, by)
    )
    case = {**WITH_CHOICES, "rules": [{"name": "idle", "share": {"vendor": "cheap", "of": "spend", "at-most": "99%"}}]}
    found = costs(case)["rule 'idle'"]
    assert found.without.gain == 0.0
    assert found.more == found.without
    assert [by for name, by in asked if name == "rule 'idle'"] == [-0.01]
