"""`allocate frontier`: the best plan at each of many budgets, accuracy floors or deadlines."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from allocate.cli.options import case_argument, format_option
from allocate.cli.studying import Running, bars, finish, print_study, run_study, study_options

if TYPE_CHECKING:
    from allocate.case.load import Case
    from allocate.study.frontier import Axis


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
    workers: int | None,
    cluster: str | None,
    time_limit: float | None,
    gap: float | None,
) -> None:
    """Plan CASE at each of many budgets, accuracy floors or deadlines; Ctrl-C keeps the points done so far."""
    from allocate.case.load import read_case
    from allocate.cli import output
    from allocate.study.frontier import frontier

    given: dict[Axis, str | None] = {"budget": budget, "accuracy": accuracy, "deadline": deadline}
    asked = [(axis, text) for axis, text in given.items() if text is not None]
    if len(asked) != 1:
        raise click.UsageError("Say what moves: one of --budget, --accuracy and --deadline.")
    axis, text = asked[0]
    if products and axis == "budget":
        raise click.UsageError("--product goes with --accuracy and --deadline; a budget is everybody's.")
    case = read_case(case_path, scenario, settings)
    amounts = _amounts(case, axis, text)

    def work(how: Running) -> object:
        return frontier(
            case, axis, amounts, products=products, limits=how.limits, executor=how.executor, progress=how.progress
        )  # fmt: skip

    study = run_study(work, workers, cluster, time_limit, gap)
    money = output.amount(2)
    shown = {"budget": money, "accuracy": output.share(3), "deadline": output.amount(0)}
    columns = {axis: shown[axis], "status": output.text, "objective": money, "bound": money, "spend": money}
    columns |= {
        "value": money,
        "items": output.amount(0),
        "accuracy_reached": output.share(3),
        "worth_of_one_more": output.significant(),
    }
    columns |= {"why": output.long_text}
    goal = case.file.objective[0].replace("-", " ")
    print_study(study, f"Best {goal} by {axis} ({case.currency})", columns, format_)
    if format_ == "table":
        reached = [(shown[axis](row[axis]), row["objective"]) for row in study.rows if row["objective"] is not None]
        for line in [*[""] * bool(study.notes), goal.capitalize(), *lines] if (lines := bars(reached)) else []:
            click.echo(line)
    finish(study, case_path)


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
        raise click.BadParameter(str(error), param_hint=f"--{axis}") from None
    if axis == "budget" and found.currency not in (None, case.currency):
        problem = f"'{text}' is not in {case.currency}, the currency of the case"
        raise click.BadParameter(problem, param_hint="--budget")
    return found.number
