"""Steady work: how much a vendor's pace changes from one period to the next, and the level plan among equal ones."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import model_validator

from allocate.case import amounts as a
from allocate.case.blocks import Block, Names
from allocate.case.context import Context
from allocate.case.document import Path_
from allocate.case.index import Check, RuleKind
from allocate.case.mix import named, rules_of
from allocate.case.reading import fail
from allocate.errors import Problem
from allocate.units import Quantity, kind_of


class SteadyRule(Block):
    """Steady work for vendors, each for itself: what it works in a week changes little from one period to the next.

    A pace is counted by the time the amount is for: in months of different lengths `200 h/week` is hours by the week."""

    vendors: Names
    """Vendors by name; `each`: all of them."""
    at_most: a.WorkPerTime | None = None
    """Largest change of pace from one period to the next, up or down: `200 h/week`, `1_000 images/week`, `50 EU/week`."""
    before: a.WorkPerTime | None = None
    """Pace before the horizon, from which the first period changes; absent: the first period is free."""
    level: a.Truth = False
    """true: among plans that are equally good by every goal and cost the same, the one whose paces change least. In a program with
    whole-number choices it is sought among the plans with the same choices."""

    @model_validator(mode="after")
    def _some(self) -> SteadyRule:
        if self.at_most is None and not self.level:
            raise fail("steady work needs at-most or level", "write it as in `at-most: 200 h/week`, or `level: true`")
        if self.at_most is not None and self.before is not None and _unit(self.at_most) != _unit(self.before):
            message = f"the pace before ('{self.before.text}') is not in the unit of the change ('{self.at_most.text}')"
            raise fail(message, "use one unit for both")
        return self


class Steady(Block):
    """Keys of a rule."""

    steady: SteadyRule | None = None
    """Vendors whose work is steady from period to period."""


def _unit(amount: Quantity) -> tuple[str | None, str | None]:
    return amount.of(), amount.time


def paces(c: Context) -> Iterator[Problem]:
    """Rules name vendors of the case and a unit they count in, and a penalty has something to weigh."""
    for path, rule, steady in rules_of(c, "steady"):
        yield from c.unknown((*path, "vendors"), steady.vendors, "vendors", "vendor", ("each",))
        yield from named(c, path, {"vendors": steady.vendors})
        if steady.at_most is None and rule.penalty is not None:
            message = f"the rule '{rule.name}' asks for no limit that could be broken for a penalty"
            yield c.problem((*path[:-1], "penalty"), message, "add `at-most: 200 h/week`, or remove the penalty")
        yield from _counted(c, path, steady)
        yield from _learning(c, path, steady)


def _counted(c: Context, path: Path_, steady: SteadyRule) -> Iterator[Problem]:
    """Paces count hours, equivalent units, items, or what products have so many of."""
    known = {c.item(product) for product in c.file.products.values()} - {None}
    known |= {driver for product in c.file.products.values() for driver in c.drivers(product)}
    for key, amount in (("at-most", steady.at_most), ("before", steady.before)):
        if amount is None or kind_of(amount) == "labour/calendar" or amount.of() in ("EU", "item", *known):
            continue
        if "products" not in c.faulty:
            message = f"no product counts '{amount.text}'"
            fix = f"this case counts {', '.join(sorted(filter(None, known)))}, item, EU, h"
            yield c.problem((*path, key), message, fix)


def _learning(c: Context, path: Path_, steady: SteadyRule) -> Iterator[Problem]:
    """Hours of vendors that learn are known to an error only: their pace is counted in what they make."""
    if steady.at_most is None or kind_of(steady.at_most) != "labour/calendar":
        return
    for name, vendor in c.file.vendors.items():
        if vendor.learning and (steady.vendors == ("each",) or name in steady.vendors):
            message = f"{name} learns, so its hours depend on all it has made before"
            yield c.problem(
                (*path, "at-most"), message, "count what it makes, as in `1_000 items/week` or `50 EU/week`"
            )


def measure(c: Context, steady: SteadyRule) -> tuple[str, tuple[str, ...]]:
    """What a penalty is for one of: an hour (item, equivalent unit) of change beyond the limit."""
    if steady.at_most is None or kind_of(steady.at_most) == "labour/calendar":
        return "hours", ("h",)
    noun = steady.at_most.of() or "item"
    return ("equivalent units" if noun == "EU" else c.units.plural(noun)), (noun,)


RULE = RuleKind(
    "steady",
    measure,
    checks=(Check(paces),),
    examples={"SteadyRule": "{vendors: each, at-most: 200 h/week, before: 300 h/week, level: true}"},
)
