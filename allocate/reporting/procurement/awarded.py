"""What a plan awards to whom: its lines with their billable units and what the vendor is paid for the work alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from allocate.case.load import Case
from allocate.case.names import OF_CAPACITY
from allocate.costing.table import JOIN, Routes
from allocate.costing.terms.prices import in_case_currency
from allocate.explaining.offers import written_price
from allocate.reporting.material import Material
from allocate.reporting.wording import is_own_people
from allocate.tables.frames import table_of


@dataclass(frozen=True)
class Awarded:
    """One line of a plan as its vendor bills it."""

    product: str
    vendor: str
    workflow: str
    period: int
    """From 0."""
    route: int
    items: float
    units: float
    """Billable units, work done again that is paid included."""
    paid: float
    """Money for the work by its price, with what volume, bonus, price reduction and early payment make of it; without fees,
    checking and usage of tools."""
    spend: float
    """All that the line costs, checking and fees by the item included."""


def awarded(m: Material) -> list[Awarded]:
    """Every line of the plan of vendors that have a price; teams of one's own are paid wages and are left out."""
    routes, found = m.answer.routes, []
    numbers = {(*routes.key(route)[:3], routes.levers_of(route)): route for route in range(routes.count)}
    lines = table_of(m.plan, "lines")
    keys = [name for name in ("levers",) if name in lines]
    for product, vendor, workflow, period, items, hours, spend, *levers in lines.rows(
        "product", "vendor", "workflow", "period", "items", "hours", "spend", *keys
    ):
        if m.case.vendors[vendor].team is not None:
            continue
        own = JOIN.join(one for one in (levers[0] if levers else "").split(JOIN) if not one.endswith(OF_CAPACITY))
        route, at = numbers[product, vendor, workflow, own], int(period) - 1
        own_money = items * float(routes.review_cost[route, at] + routes.usage[route, at])
        paid = spend - own_money - _platform_fee(routes, route, at, items, spend)
        units = items * float(routes.billable[route])
        if routes.paid_as_learned[route]:
            units *= hours / (items * float(routes.hours[route]))
        found.append(Awarded(product, vendor, workflow, at, route, float(items), units, paid, float(spend)))
    return found


def _platform_fee(routes: Routes, route: int, at: int, items: float, spend: float) -> float:
    """The platform's part of what a line costs; a share of a price by volume follows from what the line costs in all."""
    share = float(routes.fee_share[route])
    if routes.schedule[route] < 0 or share == 0:
        return items * float(routes.platform_fee[route, at])
    by_volume = spend - items * float(routes.beside_volume[route, at])
    return share * by_volume / (1.0 + share + float(routes.by_volume_share[route]))


def of_vendor(lines: Sequence[Awarded], vendor: str) -> list[Awarded]:
    """The lines of one vendor."""
    return [one for one in lines if one.vendor == vendor]


def bidders(case: Case) -> list[str]:
    """Vendors whose prices are offers."""
    return [name for name in case.vendors if not is_own_people(case, name)]


def price_now(case: Case, product: str, vendor: str, workflow: str) -> str:
    """The price of a line as the case writes it; of prices by volume the first step's."""
    return written_price(case, product, vendor, workflow)


def saved_against_history(case: Case, lines: Sequence[Awarded]) -> float | None:
    """What lines would have cost at their historic prices less what they cost now; None where none states one."""
    found = None
    for one, historic in _with_history(case, lines):
        found = (found or 0.0) + one.units * historic - one.paid
    return found


def at_history(case: Case, lines: Sequence[Awarded]) -> float:
    """What the lines that state a historic price would have cost at it."""
    return sum(one.units * historic for one, historic in _with_history(case, lines))


def _with_history(case: Case, lines: Sequence[Awarded]) -> Iterator[tuple[Awarded, float]]:
    """Lines whose rate states a historic price, with it in the case's currency in their period."""
    for one in lines:
        rates = [rate for _, rate in case.rate_card.of_pair(one.product, one.vendor) if rate.historic_price is not None]
        mine = [rate for rate in rates if rate.workflow == one.workflow] or [r for r in rates if r.workflow is None]
        if mine and mine[0].historic_price is not None:
            yield one, float(in_case_currency(case, mine[0].historic_price)[one.period])


def incumbent_cost(m: Material, one: Awarded) -> float | None:
    """What a line would cost with its product's incumbent: by the same workflow, else its cheapest; None without one."""
    incumbent = m.case.products[one.product].incumbent
    if incumbent is None or incumbent.vendor == one.vendor:
        return None
    routes = m.answer.routes
    theirs = [
        route
        for route in range(routes.count)
        if routes.products[routes.product[route]] == one.product
        and routes.vendors[routes.vendor[route]] == incumbent.vendor
    ]
    same = [route for route in theirs if routes.workflows[routes.workflow[route]] == one.workflow]
    costs = [float(routes.unit_cost[route, one.period]) for route in same or theirs]
    return one.items * min(costs) if costs else None
