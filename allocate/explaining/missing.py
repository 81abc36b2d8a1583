"""What a relaxed program says is missing, in words: results out of reach, and means that would not do."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from allocate.costing.limits.amounts import arrivals, milestones, work_in_progress
from allocate.costing.limits.budget import budget_currency, budget_limits
from allocate.costing.limits.targets import value_floors
from allocate.costing.supply.resources import shared_resources
from allocate.costing.supply.throughput import vendor_capacities
from allocate.explaining.digits import apart, money, percent, visible
from allocate.explaining.feasibility_relaxation import ACCURACY, RULES, Relaxed, shares_of
from allocate.explaining.reasons import Reason
from allocate.program.arrays import Booleans
from allocate.program.build import Built


def results_missing(relaxed: Relaxed) -> list[Reason]:
    """Results out of reach with the means there are."""
    found = [
        _shortfall(relaxed, family, position)
        for family in ("demand_floor", "milestone", "stock_needed", "value_floor", "score_floor")
        if family in relaxed.amounts
        for position in relaxed.broken(family, lower=True)
    ]
    found += [
        _inaccurate(relaxed, family, position)
        for family in ACCURACY
        if family in relaxed.amounts
        for position in relaxed.broken(family, lower=True)
    ]
    found += _qualities(relaxed)
    if "share_at_least" in relaxed.amounts:
        found += [_share(relaxed, "share_at_least", position) for position in relaxed.broken("share_at_least", True)]
    return [*found, *_rules(relaxed)]


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
    elif family == "stock_needed":
        what += f" by {layout.case.periods.label(int(relaxed.rows(family).index['period'][position]))}"
    elif family == "value_floor":
        currency = next(one.currency for one in value_floors(layout.case) if one.product == product)
        unit, what = f"{currency} of value", "can be reached"
    elif family == "score_floor":
        unit, what = "effective labels", "can be made"
    there, asked = apart(limit - missing, limit)
    least, most = ("at least ", "at most ") if layout.routes.learners else ("", "")
    sentence = f"{name}: {least}{visible(missing)} {unit} short ({most}{there} of {asked} {what})"
    return Reason("shortfall", name, limit, limit - missing, unit, sentence)


def _inaccurate(relaxed: Relaxed, family: str, position: int) -> Reason:
    layout, index = relaxed.built.layout, relaxed.rows(family).index
    product = int(index["product"][position])
    mine, name = layout.product == product, layout.routes.products[product]
    if "vendor" in index:
        mine &= layout.vendor == index["vendor"][position]
        name += f" by {layout.routes.vendors[int(index['vendor'][position])]}"
    if "period" in index:
        mine &= layout.delivered == index["period"][position]
        name += f" in {layout.case.periods.label(int(index['period'][position]))}"
    made = float(relaxed.items[mine].sum())
    reached = float(relaxed.items[mine] @ layout.accuracy[mine]) / made
    asked = layout.case.products[layout.routes.products[product]].accuracy
    assert asked is not None
    floor = asked.at_least
    wanted, best = apart(floor, reached, percent)
    sentence = f"{name}: an accuracy of {wanted} is out of reach ({best} can be reached)"
    return Reason("shortfall", name, floor, reached, "share", sentence)


def _share(relaxed: Relaxed, family: str, position: int) -> Reason:
    """A share that cannot be kept, with the share the relaxed plan gives."""
    layout, side = relaxed.built.layout, family.removeprefix("share_")
    one = shares_of(relaxed.built, family)[position]
    bound = float(getattr(one, side))
    part = bound + _beyond(relaxed, family, position)
    who = _joined(sorted(layout.routes.vendors[vendor] for vendor in one.vendors))
    word = side.replace("_", " ")
    limit, reached = apart(bound, part, percent)
    sentence = f"rule '{one.name}': {who} can have {word} {limit}, {reached} would be needed"
    if side == "at_least":
        sentence = f"rule '{one.name}': {who} must have {word} {limit}, {reached} can be reached"
    needed, there = (bound, part) if side == "at_least" else (part, bound)
    return Reason(
        "shortfall" if side == "at_least" else "overload", f"rule '{one.name}'", needed, there, "share", sentence
    )


def _beyond(relaxed: Relaxed, family: str, position: int) -> float:
    """By how much a share passes its limit, from its row: the part less the limit's share of the total."""
    arrays, row = relaxed.built.program.arrays(), relaxed.rows(family).start + position
    totals, values = relaxed.built.program.columns["share_total"], relaxed.outcome.values
    assert values is not None
    assert relaxed.outcome.row_values is not None
    entries = np.flatnonzero((arrays.index == row) & (arrays.column >= totals.start) & (arrays.column < totals.stop))
    total = float(values[arrays.column[entries[0]]])
    gave = float(relaxed.amounts[family][position]) * (-1.0 if family == "share_at_least" else 1.0)
    return (float(relaxed.outcome.row_values[row]) + gave) / total if total > 0 else 0.0


