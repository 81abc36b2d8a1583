"""What a change does to a plan, short enough for a comment on a pull request: at most 60 lines of Markdown."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from allocate.errors import readable
from allocate.runs.differences import Amounts, Change, Differences
from allocate.runs.sides import Side
from allocate.tables.column import Grid
from allocate.tables.formats import MONEY, NOTHING, TEXT, long_text, money, percent
from allocate.tolerances import HALF_A_CENT

INPUTS, PARTS = 9, 5
"""Rows of the table of inputs, and of each of the others; what is left out is counted."""
FIGURES = ("objective", "spend", "value", "net_value", "escaped_error_cost", "penalty")
PERIOD = re.compile(r"(.*) in (week|month) (\d+)")
WORD = 60
"""Most characters of a value."""


def tables(before: Side, after: Side, found: Differences) -> list[Grid]:
    """Figures, inputs, products, vendors and limits that differ; each with its first rows, largest changes of money first."""
    currency = str(after.found["currency"])
    every = [
        _figures(before, after, currency), _inputs(found.inputs), _parts("Products", "product", found.products, currency),
        _parts("Vendors", "vendor", found.vendors, currency), _limits(before.found, after.found),
    ]  # fmt: skip
    return [one for one in every if one.rows]


def headline(before: Side, after: Side) -> str:
    """The change of the spend and of the objective in one sentence."""
    (one, other), currency = (before.found, after.found), after.found["currency"]
    name = str(other["objective_name"]).replace("_", " ").replace("-", " ")
    if one["currency"] != currency:
        return f"{readable(before.name, WORD)} counts in {one['currency']}, {readable(after.name, WORD)} in {currency}: amounts are not compared."
    if other["spend"] is None or one["spend"] is None:
        states = [f"{readable(side.name, WORD)} is {side.found['status']}" for side in (before, after)]
        return f"{' and '.join(states)}: there are not two plans to compare."
    told = [f"Spend {_of(one['spend'], other['spend'], currency)}"]
    alike = one["objective_name"] == other["objective_name"] != "cost"
    if alike and one["objective"] is not None and other["objective"] is not None:
        told.append(f"{name} {_of(one['objective'], other['objective'], currency)}")
    return ", ".join(told) + "."


def rise(before: Side, after: Side) -> float | None:
    """By which share of the first the spend of the second is larger; None where that cannot be said."""
    one, other = before.found["spend"], after.found["spend"]
    if one is None or other is None or before.found["currency"] != after.found["currency"]:
        return None
    if not one:
        return 0.0 if not other else float("inf")
    return float(other) / float(one) - 1.0


def _of(one: float, other: float, currency: str) -> str:
    change = other - one
    if abs(change) < HALF_A_CENT:
        return f"is the same, {money(other)} {currency}"
    word = "rises" if change > 0.0 else "falls"
    share = f" ({100.0 * change / abs(one):+.1f}%)" if one else ""
    return f"{word} by {money(abs(change))} to {money(other)} {currency}{share}"


def _figures(before: Side, after: Side, currency: str) -> Grid:
    rows, valued = [], before.found["value"] or after.found["value"]
    for name in ("status", *FIGURES, "gap"):
        one, other = before.found[name], after.found[name]
        twice = name == "objective" and after.found["objective_name"] in ("cost", "net-value")
        if _same(one, other) or twice or (name == "net_value" and not valued):
            continue
        rows.append(
            [
                name.replace("_", " "),
                _value(name, one),
                _value(name, other),
                _step(one, other) if name in FIGURES else "",
            ]
        )
    if before.found["currency"] != currency:
        rows.insert(0, ["currency", str(before.found["currency"]), currency, ""])
    return Grid(f"Figures ({currency})", ["figure", "before", "after", "change"], rows, [False, True, True, True])


def _value(name: str, value: Any) -> str:
    if value is None:
        return NOTHING
    return percent(value, 2) if name == "gap" else MONEY(value) if isinstance(value, float) else TEXT(value)


def _same(one: Any, other: Any) -> bool:
    """Whether two figures are the same to half a cent."""
    return abs(one - other) < HALF_A_CENT if isinstance(one, float) and isinstance(other, float) else bool(one == other)


def _step(one: Any, other: Any) -> str:
    if not isinstance(one, float) or not isinstance(other, float):
        return ""
    return "0.00" if _same(one, other) else f"{other - one:+,.2f}"


def _more(rows: list[list[str]], most: int, width: int) -> list[list[str]]:
    """The first rows, and how many were left out."""
    left = len(rows) - most
    return rows if left <= 0 else [*rows[:most], [f"… and {left} more", *[""] * (width - 1)]]


def _inputs(changes: Sequence[Change]) -> Grid:
    rows = [[long_text(one.what)[:WORD], _word(one.before), _word(one.after)] for one in changes]
    return Grid(f"Inputs ({len(changes)} differ)", ["path", "before", "after"], _more(rows, INPUTS, 3), [False] * 3)


def _word(value: Any) -> str:
    if value is None:
        return NOTHING
    text = long_text(str(value))
    return text if len(text) <= WORD else f"{text[: WORD - 1]}…"


def _parts(title: str, key: str, found: Sequence[Amounts], currency: str) -> Grid:
    header = [key, "items before", "after", f"spend before ({currency})", "after", "change"]
    rows = [
        [
            TEXT(one.name[0]),
            *(f"{many:,.0f}" for many in one.items),
            *map(MONEY, one.spend),
            _step(*one.spend),
        ]
        for one in found
        if not _same(*one.spend) or abs(one.items[1] - one.items[0]) >= 0.5
    ]
    return Grid(f"{title} ({len(rows)} differ)", header, _more(rows, PARTS, 6), [False, *[True] * 5])


def _limits(before: Mapping[str, Any], after: Mapping[str, Any]) -> Grid:
    """Limits that bind in one plan only, those worth most first; a limit by period once, with all the periods in which it does."""
    both = _together([_binding(one) for one in (before, after)])
    changed = sorted({*both[0], *both[1]}, key=lambda name: (-max(one.get(name, 0.0) for one in both), name))
    rows = [
        [long_text(name)[:WORD], *("binds" if name in one else "no longer binds" if number else "does not bind" for number, one in enumerate(both)),
         MONEY(max(one.get(name, 0.0) for one in both))]
        for name in changed
    ]  # fmt: skip
    return Grid(
        f"Limits ({len(rows)} begin or cease to bind)", ["limit", "before", "after", "one more unit is worth at most"],
        _more(rows, PARTS, 4), [False, False, False, True],
    )  # fmt: skip


def _together(both: Sequence[dict[str, float]]) -> tuple[dict[str, float], dict[str, float]]:
    """Limits of one plan and not of the other, those of several periods as one: `hours of krakow in weeks 4, 5`."""
    found: tuple[dict[str, float], dict[str, float]] = ({}, {})
    for mine, (own, other) in zip(found, (both, both[::-1]), strict=True):
        periods: dict[tuple[str, str], list[str]] = {}
        worth: dict[tuple[str, str], float] = {}
        for name, price in own.items():
            if name in other:
                continue
            match = PERIOD.fullmatch(name)
            key = (match[1], match[2]) if match else (name, "")
            periods.setdefault(key, []).append(match[3] if match else "")
            worth[key] = max(worth.get(key, 0.0), price)
        for (name, unit), numbers in periods.items():
            told = f"{name} in {unit}{'s' if len(numbers) > 1 else ''} {', '.join(numbers)}" if unit else name
            mine[told] = worth[name, unit]
    return found


def _binding(plan: Mapping[str, Any]) -> dict[str, float]:
    found: dict[str, float] = {}
    for row in plan["binding"]:
        worth = row.get("worth_of_one_more")
        found[str(row["rule"])] = max(found.get(str(row["rule"]), 0.0), abs(float(worth)) if worth is not None else 0.0)
    return found
