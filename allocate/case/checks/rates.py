"""Checks of the rate card: names, pairs, units; and that every product has somebody who can make it, at a price."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from allocate.case.context import Context, exactly
from allocate.case.document import Path_
from allocate.case.schema import Rate
from allocate.case.terms import basis
from allocate.errors import Problem
from allocate.input_limits import ROUTES


def rates(c: Context) -> Iterator[Problem]:
    """Every rate is for a pair of the case, once, with a price and in units of the product."""
    seen: dict[tuple[str, str, str | None], int] = {}
    of_pair: dict[tuple[str, str], int] = {}
    products, vendors, workflows = set(c.names("products")), set(c.names("vendors")), c.workflows()
    for position, rate in enumerate(c.file.rates):
        where: Path_ = ("rates", position)
        for key, name, known in (("product", rate.product, products), ("vendor", rate.vendor, vendors)):
            if name not in known and c.listed(f"{key}s"):
                message = f"the rate is for a {key} that is not there: '{name}'"
                yield c.problem((*where, key), message, c.suggestions.of(name, known, f"{key}s"))
        if rate.workflow is not None and rate.workflow not in workflows:
            message = f"there is no workflow '{rate.workflow}'"
            yield c.problem((*where, "workflow"), message, c.suggestions.of(rate.workflow, workflows, "workflows"))
        pair = (rate.product, rate.vendor, rate.workflow)
        if pair in seen:
            yield _twice(c, where, rate, seen[pair])
        seen.setdefault(pair, position)
        first = of_pair.setdefault(pair[:2], position)
        yield from _of_pair(c, where, rate, first)
        yield from _amounts(c, where, rate)


def _twice(c: Context, where: Path_, rate: Rate, earlier: int) -> Problem:
    first = c.problem(("rates", earlier), "").place
    line = f", first in line {first.line} of {first.file}" if first and first.line else ""
    what = f" in {rate.workflow}" if rate.workflow else ""
    return c.problem(where, f"two rates for {rate.product} with {rate.vendor}{what}{line}", "keep one of them")


def _amounts(c: Context, where: Path_, rate: Rate) -> Iterator[Problem]:
    vendor, product = c.file.vendors.get(rate.vendor), c.file.products.get(rate.product)
    tiers = vendor is not None and any(rate.product in (t.products or (rate.product,)) for t in vendor.contract.tiers)
    if vendor is not None and rate.price is None and vendor.contract.price is None and not (tiers or vendor.team):
        message = f"the rate for {rate.product} with {rate.vendor} has no price, and neither has the vendor's contract"
        yield c.problem(where, message, "fill in the price")
    if rate.accuracy is not None and rate.accuracy <= 0:
        message = "an accuracy of 0% makes no right labels"
        yield c.problem((*where, "accuracy"), message, "write the measured accuracy, or leave it blank")
    item = c.item(product) if product is not None else None
    if product is None or item is None or "model" in c.faulty:
        return
    many = c.units.plural(item)
    if rate.price is not None:
        yield from basis(c, (*where, "price"), rate.price, rate.product, product)
    yield from _historic(c, where, rate)
    if rate.pace is not None and rate.pace.of() not in (item, "item"):
        message = f"{rate.product} counts {many}, not {c.units.plural(rate.pace.of())} ('{rate.pace.text}')"
        yield c.problem((*where, "pace"), message, f"write `{exactly(rate.pace.text, many)}`")
    if rate.capacity is not None and rate.capacity.of() not in (item, "item"):
        message = f"the capacity of a pair counts its items: {many}, not '{rate.capacity.text}'"
        yield c.problem((*where, "capacity"), message, f"write it as in `5_000 {many}/week`")
    least = rate.minimum_order
    if least is not None and least.of() not in (item, "item"):
        message = f"the minimum order of a pair counts its items: {many}, not '{least.text}'"
        yield c.problem((*where, "minimum-order"), message, f"write `{exactly(least.text, many)}`")


def _historic(c: Context, where: Path_, rate: Rate) -> Iterator[Problem]:
    """What was paid before counts what is paid now."""
    before, vendor = rate.historic_price, c.file.vendors.get(rate.vendor)
    if before is None or vendor is None:
        return
    tiers = [t for t in vendor.contract.tiers if rate.product in (t.products or (rate.product,))]
    now = rate.price or (tiers[0].steps[0].price if tiers else vendor.contract.price)
    if vendor.team is not None:
        message = f"{rate.vendor} is a team of your own, which is paid wages and no price"
        yield c.problem((*where, "historic-price"), message, "remove this price")
    elif now is not None and before.per() != now.per():
        message = f"'{before.text}' is per {before.per()}, the price now ('{now.text}') per {now.per()}"
        yield c.problem((*where, "historic-price"), message, f"write what was paid per {now.per()}")


def _of_pair(c: Context, where: Path_, rate: Rate, earlier: int) -> Iterator[Problem]:
    """Lines of one pair agree on what holds for the pair as a whole; `earlier` is its first."""
    before = c.file.rates[earlier]
    both = (
        ("start-fee", before.start_fee, rate.start_fee),
        ("minimum-order", before.minimum_order, rate.minimum_order),
    )
    for key, one, other in both:
        if one is not None and other is not None and one.text != other.text:
            what = f"{key.replace('-', ' ')} of {rate.product} with {rate.vendor}"
            message = f"the {what} is '{other.text}' here and '{one.text}' in another line"
            yield c.problem((*where, key), message, "write it once, it holds for all workflows")


def too_many(c: Context) -> Iterator[Problem]:
    """Work can be given in no more ways than a program holds; where it can, no other check would end."""
    menu, menus = len(c.file.workflows), {name: product.workflows for name, product in c.file.products.items()}
    pairs = Counter(product for product, _ in {(rate.product, rate.vendor) for rate in c.file.rates})
    listed = bool(c.document.data.get("rates"))
    routes = sum(
        (pairs[name] if listed else len(c.file.vendors)) * (menu if own is None else len(own))
        for name, own in menus.items()
    )
    if routes * c.periods.count > ROUTES:
        each = f"{len(menus):,} products, {len(c.file.vendors):,} vendors and {menu:,} workflows"
        message = f"{each} in {c.periods.count:,} {c.periods.unit}s make {routes * c.periods.count:,} columns; at most {ROUTES:,} are planned"
        fix = "shorten `workflows` or the horizon" if listed else "add `rates:` with the pairs there are"
        yield c.problem(
            ("rates",) if listed else ("vendors",), message, f"{fix}, or plan parts of it by themselves", of_key=True
        )


def supply(c: Context) -> Iterator[Problem]:
    """Every product has somebody who can make it, at a price."""
    if "model" in c.faulty or "rates" in c.faulty or "vendors" in c.faulty:
        return
    if c.document.data.get("rates"):
        rated = {rate.product for rate in c.file.rates}
        for name in c.file.products:
            if name not in rated:
                fix = "add a line for it to the rates"
                yield c.problem(("products", name), f"no vendor has a rate for {name}", fix, of_key=True)
        return
    priced = {n: one.contract.price for n, one in c.file.vendors.items() if one.contract.price and one.team is None}
    if not priced and c.file.vendors and not any(one.contract.tiers or one.team for one in c.file.vendors.values()):
        fix = "add `rates:`, or give a vendor `contract: {price: …}`"
        yield c.problem(("vendors",), "no vendor has a price", fix, of_key=True)
    for vendor, price in priced.items():
        for name, product in c.file.products.items():
            yield from basis(c, ("vendors", vendor, "contract", "price"), price, name, product)
