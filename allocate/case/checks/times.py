"""Checks of everything that has a date or a period."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from allocate.case.context import Context
from allocate.case.document import Path_
from allocate.case.moments import When
from allocate.case.schema import CalendarRow, Product, Vendor
from allocate.case.terms import step_order
from allocate.errors import Problem
from allocate.units import Quantity, is_in_all, kind_of


def past_the_calendar(c: Context) -> Iterator[Problem]:
    """The horizon ends before the calendar does."""
    try:
        assert c.periods.count
    except OverflowError:
        yield c.problem(("horizon",), "the horizon runs past the year 9999", "start it earlier, or shorten it")


def product_dates(c: Context) -> Iterator[Problem]:
    """Deadlines and milestones lie within the horizon, milestones before the deadline."""
    for name, product in c.file.products.items():
        where: Path_ = ("products", name)
        outside = False
        moments: list[tuple[Path_, When]] = [(("milestones", n, "by"), m.by) for n, m in enumerate(product.milestones)]
        if product.deadline is not None:
            moments.insert(0, (_deadline_path(c, name), product.deadline.date))
        for path, when in moments:
            found = list(_moment(c, (*where, *path), when, path[0] == "milestones"))
            outside = outside or bool(found and path[0] == "deadline")
            yield from found
            if not found and not outside:
                yield from _after_deadline(c, (*where, *path), when, product)
        if not outside:
            yield from _never_late(c, where, product)
            yield from _begins(c, where, product)


def _begins(c: Context, where: Path_, product: Product) -> Iterator[Problem]:
    """Work can begin within the horizon and before it is due; parts arrive one after the other."""
    places = [c.periods.first_starting(one.from_) for one in product.arrives]
    if any(later <= earlier for earlier, later in itertools.pairwise(places) if later < c.periods.count):
        message = f"the parts of {where[-1]} do not arrive one after the other"
        yield c.problem((*where, "arrives"), message, f"list each {c.periods.unit} once, earliest first")
    parts = [(("arrives", n, "from"), one.from_) for n, one in enumerate(product.arrives)]
    begins = [(("from",), product.from_)] if product.from_ is not None else parts
    deadline = product.deadline
    last = c.periods.count if deadline is None or deadline.late is not None else c.periods.last_before(deadline.date)
    for path, when in begins:
        if c.periods.first_starting(when) >= last:
            end = (
                "the horizon ends"
                if last == c.periods.count
                else f"its deadline {deadline.date.text}"
                if deadline
                else ""
            )
            message = f"no work on {where[-1]} can begin from '{when.text}' on before {end}"
            yield c.problem((*where, *path), message, "write an earlier one, or lengthen the time there is")
            return
    first = min((c.periods.first_starting(when) for _, when in begins), default=0)
    for number, milestone in enumerate(product.milestones):
        if milestone.penalty is None and milestone.at_least.number > 0 and c.periods.last_before(milestone.by) <= first:
            message = f"the milestone by {milestone.by.text} comes before any work on {where[-1]} can begin"
            yield c.problem((*where, "milestones", number, "by"), message, "move it, or let the work begin earlier")


def _deadline_path(c: Context, name: str) -> Path_:
    """Where the deadline's day is written: by itself, or as a key."""
    written = c.document.data["products"][name].get("deadline")
    return ("deadline", "date") if isinstance(written, dict) and "date" in written else ("deadline",)


def _never_late(c: Context, where: Path_, product: Product) -> Iterator[Problem]:
    """Nothing can come after a deadline that is the horizon's end."""
    deadline = product.deadline
    if deadline is not None and deadline.late is not None and c.periods.last_before(deadline.date) == c.periods.count:
        message = f"nothing is ever late: the deadline {deadline.date.text} is the end of the horizon"
        yield c.problem((*where, "deadline", "late"), message, "lengthen the horizon, or leave `late` out")


def _moment(c: Context, path: Path_, when: When, is_milestone: bool) -> Iterator[Problem]:
    periods = c.periods
    start, end = periods.starts[0], periods.end
    if when.date is not None and when.date < start:
        message = f"'{when.text}' is before the horizon starts ({start.isoformat()})"
        yield c.problem(path, message, "write a later date, or start the horizon earlier")
    elif periods.last_before(when) == 0:
        fix = f"write a later date: the first delivery is on {periods.deliveries[0].isoformat()}"
        yield c.problem(path, f"nothing can be delivered by '{when.text}'", fix)
    elif periods.is_after(when) and (is_milestone or when.date is None):
        message = f"'{when.text}' is after the horizon ends ({end.isoformat()}, {periods.label(periods.count - 1)})"
        yield c.problem(path, message, "write an earlier one, or lengthen the horizon")


