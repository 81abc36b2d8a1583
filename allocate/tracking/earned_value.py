"""Earned value: what should be done by now, what is done, and what it cost; and three customary forecasts of the whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class EarnedValue:
    """A plan and its progress at one moment, in money."""

    planned: float
    """PV: planned cost of what should be delivered by now."""
    earned: float
    """EV: planned cost of what was delivered and accepted."""
    actual: float
    """AC: what the work done has cost."""
    budget: float
    """BAC: planned cost of everything."""

    @property
    def cost_variance(self) -> float:
        """CV = EV - AC; below zero the work done cost more than planned."""
        return self.earned - self.actual

    @property
    def schedule_variance(self) -> float:
        """SV = EV - PV; below zero less is done than planned."""
        return self.earned - self.planned

    @property
    def cost_index(self) -> float | None:
        """CPI = EV / AC; None before anything was spent."""
        return self.earned / self.actual if self.actual else None

    @property
    def schedule_index(self) -> float | None:
        """SPI = EV / PV; 1 once all is delivered, however late."""
        return self.earned / self.planned if self.planned else None

    def forecasts(self) -> dict[str, float | None]:
        """EAC, what all of it will have cost: at the cost so far, with the rest as planned, and at cost and pace so far."""
        left, cpi, spi = self.budget - self.earned, self.cost_index, self.schedule_index
        return {
            "at the cost so far": self.budget / cpi if cpi else None,
            "the rest as planned": self.actual + left,
            "at cost and pace so far": self.actual + left / (cpi * spi) if cpi and spi else None,
        }


def earned_schedule(planned: Sequence[float], earned: float) -> float:
    """By which period as much should have been delivered as is: whole periods and a part of the next (Lipke, 2003).

    planned: PV at the end of each period, cumulated.

    >>> earned_schedule([1000.0, 2000.0, 3000.0, 4000.0], 2500.0)
    2.5
    """
    before = 0.0
    for number, here in enumerate(planned):
        if here > earned:
            return number + (earned - before) / (here - before) if here > before else float(number)
        before = here
    return float(len(planned))
