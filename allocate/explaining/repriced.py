"""A case with all prices of one vendor times a factor."""

from __future__ import annotations

from dataclasses import replace

from allocate.case.clauses.volume_discount import DiscountStep
from allocate.case.load import Case
from allocate.case.schema import Vendor
from allocate.units import Quantity


def with_prices(case: Case, vendor: int, factor: float) -> Case:
    """The case with all prices of a vendor times a factor."""
    name = list(case.vendors)[vendor]
    vendors = {**case.vendors, name: _dearer(case.vendors[name], factor)}
    rates = tuple(
        rate.model_copy(update={"price": _times(rate.price, factor), "plus": _each(rate.plus, factor)})
        if rate.vendor == name
        else rate
        for rate in case.file.rates
    )
    return replace(case, file=case.file.model_copy(update={"vendors": vendors, "rates": rates}))


def _dearer(vendor: Vendor, factor: float) -> Vendor:
    contract = vendor.contract
    tiers = tuple(
        one.model_copy(
            update={
                "steps": tuple(
                    step.model_copy(update={"price": _times(step.price, factor), "up_to": _end(step.up_to, factor)})
                    for step in one.steps
                )
            }
        )
        for one in contract.tiers
    )
    discounts = tuple(
        one.model_copy(update={"steps": tuple(_discounted(step, factor) for step in one.steps)})
        for one in contract.volume_discount
    )
    prices = {"price": _times(contract.price, factor), "plus": _each(contract.plus, factor)}
    changed = contract.model_copy(update={**prices, "tiers": tiers, "volume_discount": discounts})
    return vendor.model_copy(update={"contract": changed})


def _discounted(step: DiscountStep, factor: float) -> DiscountStep:
    """A step whose own prices move; what is taken off, and where it begins, stay as they are written."""
    if step.prices is None:
        return step
    prices = {name: price.times(factor) for name, price in step.prices.items()}
    return step.model_copy(update={"prices": prices})


def _each(parts: tuple[Quantity, ...], factor: float) -> tuple[Quantity, ...]:
    return tuple(part.times(factor) for part in parts)


def _times(price: Quantity | None, factor: float) -> Quantity | None:
    return None if price is None else price.times(factor)


def _end(end: Quantity | None, factor: float) -> Quantity | None:
    """Where a step ends: at the same quantity, so an end in money moves with the prices."""
    return _times(end, factor) if end is not None and end.currency is not None else end