def _after_deadline(c: Context, path: Path_, when: When, product: Product) -> Iterator[Problem]:
    deadline = product.deadline
    if path[2] != "milestones" or deadline is None or deadline.late is not None:
        return
    if c.periods.last_before(when) > c.periods.last_before(deadline.date):
        message = f"the milestone by {when.text} is after the deadline {deadline.date.text}"
        yield c.problem(path, message, "move it before the deadline")


def vendor_steps(c: Context) -> Iterator[Problem]:
    """Steps come in order of time, within the horizon; ramps are no longer than it."""
    for name, vendor in c.file.vendors.items():
        where: Path_ = ("vendors", name)
        yield from step_order(c, (*where, "season"), [step.from_ for step in vendor.season])
        yield from step_order(c, (*where, "capacity-steps"), [step.from_ for step in vendor.capacity_steps])
        yield from _step_kinds(c, where, vendor)
        yield from _ramp_from(c, where, vendor)
        yield from _ramp_paid(c, where, vendor)
        if len(vendor.ramp) > c.periods.count:
            message = f"the ramp has {len(vendor.ramp)} steps, the horizon {_many(c)}"
            yield c.problem((*where, "ramp"), message, "drop the last steps")


def _ramp_paid(c: Context, where: Path_, vendor: Vendor) -> Iterator[Problem]:
    """Hours that are paid whole in a ramp are those of prices by the hour, of people who make something from the start."""
    if not vendor.ramp_paid:
        return
    path: Path_ = (*where, "ramp-paid")
    name = str(where[1])
    prices = [] if vendor.contract.price is None else [vendor.contract.price]
    prices += [step.price for tiers in vendor.contract.tiers for step in tiers.steps]
    prices += [rate.price for _, rate in c.rate_card.of_vendor(name) if rate.price is not None]
    other = next((price for price in prices if kind_of(price) != "money/labour"), None)
    if not vendor.ramp:
        yield c.problem(path, "no ramp says how its people learn", "add `ramp: [60%, 80%]`")
    elif min(vendor.ramp) <= 0:
        yield c.problem(path, "with 0% in the ramp nothing is made of the hours paid", "write a share above 0%")
    elif isinstance(vendor.ramp_from, str):
        message = "what its hours make depends on the first work, and so would its prices"
        yield c.problem(path, message, "write the date the ramp begins on, as in `ramp-from: week 3`")
    elif vendor.team is not None:
        yield c.problem(path, "a team is paid for all its hours", "leave `ramp-paid` out: a team has a ramp of its own")
    elif other is not None:
        message = f"'{other.text}' does not rise while people learn: only prices by the hour do"
        yield c.problem(path, message, "leave `ramp-paid` out, or write prices by the hour")


def _ramp_from(c: Context, where: Path_, vendor: Vendor) -> Iterator[Problem]:
    """Where a ramp begins needs a ramp; with the first work, capacities that nothing else changes."""
    if vendor.ramp_from is None:
        return
    path: Path_ = (*where, "ramp-from")
    if not vendor.ramp:
        yield c.problem(path, "`ramp-from` says where a ramp begins, and there is none", "add `ramp: [50%, 75%]`")
    elif isinstance(vendor.ramp_from, str):
        name = str(where[-1])
        moved = any(
            effect.capacity is not None and name in (effect.vendors or ())
            for lever in c.file.levers.values()
            for effect in lever.effect
        )
        if moved or vendor.learning:
            what = "a lever changes its capacity" if moved else "its hours per item fall as it learns"
            message = f"the ramp of {name} cannot begin with its first work while {what}"
            yield c.problem(path, message, "write the date it begins on, as in `ramp-from: week 3`")
        elif (open_ := _without_capacity(c, name, vendor)) is not None:
            message = f"the ramp of {name} begins with its first work, and nothing says what it can do in {open_}"
            yield c.problem(path, message, "add its `capacity`, or write the date the ramp begins on")
    elif c.periods.is_after(vendor.ramp_from):
        message = f"the ramp begins after the horizon, {vendor.ramp_from.text}"
        yield c.problem(path, message, "write a date within it, or leave the vendor out")


def _without_capacity(c: Context, name: str, vendor: Vendor) -> str | None:
    """The first period in which a vendor that has a capacity in others has none; None where all have one, or no period."""
    if vendor.people is not None or (vendor.capacity is not None and not is_in_all(vendor.capacity)):
        return None
    known = {row.week - 1 for row in c.file.calendar if row.vendor == name and row.capacity is not None}
    for step in vendor.capacity_steps:
        known |= set(range(c.periods.first_from(step.from_), c.periods.count))
    open_ = next((period for period in range(c.periods.count) if period not in known), None)
    return None if open_ is None or not known else c.periods.label(open_)


def _one_kind(amount: Quantity, general: Quantity) -> bool:
    """Whether an amount by time does not count what the general capacity counts; one in all goes with any."""
    return not is_in_all(general) and amount.dimensions != general.dimensions


