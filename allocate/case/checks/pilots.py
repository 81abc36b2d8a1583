"""Checks of pilots: who makes what, in its own items, by when, and that there is something left to decide."""

from __future__ import annotations

from collections.abc import Iterator

from allocate.case.context import Context, exactly, line_of, makers
from allocate.case.document import Path_
from allocate.case.moments import When
from allocate.case.schema.pilots import Pilot
from allocate.errors import Problem
from allocate.units import Quantity, kind_of


def pilots(c: Context) -> Iterator[Problem]:
    """Pilots name a vendor and a product that go together, each pair once, in items of the product and with a wage for checks."""
    seen: dict[tuple[str, str], str] = {}
    for name, pilot in c.file.pilots.items():
        where: Path_ = ("pilots", name)
        unknown = list(c.unknown((*where, "vendor"), [pilot.vendor], "vendors", "vendor"))
        unknown += c.unknown((*where, "product"), [pilot.product], "products", "product")
        yield from unknown
        if unknown or pilot.product not in c.file.products or pilot.vendor not in c.file.vendors:
            continue
        if not {"rates", "vendors"} & c.faulty and pilot.vendor not in makers(c, pilot.product):
            message = f"{pilot.vendor} has no rate for {pilot.product}"
            yield c.problem((*where, "vendor"), message, "add a rate, or name who makes it")
        other = seen.setdefault((pilot.vendor, pilot.product), name)
        if other != name:
            message = f"{other}{line_of(c, ('pilots', other))} is a pilot of {pilot.vendor} with {pilot.product} too"
            yield c.problem(where, message, "keep one, and list its sizes under `items`")
        yield from _sizes(c, where, pilot)
        check, team = pilot.check, c.file.review_team
        unpaid = team is None or team.wage is None
        if check is not None and check.time is not None and check.wage is None and unpaid:
            message = "nothing says what an hour of checking costs"
            yield c.problem((*where, "check"), message, "add `wage: 40 USD/h`, or a review team with a wage")


def _sizes(c: Context, where: Path_, pilot: Pilot) -> Iterator[Problem]:
    """Sizes count the product's items, are whole, in order, no more than are asked for, and give each person an item."""
    product, item = c.file.products[pilot.product], c.item(c.file.products[pilot.product])
    path: Path_ = (*where, "items")
    before: Quantity | None = None
    most = product.demand.exactly or product.demand.at_most
    for size in pilot.items.all:
        if item is not None and kind_of(size) == "count" and size.of() not in (item, "item"):
            message = f"{pilot.product} counts {c.units.plural(item)}, not {c.units.plural(size.of())} ('{size.text}')"
            yield c.problem(path, message, f"write `{exactly(size.text, c.units.plural(item))}`")
            return
        if size.number % 1:
            yield c.problem(path, f"'{size.text}' is not a whole number of items", "write whole numbers")
            return
        if before is not None and size.number <= before.number:
            message = f"'{size.text}' follows '{before.text}', and is not more"
            yield c.problem(path, message, "write the sizes from small to large, each once")
            return
        before = size
    assert before is not None
    if most is not None and before.number >= most.number:
        message = (
            f"the pilot would be all of {pilot.product} ('{before.text}' of '{most.text}'): nothing is left to decide"
        )
        yield c.problem(path, message, "write a size below the demand")
    elif before.number == 0:
        yield c.problem(path, "the pilot has no size but 0", "write sizes, as in `[50, 100, 200]`")
    elif pilot.annotators and max(pilot.annotators) > before.number:
        message = f"{max(pilot.annotators)} annotators share '{before.text}': not an item each"
        yield c.problem((*where, "annotators"), message, "write fewer people, or more items")


def pilot_times(c: Context) -> Iterator[Problem]:
    """A pilot ends within the horizon, and before the period that is decided with it."""
    for name, pilot in c.file.pilots.items():
        where: Path_ = ("pilots", name)
        outside = [key for key in ("by", "decide") if c.periods.is_after(getattr(pilot, key))]
        for key in outside:
            when: When = getattr(pilot, key)
            message = f"'{when.text}' is after the horizon ends ({c.periods.end.isoformat()})"
            yield c.problem((*where, key), message, "write an earlier one, or lengthen the horizon")
        if outside:
            continue
        last, decided = c.periods.last_before(pilot.by), c.periods.first_from(pilot.decide)
        if last == 0:
            message = f"nothing can be made by '{pilot.by.text}'"
            yield c.problem(
                (*where, "by"), message, f"write a later one: the first period ends with `{c.periods.unit} 1`"
            )
        elif decided < last:
            message = f"the pilot ends with '{pilot.by.text}', and '{pilot.decide.text}' is decided before that"
            yield c.problem((*where, "decide"), message, f"write a later period, as in `{c.periods.unit} {last + 1}`")
