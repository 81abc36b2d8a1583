"""Why a plan is as it is: sentences first, then one table for each question."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from allocate.answers import Answer, held_in_prices
from allocate.case.load import Case
from allocate.costing.limits.budget import budget_currency
from allocate.explaining.costs import Cost
from allocate.explaining.explanation import Explanation
from allocate.explaining.money import Left, MoreMoney
from allocate.explaining.offers import Offer
from allocate.explaining.prices import Price
from allocate.explaining.re_solve import Worth
from allocate.explaining.thresholds import Threshold
from allocate.reporting.wording import listed, return_of, unit_after, worth
from allocate.tables.column import Grid
from allocate.tables.formats import MONEY, changes, percent, significant, spans, text, whole_or_significant

NAMED = 6
"""Names shown of what was not looked into; of more the first, and how many there are. `--format json` has all."""
LINES = 4
"""Where more money goes: so many lines are shown, and how many more there are."""


def as_json(answer: Answer, found: Explanation) -> dict[str, Any]:
    """The explanation as one JSON object."""
    return {
        "case": answer.case.name,
        "scenario": answer.case.scenario,
        "status": answer.status.value,
        "objective": answer.objective,
        "objective_name": found.objective,
        "currency": answer.case.currency,
        **{
            name: _with_changes(part, -1.0 if found.objective == "cost" else 1.0)
            for name, part in dataclasses.asdict(found).items()
            if name != "objective"
        },
    }


def _with_changes(part: Any, sign: float) -> Any:
    """Beside every gain the change of the objective itself, as prices have it: a cost that rises is above zero."""
    if isinstance(part, (list, tuple)):
        return [_with_changes(one, sign) for one in part]
    if not isinstance(part, dict):
        return part
    more = {"change": None if part["gain"] is None else sign * part["gain"] + 0.0} if "gain" in part else {}
    return {**{name: _with_changes(one, sign) for name, one in part.items()}, **more}


def sentences(found: Explanation, currency: str) -> list[str]:
    """What needs no table: money left over, money that floors force out, how good the plan itself is known to be."""
    money, lines = MONEY, []
    if not found.proven:
        lines.append(
            "The plan is not proven to be the best. Gains are measured from it, so part of a gain may be possible without the change."
        )
    if found.left is not None:
        lines.append(
            f"{money(found.left.amount)} {found.left.currency} of the budget is not spent: {_why_left(found, found.left, currency)}."
        )
    for one in found.forced:
        lines.append(
            f"{text(one.product)} gets {money(one.money)} {currency} only because a floor asks for it; without the floor"
            f" {found.objective.replace('-', ' ')} {_moves(one.worth, found.objective)} {currency}."
        )
    below = [
        one.product for one in found.margins if one.returns is not None and one.returns < one.hurdle * (1.0 - 1e-6)
    ]
    others = [name for name in below if name not in {one.product for one in found.forced}]
    if others:
        lines.append(f"The next money would return less than the hurdle on {', '.join(map(text, others))}.")
    return [*lines, ""] if lines else []


def _why_left(found: Explanation, left: Left, currency: str) -> str:
    if found.objective == "cost":
        return "the plan that costs least needs no more"
    step = f"{MONEY(left.step)} {left.currency}"
    if left.worth.state == "impossible":
        return "nothing more can be bought within the other limits"
    if left.worth.gain is None:
        return "there was no time to find out why"
    if left.returns is not None:
        return f"{step} more would return {significant(left.returns)} {currency} of value per {currency}, less than the hurdle"
    goal = found.objective.replace("-", " ")
    return f"with {step} more spent {goal} {_moves(left.worth, found.objective)} {currency}"


def _moves(change: Worth, objective: str) -> str:
    """A change in a sentence."""
    told = worth(change, objective)
    return told if not told[0].isdigit() else f"changes by {told}"


def blocks(found: Explanation, case: Case) -> list[Grid]:
    """Tables: marginal returns, prices, costs of rules and limits, more budget, vendors; those with something in them."""
    budget = budget_currency(case)
    tables = [
        _margins(found, case.currency),
        _prices(found.prices, found.objective, case.currency, case.periods.unit, _learns(case)),
        _costs(found.costs, found.objective, case),
        _money(
            [one for one in (found.less, *found.money) if one is not None and one.counts],
            found.objective,
            case.currency,
            "" if budget == case.currency else budget,
        ),
        offers_block(found.offers, case),
    ]
    return [without_blanks(table) for table in tables if table[2]]


def without_blanks(table: Grid) -> Grid:
    """A table without the columns that say nothing in any row."""
    title, head, rows, numeric = table
    kept = [n for n in range(len(head)) if any(row[n] not in ("", "–") for row in rows)]
    return Grid(title, [head[n] for n in kept], [[row[n] for n in kept] for row in rows], [numeric[n] for n in kept])


def _margins(found: Explanation, currency: str) -> Grid:
    rows = [
        [
            text(one.product),
            one.advice,
            significant(one.value) if abs(one.value) > 1e-9 else "0",
            significant(one.cost) if one.cost is not None else "no more possible",
            return_of(one.returns),
            return_of(one.last_returns),
            significant(one.hurdle),
        ]
        for one in found.margins
    ]
    title = f"What the next and the last money of each product returns ({currency})"
    head = ["product", "", "value of one more label", "its cost", "return", "return of the last", "hurdle"]
    return Grid(title, head, rows, [False, False, *[True] * 5])


def _learns(case: Case) -> bool:
    return any(vendor.learning for vendor in case.vendors.values())


def _prices(prices: Sequence[Price], objective: str, currency: str, unit: str, learns: bool) -> Grid:
    local = held_in_prices(any(one.local for one in prices), learns)
    title = f"Limits that bind, and how a little more or less of each changes {objective.replace('-', ' ')}, per unit ({currency}{local})"
    groups: dict[tuple[str, str], list[Price]] = {}
    for one in prices:
        groups.setdefault((one.group, one.sense), []).append(one)
    rows = [_price_row(ones, unit, objective) for ones in groups.values()]
    head = ["limit", "when", "", "amount", "unit", "with more", "holds up to", "with less", "holds down to"]
    return Grid(title, head, rows, [False, False, False, True, False, True, True, True, True])


def _price_row(ones: Sequence[Price], unit: str, objective: str) -> list[str]:
    first = ones[0]
    return [
        text(first.group),
        spans(sorted(one.period for one in ones if one.period is not None), unit),
        first.sense,
        _amounts(one.amount for one in ones),
        text(first.unit),
        _bounded(_range((one.more for one in ones), 4), [one.more_state for one in ones], objective),
        _end(ones, "more_up_to"),
        _bounded(_range((one.less for one in ones), 4), [one.less_state for one in ones], objective),
        _end(ones, "less_down_to"),
    ]


def _bounded(change: str, states: Sequence[str], objective: str) -> str:
    """A change that is no better than a price says, and may be worse, is marked so."""
    if "bound" not in states:
        return change
    return f"{change} or {_worse(change, objective)}"


def _worse(change: str, objective: str) -> str:
    """Cost that rises may rise by more, and fall by less; of value and net value it is the other way round."""
    worse = "rises" if objective == "cost" else "falls"
    return (
        "more"
        if change.startswith(worse) or (not change.startswith(("rises", "falls")) and objective == "cost")
        else "less"
    )


def _range(numbers: Iterable[float | None], digits: int) -> str:
    """A change, or the least and the greatest of several; no plan where some are not there."""
    known = list(numbers)
    found = [number for number in known if number is not None]
    return "no plan" if len(found) < len(known) else changes(found, partial(significant, digits=digits))


def _amounts(amounts: Iterable[float]) -> str:
    known, show = list(amounts), whole_or_significant
    low, high = show(min(known)), show(max(known))
    return low if low == high else f"{low} to {high}"


def _end(ones: Sequence[Price], side: str) -> str:
    """The nearest end of the ranges of several periods: the amount, or how far off it is where amounts differ."""
    known = [(abs(end - one.amount), end) for one in ones if (end := getattr(one, side)) is not None]
    if not known:
        return "–"
    distance, end = min(known)
    if distance == float("inf"):
        return "any"
    if len({one.amount for one in ones}) > 1:
        return f"{whole_or_significant(distance, 3)} {'more' if side == 'more_up_to' else 'less'}"
    return whole_or_significant(end)


def _costs(costs: Sequence[Cost], objective: str, case: Case) -> Grid:
    rows = [
        [
            text(one.limit),
            one.sense,
            text(one.owner),
            text(one.reason),
            worth(one.without, objective),
            _step(one, case),
            worth(one.more, objective),
            worth(one.less, objective),
        ]
        for one in costs
        if not one.is_left
        if one.owner or one.reason or one.limit.startswith("rule ") or not _free(one)
    ]
    head = ["rule or limit", "", "owner", "reason", "without it", "step", "a step higher", "a step lower"]
    goal = objective.replace("-", " ")
    title = f"What rules and limits cost: how {goal} changes without each, and with a step more or less of it ({case.currency})"
    return Grid(title, head, rows, [False, False, False, False, True, False, True, True])


QUESTIONS = {
    "margins": "what the next money returns on",
    "last returns": "what the last money returns on",
    "bounds": "how prices change at the limits themselves of",
    "costs": "what the plan would be without, or with a step more or less of,",
    "money": "what the plan would be with budget of",
    "forced": "what floors cost on",
    "offers": "at which prices work would move of",
}
"""What is not looked into where it takes too much work, by part."""


def left_out(found: Explanation, case: str) -> list[str]:
    """What was not looked into, and the command that does."""
    told = [
        f"- {words} {listed(list(map(text, names)), NAMED)}"
        for part, words in QUESTIONS.items()
        if (names := found.left_out.get(part))
    ]
    if not told:
        return []
    head = "Not looked into, because it would take more than twice the work of finding the plan:"
    return [head, *told, f"All of it: allocate explain {case} --thorough"]


def free_limits(found: Explanation, *, asked: bool = False) -> list[str]:
    """Limits that are reached although neither a step nor their absence changes anything: named, not tabled.

    asked: they were asked for by name, and need not be reached.
    """
    names = [one.limit for one in found.costs if _free(one) and not one.limit.startswith("rule ")]
    words = "Without effect on the result" if asked else "Fully used, but without effect on the result"
    return [f"{words}: {'; '.join(map(text, names))}."] if names else []


def _free(one: Cost) -> bool:
    return all(
        part is None or (part.state == "exact" and abs(part.gain or 0.0) < 0.005)
        for part in (one.without, one.more, one.less)
    )


def _step(one: Cost, case: Case) -> str:
    if one.step is None:
        return "–"
    return f"{whole_or_significant(one.step)} {text(unit_after(one.step, one.unit, case))}" + (
        ", each period" if one.each_period else ""
    )


def _money(money: Sequence[MoreMoney], objective: str, money_of: str, currency: str) -> Grid:
    """currency: of the budget, where that is not the case's; else empty."""
    goal = objective.replace("-", " ")
    header = ["more or less", "spent", goal, "goes to"]
    header[:2] = [f"{word}, {currency}" for word in header[:2]] if currency else header[:2]
    rows = [[MONEY(one.amount), MONEY(one.spent), worth(one.worth, objective), _where(one)] for one in money]
    return Grid(f"More and less budget ({goal}, {money_of})", header, rows, [True, True, True, False])


