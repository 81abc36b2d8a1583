"""Why there is no plan: how much is missing, in the case's words, by letting limits give way at the least total."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocate.costing.limits import Share, accuracy_floors, budget_limits, demand, milestones, shares
from allocate.costing.throughput import vendor_capacities
from allocate.program.build import Built
from allocate.program.layout import measure
from allocate.program.naming import Block
from allocate.solvers.outcome import Outcome
from allocate.solvers.solve import solve

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]

RESULTS = ("demand_floor", "milestone", "value_floor", "score_floor", "accuracy_floor", "share_at_least")
"""Families of rows that ask for results."""
MEANS = (
    "budget",
    "budget_period",
    "budget_group",
    "vendor_hours",
    "vendor_items",
    "vendor_total",
    "rate_items",
    "rate_total",
    "review_team_hours",
    "demand_ceiling",
    "share_at_most",
)
"""Families of rows that limit means."""


@dataclass(frozen=True)
class Reason:
    """One thing that is missing."""

    kind: str
    """shortfall (of a result), overload (of a vendor or team), or money."""
    subject: str
    needed: float
    there: float
    unit: str
    sentence: str


def why_not(make: Callable[[], Built], time_limit: float | None = None) -> tuple[Reason, ...]:
    """What keeps a case from having a plan: results out of reach with the means there are, and means the results need.

    make: builds the case's program afresh; it is solved twice, once with elastic results, once with elastic means.
    """
    reasons: list[Reason] = []
    for families, describe in ((MEANS, _means), (RESULTS, _results)):
        built = make()
        slacks = relax(built, families)
        outcome = solve(built.program, time_limit=time_limit)
        if outcome.values is not None and slacks:
            amounts = {name: outcome.values[block.start : block.stop] for name, block in slacks.items()}
            reasons += describe(Relaxed(built, outcome, amounts))
    return tuple(reasons)


def relax(built: Built, families: Sequence[str]) -> Mapping[str, Block]:
    """Let every row of some families give way, and minimise how much, each measured against its own limit."""
    program = built.program
    arrays = program.arrays()
    slacks: dict[str, Block] = {}
    weights: list[tuple[Block, Floats]] = []
    for family in families:
        rows = program.rows.get(family)
        if rows is None:
            continue
        lower, upper = arrays.row_lower[rows.start : rows.stop], arrays.row_upper[rows.start : rows.stop]
        asks = np.isfinite(lower)
        limit = np.abs(np.where(asks, lower, upper))
        block = program.add_columns(f"slack_{family}", dict(rows.index), count=len(rows))
        program.add_terms(rows.ids, block.ids, np.where(asks, 1.0, -1.0))
        slacks[family] = block
        sizes = np.where(np.isfinite(limit), limit, 1.0)
        if family in ("accuracy_floor", "share_at_least", "share_at_most"):
            sizes = _asked(built, family)
        weights.append((block, 1.0 / np.maximum(sizes, 1.0)))
    costs = np.zeros(program.column_count)
    for block, weight in weights:
        costs[block.ids] = weight
    program.set_costs(costs, maximise=False)
    return slacks


def _asked(built: Built, family: str) -> Floats:
    """What a row about a ratio is a ratio of: its products' demand, in the row's measure."""
    layout = built.layout
    least = np.maximum(demand(layout.case)[0], 0.0)
    for asked in milestones(layout.case):
        least[asked.product] = max(least[asked.product], asked.items)
    if family == "accuracy_floor":
        return least[built.program.rows[family].index["product"]]
    count = np.maximum(np.bincount(layout.product, minlength=len(least)), 1)
    sizes = []
    for one in _shares(built, family):
        each = np.bincount(layout.product, measure(layout, one.measure), minlength=len(least)) / count
        sizes.append(float((least * each)[list(one.products)].sum()))
    return np.array(sizes)


def _shares(built: Built, family: str) -> list[Share]:
    """The shares a family's rows stand for, in their order."""
    routes, side = built.layout.routes, family.removeprefix("share_")
    served = np.zeros((len(routes.products), len(routes.vendors)), dtype=bool)
    served[routes.product, routes.vendor] = True
    return [one for one in shares(built.layout.case, served) if getattr(one, side) is not None]


