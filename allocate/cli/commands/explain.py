"""`allocate explain`: why the plan is as it is, or why there is none."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from allocate.cli.keeping import keep, save_option
from allocate.cli.options import CaseGiven, case_argument, share_of, time_limit_option
from allocate.tables.formats import long_text

if TYPE_CHECKING:
    from allocate.answers import Answer
    from allocate.case.load import Case
    from allocate.odds.priced import OddsCost
    from allocate.program.build import Built


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
@time_limit_option(
    "Seconds for the plan, and as many again for what explains it (or for each alternative, or why there is none).",
    default=60.0,
)
@click.option(
    "--thorough", is_flag=True,
    help="Look into everything. Without it, what would take more than twice the work of finding the plan is left out, and named.",
)  # fmt: skip
@click.option(
    "--limit", "limits", metavar="NAME", multiple=True,
    help="Only this limit, rule or deadline, by the name that `explain` prints. May be given several times.",
)  # fmt: skip
@click.option("--alternatives", is_flag=True, help="Instead: plans nearly as good that differ, and what they cost.")
@click.option(
    "--within",
    type=share_of,
    metavar="SHARE",
    default="1%",
    show_default=True,
    help="With --alternatives: the part of the best objective they may give up.",
)
@click.option(
    "--from",
    "before",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="With --alternatives: also the plan that changes least from this one (.csv as `solve --format csv` writes it).",
)
@click.option(
    "--odds",
    type=share_of,
    metavar="P",
    help="Also what it would cost to keep promises with these odds, kind by kind, as in 90%; for cases with spreads.",
)
@save_option
def command(
    given: CaseGiven,
    format_: str,
    pins: tuple[str, ...],
    time_limit: float,
    thorough: bool,
    limits: tuple[str, ...],
    alternatives: bool,
    within: float,
    before: Path | None,
    odds: float | None,
) -> None:
    """Explain the plan of CASE in money: marginal returns, what limits and rules cost, more budget, vendors' prices.

    Where there is none: which limits contradict one another, and the least changes that would give it one.
    """
    from allocate.api.solving import formulate, solve

    if before is not None and not alternatives:
        raise click.UsageError("--from is for alternatives: add --alternatives.")
    if limits and (alternatives or odds is not None):
        raise click.UsageError("--limit asks about limits alone: leave out --alternatives and --odds.")
    case = given.told()
    if odds is not None:
        _check_odds(case, odds, alternatives)
    if alternatives and _alternatives(case, format_, within, before, time_limit):
        return
    built = formulate(case)
    answer = solve(case, formulation=built, time_limit=time_limit, moved=False)
    keep(answer, given.path)
    if answer.plan is None:
        _without_plan(answer, format_, str(given.path), pins, time_limit)
        sys.exit({"infeasible": 3, "unbounded": 1}.get(answer.status.value, 5))
    _plan(answer, built, time_limit, format_, odds, thorough, str(given.path), limits)


def _alternatives(case: Case, format_: str, within: float, before: Path | None, time_limit: float) -> bool:
    """Print near-optimal plans; False where there is no plan at all."""
    from allocate.api.explaining import alternatives
    from allocate.case.plan_file import read_plan
    from allocate.cli import output
    from allocate.cli.explaining import alternatives as printed

    found = alternatives(case, within, read_plan(case, before) if before is not None else (), time_limit)
    if found is None:
        return False
    if format_ == "json":
        output.print_json(printed.as_json(case, found))
        return True
    output.print_grids(printed.blocks(case, found), format_)
    for line in printed.closing(found):
        output.say(line, format_)
    return True


def _check_odds(case: Case, odds: float, alternatives: bool) -> None:
    """Odds are priced for a plan of a case with spreads."""
    from allocate.odds.odds import refuse_certain

    if alternatives:
        raise click.UsageError("--odds prices the plan, and --alternatives asks for others: leave one of them out.")
    if not 0.0 < odds < 1.0:
        raise click.BadParameter("odds lie above 0% and below 100%: nothing is certain", param_hint="--odds")
    refuse_certain(case)


def _plan(
    answer: Answer, built: Built, time_limit: float, format_: str, asked: float | None, thorough: bool, named: str,
    limits: tuple[str, ...],
) -> None:  # fmt: skip
    from allocate.api.explaining import explain
    from allocate.cli import output
    from allocate.cli.answer import headline
    from allocate.cli.explaining import plan
    from allocate.cli.telling import telling

    case = answer.case
    found = explain(
        case, answer=answer, formulation=built, time_limit=time_limit, tell=telling(), thorough=thorough, limits=limits
    )
    if found is None:
        click.echo(f"error: {long_text(case.name)}: the time ended before there was a plan to explain", err=True)
        sys.exit(5)
    costs = _priced(answer, asked) if asked is not None else ()
    if format_ == "json":
        more = {"odds": [asdict(one) for one in costs]} if asked is not None else {}
        output.print_json({**plan.as_json(answer, found), **more})
        return
    for line in [*headline(answer), *_of_the_first_goal(case), "", *plan.sentences(found, case.currency)]:
        output.say(line, format_)
    output.print_grids(plan.blocks(found, case), format_)
    if costs:
        from allocate.odds.priced import priced_grid

        output.print_grids([priced_grid(costs, case)], format_)
    for line in (*plan.free_limits(found, asked=bool(limits)), *plan.left_out(found, named)):
        output.say(line, format_)


def _of_the_first_goal(case: Case) -> list[str]:
    """That what follows explains another plan than the one that is taken, where goals may give up part of their best."""
    first, *others = (goal.replace("-", " ") for goal in case.file.objective)
    if not case.file.give:
        return []
    return [
        f"What follows is about the best plan by {first} alone; this plan may give up part of that for {' and '.join(others)}."
    ]


def _priced(answer: Answer, asked: float) -> tuple[OddsCost, ...]:
    from allocate.odds.odds import plan_odds
    from allocate.odds.priced import priced

    return priced(answer.case, plan_odds(answer.case, answer.plan, table=answer.routes), asked)


def _without_plan(answer: Answer, format_: str, case_path: str, pins: tuple[str, ...], time_limit: float) -> None:
    from allocate.cli import output
    from allocate.cli.answer import headline
    from allocate.cli.explaining import no_plan
    from allocate.explaining.conflicts.diagnosis import diagnose
    from allocate.solvers.outcome import Status

    if answer.status is not Status.INFEASIBLE:
        for line in headline(answer):
            output.say(line, format_)
        return
    found = diagnose(answer.case, pins, time_limit)
    if format_ == "json":
        output.print_json(no_plan.as_json(answer, found))
        return
    for line in no_plan.lines(answer, found, case_path):
        output.say(line, format_)
