"""`allocate scale`: one product at half to four times its volume."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from allocate.cli.options import CaseGiven, case_argument, format_option
from allocate.cli.studying import Asked, finish, keep_points, print_study, run_study, study_options
from allocate.tables.column import chosen
from allocate.tables.formats import text
from allocate.tables.studies import SCALE

if TYPE_CHECKING:
    pass


@click.command("scale", short_help="A product at x0.5 to x4: cost per item, and where capacity runs out.")
@case_argument
@format_option
@click.option("--product", required=True, metavar="NAME", help="The product whose volume changes.")
@click.option(
    "--factors",
    default="0.5,0.75,1,1.5,2,3,4",
    show_default=True,
    metavar="A,B,C",
    help="Its volume, times the case's own: what is demanded exactly, else what the best plan makes.",
)
@study_options
def command(
    given: CaseGiven,
    format_: str,
    product: str,
    factors: str,
    asked: Asked,
) -> None:
    """Plan CASE with one product larger and smaller; Ctrl-C keeps the points done so far."""
    from allocate.study.scale import scale

    multiples = _factors(factors)
    case = given.told()
    study = run_study(asked, scale, case, product, multiples)
    keep_points(study, given.path)
    names = ["factor", "status", "items", "product_spend", "cost_per_item", "cost_of_one_more", "spend", "objective"]
    columns = chosen(SCALE, *names, "vendors_used", "why")
    print_study(study, f"{text(product)} at other volumes ({case.currency})", columns, format_)
    finish(study)


def _factors(text: str) -> list[float]:
    try:
        found = [float(part.strip().removeprefix("x")) for part in text.split(",")]
    except ValueError:
        found = []
    if not found or not all(0 < one < 1e6 for one in found):
        raise click.BadParameter(f"'{text}' is not a list of factors above 0, as in 0.5,1,2", param_hint="--factors")
    return found
