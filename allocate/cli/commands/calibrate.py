"""`allocate calibrate`: what a case should say by what was recorded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from allocate.cli.options import case_argument, format_option

if TYPE_CHECKING:
    from allocate.actuals.calibration import Calibration
    from allocate.actuals.stated import Measured


@click.command("calibrate", short_help="Measured figures for a case, with their ranges, from what was recorded.")
@case_argument
@format_option
@click.option(
    "--actuals", "folders", metavar="DIR", multiple=True, required=True, type=click.Path(path_type=Path),
    help="A folder that `actuals import` wrote. May be given several times.",
)  # fmt: skip
@click.option(
    "--scores", metavar="FILE", type=click.Path(path_type=Path),
    help="New points of learning curves: a table with product, labels and score (or error), runs, sd, source.",
)  # fmt: skip
@click.option("--out", metavar="FILE", type=click.Path(path_type=Path), help="Write an overlay for `--set @FILE`.")
def command(
    case_path: Path,
    scenario: str | None,
    settings: tuple[str, ...],
    format_: str,
    folders: tuple[Path, ...],
    scores: Path | None,
    out: Path | None,
) -> None:
    """Pace, drivers, accuracy, rework, what reviewers catch, shrinkage, learning and prices paid as they were recorded,
    each with P10, P90 and its sample.

    Annotators are the sample of a pace, weeks that of shrinkage. Where the case has a range, it and the records count
    together. --out writes the figures in the words of a case; nothing in CASE is changed.

    \b
    allocate calibrate CASE --actuals actuals --out measured.yaml
    allocate solve CASE --set @measured.yaml
    """
    from allocate.actuals.calibration import calibrate
    from allocate.actuals.overlay import overlay
    from allocate.actuals.reading import read_actuals
    from allocate.actuals.scores import read_scores
    from allocate.case.load import read_case
    from allocate.writing import check_can_write, write_whole

    if out is not None:
        check_can_write(out)
    case = read_case(case_path, scenario, settings)
    points = read_scores(case, scores) if scores is not None else None
    found = calibrate(case, read_actuals(list(folders)), points)
    _print(found, format_)
    if out is not None:
        write_whole(out, overlay(found))
        written = sum(one.written for one in found.figures)
        click.echo(f"{out} has {written} figures; use them with `--set @{out}`.", err=True)


def _print(found: Calibration, format_: str) -> None:
    """The table of figures, and what it says of ranges."""
    from allocate.cli.output import print_csv, print_grids, print_json, say
    from allocate.tables.column import chosen, grid
    from allocate.tables.measured import MEASURED

    rows = [_row(one) for one in found.figures]
    if format_ == "json":
        print_json({"case": found.case.name, "figures": rows, "notes": list(found.notes)})
        return
    if format_ == "csv":
        import pandas as pd

        print_csv(pd.DataFrame(rows, columns=[column.name for column in MEASURED]))
        return
    shown = [{**row, **_in_per_cent(row)} for row in rows]
    columns = chosen(MEASURED, "figure", "stated", "measured", "low", "high", "unit", "change", "n", "people", "method")
    print_grids([grid(f"What was measured for {found.case.name}", columns, shown)], format_)
    for line in found.notes:
        say(line, format_)


def _in_per_cent(row: dict[str, Any]) -> dict[str, Any]:
    """Shares as people read them."""
    if row["unit"] != "%":
        return {}
    return {key: 100.0 * row[key] for key in ("measured", "low", "high")}


def _row(one: Measured) -> dict[str, Any]:
    return {
        "figure": one.figure, "stated": one.stated, "measured": one.estimate.value, "low": one.estimate.low,
        "high": one.estimate.high, "unit": one.unit, "change": one.change, "n": one.estimate.n,
        "people": one.estimate.people or None, "held": {True: "yes", False: "no", None: ""}[one.held],
        "method": one.method, "path": one.path,
    }  # fmt: skip
