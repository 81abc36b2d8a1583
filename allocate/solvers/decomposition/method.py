"""Price-directed decomposition, from a program to its outcome."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from allocate.certificate.bound_propagation import boxes
from allocate.program.arrays import Floats, frozen, maximised
from allocate.program.partition import AXIS
from allocate.solvers.branching.merged_periods import first_plan
from allocate.solvers.decomposition.answers import Answers, here, shared
from allocate.solvers.decomposition.blocks import Parts, bounded, cut
from allocate.solvers.decomposition.column_generation import State, search
from allocate.solvers.decomposition.engagement import method as engagement
from allocate.solvers.decomposition.local_search import swap, swaps
from allocate.solvers.decomposition.plans import Planner
from allocate.solvers.decomposition.pricing import Pricing
from allocate.solvers.decomposition.restricted_lp import Rest
from allocate.solvers.engine import Engine, check_numbers
from allocate.solvers.facility_location import method as facility_location
from allocate.solvers.goals import in_order, outcome_of
from allocate.solvers.lexicographic_objectives import Hold
from allocate.solvers.outcome import Limit, Outcome, Status, gap_of
from allocate.solvers.primal_heuristic import THRESHOLDS, rounded
from allocate.solvers.search import Clock, Found, Start, evident
from allocate.solvers.search import search as search_plainly
from allocate.solvers.task import Task
from allocate.solvers.watch import Watch
from allocate.tolerances import LEFT_OUT, PROVEN
from allocate.workers.executors import InProcess

LARGE = 100_000
"""Coefficients from which prices lead to good plans sooner than one search over the whole program."""
MANY = 8
"""Least number of blocks for which that was measured."""
SHARES = ((0.4, 0.65), (0.8, 1.0))
"""Parts of a time limit up to which prices are sought, then plans bettered; and again."""
LOOKS = (1, 3, 6, 10, 15, 22, 32, 48, 70, 100, 140, 190)
"""Rounds after which a plan is made of the mixture, and bettered by so many swaps at most."""
SWAPS = 30
FIRST = 0.2
"""Share of the time left for a first plan where rounding the relaxation gives none and prices alone prove nothing."""
UNLIMITED = 2**31 - 1
"""HiGHS's own number of plans after which it stops."""
AGAIN, MOST_AGAIN = 2.0, 0.05
"""Time kept for the last solve with all whole numbers held: so many times the first one's, at most a part of the limit."""
SAID = {
    None: "",
    Limit.GAP: "the gap asked for was reached",
    Limit.TIME: "the time limit was reached",
    Limit.INTERRUPT: "interrupted",
}


def unfit(task: Task) -> str | None:
    """Why an integer program cannot be decomposed, None where it can."""
    if _products(task) < 2 and facility_location.suits(task) is None and engagement.suits(task) is None:
        return f"the program does not fall into parts: fewer than two values of {AXIS}"
    return None


def suits(task: Task) -> str | None:
    """Why decomposition is the method of choice, None where it is not."""
    if (engaged := _engaged(task)) is not None:
        return engaged
    if _of_products(task):
        count = _products(task)
        return f"an integer program of {task.arrays.column_count:,} columns in {count} products that share few limits"
    return facility_location.suits(task)


def _engaged(task: Task) -> str | None:
    """Why tables of vendor sets are the way, None where they are not; choices that open most columns have a way of their own."""
    return engagement.suits(task) if facility_location.suits(task) is None else None


def _products(task: Task) -> int:
    groups = task.structure.columns.axis(AXIS)
    return len(np.unique(groups[groups >= 0]))


def _of_products(task: Task) -> bool:
    """Whether a program is large and its whole numbers are mostly those of single products."""
    groups, whole = task.structure.columns.axis(AXIS), task.arrays.integer
    if task.arrays.nonzeros < LARGE or 2 * int((groups[whole] >= 0).sum()) < int(whole.sum()):
        return False
    return _products(task) >= MANY


def solve(task: Task) -> Outcome:
    """The outcome of an integer program, sought by the prices of what its products share.

    Raises ValueError for numbers no solver can take, and for a gap or limit that makes no sense.
    """
    if task.gap is not None and not task.gap >= 0:
        raise ValueError(f"the gap must be 0 or more, got {task.gap}")
    clock, arrays = Clock(task.time_limit), task.arrays
    decomposition = Decomposition(task, clock)
    engine = decomposition.engine
    check_numbers(arrays)
    known = evident(arrays)
    if known is not None:
        return outcome_of(arrays, in_order(known, (), None, clock), clock, engine.name)
    if engagement.goes_on(task) or _engaged(task) is not None:
        return engagement.solve(task, decomposition.gap, engine, clock)
    if not _of_products(task) and facility_location.suits(task) is not None:
        return facility_location.solve(task, decomposition.gap, engine, clock)
    first: Found = engine.watch.run(decomposition.found)
    reach = Hold(engine, arrays, first, clock).reach if task.goals and first.finished else None
    outcome = outcome_of(arrays, in_order(first, task.goals, reach, clock), clock, engine.name)
    return replace(outcome, shared_prices=decomposition.prices)


