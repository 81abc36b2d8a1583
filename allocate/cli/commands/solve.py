"""`allocate solve`: the plan, or why there is none."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from allocate.cli.keeping import keep, save_option
from allocate.cli.options import (
    FORMATS,
    CaseGiven,
    Finite,
    case_argument,
    formats_option,
    plan_out_option,
    time_limit_option,
)
from allocate.cli.sharing import Workers, worker_options, workers_asked_for
from allocate.tables.formats import long_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from allocate.answers import Answer
    from allocate.case.load import Case
    from allocate.case.plan_file import PlanLine

STAGE_SCENARIOS = 64
STAGE_METHODS = ("auto", "plain", "decomposition")
EXIT = {"optimal": 0, "feasible": 4, "infeasible": 3, "unbounded": 1, "stopped": 5}


@click.command("solve", short_help="The plan, verified; or why there is none.")
@case_argument
@formats_option(*FORMATS, "brief", words="How to print; brief: a few sentences for a chat.")
@click.option(
    "--solver", default="highs", show_default=True, metavar="NAME", help="highs, cbc, or another PuLP back end."
)
@click.option(
    "--method",
    default="auto",
    show_default=True,
    metavar="NAME",
    help="auto (by size and structure), plain (HiGHS on all of it), sifting (linear), decomposition or branching (integer). "
    "With --stages: plain (all scenarios as one program) or decomposition (one by one).",
)
@time_limit_option("Stop after this many seconds.")
@click.option("--invoice", is_flag=True, help="Print what is owed to whom, by billing window, instead of the plan.")
@click.option("--staff", is_flag=True, help="Print each in-house team by period, instead of the plan.")
@click.option(
    "--fix",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Hold the lines of a plan (.csv or .xlsx: product, vendor, workflow, period, items; .json; a run's folder) and optimise the rest.",
)
@click.option(
    "--as-is", is_flag=True, help="With --fix: price the file's plan exactly as it is and list what it breaks."
)
@plan_out_option("Also write the plan and its certificate as JSON, for `allocate verify`.")
@worker_options("large integer programs, whose products are planned one by one, and for the scenarios of --stages")
@click.option(
    "--stages",
    is_flag=True,
    help="Decide in two stages, split where the case's `known:` says; also says what waiting and knowing are worth.",
)
@click.option(
    "--most-scenarios",
    "scenarios",
    type=click.IntRange(8, 1024),
    metavar="N",
    help="With --stages: use at most this many scenarios in place of all drawn.  [default: 64]",
)
@click.option("--gap", type=Finite(least=0), metavar="G", help="Stop at this relative gap, as in 0.001.")
@save_option
def command(
    given: CaseGiven,
    format_: str,
    solver: str,
    method: str,
    time_limit: float | None,
    invoice: bool,
    staff: bool,
    fix: Path | None,
    as_is: bool,
    out: Path | None,
    gap: float | None,
    stages: bool,
    scenarios: int | None,
    workers: Workers,
) -> None:
    """Plan CASE: who makes what, how and when, with a proof; Ctrl-C ends it with the best plan so far."""
    from allocate.record.lines import lines_of

    _check_options(fix, as_is, out, format_ == "brief" and (invoice or staff or as_is or stages))
    _check_stages(stages, scenarios, method, [fix is not None, invoice, staff, solver != "highs", gap is not None])
    case = given.read()
    if stages:
        from allocate.cli.staged import run_stages

        with workers_asked_for(workers) as pool:
            many = scenarios or STAGE_SCENARIOS
            sys.exit(run_stages(case, given.path, many, time_limit, format_, out, method=method, executor=pool))
    held = lines_of(case, fix) if fix is not None else ()
    if as_is:
        sys.exit(_print_as_is(case, held, format_))
    answer = _solved(case, workers, held=held, solver=solver, method=method, time_limit=time_limit, gap=gap)
    _write(
        answer, out, given.path
    )  # before it is printed: a reader who goes away (as `head` does) takes nothing with them
    _show(answer, "invoice" if invoice else "staff" if staff else "plan", format_)
    _print_notes(answer, workers)
    if answer.plan is None:
        _say_why_not(answer, given.words, format_, out)
    wanted = answer.limit is not None and answer.limit.value == "gap"
    sys.exit(0 if wanted else EXIT[answer.status.value])


def _write(answer: Answer, out: Path | None, case_path: Path) -> None:
    """The plan as a file, where one is asked for, and the run as one that is kept."""
    from allocate.record.write import write_answer

    if out is not None and answer.plan is not None:
        write_answer(answer, out)
    keep(answer, case_path)


def _check_options(fix: Path | None, as_is: bool, out: Path | None, brief_of_part: bool) -> None:
    """Options that do not go together, and a file that cannot be written, are said before anything is planned."""
    from allocate.writing import check_can_write

    if as_is and fix is None:
        raise click.UsageError("--as-is needs the plan it is about: add --fix FILE.")
    if as_is and out is not None:
        raise click.UsageError("--out writes a plan that was solved; with --as-is use --format json.")
    if brief_of_part:
        raise click.UsageError("--format brief tells a whole plan; leave out --invoice, --staff, --as-is and --stages.")
    if out is not None:
        check_can_write(out)


def _check_stages(stages: bool, scenarios: int | None, method: str, others: list[bool]) -> None:
    """Options that have nothing to do with stages are said before anything is planned."""
    if scenarios is not None and not stages:
        raise click.UsageError("--most-scenarios says how many there are with --stages: add --stages.")
    if stages and any(others):
        raise click.UsageError(
            "--stages goes with --most-scenarios, --method, --workers, --cluster, --patience, --time-limit, --format and "
            "--out only."
        )
    if stages and method not in STAGE_METHODS:
        raise click.UsageError(
            f"--stages knows the methods {', '.join(STAGE_METHODS[:-1])} and {STAGE_METHODS[-1]}, not {method}."
        )


def _print_as_is(case: Case, held: Sequence[PlanLine], format_: str) -> int:
    """Price a plan as it is; the command's exit status."""
    from allocate.api.evaluating import evaluate
    from allocate.cli.answer import print_evaluation

    found = evaluate(case, held)
    print_evaluation(case, found, format_)
    return 0 if found.holds else 3


