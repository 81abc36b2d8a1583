"""A bridge from one bill to another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from allocate.api.evaluating import price_lines
from allocate.bridge.causes import (
    CAUSES,
    IDLE,
    KINDS,
    MEANING,
    MIX,
    OF_LINES,
    STANDARD,
    VOLUME,
    WORKFLOW,
    between,
    lines_between,
)
from allocate.bridge.shapley import cents, chain, shapley
from allocate.case.load import Case, read_case
from allocate.case.plan_file import PlanLine
from allocate.costing.terms.rate_card import everybody
from allocate.errors import CaseError, Place
from allocate.numbers import Floats
from allocate.plan import Plan
from allocate.tables.column import Grid, chosen, grid
from allocate.tables.shown import Shown
from allocate.tables.tracked import BRIDGE

if TYPE_CHECKING:
    import pandas as pd

Progress = Callable[[int, int], None]
Cell = tuple[str, str, int]
"""Product, vendor, and number of the period; empty and 0 for money that belongs to none."""
UNEXPLAINED = "not explained by the contract"
"""What was billed beyond what the contract says of the work that was done."""


@dataclass(frozen=True, eq=False, repr=False)
class End(Shown):
    """One of two bills."""

    name: str
    case: Case
    lines: tuple[PlanLine, ...]
    plan: Plan
    """The lines with their money, as they were planned or done."""
    billed: Mapping[Cell, float] | None = None
    """By product, vendor and period what was really billed, where invoices say so; the rest is `UNEXPLAINED`."""
    extra: Mapping[str, Mapping[Cell, float]] = field(default_factory=dict)
    """By cause and cell: money that no line of a plan brings about, as hours that were paid and not worked."""

    def facts(self) -> dict[str, str]:
        """What it comes to."""
        total = sum(self.billed.values()) if self.billed is not None else self.plan.spend
        return {"": self.name, "billed" if self.billed is not None else "cost": f"{total:,.2f} {self.case.currency}"}

    @cached_property
    def items(self) -> dict[tuple[str, ...], float]:
        """Items by product, vendor, workflow with levers, and period."""
        found: dict[tuple[str, ...], float] = {}
        for line in self.lines:
            key = (line.product, line.vendor, "\0".join((line.workflow, *line.levers)), str(line.period))
            found[key] = found.get(key, 0.0) + line.items
        return found

    @cached_property
    def cells(self) -> dict[Cell, float]:
        """Money by product, vendor and period, all of the plan's."""
        found = money(self.plan)
        left = self.plan.spend - sum(found.values())
        return found if abs(left) < 1e-9 * max(self.plan.spend, 1.0) else {**found, ("", "", 0): left}


def money(plan: Plan) -> dict[Cell, float]:
    """What the lines of a plan cost by product, vendor and period, what they share counted in."""
    found: dict[Cell, float] = {}
    columns = (plan.lines[name].tolist() for name in ("product", "vendor", "period", "cost"))
    for product, vendor, period, amount in zip(*columns, strict=True):
        cell = (product, vendor, int(period))
        found[cell] = found.get(cell, 0.0) + amount
    return found


@dataclass(frozen=True, eq=False, repr=False)
class Bridge(Shown):
    """A difference by its causes."""

    before: End
    after: End
    order: str
    """`shapley`, or `standard` for the chain of textbooks."""
    cells: tuple[Cell, ...]
    """Products, vendors and periods."""
    parts: Mapping[str, Floats]
    """By cause, the part of each cell in whole cents, shape (cells,); all of them add up to the change, one cell to its own
    difference within a cent for each cause."""
    totals: tuple[float, float]
    """What both bills come to, in cents."""
    evaluations: int
    """Plans that were priced between the two."""

    @property
    def change(self) -> float:
        """The difference, in cents exact."""
        return round(self.totals[1] - self.totals[0], 2)

    def of(self, cause: str) -> float:
        """A cause's part of the difference."""
        return round(float(self.parts[cause].sum()), 2) if cause in self.parts else 0.0

    @property
    def table(self) -> pd.DataFrame:
        """One row a cause, product and vendor, columns of `BRIDGE`; amounts in whole cents that add up."""
        import pandas as pd

        return pd.DataFrame(rows(self, "cell"), columns=[column.name for column in BRIDGE])

    def facts(self) -> dict[str, str]:
        """The verdict."""
        return {"": f"{self.before.name} to {self.after.name}", "told": verdict(self)}

    def grids(self) -> tuple[Grid, ...]:
        """The difference by its causes."""
        return (shown(self, "cause"),)

    def kinds(self) -> dict[str, float]:
        """The difference by who can do something about it."""
        found = {kind: round(sum(self.of(cause) for cause in causes), 2) for kind, causes in KINDS.items()}
        return {**found, UNEXPLAINED: self.of(UNEXPLAINED)} if UNEXPLAINED in self.parts else found