@dataclass(frozen=True)
class Relaxed:
    """A solved program of which some rows gave way."""

    built: Built
    outcome: Outcome
    amounts: Mapping[str, Floats]
    """How much each row of a family gave way."""

    @property
    def items(self) -> Floats:
        """Items of every column of the layout."""
        assert self.outcome.values is not None
        block = self.built.layout.items
        return self.outcome.values[block.start : block.stop]

    def rows(self, family: str) -> Block:
        """The rows of a family."""
        return self.built.program.rows[family]

    def side(self, family: str, lower: bool) -> Floats:
        """The limits of a family's rows."""
        arrays, rows = self.built.program.arrays(), self.rows(family)
        return (arrays.row_lower if lower else arrays.row_upper)[rows.start : rows.stop]

    def broken(self, family: str, lower: bool) -> list[int]:
        """Positions of the rows that gave way by more than rounding."""
        limit = np.abs(self.side(family, lower))
        room = 1e-6 * np.maximum(np.where(np.isfinite(limit), limit, 1.0), 1.0)
        positions: list[int] = np.flatnonzero(self.amounts[family] > room).tolist()
        return positions

    def used(self, family: str) -> Floats:
        """What the plan takes of each row's limit, the part beyond it included."""
        rows = self.rows(family)
        assert self.outcome.row_values is not None
        used: Floats = self.outcome.row_values[rows.start : rows.stop] + self.amounts[family]
        return used

    def tight(self, family: str) -> Booleans:
        """Rows that are the bottleneck: more of any of them would let the others give way less."""
        rows, over = self.rows(family), self.amounts[family] > 0
        if self.outcome.row_duals is None:
            return over
        priced: Booleans = np.abs(self.outcome.row_duals[rows.start : rows.stop]) > 1e-12
        return (priced | over) & np.isfinite(self.side(family, lower=False))


def _results(relaxed: Relaxed) -> list[Reason]:
    """Results out of reach with the means there are."""
    found = [
        _shortfall(relaxed, family, position)
        for family in ("demand_floor", "milestone", "value_floor", "score_floor")
        if family in relaxed.amounts
        for position in relaxed.broken(family, lower=True)
    ]
    if "accuracy_floor" in relaxed.amounts:
        found += [_inaccurate(relaxed, position) for position in relaxed.broken("accuracy_floor", lower=True)]
    if "share_at_least" in relaxed.amounts:
        found += [_share(relaxed, "share_at_least", position) for position in relaxed.broken("share_at_least", True)]
    return found


def _shortfall(relaxed: Relaxed, family: str, position: int) -> Reason:
    layout = relaxed.built.layout
    limit = float(relaxed.side(family, lower=True)[position])
    missing = float(relaxed.amounts[family][position])
    product = int(relaxed.rows(family).index["product"][position])
    name = layout.routes.products[product] if product < len(layout.routes.products) else "the portfolio"
    unit, what = _plural(relaxed.built, product), "can be made"
    if family == "milestone":
        number = int(relaxed.rows(family).index["milestone"][position])
        one = next(m for m in milestones(layout.case) if (m.product, m.number) == (product, number))
        what += f" by {layout.case.periods.label(one.periods - 1)}"
    elif family == "value_floor":
        unit, what = f"{layout.case.currency} of value", "can be reached"
    elif family == "score_floor":
        unit, what = "effective labels", "can be made"
    sentence = f"{name}: {shown(missing)} {unit} short ({shown(limit - missing)} of {shown(limit)} {what})"
    return Reason("shortfall", name, limit, limit - missing, unit, sentence)


