"""Tables of the best of each part at every set of its vendors, and all sets of vendors gone through box by box."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from allocate.certificate.bound_propagation import ROUNDING
from allocate.certificate.engagement.engaged_form import EngagedForm, Masks
from allocate.program.arrays import Booleans, Floats, Integers, ProgramArrays

ROOM = 1e-9
"""Sets that miss a rule about vendors by no more are kept: keeping one too many does no harm."""
TOGETHER = 1 << 13
"""Sets of vendors that are looked up at once."""


class Tables:
    r"""For every part the best of it at each set of engaged vendors.

    .. math:: \phi_p(S) = \max_{T \subseteq S} g_p(T)

    with g the best of the part with exactly the vendors T started, whatever choices of its own it makes beside; an array of
    all subsets of the vendors the part may use, filled by T and then a running maximum over one vendor after the other.
    """

    def __init__(self, vendors: Sequence[Sequence[int]], parts: Integers, masks: Masks) -> None:
        """vendors: of each part. parts, masks: part and small mask of each set T that has a value, shape (sets,) each."""
        sizes = np.array([len(one) for one in vendors], np.int64)
        place = np.zeros(len(sizes), np.int64)
        self._groups: list[tuple[Integers, Floats, Integers]] = []
        for size in np.unique(sizes).tolist():
            mine = np.flatnonzero(sizes == size).tolist()
            place[mine] = np.arange(len(mine))
            of = np.array([list(vendors[p]) for p in mine], np.int32).reshape(len(mine), size)
            self._groups.append(
                (
                    of,
                    np.full((len(mine), 1 << size), -np.inf, np.float64),
                    np.flatnonzero(sizes[parts] == size).astype(np.int32),
                )
            )
        self._row, self._mask = place[parts], masks & ((np.int64(1) << sizes[parts]) - 1)

    def fill(self, values: Floats) -> None:
        """Put the best of each set T, shape (sets,)."""
        for of, table, chosen in self._groups:
            table.fill(-np.inf)
            np.maximum.at(table, (self._row[chosen], self._mask[chosen]), values[chosen])
            for i in range(of.shape[1]):
                halves = table.reshape(len(table), -1, 2, 1 << i)
                np.maximum(halves[:, :, 1], halves[:, :, 0], out=halves[:, :, 1])

    def sums(self, sets: Masks) -> Floats:
        """The sum over parts at sets of all vendors, shape (sets,)."""
        total, idle = self.looked_up(sets)
        return np.where(idle > 0, -np.inf, total)

    def looked_up(self, sets: Masks) -> tuple[Floats, Floats]:
        """The sum over parts that sets of all vendors can do, and how many parts they cannot do, shape (sets,) each."""
        found = [self._looked_up(sets[begin : begin + TOGETHER]) for begin in range(0, len(sets), TOGETHER)]
        total, idle = (
            (np.concatenate([np.zeros(0), *part]) for part in zip(*found, strict=True)) if found else np.zeros((2, 0))
        )
        return total, idle

    def _looked_up(self, sets: Masks) -> tuple[Floats, Floats]:
        total, idle = np.zeros((2, len(sets)))
        for of, table, _ in self._groups:
            at = np.zeros((len(table), len(sets)), np.int64)
            for i in range(of.shape[1]):
                at |= ((sets[None, :] >> of[:, i, None]) & 1) << i
            best = np.take_along_axis(table, at, 1)
            impossible = np.isneginf(best)
            idle += impossible.sum(axis=0)
            total += np.where(impossible, 0.0, best).sum(axis=0)
        return total, idle


@dataclass(frozen=True, eq=False)
class Priced:
    """What prices of the rows between parts say: of every set of vendors at once."""

    base: float
    """What a plan gains whoever is engaged, rounding included."""
    accounts: Floats
    """What each vendor adds by being engaged: fees, less what its own rows are worth, shape (V,)."""
    values: Floats
    """The most each product-vendor set T gains, shape (sets,)."""


class Rules:
    """Which sets of vendors rules about vendors alone allow."""

    def __init__(self, form: EngagedForm, arrays: ProgramArrays) -> None:
        """arrays: the program itself."""
        position = np.full(arrays.column_count, -1, np.int32)
        position[form.ids] = np.arange(form.count)
        start, columns, values = arrays.by_rows
        each = np.eye(form.count)
        rows = [
            each[position[columns[start[r] : start[r + 1]]]].T @ values[start[r] : start[r + 1]] for r in form.rules
        ]
        held = np.flatnonzero((arrays.lower[form.ids] > 0.0) | (arrays.upper[form.ids] < 1.0))
        self.coefficients = np.concatenate([np.array(rows).reshape(len(rows), form.count), each[held]])
        self.lower = np.concatenate([arrays.row_lower[form.rules], arrays.lower[form.ids[held]]]) - ROOM
        self.upper = np.concatenate([arrays.row_upper[form.rules], arrays.upper[form.ids[held]]]) + ROOM

    def allowed(self, inside: Masks, outside: Masks) -> Booleans:
        """Whether some set with these vendors inside and those outside keeps all rules, each rule by itself."""
        kept: Booleans = self.missed(inside, outside) <= 0.0
        return kept

    def missed(self, inside: Masks, outside: Masks) -> Floats:
        """By how much all sets with these vendors inside and those outside miss the rules at least, each by itself."""
        least, most = np.zeros((2, len(self.lower), len(inside)))
        for v, column in enumerate(self.coefficients.T):
            taken, left = ((inside >> v) & 1).astype(bool), ((outside >> v) & 1).astype(bool)
            least += np.where(taken, column[:, None], np.where(left, 0.0, np.minimum(column, 0.0)[:, None]))
            most += np.where(taken, column[:, None], np.where(left, 0.0, np.maximum(column, 0.0)[:, None]))
        over, under = least - self.upper[:, None], self.lower[:, None] - most
        found: Floats = np.maximum(0.0, np.maximum(over, under)).sum(axis=0)
        return found


def of_sets(tables: Tables, priced: Priced, sets: Masks) -> Floats:
    """The bound of sets of vendors, given tables filled with the prices' values, shape (sets,)."""
    return tables.sums(sets) + beside(priced, sets)


