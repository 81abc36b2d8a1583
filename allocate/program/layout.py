"""The columns of a portfolio program: items by route and period, and what each of them costs, takes and gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from allocate.case.load import Case
from allocate.costing.bill.lines import Lines
from allocate.costing.clauses.payment import OWN, Payments, payments
from allocate.costing.limits import NOTHING, Ignoring
from allocate.costing.limits.amounts import first_period, last_period
from allocate.costing.rules import RULES
from allocate.costing.soft_limits.missing import late_prices
from allocate.costing.supply.past import capacities
from allocate.costing.supply.reach import most_items
from allocate.costing.supply.teams import Staff, Team, teams
from allocate.costing.supply.throughput import Capacity
from allocate.costing.table import Routes
from allocate.costing.terms.contracts import Terms, terms
from allocate.costing.value.values import ProductValue
from allocate.errors import CaseError, Problem
from allocate.program.arrays import Booleans, Floats, Integers
from allocate.program.naming import Block
from allocate.program.program import Program


@dataclass(frozen=True, eq=False)
class Layout:
    """The item columns of a program; arrays have shape (N,), one entry per column."""

    case: Case
    routes: Routes
    values: Mapping[int, ProductValue]
    items: Block
    """x: items of a route made in a period."""
    route: Integers
    period: Integers
    """Period the work is done (and paid) in, from 0."""
    delivered: Integers
    """Period the items are delivered in."""
    product: Integers
    vendor: Integers
    cost: Floats
    """Money per item, without prices that depend on volume: those depend on columns of their own."""
    price: Floats
    """The part of it that the vendor's contract asks."""
    hours: Floats
    review_hours: Floats
    equivalent_units: Floats
    accuracy: Floats
    """What counts against accuracy floors: the routes' assured accuracy."""
    effective: Floats
    error_cost: Floats
    late: Floats | None
    """What an item delivered after its deadline weighs in every objective, not spent; None where none is late for a price."""
    ignoring: Ignoring = NOTHING
    """Limits that say nothing about the most items there could be."""

    @cached_property
    def most_items(self) -> Floats:
        """Most items of each product each vendor could make, shape (P, V)."""
        return most_items(self.case, self.routes, self.ignoring)

    def lines(self, items: Floats, bought: tuple[int, ...] = (), staff: Staff | None = None) -> Lines:
        """The lines of a plan with items by column, shape (N,); bought: positions of levers; staff: see `Lines`."""
        return Lines(self.case, self.routes, self.route, self.period, items, bought, staff)

    @cached_property
    def line(self) -> Integers:
        """Line of the rate card of each column, -1 where there is none, shape (N,)."""
        line: Integers = self.routes.line[self.route]
        return line

    @cached_property
    def served(self) -> Booleans:
        """Which products each vendor can make, shape (P, V)."""
        served = np.zeros((len(self.routes.products), len(self.routes.vendors)), dtype=np.bool_)
        served[self.routes.product, self.routes.vendor] = True
        return served

    @cached_property
    def payments(self) -> Payments:
        """When money leaves, and what it is worth then."""
        return payments(self.case)

    @cached_property
    def own_cost(self) -> Floats:
        """The part of the cost that no vendor's contract is about: API prices and your own checking."""
        own: Floats = (self.routes.usage + self.routes.review_cost)[self.route, self.period]
        return own

    @cached_property
    def worth(self) -> Floats:
        """Cost of an item as goals count it: at the start of the horizon, where the case discounts."""
        if not self.payments.discounted:
            return self.cost
        factor, own = self.payments.factor, self.own_cost
        worth: Floats = (self.cost - own) * factor[self.vendor, self.period] + own * factor[OWN, self.period]
        return worth

    @cached_property
    def error_worth(self) -> Floats:
        """Cost of escaped errors of an item as goals count it: when it is worked on."""
        if not self.payments.discounted:
            return self.error_cost
        worth: Floats = self.error_cost * self.payments.factor[OWN, self.period]
        return worth

    @cached_property
    def terms(self) -> tuple[Terms, ...]:
        """What each vendor's contract asks beside its prices."""
        return terms(self.case)

    @cached_property
    def pays_to_spend(self) -> bool:
        """Whether a plan could gain by paying more than it owes."""
        return any(rule.rewards_spending(self.case) for rule in RULES if rule.rewards_spending is not None)

    @cached_property
    def capacities(self) -> tuple[Capacity, ...]:
        """The most each vendor does."""
        return capacities(self.case, self.routes)

    @cached_property
    def teams(self) -> tuple[Team, ...]:
        """The in-house teams."""
        return teams(self.case)

    @cached_property
    def past(self) -> Booleans:
        """Which columns are of work that is done, shape (N,)."""
        routes = self.routes
        return np.zeros(len(self.route), bool) if routes.past is None else routes.past[self.route]

    @property
    def planned(self) -> Booleans | None:
        """Which columns are of work that today's limits are asked of, shape (N,); None where that is all."""
        return None if self.routes.past is None else ~self.past

    @property
    def ids(self) -> Integers:
        """Numbers of the item columns in the program."""
        return self.items.ids

    def stages(self, review: bool = False) -> Iterator[tuple[Floats, Integers]]:
        """Hours of an item of each column at its vendor, or at review, and the period of them, stage after stage of the work."""
        for begins, hours in self.routes.parts(review):
            later = begins if isinstance(begins, int) else begins[self.route]
            yield hours[self.route], self.period + later


