"""New points of learning curves: what models trained since scored, beside what the case predicted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from allocate.actuals.estimators import Z90, Estimate
from allocate.actuals.stated import Measured
from allocate.case.load import Case, revised
from allocate.case.names import suggestion
from allocate.case.paths import dotted
from allocate.case.schema import Curve, CurvePoint
from allocate.case.tables import Expected, read_table
from allocate.costing.value.measured import fan_of
from allocate.costing.value.values import curve_of
from allocate.errors import CaseError, Place, Problem

COLUMNS = ("product", "labels", "score", "error", "runs", "sd", "source")


@dataclass(frozen=True)
class Scores:
    """Points by product, each as a case writes it."""

    shown: str
    points: dict[str, tuple[dict[str, Any], ...]]


def read_scores(case: Case, path: Path) -> Scores:
    """A table (CSV or workbook) of new points: product, labels, score or error, and as far as known runs, sd, source.

    Raises CaseError with every problem: products without a curve of points, rows that a curve cannot take.
    """
    table = read_table(path.resolve().parent, path.name, None, Expected(frozenset(COLUMNS)))
    problems = list(table.problems)
    found: dict[str, list[dict[str, Any]]] = {}
    for number, row in enumerate(table.document.data["rows"]):
        place = table.document.place(("rows", number), of_key=True)
        product = str(row.get("product", ""))
        if product not in case.products:
            fix = suggestion(product, case.products) or f"the case's products are {', '.join(case.products)}"
            problems.append(Problem(f"the case has no product '{product}'", place, fix))
        elif _points_path(case, product) is None:
            fix = "write its curve as points, as in `curve: {points: curve.csv, fit: fan}`"
            problems.append(Problem(f"{product} has no curve of measured points", place, fix))
        else:
            found.setdefault(product, []).append({key: text for key, text in row.items() if key != "product"})
    if problems:
        raise CaseError(problems)
    if not found:
        raise CaseError.of(f"{path.name} holds no scores", Place(path.name), f"its columns are {', '.join(COLUMNS)}")
    return Scores(path.name, {product: tuple(rows) for product, rows in found.items()})


def measured_scores(case: Case, scores: Scores, notes: list[str]) -> Iterator[Measured]:
    """Each new score, with what the case's curve predicted; the overlay holds the curve with all points, old and new."""
    for product, rows in scores.points.items():
        path = _points_path(case, product)
        assert path is not None
        before = case.products[product].value
        assert before is not None
        stood = [dict(row) for row in _list(case, path)]
        after = revised(case, {dotted(*path): [*stood, *rows]})
        spec = after.products[product].value
        assert spec is not None
        new = spec.curve.own[len(before.curve.own) :]
        yield from _points(product, before.curve, new, scores.shown)
        yield Measured(
            f"curve of {product}", dotted(*path), "points", _last(spec.curve), f"{len(stood)} points before, {len(rows)} new",
            scores.shown, listed=(*stood, *rows),
        )  # fmt: skip
        notes.append(_moved(product, before.curve, spec.curve))


def _points(product: str, curve: Curve, new: tuple[CurvePoint, ...], shown: str) -> Iterator[Measured]:
    for point in new:
        score = float(point.score if point.score is not None else curve.ceiling - (point.error or 0.0))
        spread = Z90 * float(point.sd) / np.sqrt(float(point.runs or 1)) if point.sd is not None else 0.0
        labels = float(point.labels)
        told = float(curve_of(curve)[0].score(labels))
        low_high = None
        if curve.fit == "fan":
            low, told, high = fan_of(curve).scores(labels)[:, 0].tolist()
            low_high = (low, high)
        held = None if low_high is None else low_high[0] <= score <= low_high[1]
        yield Measured(
            f"score of {product} at {labels:,.0f} labels", "", "points", Estimate(score, score - spread, score + spread, int(point.runs or 1)),
            "a model that was trained", str(point.source or shown), stated=f"{told:.4g} points predicted",
            stated_value=told, stated_range=low_high, held=held, written=False,
        )  # fmt: skip


def _last(curve: Curve) -> Estimate:
    """The score of the largest point."""
    point = max(curve.own, key=lambda one: one.labels)
    score = float(point.score if point.score is not None else curve.ceiling - (point.error or 0.0))
    return Estimate(score, score, score, len(curve.own))


def _moved(product: str, before: Curve, after: Curve) -> str:
    """What twice the most labels measured so far would score, by the points before and by all of them."""
    labels = 2.0 * max(float(point.labels) for point in after.own)
    old, new = (float(curve_of(curve)[0].score(labels)) for curve in (before, after))
    return f"{product} at {labels:,.0f} labels, twice the most measured: {old:.2f} points by the points before, {new:.2f} with the new ones."


def _points_path(case: Case, product: str) -> tuple[str, ...] | None:
    """Where a case has the points of a product's curve; None where it has none."""
    value = case.products[product].value
    if value is None or value.per_item or not value.curve.own:
        return None
    path = ("products", product, "value", "curve")
    return path if isinstance(case.document.at(path), list) else (*path, "points")


def _list(case: Case, path: tuple[str, ...]) -> list[dict[str, Any]]:
    found = case.document.at(path)
    assert isinstance(found, list)
    return found
