"""`allocate explain`: why the plan is as it is, or why there is none."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from allocate.cli.options import case_argument

if TYPE_CHECKING:
    from allocate.api import Answer


@click.command("explain", short_help="Why this plan, what each limit costs, what would change it.")
@case_argument
@click.option("--format", "format_", type=click.Choice(["table", "json", "md"]), default="table", show_default=True)
@click.option(
    "--pin",
    "pins",
    metavar="NAME",
    multiple=True,
    help="Where there is no plan: a limit no repair may move, by its name or path. May be given several times.",
)
@click.option(
    "--time-limit",
    type=click.FloatRange(min=0, min_open=True),
    default=60.0,
    show_default=True,
    metavar="S",
    help="Look for contradictions and repairs for at most so many seconds.",
)
def command(
    case_path: Path,
    scenario: str | None,
    settings: tuple[str, ...],
    format_: str,
    pins: tuple[str, ...],
    time_limit: float,
) -> None:
    """Explain the plan of CASE in money: marginal returns, what each limit costs, more budget, entry prices.

    Where there is none: which limits contradict one another, and the least changes that would give it one.
    """
    from allocate.api import solve
    from allocate.case.load import read_case

    case = read_case(case_path, scenario, settings)
    answer = solve(case)
    if answer.plan is None:
        _without_plan(answer, format_, str(case_path), pins, time_limit)
        sys.exit({"infeasible": 3, "unbounded": 1}.get(answer.status.value, 5))
    _plan(answer, format_)


def _plan(answer: Answer, format_: str) -> None:
    from allocate.api import explain
    from allocate.cli import output
    from allocate.cli.answer import headline
    from allocate.cli.explaining import plan

    found = explain(answer.case)
    assert found is not None
    if format_ == "json":
        output.print_json(plan.as_json(answer, found))
        return
    for line in headline(answer):
        click.echo(line)
    click.echo()
    for line in plan.sentences(found, answer.case.currency):
        click.echo(line)
    (output.print_tables if format_ == "table" else output.print_markdown)(plan.blocks(found, answer.case.currency))


def _without_plan(answer: Answer, format_: str, case_path: str, pins: tuple[str, ...], time_limit: float) -> None:
    from allocate.api import diagnose
    from allocate.cli import output
    from allocate.cli.answer import headline
    from allocate.cli.explaining import no_plan
    from allocate.solvers.outcome import Status

    if answer.status is not Status.INFEASIBLE:
        for line in headline(answer):
            click.echo(line)
        return
    found = diagnose(answer.case, pins, time_limit)
    if format_ == "json":
        output.print_json(no_plan.as_json(answer, found))
        return
    for line in no_plan.lines(answer, found, case_path):
        click.echo(line)
