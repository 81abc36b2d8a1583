"""Charts by Altair: specifications without pixels of their own, drawn to SVG without a browser or a network."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

INK, MUTED, LINE = "#1b2733", "#4b5966", "#d9dfe5"
GOOD, POOR, PALE = "#1f5fa8", "#b34a00", "#dfe6ee"
SERIES = ("#1f5fa8", "#b34a00", "#1a7f5a", "#8a3fa0", "#a37200", "#c2185b", "#3b7f94", "#5b6770")
"""Colours of series: each has a contrast of 3 to 1 or more against the page."""
STEPS = {
    "no work": ("#f1f3f6", INK),
    "up to 50%": ("#cfe0f3", INK),
    "50% to 80%": ("#8fb8e3", INK),
    "80% to full": ("#1f5fa8", "#ffffff"),
    "full": ("#7a1f1f", "#ffffff"),
}
"""Colours of the heat map with that of the text on them: lightness says it too, for who does not see the hue."""
NAMES, LETTER = 150, 6.5
"""Most pixels for the names of bars, and of a letter."""
HALF, WIDE = 420, 900
"""Widths of charts in pixels; the page scales them."""
FONT = "DejaVu Sans"
"""Letters that texts are measured with: wider than those of the page, so that nothing is cut off whatever it has."""

Rows = Sequence[Mapping[str, Any]]


def svg(specification: Mapping[str, Any], name: str) -> str:
    """The picture of a specification as SVG to be put into a page; name: what its own names begin with."""
    import vl_convert

    drawn = vl_convert.vegalite_to_svg(dict(specification), allowed_base_urls=[])
    drawn = re.sub(r' xmlns(?::\w+)?="[^"]*"', "", drawn)
    drawn = re.sub(r'^<svg class="[^"]*"', '<svg aria-hidden="true" focusable="false"', drawn)
    drawn = re.sub(r'^(<svg[^>]*?) width="[^"]*" height="[^"]*"', r"\1", drawn)
    drawn = re.sub(r' font-family="[^"]*"', "", drawn)
    drawn = re.sub(r'\bid="', f'id="{name}-', drawn)
    return re.sub(r"url\(#", f"url(#{name}-", drawn)


def stacked(rows: Rows, order: Sequence[str], series: Sequence[str], unit: str, width: int = HALF) -> dict[str, Any]:
    """Bars of amounts by name, parted by series; rows have name, series, amount."""
    alt = _altair()
    place = {name: number for number, name in enumerate(series)}
    data = alt.Data(values=[{**row, "place": place[row["series"]]} for row in rows])
    colours = [*SERIES[: len(series)]]
    chart = (
        alt.Chart(data)
        .mark_bar(stroke="white", strokeWidth=1)
        .encode(
            y=_names(alt, order),
            x=alt.X("amount:Q", title=unit, axis=_amounts(alt)),
            color=alt.Color(
                "series:N",
                scale=alt.Scale(domain=list(series), range=colours),
                legend=_legend(alt, order, series, width),
            ),
            order=alt.Order("place:Q"),
        )
    )
    return _drawn(chart, len(order), width=width)


def _legend(alt: Any, order: Sequence[str], series: Sequence[str], width: int) -> Any:
    """A legend in as many columns as fit beside the names of the bars."""
    left = width - min(NAMES, LETTER * max(map(len, order), default=0)) - 20
    widest = min(90 if width == HALF else 160, LETTER * max(map(len, series), default=1)) + 34
    columns = max(1, min(len(series), int(left / widest)))
    return alt.Legend(title=None, orient="top", columns=columns, labelLimit=int(widest - 34), symbolType="square")


def bars(
    rows: Rows, order: Sequence[str], unit: str, mark: float | None = None, said: str = "", width: int = HALF
) -> dict[str, Any]:
    """Bars of one amount each, with the amount beside it; rows have name, amount, text, good.

    mark: an amount drawn as a line through all bars; said: what the line is.
    """
    alt = _altair()
    data = alt.Data(values=list(rows))
    most = max([float(row["amount"]) for row in rows] + ([mark] if mark is not None else []))
    x = alt.X("amount:Q", title=unit, scale=alt.Scale(domain=[0, most * 1.18]), axis=_amounts(alt))
    base = alt.Chart(data).encode(y=_names(alt, order), x=x)
    colour = alt.condition("datum.good", alt.value(GOOD), alt.value(POOR))
    layers = [
        base.mark_bar().encode(color=colour),
        base.mark_text(align="left", dx=4, color=INK).encode(text="text:N"),
    ]
    if mark is not None:
        line = alt.Chart(alt.Data(values=[{"at": mark, "text": said}]))
        at = alt.X("at:Q", title=unit)
        layers.append(line.mark_rule(color=INK, strokeDash=[4, 3]).encode(x=at))
        layers.append(line.mark_text(align="left", dx=4, color=INK, y=-7).encode(x=at, text="text:N"))
    return _drawn(alt.layer(*layers), len(order), width=width, top=14 if mark is not None else 0)


def against(rows: Rows, order: Sequence[str], unit: str) -> dict[str, Any]:
    """A dot for what is reached and a tick for what is asked; rows have name, reached, floor (or None), in per cent."""
    alt = _altair()
    known = [float(row[key]) for row in rows for key in ("reached", "floor") if row[key] is not None]
    low = min(known) - max(0.5, 0.1 * (100.0 - min(known)))
    x_scale = alt.Scale(domain=[max(0.0, low), 100.0], nice=False)
    # Without any floor there is one kind of mark, and nothing for a legend to say.
    asked = any(row["floor"] is not None for row in rows)
    legend = alt.Legend(title=None, orient="top", labelLimit=160) if asked else None
    axis = alt.Axis(labelFlush=False, labelOverlap="greedy", labelSeparation=6)
    base = alt.Chart(alt.Data(values=list(rows))).encode(y=_names(alt, order))
    floor = (
        base.transform_filter("datum.floor !== null")
        .transform_calculate(what="'floor'")
        .mark_tick(thickness=3, size=18, opacity=1)
        .encode(x=alt.X("floor:Q", scale=x_scale, title=unit, axis=axis), color=_what(alt, legend))
    )
    dot = (
        base.transform_calculate(what="'planned'")
        .mark_circle(size=90, opacity=1)
        .encode(x=alt.X("reached:Q", scale=x_scale, title=unit, axis=axis), color=_what(alt, legend))
    )
    return _drawn(alt.layer(floor, dot) if asked else dot, len(order))


def _what(alt: Any, legend: Any) -> Any:
    return alt.Color("what:N", scale=alt.Scale(domain=["planned", "floor"], range=[GOOD, POOR]), legend=legend)


def heat(rows: Rows, names: Sequence[str], periods: int, unit: str) -> dict[str, Any]:
    """Cells by name and period coloured by how full they are; rows have name, period, step, text."""
    alt = _altair()
    base = alt.Chart(alt.Data(values=list(rows))).encode(
        x=alt.X(
            "period:O",
            title=unit,
            sort=None,
            scale=alt.Scale(domain=list(range(1, periods + 1)), padding=0),
            axis=alt.Axis(labelAngle=0, ticks=False, labelOverlap=True),
        ),
        y=_names(alt, names),
    )
    colours = alt.Scale(domain=list(STEPS), range=[fill for fill, _ in STEPS.values()])
    legend = alt.Legend(title=None, orient="top", symbolType="square", symbolStrokeColor=MUTED, symbolStrokeWidth=0.5)
    layers = [
        base.mark_rect(stroke="white", strokeWidth=2).encode(color=alt.Color("step:N", scale=colours, legend=legend))
    ]
    if periods <= 16:
        dark = alt.condition(
            "datum.step === 'full' || datum.step === '80% to full'", alt.value("#ffffff"), alt.value(INK)
        )
        layers.append(base.mark_text(fontSize=11).encode(text="text:N", color=dark))
    return _drawn(alt.layer(*layers), len(names), width=WIDE, step=21)


def tornado(rows: Rows, order: Sequence[str], unit: str) -> dict[str, Any]:
    """Bars to both sides of the plan; rows have name, change, side (`less` or `more` of the input)."""
    alt = _altair()
    legend = alt.Legend(title=None, orient="top", labelLimit=160, symbolType="square")
    chart = (
        alt.Chart(alt.Data(values=list(rows)))
        .mark_bar()
        .encode(
            y=_names(alt, order, 330),
            x=alt.X("change:Q", stack=None, title=unit, axis=_amounts(alt)),
            color=alt.Color("side:N", scale=alt.Scale(domain=["less", "more"], range=[POOR, GOOD]), legend=legend),
        )
    )
    zero = alt.Chart(alt.Data(values=[{"at": 0}])).mark_rule(color=INK).encode(x="at:Q")
    return _drawn(alt.layer(chart, zero), len(order), width=WIDE, step=20)


def lines(rows: Rows, series: Sequence[str], x_title: str, unit: str, width: int = HALF) -> dict[str, Any]:
    """A line by series; rows have at (per cent, or a number of periods), amount, series."""
    alt = _altair()
    legend = alt.Legend(title=None, orient="top", labelLimit=160, symbolType="stroke")
    axis = alt.Axis(format="~g", tickMinStep=1, labelFlush=False, labelOverlap="greedy", labelSeparation=6)
    chart = (
        alt.Chart(alt.Data(values=list(rows)))
        .mark_line(point=alt.OverlayMarkDef(size=40), strokeWidth=2)
        .encode(
            x=alt.X("at:Q", title=x_title, axis=axis),
            y=alt.Y("amount:Q", title=unit, axis=alt.Axis(format="~s", tickCount=5), scale=alt.Scale(zero=True)),
            color=alt.Color(
                "series:N", scale=alt.Scale(domain=list(series), range=[*SERIES[: len(series)]]), legend=legend
            ),
        )
    )
    return _drawn(chart, 8, width=width)


def fan(rows: Rows, x_title: str, unit: str) -> dict[str, Any]:
    """A band from P10 to P90 with P50 as a line, and the plan as a dashed one; rows have at, low, middle, high, planned."""
    alt = _altair()
    data = alt.Data(values=list(rows))
    x = alt.X(
        "at:Q",
        title=x_title,
        axis=alt.Axis(format="d", labelFlush=False, labelOverlap="greedy", labelSeparation=6, tickMinStep=1),
    )
    y = alt.Axis(format="~s", tickCount=5)
    band = (
        alt.Chart(data)
        .mark_area(color=GOOD, opacity=0.22)
        .encode(x=x, y=alt.Y("low:Q", title=unit, axis=y, scale=alt.Scale(zero=True)), y2="high:Q")
    )
    kinds = ["in half of the scenarios no more", "as planned"]
    named = [
        {"at": row["at"], "amount": row[key], "kind": kind}
        for row in rows
        for key, kind in zip(("middle", "planned"), kinds, strict=True)
    ]
    lines = alt.Chart(alt.Data(values=named)).mark_line(strokeWidth=2).encode(
        x=x,
        y=alt.Y("amount:Q", title=unit, axis=y),
        color=alt.Color("kind:N", scale=alt.Scale(domain=kinds, range=[GOOD, POOR]),
                        legend=alt.Legend(title=None, orient="top", labelLimit=240, symbolType="stroke")),
        strokeDash=alt.StrokeDash("kind:N", scale=alt.Scale(domain=kinds, range=[[1, 0], [5, 3]]), legend=None),
    )  # fmt: skip
    return _drawn(alt.layer(band, lines), 8)


def waterfall(rows: Rows, order: Sequence[str], unit: str) -> dict[str, Any]:
    """Bars that each begin where the one before ends; rows have name, start, end, text, good."""
    alt = _altair()
    most = max(max(float(row["start"]), float(row["end"])) for row in rows)
    x = alt.X("start:Q", title=unit, scale=alt.Scale(domain=[0, most * 1.15]), axis=_amounts(alt))
    base = alt.Chart(alt.Data(values=list(rows))).encode(y=_names(alt, order, 330))
    colour = alt.condition("datum.good", alt.value(GOOD), alt.value(POOR))
    layers = [
        base.mark_bar().encode(x=x, x2="end:Q", color=colour),
        base.mark_text(align="left", dx=4, color=INK).encode(x=alt.X("end:Q"), text="text:N"),
    ]
    return _drawn(alt.layer(*layers), len(order), width=WIDE)


def steps(rows: Rows, unit: str) -> dict[str, Any]:
    """Steps from one amount to another; rows have name, start, end, kind, text.

    As IBCS has it: what was before light, a plan outlined, what was done dark, steps in their colours.
    """
    alt = _altair()
    order = [row["name"] for row in rows]
    kinds = {"before": PALE, "plan": "#ffffff", "costs less": GOOD, "costs more": POOR, "after": INK}
    there = [kind for kind in kinds if any(row["kind"] == kind for row in rows)]
    colours = alt.Scale(domain=there, range=[kinds[kind] for kind in there])
    legend = alt.Legend(title=None, orient="top", symbolType="square", symbolStrokeColor=MUTED, symbolStrokeWidth=1)
    placed = [{**row, "label": max(row["start"], row["end"])} for row in rows]
    base = alt.Chart(alt.Data(values=placed)).encode(y=_names(alt, order, 230))
    least = min(min(row["start"], row["end"]) for row in rows)
    most = max(row["label"] for row in placed)
    along = alt.Scale(domain=[min(least, 0.0), most + 0.16 * (most - min(least, 0.0))], nice=False)
    bar = base.mark_bar(stroke=MUTED, strokeWidth=1).encode(
        x=alt.X("start:Q", title=unit, scale=along, axis=_amounts(alt)),
        x2="end:Q",
        color=alt.Color("kind:N", scale=colours, legend=legend),
    )
    label = base.mark_text(align="left", dx=4, fontSize=11, color=INK).encode(
        x=alt.X("label:Q", scale=along), text="text:N"
    )
    return _drawn(alt.layer(bar, label), len(order), width=WIDE, step=26)


def _amounts(alt: Any) -> Any:
    """An axis of amounts whose labels keep apart."""
    return alt.Axis(format="~s", tickCount=5, labelFlush=False, labelOverlap="greedy", labelSeparation=6)


def _altair() -> Any:
    import altair

    return altair


def _names(alt: Any, order: Sequence[str], limit: int = NAMES) -> Any:
    axis = alt.Axis(title=None, labelLimit=limit, domain=False, ticks=False, labelPadding=6, grid=False)
    return alt.Y("name:N", sort=list(order), scale=alt.Scale(domain=list(order)), axis=axis)


def _drawn(chart: Any, count: int, width: int = HALF, top: int = 0, step: int = 24) -> dict[str, Any]:
    """The chart in the page's letters and colours, as high as its names need."""
    done = (
        chart.properties(width=width, height=max(60, step * count), background="transparent")
        .properties(autosize={"type": "fit-x", "contains": "padding"}, padding={"left": 2, "right": 18, "top": 2 + top, "bottom": 2})
        .configure(font=FONT, aria=False)
        .configure_axis(
            labelColor=INK, titleColor=MUTED, labelFontSize=11, titleFontSize=11, titleFontWeight="normal",
            gridColor=LINE, domainColor=LINE, tickColor=LINE,
        )
        .configure_legend(labelColor=INK, labelFontSize=11)
        .configure_text(fontSize=11)
        .configure_view(stroke=None)
    )  # fmt: skip
    specification: dict[str, Any] = done.to_dict()
    return specification
