"""What one more unit of each limit is worth, and between which amounts that holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from allocate.explaining.limits import ACCURACIES, exact_pairs, priced_by_point, row_numbers, rule_of, totals_in
from allocate.explaining.near import near
from allocate.explaining.opened import LIMITS, ROOM, opened
from allocate.program.arrays import Floats, ProgramArrays, assemble, batch, frozen
from allocate.program.build import Built
from allocate.solvers.live import Change, Live, Ranges
from allocate.solvers.search import Found
from allocate.solvers.work import Work
from allocate.verification import Check

WORTHLESS = 1e-9
"""A price below this is rounding."""
NARROW = 1e-9
"""A range narrower than this share of the limit has no width: the price changes at the limit itself."""
NUDGE = 1e-4
"""By which share of itself a limit is moved to see the price on the far side of such a point."""
TURN = 1e-5
"""By how much a share or an accuracy is moved, as a part of one, to see whether its price holds on a side."""
BENT = 1e-2
"""Part of itself by which a slope found so may differ from the price: a share is of a total that moves with the plan."""
SAME = 1e-8
"""Part of themselves to which two objectives are known."""
TURNED = 200_000
"""Coefficients of a program up to which shares and accuracies are looked at from both sides."""
TRIES = 6
"""How often the nudge is made a tenth of itself where the price changes within it."""
State = Literal["exact", "bound"]
Left = Callable[[str], None]
Side = tuple[float | None, float | None, State]
"""What a unit changes on one side of a limit, where that ends, and how it is known."""


@dataclass(frozen=True)
class Price:
    """A limit of which nothing is left, and what moving it a little changes in the first objective."""

    limit: str
    family: str
    key: tuple[int, ...]
    """Which of its family, as checks name it."""
    group: str
    """The limit without its period."""
    period: int | None
    """Number of the period, from 1."""
    owner: str
    reason: str
    sense: str
    """at least, at most or exactly."""
    amount: float
    unit: str
    """What the amount counts; shares and accuracies are in points."""
    more: float | None
    """Change of the objective per unit more of the limit; None where no plan is left then."""
    more_up_to: float | None
    """Amount up to which that holds; infinite where it always does. None for limits that are a part of something,
    where vendors learn, and for what points of accuracy with a penalty are of: their price moves with the plan."""
    less: float | None
    """Change of the objective per unit less."""
    less_down_to: float | None
    local: bool
    """Whether it holds only with every whole-number choice as the plan has it, or near the work its learners do."""
    more_state: State = "exact"
    """exact, or bound: the change per unit more is that or worse; it was not looked into further."""
    less_state: State = "exact"


def prices(
    built: Built, base: Found, checks: Sequence[Check],
    carried: Callable[[Built], ProgramArrays | None] | None = None, work: Work | None = None, left: Left | None = None,
) -> tuple[Price, ...]:  # fmt: skip
    """A price for every limit that binds in the best plan of a program, weightiest first; see `prices_of`."""
    values = base.values
    return () if values is None or base.row_duals is None else prices_of(built, values, checks, carried, work, left)


def prices_of(
    built: Built,
    plan: Floats,
    checks: Sequence[Check],
    carried: Callable[[Built], ProgramArrays | None] | None = None,
    work: Work | None = None,
    left: Left | None = None,
) -> tuple[Price, ...]:
    """A price for every limit that binds, weightiest first: by what one per cent of the limit is worth.

    Duals and their ranges come from the optimal basis of the linear program with its whole numbers as they are in a plan
    (values of all columns), in which bounds derived from limits leave room; hours of pairs that learn are those near the plan. Where a limit sits at a kink, so that the dual
    holds on one side only, the other side's price is found by solving again a hair beyond. carried: another program with
    what users added to this one by hand; absent: nothing was added. work: where it is counted, and ends: from there on a dual is told as
    the bound it is for both sides, the heaviest limits first, and shares are not looked at; left: called with the name of each such limit.
    """
    work = work or Work()
    mixed = bool(built.program.arrays().integer.any())
    room = opened(built, plan, carried or (lambda other: other.program.arrays()))
    numbers = row_numbers(room.built)
    learned = room.built.program.learned
    arrays = near(room.arrays, learned, room.plan if learned is None else plan)
    pairs = [tuple(numbers[row] for row in pair) for pair in exact_pairs(checks)]
    work.made(arrays.nonzeros)
    fixed = Live(_one_sided(arrays, pairs), work=work)
    found, ranges = fixed.ranges()
    if ranges is None or found.row_duals is None:
        return ()
    priced: dict[int, Price | None] = {}
    for row, check in _heaviest_first(checks, numbers, found.row_duals):
        if row in priced:
            continue
        if room.closed and mixed and learned is not None and check.family in LIMITS:
            continue  # what learners could do at most follows from them, and moves with them
        if np.isfinite(
            pressing(fixed.arrays, row, 0.0, check.at_least)
        ):  # else an exact demand's other row stands for both
            priced[row] = _price(room.built, fixed, found, ranges, row, check, mixed or learned is not None)
            one = priced[row]
            if left is not None and (one is None or "bound" in (one.more_state, one.less_state)):
                left(check.group or check.subject)
    rows = [numbers.get((check.family, check.key)) for check in checks]
    return _weightiest_first([priced.get(row) for row in dict.fromkeys(rows) if row is not None])


def _weightiest_first(prices: Sequence[Price | None]) -> tuple[Price, ...]:
    """Those that are worth something, by what one per cent of the limit is worth."""

    def worth(one: Price) -> float:
        return max(abs(one.more or 0.0), abs(one.less or 0.0))

    known = [one for one in prices if one is not None and worth(one) > WORTHLESS]
    return tuple(sorted(known, key=lambda one: -worth(one) * abs(one.amount)))


def _heaviest_first(
    checks: Sequence[Check], numbers: Mapping[tuple[str, tuple[int, ...]], int], duals: Floats
) -> list[tuple[int, Check]]:
    """Limits that bind with their rows, those first of which a part changes most."""
    rows = [(numbers[check.family, check.key], check) for check in checks if (check.family, check.key) in numbers]
    binding = [(row, check) for row, check in rows if check.binding and check.family != "order_multiple"]
    return sorted(binding, key=lambda one: -abs(float(duals[one[0]]) * one[1].limit * one[1].base))


def _price(built: Built, live: Live, found: Found, ranges: Ranges, row: int, check: Check, local: bool) -> Price | None:
    """The price of one limit; None for a share there is no work left for."""
    assert found.row_duals is not None
    number = rule_of(built, check.family, row)
    rule = built.layout.case.file.rules[number] if number is not None else None
    dual, points = float(found.row_duals[row]), check.unit == "share"
    up: Side = (dual, None, "exact")
    down: Side = (dual, None, "exact")
    if not points:
        up, down = _both_sides(live, found, ranges, row, check)
    elif live.arrays.nonzeros <= TURNED:
        if not live.work.left:
            return None
        up, down = ((_turned(built, live, found, row, check, sign), None, "exact") for sign in (1.0, -1.0))
    # What one unit of the limit is in the row. A range is left out where a price moves on the way: labels per point change along
    # the curve, hours per item with what learners have done, what a right item missing weighs with what is asked.
    size = check.base * (0.01 if points else 1.0)
    by_point = priced_by_point(built.layout.case, check)
    turned = _of_points(built, live.arrays, found, check) if by_point else 0.0
    straight = not points and not by_point and check.family != "score_floor" and built.program.learned is None
    return Price(
        limit=check.subject,
        family=check.family,
        key=check.key,
        group=check.group or check.subject,
        period=None if check.period is None else check.period + 1,
        owner=(rule.owner or "") if rule else "",
        reason=(rule.reason or "") if rule else "",
        sense=_sense(live.arrays, row, check),
        amount=check.limit * (100.0 if points else 1.0),
        unit="points" if points else check.unit,
        more=None if up[0] is None else float(up[0] * size) + turned + 0.0,
        more_up_to=_amount(up[1], live.arrays, row, dual, check) if straight else None,
        less=None if down[0] is None else float(-down[0] * size) - turned + 0.0,
        less_down_to=_amount(down[1], live.arrays, row, dual, check) if straight else None,
        local=local,
        more_state=up[2],
        less_state=down[2],
    )


def _both_sides(live: Live, found: Found, ranges: Ranges, row: int, check: Check) -> tuple[Side, Side]:
    """What a little more and a little less of a limit that is no share is worth, with where that ends."""
    assert found.row_duals is not None
    dual = float(found.row_duals[row])
    side = pressing(live.arrays, row, dual, check.at_least)
    ends = (float(ranges.lower[row]), float(ranges.upper[row]))
    if abs(dual) <= WORTHLESS and live.arrays.row_lower[row] != live.arrays.row_upper[row]:
        # A price of nothing proves that nothing is gained by a looser limit, however much, and says nothing of a tighter;
        # an exact amount is loosened in no direction.
        ends = (-np.inf, side) if check.at_least else (side, np.inf)
    up = _one_side(live, found, row, side, ends[1], 1.0)
    down = _one_side(live, found, row, side, ends[0], -1.0)
    if down[2] == "bound" and check.limit <= 0:
        down = (None, side, "exact")  # there is no less than nothing
    return up, down


def _of_points(built: Built, arrays: ProgramArrays, found: Found, check: Check) -> float:
    """What one more item asked for changes the penalty by, whose points are of all that is asked: each right item missing weighs less."""
    assert found.values is not None
    block = built.program.columns["short_of_accuracy_floor"]
    missing = block.ids[block.index["product"] == check.key[0]]
    return -float(arrays.costs[missing] @ found.values[missing]) / check.limit


def _turned(built: Built, live: Live, base: Found, row: int, check: Check, sign: float) -> float | None:
    """Slope of the objective when a share or an accuracy, which stand in a row's coefficients, is higher or lower.

    By the row's dual, unless a solve of the program with the limit a hair elsewhere says otherwise, as at a kink it does.
    None where no plan is left then.
    """
    assert base.row_duals is not None
    assert base.objective is not None
    dual = float(base.row_duals[row])
    live.work.made(live.arrays.nonzeros)
    after = live.instead(_with_share(built, live.arrays, row, check, sign * TURN))
    if after.objective is None:
        return None
    slope = sign * (after.objective - base.objective) / (TURN * check.base)
    # Objectives are known to a part of themselves, and the total that is shared moves with the plan.
    terms = float(np.abs(live.arrays.costs * base.values).sum()) if base.values is not None else abs(base.objective)
    known = SAME * terms / (TURN * check.base)
    return dual if abs(slope - dual) <= max(BENT * abs(dual), known) else slope


def _with_share(built: Built, arrays: ProgramArrays, row: int, check: Check, more: float) -> ProgramArrays:
    """The program with a share, or an accuracy, higher by a part of one."""
    layout = built.layout
    if check.family in ACCURACIES:
        mine = layout.product == check.key[0]
        if check.family != "accuracy_floor":
            mine &= (layout.vendor if check.family == "accuracy_floor_vendor" else layout.delivered) == check.key[1]
        columns = layout.ids[mine]
    else:
        columns = arrays.column[totals_in(built, arrays, row)]
    if not len(columns):
        return arrays  # nobody has a part of it
    parts = [batch(arrays.index, arrays.column, arrays.value, distinct=True)]
    parts.append(batch(np.full(len(columns), row, dtype=np.int32), np.sort(columns), np.full(len(columns), -more)))
    return replace(arrays, matrix=assemble(parts, arrays.column_count, arrays.row_count))


def _amount(end: float | None, arrays: ProgramArrays, row: int, dual: float, check: Check) -> float | None:
    """The amount of a limit when its row's side is at an end: sides may count from something else, as hours over those paid."""
    if end is None or not np.isfinite(end):
        return end
    amount = check.limit + (end - pressing(arrays, row, dual, check.at_least)) / check.base
    if amount >= ROOM * max(1.0, abs(check.limit)):
        return np.inf  # there was no room for more
    return 0.0 if abs(amount) <= NARROW * max(1.0, abs(check.limit)) else float(amount)


