"""`allocate report`: the plan as a page for leadership, and as Markdown for a pull request."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from allocate.cli.keeping import keep, save_option
from allocate.cli.options import Finite, case_argument

if TYPE_CHECKING:
    from allocate.answers import Answer
    from allocate.explaining.explanation import Explanation
    from allocate.explaining.inputs import Swing
    from allocate.program.build import Built

EXPLAINED = 60.0
"""Seconds for finding out why the plan is as it is, and again for what inputs change; less where --time-limit is less."""
LARGE = 20_000
"""Routes by periods from which a case is not solved again and again unless it is asked for."""


@click.command("report", short_help="The plan as a page to read: what, why, what could change it.")
@case_argument
@click.option(
    "--out", "folder", type=click.Path(path_type=Path, file_okay=False), required=True, metavar="DIR",
    help="Folder for report.html, report.md and the workbook; made where it is not there.",
)  # fmt: skip
@click.option(
    "--thorough", is_flag=True, help=f"Plan again without each limit and with each input moved, however large the case ({LARGE:,} routes by periods)."
)  # fmt: skip
@click.option("--no-workbook", is_flag=True, help="Write no workbook beside the page.")
@click.option(
    "--time-limit", type=Finite(above=0), metavar="S", help="Stop each search after so many seconds."
)  # fmt: skip
@save_option
def command(
    case_path: Path,
    scenario: str | None,
    settings: tuple[str, ...],
    folder: Path,
    thorough: bool,
    no_workbook: bool,
    time_limit: float | None,
) -> None:
    """Plan CASE and write it down for people: one page without scripts or links, the same as Markdown, and a workbook.

    The page prints to A4. A case of least cost with one product and up to six vendors gets the one-page comparison.
    The workbook's totals follow its inputs by formulas, and it can be planned again as a CASE.
    """
    from allocate.answers import UnverifiedPlanError
    from allocate.api.solving import formulate, solve
    from allocate.case.load import read_case
    from allocate.cli.answer import headline
    from allocate.cli.commands.solve import EXIT
    from allocate.cli.output import say
    from allocate.reporting.compose import compose
    from allocate.reporting.write import check_extra, check_folder, write_book, write_report

    check_extra()
    case = read_case(case_path, scenario, settings)
    check_folder(folder, case, workbook=not no_workbook)
    built = formulate(case)
    try:
        answer = solve(case, formulation=built, time_limit=time_limit)
        report = compose(answer, *_explained(answer, built, thorough, time_limit))
    except UnverifiedPlanError as error:
        click.echo(f"error: {error}\nThis is a fault of the program, not of the case; no plan is shown.", err=True)
        sys.exit(1)
    keep(answer, case_path)
    for path in write_report(report, folder):
        click.echo(f"wrote {path}")
    if answer.plan is not None and not no_workbook:
        click.echo(f"wrote {write_book(answer, folder)}")
    say(headline(answer)[0])
    sys.exit(EXIT[answer.status.value])


def _explained(
    answer: Answer, built: Built, thorough: bool, time_limit: float | None
) -> tuple[Explanation | None, tuple[Swing, ...]]:
    """Why the plan is as it is, and what inputs moved change; nothing for large cases unless it is asked for."""
    from allocate.api.explaining import explain
    from allocate.explaining.inputs import swings

    if answer.plan is None or (answer.routes.unit_cost.size > LARGE and not thorough):
        return None, ()
    most = min(time_limit or EXPLAINED, EXPLAINED)
    found = explain(answer.case, answer=answer, formulation=built, time_limit=most)
    return found, swings(built, answer.plan, time_limit=most) if found is not None else ()
