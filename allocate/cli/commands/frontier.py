"""`allocate frontier`: the best plan at each of many budgets, accuracy floors or deadlines."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from allocate.cli.options import case_argument, format_option
from allocate.cli.studying import Asked, bars, finish, keep_points, print_study, run_study, study_options
from allocate.tables.column import chosen
from allocate.tables.studies import FRONTIER

if TYPE_CHECKING:
    from allocate.case.load import Case
    from allocate.study.frontier import Axis
    from allocate.study.study import Study


@click.command("frontier", short_help="Value or least cost against budget, accuracy or deadline.")
@case_argument
@format_option
@click.option("--budget", metavar="FROM:TO:POINTS", help="Total budgets, as in 100k:500k:9, in the case's currency.")
@click.option("--accuracy", metavar="FROM:TO:POINTS", help="Accuracy floors, as in 92%:99%:8.")
@click.option("--deadline", metavar="FROM:TO", help="Deadlines by number of week (or month), as in 6:12.")
@click.option(
    "--product", "products", metavar="NAME", multiple=True, help="Whose accuracy or deadline moves; absent: all."
)
@study_options
def command(
    case_path: Path,
    scenario: str | None,
    settings: tuple[str, ...],
    format_: str,
    budget: str | None,
    accuracy: str | None,
    deadline: str | None,
    products: tuple[str, ...],
    asked: Asked,
) -> None:
    """Plan CASE at each of many budgets, accuracy floors or deadlines; Ctrl-C keeps the points done so far."""
    from allocate.case.load import read_case
    from allocate.cli.output import told
    from allocate.study.frontier import frontier

    axis, text = _what_moves(budget, accuracy, deadline)
    if products and axis == "budget":
        raise click.UsageError("--product goes with --accuracy and --deadline; a budget is everybody's.")
    case = told(read_case(case_path, scenario, settings))
    amounts = _amounts(case, axis, text)
    study = run_study(asked, frontier, case, axis, amounts, products=products)
    keep_points(study, case_path)
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


def _amounts(case: Case, axis: str, text: str) -> list[float]:
    """The amounts of a range; both ends are among them."""
    parts = text.split(":")
    if axis == "deadline":
        if len(parts) != 2 or not all(part.strip().isdecimal() for part in parts):
            raise click.BadParameter(
                f"'{text}' is not FROM:TO, two numbers of periods as in 6:12", param_hint="--deadline"
            )
        first, last = int(parts[0]), int(parts[1])
        if not 1 <= first <= last <= case.periods.count:
            what = f"1 to {case.periods.count}, the {case.periods.unit}s of the case, first one first"
            raise click.BadParameter(f"'{text}' is not within {what}", param_hint="--deadline")
        return [float(number) for number in range(first, last + 1)]
    hint = "100k:500k:9" if axis == "budget" else "92%:99%:8"
    if len(parts) != 3 or not parts[2].strip().isdecimal() or not 2 <= int(parts[2]) <= 10_000:
        problem = f"'{text}' is not FROM:TO:POINTS with two points at least, as in {hint}"
        raise click.BadParameter(problem, param_hint=f"--{axis}")
    low, high, count = _number(case, axis, parts[0]), _number(case, axis, parts[1]), int(parts[2])
    if low < 0:
        raise click.BadParameter(f"'{text}' begins below 0", param_hint=f"--{axis}")
    if not low < high:
        raise click.BadParameter(f"'{text}' does not rise: {parts[0]} is not below {parts[1]}", param_hint=f"--{axis}")
    return [float(f"{low + (high - low) * step / (count - 1):.12g}") for step in range(count)]


def _number(case: Case, axis: str, text: str) -> float:
    from allocate.units import UnitError, Units

    try:
        found = Units().quantity(text.strip())
    except UnitError as error:
        raise click.BadParameter(error.in_a_line(), param_hint=f"--{axis}") from None
    if axis == "budget" and found.currency not in (None, case.currency):
        problem = f"'{text}' is not in {case.currency}, the currency of the case"
        raise click.BadParameter(problem, param_hint="--budget")
    return found.number
