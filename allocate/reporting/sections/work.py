"""Who is full and when, and what quality comes out against what is asked."""

from __future__ import annotations

from collections.abc import Sequence

from allocate.reporting import charts
from allocate.reporting.document import Chart, Section
from allocate.reporting.material import Material, table
from allocate.reporting.wording import counted, listed
from allocate.tables.formats import amount, money, percent, spans
from allocate.verification import Check

CAPACITIES = ("vendor_hours", "vendor_items", "team_hours", "review_team_hours")
SHOWN = 14
FULL = 1.0 - 1e-6


def load(m: Material) -> Section | None:
    """How much of each period's capacity is used; None where no capacity goes by period."""
    groups: dict[str, list[Check]] = {}
    for check in m.checks:
        if check.family in CAPACITIES and check.period is not None and check.limit > 0:
            groups.setdefault(_who(m, check), []).append(check)
    if not groups:
        return None
    busiest = sorted(groups, key=lambda name: (-_fullness(groups[name]), name))
    full = [
        f"{name} in {spans([(one.period or 0) + 1 for one in groups[name] if one.used / one.limit >= FULL], m.unit, '–')}"
        for name in busiest
        if any(one.used / one.limit >= FULL for one in groups[name])
    ]
    sentences = [f"Full: {listed(full, 5)}." if full else "No vendor is full in any period."]
    always = sum(all(one.used / one.limit >= FULL for one in checks) for checks in groups.values())
    if len(full) > 5:
        some = f"{len(full):,} of {counted(len(groups), 'vendor')} with a limit are full in some {m.unit}"
        sentences.append(f"In all, {some}, {always:,} of them in every {m.unit}.")
    unlimited = [
        m.vendor[row["vendor"]] for row in m.vendors if row["items"] > 0 and m.vendor[row["vendor"]] not in groups
    ]
    if unlimited:
        sentences.append(f"No limit by {m.unit} is written for {listed(unlimited)}.")
    return Section("Who is full, and when", tuple(sentences), _heat(m, groups, busiest), is_wide=True)


def _who(m: Material, check: Check) -> str:
    if check.family == "review_team_hours":
        return "review team"
    return m.vendor[list(m.case.vendors)[check.key[0]]]


def _fullness(checks: Sequence[Check]) -> float:
    limit = sum(check.limit for check in checks)
    return sum(check.used for check in checks) / limit if limit else 0.0


def step_of(share: float) -> str:
    """The step of the heat map a share of capacity falls in."""
    if share >= FULL:
        return "full"
    if share <= 0:
        return "no work"
    return "up to 50%" if share <= 0.5 else "50% to 80%" if share <= 0.8 else "80% to full"


def _heat(m: Material, groups: dict[str, list[Check]], busiest: list[str]) -> Chart:
    shown, periods = busiest[:SHOWN], m.case.periods.count
    # Of a vendor with two limits in a period (hours and items) the one that is nearer to its end counts.
    share: dict[tuple[str, int], float] = {}
    for name, checks in groups.items():
        for check in checks:
            at = name, (check.period or 0) + 1
            share[at] = max(share.get(at, 0.0), check.used / check.limit)
    drawn = [
        {"name": name, "period": period, "step": step_of(used), "text": _cell(used)}
        for (name, period), used in share.items()
        if name in shown
    ]
    rows = [
        [
            name,
            *(_percent(share.get((name, period))) for period in range(1, periods + 1)),
            percent(_fullness(groups[name])),
        ]
        for name in busiest
    ]
    header = ["vendor", *map(str, range(1, periods + 1)), "in all"]
    figures = table("vendors", header, rows, shown=len(rows))
    note = "" if len(shown) == len(busiest) else f"the {len(shown)} busiest of {len(busiest):,} vendors with a limit"
    said = (
        f"Heat map of used capacity by {m.unit}, in per cent, for {counted(len(shown), 'vendor')}. "
        f"Busiest over all: {busiest[0]}, {percent(_fullness(groups[busiest[0]]))}."
    )
    return Chart(charts.heat(drawn, shown, periods, m.unit), said, figures, is_wide=True, note=note)


def _cell(share: float) -> str:
    """Per cent of capacity, rounded down so that 100 is said only of what is full."""
    return "" if share <= 0 else "100" if share >= FULL else f"{int(100 * share)}"


def _percent(share: float | None) -> str:
    return "–" if share is None else "0%" if share <= 0 else f"{_cell(share)}%"


def quality(m: Material, also: Sequence[str] = ()) -> Section:
    """Accuracy planned against accuracy asked; also: what else is to be said of quality."""
    rows, drawn, tight = [], [], []
    for row in m.products:
        if row["items"] <= 0:
            continue
        name, asked = m.product[row["product"]], m.case.products[row["product"]].accuracy
        floor = asked.at_least if asked is not None else None
        room = "–" if floor is None else f"{amount(100 * (row['accuracy'] - floor))} points"
        rows.append([name, percent(row["accuracy"], 2), "none" if floor is None else percent(floor, 2), room])
        drawn.append({"name": name, "reached": 100 * row["accuracy"], "floor": None if floor is None else 100 * floor})
        if floor is not None and row["accuracy"] - floor < 5e-5:
            tight.append(name)
    if not rows:
        return Section("Quality", ("The plan makes no items.",))
    escaped = m.plan.escaped_error_cost
    sentences = [f"Exactly at the floor, with no room: {listed(tight)}." if tight else "No product is at its floor."]
    no_floor = all(one["floor"] is None for one in drawn)
    if no_floor:
        sentences = ["No product has an accuracy floor."]
    if escaped > 0:
        sentences.append(f"Errors that escape cost {money(escaped)} {m.currency} later; that is not in the spend.")
    sentences += also
    shown = drawn[:12]
    chart = Chart(
        charts.against(shown, [str(one["name"]) for one in shown], "items right at delivery (%)"),
        f"Dots of planned accuracy {'' if no_floor else 'and ticks of floors '}for {counted(len(shown), 'product')}; {len(tight)} of {len(drawn)} at the floor.",
        table("products", ["product", "accuracy", "floor", "room"], rows, shown=len(rows)),
        note="" if len(shown) == len(drawn) else f"the {len(shown)} of {len(drawn):,} products with the largest spend",
    )
    title = "Quality" if no_floor else "Quality against the floors"
    return Section(title, tuple(sentences), chart, is_tall=True)
