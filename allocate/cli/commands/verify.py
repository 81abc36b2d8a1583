"""`allocate verify`: whether a plan file holds, without a solver."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from allocate.cli.options import allow_path_option


@click.command("verify", short_help="Whether a plan file holds: limits, figures, bound; no solver is used.")
@click.argument("plan_path", metavar="PLAN", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("case_path", metavar="CASE", type=click.Path(path_type=Path))
@allow_path_option
@click.option(
    "--limits", is_flag=True, help="Print every limit of the case, what the plan uses of it and what is left."
)
@click.option(
    "--format", "format_", type=click.Choice(("table", "json", "csv", "md")), default="table", show_default=True
)
def command(plan_path: Path, case_path: Path, limits: bool, format_: str) -> None:
    """Check PLAN, written by `allocate solve CASE --out PLAN`, against CASE, with the scenario and settings it names.

    Every limit and contract is recomputed from the case, every figure of the file from its lines, the bound from its
    duals; no solver is used. Exit status 0: it all holds; 1: something does not, and what.
    """
    from allocate.cli.checked import print_checked, print_limits
    from allocate.record.check import check_file

    found = check_file(plan_path, case_path)
    if limits:
        print_limits(found, format_)
    else:
        print_checked(found, format_)
    sys.exit(0 if found.holds else 1)
