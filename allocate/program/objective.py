"""What a plan aims for: net value, value or cost, and how ties are broken."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from allocate.case.load import Case
from allocate.costing.limits.budget import hurdle
from allocate.program.arrays import Floats
from allocate.program.charges import Charge
from allocate.program.goals.change import FAMILIES, weight_of_change
from allocate.program.goals.finish import UNFINISHED
from allocate.program.layout import Layout
from allocate.program.limits.value import worth_of_columns
from allocate.program.model import Model
from allocate.program.rules.steady import level_changes


@dataclass(frozen=True, eq=False)
class Aim:
    """One goal over all columns of a program."""

    name: str
    costs: Floats
    maximise: bool


def net_value(model: Model) -> Aim:
    r"""Value less the hurdle's charge for money less escaped errors.

    .. math:: \max \sum_{p,k} w_p s_{pk} \, y_{pk} + \sum_{p,j} J_{pj} \, z_{pj} - \theta \Bigl(\sum_{r,t} c_{rt} \, x_{rt} + \sum_j f_j \, u_j\Bigr)
        - \sum_{r,t} e_{p(r)} (1 - a_r) \, x_{rt} - \sum_i \pi_i \, s_i \qquad [\text{money}]

    with J the money of a gate that is reached, and s the amount by which a rule or a limit of penalty :math:`\pi` is broken, here
    and in the other goals but `finish` and `change`. Items delivered after a deadline with a price for it weigh that price on top, in the same goals.

    Where the case discounts, every c, f and e is multiplied by :math:`d_k` of the period k it is paid in (of e, worked in), w
    and J by that of the end of the product's time, in all goals; penalties are not.

    The hurdle :math:`\theta` is the marginal-value constraint: at the optimum no item is funded whose last unit of money
    returns less than it, floors excepted.
    """
    layout, costs = model.layout, _earned(model)
    costs[layout.ids] = -hurdle(layout.case) * layout.worth - layout.error_worth
    for charge in model.charges:
        costs[charge.columns.ids] -= hurdle(layout.case) * _at_start(layout, charge)
    return Aim("net-value", costs - weights(model), True)


def value(model: Model) -> Aim:
    r"""Value of all products, less penalties of what is missed or broken.

    .. math:: \max \sum_{p,k} w_p s_{pk} \, y_{pk} + \sum_{p,j} J_{pj} \, z_{pj} - \sum_i \pi_i \, s_i \qquad [\text{money}]
    """
    return Aim("value", _earned(model) - weights(model), True)


def cost(model: Model) -> Aim:
    r"""Spend and penalties of what is missed or broken; with floors on results, the least budget that reaches them.

    .. math:: \min \sum_{r,t} c_{rt} \, x_{rt} + \sum_j f_j \, u_j + \sum_i \pi_i \, s_i \qquad [\text{money}]

    with u what contracts ask beside the price of an item (tiers, fees, commitments) and f its money.
    """
    return Aim("cost", worth(model) + weights(model), False)


def accuracy(model: Model) -> Aim:
    r"""Fewest items that are delivered wrong; only after a goal that says how many there are to be.

    .. math:: \min \sum_{r,t} (1 - a_r) \, x_{rt} + \sum_i \pi_i \, s_i \qquad [\text{items}]
    """
    layout, costs = model.layout, weights(model)
    costs[layout.ids] += 1.0 - layout.routes.accuracy[layout.route]
    return Aim("accuracy", costs, False)


def delivery(model: Model) -> Aim:
    r"""Items as early as can be: the most periods in which they are there, item by item.

    .. math:: \max \sum_{r,t} (T + 1 - t - \ell_r) \, x_{rt} - \sum_i \pi_i \, s_i \qquad [\text{item periods}]

    with t the number of the period, from 1, of T. An item that is not made is never there.
    """
    layout, costs = model.layout, -weights(model)
    costs[layout.ids] += layout.case.periods.count - layout.delivered
    return Aim("delivery", costs, True)


def finish(model: Model) -> Aim:
    r"""The last item delivered in as early a period as can be.

    .. math:: \min \sum_u z_u \qquad [\text{periods}]

    with z whether anything is delivered in period u or later (see `unfinished_periods`). Penalties are money, and count in goals
    of money: a week is worth no certain number of them.
    """
    costs = np.zeros(model.program.column_count)
    costs[model.program.columns[UNFINISHED].ids] += 1.0
    return Aim("finish", costs, False)


def change(model: Model) -> Aim:
    r"""Least work that is otherwise than in an earlier plan: what lines have more, and what they have fewer.

    .. math:: \min \sum_{r,t} q_r \, (a_{rt} + d_{rt}) \qquad [\text{EU}]

    with q the equivalent units of an item (see `changed_items`). Penalties count in goals of money.
    """
    return Aim("change", weight_of_change(model.program, model.layout, FAMILIES), False)


def _earned(model: Model) -> Floats:
    """What each column adds to value, as of the start of the horizon where the case discounts."""
    payments, costs = model.layout.payments, np.zeros(model.program.column_count)
    columns, product, money = worth_of_columns(model)
    costs[columns] = money * payments.value_factor[product] if payments.discounted else money
    return costs


def _at_start(layout: Layout, charge: Charge) -> Floats:
    """Money of each column of a charge as goals count it: at the start of the horizon, where the case discounts."""
    if not layout.payments.discounted:
        return charge.amount
    amount: Floats = charge.amount * layout.payments.factor[charge.vendor, charge.period]
    return amount


def worth(model: Model) -> Floats:
    """What one unit of each column spends, as goals count it."""
    costs = np.zeros(model.program.column_count)
    costs[model.layout.ids] = model.layout.worth
    for charge in model.charges:
        costs[charge.columns.ids] += _at_start(model.layout, charge)
    return costs


def weights(model: Model) -> Floats:
    """What each column weighs in goals without being spent: rules and limits broken, items delivered late."""
    costs = np.zeros(model.program.column_count)
    for penalty in model.penalties:
        costs[penalty.columns.ids] = penalty.price
    if model.layout.late is not None:
        costs[model.layout.ids] = model.layout.late
    return costs


AIMS = {
    "net-value": net_value,
    "value": value,
    "cost": cost,
    "accuracy": accuracy,
    "delivery": delivery,
    "finish": finish,
    "change": change,
}


def aims(model: Model) -> tuple[Aim, ...]:
    """The case's goals, most important first."""
    return tuple(AIMS[name](model) for name in model.layout.case.file.objective)


