"""The price of labels proposed by a model: owed once for each item shown, however many label it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allocate.case.schema import PreLabel
from allocate.verification.clause import Before
from allocate.verification.entries import Number, Owed, together
from allocate.verification.exchange import currency_of

if TYPE_CHECKING:
    from allocate.verification.work import Work


def owed(work: Work, before: Before) -> Owed:
    """The price of each line's proposals in the period of its work."""
    services = [workflow.pre_label for workflow in work.case.workflows.values()]
    lines: list[Number] = [
        items * (item.proposals * _price(work, services[item.workflow], period)) for item, period, items in work.lines
    ]
    return Owed(together(work, "pre-labelling", lines), lines)


def _price(work: Work, service: PreLabel | None, period: int) -> float:
    """Price of a proposal in a period, in the case's currency."""
    if service is None or service.cost is None:
        return 0.0
    begun = [step.amount for step in service.cost_steps if work.case.periods.first_from(step.from_) <= period]
    amount = begun[-1] if begun else service.cost
    return float(amount.number * work.stated.rate(currency_of(work.case, service.cost), period))
