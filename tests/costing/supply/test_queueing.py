"""Waiting in queues: Erlang's formulas, Allen and Cunneen's approximation, and how many people a promise takes."""

from __future__ import annotations

import heapq

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocate.costing.supply.queueing import (
    Queue,
    erlang_b,
    erlang_c,
    load_within,
    mean_wait,
    servers_for,
    waiting_longer,
)

CALLS = Queue(55, handling=240.0)
"""Published worked example: 360 calls per half hour of 240 s each are 48 erlang for 55 people."""


def test_published_waiting_of_a_call_centre() -> None:
    """48 erlang on 55 people: P(wait) 0.2387, 84.59 % within 15 s, 86.68 % within 20 s, 8.18 s on average."""
    assert erlang_c(48.0, 55) == pytest.approx(0.2387, abs=5e-5)
    assert 1 - waiting_longer(CALLS, 48.0, 15.0) == pytest.approx(0.8459, abs=5e-5)
    assert 1 - waiting_longer(CALLS, 48.0, 20.0) == pytest.approx(0.8668, abs=5e-5)
    assert mean_wait(CALLS, 48.0) == pytest.approx(8.18, abs=5e-3)


@given(st.floats(0.01, 30.0), st.integers(1, 40))
def test_blocking_is_erlangs_quotient(load: float, servers: int) -> None:
    """The recursion gives the first Erlang formula, the last term of a truncated Poisson distribution."""
    terms = np.cumprod(np.concatenate([[1.0], load / np.arange(1, servers + 1)]))
    assert erlang_b(load, servers) == pytest.approx(terms[-1] / terms.sum(), rel=1e-9)


@given(st.floats(0.01, 0.99))
def test_one_person_waits_as_in_the_textbook(busy: float) -> None:
    """With one person work waits as often as the person is busy, and rho/(1 - rho) handling times on average."""
    assert erlang_c(busy, 1) == pytest.approx(busy, rel=1e-9)
    assert mean_wait(Queue(1, 3.0), busy) == pytest.approx(3.0 * busy / (1 - busy), rel=1e-9)


@given(st.floats(0.01, 0.99), st.floats(0.0, 4.0))
def test_one_person_with_any_handling_times_is_exact(busy: float, variability: float) -> None:
    """For one person and arrivals at random Allen and Cunneen's wait is Pollaczek and Khinchine's, which is exact."""
    queue = Queue(1, 2.0, work_variability=variability)
    assert mean_wait(queue, busy) == pytest.approx(busy * 2.0 * (1 + variability) / (2 * (1 - busy)), rel=1e-9)


@given(st.integers(1, 30), st.floats(0.05, 1.2), st.floats(0.0, 5.0))
def test_more_people_never_wait_longer(servers: int, busy: float, than: float) -> None:
    """At one load, another person never makes more work wait longer than a time."""
    load = busy * servers
    fewer, more = Queue(servers, 1.0), Queue(servers + 1, 1.0)
    assert waiting_longer(more, load, than) <= waiting_longer(fewer, load, than) + 1e-12
    assert erlang_c(load, servers + 1) <= erlang_c(load, servers) + 1e-12


@given(st.integers(1, 40), st.floats(0.1, 0.99), st.floats(0.0, 3.0), st.floats(0.0, 3.0), st.floats(0.0, 3.0))
def test_the_load_a_group_carries_keeps_the_promise(
    servers: int, share: float, within: float, arrivals: float, work: float
) -> None:
    """At the load found the promise is kept, a little more breaks it, and another person carries more."""
    queue = Queue(servers, 1.0, arrivals, work)
    most = load_within(queue, share, within)
    assert most == 0.0 or 1 - waiting_longer(queue, most, within) >= share
    beyond = most + 1e-6 * servers
    assert beyond >= servers or 1 - waiting_longer(queue, beyond, within) < share
    assert load_within(Queue(servers + 1, 1.0, arrivals, work), share, within) >= most - 1e-8 * servers


