"""The price of labels proposed by a model: owed once for each item shown, however many label it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allocate.case.schema import PreLabel
from allocate.exact import element
from allocate.verification.clause import Before
from allocate.verification.entries import Number, Owed, Share, together
from allocate.verification.exchange import currency_of

if TYPE_CHECKING:
    from allocate.verification.work import Work


def owed(work: Work, before: Before) -> Owed:
    """The price of each line's proposals in the period of its work."""
    workflows = list(work.case.workflows.values())
    shares: list[Share] = []
    lines: list[Number] = []
    for item, period, items in zip(work.made, work.period.tolist(), work.items.tolist(), strict=True):
        before_work = workflows[item.workflow].pre_label
        each = item.proposals * _price(work, before_work, period) if before_work is not None else 0.0
        lines.append(element(items) * each)
        vendor, noun = work.stated.vendors[item.vendor], work.stated.nouns[item.product]
        shares.append(Share(vendor, item.product, period, noun, items, lines[-1]))
    return Owed(together("pre-labelling", shares, work.stated.products, work.label), lines)


def _price(work: Work, service: PreLabel, period: int) -> float:
    """Price of a proposal in a period, in the case's currency."""
    if service.cost is None:
        return 0.0
    begun = [step.amount for step in service.cost_steps if work.case.periods.first_from(step.from_) <= period]
    amount = begun[-1] if begun else service.cost
    return float(amount.number * work.stated.rate(currency_of(work.case, service.cost), period))
