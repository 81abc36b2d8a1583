"""Products that go with others: one is worked on only if the other is."""

from __future__ import annotations

from collections.abc import Iterator

from allocate.case import amounts as a
from allocate.case.blocks import Block
from allocate.case.context import Context, exactly
from allocate.case.document import Path_
from allocate.case.index import Check, RuleKind
from allocate.case.mix import items_of, rules_of
from allocate.errors import Problem


class NeedsRule(Block):
    """A product is worked on only if another one is; two products that need one another are both made, or neither."""

    product: a.Name
    """The product that is worked on only with the other."""
    needs: a.Name
    """The other product."""
    at_least: a.Items | None = None
    """Items the other product must get; absent: one."""


class Needs(Block):
    """Keys of a rule."""

    needs: NeedsRule | None = None
    """A product that goes with another."""


def both(c: Context) -> Iterator[Problem]:
    """Rules name two products, and an amount the other one can get."""
    for path, _, needs in rules_of(c, "needs"):
        yield from _needs(c, path, needs)


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


def measure(c: Context, needs: NeedsRule) -> tuple[str, tuple[str, ...]]:
    """What a penalty is for one of: an item of the other product missing."""
    return "items", items_of(c, (needs.needs,))


RULE = RuleKind(
    "needs",
    measure,
    checks=(Check(both),),
    examples={"NeedsRule": "{product: signs, needs: lanes}"},
)