def bridge_bills(before: End, after: End, *, order: str = "shapley", progress: Progress | None = None) -> Bridge:
    """The difference of two bills by its causes, exact to the cent, by product and vendor.

    order: `shapley` lets no order of the causes decide; `standard` changes one after the other, quantities first at the price
    before and prices last at the quantity after, as textbooks do.

    Raises CaseError where both count in different currencies, or a case between the two cannot be read.
    """
    if before.case.currency != after.case.currency:
        message = f"{before.name} counts in {before.case.currency}, {after.name} in {after.case.currency}"
        fix = f"write `currency: {before.case.currency}` in both, with an exchange rate"
        raise CaseError.of(message, Place(after.name), fix)
    cells = _all_cells(before, after)
    worth = _Worth(before, after, cells, progress)
    moved = worth.moved()
    parts = shapley(worth, moved) if order == "shapley" else chain(worth, [one for one in STANDARD if one in moved])
    model = _row(after.cells, worth.places)
    for cause, amounts in after.extra.items():
        own = _row(amounts, worth.places)
        if own.any():
            parts[cause] = parts.get(cause, np.zeros(len(cells))) + own
            model = model + own
    if after.billed is not None:
        parts[UNEXPLAINED] = _row(after.billed, worth.places) - model
    return _in_cents(before, after, order, cells, parts, len(worth.known))


def _all_cells(before: End, after: End) -> tuple[Cell, ...]:
    """Every cell that money can lie in: plans between the two make things in periods in which neither does."""
    there = {
        *before.cells,
        *after.cells,
        *(after.billed or {}),
        *(cell for one in after.extra.values() for cell in one),
    }
    periods = range(max(before.case.periods.count, after.case.periods.count) + 1)
    pairs = sorted({cell[:2] for cell in there})
    return tuple((product, vendor, period) for product, vendor in pairs for period in periods)


def _row(found: Mapping[Cell, float], places: Mapping[Cell, int]) -> Floats:
    """Amounts by cell as an array; KeyError for money in a cell that nobody expects."""
    row = np.zeros(len(places))
    for cell, amount in found.items():
        row[places[cell]] += amount
    return row


