"""Checks of contracts: tiers that fit what they price, commitments that can be used up, clauses that do not clash."""

from __future__ import annotations

from collections.abc import Iterator

from allocate.case.by_time import by_period
from allocate.case.checks.rates import basis
from allocate.case.checks.steps import step_order
from allocate.case.context import Context, exactly, line_of, makers
from allocate.case.document import Path_
from allocate.case.horizon import nests
from allocate.case.schema import Contract, Tiers, Vendor
from allocate.errors import Problem
from allocate.units import Quantity, kind_of


def contracts(c: Context) -> Iterator[Problem]:
    """Every clause of every contract fits its vendor, its products and the clauses beside it."""
    for name, vendor in c.file.vendors.items():
        where: Path_ = ("vendors", name, "contract")
        for position, tiers in enumerate(vendor.contract.tiers):
            path = (*where, "tiers", position) if len(vendor.contract.tiers) > 1 else (*where, "tiers")
            yield from step_order(c, path, tiers)
            yield from _tiers(c, path, name, tiers)
        yield from _priced_twice(c, where, vendor.contract)
        yield from _windows(c, where, vendor.contract)
        yield from _commitment(c, where, name, vendor)
        yield from _orders(c, where, name, vendor.contract)
    yield from _pair_orders(c)
    yield from _group_limits(c)


def _tiers(c: Context, path: Path_, vendor: str, tiers: Tiers) -> Iterator[Problem]:
    yield from c.unknown((*path, "products"), tiers.products or (), "products", "product")
    if tiers.products is not None and not tiers.products:
        yield c.problem((*path, "products"), "the tiers name no product", "write a name, or leave `products` out")
    price = tiers.steps[0].price
    for position, step in enumerate(tiers.steps):
        end = step.up_to
        if end is None:
            continue
        money = kind_of(end) == "money"
        counted = tiers.steps[0].price if tiers.kind == "all-unit" else step.price
        if money and counted.number <= 0:
            message = f"no step ends at money that is counted at a price of nothing ('{counted.text}')"
            yield c.problem((*path, "steps", position, "up-to"), message, "write how many units it ends at")
        elif money and end.currency != price.currency:
            message = f"'{end.text}' is not money of the price '{price.text}'"
            yield c.problem((*path, "steps", position, "up-to"), message, f"write it in {price.currency}")
    if "products" in c.faulty or "rates" in c.faulty:
        return
    rated = {rate.product for _, rate in c.rate_card.of_vendor(vendor) if rate.price is None}
    for name, product in c.file.products.items():
        named = tiers.products is not None and name in tiers.products
        if named and c.file.rates and name not in rated:
            message = f"the tiers price {name}, and no rate of {vendor} leaves its price to them"
            yield c.problem((*path, "products"), message, f"add a rate of {name} with {vendor}, its price left blank")
        if named or (tiers.products is None and (not c.file.rates or name in rated)):
            yield from basis(c, (*path, "steps", 0, "price"), price, name, product)
            yield from _countable(c, path, tiers, name)


def _priced_twice(c: Context, where: Path_, contract: Contract) -> Iterator[Problem]:
    """No two tiers name a product: the later ones would price nothing."""
    for position, later in enumerate(contract.tiers):
        for number, earlier in enumerate(contract.tiers[:position]):
            both = set(earlier.products or c.file.products) & set(later.products or c.file.products)
            if both and (earlier.products is None or later.products is not None):
                there, names = line_of(c, (*where, "tiers", number)), ", ".join(sorted(both))
                message = f"two tiers price {names}: these and those{there}"
                fix = "name each product in one of them; the last may leave `products` out, for all others"
                yield c.problem((*where, "tiers", position), message, fix)
                break


def _countable(c: Context, path: Path_, tiers: Tiers, name: str) -> Iterator[Problem]:
    """What steps count is something every product they price has."""
    product, end, price = c.file.products[name], tiers.steps[0].up_to, tiers.steps[0].price
    item, drivers = c.item(product), c.drivers(product)
    if end is None or end.currency is not None or end.of() == price.per() or item is None or "model" in c.faulty:
        return
    if end.of() not in (item, "item", "label", "h", "EU", *drivers):
        choices = ", ".join(f"`{exactly(end.text, c.units.plural(one))}`" for one in (item, *sorted(drivers)))
        message = f"the step ends at '{end.text}', and {name} has no {c.units.plural(end.of())}"
        fix = f"{name} counts {choices}; items, labels, h and EU count products of all kinds"
        yield c.problem((*path, "steps", 0, "up-to"), message, fix)


