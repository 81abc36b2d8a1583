"""Plans near the optimum of a node: whole numbers settled few by few, then changed one by one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from allocate.program.arrays import Floats, Integers, ProgramArrays, frozen
from allocate.solvers.branching.nodes import OPTIMAL, UNLIMITED, Node, Relaxation
from allocate.solvers.engine import Engine
from allocate.solvers.improvement_heuristic import improved
from allocate.solvers.outcome import is_feasible
from allocate.solvers.search import Start
from allocate.tolerances import BETTER_PLAN, WHOLE_NUMBER

SETTLED = 0.25
"""Part of the open whole numbers that are settled at a time."""
TRIES, GOES_BACK = 100, 4
"""Steps on the way down to a plan, at most, and how often it goes back by half where it comes to an end without one."""

PATIENCE = 12
"""Changes of one plan, best promises first, that may bring nothing one after the other: what comes later seldom does."""

SETTLINGS, SHORTLY = 4, 5.0
"""Times the whole numbers of one plan are settled, at most, and seconds each may take: it is a very small program."""
LOOSE = 1e-9
"""Room of rows while amounts stay, as a share of their terms: amounts keep them to within the solver's tolerance."""
FIFTH = 0.2
"""Part of one more from which a number goes up."""
CHOSEN = 2
"""Levels below it are choices that open others: vendors, and starts on products."""

Places = NDArray[np.int64]
"""Positions among the whole numbers."""


