"""A study: its points, what became of each, and what is to be said of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from allocate.case.load import Case
from allocate.study.figures import Figures
from allocate.study.points import Point
from allocate.tables.column import Grid
from allocate.tables.shown import Shown
from allocate.tables.studies import KINDS, VALUES, study_grid

if TYPE_CHECKING:
    import pandas as pd

Row = dict[str, Any]


@dataclass(frozen=True, repr=False)
class Study(Shown):
    """The result of a study: one row per point, in order."""

    kind: str
    case: Case = field(repr=False)
    points: tuple[Point, ...]
    figures: tuple[Figures | None, ...] = field(repr=False)
    """Of each point; None where the study was ended before it was done."""
    rows: tuple[Row, ...] = field(repr=False)
    """The study's table: one row per point done or left out, columns named as they print."""
    notes: tuple[str, ...] = ()
    """What the study found, in words."""
    whole: bool = True
    """Whether every point was done; False where the study was ended early."""
    others: tuple[Case, ...] = field(default=(), repr=False)
    """Cases of its points beside the first, where it is about several."""

    @property
    def cases(self) -> tuple[Case, ...]:
        """Every case it is about."""
        return (self.case, *self.others)

    def as_object(self) -> dict[str, Any]:
        """The study as JSON has it."""
        return {
            "study": self.kind,
            "case": self.case.name,
            "scenario": self.case.scenario,
            "objective_name": self.case.file.objective[0],
            "currency": self.case.currency,
            "whole": self.whole,
            "rows": list(self.rows),
            "points": [{"at": dict(one.at), "settings": dict(one.settings)} for one in self.points],
            "notes": list(self.notes),
        }

    @property
    def table(self) -> pd.DataFrame:
        """The study's table as a data frame."""
        import pandas as pd

        return pd.DataFrame(list(self.rows))

    def facts(self) -> dict[str, str]:
        """What it is about, and what it found."""
        ended = "" if self.whole else ", ended early"
        found = {"found": " ".join(self.notes)} if self.notes else {}
        return {"": f"{self.kind} of {self.case.name}", "points": f"{len(self.points):,}{ended}", **found}

    def grids(self) -> tuple[Grid, ...]:
        """Its points."""
        columns = [one for one in KINDS.get(self.kind, VALUES) if any(one.name in row for row in self.rows)]
        return (study_grid(f"Points ({self.case.currency})", self.rows, columns),)


def state(one: Figures | None) -> str:
    """What became of a point, in a word."""
    return "not done" if one is None else one.status


def why(one: Figures | None) -> str:
    """Why a point has no plan, in words; empty where it has one."""
    return "" if one is None or one.has_plan else "; ".join(one.reasons)


def told(change: float) -> str:
    """A change of an objective in a sentence."""
    return (
        f"{'rises' if change > 0 else 'falls'} by {abs(change):,.2f}" if abs(change) >= 0.005 else "stays as it is, in"
    )


def figure(one: Figures | None, name: str) -> Any:
    """A figure of a point, None where it has none."""
    return None if one is None else getattr(one, name)
