"""A Dask cluster as an executor that knows its workers; the work of those that die is done again by Dask itself."""

from __future__ import annotations

import contextlib
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from distributed import Client

from allocate.workers.workforce import PATIENCE, Workforce

P = ParamSpec("P")
T = TypeVar("T")

FRESH = 0.5
"""Seconds for which what the scheduler said about its workers is believed."""
LEAVING = 15.0
"""Seconds that replacing a worker may take, and is waited for when everything else is done."""


class Cluster(Workforce):
    """The workers a Dask scheduler has, however they come and go."""

    def __init__(self, client: Client, patience: float = PATIENCE) -> None:
        self._client, self._patience = client, patience
        self._executor = client.get_executor(pure=False)
        self._keys: WeakKeyDictionary[Future[Any], str] = WeakKeyDictionary()
        self._holders: dict[str, str] = {}
        self._signs: dict[str, tuple[float, float]] = {}
        self._looked = -float("inf")
        self._leaving: dict[str, threading.Thread] = {}
        self._lost = 0

    @property
    def replaced(self) -> int:
        """Workers that became unresponsive so far; of those that died only Dask knows."""
        return self._lost

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have any worker call a function."""
        return self._submit(partial(fn, *args, **kwargs), fn.__name__)

    def submit_elsewhere(
        self, future: Future[Any], fn: Callable[..., Any], /, *args: Any, **kwargs: Any
    ) -> Future[Any]:
        """Have another worker call a function; where there is no other, the one that has this future's work is replaced."""
        self._look()
        avoided = {self._holder(future), *(one for one, thread in self._leaving.items() if thread.is_alive())}
        others = [address for address in self._signs if address not in avoided and not self._is_silent(address)]
        if not others:
            self.replace(future)
        # Others are preferred, not demanded: they may be gone when the work's turn comes.
        where = {"workers": others, "allow_other_workers": True} if others else {}
        return self._submit(partial(fn, *args, **kwargs), fn.__name__, **where)

    def replace(self, future: Future[Any]) -> None:
        """Have the worker that has this future's work begun again."""
        address = self._holder(future)
        if address is None or (address in self._leaving and self._leaving[address].is_alive()):
            return
        self._lost += 1
        # A worker that hangs is given some seconds to leave by itself, for which nobody else shall wait.
        leaving = threading.Thread(target=self._restart, args=(address,), daemon=True)
        leaving.start()
        self._leaving[address] = leaving

    def has_begun(self, future: Future[Any]) -> bool:
        """Whether the scheduler has given the work to a worker."""
        self._look()
        return self._holder(future) is not None

    def silent(self, future: Future[Any]) -> bool:
        """Whether who has the work of this future has given the scheduler no sign of life for too long."""
        self._look()
        address = self._holder(future)
        return address is not None and self._is_silent(address)

    def end_early(self) -> None:
        """Nothing: Dask has no way to tell."""

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more work."""
        self._executor.shutdown(wait and not cancel_futures)

    def stop(self) -> None:
        """Call off everything at once; workers that are being replaced are waited for."""
        self._executor.shutdown(wait=False)
        for thread in list(self._leaving.values()):
            thread.join(LEAVING)

    def _submit(self, call: Callable[[], Any], name: str, **where: Any) -> Future[Any]:
        key = f"{name}-{uuid.uuid4().hex}"
        future: Future[Any] = self._executor.submit(call, key=key, **where)
        self._keys[future] = key
        return future

    def _holder(self, future: Future[Any]) -> str | None:
        """The address of who had the work of this future when last looked."""
        return self._holders.get(self._keys.get(future, ""))

    def _is_silent(self, address: str) -> bool:
        return address in self._signs and self._looked - self._signs[address][1] > self._patience

    def _look(self) -> None:
        """Ask the scheduler who has what, and for each worker's last sign of life; seconds are counted by our clock."""
        now = time.monotonic()
        if now - self._looked < FRESH:
            return
        self._looked = now
        # A scheduler that does not answer, or is gone, is found by the work itself.
        with contextlib.suppress(Exception):
            held = self._client.processing()
            workers = self._client.scheduler_info(n_workers=-1)["workers"]
            before = self._signs
            seen = {address: float(worker["last_seen"]) for address, worker in workers.items()}
            self._holders = {str(key): address for address, keys in held.items() for key in keys}
            self._signs = {
                address: before[address] if address in before and before[address][0] == sign else (sign, now)
                for address, sign in seen.items()
            }

    def _restart(self, address: str) -> None:
        with contextlib.suppress(Exception):
            try:
                self._client.restart_workers([address], timeout=LEAVING)
            except ValueError:  # nobody watches over this worker who could begin it again
                self._client.retire_workers([address], close_workers=True)
