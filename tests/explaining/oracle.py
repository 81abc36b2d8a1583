"""Every figure of an explanation a second time: the case changed as its words say, and solved by itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from allocate import Answer, read_case, solve
from allocate.api.solving import formulate
from allocate.case.load import Case, revised
from allocate.costing.lifted import units_of
from allocate.errors import CaseError
from allocate.explaining.by_hand import places
from allocate.explaining.costs import Cost, costs
from allocate.explaining.explanation import AMOUNTS
from allocate.explaining.money import forced, less_money, more_money
from allocate.explaining.prices import Price, prices
from allocate.explaining.re_solve import UNKNOWN, Again, Worth
from allocate.program.build import Built
from allocate.solvers.highs import solve_arrays
from allocate.solvers.live import Live
from allocate.solvers.outcome import Status
from allocate.solvers.solve import solve as run
from allocate.units import Quantity, kind_of

SLACK = 2e-6
"""Part of the objective by which two solves may differ."""
Make = Callable[[Case], Built]
"""Makes the program of a case, with what is added to it by hand."""


@dataclass(frozen=True)
class Claim:
    """A figure of an explanation, and the case of which it is said."""

    words: str
    worth: Worth
    case: Case | None
    """None where what the figure is about cannot be written as a case."""


def claims(case: Case, costs: tuple[Cost, ...]) -> Iterator[Claim]:
    """What is claimed of every rule and limit: without it, and a step higher and lower."""
    for one in costs:
        name = f"{one.limit} {one.sense}".strip()
        yield Claim(f"without {name}", one.without, _without(case, one))
        for sign, worth in ((1.0, one.more), (-1.0, one.less)):
            if worth is not None and one.step is not None:
                yield Claim(f"{name} {sign * one.step:+g}", worth, _moved(case, one, sign * one.step))


def _of_money(case: Case, again: Again, used: float) -> Iterator[Claim]:
    """What is claimed of more and less budget, and of the floors that force money out; used: what is spent of the budget."""
    total = case.file.budget.total
    for more in more_money(again, AMOUNTS):
        assert total is not None
        budget = case.file.budget.model_copy(update={"total": _plus(total, more.amount)})
        yield Claim(f"{more.amount:g} more budget", more.worth, _file(case, budget=budget))
    if (less := less_money(again)) is not None:
        assert total is not None
        budget = case.file.budget.model_copy(update={"total": _plus(total, used + less.amount - float(total.number))})
        yield Claim(f"{-less.amount:g} less than is spent", less.worth, _file(case, budget=budget))
    for one in forced(again):
        product = case.products[one.product]
        value = None
        if product.value is not None:
            value = product.value.model_copy(update={"at_least": None, "score_at_least": None})
        demand = product.demand
        free = {"at_least": None, "exactly": None, "at_most": demand.exactly or demand.at_most, "penalty": None}
        update = {"demand": demand.model_copy(update={**free, "cash": False}), **_right_ones(case, one.product)}
        yield Claim(
            f"{one.product} without floors",
            one.worth,
            _product(case, one.product, **update, milestones=(), value=value),
        )


def wrong(base: Answer, claim: Claim, make: Make = formulate) -> str | None:
    """What is wrong with a claim; None where a solve of its own agrees, or the claim says that it does not know."""
    worth = claim.worth
    if claim.case is None or worth.state in ("unknown", "left"):
        return None
    after = _solved(claim.case, make)
    told = f"{claim.words}: {worth.state} {worth.gain}, planned: {after}"
    if after == "unproven":
        return None
    if isinstance(after, str):
        if after in ("open", "unbounded"):
            return None if worth.state in ("endless", "bound", "open") else told
        return None if worth.state == "impossible" else told
    if worth.gain is None:
        return told
    assert base.objective is not None
    # Figures are about the best plan by the first goal, of which later ones may give up a part.
    before = _solved(base.case, make) if base.case.file.give else base.objective
    assert not isinstance(before, str)
    gain = (after - before) * (-1.0 if base.case.file.objective[0] == "cost" else 1.0)
    slack = SLACK * max(1.0, abs(base.objective), abs(after)) + _curves(base, make)
    told = f"{claim.words}: {worth.state} {worth.gain:.6f}, planned: {gain:.6f}"
    if worth.state == "bound":
        return told if worth.gain > gain + slack else None
    return told if abs(worth.gain - gain) > slack else None


def _curves(base: Answer, make: Make) -> float:
    """Money by which straight pieces may hide what value curves are worth."""
    from allocate.certificate.outer_approximation import curve_error

    return 2.0 * curve_error(make(base.case))


def _solved(case: Case, make: Make) -> float | str:
    try:
        built = make(case)
        outcome = run(built.program)
    except CaseError as error:
        unlimited = all("nothing limits" in problem.message for problem in error.problems)
        return "open" if unlimited else "impossible"
    if outcome.status in (Status.INFEASIBLE, Status.UNBOUNDED):
        return {Status.INFEASIBLE: "impossible", Status.UNBOUNDED: "unbounded"}[outcome.status]
    if outcome.status is not Status.OPTIMAL:
        assert built.layout.routes.learners, "only hours that fall with learning may leave a gap"
        return "unproven"
    assert outcome.objective is not None
    return outcome.objective


def _plus(amount: Quantity, more: float) -> Quantity:
    return replace(amount, number=amount.number + more)


def _file(case: Case, **update: Any) -> Case:
    return replace(case, file=case.file.model_copy(update=update))


def _product(case: Case, name: str, **update: Any) -> Case:
    return _file(case, products={**case.products, name: case.products[name].model_copy(update=update)})


def _right_ones(case: Case, name: str) -> dict[str, Any]:
    """The accuracy floor with its penalty for a point as one for each right item missing: it stays so where no least is asked."""
    floor, demand = case.products[name].accuracy, case.products[name].demand
    least = demand.exactly or demand.at_least
    if (
        floor is None
        or floor.penalty is None
        or least is None
        or not least.number
        or kind_of(floor.penalty) != "money/points"
    ):
        return {}
    each = f"{100.0 * floor.penalty.number / least.number!r} {floor.penalty.currency}/item"
    return {"accuracy": floor.model_copy(update={"penalty": units_of(case).quantity(each)})}


def _contract(case: Case, name: str, **update: Any) -> Case:
    vendor = case.vendors[name]
    vendor = vendor.model_copy(update={"contract": vendor.contract.model_copy(update=update)})
    return _file(case, vendors={**case.vendors, name: vendor})


def _named(pattern: str, one: Cost) -> str | None:
    found = re.fullmatch(pattern, one.limit)
    return found[1] if found else None


def _rule(case: Case, one: Cost) -> int | None:
    name = _named(r"rule '(.*)'", one)
    return None if name is None else [rule.name for rule in case.file.rules].index(name)


def _without(case: Case, one: Cost) -> Case | None:
    """The case without a limit."""
    rule, budget = _rule(case, one), case.file.budget
    if rule is not None:
        return _file(case, rules=tuple(r for n, r in enumerate(case.file.rules) if n != rule))
    if one.limit == "budget":
        return _file(case, budget=budget.model_copy(update={"total": None}))
    if one.limit == "budget of each period":
        return _file(case, budget=budget.model_copy(update={"per_week": None, "per_month": None}))
    if (name := _named(r"budget limit '(.*)'", one)) is not None:
        kept = tuple(limit for limit in budget.limits if limit.name != name)
        return _file(case, budget=budget.model_copy(update={"limits": kept}))
    if (name := _named(r"items of (\S+)", one)) in case.products:
        demand = case.products[name].demand
        if one.sense == "at most":
            free = {"at_most": None, "exactly": None, "at_least": demand.exactly or demand.at_least}
        else:
            free = {"at_least": None, "exactly": None, "at_most": demand.exactly or demand.at_most, "penalty": None}
        demand = demand.model_copy(update={**free, "cash": False})
        return _product(case, name, demand=demand, **_right_ones(case, name))
    if (name := _named(r"accuracy of (\S+)( by each vendor| in each delivery)?", one)) in case.products:
        return _product(case, name, accuracy=None)
    if (name := _named(r"deadline of (\S+) .*", one)) in case.products:
        return _product(case, name, deadline=None)
    if (name := _named(r"ceiling of the contract with (\S+)", one)) in case.vendors:
        return _contract(case, name, ceiling=None)
    if (name := _named(r"milestone of (\S+) by .*", one)) in case.products and len(case.products[name].milestones) == 1:
        return _product(case, name, milestones=())
    for family, pattern in _CAPACITIES.items():
        if (name := _named(pattern, one)) in case.vendors and case.vendors[name].team is None:
            vendor = case.vendors[name].model_copy(update={"capacity": None, "people": None})
            plain = not vendor.capacity_steps and not case.file.calendar and not case.file.levers
            fits = _fits(case, name, family) and plain
            return _file(case, vendors={**case.vendors, name: vendor}) if fits else None
    return None


_CAPACITIES = {
    "vendor_hours": r"hours of (\S+)",
    "vendor_items": r"capacity of (\S+)",
    "vendor_total": r"capacity of (\S+)",
}


def _fits(case: Case, name: str, family: str) -> bool:
    """Whether a vendor's capacity is of a family of limits."""
    from allocate.costing.supply.throughput import vendor_capacities

    found = [one for one in vendor_capacities(case) if list(case.vendors)[one.vendor] == name]
    return len(found) == 1 and found[0].family == family


