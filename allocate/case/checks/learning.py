"""Checks of learning: hours that limit something, items the products count, each pair said once."""

from __future__ import annotations

from collections.abc import Iterator

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
    """A price by the hour would fall with the hours; prices here are of an item, whenever it is made."""
    fix = "write its price per item, or plan its people as a `team`"
    message = f"vendors.{name} learns and is paid by the hour: prices do not follow the hours of learning"
    contract = vendor.contract
    prices: list[tuple[Path_, Quantity | None]] = [(("vendors", name, "contract", "price"), contract.price)]
    for tiers in contract.tiers:
        prices += [(("vendors", name, "contract", "tiers"), step.price) for step in tiers.steps[:1]]
    rates = c.rate_card.of_vendor(name)
    prices += [(("vendors", name, "contract", "price"), part) for part in contract.plus]
    prices += [(("rates", n, "price"), part) for n, rate in rates for part in (rate.price, *rate.plus)]
    prices += [*fees_of(name, vendor), *parts_of(name, vendor)]
    for path, price in prices:
        if price is not None and kind_of(price) == "money/labour":
            yield c.problem(path, message, fix)