def _inaccurate(relaxed: Relaxed, position: int) -> Reason:
    layout = relaxed.built.layout
    product = int(relaxed.rows("accuracy_floor").index["product"][position])
    mine = layout.product == product
    made = float(relaxed.items[mine].sum())
    reached = float(relaxed.items[mine] @ layout.accuracy[mine]) / made
    floor = float(accuracy_floors(layout.case)[product])
    name = layout.routes.products[product]
    sentence = f"{name}: an accuracy of {floor:.2%} is out of reach ({reached:.2%} can be reached)"
    return Reason("shortfall", name, floor, reached, "share", sentence)


def _share(relaxed: Relaxed, family: str, position: int) -> Reason:
    """A share that cannot be kept, with the share the relaxed plan gives."""
    layout, side = relaxed.built.layout, family.removeprefix("share_")
    one = _shares(relaxed.built, family)[position]
    inside = np.isin(layout.product, one.products)
    if one.period is not None:
        inside &= layout.period == one.period
    amounts = relaxed.items * measure(layout, one.measure)
    part = float(amounts[inside & np.isin(layout.vendor, one.vendors)].sum() / amounts[inside].sum())
    bound = float(getattr(one, side))
    who = _joined([layout.routes.vendors[vendor] for vendor in one.vendors])
    word = side.replace("_", " ")
    sentence = f"rule '{one.name}': {who} can have {word} {bound:.2%}, {part:.2%} would be needed"
    if side == "at_least":
        sentence = f"rule '{one.name}': {who} must have {word} {bound:.2%}, {part:.2%} can be reached"
    needed, there = (bound, part) if side == "at_least" else (part, bound)
    return Reason(
        "shortfall" if side == "at_least" else "overload", f"rule '{one.name}'", needed, there, "share", sentence
    )


def _means(relaxed: Relaxed) -> list[Reason]:
    """Means the results need beyond those there are."""
    reasons = [
        *_vendors(relaxed, "vendor_hours"),
        *_vendors(relaxed, "vendor_items"),
        *_vendors(relaxed, "vendor_total"),
    ]
    reasons += [*_rate_lines(relaxed, "rate_items"), *_rate_lines(relaxed, "rate_total")]
    if "review_team_hours" in relaxed.amounts and relaxed.broken("review_team_hours", lower=False):
        rows = relaxed.tight("review_team_hours")
        reasons.append(_overload(relaxed, "review_team_hours", rows, "the review team", "h"))
    for family in ("budget", "budget_period", "budget_group"):
        if family in relaxed.amounts:
            reasons += _money(relaxed, family)
    if "share_at_most" in relaxed.amounts:
        reasons += [_share(relaxed, "share_at_most", position) for position in relaxed.broken("share_at_most", False)]
    if "demand_ceiling" in relaxed.amounts:
        for position in relaxed.broken("demand_ceiling", lower=False):
            product = int(relaxed.rows("demand_ceiling").index["product"][position])
            rows = np.arange(len(relaxed.rows("demand_ceiling"))) == position
            name, unit = relaxed.built.layout.routes.products[product], _plural(relaxed.built, product)
            reasons.append(_overload(relaxed, "demand_ceiling", rows, f"items of {name}", unit))
    return reasons


def _vendors(relaxed: Relaxed, family: str) -> list[Reason]:
    """Overloaded vendors; those that share the work of a bottleneck are counted together."""
    if family not in relaxed.amounts or not relaxed.broken(family, lower=False):
        return []
    layout, index = relaxed.built.layout, relaxed.rows(family).index
    tight = relaxed.tight(family)
    kind = {
        one.vendor: one.noun
        for one in vendor_capacities(layout.case)
        if one.by_period == (family != "vendor_total") and (one.noun == "h") == (family == "vendor_hours")
    }
    reasons = []
    for together in _sharing(relaxed, sorted(set(index["vendor"][tight].tolist())), kind):
        rows = tight & np.isin(index["vendor"], together)
        if relaxed.amounts[family][rows].sum() > 0:
            name = _joined([layout.routes.vendors[vendor] for vendor in together])
            name += " together" if len(together) > 1 else ""
            reasons.append(_overload(relaxed, family, rows, name, kind[together[0]]))
    return reasons