def _sense(arrays: ProgramArrays, row: int, check: Check) -> str:
    if arrays.row_lower[row] == arrays.row_upper[row]:
        return "exactly"
    return "at least" if check.at_least else "at most"


def _one_sided(arrays: ProgramArrays, pairs: Sequence[tuple[int, ...]]) -> ProgramArrays:
    """The same program with each pair of rows, a least and a most of one amount, as one equation and nothing."""
    lower, upper = arrays.row_lower.copy(), arrays.row_upper.copy()
    for least, most in pairs:
        upper[least], upper[most] = lower[least], np.inf
    return replace(arrays, row_lower=frozen(lower), row_upper=frozen(upper))


def pressing(arrays: ProgramArrays, row: int, dual: float, at_least: bool) -> float:
    """The side of a row its dual belongs to; of a row without a dual, the limit's own."""
    above = (dual > 0) == arrays.maximise if abs(dual) > WORTHLESS else not at_least
    side = arrays.row_upper[row] if above else arrays.row_lower[row]
    return float(side if np.isfinite(side) else arrays.row_lower[row] if above else arrays.row_upper[row])


def _one_side(live: Live, base: Found, row: int, side: float, end: float, sign: float) -> Side:
    """Slope of the objective above (sign 1) or below (-1) a row's side, the side at which it ends, and how it is known."""
    assert base.row_duals is not None
    assert base.objective is not None
    dual = float(base.row_duals[row])
    size = max(1.0, abs(side))
    if sign * (end - side) > NARROW * size:
        return dual, end, "exact"
    if not live.work.left:
        return dual, None, "bound"
    nudge = NUDGE * size
    for _ in range(TRIES):
        found, ranges = live.ranges(_moved(live.arrays, row, sign * nudge))
        if found.objective is None or found.row_duals is None or ranges is None:
            # Not even a hair can be given: no plan keeps all limits beyond this point.
            return None, side, "exact"
        slope = float(found.row_duals[row])
        gone = sign * (found.objective - base.objective)
        if abs(gone - slope * nudge) <= 1e-6 * max(1e-3, abs(gone)):
            return slope, float(ranges.upper[row] if sign > 0 else ranges.lower[row]), "exact"
        nudge /= 10.0
    return slope, side, "exact"


def _moved(arrays: ProgramArrays, row: int, amount: float) -> Change:
    rows = np.array([row], dtype=np.int32)
    return Change(rows=rows, row_lower=arrays.row_lower[rows] + amount, row_upper=arrays.row_upper[rows] + amount)
