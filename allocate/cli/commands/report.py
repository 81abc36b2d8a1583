"""`allocate report`: the plan as a page for leadership, and as Markdown for a pull request."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from allocate.cli.keeping import keep, save_option
from allocate.cli.options import Finite, case_argument
from allocate.reporting import LARGE


@click.command("report", short_help="The plan as a page to read: what, why, what could change it.")
@case_argument
@click.option(
    "--out", "folder", type=click.Path(path_type=Path, file_okay=False), required=True, metavar="DIR",
    help="Folder for report.html, report.md and the workbook; made where it is not there.",
)  # fmt: skip
@click.option(
    "--thorough", is_flag=True, help=f"Plan again without each limit and with each input moved, however large the case ({LARGE:,} routes by periods)."
)  # fmt: skip
@click.option(
    "--award", is_flag=True,
    help="Also what procurement needs: an award sheet per vendor, a buyer's page with walk-away prices, a feedback sheet per bidder.",
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
    award: bool,
    no_workbook: bool,
    time_limit: float | None,
) -> None:
    """Plan CASE and write it down for people: one page without scripts or links, the same as Markdown, and a workbook.

    With --award also buyer.html (for your own people), award/VENDOR.html and feedback/VENDOR.html, which name no other vendor.

    The page prints to A4. A case of least cost with one product and up to six vendors gets the one-page comparison.
    The workbook's totals follow its inputs by formulas, and it can be planned again as a CASE.
    """
    from allocate.answers import UnverifiedPlanError
    from allocate.api.solving import formulate, solve
    from allocate.case.load import read_case
    from allocate.cli.answer import headline
    from allocate.cli.commands.solve import EXIT
    from allocate.cli.output import say
    from allocate.cli.telling import telling
    from allocate.reporting.report import report
    from allocate.reporting.write import check_extra, check_folder

    check_extra()
    case = read_case(case_path, scenario, settings)
    check_folder(folder, case, workbook=not no_workbook)
    built = formulate(case)
    try:
        answer = solve(case, formulation=built, time_limit=time_limit)
        keep(answer, case_path)
        written = report(
            case, folder, answer=answer, formulation=built, thorough=thorough, workbook=not no_workbook, award=award,
            time_limit=time_limit, tell=telling(),
        )  # fmt: skip
    except UnverifiedPlanError as error:
        click.echo(f"error: {error}\nThis is a fault of the program, not of the case; no plan is shown.", err=True)
        sys.exit(1)
    for path in written:
        click.echo(f"wrote {path}")
    say(headline(answer)[0])
    sys.exit(EXIT[answer.status.value])
