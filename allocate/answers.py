"""What the library's functions answer with: a verified plan with its bound, or why there is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from allocate.case.load import Case
from allocate.certificate.certificate import Certificate
from allocate.costing.table import Routes
from allocate.errors import CaseError, Problem
from allocate.explaining.prices import Price
from allocate.explaining.reasons import Reason
from allocate.plan import Plan
from allocate.solvers.outcome import Limit, Status
from allocate.tables.column import Grid
from allocate.tables.formats import money
from allocate.tables.plan import LIMITS
from allocate.tables.shown import Shown
from allocate.tolerances import STATUS_PROVEN, WORTHLESS
from allocate.verification import Check, Verification

if TYPE_CHECKING:
    import pandas as pd


def not_asked() -> None:
    """What more or less of each limit changes, where that is not looked for."""


@dataclass(frozen=True, repr=False, eq=False)
class Answer(Shown):
    """What became of a case: a verified plan with its bound, or why there is none."""

    case: Case = field(repr=False)
    routes: Routes = field(repr=False)
    status: Status
    limit: Limit | None
    plan: Plan | None
    certificate: Certificate | None
    """How good the plan is known to be, and the proof."""
    verification: Verification | None = field(repr=False)
    prices: Mapping[tuple[str, tuple[int, ...]], float] = field(repr=False)
    """Shadow price of each limit in the first objective, by family and key of the check; at a kink that of one side."""
    reasons: tuple[Reason, ...]
    """Why there is no plan; empty when there is one."""
    reasons_are_least: bool
    """Whether no less than the reasons say is missing; not where the time for finding out ended."""
    notes: tuple[str, ...]
    """What a reader of the plan must know beside its figures, in words."""
    message: str
    run: Mapping[str, Any] = field(repr=False)
    """Versions, method, input hashes, options and seconds."""
    moving: Callable[[], tuple[Price, ...] | None] = field(default=not_asked, repr=False)
    """Finds `moved` when that is first asked for."""

    def plan_or(self, fix: str) -> Plan:
        """Its plan; CaseError where there is none, with the reasons and what to do."""
        if self.plan is None:
            told = [one.sentence for one in self.reasons] or ["the case has no plan"]
            raise CaseError([Problem(one, self.case.place(), fix) for one in told])
        return self.plan

    @cached_property
    def moved(self) -> tuple[Price, ...] | None:
        """What a little more, and a little less, of each limit that binds changes; None where the program is too large to ask."""
        return self.moving()

    @property
    def objective(self) -> float | None:
        """What the plan reaches of the case's first objective, by the curves themselves."""
        return self.certificate.objective if self.certificate is not None else None

    @property
    def bound(self) -> float | None:
        """No plan reaches more (when minimising: less); with a plan never None, and finite unless a variable added by hand has no end."""
        return self.certificate.bound if self.certificate is not None else None

    @property
    def gap(self) -> float | None:
        """Distance of bound and objective relative to the objective (where that is 0: to the bound)."""
        return self.certificate.gap if self.certificate is not None else None

    @property
    def size(self) -> float:
        """Size of the plan's money: the largest of its objective, spend and value; 1 where all are 0."""
        if self.plan is None or self.objective is None:
            return 1.0
        return max(abs(self.objective), abs(self.plan.spend), abs(self.plan.value)) or 1.0

    @property
    def room(self) -> float:
        """Money that a proof may leave open in an optimal plan: what straight pieces of curves hide, and rounding."""
        hidden = self.certificate.curve_error if self.certificate is not None else 0.0
        return hidden + STATUS_PROVEN * self.size

    @property
    def unproven(self) -> float:
        """Money by which some plan of the program could be better, as far as is proven; below 0 where this one passes the bound."""
        if self.certificate is None:
            return float("inf")
        better = self.certificate.proven_of_pieces - self.certificate.objective
        return better if self.certificate.maximise else -better

    @property
    def proven_status(self) -> Status:
        """The status without trust in a solver: a plan is optimal where its certificate proves it, else feasible."""
        claimed_only = self.status is Status.OPTIMAL and self.unproven > self.room
        return Status.FEASIBLE if claimed_only else self.status

    @property
    def leaves_a_gap(self) -> bool:
        """Whether the search came to its own end, where vendors learn, with a gap that its proof leaves open."""
        return self.status is Status.FEASIBLE and self.limit is Limit.OTHER and bool(self.routes.learners)

    @property
    def prices_are_local(self) -> bool:
        """Whether prices hold only with every whole-number choice as the plan has it, or near the work its learners do."""
        return bool(self.prices) and self.certificate is not None and self.certificate.fixed is not None

    @property
    def held_in_prices(self) -> str:
        """What prices take as the plan has it, as the end of a heading: empty where they take nothing so."""
        return held_in_prices(self.prices_are_local, bool(self.routes.learners))

    def worth(self, check: Check) -> float | None:
        """What the first objective changes by when a limit rises by one of its unit, while its price holds; None without
        prices, or where no plan is left with more.

        For a share or an accuracy the unit is all of it (100 points): a hundredth of this is what a point is worth.
        """
        price = self.shadow_price(check)
        if price is None or self.moved is None:
            return price
        one = self._moved.get((check.family, check.key))
        return (
            0.0 if one is None else None if one.more is None else one.more * (100.0 if check.unit == "share" else 1.0)
        )

    def shadow_price(self, check: Check) -> float | None:
        """The dual that the certificate proves, for one more of the limit's unit: at a kink that of one side; None without."""
        price = self.prices.get((check.family, check.key))
        return None if price is None else price * check.base

    def worth_of_less(self, check: Check) -> float | None:
        """The same for a limit lower by one; None where no plan is left then, or it was not asked."""
        if self.moved is None:
            return None
        one = self._moved.get((check.family, check.key))
        return (
            0.0 if one is None else None if one.less is None else one.less * (100.0 if check.unit == "share" else 1.0)
        )

    @property
    def limits(self) -> pd.DataFrame:
        """Every limit of the plan: what is used of it, and its shadow price, what one more unit of it is worth.

        Columns: `limit`, `period`, `start`, `sense`, `used`, `amount`, `unit`, `price` (money per unit; none where the solver
        gave no prices). A limit of the whole horizon has no period. Empty without a plan.
        """
        import pandas as pd

        checks, starts = self.verification.checks if self.verification is not None else (), self.case.periods.starts
        rows = [
            (
                check.group or check.subject,
                None if check.period is None else check.period + 1,
                None if check.period is None else starts[check.period],
                "at least" if check.at_least else "at most",
                size * check.used,
                size * check.limit,
                "points" if check.unit == "share" else check.unit,
                None if price is None else price / size,
            )
            for check in checks
            for size, price in [(100.0 if check.unit == "share" else 1.0, self.shadow_price(check))]
        ]
        table = pd.DataFrame(rows, columns=[one.name for one in LIMITS])
        return table.astype({"period": "Int64", "start": "datetime64[s]", "price": "float64"})

    @property
    def shadow_prices(self) -> pd.DataFrame:
        """Shadow price of each limit that has one, what one more unit of it is worth: at a kink that of one side.

        Columns: `limit`, `period`, `start`, `unit`, `price`, in the currency of the case per unit; weightiest first.
        """
        table = self.limits
        order = (
            (table["price"] * table["amount"].where(table["amount"] != 0.0, 1.0))
            .abs()
            .sort_values(ascending=False, kind="stable")
        )
        priced = table.loc[order.index[order > WORTHLESS * self.size], ["limit", "period", "start", "unit", "price"]]
        return priced.reset_index(drop=True)

    def is_worth_something(self, check: Check) -> bool:
        """Whether all of a limit, at its price either way, is worth more than rounding of the plan's money."""
        price = max(abs(self.worth(check) or 0.0), abs(self.worth_of_less(check) or 0.0))
        return price * (abs(check.limit) or 1.0) > WORTHLESS * self.size

    @cached_property
    def _moved(self) -> Mapping[tuple[str, tuple[int, ...]], Price]:
        return {(one.family, one.key): one for one in self.moved or ()}

    def facts(self) -> dict[str, str]:
        """What became of the case."""
        told = {"": self.case.name, "scenario": self.case.scenario or "", "status": self.proven_status.value}
        if self.plan is None:
            return {**told, "why": "; ".join(one.sentence for one in self.reasons) or self.message}
        reached = f"{money(self.objective)} {self.case.currency}"
        gap = {} if self.gap is None else {"gap": f"{self.gap:.2%}"}
        spend = {"spend": f"{money(self.plan.spend)} {self.case.currency}"}
        told = {**told, self.case.file.objective[0].replace("-", " "): reached, **gap, **spend}
        return {name: fact for name, fact in told.items() if fact}

    def grids(self) -> tuple[Grid, ...]:
        """The plan, where there is one."""
        return self.plan.grids() if self.plan is not None else ()