class _Worth:
    """What the work costs with some causes as after, all others as before."""

    def __init__(self, before: End, after: End, cells: tuple[Cell, ...], progress: Progress | None) -> None:
        self.before, self.after, self.progress = before, after, progress
        self.places = {cell: place for place, cell in enumerate(cells)}
        cards = bool(before.case.file.rates) != bool(after.case.file.rates)
        self.written = (_written(before.case, cards), _written(after.case, cards))
        self.cases: dict[frozenset[str], Case] = {}
        self.known: dict[frozenset[str], Floats] = {}
        self.expected = 0

    def moved(self) -> list[str]:
        """The causes that are not the same on both sides, in the order of the chain; idle where teams are staffed otherwise."""
        nothing = between(*self.written, frozenset())
        found = []
        for cause in CAUSES:
            one = frozenset((cause,))
            if cause in OF_LINES:
                both = self.before.items, self.after.items
                differs = lines_between(*both, one) != lines_between(*both, ())
                differs |= cause == VOLUME and self.written[0].get("horizon") != self.written[1].get("horizon")
            else:
                differs = between(*self.written, one) != nothing
            if differs:
                found.append(cause)
        if IDLE not in found and np.abs(self._staffing()[0] - self._staffing()[1]).max(initial=0.0) > 1e-9:
            found.append(IDLE)
        self.expected = 2 ** len(found)
        return found

    def __call__(self, causes: frozenset[str]) -> Floats:
        if causes not in self.known:
            self.known[causes] = self._priced(causes) + self._staffing()[IDLE in causes]
            if self.progress is not None:
                self.progress(len(self.known), self.expected)
        return self.known[causes]

    def _priced(self, causes: frozenset[str]) -> Floats:
        items = lines_between(self.before.items, self.after.items, causes & OF_LINES)
        lines = [_line(key, many) for key, many in items.items()]
        return self._cells(price_lines(self._case(causes - {MIX, WORKFLOW}), lines))

    def _cells(self, plan: Plan) -> Floats:
        return _row(money(plan), self.places)

    def _case(self, causes: frozenset[str]) -> Case:
        if causes not in self.cases:
            try:
                self.cases[causes] = read_case(
                    between(*self.written, causes), allow_paths=[self.before.case.folder, self.after.case.folder]
                )
            except CaseError as error:
                names = " and ".join(sorted(causes)) or "nothing"
                message = (
                    f"no case lies between the two with {names} as in {self.after.name}: {error.problems[0].message}"
                )
                fix = (
                    "compare two cases that name the same periods, regions and steps, or make them alike in this first"
                )
                raise CaseError.of(message, error.problems[0].place, fix) from None
        return self.cases[causes]

    @cached_property
    def _extra(self) -> tuple[Floats, Floats]:
        found = []
        for end, causes in ((self.before, frozenset[str]()), (self.after, frozenset(CAUSES) - {MIX, WORKFLOW})):
            lines = [_line(key, many) for key, many in end.items.items()]
            least = self._cells(price_lines(self._case(causes), lines))
            found.append(_row(end.cells, self.places) - least)
        return found[0], found[1]

    def _staffing(self) -> tuple[Floats, Floats]:
        """What each side costs beyond its lines: people kept on the payroll beyond the least its lines need, levers not used."""
        return self._extra


def _written(case: Case, with_rates: bool) -> dict[str, Any]:
    """A case as written, its own cost model named from where the case stands; with a rate card where it shall have one."""
    model = case.written.get("model")
    own = isinstance(model, str) and (case.folder / model).exists()
    home = {"model": str((case.folder / str(model)).resolve())} if own else {}
    card = [{"product": rate.product, "vendor": rate.vendor} for rate in case.file.rates or everybody(case)]
    return {**case.written, **home, **({"rates": card} if with_rates and not case.file.rates else {})}


def _line(key: tuple[str, ...], items: float) -> PlanLine:
    workflow, *levers = key[2].split("\0")
    return PlanLine(key[0], key[1], workflow, int(key[3]), items, tuple(levers))


def _in_cents(
    before: End,
    after: End,
    order: str,
    cells: tuple[Cell, ...],
    parts: Mapping[str, Floats],
    evaluations: int,
) -> Bridge:
    """Parts in whole cents that add up to the difference of the totals."""
    done = after.plan.spend + sum(sum(amounts.values()) for amounts in after.extra.values())
    start, end = (
        round(one, 2) for one in (before.plan.spend, done if after.billed is None else sum(after.billed.values()))
    )
    change = round(end - start, 2)
    causes = list(parts)
    table = np.array([parts[cause] for cause in causes]) if causes else np.zeros((0, len(cells)))
    if not table.size:
        return Bridge(before, after, order, cells, {}, (start, end), evaluations)
    shared = _shared(table, cells, change)
    whole = {cause: shared[row] for row, cause in enumerate(causes)}
    return Bridge(before, after, order, cells, whole, (start, end), evaluations)


def _shared(table: Floats, cells: Sequence[Cell], change: float) -> Floats:
    """Parts of causes and cells, shape (causes, cells), in whole cents: causes first, then pairs within each, then periods."""
    pairs, where = np.unique([f"{product}\0{vendor}" for product, vendor, _ in cells], return_inverse=True)
    result = np.zeros_like(table)
    for row, total in enumerate(cents(table.sum(axis=1), change).tolist()):
        of_pairs = np.bincount(where, weights=table[row], minlength=len(pairs))
        for pair, part in enumerate(cents(np.asarray(of_pairs, dtype=np.float64), total).tolist()):
            result[row, where == pair] = cents(table[row, where == pair], part)
    return result


