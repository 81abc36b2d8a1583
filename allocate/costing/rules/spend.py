"""What is spent on products at least, at most or exactly: money, or a share of all spend."""

from __future__ import annotations

from dataclasses import dataclass

from allocate.case.load import Case
from allocate.costing.rules.share import groups
from allocate.costing.terms.prices import currency_of

FOR_NO_WORK = ("switching", "penalty", "holding", "backlog")
"""Lines of the bill that pay for no work, and count in no rule on spend."""


@dataclass(frozen=True)
class SpendSide:
    """What is spent on some products at least, or at most, over the horizon."""

    rule: int
    products: tuple[int, ...]
    amount: float
    """Money, or a share of all spend."""
    currency: str | None
    """What the money is written in; None for a share."""
    at_least: bool


def spends(case: Case) -> tuple[SpendSide, ...]:
    """Every side of what rules say of spend, rule by rule; `each` is written out, and an exact amount is both sides."""
    found: list[SpendSide] = []
    for number, rule in enumerate(case.file.rules):
        spend = rule.spend
        for products in groups(spend.products, list(case.products)) if spend is not None else ():
            assert spend is not None
            for at_least, amount in ((True, spend.exactly or spend.at_least), (False, spend.exactly or spend.at_most)):
                if amount is not None:
                    currency = None if amount.currency is None else currency_of(case, amount)
                    found.append(SpendSide(number, products, amount.number, currency, at_least))
    return tuple(found)