def _rules(relaxed: Relaxed) -> list[Reason]:
    """Rules that count or hold something and had to give way."""
    reasons: list[Reason] = []
    case = relaxed.built.layout.case
    for family, rows in RULES.items():
        if family not in relaxed.amounts:
            continue
        below = bool(np.isfinite(relaxed.side(family, lower=True)).any())
        for position in relaxed.broken(family, lower=below):
            rule, short = int(relaxed.rows(family).index["rule"][position]), float(relaxed.amounts[family][position])
            name, unit = case.file.rules[rule].name, rows.unit_of(case, rule)
            limit = float(relaxed.side(family, lower=True)[position])
            if not np.isfinite(limit):
                limit = float(relaxed.side(family, lower=False)[position])
            what = unit.removesuffix("s") if abs(short - 1.0) < 1e-9 else unit
            sentence = f"rule '{name}': it would have to be relaxed by {visible(short)} {what}"
            reasons.append(Reason("shortfall", f"rule '{name}'", limit, limit - short, unit, sentence))
    return reasons


def _contracts(relaxed: Relaxed) -> list[Reason]:
    """Ceilings of contracts that are too low, and vendors that would be needed and are forbidden."""
    reasons: list[Reason] = []
    layout = relaxed.built.layout
    if "ceiling" in relaxed.amounts:
        for position in relaxed.broken("ceiling", lower=False):
            name = layout.routes.vendors[relaxed.rows("ceiling").index["vendor"][position]]
            there, over = float(relaxed.side("ceiling", False)[position]), float(relaxed.amounts["ceiling"][position])
            unit = layout.terms[relaxed.rows("ceiling").index["vendor"][position]].ceiling_in
            needed, ceiling = apart(there + over, there, money)
            sentence = f"the contract with {name}: {needed} {unit} needed, its ceiling is {ceiling} {unit}"
            reasons.append(Reason("money", f"contract with {name}", there + over, there, unit, sentence))
    if "only_vendors" in relaxed.amounts:
        for position in relaxed.broken("only_vendors", lower=False):
            rows, over = relaxed.rows("only_vendors"), float(relaxed.amounts["only_vendors"][position])
            product = int(rows.index["product"][position])
            words = f"{layout.routes.products[product]} with {layout.routes.vendors[rows.index['vendor'][position]]}"
            many = _plural(relaxed.built, product)
            sentence = f"{words}: {visible(over)} {many} would be needed of a vendor that a rule forbids"
            reasons.append(Reason("overload", words, over, 0.0, many, sentence))
    return reasons


