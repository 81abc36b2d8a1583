"""Checks of overhead pools: drivers that products count, capacities that count them."""

from __future__ import annotations

from collections.abc import Iterator

from allocate.case.context import Context
from allocate.case.document import Path_
from allocate.case.model_checks import activity_problems
from allocate.case.schema.activities import MEASURED
from allocate.errors import Problem


def activities(c: Context) -> Iterator[Problem]:
    """A driver is one that plans have or products count, and what products count is some pool's driver."""
    pools = {**c.model.activities, **c.file.activities}
    counted = {driver for product in c.file.products.values() for driver in product.activity_drivers}
    for name, pool in c.file.activities.items():
        where: Path_ = ("activities", name)
        if pool is None and name not in c.model.activities:
            fix = c.suggestions.of(name, c.model.activities, "pools")
            yield c.problem(where, f"the cost model has no overhead pool '{name}' that could be taken out", fix)
        elif pool is not None:
            yield from activity_problems(where, pool, c.document)
    for name, pool in pools.items():
        if pool is not None and pool.driver not in MEASURED and pool.driver not in counted:
            own = name in c.file.activities
            message = f"the pool '{name}' is allocated by {pool.driver}, and no product says how much of it it uses"
            fix = f"add `activity-drivers: {{{pool.driver}: 3}}` to products, or write one of {', '.join(MEASURED)}"
            yield c.problem(("activities", name, "driver") if own else ("model",), message, fix)
    used = {pool.driver for pool in pools.values() if pool is not None}
    for name, product in c.file.products.items():
        for driver, count in product.activity_drivers.items():
            where = ("products", name, "activity-drivers", driver)
            if driver not in used:
                fix = c.suggestions.of(driver, sorted(used - set(MEASURED)), "drivers")
                yield c.problem(where, f"no overhead pool is allocated by '{driver}'", fix)
            item = c.item(product)
            if item is not None and count.per() not in (None, "item", item):
                message = f"'{count.text}' is per {count.per()}, and {name} counts {c.units.plural(item)}"
                yield c.problem(where, message, f"write it in all, as in `125`, or per {item}")
