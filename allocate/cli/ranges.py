"""Ranges of budgets, accuracy floors and deadlines as options write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from allocate.case.load import Case


def amounts(case: Case, axis: str, text: str, option: str | None = None) -> list[float]:
    """The amounts of a range; both ends are among them. option: its name, where it is not that of the axis."""
    option = option or f"--{axis}"
    parts = text.split(":")
    if axis == "deadline":
        if len(parts) != 2 or not all(part.strip().isdecimal() for part in parts):
            raise click.BadParameter(f"'{text}' is not FROM:TO, two numbers of periods as in 6:12", param_hint=option)
        first, last = int(parts[0]), int(parts[1])
        if not 1 <= first <= last <= case.periods.count:
            what = f"1 to {case.periods.count}, the {case.periods.unit}s of the case, first one first"
            raise click.BadParameter(f"'{text}' is not within {what}", param_hint=option)
        return [float(number) for number in range(first, last + 1)]
    hint = "100k:500k:9" if axis == "budget" else "92%:99%:8"
    if len(parts) != 3 or not parts[2].strip().isdecimal() or not 2 <= int(parts[2]) <= 10_000:
        problem = f"'{text}' is not FROM:TO:POINTS with two points at least, as in {hint}"
        raise click.BadParameter(problem, param_hint=option)
    low, high, count = _number(case, axis, parts[0], option), _number(case, axis, parts[1], option), int(parts[2])
    if low < 0:
        raise click.BadParameter(f"'{text}' begins below 0", param_hint=option)
    if not low < high:
        raise click.BadParameter(f"'{text}' does not rise: {parts[0]} is not below {parts[1]}", param_hint=option)
    return [float(f"{low + (high - low) * step / (count - 1):.12g}") for step in range(count)]


def _number(case: Case, axis: str, text: str, option: str) -> float:
    from allocate.units import UnitError, Units

    try:
        found = Units().quantity(text.strip())
    except UnitError as error:
        raise click.BadParameter(error.in_a_line(), param_hint=option) from None
    if axis == "budget" and found.currency not in (None, case.currency):
        problem = f"'{text}' is not in {case.currency}, the currency of the case"
        raise click.BadParameter(problem, param_hint=option)
    return found.number