def means_missing(relaxed: Relaxed) -> list[Reason]:
    """Means the results need beyond those there are."""
    reasons = [
        *_vendors(relaxed, "vendor_hours"),
        *_vendors(relaxed, "vendor_items"),
        *_vendors(relaxed, "vendor_total"),
    ]
    reasons += _teams(relaxed)
    reasons += [*_rate_lines(relaxed, "rate_items"), *_rate_lines(relaxed, "rate_total")]
    if "review_team_hours" in relaxed.amounts and relaxed.broken("review_team_hours", lower=False):
        rows = relaxed.tight("review_team_hours")
        reasons.append(_overload(relaxed, "review_team_hours", rows, "the review team", "h"))
    reasons += [*_shared(relaxed, "resource_by_period"), *_shared(relaxed, "resource_in_all"), *_arrived(relaxed)]
    for family in ("budget", "budget_period", "budget_group"):
        if family in relaxed.amounts:
            reasons += _money(relaxed, family)
    reasons += [*_rules(relaxed), *_contracts(relaxed)]
    if "share_at_most" in relaxed.amounts:
        reasons += [_share(relaxed, "share_at_most", position) for position in relaxed.broken("share_at_most", False)]
    if "demand_ceiling" in relaxed.amounts:
        for position in relaxed.broken("demand_ceiling", lower=False):
            product = int(relaxed.rows("demand_ceiling").index["product"][position])
            rows = np.arange(len(relaxed.rows("demand_ceiling"))) == position
            name, unit = relaxed.built.layout.routes.products[product], _plural(relaxed.built, product)
            reasons.append(_overload(relaxed, "demand_ceiling", rows, f"items of {name}", unit))
    return [*reasons, *_in_progress(relaxed)]


def _shared(relaxed: Relaxed, family: str) -> list[Reason]:
    """What vendors share and have too little of."""
    if family not in relaxed.amounts or not relaxed.broken(family, lower=False):
        return []
    known, index, tight = shared_resources(relaxed.built.layout.case), relaxed.rows(family).index, relaxed.tight(family)
    return [
        _overload(relaxed, family, rows, f"resource '{known[number].name}'", _many(relaxed.built, known[number].noun))
        for number in sorted(set(index["resource"][tight].tolist()))
        if relaxed.amounts[family][rows := tight & (index["resource"] == number)].sum() > 0
    ]


def _arrived(relaxed: Relaxed) -> list[Reason]:
    """Products of which more would have to be worked on than has arrived."""
    family = "arrived"
    if family not in relaxed.amounts:
        return []
    reasons, parts = [], arrivals(relaxed.built.layout.case)
    for position in relaxed.broken(family, lower=False):
        part = parts[position]
        rows = np.arange(len(relaxed.rows(family))) == position
        name = f"items of {relaxed.built.layout.routes.products[part.product]} that have arrived"
        reasons.append(_overload(relaxed, family, rows, name, _plural(relaxed.built, part.product)))
    return reasons


def _qualities(relaxed: Relaxed) -> list[Reason]:
    """Products whose qualities nobody who can make them reaches together."""
    reasons, names = [], relaxed.built.layout.routes.products
    for family in ("quality_limit", "quality_limit_vendor"):
        for position in relaxed.broken(family, lower=True) if family in relaxed.amounts else ():
            index = relaxed.rows(family).index
            product = names[index["product"][position]]
            quality = list(relaxed.built.layout.case.products[product].qualities)[index["quality"][position]]
            short = float(relaxed.amounts[family][position])
            sentence = f"{quality} of {product}: as far from its limit as {visible(short)} items that are all wrong"
            reasons.append(Reason("shortfall", f"{quality} of {product}", 0.0, -short, "items", sentence))
    return reasons


def _in_progress(relaxed: Relaxed) -> list[Reason]:
    """Products of which more would have to be begun and not delivered at one time than may be."""
    family = "work_in_progress"
    if family not in relaxed.amounts:
        return []
    most, reasons = work_in_progress(relaxed.built.layout.case), []
    beyond = np.zeros(len(most))
    np.maximum.at(beyond, relaxed.rows(family).index["product"], relaxed.amounts[family])
    for product in sorted({relaxed.rows(family).index["product"][n] for n in relaxed.broken(family, lower=False)}):
        there, needed = float(most[product]), float(most[product] + beyond[product])
        unit = _plural(relaxed.built, int(product))
        name = f"work in progress of {relaxed.built.layout.routes.products[product]}"
        most_needed, most_there = apart(needed, there)
        sentence = f"{name}: {most_needed} {unit} at one time, {most_there} may be"
        reasons.append(Reason("overload", name, needed, there, unit, sentence))
    return reasons


