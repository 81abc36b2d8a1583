"""Measured figures as an overlay in the words of a case: `allocate solve CASE --set @measured.yaml`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from allocate.actuals.stated import Measured
from allocate.numerals import plainly

if TYPE_CHECKING:
    from allocate.actuals.calibration import Calibration

DIGITS = 4
PRODUCTIVITY = "productivity"


def overlay(found: Calibration) -> str:
    """The figures of a calibration as YAML: one dotted path a line, what only hints as a comment.

    Each is P50, P10 and P90, or right and checked, with source and status; figures to four digits. A curve is all its points.
    """
    lines = [f"# Measured for {found.case.name}. Use it as it is: allocate solve CASE --set @FILE"]
    for one in found.figures:
        if not one.path:
            continue
        told = f"[{', '.join(_flow(entry) for entry in one.listed)}]" if one.listed else _flow(block(one))
        line = f"{_quoted(one.path)}: {told}"
        lines.append(line if one.written else f"# {line}")
    if rows := _rates(found):
        lines.append(f"rates: [{', '.join(map(_flow, rows))}]")
    return "\n".join(lines) + "\n"


def _rates(found: Calibration) -> list[dict[str, Any]]:
    """A rate card where single products or workflows were measured and there is none: every pair, as before, each with its figure."""
    from allocate.costing.terms.rate_card import everybody

    known = measured_apart(found.figures)
    rows: list[dict[str, Any]] = []
    for rate in everybody(found.case) if known else ():
        pair = (rate.product, rate.vendor)
        for workflow in dict.fromkeys(("", *(of[2] for of in known if of[:2] == pair))):
            row: dict[str, Any] = {"product": rate.product, "vendor": rate.vendor}
            row |= {"workflow": workflow} if workflow else {}
            rows.append({**row, **{key: block(one) for key, one in known.get((*pair, workflow), {}).items()}})
    return rows


def measured_apart(figures: Sequence[Measured]) -> dict[tuple[str, str, str], dict[str, Measured]]:
    """Figures by product, vendor and workflow (empty for all) and key of a rate card, where there is none for them to stand in."""
    found: dict[tuple[str, str, str], dict[str, Measured]] = {}
    for one in figures:
        if one.of is not None:
            found.setdefault(one.of, {})["accuracy" if one.unit == "%" else PRODUCTIVITY] = one
    return found


def block(one: Measured) -> dict[str, Any]:
    """A figure as the case language writes it: P50, P10 and P90, or right and checked, with its source."""
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
    parts = (
        f"{key}: {_flow(part) if isinstance(part, Mapping) else _quoted(str(part))}" for key, part in block.items()
    )
    return "{" + ", ".join(parts) + "}"


def _quoted(text: str) -> str:
    """A text as YAML in flow style has it: in quotes where it holds more than letters, figures and what amounts have."""
    plain = (
        text and all(sign.isalnum() or sign in " ._/%-" for sign in text) and text == text.strip() and text[0] != "-"
    )
    return text if plain else json.dumps(text, ensure_ascii=False)