def _moved(case: Case, one: Cost, more: float) -> Case | None:
    """The case with a limit higher by an amount."""
    share = more / 100.0 if one.unit == "points" else more
    rule, budget = _rule(case, one), case.file.budget
    if rule is not None:
        return _with_rule(case, rule, more if one.unit != "points" else share)
    if one.limit == "budget" and budget.total is not None:
        return _file(case, budget=budget.model_copy(update={"total": _plus(budget.total, more)}))
    if one.limit == "budget of each period" and budget.per_week is not None:
        return _file(case, budget=budget.model_copy(update={"per_week": _plus(budget.per_week, more)}))
    if (name := _named(r"budget limit '(.*)'", one)) is not None:
        changed = tuple(
            limit.model_copy(update={"at_most": _plus(limit.at_most, more)}) if limit.name == name else limit
            for limit in budget.limits
        )
        return _file(case, budget=budget.model_copy(update={"limits": changed}))
    if (name := _named(r"items of (\S+)", one)) in case.products:
        demand = case.products[name].demand
        key = {"at least": "at_least", "at most": "at_most", "exactly": "exactly"}[one.sense]
        asked = getattr(demand, key)
        if asked is None:
            keys = ("at_least", "at_most") if key == "exactly" else ("exactly",)
            update = {k: _plus(getattr(demand, k), more) for k in keys if getattr(demand, k) is not None}
            if key != "exactly":
                other = "at_most" if key == "at_least" else "at_least"
                update = {"exactly": None, key: update["exactly"], other: demand.exactly}
        else:
            update = {key: _plus(asked, more)}
        return _product(case, name, demand=demand.model_copy(update=update))
    if (name := _named(r"accuracy of (\S+)( by each vendor| in each delivery)?", one)) in case.products:
        floor = case.products[name].accuracy
        assert floor is not None
        return _product(case, name, accuracy=floor.model_copy(update={"at_least": floor.at_least + share}))
    if (name := _named(r"ceiling of the contract with (\S+)", one)) in case.vendors:
        most = case.vendors[name].contract.ceiling
        assert most is not None
        return _contract(case, name, ceiling=_plus(most, more))
    if (name := _named(r"milestone of (\S+) by .*", one)) in case.products and len(case.products[name].milestones) == 1:
        (asked,) = case.products[name].milestones
        return _product(case, name, milestones=(asked.model_copy(update={"at_least": _plus(asked.at_least, more)}),))
    for family, pattern in _CAPACITIES.items():
        if (name := _named(pattern, one)) in case.vendors and _fits(case, name, family):
            return replace(case, added={(family, list(case.vendors).index(name)): more})
    return None


