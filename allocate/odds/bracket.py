"""A figure that lies between two."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Bracket:
    """A figure that lies between two; both are the same where a search came to its end."""

    low: float
    high: float

    @property
    def middle(self) -> float:
        """Half-way between both."""
        return (self.low + self.high) / 2.0

    @property
    def gap(self) -> float:
        """How far both are apart, relative to the larger, at least 1."""
        return abs(self.high - self.low) / max(abs(self.low), abs(self.high), 1.0)

    def less(self, other: Bracket) -> Bracket:
        """The difference, as far as both are known."""
        return Bracket(self.low - other.high, self.high - other.low)

    def at_least(self, least: float) -> Bracket:
        """The same where it is known to be no less than something."""
        return Bracket(max(self.low, least), max(self.high, least))
