"""`allocate assumptions`: what the plan rests on that is not stated, and what each could change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from allocate.cli.options import CaseGiven, case_argument, format_option
from allocate.cli.studying import Asked, finish, keep_points, print_study, run_study, study_options
from allocate.tables.studies import ASSUMPTIONS

if TYPE_CHECKING:
    from allocate.study.study import Study


@click.command(
    "assumptions", short_help="Figures the plan rests on that the case does not state, largest effect first."
)
@case_argument
@format_option
@click.option(
    "--plans",
    type=click.IntRange(0, 1_000_000),
    default=200,
    show_default=True,
    metavar="N",
    help="Make at most this many plans; figures with more money behind them come first.",
)
@study_options
def command(given: CaseGiven, format_: str, plans: int, asked: Asked) -> None:
    """List every figure the best plan of CASE rests on that the case leaves out, or calls an assumption.

    Each is moved to both ends of its plausible range by itself, and the case is planned again: what could change the answer most
    stands first, with the line that states the figure. Ctrl-C keeps what is done so far.
    """
    from allocate.study.assumptions import assumptions

    case = given.told()
    study = run_study(asked, assumptions, case, plans=plans)
    keep_points(study, given.path)
    _print(study, format_)
    finish(study)


def _print(study: Study, format_: str) -> None:
    """The register, largest change first; the line to write and the source where a document has room for them."""
    hidden = {"swing"} if format_ == "md" else {"swing", "write", "source"}
    columns = tuple(column for column in ASSUMPTIONS if column.name not in hidden)
    goal = study.case.file.objective[0].replace("-", " ")
    print_study(study, f"What was assumed, and what it changes in {goal} ({study.case.currency})", columns, format_)
