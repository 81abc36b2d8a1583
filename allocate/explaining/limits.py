"""The limits of a case as things one could move: rows of the program under one name, by how much, and who wants them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from allocate.case.load import Case
from allocate.costing.rules.only import barred
from allocate.program.arrays import Integers, ProgramArrays
from allocate.program.build import SECTIONS, Built
from allocate.solvers.live import Change
from allocate.units import kind_of
from allocate.verification import Check

ACCURACIES = {
    "accuracy_floor": "",
    "accuracy_floor_vendor": " by each vendor",
    "accuracy_floor_delivery": " in each delivery",
}
"""Families of accuracy floors, and what to say of all of a product's."""
ROWS = {rows.family: rows for section in SECTIONS for rows in section.rows}
"""Families of rows that are limits, as the program's indexes list them."""
RATIOS = tuple(rows.family for rows in ROWS.values() if rows.moved == "share")
"""Families of rows whose limit stands in the coefficients: so much of a total."""
TOTALS = tuple(family for section in SECTIONS for family in section.totals)
COUNTS = tuple(rows.family for rows in ROWS.values() if rows.moved == "count")
SIDES = (*(rows.family for rows in ROWS.values() if rows.moved == "side"), *COUNTS)
"""Families of rows whose limit is a side of the row."""
DEMANDS = ("demand_floor", "demand_ceiling")
POINT = 0.01
"""Shares and accuracies move by a point."""
PART = 0.1
"""Other limits move by about this part of themselves."""


@dataclass(frozen=True, eq=False)
class Limit:
    """Rows of the program that one name stands for: those of all periods, or of a whole rule."""

    name: str
    family: str
    """Kind of limit; `rule` for a rule of the case."""
    rule: int | None
    """Position of the rule it is, or belongs to."""
    owner: str
    reason: str
    at_least: bool
    unit: str
    rows: Integers
    checks: tuple[Check, ...]
    """What the plan uses of each row; empty for rules the plan has nothing to do with."""

    @property
    def sense(self) -> str:
        """at least, at most or exactly; empty for rules."""
        if self.rule is not None:
            return ""
        return "exactly" if self.family == "demand" else "at least" if self.at_least else "at most"

    @property
    def by_period(self) -> bool:
        """Whether each period has its own."""
        return any(check.period is not None for check in self.checks)

    @property
    def step(self) -> float | None:
        """A round amount to move it by, in its unit; None where it cannot be moved, only taken away."""
        if not self.checks or any(check.family not in (*RATIOS, *SIDES) for check in self.checks):
            return None
        if self.checks[0].family in COUNTS:
            return 1.0
        if self.unit == "share":
            return POINT
        if self.checks[0].family == "score_floor":
            return 1.0
        sizes = [check.limit for check in self.checks if check.limit > 0 and math.isfinite(check.limit)]
        return round_amount(PART * float(np.median(sizes))) if sizes else None


def round_amount(amount: float) -> float:
    """The largest of 1, 2, 5, 10, 20 … (or their fractions) that is not above an amount."""
    size = 10.0 ** math.floor(math.log10(amount))
    return max(factor * size for factor in (1.0, 2.0, 5.0) if factor * size <= amount * (1.0 + 1e-12))


def row_numbers(built: Built) -> dict[tuple[str, tuple[int, ...]], int]:
    """Row numbers by family and key, as checks name them."""
    rows: dict[tuple[str, tuple[int, ...]], int] = {}
    for family, block in built.program.rows.items():
        axes = [axis.tolist() for axis in block.index.values()]
        keys = zip(*axes, strict=True) if axes else [()] * len(block)
        rows.update({(family, tuple(key)): int(row) for key, row in zip(keys, block.ids.tolist(), strict=True)})
    return rows


def rule_of(built: Built, family: str, row: int) -> int | None:
    """Position of the rule a row belongs to."""
    block = built.program.rows[family]
    return int(block.index["rule"][row - block.start]) if "rule" in block.index else None


