"""Tables of vendor sets as a way to decompose: which programs it is for, and a whole solve with its goals."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from allocate.certificate.bound_propagation import boxes
from allocate.certificate.engagement.engaged_form import EngagedForm, Masks, PartOfForm, engaged_form
from allocate.certificate.engagement.proof import Engaged
from allocate.certificate.engagement.tables import Rules
from allocate.program.arrays import Floats, Integers, ProgramArrays, frozen, maximised
from allocate.program.partition import AXIS, groups_by, partition
from allocate.solvers.branching.merged_periods import first_plan
from allocate.solvers.decomposition.engagement.plans import Planner
from allocate.solvers.decomposition.engagement.pricing import SetPricing
from allocate.solvers.decomposition.engagement.product_sets import Kinds, ProductSets, kinds_of
from allocate.solvers.decomposition.engagement.relaxed_prices import RelaxedPrices
from allocate.solvers.decomposition.engagement.search import Search
from allocate.solvers.decomposition.engagement.written import written
from allocate.solvers.engine import Engine
from allocate.solvers.goals import in_order, outcome_of
from allocate.solvers.lexicographic_objectives import Hold
from allocate.solvers.outcome import Limit, Outcome, Status, gap_of
from allocate.solvers.search import Clock, Found, Start
from allocate.solvers.search import search as search_plainly
from allocate.solvers.task import Task
from allocate.solvers.watch import Watch
from allocate.tolerances import PROVEN

LARGE = 20_000
"""Coefficients from which tables prove more than HiGHS by itself."""
FEW_PARTS, FEW_VENDORS = 4, 3
"""Least numbers of products and of vendors for which that was measured."""
MOST_SETS = 24_000
"""Product-vendor sets of all products together, at most."""
EFFORT, OF_ONE = 250_000_000, 60_000
"""Multiplications in one look at all of them, and at one in the mean, at most: long programs of products take others' way."""
NUMBERS = 1.0
"""Whole numbers beyond 0 and 1 outside products, such as people hired by week, as a part of all starts, from which prices prove little."""
SAID = {
    None: "",
    Limit.GAP: "the gap asked for was reached",
    Limit.TIME: "the time limit was reached",
    Limit.INTERRUPT: "interrupted",
}


@dataclass(frozen=True, eq=False)
class Cut:
    """A maximised program in the form of sets of vendors, with all product-vendor sets that may have a point."""

    program: ProgramArrays
    part: Integers
    """Part of each column, -1 for none, as the program falls apart, shape (n,)."""
    form: EngagedForm
    parts: list[PartOfForm]
    possible: list[Masks]
    kinds: list[Kinds]
    ends: tuple[Floats, Floats]
    """Bounds of all columns."""


_known: list[tuple[ProgramArrays, Cut]] = []
"""The program last found to suit, until it is solved: who chooses a method and who solves ask the same."""


def cut_of(task: Task) -> Cut | None:
    """The program of a task cut for tables of vendor sets; None where there are none, or too many."""
    for arrays, cut in _known:
        if arrays is task.arrays:
            return cut
    found = _cut(task)
    _known[:] = [] if found is None else [(task.arrays, found)]
    return found


def _cut(task: Task) -> Cut | None:
    groups = groups_by(task.structure, AXIS)
    if task.arrays.nonzeros < LARGE or int((task.arrays.integer & (groups < 0)).sum()) < FEW_VENDORS:
        return None
    program = maximised(task.arrays)
    part, _ = partition(program, groups)
    count = int(part.max(initial=-1)) + 1
    form = engaged_form(program, part) if count >= FEW_PARTS else None
    if form is None or form.count < FEW_VENDORS:
        return None
    numbers = program.integer[form.free] & (program.upper[form.free] > 1.0)
    if int(numbers.sum()) > NUMBERS * int(program.integer[part >= 0].sum()) > 0:
        return None
    parts, left, possible = [form.of_part(number) for number in range(count)], MOST_SETS, list[Masks]()
    for one in parts:
        masks = one.possible(left)
        if masks is None or len(masks) > left:
            return None
        left -= len(masks)
        possible.append(masks)
    ends = boxes(program)
    kinds = kinds_of(parts, ends)
    effort = sum(_effort(one, masks) for one, masks in zip(kinds, possible, strict=True))
    if effort > min(EFFORT, OF_ONE * sum(map(len, possible))):
        return None
    return Cut(program, part, form, parts, possible, kinds, ends)


def _effort(of: Kinds, masks: Masks) -> float:
    """About how many multiplications a look at a part's sets takes: rows that a set has, squared, times rows and kinds."""
    share = float(np.mean([mask.bit_count() for mask in masks.tolist()])) / max(1, len(of.part.starts))
    rows, count = share * len(of.part.rows), share * len(of.lower)
    return len(masks) * rows * rows * (rows + count)