class Decomposition:
    """One search; where goals follow, it ends with the engine holding the program."""

    def __init__(self, task: Task, clock: Clock) -> None:
        self.task, self.clock = task, clock
        watch = Watch(task.cancel, None if task.progress is None else self._report)
        self.engine = Engine(watch, {"mip_rel_gap": PROVEN if task.gap is None else task.gap})
        self.arrays = task.arrays
        self.gap = PROVEN if task.gap is None else max(task.gap, PROVEN)
        self.sign = 1.0 if task.arrays.maximise else -1.0
        self.bound = np.inf
        self.prices: Floats | None = None
        """Of all rows, in the program's own sense: those the bound comes from."""
        self.planner: Planner | None = None
        self.ended = False
        """Whether the search for the program's own objective is over; what the watch sees then belongs to later goals."""

    def found(self) -> Found:
        """The best plan, with the bound of the best prices."""
        program = maximised(self.arrays)
        rest = Rest(program, self.task.structure, self.engine.watch, self.clock)
        if not self._over():
            parts = cut(program, self.task.structure.columns.axis(AXIS))
            self.planner = planner = Planner(Pricing(parts, self._answers()), rest, self.engine.watch, self.clock)
            if rest.guess is not None:
                if "used" in self.task.structure.columns.blocks:
                    # Rounding leaves whole vendors without a plan, and the linear program takes a minute to say so.
                    known = self.task.start
                    planner.begin(first_plan(program, self.task.structure, self.engine.watch, self.clock, known))
                if planner.best is None:
                    planner.first(rounded(program, rest.guess, THRESHOLDS[0]), soon=True)
                self._kept(planner)
                self._first_bound(planner)
            relaxed = rest.relaxed() if not self._over() else None
            if relaxed is not None and relaxed.values is not None and relaxed.row_duals is not None:
                self._by_prices(planner, relaxed.values, relaxed.row_duals)
        found = self._finished()
        self.ended = True
        return found

    def _first(self, planner: Planner, relaxed: Floats) -> None:
        """A first plan near the relaxed one."""
        for threshold in THRESHOLDS:
            if planner.best is None:
                planner.first(rounded(planner.arrays, relaxed, threshold))
        if planner.best is None and planner.pricing.parts.endless:
            self._any_plan(planner)
        self._kept(planner)

    def _kept(self, planner: Planner) -> None:
        """From the first plan on part of the time limit is kept for what must follow, and what has no end is ended."""
        parts = planner.pricing.parts
        if planner.best is None:
            return
        finishing = min(AGAIN * planner.took, MOST_AGAIN * (self.clock.limit or 0.0))
        self.clock.kept = self.task.closing + finishing
        if parts.endless:
            planner.pricing = Pricing(_ended(parts, planner.objective), self._answers())
        self._tell()

    def _first_bound(self, planner: Planner) -> None:
        """What the prices of the first plan prove, before better ones are sought."""
        best, pricing = planner.best, planner.pricing
        if best is not None and best.row_duals is not None and not self._over():
            asked = pricing.round(best.row_duals[pricing.parts.linking])
            self._note(asked.bound, asked.prices, pricing.parts)

    def _by_prices(self, planner: Planner, relaxed: Floats, duals: Floats) -> None:
        if planner.best is None:
            self._first(planner, relaxed)
        parts = planner.pricing.parts
        states, last = search(planner.pricing, duals[parts.linking], self.engine.watch), None
        for for_prices, for_swaps in SHARES:
            before = last
            for last in states:
                self._note(last.bound, last.prices, parts)
                if last.number in LOOKS or last.found:
                    planner.from_mixture(last)
                    self._better(planner, last, for_prices, SWAPS)
                if self._over(for_prices):
                    break
            if last is None or last is before or self._over():
                break
            planner.from_mixture(last)
            self._better(planner, last, for_swaps)

    def _any_plan(self, planner: Planner) -> None:
        """The first plan a search over the whole program comes to: without one nothing ends what has no end."""
        self.engine.load(self.arrays)
        self.engine.option("mip_max_improving_sols", 1)
        seconds = self.clock.left
        run = self.engine.run(None if seconds is None else FIRST * seconds)
        self.engine.option("mip_max_improving_sols", UNLIMITED)
        if run.values is not None:
            planner.first(np.round(run.values[planner.ids]))

    def _answers(self) -> Answers:
        """Who answers for the blocks: this process, or the workers of the task."""

        def stopped() -> bool:
            return self.engine.watch.stopped or self.clock.left == 0.0

        executor = self.task.executor
        return here(stopped) if executor is None or isinstance(executor, InProcess) else shared(executor, stopped)

    def _better(self, planner: Planner, state: State, share: float, most: int | None = None) -> None:
        """Swap whole numbers of single blocks, at most so many times: then only for those they were seen with."""

        def stop() -> bool:
            self._tell()
            return self._over(share)

        if planner.best is not None and not stop():
            swap(planner, swaps(planner, state, most is None, stop), stop, most)
            self._tell()

    def _note(self, bound: float, shared: Floats, parts: Parts) -> None:
        """Keep a bound and the prices it comes from where it is better; some prices in any case."""
        if self.prices is None or bound < self.bound:
            prices = np.zeros(parts.arrays.row_count)
            prices[parts.linking] = self.sign * shared
            self.bound, self.prices = min(self.bound, bound), frozen(prices)
        self._tell()

    def _tell(self) -> None:
        watch, planner = self.engine.watch, self.planner
        watch.bound = self.sign * self.bound if np.isfinite(self.bound) else None
        watch.best = self.sign * planner.objective if planner is not None and planner.best is not None else None

    def _report(self, seconds: float, best: float | None, bound: float | None) -> None:
        """Tell how far the search is; of the plans and bounds known the best."""
        assert self.task.progress is not None
        if not self.ended and np.isfinite(self.bound):
            bound = self.sign * min(self.bound, np.inf if bound is None else self.sign * bound)
        if not self.ended and self.planner is not None and self.planner.best is not None:
            best = self.sign * max(self.planner.objective, -np.inf if best is None else self.sign * best)
        self.task.progress(seconds, best, bound)

    def _over(self, share: float = 1.0) -> bool:
        """Whether to stop: asked to, out of this share of the time, or near enough."""
        clock, planner = self.clock, self.planner
        spent = clock.limit is not None and clock.spent >= share * (clock.limit - clock.kept)
        if self.engine.watch.stopped or spent:
            return True
        return planner is not None and planner.best is not None and self._gap(planner.objective) <= self.gap

    def _gap(self, objective: float) -> float:
        return np.inf if not np.isfinite(self.bound) else gap_of(objective, self.bound) or 0.0

    def _finished(self) -> Found:
        """What was found; where that is not near enough and time is left, a plain search goes on from there."""
        start, ended = self._best(), Limit.INTERRUPT if self.engine.watch.stopped else Limit.TIME
        if start is None and self._over():
            bound = self.sign * self.bound if np.isfinite(self.bound) else None
            return Found(Status.STOPPED, ended, bound=bound, message=SAID[ended])
        if start is None:
            self.engine.load(self.arrays)
            return self._with_bound(search_plainly(self.engine, self.arrays, self.clock))
        objective, goes_on = self.sign * self.arrays.objective(start.values), not self._over()
        gap = self._gap(objective)
        if goes_on or (self.task.goals and gap <= self.gap):
            self.engine.load(self.arrays)
            self.engine.start_from(start.values)
        if goes_on and gap > self.gap:
            return self._with_bound(search_plainly(self.engine, self.arrays, self.clock, start))
        limit = None
        if gap > PROVEN:
            limit = Limit.GAP if gap <= self.gap else ended
        status = Status.OPTIMAL if limit is None else Status.FEASIBLE
        duals, reduced = start.row_duals, start.reduced_costs
        return Found(status, limit, self.sign * objective, start.bound, start.values, duals, reduced, SAID[limit])

    def _best(self) -> Start | None:
        """The best plan, with the duals of the linear program its whole numbers leave, in the program's own sense."""
        planner = self.planner
        if planner is None or planner.best is None:
            return None
        if planner.best.row_duals is None and not self.engine.watch.stopped:
            planner.finish(self.clock.keeping(self.task.closing))
        best, bound = planner.best, self.sign * self.bound if np.isfinite(self.bound) else None
        duals = None if best.row_duals is None else self.sign * best.row_duals + 0.0
        reduced = None if best.reduced_costs is None else self.sign * best.reduced_costs + 0.0
        return Start(best.values, duals, reduced, bound)

    def _with_bound(self, found: Found) -> Found:
        """The end of a plain search, with the better of both bounds."""
        if found.bound is None or not np.isfinite(self.bound) or found.status is Status.OPTIMAL:
            return found
        return replace(found, bound=self.sign * min(self.sign * found.bound, self.bound))


def _ended(parts: Parts, objective: float) -> Parts:
    """The parts without plans that are worse than one at hand: that ends what would go on without end."""
    worst = objective - LEFT_OUT * max(1.0, abs(objective))
    return bounded(parts, *boxes(parts.arrays, worst))
