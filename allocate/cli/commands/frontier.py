"""`allocate frontier`: the best plan at each of many budgets, accuracy floors or deadlines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from allocate.cli.options import CaseGiven, case_argument, format_option
from allocate.cli.ranges import amounts
from allocate.cli.studying import Asked, bars, finish, keep_points, print_study, run_study, study_options
from allocate.tables.column import chosen
from allocate.tables.studies import FRONTIER

if TYPE_CHECKING:
    from allocate.study.frontier import Axis
    from allocate.study.study import Study


@click.command("frontier", short_help="Value or least cost against budget, accuracy or deadline.")
@case_argument
@format_option
@click.option("--budget", metavar="FROM:TO:POINTS", help="Total budgets, as in 100k:500k:9, in the case's currency.")
@click.option("--accuracy", metavar="FROM:TO:POINTS", help="Accuracy floors, as in 92%:99%:8.")
@click.option("--deadline", metavar="FROM:TO", help="Deadlines by number of week (or month), as in 6:12.")
@click.option(
    "--product",
    "products",
    metavar="NAME",
    multiple=True,
    help="The product whose accuracy or deadline moves; default: all.",
)
@study_options
def command(
    given: CaseGiven,
    format_: str,
    budget: str | None,
    accuracy: str | None,
    deadline: str | None,
    products: tuple[str, ...],
    asked: Asked,
) -> None:
    """Plan CASE at each of many budgets, accuracy floors or deadlines; Ctrl-C keeps the points done so far."""
    from allocate.study.frontier import frontier

    axis, text = _what_moves(budget, accuracy, deadline)
    if products and axis == "budget":
        raise click.UsageError("--product goes with --accuracy and --deadline; a budget is for all products.")
    case = given.told()
    points = amounts(case, axis, text)
    study = run_study(asked, frontier, case, axis, points, products=products)
    keep_points(study, given.path)
    _print(study, axis, format_)
    finish(study)


def _what_moves(budget: str | None, accuracy: str | None, deadline: str | None) -> tuple[Axis, str]:
    """The one axis that is given, and its range."""
    axes: dict[Axis, str | None] = {"budget": budget, "accuracy": accuracy, "deadline": deadline}
    given = [(axis, text) for axis, text in axes.items() if text is not None]
    if len(given) != 1:
        raise click.UsageError("Say what moves: one of --budget, --accuracy and --deadline.")
    return given[0]


def _print(study: Study, axis: Axis, format_: str) -> None:
    """The points as a table, and what is reached at each as a bar."""

    names = [
        axis,
        "status",
        "objective",
        "bound",
        "spend",
        "value",
        "items",
        "accuracy_reached",
        "worth_of_one_more",
        "why",
    ]
    columns = chosen(FRONTIER, *names)
    goal = study.case.file.objective[0].replace("-", " ")
    print_study(study, f"Best {goal} by {axis} ({study.case.currency})", columns, format_)
    lines = bars(
        [(columns[0].format(row[axis]), row["objective"]) for row in study.rows if row["objective"] is not None]
    )
    if format_ == "table" and lines:
        for line in [*[""] * bool(study.notes), goal.capitalize(), *lines]:
            click.echo(line)
