"""What vendors and reviewers can do: hours, items and equivalent units by period."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from allocate.case.by_time import by_period, times
from allocate.case.holidays import public_holidays
from allocate.case.load import Case
from allocate.case.schema import Holidays, ReviewTeam, Vendor
from allocate.costing.readings import read_once
from allocate.costing.supply.arrivals import arrivals_of, load_kept
from allocate.costing.supply.queueing import Queue, load_within
from allocate.costing.supply.ramps import lost_by_waiting, ramp_of
from allocate.costing.supply.turnover import share_there
from allocate.costing.table import Routes
from allocate.costing.terms.levers import levers
from allocate.costing.work.products import driver_count, drivers_of, item_of
from allocate.errors import CaseError, Problem
from allocate.exact import array_of
from allocate.numbers import Floats, by_value, is_traced
from allocate.units import WORKING_DAYS, Quantity, Units, is_in_all


@dataclass(frozen=True, eq=False)
class Capacity:
    """The most a vendor does of something; infinite where nothing is said."""

    vendor: int
    """Position of the vendor."""
    noun: str
    """What is counted: `h` for hours worked, `EU`, `item` for items of any kind, one item's noun, or a driver's."""
    amounts: Floats
    """By period, shape (T,); for a capacity of the whole horizon shape (1,)."""
    by_period: bool = True
    """Whether each period has its own limit."""
    levers: tuple[tuple[int, Floats], ...] = ()
    """Position of each lever that changes the amounts, and what it adds to them, of the same shape."""
    lost: Floats | None = None
    """What of the amounts is not there when the first work is in each period, or (last) there is none, shape (T + 1, T); None
    where they do not depend on it."""

    @property
    def family(self) -> str:
        """Family of the rows that hold it."""
        if not self.by_period:
            return "vendor_total"
        return "vendor_hours" if self.noun == "h" else "vendor_items"

    @property
    def most(self) -> Floats:
        """The amounts with every lever that raises them."""
        added = [np.maximum(change, 0.0) for _, change in self.levers]
        return np.maximum(self.amounts + sum(added, np.zeros_like(self.amounts)), 0.0)


@read_once
def vendor_capacities(case: Case) -> tuple[Capacity, ...]:
    """Capacity of every vendor that has one, after shrinkage and ramp; at most one in hours and one in items by period.

    Hours worked in a period are people times paid hours times (1 - shrinkage) times the ramp of that period times the
    utilisation allowed. A stated capacity is what the vendor says it can do: shrinkage, ramp and utilisation written beside
    it apply, the model's default does not; one of the whole horizon stays whole. Holidays and turnover take their part of
    each period.

    Raises CaseError for capacities in nouns that nothing in the case counts.
    """
    rows = _by_vendor(case)
    capacities: list[Capacity] = []
    for position, (name, vendor) in enumerate(case.vendors.items()):
        at_work = working_days(case, vendor.holidays, vendor.working_days)
        ramp, lost = ramp_of(case, vendor), lost_by_waiting(case, vendor)
        there_is = at_work * share_there(case, vendor)
        if vendor.people is not None:
            hours = vendor.people.number * paid_hours(case, vendor) * (1.0 - shrinkage(case, vendor))
            capacities.append(_ramped(Capacity(position, "h", hours * there_is * usable(vendor)), ramp, lost))
        if _in_all(vendor) and vendor.capacity is not None:
            capacities.append(Capacity(position, noun_of(vendor.capacity), np.array([vendor.capacity.number]), False))
        stated = _stated(vendor, rows[name])
        if stated:
            there = _by_statement(case, vendor, rows[name])
            left = (1.0 - (vendor.shrinkage or 0.0)) * usable(vendor)
            capacities.append(_ramped(Capacity(position, noun_of(stated[0]), there * there_is * left), ramp, lost))
    problems = [*_twice(case, capacities), *_uncounted(case, capacities)]
    if problems:
        raise CaseError(problems)
    return tuple(_with_levers(case, [_with_added(case, capacity) for capacity in capacities]))


def _with_added(case: Case, capacity: Capacity) -> Capacity:
    """A capacity with what a question about it adds; one without an end loses nothing by a ramp."""
    more = case.added.get((capacity.family, capacity.vendor), 0.0)
    lost = capacity.lost if np.isfinite(more) else None
    if lost is not None:
        before = np.arange(lost.shape[1]) < np.arange(len(lost))[:, None]
        lost = lost + np.where(before, more, 0.0)
    return replace(capacity, amounts=capacity.amounts + more, lost=lost) if more else capacity


def _ramped(capacity: Capacity, ramp: Floats, lost: Floats | None) -> Capacity:
    """A capacity with the ramp of its vendor on it, and with what of it waiting loses."""
    known = np.isfinite(by_value(capacity.amounts))
    there = np.where(known, capacity.amounts, 0.0)
    amounts = np.where(known, there * ramp, capacity.amounts)
    return replace(capacity, amounts=amounts, lost=None if lost is None else there * lost)


def _with_levers(case: Case, capacities: list[Capacity]) -> Iterator[Capacity]:
    """Capacities with what levers add to them."""
    if not case.file.levers:
        yield from capacities
        return
    names = list(case.vendors)
    for capacity in capacities:
        added: dict[int, Floats] = {}
        for lever in levers(case):
            for effect in case.file.levers[lever.name].effect:
                if effect.capacity is None or names[capacity.vendor] not in (effect.vendors or ()):
                    continue
                if noun_of(effect.capacity) != capacity.noun or is_in_all(effect.capacity) == capacity.by_period:
                    continue
                change = np.array([effect.capacity.number])
                if capacity.by_period:
                    change = in_periods(case, effect.capacity, case.vendors[names[capacity.vendor]])
                    change[: lever.first] = 0.0
                added[lever.number] = added.get(lever.number, np.zeros(len(change))) + change
        yield replace(capacity, levers=tuple(added.items()))


def _by_vendor(case: Case) -> dict[str, list[tuple[int, Quantity]]]:
    """Position of the period and capacity of every calendar row that states one, by vendor."""
    rows: dict[str, list[tuple[int, Quantity]]] = {name: [] for name in case.vendors}
    for row in case.file.calendar:
        if row.capacity is not None:
            rows[row.vendor].append((row.week - 1, row.capacity))
    return rows


def _in_all(vendor: Vendor) -> bool:
    """Whether the vendor's capacity is one for the whole horizon."""
    return is_in_all(vendor.capacity)


