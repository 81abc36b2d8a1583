"""Mistakes in levers. Each gives one problem, at its line, with its fix."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from allocate import formulate
from allocate.case.load import read_case
from allocate.errors import CaseError, Problem

WORK = "effect: {hours: -45%}"


def levers(*blocks: str) -> list[Any]:
    """The edit that adds levers named a, b, c … before the rules."""
    lines = [f"  {name}: {{{block}}}\n" for name, block in zip("abcdefgh", blocks, strict=False)]
    return [("case.yaml", "rules:\n", "levers:\n" + "".join(lines) + "rules:\n")]


MISTAKES = [
    pytest.param(
        levers(f"{WORK}, cost: 5 USD, cost-to: acmee"),
        1,
        "there is no vendor 'acmee', nor is it `review-team`",
        "acme",
        id="paid to nobody",
    ),
    pytest.param(levers("cost: 5k USD"), 1, "levers.a: the lever does nothing", "`effect: {…}`", id="no effect"),
    pytest.param(
        levers("effect: {products: moderation}"), 1, "levers.a.effect: the effect changes nothing", "hours", id="empty"
    ),
    pytest.param(
        levers("effect: {vendors: acmee, hours: -5%}"), 1, "there is no vendor 'acmee'", "acme", id="unknown vendor"
    ),
    pytest.param(
        levers("effect: {products: triag, hours: -5%}"),
        1,
        "there is no product 'triag'",
        "triage",
        id="unknown product",
    ),
    pytest.param(
        levers("effect: {workflows: nothing, hours: -5%}"),
        1,
        "there is no workflow 'nothing'",
        None,
        id="unknown workflow",
    ),
    pytest.param(
        levers("opens: {vendors: []}"), 1, "levers.a.opens: nothing is opened", "`vendors: […]`", id="opens none"
    ),
    pytest.param(levers("opens: {vendors: bcme}"), 1, "there is no vendor 'bcme'", "acme", id="opens unknown"),
    pytest.param(
        levers("opens: {vendors: acme}", "opens: {vendors: acme}"),
        2,
        "acme is opened by the lever 'a' (line 41) too",
        "let one of them open it",
        id="opened twice",
    ),
    pytest.param(
        levers("effect: {hours: 45}"),
        1,
        "levers.a.effect.hours is outside -100% to 1000% ('45')",
        "`45%`",
        id="no percentage",
    ),
    pytest.param(
        levers("from: week 99, " + WORK),
        1,
        "the lever starts in 'week 99', after the horizon ends",
        "earlier",
        id="too late",
    ),
    pytest.param(levers("excludes: b, " + WORK), 1, "there is no lever 'b'", None, id="excludes unknown"),
    pytest.param(levers("needs: a, " + WORK), 1, "a lever cannot need itself", "another", id="needs itself"),
    pytest.param(
        levers("needs: b, excludes: b, " + WORK, WORK),
        1,
        "a needs b, and they exclude one another",
        "take one",
        id="needs what it excludes",
    ),
    pytest.param(
        levers("needs: [b, c], " + WORK, "excludes: c, " + WORK, WORK),
        1,
        "a needs b and c, which exclude one another",
        "one of them only",
        id="needs two at odds",
    ),
    pytest.param(
        levers("bought: true, excludes: b, " + WORK, "bought: true, " + WORK),
        1,
        "a and b (line 42) exclude one another, and both are bought",
        "`bought: false`",
        id="both bought",
    ),
    pytest.param(
        levers("bought: true, needs: b, " + WORK, "bought: false, " + WORK),
        1,
        "a is bought and needs b, which is not (line 42)",
        "buy both",
        id="needs what is not bought",
    ),
    pytest.param(
        levers("effect: {capacity: +200 h/week}"),
        1,
        "levers.a.effect: the effect does not say whose capacity it changes",
        "`vendors: [acme]`",
        id="capacity of nobody",
    ),
    pytest.param(
        levers("effect: {vendors: acme, capacity: +200 h/week, hours: -5%}"),
        1,
        "levers.a.effect: capacity belongs to vendors, whatever they make",
        "an effect of its own",
        id="capacity and work at once",
    ),
    pytest.param(
        levers("effect: {vendors: acme, capacity: +200 images/week}"),
        1,
        "the capacity of acme is",
        "one unit",
        id="capacity in another unit",
    ),
]


@pytest.mark.parametrize(("edits", "line", "message", "fix"), MISTAKES)
def test_mistake_is_found(
    problems_of: Callable[..., tuple[Problem, ...]], edits: list[Any], line: int, message: str, fix: str | None
) -> None:
    """Each mistake in a lever is one problem, at the lever's line, with a way to mend it."""
    (problem,) = problems_of(edits)
    assert problem.message.startswith(message)
    assert problem.place is not None
    assert problem.place.line == 40 + line
    assert problem.fix is not None
    assert (fix or "") in problem.fix


def test_levers_that_combine_in_too_many_ways_are_refused(written: Callable[..., Any]) -> None:
    """Six levers on every route make 64 variants of each; 32 is the most."""
    case = read_case(written(levers(*[WORK] * 5)))
    assert formulate(case).layout.routes.count % 32 == 0
    with pytest.raises(CaseError, match="more than 32 combinations of levers"):
        formulate(read_case(written(levers(*[WORK] * 6))))


def test_an_accuracy_beyond_all_is_refused(written: Callable[..., Any]) -> None:
    """Levers that would make more than 100% of the items right are named with what they would make."""
    with pytest.raises(CaseError, match="a would make its accuracy 1"):
        formulate(read_case(written(levers("effect: {accuracy: +60 points}"))))


def test_a_scenario_for_a_lever_that_is_not_there_is_refused(written: Callable[..., Any]) -> None:
    """An override of a lever the case does not list is a mistake, not a new lever."""
    with pytest.raises(CaseError, match="the override is for a lever that is not there: 'b'"):
        read_case(written(levers(WORK)), settings={"levers.b.bought": False})
