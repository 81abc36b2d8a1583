"""What a label of a measured source is worth, found once more from the case's points."""

from __future__ import annotations

import math

from allocate.case.schema import Product


def label_worth(product: Product, names: tuple[str, str, str]) -> float | None:
    """Labels of the product's own points that have the score of one label of the route's source; None where it was not measured,
    and one where each item is worth something by itself.

    names: product, vendor, workflow. Points of both the vendor and the workflow come before those of one of them; the mean is
    geometric, each point by its runs.
    """
    if product.value is not None and product.value.per_item:
        return 1.0
    if product.value is None or not product.value.curve.of_sources:
        return None
    curve, (_, vendor, workflow) = product.value.curve, names
    best = [
        (p.labels, curve.ceiling - (p.error or 0.0) if p.score is None else p.score) for p in curve.own if p.labels > 0
    ]
    for who, how in ((vendor, workflow), (vendor, None), (None, workflow)):
        mine = [p for p in curve.of_sources if (p.vendor, p.workflow) == (who, how)]
        if mine:
            logs = [
                (
                    p.runs or 1,
                    _log_labels(best, curve.ceiling - (p.error or 0.0) if p.score is None else p.score)
                    - math.log(p.labels),
                )
                for p in mine
            ]
            return math.exp(math.fsum(runs * log for runs, log in logs) / math.fsum(runs for runs, _ in logs))
    return None


def _log_labels(points: list[tuple[float, float]], score: float) -> float:
    """Logarithm of the fewest labels with a score, straight between points; a point below an earlier one counts for nothing."""
    before: tuple[float, float] | None = None
    for labels, reached in sorted(points):
        if before is not None and reached <= before[1]:
            before = (labels, before[1])
            continue
        if reached >= score:
            if before is None or reached == score:
                return math.log(labels)
            start = math.log(before[0])
            return start + (math.log(labels) - start) * (score - before[1]) / (reached - before[1])
        before = (labels, reached)
    return math.inf
