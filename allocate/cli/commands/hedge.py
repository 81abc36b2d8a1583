"""`allocate hedge`: the plan of least loss that keeps its promises with the odds asked for, and what that costs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from allocate.cli.keeping import keep, save_option
from allocate.cli.options import CaseGiven, case_argument, format_option, plan_out_option, share_of, time_limit_option
from allocate.tables.formats import long_text

if TYPE_CHECKING:
    from allocate.odds.hedged_plan import Hedged

KINDS = "deadlines,budget,accuracy"
MOST_POINTS = 50


def chance(text: str | float) -> float:
    """A chance above 0% and below 100%; a type of options."""
    if isinstance(text, float):
        return text
    share = share_of(text)
    if not 0.0 < share < 1.0:
        raise click.BadParameter(f"'{text}' is not above 0% and below 100%: nothing is certain")
    return share


def ladder(text: str | list[float] | None) -> list[float] | None:
    """Odds from one to another in so many points, as in 50%:95%:7; a type of options."""
    if text is None or isinstance(text, list):
        return text
    parts = text.split(":")
    if len(parts) != 3 or not parts[2].strip().isdigit() or not 2 <= int(parts[2]) <= MOST_POINTS:
        raise click.BadParameter(f"'{text}' is not FROM:TO:POINTS with 2 to {MOST_POINTS} points, as in 50%:95%:7")
    low, high, points = chance(parts[0]), chance(parts[1]), int(parts[2])
    if low >= high:
        raise click.BadParameter(f"'{text}' does not rise from the first odds to the second")
    return [low + (high - low) * number / (points - 1) for number in range(points)]


@click.command("hedge", short_help="The plan that keeps its promises with given odds and gives up least for it.")
@case_argument
@format_option
@click.option(
    "--odds",
    type=chance,
    metavar="P",
    help="Odds with which the promises hold together.  [default: 90%, or none where the case weighs `risk:`]",
)
@click.option(
    "--of",
    default=KINDS,
    show_default=True,
    metavar="A,B",
    help="Promises: kinds of them, or some by name as `allocate odds` prints them ('accuracy of scans').",
)
@click.option("--frontier", type=ladder, metavar="FROM:TO:N", help="What each odds cost, as in 50%:95%:7.")
@click.option(
    "--in-program",
    type=click.IntRange(16, 2000),
    default=200,
    show_default=True,
    metavar="N",
    help="Scenarios of the program, in 8 equal parts.",
)
@click.option(
    "--fresh",
    type=click.IntRange(16, 1_048_576),
    default=4096,
    show_default=True,
    metavar="N",
    help="Fresh scenarios that the plan is tried in; their odds are those printed.",
)
@click.option("--seed", type=click.IntRange(0, 2**32 - 2), metavar="S", help="Start of the random draws.")
@time_limit_option("Stop each search over scenarios after this many seconds.")
@plan_out_option("Also write the hedged plan as JSON, for `allocate verify` and `allocate odds --plan`.")
@save_option
def command(
    given: CaseGiven,
    format_: str,
    odds: float | None,
    of: str,
    frontier: list[float] | None,
    in_program: int,
    fresh: int,
    seed: int | None,
    time_limit: float | None,
    out: Path | None,
) -> None:
    """Plan CASE so that its promises hold together with some odds, at the least loss of its objective.

    The plan is one of the case with every amount at P50, so `solve`, `verify` and `runs` take it as any other. A promise is
    kept as `allocate odds` counts it: the plan is held, work that does not fit waits for the next period, and there is luck
    with single items. Figures behind ± are half of a 95 % interval.
    """
    from allocate.cli import hedged as shown
    from allocate.odds import hedging
    from allocate.odds.hedged_plan import Drawing
    from allocate.writing import check_can_write

    _check(odds, frontier, in_program, fresh, out)
    if out is not None:
        check_can_write(out)
    case, promises = given.read(), [part.strip() for part in of.split(",") if part.strip()]
    drawn = Drawing(in_program, fresh, seed)
    if frontier is not None:
        shown.print_frontier(hedging.frontier(case, frontier, promises, drawn, time_limit), case, format_)
        return
    if odds is None and case.file.risk is not None:
        found = hedging.weigh(case, drawn)
    else:
        found = hedging.hedge(case, 0.9 if odds is None else odds, promises, drawn, time_limit)
    if out is not None:
        from allocate.record.write import write_answer

        write_answer(found.answer, out)
    keep(found.answer, given.path)
    shown.print_hedge(found, format_)
    _notes(found)


def _check(odds: float | None, frontier: list[float] | None, in_program: int, fresh: int, out: Path | None) -> None:
    """Options that do not go together are said before anything is planned."""
    if frontier is not None and odds is not None:
        raise click.UsageError("--frontier says its odds itself; leave --odds out.")
    if frontier is not None and out is not None:
        raise click.UsageError("--out writes one plan; name its odds with --odds instead of --frontier.")
    for name, many in (("--in-program", in_program), ("--fresh", fresh)):
        if many % 8:
            raise click.UsageError(
                f"{name}: scenarios are drawn in 8 equal parts; ask for {max(round(many / 8), 2) * 8}."
            )


def _notes(found: Hedged) -> None:
    for note in found.notes:
        click.echo(f"note: {long_text(note)}", err=True)
    if found.asked is not None and not found.reaches:
        from allocate.odds.shown import chance as shown

        got = shown(found.with_it.odds, 1)
        click.echo(
            f"note: fresh scenarios keep {got}, so it is not sure that the {100 * found.asked:.4g}% asked for are reached; more scenarios "
            "in the program (--in-program 400) find a surer plan",
            err=True,
        )