def held_in_prices(local: bool, learns: bool) -> str:
    """What prices take as the plan has it, as the end of a heading."""
    if not local:
        return ""
    return ", near the work that learners do in the plan" if learns else ", whole-number choices as they are"


@dataclass(frozen=True, repr=False, eq=False)
class Evaluation(Shown):
    """A plan of one's own: what it costs and gives, and what it breaks."""

    plan: Plan
    verification: Verification
    problems: tuple[str, ...]
    """Lines the case has no way for; they are left out of the plan."""

    @property
    def holds(self) -> bool:
        """Whether the plan keeps every limit of the case."""
        return self.verification.holds and not self.problems

    def facts(self) -> dict[str, str]:
        """Whether it holds, and what it costs."""
        broken = len(self.problems) + len(self.verification.violations)
        return {"": "holds" if self.holds else f"breaks {broken} limits", **self.plan.facts()}


class UnverifiedPlanError(RuntimeError):
    """The solver's plan failed the independent check; it is not shown, only what was wrong with it."""

    def __init__(self, violations: tuple[str, ...], objective: float | None = None) -> None:
        self.violations, self.objective = violations, objective
        super().__init__("the plan failed its verification:\n" + "\n".join(violations[:20]))


class FiguresDisagreeError(UnverifiedPlanError):
    """Solver, plan and verifier come to different sums, or the plan passes its bound; both sums stand in place of a plan."""

    def __init__(self, differences: tuple[str, ...], objective: float | None = None) -> None:
        super().__init__(differences, objective)
        self.args = ("the figures of the plan do not agree:\n" + "\n".join(differences),)
