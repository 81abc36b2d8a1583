"""Who may work on some products: vendors by name, by certificate or by region."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import model_validator

from allocate.case.blocks import Block, Names
from allocate.case.context import Context, line_of, makers
from allocate.case.document import Path_
from allocate.case.index import Check, RuleKind
from allocate.case.mix import items_of, may, named, regions, rules_of
from allocate.case.names import suggestion
from allocate.case.reading import fail
from allocate.errors import Problem


class OnlyRule(Block):
    """Only some vendors may work on some products."""

    products: Names | None = None
    """Absent: all."""
    vendors: Names | None = None
    """Vendors by name."""
    vendors_with: Names | None = None
    """Vendors that hold all these certificates."""
    regions: Names | None = None
    """Vendors of these regions."""

    @model_validator(mode="after")
    def _some(self) -> OnlyRule:
        if self.vendors is None and self.vendors_with is None and self.regions is None:
            raise fail(
                "the rule does not say who may",
                "write it as in `vendors: […]`, `vendors-with: hipaa` or `regions: […]`",
            )
        return self


class Only(Block):
    """Keys of a rule."""

    only: OnlyRule | None = None
    """Which vendors may work on some products."""


def who_may(c: Context) -> Iterator[Problem]:
    """Rules name products, vendors, certificates and regions of the case."""
    for path, _, only in rules_of(c, "only"):
        yield from _only(c, path, only)


def _only(c: Context, path: Path_, only: OnlyRule) -> Iterator[Problem]:
    yield from c.unknown((*path, "products"), only.products or (), "products", "product")
    yield from c.unknown((*path, "vendors"), only.vendors or (), "vendors", "vendor")
    lists = {"products": only.products, "vendors": only.vendors}
    yield from named(c, path, {**lists, "vendors-with": only.vendors_with, "regions": only.regions})
    held = {certificate for vendor in c.file.vendors.values() for certificate in vendor.certified}
    for certificate in only.vendors_with or ():
        if certificate not in held and "vendors" not in c.faulty:
            message = f"no vendor is certified '{certificate}'"
            fix = suggestion(certificate, held) or f"write `certified: [{certificate}]` at a vendor that is"
            yield c.problem((*path, "vendors-with"), message, fix)
    yield from regions(c, (*path, "regions"), only.regions or ())


def nobody_left(c: Context) -> Iterator[Problem]:
    """Products that are asked for and that no vendor with a rate may make, one problem for each last rule."""
    onlys = [
        (int(path[1]), only)
        for path, rule, only in rules_of(c, "only")
        if rule.penalty is None and not any(_only(c, (), only))
    ]
    stuck: dict[tuple[int, ...], list[str]] = {}
    for name, product in c.file.products.items():
        mine = [(position, only) for position, only in onlys if only.products is None or name in only.products]
        able = makers(c, name) & set(c.file.vendors)
        asked = product.demand.exactly or product.demand.at_least
        left = any(all(may(c, only, vendor) for _, only in mine) for vendor in able)
        if mine and able and not left and asked is not None and asked.number > 0:
            stuck.setdefault(tuple(position for position, _ in mine), []).append(name)
    for positions, names in stuck.items():
        others = ", ".join(f"'{c.file.rules[n].name}'{line_of(c, ('rules', n))}" for n in positions[:-1])
        before = f" beside {others}" if others else ""
        message = f"with this rule{before} no vendor that has a rate for {' and '.join(names)} may make it"
        fix = "allow one that has, add a rate for one that may, or ask for nothing of it"
        yield c.problem(("rules", positions[-1], "only"), message, fix)


def measure(c: Context, only: OnlyRule) -> tuple[str, tuple[str, ...]]:
    """What a penalty is for one of: an item made by somebody else."""
    return "items", items_of(c, only.products)


RULE = RuleKind(
    "only",
    measure,
    checks=(Check(nobody_left, frozenset({"vendors", "rates", "products", "rules"})), Check(who_may)),
)
