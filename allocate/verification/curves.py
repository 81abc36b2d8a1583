"""What labels add to a product's value: its curve, read from the case again, and the gates on it."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from allocate.case.load import Case
from allocate.case.schema import Curve as Terms
from allocate.case.schema import Product, WorthStep
from allocate.tolerances import GATE_REACHED
from allocate.verification import fan
from allocate.verification.exchange import worth
from allocate.verification.fits import fitted
from allocate.verification.spliced import Law, spliced


@dataclass(frozen=True)
class Smooth:
    """A curve by a formula: score = level + height * rise(labels), flat after the last labels it is used for."""

    level: float
    height: float
    rise: Callable[[float], float]
    gained: Callable[[float, float], float]
    """Rise from some labels on by so many more, exact for few of many."""
    steep: Callable[[float], float]
    """Slope of the rise."""
    back: Callable[[float], float]
    """Labels at which it has risen so far; infinite where it never does."""
    last: float = math.inf

    def score(self, labels: float) -> float:
        """Score at so many labels."""
        return self.level + self.height * self.rise(min(labels, self.last))

    def gain(self, existing: float, extra: float) -> float:
        """Score that further labels add."""
        start = min(existing, self.last)
        return self.height * self.gained(start, min(extra, self.last - start))

    def slope(self, labels: float) -> float:
        """Score of one label more."""
        return self.height * self.steep(labels) if labels < self.last else 0.0

    def labels_at(self, score: float) -> float:
        """Fewest labels with a score; infinite where it is never reached."""
        labels = self.back((score - self.level) / self.height)
        return labels if labels <= self.last else math.inf


@dataclass(frozen=True)
class Points:
    """Measured points, straight lines between them, flat after the last."""

    labels: tuple[float, ...]
    scores: tuple[float, ...]

    def score(self, labels: float) -> float:
        """Score at so many labels."""
        at = bisect_right(self.labels, labels) - 1
        if at + 1 >= len(self.labels):
            return self.scores[-1]
        return self.scores[at] + (labels - self.labels[at]) * self.slope(labels)

    def gain(self, existing: float, extra: float) -> float:
        """Score that further labels add."""
        return self.score(existing + extra) - self.score(existing)

    def slope(self, labels: float) -> float:
        """Score of one label more."""
        at = bisect_right(self.labels, labels) - 1
        if at + 1 >= len(self.labels):
            return 0.0
        return (self.scores[at + 1] - self.scores[at]) / (self.labels[at + 1] - self.labels[at])

    def labels_at(self, score: float) -> float:
        """Fewest labels with a score; infinite where it is never reached."""
        for at, reached in enumerate(self.scores):
            if reached >= score:
                slope = self.slope(self.labels[at - 1])
                return self.labels[0] if at == 0 else self.labels[at - 1] + (score - self.scores[at - 1]) / slope
        return math.inf


Curve = Smooth | Points


@dataclass(frozen=True)
class ValueOf:
    """What effective labels add to one product; money in the case's currency."""

    curve: Curve
    existing: float
    worth: float
    """Of a score point."""
    gates: tuple[tuple[float, float], ...]
    """Labels to add until each is reached, and what it pays then."""
    per_item: bool = False
    """Whether its points are items, or money of them, and no scores."""

    def money(self, labels: float) -> float:
        """Value of so many effective labels."""
        added = max(labels, 0.0)
        points = self.worth * self.curve.gain(self.existing, added) if self.worth else 0.0
        return points + sum(pays for need, pays in self.gates if added >= need * (1.0 - GATE_REACHED))

    def labels_for(self, score: float) -> float:
        """Labels to add until the curve has a score."""
        if score <= self.curve.score(self.existing):
            return 0.0
        return self.curve.labels_at(score) - self.existing


def value_of(case: Case, product: Product, due: int) -> ValueOf:
    """What labels add to a product; due: position of the period its time ends in, at whose exchange rate it counts."""
    asked = product.value
    assert asked is not None
    existing = asked.existing.number if asked.existing is not None else 0.0
    if asked.per_item:
        return ValueOf(_by_items(asked.steps), existing, worth(case, asked.worth, due), (), True)
    value = ValueOf(curve_of(asked.curve, existing), existing, worth(case, asked.worth, due), ())
    gates = []
    for gate in asked.gates:
        need = value.labels_for(gate.score_at_least.number)
        if 0.0 < need < math.inf:
            gates.append((_at_a_point(value, need), worth(case, gate.worth, due)))
    return ValueOf(value.curve, existing, value.worth, tuple(gates), asked.per_item)


