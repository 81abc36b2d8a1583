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


def value_range(one: ProductValue, labels: float) -> ValueRange:
    """The range of a product's value when so many effective labels are added.

    A gate is earned where the score of that curve reaches it. Points used as they are, and labels within them, have no range;
    a curve written as a formula has none that could be known: nan.
    """
    counted, added = one.money(labels), max(labels, 0.0)
    beyond = 0.0
    if isinstance(one.curve, LimitedCurve):
        within = max(min(one.curve.measured - one.existing, added), 0.0)
        beyond = counted - one.money(within)
    fan = one.fan
    if fan is None:
        known = one.spec is not None and one.spec.points is not None
        low = counted if known else float("nan")
        return ValueRange(low, counted, low, beyond)
    end = one.existing + added
    if one.spec is not None and one.spec.fit == "fan" and isinstance(one.curve, LimitedCurve):
        end = min(end, one.curve.last)
    gains = fan.gains(one.existing, max(end, one.existing))
    scores = fan.scores(end)[:, 0].tolist()
    low, middle, high = (
        one.worth * gain + sum(gate.worth for gate in one.gates if not gate.passed_before and score >= gate.score)
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
    middle = sum(one.middle for one in every)
    down = float(np.sqrt(sum((one.middle - one.low) ** 2 for one in every)))
    up = float(np.sqrt(sum((one.high - one.middle) ** 2 for one in every)))
    return ValueRange(middle - down, middle, middle + up, sum(one.beyond for one in every))
