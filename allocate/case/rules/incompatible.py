"""Products that no vendor makes together."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import model_validator

from allocate.case.blocks import Block, Names
from allocate.case.context import Context
from allocate.case.index import Check, RuleKind
from allocate.case.mix import named, rules_of
from allocate.case.reading import fail
from allocate.errors import Problem


class IncompatibleRule(Block):
    """Products that no vendor makes together: rivals' data, or a second opinion on the same items."""

    products: Names
    """Of these each vendor works on one at most."""
    vendors: Names | None = None
    """Vendors this holds for; absent: all."""

    @model_validator(mode="after")
    def _some(self) -> IncompatibleRule:
        if len(set(self.products)) < 2:
            raise fail("one product alone is incompatible with nothing", "name two products or more")
        return self


class Incompatible(Block):
    """Keys of a rule."""

    incompatible: IncompatibleRule | None = None
    """Products no vendor makes together."""


def apart(c: Context) -> Iterator[Problem]:
    """Rules name products and vendors of the case."""
    for path, _, apart in rules_of(c, "incompatible"):
        yield from c.unknown((*path, "products"), apart.products, "products", "product")
        yield from c.unknown((*path, "vendors"), apart.vendors or (), "vendors", "vendor")
        yield from named(c, path, {"vendors": apart.vendors})


def measure(c: Context, apart: IncompatibleRule) -> tuple[str, tuple[str, ...]]:
    """What a penalty is for one of: a product too many."""
    return "a number of products", ("product",)


RULE = RuleKind(
    "incompatible",
    measure,
    checks=(Check(apart),),
    examples={"IncompatibleRule": "{products: [retail, medical]}"},
)
