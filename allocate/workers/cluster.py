"""A Dask cluster as an executor; Dask itself does the work of lost workers again, and gives it up in the end."""

from __future__ import annotations

import contextlib
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar

from distributed import Client

from allocate.workers.workforce import FACTOR, PATIENCE, WorkerLostError, Workforce

P = ParamSpec("P")
T = TypeVar("T")

LEAVING = 15.0
"""Seconds that restarting a worker may take, and is waited for when everything else is done."""
ABSENT = 120.0
"""Seconds that work may wait without any worker, at least, before it ends with an error."""


@dataclass(eq=False)
class _Job:
    """A call to make, and where its result goes; who was asked for it last, since when, and workers restarted over it."""

    fn: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    future: Future[Any] = field(default_factory=Future)
    given: Future[Any] = field(default_factory=Future)
    holder: str | None = None
    """Address of the worker that has it."""
    since: float = 0.0
    lost: int = 0


class Cluster(Workforce):
    """The workers a Dask scheduler has, however they come and go; those that do not respond are restarted."""

    def __init__(self, client: Client, patience: float = PATIENCE) -> None:
        super().__init__(patience)
        self._client, self._executor = client, client.get_executor(pure=False)
        self._jobs: dict[str, _Job] = {}
        self._leaving: dict[str, threading.Thread] = {}
        self._signs: dict[str, tuple[float, float]] = {}
        self._there = time.monotonic()  # when there was a worker last
        self._over = threading.Event()
        threading.Thread(target=self._watch, name="cluster", daemon=True).start()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have any worker call a function."""
        job = _Job(fn, args, kwargs)
        self._give(job)
        return job.future

    def end_early(self) -> None:
        """Nothing: Dask has no way to tell."""

    def stop(self) -> None:
        """Call off everything at once; workers that are being restarted are waited for."""
        self._over.set()
        self._executor.shutdown(wait=False)
        for thread in self._leaving.values():
            thread.join(LEAVING)

    def _give(self, job: _Job, **where: Any) -> None:
        key = f"{job.fn.__name__}-{uuid.uuid4().hex}"
        job.holder, job.since, self._jobs[key] = None, time.monotonic(), job
        job.given = self._executor.submit(job.fn, *job.args, key=key, **job.kwargs, **where)
        job.given.add_done_callback(lambda given: self._answered(key, job, given))

    def _answered(self, key: str, job: _Job, given: Future[Any]) -> None:
        """Who answers first counts, where work was given to more than one."""
        self._jobs.pop(key, None)
        if given.cancelled():
            job.future.cancel()
        if job.future.done() or not job.future.set_running_or_notify_cancel():
            return
        if (error := given.exception()) is not None:
            job.future.set_exception(error)
        else:
            self.took(job.fn, time.monotonic() - job.since)
            job.future.set_result(given.result())

    def _watch(self) -> None:
        while not self._over.wait(self.beat):
            # A scheduler that does not answer, or is gone, is found by the work itself.
            with contextlib.suppress(Exception):
                held = self._client.processing()
                workers = self._client.scheduler_info(n_workers=-1)["workers"]
                self._look(
                    {str(key): address for address, keys in held.items() for key in keys},
                    {address: float(worker["last_seen"]) for address, worker in workers.items()},
                )

    def _look(self, holders: dict[str, str], seen: dict[str, float]) -> None:
        """Give work again that is over its time, or whose worker gives the scheduler no sign of life."""
        now, before = time.monotonic(), self._signs
        self._there = now if seen or not self._jobs else self._there
        if now - self._there > max(ABSENT, FACTOR * self.patience):
            self._give_up(f"the cluster has had no worker for {now - self._there:.0f} seconds")
        # Seconds are counted by our clock, whatever the scheduler's says.
        self._signs = {
            one: before[one] if before.get(one, (0.0,))[0] == sign else (sign, now) for one, sign in seen.items()
        }
        silent = {one for one, (_, since) in self._signs.items() if now - since > self.patience}
        for key, job in list(self._jobs.items()):
            if job.future.done():
                job.given.cancel()
            elif holders.get(key) != job.holder:
                job.holder, job.since = holders.get(key), now
            elif job.holder is None:
                continue
            elif job.holder in silent or now - job.since > self.allowed(job.fn, job.lost):
                self._restart(job.holder)
                del self._jobs[key]
                job.lost += 1
                others = [one for one in seen if not (one in silent or self._is_leaving(one))]
                # Others are preferred, not demanded: they may be gone when the work's turn comes.
                self._give(job, **({"workers": others, "allow_other_workers": True} if others else {}))

    def _give_up(self, why: str) -> None:
        """End all work with an error; some of it may be answered at this moment."""
        for job in list(self._jobs.values()):
            with contextlib.suppress(InvalidStateError):
                job.future.set_exception(WorkerLostError(why))
            job.given.cancel()

    def _restart(self, address: str) -> None:
        """Have a worker started again: it has some seconds to leave by itself, for which nobody else shall wait."""

        def restart() -> None:
            with contextlib.suppress(Exception):
                try:
                    self._client.restart_workers([address], timeout=LEAVING)
                except ValueError:  # nobody watches over this worker who could start it again
                    self._client.retire_workers([address], close_workers=True)

        if not self._is_leaving(address):
            self.replaced += 1
            self._leaving[address] = threading.Thread(target=restart, daemon=True)
            self._leaving[address].start()

    def _is_leaving(self, address: str) -> bool:
        return address in self._leaving and self._leaving[address].is_alive()
