"""Re-solve: solving again: one program with one thing changed after another, and what each change is worth."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from allocate.case.load import Case
from allocate.costing.table import Routes
from allocate.costing.value.values import product_values
from allocate.errors import CaseError
from allocate.explaining.by_hand import ByHand, by_hand
from allocate.program.arrays import Floats, ProgramArrays
from allocate.program.build import Built, build
from allocate.solvers.live import Change, Live
from allocate.solvers.outcome import Limit, Status
from allocate.solvers.search import Clock, Found
from allocate.solvers.watch import Cancel
from allocate.solvers.work import Work

EACH = 5.0
"""Seconds one more solve of an integer program may take where no limit is given."""
FEW = 1_200_000.0
"""Work of an explanation that is done in any case (`allocate.solvers.work`), of programs of few coefficients."""
SMALL = 10_000
"""Coefficients up to which they are few; of larger programs it is as much less."""
HOT = 0.25
"""Part of the search for a plan that a search of a program a little changed is taken for, until one is seen."""
PROOFS = 2.5
"""How often a plan with whole numbers that is known is proven best in the time in which it was found and proven."""


@dataclass(frozen=True)
class Worth:
    """What a change does to the first objective; above zero is better."""

    gain: float | None
    """Of the best plan found with the change; None where there is none."""
    at_most: float | None
    """No plan with the change gains more; None where that is not known."""
    state: str
    """exact; bound (the gain is what was found, more may be possible); impossible (no plan keeps the rest); endless
    (nothing else limits the objective); open (nothing would limit how much could be bought, so the program cannot be
    made); unknown (the time ended without a plan, or rules added by hand cannot be carried over); left (not looked
    into: it would take more work than is to be done)."""


UNKNOWN = Worth(None, None, "unknown")
LEFT = Worth(None, None, "left")


@dataclass(frozen=True, eq=False)
class Resolved:
    """A plan of a changed program."""

    worth: Worth
    built: Built
    values: Floats | None
    row_duals: Floats | None = None
    found: Found | None = None
    """How the search for it ended; None where there was none."""


@dataclass(frozen=True)
class Asked:
    """What plans took that were asked for: of programs changed in place, and of programs made again."""

    changed: list[float]
    made: list[float]


Tell = Callable[[str], None]
"""Called with what is looked into next, in words."""
Adjust = Callable[[Built, ProgramArrays], Change]
"""What else is to differ in a program made again: from it, and its arrays with what was added by hand."""


class Again:
    """A case's program on one live solver, asked again and again; where it was solved before, about that plan.

    time_limit: s for everything; each: s for each solve but the first of an integer program. tell: told what is asked next.
    sparing: do no more work than `FEW`, or than the search for the plan took twice; what does not fit is left.
    """

    def __init__(
        self,
        built: Built,
        time_limit: float | None = None,
        each: float | None = None,
        cancel: Cancel | None = None,
        tell: Tell | None = None,
        sparing: bool = False,
    ) -> None:
        self.built = built
        self.tell: Tell = tell or (lambda _: None)
        self.clock = Clock(time_limit)
        arrays, known = built.program.arrays(), built.program.values()
        plan = known if len(known) == arrays.column_count and np.isfinite(known).all() else None
        self.left_out = dict[str, list[str]]()
        self.work = Work()
        self.live = Live(arrays, time_limit, cancel, built.program.structure(), plan, self.work)
        self._searched, self._asked = self.work.done, Asked([], [])
        self.at_prices = dict[int, Callable[[float], Resolved]]()
        """By vendor: the plan at all its prices times a factor, where that takes no program made again."""
        self._more = 0.0
        if sparing:
            few = FEW * min(1.0, SMALL / max(arrays.nonzeros, 1))
            known = PROOFS if plan is not None and self.live.mixed and self.live.hot else 1.0
            self.work.most = max(2.0 * known * self._searched, few)
            self._more = max(known * self._searched, few / 4.0)
        limit = EACH if self.live.mixed else None
        self.each = each if each is not None else limit
        self.base: Found = self._true(built, arrays, self.live.base, plan)

    @cached_property
    def size(self) -> float:
        """The objective's terms at the plan, added up without their signs: what their rounding is a part of."""
        assert self.base.values is not None
        return float(np.abs(self.live.arrays.costs * self.base.values).sum())

    @property
    def seconds(self) -> float | None:
        """How long the next solve may take."""
        left = self.clock.left
        both = [seconds for seconds in (self.each, left) if seconds is not None]
        return min(both, default=None)

    @property
    def is_enough(self) -> bool:
        """Whether whatever is asked can be done."""
        return bool(np.isinf(self.work.most))

    @property
    def affords(self) -> bool:
        """Whether there is work left for one more plan, by what those before took."""
        return self.affords_some(1)

    def affords_some(self, plans: int, *, made: bool = False) -> bool:
        """The same for so many plans; made: of programs made again, which take longer."""
        before, first = (self._asked.made, 1.0) if made else (self._asked.changed, HOT)
        each = sum(before) / len(before) if before else first * self._searched
        return self.work.left > plans * each

    @contextmanager
    def within(self, part: float) -> Iterator[None]:
        """Do no more than this part of the work that is left."""
        most = self.work.most
        self.work.most = self.work.done + part * self.work.left
        try:
            yield
        finally:
            self.work.most = most

    def go_on(self) -> None:
        """Allow as much work more as the search for the plan took; of small programs a part of what was allowed at first."""
        self.work.most = max(self.work.done, self.work.most) + self._more

    def leave(self, part: str, name: str) -> None:
        """Note what a part of an explanation is silent about, for there is no work left for it."""
        self.left_out.setdefault(part, []).append(name)

    def change(self, change: Change, wider: Callable[[], Resolved] | None = None) -> Resolved:
        """The plan with a change of the program's own numbers.

        wider: the plan of the changed case, its program made again. It is asked for only where the change alone would not
        do: in programs that derive a most of everything, and when the plan goes beyond the pieces of a value curve.
        """
        if wider is not None and self.derives:
            return wider()
        if not self.affords:
            return Resolved(LEFT, self.built, None)
        before = self.work.done
        found = self._true(self.built, change.applied(self.live.arrays), self.live.after(change, self.seconds))
        self._asked.changed.append(self.work.done - before)
        if wider is not None and self._cut_short(self.built, found):
            return wider()
        return self._resolved(self.built, found)

    def case(self, case: Case, ways: Routes | None = None, also: Adjust | None = None) -> Resolved:
        """The plan of a changed case with the same products and vendors, its program made again.

        ways: its routes, where they are others. also: a change of that program's numbers, for what no case can say.
        Value curves keep their pieces, so that nothing but the change makes a difference, unless the plan would go beyond
        them.
        """
        layout = self.built.layout
        known = ways or layout.routes
        if not any(one.more_beyond for one in layout.values.values()):
            after = self.program(lambda: build(case, known, layout.values), also)
            if after.found is None or not self._cut_short(after.built, after.found):
                return after
        return self.program(lambda: build(case, known, product_values(case, known)), also)

    def program(self, make: Callable[[], Built], also: Adjust | None = None) -> Resolved:
        """The plan of another program for the same products, with what users added to this one by hand.

        Where nothing would limit how much could be bought, the state is ``open``.
        """
        if self.seconds is not None and self.seconds <= 0:
            return Resolved(UNKNOWN, self.built, None)
        if not self.affords_some(1, made=True):
            return Resolved(LEFT, self.built, None)
        before = self.work.done
        try:
            other = make()
        except CaseError as error:
            unlimited = all("nothing limits" in problem.message for problem in error.problems)
            return Resolved(Worth(None, None, "open" if unlimited else "impossible"), self.built, None)
        arrays, seconds = self.carried(other), self.seconds
        self.work.made(other.program.arrays().nonzeros)
        if arrays is None or (seconds is not None and seconds <= 0):  # making it can take all the time there is
            return Resolved(UNKNOWN, other, None)
        changed = also(other, arrays).applied(arrays) if also is not None else arrays
        hot = self.hot_for(changed)
        found = self.live.instead(changed, seconds) if hot else Live(changed, seconds, work=self.work).base
        self._asked.made.append(self.work.done - before)
        return self._resolved(other, self._true(other, changed, found))

    def carried(self, other: Built) -> ProgramArrays | None:
        """Another program with what users did to this one by hand; None where that cannot be known."""
        return other.program.arrays() if self._by_hand is None else self._by_hand.on(other)

    @cached_property
    def _by_hand(self) -> ByHand | None:
        return by_hand(self.built)

    def arrays(self, arrays: ProgramArrays) -> Resolved:
        """The plan of a program with the same columns and rows and other numbers."""
        if not self.affords:
            return Resolved(LEFT, self.built, None)
        before = self.work.done
        found = self._true(self.built, arrays, self.live.instead(arrays, self.seconds))
        self._asked.changed.append(self.work.done - before)
        return self._resolved(self.built, found)

    def _true(self, built: Built, arrays: ProgramArrays, found: Found, plan: Floats | None = None) -> Found:
        """How a search ended, with plans that keep hours by the curves of pairs that learn; plan: known to do so."""
        learned = built.program.learned
        if learned is None:
            return found
        from allocate.solvers.learning.again import truly  # loaded where vendors learn only

        if plan is None and hasattr(self, "base") and arrays.column_count == self.live.arrays.column_count:
            plan = self.base.values
        return truly(arrays, learned, found, self.seconds, also=plan)

    def hot_for(self, arrays: ProgramArrays) -> bool:
        """Whether what is known of this program helps to solve another: the same choices, columns and rows."""
        base = self.live.arrays
        alike = (arrays.row_count, arrays.column_count) == (base.row_count, base.column_count)
        return self.live.hot and alike and np.array_equal(arrays.integer, base.integer)

    @cached_property
    def derives(self) -> bool:
        """Whether a most of everything there could be stands in the program.

        Choices are bounded by it, and so are columns with an end other than the pieces of a value curve; gates that no
        plan can reach are left out.
        """
        if self.live.mixed or any(one.more_beyond for one in self.built.layout.values.values()):
            return True
        ends = np.isfinite(self.live.arrays.upper)
        ends[self.built.program.columns["value_stretch"].ids] = False
        return bool(ends.any())

    def _cut_short(self, built: Built, found: Found) -> bool:
        """Whether a plan goes beyond the pieces of a curve."""
        if found.values is None:
            return found.status is Status.UNBOUNDED
        block = built.program.columns["value_stretch"]
        product = block.index["product"]
        made = np.bincount(product, found.values[block.ids], minlength=len(built.layout.routes.products))
        for number, one in built.layout.values.items():
            if not one.complete and made[number] > one.reach * (1.0 + 1e-9):
                return True
        return False

    def _resolved(self, built: Built, found: Found) -> Resolved:
        return Resolved(self._worth(found), built, found.values, found.row_duals, found)

    def _worth(self, found: Found) -> Worth:
        assert self.base.objective is not None
        if found.values is None or found.objective is None:
            states = {Status.INFEASIBLE: "impossible", Status.UNBOUNDED: "endless"}
            if found.status is Status.STOPPED and found.limit is not Limit.TIME and not self.work.left:
                return LEFT
            return Worth(None, None, states.get(found.status, "unknown"))
        sign = 1.0 if self.live.arrays.maximise else -1.0
        gain = sign * (found.objective - self.base.objective)
        proven = found.status is Status.OPTIMAL and self.base.status is Status.OPTIMAL
        bound = None if found.bound is None else sign * (found.bound - self.base.objective)
        # Two optima of one amount differ by the rounding of the solver.
        gain = 0.0 if abs(gain) <= 1e-9 * self.size else gain
        bound = 0.0 if bound is not None and abs(bound) <= 1e-9 * self.size else bound
        return Worth(gain, gain if proven else bound, "exact" if proven else "bound")