def _by_items(steps: Sequence[WorthStep]) -> Smooth:
    """Money of so many items by their steps; each item once where there are none."""
    ends = [math.inf if step.up_to is None else step.up_to.number for step in steps] or [math.inf]
    each = [step.worth.number for step in steps] or [1.0]
    starts = [0.0, *ends[:-1]]

    def earned(items: float) -> float:
        pairs = zip(starts, ends, each, strict=True)
        return math.fsum((min(items, end) - start) * worth for start, end, worth in pairs if items > start)

    def more(start: float, extra: float) -> float:
        return earned(start + extra) - earned(start)

    def steep(items: float) -> float:
        return next((worth for end, worth in zip(ends, each, strict=True) if items < end), 0.0)

    return Smooth(0.0, 1.0, earned, more, steep, lambda risen: math.inf)


def _at_a_point(value: ValueOf, need: float) -> float:
    """A gate at a point of a table is at that point, whatever rounding says."""
    if isinstance(value.curve, Points):
        for labels in value.curve.labels:
            if math.isclose(labels - value.existing, need, rel_tol=1e-9):
                return labels - value.existing
    return need


def curve_of(terms: Terms, existing: float = 0.0) -> Curve:
    """The curve a case writes: a formula, its points as they are, or what is fitted to them."""
    if terms.power_law is not None:
        law = terms.power_law
        return power_law(law.a, law.b, terms.ceiling - law.c)
    if terms.fit == "fan":
        every = tuple(
            (
                float(p.labels),
                p.score if p.score is not None else terms.ceiling - (p.error or 0.0),
                float(p.runs or 1),
                p.sd,
            )
            for p in terms.own
        )
        measured = max(labels for labels, *_ in every)
        last = (fan.REACH if terms.extrapolate is None else terms.extrapolate) * measured
        level, height, rate = fan.curve_at(every, terms.ceiling, 0.5)
        if terms.quantile is None or terms.quantile == 0.5:
            return power_law(height, rate, level, last)
        other = Law(*fan.curve_at(every, terms.ceiling, terms.quantile))
        one = spliced(Law(level, height, rate), other, measured, max(existing, 1.0))
        return Smooth(0.0, 1.0, one.score, one.gained, one.slope, one.back, last)
    points = sorted(
        (float(p.labels), p.score if p.score is not None else terms.ceiling - (p.error or 0.0)) for p in terms.own
    )
    labels, scores = tuple(n for n, _ in points), tuple(score for _, score in points)
    if terms.fit == "table":
        return Points(labels, scores)
    family, level, height, rate = fitted(terms.fit, labels, scores, terms.ceiling)
    last = math.inf if terms.extrapolate is None else terms.extrapolate * labels[-1]
    if family.startswith("power-law"):
        return power_law(height, rate, level, last)
    curve = SHAPES[family](level, height, rate)
    return _until(curve, max(min(last, curve.labels_at(terms.ceiling)), labels[-1]))


def power_law(coefficient: float, exponent: float, level: float, last: float = math.inf) -> Smooth:
    """level - coefficient * labels^-exponent."""
    return Smooth(
        level,
        coefficient,
        lambda n: -(n**-exponent),
        lambda n, more: -(n**-exponent) * math.expm1(-exponent * math.log1p(more / n)),
        lambda n: exponent * n ** (-exponent - 1.0),
        lambda risen: max(1.0, (-risen) ** (-1.0 / exponent)) if risen < 0.0 else math.inf,
        last,
    )


def _exponential(level: float, height: float, rate: float) -> Smooth:
    return Smooth(
        level,
        height,
        lambda n: -math.exp(-rate * n),
        lambda n, more: -math.exp(-rate * n) * math.expm1(-rate * more),
        lambda n: rate * math.exp(-rate * n),
        lambda risen: max(0.0, -math.log(-risen) / rate) if risen < 0.0 else math.inf,
    )


def _logarithmic(level: float, height: float, rate: float) -> Smooth:
    return Smooth(
        level,
        height,
        lambda n: math.log(rate * n),
        lambda n, more: math.log1p(more / n),
        lambda n: 1.0 / n,
        lambda risen: max(1.0, math.exp(risen) / rate),
    )


def _arctan(level: float, height: float, rate: float) -> Smooth:
    part = 2.0 / math.pi
    return Smooth(
        level,
        height,
        lambda n: part * math.atan(rate * n),
        lambda n, more: part * math.atan(rate * more / (1.0 + rate * n * rate * (n + more))),
        lambda n: part * rate / (1.0 + (rate * n) ** 2),
        lambda risen: max(0.0, math.tan(risen / part) / rate) if risen < 1.0 else math.inf,
    )


SHAPES = {"exponential": _exponential, "logarithmic": _logarithmic, "arctan": _arctan}


def _until(curve: Smooth, last: float) -> Smooth:
    return Smooth(curve.level, curve.height, curve.rise, curve.gained, curve.steep, curve.back, last)
