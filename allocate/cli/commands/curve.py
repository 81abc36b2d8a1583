"""`allocate curve`: which family of learning curve measured points speak for, and how far it may be trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from allocate.cli.options import CaseGiven, case_argument, format_option
from allocate.tables.column import Grid, grid
from allocate.tables.tools import CURVES, FAN

if TYPE_CHECKING:
    from allocate.case.load import Case
    from allocate.case.schema import Curve


@click.command("curve", short_help="Learning curves that fit a product's measured points, best first.")
@case_argument
@click.option("--product", required=True, metavar="NAME", help="The product whose value curve is meant.")
@format_option
def command(given: CaseGiven, product: str, format_: str) -> None:
    """Fit every family of curve to the points of a product of CASE, and say which predicts the largest points best."""
    from allocate.cli import output
    from allocate.costing.value.label_counts import count_notes
    from allocate.costing.value.measured import measured_points

    case = given.told()
    curve = _measured(case, product)
    labels, scores = measured_points(curve)
    rows, ahead = _families(case, product, curve), _ahead(curve)
    if format_ == "json":
        points = [{"labels": n, "score": s} for n, s in zip(labels, scores, strict=True)]
        output.print_json({"product": product, "fit": curve.fit, "points": points, "families": rows, "fan": ahead})
        return
    title = (
        f"Curves through the {len(labels)} points of {product} (score points; {min(labels):,.0f} to "
        f"{max(labels):,.0f} labels; the case says fit: {curve.fit})"
    )
    _print(title, rows, ahead, format_)
    output.note(f"note: {one}" for one in count_notes(case, product))


def _measured(case: Case, product: str) -> Curve:
    """The curve of a product that has measured points."""
    from allocate.errors import CaseError

    if product not in case.products:
        raise CaseError.of(f"there is no product '{product}'", None, f"known: {', '.join(case.products)}")
    value = case.products[product].value
    if value is None or value.per_item or value.curve.points is None:
        place = case.place("products", product)
        raise CaseError.of(f"{product} has no measured points", place, "add `value: {curve: {points: …}}`")
    return value.curve


def _families(case: Case, product: str, curve: Curve) -> list[dict[str, Any]]:
    """What each family predicts, best first."""
    from allocate.costing.value.fitting import fits
    from allocate.costing.value.measured import measured_points
    from allocate.errors import CaseError

    labels, scores = measured_points(curve)
    try:
        found = fits(labels, scores, curve.ceiling)
    except ValueError as error:
        raise CaseError.of(f"{product}: {error}", case.place("products", product, "value"), None) from None
    return [
        {
            "family": one.family.value,
            "held_out": one.held_out,
            "spread": one.spread,
            "at_twice": float(one.curve.score(2 * max(labels))),
            "points_per_1000": float(one.curve.marginal(max(labels))) * 1000.0,
        }
        for one in found
    ]


def _ahead(curve: Curve) -> list[dict[str, Any]]:
    """P10, P50 and P90 of the score at twice, four and eight times the most labels measured."""
    from allocate.costing.value.measured import fan_of

    try:
        found = fan_of(curve)
    except ValueError:  # points above the ceiling
        return []
    return [
        {"times": times, "labels": times * found.measured, "p10": low, "p50": middle, "p90": high}
        for times in (2.0, 4.0, 8.0)
        for low, middle, high in [found.scores(times * found.measured)[:, 0].tolist()]
    ]


def _print(title: str, rows: list[dict[str, Any]], ahead: list[dict[str, Any]], format_: str) -> None:
    """The families as CSV, or as a table with what its columns mean and what more labels may bring."""
    import pandas as pd

    from allocate.cli import output

    table = pd.DataFrame(rows)
    if format_ == "csv":
        output.print_csv(table)
        return
    says = [[one.name, one.meaning] for one in CURVES[1:]]
    legend = Grid("Columns", ["column", "meaning"], says, [False, False])
    told = "What more labels may bring (score; P10 to P90 from these points and published curves, `fit: fan`)"
    output.print_grids([grid(title, CURVES, table), legend, *([grid(told, FAN, ahead)] if ahead else [])], format_)
    if not ahead:
        output.note(["note: no range is known: a score lies above the curve's ceiling"])