def verdict(found: Bridge) -> str:
    """The difference in one sentence: how much of it the market, one's own operations, quality, and volume and mix make."""
    start = found.totals[0]
    currency = found.before.case.currency
    if not found.change:
        moved = sorted(
            ((found.of(cause), cause) for cause in found.parts if found.of(cause)), key=lambda one: -abs(one[0])
        )
        parts = f": {', '.join(f'{cause} {part:+,.2f}' for part, cause in moved)}" if moved else ""
        return f"Both cost {start:,.2f} {currency}{parts}."
    more = "more" if found.change > 0.0 else "less"
    share = f" ({100.0 * found.change / start:+.1f}%)" if start else ""
    kinds = sorted(((part, kind) for kind, part in found.kinds().items() if part), key=lambda one: -abs(one[0]))
    parts = ", ".join(f"{kind} {part:+,.2f} ({100.0 * part / found.change:.0f}%)" for part, kind in kinds)
    cause = max(found.parts, key=lambda one: abs(found.of(one)))
    pairs: dict[tuple[str, str], float] = {}
    for (product, vendor, _), amount in zip(found.cells, found.parts[cause].tolist(), strict=True):
        pairs[product, vendor] = pairs.get((product, vendor), 0.0) + amount
    product, vendor = max(sorted(pairs), key=lambda pair: abs(pairs[pair]))
    where = f", most of it at {vendor} on {product}" if vendor and len(pairs) > 1 else ""
    return (
        f"{found.after.name} costs {abs(found.change):,.2f} {currency} {more} than {found.before.name}{share}: {parts}. "
        f"The largest cause is {cause}, {found.of(cause):+,.2f}{where}."
    )


def rows(found: Bridge, by: str) -> list[dict[str, Any]]:
    """Amounts added together by cause and product, vendor, cell (both), period or neither, causes in their order.

    Within a cause the largest comes first, periods in their order. Periods are told by their number, for two quarters have
    other days; the start is that of the bill after.
    """
    added: dict[tuple[str, str, str, int], float] = {}
    for cause, amounts in found.parts.items():
        for (product, vendor, period), amount in zip(found.cells, amounts.tolist(), strict=True):
            named = product if by in ("product", "cell") else "", vendor if by in ("vendor", "cell") else ""
            key = (cause, *named, period if by == "period" else 0)
            if amount:
                added[key] = round(added.get(key, 0.0) + amount, 2)
    order = {cause: number for number, cause in enumerate(found.parts)}
    told = sorted(added.items(), key=lambda item: (order[item[0][0]], item[0][3], -abs(item[1]), item[0]))
    starts = found.after.case.periods.starts
    return [
        {
            "cause": cause, "product": product, "vendor": vendor, "period": period or None,
            "start": starts[period - 1] if 0 < period <= len(starts) else None, "amount": amount,
            "share": amount / found.change if found.change else None, "kind": kind_of(cause), "meaning": meaning_of(cause),
        }
        for (cause, product, vendor, period), amount in told
        if amount
    ]  # fmt: skip


def shown(found: Bridge, by: str) -> Grid:
    """The table as people read it."""
    names = {"cell": ("product", "vendor"), "period": ("period", "start"), "cause": ()}.get(by, (by,))
    columns = chosen(BRIDGE, "cause", *names, "amount", "share", "kind", *(["meaning"] if by == "cause" else []))
    currency = found.before.case.currency
    title = f"From {found.before.name}, {found.totals[0]:,.2f} {currency}, to {found.after.name}, {found.totals[1]:,.2f} {currency}"
    return grid(title, columns, rows(found, by))


def kind_of(cause: str) -> str:
    """Who can do something about a cause."""
    return next((kind for kind, causes in KINDS.items() if cause in causes), "the vendor's bill")


def meaning_of(cause: str) -> str:
    """A cause in words."""
    return MEANING.get(cause, "billed beyond what the contract says of the work that was done")
