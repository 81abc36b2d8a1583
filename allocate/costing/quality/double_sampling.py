"""Double sampling: lots that a first sample does not decide have a second one; what passes, and what it costs to check."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from allocate.case.clauses.review import MOST_SAMPLED
from allocate.costing.quality.sampling import found_at_rate, share_of_items, unit, worst
from allocate.formula import NotTracedError, called
from allocate.numbers import Floats, blank, by_value, is_traced, least, most, named, numbers, placed


@dataclass(frozen=True)
class DoublePlan:
    """Accept at `accept` wrong or fewer in `sample` items, reject at `reject` or more; else look at `second` items more, and
    accept at `accept_both` or fewer in both samples together. All of a lot that is rejected is checked."""

    sample: int
    accept: int
    reject: int
    second: int
    accept_both: int
    lot: int | None = None
    """Items in a lot; None for lots much larger than the samples."""

    def __post_init__(self) -> None:
        both = self.sample + self.second
        if self.sample < 1 or self.second < 1:
            raise ValueError(f"each sample has one item at least, got {self.sample} and {self.second}")
        if both > MOST_SAMPLED:
            raise ValueError(f"both samples have {MOST_SAMPLED:,} items at most, got {both:,}")
        if not 0 <= self.accept < self.sample:
            raise ValueError(f"the wrong items allowed at first must be from 0 to {self.sample - 1}, got {self.accept}")
        if not self.accept < self.accept_both <= self.accept + self.second:
            allowed = f"from {self.accept + 1} to {self.accept + self.second}"
            raise ValueError(f"the wrong items allowed in both samples must be {allowed}, got {self.accept_both}")
        if not self.accept + 2 <= self.reject <= self.accept_both + 1:
            allowed = f"from {self.accept + 2} to {self.accept_both + 1}"
            raise ValueError(f"the wrong items at which the first sample rejects must be {allowed}, got {self.reject}")
        if self.lot is not None and self.lot < both:
            raise ValueError(f"the samples of {both} together are larger than the lot of {self.lot}")

    @property
    def undecided(self) -> range:
        """Wrong items in the first sample with which a second one is drawn."""
        return range(self.accept + 1, min(self.reject, self.sample + 1))


def accepted(plan: DoublePlan, wrong: ArrayLike) -> Floats:
    r"""Chance that a lot is accepted by either sample, of items wrong at rate p (type B curve).

    .. math:: P_a = P(d_1 \le c_1) + \sum_{k=c_1+1}^{r_1-1} P(d_1 = k) \, P(d_2 \le c_2 - k)

    Counts in both samples are binomial (Montgomery, Introduction to Statistical Quality Control, section 15.3).

    Args:
        plan: n1, c1, r1, n2 and c2.
        wrong: share of items found wrong when looked at (p), any shape.

    Raises:
        ValueError: a share outside [0, 1].

    >>> round(float(accepted(DoublePlan(50, 1, 4, 100, 3), 0.05)), 4)
    0.2904
    """
    first, second = _accepted_by(plan, wrong)
    return unit(first + second)


def sample_number(plan: DoublePlan, wrong: ArrayLike) -> Floats:
    r"""Items looked at before a lot is decided, on average (ASN), where a second sample is looked at whole.

    .. math:: ASN(p) = n_1 + n_2 \, P(c_1 < d_1 < r_1)

    Raises:
        ValueError: a share outside [0, 1].
    """
    undecided = found_at_rate(plan.sample, np.array(plan.undecided), wrong).sum(axis=-1)
    return plan.sample + plan.second * unit(undecided)


def inspected(plan: DoublePlan, wrong: ArrayLike) -> Floats:
    r"""Share of items looked at when rejected lots are checked whole: average total inspection over the lot.

    .. math:: I(p) = 1 - P_a^{(1)} (1 - n_1/N) - P_a^{(2)} (1 - (n_1 + n_2)/N)

    Raises:
        ValueError: a plan without a lot, or a share outside [0, 1].
    """
    if plan.lot is None:
        raise ValueError("the share looked at needs the lot's size")
    first, second = _traced(plan, numbers(wrong)) if is_traced(wrong, plan.lot) else _accepted_by(plan, wrong)
    left = first * (1.0 - plan.sample / plan.lot) + second * (1.0 - (plan.sample + plan.second) / plan.lot)
    return 1.0 - left if is_traced(left) else unit(1.0 - left)


def outgoing(plan: DoublePlan, wrong: ArrayLike) -> Floats:
    r"""Average outgoing quality: share of wrong items that leave when whatever is looked at leaves right.

    .. math:: AOQ(p) = p \, (1 - I(p))

    Raises:
        ValueError: a plan without a lot, or a share outside [0, 1].
    """
    return share_of_items(wrong) * (1.0 - inspected(plan, wrong))


def outgoing_limit(plan: DoublePlan) -> tuple[float, float]:
    """The rate at which most wrong items leave, and how many do (the AOQL); ValueError for a plan without a lot."""
    return worst(lambda rates: outgoing(plan, rates))


def _accepted_by(plan: DoublePlan, wrong: ArrayLike) -> tuple[Floats, Floats]:
    """Chances of being accepted by the first sample, and by both together."""
    first = found_at_rate(plan.sample, np.arange(plan.accept + 1), wrong).sum(axis=-1)
    undecided = np.array(plan.undecided)
    drawn = found_at_rate(plan.sample, undecided, wrong)
    upto = np.cumsum(found_at_rate(plan.second, np.arange(plan.accept_both - plan.accept), wrong), axis=-1)
    second = (drawn * upto[..., plan.accept_both - undecided]).sum(axis=-1)
    return first, second


MOST_TERMS = 8
"""Numbers of wrong items that lead to a second sample, up to which its chance is written as a formula."""


def _traced(plan: DoublePlan, wrong: Floats) -> tuple[Floats, Floats]:
    """The same as formulas; raises NotTracedError where they would be too long to read."""
    if len(plan.undecided) > MOST_TERMS:
        raise NotTracedError("a second sample after so many numbers of wrong items")
    first, second = blank(wrong.shape, wrong), blank(wrong.shape, wrong)
    for at in np.ndindex(wrong.shape):
        # Only rounding can leave [0, 1], which the function of spreadsheets does not take.
        share = least(most(wrong[at], 0.0), 1.0)

        def chance(found: int, sample: int, upto: bool, share: Any = share) -> Any:
            known = found_at_rate(sample, np.arange(0 if upto else found, found + 1), by_value(share)).sum()
            return called("BINOMDIST", (float(found), float(sample), share, float(upto)), float(known))

        parts = [
            chance(k, plan.sample, False) * chance(plan.accept_both - k, plan.second, True) for k in plan.undecided
        ]
        first = placed(first, at, named("accepted by the first sample", chance(plan.accept, plan.sample, True)))
        second = placed(second, at, named("accepted by both samples", sum(parts[1:], parts[0])))
    return first, second
