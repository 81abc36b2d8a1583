"""Lines of a plan held at their quantities, so that only the rest is planned."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from allocate.case.names import OF_CAPACITY
from allocate.case.plan_file import PlanLine
from allocate.costing.table import JOIN
from allocate.errors import CaseError, Problem
from allocate.program.arrays import Booleans, Floats, Integers
from allocate.program.build import Built
from allocate.program.layout import Layout
from allocate.tables.table import Table
from allocate.tolerances import AT_WORK, LINE_HELD

OFF = 2.0 * LINE_HELD
"""How far a solved quantity may be off for it, the solver's own rounding included."""
CRUMBS = 10.0 * LINE_HELD
"""Further items of a product, as a share of those held, that are what such rounding leaves over, and none."""


@dataclass(frozen=True, eq=False)
class Held:
    """Item columns held, and at what."""

    columns: Integers
    items: Floats
    within: Floats
    """By how much the digits written leave the quantity open, items."""
    levers: Integers
    """Columns of the levers the lines are worked with."""

    def settled(self, layout: Layout, values: Floats) -> Floats:
        """Items of all columns, shape (N,), each line at its very quantity where it is off by no more than `LINE_HELD`.

        Columns that are free and have no more than `CRUMBS` of their product left over, or than `AT_WORK`, are at nothing.
        """
        items = values[layout.items.start : layout.items.stop].copy()
        if not len(self.columns):
            return items
        at = self.columns - layout.items.start
        near = np.abs(items[at] - self.items) <= OFF * self.items
        items[at] = np.where(near, self.items, items[at])
        items[self._free_up_to(layout, items, CRUMBS * self.items, AT_WORK)] = 0.0
        return items

    def leaves_crumbs(self, layout: Layout, values: Floats) -> bool:
        """Whether further lines have no more items than the digits of those held leave open of their product."""
        items = self.settled(layout, values)
        return bool((items[self._free_up_to(layout, items, self.within)] > 0.0).any())

    def _free_up_to(self, layout: Layout, items: Floats, amounts: Floats, least: float = 0.0) -> Booleans:
        """Columns not held with no more items than amounts of the lines held come to for their product, or least; shape (N,)."""
        at = self.columns - layout.items.start
        most = np.bincount(layout.product[at], amounts, minlength=len(layout.routes.products))
        small: Booleans = items <= np.maximum(most, least)[layout.product]
        small[at] = False
        return small


def hold(built: Built, lines: Sequence[PlanLine], to_the_digit: bool = False) -> Held:
    """Hold lines of a plan at their quantities, so that only the rest is planned.

    A quantity is held within `LINE_HELD` of itself, to_the_digit: within what its line says that the digits written leave
    open; a line of nothing is held at nothing. Lines of one route and period add up.
    Raises CaseError for lines the program has no column for: no such rate, or delivered after the deadline.
    """
    held = _held(built, lines)
    if len(held.columns):
        off = LINE_HELD * held.items
        off = np.maximum(off, held.within) if to_the_digit else off
        built.program.set_column_bounds(held.columns, np.maximum(held.items - off, 0.0), held.items + off)
    if len(held.levers):
        built.program.set_column_bounds(held.levers, lower=1.0)
    return held


@contextmanager
def holding(built: Built, lines: Sequence[PlanLine], to_the_digit: bool = False) -> Iterator[Held]:
    """The same for a while: afterwards the program is as it was."""
    before = built.program.arrays()
    held = hold(built, lines, to_the_digit)
    try:
        yield held
    finally:
        every = np.concatenate([held.columns, held.levers]).astype(np.int32)
        if len(every):
            built.program.set_column_bounds(every, before.lower[every], before.upper[every])


def held_notes(lines: Table, held: Sequence[PlanLine]) -> tuple[str, ...]:
    """That a plan's lines are off the quantities they were held at, as far as the digits written leave open; else nothing."""
    written: dict[tuple[object, ...], float] = {}
    for line in held:
        written[_named(line)] = written.get(_named(line), 0.0) + line.items
    made = _made(lines)
    off = {key: abs(made.get(key, 0.0) - items) for key, items in written.items()}
    moved = {key: by for key, by in off.items() if by > OFF * written[key]}
    if not any(line.within for line in held) or not moved:
        return ()
    product, vendor, _, period, _ = largest = max(moved, key=lambda key: (moved[key], str(key)))
    return (
        f"the quantities held do not make a plan to the last digit, so {len(moved)} of {len(written)} lines are off by what "
        f"the digits written leave open: at most {moved[largest]:.3g} items, of {product} with {vendor} in period {period}",
    )


def _named(line: PlanLine) -> tuple[object, ...]:
    own = (name for name in line.levers if not name.endswith(OF_CAPACITY))
    return line.product, line.vendor, line.workflow, line.period, tuple(sorted(own))


def _made(lines: Table) -> dict[tuple[object, ...], float]:
    """Items of the lines of a plan by product, vendor, workflow, period and own levers."""
    named = [lines[name].tolist() for name in ("product", "vendor", "workflow", "period")]
    texts = lines["levers"].tolist() if "levers" in lines else [""] * len(lines)
    own = ((name for name in str(text).split(JOIN) if name and not name.endswith(OF_CAPACITY)) for text in texts)
    keys = zip(*named, (tuple(sorted(names)) for names in own), strict=True)
    return dict(zip(keys, lines["items"].tolist(), strict=True))


def _held(built: Built, lines: Sequence[PlanLine]) -> Held:
    """The columns lines stand for; CaseError with every line that stands for none."""
    known = _columns(built) if lines else {}
    position = {lever.name: lever.number for lever in built.layout.routes.levers}
    items: dict[int, float] = {}
    within: dict[int, float] = {}
    problems: list[Problem] = []
    for line in lines:
        some = tuple(sorted(position[name] for name in line.levers if name in position))
        column = known.get((line.product, line.vendor, line.workflow, line.period, some))
        if column is None:
            asked = f"{line.product} with {line.vendor}, {line.workflow}, in period {line.period}"
            asked += f" with {JOIN.join(line.levers)}" if line.levers else ""
            fix = "see `allocate costs` for the routes there are, and the product's deadline"
            problems.append(Problem(f"the case has no way to make {asked}", None, fix))
        else:
            items[column] = items.get(column, 0.0) + line.items
            within[column] = within.get(column, 0.0) + line.within
    if problems:
        raise CaseError(problems)
    bought = sorted({position[name.removesuffix(OF_CAPACITY)] for line in lines for name in line.levers})
    levers = built.program.columns["bought"].ids[bought] if bought else np.zeros(0, np.int32)
    return Held(
        np.array(list(items), dtype=np.int32), np.array(list(items.values())), np.array(list(within.values())), levers
    )


def _columns(built: Built) -> dict[tuple[object, ...], int]:
    """Item columns by product, vendor, workflow, period (from 1) and levers."""
    layout, routes = built.layout, built.layout.routes
    keys = zip(
        np.array(routes.products, dtype=object)[layout.product],
        np.array(routes.vendors, dtype=object)[layout.vendor],
        np.array(routes.workflows, dtype=object)[routes.workflow[layout.route]],
        (layout.period + 1).tolist(),
        (routes.combinations[combination] for combination in routes.combination[layout.route].tolist()),
        strict=True,
    )
    return dict(zip(keys, layout.ids.tolist(), strict=True))
