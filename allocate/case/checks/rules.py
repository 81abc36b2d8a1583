"""Checks of rules: names, what they are about, shares that can add up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from allocate.case.context import Context, exactly, line_of, makers
from allocate.case.document import Path_
from allocate.case.names import suggestion
from allocate.case.schema import CountRule, FixRule, NeedsRule, OnlyRule, Rule, ShareRule
from allocate.errors import Problem

_ROUNDING = 1e-12


def rules(c: Context) -> Iterator[Problem]:
    """Rules have names of their own, name vendors and products of the case, and leave a way to share out 100%."""
    seen: set[str] = set()
    floors: dict[tuple[object, ...], tuple[float, str]] = {}
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
        hard = rule.penalty is None
        if hard:
            yield from _each(c, path, share)
        # A share of a group, a region or of incumbents may hold the same vendors as another: only names add up.
        alone = share.vendor is not None and len(share.vendor) == 1 and share.vendor[0] not in ("each", "incumbent")
        if hard and alone and share.at_least is not None:
            scope = (share.of, share.products, share.in_)
            total, others = floors.get(scope, (0.0, ""))
            total += share.at_least
            if total > 1 + _ROUNDING:
                message = f"with this rule and {others}, vendors must have {total:.0%} of {share.of} together"
                yield c.problem((*path, "at-least"), message, "lower at-least here or there")
            this = f"'{rule.name}'{line_of(c, where)}"
            floors[scope] = (total, f"{others}, {this}" if others else this)


def _others(c: Context, where: Path_, rule: Rule) -> Iterator[Problem]:
    """Names and amounts of rules that count, forbid, fix or order."""
    if rule.count is not None:
        path: Path_ = (*where, "count")
        yield from c.unknown((*path, "vendors"), rule.count.vendors or (), "vendors", "vendor", ("any",))
        yield from c.unknown((*path, "products"), rule.count.products or (), "products", "product", ("each",))
        yield from _named(c, path, {"vendors": rule.count.vendors, "products": rule.count.products})
        if rule.penalty is None:
            yield from _enough(c, path, rule.count)
    if rule.only is not None:
        yield from _only(c, (*where, "only"), rule.only)
    if rule.fix is not None:
        yield from _fix(c, (*where, "fix"), rule.fix, hard=rule.penalty is None)
    if rule.incompatible is not None:
        path = (*where, "incompatible")
        yield from c.unknown((*path, "products"), rule.incompatible.products, "products", "product")
        yield from c.unknown((*path, "vendors"), rule.incompatible.vendors or (), "vendors", "vendor")
        yield from _named(c, path, {"vendors": rule.incompatible.vendors})
    if rule.needs is not None:
        yield from _needs(c, (*where, "needs"), rule.needs)


def _only(c: Context, path: Path_, only: OnlyRule) -> Iterator[Problem]:
    yield from c.unknown((*path, "products"), only.products or (), "products", "product")
    yield from c.unknown((*path, "vendors"), only.vendors or (), "vendors", "vendor")
    named = {"products": only.products, "vendors": only.vendors}
    yield from _named(c, path, {**named, "vendors-with": only.vendors_with, "regions": only.regions})
    held = {certificate for vendor in c.file.vendors.values() for certificate in vendor.certified}
    for certificate in only.vendors_with or ():
        if certificate not in held and "vendors" not in c.faulty:
            message = f"no vendor is certified '{certificate}'"
            fix = suggestion(certificate, held) or f"write `certified: [{certificate}]` at a vendor that is"
            yield c.problem((*path, "vendors-with"), message, fix)
    yield from _regions(c, (*path, "regions"), only.regions or ())


def _regions(c: Context, path: Path_, names: Iterable[str]) -> Iterator[Problem]:
    """Regions that some vendor is in."""
    regions = {vendor.region for vendor in c.file.vendors.values() if vendor.region}
    for region in names:
        if region not in regions and "vendors" not in c.faulty:
            yield c.problem(path, f"no vendor is in the region '{region}'", suggestion(region, regions))


def _incumbents(c: Context, path: Path_, share: ShareRule) -> Iterator[Problem]:
    """`incumbent` stands alone, for products that have one."""
    names = share.vendor or ()
    if "incumbent" not in names or "products" in c.faulty:
        return
    if len(names) > 1:
        yield c.problem((*path, "vendor"), "`incumbent` stands alone", "write `vendor: incumbent`, or the names")
        return
    named = [name for name in share.products or () if name in c.file.products]
    without = [name for name in named if c.file.products[name].incumbent is None]
    if without:
        message = f"{' and '.join(without)} has no incumbent" if len(without) == 1 else "no incumbents are named"
        yield c.problem((*path, "products"), message, f"add `incumbent: …` to {' and '.join(without)}")
    elif all(product.incumbent is None for product in c.file.products.values()):
        yield c.problem((*path, "vendor"), "no product has an incumbent", "add `incumbent: …` to those that have one")


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


def _needs(c: Context, path: Path_, needs: NeedsRule) -> Iterator[Problem]:
    """Two different products, and an amount the other one can get; products may need one another: both, or neither."""
    yield from c.unknown((*path, "product"), [needs.product], "products", "product")
    yield from c.unknown((*path, "needs"), [needs.needs], "products", "product")
    if needs.product == needs.needs:
        yield c.problem(path, f"{needs.product} cannot need itself", "name another product")
    other, least = c.file.products.get(needs.needs), needs.at_least
    if other is None or least is None:
        return
    item, most = c.item(other), other.demand.exactly or other.demand.at_most
    if item is not None and least.of() not in (item, "item"):
        message = f"{needs.needs} counts {c.units.plural(item)}, not {c.units.plural(least.of())} ('{least.text}')"
        yield c.problem((*path, "at-least"), message, f"write `{exactly(least.text, c.units.plural(item))}`")
    elif most is not None and least.number > most.number:
        message = f"{needs.product} needs {least.text} of {needs.needs}, whose demand is at most {most.text}"
        yield c.problem((*path, "at-least"), message, "ask for fewer, or raise the demand")


def _named(c: Context, path: Path_, lists: dict[str, tuple[str, ...] | None]) -> Iterator[Problem]:
    """Lists of names hold a name, and `each` stands alone."""
    for key, names in lists.items():
        if names is not None and not names:
            yield c.problem((*path, key), f"the rule names no {NOUNS[key]}", f"write a name, or leave `{key}` out")
        elif names is not None and "each" in names and len(names) > 1:
            yield c.problem((*path, key), "`each` stands alone", f"write `{key}: each`, or the names")


NOUNS = {"vendors": "vendor", "products": "product", "vendors-with": "certificate", "regions": "region"}


def _enough(c: Context, path: Path_, count: CountRule) -> Iterator[Problem]:
    """An at-least is no more than the vendors there are, and those that can make each product."""
    if count.at_least is None or {"vendors", "rates"} & c.faulty:
        return
    there = count.vendors or tuple(c.names("vendors"))
    least = count.counts_from
    if least is not None and not least.dimensions and least.number * count.at_least > 1 + _ROUNDING:
        message = f"{count.at_least} vendors with {least.text} each or more make more than 100%"
        yield c.problem((*path, "counts-from"), message, f"write at most {1 / count.at_least:.0%}")
    yield from _counted_in(c, path, count)
    if count.at_least > len(there):
        message = f"at least {count.at_least} vendors of {len(there)} is not possible"
        yield c.problem((*path, "at-least"), message, f"write {len(there)} or less")
        return
    named = c.file.products if count.products == ("each",) else count.products or ()
    for product in (name for name in named if name in c.file.products):
        able = len({vendor for vendor in there if vendor in makers(c, product)})
        if able < count.at_least:
            message = f"at least {count.at_least} vendors are to make {product}, and {able} of them can"
            yield c.problem((*path, "at-least"), message, f"write {able} or less, or add rates for {product}")


def _counted_in(c: Context, path: Path_, count: CountRule) -> Iterator[Problem]:
    """Items from which a vendor counts are those of the products it is counted for."""
    least = count.counts_from
    if least is None or not least.dimensions or least.of() == "item":
        return
    named = list(c.file.products) if count.products in (None, ("each",)) else list(count.products or ())
    nouns = {c.item(c.file.products[name]) for name in named if name in c.file.products}
    if nouns - {least.of(), None}:
        message = f"the vendors counted make {' and '.join(sorted(c.units.plural(n) for n in nouns if n))}, not '{least.text}'"
        yield c.problem((*path, "counts-from"), message, "write a share, as in `5%`, or `items`, as in `500 items`")


def _may(c: Context, only: OnlyRule, vendor: str) -> bool:
    """Whether a rule leaves its products to a vendor."""
    one = c.file.vendors[vendor]
    if only.vendors is not None and vendor not in only.vendors:
        return False
    if only.vendors_with is not None and not set(only.vendors_with) <= set(one.certified):
        return False
    return only.regions is None or one.region in only.regions


def forbidden(c: Context) -> Iterator[Problem]:
    """Rules on who may work on a product leave somebody who can, and forbid nothing that another rule holds."""
    if {"vendors", "rates", "products", "rules"} & c.faulty:
        return
    onlys = [
        (position, rule.only)
        for position, rule in enumerate(c.file.rules)
        if rule.only is not None and rule.penalty is None
    ]
    yield from _nobody_left(c, [(position, only) for position, only in onlys if not any(_only(c, (), only))])
    for position, rule in enumerate(c.file.rules):
        fix = rule.fix
        if (
            fix is None
            or fix.product not in c.file.products
            or fix.vendor not in c.file.vendors
            or not fix.items.number
        ):
            continue
        path: Path_ = ("rules", position, "fix")
        if fix.vendor not in makers(c, fix.product):
            message = f"the rule holds {fix.product} with {fix.vendor}, which has no rate for it"
            yield c.problem((*path, "vendor"), message, "add a rate, or name another vendor")
            continue
        for other, only in onlys if rule.penalty is None else ():
            if (only.products is None or fix.product in only.products) and not _may(c, only, fix.vendor):
                by = f"the rule '{c.file.rules[other].name}'{line_of(c, ('rules', other))}"
                message = f"the rule holds {fix.product} with {fix.vendor}, which {by} forbids"
                yield c.problem(path, message, "hold another vendor, or change that rule")


def _nobody_left(c: Context, onlys: list[tuple[int, OnlyRule]]) -> Iterator[Problem]:
    """Products that are asked for and that no vendor with a rate may make, one problem for each last rule."""
    stuck: dict[tuple[int, ...], list[str]] = {}
    for name, product in c.file.products.items():
        mine = [(position, only) for position, only in onlys if only.products is None or name in only.products]
        able = makers(c, name) & set(c.file.vendors)
        asked = product.demand.exactly or product.demand.at_least
        left = any(all(_may(c, only, vendor) for _, only in mine) for vendor in able)
        if mine and able and not left and asked is not None and asked.number > 0:
            stuck.setdefault(tuple(position for position, _ in mine), []).append(name)
    for positions, names in stuck.items():
        others = ", ".join(f"'{c.file.rules[n].name}'{line_of(c, ('rules', n))}" for n in positions[:-1])
        before = f" beside {others}" if others else ""
        message = f"with this rule{before} no vendor that has a rate for {' and '.join(names)} may make it"
        fix = "allow one that has, add a rate for one that may, or ask for nothing of it"
        yield c.problem(("rules", positions[-1], "only"), message, fix)


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


def _names(c: Context, path: Path_, share: ShareRule) -> Iterator[Problem]:
    yield from c.unknown((*path, "vendor"), share.vendor or (), "vendors", "vendor", ("each", "incumbent"))
    yield from c.unknown((*path, "products"), share.products or (), "products", "product", ("each",))
    yield from _regions(c, (*path, "region"), [name for name in share.region or () if name != "each"])
    yield from _incumbents(c, path, share)
    for key, names in (("vendor", share.vendor), ("products", share.products), ("region", share.region)):
        if names is not None and not names:
            what = key.removesuffix("s")
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
