"""Labels proposed by a model: what its API asks, and how much work they save."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field, model_validator

from allocate.case import amounts as a
from allocate.case.blocks import Block, steps_like
from allocate.case.context import Context
from allocate.case.index import TOOLING, Check, Clause
from allocate.case.terms import per_item, step_order
from allocate.errors import Problem


class CostStep(Block):
    """API price from a period on, until the next step."""

    from_: a.WhenType = Field(alias="from")
    """First period it holds in."""
    amount: a.MoneyPerItem
    """The cost from then on."""


class PreLabel(Block):
    """Labels proposed by a model before a person works on the item."""

    time_factor: a.Factor
    """Working time with proposals as a share of the time without."""
    cost: a.MoneyPerItem | None = None
    """API price of one item: owed once, however many label it; for gold items too."""
    cost_steps: tuple[CostStep, ...] = ()
    """API prices that change during the horizon, in the unit of the cost before."""
    accuracy_change: a.ChangeInPoints | None = None
    """Change of the accuracy of one pass, in points."""

    @model_validator(mode="after")
    def _cost_before_steps(self) -> PreLabel:
        steps_like(self.cost, "cost", [step.amount for step in self.cost_steps], "0.01 USD/item")
        return self


def per_counted(c: Context) -> Iterator[Problem]:
    """The price of the API is per something every product that uses the workflow counts."""
    return per_item(c, "pre-label", "cost")


def changes_by_date(c: Context) -> Iterator[Problem]:
    """API prices of the case's own workflows come in order of time."""
    for name, workflow in c.file.workflows.items():
        if workflow is not None and workflow.pre_label is not None:
            path = ("workflows", name, "pre-label", "cost-steps")
            yield from step_order(c, path, [step.from_ for step in workflow.pre_label.cost_steps])


CLAUSE = Clause(
    "pre_labelling",
    keys=("workflows.NAME.pre-label",),
    checks=(Check(per_counted), Check(changes_by_date, frozenset({"horizon", "workflows"}))),
    examples={"CostStep": "{from: week 5, amount: 0.02 USD/frame}"},
    costs={TOOLING: ("pre-labelling",)},
    figures={
        "workflows.NAME.pre-label.time-factor": "time with pre-labels",
        "workflows.NAME.pre-label.accuracy-change": "change of accuracy by pre-labels",
        "workflows.NAME.pre-label.cost": "price of pre-labels",
        "workflows.NAME.pre-label.cost-steps.amount": "price of pre-labels",
    },
)
