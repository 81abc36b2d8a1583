"""Bounds by sets of engaged vendors, from prices, duals and shared-out fees alone: anybody can go through all sets again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from allocate.certificate.bound_propagation import ROUNDING
from allocate.certificate.bound_propagation import boxes as boxes_of
from allocate.certificate.branched import Change, TreeError
from allocate.certificate.engagement.engaged_form import EngagedForm, Masks, PartOfForm, engaged_form
from allocate.certificate.engagement.tables import Priced, Rules, Tables, of_sets, rounding, sets_left
from allocate.certificate.matrix_product import product
from allocate.certificate.weak_duality import most, reduced_costs, row_terms, usable
from allocate.program.arrays import Floats, Integers, ProgramArrays, frozen, maximised

MOST_SETS = 70_000
"""Product-vendor sets of one part that are gone through at most."""
MOST_OPEN = 400_000
"""Boxes of sets of vendors that may be open at once."""
TOGETHER = 256
"""Dual vectors of a part that are looked at at once."""


@dataclass(frozen=True)
class PartDuals:
    """Duals of a part's own rows; each of its product-vendor sets takes those that bound it least."""

    inside: int
    """Number of any one column of the part in the program."""
    duals: Change


@dataclass(frozen=True)
class Look:
    """One price vector, and what it takes to bound every set of vendors by it."""

    prices: Change
    """Of rows between parts."""
    parts: tuple[PartDuals, ...] = field(repr=False)
    fees: tuple[tuple[int, int, float], ...] = field(repr=False)
    """Any one column of a part, the vendor's column, and what of the vendor's fee the part is charged while it is undecided."""


@dataclass(frozen=True)
class Engaged:
    """A proof over all sets of engaged vendors: each is closed by the first price vector box by box, or by any other."""

    target: float
    """Plans no better than this, in the program's own sense, may be left out on the way."""
    order: tuple[int, ...]
    """Numbers of the vendors' columns in the order in which they are decided."""
    looks: tuple[Look, ...] = field(repr=False)
    rays: tuple[PartDuals, ...] = field(repr=False)
    """Duals along which the bounds of product-vendor sets without a point fall without end (Farkas' lemma)."""

    by = "engagement"

    @property
    def leaves(self) -> int:
        """Dual vectors of parts."""
        return sum(len(one.parts) for one in self.looks) + len(self.rays)

    @property
    def nodes(self) -> int:
        """The same: what somebody who looks again has to go through."""
        return self.leaves

    @property
    def duals(self) -> int:
        """Prices and duals written down."""
        parts = [one for look in self.looks for one in look.parts]
        return sum(len(one.duals.rows) for one in (*parts, *self.rays)) + sum(
            len(one.prices.rows) for one in self.looks
        )

    def mapped(
        self,
        row: Callable[[int], int] = int,
        column: Callable[[int], int] = int,
        dual: Callable[[int, float], float] = lambda _, value: value,
        money: Callable[[float], float] = float,
    ) -> Engaged:
        """The same proof of a program with other numbers of rows and columns, at another scale of duals and money.

        row, column: what a number here is there. dual: what a row's dual is there, from its number here and its value.
        """

        def change(one: Change) -> Change:
            values = (dual(number, value) for number, value in zip(one.rows, one.values, strict=True))
            return Change(tuple(row(number) for number in one.rows), tuple(values))

        def some(parts: Sequence[PartDuals]) -> tuple[PartDuals, ...]:
            return tuple(PartDuals(column(one.inside), change(one.duals)) for one in parts)

        looks = (
            Look(
                change(one.prices), some(one.parts), tuple((column(a), column(b), money(fee)) for a, b, fee in one.fees)
            )
            for one in self.looks
        )
        return Engaged(money(self.target), tuple(map(column, self.order)), tuple(looks), some(self.rays))


def engaged_bound(
    arrays: ProgramArrays,
    part: Integers,
    proof: Engaged,
    boxes: tuple[Floats, Floats],
    hidden: float = 0.0,
) -> float:
    """A figure no plan of the program is better than, from any prices and duals.

    part: of each column, -1 for none, as of `allocate.program.partition`. boxes: bounds of the columns, as for
    `proven_bound`. hidden: how much better than its pieces say a plan may be, by which the target is moved. Raises
    TreeError.

    No plan with the set S of vendors gains more than the first price vector's :math:`L(S) = \\text{base} + \\sum_{v \\in S}
    a_v + \\sum_p \\phi_p(S)` (`Tables`), nor than any other's; sets that no box closes at the target count with the least
    of them. Whole numbers beside vendors and starts are let go.
    """
    program, sign = maximised(arrays), 1.0 if arrays.maximise else -1.0
    form = engaged_form(program, part)
    if form is None:
        raise TreeError(None, "the program has no choices of vendors")
    if sorted(proof.order) != sorted(form.ids.tolist()) or not proof.looks:
        raise TreeError(
            None, "a proof over sets of vendors names every vendor's column once, and one price vector or more"
        )
    check = _Check(program, form, proof, boxes, sign)
    target = sign * proof.target + hidden
    found = target
    first, *others = proof.looks
    priced = check.priced(first)
    fees = check.fees(first, priced.accounts)
    left = sets_left(check.tables, priced, fees, check.order, Rules(form, program), target, MOST_OPEN)
    if left is None:
        raise TreeError(None, f"more than {MOST_OPEN:,} boxes of vendors stay open")
    sets, bounds = left
    for look in others:
        if not len(sets):
            break
        priced = check.priced(look)
        check.tables.fill(priced.values)
        bounds = np.minimum(bounds, of_sets(check.tables, priced, sets))
    return sign * max(found, float(bounds.max(initial=found)))


