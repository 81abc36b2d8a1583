"""Levers of a plan, recomputed from the case: what is bought together, and what is worked without."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from allocate.costing.terms.levers import levers
from allocate.tables.frames import table_of
from allocate.verification.found import Check, near
from allocate.verification.work import Work

if TYPE_CHECKING:
    from allocate.plan import Plan


def bought_together(work: Work) -> Iterator[Check]:
    """Levers that exclude one another, that need others, or on which the case has decided."""
    names = list(work.case.file.levers)
    for number, (name, one) in enumerate(work.case.file.levers.items()):
        have = number in work.bought
        for other in map(names.index, one.excludes):
            first, second = sorted((number, other))
            subject = f"levers {names[first]} and {names[second]}, which exclude one another"
            many = float(have) + float(other in work.bought)
            yield Check("lever_exclusion", (first, second), subject, "bought", many, 1.0, False)
        for other in map(names.index, one.needs):
            if have:
                subject, many = f"lever {names[other]}, which {name} needs", float(other in work.bought)
                yield Check("lever_needs", (number, other), subject, "bought", many, 1.0, True)
        if one.bought is not None:
            subject = f"lever {name}, which is decided"
            yield Check("lever_decided", (number,), subject, "bought", float(have), float(one.bought), one.bought)


def without(work: Work) -> Iterator[Check]:
    """Items made without a lever that applies always, from its start."""
    ways = work.routes
    for one in levers(work.case):
        if not one.always or one.number not in work.bought:
            continue
        closed = ways.without(one.number)[work.route] & (work.period >= one.first)
        for product, vendor in sorted(set(zip(work.product[closed], work.vendor[closed], strict=True))):
            mine = closed & (work.product == product) & (work.vendor == vendor)
            words = f"{ways.products[product]} with {ways.vendors[vendor]} without the lever {one.name}"
            key, noun = (one.number, int(product), int(vendor)), ways.items[product]
            yield Check("lever_always", key, words, noun, work.summed(work.items, mine), 0.0, False)


def wrong_levers(work: Work, plan: Plan) -> Iterator[str]:
    """Figures of the plan's levers that are not those of the case."""
    expected = {
        one.name: (one.first + 1.0, one.once, float(one.running.sum()), one.once + float(one.running.sum()))
        for one in levers(work.case)
    }
    bought = table_of(plan, "levers")
    names = bought["lever"].tolist()
    if len(set(names)) < len(names):
        yield "a lever is bought twice"
    for name, *given in bought.rows("lever", "from", "once", "running", "cost"):
        if name not in expected:
            yield f"there is no lever '{name}'"
        elif not near(np.array(given, np.float64), np.array(expected[name])).all():
            yield f"lever {name}: start and cost are {given}, the case says {list(expected[name])}"
