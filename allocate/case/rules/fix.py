"""Quantities set by hand: the plan is optimised around them."""

from __future__ import annotations

from collections.abc import Iterator

from allocate.case import amounts as a
from allocate.case.blocks import Block
from allocate.case.context import Context, exactly, line_of, makers
from allocate.case.document import Path_
from allocate.case.index import Check, RuleKind
from allocate.case.mix import items_of, may, rules_of
from allocate.case.names import suggestion
from allocate.errors import Problem


class FixRule(Block):
    """A quantity set by hand: the plan is optimised around it."""

    product: a.Name
    """Product it is about."""
    vendor: a.Name
    """Vendor it is about."""
    workflow: a.Name | None = None
    """Absent: all workflows together."""
    items: a.Items
    """Items made over the horizon, no more and no less."""


class Fix(Block):
    """Keys of a rule."""

    fix: FixRule | None = None
    """A quantity set by hand."""


def held_twice(c: Context) -> Iterator[Problem]:
    """Two rules do not hold one line at different quantities, nor all rules together more than is asked for."""
    seen: dict[tuple[str, str, str | None], tuple[int, float]] = {}
    totals: dict[str, float] = {}
    for position, rule in enumerate(c.file.rules):
        if rule.fix is None or rule.penalty is not None:
            continue
        line = (rule.fix.product, rule.fix.vendor, rule.fix.workflow)
        path: Path_ = ("rules", position, "fix")
        if line in seen and seen[line][1] != rule.fix.items.number:
            where = line_of(c, ("rules", seen[line][0]))
            message = f"two rules hold {line[0]} with {line[1]} at different quantities{where}"
            yield c.problem(path, message, "keep one of them")
        elif line not in seen:
            seen[line] = (position, rule.fix.items.number)
            totals[line[0]] = totals.get(line[0], 0.0) + rule.fix.items.number
        product = c.file.products.get(line[0])
        most = (product.demand.exactly or product.demand.at_most) if product is not None else None
        if most is not None and totals.get(line[0], 0.0) > most.number >= rule.fix.items.number:
            message = (
                f"the rules hold {totals[line[0]]:,.0f} items of {line[0]} together, its demand is at most {most.text}"
            )
            yield c.problem(path, message, "hold fewer, or raise the demand")


def makeable(c: Context) -> Iterator[Problem]:
    """What is held with a vendor is what it has a rate for, and what no other rule forbids."""
    onlys = [(path[:-1], rule, only) for path, rule, only in rules_of(c, "only") if rule.penalty is None]
    for path, rule, fix in rules_of(c, "fix"):
        if fix.product not in c.file.products or fix.vendor not in c.file.vendors or not fix.items.number:
            continue
        if fix.vendor not in makers(c, fix.product):
            message = f"the rule holds {fix.product} with {fix.vendor}, which has no rate for it"
            yield c.problem((*path, "vendor"), message, "add a rate, or name another vendor")
            continue
        for there, other, only in onlys if rule.penalty is None else ():
            if (only.products is None or fix.product in only.products) and not may(c, only, fix.vendor):
                by = f"the rule '{other.name}'{line_of(c, there)}"
                message = f"the rule holds {fix.product} with {fix.vendor}, which {by} forbids"
                yield c.problem(path, message, "hold another vendor, or change that rule")


def named_and_wanted(c: Context) -> Iterator[Problem]:
    """Rules name what the case has, and hold no more than the demand."""
    for path, rule, fix in rules_of(c, "fix"):
        yield from _fix(c, path, fix, hard=rule.penalty is None)


def _fix(c: Context, path: Path_, fix: FixRule, *, hard: bool) -> Iterator[Problem]:
    yield from c.unknown((*path, "product"), [fix.product], "products", "product")
    yield from c.unknown((*path, "vendor"), [fix.vendor], "vendors", "vendor")
    if fix.workflow is not None and fix.workflow not in c.workflows():
        message = f"there is no workflow '{fix.workflow}'"
        yield c.problem((*path, "workflow"), message, suggestion(fix.workflow, c.workflows()))
    product = c.file.products.get(fix.product)
    if product is None:
        return
    item, most = c.item(product), product.demand.exactly or product.demand.at_most
    if item is not None and fix.items.of() not in (item, "item"):
        message = f"{fix.product} counts {c.units.plural(item)}, not {c.units.plural(fix.items.of())}"
        yield c.problem((*path, "items"), message, f"write `{exactly(fix.items.text, c.units.plural(item))}`")
    if hard and most is not None and fix.items.number > most.number:
        message = f"the rule holds {fix.items.text}, the demand asks for at most {most.text}"
        yield c.problem((*path, "items"), message, "hold fewer, or raise the demand")


def measure(c: Context, fix: FixRule) -> tuple[str, tuple[str, ...]]:
    """What a penalty is for one of: an item too few or too many."""
    return "items", items_of(c, (fix.product,))


RULE = RuleKind(
    "fix",
    measure,
    checks=(
        Check(held_twice, frozenset({"rules"})),
        Check(makeable, frozenset({"vendors", "rates", "products", "rules"})),
        Check(named_and_wanted),
    ),
)
