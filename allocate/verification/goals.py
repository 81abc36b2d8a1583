"""What a plan reaches of goals that are no money, recomputed from the case and the plan's lines."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from allocate.exact import floats
from allocate.tolerances import AT_WORK
from allocate.verification.work import Work


def further(work: Work, penalty: float) -> Iterator[tuple[str, float]]:
    """Each goal beside money that the case names: item periods there, wrong items, the last period, EU changed.

    penalty: of limits missed and rules broken that is not spent, which weighs on the first two.
    """
    asked, items = work.case.file.objective, floats(work.items)
    delivered = work.period + work.lead + 1
    if "delivery" in asked:
        yield "delivery", float((items * (work.case.periods.count + 1 - delivered)).sum()) - penalty
    if "accuracy" in asked:
        yield "accuracy", float((items * (1.0 - work.each("accuracy"))).sum()) + penalty
    if "finish" in asked:
        yield "finish", float(delivered[items > AT_WORK].max(initial=0))
    if "change" in asked:
        yield "change", _changed(work)


def _changed(work: Work) -> float:
    """Work of lines that are more, or fewer, than in the earlier plan of the case, EU; of planned periods."""
    stated, case = work.stated, work.case
    workflows, numbers = list(case.workflows), {name: number for number, name in enumerate(case.file.levers)}
    now: dict[tuple[object, ...], float] = {}
    for (item, period, _), items in zip(work.lines, floats(work.items).tolist(), strict=True):
        if period >= case.planned_from:
            names = stated.products[item.product], stated.vendors[item.vendor], workflows[item.workflow]
            key = (*names, period, frozenset(item.levers))
            now[key] = now.get(key, 0.0) + items
    for before in case.earlier:
        if before.period > case.planned_from:
            levers = frozenset(numbers.get(name, -1) for name in before.levers)
            key = (before.product, before.vendor, before.workflow, before.period - 1, levers)
            now[key] = now.get(key, 0.0) - before.items
    units = {stated.products[item.product]: item.equivalent_units for item in stated.every_item()}
    return float(np.sum([abs(items) * units.get(str(key[0]), 0.0) for key, items in now.items()]))
