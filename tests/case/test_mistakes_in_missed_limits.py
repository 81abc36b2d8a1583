"""Mistakes in penalties of demand, milestones, deadlines and accuracy. Each gives one problem, at its place, with its fix."""

from __future__ import annotations

from collections.abc import Callable

import pytest

DEMAND = "demand: {at-least: 20_000 images, at-most: 120_000 images}"
MILESTONE = "milestones: [{by: week 4, at-least: 8_000 images}]"
PATH = "products.moderation"

MISTAKES = [
    pytest.param(
        (DEMAND, "demand: {at-least: 20_000 images, at-most: 120_000 images, penalty: 0.40 USD/scan}"),
        "case.yaml:14:73",
        f"{PATH} counts images, not scans ('0.40 USD/scan')",
        "write `0.40 USD/image`",
        id="demand, per another item",
    ),
    pytest.param(
        (DEMAND, "demand: {at-least: 20_000 images, penalty: 400 USD}"),
        "case.yaml:14:48",
        f"{PATH}.demand.penalty expects money per item, got an amount of money ('400 USD')",
        "write it as in `0.40 USD/image`",
        id="demand, a sum",
    ),
    pytest.param(
        (DEMAND, "demand: {at-most: 120_000 images, penalty: 0.40 USD/image}"),
        "case.yaml:14:13",
        f"{PATH}.demand: the penalty is for items missing, and no least is asked",
        "add `at-least: 20_000 images`",
        id="demand without a least",
    ),
    pytest.param(
        (MILESTONE, "milestones: [{by: week 4, at-least: 8_000 images, penalty: 0.05 USD/box/week}]"),
        "case.yaml:15:64",
        f"{PATH} counts images, not boxes ('0.05 USD/box/week')",
        "write `0.05 USD/image/week`",
        id="milestone, per another noun",
    ),
    pytest.param(
        (MILESTONE, "milestones: [{by: week 4, at-least: 8_000 images, penalty: 50 USD/week}]"),
        "case.yaml:15:64",
        f"{PATH}.milestones.0.penalty expects money per item and week or money per item, got money per week or month"
        " ('50 USD/week')",
        "write it as in `0.05 USD/image/week`",
        id="milestone, per week alone",
    ),
    pytest.param(
        ("deadline: 2027-03-05", "deadline: {date: 2027-03-05, late: 0.10 USD/image}"),
        "case.yaml:16:40",
        f"{PATH}.deadline.late expects money per item and week, got money per item ('0.10 USD/image')",
        "write it as in `0.10 USD/image/week`",
        id="deadline, not by time",
    ),
    pytest.param(
        ("deadline: 2027-03-05", "deadline: {date: week 12, late: 0.10 USD/image/week}"),
        "case.yaml:16:37",
        "nothing is ever late: the deadline week 12 is the end of the horizon",
        "lengthen the horizon, or leave `late` out",
        id="deadline at the end",
    ),
    pytest.param(
        ("deadline: 2027-03-05", "deadline: {date: 2026-03-05, late: 0.10 USD/image/week}"),
        "case.yaml:16:22",
        "'2026-03-05' is before the horizon starts (2027-01-04)",
        "write a later date, or start the horizon earlier",
        id="deadline before the start",
    ),
    pytest.param(
        ("accuracy: 97%", "accuracy: {at-least: 97%, penalty: 2 USD/box}"),
        "case.yaml:17:40",
        f"{PATH} counts images, not boxes ('2 USD/box')",
        "write `2 USD/image`",
        id="accuracy, per another noun",
    ),
    pytest.param(
        ("accuracy: 97%", "accuracy: {at-least: 97%, of: each-vendor, penalty: 500 USD/point}"),
        "case.yaml:17:57",
        "'500 USD/point' is for a point of the average, the floor is of each-vendor",
        "write what a right item missing weighs, as in `2 USD/image`",
        id="accuracy, points of each vendor",
    ),
    pytest.param(
        ("accuracy: 97%", "accuracy: {at-least: 97%, penalty: 0 USD/point}"),
        "case.yaml:17:40",
        f"{PATH}.accuracy.penalty is not above 0 ('0 USD/point')",
        "write an amount above zero",
        id="accuracy, for nothing",
    ),
]


@pytest.mark.parametrize(("edit", "place", "message", "fix"), MISTAKES)
def test_mistake_is_found(
    told_once: Callable[..., None], edit: tuple[str, str], place: str, message: str, fix: str
) -> None:
    """A penalty that is for something else, or for nothing, is one problem, where it is written."""
    told_once([("case.yaml", *edit)], place, message, fix)


def test_points_without_a_demand_are_found(told_once: Callable[..., None]) -> None:
    """Without a least demand there is nothing a point is a hundredth of."""
    told_once(
        [
            ("case.yaml", DEMAND, "demand: {at-most: 120_000 images}"),
            ("case.yaml", "accuracy: 97%", "accuracy: {at-least: 97%, penalty: 500 USD/point}"),
        ],
        "case.yaml:17:40",
        "'500 USD/point' is for a point of the demand, and products.moderation has no least demand",
        "add `demand: {at-least: …}`, or write what a right item missing weighs, as in `2 USD/image`",
    )


def test_a_milestone_may_lie_after_a_deadline_that_may_be_missed(written: Callable[..., object]) -> None:
    """Items still count after such a deadline, so more of them may be asked for later."""
    from allocate.case.load import read_case

    deadline = ("case.yaml", "deadline: 2027-03-05", "deadline: {date: week 2, late: 1 USD/image/week}")
    assert read_case(written([deadline])).products["moderation"].milestones  # type: ignore[arg-type]
