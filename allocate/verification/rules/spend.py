"""What is spent on products at least and at most, in money or as a share of all spend."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from allocate.case.schema import SpendRule
from allocate.exact import element
from allocate.verification.budgets import counted
from allocate.verification.checks import Check
from allocate.verification.exchange import currency_of
from allocate.verification.soft_limits.penalties import forced

if TYPE_CHECKING:
    from allocate.verification.work import Work

FOR_NO_WORK = ("switching", "penalty", "holding", "backlog")
"""Lines of the bill that are spent on no product's work."""


def kept(work: Work) -> Iterator[Check]:
    """Both sides of every rule on spend, an exact amount as two; parts of nothing have none."""
    numbers: Counter[str] = Counter()
    paid = [entry for entry in work.bill.entries if entry.clause not in FOR_NO_WORK]
    everything = element(sum((entry.amount for entry in paid), 0.0))
    for number, rule in enumerate(work.case.file.rules):
        spend = rule.spend
        for names in _groups(work, spend) if spend is not None else ():
            assert spend is not None
            chosen = {work.stated.products.index(name) for name in names}
            own = [entry for entry in paid if chosen.issuperset(entry.products)]
            subject = f"rule '{rule.name}': spend on {', '.join(names)}"
            for side, amount in (("at_least", spend.at_least), ("at_most", spend.at_most)):
                bound, least = spend.exactly if amount is None else amount, side == "at_least"
                if bound is None:
                    continue
                family = f"spend_{side}" if bound.currency else f"spend_share_{side}"
                key = (number, numbers[family])
                numbers[family] += 1
                if bound.currency:
                    unit = currency_of(work.case, bound)
                    used = element(sum((counted(work, entry, unit) for entry in own), 0.0))
                    yield forced(work.case, number, Check(family, key, subject, unit, used, bound.number, least))
                elif everything > 0:
                    part = element(sum((entry.amount for entry in own), 0.0)) / everything
                    check = Check(family, key, subject, "share", part, bound.number, least, everything)
                    yield forced(work.case, number, check)


def _groups(work: Work, spend: SpendRule) -> list[tuple[str, ...]]:
    """Products counted together; of `each` one by one."""
    return [(name,) for name in work.stated.products] if spend.products == ("each",) else [spend.products]
