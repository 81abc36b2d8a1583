"""Branch and bound over facility-opening binaries: each node is bounded at prices of its own, the most promising first."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np

from allocate.certificate.facility_location.facilities import Facilities
from allocate.certificate.facility_location.lagrangian_relaxation import Box, Relaxation
from allocate.program.arrays import Booleans, Floats, ProgramArrays
from allocate.solvers.facility_location.restricted_lp import NoPlan, Plan, UnsolvedError, best_of
from allocate.solvers.facility_location.subgradient import Priced, Steps, better_prices, first_prices
from allocate.solvers.search import Clock
from allocate.solvers.watch import Watch
from allocate.workers.executors import InProcess
from allocate.workers.handed import Handed

ROOT = (Steps(200), Steps(400))
"""Steps for the first prices, before and after the first plans."""
EACH = Steps(60, 0.5)
"""Steps for the prices of one branch, from those of the box it was cut from."""
FARTHEST = 9
"""Powers of ten by which prices are driven along a direction that shows that there is no plan."""
FEWER = 0.8
"""Share of facilities that may be open up to which the others are left out of all sums."""
SPARE = 0.5
"""Share of the gap asked for that boxes are put aside at: what is left over covers what rounding hides."""


@dataclass(eq=False)
class Node:
    """A box in the tree of all boxes, as the proof needs it."""

    prices: Floats
    """Of the linking rows, shape (r,)."""
    facility: int = -1
    """Facility the box was cut at, -1 where it was not."""
    children: tuple[Node, ...] = ()
    """With the facility open, and closed."""


@dataclass(frozen=True, eq=False)
class Branch:
    """A branch-and-bound node with the best prices found for it."""

    box: Box
    priced: Priced
    bound: float
    node: Node


@dataclass(frozen=True, eq=False)
class Tried:
    """What became of some choices."""

    known: bool
    """Whether it is known what plan there is, or that there is none."""
    prices: Floats | None = None
    """Of the linking rows at the best plan, shape (r,); None without a plan."""
    direction: Floats | None = None
    """In which prices of the linking rows show that there is no plan, shape (r,); None where that is not known."""


class Search:
    """One search for the best plan of a maximised program with facilities."""

    def __init__(
        self,
        arrays: ProgramArrays,
        facilities: Facilities,
        gap: float,
        watch: Watch,
        clock: Clock,
        executor: Executor | None = None,
    ) -> None:
        self.arrays, self.facilities, self.watch, self.clock, self.gap = arrays, facilities, watch, clock, gap
        self.relaxation = Relaxation(arrays, facilities)
        alone = executor is None or isinstance(executor, InProcess)
        self.pricer = here(self.over) if alone or executor is None else shared(executor, self.over)
        self.best: Plan | None = None
        self.root: Priced | None = None
        """Prices for all choices there are."""
        self.looked = 1
        """Boxes that were bounded, that of all choices among them."""
        self._pushed = 0
        self.far = False
        """Whether the first prices proved so little that branching on from there is hopeless."""
        self._open: list[tuple[float, int, Branch]] = []
        self._aside = -np.inf
        """No plan in the boxes that are done with gains more, but for the best one."""
        self._tried: dict[bytes, Tried] = {}
        """Choices that were tried, and what became of them."""
        self.tree: Node | None = None
        """All boxes that were looked at."""
        self._sign = 1.0

    @property
    def objective(self) -> float:
        """What the best plan gains; minus infinity without one."""
        return -np.inf if self.best is None else self.best.objective

    @property
    def bound(self) -> float:
        """No plan gains more."""
        still = -self._open[0][0] if self._open else -np.inf
        return max(still, self._aside, self.objective)

    def over(self) -> bool:
        """Whether to stop: asked to, or out of time."""
        return self.watch.stopped or self.clock.left == 0.0

    def run(self, sign: float, far: float = np.inf) -> None:
        """Search until no box holds a better plan, or it is over.

        sign: of the program's own sense, for what is told. far: distance of the first bound and plan, relative to the bound,
        from which nothing is branched on.
        """
        self._sign = sign
        self._begin()
        self.far = not self.over() and self.bound > self.objective + far * max(1.0, abs(self.bound))
        while self._open and not self.far and not self.over():
            if self._settled(-self._open[0][0]):
                break
            branch = heapq.heappop(self._open)[2]
            ends = self._branched(branch)
            if self.over():
                # What was cut from the box may lack bounds: it counts as a whole.
                self._push(branch)
                break
            for one in ends:
                self._push(one)
            self._tell()

    def _settled(self, bound: float) -> bool:
        """Whether plans up to this bound are as good as the best one."""
        return bound <= self._enough

    @property
    def _enough(self) -> float:
        """Bound up to which plans are as good as the best one; minus infinity without one."""
        return self.objective + SPARE * self.gap * max(1.0, abs(self.objective)) if self.best is not None else -np.inf

    def _ended(self, bound: float) -> bool:
        """Whether no further steps for prices are wanted."""
        return self.over() or self._settled(bound)

    def _begin(self) -> None:
        """Prices and plans of the box of all choices."""
        ids, arrays = self.facilities.ids, self.arrays
        box = Box(arrays.lower[ids] > 0.5, arrays.upper[ids] > 0.5)
        prices, length = first_prices(self.relaxation), 1.0
        for steps in ROOT:
            found = better_prices(self.relaxation, prices, box, self.objective, Steps(steps.most, length), self._ended)
            prices, length = found.prices, found.step
            self.root = found if self.root is None or found.bound <= self.root.bound else self.root
            self._plans(box, found.mean, 2)
            self._note(found.bound)
        assert self.root is not None
        self._open.clear()
        self.tree = Node(self.root.prices)
        if box.open.any():
            self._push(Branch(box, self.root, self.root.bound, self.tree))
        else:
            self.tree.prices = self._leaf(box, self.root.bound, self.root.prices)
        self._tell()

    def _note(self, bound: float) -> None:
        """Tell a bound of all choices before the first box is open."""
        self.watch.bound = self._sign * bound if np.isfinite(bound) else None
        self.watch.best = None if self.best is None else self._sign * self.objective

    def _tell(self) -> None:
        self._note(self.bound)

    def _push(self, branch: Branch) -> None:
        if branch.bound == -np.inf or self._settled(branch.bound):
            self._put_aside(branch.bound)
            return
        self._pushed += 1
        heapq.heappush(self._open, (-branch.bound, self._pushed, branch))

    def _put_aside(self, bound: float) -> None:
        self._aside = max(self._aside, bound)

    def _branched(self, branch: Branch) -> list[Branch]:
        """The box in two, cut at the choice that is least clear; a box with nothing left to choose ends in a plan."""
        box, prices = self._narrowed(branch), branch.priced.prices
        undecided = np.flatnonzero(box.open)
        relaxation = self._within(box)
        mean = branch.priced.mean
        # Where nothing is left to choose, the cut is at a choice that was, and one side of it is empty.
        among = undecided if len(undecided) else np.flatnonzero(branch.box.open)
        facility = int(among[np.argmin(np.abs(mean[among] - 0.5))])
        children = []
        asked = list[tuple[Box, Node]]()
        for on in (True, False):
            part, node = box.with_facility(facility, on), Node(prices)
            children.append(node)
            if (part.on & ~part.able).any() or self._lacking(part) or self.over():
                continue
            if part.open.any():
                asked.append((part, node))
            else:
                node.prices = self._leaf(part, branch.bound, prices)
        branch.node.facility, branch.node.children = facility, tuple(children)
        return self._bounded(branch, asked, relaxation)

    def _bounded(self, branch: Branch, asked: list[tuple[Box, Node]], relaxation: Relaxation) -> list[Branch]:
        """Boxes that were cut from one, with prices of their own, those left out that hold no better plan."""
        prices, enough = branch.priced.prices, self._enough
        questions = [Question(relaxation, prices, part, self.objective, enough, EACH) for part, _ in asked]
        found = []
        for (part, node), priced in zip(asked, self.pricer(questions), strict=False):
            self.looked += 1
            node.prices = priced.prices
            bound = min(priced.bound, branch.bound)
            if self._settled(bound):
                self._put_aside(bound)
                continue
            self._plans(part, priced.mean, 1)
            found.append(Branch(part, priced, bound, node))
        return found

    def _lacking(self, box: Box) -> bool:
        """Whether no choice in a box has room for what is needed."""
        return self.facilities.least_open(box.on, box.able) > int(box.able.sum())

    def _within(self, box: Box) -> Relaxation:
        """The relaxation without the columns of facilities that a box leaves closed, where these are many."""
        if int(box.able.sum()) > FEWER * self.facilities.count:
            return self.relaxation
        return Relaxation(self.arrays, self.facilities.only(box.able))

    def _narrowed(self, branch: Branch) -> Box:
        """The box without choices that no plan better than the best one takes, as far as the prices show."""
        box, priced = branch.box, branch.priced
        if self.best is None or not np.isfinite(priced.bound):
            return box
        narrowed = self.relaxation.narrowed(box, (priced.gains, priced.spare, priced.bound), self._enough)
        if (narrowed.open != box.open).any():
            self._put_aside(self._enough)
        return narrowed

    def _leaf(self, box: Box, bound: float, prices: Floats) -> Floats:
        """Prices that prove the plan of a box without choices left; where there are none, those of the box it was cut from.

        Where it cannot be told what plan there is, that box's bound stands.
        """
        if not self._try(box.on):
            self._put_aside(bound)
        tried = self._tried[box.on.tobytes()]
        if tried.prices is not None:
            return tried.prices
        return prices if tried.direction is None else self._hopeless(box, prices, tried.direction)

    def _hopeless(self, box: Box, prices: Floats, direction: Floats) -> Floats:
        """Prices that show that a box has no plan worth having, along a direction or against it; those given otherwise."""
        size = max(1.0, float(np.abs(prices).max(initial=0.0))) / max(float(np.abs(direction).max(initial=0.0)), 1e-300)
        for step in (size * sign * 10.0**power for power in range(FARTHEST) for sign in (1.0, -1.0)):
            moved = self.relaxation.allowed(prices + step * direction)
            if self._settled(self.relaxation.look(moved, box).bound + self.relaxation.rounding(moved)):
                return moved
        return prices

    def _plans(self, box: Box, mean: Floats, more: int) -> None:
        """Plans with the facilities open that were so most often: as few as can be, some more, and about as many as on average."""
        rank = np.where(box.on, 2.0, np.where(box.able, mean, -1.0))
        order = np.argsort(-rank, kind="stable")
        fewest, able = max(self.facilities.least_open(box.on, box.able), int(box.on.sum())), int(box.able.sum())
        usual = round(float(mean.sum()))
        counts = {*range(fewest, fewest + more + 1)} if self.facilities.needed > 0.0 else set[int]()
        counts |= {usual, usual + 1} if more == 1 else {usual - 1, usual, usual + 1}
        for count in sorted(counts):
            if fewest <= count <= able and not self.over():
                chosen = np.zeros(self.facilities.count, dtype=bool)
                chosen[order[:count]] = True
                self._try(chosen)

    def _try(self, chosen: Booleans) -> bool:
        """The best plan with just these facilities open, kept where it is the best of all; whether what there is is known."""
        key = chosen.tobytes()
        if key not in self._tried:
            self._tried[key] = self._tried_now(chosen)
        return self._tried[key].known

    def _tried_now(self, chosen: Booleans) -> Tried:
        try:
            found = best_of(self.arrays, self.facilities, chosen, self.watch, self.clock.left)
        except UnsolvedError:
            return Tried(False)
        if isinstance(found, NoPlan):
            return Tried(True, direction=None if found.direction is None else found.direction[self.facilities.linking])
        if found.objective > self.objective:
            self.best = found
        return Tried(True, found.row_duals[self.facilities.linking])


@dataclass(frozen=True, eq=False)
class Question:
    """A box, and the prices to better."""

    relaxation: Relaxation
    prices: Floats
    box: Box
    plan: float
    """What the best plan gains."""
    enough: float
    """Bound at which no further steps are wanted."""
    steps: Steps


Pricer = Callable[[Sequence[Question]], list[Priced]]
"""The answers to questions, in order; fewer where the search was ended."""


def here(over: Callable[[], bool]) -> Pricer:
    """Every box is looked at in this process."""

    def priced(asked: Sequence[Question]) -> list[Priced]:
        return [_answered(one, over) for one in asked if not over()]

    return priced


def shared(executor: Executor, over: Callable[[], bool]) -> Pricer:
    """Boxes are handed out; one that is lost or takes too long is handed out again."""

    def priced(asked: Sequence[Question]) -> list[Priced]:
        handed = [Handed(executor, _worked, one) for one in asked]
        found = []
        try:
            for one in handed:
                answer = one.result(over)
                if answer is None:
                    break
                found.append(answer)
        finally:
            for one in handed:
                one.call_off()
        return found

    return priced


def _worked(asked: Question) -> Priced:
    return _answered(asked, lambda: False)


def _answered(asked: Question, over: Callable[[], bool]) -> Priced:
    def ended(bound: float) -> bool:
        return bound <= asked.enough or over()

    return better_prices(asked.relaxation, asked.prices, asked.box, asked.plan, asked.steps, ended)
