"""The limits of a plan that bind, and what more or less of each would change."""

from __future__ import annotations

from allocate.answers import Answer
from allocate.tables.column import Grid
from allocate.tables.formats import changes, significant, spans, text
from allocate.verification import Check


def limits_grid(answer: Answer) -> Grid:
    """Limits that cost something, weightiest first; those of several periods in one row."""
    goal = answer.case.file.objective[0].replace("-", " ")
    local = answer.held_in_prices
    groups: dict[tuple[str, bool], list[Check]] = {}
    for check in priced(answer):
        groups.setdefault((check.group or check.subject, check.at_least), []).append(check)
    kinks = any(_kink(answer, check) for checks in groups.values() for check in checks)
    rows = [
        _limit_row(answer, name, sorted(checks, key=lambda c: c.period or 0), kinks)
        for (name, _), checks in groups.items()
    ]
    sides = ["with more", "with less"] if kinks else ["with more" if answer.moved is not None else "with more or less"]
    title = f"Limits that bind, and how a little more of each changes {goal}, per unit ({answer.case.currency}{local})"
    title = title.replace("more of each", "more or less of each") if kinks else title
    numeric = [False, False, False, True, False, *[True] * len(sides)]
    return Grid(title, ["limit", "when", "", "amount", "unit", *sides], rows, numeric)


def _kink(answer: Answer, check: Check) -> bool:
    """Whether more and less of a limit change the objective differently."""
    if answer.moved is None:
        return False
    more, less = answer.worth(check), answer.worth_of_less(check)
    return more is None or less is None or abs(more + less) > 1e-6 * max(abs(more), abs(less))


def _limit_row(answer: Answer, name: str, checks: list[Check], kinks: bool) -> list[str]:
    first = checks[0]
    points = first.unit == "share"
    amounts = [check.limit * (100.0 if points else 1.0) for check in checks]
    periods = [check.period + 1 for check in checks if check.period is not None]
    sides = [answer.worth, answer.worth_of_less] if kinks else [answer.worth]
    return [
        text(name),
        spans(periods, answer.case.periods.unit),
        "at least" if first.at_least else "at most",
        _range(amounts, 6),
        "points" if points else first.unit,
        *(_changes([side(check) for check in checks], 0.01 if points else 1.0) for side in sides),
    ]


def _changes(worths: list[float | None], size: float) -> str:
    """What the objective changes by per unit, the least and the greatest of several periods."""
    known = [size * one for one in worths if one is not None]
    return "no plan" if len(known) < len(worths) else changes(known, significant)


def _range(numbers: list[float], digits: int) -> str:
    """A number, or the least and the greatest of several."""
    low, high = significant(min(numbers), digits), significant(max(numbers), digits)
    return low if low == high else f"{low} to {high}"


def priced(answer: Answer) -> list[Check]:
    """Limits of which nothing is left and more of which would change something, weightiest first.

    Weight is what one per cent of the limit is worth, so that hours, items and money can stand in one list.
    """
    binding = answer.verification.binding if answer.verification is not None else ()
    weights = {n: max(abs(answer.worth(c) or 0.0), abs(answer.worth_of_less(c) or 0.0)) for n, c in enumerate(binding)}
    priced = [n for n, c in enumerate(binding) if c.family != "order_multiple" and answer.is_worth_something(c)]
    return [binding[n] for n in sorted(priced, key=lambda n: -weights[n] * abs(binding[n].limit))]


def free(answer: Answer) -> str:
    """In words, how many limits are reached although more of them has no effect."""
    assert answer.verification is not None
    if not answer.prices and answer.case.file.give:
        return "Shadow prices are left out: they hold for the best plan by the first goal, and this plan may give up part of that."
    if not answer.prices:
        return "Shadow prices (what one more unit of each limit is worth) are not known: the solver gave none for this plan."
    count = len(answer.verification.binding) - len(priced(answer))
    if not count:
        return ""
    number = "1 more limit is" if count == 1 else f"{count:,} more limits are"
    return f"{number} fully used, and raising them would not improve the plan."
