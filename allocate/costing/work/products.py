"""What a product orders: its item, the drivers in it, its standard time."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from allocate.case.load import Case
from allocate.case.schema import Product
from allocate.costing.work import effort
from allocate.errors import CaseError, Place
from allocate.exact import array_of
from allocate.numbers import Floats


def item_of(case: Case, product: Product) -> str:
    """The noun of what a product orders."""
    return product.item or case.model.tasks[product.task or ""].item


def per_item(case: Case, name: str, noun: str, what: str, place: Place | None = None) -> float:
    """How many of a countable noun one item of a product has: 1 of itself, else the count of a driver.

    Raises CaseError where the product has no such thing; `what` begins the message.
    """
    product = case.products[name]
    item = item_of(case, product)
    if noun in ("item", item):
        return 1.0
    if noun not in drivers_of(case, product):
        message = f"{what} is per {noun}, which {name} does not have"
        raise CaseError.of(message, place, f"write it per {item}", code="E-per")
    return driver_count(case, product, noun)


def counts(
    case: Case, product: NDArray[np.int32], noun: str, what: Callable[[int], str], place: Place | None = None
) -> Floats:
    """How many of a countable noun one item of each of some products (by position, shape (N,)) has, shape (N,).

    Raises CaseError where a product has no such thing; `what` of the row begins the message.
    """
    names, each = list(case.products), [0.0] * len(case.products)
    for row in np.sort(np.unique(product, return_index=True)[1]).tolist():
        each[product[row]] = per_item(case, names[product[row]], noun, what(row), place)
    found: Floats = array_of(each)[product]
    return found


def standard_times(case: Case) -> Floats:
    """Standard time of one item of each product, h, shape (P,): its own effort, or its task's time equation."""
    return np.array([_standard_time(case, product) for product in case.products.values()])


def _standard_time(case: Case, product: Product) -> float:
    task = case.model.tasks.get(product.task) if product.task else None
    factors = list(product.complexity.values())
    if product.effort is not None or task is None:
        base, times, counts = product.effort, [], []
    else:
        base = task.base
        times = [time.number for time in task.drivers.values()]
        counts = [driver_count(case, product, driver) for driver in task.drivers]
    seconds = effort.standard_time(
        base.number * 3600.0 if base else 0.0, np.array(times) * 3600.0, np.array(counts), np.prod(factors)
    )
    hours: float = seconds.item() / 3600.0
    return hours


def drivers_of(case: Case, product: Product) -> set[str]:
    """Drivers an item of the product has a count of: its own, and its task's defaults."""
    task = case.model.tasks.get(product.task) if product.task else None
    return {*product.drivers, *(task.default_drivers if task is not None else ())}


def driver_count(case: Case, product: Product, driver: str) -> float:
    """How many of a driver an item of the product has: the product's figure, else the task's default."""
    task = case.model.tasks.get(product.task) if product.task else None
    counts = {**(task.default_drivers if task is not None else {}), **product.drivers}
    count: float = counts[driver].number if driver in counts else 0.0
    return count


def reference_time(case: Case) -> float:
    """Standard time of the model's reference unit, h."""
    task = case.model.tasks[case.model.reference]
    counts = {**task.default_drivers, **case.model.reference_drivers}
    hours: float = task.base.number + sum(time.number * counts[driver].number for driver, time in task.drivers.items())
    return hours