def _stated(vendor: Vendor, rows: list[tuple[int, Quantity]]) -> list[Quantity]:
    """Capacities by week a vendor states (all of one kind: the case's checks see to it), any of them first."""
    general = [vendor.capacity] if vendor.capacity is not None and not _in_all(vendor) else []
    return [*general, *(step.amount for step in vendor.capacity_steps), *(capacity for _, capacity in rows)]


def _twice(case: Case, capacities: list[Capacity]) -> list[Problem]:
    """Vendors whose hours follow from people and are stated as well."""
    vendors = [capacity.vendor for capacity in capacities if capacity.family == "vendor_hours"]
    names = [list(case.vendors)[vendor] for vendor in sorted({v for v in vendors if vendors.count(v) > 1})]
    return [
        Problem(f"vendors.{name} has its hours twice: people and capacity", case.place("vendors", name), "keep one")
        for name in names
    ]


def _uncounted(case: Case, capacities: list[Capacity]) -> list[Problem]:
    """Capacities in nouns of neither items nor drivers of the case's products."""
    special = [capacity for capacity in capacities if capacity.noun not in ("h", "EU", "item")]
    if not special:
        return []
    products = case.products.values()
    nouns = [item_of(case, product) for product in products]
    nouns += [driver for product in products for driver in sorted(drivers_of(case, product))]
    fix = f"this case counts {', '.join(dict.fromkeys(nouns))}, item, EU, h"
    names = list(case.vendors)
    return [
        Problem(
            f"the capacity of {names[capacity.vendor]} is in {capacity.noun}, which no product has",
            case.place("vendors", names[capacity.vendor]),
            fix,
        )
        for capacity in special
        if capacity.noun not in nouns
    ]


