"""Counts: how many vendors work on something."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import BeforeValidator, model_validator

from allocate.case import amounts as a
from allocate.case.blocks import Block, Names
from allocate.case.context import Context, makers
from allocate.case.document import Path_
from allocate.case.index import Check, RuleKind
from allocate.case.mix import ROUNDING, named, rules_of
from allocate.case.reading import fail
from allocate.errors import Problem


class CountRule(Block):
    """How many vendors work on something.

    At most one for a product makes it single-source; at most one of two named vendors keeps rivals apart."""

    vendors: Annotated[Names | None, BeforeValidator(lambda v: None if v == "any" else v)] = None
    """Vendors counted; `any`, or absent: all."""
    products: Names | None = None
    """Products: each for itself; `each`: all of them; absent: vendors used for anything."""
    at_most: a.Count | None = None
    """Most vendors."""
    at_least: a.Count | None = None
    """Least vendors."""
    counts_from: a.CountsFrom | None = None
    """Least that a vendor makes to count: a share of the product's items (of all equivalent units, where no product is named), or
    items, as in `500 images`; towards an `at-least` one item in any case, or 5% of the most asked for where that is less, so that a
    case in another unit of items needs a `demand` that says a most to mean the same. Vendors
    with less are none of an `at-most`. Absent: an `at-least` counts from 5%, an `at-most` all that make any."""

    @model_validator(mode="after")
    def _some(self) -> CountRule:
        if self.counts_from is not None and not self.counts_from.dimensions and self.counts_from.number > 1:
            text = self.counts_from.text
            raise fail(f"counts-from is above 100% ('{text}')", f"write `{text} items`, or a share, as in `5%`")
        if self.at_most is None and self.at_least is None:
            raise fail("a count needs at-most or at-least", "write it as in `at-most: 3`")
        if self.at_most is not None and self.at_least is not None and self.at_least > self.at_most:
            raise fail("at-least is above at-most", "swap them")
        return self


class Count(Block):
    """Keys of a rule."""

    count: CountRule | None = None
    """How many vendors there may be."""


def counts(c: Context) -> Iterator[Problem]:
    """Counts name vendors and products of the case, and no more vendors than can be."""
    for path, rule, count in rules_of(c, "count"):
        yield from c.unknown((*path, "vendors"), count.vendors or (), "vendors", "vendor", ("any",))
        yield from c.unknown((*path, "products"), count.products or (), "products", "product", ("each",))
        yield from named(c, path, {"vendors": count.vendors, "products": count.products})
        yield from _counted_in(c, path, count)
        if rule.penalty is None:
            yield from _enough(c, path, count)


def _enough(c: Context, path: Path_, count: CountRule) -> Iterator[Problem]:
    """An at-least is no more than the vendors there are, and those that can make each product."""
    if count.at_least is None or {"vendors", "rates"} & c.faulty:
        return
    known = tuple(c.names("vendors"))
    there = known if count.vendors in (None, ("any",)) else count.vendors or known
    if not {*there} <= {*known}:
        return  # that names are wrong is told already
    least = count.counts_from
    if least is not None and not least.dimensions and least.number * count.at_least > 1 + ROUNDING:
        message = f"{count.at_least} vendors with {least.text} each or more make more than 100%"
        yield c.problem((*path, "counts-from"), message, f"write at most {1 / count.at_least:.0%}")
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


def measure(c: Context, count: CountRule) -> tuple[str, tuple[str, ...]]:
    """What a penalty is for one of: a vendor too few or too many."""
    return "a number of vendors", ("vendor",)


RULE = RuleKind("count", measure, checks=(Check(counts),))