def _with_rule(case: Case, number: int, more: float) -> Case | None:
    """The case with a rule's amount higher."""
    rule = case.file.rules[number]
    if rule.share is not None:
        key = "at_most" if rule.share.at_most is not None else "at_least"
        changed: Any = {"share": rule.share.model_copy(update={key: getattr(rule.share, key) + more})}
    elif rule.count is not None:
        key = "at_most" if rule.count.at_most is not None else "at_least"
        changed = {"count": rule.count.model_copy(update={key: getattr(rule.count, key) + int(more)})}
    elif rule.fix is not None:
        changed = {"fix": rule.fix.model_copy(update={"items": _plus(rule.fix.items, more)})}
    else:
        return None
    rules = [*case.file.rules]
    rules[number] = rule.model_copy(update=changed)
    return _file(case, rules=tuple(rules))


def faults(source: Any, *settings: Any, make: Make = formulate) -> list[str]:
    """What is wrong with the explanation of a case; empty too where it has no plan. make: with rules added by hand."""
    case = source if isinstance(source, Case) else read_case(source)
    case = revised(case, dict(settings)) if settings else case
    built = make(case)
    base = solve(case, formulation=built)
    if base.plan is None or base.status is not Status.OPTIMAL:
        return []
    assert base.verification is not None
    again = Again(built)
    used = next((one.used for one in base.verification.checks if one.family == "budget"), 0.0)
    found = [*claims(case, costs(again, base.verification.checks)), *_of_money(case, again, used)]
    told = [told for claim in found if (told := wrong(base, claim, make)) is not None]
    live = Live(built.program.arrays())
    assert live.base.values is not None
    return told + price_faults(
        case, prices(built, live.base, base.verification.checks, again.carried), built, live.base.values, make
    )