def goes_on(task: Task) -> bool:
    """Whether the search before was of this kind, and this one begins where it ended."""
    return _before(task) is not None


def _before(task: Task) -> _Solve | None:
    found = None if task.kept is None else task.kept.search
    return found if isinstance(found, _Solve) and found.search is not None else None


def _turned(cut: Cut, program: ProgramArrays) -> Cut | None:
    """The same cut of a program with less room in rows between its parts; None where other rows have less."""
    form = engaged_form(program, cut.part)
    if form is None or not (np.array_equal(form.ids, cut.form.ids) and np.array_equal(form.owner, cut.form.owner)):
        return None
    moved = form.arrays.row_upper != cut.form.arrays.row_upper
    return None if (form.owner[moved] >= 0).any() else replace(cut, program=program, form=form)


def suits(task: Task) -> str | None:
    """Why tables of vendor sets are the method of choice, None where they are not."""
    cut = cut_of(task)
    if cut is None:
        return None
    sets = sum(len(one) for one in cut.possible)
    return f"an integer program of {len(cut.parts)} products that {cut.form.count} vendors may be engaged for, {sets:,} product-vendor sets"


def solve(task: Task, gap: float, engine: Engine, clock: Clock) -> Outcome:
    """The outcome of a program it suits. engine: not loaded yet, for what follows the search."""
    before = _before(task)
    cut = cut_of(task) if before is None else _turned(before.cut, maximised(task.arrays))
    if cut is None:
        cut, before = cut_of(task), None
    assert cut is not None
    _known.clear()
    one = _Solve(task, cut, gap, engine, clock, before)
    if task.kept is not None:
        task.kept.search = one
    found = engine.watch.run(one.found)
    goals = task.goals_after(found.row_duals)
    reach = Hold(engine, task.arrays, found, clock).reach if goals and found.finished else None
    outcome = outcome_of(task.arrays, in_order(found, goals, reach, clock), clock, engine.name)
    return replace(outcome, engaged=one.proof, method_reason=one.said)


class _Solve:
    """One solve, in the program's own sense from its outcome on."""

    def __init__(
        self, task: Task, cut: Cut, gap: float, engine: Engine, clock: Clock, before: _Solve | None = None
    ) -> None:
        self.before = before
        self.task, self.cut, self.gap, self.engine, self.clock = task, cut, gap, engine, clock
        self.sign = 1.0 if task.arrays.maximise else -1.0
        self.searching = clock.keeping(task.closing)
        self.proof: Engaged | None = None
        self.said = ""
        self.search: Search | None = None

    def found(self) -> Found:
        """The best plan, with what all sets of vendors prove."""
        cut, watch = self.cut, self.engine.watch
        if not _ended(cut.kinds):
            return self._plainly(None)
        earlier = None if self.before is None else self.before.search
        self.before = None
        rules, apart = Rules(cut.form, cut.program), watch.apart()
        family = self.task.structure.columns.family
        planner = Planner(cut.program, cut.form, cut.parts, rules, family, apart, self.searching, self.task.true)
        if earlier is None:
            self._begin(planner, apart)
        sets = ProductSets(cut.kinds, cut.possible) if earlier is None else earlier.pricing.sets
        form = cut.form.written_out()
        pricing = SetPricing(cut.program, form, sets, cut.ends)
        whole = cut.form.totals.written_out(cut.program)
        relaxed = RelaxedPrices(whole, form, pricing.rows, apart, self.searching) if planner.others else None
        self.search = search = Search(pricing, planner, form, self.gap, watch, self._over, self._tell, relaxed=relaxed)
        if earlier is not None:
            search.go_on(earlier)
            self._begin(planner, apart)
        search.run()
        self.proof = written(search, cut.form, self.sign)
        if not np.isfinite(planner.objective) and not self._over():
            self.proof = no_plan(search, cut, self.sign)
            if self.proof is not None:
                return Found(Status.INFEASIBLE, message="no set of vendors has a plan that keeps all rows")
            if np.isfinite(planner.objective):
                search.run()
                self.proof = written(search, cut.form, self.sign)
        self.said = f"{pricing.looks:,} price vectors, {len(planner.tried):,} plans"
        return self._finished()

    def _begin(self, planner: Planner, watch: Watch) -> None:
        """A first plan before all else, where whole numbers stand beside starts and none is known."""
        known = self.task.start
        if known is not None and planner.true is not None:
            planner.begin_truly(known)
        if (planner.others or known is not None) and planner.best is None:
            planner.begin(first_plan(self.cut.program, self.task.structure, watch, self.searching, known))
            self._tell(planner.objective, np.inf)

    def _over(self) -> bool:
        search = self.search
        if self.engine.watch.stopped or self.searching.left == 0.0:
            return True
        assert search is not None
        best = search.planner.objective
        return bool(np.isfinite(best) and search.bound - best <= self.gap * abs(best))

    def _tell(self, best: float, bound: float) -> None:
        watch = self.engine.watch
        watch.best = self.sign * best if np.isfinite(best) else None
        watch.bound = self.sign * bound if np.isfinite(bound) else None

    def _finished(self) -> Found:
        search, arrays, sign = self.search, self.task.arrays, self.sign
        assert search is not None
        best, over = search.planner.best, self._over()
        bound = sign * search.bound if np.isfinite(search.bound) else None
        if best is None:
            return (
                self._plainly(None)
                if not over
                else Found(Status.STOPPED, self._limit(), bound=bound, message=SAID[self._limit()])
            )
        duals = sign * best.row_duals + 0.0
        start = Start(best.values, duals, arrays.costs - arrays.priced(duals), bound)
        if not over:
            return self._plainly(start)
        if self.task.goals_after(duals):
            self.engine.load(arrays)
            self.engine.start_from(best.values)
        objective = arrays.objective(best.values)
        distance = gap_of(objective, bound)
        limit: Limit | None = None
        if distance is None or distance > PROVEN:
            limit = Limit.GAP if distance is not None and distance <= self.gap else self._limit()
        status = Status.OPTIMAL if limit is None else Status.FEASIBLE
        return Found(status, limit, objective, bound, best.values, duals, start.reduced_costs, SAID[limit])

    def _limit(self) -> Limit:
        return Limit.INTERRUPT if self.engine.watch.stopped else Limit.TIME

    def _plainly(self, start: Start | None) -> Found:
        """HiGHS on the whole program, from the plan there is; of both bounds the better."""
        self.said = "; ".join(filter(None, (self.said, "HiGHS on the whole program from there on")))
        self.engine.load(self.task.arrays)
        if start is not None:
            self.engine.start_from(start.values)
        found = search_plainly(self.engine, self.task.arrays, self.searching, start)
        known = start.bound if start is not None else None
        if found.bound is None or known is None or found.status is Status.OPTIMAL:
            return found
        return replace(found, bound=self.sign * min(self.sign * found.bound, self.sign * known))


