"""Limits that what is done breaks by itself: shares and floors that the rest is asked alone, and sums that leave no plan."""

from __future__ import annotations

from collections.abc import Iterator

from allocate.answers import Evaluation
from allocate.api.evaluating import evaluate
from allocate.case.load import Case
from allocate.costing.supply.teams import unchanged
from allocate.costing.terms.prices import exchange_rates
from allocate.explaining.reasons import Reason
from allocate.verification.checks import Check
from allocate.verification.rules import RULES

SHARES = frozenset({"share_at_most", "share_at_least"})
FLOORS = frozenset({"accuracy_floor", "accuracy_floor_vendor"})
SUMS = frozenset({"demand_ceiling", "ceiling", *(family for rule in RULES for family in rule.sums)})
"""Limits from above on sums over the whole horizon, which what is done counts in."""


def done_alone(case: Case) -> Evaluation | None:
    """What is done, priced and checked as if nothing followed; None where nothing is done."""
    past = case.past
    return None if past is None else evaluate(case, past.work, unchanged(case))


def broken_for_good(case: Case) -> tuple[str, ...]:
    """Shares and accuracy floors over the whole horizon that what is done does not keep by itself, as `exempt:` has them."""
    found = done_alone(case)
    return tuple(dict.fromkeys(_named(case, found))) if found is not None else ()


def _named(case: Case, found: Evaluation) -> Iterator[str]:
    for check in found.verification.checks:
        if check.kept or check.penalty is not None or check.period is not None:
            continue
        if check.family in SHARES:
            yield case.file.rules[check.key[0]].name
        elif check.family in FLOORS:
            yield f"accuracy of {list(case.products)[check.key[0]]}"


def over_for_good(case: Case) -> tuple[Reason, ...]:
    """Why no plan is left whatever follows: the sums that what is done has passed already, each with what it is made of."""
    found = done_alone(case)
    return () if found is None else (*_money(case, found), *(_sum(case, check) for check in _passed(found)))


def _passed(found: Evaluation) -> Iterator[Check]:
    for check in found.verification.checks:
        if check.family in SUMS and not check.at_least and not check.kept and check.penalty is None:
            yield check


def _sum(case: Case, check: Check) -> Reason:
    """One sum that is passed, with who made how much of it."""
    assert case.past is not None
    made: dict[str, float] = {}
    products, key = list(case.products), check.key
    for line in case.past.work:
        if check.family == "demand_ceiling" and line.product != products[key[0]]:
            continue
        made[line.vendor] = made.get(line.vendor, 0.0) + line.items
    who = f" ({', '.join(f'{vendor} {items:,.0f}' for vendor, items in made.items())})"
    who = who if check.family == "demand_ceiling" else ""
    until = case.periods.label(case.planned_from - 1)
    unit = f" {check.unit}" if check.unit in exchange_rates(case) else ""
    sentence = (
        f"{check.subject}: {check.used:,.10g}{unit} are done by {until}{who}, and the case allows {check.limit:,.10g}"
    )
    return Reason("conflict", check.subject, float(check.used), float(check.limit), check.unit, sentence)


def _money(case: Case, found: Evaluation) -> Iterator[Reason]:
    """The whole budget, where what has fallen due by now is above it."""
    total = case.file.budget.total
    if total is None or total.currency not in (None, case.currency):
        return
    due: dict[str, float] = {}
    for entry in found.plan.entries:
        if entry.period < case.planned_from:
            due[entry.vendor or entry.clause] = due.get(entry.vendor or entry.clause, 0.0) + entry.amount
    spent, limit = sum(due.values()), float(total.number)
    if spent > limit * (1.0 + 1e-9):
        who = ", ".join(f"{name} {amount:,.2f}" for name, amount in due.items())
        until, currency = case.periods.label(case.planned_from - 1), case.currency
        sentence = f"budget: {spent:,.2f} {currency} is spent by {until} ({who}), and the budget is {limit:,.2f}"
        yield Reason("money", "budget", spent, limit, currency, sentence)
