"""Why a plan is as it is, in money: one program on one live solver, asked one thing after another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Literal

from allocate.explaining.costs import Cost, costs, costs_of
from allocate.explaining.money import (
    Forced,
    Left,
    Margin,
    MoreMoney,
    forced,
    less_money,
    margins,
    money_left,
    more_money,
)
from allocate.explaining.offers import Offer, offers
from allocate.explaining.prices import Price, prices
from allocate.explaining.re_solve import Again, Tell
from allocate.plan import Plan
from allocate.program.build import Built
from allocate.solvers.outcome import Status
from allocate.solvers.watch import Cancel
from allocate.tables.column import Grid, columns_of, grid
from allocate.tables.shown import Shown
from allocate.verification import Check

if TYPE_CHECKING:
    import pandas as pd

AMOUNTS = (1e3, 1e4, 1e5)
"""What more money is asked about."""
OF_LEFT, OF_MARGINS, OF_PRICES, OF_MONEY, OF_COSTS = 0.4, 0.9, 0.6, 0.5, 0.6
"""Part of the work that is left which each question may take, in the order in which they are asked."""
Part = Literal["margins", "forced", "prices", "costs", "money", "offers"]
SHOWN: dict[Part, tuple[str, ...]] = {
    "margins": ("product", "value", "cost", "hurdle"),
    "prices": ("limit", "sense", "amount", "unit", "more", "less"),
    "offers": ("vendor", "share", "price", "entry"),
}
"""What a notebook shows by itself."""


@dataclass(frozen=True, repr=False)
class Explanation(Shown):
    """Why a plan is as it is; every change is that of the first objective, for the better above zero."""

    objective: str
    proven: bool
    """Whether the plan is proven best; else what changes gain is measured from the best plan found."""
    margins: tuple[Margin, ...]
    """What the next money of each product returns, best first."""
    left: Left | None
    """Why the budget is not all spent; None where it is, or there is none."""
    forced: tuple[Forced, ...]
    """Products that get money only because a floor asks for it."""
    prices: tuple[Price, ...]
    """What one more unit of each limit that binds is worth, weightiest first; a change of the objective as it is."""
    costs: tuple[Cost, ...]
    """What every rule, and each limit that binds, costs, most expensive first."""
    money: tuple[MoreMoney, ...]
    """What 1k, 10k and 100k more budget would do."""
    less: MoreMoney | None
    """What a tenth less money would do, its amounts below zero; None without a budget, or where no plan is left."""
    offers: tuple[Offer, ...]
    """At which prices each vendor would enter the plan, or lose work."""
    left_out: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What was not looked into, because it would take more than twice the work of finding the plan: names by part; a thorough
    explanation leaves nothing out. `bounds` are limits of which prices are told as bounds."""

    def frame(self, part: Part) -> pd.DataFrame:
        """One of its parts as a frame: a row for each, a column for each figure; of a change its gain, and how it is known."""
        import pandas as pd

        return pd.json_normalize([asdict(one) for one in getattr(self, part)], sep="_")

    def facts(self) -> dict[str, str]:
        """How much there is to read."""
        proven = "of a plan proven best" if self.proven else "of the best plan found"
        parts = {"margins": self.margins, "prices": self.prices, "costs": self.costs, "offers": self.offers}
        return {
            "": f"{self.objective.replace('-', ' ')} {proven}",
            **{name: str(len(part)) for name, part in parts.items()},
            **({"left out": str(sum(map(len, self.left_out.values())))} if self.left_out else {}),
        }

    def grids(self) -> tuple[Grid, ...]:
        """Returns, prices and offers, by their main figures."""
        frames = [(part, names, self.frame(part)) for part, names in SHOWN.items() if getattr(self, part)]
        return tuple(grid(part, columns_of(frame[[*names]]), frame) for part, names, frame in frames)


def about_limits(again: Again, checks: Sequence[Check], names: Sequence[str]) -> Explanation | None:
    """The part of an explanation that is about limits asked for by name; None where there is no plan to start from.

    Raises CaseError for a name that is no limit's.
    """
    if again.base.values is None:
        return None
    found, about = costs_of(again, checks, names)
    priced = prices(again.built, again.base, about, again.carried, again.work)
    proven = again.base.status is Status.OPTIMAL
    return Explanation(again.built.aims[0].name, proven, (), None, (), priced, found, (), None, ())


def explanation(
    built: Built,
    plan: Plan,
    checks: Sequence[Check],
    *,
    time_limit: float | None = None,
    cancel: Cancel | None = None,
    tell: Tell | None = None,
    thorough: bool = False,
    again: Again | None = None,
) -> Explanation | None:
    """The explanation of a case's best plan; None where the time ends before there is one to start from.

    checks: what the plan uses of every limit. time_limit: s for all the solving there is to do; what it leaves open is
    marked as a bound, or unknown. tell: told what is looked into next. thorough: do all of it, however much work that is;
    else what matters most comes first, and what would take more than twice the work of finding the plan is marked as left.
    again: the case's program, where it is asked more than this.
    """
    again = again or Again(built, time_limit, cancel=cancel, tell=tell, sparing=not thorough)
    if again.base.values is None:
        return None
    budget = next((check for check in checks if check.family == "budget"), None)
    with again.within(OF_LEFT):
        left, less = money_left(again, plan, budget), less_money(again)
    with again.within(OF_MARGINS):
        returns = margins(again)
    with again.within(OF_PRICES):
        priced = prices(built, again.base, checks, again.carried, again.work, partial(again.leave, "bounds"))
    with again.within(OF_MONEY):
        more = more_money(again, AMOUNTS)
    with again.within(OF_COSTS):
        cost = costs(again, checks, priced)
    return Explanation(
        objective=built.aims[0].name,
        proven=again.base.status is Status.OPTIMAL,
        margins=returns,
        left=left,
        forced=forced(again),
        prices=priced,
        costs=cost,
        money=more,
        less=less,
        offers=offers(again, plan),
        left_out={part: tuple(dict.fromkeys(names)) for part, names in again.left_out.items()},
    )
