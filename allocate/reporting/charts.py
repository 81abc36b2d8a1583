"""Charts as Vega-Lite specifications without pixels of their own; drawn to SVG without a browser or a network."""

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
Spec = dict[str, Any]

_KEPT_APART = {"labelFlush": False, "labelOverlap": "greedy", "labelSeparation": 6}
_AMOUNTS = {"format": "~s", "tickCount": 5, **_KEPT_APART}
"""An axis of amounts whose labels keep apart."""
_UP = {"format": "~s", "tickCount": 5}
_CONFIG = {
    "font": FONT,
    "aria": False,
    "axis": {
        "labelColor": INK, "titleColor": MUTED, "labelFontSize": 11, "titleFontSize": 11, "titleFontWeight": "normal",
        "gridColor": LINE, "domainColor": LINE, "tickColor": LINE,
    },
    "legend": {"labelColor": INK, "labelFontSize": 11},
    "text": {"fontSize": 11},
    "view": {"stroke": None},
}  # fmt: skip
"""The page's letters and colours."""


def svg(specification: Mapping[str, Any], name: str) -> str:
    """The picture of a specification as SVG to be put into a page; name: what its own names begin with."""
    import vl_convert

    drawn = vl_convert.vegalite_to_svg(dict(specification), allowed_base_urls=[])
    drawn = re.sub(r' xmlns(?::\w+)?="[^"]*"', "", drawn)
    drawn = re.sub(r'^<svg([^>]*?) class="[^"]*"', r'<svg\1 aria-hidden="true" focusable="false"', drawn)
    drawn = re.sub(r'^(<svg[^>]*?) width="[^"]*" height="[^"]*"', r"\1", drawn)
    drawn = re.sub(r' font-family="[^"]*"', "", drawn)
    drawn = re.sub(r'\bid="', f'id="{name}-', drawn)
    return re.sub(r"url\(#", f"url(#{name}-", drawn)


def stacked(rows: Rows, order: Sequence[str], series: Sequence[str], unit: str, width: int = HALF) -> Spec:
    """Bars of amounts by name, parted by series; rows have name, series, amount."""
    place = {name: number for number, name in enumerate(series)}
    colour = _colour("series", series, SERIES[: len(series)], _columns(order, series, width))
    encoding = {
        "y": _names(order),
        "x": _quantity("amount", unit, axis=_AMOUNTS),
        "color": colour,
        "order": _quantity("place"),
    }
    chart = {
        **_data([{**row, "place": place[row["series"]]} for row in rows]),
        "mark": {"type": "bar", "stroke": "white", "strokeWidth": 1},
        "encoding": encoding,
    }
    return _drawn(chart, len(order), width=width)


def _columns(order: Sequence[str], series: Sequence[str], width: int) -> Spec:
    """A legend in as many columns as fit beside the names of the bars."""
    left = width - min(NAMES, LETTER * max(map(len, order), default=0)) - 20
    widest = min(90 if width == HALF else 160, LETTER * max(map(len, series), default=1)) + 34
    columns = max(1, min(len(series), int(left / widest)))
    return _legend("square", columns=columns, labelLimit=int(widest - 34))


def bars(
    rows: Rows, order: Sequence[str], unit: str, mark: float | None = None, said: str = "", width: int = HALF
) -> Spec:
    """Bars of one amount each, with the amount beside it; rows have name, amount, text, good.

    mark: an amount drawn as a line through all bars; said: what the line is.
    """
    most = max([float(row["amount"]) for row in rows] + ([mark] if mark is not None else []))
    x = _quantity("amount", unit, axis=_AMOUNTS, scale={"domain": [0, most * 1.18]})
    base = {"y": _names(order), "x": x}
    layers = [
        {**_data(rows), "mark": {"type": "bar"}, "encoding": {**base, "color": _good_or_poor()}},
        {**_data(rows), "mark": _beside(), "encoding": {**base, "text": _word("text")}},
    ]
    if mark is not None:
        line = _data([{"at": mark, "text": said}])
        at = {"x": _quantity("at", unit)}
        layers.append({**line, "mark": {"type": "rule", "color": INK, "strokeDash": [4, 3]}, "encoding": at})
        layers.append({**line, "mark": _beside(y=-7), "encoding": {**at, "text": _word("text")}})
    return _drawn({"layer": layers}, len(order), width=width, top=14 if mark is not None else 0)


