"""How many products get anything: at least, at most, or exactly so many."""

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


class FundedRule(Block):
    """How many products are funded: a product is when anything is made of it."""

    products: Names | None = None
    """Products counted; absent: all."""
    at_least: a.Count | None = None
    """Fewest products funded."""
    at_most: a.Count | None = None
    """Most products funded."""
    exactly: a.Count | None = None
    """Both at once: so many, no more and no fewer."""
    counts_from: a.CountsFrom | None = None
    """Least from which a product counts: a share of the most it asks for, as in `20%`, or items, as in `500 images`. A
    product of exactly so much counts towards an at-least and is none of an at-most, so that it may stand beside those of an `exactly`
    too. Absent: one item counts towards an at-least, or the most it asks for where that is less, and anything at all towards an
    at-most. So a case that is written in another unit of items, as in hours of video in place of frames, needs `counts-from` to mean
    the same."""

    @property
    def least(self) -> int | None:
        """Fewest products, however it is written."""
        return self.at_least if self.exactly is None else self.exactly

    @property
    def most(self) -> int | None:
        """Most products, however it is written."""
        return self.at_most if self.exactly is None else self.exactly

    @model_validator(mode="after")
    def _some(self) -> FundedRule:
        if self.exactly is not None and (self.at_least is not None or self.at_most is not None):
            raise fail("`exactly` stands alone", "write `exactly`, or at-least and at-most")
        if self.least is None and self.most is None:
            raise fail("a number of products needs at-least, at-most or exactly", "write it as in `at-most: 3`")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise fail("at-least is above at-most", "swap them")
        share = self.counts_from
        if share is not None and not share.dimensions and share.number > 1:
            text = share.text
            raise fail(f"counts-from is above 100% ('{text}')", f"write `{text} items`, or a share, as in `20%`")
        return self


class Funded(Block):
    """Keys of a rule."""

    funded: FundedRule | None = None
    """How many products are funded."""


def numbers(c: Context) -> Iterator[Problem]:
    """Rules name products of the case, and leave as many as must be made and can be."""
    for path, rule, funded in rules_of(c, "funded"):
        yield from c.unknown((*path, "products"), funded.products or (), "products", "product")
        yield from named(c, path, {"products": funded.products})
        names = [name for name in dict.fromkeys(funded.products or c.file.products) if name in c.file.products]
        yield from _counted_in(c, path, funded, names)
        if rule.penalty is None and {*(funded.products or ())} <= {*names}:
            yield from _possible(c, path, funded, names)


def _possible(c: Context, path: Path_, funded: FundedRule, names: list[str]) -> Iterator[Problem]:
    """No more products are asked for than there are, and no fewer allowed than demand asks for."""
    one = "exactly" if funded.exactly is not None else ""
    if funded.least is not None and funded.least > len(names):
        message = f"at least {funded.least} products of {len(names)} is not possible"
        yield c.problem((*path, one or "at-least"), message, f"write {len(names)} or less")
    demands = {name: c.file.products[name].demand for name in names}
    asked = {name: demand.exactly or demand.at_least for name, demand in demands.items() if demand.penalty is None}
    must = [name for name, least in asked.items() if least is not None and least.number > 0]
    if funded.most is not None and funded.counts_from is None and len(must) > funded.most:
        message = f"at most {funded.most} products may be made, and the demand asks for {len(must)}: {', '.join(must)}"
        fix = f"write {len(must)} or more, or let demand say `at-most` alone where it need not be met"
        yield c.problem((*path, one or "at-most"), message, fix)


def _counted_in(c: Context, path: Path_, funded: FundedRule, names: list[str]) -> Iterator[Problem]:
    """What a product counts from can be told of every product: its own items, or a part of the most it asks for."""
    least = funded.counts_from
    if least is None:
        return
    if not least.dimensions:
        demands = {name: c.file.products[name].demand for name in names}
        open_ended = [name for name, demand in demands.items() if demand.exactly is None and demand.at_most is None]
        if open_ended:
            message = f"nothing says what {least.text} of {' and '.join(open_ended)} is"
            yield c.problem(
                (*path, "counts-from"), message, "add `demand: {at-most: …}` there, or write items, as in `500 items`"
            )
        return
    others = {c.item(c.file.products[name]) for name in names} - {least.of(), None}
    if others and least.of() != "item":
        message = f"the products counted are in {' and '.join(sorted(c.units.plural(n) for n in others if n))}, not '{least.text}'"
        yield c.problem((*path, "counts-from"), message, "write a share, as in `20%`, or `items`, as in `500 items`")


def measure(c: Context, funded: FundedRule) -> tuple[str, tuple[str, ...]]:
    """What a penalty is for one of: a product too few or too many."""
    return "a number of products", ("product",)


RULE = RuleKind(
    "funded",
    measure,
    checks=(Check(numbers, frozenset({"products"})),),
    examples={"FundedRule": "{products: [signs, lanes, faces], exactly: 2, counts-from: 20%}"},
)
