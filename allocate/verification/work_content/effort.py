"""Standard time of an item, its equivalent units, and what is counted in it, from the case and its cost model."""

from __future__ import annotations

import math

from allocate.case.load import Case
from allocate.case.schema import Product


def item_of(case: Case, product: Product) -> str:
    """The noun of what a product orders."""
    return product.item or case.model.tasks[str(product.task)].item


def count_of(case: Case, product: Product, noun: str) -> float:
    """How many of a noun one item has: one of itself, else the product's own count, else its task's; 0 where it has none."""
    if noun in ("item", item_of(case, product)):
        return 1.0
    counts = {} if product.task is None else dict(case.model.tasks[product.task].default_drivers)
    counts |= product.drivers
    return float(counts[noun].number) if noun in counts else 0.0


def standard_hours(case: Case, product: Product) -> float:
    """Hours of one pass over an item at the standard pace."""
    task = case.model.tasks[product.task] if product.task is not None else None
    hours = 0.0
    if product.effort is not None:
        hours = product.effort.number
    elif task is not None:
        hours = task.base.number + sum(
            time.number * count_of(case, product, driver) for driver, time in task.drivers.items()
        )
    return float(hours * math.prod(product.complexity.values()))


def reference_hours(case: Case) -> float:
    """Standard time of the reference unit, one equivalent unit, h."""
    task = case.model.tasks[case.model.reference]
    counts = {**task.default_drivers, **case.model.reference_drivers}
    return float(task.base.number + sum(time.number * counts[driver].number for driver, time in task.drivers.items()))
