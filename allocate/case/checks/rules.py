"""Checks of rules: names, what they are about, shares that can add up."""

from __future__ import annotations

from collections.abc import Iterator

from allocate.case.checks.context import Context
from allocate.case.document import Path_
from allocate.case.schema import ShareRule
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
        share, path = rule.share, (*where, "share")
        yield from _names(c, path, share)
        yield from _each(c, path, share)
        if len(share.vendor) == 1 and share.vendor != ("each",) and share.at_least is not None:
            scope = (share.of, share.products, share.in_)
            floors[scope] = floors.get(scope, 0.0) + share.at_least
            if floors[scope] > 1 + _ROUNDING:
                message = f"with this rule, vendors must have {floors[scope]:.0%} of {share.of} together"
                yield c.problem((*path, "at-least"), message, "lower at-least here or in the rules before")


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
