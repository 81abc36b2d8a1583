"""Acceptance sampling: what a lot plan lets through, what it costs to check, and the smallest plan for two risks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from allocate.case.clauses.review import MOST_SAMPLED
from allocate.formula import called
from allocate.numbers import Floats, blank, by_value, is_traced, least, most, numbers, placed

MOST_WRONG = 2_000
"""Wrong items in a sample up to which a plan that passes is looked for."""


@dataclass(frozen=True)
class LotPlan:
    """Look at `sample` items of each lot; accept the lot when at most `accept` of them are wrong, else check all of it."""

    sample: int
    accept: int
    lot: int | None = None
    """Items in a lot; None for lots much larger than the sample."""

    def __post_init__(self) -> None:
        if self.sample < 1:
            raise ValueError(f"a lot plan looks at one item at least, got {self.sample}")
        if self.sample > MOST_SAMPLED:
            raise ValueError(f"a lot plan looks at {MOST_SAMPLED:,} items at most, got {self.sample:,}")
        if not 0 <= self.accept < self.sample:
            raise ValueError(f"the wrong items allowed must be from 0 to {self.sample - 1}, got {self.accept}")
        if self.lot is not None and self.lot < self.sample:
            raise ValueError(f"the sample of {self.sample} is larger than the lot of {self.lot}")


def accepted(plan: LotPlan, wrong: ArrayLike) -> Floats:
    r"""Chance that a lot is accepted: the operating characteristic of a plan for items wrong at rate p.

    .. math:: P_a(p) = \sum_{k=0}^{c} \binom{n}{k} p^k (1 - p)^{n-k}

    Lots come from a process that errs at rate p, so the count in the sample is binomial whatever the lot's size
    (type B curve; Montgomery, Introduction to Statistical Quality Control, section 15.2).

    Args:
        plan: n items looked at, c wrong ones allowed.
        wrong: share of items found wrong when looked at (p), any shape.

    Raises:
        ValueError: a share outside [0, 1].

    >>> [round(float(accepted(LotPlan(68, 2), p)), 4) for p in (0.01213, 0.089704)]
    [0.95, 0.05]
    """
    if is_traced(wrong, plan.sample, plan.accept):
        return _traced(plan, numbers(wrong))
    return unit(found_at_rate(plan.sample, np.arange(plan.accept + 1), wrong).sum(axis=-1))


def found_at_rate(sample: int, found: NDArray[np.int64], wrong: ArrayLike) -> Floats:
    """Chance of finding so many wrong items in a sample (found: k of them) of a process at rate p; p's shape and k last.

    Raises ValueError for a share outside [0, 1].
    """
    p = share_of_items(wrong)[..., None]
    logs = _log_factorials(sample)
    ways = logs[sample] - logs[found] - logs[sample - found]
    with np.errstate(divide="ignore", invalid="ignore"):
        chances = ways + found * np.log(p) + (sample - found) * np.log1p(-p)
    chances = np.where(p == 0.0, np.where(found == 0, 0.0, -np.inf), chances)
    chances = np.where(p == 1.0, np.where(found == sample, 0.0, -np.inf), chances)
    return np.asarray(np.exp(chances), dtype=np.float64)


def _traced(plan: LotPlan, wrong: Floats) -> Floats:
    """The same as formulas."""
    sample, accept = (int(by_value(one)) for one in (plan.sample, plan.accept))
    chances = accepted(LotPlan(sample, accept), by_value(wrong))
    found = blank(wrong.shape)
    for at, chance in np.ndenumerate(chances):
        # Only rounding can leave [0, 1], which the function of spreadsheets does not take.
        share = least(most(wrong[at], 0.0), 1.0)
        found = placed(found, at, called("BINOMDIST", (plan.accept, plan.sample, share, 1.0), float(chance)))
    return found


def inspected(plan: LotPlan, wrong: ArrayLike) -> Floats:
    r"""Share of items looked at when rejected lots are checked whole: average total inspection over the lot.

    .. math:: I(p) = \frac{n}{N} + (1 - P_a(p)) \left(1 - \frac{n}{N}\right)

    Raises:
        ValueError: a plan without a lot, or a share outside [0, 1].
    """
    if plan.lot is None:
        raise ValueError("the share looked at needs the lot's size")
    sampled = plan.sample / plan.lot
    return sampled + (1.0 - accepted(plan, wrong)) * (1.0 - sampled)


def outgoing(plan: LotPlan, wrong: ArrayLike) -> Floats:
    r"""Average outgoing quality: share of wrong items that leave when whatever is looked at leaves right.

    .. math:: AOQ(p) = p \, (1 - I(p)) = p \, P_a(p) \, (1 - n/N)

    Items outside the sample are wrong independently of it, so the product is exact for a process at rate p.

    Raises:
        ValueError: a plan without a lot, or a share outside [0, 1].
    """
    return share_of_items(wrong) * (1.0 - inspected(plan, wrong))


def outgoing_limit(plan: LotPlan) -> tuple[float, float]:
    """The rate at which most wrong items leave, and how many do (the AOQL), to 1e-9 of the rate.

    Raises ValueError for a plan without a lot.
    """
    return worst(lambda rates: outgoing(plan, rates))


def worst(leaving: Callable[[ArrayLike], Floats]) -> tuple[float, float]:
    """The rate at which most wrong items leave, and how many do, of a curve of outgoing quality."""
    grid = np.linspace(0.0, 1.0, 2001)
    for _ in range(4):
        peak = int(np.argmax(leaving(grid)))
        grid = np.linspace(grid[max(peak - 1, 0)], grid[min(peak + 1, len(grid) - 1)], 2001)
    peak = int(np.argmax(leaving(grid)))
    return float(grid[peak]), float(leaving(grid[peak]))


@lru_cache(maxsize=256)
def smallest_plan(
    good: float, bad: float, producer_risk: float = 0.05, consumer_risk: float = 0.10, lot: int | None = None
) -> LotPlan:
    r"""The plan with the smallest sample that keeps both risks: good lots pass, bad lots do not.

    .. math:: \min n \quad \text{so that} \quad P_a(p_1) \ge 1 - \alpha, \; P_a(p_2) \le \beta

    For each c the least n that keeps the consumer's risk is the one that harms the producer least, so the first c whose
    least n keeps the producer's risk gives the smallest plan (Guenther, Journal of Quality Technology, 1969).

    Args:
        good: rate of wrong items that should pass (p1, the acceptable quality level).
        bad: rate that should not (p2, the lot tolerance).
        producer_risk: chance that a good lot is rejected (alpha).
        consumer_risk: chance that a bad lot is accepted (beta).
        lot: items in a lot, if the plan is to fit one.

    Raises:
        ValueError: shares out of order, or no plan within the lot, 100,000 items and 2,000 wrong ones.

    >>> smallest_plan(0.01213, 0.089704, 0.0501, 0.0501)
    LotPlan(sample=68, accept=2, lot=None)
    """
    if not 0.0 <= good < bad < 1.0:
        raise ValueError(f"the good rate must lie below the bad one, both in [0, 1): got {good} and {bad}")
    for risk in (producer_risk, consumer_risk):
        if not 0.0 < risk < 1.0:
            raise ValueError(f"a risk must lie between 0 and 1, got {risk}")
    most = MOST_SAMPLED if lot is None else min(lot, MOST_SAMPLED)
    least = 1
    for accept in range(min(most, MOST_WRONG + 1)):
        found = _least_sample(accept, bad, consumer_risk, max(least, accept + 1), most)
        if found is None:
            break
        least = found
        plan = LotPlan(found, accept, lot)
        if float(accepted(plan, good)) >= 1.0 - producer_risk:
            return plan
    where = f"a lot of {lot:,} items" if lot == most else f"{MOST_SAMPLED:,} items, {MOST_WRONG:,} of them wrong,"
    raise ValueError(f"no plan within {where} keeps both risks; widen the rates or allow more risk")


def _least_sample(accept: int, bad: float, risk: float, least: int, most: int) -> int | None:
    """Fewest items to look at so that a bad lot passes with at most the risk; falls as the sample grows."""

    def keeps(sample: int) -> bool:
        return float(accepted(LotPlan(sample, accept), bad)) <= risk

    if least > most or not keeps(most):
        return None
    low, high = least - 1, least
    while not keeps(high):
        low, high = high, min(2 * high, most)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if keeps(middle) else (middle, high)
    return high


def _log_factorials(count: int) -> Floats:
    """Logarithms of 0! to count!; a part of one table where it is long enough."""
    return _table(MOST_SAMPLED)[: count + 1] if count <= MOST_SAMPLED else _table(count)


@lru_cache(maxsize=2)
def _table(count: int) -> Floats:
    logs = np.zeros(count + 1)
    np.cumsum(np.log(np.arange(1, count + 1)), out=logs[1:])
    logs.flags.writeable = False
    return logs


def share_of_items(values: ArrayLike) -> Floats:
    """Shares of wrong items, each from 0 to 1; ValueError for one that is not."""
    array = np.asarray(by_value(values), dtype=np.float64)
    good = (array >= 0.0) & (array <= 1.0)
    if not np.all(good):
        raise ValueError(f"share of wrong items must lie between 0 and 1, got {float(array[~good].ravel()[0])}")
    return numbers(values)


def unit(values: Floats) -> Floats:
    """Sums of probabilities within [0, 1]."""
    # Only rounding of a sum of probabilities can leave [0, 1].
    return np.asarray(np.clip(values, 0.0, 1.0), dtype=np.float64)
