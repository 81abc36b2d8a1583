"""`allocate sampling`: lot plans, their curves and costs, and how many items to check."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from allocate.cli.options import MOST_ITEMS, MOST_SAMPLED, format_option, share_of
from allocate.tables.column import Column, grid
from allocate.tables.formats import COUNT, MONEY, SHARE, TENTHS

if TYPE_CHECKING:
    from allocate.costing.quality.double_sampling import DoublePlan
    from allocate.costing.quality.sampling import LotPlan

RATES = (0.0, 0.0025, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.075, 0.10, 0.15, 0.20)
"""Shares of wrong items a curve is shown at unless told otherwise."""


confidence_option = click.option(
    "--confidence", type=share_of, metavar="SHARE", default="95%", show_default=True, help="Confidence of the interval."
)


@click.group("sampling", short_help="Acceptance sampling: what a plan lets through, and how many items to check.")
def command() -> None:
    """Lots are accepted when few enough of a sample are wrong; lots that fail are checked whole."""


@command.command("curve")
@click.option(
    "--sample", type=click.IntRange(min=1, max=MOST_SAMPLED), required=True, help="Items checked of each lot."
)
@click.option(
    "--accept",
    type=click.IntRange(min=0, max=MOST_SAMPLED),
    required=True,
    help="Most wrong ones with which a lot passes.",
)
@click.option(
    "--reject",
    type=click.IntRange(min=0, max=MOST_SAMPLED),
    help="Wrong ones from which a lot fails at once, where there is a second sample.  [default: --accept-both and one more]",
)
@click.option(
    "--second", type=click.IntRange(min=1, max=MOST_SAMPLED), help="Items checked more of a lot that is not decided."
)
@click.option(
    "--accept-both",
    type=click.IntRange(min=0, max=MOST_SAMPLED),
    help="Most wrong ones in both samples with which a lot passes.",
)
@click.option(
    "--lot",
    type=click.IntRange(min=1, max=MOST_ITEMS),
    help="Items in a lot; needed for what gets through, and for costs.",
)
@click.option("--cost", metavar="MONEY", help="Cost of checking one item, as in '0.30 USD'.")
@click.option(
    "--at",
    "rates",
    type=share_of,
    metavar="SHARE",
    multiple=True,
    help="A share of wrong items. May be given several times.",
)
@format_option
def curve(
    sample: int,
    accept: int,
    reject: int | None,
    second: int | None,
    accept_both: int | None,
    lot: int | None,
    cost: str | None,
    rates: tuple[float, ...],
    format_: str,
) -> None:
    """The operating characteristic of a plan: chance of acceptance, how many wrong items get through, what is checked, and its cost.

    With --second and --accept-both it is a double sampling plan: more than --accept wrong ones and fewer than --reject have a second
    sample checked.
    """
    made = (
        _made(sample, accept, lot) if second is None else _made_double(sample, accept, reject, second, accept_both, lot)
    )
    if second is None and (reject is not None or accept_both is not None):
        raise click.UsageError("--reject and --accept-both go with a second sample: add --second")
    _show(made, _money(cost, lot), rates or RATES, format_)


@command.command("plan")
@click.option(
    "--good",
    type=share_of,
    metavar="SHARE",
    required=True,
    help="Share of wrong items at which lots should pass (AQL).",
)
@click.option(
    "--bad",
    type=share_of,
    metavar="SHARE",
    required=True,
    help="Share of wrong items at which lots should fail (LTPD).",
)
@click.option(
    "--producer-risk",
    type=share_of,
    metavar="SHARE",
    default="5%",
    show_default=True,
    help="Chance that a good lot fails.",
)
@click.option(
    "--consumer-risk",
    type=share_of,
    metavar="SHARE",
    default="10%",
    show_default=True,
    help="Chance that a bad lot passes.",
)
@click.option("--lot", type=click.IntRange(min=1, max=MOST_ITEMS), help="Items in a lot.")
@click.option("--cost", metavar="MONEY", help="Cost of checking one item, as in '0.30 USD'.")
@format_option
def plan(
    good: float, bad: float, producer_risk: float, consumer_risk: float, lot: int | None, cost: str | None, format_: str
) -> None:
    """The plan with the smallest sample that keeps both risks, and its curve."""
    from allocate.costing.quality.sampling import smallest_plan

    try:
        found = smallest_plan(good, bad, producer_risk, consumer_risk, lot)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    _show(found, _money(cost, lot), tuple(sorted({*RATES, good, bad})), format_)


@command.command("precision")
@click.option("--accuracy", type=share_of, metavar="SHARE", required=True, help="The accuracy that is expected.")
@click.option(
    "--within", type=share_of, metavar="SHARE", required=True, help="Half the width of the interval wanted around it."
)
@confidence_option
@click.option("--lot", type=click.IntRange(min=1, max=MOST_ITEMS), help="Items in all, if they are not very many.")
@format_option
def precision(accuracy: float, within: float, confidence: float, lot: int | None, format_: str) -> None:
    """How many items to check to know an accuracy to a stated precision."""
    from allocate.costing.quality.estimates import interval, items_to_check

    try:
        items = items_to_check(accuracy, within, confidence, lot)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    low, high = interval(accuracy, items_to_check(accuracy, within, confidence), confidence)
    row = {"items": items, "share": items / lot if lot else None, "low": float(low), "high": float(high)}
    _print("Items to check", [row], {"items": 0, "share": "%", "low": "%", "high": "%"}, format_)


@command.command("interval")
@click.option(
    "--right", type=click.IntRange(min=0, max=MOST_ITEMS), required=True, help="Checked items that were right."
)
@click.option("--checked", type=click.IntRange(min=1, max=MOST_ITEMS), required=True, help="Items checked.")
@confidence_option
@format_option
def shown_by(right: int, checked: int, confidence: float, format_: str) -> None:
    """What so many checked items say about an accuracy (gold items, audits): an interval, and a one-sided floor."""
    from allocate.costing.quality.estimates import at_least, interval

    if right > checked:
        raise click.UsageError(f"{right} of {checked} cannot be right")
    try:
        low, high = interval(right / checked, checked, confidence)
        floor = float(at_least(right / checked, checked, confidence))
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    row = {"accuracy": right / checked, "low": float(low), "high": float(high), "at_least": floor}
    _print(f"Accuracy shown by {checked:,} items", [row], dict.fromkeys(row, "%"), format_)


@command.command("agreement")
@click.option(
    "--agreeing", type=click.IntRange(min=0, max=MOST_ITEMS), required=True, help="Items on which two labels agree."
)
@click.option(
    "--pairs", type=click.IntRange(min=1, max=MOST_ITEMS), required=True, help="Items that were labelled twice."
)
@click.option(
    "--classes",
    type=click.IntRange(min=2, max=MOST_ITEMS),
    help="Number of classes; default: wrong labels never agree.",
)
@click.option(
    "--correlation",
    type=share_of,
    metavar="SHARE",
    default="0%",
    show_default=True,
    help="Correlation of the errors of two annotators.",
)
@confidence_option
@format_option
def shown_by_pairs(
    agreeing: int, pairs: int, classes: int | None, correlation: float, confidence: float, format_: str
) -> None:
    """What two labels of the same items say about an accuracy (agreement audits), with its interval.

    Annotators who make the same mistakes agree and are wrong: without a correlation the accuracy printed is the highest possible.
    """
    from math import inf

    from allocate.costing.quality.estimates import from_agreement, interval

    if agreeing > pairs:
        raise click.UsageError(f"{agreeing} of {pairs} cannot agree")
    share = agreeing / pairs
    try:
        low, high = interval(share, pairs, confidence)
        found = from_agreement([share, float(low), float(high)], classes or inf, correlation)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    row = {"agreement": share, **dict(zip(("accuracy", "low", "high"), found.tolist(), strict=True))}
    _print(f"Accuracy shown by {pairs:,} items labelled twice", [row], dict.fromkeys(row, "%"), format_)


def _made(sample: int, accept: int, lot: int | None) -> LotPlan:
    from allocate.costing.quality.sampling import LotPlan

    try:
        return LotPlan(sample, accept, lot)
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def _made_double(
    sample: int, accept: int, reject: int | None, second: int, accept_both: int | None, lot: int | None
) -> DoublePlan:
    from allocate.costing.quality.double_sampling import DoublePlan

    if accept_both is None:
        raise click.UsageError(
            "--second needs --accept-both, the most wrong ones in both samples with which a lot passes"
        )
    try:
        return DoublePlan(sample, accept, accept_both + 1 if reject is None else reject, second, accept_both, lot)
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def _money(cost: str | None, lot: int | None) -> tuple[float, str] | None:
    """Number and currency of a cost per item."""
    if cost is None:
        return None
    from allocate.units import UnitError, Units, kind_of

    if lot is None:
        raise click.UsageError("a cost needs --lot: what is checked depends on the lot's size")
    try:
        amount = Units().quantity(cost)
    except UnitError as error:
        raise click.BadParameter(error.in_a_line(), param_hint="--cost") from None
    if kind_of(amount) != "money" or amount.currency is None:
        raise click.BadParameter("write money, as in '0.30 USD'", param_hint="--cost")
    return float(amount.number), amount.currency


def _show(plan: LotPlan | DoublePlan, cost: tuple[float, str] | None, rates: tuple[float, ...], format_: str) -> None:
    """A plan and its curve."""
    from dataclasses import asdict

    from allocate.costing.quality import double_sampling, sampling

    # Both modules have the same functions, each of its own kind of plan.
    of_plan: Any = sampling if isinstance(plan, sampling.LotPlan) else double_sampling
    rows: list[dict[str, Any]] = []
    kinds: dict[str, Any] = {"wrong": "%", "accepted": "%"}
    for rate in rates:
        row: dict[str, Any] = {"wrong": rate, "accepted": float(of_plan.accepted(plan, rate))}
        if isinstance(plan, double_sampling.DoublePlan):
            row["sample_mean"] = float(double_sampling.sample_number(plan, rate))
            kinds["sample_mean"] = 1
        if plan.lot is not None:
            checked = float(of_plan.inspected(plan, rate)) * plan.lot
            row |= {"leave_wrong": float(of_plan.outgoing(plan, rate)), "checked_per_lot": checked}
            kinds |= {"leave_wrong": "%", "checked_per_lot": 1}
            if cost is not None:
                row[f"cost_per_lot_{cost[1].lower()}"] = checked * cost[0]
                kinds[f"cost_per_lot_{cost[1].lower()}"] = 2
        rows.append(row)
    of = f" of {plan.lot:,}" if plan.lot is not None else ""
    title = f"Check {plan.sample:,}{of}, accept with at most {plan.accept:,} wrong"
    if isinstance(plan, double_sampling.DoublePlan):
        title += f", reject from {plan.reject:,}; else {plan.second:,} more, accept with at most {plan.accept_both:,} in both"
    if plan.lot is not None:
        at, most = of_plan.outgoing_limit(plan)
        title += f"; at worst {most:.2%} leave wrong (where {at:.2%} come in wrong)"
    _print(title, rows, kinds, format_, asdict(plan))


def _print(
    title: str, rows: list[dict[str, Any]], kinds: dict[str, Any], format_: str, about: dict[str, Any] | None = None
) -> None:
    """Rows as a table, JSON, CSV or Markdown; kinds: decimals of a column, or `%`."""

    from allocate.cli import output

    if output.print_data(format_, lambda: {**(about or {}), "rows": rows}, lambda: rows, list(kinds)):
        return
    formats = {"%": SHARE, 0: COUNT, 1: TENTHS, 2: MONEY}
    columns = [Column(name, format=formats[kind], heading=name) for name, kind in kinds.items()]
    output.print_grids([grid(title, columns, rows)], format_)
