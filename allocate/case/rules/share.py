"""Shares: how much of what is done or paid a vendor, a group or a region has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import Field, model_validator

from allocate.case import amounts as a
from allocate.case.blocks import Block, Names
from allocate.case.context import Context, line_of
from allocate.case.document import Path_
from allocate.case.index import Check, RuleKind
from allocate.case.mix import ROUNDING, items_of, regions, rules_of
from allocate.case.reading import fail
from allocate.errors import Problem


class ShareRule(Block):
    """A vendor's share of what is done or paid."""

    vendor: Names | None = None
    """A name, several (counted together), `each`, or `incumbent`: of every product that has one, product by product."""
    region: Names | None = None
    """In place of vendors all those of a region, of several (counted together), or of `each`."""
    of: Literal["items", "eu", "hours", "spend"] = "spend"
    """What the share is counted in: items, equivalent units, hours or money. Money is what vendors are paid for work: your own
    checking, prices of APIs, what a stock costs, switching and penalties are in no share, and in no total of one."""
    products: Names | None = None
    """Products counted together, or `each`; absent: the whole portfolio."""
    at_most: a.Share | None = None
    """Largest share."""
    at_least: a.Share | None = None
    """Smallest share."""
    in_: Literal["horizon", "each-period"] = Field("horizon", alias="in")
    """Over the whole horizon, or in each period for itself."""

    @model_validator(mode="after")
    def _some(self) -> ShareRule:
        if (self.vendor is None) == (self.region is None):
            raise fail("a share is that of vendors or of a region", "write it as in `vendor: …` or `region: …`")
        if self.at_most is None and self.at_least is None:
            raise fail("a share needs at-most or at-least", "write it as in `at-most: 50%`")
        if self.at_most is not None and self.at_least is not None and self.at_least > self.at_most:
            raise fail("at-least is above at-most", "swap them")
        return self


class Share(Block):
    """Keys of a rule."""

    share: ShareRule | None = None
    """A vendor's or region's share of what is done or paid."""


def shares(c: Context) -> Iterator[Problem]:
    """Shares name vendors, regions and products of the case, and leave a way to share out 100%."""
    floors: dict[tuple[object, ...], tuple[float, str]] = {}
    for path, rule, share in rules_of(c, "share"):
        yield from _names(c, path, share)
        if rule.penalty is not None:
            continue
        yield from _each(c, path, share)
        # A share of a group, a region or of incumbents may hold the same vendors as another: only names add up.
        alone = share.vendor is not None and len(share.vendor) == 1 and share.vendor[0] not in ("each", "incumbent")
        if alone and share.at_least is not None:
            scope = (share.of, share.products, share.in_)
            total, others = floors.get(scope, (0.0, ""))
            total += share.at_least
            if total > 1 + ROUNDING:
                message = f"with this rule and {others}, vendors must have {total:.0%} of {share.of} together"
                yield c.problem((*path, "at-least"), message, "lower at-least here or there")
            this = f"'{rule.name}'{line_of(c, path[:-1])}"
            floors[scope] = (total, f"{others}, {this}" if others else this)


def _names(c: Context, path: Path_, share: ShareRule) -> Iterator[Problem]:
    yield from c.unknown((*path, "vendor"), share.vendor or (), "vendors", "vendor", ("each", "incumbent"))
    yield from c.unknown((*path, "products"), share.products or (), "products", "product", ("each",))
    yield from regions(c, (*path, "region"), [name for name in share.region or () if name != "each"])
    yield from _incumbents(c, path, share)
    for key, names in (("vendor", share.vendor), ("products", share.products), ("region", share.region)):
        if names is not None and not names:
            what = key.removesuffix("s")
            yield c.problem((*path, key), f"the rule names no {what}", f"write `{key}: each`, or the names")
        elif names is not None and "each" in names and len(names) > 1:
            yield c.problem((*path, key), "`each` stands alone", f"write `{key}: each`, or the names")


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


def _each(c: Context, path: Path_, share: ShareRule) -> Iterator[Problem]:
    count = len(c.names("vendors"))
    if share.vendor != ("each",) or not count:
        return
    if share.at_least is not None and share.at_least * count > 1 + ROUNDING:
        message = f"{count} vendors with at least {share.at_least:.0%} each make more than 100%"
        yield c.problem((*path, "at-least"), message, f"write at most {1 / count:.0%}")
    if share.at_most is not None and share.at_most * count < 1 - ROUNDING:
        message = f"{count} vendors with at most {share.at_most:.0%} each cannot make 100%"
        yield c.problem((*path, "at-most"), message, f"write {1 / count:.0%} or more, or add vendors")


def measure(c: Context, share: ShareRule) -> tuple[str, tuple[str, ...]]:
    """What a penalty is for one of: what the share is counted in."""
    named = share.products
    return {
        "spend": ("spend", ("",)),
        "hours": ("hours", ("h",)),
        "eu": ("equivalent units", ("EU",)),
        "items": ("items", items_of(c, None if named == ("each",) else named)),
    }[share.of]


RULE = RuleKind("share", measure, checks=(Check(shares),))
