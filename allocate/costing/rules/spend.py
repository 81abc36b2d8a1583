"""What is spent on products at least, at most or exactly: money, or a share of all spend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from allocate.case.load import Case
from allocate.costing.rules.share import groups
from allocate.costing.terms.prices import currency_of, exchange_rates
from allocate.numbers import Floats


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
    words: str


def spends(case: Case) -> tuple[SpendSide, ...]:
    """Every side of what rules say of spend, rule by rule; `each` is written out, and an exact amount is both sides."""
    found, names = list[SpendSide](), list(case.products)
    for number, rule in enumerate(case.file.rules):
        spend = rule.spend
        for products in groups(spend.products, names) if spend is not None else ():
            assert spend is not None
            for at_least, amount in ((True, spend.exactly or spend.at_least), (False, spend.exactly or spend.at_most)):
                if amount is not None:
                    currency = None if amount.currency is None else currency_of(case, amount)
                    words = f"spend on {', '.join(names[product] for product in products)}"
                    found.append(SpendSide(number, products, amount.number, currency, at_least, words))
    return tuple(found)


def rewarded(case: Case) -> bool:
    """Whether a plan could gain by spending more than it has to: where a rule is about more than the most money."""
    return any(side.at_least or side.currency is None for side in spends(case))


Paid = tuple[tuple[int, ...], int, Floats | float]
"""What is paid for work: for which products, owed in which period, and how much in the case's currency."""


def reached(
    case: Case, paid: Sequence[Paid], nothing: Floats | float
) -> Iterator[tuple[SpendSide, Floats | float, Floats | float]]:
    """Each side, what is spent on its products in the money it is written in, and what is spent in all.

    nothing: a zero as amounts are, a number or one for each scenario.
    """
    rates, total = exchange_rates(case), sum((money for _, _, money in paid), nothing)
    for side in spends(case):
        own = [(period, money) for products, period, money in paid if set(products) <= set(side.products)]
        if side.currency not in (None, case.currency):
            own = [(period, money / rates[side.currency][period]) for period, money in own]
        yield side, sum((money for _, money in own), nothing), total