def _windows(c: Context, where: Path_, contract: Contract) -> Iterator[Problem]:
    """Weeks are counted in plans by weeks; and what tiers come to has its place in the windows that count it."""
    commitment, rebate = contract.commitment, contract.rebate
    counted = [(name, one.window) for name, one in (("commitment", commitment), ("rebate", rebate)) if one is not None]
    stated: list[tuple[Path_, str | None]] = [((name, "window"), window) for name, window in counted]
    stated += [(("tiers", "window"), one.window) for one in contract.tiers]
    for key, window in [*stated, (("quality-window",), contract.quality_window)]:
        if window == "week" and "horizon" not in c.faulty and c.periods.unit != "week":
            message = f"nothing is counted by the week in a plan by {c.periods.unit}s"
            yield c.problem((*where, *key), message, f"write `{key[-1]}: month`")
    if contract.quality_window is not None and not contract.quality:
        message = "`quality-window` says over what accuracy is averaged, and no `quality` says what for"
        yield c.problem(
            (*where, "quality-window"), message, "add `quality: [{below: 95%, price: -10%}]`, or leave it out"
        )
    for name, window in counted:
        for one in contract.tiers:
            if not nests(one.window, window):
                there = line_of(c, (*where, "tiers"))
                message = f"the {name} counts by {window}, the tiers{there} by {one.window}"
                both = "" if one.window == "horizon" else f"write `window: {one.window}` for both, or "
                fix = f"{both}write `window: horizon` here".replace("or write", "or")
                yield c.problem((*where, name), message, fix)


def _commitment(c: Context, where: Path_, name: str, vendor: Vendor) -> Iterator[Problem]:
    commitment = vendor.contract.commitment
    if commitment is None:
        return
    path = (*where, "commitment")
    most = _most_money(c, name, vendor, commitment.at_least.currency, commitment.window)
    if most is not None and commitment.at_least.number > most:
        there = line_of(c, ("vendors", name, "capacity"))
        each = {"horizon": "", "period": f" of a {c.periods.unit}"}.get(commitment.window, f" of a {commitment.window}")
        message = f"{name} is promised {commitment.at_least.text}, and all its hours{each}{there} come to {most:,.0f}"
        yield c.problem((*path, "at-least"), message, "lower the commitment, or raise the capacity")
    ceiling = vendor.contract.ceiling
    if ceiling is None or ceiling.currency != commitment.at_least.currency:
        return
    if ceiling.number < commitment.at_least.number:
        there = line_of(c, (*where, "ceiling"))
        message = f"the commitment ({commitment.at_least.text}) is above the ceiling ({ceiling.text}){there}"
        yield c.problem((*path, "at-least"), message, "lower it, or raise the ceiling")


LONGEST = {"week": 1.0, "month": 31 / 7, "quarter": 92 / 7}
"""Most weeks a window of a kind has."""


def _most_money(c: Context, name: str, vendor: Vendor, currency: str | None, window: str) -> float | None:
    """No less than all a vendor's hours of a window cost at its dearest price; None where that is not how it is paid."""
    tiered = [step.price for tiers in vendor.contract.tiers for step in tiers.steps]
    prices = [*([vendor.contract.price] if vendor.contract.price is not None else []), *tiered]
    prices += [rate.price for _, rate in c.rate_card.of_vendor(name) if rate.price is not None]
    rows = [row for row in c.file.calendar if row.vendor == name]
    amounts = [vendor.capacity, *(step.amount for step in vendor.capacity_steps), *(row.capacity for row in rows)]
    stated = [amount for amount in amounts if amount is not None]
    if vendor.capacity is None or vendor.escalation is not None or "horizon" in c.faulty or not prices:
        return None
    if any(kind_of(one) != "labour/calendar" for one in stated):
        return None
    if any(price.per() != "h" or price.currency != currency for price in prices):
        return None
    factors = [1.0, *(step.factor for step in vendor.season), *(row.season for row in rows if row.season is not None)]
    there = [by_period(c.periods, one, vendor.working_days) for one in stated]
    hours_of = [max(amounts) for amounts in zip(*there, strict=True)]
    most = max(hours / weeks for hours, weeks in zip(hours_of, c.periods.weeks_each(), strict=True))
    hours = max(hours_of) if window == "period" else sum(hours_of)
    hours = min(hours, most * LONGEST[window]) if window in LONGEST else hours
    return float(hours * max(price.number for price in prices) * max(factors))