def _vendors(relaxed: Relaxed, family: str) -> list[Reason]:
    """Overloaded vendors; those that share the work of a bottleneck are counted together."""
    if family not in relaxed.amounts or not relaxed.broken(family, lower=False):
        return []
    layout, index = relaxed.built.layout, relaxed.rows(family).index
    tight = relaxed.tight(family)
    kind = {one.vendor: one.noun for one in vendor_capacities(layout.case) if one.family == family}
    reasons = []
    for together in _sharing(relaxed, sorted(set(index["vendor"][tight].tolist())), kind):
        rows = tight & np.isin(index["vendor"], together)
        if relaxed.amounts[family][rows].sum() > 0:
            name = _joined(sorted(layout.routes.vendors[vendor] for vendor in together))
            name += " together" if len(together) > 1 else ""
            reasons.append(_overload(relaxed, family, rows, name, _many(relaxed.built, kind[together[0]])))
    return reasons


def _teams(relaxed: Relaxed) -> list[Reason]:
    """In-house teams whose hours are not enough, with every hire and hour of overtime that helps."""
    family = "team_hours"
    if family not in relaxed.amounts:
        return []
    layout, rows, broken = relaxed.built.layout, relaxed.rows(family), relaxed.broken(family, lower=False)
    reasons = []
    for team in layout.teams:
        mine = [position for position in broken if rows.index["vendor"][position] == team.vendor]
        if not mine:
            continue
        needed = float(relaxed.work.hours_worked(relaxed.work.vendor == team.vendor).sum())
        missing = float(relaxed.amounts[family][mine].sum())
        name = layout.routes.vendors[team.vendor]
        wanted, there = apart(needed, needed - missing)
        sentence = f"{name}: {wanted} h needed, {there} h can be staffed"
        reasons.append(Reason("overload", name, needed, needed - missing, "h", sentence))
    return reasons


def _sharing(relaxed: Relaxed, vendors: list[int], kind: Mapping[int, str]) -> list[list[int]]:
    """Groups of vendors that can work on common products of which some is made, and are measured in the same unit."""
    layout = relaxed.built.layout
    groups = [{vendor} for vendor in vendors]
    busy = relaxed.items > 1e-9
    for product in np.unique(layout.product[busy]):
        makers = set(layout.vendor[layout.product == product].tolist()) & set(vendors)
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
    case = relaxed.built.layout.case
    over, there = relaxed.amounts[family], relaxed.side(family, lower=False)
    reasons = []
    for position in relaxed.broken(family, lower=False):
        name, currency = "budget", budget_currency(case, family)
        if family == "budget_period":
            name = f"budget of {case.periods.label(position)}"
        elif family == "budget_group":
            one = budget_limits(case)[position]
            name, currency = f"budget limit '{one.name}'", one.currency
        needed, limit = float(there[position] + over[position]), float(there[position])
        asked, there_is = apart(needed, limit, money)
        short = f"{visible(float(over[position]), money)} short"
        sentence = f"{name}: {asked} {currency} needed, {there_is} {currency} there ({short})"
        reasons.append(Reason("money", name, needed, limit, currency, sentence))
    return reasons


def _overload(relaxed: Relaxed, family: str, rows: Booleans, name: str, unit: str) -> Reason:
    """A reason from the rows of a bottleneck: what is needed of them against what is there."""
    needed, there = float(relaxed.used(family)[rows].sum()), float(relaxed.side(family, lower=False)[rows].sum())
    utilisation = f": {apart(needed / there, 1.0, percent)[0]} utilisation" if there > 0 else ""
    periods = relaxed.built.layout.case.periods
    until = relaxed.rows(family).index.get("period")
    when = ""
    if until is not None and int(until[rows].max()) + 1 < periods.count:
        when = f" by {periods.label(int(until[rows].max()))}"
    wanted, had = apart(needed, there)
    sentence = f"{name}: {wanted} {unit} needed, {had} {unit} there{when}{utilisation}"
    return Reason("overload", name, needed, there, unit, sentence)


def _joined(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _plural(built: Built, product: int) -> str:
    if not 0 <= product < len(built.layout.routes.items):
        return ""
    return _many(built, built.layout.routes.items[product])


def _many(built: Built, noun: str) -> str:
    """What is counted, as several of it are named: `h` and `EU` as they are."""
    if noun in ("h", "EU"):
        return noun
    plural: str = {**built.layout.case.model.units, **built.layout.case.file.units}.get(noun, f"{noun}s")
    return plural
