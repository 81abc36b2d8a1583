"""Measured points of a learning curve, and what they predict."""

from __future__ import annotations

from functools import lru_cache

from allocate.case.schema import Curve, CurvePoint
from allocate.costing.value.fan import Fan, fan

FAR_ENOUGH = 4.0
"""Times the most labels measured from which a plan says how far its value reaches, where a fan was fitted."""


def measured_points(spec: Curve) -> tuple[list[float], list[float]]:
    """Labels and scores of a curve's points, by labels."""
    points = _ordered(spec)
    return [float(point.labels) for point in points], [_score(spec, point) for point in points]


def fan_of(spec: Curve) -> Fan:
    """P10, P50 and P90 of what a curve's points predict.

    Raises ValueError for points that no fan goes through.
    """
    points = _ordered(spec)
    labels, scores = measured_points(spec)
    runs = tuple(float(point.runs or 1) for point in points)
    deviations = tuple(float("nan") if point.sd is None else float(point.sd) for point in points)
    return _fan(tuple(labels), tuple(scores), runs, deviations, float(spec.ceiling))


@lru_cache(maxsize=256)
def _fan(
    labels: tuple[float, ...],
    scores: tuple[float, ...],
    runs: tuple[float, ...],
    deviations: tuple[float, ...],
    ceiling: float,
) -> Fan:
    return fan(labels, scores, runs=runs, sd=deviations, ceiling=ceiling)


def _ordered(spec: Curve) -> list[CurvePoint]:
    return sorted(spec.own, key=lambda point: point.labels)


def _score(spec: Curve, point: CurvePoint) -> float:
    return float(point.score if point.score is not None else spec.ceiling - (point.error or 0.0))
