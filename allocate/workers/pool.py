"""Worker processes behind the interface of `concurrent.futures`; one that dies or hangs is replaced, its work repeated."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import pickle
import queue
import signal
import socket
import struct
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from typing import Any, ParamSpec, TypeVar

from allocate.workers.workforce import PATIENCE, Workforce

P = ParamSpec("P")
T = TypeVar("T")

BEAT = 1.0
"""Seconds between a worker's signs of life, or a tenth of the patience where that is less."""
STARTING = 30.0
"""Seconds within which a new worker gives its first sign of life, or the patience where that is more."""
TRIES = 3
"""Workers that may be lost over the same work before it is given up."""
_HEAD = struct.Struct("!cQ")
_WORK, _END, _ALIVE, _DONE = b"w", b"e", b"a", b"d"
_ended = threading.Event()
_hiring = threading.Lock()


class WorkerLostError(RuntimeError):
    """One worker after the other died or became unresponsive over the same work."""


def told_to_end() -> threading.Event:
    """In a worker: set when work in hand shall end early with what there is; anywhere else never set."""
    return _ended


@dataclass(eq=False)
class _Work:
    """A call to make, and where its result goes."""

    call: bytes
    future: Future[Any] = field(default_factory=Future)


class Processes(Workforce):
    """Worker processes, begun when there is work for them; they leave Ctrl-C to this one and never outlive it."""

    def __init__(self, workers: int, patience: float = PATIENCE) -> None:
        self._waiting: queue.SimpleQueue[_Work | None] = queue.SimpleQueue()
        self._patience = patience
        self._places = [_Place(self._waiting, patience) for _ in range(workers)]
        self._closed = False
        self._lock = threading.Lock()

    @property
    def replaced(self) -> int:
        """Workers that died or became unresponsive so far."""
        return sum(place.lost for place in self._places)

    @property
    def pids(self) -> list[int]:
        """Process ids of the workers there are."""
        return [pid for place in self._places if (pid := place.pid) is not None]

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have a worker call a function; it may be called again elsewhere where a worker is lost."""
        work = _Work(pickle.dumps((fn, args, kwargs), pickle.HIGHEST_PROTOCOL))
        with self._lock:
            if self._closed:
                raise RuntimeError("the workers were sent home")
            self._waiting.put(work)
            for place in self._places:
                place.open()
        return work.future

    def submit_elsewhere(
        self, future: Future[Any], fn: Callable[..., Any], /, *args: Any, **kwargs: Any
    ) -> Future[Any]:
        """Have one more worker than before, so that whoever has this future's work holds nobody up, and call a function."""
        with self._lock:
            self._places.append(_Place(self._waiting, self._patience))
        return self.submit(fn, *args, **kwargs)

    def replace(self, future: Future[Any]) -> None:
        """End the worker that has this future's work; for whom `submit_elsewhere` has brought another."""
        with self._lock:
            for place in self._places:
                place.leave(future)

    def silent(self, future: Future[Any]) -> bool:
        """Never: a silent worker is replaced, and its work repeated, without being asked for."""
        return False

    def end_early(self) -> None:
        """Tell all workers to end what they do with what there is."""
        for place in self._places:
            place.end_early()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more work; workers go home when what was asked is done, or called off."""
        with self._lock:
            self._closed = True
            if cancel_futures:
                self._call_off()
            for _ in self._places:
                self._waiting.put(None)
        if wait:
            for place in self._places:
                place.join()

    def _call_off(self) -> None:
        """Cancel what no worker has begun."""
        with contextlib.suppress(queue.Empty):
            while True:
                work = self._waiting.get_nowait()
                if work is not None:
                    work.future.cancel()

    def stop(self) -> None:
        """Call off everything at once, in hand or not; no worker is left when this returns."""
        for place in self._places:
            place.stop()
        self.shutdown(cancel_futures=True)


class _Place:
    """A worker, and the next where it is lost; a thread of this process gives it work, one call at a time."""

    def __init__(self, waiting: queue.SimpleQueue[_Work | None], patience: float) -> None:
        self._waiting, self._patience = waiting, patience
        self._thread = threading.Thread(target=self._run, name="worker", daemon=True)
        self._process: BaseProcess | None = None
        self._line: socket.socket | None = None
        self._stopped = False
        self._work: _Work | None = None
        self._unwanted: _Work | None = None
        self.lost = 0

    @property
    def pid(self) -> int | None:
        """Of the worker that is there."""
        process = self._process
        return None if process is None else process.pid

    def open(self) -> None:
        """Begin to take work, if not yet."""
        if not self._thread.ident:
            self._thread.start()

    def join(self) -> None:
        """Wait until the worker has gone home."""
        if self._thread.ident:
            self._thread.join()

    def end_early(self) -> None:
        """Tell the worker so; one that is gone need not be told."""
        if self._line is not None:
            with contextlib.suppress(OSError):
                _send(self._line, _END)

    def leave(self, future: Future[Any]) -> None:
        """End the worker and close the place for good, if it has the work of this future, which nobody waits for."""
        work = self._work
        if work is not None and work.future is future:
            self._unwanted = work
            if self._process is not None:
                self._process.kill()

    def stop(self) -> None:
        """End the worker whatever it does; what it did is given up."""
        self._stopped = True
        if self._process is not None:
            self._process.kill()

    def _run(self) -> None:
        # A process begun here inherits this: Ctrl-C is for the one that hires, from the first moment on.
        if hasattr(signal, "pthread_sigmask"):
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        while (work := self._waiting.get()) is not None:
            if work.future.set_running_or_notify_cancel():
                self._work = work
                self._do(work)
                self._work = None
            if self._unwanted is not None:
                break
        self._dismiss()

    def _do(self, work: _Work) -> None:
        for _ in range(TRIES):
            if self._stopped or self._unwanted is work:
                break
            try:
                line = self._line or self._hire()
                _send(line, _WORK, work.call)
                done, value = pickle.loads(_answer(line))
            except (OSError, EOFError):
                self.lost += not self._stopped
                self._dismiss()
                continue
            if done:
                work.future.set_result(value)
            else:
                work.future.set_exception(value)
            return
        words = (
            "the work was called off"
            if self._stopped
            else f"{TRIES} workers stopped or became unresponsive over the same work"
        )
        work.future.set_exception(WorkerLostError(words))

    def _hire(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        context = multiprocessing.get_context("spawn")
        process = context.Process(
            target=_serve, args=(theirs, min(BEAT, self._patience / 10.0)), name="allocate-worker", daemon=True
        )
        with _hiring:
            process.start()
        theirs.close()
        self._process, self._line = process, ours
        if self._stopped:
            process.kill()
        ours.settimeout(max(STARTING, self._patience))
        _receive(ours)
        # Neither a reply nor a sign of life within this time: the worker hangs.
        ours.settimeout(self._patience)
        return ours

    def _dismiss(self) -> None:
        if self._line is not None:
            self._line.close()
        if self._process is not None:
            self._process.kill()
            self._process.join()
        self._line = self._process = None


def _send(line: socket.socket, kind: bytes, body: bytes = b"") -> None:
    line.sendall(_HEAD.pack(kind, len(body)) + body)


def _receive(line: socket.socket) -> tuple[bytes, bytes]:
    kind, size = _HEAD.unpack(_exactly(line, _HEAD.size))
    return kind, _exactly(line, size)


def _exactly(line: socket.socket, size: int) -> bytes:
    body = bytearray()
    while len(body) < size:
        part = line.recv(min(size - len(body), 1 << 20))
        if not part:
            raise EOFError("the other end is gone")
        body += part
    return bytes(body)


def _answer(line: socket.socket) -> bytes:
    """The reply to what was sent; signs of life before it are passed over."""
    while True:
        kind, body = _receive(line)
        if kind == _DONE:
            return body


def _serve(line: socket.socket, beat: float) -> None:
    """A worker's life: calls one after the other, until the process that started it closes the line or is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    calls: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    speaking = threading.Lock()
    line.settimeout(None)
    threading.Thread(target=_listen, args=(line, calls), daemon=True).start()
    threading.Thread(target=_show_life, args=(line, speaking, beat), daemon=True).start()
    while True:
        reply = _called(calls.get())
        try:
            with speaking:
                _send(line, _DONE, reply)
        except OSError:
            os._exit(0)


def _listen(line: socket.socket, calls: queue.SimpleQueue[bytes]) -> None:
    try:
        while True:
            kind, body = _receive(line)
            if kind == _WORK:
                calls.put(body)
            else:
                _ended.set()
    except (OSError, EOFError):
        # Nobody is left to work for, however far the work is.
        os._exit(0)


def _show_life(line: socket.socket, speaking: threading.Lock, beat: float) -> None:
    pause = threading.Event()
    try:
        while True:
            with speaking:
                _send(line, _ALIVE)
            pause.wait(beat)
    except OSError:
        os._exit(0)


def _called(call: bytes) -> bytes:
    """What a call gives, or the error it ends with."""
    try:
        fn, args, kwargs = pickle.loads(call)
        return pickle.dumps((True, fn(*args, **kwargs)), pickle.HIGHEST_PROTOCOL)
    except Exception as error:
        try:
            return pickle.dumps((False, error), pickle.HIGHEST_PROTOCOL)
        except Exception:
            return pickle.dumps((False, RuntimeError(f"{type(error).__name__}: {error}")), pickle.HIGHEST_PROTOCOL)