def limits_of(built: Built, checks: Sequence[Check]) -> tuple[Limit, ...]:
    """Every limit the checks name and the program has rows for, apart from rules.

    Periods of one limit are together, and so are both sides of a demand that is exact.
    """
    exact = exact_demands(checks)
    found: dict[tuple[str, str, bool], list[tuple[int, Check]]] = {}
    numbers = row_numbers(built)
    for check in checks:
        row = numbers.get((check.family, check.key))
        if row is not None and rule_of(built, check.family, row) is None:
            family = "demand" if check.family in DEMANDS and check.key in exact else check.family
            name = check.group or check.subject
            if ACCURACIES.get(family):
                name = f"accuracy of {built.layout.routes.products[check.key[0]]}{ACCURACIES[family]}"
            key = (family, name, check.at_least or family == "demand")
            found.setdefault(key, []).append((row, check))
    return tuple(
        Limit(
            name, family, None, "", "", at_least, pairs[0][1].unit,
            np.array([row for row, _ in pairs], dtype=np.int32), tuple(check for _, check in pairs),
        )
        for (family, name, at_least), pairs in found.items()
    )  # fmt: skip


def exact_demands(checks: Sequence[Check]) -> set[tuple[int, ...]]:
    """Keys of the products whose demand is one number: not less and not more."""
    least, most = ({check.key: check.limit for check in checks if check.family == family} for family in DEMANDS)
    return {key for key in least if most.get(key) == least[key]}


def exact_pairs(checks: Sequence[Check]) -> list[tuple[tuple[str, tuple[int, ...]], ...]]:
    """Rows, as families and keys, a least and a most that are one amount: of demand, and of what rules ask."""
    pairs = [tuple((family, key) for family in DEMANDS) for key in sorted(exact_demands(checks))]
    for low, high in (
        (family, family.replace("at_least", "at_most")) for family in ROWS if ROWS[family].asks == "both"
    ):
        most = {(check.subject, check.limit): check.key for check in checks if check.family == high != low}
        pairs += [
            ((low, check.key), (high, most[check.subject, check.limit]))
            for check in checks
            if check.family == low and (check.subject, check.limit) in most
        ]
    return pairs


def rules_of(built: Built, checks: Sequence[Check]) -> tuple[Limit, ...]:
    """Every rule of the case with the rows that stand for it and the checks that are about it."""
    case, numbers = built.layout.case, row_numbers(built)
    rows: dict[int, list[int]] = {number: [] for number in range(len(case.file.rules))}
    about: dict[int, list[Check]] = {number: [] for number in rows}
    for block in built.program.rows.values():
        for row, number in zip(block.ids.tolist(), block.index.get("rule", np.zeros(0)).tolist(), strict=False):
            rows[int(number)].append(row)
    for check in checks:
        row = numbers.get((check.family, check.key))
        number = rule_of(built, check.family, row) if row is not None else None
        if number is not None:
            about[number].append(check)
    for number in rows:
        rows[number] += _freed(built, numbers, number)
    return tuple(
        Limit(
            f"rule '{rule.name}'", "rule", number, rule.owner or "", rule.reason or "",
            _least(about[number]), about[number][0].unit if about[number] else "",
            np.array(rows[number], dtype=np.int32), tuple(about[number]),
        )
        for number, rule in enumerate(case.file.rules)
    )  # fmt: skip


def _least(checks: Sequence[Check]) -> bool:
    return bool(checks) and checks[0].at_least


def without_rule(case: Case, number: int) -> Case:
    """The case without one of its rules."""
    kept = tuple(rule for position, rule in enumerate(case.file.rules) if position != number)
    return replace(case, file=case.file.model_copy(update={"rules": kept}))


