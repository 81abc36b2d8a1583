"""Odds as tables for people, and as JSON."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from allocate.odds.drivers import Driver, unexplained
from allocate.odds.estimates import Estimate, Range
from allocate.tables.column import Grid
from allocate.tables.formats import NOTHING, amount, count, percent, text, whole_or_significant

if TYPE_CHECKING:
    from allocate.odds.odds import LimitOdds, Made, Odds

SHOWN_DRIVERS = 12
"""Inputs that are shown at most; JSON has them all."""
MANY_LIMITS = 12
"""Limits from which those that every scenario keeps are folded into one line; JSON has them all."""
LEAST_SHARE = 0.01
"""Share of some figure's variance from which an input is shown."""


def grids(odds: Odds) -> tuple[Grid, ...]:
    """Limits, money, what is made, and what moves it."""
    found = [_limits(odds)] if odds.limits else []
    found += [_money(odds), _made(odds)]
    return (*found, *([_drivers(odds)] if odds.drivers else []))


def _limits(odds: Odds) -> Grid:
    title = f"What is promised, in {odds.count:,} scenarios ({_drawn(odds)}); ± is half of a 95 % interval"
    owners = any(one.promise.owner for one in odds.limits)
    header = [
        "what",
        *(["owner"] if owners else []),
        "limit",
        "odds kept",
        "P10",
        "P50",
        "P90",
        "when missed, by (mean)",
    ]
    folded = [one for one in odds.limits if one.kept.value == 1.0] if len(odds.limits) > MANY_LIMITS else []
    rows = []
    for one in odds.limits:
        of = one.promise
        if one in folded:
            continue
        reached = [figure(odds, one, getattr(one.reached, name).value) for name in ("p10", "p50", "p90")]
        owner = [text(of.owner or NOTHING)] if owners else []
        rows.append(
            [text(of.name), *owner, figure(odds, one, of.planned), chance(one.kept), *reached, missed(odds, one)]
        )
    if folded:
        name = f"{len(folded):,} other{'s' * (len(folded) != 1)}"
        least = Estimate(1.0, max(one.kept.error for one in folded))
        rows.append([name, *([""] if owners else []), "", chance(least), "", "", "", NOTHING])
    if len(odds.limits) > 1:
        rows.append(["all of them", *([""] if owners else []), "", chance(odds.together), "", "", "", ""])
    left = 2 if owners else 1
    return Grid(title, header, rows, [False] * left + [True] * (len(header) - left - 1) + [False])


def _drawn(odds: Odds) -> str:
    spreads = odds.draws.spreads
    many, causes = len(spreads.amounts), len(spreads.factors) + len(spreads.events)
    found = [f"{many:,} amount{'s' * (many != 1)} with a spread"] if many else []
    found += [f"{causes:,} shared cause{'s' * (causes != 1)}"] if causes else []
    return ", ".join(found)


def chance(one: Estimate) -> str:
    """A chance in whole points, with its interval."""
    return f"{one.value:.0%} ±{100.0 * one.error:.1f}"


def figure(odds: Odds, one: LimitOdds, value: float) -> str:
    """What a limit is about, in its unit."""
    unit = one.promise.unit
    if one.promise.kind == "deadline":
        last = odds.case.periods.count
        return f"after {unit} {last}" if value > last else f"{unit} {value:.0f}"
    if unit == "share":
        return percent(value, 2 if one.promise.kind == "accuracy" else 1)
    if one.promise.kind == "score":
        return amount(value, 2)
    return count(value)


def missed(odds: Odds, one: LimitOdds) -> str:
    """By how much a limit is missed on average where it is missed, in words; nothing where it never is."""
    by, unit = one.missed_by.value, one.promise.unit
    if math.isnan(by):
        return NOTHING
    if one.promise.kind == "deadline":
        late = f"{by:.1f} {unit}s" + (" or more" if one.open_ended else "")
        return (
            f"{late}, {count(one.items_missing.value)} {_plural(odds, one.promise.noun)}" if one.items_missing else late
        )
    if unit == "share":
        return f"{100.0 * by:.2f} points"
    if one.promise.kind in ("demand", "milestone", "in progress"):
        return f"{count(by)} {_plural(odds, unit)}"
    return f"{whole_or_significant(by, 4) if one.promise.kind in ('score', 'rule') else count(by)} {text(unit)}"


def _plural(odds: Odds, noun: str) -> str:
    """A counted noun as a table has it."""
    units = {**odds.case.model.units, **odds.case.file.units}
    return text(units.get(noun, f"{noun}s"))


def _money(odds: Odds) -> Grid:
    rows = [
        [name, count(odds.planned[name]), count(one.mean.value), count(one.p10.value),
         f"{count(one.p50.value)} ±{count(one.p50.error)}", count(one.p90.value)]
        for name, one in odds.figures.items()
    ]  # fmt: skip
    title = f"Money ({odds.case.currency})"
    return Grid(title, ["money", "planned", "mean", "P10", "P50", "P90"], rows, [False] + [True] * 5)


def _made(odds: Odds) -> Grid:
    unit, last = odds.case.periods.unit, odds.case.periods.count

    def when(value: float) -> str:
        return f"after {unit} {last}" if value > last else f"{unit} {value:.0f}"

    rows = [
        [text(one.product), count(one.planned), when(one.due), chance(one.in_time), count(one.items.p10.value),
         count(one.items.p50.value), when(one.finish.p50.value), when(one.finish.p90.value)]
        for one in odds.made
    ]  # fmt: skip
    header = ["product", "planned", "all there by", "odds in time", "made, P10", "made, P50", "all there, P50", "P90"]
    return Grid("What is made, late work included", header, rows, [False] + [True] * 7)


