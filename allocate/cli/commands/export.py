"""`allocate export`: the program as a file other solvers read, or plans as tables other tools read."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from allocate.cli.options import CaseGiven, actuals_option, case_argument
from allocate.tables.formats import long_text

if TYPE_CHECKING:
    from allocate.case.load import Case
    from allocate.program.build import Built

ALL = "all"
"""What `--scenario` says for the case as it is and every scenario of it."""


@click.command("export", short_help="The program as an LP or MPS file; plans as tables.")
@case_argument
@click.option(
    "--out", "-o", type=click.Path(path_type=Path, dir_okay=False), help="File to write; its ending says LP or MPS."
)
@click.option("--format", "format_", type=click.Choice(["lp", "mps"]), help="LP or MPS, where there is no file.")
@click.option("--legend", is_flag=True, help="Print what each column and row stands for, as CSV, instead.")
@click.option(
    "--tables", type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
    help="Plan the case and write a star schema as CSV: facts, dimensions, and a README.md; --scenario all plans every scenario.",
)  # fmt: skip
@click.option(
    "--budgets",
    metavar="FROM:TO:POINTS",
    help="With --tables: the best plan at each of these total budgets, as in 100k:500k:9.",
)
@click.option("--parquet", is_flag=True, help="With --tables: each table as Parquet, too; needs pyarrow.")
@click.option(
    "--focus", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE.csv",
    help="Plan the case and write it as FOCUS 1.4: cost and usage, and commitments into FILE-commitments.csv.",
)  # fmt: skip
@actuals_option("With --focus: what was done, too; a folder that `actuals import` wrote.")
def command(
    given: CaseGiven,
    out: Path | None,
    format_: str | None,
    legend: bool,
    tables: Path | None,
    budgets: str | None,
    parquet: bool,
    focus: Path | None,
    folders: tuple[Path, ...],
) -> None:
    """Write the program of CASE in a format any solver reads; names are ours, the legend explains them.

    With --tables it writes the plan instead, as tables that business intelligence tools read; with --focus as rows that FinOps tools
    read beside cloud spend.
    """
    from allocate.api.solving import formulate
    from allocate.cli.output import print_csv
    from allocate.program.export import legend_table
    from allocate.writing import check_can_write

    if (folders and focus is None) or ((budgets or parquet) and tables is None):
        raise click.UsageError("--actuals goes with --focus, --budgets and --parquet with --tables")
    if tables is not None or focus is not None:
        if out is not None or format_ is not None or legend or (tables is not None and focus is not None):
            raise click.UsageError(OF_PLANS)
        if focus is not None:
            sys.exit(_write_focus(given, focus, folders))
        sys.exit(_write_tables(given, tables or Path(), budgets, parquet))
    kind = format_ or (out.suffix.lstrip(".").lower() if out is not None else "lp")
    if kind not in ("lp", "mps"):
        raise click.UsageError(f"'{out}' ends neither in .lp nor in .mps; add --format lp or --format mps.")
    if out is not None and not legend:
        check_can_write(out)
    built = formulate(given.told())
    if legend:
        print_csv(legend_table(built))
        return
    _write_program(built, kind, out)


def _write_program(built: Built, kind: str, out: Path | None) -> None:
    """Write a program to a file, or print it."""
    from allocate.program.export import lp_text, mps_text
    from allocate.writing import write_whole

    text = lp_text(built.program) if kind == "lp" else mps_text(built.program)
    if out is None:
        click.echo(text, nl=False)
    else:
        write_whole(out, text)
        click.echo(f"wrote {out}", err=True)


OF_PLANS = "--tables and --focus each write plans; leave out --out, --format and --legend, which are of the program."


def _write_tables(given: CaseGiven, folder: Path, budgets: str | None, parquet: bool) -> int:
    """Plan a case, or with `all` every scenario, and write the tables; the exit status is that of the first without a plan."""
    from allocate.answers import UnverifiedPlanError
    from allocate.api.solving import solve
    from allocate.cli.answer import without_plan
    from allocate.cli.commands.solve import EXIT
    from allocate.cli.ranges import amounts
    from allocate.reporting.star import FILES, check_parquet, write_star
    from allocate.solvers.outcome import Limit
    from allocate.study.frontier import frontier
    from allocate.writing import check_can_fill

    if parquet:
        check_parquet()
    cases = _cases(given)
    points = [amounts(case, "budget", budgets, "--budgets") for case in cases] if budgets is not None else []
    check_can_fill(folder, FILES)
    answers = []
    for case in cases:
        try:
            answers.append(solve(case))
        except UnverifiedPlanError as error:
            click.echo(
                f"error: {error}\nThis is a fault of the program, not of the case; no table was written.", err=True
            )
            return 1
        if answers[-1].limit is Limit.INTERRUPT:
            click.echo("error: stopped early: no table was written.", err=True)
            return EXIT["stopped"]
    for answer in answers:
        if answer.plan is None:
            name = answer.case.scenario or answer.case.name
            click.echo(f"note: {long_text(name)}: {without_plan(answer)} It has a row in dim_run alone.", err=True)
    frontiers = (
        [frontier(case, "budget", some) for case, some in zip(cases, points, strict=bool(points))] if points else []
    )
    written = write_star(answers, folder, frontiers, parquet)
    click.echo(f"wrote {len(written)} files into {folder}", err=True)
    return next((EXIT[one.status.value] for one in answers if EXIT[one.status.value]), 0)


def _write_focus(given: CaseGiven, file: Path, folders: tuple[Path, ...]) -> int:
    """Plan a case and write it as FOCUS; the exit status is that of `solve`."""
    from allocate.answers import UnverifiedPlanError
    from allocate.api.solving import solve
    from allocate.cli.answer import without_plan
    from allocate.cli.commands.solve import EXIT
    from allocate.reporting.focus import commitments_file, write_focus
    from allocate.writing import check_can_write

    if file.suffix != ".csv":
        raise click.UsageError("--focus takes a name that ends in .csv")
    for one in (file, commitments_file(file)):
        check_can_write(one)
    case = given.told()
    try:
        answer = solve(case)
    except UnverifiedPlanError as error:
        click.echo(f"error: {error}\nThis is a fault of the program, not of the case; nothing was written.", err=True)
        return 1
    if answer.plan is None:
        click.echo(f"error: {without_plan(answer)} Nothing was written.", err=True)
        return EXIT[answer.status.value]
    done = None
    if folders:
        from allocate.actuals.reading import read_actuals
        from allocate.bridge.ends import bill

        done = bill(case, answer.plan, actuals=read_actuals(folders)).plan
    for one in write_focus(case, answer.plan, file, done):
        click.echo(f"wrote {one}", err=True)
    return EXIT[answer.status.value]


def _cases(given: CaseGiven) -> list[Case]:
    """The case that is asked for; with `all` the case as it is, and each of its scenarios."""

    if given.scenario != ALL:
        return [given.told()]
    case = replace(given, scenario=None).told()
    if ALL in case.file.scenarios:
        raise click.UsageError("the case has a scenario 'all', which --scenario all could mean: give it another name.")
    return [case, *(replace(given, scenario=name).read() for name in case.file.scenarios)]
