"""`allocate calibrate`: what a case should say by what was recorded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from allocate.cli.options import CaseGiven, actuals_option, case_argument, format_option

if TYPE_CHECKING:
    from allocate.actuals.calibration import Calibration


@click.command("calibrate", short_help="Measured figures for a case, with their ranges, from what was recorded.")
@case_argument
@format_option
@actuals_option(required=True)
@click.option(
    "--scores", metavar="FILE", type=click.Path(path_type=Path),
    help="New points of learning curves: a table with product, labels and score (or error), runs, sd, source.",
)  # fmt: skip
@click.option("--out", metavar="FILE", type=click.Path(path_type=Path), help="Write an overlay for `--set @FILE`.")
def command(
    given: CaseGiven,
    format_: str,
    folders: tuple[Path, ...],
    scores: Path | None,
    out: Path | None,
) -> None:
    """Measure pace, drivers, accuracy, rework, what reviewers catch, shrinkage, learning and prices paid from the records,
    each with P10, P90 and its sample.

    Annotators are the sample of a pace, weeks that of shrinkage. Where the case has a range, it and the records count
    together. --out writes the figures in the words of a case; nothing in CASE is changed.
    """
    from allocate.actuals.calibration import calibrate
    from allocate.actuals.overlay import overlay
    from allocate.actuals.reading import read_actuals
    from allocate.actuals.scores import read_scores
    from allocate.writing import check_can_write, write_whole

    if out is not None:
        check_can_write(out)
    case = given.read()
    points = read_scores(case, scores) if scores is not None else None
    found = calibrate(case, read_actuals(list(folders)), points)
    _print(found, format_)
    if out is not None:
        write_whole(out, overlay(found))
        written = sum(one.written or one.of is not None for one in found.figures)
        click.echo(f"{out} has {written} figure{'' if written == 1 else 's'}; use `--set @{out}`.", err=True)


def _print(found: Calibration, format_: str) -> None:
    """The table of figures, and what it says of ranges."""
    from allocate.actuals.calibration import row_of, shown
    from allocate.cli.output import print_data, print_grids, say

    rows = [row_of(one) for one in found.figures]
    told = {"case": found.case.name, "figures": rows, "notes": list(found.notes)}
    if print_data(format_, lambda: told, lambda: found.table):
        return
    print_grids([shown(found)], format_)
    for line in found.notes:
        say(line, format_)