def with_choices(case: Case, base: Any, values: Any, make: Make = formulate) -> float | None:
    """What a case reaches with every whole number as a plan of another program has it; None without a plan."""
    built = make(case)
    arrays = built.program.arrays()
    if not base.program.arrays().integer.any():
        outcome = solve_arrays(arrays)
    else:
        columns = places(base.program.columns, built.program.columns, base.program.column_count)
        chosen = np.flatnonzero(base.program.arrays().integer)
        known = np.zeros(arrays.column_count)
        assert (columns[chosen] >= 0).all()
        assert len(chosen) == arrays.integer.sum()
        known[columns[chosen]] = values[chosen]
        outcome = solve_arrays(arrays.with_whole_numbers(known))
    return outcome.objective if outcome.status is Status.OPTIMAL else None


def price_faults(case: Case, found: tuple[Price, ...], base: Any, values: Any, make: Make = formulate) -> list[str]:
    """What is wrong with prices: within their ends they are the slope of solves of their own with the plan's choices.

    Where vendors learn a linear program with the choices does not have their hours, and prices have no ends.
    """
    if base.program.learned is not None:
        return [f"{one.limit}: ends" for one in found if (one.more_up_to, one.less_down_to) != (None, None)]
    told, before = [], with_choices(case, base, values, make)
    assert before is not None
    for one in found:
        for slope, end, way in ((one.more, one.more_up_to, 1.0), (one.less, one.less_down_to, -1.0)):
            size = max(1.0, abs(one.amount))
            far = 1e-5 * size if end is None else min(abs(end - one.amount), 0.5 * size)
            if end is not None and far <= 1e-7 * size and slope is not None:
                continue
            far = max(far, 1e-5 * size)
            name = Cost(one.group, one.sense, "", "", UNKNOWN, 1.0, one.unit, False, None, None)
            rule = re.match(r"(rule '.*?')(: |$)", one.group)
            other = (
                None
                if one.period is not None or (rule and one.family != "fixed_quantity")  # one row of several
                else _moved(case, replace(name, limit=rule[1] if rule else one.group), way * far)
            )
            if other is None:
                continue
            after = with_choices(other, base, values, make)
            if slope is None:
                if after is not None:
                    told.append(f"{one.limit} {way * far:+g}: no plan, planned: {after - before:.6g}")
            elif after is None or abs(after - before - slope * far) > 1e-6 * max(1.0, abs(before), abs(slope * far)):
                got = None if after is None else after - before
                told.append(f"{one.limit} {way * far:+g}: {slope * far:.8g}, planned: {got}")
    return told