def leaves_no_plan(arrays: ProgramArrays, part: Integers, proof: Engaged) -> bool:
    """Whether a proof, read without the program's objective, leaves no set of vendors a plan: each would gain less than nothing."""
    without = replace(arrays, offset=0.0, costs=frozen(np.zeros(arrays.column_count)))
    bound = engaged_bound(without, part, proof, boxes_of(without))
    return (bound if arrays.maximise else -bound) < 0.0


class _Check:
    """A program with the sets a proof names, ready for its price vectors."""

    def __init__(
        self, program: ProgramArrays, form: EngagedForm, proof: Engaged, boxes: tuple[Floats, Floats], sign: float
    ) -> None:
        self.form, self.sign = form, sign
        self.lower, self.upper = boxes
        self.parts = [form.of_part(number) for number in range(int(form.part.max(initial=-1)) + 1)]
        self.position = {int(column): v for v, column in enumerate(form.ids.tolist())}
        self.order = [self.position[column] for column in proof.order]
        self.of_column = form.part
        nothing = np.zeros(program.column_count)
        self.listed: list[Masks] = []
        for one, rays in zip(self.parts, self._grouped(proof.rays), strict=True):
            possible = one.possible(MOST_SETS)
            if possible is None:
                raise TreeError(None, f"part {one.number} has more than {MOST_SETS:,} sets of vendors")
            self.listed.append(possible[self._best(one, possible, rays, nothing, nothing) >= 0.0])
        numbers = [np.full(len(masks), n, np.int32) for n, masks in enumerate(self.listed)]
        self.of, self.masks = np.concatenate(numbers), np.concatenate(self.listed)
        self.tables = Tables([one.vendors for one in self.parts], self.of, self.masks)

    def priced(self, look: Look) -> Priced:
        """What one price vector says of all sets."""
        form, arrays = self.form, self.form.arrays
        signed = usable_change(arrays, look.prices, self.sign)
        # Prices are those of rows between parts alone.
        signed = np.where(form.owner < 0, signed, 0.0)
        gains, error = reduced_costs(arrays, signed, 1.0)
        by_rows = row_terms(signed, arrays.row_lower, arrays.row_upper)
        by_columns = most(gains[form.free], error[form.free], self.lower[form.free], self.upper[form.free])
        accounts = gains[form.ids] + error[form.ids]
        for account, terms in ((form.account, by_rows), (form.account_of_free, by_columns)):
            accounts = accounts + np.bincount(account[account >= 0], terms[account >= 0], form.count)
        common = by_rows[(form.account < 0) & (form.owner < 0)], by_columns[form.account_of_free < 0]
        base = float(common[0].sum() + common[1].sum() + arrays.offset)
        size = float(np.abs(by_rows).sum() + np.abs(by_columns).sum() + np.abs(accounts).sum() + abs(arrays.offset))
        base += ROUNDING * (len(by_rows) + len(by_columns) + 8) * size
        values = self._values(look, gains, error)
        priced = Priced(base, accounts, values)
        return replace(priced, base=base + rounding(priced, len(self.parts)))

    def _values(self, look: Look, gains: Floats, error: Floats) -> Floats:
        duals = self._grouped(look.parts)
        found = zip(self.parts, self.listed, duals, strict=True)
        return np.concatenate([self._best(one, listed, some, gains, error) for one, listed, some in found])

    def fees(self, look: Look, accounts: Floats) -> Floats:
        """What of each vendor's account, shape (V,), every set is charged while the vendor is undecided, shape (sets, V)."""
        shared = np.zeros((len(self.parts), self.form.count))
        for inside, column, amount in look.fees:
            if column not in self.position:
                raise TreeError(None, f"a fee is of column {column}, no vendor's choice")
            shared[self._part(inside), self.position[column]] = amount if np.isfinite(amount) else 0.0
        return charged(shared, accounts, [one.vendors for one in self.parts], self.of, self.masks)

    def _grouped(self, parts: Sequence[PartDuals]) -> list[Floats]:
        """Duals of its own rows by part, shape (vectors, rows) each, as of a program that is maximised."""
        duals: list[list[Floats]] = [[] for _ in self.parts]
        for one in parts:
            part = self.parts[self._part(one.inside)]
            duals[part.number].append(_duals(part, one.duals))
        return [
            self.sign * np.array(some).reshape(len(some), len(part.rows))
            for some, part in zip(duals, self.parts, strict=True)
        ]

    def _part(self, column: int) -> int:
        if not 0 <= column < len(self.of_column) or self.of_column[column] < 0:
            raise TreeError(None, f"column {column} is in no part")
        return int(self.of_column[column])

    def _best(self, part: PartOfForm, masks: Masks, duals: Floats, gains: Floats, error: Floats) -> Floats:
        """The most a part gains at each set of its vendors, by weak duality at the duals that say least, shape (sets,)."""
        groups, group = np.unique(part.local, return_inverse=True)
        within = (groups[None, :] & ~masks[:, None]) == 0
        found = np.full(len(masks), np.inf)
        for begin in range(0, len(duals), TOGETHER):
            fixed, of_columns, room = self._terms(part, duals[begin : begin + TOGETHER], gains, error)
            by_group = product(of_columns, np.equal(group.reshape(-1, 1), np.arange(len(groups))).astype(np.float64))
            found = np.minimum(
                found,
                (product(by_group, within.T.astype(np.float64)) + (fixed + room)[:, None]).min(axis=0, initial=np.inf),
            )
        return found

    def _terms(self, part: PartOfForm, duals: Floats, gains: Floats, error: Floats) -> tuple[Floats, Floats, Floats]:
        """At each dual vector what the rows are worth, what each column adds at most where it is open, and for rounding.

        A start adds what it gains: it is 1 where its vendor is in a set, and closed elsewhere.
        """
        one, columns = part.program, part.columns
        matrix = np.zeros((one.row_count, one.column_count))
        matrix[one.index, one.column] = one.value
        side = np.where(duals > 0.0, one.row_upper, one.row_lower)
        duals = np.where(np.isinf(side) | ~np.isfinite(duals), 0.0, duals)
        by_rows = np.where(duals == 0.0, 0.0, duals * np.where(duals == 0.0, 0.0, side))
        terms = product(np.abs(duals), np.abs(matrix))
        reduced = gains[columns] - product(duals, matrix)
        room = error[columns] + ROUNDING * (one.row_count + 8) * (terms + np.abs(gains[columns]))
        lower, upper = self.lower[columns].copy(), self.upper[columns].copy()
        starts = part.starts[part.starts >= 0]
        lower[starts] = upper[starts] = 1.0
        by_columns = most(reduced, room, lower, upper)
        size = np.abs(by_rows).sum(axis=1) + np.abs(by_columns).sum(axis=1)
        return by_rows.sum(axis=1), by_columns, 2.0 * ROUNDING * (one.row_count + one.column_count + 8) * size