def _where(one: MoreMoney) -> str:
    parts = [f"{text(p)} {text(v)} {text(w)} {change:+,.0f}" for p, v, w, change in one.lines[:LINES]]
    rest = len(one.lines) - LINES
    return ", ".join(parts) + (f", and {rest} more" if rest > 0 else "")


def offers_block(offers: Sequence[Offer], case: Case) -> Grid:
    """A row for each vendor that has prices; of people of your own, no wage at which they would get more work is named."""
    thresholds = [(one, (one.enters, one.loses_some, one.loses_all)) for one in offers]
    asked = [one for one, ends in thresholds if any(end is not None and end.state != "left" for end in ends)]
    title = f"Vendors and their prices: all of a vendor's prices moving together ({case.currency} per item)"
    head = [
        "vendor",
        "share of spend",
        "would get more of",
        "price",
        "below",
        "cut",
        "keeps its work up to",
        "has none above",
    ]
    return Grid(title, head, [_row(one) for one in asked], [False, True, False, True, True, True, True, True])


def _row(one: Offer) -> list[str]:
    enters = one.enters
    cut = "–" if enters is None or enters.factor is None else percent(1.0 - enters.factor)
    return [
        text(one.vendor),
        percent(one.share),
        text(f"{one.product}, {one.workflow}") if one.product else "–",
        significant(one.price) if one.enters is not None else "–",
        _below(one),
        cut,
        _above(one.loses_some),
        _above(one.loses_all),
    ]


def _below(one: Offer) -> str:
    if one.enters is None:
        return "–"
    if one.enters.factor is None:
        return {"never": "at no price"}.get(one.enters.state, "not known")
    return significant(one.entry)


def _above(threshold: Threshold | None) -> str:
    if threshold is None:
        return "–"
    if threshold.factor is None:
        return {"never": "keeps some at any price"}.get(threshold.state, "not known")
    more = 100.0 * (threshold.factor - 1.0)
    if threshold.factor >= 3.0:
        return f"{significant(threshold.factor, 3)} times its price"
    # Another plan is as good already: the next cent gives it the work.
    return f"{significant(more, 3)}% more" if more >= 1e-3 else "today's price"
