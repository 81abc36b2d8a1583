"""`allocate replan`: the rest of a plan, planned again, with what is done as facts."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from allocate.cli.keeping import keep, save_option
from allocate.cli.options import (
    CaseGiven,
    actuals_option,
    case_argument,
    format_option,
    plan_option,
    plan_out_option,
    share_of,
    time_limit_option,
)
from allocate.tables.formats import long_text

if TYPE_CHECKING:
    from allocate.case.load import Case
    from allocate.replanning.replan import Replanned


@click.command("replan", short_help="Re-plan what is left: work done is fixed, and as little as possible changes.")
@case_argument
@format_option
@plan_option("The plan that was worked: a file, or a kept run; absent: the best one.")
@actuals_option(required=True)
@click.option("--from", "from_", metavar="PERIOD", required=True, help="The first period planned, as in 'week 5'.")
@click.option(
    "--measured", type=click.Path(path_type=Path), metavar="FILE",
    help="Figures that hold from then on, as `calibrate --out` writes them.",
)  # fmt: skip
@click.option(
    "--frozen", metavar="BLOCK",
    help="What stays as it was ordered, as in '{orders: 2 weeks, hires: true}'; default: what the case says.",
)  # fmt: skip
@click.option(
    "--within", type=share_of, default=0.0, metavar="SHARE", help="Part of the best objective given up for less change."
)
@click.option(
    "--change", metavar="MONEY", help="What one EU of work moved weighs in the objective, as in '0.02 USD/EU'."
)
@click.option(
    "--letters", type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
    help="Also write a letter for each vendor: what changes for it.",
)  # fmt: skip
@click.option(
    "--facts", "facts_path", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
    help="Also write what is done as an overlay, for `--set @FILE` of every command.",
)  # fmt: skip
@plan_out_option("Also write the plan and its certificate as JSON, for `allocate verify`.")
@time_limit_option()
@save_option
def command(
    given: CaseGiven, format_: str, plan_path: str | None, folders: tuple[Path, ...],
    from_: str, measured: Path | None, frozen: str | None, within: float, change: str | None, letters: Path | None,
    facts_path: Path | None, out: Path | None, time_limit: float | None,
) -> None:  # fmt: skip
    """Plan the rest of CASE again: periods before --from are facts from the records, all others are planned.

    Facts keep the limits of no period, and count in every sum: demand, budgets, windows of contracts, experience. What they
    cost is what was billed. Of plans that are as good the one is taken that moves least work of the earlier plan.
    """
    from allocate.cli.plans import earlier
    from allocate.replanning.replan import replan
    from allocate.writing import check_can_write

    for path in (facts_path, out):
        if path is not None:
            check_can_write(path)
    if frozen is not None:
        given = replace(given, settings=(*given.settings, f"frozen={frozen}"))
    case = given.read()
    then, plan = earlier(case, given.path, plan_path)
    found = replan(
        case, plan, list(folders), from_, measured=measured or {}, within=within, change=_weight(case, change), then=then,
        time_limit=time_limit,
    )  # fmt: skip
    keep(found.answer, given.path)
    _write(found, letters, facts_path, out)
    _print(found, format_)
    sys.exit(_status(found))


def _status(found: Replanned) -> int:
    """As of `allocate solve`; a plan that gives something up for less change is what was asked for."""
    from allocate.cli.commands.solve import EXIT

    wanted = found.answer.limit is not None and found.answer.limit.value == "gap"
    return 0 if wanted else EXIT[found.answer.status.value]


def _weight(case: Case, text: str | None) -> float | None:
    """Money of the case's currency for one EU of change."""
    from allocate.units import UnitError, Units, kind_of

    if text is None:
        return None
    try:
        amount = Units({**case.model.units, **case.file.units}).quantity(text)
    except UnitError:
        amount = None
    if amount is None or kind_of(amount) != "money/count" or amount.of() != "EU" or amount.currency != case.currency:
        raise click.BadParameter(
            f"'{text}' is not an amount of money for one EU; write it as in '0.02 {case.currency}/EU'",
            param_hint="--change",
        )
    return float(amount.number)


def _write(found: Replanned, letters: Path | None, facts: Path | None, out: Path | None) -> None:
    from allocate.record.write import write_answer
    from allocate.writing import make_folder, write_whole

    if facts is not None:
        write_whole(facts, found.done.text or "# Nothing is done yet.\n")
    if found.answer.plan is None:
        return
    if out is not None:
        write_answer(found.answer, out)
    for name, text in found.letters.items() if letters is not None else ():
        assert letters is not None
        make_folder(letters)
        write_whole(letters / f"{_file_name(name)}.md", text)


def _file_name(vendor: str) -> str:
    """A vendor's name as the name of a file: letters, figures and dashes."""
    return "".join(one if one.isalnum() or one in "-_" else "-" for one in vendor)


def _print(found: Replanned, format_: str) -> None:
    """The plan as `solve` prints it, what it changes, and by how much."""
    from allocate.cli.answer import print_answer
    from allocate.cli.output import print_csv, print_grids, print_json, say
    from allocate.record.as_json import as_json
    from allocate.record.plain_values import records
    from allocate.tables.column import chosen, grid
    from allocate.tables.tracked import CHANGES

    answer = found.answer
    for note in (*answer.notes, *found.notes):
        click.echo(f"note: {long_text(note)}", err=True)
    if format_ == "json":
        told: dict[str, Any] = {
            "from": found.done.first + 1,
            "best": found.best,
            "more_eu": found.moved[0],
            "less_eu": found.moved[1],
            "exempt": list(found.exempt),
        }
        before = {"spend": found.before.spend, "value": found.before.value, "net_value": found.before.net_value}
        print_json({**as_json(answer), "replan": {**told, "before": before, "changes": records(found.changes)}})
        return
    if format_ == "csv":
        print_csv(found.changes.frame)
        return
    print_answer(answer, format_)
    if answer.plan is None:
        return
    columns = chosen(CHANGES, *(column.name for column in CHANGES))
    if len(found.changes):
        print_grids(
            [
                grid(
                    f"What changes from {found.case.periods.label(found.done.first)} on ({found.case.currency})",
                    columns,
                    found.changes,
                )
            ],
            format_,
        )
    else:
        say(f"Nothing of the earlier plan changes from {found.case.periods.label(found.done.first)} on.", format_)
    say(_summed(found), format_)


def _summed(found: Replanned) -> str:
    """In one sentence what became of the earlier plan."""
    assert found.answer.plan is not None
    more, less = found.moved
    currency, before, now = found.case.currency, found.before.spend, found.answer.plan.spend
    until = found.case.periods.label(found.done.first - 1) if found.done.first else "the start"
    return (
        f"Against the earlier plan {more:,.0f} EU of work are added and {less:,.0f} EU taken away. The whole was planned at {before:,.2f} {currency} and comes to {now:,.2f}; what "
        f"is done by {until} counts as it was billed, or as contracts ask where no bill is there."
    )