def _by_statement(case: Case, vendor: Vendor, rows: list[tuple[int, Quantity]]) -> Floats:
    """A stated capacity by period, shape (T,); infinite before the first statement."""
    there: list[float] = [np.inf] * case.periods.count
    if vendor.capacity is not None and not _in_all(vendor):
        there = in_periods(case, vendor.capacity, vendor).tolist()
    for step in vendor.capacity_steps:
        first = case.periods.first_from(step.from_)
        there[first:] = in_periods(case, step.amount, vendor)[first:].tolist()
    for period, capacity in rows:
        there[period] = in_periods(case, capacity, vendor).tolist()[period]
    return array_of(there)


def in_periods(case: Case, amount: Quantity, of: Vendor | ReviewTeam | None = None) -> Floats:
    """What work by time comes to in each period, shape (T,), by the working days of a vendor or the review team."""
    days = of.working_days if of is not None else None
    if is_traced(amount.each):
        many: Floats = np.array([float(one) for one in times(case.periods, amount, days)]) * amount.each
        return many
    return np.array(by_period(case.periods, amount, days))


def rate_capacity(case: Case, line: int, by_week: float) -> Floats:
    """Items a line of the rate card with a capacity by time can make in each period, shape (T,).

    by_week: that capacity in items per average week, as stated or moved.
    """
    rate = case.file.rates[line]
    assert rate.capacity is not None
    if by_week == rate.capacity.number:
        return in_periods(case, rate.capacity, case.vendors[rate.vendor])
    return by_week * rate_lengths(case, line)


def rate_lengths(case: Case, line: int) -> Floats:
    """Average weeks that each period counts as for a line's capacity by time, shape (T,): as many in each month for `10 items/month`."""
    rate = case.file.rates[line]
    assert rate.capacity is not None
    one = Units().quantity(f"1 item/{rate.capacity.time}")
    return in_periods(case, one, case.vendors[rate.vendor]) / one.number


def noun_of(capacity: Quantity) -> str:
    """What a capacity counts; `h` for hours."""
    return capacity.of() or "h"


def work_content(case: Case, routes: Routes, noun: str) -> Floats:
    """How much of a capacity one item of each route takes, shape (R,); 0 where it is not counted.

    noun: `h`, `EU`, `item` for items of any kind, one item's noun, or a driver's (as in boxes a week).
    """
    if noun == "h":
        return routes.hours
    if noun == "EU":
        return routes.equivalent_units
    each = [
        1.0
        if noun in ("item", item_of(case, product))
        else driver_count(case, product, noun)
        if noun in drivers_of(case, product)
        else 0.0
        for product in case.products.values()
    ]
    return np.array(each)[routes.product]


def lightest(routes: Routes, hours: Floats, capacities: Sequence[Capacity]) -> Floats:
    r"""Hours an item of each route takes at least, on average over the horizon, when its pair has learnt all it can, (R,).

    A concave curve through the origin lies above its chord: :math:`H(Y) \ge Y H(Y^*) / Y^*` for all work up to
    :math:`Y^*`, the most that the vendor's hours allow. hours: those of an item of each route without learning.
    """
    if not routes.learners:
        return hours
    least = hours.copy()
    for learner in routes.learners:
        inside = (routes.product == learner.product) & (routes.vendor == learner.vendor)
        mine = [other for other in capacities if other.vendor == learner.vendor and other.family == "vendor_hours"]
        found = [other.most.sum() for other in mine]
        there = float(sum(found)) if found else np.inf
        most = learner.work_in(there)
        least[inside] *= there / most if np.isfinite(most) and most > 0 else min(learner.floor, 1.0)
    return least


def lightest_content(case: Case, routes: Routes, noun: str, capacities: Sequence[Capacity]) -> Floats:
    """How much of a capacity an item of each route takes at least, on average over the horizon, shape (R,)."""
    content = work_content(case, routes, noun)
    return lightest(routes, content, capacities) if noun == "h" else content


