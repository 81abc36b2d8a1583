"""Checks of penalties: money per unit of what a rule is about."""

from __future__ import annotations

from collections.abc import Iterator

from allocate.case.context import Context
from allocate.case.schema import Rule
from allocate.errors import Problem
from allocate.units import Quantity, kind_of


def penalties(c: Context) -> Iterator[Problem]:
    """A penalty is money per unit of its rule's own measure."""
    for position, rule in enumerate(c.file.rules):
        amount = rule.penalty
        if amount is None:
            continue
        measure, nouns = _measure(c, rule)
        if _unit(amount) in nouns:
            continue
        written = amount.text if kind_of(amount) != "fraction" else f"{amount.text} without a unit"
        own = amount.currency or c.file.currency
        unit = own if "" in nouns else nouns[0]
        number = amount.text.split()[0] if "%" not in amount.text else f"{amount.number:.12g}"
        message = f"the rule '{rule.name}' is about {measure}, its penalty is '{written}'"
        yield c.problem(("rules", position, "penalty"), message, f"write `{number} {own}/{unit}`")


def _unit(amount: Quantity) -> str:
    """What a penalty is for one of; empty for a share of money."""
    return "" if kind_of(amount) == "fraction" else amount.per() or ""


def _measure(c: Context, rule: Rule) -> tuple[str, tuple[str, ...]]:
    """What a rule is about, and the units its penalty may be for."""
    if rule.share is not None:
        named = rule.share.products
        items = _items(c, list(c.file.products) if named is None or named == ("each",) else list(named))
        return {
            "spend": ("spend", ("",)),
            "hours": ("hours", ("h",)),
            "eu": ("equivalent units", ("EU",)),
            "items": ("items", items),
        }[rule.share.of]
    if rule.count is not None:
        return "a number of vendors", ("vendor",)
    if rule.incompatible is not None:
        return "a number of products", ("product",)
    if rule.only is not None:
        named = rule.only.products
        return "items", _items(c, list(c.file.products) if named is None else list(named))
    if rule.fix is not None:
        return "items", _items(c, [rule.fix.product])
    assert rule.needs is not None
    return "items", _items(c, [rule.needs.needs])


def _items(c: Context, names: list[str]) -> tuple[str, ...]:
    """Nouns of items of some products, where they all count one; and `item`, which stands for any."""
    nouns = {c.item(c.file.products[name]) for name in names if name in c.file.products}
    return (*((nouns.pop() or "item",) if len(nouns) == 1 else ()), "item")