def _solved(case: Case, workers: Workers, **options: Any) -> Answer:
    """The answer, whoever works on it; options: of `allocate.solve`."""
    from allocate.answers import UnverifiedPlanError
    from allocate.api.solving import solve
    from allocate.solvers.outcome import AskedError

    try:
        with workers_asked_for(workers) as pool:
            return solve(case, progress=_progress, executor=pool, **options)
    except UnverifiedPlanError as error:
        click.echo(f"error: {error}\nThis is a fault of the program, not of the case; no plan is shown.", err=True)
        sys.exit(1)
    except AskedError as error:
        raise click.BadParameter(str(error), param_hint=f"--{error.option}") from None


def _print_notes(answer: Answer, workers: Workers) -> None:

    idle = _idle(answer) if workers.asked_for else None
    for note in (*answer.notes, *([idle] if idle else [])):
        click.echo(f"note: {long_text(note)}", err=True)


def _idle(answer: Answer) -> str | None:
    """That the workers asked for had nothing to do, where it is so."""
    method = answer.run["method"]["name"]
    if method == "decomposition":
        return None
    return f"the workers had nothing to do: the method {method} runs in one process; decomposition shares its work out"


def _show(answer: Answer, what: str, format_: str) -> None:
    """Print the invoice or the staff of a plan, or the whole answer."""
    from allocate.cli.answer import print_answer, print_invoice, print_staff
    from allocate.cli.output import print_json
    from allocate.record.as_json import as_json

    if what == "invoice" and answer.plan is not None:
        print_invoice(answer.case, answer.plan, format_)
    elif what == "staff" and answer.plan is not None:
        print_staff(answer.case, answer.plan, format_)
    elif format_ == "json":
        print_json(as_json(answer))
    else:
        print_answer(answer, format_)


def _say_why_not(answer: Answer, asked: list[str], format_: str, out: Path | None) -> None:
    """Say on stderr that there is no plan, and which command tells more; asked: CASE and what is laid over it."""
    from allocate.cli.answer import without_plan

    reasons = "".join(f"\n  {long_text(reason.sentence)}" for reason in answer.reasons) if format_ == "csv" else ""
    unwritten = f"\n  {out} was not written." if out is not None else ""
    click.echo(f"error: {long_text(answer.case.name)}: {without_plan(answer)}{reasons}{unwritten}", err=True)
    if answer.status.value == "infeasible":
        command = long_text(shlex.join(["allocate", "explain", *asked]))
        click.echo(f"`{command}` shows which limits contradict one another, and what would resolve it.", err=True)


def _progress(seconds: float, best: float | None, bound: float | None) -> None:
    if seconds >= 2:
        shown = ["–" if value is None else f"{value:,.2f}" for value in (best, bound)]
        click.echo(f"{seconds:6.0f} s  best {shown[0]}  bound {shown[1]}", err=True)
