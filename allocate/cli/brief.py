"""An answer in a few sentences, short enough for a chat: what is decided, for how much, who gets it, what binds, how sure."""

from __future__ import annotations

from collections.abc import Callable

from allocate.answers import Answer
from allocate.cli.answer import against_budget, without_plan
from allocate.cli.limits import priced
from allocate.cli.proof import no_plan_passes
from allocate.errors import readable
from allocate.finance.payees import by_payee
from allocate.plan import Plan
from allocate.reporting.markdown import escaped
from allocate.reporting.wording import counted, gap, listed, rounded
from allocate.tables.formats import changes, count, percent, significant
from allocate.tables.frames import table_of

MOST = 1000
"""Characters that no brief comes to."""
SIZES = ((5, 40), (4, 30), (3, 20), (2, 12), (1, 8))
"""Names in a list and characters of a name; the first that fit are taken."""

Name = Callable[[str], str]


def brief(answer: Answer) -> str:
    """A few sentences, a line each, of fewer than `MOST` characters; names in them are no markup and call upon nobody."""
    tell = _without_plan if answer.plan is None else _told
    told = ""
    for most, letters in SIZES:
        told = "\n".join(tell(answer, most, _safe(letters)))
        if len(told) < MOST:
            return told
    return told


def _safe(letters: int) -> Name:
    """Names of so many characters at most; `#` stands for itself nowhere, since chats make a channel or an issue of it."""
    return lambda name: escaped(readable(name, letters)).replace("&#", "\0").replace("#", "&#35;").replace("\0", "&#")


def _title(answer: Answer, name: Name) -> str:
    scenario = f", scenario {name(answer.case.scenario)}" if answer.case.scenario else ""
    return f"Plan of {name(answer.case.name)}{scenario}"


def _without_plan(answer: Answer, most: int, name: Name) -> list[str]:
    """That there is no plan, and why."""
    words = _safe(40 * most)
    reasons = [f"{words(reason.sentence).removesuffix('.')}." for reason in answer.reasons[:2]]
    left = len(answer.reasons) - len(reasons)
    more = [f"{counted(left, 'more reason')}: see the whole answer."] if left else []
    told = words(without_plan(answer)) if answer.status.value == "stopped" else without_plan(answer)
    return [f"{_title(answer, name)}: {told}", *reasons, *more]


def _told(answer: Answer, most: int, name: Name) -> list[str]:
    plan = answer.plan
    assert plan is not None
    return [
        f"{_title(answer, name)}: {_decided(plan, most, name)}.",
        f"{against_budget(answer)}; {_worth(answer, plan)}.",
        *_present(answer, plan),
        *_paid(answer, plan, most, name),
        _binding(answer, most, _safe(50 * most // 3)),
        *_sure(answer),
    ]


def _decided(plan: Plan, most: int, name: Name) -> str:
    """Which products get how many items, those that cost most first."""
    rows = list(table_of(plan, "products").rows("product", "items", "cost"))
    made = sorted((row for row in rows if row[1] > 0), key=lambda row: (-row[2], row[0]))
    if not made:
        return "no product gets labels"
    shown = listed([f"{name(product)} {count(items)}" for product, items, _ in made], most)
    return (
        f"{len(made)} of {counted(len(rows), 'product')} {'gets' if len(made) == 1 else 'get'} labels ({shown} items)"
    )


def _worth(answer: Answer, plan: Plan) -> str:
    """What the money buys, or that the case puts no value on it."""
    case = answer.case
    unspent = [("escaped errors", plan.escaped_error_cost), ("penalties", plan.penalty)]
    besides = "".join(f", {what} weigh {rounded(money)}, not spent" for what, money in unspent if money)
    if not any(product.value for product in case.products.values()):
        return f"the case puts no value on labels{besides}"
    less = " less penalties" if plan.penalty else ""
    return (
        f"value {rounded(plan.value)} {case.currency}, net value {rounded(plan.net_value)} "
        f"(value less {plan.hurdle:g} x spend less escaped errors{less})"
    )


def _present(answer: Answer, plan: Plan) -> list[str]:
    """The objective in present value, where the case discounts: what the bound is held against."""
    if plan.present is None:
        return []
    goal = answer.case.file.objective[0]
    told = f"{goal.replace('-', ' ')} is {rounded(plan.amount(goal))} {answer.case.currency}"
    return [f"In present value at {100 * plan.present.rate:.4g} % a year, {told}."]


def _paid(answer: Answer, plan: Plan, most: int, name: Name) -> list[str]:
    """Who gets how much, the most first."""
    rows = list(by_payee(answer.case, plan).rows("paid_to", "amount", "share"))
    rows = sorted((row for row in rows if abs(row[1]) >= 0.005), key=lambda row: (-row[1], row[0]))
    shown = [f"{name(who)} {rounded(amount)} ({percent(share, 0)})" for who, amount, share in rows]
    return [f"Who gets it, in {answer.case.currency}: {listed(shown, most)}."] if shown else []


def _binding(answer: Answer, most: int, name: Name) -> str:
    """The limits that cost something, weightiest first, and what more of the first changes."""
    found = priced(answer)
    if not found:
        return "No limit that binds has a known price." if not answer.prices else "No limit holds the plan back."
    known = dict.fromkeys(check.group or check.subject for check in found)
    first, money = found[0], answer.worth(found[0])
    points = first.unit == "share"
    goal, unit = answer.case.file.objective[0].replace("-", " "), "point" if points else first.unit
    by = "" if money is None else changes([money * (0.01 if points else 1.0)], significant)
    more = f" (with one {name(unit)} more, {goal} {by} {answer.case.currency})" if by.strip("0.,") else ""
    weightiest, *others = map(name, known)
    return f"What holds it back: {listed([weightiest + more, *others], most)}."


def _sure(answer: Answer) -> list[str]:
    """What is proven, and whether there are odds to ask for."""
    found = answer.verification
    assert found is not None
    broken = sum(check.broken for check in found.checks)
    kept = f"{len(found.checks) - broken:,} of {counted(len(found.checks), 'limit')} recomputed from the case hold"
    paid = f", {broken:,} missed for a penalty" if broken else ""
    bound, open_ = answer.bound, answer.gap
    if bound is None or open_ is None or open_ == float("inf"):
        best = "how much better a plan could be is not known"
    else:
        trusted = " according to the solver" if answer.proven_status is not answer.status else ""
        best = f"{no_plan_passes(answer.case, bound)} (gap {gap(open_)}{trusted})"
    stopped = answer.status.value == "feasible" and not answer.leaves_a_gap
    early = "Stopped early: the best plan so far. " if stopped else ""
    odds = "Amounts with a spread stand at their middles (P50); `allocate odds` gives the odds."
    said = [odds] if answer.case.spreads else []
    return [f"{early}How sure: {kept}{paid}; {best}.{_range(answer)}", *said]


def _range(answer: Answer) -> str:
    """How far the learning curves let the net value go, where that is known."""
    plan = answer.plan
    if plan is None or plan.value_range is None or plan.value_range.beyond <= 0 or not plan.value_range.is_known:
        return ""
    low, high = (rounded(plan.net_value - plan.value + one) for one in (plan.value_range.low, plan.value_range.high))
    return f" By the learning curves, net value is {low} to {high} (P10 to P90)."
