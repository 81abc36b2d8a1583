"""How likely the plan is kept: odds of each promise, money and work as they may come out, and what moves them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from allocate.errors import readable
from allocate.odds.drivers import Driver, unexplained
from allocate.odds.estimates import Estimate
from allocate.odds.odds import Odds
from allocate.odds.priced import priced_grid
from allocate.odds.shown import LEAST_SHARE, chance, figure, main_figure, missed, quantile
from allocate.reporting import charts
from allocate.reporting.document import Chart, Section
from allocate.reporting.material import Material, table
from allocate.reporting.wording import counted, listed, rounded
from allocate.tables.formats import NOTHING, count, percent

BARS = 8
"""Inputs in the picture at most."""
SURE, DOUBTFUL = 0.9, 0.5
"""Chances from which a promise is called safe, and below which it is more likely missed than kept."""


def sections(m: Material) -> Iterator[Section]:
    """Odds of promises, both fans, and what moves the result; nothing for a case without spreads."""
    if m.odds is None:
        return
    if m.odds.limits:
        yield _promises(m, m.odds)
    yield _spend(m, m.odds)
    yield _work(m, m.odds)
    if (moving := _drivers(m.odds)) is not None:
        yield moving


def _promises(m: Material, odds: Odds) -> Section:
    """Each promise with its odds."""
    poor = [readable(one.promise.name, 80) for one in odds.limits if one.kept.value < DOUBTFUL]
    words = [
        f"In {percent(odds.together.value, 0)} of {odds.count:,} scenarios of the case's spreads the plan keeps all it promises; "
        "work that does not fit into its week is done later.",
    ]
    if poor:
        words.append(f"More likely missed than kept: {listed(poor)}.")
    elif all(one.kept.value == 1.0 for one in odds.limits):
        words.append("No scenario misses any of them.")
    elif all(one.kept.value >= SURE for one in odds.limits):
        words.append(
            f"Each promise by itself is kept in {percent(min(one.kept.value for one in odds.limits), 0)} or more."
        )
    tables = []
    if m.odds_costs:
        priced = priced_grid(m.odds_costs, m.case)
        tables.append(table("kinds of promises", list(priced.header), [list(row) for row in priced.rows]))
        words.append("What surer promises would cost stands below them.")
    elif odds.together.value < SURE:
        words.append("`allocate hedge` finds the plan that keeps them with more certainty, and what that costs.")
    if m.case.file.pilots and m.pilots is None:
        words.append("`allocate pilot` says which pilot would be worth its cost.")
    rows = [
        [readable(one.promise.name, 80), figure(odds, one, one.promise.planned), chance(one.kept),
         *(quantile(odds, one, getattr(one.reached, end)) for end in ("p10", "p50", "p90")), missed(odds, one)]
        for one in sorted(odds.limits, key=lambda one: one.kept.value)
    ]  # fmt: skip
    header = ["promise", "limit", "odds kept, %", "P10", "P50", "P90", "when missed, by (mean)"]
    rows = [[row[0], row[1], row[2].replace("%", ""), *row[3:]] for row in rows]
    shown = table("promises", header, rows, order="least likely first")
    return Section("How likely the plan is kept", tuple(words), tables=(shown, *tables), is_wide=True)


def _spend(m: Material, odds: Odds) -> Section:
    """Money spent until the end of each period, as it may come out."""
    spent = np.cumsum(odds.outcomes.track.spend_by_period, axis=0)
    planned = np.cumsum(
        np.bincount([e.period for e in m.plan.entries], [e.amount for e in m.plan.entries], minlength=len(spent))
    )
    rows = _fan(spent, planned[: len(spent)])
    low, high = (getattr(odds.figures["spend"], end).value for end in ("p10", "p90"))
    words = f"Spend turns out between {rounded(low)} and {rounded(high)} {m.currency} in eight cases in ten; {rounded(m.plan.spend)} is planned."
    return Section(
        "Spend as it may turn out", (words,), _fan_chart(m, rows, f"spent ({m.currency})", "Money spent by period")
    )


def _work(m: Material, odds: Odds) -> Section:
    """Share of the items planned that are delivered by the end of each period, as it may come out."""
    track, held = odds.outcomes.track, odds.outcomes.held
    whole = float(held.items.sum())
    lead = held.table.lead[held.route]
    periods = m.case.periods.count
    planned = np.cumsum(np.bincount(held.period + lead, held.items, minlength=periods))[:periods] / whole * 100.0
    rows = _fan(track.delivered.sum(axis=0) / whole * 100.0, planned)
    late = [one for one in odds.made if one.in_time.value < SURE]
    words = [
        f"All of {readable(one.product, 60)} are there by {m.unit} {one.due} as planned in {percent(one.in_time.value, 0)}."
        for one in late[:4]
    ] or [f"Every product is delivered when planned in {percent(SURE, 0)} of the scenarios or more."]
    chart = _fan_chart(m, rows, "delivered (% of the items planned)", "Work delivered by period")
    return Section("When the work is there", tuple(words), chart)


def _fan(amounts: np.ndarray, planned: np.ndarray) -> list[dict[str, float]]:
    ends = np.quantile(amounts, [0.1, 0.5, 0.9], axis=1)
    return [
        {"at": number + 1, "low": float(low), "middle": float(middle), "high": float(high), "planned": float(plan)}
        for number, (low, middle, high, plan) in enumerate(zip(*ends, planned, strict=True))
    ]


def _fan_chart(m: Material, rows: list[dict[str, float]], unit: str, what: str) -> Chart:
    header = [m.unit, "planned", "P10", "P50", "P90"]
    cells = [[f"{row['at']:.0f}", *(count(row[key]) for key in ("planned", "low", "middle", "high"))] for row in rows]
    last = rows[-1]
    told = f"at the end {count(last['low'])}, {count(last['middle'])} and {count(last['high'])} (P10, P50, P90), planned {count(last['planned'])}"
    return Chart(
        charts.fan(rows, m.unit, unit), f"{what}, in eight of ten scenarios: {told}.", table(f"{m.unit}s", header, cells, shown=len(cells)),
        note="the band covers eight of ten scenarios",
    )  # fmt: skip


def _drivers(odds: Odds) -> Section | None:
    """Shares of the variance of the objective that inputs explain by themselves, one after another."""
    if not odds.drivers:
        return None
    known, name = odds.drivers[0].shares, main_figure(odds)
    if name not in known:
        return None
    ranked = sorted(odds.drivers, key=lambda one: -one.shares[name].value)
    shown = [one for one in ranked if one.shares[name].value >= LEAST_SHARE][:BARS]
    if not shown:
        return None
    first = readable(shown[0].amount, 80)
    words = f"Most of how {name} comes out depends on {first}: {percent(shown[0].shares[name].value, 0)} of its variance. Find out about that first."
    rows, figures = _falling(ranked, shown, name), list(known)
    cells = [[readable(one.amount, 80), *(_share(one.shares[figure]) for figure in figures)] for one in ranked]
    chart = Chart(
        charts.waterfall(rows, [str(row["name"]) for row in rows], f"share of the variance of {name} (%)"),
        f"Inputs by the share of the variance of {name} that each explains by itself, largest first: {first}.",
        table("inputs", ["input", *figures], cells, shown=len(cells)),
        is_wide=True,
    )
    return Section("What moves the result", (words,), chart, is_wide=True)


def _share(one: Estimate) -> str:
    return NOTHING if math.isnan(one.error) else chance(Estimate(max(one.value, 0.0), one.error))


def _falling(ranked: list[Driver], shown: list[Driver], name: str) -> list[dict[str, Any]]:
    """Bars of a waterfall: the inputs shown, all others, and what none explains by itself."""
    parts = [(readable(one.amount, 80), one.shares[name].value) for one in shown]
    rest = sum(max(one.shares[name].value, 0.0) for one in ranked if one not in shown)
    if rest > 0.0:
        parts.append((counted(len(ranked) - len(shown), "other"), rest))
    parts.append(("together, and luck", unexplained(tuple(ranked), name)))
    rows, start = [], 0.0
    for number, (label, share) in enumerate(parts):
        ends = {"start": 100.0 * start, "end": 100.0 * (start + share)}
        rows.append({"name": label, **ends, "text": percent(share, 0), "good": number < len(shown)})
        start += share
    return rows