def beside(priced: Priced, sets: Masks) -> Floats:
    """What sets of vendors gain beside the parts, shape (sets,)."""
    total = np.full(len(sets), priced.base)
    for v, account in enumerate(priced.accounts.tolist()):
        total += ((sets >> v) & 1) * account
    return total


def sets_left(
    tables: Tables,
    priced: Priced,
    fees: Floats,
    order: Sequence[int],
    rules: Rules,
    target: float,
    most: int,
    some: bool = False,
) -> tuple[Masks, Floats] | None:
    r"""Sets of vendors whose bound is above a target, with their bounds; None where more than ``most`` boxes are open.

    some: then only the boxes with the greatest bounds go on, and the sets found are some of all.

    Vendors are decided one after the other, in order. fees: for each set T and vendor what of the vendor's account the
    part is charged while nobody has decided on the vendor, shape (sets, V), 0 outside T; over the parts they come to no
    more than the account takes. Of a box with vendors decided in and out, and U undecided:

    .. math:: \sum_{v \in \text{in}} a_v + \sum_{v \in U} \max(0, a_v) + \sum_p \max_{T \text{ avoids out}}
        \Bigl(g_p(T) - \sum_{v \in T \cap U} f_{pv}\Bigr)

    (Lagrangian relaxation of what ties a vendor's parts to its one fee; as vendors are decided their fees return whole.)
    """
    everyone = np.int64((1 << len(order)) - 1)
    inside, outside = np.zeros(1, np.int64), np.zeros(1, np.int64)
    bounds = np.full(1, np.inf)
    gifts = np.maximum(priced.accounts, 0.0)
    left = fees.sum(axis=1)
    undecided = list(order)
    for v in order:
        undecided.remove(v)
        left = left - fees[:, v] if undecided else np.zeros(len(left))
        tables.fill(priced.values - left)
        inside, outside = _decided(inside, outside, v, rules)
        bounds = tables.sums(everyone & ~outside) + beside(priced, inside) + float(gifts[undecided].sum())
        open_ = bounds > target
        inside, outside, bounds = inside[open_], outside[open_], bounds[open_]
        if len(inside) > most:
            if not some:
                return None
            kept_of = np.sort(np.argsort(-bounds, kind="stable")[:most])
            inside, outside, bounds = inside[kept_of], outside[kept_of], bounds[kept_of]
    return inside, bounds


def _decided(inside: Masks, outside: Masks, vendor: int, rules: Rules) -> tuple[Masks, Masks]:
    """Boxes with one more vendor in, then with it out, as far as rules allow."""
    bit = np.int64(1 << vendor)
    inside, outside = np.concatenate([inside, inside | bit]), np.concatenate([outside | bit, outside])
    kept = rules.allowed(inside, outside)
    return inside[kept], outside[kept]


def rounding(priced: Priced, parts: int) -> float:
    """The most by which sums over accounts and parts can have been rounded."""
    finite = priced.values[np.isfinite(priced.values)]
    size = abs(priced.base) + float(np.abs(priced.accounts).sum()) + parts * float(np.abs(finite).max(initial=0.0))
    return ROUNDING * 4 * (parts + len(priced.accounts) + 8) * size
