"""What must fit together across the blocks of a case: names, nouns, currencies, dates, amounts."""

from __future__ import annotations

from allocate.case.checks import (
    done,
    goals,
    learning,
    menus,
    money,
    overhead,
    pilots,
    products,
    rates,
    resources,
    rules,
    teams,
    times,
    vendors,
)  # fmt: skip
from allocate.case.clauses import CLAUSES
from allocate.case.context import Context
from allocate.case.index import Check
from allocate.case.rules import RULES
from allocate.errors import Problem

_CHECKS = (
    Check(money.currency_codes, frozenset({"currency"})),
    Check(money.exchange_rates, frozenset({"currency"})),
    Check(money.amounts_have_rates, frozenset({"currency"})),
    Check(money.tags),
    Check(overhead.activities, frozenset({"model", "products"})),
    Check(goals.objective, frozenset({"objective"})),
    Check(goals.earlier, frozenset({"earlier", "horizon", "model"})),
    Check(goals.budget_names),
    Check(products.products, frozenset({"model"})),
    *(check for clause in CLAUSES for check in clause.checks),
    Check(rules.names),
    Check(rules.penalties, frozenset({"rules", "products", "model", "currency"})),
    *(check for rule in RULES for check in rule.checks),
    Check(vendors.vendors),
    Check(resources.resources, frozenset({"model", "vendors"})),
    Check(teams.without_prices),
    Check(learning.learning, frozenset({"model"})),
    Check(rates.rates),
    Check(rates.supply),
    Check(menus.workflows),
    Check(pilots.pilots, frozenset({"model"})),
    Check(pilots.pilot_times, frozenset({"horizon"})),
    Check(done.done, frozenset({"horizon", "model", "done"})),
    Check(times.product_dates, frozenset({"horizon"})),
    Check(times.vendor_steps, frozenset({"horizon"})),
    Check(times.exchange_steps, frozenset({"horizon"})),
    Check(times.budget_windows, frozenset({"horizon"})),
    Check(times.calendar, frozenset({"horizon"})),
)


def cross_check(context: Context) -> list[Problem]:
    """Every problem between the blocks of a case whose blocks are right by themselves."""
    too_long = [] if "horizon" in context.faulty else list(times.past_the_calendar(context))
    faulty = context.faulty | ({"horizon"} if too_long else set())
    too_many = [] if "horizon" in faulty else list(rates.too_many(context))
    if too_many:
        return too_many
    found = [problem for check in _CHECKS if not check.needs & faulty for problem in check.run(context)]
    return [*too_long, *found]
