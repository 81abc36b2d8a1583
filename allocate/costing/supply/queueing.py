"""Queues: how long work waits for one of several people, and how much work a group can carry within a promise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, inf

MOST_SERVERS = 100_000
"""Largest group of people that is looked for."""


@dataclass(frozen=True)
class Queue:
    """People who take work in the order it comes; a G/G/c queue, M/M/c at the defaults."""

    servers: int
    """People at work at one time (c)."""
    handling: float
    """Mean time of one piece of work, in any unit; times of answers are in the same."""
    arrival_variability: float = 1.0
    """Squared coefficient of variation of the time between arrivals: 1 for arrivals at random, 0 for an even stream."""
    work_variability: float = 1.0
    """Squared coefficient of variation of the handling time: 1 for exponential times, 0 for equal ones."""

    def __post_init__(self) -> None:
        if self.servers < 1:
            raise ValueError(f"a queue needs one person at least, got {self.servers}")
        if not self.handling > 0:
            raise ValueError(f"handling time must be above zero, got {self.handling}")
        if self.arrival_variability < 0 or self.work_variability < 0:
            raise ValueError("a squared coefficient of variation is never negative")

    @property
    def stretch(self) -> float:
        r"""Factor on the waiting of M/M/c, :math:`(c_a^2 + c_s^2)/2` (Allen-Cunneen)."""
        return (self.arrival_variability + self.work_variability) / 2.0


def erlang_b(load: float, servers: int) -> float:
    r"""Share of work that finds everyone busy when nothing may wait.

    .. math:: B_0 = 1, \qquad B_k = \frac{A B_{k-1}}{k + A B_{k-1}}

    load: A, in erlang (work per time over what one person does in it), not negative.

    Raises ValueError for a negative load.
    """
    if load < 0:
        raise ValueError(f"a load is never negative, got {load}")
    blocked = 1.0
    for people in range(1, servers + 1):
        blocked = load * blocked / (people + load * blocked)
    return blocked


def erlang_c(load: float, servers: int) -> float:
    r"""Share of work that must wait when it may: 1 from the load at which the queue never ends.

    .. math:: C = \frac{c B}{c - A (1 - B)}

    Source: A. K. Erlang, 1917; as in Gross et al., Fundamentals of Queueing Theory, section 3.3.

    >>> round(erlang_c(48, 55), 4)
    0.2387
    """
    blocked = erlang_b(load, servers)
    if load >= servers:
        return 1.0
    return servers * blocked / (servers - load * (1.0 - blocked))


def mean_wait(queue: Queue, load: float) -> float:
    r"""Mean time from arrival to start of work, in the unit of the handling time; infinite for a queue that never ends.

    .. math:: W_q = \frac{C \, \tau}{c - A} \cdot \frac{c_a^2 + c_s^2}{2}

    Exact for M/M/c; for other queues the approximation of Allen and Cunneen (Allen, Probability, Statistics and Queueing
    Theory, 1990, section 5.3), best under heavy load.
    """
    if load >= queue.servers:
        return inf
    return erlang_c(load, queue.servers) * queue.handling / (queue.servers - load) * queue.stretch


def waiting_longer(queue: Queue, load: float, than: float) -> float:
    r"""Share of work that waits longer than a time.

    .. math:: P(W > t) = C \, e^{-t C / W_q}

    Exact for M/M/c. For other queues the wait of what must wait is taken as exponential with the mean of Allen and
    Cunneen, which is its heavy-traffic limit (Kingman, 1962).

    >>> queue = Queue(55, handling=240.0)
    >>> round(1 - waiting_longer(queue, 48, than=20.0), 4)
    0.8668
    """
    if than < 0:
        raise ValueError(f"a time is never negative, got {than}")
    must_wait = erlang_c(load, queue.servers)
    if load >= queue.servers:
        return 1.0
    mean = mean_wait(queue, load)
    if mean == 0.0:
        return must_wait if than == 0.0 else 0.0
    return must_wait * exp(-than * must_wait / mean)


def servers_for(load: float, handling: float, share: float, within: float, like: Queue | None = None) -> int:
    """Fewest people so that at least a share of the work starts within a time.

    load: erlang. handling, within: one unit of time. share: in [0, 1). like: a queue whose variability is taken.

    Raises ValueError for a share of 1 or more (no number of people promises every one), or beyond 100,000 people.
    """
    _promise(share)
    if load < 0:
        raise ValueError(f"a load is never negative, got {load}")
    base = like or Queue(1, handling)

    def keeps(people: int) -> bool:
        queue = Queue(people, handling, base.arrival_variability, base.work_variability)
        return 1.0 - waiting_longer(queue, load, within) >= share

    return fewest(keeps, load)


def fewest(keeps: Callable[[int], bool], load: float) -> int:
    """Fewest people above a load (erlang) who keep a promise, which more people keep too: found by halving.

    Raises ValueError beyond 100,000 people.
    """
    low = int(min(load, MOST_SERVERS))
    if low >= MOST_SERVERS or not keeps(MOST_SERVERS):
        raise ValueError(f"more than {MOST_SERVERS:,} people")
    step = 1
    while low + step < MOST_SERVERS and not keeps(low + step):
        low, step = low + step, 2 * step
    high = min(low + step, MOST_SERVERS)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if keeps(middle) else (middle, high)
    return high


def load_within(queue: Queue, share: float, within: float) -> float:
    """Largest load, in erlang, at which at least a share of the work starts within a time; to 1e-9, from below.

    The waiting grows with the load, so it is found by halving.

    Raises ValueError for a share outside [0, 1).
    """
    _promise(share)
    low, high = 0.0, float(queue.servers)
    while high - low > 1e-9 * queue.servers:
        middle = (low + high) / 2.0
        if 1.0 - waiting_longer(queue, middle, within) >= share:
            low = middle
        else:
            high = middle
    return low


def _promise(share: float) -> None:
    if not 0.0 <= share < 1.0:
        raise ValueError(f"a promise is a share from 0 to below 1, got {share}")