class Planner:
    """The best plan of a program, and the ways to a better one."""

    def __init__(
        self, relaxation: Relaxation, first: Integers, amounts: Integers, kind: Integers | None = None
    ) -> None:
        """first: level of each whole number, shape (I,); amounts: numbers of the columns that all else is worked out from.

        kind: of each whole number, shape (I,); absent, all are of one.
        """
        self.relaxation, self.first = relaxation, first
        self.kind = np.zeros(len(first), np.int32) if kind is None else kind
        self._rest = np.setdiff1d(np.arange(relaxation.arrays.column_count, dtype=np.int32), amounts)
        self.holds = False
        """Whether settled numbers keep others of their kind at 0: plans are better then, and more often none is left."""
        self.best: Start | None = None
        self.objective = -np.inf
        self.opened: Floats | None = None
        """Whole numbers where the last way down had made all choices that open others, shape (I,); None before that."""
        self._tried: set[bytes] = set()
        self.patience = UNLIMITED
        """Nodes without a point after which a way down is given up."""

    def begin(self, start: Start) -> None:
        """Take a plan that was found elsewhere."""
        self._tried.add((np.round(start.values[self.relaxation.ids]) + 0.0).tobytes())
        self._take(start)

    def dive(self, node: Node, opening: bool = False) -> bool:
        """Settle the whole numbers of a node few by few until a plan is left; whether it is the best so far.

        opening: only until all choices that open others are made (`opened`); whether they are. Where one leaves no point whichever way it is settled, and no plan is known, half of what was settled is let go of and
        that one settled first.
        """
        lower, upper, self.opened = node.lower.copy(), node.upper.copy(), None
        given_up = self.relaxation.missed + self.patience
        path, back, some = list[tuple[Node, Floats, Floats]](), GOES_BACK, np.zeros(0, np.int64)
        for _ in range(TRIES):
            if self.relaxation.over or (node.at is not None and node.bound <= self.objective):
                return False
            if self.relaxation.missed > given_up:
                return False
            if node.at is None:
                if not path or not back or self.best is not None:
                    return False
                node, lower, upper = path[len(path) // 2]
                del path[len(path) // 2 :]
                back, some, again = back - 1, some[:1], True
            else:
                some, again = self._open(node), False
            assert node.at is not None
            if opening and not (self.first[some] < CHOSEN).any():
                return True
            if not len(some):
                return self.offer(np.round(node.at))
            path.append((node, lower, upper))
            node, lower, upper, some = self._settled(node, lower, upper, some, again)
        return False

    def _open(self, node: Node) -> Places:
        """The whole numbers between two of the first level that has any."""
        assert node.at is not None
        open_ = np.flatnonzero(node.open)
        level = self.first[open_].min(initial=CHOSEN)
        if level >= CHOSEN and self.opened is None:
            self.opened = node.at
        found: Places = open_[self.first[open_] == level]
        return found

    def _settled(
        self, node: Node, lower: Floats, upper: Floats, some: Places, again: bool
    ) -> tuple[Node, Floats, Floats, Places]:
        """The node with the likeliest of some whole numbers settled, all of one level; else the first alone, and that the other way.

        Choices that open others go up, those that are used most first; steps go to the nearest, and numbers of seats
        or people up from a fifth on, for one too few can leave no plan. again: whether another node was solved last.
        """
        assert node.at is not None
        below, near = np.floor(node.at + WHOLE_NUMBER), self.nearest(node.at)
        other = np.clip(2.0 * below + 1.0 - near, self.relaxation.lower, self.relaxation.upper)
        order = np.argsort(np.abs(near - node.at)[some], kind="stable")
        several = some[order][: max(1, int(SETTLED * len(some)))]
        last, basis = node, node.basis if again else None
        for chosen, to in ((several, near), (several[:1], near), (several[:1], other)):
            low, high = self._held(node, lower, upper, chosen, to)
            last = self.relaxation.node(low, high, node.bound, basis)
            if last.at is not None and last.bound > self.objective:
                return last, low, high, several
            basis = node.basis  # from where the simplex method ended without a point it does not find its way back
        return last, lower, upper, several

    def nearest(self, at: Floats) -> Floats:
        """What whole numbers are settled at, shape (I,), where they are between two: see `_settled`."""
        below = np.floor(at + WHOLE_NUMBER)
        up = np.where(self.relaxation.upper > 1.0, FIFTH, 0.5)
        up = np.where(self.first < CHOSEN, WHOLE_NUMBER, up)
        return np.where(at - below > up, below + 1.0, below)

    def _held(self, node: Node, lower: Floats, upper: Floats, chosen: Places, to: Floats) -> tuple[Floats, Floats]:
        """Bounds with some whole numbers settled. Where one beyond 0 and 1 is, such as people hired in a week, others of its kind
        that are 0 stay 0: what it has too much or too little would only move to the next week."""
        low, high = lower.copy(), upper.copy()
        if self.holds and (self.relaxation.upper[chosen] > 1.0).any():
            assert node.at is not None
            none = (self.relaxation.upper > 1.0) & (self.relaxation.lower == 0.0) & (node.at < WHOLE_NUMBER)
            none &= np.isin(self.kind, self.kind[chosen])
            low[none] = high[none] = 0.0
        low[chosen] = high[chosen] = to[chosen]
        return low, high

    def offer(self, whole: Floats) -> bool:
        """Solve what whole numbers leave, shape (I,), and settle the best plan so far; whether it is one."""
        if not self._offered(whole):
            return False
        self.settle()
        return True

    def settle(self) -> None:
        """Take the whole numbers that are best for the amounts of the best plan, for as long as that makes it better.

        A step that is reached and not chosen, a seat for nobody: the bill of the plan would be another than the program's.
        """
        relaxation = self.relaxation
        if len(self._rest) == relaxation.arrays.column_count:
            return
        for _ in range(SETTLINGS):
            assert self.best is not None
            engine = Engine(relaxation.watch.apart())
            engine.load(_around(relaxation.arrays, self.best.values, self._rest))
            run = engine.run(SHORTLY)
            if run.values is None or run.status != OPTIMAL:
                return
            after = self.best.values.copy()
            after[self._rest] = run.values
            if not self._offered(np.round(after[relaxation.ids])):
                return

    def _offered(self, whole: Floats) -> bool:
        key = (whole + 0.0).tobytes()
        if key in self._tried:
            return False
        self._tried.add(key)
        relaxation = self.relaxation
        node = relaxation.node(whole, whole, np.inf)
        if node.at is None or node.bound <= self.objective + BETTER_PLAN * max(1.0, abs(self.objective)):
            return False
        plan = relaxation.values()
        plan[relaxation.ids] = whole
        if not is_feasible(relaxation.arrays, plan):
            return False
        reduced = np.array(relaxation.engine.highs.getSolution().col_dual) + 0.0
        self._take(Start(plan, node.duals, reduced, None))
        return True

    def better(self, share: float) -> None:
        """Change whole numbers of the best plan one by one where prices say it could pay, in this share of the time limit."""
        relaxation = self.relaxation
        if self.best is None or relaxation.over:
            return
        whole = np.round(self.best.values[relaxation.ids])
        relaxation.node(whole, whole, np.inf)
        # A move after which the simplex method is lost is far from the plan, and seldom better.
        relaxation.engine.option("simplex_iteration_limit", relaxation.most)
        found = improved(relaxation.engine, relaxation.arrays, self.best, relaxation.clock, share, PATIENCE)
        relaxation.engine.option("simplex_iteration_limit", UNLIMITED)
        relaxation.engine.option("presolve", "off")
        if found is not self.best:
            self._take(found)
            self.settle()

    def _take(self, start: Start) -> None:
        self.best, self.objective = start, self.relaxation.arrays.objective(start.values)


def _around(arrays: ProgramArrays, values: Floats, rest: Integers) -> ProgramArrays:
    """What is left of a program for some of its columns while all others stay as they are."""
    picked = arrays.picked(rest)
    rows, terms = arrays.terms(values)
    room = LOOSE * (1.0 + np.bincount(rows, np.abs(terms), arrays.row_count))
    held = arrays.activity(values) - picked.activity(values[rest])
    used = np.bincount(picked.index, minlength=arrays.row_count) > 0
    lower = np.where(used, arrays.row_lower - held - room, -np.inf)
    upper = np.where(used, arrays.row_upper - held + room, np.inf)
    return replace(picked, row_lower=frozen(lower), row_upper=frozen(upper))
