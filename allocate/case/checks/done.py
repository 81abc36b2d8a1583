"""Checks of what is done and what is frozen: names the case has, periods in their place, money in the case's currency."""

from __future__ import annotations

from collections.abc import Iterator

from allocate.case.context import Context
from allocate.case.document import Path_
from allocate.case.names import OF_CAPACITY
from allocate.case.past import is_of_work
from allocate.case.schema.done import Done
from allocate.errors import Problem
from allocate.units import kind_of


def done(c: Context) -> Iterator[Problem]:
    """What is done names what the case has, before the first period that is planned, and what is ordered from then on."""
    found = c.file.done
    if found is None:
        return
    where: Path_ = ("done",)
    if c.periods.is_after(found.planned_from):
        message = f"'{found.planned_from.text}' is after the horizon ends ({c.periods.end.isoformat()}): nothing is left to plan"
        yield c.problem((*where, "planned-from"), message, f"write a {c.periods.unit} of the horizon")
        return
    first = c.periods.first_from(found.planned_from)
    until = first if found.ordered_until is None else c.periods.last_before(found.ordered_until)
    yield from _work(c, found, "work", (1, first, "is done, and is not before the first period that is planned"))
    yield from _work(c, found, "ordered", (first + 1, until, "is ordered, and is not in the periods that are ordered"))
    for path in found.was:
        if not is_of_work(path) and (
            path != "rates" or c.file.rates
        ):  # without a rate card one may say it product by product
            message = f"'{path}' is not a figure of work that is done"
            fix = "name paces, accuracies, effort, drivers, reviews or plain prices; what contracts ask else holds throughout"
            yield c.problem((*where, "was", path), message, fix, of_key=True)
    yield from _money(c, found, first)
    for number, begun in enumerate(found.begun):
        at: Path_ = (*where, "begun", number)
        yield from c.unknown((*at, "vendor"), [begun.vendor] if begun.vendor else [], "vendors", "vendor")
        yield from c.unknown((*at, "product"), [begun.product] if begun.product else [], "products", "product")
    yield from _seats(c, found, first)
    yield from _staff(c, found)
    yield from c.unknown((*where, "committed"), found.committed, "vendors", "vendor")
    yield from _exempt(c, found)


def _work(c: Context, found: Done, key: str, within: tuple[int, int, str]) -> Iterator[Problem]:
    first, last, words = within
    for number, one in enumerate(getattr(found, key)):
        where: Path_ = ("done", key, number)
        for name, names in (("product", "products"), ("vendor", "vendors")):
            yield from c.unknown((*where, name), [getattr(one, name)], names, name)
        if one.workflow not in c.workflows():
            yield c.problem(
                (*where, "workflow"), f"there is no workflow '{one.workflow}'", "name one of the case's or the model's"
            )
        yield from c.unknown((*where, "levers"), [n.removesuffix(OF_CAPACITY) for n in one.levers], "levers", "lever")
        if not first <= one.period <= last:
            message = f"work of {c.periods.unit} {one.period:.0f} {words}"
            yield c.problem((*where, "period"), message, "leave it out, or move that period")
        product = c.file.products.get(one.product)
        item = c.item(product) if product is not None else None
        if item is not None and kind_of(one.items) == "count" and one.items.of() not in (item, "item"):
            message = f"{one.product} counts {c.units.plural(item)}, not {c.units.plural(one.items.of())} ('{one.items.text}')"
            yield c.problem((*where, "items"), message, f"write them in {c.units.plural(item)}")


def _money(c: Context, found: Done, first: int) -> Iterator[Problem]:
    for number, one in enumerate(found.paid):
        where: Path_ = ("done", "paid", number)
        yield from c.unknown((*where, "vendor"), [one.vendor], "vendors", "vendor")
        if one.amount.currency not in (None, c.file.currency):
            message = f"'{one.amount.text}' is not in the currency of the case"
            yield c.problem(
                (*where, "amount"), message, f"write what it was worth in {c.file.currency} when it was billed"
            )
        if not 1 <= one.period <= first:
            message = f"a bill of {c.periods.unit} {one.period:.0f} is not before the first period that is planned"
            yield c.problem((*where, "period"), message, "leave it out: it is not paid yet")


def _seats(c: Context, found: Done, first: int) -> Iterator[Problem]:
    for number, one in enumerate(found.seats):
        where: Path_ = ("done", "seats", number)
        unknown = list(c.unknown((*where, "vendor"), [one.vendor], "vendors", "vendor"))
        yield from unknown
        vendor = c.file.vendors.get(one.vendor)
        names = [] if vendor is None else [seat.name or one.vendor for seat in vendor.contract.fees.seat]
        if not unknown and names.count(one.name or one.vendor) != 1:
            message = f"{one.vendor} has no seats '{one.name or one.vendor}', or several kinds of that name"
            fix = f"name one of {', '.join(dict.fromkeys(names))}" if names else "leave it out: its contract has none"
            yield c.problem((*where, "name") if one.name else where, message, fix)
        if not 1 <= one.period <= first:
            message = (
                f"seats of {c.periods.unit} {one.period:.0f} are not bought before the first period that is planned"
            )
            yield c.problem((*where, "period"), message, "leave them out: the plan buys what it needs")


def _staff(c: Context, found: Done) -> Iterator[Problem]:
    for number, one in enumerate(found.staff):
        where: Path_ = ("done", "staff", number)
        unknown = list(c.unknown((*where, "team"), [one.team], "vendors", "vendor"))
        yield from unknown
        vendor = c.file.vendors.get(one.team)
        if not unknown and vendor is not None and vendor.team is None:
            yield c.problem((*where, "team"), f"{one.team} is not an in-house team", "name a vendor with a team")
        if not 1 <= one.period <= c.periods.count:
            message = f"{c.periods.unit} {one.period:.0f} is outside of the horizon"
            yield c.problem((*where, "period"), message, f"write one of 1 to {c.periods.count}")


def _exempt(c: Context, found: Done) -> Iterator[Problem]:
    known = {rule.name for rule in c.file.rules if rule.share is not None}
    known |= {f"accuracy of {name}" for name, product in c.file.products.items() if product.accuracy is not None}
    for number, name in enumerate(found.exempt):
        if name not in known and "rules" not in c.faulty and "products" not in c.faulty:
            message = f"'{name}' is neither a share nor an accuracy floor of the case"
            fix = f"name one of {', '.join(sorted(known))}" if known else "leave it out: the case has none"
            yield c.problem(("done", "exempt", number), message, fix)
