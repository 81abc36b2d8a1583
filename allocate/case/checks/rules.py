"""Checks of all rules: names of their own, and penalties per unit of what each is about."""

from __future__ import annotations

from collections.abc import Iterator

from allocate.case.context import Context
from allocate.case.document import Path_
from allocate.case.mix import rules_of
from allocate.case.rules import RULES
from allocate.errors import Problem
from allocate.units import Quantity, kind_of


def names(c: Context) -> Iterator[Problem]:
    """Rules have names of their own."""
    seen: set[str] = set()
    for position, rule in enumerate(c.file.rules):
        if rule.name in seen:
            yield c.problem(("rules", position, "name"), f"two rules are named '{rule.name}'", "rename one")
        seen.add(rule.name)


def penalties(c: Context) -> Iterator[Problem]:
    """A penalty is money per unit of its rule's own measure."""
    for kind in RULES:
        for path, rule, block in rules_of(c, kind.name):
            if rule.penalty is None:
                continue
            measure, nouns = kind.measure(c, block)
            if _unit(rule.penalty) not in nouns:
                yield _per_other(c, path[:-1], rule.name, rule.penalty, measure, nouns)


def _per_other(c: Context, where: Path_, name: str, amount: Quantity, measure: str, nouns: tuple[str, ...]) -> Problem:
    written = amount.text if kind_of(amount) != "fraction" else f"{amount.text} without a unit"
    own = amount.currency or c.file.currency
    unit = own if "" in nouns else nouns[0]
    number = amount.text.split()[0] if "%" not in amount.text else f"{amount.number:.12g}"
    message = f"the rule '{name}' is about {measure}, its penalty is '{written}'"
    return c.problem((*where, "penalty"), message, f"write `{number} {own}/{unit}`")


def _unit(amount: Quantity) -> str:
    """What a penalty is for one of; empty for a share of money."""
    return "" if kind_of(amount) == "fraction" else amount.per() or ""
