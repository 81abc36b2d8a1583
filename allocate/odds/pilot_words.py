"""What was found of pilots in rows and sentences: the same on a terminal, in JSON and on the page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from allocate.case.schema import Pilot
from allocate.odds.go_or_stop import MOST_ITEMS, EarlyLook
from allocate.odds.pilot_rules import Rule
from allocate.odds.pilot_values import Choice, Worth
from allocate.odds.pilots import Pilots
from allocate.tables.column import Column, Grid, grid
from allocate.tables.formats import SHARE, count, money, percent
from allocate.tables.pilots import DESIGNS, PLANS, RULES, TOTALS

SHOWN, APART = 10, 1.3
"""Choices of pilots that people are shown, the best first, each in some pilot larger by so much than the others; programs get all."""
Row = dict[str, Any]


def design_rows(found: Pilots) -> list[Row]:
    """One row for each choice compared, best net first."""
    return [_design_row(found, worth) for worth in found.worths]


def _design_row(found: Pilots, worth: Worth) -> Row:
    run = found.run(worth)
    return {
        "pilots": " + ".join(name for name, _ in run),
        "items": " + ".join(count(design.items) for _, design in run),
        "annotators": " + ".join(
            count(design.people) if found.case.file.pilots[name].annotators else "any" for name, design in run
        ),
        "costs": worth.costs,
        "worth": worth.worth,
        "error": worth.error,
        "net": worth.net,
        "how": worth.how,
    }


def _design(found: Pilots, worth: Worth) -> Row:
    """The same with what is run as numbers."""
    run = [{"pilot": name, **vars(design)} for name, design in found.run(worth)]
    figures = {
        key: value for key, value in _design_row(found, worth).items() if key not in ("pilots", "items", "annotators")
    }
    return {"run": run, **figures}


def rule_rows(found: Pilots) -> list[Row]:
    """One row for each outcome of the best pilots that count right items."""
    return [
        {
            "pilot": name, "then": one.name(number), "least": outcome.least, "most": outcome.most,
            "checked": one.design.checked, "ordered": outcome.ordered, "chance": outcome.chance,
            **{_at(truth): float(one.chances[at, number]) for at, truth in enumerate(one.truths.tolist())},
        }
        for name, one in found.rules.items()
        for number, outcome in enumerate(one.outcomes)
    ]  # fmt: skip


def _at(truth: float) -> str:
    return f"at_{percent(truth)}"


def plan_rows(found: Pilots) -> list[Row]:
    """What each vendor makes after each outcome, on average."""
    products, vendors = list(found.case.products), list(found.case.vendors)
    return [
        {"pilot": name, "then": _outcome(one, number), "product": product, "vendor": vendor, "items": float(items)}
        for name, one in found.rules.items()
        for number, plan in enumerate(found.after[name])
        for p, product in enumerate(products)
        for v, vendor in enumerate(vendors)
        if (items := plan.items[p, v]) > 0.5
    ]


def total_rows(found: Pilots) -> list[Row]:
    """What each outcome comes to, on average."""
    return [
        {
            "pilot": name, "then": _outcome(one, number), "chance": outcome.chance,
            "spend": found.after[name][number].spend, "objective": found.after[name][number].value,
        }
        for name, one in found.rules.items()
        for number, outcome in enumerate(one.outcomes)
    ]  # fmt: skip


def _outcome(one: Rule, number: int) -> str:
    name, outcome = one.name(number), one.outcomes[number]
    return f"{name} ({count(outcome.ordered)})" if name == "go in part" else name


def as_object(found: Pilots) -> dict[str, Any]:
    """All of it as JSON has it."""
    return {
        "case": found.case.name,
        "currency": found.case.currency,
        "objective_name": found.case.file.objective[0],
        "scenarios": found.scenarios,
        "seed": found.seed,
        "everything": found.everything,
        "exact": found.exact,
        "least_cost": found.least_cost,
        "without_plan": found.without_plan,
        "designs": [_design(found, worth) for worth in found.worths],
        "best": None if found.best is None else _design(found, found.best),
        "rules": rule_rows(found),
        "plans": plan_rows(found),
        "totals": total_rows(found),
        "early_looks": {
            name: None if look is None else look_row(found, name, look) for name, look in found.looks.items()
        },
        "signings": [vars(one) for one in found.signings],
        "sentences": list(sentences(found)),
    }


def look_row(found: Pilots, name: str, look: EarlyLook) -> Row:
    """A design with an early look, with what it needs and how it errs."""
    asked = found.case.file.pilots[name].early_look
    assert asked is not None
    return {
        **vars(look),
        "expected_items_if_poor": look.expected_items(asked.poor),
        "stops_early_if_poor": look.stops_early(asked.poor),
        "goes_if_poor": look.goes(asked.poor),
        "goes_if_good": look.goes(asked.good),
    }


def grids(found: Pilots) -> list[Grid]:
    """The tables for people."""
    currency = found.case.currency
    rows = [_design_row(found, worth) for worth in _shown(found)]
    if not rows:
        return []
    more = len(found.worths) > len(rows)
    title = f"Is a pilot worth it? ({currency})" + (f", {len(rows)} of {len(found.worths):,} choices" if more else "")
    hidden = {"annotators"} if all(row["annotators"] == "any" for row in rows) else set()
    hidden |= {"error"} if all(row["error"] == 0.0 for row in rows) else set()
    tables = [grid(title, [one for one in DESIGNS if one.name not in hidden], rows)]
    for name, one in found.rules.items():
        own = [row for row in rule_rows(found) if row["pilot"] == name]
        truths = [Column(_at(t), "share", format=SHARE, heading=f"at {percent(t)}") for t in one.truths.tolist()]
        head = f"{name}: what is ordered after it, and how likely that is at each true accuracy"
        tables.append(grid(head, [*RULES[1:], *truths], own))
    if found.rules:
        tables.append(grid("The plan after each outcome, on average (items)", PLANS, plan_rows(found)))
        tables.append(grid(f"What it comes to ({currency})", TOTALS, total_rows(found)))
    return tables


def _shown(found: Pilots) -> list[Worth]:
    """Choices that differ in more than a few items, best first."""
    kept: list[Worth] = []
    for worth in found.worths:
        if len(kept) < SHOWN and all(_differ(worth.choice, one.choice) for one in kept):
            kept.append(worth)
    return kept


def _differ(one: Choice, other: Choice) -> bool:
    pairs = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    return any(
        a is None or b is None or a.people != b.people or max(a.items, b.items) >= APART * min(a.items, b.items)
        for a, b in pairs
    )


def sentences(found: Pilots) -> Iterator[str]:
    """What to do, and what it rests on."""
    currency = found.case.currency
    most = f"{money(found.everything)} {currency}"
    if not found.worths:
        cost = f"{money(found.least_cost)} {currency}"
        yield f"No pilot of this can pay: knowing everything would be worth {most} at most, and the cheapest pilot costs {cost}."
    elif found.best is None:
        top = found.worths[0]
        short = f"{money(-top.net)} {currency}"
        yield f"No pilot pays: the best of them costs {short} more than it is worth. Knowing everything would be worth {most} at most."
    else:
        for name, design in found.run(found.best):
            yield f"Run {name}: {_measure(found.case.file.pilots[name], design.items, design.people, design.checked)}"
            if name in found.rules:
                yield _decide(found, name, found.rules[name])
        yield f"Net worth {money(found.best.net)} {currency}. Knowing everything would be worth {most} at most."
    for name, look in found.looks.items():
        yield _look(found, name, look)
    yield from _signed(found)
    if found.without_plan > 0:
        yield f"In {percent(found.without_plan)} of the scenarios no plan keeps all limits, whatever is ordered; the figures are of the others."


def _measure(pilot: Pilot, items: int, people: int, checked: int) -> str:
    made = f"{count(items)} items of {pilot.product} by {pilot.vendor}, by {pilot.by.text}"
    shared = f", shared out over {count(people)} annotators" if pilot.annotators else ""
    seen = {
        "accuracy": f"which of {'them' if checked == items else f'{count(checked)} of them'} are right",
        "pace": "the hours of each annotator",
        "rework": "how many are sent back",
    }
    return f"{made}{shared}. Measure {', and '.join(seen[what] for what in pilot.learns)}."


def _decide(found: Pilots, name: str, one: Rule) -> str:
    pilot, checked = found.case.file.pilots[name], count(one.design.checked)
    if len(one.outcomes) == 1:
        return (
            f"Whatever the count of right items, {count(one.outcomes[0].ordered)} items are ordered of {pilot.vendor}."
        )
    parts = [
        f"{one.name(number)} where {_span(one, number, checked)} ({percent(outcome.chance, 0)})"
        for number, outcome in reversed(list(enumerate(one.outcomes)))
    ]
    return f"Decide in {pilot.decide.text}: {'; '.join(parts)}."


def _span(one: Rule, number: int, checked: str) -> str:
    outcome, last = one.outcomes[number], len(one.outcomes) - 1
    part = f"{count(outcome.ordered)} items" if one.name(number) == "go in part" else ""
    if number == last:
        span = f"at least {count(outcome.least)} of {checked} are right"
    elif number == 0:
        span = f"at most {count(outcome.most)} are right"
    else:
        most = "" if outcome.least == outcome.most else f" to {count(outcome.most)}"
        span = f"{count(outcome.least)}{most} are right"
    return f"{span}, {part}" if part else span


def _look(found: Pilots, name: str, look: EarlyLook | None) -> str:
    asked = found.case.file.pilots[name].early_look
    assert asked is not None
    if look is None:
        return f"{name}: no design with an early look tells {percent(asked.poor)} from {percent(asked.good)} within {MOST_ITEMS} items."
    return (
        f"{name} with an early look: check {look.first}, and stop with {look.stop_at} right or fewer; else check {look.items} in all, and go "
        f"with {look.no_go_at + 1} right or more. At {percent(asked.poor)} it stops early in {percent(look.stops_early(asked.poor))} of cases and needs "
        f"{look.expected_items(asked.poor):.1f} items on average; it goes in {percent(look.goes(asked.poor))}, at {percent(asked.good)} in {percent(look.goes(asked.good))}."
    )


def _signed(found: Pilots) -> Iterator[str]:
    for one in found.signings:
        money_ = f"{money(abs(one.costs))} {found.case.currency} on average"
        if one.clause == "price lock":
            price = found.case.vendors[one.vendor].contract.price_lock
            assert price is not None
            verb, what = ("Lock", f"gains {money_}") if one.costs < -0.005 else ("Do not lock", f"costs {money_}")
            even = f"; at {one.indifferent} it would make no difference" if one.indifferent else ""
            yield f"{verb} the price of {one.vendor} at {price.price.text}: signing now {what}{even}."
        elif one.costs > 0.005:
            yield f"Keep the {one.clause} of {one.vendor} open until the pilot is over: signing it now costs {money_}."
        else:
            yield f"The {one.clause} of {one.vendor} may be signed now: waiting for the pilot gains nothing there."
