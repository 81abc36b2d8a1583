"""`allocate report`: the plan as a page for leadership, and as Markdown for a pull request."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from allocate.cli.keeping import keep, save_option
from allocate.cli.options import CaseGiven, actuals_option, case_argument, plan_option, time_limit_option
from allocate.reporting import LARGE

if TYPE_CHECKING:
    from allocate.answers import Answer
    from allocate.case.load import Case


@click.command("report", short_help="The plan as a page to read: what, why, what could change it.")
@case_argument
@click.option(
    "--out", "folder", type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
    help="Folder for report.html, report.md and the workbook; made where it is not there.",
)  # fmt: skip
@click.option(
    "--share", "shared", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
    help="One HTML file to be mailed: the page, with levers over plans that are solved for it; for people without Python.",
)  # fmt: skip
@click.option(
    "--thorough", is_flag=True, help=f"Plan again with each assumed figure at both ends of its range; and without each limit and with each input moved, however large the case ({LARGE:,} routes by periods)."
)  # fmt: skip
@click.option(
    "--award", is_flag=True,
    help="Also what procurement needs: an award sheet per vendor, a buyer's page with walk-away prices, a feedback sheet per bidder.",
)  # fmt: skip
@actuals_option("What was done, beside the plan: a folder that `actuals import` wrote.")
@plan_option("The plan that was being carried out; default: the one of this report.", name="plan_name")
@click.option(
    "--from", "since", metavar="CASE|RUN", help="An earlier bill; the page tells why this plan costs more or less."
)
@click.option("--from-scenario", metavar="NAME", help="A scenario of that earlier case.")
@click.option("--no-workbook", is_flag=True, help="Write no workbook beside the page.")
@time_limit_option()
@save_option
def command(
    given: CaseGiven,
    folder: Path | None,
    shared: Path | None,
    thorough: bool,
    award: bool,
    folders: tuple[Path, ...],
    plan_name: str | None,
    since: str | None,
    from_scenario: str | None,
    no_workbook: bool,
    time_limit: float | None,
) -> None:
    """Plan CASE and write it down for people: one page without scripts or links, the same as Markdown, and a workbook.

    With --award also buyer.html (for your own people), award/VENDOR.html and feedback/VENDOR.html, which name no other vendor.

    With --actuals the page holds the plan against what was done, week by week, and bridges the difference; with --from it says
    why this plan costs more or less than an earlier one.

    With --share one file that can be mailed and opens anywhere: the page, with a lever for the budget and those that change most,
    over plans that are solved for it.

    The page prints to A4. A case of least cost with one product and up to six vendors gets the one-page comparison.
    The workbook's totals follow its inputs by formulas, and it can be planned again as a CASE.
    """
    from allocate.cli.answer import headline
    from allocate.cli.commands.solve import EXIT
    from allocate.cli.output import say
    from allocate.reporting.write import check_extra

    _check_options((folder, shared), [(plan_name, folders or None), (from_scenario, since)])
    check_extra()
    case = given.read()
    _check_places(case, folder, shared, not no_workbook)
    beside = _beside(case, folders, plan_name, since, from_scenario, time_limit)
    asked = {"thorough": thorough, "workbook": not no_workbook, "award": award, **beside}
    answer = _planned(case, given.path, folder, time_limit, asked)
    if shared is not None:
        _share(answer, shared, time_limit)
    say(headline(answer)[0])
    sys.exit(EXIT[answer.status.value])


def _check_options(places: tuple[Path | None, ...], pairs: list[tuple[object, object]]) -> None:
    """Whether it is said where to write, and each option that is about another has it."""
    if places == (None, None):
        raise click.UsageError("Say where to write: --out DIR, --share FILE, or both.")
    if any(one is not None and of is None for one, of in pairs):
        raise click.UsageError("--plan goes with --actuals, --from-scenario with --from")


def _check_places(case: Case, folder: Path | None, shared: Path | None, workbook: bool) -> None:
    """What cannot be written is said before anything is planned."""
    from allocate.reporting.write import check_folder
    from allocate.writing import check_can_write

    if folder is not None:
        check_folder(folder, case, workbook=workbook)
    if shared is not None:
        check_can_write(shared)


def _beside(
    case: Case, folders: tuple[Path, ...], plan_name: str | None, since: str | None, scenario: str | None, time_limit: float | None
) -> dict[str, Any]:  # fmt: skip
    """What the page tells beside the plan: what was done, the plan it was done by, and an earlier bill."""
    from allocate.actuals.reading import read_actuals
    from allocate.cli.ends import end_of
    from allocate.cli.plans import plan_named

    return {
        "actuals": read_actuals(list(folders)) if folders else None,
        "planned": plan_named(case, plan_name) if plan_name is not None else None,
        "since": end_of(since, None, scenario, time_limit) if since is not None else None,
    }


def _planned(
    case: Case, case_path: Path, folder: Path | None, time_limit: float | None, asked: dict[str, Any]
) -> Answer:
    """The plan, kept as a run, and written down where a folder is given."""
    from allocate.answers import UnverifiedPlanError
    from allocate.api.solving import formulate, solve
    from allocate.cli.telling import telling
    from allocate.reporting.report import report

    built = formulate(case)
    try:
        answer = solve(case, formulation=built, time_limit=time_limit, moved=False)
        keep(answer, case_path)
        more = {**asked, "answer": answer, "formulation": built, "time_limit": time_limit, "tell": telling()}
        written = () if folder is None else report(case, folder, **more)
    except UnverifiedPlanError as error:
        click.echo(f"error: {error}\nThis is a fault of the program, not of the case; no plan is shown.", err=True)
        sys.exit(1)
    for path in written:
        click.echo(f"wrote {path}")
    return answer


def _share(answer: Answer, path: Path, time_limit: float | None) -> None:
    """Write the file with levers; what did not fit goes to stderr."""
    from allocate.cli.telling import telling
    from allocate.dashboard.share import share
    from allocate.tables.formats import long_text

    done = share(answer.case, path, answer=answer, time_limit=time_limit, tell=telling())
    click.echo(f"wrote {path} ({done.plans} plans)")
    if done.left_out:
        click.echo(f"note: left out, so that it can be mailed: {long_text(', '.join(done.left_out))}", err=True)
