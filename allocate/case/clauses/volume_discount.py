"""Discounts on several products together: by their quantity in all, by business volume, or as a bundle of products."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, model_validator

from allocate.case import amounts as a
from allocate.case.blocks import Block, Names, Window, or_one
from allocate.case.context import Context, exactly, line_of, makers
from allocate.case.document import Path_
from allocate.case.index import OF_CONTRACTS, PAID_WAGES, VENDORS, Check, Clause, Whole
from allocate.case.reading import fail
from allocate.case.terms import by_week, contracts, each
from allocate.errors import Problem
from allocate.units import Quantity, kind_of

if TYPE_CHECKING:
    from allocate.case.schema import Vendor

PRODUCT = "product"


class DiscountStep(Block):
    """What is taken off prices from a quantity, a business volume, or a number of products on."""

    from_: a.Volume = Field(alias="from")
    """Where it begins: `100 items`, `500 h`, `10k USD` of prices, or `2 products`."""
    off: a.Off | None = None
    """What is taken off: a share of the prices (`10%`), or money per what they count (`0.05 USD/image`)."""
    prices: dict[a.Name, a.Price] | None = None
    """Prices by product in its place, as in `{street: 0.40 USD/image}`; products that are not named keep theirs."""

    @model_validator(mode="after")
    def _one_of_them(self) -> DiscountStep:
        if (self.off is None) == (self.prices is None):
            raise fail(
                "a step takes something off prices, or has prices of its own", "write `off: 5%`, or `prices: {…}`"
            )
        if self.off is not None and kind_of(self.off) == "fraction" and self.off.number > 1:
            raise fail(f"takes off more than the price itself ('{self.off.text}')", f"did you mean `{self.off.text}%`?")
        return self


class VolumeDiscount(Block):
    """A discount on all units of some products, by what is bought of them together in a window.

    Money counts prices before any discount, fees left out, in the currency the steps are written in. What is taken off is
    credited in the window's last period, at the exchange rates it was billed at; fees, commitments, ceilings and rebates count prices
    before it. A window that the horizon cuts keeps its whole steps."""

    steps: tuple[DiscountStep, ...]
    """Steps in order; the last one reached holds for all that is bought in the window."""
    products: Names | None = None
    """Products that are counted together; absent: all the vendor makes."""
    on: Names | None = None
    """Products it is taken off; absent: those that are counted."""
    each: a.Items | None = None
    """Of steps in products: least items of one that counts; absent: one."""
    window: Window = "horizon"
    """When counting starts again: each period, month or quarter, or never."""

    @model_validator(mode="after")
    def _of_one_kind(self) -> VolumeDiscount:
        if not self.steps:
            raise fail("a discount needs at least one step", "write it as in `steps: [{from: 100 items, off: 5%}]`")
        if len({step.from_.dimensions for step in self.steps}) > 1:
            raise fail("the steps begin at different kinds of amounts", "write all of them in one unit")
        if self.each is not None and not self.counts_products:
            raise fail("`each` says when a product counts, and the steps count no products", "leave it out")
        return self

    @property
    def counts_products(self) -> bool:
        """Whether its steps are of a number of products."""
        return bool(self.steps[0].from_.of() == PRODUCT)


class Discounted(Block):
    """Keys of a contract."""

    volume_discount: Annotated[tuple[VolumeDiscount, ...], or_one(VolumeDiscount)] = ()
    """Discounts by what is bought of several products together: in all, for how much money, or how many of them. Of a list
    each counts by itself, and all of them are taken off the same prices."""


def offered(c: Context) -> Iterator[Problem]:
    """Steps rise, count what the products have, and take no more off than there is of plain prices."""
    for name, where, vendor in contracts(c):
        made = [one for one in c.file.products if name in makers(c, one)]
        for path, discount in each((*where, "volume-discount"), vendor.contract.volume_discount):
            counted = [one for one in discount.products or made if one in made]
            on = [one for one in discount.on or counted if one in made]
            yield from by_week(c, (*path, "window"), discount.window)
            yield from _names(c, path, name, discount, made)
            yield from _order(c, path, discount)
            yield from _countable(c, path, discount, counted)
            yield from _plain(c, path, name, vendor, list(dict.fromkeys([*counted, *on])))
            for position, step in enumerate(discount.steps):
                yield from _off(c, (*path, "steps", position), name, step, on)


def _names(c: Context, path: Path_, name: str, discount: VolumeDiscount, made: list[str]) -> Iterator[Problem]:
    """Products are there, and the vendor makes them."""
    for key, names in (("products", discount.products), ("on", discount.on)):
        yield from c.unknown((*path, key), names or (), "products", "product")
        for product in names or ():
            if product in c.file.products and product not in made:
                yield c.problem((*path, key), f"{name} makes no {product}", "leave it out, or add a rate for it")


def _order(c: Context, path: Path_, discount: VolumeDiscount) -> Iterator[Problem]:
    """Steps rise."""
    for position, (before, step) in enumerate(itertools.pairwise(discount.steps), 1):
        if step.from_.number <= before.from_.number:
            there = line_of(c, (*path, "steps", position - 1, "from"))
            message = (
                f"the steps overlap: this one begins at {step.from_.text}, the one before{there} at {before.from_.text}"
            )
            yield c.problem(
                (*path, "steps", position, "from"), message, "write the steps in order, each with a higher `from`"
            )


def _countable(c: Context, path: Path_, discount: VolumeDiscount, counted: list[str]) -> Iterator[Problem]:
    """Every product that is counted has what the steps count, and there are as many."""
    position, start = len(discount.steps) - 1, discount.steps[-1].from_
    here, noun = (*path, "steps", position, "from"), start.of()
    if discount.counts_products:
        if any(step.from_.number % 1 for step in discount.steps) or start.number > len(counted):
            message = f"{start.text} are never reached: {len(counted)} {'is' if len(counted) == 1 else 'are'} counted"
            yield c.problem(here, message, "write a whole number of products that there are, or let more count")
    elif noun == "label":
        yield c.problem(here, "no discount counts labels", "count items, hours, EU or a driver")
    else:
        for product in counted if noun not in (None, "h", "EU", "item") and start.currency is None else ():
            block = c.file.products[product]
            if c.item(block) is not None and noun not in (c.item(block), *c.drivers(block)):
                message = f"'{start.text}' counts {c.units.plural(noun)}, and {product} has none"
                yield c.problem(
                    here, message, f"write `{exactly(start.text, 'items')}`, or name the `products` that count"
                )
                return


def _plain(c: Context, path: Path_, name: str, vendor: Vendor, products: list[str]) -> Iterator[Problem]:
    """Prices by volume have steps of their own."""
    for product in products:
        tiers = [one for one in vendor.contract.tiers if one.products is None or product in one.products]
        if tiers and not any(rate.price is not None for _, rate in c.rate_card.of_pair(product, name)):
            message = f"the price of {product} depends on its volume already{line_of(c, (*path[:3], 'tiers'))}"
            yield c.problem(path, message, "give it a plain price, or leave it out of `products` and `on`")
            return


def _off(c: Context, path: Path_, name: str, step: DiscountStep, on: list[str]) -> Iterator[Problem]:
    """What a step takes off a product's price is of what that counts, and no more than it is."""
    for product in step.prices or ():
        if product not in on:
            fix = c.suggestions.of(product, on, "products")
            yield c.problem((*path, "prices"), f"the discount is not on '{product}'", fix)
    for product in on:
        off, lower = step.off, (step.prices or {}).get(product)
        for price, in_parts in _prices(c, name, product):
            if off is not None and kind_of(off) != "fraction" and off.per() != price.per():
                message = f"'{off.text}' is per {off.per()}, and the price of {product} ('{price.text}') is not"
                yield c.problem((*path, "off"), message, f"write it per {price.per()}, or as a share")
            elif off is not None and off.currency == price.currency and off.number > price.number:
                message = f"'{off.text}' takes off more than the price of {product} ('{price.text}')"
                yield c.problem((*path, "off"), message, "write a smaller discount")
            elif lower is not None and in_parts:
                message = f"the price of {product} has several parts, and '{lower.text}' is one"
                yield c.problem((*path, "prices"), message, "write `off`, as in `10%`")
            elif lower is not None and lower.dimensions != price.dimensions:
                message = f"'{lower.text}' is in other units than the price of {product} ('{price.text}')"
                yield c.problem((*path, "prices"), message, f"write it in {price.currency} per {price.per()}")
            elif lower is not None and lower.number > price.number:
                message = f"'{lower.text}' is above the price of {product} ('{price.text}')"
                yield c.problem((*path, "prices"), message, "write a lower price, or leave it out")


