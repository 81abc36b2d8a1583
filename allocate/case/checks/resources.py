"""Checks of what vendors share: who shares it, and in what it counts."""

from __future__ import annotations

from collections.abc import Iterator

from allocate.case.context import Context
from allocate.case.mix import named
from allocate.errors import Problem
from allocate.units import kind_of


def resources(c: Context) -> Iterator[Problem]:
    """Resources name vendors of the case and count what some product has; hours of vendors that learn cannot be shared."""
    known = {c.item(product) for product in c.file.products.values()} - {None}
    known |= {driver for product in c.file.products.values() for driver in c.drivers(product)}
    for name, resource in c.file.resources.items():
        where = ("resources", name)
        yield from c.unknown((*where, "vendors"), resource.vendors or (), "vendors", "vendor")
        yield from named(c, where, {"vendors": resource.vendors})
        amount, hours = resource.capacity, kind_of(resource.capacity) in ("labour", "labour/calendar")
        if not hours and amount.of() not in ("EU", "item", *known) and "products" not in c.faulty:
            fix = f"this case counts {', '.join(sorted(filter(None, known)))}, item, EU, h"
            yield c.problem((*where, "capacity"), f"no product counts '{amount.text}'", fix)
        learn = [
            one for one in resource.vendors or c.file.vendors if one in c.file.vendors and c.file.vendors[one].learning
        ]
        if hours and learn:
            message = f"{' and '.join(learn)} learn{'s' if len(learn) == 1 else ''}, so hours depend on all made before"
            yield c.problem((*where, "capacity"), message, "count what is made, as in `50 EU/week`")
