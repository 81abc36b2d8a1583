"""Odds as tables for people, and as JSON."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from allocate.odds.drivers import Driver, unexplained
from allocate.odds.estimates import Estimate, Range
from allocate.tables.column import Grid, grid
from allocate.tables.formats import NOTHING, amount, count, percent, significant, text, whole_or_significant
from allocate.tables.odds import LIMITS, MADE, MONEY, shares

if TYPE_CHECKING:
    from allocate.odds.odds import LimitOdds, Made, Odds

SHOWN_DRIVERS = 12
"""Inputs that are shown at most; JSON has them all."""
MANY_LIMITS = 12
"""Limits from which those that every scenario keeps are folded into one line; JSON has them all."""
MOST_DECIMALS = 3
"""Decimals of points of a chance at most."""
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
    columns = [one for one in LIMITS if owners or one.name != "owner"]
    folded = [one for one in odds.limits if one.kept.value == 1.0] if len(odds.limits) > MANY_LIMITS else []
    rows = [
        {
            "limit": one.promise.name, "owner": one.promise.owner or NOTHING, "odds": chance(one.kept),
            "planned": figure(odds, one, one.promise.planned), "missed_by": missed(odds, one),
            **{end: quantile(odds, one, getattr(one.reached, end)) for end in ("p10", "p50", "p90")},
        }
        for one in odds.limits
        if one not in folded
    ]  # fmt: skip
    nothing = dict.fromkeys((one.name for one in LIMITS), "")
    if folded:
        least = Estimate(1.0, max(one.kept.error for one in folded))
        name = f"{len(folded):,} other{'s' * (len(folded) != 1)}"
        rows.append({**nothing, "limit": name, "odds": chance(least), "missed_by": NOTHING})
    if len(odds.limits) > 1:
        rows.append({**nothing, "limit": "all of them", "odds": chance(odds.together)})
    return grid(title, columns, rows)


def _drawn(odds: Odds) -> str:
    spreads = odds.draws.spreads
    many, causes = len(spreads.amounts), len(spreads.factors) + len(spreads.events)
    found = [f"{many:,} amount{'s' * (many != 1)} with a spread"] if many else []
    found += [f"{causes:,} shared cause{'s' * (causes != 1)}"] if causes else []
    return ", ".join(found)


def chance(one: Estimate, decimals: int = 0) -> str:
    """A chance, or another share, with its interval: where that reaches past nothing or all, the end that says something.

    decimals: of points; more where it would read as 0 % or 100 % and is not.
    """
    low, high = max(one.value - one.error, 0.0), min(one.value + one.error, 1.0)
    if one.value >= 1.0:
        return f"at least {percent(low)}"
    if one.value <= 0.0:
        return f"at most {percent(high)}"
    while not 0.0 < round(100.0 * one.value, decimals) < 100.0 and decimals < MOST_DECIMALS:
        decimals += 1
    shown = percent(one.value, decimals)
    if low > 0.0 and high >= 1.0:
        return f"{shown}, at least {percent(low)}"
    if high < 1.0 and low <= 0.0:
        return f"{shown}, at most {percent(high)}"
    return f"{shown} ±{100.0 * one.error:.1f}"


def figure(odds: Odds, one: LimitOdds, value: float) -> str:
    """What a limit is about, in its unit."""
    unit = one.promise.unit
    if one.promise.kind == "deadline":
        last = odds.case.periods.count
        return f"after {unit} {last}" if value > last else f"{unit} {value:.0f}"
    if unit == "share":
        return percent(value, 2 if one.promise.kind in ("accuracy", "quality") else 1)
    if one.promise.kind == "score":
        return amount(value, 2)
    return count(value)


def quantile(odds: Odds, one: LimitOdds, reached: Estimate) -> str:
    """A quantile of what a limit is about, with its interval; without where it is known of single scenarios alone."""
    shown, off = figure(odds, one, reached.value), reached.error
    if one.promise.kind == "deadline":
        return shown + sure(reached)
    if math.isnan(off):
        return shown
    if one.promise.unit == "share":
        places = 2 if one.promise.kind in ("accuracy", "quality") else 1
        return f"{shown} ±{100.0 * off:.{places}f}"
    return f"{shown} ±{amount(off, 2) if one.promise.kind == 'score' else count(off)}"


def missed(odds: Odds, one: LimitOdds) -> str:
    """By how much a limit is missed on average where it is missed, in words; nothing where it never is."""
    by, unit = one.missed_by.value, one.promise.unit
    if math.isnan(by):
        return NOTHING
    if one.promise.kind == "deadline":
        late = f"{by:.1f}{sure(one.missed_by)} {unit}s" + (" or more" if one.open_ended else "")
        missing = one.items_missing
        return late if missing is None else f"{late}, {counted(missing)} {_plural(odds, one.promise.noun)}"
    if unit == "share":
        return f"{100.0 * by:.2f}{sure(replace(one.missed_by, error=100.0 * one.missed_by.error), 2)} points"
    if one.promise.kind in ("demand", "milestone", "stock", "in progress"):
        return f"{counted(one.missed_by)} {_plural(odds, unit)}"
    if one.promise.kind in ("score", "rule"):
        off = one.missed_by.error
        return f"{whole_or_significant(by, 4)}{'' if math.isnan(off) else f' ±{significant(off, 2)}'} {text(unit)}"
    return f"{counted(one.missed_by)} {text(unit)}"


def _plural(odds: Odds, noun: str) -> str:
    """A counted noun as a table has it."""
    units = {**odds.case.model.units, **odds.case.file.units}
    return text(units.get(noun, f"{noun}s"))


def _money(odds: Odds) -> Grid:
    rows = [
        {
            "figure": name, "planned": count(odds.planned[name]), "mean": counted(one.mean), "p10": counted(one.p10),
            "p50": counted(one.p50), "p90": counted(one.p90),
        }
        for name, one in odds.figures.items()
    ]  # fmt: skip
    return grid(f"Money ({odds.case.currency})", MONEY, rows)


def _made(odds: Odds) -> Grid:
    unit, last = odds.case.periods.unit, odds.case.periods.count

    def when(value: float) -> str:
        return f"after {unit} {last}" if value > last else f"{unit} {value:.0f}"

    rows = [
        {
            "product": one.product, "planned": count(one.planned), "due": when(one.due), "in_time": chance(one.in_time),
            "p10": counted(one.items.p10), "p50": counted(one.items.p50),
            "finish_p50": when(one.finish.p50.value) + sure(one.finish.p50), "finish_p90": when(one.finish.p90.value) + sure(one.finish.p90),
        }
        for one in odds.made
    ]  # fmt: skip
    return grid("What is made, late work included", MADE, rows)


def _drivers(odds: Odds) -> Grid:
    """Inputs that explain a hundredth of some figure or more."""
    figures, known = list(odds.drivers[0].shares), odds.known
    shown = [one for one in odds.drivers if max((s.value for s in one.shares.values()), default=0.0) >= LEAST_SHARE][
        :SHOWN_DRIVERS
    ]
    rows = [
        {"amount": one.amount, "worth_knowing": _worth(one.worth_knowing)} | {n: _share(one.shares[n]) for n in figures}
        for one in shown
    ]
    if others := len(odds.drivers) - len(shown):
        rest = {n: sum(max(one.shares[n].value, 0.0) for one in odds.drivers if one not in shown) for n in figures}
        named = {"amount": f"{others} other{'s' * (others != 1)}", "worth_knowing": ""}
        rows.append(named | {n: percent(share, 0) for n, share in rest.items()})
    last = {"amount": "inputs together, and luck", "worth_knowing": _worth(None if known is None else known.everything)}
    rows.append(last | {n: percent(unexplained(odds.drivers, n), 0) for n in figures})
    title = "Share of the variance that each explains by itself"
    if known is not None:
        title += f", and what knowing it is worth, choosing among {known.plans:,} plans; of everything in the last row"
    return grid(title, shares(figures, "" if known is None else odds.case.currency), rows)


def _worth(one: Estimate | None) -> str:
    return NOTHING if one is None or one.value <= 0.0 else counted(one)


def counted(one: Estimate) -> str:
    """An amount in whole units, with its interval; without where it is known of single scenarios alone."""
    return count(one.value) if math.isnan(one.error) else f"{count(one.value)} ±{count(one.error)}"


def sure(one: Estimate, decimals: int = 1) -> str:
    """The interval to stand behind a figure, where all blocks do not agree on it."""
    return f" ±{one.error:.{decimals}f}" if one.error > 0.5 * 10.0**-decimals else ""


def _share(one: Estimate) -> str:
    return chance(one) if one.value >= 0.005 else NOTHING


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
