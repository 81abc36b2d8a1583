"""`allocate mix`: work moved from one vendor to another, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from allocate.cli.options import CaseGiven, case_argument, format_option
from allocate.cli.studying import Asked, finish, keep_points, print_study, run_study, study_options
from allocate.tables.column import Column, chosen
from allocate.tables.formats import SHARE, text
from allocate.tables.studies import MIX

if TYPE_CHECKING:
    pass


@click.command("mix", short_help="Work moved between two vendors: cost, quality, risk.")
@case_argument
@format_option
@click.option("--from", "giver", required=True, metavar="VENDOR", help="The vendor that gives work away.")
@click.option("--to", "taker", required=True, metavar="VENDOR", help="The vendor that takes it.")
@click.option("--steps", type=click.IntRange(1, 1000), default=10, show_default=True, help="In how many equal steps.")
@study_options
def command(
    given: CaseGiven,
    format_: str,
    giver: str,
    taker: str,
    steps: int,
    asked: Asked,
) -> None:
    """Plan CASE with a vendor's share of the work moved to another step by step; Ctrl-C keeps the points done so far."""
    from allocate.study.mix import mix

    case = given.told()
    study = run_study(asked, mix, case, giver, taker, steps)
    keep_points(study, given.path)
    shares = [
        Column(f"share_of_{name}", "share", f"share of the work that {name} has", SHARE) for name in (giver, taker)
    ]
    after = (
        "objective",
        "change",
        "items",
        "spend",
        "cost_per_item",
        "accuracy",
        "largest_share",
        "concentration",
        "why",
    )
    columns = [*chosen(MIX, "moved", "status"), *shares, *chosen(MIX, *after)]
    goal = case.file.objective[0].replace("-", " ")
    title = f"Work moved from {text(giver)} to {text(taker)}, and {goal} ({case.currency})"
    print_study(study, title, columns, format_)
    finish(study)