def _ended(kinds: list[Kinds]) -> bool:
    """Whether every kind has an end, so that duals prove something whatever they are."""
    return all(np.isfinite(side).all() for one in kinds for side in (one.lower, one.upper))


MISSED = -1e-6
"""A set whose bound without an objective is below it has no plan: prices of 1 at most say that rows are missed by more."""
ROUNDS, STEPS = 60, 8
"""Looks for the prices of one set, and sets that are tried one after the other."""


def without_costs(program: ProgramArrays) -> ProgramArrays:
    """A program that only asks whether there is a plan."""
    return replace(program, offset=0.0, costs=frozen(np.zeros(program.column_count)))


def no_plan(search: Search, cut: Cut, sign: float) -> Engaged | None:
    """The proof that no set of vendors has a plan; None where none came out, and then a plan may be found on the way.

    Without an objective a set gains nothing where it has a plan; prices at which it gains less say that it has none
    (Farkas' lemma, set by set).
    """
    form = replace(search.form, arrays=without_costs(search.form.arrays))
    pricing = SetPricing(without_costs(cut.program), form, search.pricing.sets, search.pricing.all_ends)
    planner = search.planner
    one = Search(pricing, planner, form, 0.0, search.watch, search.over, lambda *_: None, MISSED)
    prices = _begun(search)
    inside, bound = _best(pricing, prices)
    for _ in range(STEPS):
        if bound <= MISSED or search.over():
            break
        state = one.generate(inside, prices, ROUNDS)
        if state is None or search.over():
            return None
        if state.bound > MISSED and one.plan(inside, state, True):
            return None
        prices = state.prices
        inside, bound = _best(pricing, prices)
    one.through(prices)
    return written(one, cut.form, sign) if one.closed and not _found(planner) else None


def _found(planner: Planner) -> bool:
    return planner.best is not None


def _begun(search: Search) -> Floats:
    """Prices the search ended with, as they point: none greater than 1."""
    prices = search.at_last if search.at_last is not None else np.zeros(len(search.pricing.rows))
    return prices / max(1.0, float(np.abs(prices).max(initial=0.0)))


def _best(pricing: SetPricing, prices: Floats) -> tuple[int, float]:
    pricing.look(prices)
    return pricing.best_set((1 << pricing.form.count) - 1)
