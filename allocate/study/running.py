"""Doing the jobs of a study on an executor, and keeping what is done when it ends early."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Executor, Future, as_completed, wait
from dataclasses import dataclass

from allocate.study.figures import Figures
from allocate.study.points import Done, Job, run_job
from allocate.workers.executors import InProcess, WhereItPays, cores
from allocate.workers.executors import executor as several
from allocate.workers.processes import told_to_end
from allocate.workers.workforce import Workforce

LONG = 1.0
"""Seconds a point takes from which other processes are worth starting for the rest."""
GRACE = 5.0
"""Seconds within which workers that are told to end hand over what they have; those that are unresponsive never do."""
Progress = Callable[[int, int], None]
"""Called with the number of points done and of all points."""


class StudyError(RuntimeError):
    """A worker broke down; the points done before are kept in ``results``."""

    def __init__(self, message: str, results: Results) -> None:
        super().__init__(message)
        self.results = results


@dataclass(frozen=True)
class Results:
    """Figures of each job's points, None where they were not done; whole unless the study ended early."""

    of_jobs: tuple[tuple[Figures | None, ...], ...]
    whole: bool

    @property
    def flat(self) -> list[Figures | None]:
        """The figures of all points, job by job."""
        return [one for job in self.of_jobs for one in job]


def do(job: Job) -> Done:
    """Do a job in a worker, wherever that is."""
    return run_job(job, told_to_end())


def run(jobs: Sequence[Job], executor: Executor | None = None, progress: Progress | None = None) -> Results:
    """Do jobs; the results are in their order, and the same whichever executor does them.

    A job over its time is done again by another worker (`allocate.workers.workforce`). Ctrl-C ends the study with what is done. Raises StudyError where a worker fails, with what is done.
    """
    counter = _Counter(sum(len(job.points) for job in jobs), progress)
    if executor is None or isinstance(executor, InProcess):
        return _here(jobs, counter, LONG if isinstance(executor, WhereItPays) and cores() > 1 else None)
    return _elsewhere(jobs, executor, counter)


class _Counter:
    def __init__(self, total: int, progress: Progress | None) -> None:
        self.done, self.total, self.progress = 0, total, progress
        self.add(0)

    def add(self, count: int = 1) -> None:
        self.done += count
        if self.progress is not None:
            self.progress(self.done, self.total)


def _here(jobs: Sequence[Job], counter: _Counter, long: float | None) -> Results:
    """The same in this process. long: seconds a point may take before all cores do the jobs that are left; None: never."""
    pool = InProcess()
    done: list[Done | None] = []
    for job in jobs:
        began = time.monotonic()
        one = pool.submit(run_job, job, told=counter.add).result()
        done.append(one)
        if not one.whole:
            break
        left = jobs[len(done) :]
        if long is not None and len(left) > 1 and time.monotonic() - began > long * len(job.points):
            with several(min(cores(), len(left))) as others:
                return _elsewhere(jobs, others, counter, done)
    return _results(jobs, [*done, *[None] * (len(jobs) - len(done))])


def _elsewhere(
    every: Sequence[Job], executor: Executor, counter: _Counter, before: Sequence[Done | None] = ()
) -> Results:
    """The same by an executor; before: what became of the first of them."""
    jobs = every[len(before) :]
    futures = [executor.submit(do, job) for job in jobs]
    number = {future: position for position, future in enumerate(futures)}
    failed: BaseException | None = None
    try:
        for future in as_completed(futures):
            failed = failed or future.exception()
            if failed is not None:
                break
            counter.add(len(jobs[number[future]].points))
    except KeyboardInterrupt:
        pass
    if any(not future.done() for future in futures):
        _end(executor, futures)
    results = _results(every, [*before, *(_done(future) for future in futures)])
    if failed is not None:
        raise StudyError(f"a worker failed: {type(failed).__name__}: {failed}", results)
    return results


def _end(executor: Executor, futures: Sequence[Future[Done]]) -> None:
    """Call off what has not begun, and wait for what ends within a moment."""
    for future in futures:
        future.cancel()
    if isinstance(executor, Workforce):
        executor.end_early()
    wait(futures, timeout=GRACE)


def _done(future: Future[Done]) -> Done | None:
    if not future.done() or future.cancelled():
        return None
    try:
        return future.result() if future.exception() is None else None
    except CancelledError:
        return None


def _results(jobs: Sequence[Job], done: Sequence[Done | None]) -> Results:
    of_jobs: list[tuple[Figures | None, ...]] = []
    for job, one in zip(jobs, done, strict=True):
        found = one.figures if one is not None else ()
        of_jobs.append((*found, *[None] * (len(job.points) - len(found))))
    return Results(tuple(of_jobs), all(one is not None and one.whole for one in done))
