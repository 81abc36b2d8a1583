"""Checks of contracts: tiers that fit what they price, commitments that can be used up, clauses that do not clash."""

from __future__ import annotations

from collections.abc import Iterator

from allocate.case.checks.context import Context, exactly
from allocate.case.checks.rates import basis
from allocate.case.document import Path_
from allocate.case.schema import Contract, Tiers, Vendor
from allocate.errors import Problem
from allocate.units import Quantity, kind_of


def contracts(c: Context) -> Iterator[Problem]:
    """Every clause of every contract fits its vendor, its products and the clauses beside it."""
    for name, vendor in c.file.vendors.items():
        where: Path_ = ("vendors", name, "contract")
        for position, tiers in enumerate(vendor.contract.tiers):
            path = (*where, "tiers", position) if len(vendor.contract.tiers) > 1 else (*where, "tiers")
            yield from _tiers(c, path, name, tiers)
        yield from _commitment(c, where, name, vendor)
        yield from _orders(c, where, vendor.contract)
    yield from _group_limits(c)


def _tiers(c: Context, path: Path_, vendor: str, tiers: Tiers) -> Iterator[Problem]:
    yield from c.unknown((*path, "products"), tiers.products or (), "products", "product")
    price = tiers.steps[0].price
    for position, step in enumerate(tiers.steps):
        end = step.up_to
        if end is None:
            continue
        money = kind_of(end) == "money"
        if money and tiers.kind == "all-unit":
            message = "an all-unit step ends at a quantity, not at money"
            yield c.problem((*path, "steps", position, "up-to"), message, "write how many units it ends at")
        elif money and (end.currency != price.currency or price.number <= 0):
            message = f"'{end.text}' is not money of the price '{price.text}'"
            yield c.problem((*path, "steps", position, "up-to"), message, f"write it in {price.currency}")
        elif not money and end.of() != price.per():
            message = f"the step ends at '{end.text}', its price counts {c.units.plural(price.per())}"
            fix = f"write `{exactly(end.text, c.units.plural(price.per()))}`"
            yield c.problem((*path, "steps", position, "up-to"), message, fix)
    if "products" in c.faulty or "rates" in c.faulty:
        return
    rated = {rate.product for rate in c.file.rates if rate.vendor == vendor and rate.price is None}
    for name, product in c.file.products.items():
        named = tiers.products is not None and name in tiers.products
        if named and c.file.rates and name not in rated:
            message = f"the tiers price {name}, and no rate of {vendor} leaves its price to them"
            yield c.problem((*path, "products"), message, f"add a rate of {name} with {vendor}, its price left blank")
        if named or (tiers.products is None and (not c.file.rates or name in rated)):
            yield from basis(c, (*path, "steps", 0, "price"), price, name, product)


def _commitment(c: Context, where: Path_, name: str, vendor: Vendor) -> Iterator[Problem]:
    commitment = vendor.contract.commitment
    if commitment is None:
        return
    path = (*where, "commitment")
    for tiers in vendor.contract.tiers:
        if commitment.window not in ("horizon", tiers.window):
            message = f"the commitment counts by {commitment.window}, the tiers by {tiers.window}"
            yield c.problem(path, message, f"write `window: {tiers.window}` for both, or `window: horizon` here")
    most = _most_money(c, vendor, vendor.contract.price)
    price = vendor.contract.price
    same = price is not None and commitment.at_least.currency == price.currency
    if most is not None and same and commitment.window == "horizon" and commitment.at_least.number > most:
        message = f"{name} is promised {commitment.at_least.text}, and all its hours come to {most:,.0f}"
        yield c.problem((*path, "at-least"), message, "lower the commitment, or raise the capacity")
    ceiling = vendor.contract.ceiling
    if ceiling is None or ceiling.currency != commitment.at_least.currency or commitment.window != "horizon":
        return
    if ceiling.number < commitment.at_least.number:
        message = f"the commitment ({commitment.at_least.text}) is above the ceiling ({ceiling.text})"
        yield c.problem((*path, "at-least"), message, "lower it, or raise the ceiling")


def _most_money(c: Context, vendor: Vendor, price: Quantity | None) -> float | None:
    """What all a vendor's hours of the horizon cost at its hourly price; None where that is not how it is paid."""
    if price is None or price.per() != "h" or vendor.capacity is None or kind_of(vendor.capacity) != "labour/calendar":
        return None
    if vendor.capacity_steps or any(rate.price is not None for rate in c.file.rates):
        return None
    return float(vendor.capacity.number * sum(c.periods.weeks_each()) * price.number)


def _orders(c: Context, where: Path_, contract: Contract) -> Iterator[Problem]:
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


def _group_limits(c: Context) -> Iterator[Problem]:
    """A budget limit on some products can only count tiers that are for nothing else."""
    for position, limit in enumerate(c.file.budget.limits):
        if limit.products is None:
            continue
        for name, vendor in c.file.vendors.items():
            for tiers in vendor.contract.tiers:
                together = set(tiers.products or c.file.products)
                if tiers.over != "product" and together & set(limit.products) and not together <= set(limit.products):
                    message = f"the limit '{limit.name}' cuts through tiers of {name} that count other products too"
                    fix = "name all products of the tiers, or count them with `over: product`"
                    yield c.problem(("budget", "limits", position), message, fix)
