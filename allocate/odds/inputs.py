"""What a case says of each amount that is not known exactly, as a table: quantiles, mean, and where it is written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from allocate.case.load import Case
from allocate.case.spreads import Event, Factor, Spread
from allocate.odds.distributions import POINTS, mean, of_factor, quantiles

SHOWN = {"p1": 0.01, "p10": 0.1, "p50": 0.5, "p90": 0.9, "p99": 0.99}
"""Columns, and the quantiles they show."""


def input_rows(case: Case) -> list[dict[str, Any]]:
    """One row for each amount with a spread and each cause of the case, in the order they are written, ranges stretched."""
    return [*_amounts(case), *_causes(case)]


def _amounts(case: Case) -> Iterator[dict[str, Any]]:
    stretch = case.spreads.settings.stretch
    for name, one in case.spreads.amounts.items():
        found = dict(zip(SHOWN, quantiles(one, list(SHOWN.values()), stretch).tolist(), strict=True))
        yield _row(name, one.unit, found, mean(one, stretch), one.written, one) | {"weekly": _weekly(one)}


def _causes(case: Case) -> Iterator[dict[str, Any]]:
    stretch = case.spreads.settings.stretch
    for factor in case.spreads.factors:
        at = of_factor(factor, [*SHOWN.values(), *((np.arange(POINTS) + 0.5) / POINTS)], stretch)
        found = dict(zip(SHOWN, at[: len(SHOWN)].tolist(), strict=True))
        written = f"{factor.low:.4g} .. {factor.likely:.4g} .. {factor.high:.4g}"
        yield _row(factor.name, "times", found, float(at[len(SHOWN) :].mean()), written, factor)
    for event in case.spreads.events:
        # What happens less often than a quantile's share is not seen at it; below 1 it is at the low end, above at the high.
        chance, then = event.chance, event.then
        found = {name: then if (u < chance if then < 1.0 else u > 1.0 - chance) else 1.0 for name, u in SHOWN.items()}
        written = f"{then:.4g} with a chance of {chance:.4g}"
        yield _row(event.name, "times", found, 1.0 + chance * (then - 1.0), written, event)


def _row(
    name: str, unit: str, found: dict[str, float], average: float, written: str, said: Spread | Factor | Event
) -> dict[str, Any]:
    source = said.source if isinstance(said, Spread) else ": ".join(one for one in (said.owner, said.reason) if one)
    place = str(said.place) if said.place is not None else ""
    return {
        "amount": name, "unit": unit or "share", **found, "mean": average, "weekly": None, "written": written,
        "source": source or "", "place": place,
    }  # fmt: skip


def _weekly(spread: Spread) -> float | None:
    """Half the width of the range of each week by itself, as a share; None where weeks do not differ."""
    return None if spread.weekly is None else spread.weekly[1] - 1.0