def _orders(c: Context, where: Path_, name: str, contract: Contract) -> Iterator[Problem]:
    nouns = {c.item(product) for product in c.file.products.values()}
    for key, amount in (("minimum-order", contract.minimum_order), ("order-multiple", contract.order_multiple)):
        if amount is None:
            continue
        if amount.of() not in (*nouns, "item"):
            counted = ", ".join(sorted(c.units.plural(noun) for noun in nouns if noun))
            message = f"'{amount.text}' counts {c.units.plural(amount.of())}, the products count {counted}"
            yield c.problem((*where, key), message, f"write `{exactly(amount.text, 'items')}`")
        elif amount.of() != "item" and nouns != {amount.of()}:
            message = f"'{amount.text}' counts one kind of item, and the vendor may make others too"
            yield c.problem((*where, key), message, f"write `{exactly(amount.text, 'items')}`")
        if amount.number <= 0:
            yield c.problem((*where, key), f"{key} is not above zero ('{amount.text}')", "leave it out")
        yield from _orderable(c, (*where, key), name, amount)


def _orderable(c: Context, path: Path_, vendor: str, amount: Quantity) -> Iterator[Problem]:
    """Some product the vendor can make is wanted in such numbers; of others it makes nothing, which may be meant."""
    if {"products", "rates"} & c.faulty:
        return
    able = [product for name, product in c.file.products.items() if vendor in makers(c, name)]
    most = [product.demand.exactly or product.demand.at_most for product in able]
    if able and all(one is not None and one.number < amount.number for one in most):
        largest = max((one for one in most if one is not None), key=lambda one: one.number)
        message = f"{vendor} takes no order below {amount.text}, and no product it makes is wanted above {largest.text}"
        yield c.problem(path, message, "lower it, raise the demand, or leave the vendor out")


def _pair_orders(c: Context) -> Iterator[Problem]:
    """A minimum order that the rate card states for a pair is no more than the product is wanted for."""
    for position, rate in enumerate(c.file.rates):
        product = c.file.products.get(rate.product)
        most = (product.demand.exactly or product.demand.at_most) if product is not None else None
        if rate.minimum_order is not None and most is not None and rate.minimum_order.number > most.number:
            message = f"the minimum order is {rate.minimum_order.text}, and {rate.product} is wanted for {most.text}"
            yield c.problem(
                ("rates", position, "minimum-order"), message, "lower it, raise the demand, or drop the rate"
            )


def _priced_by(c: Context, vendor: str, tiers: Tiers, product: str) -> bool:
    """Whether tiers price a product: they may name it, and a rate leaves its price to them."""
    if tiers.products is not None and product not in tiers.products:
        return False
    blank = [rate for _, rate in c.rate_card.of_pair(product, vendor) if rate.price is None]
    return bool(blank) or not c.file.rates


def _group_limits(c: Context) -> Iterator[Problem]:
    """A budget limit on some products can only count tiers that are for nothing else."""
    for position, limit in enumerate(c.file.budget.limits):
        if limit.products is None:
            continue
        for name, vendor in c.file.vendors.items():
            for tiers in vendor.contract.tiers:
                together = {product for product in c.file.products if _priced_by(c, name, tiers, product)}
                if tiers.over != "product" and together & set(limit.products) and not together <= set(limit.products):
                    there = line_of(c, ("vendors", name, "contract", "tiers"))
                    message = (
                        f"the limit '{limit.name}' cuts through tiers of {name}{there} that count other products too"
                    )
                    fix = "name all products of the tiers, or count them with `over: product`"
                    yield c.problem(("budget", "limits", position), message, fix)
