"""What is missing where a case has no plan, thing by thing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Reason:
    """One thing that is missing."""

    kind: str
    """shortfall (of a result), overload (of a vendor or team), money, or conflict (limits that cannot all be kept)."""
    subject: str
    needed: float
    there: float
    unit: str
    sentence: str