def charged(
    shared: Floats, accounts: Floats, vendors: Sequence[Sequence[int]], parts: Integers, masks: Masks
) -> Floats:
    """Fees shared out by part and vendor as what each product-vendor set is charged, shape (sets, V).

    shared: shape (parts, V), from 0 up; what comes to more than a vendor's account takes is cut down in proportion.
    """
    fees = np.maximum(shared, 0.0)
    total = fees.sum(axis=0)
    takes = np.maximum(-accounts, 0.0)
    fees = fees * np.where(total > takes, takes / np.where(total > 0.0, total, 1.0), 1.0) * (1.0 - 2.0**-40)
    found = np.zeros((len(masks), shared.shape[1]))
    for part, of in enumerate(vendors):
        mine = np.flatnonzero(parts == part)
        for i, v in enumerate(of):
            found[mine, v] = ((masks[mine] >> i) & 1) * fees[part, v]
    return found


def usable_change(arrays: ProgramArrays, change: Change, sign: float) -> Floats:
    """Prices of all rows from those named, times a sign, as far as they press on a side their row has. Raises TreeError."""
    rows, values = np.array(change.rows, np.int64), np.array(change.values, np.float64)
    if len(rows) != len(values) or ((rows < 0) | (rows >= arrays.row_count)).any():
        raise TreeError(None, "prices are of rows that the program does not have, or not one for each")
    prices = np.zeros(arrays.row_count)
    prices[rows] = values
    return usable(arrays, frozen(sign * prices))


def _duals(part: PartOfForm, change: Change) -> Floats:
    """Duals of a part's own rows; those of other rows prove nothing of it. Raises TreeError."""
    rows, values = np.array(change.rows, np.int64), np.array(change.values, np.float64)
    at = np.searchsorted(part.rows, rows)
    if len(rows) != len(values) or (at >= len(part.rows)).any() or (part.rows[at] != rows).any():
        raise TreeError(None, f"a set of part {part.number} has duals of rows that are not the part's own")
    found = np.zeros(len(part.rows))
    found[at] = values
    return found