@pytest.mark.parametrize(("load", "share", "within"), [(48.0, 0.80, 20.0), (3.5, 0.95, 60.0), (0.2, 0.9, 0.0)])
def test_fewest_people_for_a_promise(load: float, share: float, within: float) -> None:
    """The group found keeps the promise and one person fewer does not."""
    people = servers_for(load, 240.0, share, within)
    assert 1 - waiting_longer(Queue(people, 240.0), load, within) >= share
    fewer = people - 1
    assert fewer <= load or 1 - waiting_longer(Queue(fewer, 240.0), load, within) < share


def simulated(servers: int, load: float, work: np.ndarray, seed: int) -> np.ndarray:
    """Waits of work that arrives at random and is taken in order; a discrete-event run, its first tenth left out."""
    random = np.random.default_rng(seed)
    arrivals = np.cumsum(random.exponential(1.0 / load, len(work)))
    free = [0.0] * servers
    waits = np.empty(len(work))
    for position, (arrives, takes) in enumerate(zip(arrivals.tolist(), work.tolist(), strict=True)):
        begins = max(arrives, heapq.heappop(free))
        waits[position] = begins - arrives
        heapq.heappush(free, begins + takes)
    return waits[len(work) // 10 :]


def test_a_simulated_queue_waits_as_the_formulas_say() -> None:
    """Twenty simulated M/M/4 queues agree in P(wait), P(wait > 0.5) and mean wait within three standard errors."""
    servers, load, queue = 4, 3.0, Queue(4, 1.0)
    runs = [
        simulated(servers, load, np.random.default_rng(500 + seed).exponential(1.0, 8_000), seed) for seed in range(20)
    ]
    for measure, expected in (
        (lambda waits: np.mean(waits > 0), erlang_c(load, servers)),
        (lambda waits: np.mean(waits > 0.5), waiting_longer(queue, load, 0.5)),
        (np.mean, mean_wait(queue, load)),
    ):
        seen = np.array([measure(waits) for waits in runs])
        assert abs(seen.mean() - expected) < 3 * seen.std(ddof=1) / np.sqrt(len(seen))


@pytest.mark.parametrize("variability", [0.25, 2.0])
def test_one_simulated_person_with_uneven_work_waits_as_allen_and_cunneen_say(variability: float) -> None:
    """Where their formula is exact (one person, arrivals at random) simulated waits agree within three standard errors."""
    work = [np.random.default_rng(700 + seed).gamma(1 / variability, variability, 8_000) for seed in range(20)]
    seen = np.array([simulated(1, 0.6, one, 40 + seed).mean() for seed, one in enumerate(work)])
    expected = mean_wait(Queue(1, 1.0, work_variability=variability), 0.6)
    assert abs(seen.mean() - expected) < 3 * seen.std(ddof=1) / np.sqrt(len(seen))


def test_equal_handling_times_wait_about_half_as_long() -> None:
    """For equal handling times the approximation halves the wait; a simulated M/D/4 queue lies within ten per cent."""
    runs = [simulated(4, 3.2, np.ones(8_000), 900 + seed).mean() for seed in range(20)]
    expected = mean_wait(Queue(4, 1.0, work_variability=0.0), 3.2)
    assert expected == pytest.approx(mean_wait(Queue(4, 1.0), 3.2) / 2)
    assert np.mean(runs) == pytest.approx(expected, rel=0.10)


def test_an_overloaded_queue_never_ends() -> None:
    """At a load of as many erlang as there are people everything waits, for ever."""
    assert erlang_c(5.0, 5) == 1.0
    assert mean_wait(Queue(5, 1.0), 5.0) == float("inf")
    assert waiting_longer(Queue(5, 1.0), 6.0, 1e9) == 1.0


def test_promises_nobody_can_keep() -> None:
    """A promise for every piece of work, and groups or times that cannot be, are refused."""
    with pytest.raises(ValueError, match="below 1"):
        servers_for(3.0, 1.0, 1.0, 1.0)
    with pytest.raises(ValueError, match="one person"):
        Queue(0, 1.0)
    with pytest.raises(ValueError, match="above zero"):
        Queue(1, 0.0)
