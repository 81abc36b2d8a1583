"""Mistakes in rules as such: of one kind each, with penalties per unit of what they are about; and rules that go together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from mistakes import rules, told_once_each

from allocate.case.load import read_case
from allocate.errors import Problem


def soft(kind: str, penalty: str) -> list[Any]:
    """The edit that adds a rule named r with a penalty."""
    return [("case.yaml", "rules:\n", f"rules:\n  - {{name: r, penalty: {penalty}, {kind}}}\n")]


MISTAKES = [
    pytest.param(
        rules("count: {at-most: 1}, only: {vendors: acme}"),
        "case.yaml:41:5",
        'rules."r0": a rule says exactly one thing',
        "write one of share, count, only, fix, needs, incompatible, spend, funded, exclusive, steady",
        id="a rule of two kinds",
    ),
    pytest.param(
        rules("owner: me"),
        "case.yaml:41:5",
        'rules."r0": a rule says exactly one thing',
        "write one of share, count, only, fix, needs, incompatible, spend, funded, exclusive, steady",
        id="a rule of no kind",
    ),
]

test_mistakes = told_once_each(MISTAKES)

PENALTIES = [
    pytest.param(
        soft("share: {vendor: each, of: hours, at-most: 60%}", "2 USD/image"),
        "the rule 'r' is about hours, its penalty is '2 USD/image'",
        "write `2 USD/h`",
        id="of a share of hours, per item",
    ),
    pytest.param(
        soft("share: {vendor: each, at-most: 60%}", "2 USD/h"),
        "the rule 'r' is about spend, its penalty is '2 USD/h'",
        "write `2 USD/USD`",
        id="of a share of spend, per hour",
    ),
    pytest.param(
        soft("share: {vendor: each, of: eu, at-most: 60%}", "0.01"),
        "the rule 'r' is about equivalent units, its penalty is '0.01 without a unit'",
        "write `0.01 USD/EU`",
        id="without a unit",
    ),
    pytest.param(
        soft("count: {at-most: 1}", "50 USD/item"),
        "the rule 'r' is about a number of vendors, its penalty is '50 USD/item'",
        "write `50 USD/vendor`",
        id="of a count, per item",
    ),
    pytest.param(
        soft("needs: {product: triage, needs: moderation}", "0.5 USD/scan"),
        "the rule 'r' is about items, its penalty is '0.5 USD/scan'",
        "write `0.5 USD/image`",
        id="per item of the wrong product",
    ),
    pytest.param(
        soft("count: {at-most: 1}", "50 USD"),
        "rules.\"r\".penalty expects a plain number, money per item, or money per hour, got an amount of money ('50 USD')",
        "write it as in `0.15 USD/vendor`",
        id="money for nothing",
    ),
    pytest.param(
        soft("count: {at-most: 1}", "-5 USD/vendor"),
        "rules.\"r\".penalty has a minus sign, and cannot be below 0 ('-5 USD/vendor')",
        "write `5 USD/vendor`",
        id="a reward",
    ),
]


@pytest.mark.parametrize(("edits", "message", "fix"), PENALTIES)
def test_mistake_is_found(
    problems_of: Callable[..., tuple[Problem, ...]], edits: list[Any], message: str, fix: str
) -> None:
    """A penalty that is not money per unit of its rule is one problem, at the penalty, with what to write."""
    (problem,) = problems_of(edits)
    assert problem.place is not None
    assert (problem.place.file, problem.place.line) == ("case.yaml", 41)
    assert problem.place.text[problem.place.column - 1 :].startswith(edits[0][2].partition("penalty: ")[2][:3])
    assert (problem.message, problem.fix) == (message, fix)


@pytest.mark.parametrize(
    ("kind", "penalty"),
    [
        ("share: {vendor: each, of: items, at-least: 60%}", "0.1 USD/item"),
        ("count: {at-least: 3}", "1k USD/vendor"),
        ("only: {vendors-with: hipaa}", "0.1 USD/item"),
        ("fix: {product: moderation, vendor: acme, items: 200_000 images}", "0.1 USD/image"),
    ],
)
def test_a_rule_that_may_be_broken_contradicts_nothing(
    written: Callable[..., Any], problems_of: Callable[..., tuple[Problem, ...]], kind: str, penalty: str
) -> None:
    """What would be out of reach as a hard rule may be asked for at a price."""
    edits = soft(kind, penalty)
    if "hipaa" not in kind:
        read_case(written(edits))
        assert problems_of([("case.yaml", "rules:\n", f"rules:\n  - {{name: r, {kind}}}\n")])
    else:
        assert [problem.message for problem in problems_of(edits)] == ["no vendor is certified 'hipaa'"]


@pytest.mark.parametrize(
    "kinds",
    [
        ("needs: {product: triage, needs: moderation}", "needs: {product: moderation, needs: triage}"),
        ("only: {products: moderation, vendors: [acme, in-house]}", "only: {products: triage, vendors: in-house}"),
        ("fix: {product: triage, vendor: in-house, items: 9 scans}",) * 2,
        ("fix: {product: moderation, vendor: acme, items: 0 images}", "only: {vendors: in-house}"),
        ("count: {products: each, at-least: 1, at-most: 2}", "count: {vendors: any, at-least: 2}"),
    ],
    ids=["products that need one another", "exclusive products", "one line held twice alike", "none held", "counts"],
)
def test_rules_that_go_together_are_read(written: Callable[..., Any], kinds: tuple[str, ...]) -> None:
    """Rules that leave a plan are no mistake."""
    assert len(read_case(written(rules(*kinds))).file.rules) == 1 + len(kinds)
