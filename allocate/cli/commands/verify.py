"""`allocate verify`: whether a plan file holds, without a solver."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from allocate.cli.options import CaseGiven, case_argument


@click.command("verify", short_help="Check a plan file: limits, figures, bound; no solver is used.")
@click.argument("plan_path", metavar="PLAN", type=click.Path(path_type=Path, dir_okay=False))
@case_argument
@click.option(
    "--fix",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Lines that were held when the plan was made, as for `allocate solve --fix`.",
)
@click.option(
    "--limits", is_flag=True, help="Print every limit of the case, what the plan uses of it and what is left."
)
@click.option(
    "--format", "format_", type=click.Choice(("table", "json", "csv", "md")), default="table", show_default=True
)
def command(
    plan_path: Path,
    given: CaseGiven,
    fix: Path | None,
    limits: bool,
    format_: str,
) -> None:
    """Check PLAN, written by `allocate solve CASE --out PLAN`, against CASE.

    Give the --scenario, --set and --fix that the plan was made with. A file that was made with others is
    refused, and the message has the command for it: nothing in the file decides what it is checked against.

    What exit status 0 vouches for: the plan keeps every limit of the case within the stated tolerance, recomputed in
    exact arithmetic; every figure of the file follows from its lines and the case; the inputs are the ones it was made
    of; the bound is proven without a solver, and a plan that is called optimal is proven to be, within the stated
    tolerance.

    What it does not vouch for: that the case says what was agreed; who wrote the file (its digest is no signature);
    what a solver claims beyond the proof, which is shown as a claim; goals after the first, and which of equally good
    plans it is; the versions, method and seconds that the run tells of itself.

    Exit status 0: all holds; 1: something does not, and what and where. Tolerances and limits on size: SECURITY.md.
    """
    from allocate.cli.checked import print_checked, print_limits
    from allocate.record.check import check_file

    found = check_file(plan_path, given.path, given.scenario, given.settings, fix)
    if limits:
        print_limits(found, format_)
    else:
        print_checked(found, format_)
    sys.exit(0 if found.holds else 1)
