"""`allocate check`: all problems of a case, or a one-line summary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from allocate.cli.options import CaseGiven, case_argument
from allocate.tables.formats import long_text


@click.command("check", short_help="All problems of a case, or a one-line summary.")
@case_argument
def command(given: CaseGiven) -> None:
    """List every problem of CASE and of each of its scenarios, or say in one line what it holds."""
    from allocate.api.solving import formulate
    from allocate.cli.output import note, told
    from allocate.errors import CaseError, Problem
    from allocate.finance.payroll import on_call_notes

    case = given.read()
    built = formulate(case)
    problems: list[Problem] = []
    names = [] if given.scenario else list(case.file.scenarios)
    apart = []
    for name in names:
        fit = _that_fit(given.settings, case.file.scenarios[name])
        if fit != given.settings:
            apart.append(f"note: scenario {name} takes out what a setting changes, and is checked without that setting")
        try:
            formulate(CaseGiven(given.path, name, fit).read())
        except CaseError as error:
            found = [Problem(f"scenario {name}: {p.message}", p.place, p.fix) for p in error.problems]
            problems += [problem for problem in found if problem not in problems]
    if problems:
        raise CaseError(problems)
    counts = [
        _count(len(case.products), "product"),
        _count(len(case.vendors), "vendor"),
        _count(built.layout.routes.count, "route"),
        _count(case.periods.count, case.periods.unit),
        _count(len(names), "scenario"),
    ]
    size = built.program.arrays()
    told(case)
    note([*apart, *(f"note: {long_text(line)}" for line in on_call_notes(case))])
    click.echo(
        f"{long_text(case.name)}: no problems ({', '.join(counts)}; {size.column_count:,} columns, {size.row_count:,} rows)"
    )


def _that_fit(settings: tuple[str, ...], scenario: Mapping[str, Any]) -> tuple[str, ...]:
    """Settings but those about what a scenario takes out."""
    out = tuple(f"{path}." for path, value in scenario.items() if value is None)
    return tuple(one for one in settings if not one.startswith(out))


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