def against(rows: Rows, order: Sequence[str], unit: str) -> Spec:
    """A dot for what is reached and a tick for what is asked; rows have name, reached, floor (or None), in per cent."""
    known = [float(row[key]) for row in rows for key in ("reached", "floor") if row[key] is not None]
    low = min(known) - max(0.5, 0.1 * (100.0 - min(known)))
    # Without any floor there is one kind of mark, and nothing for a legend to say.
    asked = any(row["floor"] is not None for row in rows)
    legend = {"title": None, "orient": "top", "labelLimit": 160} if asked else None
    scale = {"domain": [max(0.0, low), 100.0], "nice": False}

    def layer(field: str, what: str, mark: Spec) -> Spec:
        x = _quantity(field, unit, scale=scale, axis=_KEPT_APART)
        encoding = {"y": _names(order), "x": x, "color": _colour("what", ("planned", "floor"), (GOOD, POOR), legend)}
        return {
            "transform": [{"calculate": f"'{what}'", "as": "what"}],
            "mark": {**mark, "opacity": 1},
            "encoding": encoding,
        }

    floor = layer("floor", "floor", {"type": "tick", "thickness": 3, "size": 18})
    floor["transform"].insert(0, {"filter": "datum.floor !== null"})
    dot = layer("reached", "planned", {"type": "circle", "size": 90})
    return _drawn({**_data(rows), **({"layer": [floor, dot]} if asked else dot)}, len(order))


def heat(rows: Rows, names: Sequence[str], periods: int, unit: str) -> Spec:
    """Cells by name and period coloured by how full they are; rows have name, period, step, text."""
    x = {
        "field": "period", "type": "ordinal", "title": unit, "sort": None,
        "scale": {"domain": list(range(1, periods + 1)), "padding": 0},
        "axis": {"labelAngle": 0, "ticks": False, "labelOverlap": True},
    }  # fmt: skip
    base = {"x": x, "y": _names(names)}
    legend = _legend("square", symbolStrokeColor=MUTED, symbolStrokeWidth=0.5)
    colour = _colour("step", list(STEPS), [fill for fill, _ in STEPS.values()], legend)
    layers = [{"mark": {"type": "rect", "stroke": "white", "strokeWidth": 2}, "encoding": {**base, "color": colour}}]
    if periods <= 16:
        test = "datum.step === 'full' || datum.step === '80% to full'"
        dark = {"condition": {"test": test, "value": "#ffffff"}, "value": INK}
        layers.append(
            {"mark": {"type": "text", "fontSize": 11}, "encoding": {**base, "text": _word("text"), "color": dark}}
        )
    return _drawn({**_data(rows), "layer": layers}, len(names), width=WIDE, step=21)


def tornado(rows: Rows, order: Sequence[str], unit: str) -> Spec:
    """Bars to both sides of the plan; rows have name, change, side (`less` or `more` of the input)."""
    colour = _colour("side", ("less", "more"), (POOR, GOOD), _legend("square", labelLimit=160))
    x = _quantity("change", unit, stack=None, axis=_AMOUNTS)
    chart = {**_data(rows), "mark": {"type": "bar"}, "encoding": {"y": _names(order, 330), "x": x, "color": colour}}
    zero = {**_data([{"at": 0}]), "mark": {"type": "rule", "color": INK}, "encoding": {"x": _quantity("at")}}
    return _drawn({"layer": [chart, zero]}, len(order), width=WIDE, step=20)


def lines(rows: Rows, series: Sequence[str], x_title: str, unit: str, width: int = HALF) -> Spec:
    """A line by series; rows have at (per cent, or a number of periods), amount, series."""
    encoding = {
        "x": _quantity("at", x_title, axis={"format": "~g", "tickMinStep": 1, **_KEPT_APART}),
        "y": _quantity("amount", unit, axis=_UP, scale={"zero": True}),
        "color": _colour("series", series, SERIES[: len(series)], _legend("stroke", labelLimit=160)),
    }
    return _drawn(
        {**_data(rows), "mark": {"type": "line", "point": {"size": 40}, "strokeWidth": 2}, "encoding": encoding},
        8,
        width=width,
    )


def path(rows: Rows, x_title: str, unit: str, said: str) -> Spec:
    """A line through amounts with one of them marked; rows have at, amount, chosen. said: what the mark is."""
    x = _quantity("at", x_title, axis=_AMOUNTS, scale={"zero": False})
    base = {"x": x, "y": _quantity("amount", unit, axis=_UP, scale={"zero": False})}
    chosen = [{**row, "text": said} for row in rows if row["chosen"]]
    layers = [
        {
            **_data(rows),
            "mark": {"type": "line", "point": {"size": 30, "color": GOOD}, "color": GOOD, "strokeWidth": 2},
            "encoding": base,
        },
        {**_data(chosen), "mark": {"type": "circle", "size": 140, "color": POOR, "opacity": 1}, "encoding": base},
        {**_data(chosen), "mark": _beside(dy=16), "encoding": {**base, "text": _word("text")}},
    ]
    return _drawn({"layer": layers}, 9, width=WIDE)


