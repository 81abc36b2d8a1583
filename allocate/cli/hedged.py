"""A hedge as people and programs read it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from allocate.cli import output
from allocate.tables.column import Grid
from allocate.tables.formats import NOTHING, amount, count, money, percent, signed, text
from allocate.tolerances import HALF_A_CENT

if TYPE_CHECKING:
    from allocate.case.load import Case
    from allocate.odds.estimates import Estimate
    from allocate.odds.hedged_plan import Hedged


def print_hedge(found: Hedged, format_: str) -> None:
    """What the odds cost, what they are of, and who has the buffer; or the hedged plan's lines as CSV."""
    if output.print_data(format_, lambda: as_object(found), lambda: found.with_it.plan.lines):
        return
    for line in _headline(found):
        output.say(line, format_)
    click.echo()
    grids = [_promises_grid(found)]
    if found.found is not None:
        grids = [_money_grid(found), *grids, _buffer_grid(found)]
    output.print_grids([one for one in grids if one.rows], format_)
    if found.found is not None:
        output.say(_proof(found), format_)


def print_frontier(points: Sequence[Hedged | tuple[float, float]], case: Case, format_: str) -> None:
    """What each odds cost."""
    from allocate.odds.estimates import Estimate

    rows = [_point(one) for one in points]
    told = {"case": case.name, "currency": case.currency, "points": rows}
    if output.print_data(format_, lambda: told, lambda: rows):
        return
    goal = case.file.objective[0].replace("-", " ")
    header = ["odds asked", goal, "premium", "bound", "odds in fresh scenarios", "in the program's"]
    shown = [
        [
            percent(row["asked"]),
            money(row["objective"]),
            money(row["premium"]),
            money(row["bound"]),
            NOTHING if row["odds"] is None else _odds(Estimate(row["odds"], row["error"])),
            percent(row["in_program"]),
        ]
        for row in rows
    ]
    title = f"What the odds cost ({case.currency}, at P50)"
    output.print_grids([Grid(title, header, shown, [True] * len(header))], format_)


def _point(one: Hedged | tuple[float, float]) -> dict[str, Any]:
    names = ("asked", "objective", "premium", "bound", "odds", "error", "in_program", "most_odds")
    if isinstance(one, tuple):
        return {**dict.fromkeys(names), "asked": one[0], "most_odds": one[1]}
    found = one.found
    values = (
        one.asked,
        _objective(one, one.with_it),
        one.premium,
        None if found is None else found.bound,
        one.with_it.odds.value,
        one.with_it.odds.error,
        None if found is None else 1.0 - float(found.missed.mean()),
        None,
    )
    return dict(zip(names, values, strict=True))


def as_object(found: Hedged) -> dict[str, Any]:
    """A hedge as JSON has it."""
    from allocate.odds.buffers import buffers
    from allocate.record.as_json import as_json

    sides = {
        name: {
            "odds": _estimate(one.odds),
            "objective": _objective(found, one),
            "mean": _estimate(one.mean),
            "worst": _estimate(one.worst),
            "promises": {promise: _estimate(odds) for promise, odds in one.each},
        }
        for name, one in (("without", found.without), ("hedged", found.with_it))
    }
    return {
        "case": found.case.name,
        "scenario": found.case.scenario,
        "objective_name": found.case.file.objective[0],
        "currency": found.case.currency,
        "asked": found.asked,
        "risk": None if found.case.file.risk is None else vars(found.case.file.risk),
        "tail": found.tail,
        "reached": found.reaches,
        "kept_means": KEPT,
        "seed": found.seed,
        "fresh": found.fresh,
        **sides,
        "premium": found.premium,
        "premium_on_average": found.premium_on_average,
        "tail_reduction": found.tail_reduction,
        "program": _program(found),
        "buffers": [
            {"vendor": one.vendor, "items": list(one.items), "spend": list(one.spend), "room": list(one.room)}
            for one in buffers(found)
        ],
        "plan": as_json(found.answer),
    }


def _program(found: Hedged) -> dict[str, Any] | None:
    """The program that was solved, where one was."""
    program = found.found
    if program is None:
        return None
    names = ("objective", "bound", "quantile", "quantile_objective", "weight")
    head = {"scenarios": found.scenarios, "asked": found.at, "odds": 1.0 - float(program.missed.mean())}
    return {**head, **{name: getattr(program, name) for name in names}}


KEPT = (
    "the plan is held, work that does not fit waits for the next period, and a promise is kept where what comes of it keeps "
    "the limit; as `allocate odds` counts"
)


def _headline(found: Hedged) -> list[str]:
    case, goal = found.case, found.case.file.objective[0].replace("-", " ")
    promised = (
        f"{len(found.promises)} promises hold together" if len(found.promises) > 1 else f"{found.promises[0]} holds"
    )
    if found.asked is None:
        return _weighed(found, goal)
    if found.found is None:
        return [
            f"{case.name}: the best plan has the odds already. Without a hedge {promised} with odds of {_odds(found.without.odds)} "
            f"in {found.fresh:,} fresh scenarios; {percent(found.asked, 0)} was asked for."
        ]
    size = abs(_objective(found, found.without)) or 1.0
    return [
        f"{case.name}: {promised} with odds of {_odds(found.with_it.odds)} in {found.fresh:,} fresh scenarios, for "
        f"{money(found.premium)} {case.currency} of {goal} at P50 ({percent(found.premium / size, 2)}). Without the hedge: "
        f"{_odds(found.without.odds)}.",
        f"Kept means: {KEPT}.",
    ]


