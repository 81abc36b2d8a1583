"""What a plan's labels are worth by the low and the high learning curves, and how much of it rests on labels nobody measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from allocate.costing.value.curves import LimitedCurve
from allocate.costing.value.values import ProductValue


@dataclass(frozen=True)
class ValueRange:
    """Money of a plan's labels with the plan held, by the P10, P50 and P90 of its learning curves."""

    low: float
    middle: float
    high: float
    beyond: float
    """Part of the value counted, by the curve the plan was made with, for labels beyond the most measured."""

    @property
    def is_known(self) -> bool:
        """Whether the curves say how far they may be wrong."""
        return not np.isnan(self.low)


def value_range(value: ProductValue, labels: float) -> ValueRange:
    """The range of a product's value when so many effective labels are added.

    A gate is earned where the score of that curve reaches it. Points used as they are, and labels within them, have no range;
    a curve written as a formula, or through points above its ceiling, has none that could be known: nan.
    """
    counted, added = value.money(labels), max(labels, 0.0)
    beyond = 0.0
    if isinstance(value.curve, LimitedCurve):
        within = max(min(value.curve.measured - value.existing, added), 0.0)
        beyond = counted - value.money(within)
    fan = value.fan
    if fan is None:
        known = value.spec is not None and value.spec.fit == "table" and value.spec.points is not None
        low = counted if known else float("nan")
        return ValueRange(low, counted, low, beyond)
    end = value.existing + added
    if value.spec is not None and value.spec.fit == "fan" and isinstance(value.curve, LimitedCurve):
        end = min(end, value.curve.last)
    gains = fan.gains(value.existing, max(end, value.existing))
    scores = fan.scores(end)[:, 0].tolist()
    low, middle, high = (
        value.worth * gain + sum(gate.worth for gate in value.gates if not gate.passed_before and score >= gate.score)
        for gain, score in zip(gains, scores, strict=True)
    )
    return ValueRange(low, middle, high, beyond)


def value_ranges(values: Mapping[int, ProductValue], labels: Mapping[int, float]) -> dict[int, ValueRange]:
    """The range of every product that has a value curve, by its position; labels: effective labels added, by position."""
    return {product: value_range(value, labels[product]) for product, value in values.items()}


def together(ranges: Mapping[int, ValueRange]) -> ValueRange:
    """The range of several products' value, their curves taken as wrong independently: root sum of squares of the distances.

    That range holds the truth less often than each product's own where curves are wrong together; nan where one has no range.
    """
    every = list(ranges.values())
    middle = sum(each.middle for each in every)
    down = float(np.sqrt(sum((each.middle - each.low) ** 2 for each in every)))
    up = float(np.sqrt(sum((each.high - each.middle) ** 2 for each in every)))
    return ValueRange(middle - down, middle, middle + up, sum(each.beyond for each in every))