def fan(rows: Rows, x_title: str, unit: str) -> Spec:
    """A band from P10 to P90 with P50 as a line, and the plan as a dashed one; rows have at, low, middle, high, planned."""
    x = _quantity("at", x_title, axis={"format": "d", **_KEPT_APART, "tickMinStep": 1})
    low = _quantity("low", unit, axis=_UP, scale={"zero": True})
    band = {
        **_data(rows),
        "mark": {"type": "area", "color": GOOD, "opacity": 0.22},
        "encoding": {"x": x, "y": low, "y2": {"field": "high"}},
    }
    kinds = ["in half of the scenarios no more", "as planned"]
    named = [
        {"at": row["at"], "amount": row[key], "kind": kind}
        for row in rows
        for key, kind in zip(("middle", "planned"), kinds, strict=True)
    ]
    encoding = {
        "x": x,
        "y": _quantity("amount", unit, axis=_UP),
        "color": _colour("kind", kinds, (GOOD, POOR), _legend("stroke", labelLimit=240)),
        "strokeDash": _colour("kind", kinds, ([1, 0], [5, 3]), None),
    }
    return _drawn(
        {"layer": [band, {**_data(named), "mark": {"type": "line", "strokeWidth": 2}, "encoding": encoding}]}, 8
    )


def waterfall(rows: Rows, order: Sequence[str], unit: str) -> Spec:
    """Bars that each begin where the one before ends; rows have name, start, end, text, good."""
    most = max(max(float(row["start"]), float(row["end"])) for row in rows)
    x = _quantity("start", unit, scale={"domain": [0, most * 1.15]}, axis=_AMOUNTS)
    y = _names(order, 330)
    layers = [
        {"mark": {"type": "bar"}, "encoding": {"y": y, "x": x, "x2": {"field": "end"}, "color": _good_or_poor()}},
        {"mark": _beside(), "encoding": {"y": y, "x": _quantity("end"), "text": _word("text")}},
    ]
    return _drawn({**_data(rows), "layer": layers}, len(order), width=WIDE)


def steps(rows: Rows, unit: str) -> Spec:
    """Steps from one amount to another; rows have name, start, end, kind, text.

    As IBCS has it: what was before light, a plan outlined, what was done dark, steps in their colours.
    """
    order = [row["name"] for row in rows]
    kinds = {"before": PALE, "plan": "#ffffff", "costs less": GOOD, "costs more": POOR, "after": INK}
    there = [kind for kind in kinds if any(row["kind"] == kind for row in rows)]
    placed = [{**row, "label": max(row["start"], row["end"])} for row in rows]
    least = min(min(row["start"], row["end"]) for row in rows)
    most = max(row["label"] for row in placed)
    along = {"domain": [min(least, 0.0), most + 0.16 * (most - min(least, 0.0))], "nice": False}
    legend = _legend("square", symbolStrokeColor=MUTED, symbolStrokeWidth=1)
    colour = _colour("kind", there, [kinds[kind] for kind in there], legend)
    x, y = _quantity("start", unit, scale=along, axis=_AMOUNTS), _names(order, 230)
    bar = {
        "mark": {"type": "bar", "stroke": MUTED, "strokeWidth": 1},
        "encoding": {"y": y, "x": x, "x2": {"field": "end"}, "color": colour},
    }
    label = {
        "mark": _beside(fontSize=11),
        "encoding": {"y": y, "x": _quantity("label", scale=along), "text": _word("text")},
    }
    return _drawn({**_data(placed), "layer": [bar, label]}, len(order), width=WIDE, step=26)


def _data(rows: Rows) -> Spec:
    return {"data": {"values": list(rows)}}


def _quantity(field: str, title: str | None = None, **more: Any) -> Spec:
    """A channel of amounts."""
    return {"field": field, "type": "quantitative", **({"title": title} if title is not None else {}), **more}


def _word(field: str) -> Spec:
    """A channel of words."""
    return {"field": field, "type": "nominal"}


def _colour(field: str, domain: Sequence[str], shown: Sequence[Any], legend: Spec | None) -> Spec:
    """A channel that shows words by colours, or by dashes."""
    return {**_word(field), "scale": {"domain": list(domain), "range": list(shown)}, "legend": legend}


def _good_or_poor() -> Spec:
    return {"condition": {"test": "datum.good", "value": GOOD}, "value": POOR}


def _legend(symbol: str, **more: Any) -> Spec:
    return {"title": None, "orient": "top", "symbolType": symbol, **more}


def _beside(**more: Any) -> Spec:
    """Words at the right of where something ends."""
    return {"type": "text", "align": "left", "dx": 4, "color": INK, **more}


def _names(order: Sequence[str], limit: int = NAMES) -> Spec:
    axis = {"title": None, "labelLimit": limit, "domain": False, "ticks": False, "labelPadding": 6, "grid": False}
    return {**_word("name"), "sort": list(order), "scale": {"domain": list(order)}, "axis": axis}


def _drawn(chart: Spec, count: int, width: int = HALF, top: int = 0, step: int = 24) -> Spec:
    """The chart in the page's letters and colours, as high as its names need."""
    return {
        **chart,
        "config": _CONFIG,
        "background": "transparent",
        "width": width,
        "height": max(60, step * count),
        "autosize": {"type": "fit-x", "contains": "padding"},
        "padding": {"left": 2, "right": 18, "top": 2 + top, "bottom": 2},
    }
