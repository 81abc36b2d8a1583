"""What every plan keeps, whatever its contracts: columns and rows, one subject a file. `LIMITS` is the index."""

from __future__ import annotations

from allocate.program import engagement
from allocate.program.limits import accuracy, budget, capacity, demand, learning, qualities, resources, value
from allocate.program.sections import Section, Stage, at, rows

LIMITS: tuple[Section, ...] = (
    Section(
        "budget",
        at(Stage.LIMITS, budget.budget, budget.budget_period, budget.budget_group),
        rows=rows("means", "side", "budget", "budget_period", "budget_group"),
    ),
    Section(
        "demand",
        at(
            Stage.LIMITS, demand.demand_floor, demand.demand_ceiling, demand.milestone, demand.milestone_late,
            demand.work_in_progress, demand.arrived,
        ),
        rows=rows("results", "side", "demand_floor", "milestone")
        + rows("means", "side", "demand_ceiling", "work_in_progress", "arrived"),
    ),
    Section(
        "accuracy",
        at(Stage.LIMITS, accuracy.accuracy_floor, accuracy.accuracy_floor_vendor, accuracy.accuracy_floor_delivery),
        rows=rows("results", "share", "accuracy_floor", "accuracy_floor_vendor", "accuracy_floor_delivery"),
    ),
    Section(
        "qualities",
        at(Stage.LIMITS, qualities.quality_limit, qualities.quality_limit_vendor),
        rows=rows("results", "", "quality_limit", "quality_limit_vendor"),
    ),
    Section(
        "capacity",
        at(
            Stage.LIMITS, capacity.vendor_hours, capacity.vendor_items, capacity.first_work, capacity.vendor_total,
            capacity.rate_items, capacity.review_team_hours,
        ),
        rows=rows("means", "side", "vendor_hours", "vendor_items", "vendor_total")
        + rows("means", "side", "rate_items", "rate_total", "review_team_hours"),
    ),
    Section(
        "resources",
        at(Stage.LIMITS, resources.shared_resource),
        rows=rows("means", "side", "resource_by_period", "resource_in_all"),
    ),
    Section(
        "learning",
        at(Stage.LEARNING, learning.learned_work, learning.learned_least, learning.learned_pace),
    ),
    Section(
        "value",
        at(Stage.CHOICES, value.value_columns)
        + at(
            Stage.VALUE, value.value_link, value.value_step_filled, value.value_step_open, value.value_floor,
            value.score_floor,
        ),
        rows=rows("results", "side", "value_floor", "score_floor"),
    ),
    # Bounds that follow from limits must give way with them.
    Section("engagement", at(Stage.ENGAGEMENT, engagement.engagement), rows=rows("means", "", "engaged", "used_capacity")),
)  # fmt: skip
"""Every limit, and who is engaged at all."""
