"""A plan as the verifier reads it: tables and figures it is told, none of which it takes for right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Entry(Protocol):
    """One line of the plan's invoice."""

    @property
    def vendor(self) -> str:
        """Empty for what is paid to none of the vendors."""

    @property
    def window(self) -> str:
        """What it is for by time."""

    @property
    def clause(self) -> str:
        """What it is asked by."""

    @property
    def about(self) -> str:
        """What it is asked for."""

    @property
    def amount(self) -> float:
        """Money of the case's currency."""

    @property
    def period(self) -> int:
        """Position of the period it is owed in."""

    @property
    def products(self) -> tuple[int, ...]:
        """Positions of the products it is for."""


class Present(Protocol):
    """A plan's money at the start of the horizon."""

    @property
    def rate(self) -> float:
        """Share per year by which money loses in worth."""

    @property
    def spend(self) -> float:
        """Each payment when it leaves."""

    @property
    def value(self) -> float:
        """Each product's when its time for deliveries ends."""

    @property
    def escaped_error_cost(self) -> float:
        """When the items are worked on."""


class Plan(Protocol):
    """Figures that are checked; its tables are taken by `table_of`."""

    @property
    def currency(self) -> str:
        """What money is in."""

    @property
    def entries(self) -> Sequence[Entry]:
        """The same, with the period each is owed in."""

    @property
    def spend(self) -> float:
        """All that is owed."""

    @property
    def value(self) -> float:
        """By the value curves."""

    @property
    def value_error(self) -> float:
        """Most by which straight pieces understate it."""

    @property
    def escaped_error_cost(self) -> float:
        """Downstream."""

    @property
    def hurdle(self) -> float:
        """Least return."""

    @property
    def penalty(self) -> float:
        """Of limits missed and rules broken, not spent."""

    @property
    def net_value(self) -> float:
        """Value less all of that."""

    @property
    def present(self) -> Present | None:
        """Where the case discounts."""
