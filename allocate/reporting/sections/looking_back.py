"""What became of the plan, and why it costs more or less than before: earned value by period, and bridges."""

from __future__ import annotations

from collections.abc import Iterator

from allocate.bridge.bridge import Bridge, verdict
from allocate.errors import readable
from allocate.reporting import charts
from allocate.reporting.bridge import cells, waterfall
from allocate.reporting.document import Chart, Section
from allocate.reporting.material import Material, table
from allocate.reporting.wording import listed, rounded, sentence
from allocate.tables.column import chosen, grid
from allocate.tables.formats import money
from allocate.tables.tracked import TRACKED
from allocate.tracking.track import Tracked, rows

CENT = 0.005
KINDS = {"pv": "planned (PV)", "ev": "earned (EV)", "ac": "actual (AC)"}


def sections(m: Material) -> Iterator[Section]:
    """A plan against what was done, and the bridges to it; nothing where neither actuals nor an earlier bill were given."""
    if m.tracked is not None:
        yield _progress(m, m.tracked)
    for found in m.bridges:
        yield _bridge(found)


def _progress(m: Material, found: Tracked) -> Section:
    now, unit = found.now.value, m.unit
    words = [
        f"By {unit} {found.now.period} work worth {money(now.earned)} {m.currency} is accepted, {_side(now.schedule_variance, 'less', 'more')}. "
        f"It cost {money(now.actual)}, {_side(now.cost_variance, 'more', 'less')} for that work.",
    ]
    if now.earned < now.budget * (1.0 - 1e-9):
        words.append(f"All of it was planned at {rounded(now.budget)} {m.currency}. {_forecasts(found, m.currency)}")
    if found.billed is not None:
        words.append(f"Billed so far: {money(found.billed)} {m.currency}.")
    shown = ["period", "items_planned", "items", *KINDS, "cv", "sv", "cpi", "spi"]
    if found.odds is not None:
        shown += ["low", "high", "outside"]
    told = grid("", chosen(TRACKED, *shown), rows(found))
    figures = table(f"{unit}s", list(told.header), [list(row) for row in told.rows], shown=len(told.rows))
    points = [
        {"at": week["period"], "amount": week[key], "series": name}
        for week in rows(found)
        for key, name in KINDS.items()
    ]
    chart = Chart(
        charts.lines(points, list(KINDS.values()), unit, m.currency, charts.WIDE),
        " ".join(words[:1]),
        figures,
        is_wide=True,
    )
    return Section("The plan and what was done", tuple(words), chart, points=tuple(found.alarms()), is_wide=True)


def _side(variance: float, below: str, above: str) -> str:
    """A variance in words, such as 12.00 less than planned."""
    if abs(variance) < CENT:
        return "as planned"
    return f"{money(abs(variance))} {below if variance < 0.0 else above} than planned"


def _forecasts(found: Tracked, currency: str) -> str:
    known = [f"{rounded(amount)} {name}" for name, amount in found.now.value.forecasts().items() if amount is not None]
    told = sentence(f"it will come to {listed(known)}") if known else ""
    if found.rest is None:
        return told
    low, middle, high = (rounded(one) for one in found.rest)
    return f"{told} By the case's spreads: {middle} {currency}, {low} to {high} in 8 of 10 scenarios."


def _bridge(found: Bridge) -> Section:
    of_plan = found.after.billed is not None or bool(found.after.extra)
    names = readable(found.before.name, 80), readable(found.after.name, 80)
    told = verdict(found)
    title = f"From {names[0]} to {names[1]}"
    return Section(
        title, (sentence(told) if of_plan else told,), waterfall(found, of_plan), tables=(cells(found),), is_wide=True
    )
