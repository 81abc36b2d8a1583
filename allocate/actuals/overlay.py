"""Measured figures as an overlay in the words of a case: `allocate solve CASE --set @measured.yaml`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from allocate.actuals.stated import Measured
from allocate.numerals import plainly

if TYPE_CHECKING:
    from allocate.actuals.calibration import Calibration

DIGITS = 4


def overlay(found: Calibration) -> str:
    """The figures of a calibration as YAML: one dotted path a line, what only hints as a comment.

    Each is P50, P10 and P90, or right and checked, with source and status; figures to four digits. A curve is all its points.
    """
    lines = [f"# Measured for {found.case.name}. Use it as it is: allocate solve CASE --set @FILE"]
    for one in found.figures:
        if not one.path:
            continue
        told = f"[{', '.join(_flow(entry) for entry in one.listed)}]" if one.listed else _flow(_block(one))
        line = f"{_quoted(one.path)}: {told}"
        lines.append(line if one.written else f"# {line}")
    return "\n".join(lines) + "\n"


def _block(one: Measured) -> dict[str, Any]:
    told: dict[str, Any]
    if one.extra:
        return {"rate": amount(one.estimate.value, "%"), **one.extra}
    if one.counted is not None:
        told = {"right": f"{one.counted[0]:.0f}", "of": f"{one.counted[1]:.0f}"}
    else:
        told = {
            "value": amount(one.estimate.value, one.unit),
            "low": amount(one.estimate.low, one.unit),
            "high": amount(one.estimate.high, one.unit),
        }
    return {**told, "source": f"{one.source}; {one.method}", "status": "measured"}


def amount(number: float, unit: str) -> str:
    """A number to four digits with its unit, if it has one, in one reading; shares as per cent with two decimals."""
    if unit == "%":
        return f"{plainly(f'{100.0 * number:.2f}'.rstrip('0').rstrip('.'))}%"
    text = plainly(f"{number:.{DIGITS}g}" if abs(number) < 10**DIGITS else f"{number:.0f}")
    return f"{text}{unit}" if unit.startswith("/") else f"{text} {unit}".strip()


def _flow(block: Mapping[str, Any]) -> str:
    return "{" + ", ".join(f"{key}: {_quoted(str(value))}" for key, value in block.items()) + "}"


def _quoted(text: str) -> str:
    """A text as YAML in flow style has it: in quotes where it holds more than letters, figures and what amounts have."""
    plain = (
        text and all(sign.isalnum() or sign in " ._/%-" for sign in text) and text == text.strip() and text[0] != "-"
    )
    return text if plain else json.dumps(text, ensure_ascii=False)
