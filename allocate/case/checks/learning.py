"""Checks of learning: hours that limit something, items the products count, each pair said once."""

from __future__ import annotations

from collections.abc import Iterator

from allocate.case.clauses import CLAUSES, price_lock
from allocate.case.clauses.platform_fee import fees_of, parts_of
from allocate.case.context import Context, exactly
from allocate.case.document import Path_
from allocate.case.schema import Vendor
from allocate.case.schema.learning import Learning
from allocate.errors import Problem
from allocate.units import Quantity, kind_of


def learning(c: Context) -> Iterator[Problem]:
    """Who learns has hours by period, and is not paid for them; products are there, in their own items, and named once."""
    for name, vendor in c.file.vendors.items():
        seen: set[str] = set()
        for position, block in enumerate(vendor.learning):
            several = isinstance(c.document.data["vendors"][name]["learning"], list)
            where: Path_ = ("vendors", name, "learning", *((position,) if several else ()))
            yield from c.unknown((*where, "products"), block.products or (), "products", "product")
            about = [one for one in block.products or c.file.products if one in c.file.products]
            for product in (one for one in about if one in seen):
                message = f"vendors.{name} learns {product} twice"
                yield c.problem(where, message, "name each product once")
            seen.update(about)
            yield from _items(c, where, block, about)
        if vendor.learning:
            yield from _hours(c, name, vendor)
            yield from _paid(c, name, vendor)


def _items(c: Context, where: Path_, block: Learning, about: list[str]) -> Iterator[Problem]:
    """Items are those of every product it is about, or items of any kind."""
    amounts: list[tuple[str, Quantity | None]] = [("from", block.from_), ("experience", block.experience)]
    for key, found in amounts:
        for product in about if found is not None and found.of() != "item" else ():
            assert found is not None
            item = c.item(c.file.products[product])
            if item is not None and found.of() != item:
                message = f"{product} counts {c.units.plural(item)}, not {c.units.plural(found.of())} ('{found.text}')"
                yield c.problem((*where, key), message, f"write `{exactly(found.text, 'items')}`, which holds for all")
                break


def _hours(c: Context, name: str, vendor: Vendor) -> Iterator[Problem]:
    """Learning lessens hours, which have to limit something."""
    hours = [vendor.capacity, *(step.amount for step in vendor.capacity_steps)]
    hours += [row.capacity for row in c.file.calendar if row.vendor == name]
    stated = any(one is not None and kind_of(one) == "labour/calendar" for one in hours)
    if not (vendor.people or vendor.team or stated):
        message = f"vendors.{name} learns, and its hours limit nothing"
        fix = "add `capacity: 400 h/week`, people and hours, or a team; or remove `learning`"
        yield c.problem(("vendors", name, "learning"), message, fix)
    if vendor.capacity is not None and kind_of(vendor.capacity) == "labour":
        message = f"vendors.{name} learns, and its hours are one amount in all ('{vendor.capacity.text}')"
        yield c.problem(
            ("vendors", name, "capacity"), message, "write them by time, as in `40 h/week`, or count EU in all"
        )


def _paid(c: Context, name: str, vendor: Vendor) -> Iterator[Problem]:
    """A price by the hour falls with the hours: it is the pair's only price, and no clause counts what it comes to."""
    fix = "write its price per item, or plan its people as a `team`"
    by_hour = f"vendors.{name} learns and is paid by the hour"
    contract, own = vendor.contract, ("vendors", name, "contract")
    paid = [product for product in _learned(c, vendor) if _by_hour(c, name, vendor, product)]
    parts: list[tuple[Path_, Quantity]] = [((*own, "price"), part) for part in contract.plus]
    parts += [(("rates", n, "price"), part) for n, rate in c.rate_card.of_vendor(name) for part in rate.plus]
    prices: list[tuple[Path_, Quantity]] = [
        ((*own, "tiers"), step.price) for tiers in contract.tiers for step in tiers.steps[:1]
    ]
    prices += [*fees_of(name, vendor), *parts_of(name, vendor)]
    for path, price in (*parts, *prices):
        if kind_of(price) == "money/labour" or (paid and (path, price) in parts):
            message = f"{by_hour} beside other prices: prices of several parts, steps and fees do not follow the hours of learning"
            yield c.problem(path, message, fix)
    for product in paid:
        asked = [(path, price) for path, price in _asked(c, name, vendor, product)]
        other = next((one for one in asked if one[1].text != asked[0][1].text), None)
        if other is not None:
            message = f"vendors.{name} learns {product}, and is paid '{asked[0][1].text}' and '{other[1].text}' for it"
            yield c.problem(other[0], message, "write one price by the hour for all its workflows, or prices per item")
    if paid:
        for path, what in _counts_prices(c, name, vendor):
            message = f"{by_hour}, and {what} counts prices of items, which hours that fall do not have"
            yield c.problem(path, message, "write its price per item, or leave that out")


def _learned(c: Context, vendor: Vendor) -> list[str]:
    """Products that a vendor learns."""
    return [
        product
        for product in c.file.products
        if any(block.products is None or product in block.products for block in vendor.learning)
    ]


def _asked(c: Context, name: str, vendor: Vendor, product: str) -> Iterator[tuple[Path_, Quantity]]:
    """The prices of a product with a vendor, first parts alone."""
    lines = c.rate_card.of_pair(product, name)
    for number, rate in lines:
        if rate.price is not None:
            yield ("rates", number, "price"), rate.price
    if vendor.contract.price is not None and (not c.file.rates or any(rate.price is None for _, rate in lines)):
        yield ("vendors", name, "contract", "price"), vendor.contract.price


def _by_hour(c: Context, name: str, vendor: Vendor, product: str) -> bool:
    return any(kind_of(price) == "money/labour" for _, price in _asked(c, name, vendor, product))


def _counts_prices(c: Context, name: str, vendor: Vendor) -> Iterator[tuple[Path_, str]]:
    """What counts or changes a vendor's prices, and where it is written."""
    for key in (key for clause in CLAUSES for key in clause.of_prices):
        given = getattr(vendor.contract, key.replace("-", "_"))
        if given not in (None, (), True):
            yield ("vendors", name, "contract", key), f"`{key}`"
    for path, fee in fees_of(name, vendor):
        if kind_of(fee) == "fraction":
            yield path, "a platform fee that is a share"
    for lever, block in c.file.levers.items():
        for effect in block.effect:
            own = lever.startswith(price_lock.NAMED)  # said of the contract already
            changes = not own and (effect.price is not None or effect.locked_price is not None)
            if changes and (effect.vendors is None or name in effect.vendors):
                yield ("levers", lever), "a lever that changes prices"
    for workflow, one in c.file.workflows.items():
        if one is not None and one.leads is not None:
            yield ("workflows", workflow, "leads"), "work in stages"