def paid_hours(case: Case, vendor: Vendor) -> Floats:
    """Paid hours of one of a vendor's people in each period, shape (T,): its own, its team's, else its region's."""
    region = case.model.regions.get(vendor.region) if vendor.region else None
    own = vendor.team.hours if vendor.team is not None else vendor.hours
    hours = own or (region.hours if region else None)
    return np.zeros(case.periods.count) if hours is None else in_periods(case, hours, vendor)


def shrinkage(case: Case, vendor: Vendor) -> float:
    """Share of a vendor's paid hours not worked on items: its own, else the model's default."""
    share: float = vendor.shrinkage if vendor.shrinkage is not None else case.model.defaults.shrinkage
    return share


def working_days(case: Case, stated: Holidays | None, of_week: int | None = None) -> Floats:
    r"""Share of the working days of each period that are no holidays, shape (T,); 1 where none are stated.

    .. math:: w_t = 1 - \frac{\text{holidays on working days in } t}{\text{working days in } t}

    of_week: working days of a week, from Monday on; absent: five.
    """
    if stated is None:
        return np.ones(case.periods.count)
    starts, end = case.periods.starts, case.periods.end
    days = stated.days
    if stated.country is not None:
        days = public_holidays(stated.country, range(starts[0].year, end.year + 1))
    first = np.array(starts, dtype="datetime64[D]")
    after = np.append(first[1:], np.datetime64(end, "D") + 1)
    week = [day < (of_week or WORKING_DAYS) for day in range(7)]
    worked = np.busday_count(first, after, weekmask=week, holidays=np.array(days, dtype="datetime64[D]"))
    return worked / np.maximum(np.busday_count(first, after, weekmask=week), 1)


def usable(vendor: Vendor) -> float:
    """Share of its capacity by week that a plan may use."""
    return 1.0 if vendor.utilisation is None else vendor.utilisation


def review_hours(case: Case, routes: Routes) -> Floats | None:
    r"""Hours of checking the review team can do by period, shape (T,); None where it can do as many as needed.

    .. math:: G_t = (1 - s) \, H_t \, n_t \, \min(A, u \, c)

    with H hours at work in the period, shrinkage s, :math:`n_t` the share of its working days that are no holidays, c the people at work, u the utilisation
    allowed, and A with a promise of beginning in time the largest load (erlang) at which the queue of those people keeps
    it, else c.
    """
    team = case.file.review_team
    if team is None or (team.capacity is None and team.people is None):
        return None
    at_work = working_days(case, team.holidays, team.working_days)
    left = 1.0 - (team.shrinkage or 0.0)
    if team.people is None or team.hours is None:
        assert team.capacity is not None
        used = 1.0 if team.utilisation is None else team.utilisation
        return np.asarray(in_periods(case, team.capacity, team) * left * used * at_work)
    load = review_load(case, routes, int(team.people.number))
    return np.asarray(load * in_periods(case, team.hours, team) * left * at_work)


def review_load(case: Case, routes: Routes, people: int) -> float:
    """How many of so many people of the review team can be checking at one time on average, in erlang.

    All of them, or fewer: the utilisation allowed, and with a promise so many that the stated share is begun in time.
    """
    team = case.file.review_team
    assert team is not None
    most = float(people) if team.utilisation is None else people * team.utilisation
    handling = check_time(case, routes) if team.answer is not None else 0.0
    if team.answer is None or handling == 0.0:
        return most
    pattern = arrivals_of(team, handling)
    if pattern is not None:
        return min(most, load_kept(people, team.answer.share, team.answer.within.number / handling, pattern))
    queue = Queue(people, handling, team.answer.arrival_variability, team.answer.work_variability)
    return min(most, load_within(queue, team.answer.share, team.answer.within.number))


def check_time(case: Case, routes: Routes) -> float:
    """Mean hours of one check, correction included: as stated, or the longest of any route; 0 where nothing is checked."""
    team = case.file.review_team
    if team is not None and team.answer is not None and team.answer.handling is not None:
        return float(team.answer.handling.number)
    checked = routes.checks > 0
    return float((routes.review_hours[checked] / routes.checks[checked]).max(initial=0.0))