def _prices(c: Context, name: str, product: str) -> Iterator[tuple[Quantity, bool]]:
    """Plain prices of a product with a vendor, and whether each has further parts."""
    contract, own = c.file.vendors[name].contract, False
    for _, rate in c.rate_card.of_pair(product, name):
        if rate.price is not None:
            own = True
            yield rate.price, bool(rate.plus)
    if not own and contract.price is not None:
        yield contract.price, bool(contract.plus)


def _whole(name: str, vendor: Vendor) -> Iterator[Whole]:
    """What is bought is counted from the start of the window."""
    for window in sorted({one.window for one in vendor.contract.volume_discount}):
        words = f"the volume discount of {name} counts it from its start: {{money}}"
        yield Whole(("volume discount",), window, words, True)


CLAUSE = Clause(
    "volume_discount",
    keys=("vendors.NAME.contract.volume-discount",),
    checks=(Check(offered, OF_CONTRACTS | {"products", "rates"}),),
    examples={
        "VolumeDiscount": "{products: [street, retail], steps: [{from: 2 products, off: 5%}]}",
        "DiscountStep": "{from: 100 items, off: 10%}",
    },
    costs={VENDORS: ("volume discount",)},
    not_for_teams=PAID_WAGES,
    figures={
        "vendors.NAME.contract.volume-discount.steps.from": "start of a volume discount",
        "vendors.NAME.contract.volume-discount.steps.off": "volume discount",
        "vendors.NAME.contract.volume-discount.each": "items of a product that counts",
    },
    meant={"volume-discount": ("off", "prices")},
    whole=_whole,
    shared_by="money",
    of_prices=("volume-discount",),
)