def _weighed(found: Hedged, goal: str) -> list[str]:
    """What weighing risk costs and gains."""
    risk, currency = found.case.file.risk, found.case.currency
    assert risk is not None
    premium, gained = found.premium_on_average, found.tail_reduction
    each = f" ({money(premium / gained)} for each {currency} of it)" if gained > HALF_A_CENT and premium > 0 else ""
    return [
        f"{found.case.name}: {goal} weighed, its mean with {percent(1.0 - risk.weight, 0)} and the mean of its worst "
        f"{percent(risk.tail, 0)} with {percent(risk.weight, 0)}. In {found.fresh:,} fresh scenarios the premium is {money(premium)} {currency} "
        f"on average, the tail reduction {money(gained)} {currency}{each}."
    ]


def _money_grid(found: Hedged) -> Grid:
    goal = found.case.file.objective[0].replace("-", " ")
    before, after = found.without, found.with_it
    pairs = [
        (f"{goal} at P50", _objective(found, before), _objective(found, after), None),
        (f"{goal}, mean of scenarios", before.mean.value, after.mean.value, (before.mean.error, after.mean.error)),
        (
            f"{goal}, mean of the worst {percent(found.tail, 0)}",
            before.worst.value,
            after.worst.value,
            (before.worst.error, after.worst.error),
        ),
        ("spend at P50", before.plan.spend, after.plan.spend, None),
    ]
    rows = [["odds of all together", _odds(before.odds), _odds(after.odds), ""]] if found.promises else []
    for name, one, other, errors in pairs:
        shown = [
            f"{money(x)}" + ("" if errors is None else f" ±{amount(e, 0)}")
            for x, e in zip((one, other), errors or (0, 0), strict=True)
        ]
        rows.append([name, *shown, signed(other - one)])
    title = f"What {'the odds cost' if found.asked is not None else 'weighing risk changes'} ({found.case.currency})"
    return Grid(title, ["", "without", "hedged", "difference"], rows, [False, True, True, True])


def _promises_grid(found: Hedged) -> Grid:
    if found.found is None:
        alone = [[text(name), _odds(one)] for name, one in found.without.each]
        return Grid("Odds of each promise", ["promise", "odds"], alone, [False, True])
    rows = [
        [text(name), _odds(before), _odds(after)]
        for (name, before), (_, after) in zip(found.without.each, found.with_it.each, strict=True)
    ]
    return Grid("Odds of each promise", ["promise", "without", "hedged"], rows, [False, True, True])


def _buffer_grid(found: Hedged) -> Grid:
    from allocate.odds.buffers import buffers

    def room(share: float | None) -> str:
        return NOTHING if share is None else percent(share)

    rows = [
        [
            text(one.vendor),
            count(one.items[0]),
            count(one.items[1]),
            money(one.spend[0]),
            money(one.spend[1]),
            room(one.room[0]),
            room(one.room[1]),
        ]
        for one in buffers(found)
    ]
    header = ["vendor", "items without", "hedged", "spend without", "hedged", "room without", "hedged"]
    title = f"Who got the buffer ({found.case.currency}; room: capacity at P50 left over)"
    return Grid(title, header, rows, [False] + [True] * 6)


def _proof(found: Hedged) -> str:
    program = found.found
    assert program is not None
    if found.asked is None:
        return f"Made with {found.scenarios} scenarios; in these no plan does better."
    inside = percent(1.0 - float(program.missed.mean()))
    if program.weight is not None and program.quantile is not None:
        at = f"the plan with every amount at its {_quantile(program.quantile)}"
        told = f"The {found.scenarios} scenarios of the program are too few for its plan to have these odds in fresh ones. This is {at}"
        told += (
            ""
            if program.weight == 1.0
            else f" and the program's, mixed {percent(program.weight, 0)} to {percent(1.0 - program.weight, 0)}"
        )
        return f"{told}; it keeps {inside} of those {found.scenarios}.{_bound(found)}"
    told = (
        f"Made with {found.scenarios} scenarios, of which the plan keeps {inside} (asked there: {percent(found.at)}, so that "
        "fresh ones keep what was asked for)."
    )
    told += _bound(found)
    if program.quantile is not None and program.quantile_objective is not None:
        lost, at = abs(program.objective - program.quantile_objective), f"P{100 * program.quantile:.0f}"
        if lost < HALF_A_CENT:
            told += f" It is the plan with every amount at its {at}."
        else:
            told += f" The plan with every amount at its {at} has these odds too, and loses {money(lost)} more."
    return told


def _quantile(share: float) -> str:
    """A quantile in words; above 1, beyond the worst scenario."""
    if share <= 1.0:
        return f"P{100.0 * share:.3g}"
    return f"worst, {percent(share - 1.0, 0)} further from P50 than in any scenario of the program"


def _bound(found: Hedged) -> str:
    """By how much a plan that keeps as many scenarios may be better at most, as far as that is known."""
    program = found.found
    if program is None or program.bound is None:
        return ""
    gap = abs(program.bound - program.objective)
    more = "" if gap < HALF_A_CENT else f" by more than {money(gap)} {found.case.currency}"
    return f" No plan that keeps as many is better{more}."


def _objective(found: Hedged, tried: Any) -> float:
    return float(tried.plan.amount(found.case.file.objective[0]))


def _odds(one: Estimate) -> str:
    from allocate.odds.shown import chance

    return chance(one, 1)


def _estimate(one: Estimate) -> dict[str, float | None]:
    return {"value": one.value, "error": one.error if one.error == one.error else None}
