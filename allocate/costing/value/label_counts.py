"""What a label of a vendor or workflow counts for, where a learning curve has points measured on that source's labels."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from allocate.case.load import Case
from allocate.case.schema import Curve, CurvePoint
from allocate.costing.readings import read_once
from allocate.costing.value.measured import measured_points
from allocate.errors import CaseError, Problem
from allocate.numbers import Floats, Integers

APART = 2.0
"""Most that the counts of a source's points may differ by, as a factor, and still be one count."""

Source = tuple[str | None, str | None]
"""Vendor and workflow; None for any."""


@dataclass(frozen=True)
class LabelCount:
    """Labels of the product's own curve that one label of a source counts for."""

    count: float
    """Mean of its points in logarithms, each by its runs."""
    least: float
    most: float
    """The least and the most of any of its points: how far the count may be wrong."""
    points: int

    @property
    def words(self) -> str:
        """The count and how far its points lie apart."""
        if self.points == 1:
            return f"{self.count:.3g} (from 1 point)"
        return f"{self.count:.3g} ({self.least:.3g} to {self.most:.3g} at its {self.points} points)"


def label_counts(curve: Curve) -> dict[Source, LabelCount]:
    r"""The count of every source that a curve has points of.

    A point of a source with n labels and a score y is worth the :math:`m` labels at which the product's own points have that
    score, straight lines in the logarithm of the labels between them, and

    .. math:: \kappa = \exp \frac{\sum_i \rho_i \ln (m_i / n_i)}{\sum_i \rho_i}

    with :math:`\rho` runs. One count for all labels makes the value a function of a sum, :math:`\sum_r \kappa_r x_r`, so the program
    stays linear; the curves of two sources are then one curve moved along the logarithm of the labels.

    Raises ValueError where they are not: counts that differ by more than `APART`, or a score no point of the product's own reaches.
    """
    by_source: dict[Source, list[CurvePoint]] = {}
    for point in curve.of_sources:
        by_source.setdefault((point.vendor, point.workflow), []).append(point)
    return {source: _count(curve, source, points) for source, points in by_source.items()}


def _count(curve: Curve, source: Source, points: list[CurvePoint]) -> LabelCount:
    own = [(n, score) for n, score in zip(*measured_points(curve), strict=True) if n > 0]
    labels = [n for n, _ in own]
    rising = np.maximum.accumulate([score for _, score in own])
    ratios, runs = [], []
    for point in points:
        score = float(point.score if point.score is not None else curve.ceiling - (point.error or 0.0))
        if not rising[0] <= score <= rising[-1] or point.labels <= 0:
            raise ValueError(
                f"{point.labels:,.0f} labels of {_named(source)} have a score of {score:g}, and the product's own points go from "
                f"{rising[0]:g} to {rising[-1]:g}"
            )
        at = int(np.searchsorted(rising, score))
        same = labels[at]
        if rising[at] > score:
            part = (score - rising[at - 1]) / (rising[at] - rising[at - 1])
            same = labels[at - 1] * (labels[at] / labels[at - 1]) ** part
        ratios.append(same / float(point.labels))
        runs.append(float(point.runs or 1))
    least, most = min(ratios), max(ratios)
    if most > APART * least:
        raise ValueError(
            f"labels of {_named(source)} count for {least:.3g} to {most:.3g} of the product's own, and no one count holds for all "
            "of them: its curve has another shape"
        )
    mean = math.exp(sum(r * math.log(ratio) for r, ratio in zip(runs, ratios, strict=True)) / sum(runs))
    return LabelCount(mean, least, most, len(points))


def _named(source: Source) -> str:
    return " by ".join(name for name in source if name is not None)


@read_once
def counts_of(case: Case) -> Mapping[str, Mapping[Source, LabelCount]]:
    """The counts of every product that has any, by its name.

    Raises CaseError for sources whose labels have no one count.
    """
    found: dict[str, Mapping[Source, LabelCount]] = {}
    problems = []
    for name, product in case.products.items():
        curve = product.value.curve if product.value is not None else None
        if curve is None or not curve.of_sources:
            continue
        try:
            found[name] = label_counts(curve)
        except ValueError as error:
            place = case.place("products", name, "value", "curve", "points")
            fix = "measure it near the labels that will be bought, or leave its points out"
            problems.append(Problem(f"products.{name}.value: {error}", place, fix, code="E-source"))
    if problems:
        raise CaseError(problems)
    return found


def count_of(case: Case, product: str, vendor: str, workflow: str) -> LabelCount | None:
    """What a label of a route counts for as measured; the points of its vendor and workflow before those of one of them."""
    found = counts_of(case).get(product, {})
    for source in ((vendor, workflow), (vendor, None), (None, workflow)):
        if source in found:
            return found[source]
    return None


def with_counts(case: Case, workflow: str, products: Integers, vendors: Integers, weights: Floats) -> Floats:
    """Effective labels of routes of a workflow, those of measured sources by their counts; all shape (N,)."""
    if not counts_of(case):
        return weights
    names, makers = list(case.products), list(case.vendors)
    pairs = zip(products.tolist(), vendors.tolist(), strict=True)
    found = [count_of(case, names[product], makers[vendor], workflow) for product, vendor in pairs]
    measured = np.array([one is not None for one in found], dtype=bool)
    weights = weights.copy()
    weights[measured] = [one.count for one in found if one is not None]
    return weights


def count_notes(case: Case, product: str) -> Iterator[str]:
    """What labels of each measured source of a product count for, in words."""
    for source, one in counts_of(case).get(product, {}).items():
        yield (
            f"a label of {product} from {_named(source)} counts for {one.words} labels of its own curve, as measured, whatever its "
            "accuracy"
        )