def _freed(built: Built, numbers: dict[tuple[str, tuple[int, ...]], int], number: int) -> list[int]:
    """Rows of pairs that only this rule forbids."""
    case = built.layout.case
    if case.file.rules[number].only is None:
        return []
    freed = barred(case) & ~barred(without_rule(case, number))
    pairs = zip(*(axis.tolist() for axis in np.nonzero(freed)), strict=True)
    return [numbers["only_vendors", pair] for pair in pairs if ("only_vendors", pair) in numbers]


def taken_away(arrays: ProgramArrays, limit: Limit) -> Change:
    """The program without a limit: its rows ask for nothing; of an exact demand, for no least any more."""
    free = np.full(len(limit.rows), np.inf)
    if limit.family == "demand":
        return Change(rows=limit.rows, row_lower=-free, row_upper=arrays.row_upper[limit.rows])
    return Change(rows=limit.rows, row_lower=-free, row_upper=free)


def priced_by_point(case: Case, check: Check) -> bool:
    """Whether what is asked of a product is what points of its accuracy are of, for which it pays a penalty."""
    if check.family not in DEMANDS:
        return False
    product = list(case.products.values())[check.key[0]]
    penalty = None if product.accuracy is None else product.accuracy.penalty
    moves = check.family == "demand_floor" or product.demand.exactly is not None
    return penalty is not None and kind_of(penalty) == "money/points" and moves


def can_move(limit: Limit, amount: float) -> bool:
    """Whether a limit higher by an amount of its unit would make sense: not below 0, no share above 1, one side alone."""
    family = limit.checks[0].family
    if limit.family == "rule" and len({check.at_least for check in limit.checks}) > 1 and not _exact(limit):
        return False
    most = 1.0 if family in RATIOS else math.inf
    return all(0.0 <= check.limit + amount <= most for check in limit.checks)


def _exact(limit: Limit) -> bool:
    """Whether all that a limit asks is one amount from both sides."""
    rows = [(check.family, check.key) for check in limit.checks]
    return len(rows) == 2 * len(set(rows)) or len(rows) == 2 * len(exact_pairs(limit.checks))


def moved(built: Built, arrays: ProgramArrays, limit: Limit, amount: float) -> Change | None:
    """The program with a limit that `can_move` higher by an amount of its unit in every row; None for a score out of reach."""
    rows, lower, upper = limit.rows, arrays.row_lower[limit.rows].copy(), arrays.row_upper[limit.rows].copy()
    family = limit.checks[0].family if limit.checks else limit.family
    if family in RATIOS:
        return _ratio(built, arrays, limit, amount)
    if family == "score_floor":
        return _score(built, limit, amount)
    both = limit.family == "demand" or (len(limit.checks) > 1 and _exact(limit))
    return Change(
        rows=rows,
        row_lower=lower + amount if limit.at_least or both else lower,
        row_upper=upper + amount if both or not limit.at_least else upper,
    )


def _ratio(built: Built, arrays: ProgramArrays, limit: Limit, amount: float) -> Change:
    """A share higher by so much of one: the row takes that much more of its total away."""
    entries = totals_in(built, arrays, limit.rows)
    return Change(entries=entries, values=arrays.value[entries] - amount)


def totals_in(built: Built, arrays: ProgramArrays, rows: ArrayLike) -> Integers:
    """Positions of the entries in which rows about shares hold what they are shares of."""
    blocks = [built.program.columns[family] for family in TOTALS if family in built.program.columns]
    totals = np.concatenate([np.zeros(0, np.int32), *(block.ids for block in blocks)])
    return np.flatnonzero(np.isin(arrays.index, rows) & np.isin(arrays.column, totals)).astype(np.int32)


def _score(built: Built, limit: Limit, amount: float) -> Change | None:
    products = [check.key[0] for check in limit.checks]
    asked = [
        built.layout.values[product].labels_for(check.limit + amount)
        for product, check in zip(products, limit.checks, strict=True)
    ]
    if not np.isfinite(asked).all():
        return None
    return Change(rows=limit.rows, row_lower=np.array(asked), row_upper=np.full(len(asked), np.inf))
