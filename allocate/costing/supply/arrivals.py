"""Queues whose work does not come one by one at an even rate: in batches, with the hours of the day, or all at once.

Work is taken in the order it comes, and a piece of it takes a random (exponential) time. Times are in handling times.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, exp, lgamma, log, pi, sin, sqrt

import numpy as np

from allocate.case.schema import ReviewTeam
from allocate.numbers import Floats
from allocate.units import WORKING_DAYS

PARTS = 16
"""Parts a day is cut into whose arrivals rise and fall like a sine."""
STEPS = 8
"""Steps a handling time is cut into; against a simulation in continuous time the share in time is right within a point."""
STATES = 3_000
"""Most numbers of pieces in the queue that are told apart; beyond, people and pieces are counted in groups."""
IDLE = 1e-3
"""Least share of their time that people who keep a promise are idle."""
SETTLED = 1e-11
"""Distributions this close to one another, added up, are the same."""
PLAIN, MIXED = 20, 9
"""Cycles after which one that has not settled is guessed from those before it, and how many of these at most."""
ROOT = 1e-9
"""How closely the largest load is found, relative to the people."""


@dataclass(frozen=True)
class Arrivals:
    """How work arrives while people are there, again and again."""

    cycle: float = 1.0
    """Length of what repeats: a working day, or the time from one delivery to the next."""
    rates: tuple[float, ...] = (1.0,)
    """Arrivals in each of its equal parts, relative to their mean."""
    batch: int = 1
    """Pieces that come together, at random moments."""
    at_once: bool = False
    """Whether all of a cycle comes at its beginning."""


def arrivals_of(team: ReviewTeam, handling: float) -> Arrivals | None:
    """How items come to a review team that made a promise; None where they come steadily.

    handling: hours of a check. A working day is the hours of one person in it.
    """
    asked = team.answer.arrivals if team.answer is not None else None
    if asked is None or asked.steady or team.hours is None:
        return None
    days = team.working_days or WORKING_DAYS
    day = team.hours.each if team.hours.time == "day" else team.hours.number / days
    if asked.every is not None:
        of_calendar = {None: asked.every.number, "day": asked.every.each * day}
        hours = of_calendar.get(asked.every.time, asked.every.number * days * day)
        return Arrivals(hours / handling, at_once=True)
    rates = asked.profile or swinging(asked.swing or 0.0)
    return Arrivals(day / handling, tuple(rate * len(rates) / sum(rates) for rate in rates), asked.batch)


def swinging(swing: float) -> tuple[float, ...]:
    """Rates of the parts of a day that rise above their mean and fall below it by a share, like a sine."""
    return tuple(1.0 + swing * sin(2.0 * pi * (part + 0.5) / PARTS) for part in range(PARTS))


def in_time(people: int, load: float, within: float, arrivals: Arrivals) -> float:
    r"""Share of the pieces whose work begins within a time.

    A piece that finds :math:`x` others waits for :math:`x - c + 1` of them to be done, which happens at the rate c:
    :math:`P(W \le t \mid x) = P(\text{Poisson}(c t) > x - c)`. Of a batch, each piece finds those before it as well.

    For batches at an even rate, x has the stationary distribution of the queue :math:`M^{[b]}/M/c`, exactly. Else it is
    followed in steps of an eighth of a handling time through one cycle after the other, until it repeats: arrivals (Poisson)
    by halves before and after what is done meanwhile (binomial of those at work while nobody waits, else Poisson).

    load: in erlang, below people. within: in handling times.
    """
    if arrivals.at_once or len(set(arrivals.rates)) > 1:
        return _through_cycles(people, load, within, arrivals)
    states = _stationary(people, load, arrivals.batch)
    return 1.0 - float(states @ _late(people, within, len(states), arrivals.batch))


@lru_cache(maxsize=256)
def load_kept(people: int, share: float, within: float, arrivals: Arrivals) -> float:
    """Largest load, in erlang, at which a share of the pieces begins within a time; 0 where no load keeps it.

    It is kept: explanations and studies read a case again and again, with the same promise.
    """

    def left(load: float) -> float:
        return in_time(people, load, within, arrivals) - share

    low = people * 1e-6
    if left(low) < 0.0:
        return 0.0
    idle = 0.5
    while idle > IDLE:
        if left(people * (1.0 - idle)) < 0.0:
            return _root(left, low, people * (1.0 - idle), ROOT * people)
        low, idle = people * (1.0 - idle), idle / 2.0
    return low


def _root(of: Callable[[float], float], low: float, high: float, width: float) -> float:
    """Where a falling function is zero, from below: regula falsi, of the Illinois kind."""
    at_low, at_high, side = of(low), of(high), 0
    while high - low > width:
        middle = (low * at_high - high * at_low) / (at_high - at_low)
        middle = min(max(middle, low + width / 3.0), high - width / 3.0)
        value = of(middle)
        if value >= 0.0:
            low, at_low = middle, value
            at_high = at_high / 2.0 if side > 0 else at_high
            side = 1
        else:
            high, at_high = middle, value
            at_low = at_low / 2.0 if side < 0 else at_low
            side = -1
    return low


def _stationary(people: int, load: float, batch: int) -> Floats:
    r"""Distribution of the pieces a batch finds, shape (N,): what goes up from n equals what comes down to it.

    .. math:: \min(n + 1, c) \, \pi_{n+1} = \frac{A}{b} \sum_{i=n-b+1}^{n} \pi_i
    """
    found, window, total = [1.0], 1.0, 1.0
    while len(found) < people + batch or found[-1] > 1e-13 * total:
        number = len(found)
        found.append(load / batch * window / min(number, people))
        total += found[-1]
        window += found[-1] - (found[number - batch] if number >= batch else 0.0)
        if total > 1e200:
            found, window, total = [one / total for one in found], window / total, 1.0
    return np.array(found) / total


def _late(people: float, within: float, states: int, batch: float) -> Floats:
    """Share of a batch that begins too late, by the pieces that it finds, shape (states,)."""
    each = states + ceil(batch) + 1
    chances = np.cumsum(_poisson(people * within, each))
    waiting = np.arange(each) - int(people)
    late = np.where(waiting < 0, 0.0, chances[np.maximum(waiting, 0)])
    before = np.concatenate([[0.0], np.cumsum(late)])
    first = np.arange(states, dtype=np.float64)
    return np.asarray((np.interp(first + batch, np.arange(each + 1), before) - before[:states]) / batch)


def _poisson(mean: float, most: int) -> Floats:
    """Chances of 0, 1, … most events."""
    number = np.arange(most + 1, dtype=np.float64)
    factorials = np.concatenate([[0.0], np.cumsum(np.log(number[1:]))])
    return np.asarray(np.exp(number * log(mean) - mean - factorials) if mean > 0.0 else number == 0, dtype=np.float64)


def _arriving(mean: float, batch: int) -> Floats:
    """Chances of 0, 1, 2 … pieces in a step, in batches of which so many come on average."""
    chances = _poisson(mean, int(mean + 10.0 * sqrt(mean) + 12.0))
    pieces = np.zeros((len(chances) - 1) * batch + 1)
    pieces[::batch] = chances / chances.sum()
    return pieces


def _through_cycles(people: int, load: float, within: float, arrivals: Arrivals) -> float:
    """Share in time of a queue whose arrivals change through a cycle, once each cycle is as the one before."""
    grouped = _grouped(people, load, within, arrivals)
    queue = _Steps(*grouped)
    states, ahead = np.ones(1), _Ahead(queue.states)
    for number in range(5_000):
        again, late = queue.cycle(states)
        if _apart(again, states) < SETTLED:
            break
        states = again if number < PLAIN else ahead.guess(states, again)
    return 1.0 - late


class _Ahead:
    """Where cycles lead to that settle slowly: few people who are hardly ever idle carry their queue over many days.

    Anderson acceleration (D. G. Anderson, Iterative procedures for nonlinear integral equations, Journal of the ACM 12, 1965):
    the mix of the last cycles whose change is least.
    """

    def __init__(self, states: int) -> None:
        self.size = states
        self.after: list[Floats] = []
        self.changes: list[Floats] = []

    def guess(self, before: Floats, after: Floats) -> Floats:
        """A distribution nearer to the one that repeats."""
        whole = np.pad(after, (0, self.size - len(after)))
        change = whole - np.pad(before, (0, self.size - len(before)))
        self.after, self.changes = [*self.after, whole][-MIXED:], [*self.changes, change][-MIXED:]
        if len(self.after) == 1:
            return after
        parts = np.linalg.lstsq(np.diff(self.changes, axis=0).T, change, rcond=1e-12)[0]
        found = np.maximum(whole - np.diff(self.after, axis=0).T @ parts, 0.0)
        return _without_zeros(found / found.sum())


def _apart(one: Floats, other: Floats) -> float:
    """How far two distributions are apart, added up."""
    least = min(len(one), len(other))
    return float(np.abs(one[:least] - other[:least]).sum() + one[least:].sum() + other[least:].sum())


def _grouped(people: int, load: float, within: float, arrivals: Arrivals) -> tuple[int, float, float, Arrivals, int]:
    """People, load, time and arrivals in groups of so many that few enough states are left, and how many those are.

    A group of g people works at the pace of one person on groups of g pieces. It is more uneven than what it stands for, so
    the share in time is not above the right one.
    """
    rates = np.array(arrivals.rates)
    backlog, most = 0.0, 0.0
    for rate in (*rates, *rates):
        backlog = max(0.0, backlog + (rate - 1.0) * arrivals.cycle / len(rates))
        most = max(most, backlog)
    room = 1.0 + 3.0 * within + (arrivals.cycle if arrivals.at_once else most)
    states = ceil(people * room) + 40 * arrivals.batch + 60
    group = ceil(states / STATES)
    if group == 1:
        return people, load, within, arrivals, states
    fewer = ceil(people / group)
    pace = fewer * group / people  # how much longer a piece of a group takes, so that all groups do what all people do
    batch = ceil(arrivals.batch / group)
    changed = Arrivals(arrivals.cycle / pace, arrivals.rates, batch, arrivals.at_once)
    return fewer, load / people * fewer, within / pace, changed, ceil(fewer * room) + 40 * batch + 60


class _Steps:
    """The queue's distribution taken from step to step."""

    def __init__(self, people: int, load: float, within: float, arrivals: Arrivals, states: int) -> None:
        self.people, self.load, self.arrivals, self.states = people, load, arrivals, states
        parts = len(arrivals.rates)
        self.steps = ceil(STEPS * arrivals.cycle / parts)
        length = arrivals.cycle / parts / self.steps
        self.done = _done(people, 1.0 - exp(-length))
        chances = _poisson(people * length, int(people * length + 10.0 * sqrt(people * length) + 12.0))
        self.full = chances[::-1] / chances.sum()
        self.batch = load * arrivals.cycle if arrivals.at_once else float(arrivals.batch)
        self.late = _late(people, within, states, self.batch)
        means = [] if arrivals.at_once else [load * rate * length / arrivals.batch for rate in arrivals.rates]
        self.coming = [_arriving(mean, arrivals.batch) for mean in means]
        self.late_halfway = [self._ahead(_arriving(mean / 2.0, arrivals.batch)) for mean in means]

    def _ahead(self, pieces: Floats) -> Floats:
        """Share that is late after half of a step's arrivals, by the pieces before them."""
        longer = np.concatenate([self.late, np.full(len(pieces) - 1, self.late[-1])])
        return np.convolve(longer, pieces[::-1], "valid")

    def cycle(self, states: Floats) -> tuple[Floats, float]:
        """The distribution a cycle later, and the share of the cycle's pieces that begin too late."""
        if self.arrivals.at_once:
            late = _over(states, self.late)
            whole, part = divmod(self.batch, 1.0)
            coming = np.zeros(int(whole) + 2)
            coming[-2:] = 1.0 - part, part
            states = self._kept(np.convolve(states, coming))
            for _ in range(self.steps):
                states = self._worked(states)
            return states, late
        late, rates = 0.0, self.arrivals.rates
        for rate, coming, halfway in zip(rates, self.coming, self.late_halfway, strict=True):
            for step in range(self.steps):
                late += rate * _over(states, halfway)
                before, states = states, self._worked(self._kept(np.convolve(states, coming)))
                if _apart(states, before) < SETTLED:  # so it stays for the rest of the part
                    late += (self.steps - step - 1) * rate * _over(states, halfway)
                    break
        return states, late / (sum(rates) * self.steps)

    def _kept(self, states: Floats) -> Floats:
        """As many states as are told apart; what is above them stays at the last."""
        if len(states) <= self.states:
            return states
        found = states[: self.states].copy()
        found[-1] += states[self.states :].sum()
        return found

    def _worked(self, states: Floats) -> Floats:
        """What is left after a step of work, without the states above that are next to impossible."""
        servers, most = self.people, len(self.full) - 1
        busy = min(len(states), servers + 1)
        if len(states) <= servers + 1:
            return _without_zeros(states @ self.done[:busy, :busy])
        found = np.zeros(len(states))
        found[:busy] = states[:busy] @ self.done
        lower = np.convolve(states[busy:], self.full)
        start = busy - most
        if start < 0:
            found[0] += lower[:-start].sum()
            lower, start = lower[-start:], 0
        found[start : start + len(lower)] += lower[: len(states) - start]
        return _without_zeros(found)


def _over(states: Floats, of: Floats) -> float:
    """Mean of something by the state."""
    return float(states @ of[: len(states)])


def _without_zeros(states: Floats) -> Floats:
    """A distribution without the last states where they have hardly any chance."""
    there = np.flatnonzero(states > 1e-17)
    return states[: int(there[-1]) + 1]


def _done(people: int, chance: float) -> Floats:
    """Chances of how many are left of 0, 1, … people at work, each done with a chance, shape (people + 1, people + 1)."""
    factorials = np.array([lgamma(number + 1.0) for number in range(people + 1)])
    busy, left = np.meshgrid(np.arange(people + 1), np.arange(people + 1), indexing="ij")
    done = np.maximum(busy - left, 0)
    logs = factorials[busy] - factorials[left] - factorials[done] + done * log(chance) + left * log(1.0 - chance)
    return np.where(left <= busy, np.exp(logs), 0.0)