def gives_of(case: Case) -> tuple[float, ...]:
    """Part of each goal that may be given up for those after it, in the case's order; empty where nothing may be."""
    gives = tuple(float(case.file.give.get(name, 0.0)) for name in case.file.objective)
    return gives if any(gives) else ()


def tie_breaks(model: Model) -> tuple[Aim, ...]:
    """What decides between plans equally good: less spend, level work where a rule asks for it, earlier work, an order by names.

    The last weighs each column by a number drawn from its names, so that the choice does not depend on the order in
    which products or vendors are written. In an integer program ties are broken among the plans with the same whole-number
    choices (vendors used, steps reached, lots), for looking at the others can cost more than the search itself; a case
    that wants the least spend among all of them names it as its second objective.
    """
    layout = model.layout
    spend, fixed = (np.zeros(model.program.column_count) for _ in range(2))
    spend[layout.ids] = layout.cost
    for charge in model.charges:
        spend[charge.columns.ids] += charge.amount
    fixed[layout.ids] = layout.equivalent_units * (1.0 + layout.period + _draws(layout))
    level = level_changes(model)
    steady = () if level is None else (Aim("level work", level, False),)
    return (Aim("less spend", spend, False), *steady, Aim("earlier, then by name", fixed, False))


def _draws(layout: Layout) -> Floats:
    """A number in [0, 1) for every column that depends on its names and period only."""
    routes = layout.routes
    parts = [
        _hashes(routes.products)[layout.product],
        _hashes(routes.vendors)[layout.vendor],
        _hashes(routes.workflows)[routes.workflow[layout.route]],
        _hashes([str(number) for number in range(layout.case.periods.count)])[layout.period],
    ]
    if len(routes.combinations) > 1:
        names = [" + ".join(routes.levers[n].name for n in some) for some in routes.combinations]
        parts.append(_hashes(names)[routes.combination[layout.route]])
    state = np.zeros(len(layout.ids), dtype=np.uint64)
    for part in parts:
        # splitmix64 finaliser (Steele, Lea and Flood, OOPSLA 2014)
        state = (state ^ part) + np.uint64(0x9E3779B97F4A7C15)
        state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        state = state ^ (state >> np.uint64(31))
    return (state >> np.uint64(11)).astype(np.float64) / float(1 << 53)


def _hashes(names: tuple[str, ...] | list[str]) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    import hashlib

    digests = [hashlib.blake2b(name.encode(), digest_size=8).digest() for name in names]
    return np.array([int.from_bytes(digest, "little") for digest in digests], dtype=np.uint64)
