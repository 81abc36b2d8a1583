"""Checks of rules: names, what they are about, shares that can add up."""

from __future__ import annotations

from collections.abc import Iterator

from allocate.case.checks.context import Context, exactly
from allocate.case.document import Path_
from allocate.case.names import suggestion
from allocate.case.schema import FixRule, OnlyRule, Rule, ShareRule
from allocate.errors import Problem

_ROUNDING = 1e-12


def rules(c: Context) -> Iterator[Problem]:
    """Rules have names of their own, name vendors and products of the case, and leave a way to share out 100%."""
    seen: set[str] = set()
    floors: dict[tuple[object, ...], float] = {}
    for position, rule in enumerate(c.file.rules):
        where: Path_ = ("rules", position)
        if rule.name in seen:
            yield c.problem((*where, "name"), f"two rules are named '{rule.name}'", "rename one")
        seen.add(rule.name)
        yield from _others(c, where, rule)
        if rule.share is None:
            continue
        share, path = rule.share, (*where, "share")
        yield from _names(c, path, share)
        yield from _each(c, path, share)
        if len(share.vendor) == 1 and share.vendor != ("each",) and share.at_least is not None:
            scope = (share.of, share.products, share.in_)
            floors[scope] = floors.get(scope, 0.0) + share.at_least
            if floors[scope] > 1 + _ROUNDING:
                message = f"with this rule, vendors must have {floors[scope]:.0%} of {share.of} together"
                yield c.problem((*path, "at-least"), message, "lower at-least here or in the rules before")


def _others(c: Context, where: Path_, rule: Rule) -> Iterator[Problem]:
    """Names and amounts of rules that count, forbid, fix or order."""
    if rule.count is not None:
        path: Path_ = (*where, "count")
        yield from c.unknown((*path, "vendors"), rule.count.vendors or (), "vendors", "vendor", ("any",))
        yield from c.unknown((*path, "products"), rule.count.products or (), "products", "product", ("each",))
        there = len(rule.count.vendors or c.names("vendors"))
        if rule.count.at_least is not None and rule.count.at_least > there:
            message = f"at least {rule.count.at_least} vendors of {there} is not possible"
            yield c.problem((*path, "at-least"), message, f"write {there} or less")
    if rule.only is not None:
        yield from _only(c, (*where, "only"), rule.only)
    if rule.fix is not None:
        yield from _fix(c, (*where, "fix"), rule.fix)
    if rule.needs is not None:
        path = (*where, "needs")
        names = [rule.needs.product, rule.needs.needs]
        yield from c.unknown(path, names, "products", "product")
        if names[0] == names[1]:
            yield c.problem(path, f"{names[0]} cannot need itself", "name another product")


def _only(c: Context, path: Path_, only: OnlyRule) -> Iterator[Problem]:
    yield from c.unknown((*path, "products"), only.products or (), "products", "product")
    yield from c.unknown((*path, "vendors"), only.vendors or (), "vendors", "vendor")
    held = {certificate for vendor in c.file.vendors.values() for certificate in vendor.certified}
    for certificate in only.vendors_with or ():
        if certificate not in held and "vendors" not in c.faulty:
            message = f"no vendor is certified '{certificate}'"
            fix = suggestion(certificate, held) or f"write `certified: [{certificate}]` at a vendor that is"
            yield c.problem((*path, "vendors-with"), message, fix)
    regions = {vendor.region for vendor in c.file.vendors.values() if vendor.region}
    for region in only.regions or ():
        if region not in regions and "vendors" not in c.faulty:
            yield c.problem((*path, "regions"), f"no vendor is in the region '{region}'", suggestion(region, regions))


def _fix(c: Context, path: Path_, fix: FixRule) -> Iterator[Problem]:
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
    if most is not None and fix.items.number > most.number:
        message = f"the rule holds {fix.items.text}, the demand asks for at most {most.text}"
        yield c.problem((*path, "items"), message, "hold fewer, or raise the demand")


def held_twice(c: Context) -> Iterator[Problem]:
    """Two rules do not hold one line at different quantities, nor all rules together more than is asked for."""
    seen: dict[tuple[str, str, str | None], tuple[int, float]] = {}
    totals: dict[str, float] = {}
    for position, rule in enumerate(c.file.rules):
        if rule.fix is None:
            continue
        line = (rule.fix.product, rule.fix.vendor, rule.fix.workflow)
        path: Path_ = ("rules", position, "fix")
        if line in seen and seen[line][1] != rule.fix.items.number:
            first = c.problem(("rules", seen[line][0]), "").place
            where = f" (line {first.line})" if first is not None and first.line else ""
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


def _names(c: Context, path: Path_, share: ShareRule) -> Iterator[Problem]:
    yield from c.unknown((*path, "vendor"), share.vendor, "vendors", "vendor", ("each",))
    yield from c.unknown((*path, "products"), share.products or (), "products", "product", ("each",))
    for key, names in (("vendor", share.vendor), ("products", share.products)):
        if names is not None and not names:
            what = "vendor" if key == "vendor" else "product"
            yield c.problem((*path, key), f"the rule names no {what}", f"write `{key}: each`, or the names")
        elif names is not None and "each" in names and len(names) > 1:
            yield c.problem((*path, key), "`each` stands alone", f"write `{key}: each`, or the names")


def _each(c: Context, path: Path_, share: ShareRule) -> Iterator[Problem]:
    count = len(c.names("vendors"))
    if share.vendor != ("each",) or not count:
        return
    if share.at_least is not None and share.at_least * count > 1 + _ROUNDING:
        message = f"{count} vendors with at least {share.at_least:.0%} each make more than 100%"
        yield c.problem((*path, "at-least"), message, f"write at most {1 / count:.0%}")
    if share.at_most is not None and share.at_most * count < 1 - _ROUNDING:
        message = f"{count} vendors with at most {share.at_most:.0%} each cannot make 100%"
        yield c.problem((*path, "at-most"), message, f"write {1 / count:.0%} or more, or add vendors")