def _sharing(relaxed: Relaxed, vendors: list[int], kind: Mapping[int, str]) -> list[list[int]]:
    """Groups of vendors that work on common products and are measured in the same unit."""
    layout = relaxed.built.layout
    groups = [{vendor} for vendor in vendors]
    busy = relaxed.items > 1e-9
    for product in np.unique(layout.product[busy]):
        makers = set(layout.vendor[busy & (layout.product == product)].tolist()) & set(vendors)
        for noun in sorted({kind[vendor] for vendor in makers}):
            some = {vendor for vendor in makers if kind[vendor] == noun}
            touched = [group for group in groups if group & some]
            groups = [group for group in groups if not group & some] + [set().union(*touched)]
    return sorted(sorted(group) for group in groups)


def _rate_lines(relaxed: Relaxed, family: str) -> list[Reason]:
    if family not in relaxed.amounts:
        return []
    index, routes = relaxed.rows(family).index, relaxed.built.layout.routes
    reasons = []
    for line in sorted({int(index["line"][position]) for position in relaxed.broken(family, lower=False)}):
        route = int(np.flatnonzero(routes.line == line)[0])
        product = int(routes.product[route])
        name = f"{routes.products[product]} with {routes.vendors[routes.vendor[route]]}"
        rows = relaxed.tight(family) & (index["line"] == line)
        reasons.append(_overload(relaxed, family, rows, name, _plural(relaxed.built, product)))
    return reasons


def _money(relaxed: Relaxed, family: str) -> list[Reason]:
    case, currency = relaxed.built.layout.case, relaxed.built.layout.case.currency
    over, there = relaxed.amounts[family], relaxed.side(family, lower=False)
    reasons = []
    for position in relaxed.broken(family, lower=False):
        name = "budget"
        if family == "budget_period":
            name = f"budget of {case.periods.label(position)}"
        elif family == "budget_group":
            name = f"budget limit '{budget_limits(case)[position].name}'"
        needed, limit = float(there[position] + over[position]), float(there[position])
        short = f"{over[position]:,.2f} short"
        sentence = f"{name}: {needed:,.2f} {currency} needed, {limit:,.2f} {currency} there ({short})"
        reasons.append(Reason("money", name, needed, limit, currency, sentence))
    return reasons


def _overload(relaxed: Relaxed, family: str, rows: Booleans, name: str, unit: str) -> Reason:
    """A reason from the rows of a bottleneck: what is needed of them against what is there."""
    needed, there = float(relaxed.used(family)[rows].sum()), float(relaxed.side(family, lower=False)[rows].sum())
    utilisation = f": {needed / there:.2%} utilisation" if there > 0 else ""
    periods = relaxed.built.layout.case.periods
    until = relaxed.rows(family).index.get("period")
    when = ""
    if until is not None and int(until[rows].max()) + 1 < periods.count:
        when = f" by {periods.label(int(until[rows].max()))}"
    sentence = f"{name}: {shown(needed)} {unit} needed, {shown(there)} {unit} there{when}{utilisation}"
    return Reason("overload", name, needed, there, unit, sentence)


def shown(amount: float) -> str:
    """An amount for a sentence: whole when it is large, else four digits."""
    return f"{amount:,.0f}" if abs(amount) >= 1000 or abs(amount - round(amount)) < 1e-6 else f"{amount:,.4g}"


def _joined(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _plural(built: Built, product: int) -> str:
    if not 0 <= product < len(built.layout.routes.items):
        return ""
    noun = built.layout.routes.items[product]
    plural: str = {**built.layout.case.model.units, **built.layout.case.file.units}.get(noun, f"{noun}s")
    return plural
