"""`allocate sensitivity`: what moves the answer, one input at a time or two together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from allocate.cli.options import CaseGiven, case_argument, format_option, share_of
from allocate.cli.studying import Asked, bars, finish, keep_points, print_study, run_study, study_options
from allocate.tables.column import Column, Grid, chosen
from allocate.tables.formats import MONEY, text
from allocate.tables.studies import SENSITIVITY, VALUES

if TYPE_CHECKING:
    from allocate.study.sensitivity import Vary
    from allocate.study.study import Study


@click.command("sensitivity", short_help="Which inputs move the answer most; or a table of two inputs.")
@case_argument
@format_option
@click.option(
    "--by", type=share_of, default="10%", show_default=True, metavar="SHARE", help="How much each input is off."
)
@click.option(
    "--vary",
    metavar="PATH[=A,B,C]",
    multiple=True,
    help="One value by --by, or through a list; two lists give a two-way table. Absent: every input of the case.",
)
@study_options
def command(
    given: CaseGiven,
    format_: str,
    by: float,
    vary: tuple[str, ...],
    asked: Asked,
) -> None:
    """Plan CASE again with one input at a time smaller and larger; Ctrl-C keeps the points done so far.

    By itself it takes the budget, the hurdle, exchange rates, the wage, hours and people of the review team; each vendor's prices,
    platform fee, fixed fees (onboarding, retainer, seats), errors and capacity; what an in-house team is paid, its people and
    seats (whole, one at least), what shifts, hiring and releasing cost; the API price of pre-labelling and the time it leaves; what
    levers cost and bring; and each product's demand, worth, work and error cost. Learning curves go to P10 and P90 and to other families, and figures that CASE does
    not state (accuracy, pace, shrinkage) to the ends of what is plausible.
    """
    from allocate.study.sensitivity import sensitivity

    if not by > 0:
        raise click.BadParameter("a change of 0% moves nothing", param_hint="--by")
    chosen = [_vary(text) for text in vary]
    lists = [one for one in chosen if one.values]
    if lists and (len(lists) < len(chosen) or len(lists) > 2):
        raise click.UsageError("Give one list of values, or two for a table; or paths without values, to vary by --by.")
    case = given.told()
    study = run_study(asked, sensitivity, case, by, chosen)
    keep_points(study, given.path)
    if lists:
        _print_values(study, [one.path for one in lists], format_)
    else:
        _print_tornado(study, by, format_)
    finish(study)


def _vary(text: str) -> Vary:
    """A path, and the values after the equals sign; commas within brackets do not part them."""
    from allocate.study.sensitivity import Vary

    path, equals, rest = text.partition("=")
    values, depth, word = list[str](), 0, ""
    for letter in rest:
        depth += (letter in "[{") - (letter in "]}")
        if letter == "," and depth == 0:
            values.append(word.strip())
            word = ""
        else:
            word += letter
    values.append(word.strip())
    if not path.strip() or (equals and not all(values)):
        raise click.BadParameter(f"'{text}' is not PATH or PATH=A,B,C", param_hint="--vary")
    return Vary(path.strip(), tuple(values) if equals else ())


def _print_tornado(study: Study, by: float, format_: str) -> None:

    names = ("input", "change_low", "change_high", "swing", "status_low", "status_high", "place")
    columns = chosen(SENSITIVITY, *names)
    goal = study.case.file.objective[0].replace("-", " ")
    title = f"What {by * 100:.4g}% less and more of each input changes in {goal} ({study.case.currency})"
    print_study(study, title, columns, format_)
    if format_ == "table":
        largest = [(row["input"], row["swing"]) for row in study.rows if row["swing"]][:10]
        lines = bars(largest)
        for line in ["", "Largest change", *lines] if lines else []:
            click.echo(line)


def _print_values(study: Study, paths: list[str], format_: str) -> None:
    from allocate.cli import output

    goal = study.case.file.objective[0].replace("-", " ")
    if len(paths) == 2 and format_ in ("table", "md"):
        across = list(dict.fromkeys(str(point.at[paths[1]]) for point in study.points))
        grid = {(row[paths[0]], row[paths[1]]): row for row in study.rows}
        down = list(dict.fromkeys(str(point.at[paths[0]]) for point in study.points))
        cells = [[text(one), *(_cell(grid[one, other]) for other in across)] for one in down]
        title = f"{goal.capitalize()} ({study.case.currency}) by {paths[0]} (down) and {paths[1]} (across)"
        numeric = [False, *[True] * len(across)]
        output.print_grids([Grid(title, [paths[0], *map(text, across)], cells, numeric)], format_)
        return
    shown = chosen(VALUES, "status", "objective", "spend", "value", "items", "accuracy", "why")
    columns = [*(Column(path, heading=path.replace("_", " ")) for path in paths), *shown]
    print_study(study, f"Best {goal} by {' and '.join(paths)} ({study.case.currency})", columns, format_)


def _cell(row: dict[str, object]) -> str:

    return MONEY(row["objective"]) if row["objective"] is not None else str(row["status"])
