"""What checks of several clauses share: contracts one by one, what a price counts, windows, changes of prices."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from allocate.case.blocks import Window
from allocate.case.context import Context, exactly, line_of, makers
from allocate.case.document import Path_
from allocate.case.horizon import nests
from allocate.errors import Problem
from allocate.units import Quantity, kind_of

if TYPE_CHECKING:
    from allocate.case.clauses.tiers import Tiers
    from allocate.case.moments import When
    from allocate.case.schema import Contract, Product, Vendor, Workflow


def contracts(c: Context) -> Iterator[tuple[str, Path_, Vendor]]:
    """Every vendor by name, with the path of its contract."""
    for name, vendor in c.file.vendors.items():
        yield name, ("vendors", name, "contract"), vendor


def each(path: Path_, blocks: tuple[Any, ...]) -> Iterator[tuple[Path_, Any]]:
    """Blocks of a key that takes one or a list, each with its path."""
    for position, block in enumerate(blocks):
        yield ((*path, position) if len(blocks) > 1 else path), block


def basis(c: Context, path: Path_, price: Quantity, name: str, product: Product) -> Iterator[Problem]:
    """A price is per something the product has."""
    found, item, task, drivers = price.per(), c.item(product), c.task(product), c.drivers(product)
    if item is not None and found not in (item, "item", "label", "h", "EU", *drivers):
        choices = ", ".join(f"/{unit}" for unit in (item, *sorted(drivers), "label", "h", "EU"))
        message = f"'{price.text}' is per {found}, and {name} has no {c.units.plural(found)}"
        can_count = task is None or found in task.drivers or product.effort is not None
        more = f"; or add `drivers: {{{found}: 3/{item}}}` to the product" if can_count else ""
        yield c.problem(path, message, f"its prices can be {choices}{more}", code="E-per")


def by_week(c: Context, path: Path_, window: str | None) -> Iterator[Problem]:
    """Weeks are counted in plans by weeks."""
    if window == "week" and "horizon" not in c.faulty and c.periods.unit != "week":
        message = f"nothing is counted by the week in a plan by {c.periods.unit}s"
        yield c.problem(path, message, f"write `{path[-1]}: month`")


INVOICED: Mapping[str | None, Window] = {"week": "period", "month": "month", "quarter": "quarter"}
"""Window of an invoice that comes by some time."""


def invoiced(c: Context, path: Path_, asked: Quantity, what: str, tiers: tuple[Tiers, ...]) -> Iterator[Problem]:
    """Invoices come by the week, month or quarter, in windows that hold those of tiers; what: of which this is the least."""
    if asked.time not in INVOICED:
        message = f"no invoice comes by the {asked.time} ('{asked.text}')"
        yield c.problem(path, message, "write it by the week, month or quarter")
        return
    if asked.time == "week":
        yield from by_week(c, path, "week")
    over = next((one.window for one in tiers if not nests(one.window, INVOICED[asked.time])), None)
    if over is not None:
        there = line_of(c, (*path[:2], "contract", "tiers"))
        message = f"{what} comes by {asked.time}, the tiers{there} are billed by {over}"
        fix = f"write the tiers with `window: {asked.time}`, or leave {what} out"
        yield c.problem(path, message, fix)


def counts_by(c: Context, where: Path_, name: str, contract: Contract, window: str) -> Iterator[Problem]:
    """The windows of a clause are of the plan's periods, and what tiers come to has its place in them."""
    yield from by_week(c, (*where, name, "window"), window)
    for one in contract.tiers:
        if not nests(one.window, window):
            there = line_of(c, (*where, "tiers"))
            message = f"the {name} counts by {window}, the tiers{there} by {one.window}"
            both = "" if one.window == "horizon" else f"write `window: {one.window}` for both, or "
            fix = f"{both}write `window: horizon` here".replace("or write", "or")
            yield c.problem((*where, name), message, fix)


def changes(c: Context, key: str) -> Iterator[Problem]:
    """A change of price, in steps under a key, is a share of a price there is, or money for what the price counts."""
    for name, where, vendor in contracts(c):
        for position, step in enumerate(getattr(vendor.contract, key)):
            if kind_of(step.price) != "fraction":
                yield from _change(
                    c, (*where, key, position, "price"), step.price, list(_prices(c, where, name, vendor))
                )


