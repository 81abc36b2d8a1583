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
def command(case_path: Path, scenario: str | None, settings: tuple[str, ...], format_: str) -> None:
    """Explain the plan of CASE in money: marginal returns, what each limit costs, more budget, entry prices."""
    from allocate.api import solve
    from allocate.case.load import read_case

    case = read_case(case_path, scenario, settings)
    answer = solve(case)
    if answer.plan is None:
        _without_plan(answer, format_)
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


def _without_plan(answer: Answer, format_: str) -> None:
    from allocate.cli import output
    from allocate.cli.explaining import no_plan

    if format_ == "json":
        output.print_json(no_plan.as_json(answer))
        return
    for line in no_plan.lines(answer):
        click.echo(line)
