"""What is shared with nobody: a product that a vendor makes alone, or a vendor that works for some products alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import model_validator

from allocate.case.blocks import Block, Names
from allocate.case.context import Context
from allocate.case.document import Path_
from allocate.case.index import Check, RuleKind
from allocate.case.mix import named, rules_of
from allocate.case.reading import fail
from allocate.errors import Problem


class ExclusiveRule(Block):
    """What is shared with nobody: a product ("ours alone, or not at all"), or a vendor ("they work for us alone").

    With a penalty, two vendors (products) that are together and may not be count once, whether one of them is exclusive or both are."""

    what: Literal["product", "vendor"] = "product"
    """`product`: a vendor named makes all there is of a product named, or none of it. `vendor`: a vendor named that works on any
    of these products works on nothing else."""
    vendors: Names | None = None
    """Vendors this holds for, each for itself; absent: all."""
    products: Names | None = None
    """Products, each for itself where the product is exclusive (absent: all), and together where the vendor is."""

    @model_validator(mode="after")
    def _some(self) -> ExclusiveRule:
        if self.what == "vendor" and self.products is None:
            raise fail("the rule does not say which products the vendors work for alone", "add `products: […]`")
        if self.vendors is None and self.products is None:
            raise fail("the rule names neither vendors nor products", "add `vendors: […]` or `products: […]`")
        return self


class Exclusive(Block):
    """Keys of a rule."""

    exclusive: ExclusiveRule | None = None
    """A product that a vendor makes alone, or a vendor that works for some products alone."""


def alone(c: Context) -> Iterator[Problem]:
    """Rules name vendors and products of the case, and something that could be shared."""
    for path, rule, exclusive in rules_of(c, "exclusive"):
        yield from c.unknown((*path, "vendors"), exclusive.vendors or (), "vendors", "vendor")
        yield from c.unknown((*path, "products"), exclusive.products or (), "products", "product")
        yield from named(c, path, {"vendors": exclusive.vendors, "products": exclusive.products})
        every = set(exclusive.products or ()) >= set(c.names("products"))
        if exclusive.what == "vendor" and every:
            message = "the rule names all products, and there is nothing else that a vendor could work on"
            yield c.problem((*path, "products"), message, "name fewer products, or remove the rule")
        elif rule.penalty is None:
            yield from _held(c, path, exclusive)


def _held(c: Context, path: Path_, exclusive: object) -> Iterator[Problem]:
    """No quantities that are held by other rules share what this rule lets nobody share."""
    assert isinstance(exclusive, ExclusiveRule)
    held: dict[str, list[str]] = {}
    by_product = exclusive.what == "product"
    for _, rule, fix in rules_of(c, "fix"):
        if rule.penalty is None and fix.items.number > 0:
            at, other = (fix.product, fix.vendor) if by_product else (fix.vendor, fix.product)
            held.setdefault(at, []).append(other)
    here, mine = (exclusive.products, exclusive.vendors) if by_product else (exclusive.vendors, exclusive.products)
    for name, others in held.items():
        several = list(dict.fromkeys(others))
        if (here is None or name in here) and len(several) > 1 and (mine is None or set(several) & set(mine)):
            who = " and ".join(several)
            words = f"{name} is held with {who}" if by_product else f"{name} is held to make {who}"
            if by_product or not set(several) <= set(mine or ()):
                yield c.problem(
                    path, f"{words}, and the rule lets nobody share it", "change this rule, or what is held"
                )


def measure(c: Context, exclusive: ExclusiveRule) -> tuple[str, tuple[str, ...]]:
    """What a penalty is for one of: each vendor beside one that is to be alone, or each product beside those it works for."""
    noun = "vendor" if exclusive.what == "product" else "product"
    return f"a number of {noun}s", (noun,)


RULE = RuleKind(
    "exclusive",
    measure,
    checks=(Check(alone),),
    examples={"ExclusiveRule": "{vendors: acme, products: [signs, lanes]}"},
)
