"""What must fit together across the blocks of a case: names, nouns, currencies, dates, amounts."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from allocate.case.checks import (
    clauses,
    contracts,
    goals,
    learning,
    levers,
    menus,
    money,
    penalties,
    products,
    rates,
    rules,
    teams,
    times,
    vendors,
)
from allocate.case.context import Context
from allocate.errors import Problem

Check = Callable[[Context], Iterable[Problem]]

_CHECKS: tuple[tuple[Check, frozenset[str]], ...] = (
    (money.currency_codes, frozenset({"currency"})),
    (money.exchange_rates, frozenset({"currency"})),
    (money.amounts_have_rates, frozenset({"currency"})),
    (goals.objective, frozenset({"objective"})),
    (goals.budget_names, frozenset()),
    (products.products, frozenset({"model"})),
    (contracts.contracts, frozenset({"model", "currency"})),
    (penalties.penalties, frozenset({"rules", "products", "model", "currency"})),
    (clauses.clauses, frozenset({"model", "currency"})),
    (clauses.incumbents, frozenset({"products"})),
    (levers.levers, frozenset({"levers", "workflows", "model"})),
    (rules.held_twice, frozenset({"rules"})),
    (rules.forbidden, frozenset({"rules"})),
    (vendors.vendors, frozenset()),
    (teams.teams, frozenset()),
    (learning.learning, frozenset({"model"})),
    (rates.rates, frozenset()),
    (rates.supply, frozenset()),
    (menus.workflows, frozenset()),
    (rules.rules, frozenset()),
    (times.product_dates, frozenset({"horizon"})),
    (times.vendor_steps, frozenset({"horizon"})),
    (teams.notices, frozenset({"horizon"})),
    (times.exchange_steps, frozenset({"horizon"})),
    (times.api_price_steps, frozenset({"horizon", "workflows"})),
    (times.budget_windows, frozenset({"horizon"})),
    (times.calendar, frozenset({"horizon"})),
)
"""Each check, and the blocks that must be right for it to mean anything."""


def cross_check(context: Context) -> list[Problem]:
    """Every problem between the blocks of a case whose blocks are right by themselves."""
    too_long = [] if "horizon" in context.faulty else list(times.past_the_calendar(context))
    faulty = context.faulty | ({"horizon"} if too_long else set())
    found = [problem for check, needs in _CHECKS if not needs & faulty for problem in check(context)]
    return [*too_long, *found]
