"""`allocate mix`: work moved from one vendor to another, step by step."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from allocate.cli.options import case_argument, format_option
from allocate.cli.studying import Asked, finish, keep_points, print_study, run_study, study_options

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
    case_path: Path,
    scenario: str | None,
    settings: tuple[str, ...],
    format_: str,
    giver: str,
    taker: str,
    steps: int,
    asked: Asked,
) -> None:
    """Plan CASE with a vendor's share of the work moved to another step by step; Ctrl-C keeps the points done so far."""
    from allocate.case.load import read_case
    from allocate.cli import output
    from allocate.study.mix import mix

    case = read_case(case_path, scenario, settings)
    study = run_study(asked, mix, case, giver, taker, steps)
    keep_points(study, case_path)
    money, share = output.amount(2), output.share()
    columns = {"moved": output.share(0), "status": output.text, f"share_of_{giver}": share, f"share_of_{taker}": share}
    columns |= {
        "objective": money,
        "change": output.change,
        "items": output.amount(0),
        "spend": money,
        "cost_per_item": output.significant(),
    }
    columns |= {"accuracy": share, "largest_share": share, "concentration": output.amount(3), "why": output.long_text}
    goal = case.file.objective[0].replace("-", " ")
    title = f"Work moved from {output.text(giver)} to {output.text(taker)}, and {goal} ({case.currency})"
    print_study(study, title, columns, format_)
    finish(study)
