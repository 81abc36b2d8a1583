"""Penalties of limits missed and rules broken, recomputed from the checks of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from allocate.case.load import Case
from allocate.tables.frames import table_of
from allocate.verification.checks import TOLERANCE, Check
from allocate.verification.exchange import rate
from allocate.verification.told import Plan


def price_of(case: Case, rule: int, period: int | None) -> float | None:
    """Money for which a rule may be broken by one of its unit; None where it may not. period: see `forced`."""
    amount = case.file.rules[rule].penalty
    if amount is None or amount.currency is None:
        return None if amount is None else amount.number
    due = case.periods.count - 1 if period is None else period
    return float(amount.number * rate(case, amount.currency, due))


def forced(case: Case, rule: int, check: Check, period: int | None = None) -> Check:
    """The check of a rule with the penalty for which it may be broken, if it may.

    period: position of the one it is about, at whose exchange rate it falls due; absent: the last of the horizon.
    """
    price = price_of(case, rule, period)
    return check if price is None else replace(check, rule=rule, penalty=price, listed=case.file.rules[rule].name)


def wrong_penalties(case: Case, plan: Plan, checks: Iterable[Check]) -> Iterator[str]:
    """Limits and rules whose penalty in the plan is not what they, as the lines use them, come to."""
    rules = {rule.name for rule in case.file.rules}
    owed: dict[str, float] = {}
    rounding: dict[str, float] = {}
    for check in checks:
        if check.penalty is not None:
            name = check.listed
            owed[name] = owed.get(name, 0.0) + check.paid
            size = check.size * max(1.0, check.base)
            rounding[name] = rounding.get(name, 0.0) + TOLERANCE * size * check.penalty
    given: dict[str, float] = {}
    for name, money in table_of(plan, "broken").rows("rule", "money"):
        given[name] = given.get(name, 0.0) + float(money)
    yield from _wrongly_paid(case, plan, owed, rounding)
    for name in dict.fromkeys([*owed, *given]):
        ours, theirs = owed.get(name, 0.0), given.get(name, 0.0)
        if not abs(ours - theirs) <= TOLERANCE * ours + rounding.get(name, 0.0):
            what = f"rule '{name}'" if name in rules else name
            yield f"{what}: its penalty is {theirs:.10g}, the lines say {ours:.10g}"


def unpaid(case: Case, checks: Iterable[Check]) -> float:
    """Penalties of limits missed and rules broken that weigh on the objective without being paid."""
    cash = _cash(case)
    return sum(check.paid for check in checks if check.penalty is not None and check.listed not in cash)


def _wrongly_paid(case: Case, plan: Plan, owed: Mapping[str, float], rounding: Mapping[str, float]) -> Iterator[str]:
    """Penalties that the case has paid and the plan does not, or the other way round; by limit and by the invoice."""
    cash = _cash(case)
    for name, paid in table_of(plan, "broken").rows("rule", "paid"):
        if bool(paid) != (name in cash):
            yield f"{name}: its penalty is {'' if name in cash else 'not '}paid by the case, and not so in the plan"
    invoiced = dict.fromkeys(cash, 0.0)
    for entry in plan.entries:
        if entry.clause == "penalty":
            invoiced[entry.about] = invoiced.get(entry.about, 0.0) + float(entry.amount)
    for name, theirs in invoiced.items():
        ours = owed.get(name, 0.0) if name in cash else 0.0
        if not abs(ours - theirs) <= TOLERANCE * ours + rounding.get(name, 0.0):
            yield f"{name}: the invoice has {theirs:.10g} of its penalty, the lines say {ours:.10g}"


def _cash(case: Case) -> frozenset[str]:
    """Limits whose penalty is paid, as they are called where they are missed."""
    names: set[str] = set()
    for name, product in case.products.items():
        names |= {f"demand of {name}"} if product.demand.cash else set()
        names |= {f"deadline of {name}"} if product.deadline is not None and product.deadline.cash else set()
        for one in product.milestones:
            if one.cash:
                names.add(f"milestone of {name} by {case.periods.label(case.periods.last_before(one.by) - 1)}")
    return frozenset(names)
