"""A bridge as a page: the waterfall, the verdict, and every amount behind it."""

from __future__ import annotations

from typing import Any

from allocate.bridge.bridge import Bridge, kind_of, meaning_of, verdict
from allocate.bridge.bridge import rows as bridge_rows
from allocate.reporting import charts
from allocate.reporting.document import Chart, Report, Section, Table, Tile
from allocate.reporting.page import page
from allocate.tables.formats import MONEY, percent


def bridge_page(found: Bridge) -> str:
    """The bridge as HTML that stands alone."""
    currency = found.before.case.currency
    kinds = found.kinds()
    tiles = (
        Tile(found.before.name, MONEY(found.totals[0]), currency),
        Tile(found.after.name, MONEY(found.totals[1]), currency),
        Tile(
            "Change", f"{found.change:+,.2f}", percent(found.change / found.totals[0]) if found.totals[0] else currency
        ),
        *(Tile(kind.capitalize(), f"{part:+,.2f}", _of(part, found.change)) for kind, part in kinds.items() if part),
    )
    told = Section("Where it comes from", chart=waterfall(found), is_wide=True)
    parts = Section("By product and vendor", tables=(cells(found),), is_wide=True)
    how = (
        "Shapley's value: plans between the two bills are priced by the contracts, and no order of the causes decides."
        if found.order == "shapley"
        else "The chain of textbooks: quantities change first at the price before, prices last at the quantity after."
    )
    provenance = Section(
        "How it was made",
        sentences=(
            how,
            f"{found.evaluations:,} plans were priced. Amounts are in {currency}, whole cents, and add up.",
        ),
    )
    title = f"From {found.before.name} to {found.after.name}"
    return page(Report(title, found.after.case.name, verdict(found), (), tiles, (told, parts), provenance))


def _of(part: float, change: float) -> str:
    return f"{100.0 * part / change:.0f}% of the change" if change else ""


def waterfall(found: Bridge, of_plan: bool = False) -> Chart:
    """Both bills as full bars, each cause as the step between: more cost in the colour of poor news, less in that of good.

    of_plan: the bill before is a plan and the bill after what was done.
    """
    currency = found.before.case.currency
    rows: list[dict[str, Any]] = [
        _bar(found.before.name, 0.0, found.totals[0], "plan" if of_plan else "before", MONEY(found.totals[0]))
    ]
    at = found.totals[0]
    causes = [cause for cause in found.parts if found.of(cause)]
    for cause in causes:
        step = found.of(cause)
        rows.append(_bar(cause, at, at + step, "costs more" if step > 0.0 else "costs less", f"{step:+,.2f}"))
        at += step
    rows.append(_bar(found.after.name, 0.0, found.totals[1], "after", MONEY(found.totals[1])))
    table = [
        (cause, f"{found.of(cause):+,.2f}", _of(found.of(cause), found.change), kind_of(cause), meaning_of(cause))
        for cause in causes
    ]
    figures = Table(
        "causes",
        ("cause", currency, "of the change", "whose", "what belongs to it"),
        (False, True, True, False, False),
        tuple(table),
        shown=20,
    )
    return Chart(charts.steps(rows, currency), verdict(found), figures, is_wide=True)


def _bar(name: str, start: float, end: float, kind: str, text: str) -> dict[str, Any]:
    return {"name": name, "start": start, "end": end, "kind": kind, "text": text}


def cells(found: Bridge) -> Table:
    """Every product and vendor with its part of every cause, the largest change first."""
    causes = [cause for cause in found.parts if found.of(cause)]
    known: dict[tuple[str, str], dict[str, float]] = {}
    for one in bridge_rows(found, "cell"):
        known.setdefault((one["product"], one["vendor"]), {})[one["cause"]] = one["amount"]
    rows = []
    for (product, vendor), parts in known.items():
        amounts = [parts.get(cause, 0.0) for cause in causes]
        shown = [f"{one:+,.2f}" if one else "–" for one in amounts]
        rows.append((sum(amounts), (product or "–", vendor or "–", *shown, f"{sum(amounts):+,.2f}")))
    rows.sort(key=lambda row: -abs(row[0]))
    header = ("product", "vendor", *causes, "in all")
    return Table(
        "products and vendors",
        header,
        (False, False, *[True] * (len(causes) + 1)),
        tuple(row for _, row in rows),
        order="largest change first",
    )
