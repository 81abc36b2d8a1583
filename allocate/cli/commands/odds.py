"""`allocate odds`: a plan in many scenarios, and how likely it keeps what the case promises."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from allocate.cli.keeping import keep_study, save_option
from allocate.cli.options import CaseGiven, case_argument, format_option, plan_option
from allocate.tables.formats import long_text

if TYPE_CHECKING:
    from allocate.case.load import Case
    from allocate.odds.odds import Odds, Policy


def points(text: str | float | None) -> float | None:
    """A precision in points of a chance, as a share: `1pt`, `0.5 points`, `1%`; a type of options."""
    if text is None or isinstance(text, float):
        return text
    words = text.strip().lower().removesuffix("%").removesuffix("s").removesuffix("point").removesuffix("pt").strip()
    try:
        number = float(words)
    except ValueError:
        raise click.BadParameter(f"'{text}' is not a precision; write it in points, as in 1pt") from None
    if not 0.0 < number <= 50.0:
        raise click.BadParameter(f"'{text}' is not above 0 and at most 50 points")
    return number / 100.0


def width(text: str | float | None) -> float | None:
    """How far P10 and P90 lie from P50, as a share; a type of options."""
    from allocate.cli.options import share_of

    if text is None or isinstance(text, float):
        return text
    share = share_of(text.strip().removeprefix("±").removeprefix("+-"))
    if not 0.0 < share <= 0.9:
        raise click.BadParameter(f"'{text}' is not above 0% and at most 90%")
    return share


@click.command("odds", short_help="How likely the plan is to keep each limit when inputs turn out differently.")
@case_argument
@format_option
@plan_option(
    "The plan to try (.csv or .xlsx: product, vendor, workflow, period, items; .json; a kept run, as in `latest`); default: "
    "the best one at P50."
)
@click.option(
    "--scenarios",
    type=click.IntRange(16, 131_072),
    metavar="N",
    help="How many, in 8 equal parts.  [default: 1024, or the case's own]",
)
@click.option(
    "--seed",
    type=click.IntRange(0, 2**32 - 1),
    metavar="S",
    help="Start of the random draws.  [default: 1, or the case's own]",
)
@click.option("--within", type=points, metavar="PT", help="Draw more until all odds are this close, as in 1pt.")
@click.option(
    "--policy",
    type=click.Choice(("carry-over", "stop-at-budget", "re-plan")),
    default="carry-over",
    show_default=True,
    help="Work that does not fit waits; or work ends when the budget is spent; or the case is planned again once amounts are `known:`.",
)
@click.option(
    "--spread",
    type=width,
    metavar="10%",
    help="Assume this for every input of `sensitivity` without a spread: P10 and P90 this far from P50.",
)
@click.option(
    "--speeds",
    type=width,
    metavar="10%",
    help="Assume that individual people differ in speed by this much (standard deviation); a team of n differs by that over the root of n.",
)
@click.option(
    "--worth-knowing",
    type=click.IntRange(1, 256),
    metavar="N",
    help="Also try the best plans of N scenarios (16 are many): what knowing each input before planning would be worth.",
)
@save_option
def command(
    given: CaseGiven,
    format_: str,
    plan_path: str | None,
    scenarios: int | None,
    seed: int | None,
    within: float | None,
    policy: Policy,
    spread: float | None,
    speeds: float | None,
    worth_knowing: int | None,
) -> None:
    """Hold a plan of CASE in many scenarios: how likely each limit is kept, by how much it is missed, and what moves it.

    Every amount with a spread is drawn (P10, P50 and P90 as the case has them). Work that does not fit into its week waits
    for the next; vendors work their lines in the order of the plan. Money is what contracts ask for the work really done;
    labels that miss their deadline are worth nothing. An accuracy is what comes out with luck with single items, so that a floor
    met exactly holds about half of the time. Figures behind ± are half of a 95 % interval, from 8 independent parts of the scenarios.
    """
    from allocate.cli.plans import plan_named
    from allocate.odds.as_study import odds_as_study
    from allocate.odds.odds import plan_odds

    began = time.monotonic()
    if policy == "re-plan" and plan_path is not None:
        raise click.UsageError("--policy re-plan makes plans of its own: leave --plan out.")
    case, notes = _with_assumed(given.read(), speeds, spread)
    plan = None if plan_path is None else plan_named(case, plan_path)
    found = plan_odds(
        case, plan, scenarios=scenarios, seed=seed, within=within, policy=policy, worth_knowing=worth_knowing or 0
    )
    keep_study(odds_as_study(found), (case,), str(given.path), time.monotonic() - began)
    _show(found, format_)
    for note in (*found.notes, *notes):
        click.echo(f"note: {long_text(note)}", err=True)


def _show(found: Odds, format_: str) -> None:
    from allocate.cli.output import print_data, print_grids

    if not print_data(format_, found.as_object, lambda: found.table):
        print_grids(found.grids(), format_)


def _with_assumed(case: Case, speeds: float | None, spread: float | None) -> tuple[Case, list[str]]:
    """The case with the spreads that are assumed of it, and what to say of them."""
    from allocate.odds.assumed import with_speeds, with_spreads

    notes = list[str]()
    if speeds is not None:
        case, names = with_speeds(case, speeds)
        notes.append(_assumed(f"P10 and P90 of the pace, because individual people differ by {speeds:.0%}", names))
    if spread is not None:
        case, names = with_spreads(case, spread)
        inputs = f"{len(names)} input{'s' * (len(names) != 1)} without a spread"
        notes.append(_assumed(f"P10 and P90 {spread:.0%} from P50 for {inputs}", names))
    return case, notes


def _assumed(what: str, names: tuple[str, ...]) -> str:
    """That spreads were assumed, and of what."""
    return f"assumed: {what}: {', '.join(names)}" if names else f"nothing was assumed: {what}"