def open_columns(case: Case, routes: Routes) -> tuple[Integers, Integers]:
    """Route and period of every column: work whose delivery, `lead` periods later, still counts."""
    periods = np.arange(case.periods.count, dtype=np.int32)
    allowed = periods[None, :] + routes.lead[:, None] < last_period(case)[routes.product][:, None]
    if (first := first_period(case)).any():
        allowed &= periods[None, :] >= first[routes.product][:, None]
    if routes.levers:
        allowed &= (periods[None, :] >= routes.first[:, None]) & (periods[None, :] < routes.last[:, None])
    if routes.past is not None and routes.done is not None:
        allowed &= (periods >= case.planned_from)[None, :] & ~routes.past[:, None]
        allowed[routes.done.route, routes.done.period] = True
    route, period = np.nonzero(allowed)
    return route.astype(np.int32), period.astype(np.int32)


def item_columns(
    program: Program,
    case: Case,
    routes: Routes,
    values: Mapping[int, ProductValue],
    ignoring: Ignoring = NOTHING,
) -> Layout:
    r"""Items of every route in every period whose delivery counts.

    .. math:: x_{rt} \ge 0 \qquad \forall r, \; t : F_{p(r)} \le t, \; t + \ell_r \le D_{p(r)} \qquad [\text{items}]

    with lead :math:`\ell_r`, the period :math:`F_p` in which the product's work can begin, and its deadline :math:`D_p`. What is
    done already is held at what it is, and what is ordered at what is ordered.
    """
    route, period = open_columns(case, routes)
    product, vendor = routes.product[route], routes.vendor[route]
    axes = {"product": product, "vendor": vendor, "workflow": routes.workflow[route], "period": period}
    if len(routes.combinations) > 1:
        axes["levers"] = routes.combination[route]
    plain, late = routes.schedule[route] < 0, late_prices(case, cash=False)
    price, last = routes.price[route, period], case.periods.count - 1
    lower, upper = _decided(case, routes, route, period)
    return Layout(
        case=case,
        routes=routes,
        values=values,
        items=program.add_columns("items", axes, lower=lower, upper=upper),
        route=route,
        period=period,
        delivered=period + routes.lead[route],
        product=product,
        vendor=vendor,
        cost=_cost(routes, route, period),
        price=np.where(plain & ~routes.paid_as_learned[route], price, 0.0),
        hours=routes.hours[route],
        review_hours=routes.review_hours[route],
        equivalent_units=routes.equivalent_units[route],
        accuracy=routes.assured[route],
        effective=routes.effective[route],
        error_cost=routes.error_cost[route, period],
        late=None if late is None else late[product, np.minimum(period + routes.lead[route], last)],
        ignoring=ignoring,
    )


def _decided(case: Case, routes: Routes, route: Integers, period: Integers) -> tuple[Floats | float, Floats | float]:
    """Least and most items of each column: what is done or ordered is decided, all else free.

    Raises CaseError for orders the case has no way to make any more.
    """
    past = case.past
    if past is None or routes.past is None or routes.done is None:
        return 0.0, np.inf
    column = np.full((routes.count, case.periods.count), -1)
    column[route, period] = np.arange(len(route))
    lower = np.zeros(len(route))
    lower[column[routes.done.route, routes.done.period]] = routes.done.items
    try:
        ordered = routes.placed(past.ordered)
    except KeyError as error:
        raise CaseError([_no_way(case, str(error))]) from None
    places = column[ordered.route, ordered.period]
    if (places < 0).any():
        raise CaseError([_no_way(case, " with ".join(routes.key(int(ordered.route[np.argmin(places)]))[:2]))])
    lower[places] = ordered.items
    free = ~routes.past[route] & (period >= past.settled)
    return lower, np.where(free, np.inf, lower)


def _no_way(case: Case, what: str) -> Problem:
    message = f"{what} is ordered, and the case no longer has a way to make it"
    return Problem(
        message, case.place("done", "ordered"), "take the order out, or leave open the way it was to be made"
    )


def _cost(routes: Routes, route: Integers, period: Integers) -> Floats:
    """Money per item of each column, without prices that depend on volume, or on hours that fall with learning."""
    cost: Floats = routes.unit_cost[route, period]
    by_volume = np.flatnonzero((routes.schedule[route] >= 0) | routes.paid_as_learned[route])
    if len(by_volume):
        cost[by_volume] = routes.beside_volume[route[by_volume], period[by_volume]]
    return cost


def measure(layout: Layout, name: str) -> Floats:
    """How much of a share's measure (items, eu, hours or spend) one item of each column is, shape (N,)."""
    if name == "items":
        return np.ones(len(layout.ids))
    return {"eu": layout.equivalent_units, "hours": layout.hours, "spend": layout.cost}[name]
