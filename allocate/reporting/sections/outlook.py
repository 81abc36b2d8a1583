"""What could change the answer: inputs moved one at a time, what rules and limits cost, more budget, vendors' prices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from allocate.costing.limits.budget import budget_currency
from allocate.errors import readable
from allocate.explaining.costs import Cost
from allocate.explaining.inputs import Swing
from allocate.reporting import charts
from allocate.reporting.document import Chart, Section
from allocate.reporting.material import Material, left_out, table
from allocate.reporting.wording import amount_of, counted, listed, worth
from allocate.tables.formats import money, percent, significant
from allocate.verification import Check

BARS = 8
LIMITS = 6
OFFERS = "Vendors with little or no work"
LEAST = 0.005
"""Changes of less than half a cent are none."""
LARGE = "This case is large: each limit has its shadow price, what one more unit is worth; allocate report --thorough plans it again without each."


def moved(m: Material) -> list[Swing]:
    """Every input and limit that was moved and changes something, largest change first."""
    each = f" each {m.case.periods.unit}"
    found = [replace(one, input=readable(one.input, 80)) for one in m.swings]
    found += [
        Swing(
            readable(one.limit, 80), amount_of(one.step, one.unit, m.case) + each * one.each_period, one.less, one.more
        )
        for one in (m.found.costs if m.found is not None else ())
        if one.step is not None and one.less is not None and one.more is not None
    ]
    changing = [one for one in found if one.size >= LEAST or not one.less.gain or not one.more.gain]
    changing = [one for one in changing if one.size >= LEAST]
    return sorted(changing, key=lambda one: (-one.size, one.input))


def tornado(m: Material) -> Section | None:
    """What moving one input at a time changes; None where that was not asked for."""
    if m.found is None:
        return None
    every = moved(m)
    if not every:
        none = "No input that was moved changes anything."
        return Section("What could change the answer", (none, *left_out(m, "inputs", "costs")))
    shown = every[:BARS]
    labels, goal = [f"{one.input} (± {one.step})" for one in shown], m.case.file.objective[0]
    sign = -1.0 if goal == "cost" else 1.0
    drawn = [
        {"name": label, "change": sign * change.gain, "side": side}
        for label, one in zip(labels, shown, strict=True)
        for side, change in (("less", one.less), ("more", one.more))
        if change.gain is not None
    ]
    rows = [[one.input, one.step, worth(one.less, goal), worth(one.more, goal)] for one in every]
    first = every[0]
    sentences = [
        f"Each input is moved alone by the step beside it, and planned again. Most depends on {first.input}: "
        f"{first.step} more or less changes {m.goal} by up to {money(first.size)} {m.currency}.",
        *_impossible(every),
        *left_out(m, "inputs", "costs"),
    ]
    better = "more is better" if goal != "cost" else "less is better"
    chart = Chart(
        charts.tornado(drawn, labels, f"change of {m.goal} ({m.currency}; {better})"),
        f"Bars of what {counted(len(shown), 'input')} moved less or more change, largest first: {first.input}.",
        table("inputs", ["input", "step", "a step less", "a step more"], rows, 2, shown=len(rows)),
        is_wide=True,
        note="" if len(shown) == len(every) else f"the {len(shown)} of {len(every)} inputs that change most",
    )
    return Section("What could change the answer", tuple(sentences), chart, is_wide=True)


def _impossible(bars: list[Swing]) -> Iterator[str]:
    names = [
        f"{one.step} {side} of {one.input}"
        for one in bars
        for side, change in (("less", one.less), ("more", one.more))
        if change.state == "impossible"
    ]
    if names:
        yield f"No plan would be left with {listed(names)}."


def expensive(m: Material) -> list[Cost]:
    """Rules and limits that cost something, most expensive first; rules that cost nothing at the end."""
    asked = [one for one in (m.found.costs if m.found is not None else ()) if one.without.state != "left"]
    return [one for one in asked if one.owner or one.reason or not _free(one)]


def _free(one: Cost) -> bool:
    return one.without.gain is not None and abs(one.without.gain) < LEAST


def limits(m: Material) -> Section | None:
    """What each rule and limit costs."""
    title = "What rules and limits cost"
    if m.found is None:
        return _priced(m, title)
    rows = [
        [
            readable(one.limit, 80),
            readable(one.owner, 40) or "–",
            readable(one.reason, 120) or "–",
            worth(one.without, m.case.file.objective[0]),
        ]
        for one in expensive(m)
    ]
    left = left_out(m, "costs")
    if not rows:
        return Section(title, left or ("No rule and no limit costs anything.",), is_wide=True)
    words = f"What {m.goal} ({m.currency}) does without each, found by planning again; what costs nothing and belongs to nobody is left out."
    header = ["rule or limit", "owner", "reason", f"{m.goal} without it"]
    done = table("rules and limits", header, rows, 3, shown=LIMITS, order="most expensive first")
    return Section(title, (words, *left), tables=(done,), is_wide=True)


def priced(m: Material) -> list[tuple[str, list[Check], float]]:
    """Limits of which nothing is left and more of which would change something: name, parts, largest price of a part.

    Weightiest first, by what all of the limit is worth; shares and accuracies are priced by the point.
    """
    groups: dict[str, list[Check]] = {}
    for check in m.checks:
        if check.binding and m.answer.is_worth_something(check) and check.family != "order_multiple":
            groups.setdefault(check.group or check.subject, []).append(check)

    def weight(checks: list[Check]) -> float:
        return sum(abs((m.answer.worth(check) or 0.0) * check.limit) for check in checks)

    found = []
    for name in sorted(groups, key=lambda name: (-weight(groups[name]), name)):
        worths = [(m.answer.worth(check) or 0.0) * (0.01 if check.unit == "share" else 1.0) for check in groups[name]]
        found.append((name, groups[name], max(worths, key=abs)))
    return found


def unit_of(check: Check) -> str:
    """What a limit is moved by: a point for shares, else its unit."""
    return "point" if check.unit == "share" else check.unit


def _priced(m: Material, title: str) -> Section | None:
    rows = [
        [readable(name, 80), unit_of(checks[0]), f"{len(checks):,}", significant(price)]
        for name, checks, price in priced(m)
    ]
    if not rows:
        return Section(title, (LARGE, "No limit has a price."), is_wide=True)
    header = ["limit", "unit", f"{m.unit}s or parts", f"one more changes {m.goal} by at most ({m.currency})"]
    done = table("limits", header, rows, 2, shown=LIMITS, order="weightiest first")
    return Section(title, (LARGE,), tables=(done,), is_wide=True)


def more_budget(m: Material) -> Section | None:
    """What more budget would do; None where that is nothing, there is no budget, or it was not asked."""
    if m.found is None or not any(one.counts for one in m.found.money):
        return None
    rows = [
        [money(one.amount), money(one.spent), worth(one.worth, m.case.file.objective[0]), _where(m, one.lines)]
        for one in m.found.money
    ]
    header = ["more budget", "of it spent", m.goal, "goes to"]
    done = table("amounts", header, rows, 0, shown=len(rows))
    done = type(done)(done.what, done.header, (True, True, True, False), done.rows, done.shown)
    of = budget_currency(m.answer.case)
    words = f"In {m.currency}" if of == m.currency else f"Budget in {of}, {m.goal} in {m.currency}"
    said = (f"{words}; each amount is planned again.", *left_out(m, "money"))
    return Section("More budget", said, tables=(done,))


def _where(m: Material, lines: tuple[tuple[str, str, str, float], ...]) -> str:
    changes: dict[str, float] = {}
    for product, _, _, amount in lines:
        changes[product] = changes.get(product, 0.0) + amount
    order = sorted(
        (name for name in changes if abs(changes[name]) >= 0.5), key=lambda name: (-abs(changes[name]), name)
    )
    return listed([f"{m.product[name]} {changes[name]:+,.0f}" for name in order], 4) or "–"


def offers(m: Material) -> Section | None:
    """At which prices vendors without work would enter the plan; None where there are none."""
    if m.found is None:
        return None
    rows = [
        [
            m.vendor[one.vendor],
            f"{m.product[one.product]}, {m.workflow[one.workflow]}" if one.product else "–",
            readable(one.asks, 40) or "–",
            "no price does it" if one.enters.factor is None else readable(one.target, 40),
            "–" if one.enters.factor is None else percent(1.0 - one.enters.factor),
        ]
        for one in m.found.offers
        if one.enters is not None and (one.enters.factor is not None or one.enters.state == "never")
    ]
    idle = [one.vendor for one in m.found.offers if one.enters is not None and one.enters.state == "left"]
    left = left_out(m, "offers") if idle else ()
    if not rows:
        return Section(OFFERS, left) if left else None
    header = ["vendor", "would get more of", "price now", "below", "cut"]
    done = table("vendors", header, rows, 2, shown=LIMITS)
    return Section(
        OFFERS,
        ("In the contracts' own units.", *left),
        tables=(done,),
    )