def _step_kinds(c: Context, where: Path_, vendor: Vendor) -> Iterator[Problem]:
    for position, step in enumerate(vendor.capacity_steps):
        path = (*where, "capacity-steps", position, "amount")
        if kind_of(step.amount) == "count":
            message = f"a capacity that changes is per week or month, got '{step.amount.text}'"
            yield c.problem(path, message, f"write `{step.amount.text}/{c.periods.unit}`")
        elif vendor.capacity is not None and _one_kind(step.amount, vendor.capacity):
            message = f"'{step.amount.text}' is not of the kind of the capacity before ('{vendor.capacity.text}')"
            yield c.problem(path, message, "use one unit for both")


def exchange_steps(c: Context) -> Iterator[Problem]:
    """Exchange rates come in order of time, and the first holds from the start."""
    for currency, steps in c.file.exchange.items():
        where: Path_ = ("exchange", currency)
        starts = [step.from_ for step in steps]
        disorder = list(step_order(c, where, starts))
        yield from disorder
        if not disorder and starts and starts[0] is not None and c.periods.first_from(starts[0]) > 0:
            message = f"exchange.{currency} starts after the horizon does"
            yield c.problem(where, message, f"add the rate that holds in {c.periods.label(0)}")


def budget_windows(c: Context) -> Iterator[Problem]:
    """Periodic budgets are in the horizon's own periods; limits begin before they end."""
    unit, budget = c.periods.unit, c.file.budget
    other = "month" if unit == "week" else "week"
    if (budget.per_month if unit == "week" else budget.per_week) is not None:
        message = f"the horizon is in {unit}s, the budget is per {other}"
        yield c.problem(
            ("budget", f"per-{other}"),
            message,
            f"write the amount of a {unit}, as in `per-{unit}: 20k {c.file.currency}`",
        )
    for position, limit in enumerate(budget.limits):
        where: Path_ = ("budget", "limits", position)
        first = c.periods.first_from(limit.from_) if limit.from_ else 0
        begins = c.periods.starts[0] if limit.from_ is None else limit.from_.date
        by_day = budget.by == "paid" and begins is not None  # what is paid may be so after the horizon
        if first >= c.periods.count and not by_day:
            yield c.problem((*where, "from"), f"the limit '{limit.name}' starts after the horizon", "move it earlier")
        elif limit.to is not None and (
            limit.to.date < begins
            if by_day and begins is not None and limit.to.date is not None
            else c.periods.last_before(limit.to) <= first
        ):
            yield c.problem((*where, "to"), f"the limit '{limit.name}' ends before it starts", "move `to` later")


def calendar(c: Context) -> Iterator[Problem]:
    """Rows of the calendar are for vendors and periods of the case, once, in the vendor's kind of capacity."""
    seen: set[tuple[str, int]] = set()
    for position, row in enumerate(c.file.calendar):
        where: Path_ = ("calendar", position)
        yield from c.unknown((*where, "vendor"), [row.vendor], "vendors", "vendor")
        if row.week > c.periods.count:
            message = f"{c.periods.unit} {row.week} is after the horizon, which has {_many(c)}"
            yield c.problem((*where, "week"), message, "drop the row, or lengthen the horizon")
        if (row.vendor, row.week) in seen:
            yield c.problem(where, f"two rows for {row.vendor} in {c.periods.unit} {row.week}", "keep one of them")
        seen.add((row.vendor, row.week))
        if row.capacity is not None and row.vendor in c.file.vendors:
            yield from _row_capacity(c, (*where, "capacity"), row, c.file.vendors[row.vendor])


def _row_capacity(c: Context, path: Path_, row: CalendarRow, vendor: Vendor) -> Iterator[Problem]:
    if row.capacity is None:
        return
    if kind_of(row.capacity) == "count":
        message = f"the capacity of one period is per {c.periods.unit}, got '{row.capacity.text}'"
        other = vendor.capacity is not None and vendor.capacity.of() != row.capacity.of()
        alike = f"write it like {row.vendor}'s capacity, which is '{vendor.capacity.text}'" if vendor.capacity else ""
        yield c.problem(path, message, alike if other else f"write `{row.capacity.text}/{c.periods.unit}`")
    elif vendor.team is not None:
        return  # said where teams are checked
    elif vendor.people is not None:
        message = f"{row.vendor} has people, and its hours follow from them"
        yield c.problem(path, message, "leave the capacity blank")
    elif vendor.capacity is not None and _one_kind(row.capacity, vendor.capacity):
        message = f"'{row.capacity.text}' is not of the kind of {row.vendor}'s capacity ('{vendor.capacity.text}')"
        yield c.problem(path, message, "use one unit for both")


def _many(c: Context) -> str:
    count = c.periods.count
    return f"{count} {c.periods.unit}{'s' if count > 1 else ''}"
