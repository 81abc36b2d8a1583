"""What an index of the program says of a clause, a rule or a limit: its families, and when they are built."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

from allocate.case.load import Case
from allocate.program.model import Model


class Stage(IntEnum):
    """When families are built: the order of columns and rows, and later ones may depend on earlier ones."""

    CHOICES = 1
    """Columns that others depend on: value, levers."""
    ENGAGEMENT = 2
    """Who is used at all."""
    OWED = 3
    """Money beside the prices of items."""
    OWED_ON_PRICES = 4
    """Money that follows from what all prices come to."""
    OWED_ON_RESULTS = 5
    """Money for what is delivered, or missed; and levers."""
    ORDERS = 6
    """How much a contract sells at least, at most, or at a time."""
    LEARNING = 7
    PEOPLE = 8
    LIMITS = 9
    CHOSEN_VENDORS = 10
    """Rules that choose among vendors."""
    QUANTITIES = 11
    """Rules about quantities."""
    LEVERS = 12
    """What levers open and close."""
    VALUE = 13
    """What value is counted for, and asked."""
    GOALS = 14
    """What goals are counted by."""


@dataclass(frozen=True)
class Family:
    """A function that adds columns, rows or money to a program."""

    stage: Stage
    add: Callable[[Model], None]


@dataclass(frozen=True)
class Rows:
    """A family of rows as explanations take it: what it asks, and how it is moved."""

    family: str
    asks: str
    """What gives way where nothing keeps all limits: `results` that are asked for, `means` there are, or `both` by turns."""
    moved: str = ""
    """How it is moved by a step: a `side` of the row, a `count` one by one, a `share` in the row; empty: it is not."""
    unit: str | Callable[[Case, int], str] = ""
    """Of a rule, what it gives way by: a noun in the plural, or what the case and the position of the rule say."""

    def unit_of(self, case: Case, rule: int) -> str:
        """What the rows of one rule give way by."""
        return self.unit if isinstance(self.unit, str) else self.unit(case, rule)


def rows(asks: str, moved: str, *families: str, unit: str = "") -> tuple[Rows, ...]:
    """Families of rows that ask the same and are moved alike."""
    return tuple(Rows(family, asks, moved, unit) for family in families)


@dataclass(frozen=True)
class Section:
    """A clause, a rule or a limit: its families; of one that has none, why."""

    name: str
    families: tuple[Family, ...] = ()
    instead: str = ""
    """Where it stands in the program, when it has no family of its own: one sentence."""
    rows: tuple[Rows, ...] = ()
    """Those of its rows that explanations take: limits one could move, or that may give way."""
    totals: tuple[str, ...] = ()
    """Families of columns that hold what shares are shares of."""

    @property
    def title(self) -> str:
        """Its name as a heading."""
        return self.name.replace("pre_", "pre-").replace("_", " ").capitalize()


def at(stage: Stage, *functions: Callable[[Model], None]) -> tuple[Family, ...]:
    """Families built in one stage, in this order."""
    return tuple(Family(stage, function) for function in functions)