def _prices(c: Context, where: Path_, name: str, vendor: Vendor) -> Iterator[tuple[Quantity, Path_]]:
    """All prices of a vendor, with their paths."""
    if vendor.contract.price is not None:
        yield vendor.contract.price, (*where, "price")
    for tiers in vendor.contract.tiers:
        yield from ((step.price, (*where, "tiers")) for step in tiers.steps)
    for position, rate in c.rate_card.of_vendor(name):
        if rate.price is not None:
            yield rate.price, ("rates", position, "price")


def _change(c: Context, path: Path_, change: Quantity, prices: list[tuple[Quantity, Path_]]) -> Iterator[Problem]:
    other = next((price for price in prices if price[0].per() != change.per()), None)
    if other is not None:
        message = f"'{change.text}' is per {change.per()}, and a price ('{other[0].text}'){line_of(c, other[1])} is not"
        yield c.problem(path, message, f"write it per {other[0].per()}")
        return
    low = next((price for price in prices if _below_zero(price[0], change)), None)
    if low is not None:
        message = f"'{change.text}' takes off more than the price ('{low[0].text}'){line_of(c, low[1])}"
        yield c.problem(path, message, "write a smaller price reduction")


def _below_zero(price: Quantity, change: Quantity) -> bool:
    return price.currency == change.currency and price.number + change.number < 0


def step_order(c: Context, path: Path_, starts: Iterable[When | None]) -> Iterator[Problem]:
    """Steps that begin at periods come in order of time."""
    places = [c.periods.first_from(start) if start else 0 for start in starts]
    if any(later <= earlier for earlier, later in itertools.pairwise(places) if later < c.periods.count):
        message = f"the steps of {'.'.join(map(str, path))} are not in order of time"
        yield c.problem(path, message, "list each period once, earliest first")


def orderable(c: Context, path: Path_, vendor: str, amount: Quantity | None) -> Iterator[Problem]:
    """An amount that orders are made of counts items of what the vendor makes, of which so many are wanted."""
    if amount is None:
        return
    key, nouns = path[-1], {c.item(product) for product in c.file.products.values()}
    fix = f"write `{exactly(amount.text, 'items')}`"
    if amount.of() not in (*nouns, "item"):
        counted = ", ".join(sorted(c.units.plural(noun) for noun in nouns if noun))
        message = f"'{amount.text}' counts {c.units.plural(amount.of())}, the products count {counted}"
        yield c.problem(path, message, fix)
    elif amount.of() != "item" and nouns != {amount.of()}:
        message = f"'{amount.text}' counts one kind of item, and the vendor may make others too"
        yield c.problem(path, message, fix)
    if amount.number <= 0:
        yield c.problem(path, f"{key} is not above zero ('{amount.text}')", "leave it out")
    if {"products", "rates"} & c.faulty:
        return
    # Some product it can make is wanted in such numbers; of others it makes nothing, which may be meant.
    most = [
        product.demand.exactly or product.demand.at_most
        for name, product in c.file.products.items()
        if vendor in makers(c, name)
    ]
    if most and all(limit is not None and limit.number < amount.number for limit in most):
        largest = max((limit for limit in most if limit is not None), key=lambda limit: limit.number)
        message = f"{vendor} takes no order below {amount.text}, and of no product it makes are more than {largest.text} asked for"
        yield c.problem(path, message, "lower it, raise the demand, or leave the vendor out")


def workflows_used(c: Context) -> list[tuple[str, Workflow]]:
    """The workflows on any menu that are defined, by name."""
    used = {*c.file.workflows, *(name for p in c.file.products.values() for name in p.workflows or ())}
    found = ((name, c.file.workflows.get(name) or c.model.workflows.get(name)) for name in sorted(used))
    return [(name, workflow) for name, workflow in found if workflow is not None]


def per_item(c: Context, block: str, key: str) -> Iterator[Problem]:
    """A fixed time or price of the case's own workflows is per something every product that uses them counts."""
    for name, workflow in workflows_used(c):
        amount: Quantity | None = getattr(getattr(workflow, block.replace("-", "_")), key, None)
        if amount is None or name not in c.names("workflows"):
            continue
        for product_name, product in c.file.products.items():
            item = c.item(product)
            menu = product.workflows if product.workflows is not None else tuple(c.file.workflows)
            if item is None or name not in menu or amount.per() in (item, "item", *c.drivers(product)):
                continue
            message = (
                f"the workflow '{name}' has '{amount.text}', and {product_name} counts {c.units.plural(item)}, "
                f"not {c.units.plural(amount.per())}"
            )
            fix = f"write `{amount.text.rpartition('/')[0]}/item`, or give {product_name} a menu without it"
            yield c.problem(("workflows", name, block, key), message, fix)
            break
