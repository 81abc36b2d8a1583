"""Checks of steps: each begins where the one before ends, without a gap and without overlapping it."""

from __future__ import annotations

from collections.abc import Iterator

from allocate.case.context import Context, line_of
from allocate.case.document import Path_
from allocate.case.schema import Rebate, Tiers
from allocate.errors import Problem


def step_order(c: Context, path: Path_, tiers: Tiers) -> Iterator[Problem]:
    """Steps of prices by volume follow one another."""
    for position, step in enumerate(tiers.steps):
        here = (*path, "steps", position)
        before = tiers.steps[position - 1].up_to if position else None
        start = before.number if before is not None else 0.0
        there = line_of(c, (*path, "steps", position - 1, "up-to")) if before is not None else ""
        ends = f"the step before ends at {before.text}{there}" if before is not None else "the first step starts at 0"
        if step.from_ is not None and step.from_.number != start:
            gap = step.from_.number > start
            message = f"{'a gap' if gap else 'an overlap'}: the step starts at {step.from_.text}, and {ends}"
            yield c.problem((*here, "from"), message, "let it start where the one before ends, or leave `from` out")
        if step.up_to is not None and step.up_to.number <= start:
            message = f"the steps overlap: this one ends at {step.up_to.text}, and {ends}"
            yield c.problem((*here, "up-to"), message, "write the steps in order, each with a higher `up-to`")


def rebate_order(c: Context, path: Path_, rebate: Rebate) -> Iterator[Problem]:
    """Steps of a rebate rise."""
    for position, step in enumerate(rebate.steps[1:], 1):
        before = rebate.steps[position - 1]
        if step.at_least.number <= before.at_least.number:
            there = line_of(c, (*path, "steps", position - 1, "at-least"))
            message = f"the steps overlap: this one holds from {step.at_least.text}, the one before{there} from {before.at_least.text}"
            fix = "write the steps in order, each with a higher `at-least`"
            yield c.problem((*path, "steps", position, "at-least"), message, fix)