def _drivers(odds: Odds) -> Grid:
    """Inputs that explain a hundredth of some figure or more."""
    figures = list(odds.drivers[0].shares)
    shown = [one for one in odds.drivers if max(s.value for s in one.shares.values()) >= LEAST_SHARE][:SHOWN_DRIVERS]
    rows = [[text(one.amount), *(_share(one.shares[name]) for name in figures)] for one in shown]
    rest = [sum(max(o.shares[name].value, 0.0) for o in odds.drivers if o not in shown) for name in figures]
    if len(shown) < len(odds.drivers):
        others = len(odds.drivers) - len(shown)
        rows.append([f"{others} other{'s' * (others != 1)}", *(percent(one, 0) for one in rest)])
    rows.append(["inputs together, and luck", *(percent(unexplained(odds.drivers, name), 0) for name in figures)])
    header, title = ["what moves it", *figures], "Share of the variance that each explains by itself"
    if odds.known is not None:
        worth = [one.worth_knowing for one in shown]
        more = [
            *(_worth(one) for one in worth),
            *([""] if len(shown) < len(odds.drivers) else []),
            _worth(odds.known.everything),
        ]
        rows = [[*row, cell] for row, cell in zip(rows, more, strict=True)]
        header.append(f"worth knowing ({odds.case.currency})")
        title += (
            f", and what knowing it is worth, choosing among {odds.known.plans:,} plans; of everything in the last row"
        )
    return Grid(title, header, rows, [False] + [True] * (len(header) - 1))


def _worth(one: Estimate | None) -> str:
    return NOTHING if one is None or one.value <= 0.0 else f"{count(one.value)} ±{count(one.error)}"


def _share(one: Estimate) -> str:
    return f"{max(one.value, 0.0):.0%} ±{100.0 * one.error:.1f}" if one.value >= 0.005 else NOTHING


def as_object(odds: Odds) -> dict[str, Any]:
    """All of it as JSON has it."""
    return {
        "study": "odds",
        "case": odds.case.name,
        "scenario": odds.case.scenario,
        "currency": odds.case.currency,
        "objective_name": odds.case.file.objective[0],
        "scenarios": odds.count,
        "seed": odds.draws.seed,
        "policy": odds.policy,
        "limits": [_limit_object(odds, one) for one in odds.limits],
        "all_kept": {"odds": odds.together.value, "odds_error": odds.together.error},
        "figures": [
            {"figure": name, "planned": odds.planned[name], **_range_object(one)} for name, one in odds.figures.items()
        ],
        "products": [_made_object(one) for one in odds.made],
        "drivers": list(_driver_objects(odds.drivers, main_figure(odds))),
        "worth_knowing_everything": None
        if odds.known is None
        else {"value": odds.known.everything.value, "error": odds.known.everything.error, "plans": odds.known.plans},
        "notes": list(odds.notes),
    }


def _range_object(one: Range) -> dict[str, float]:
    parts = {"p10": one.p10, "p50": one.p50, "p90": one.p90, "mean": one.mean}
    return {
        f"{name}{end}": getattr(part, of)
        for name, part in parts.items()
        for end, of in (("", "value"), ("_error", "error"))
    }


def _limit_object(odds: Odds, one: LimitOdds) -> dict[str, Any]:
    of = one.promise
    by: dict[str, Any] = {
        "mean": one.missed_by.value, "mean_error": one.missed_by.error, "unit": of.unit, "or_more": one.open_ended,
    }  # fmt: skip
    if one.items_missing is not None:
        by |= {"items": one.items_missing.value, "items_error": one.items_missing.error, "noun": of.noun}
    return {
        "limit": of.name, "kind": of.kind, "owner": of.owner or None, "unit": of.unit,
        "sense": "at least" if of.at_least else "at most", "planned": of.planned, "plan": odds.planned.get(of.name),
        "odds": one.kept.value, "odds_error": one.kept.error, **_range_object(one.reached), "missed_by": by,
    }  # fmt: skip


def _made_object(one: Made) -> dict[str, Any]:
    return {
        "product": one.product, "noun": one.noun, "planned": one.planned, "due": one.due, "in_time": one.in_time.value,
        "in_time_error": one.in_time.error, "items": _range_object(one.items), "finish": _range_object(one.finish),
    }  # fmt: skip


def main_figure(odds: Odds) -> str:
    """The figure whose drivers are told first: net value where the case aims at value, else the spend, else what differs."""
    known = odds.drivers[0].shares if odds.drivers else {}
    wanted = ("spend",) if odds.case.file.objective[0] == "cost" else ("net value", "spend")
    return next((one for one in wanted if one in known), next(iter(known), "spend"))


def _driver_objects(found: tuple[Driver, ...], main: str) -> Iterator[dict[str, Any]]:
    for one in found:
        shares: Mapping[str, Estimate] = one.shares
        first = shares.get(main)
        yield {
            "amount": one.amount,
            "figure": main,
            "share": None if first is None else first.value,
            "error": None if first is None else first.error,
            "worth_knowing": None if one.worth_knowing is None else one.worth_knowing.value,
            "worth_knowing_error": None if one.worth_knowing is None else one.worth_knowing.error,
            "shares": {name: {"share": share.value, "error": share.error} for name, share in shares.items()},
        }
