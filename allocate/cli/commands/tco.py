"""`allocate tco`: what owning the best plan costs, by year and category."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from allocate.cli.keeping import keep, save_option
from allocate.cli.options import CaseGiven, case_argument, format_option, time_limit_option

if TYPE_CHECKING:
    from allocate.answers import Answer
    from allocate.finance.calendars import By


@click.command("tco", short_help="What the best plan costs by year and category, nominal and discounted.")
@case_argument
@format_option
@click.option("--by", type=click.Choice(["year", "quarter", "month"]), default="year", show_default=True, help="Calendar years, quarters or months.")  # fmt: skip
@click.option(
    "--per",
    default="category",
    show_default=True,
    metavar="KEY",
    help="Rows of the table: category, product, vendor, paid-to, or a tag of products or vendors, as in cost-centre.",
)
@click.option(
    "--against", metavar="SCENARIO", help="Set another scenario's best plan beside it (`as-it-stands`: none)."
)
@click.option(
    "--absorbed", "is_absorbed", is_flag=True, help="Print each product with its part of the overhead pools instead."
)
@time_limit_option()
@save_option
def command(
    given: CaseGiven,
    format_: str,
    by: By,
    per: str,
    against: str | None,
    is_absorbed: bool,
    time_limit: float | None,
) -> None:
    """Show the total cost of ownership of CASE's best plan: every cost by year and category, and per accurate item.

    Money counts at the end of the week or month it is paid in, which contracts may defer (`payment: 30 days`). It is
    discounted where the case says `discount: 8 %/year`, as it is where the plan is chosen.
    """
    from allocate.cli.ownership import print_absorbed, print_comparison, print_ownership
    from allocate.finance.absorbed import absorbed
    from allocate.finance.ownership import ownership

    if is_absorbed and against is not None:
        raise click.UsageError("--absorbed is about one plan; leave --against out.")
    _check_per(given, per)
    answer = _planned(given, time_limit)
    assert answer.plan is not None
    if is_absorbed:
        print_absorbed(answer, absorbed(answer.case, answer.plan), format_)
        return
    found = ownership(answer.case, answer.plan, by, per)
    if against is None:
        print_ownership(answer, found, format_)
        return
    other = _planned(replace(given, scenario=None if against == AS_IT_STANDS else against), time_limit)
    assert other.plan is not None
    print_comparison((answer, found), (other, ownership(other.case, other.plan, by, per)), format_)


def _check_per(given: CaseGiven, per: str) -> None:
    """What a table cannot be sorted by is said before anything is planned."""
    from allocate.finance.sorting import SORTS, tags_of

    known = [*SORTS, *(tags_of(given.read()) if per not in SORTS else ())]
    if per not in known:
        raise click.BadParameter(f"there is no tag '{per}'; known are {', '.join(known)}.", param_hint="--per")


AS_IT_STANDS = "as-it-stands"


def _planned(given: CaseGiven, time_limit: float | None) -> Answer:
    """The best plan; without one the command ends, saying why."""
    from allocate.api.solving import solve
    from allocate.cli.answer import without_plan
    from allocate.cli.commands.solve import EXIT

    case = given.read()
    answer = solve(case, time_limit=time_limit)
    keep(answer, given.path)
    if answer.plan is None:
        named = f"{case.name}{f', scenario {given.scenario}' if given.scenario else ''}"
        reasons = "".join(f"\n  {reason.sentence}" for reason in answer.reasons)
        click.echo(f"error: {named}: {without_plan(answer)}{reasons}", err=True)
        sys.exit(EXIT[answer.status.value])
    for note in answer.notes:
        click.echo(f"note: {note}", err=True)
    return answer
