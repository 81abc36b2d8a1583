"""The worked cases: a page that lists them with question, size and picture, and the pictures."""

from __future__ import annotations

from functools import cache
from html import escape

import pandas as pd
from sources import ROOT

from allocate import Case, read_case, solve

COLOURS = ("#1f5fa8", "#e07b39", "#3a9a6b", "#a8458f", "#c2a21d", "#5b7f95", "#7b4fb3", "#b0413e", "#8a8a8a")
WIDTH, HEIGHT, TOP = 320, 150, 22


def gallery() -> str:
    """The page."""
    parts = [
        "# Worked cases",
        "",
        "Each case is one question, with its arithmetic by hand and what the program prints. Smallest first.",
        "",
    ]
    for case in _cases():
        name = case.folder.name
        parts += [f"## {case.file.title or name}", "", f"![Work by week and vendor]({name}.svg){{ align=right }}", ""]
        parts += [case.file.description or "", "", f"{_size(case)}. [Read the case]({name}.md).", ""]
        parts += ['<div style="clear: both"></div>', ""]
    return "\n".join(parts)


def pictures() -> dict[str, str]:
    """Each case's picture by its path in the site."""
    return {f"cases/{case.folder.name}.svg": _picture(case) for case in _cases()}


@cache
def _cases() -> list[Case]:
    found = [read_case(path.parent) for path in sorted((ROOT / "cases").glob("*/case.yaml"))]
    return sorted(found, key=lambda one: (len(one.products) * len(one.vendors) * one.periods.count, one.name))


def _size(case: Case) -> str:
    counts = [(len(case.products), "product"), (len(case.vendors), "vendor"), (case.periods.count, case.periods.unit)]
    return ", ".join(f"{count} {noun}{'' if count == 1 else 's'}" for count, noun in counts)


def _picture(case: Case) -> str:
    """Hours of the best plan by period, stacked by vendor; the reasons where there is none."""
    answer = solve(case)
    if answer.plan is None:
        return _svg([_text(10, 40, "No plan keeps every limit; the page says why.")])
    hours = answer.plan.lines.pivot_table(index="period", columns="vendor", values="hours", aggfunc="sum").fillna(0.0)
    hours = hours.reindex(range(1, case.periods.count + 1), fill_value=0.0)
    return _svg([*_bars(hours), *_legend(list(hours.columns))])


def _bars(hours: pd.DataFrame) -> list[str]:
    most = float(hours.sum(axis=1).max()) or 1.0
    step, drawn = WIDTH / len(hours), [_text(0, 12, f"hours by period, at most {most:,.0f}")]
    for number, (_, row) in enumerate(hours.iterrows()):
        below = 0.0
        for colour, value in zip(COLOURS * 4, row, strict=False):
            high = (HEIGHT - TOP) * float(value) / most
            y = HEIGHT - below - high
            if high > 0:
                drawn.append(
                    f'<rect x="{number * step:.1f}" y="{y:.1f}" width="{step * 0.86:.1f}" height="{high:.1f}" fill="{colour}"/>'
                )
            below += high
    return drawn


def _legend(vendors: list[str]) -> list[str]:
    drawn, x, y = [], 0.0, HEIGHT + 18.0
    for name, colour in zip(vendors, COLOURS * 4, strict=False):
        if x + 24 + 7 * len(name) > WIDTH:
            x, y = 0.0, y + 16
        drawn += [f'<rect x="{x:.0f}" y="{y - 9:.0f}" width="10" height="10" fill="{colour}"/>', _text(x + 14, y, name)]
        x += 24 + 7 * len(name)
    return drawn


def _text(x: float, y: float, words: str) -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" font-size="11" fill="#6b7280">{escape(words)}</text>'


def _svg(parts: list[str]) -> str:
    box = f'viewBox="0 0 {WIDTH} {HEIGHT + 44}" width="{WIDTH}" font-family="sans-serif"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box}>{"".join(parts)}</svg>\n'
