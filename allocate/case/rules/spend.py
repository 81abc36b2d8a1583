"""Spend on products: the least, the most, or exactly so much, in money or as a share of all that is spent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pydantic import model_validator

from allocate.case import amounts as a
from allocate.case.blocks import Block, Names
from allocate.case.clauses.tiers import cut_through
from allocate.case.context import Context, line_of
from allocate.case.document import Path_
from allocate.case.index import OF_CONTRACTS, Check, RuleKind
from allocate.case.mix import ROUNDING, named, rules_of
from allocate.case.reading import fail
from allocate.errors import Problem
from allocate.units import Quantity, kind_of


class SpendRule(Block):
    """What is spent on products over the horizon: in money, or as a share of all spend.

    It counts what is owed for nothing but these products, as a limit of the budget on them does: prices, what is charged on
    them, fees of products, seats and levers that are for these alone. All spend has fees of whole vendors and wages of teams
    too. Switching, penalties and what a stock costs count in neither: they pay for no work."""

    products: Names
    """Products counted together; `each`: every product for itself."""
    at_least: a.MoneyOrShare | None = None
    """Least spend: money, as in `10k USD`, or a share of all spend, as in `20%`."""
    at_most: a.MoneyOrShare | None = None
    """Most spend: money, or a share of all spend."""
    exactly: a.MoneyOrShare | None = None
    """Both at once: so much, no more and no less."""

    @model_validator(mode="after")
    def _some(self) -> SpendRule:
        if self.exactly is not None and (self.at_least is not None or self.at_most is not None):
            raise fail("`exactly` stands alone", "write `exactly`, or at-least and at-most")
        if self.exactly is None and self.at_least is None and self.at_most is None:
            raise fail(
                "spend needs at-least, at-most or exactly", "write it as in `at-least: 10k USD`, or `at-most: 20%`"
            )
        for amount in (self.at_least, self.at_most, self.exactly):
            if amount is not None and kind_of(amount) == "fraction" and amount.number > 1:
                raise fail(
                    f"no product has more than 100% of all spend ('{amount.text}')", "write a share, as in `20%`"
                )
        low, high = self.at_least, self.at_most
        if low is not None and high is not None and _above(low, high):
            raise fail("at-least is above at-most", "swap them")
        return self


class Spend(Block):
    """Keys of a rule."""

    spend: SpendRule | None = None
    """What is spent on products at least, at most or exactly."""


def _above(low: Quantity, high: Quantity) -> bool:
    """Whether one amount is above another, where both are money of one currency or both are shares."""
    return low.currency == high.currency and low.number > high.number * (1 + ROUNDING)


class _Floor(NamedTuple):
    """What a rule asks at least of a group of products."""

    path: Path_
    rule: str
    products: frozenset[str]
    amount: Quantity


def spends(c: Context) -> Iterator[Problem]:
    """Rules on spend name products of the case, and what they ask together can be spent."""
    floors: list[_Floor] = []
    for path, rule, spend in rules_of(c, "spend"):
        yield from c.unknown((*path, "products"), spend.products, "products", "product", ("each",))
        yield from named(c, path, {"products": spend.products})
        foreign = [
            (key, amount)
            for key, amount in (("at-least", spend.at_least), ("at-most", spend.at_most), ("exactly", spend.exactly))
            if amount is not None and rule.penalty is not None and amount.currency not in (None, c.file.currency)
        ]
        for key, amount in foreign:
            message = f"the rule may be broken for a penalty by {c.file.currency}, and asks for '{amount.text}'"
            yield c.problem((*path, key), message, f"write the amount in {c.file.currency}, or leave the penalty out")
        least = spend.exactly or spend.at_least
        if least is not None and rule.penalty is None:
            every = [[name] for name in c.file.products] if spend.products == ("each",) else [spend.products]
            key = "exactly" if spend.exactly else "at-least"
            floors += [_Floor((*path, key), rule.name, frozenset(group), least) for group in every]
    yield from _too_much(c, floors)
    yield from _two_words(c, floors)


def _too_much(c: Context, floors: list[_Floor]) -> Iterator[Problem]:
    """What rules ask of products that do not overlap is not more than the budget, or than all spend."""
    budget = c.file.budget.total
    for share in (True, False):
        taken, total, names = set[str](), 0.0, list[str]()
        for floor in floors:
            same = kind_of(floor.amount) == "fraction" if share else budget and floor.amount.currency == budget.currency
            if not same or taken & floor.products:
                continue
            taken |= floor.products
            total += floor.amount.number
            names += [floor.rule] if floor.rule not in names else []
            most = 1.0 if share or budget is None else budget.number
            if total > most * (1 + ROUNDING):
                who = "the rule asks" if len(names) == 1 else f"the rules {' and '.join(map(repr, names))} ask"
                asked = f"{total:.0%} of all spend"
                if not share and budget is not None:
                    there = line_of(c, ("budget",))
                    asked = f"{total:,.10g} {budget.currency}, and the budget{there} is {budget.text}"
                yield c.problem(floor.path, f"{who} for at least {asked}", "lower what is asked")
                break


def _two_words(c: Context, floors: list[_Floor]) -> Iterator[Problem]:
    """No rule asks for more than another leaves to the same products."""
    for path, rule, spend in rules_of(c, "spend"):
        most = spend.exactly or spend.at_most
        for floor in floors if most is not None and rule.penalty is None else ():
            here = [{name} for name in c.file.products] if spend.products == ("each",) else [set(spend.products)]
            if (
                floor.rule != rule.name
                and any(group >= floor.products for group in here)
                and _above(floor.amount, most)
            ):
                there = f"'{rule.name}'{line_of(c, path[:-1])}"
                message = f"the rule asks for at least {floor.amount.text}, the rule {there} leaves at most {most.text}"
                yield c.problem(floor.path, message, "change one of them")


def tiers_cut(c: Context) -> Iterator[Problem]:
    """A rule on some products can only count tiers that are for nothing else."""
    for path, rule, spend in rules_of(c, "spend"):
        groups = [(name,) for name in c.file.products] if spend.products == ("each",) else [spend.products]
        yield from cut_through(c, path, f"the rule '{rule.name}'", groups)


def measure(c: Context, spend: SpendRule) -> tuple[str, tuple[str, ...]]:
    """What a penalty is for one of: money more or less than the rule says."""
    return "spend", ("",)


RULE = RuleKind(
    "spend",
    measure,
    checks=(Check(spends, frozenset({"rules", "products", "budget"})), Check(tiers_cut, OF_CONTRACTS)),
    examples={"SpendRule": "{products: signs, at-least: 10k USD, at-most: 20%}"},
)
