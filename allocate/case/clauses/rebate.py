"""Rebates: money paid back by what all prices of a vendor came to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from pydantic import model_validator

from allocate.case import amounts as a
from allocate.case.blocks import Block, Window
from allocate.case.context import Context, line_of
from allocate.case.document import Path_
from allocate.case.index import OF_CONTRACTS, PAID_WAGES, VENDORS, Check, Clause, Whole
from allocate.case.reading import fail
from allocate.case.terms import contracts, counts_by
from allocate.errors import Problem

if TYPE_CHECKING:
    from allocate.case.schema import Contract, Vendor


class RebateStep(Block):
    """A share paid back from a spend on."""

    at_least: a.Money
    """Spend from which it holds."""
    back: a.Share
    """Share paid back."""


class Rebate(Block):
    """Money paid back by what all the vendor's prices came to in each window; paid in the window's last period.

    A window that the horizon cuts keeps its whole steps.

    It is counted in the currency its steps are written in: what is billed in that currency as it is billed, whatever the
    exchange rate; what is billed in another at the rates of the period it is owed in. It is paid back in that currency, at the
    exchange rate of the window's last period."""

    steps: tuple[RebateStep, ...]
    """Shares paid back, by spend, in order."""
    kind: Literal["incremental", "all-unit"] = "all-unit"
    """all-unit: the share of the last step reached, of all the money; incremental: of the money above each start."""
    window: Window = "horizon"
    """When counting starts again: each period, month or quarter, or never."""

    @model_validator(mode="after")
    def _in_order(self) -> Rebate:
        if not self.steps:
            raise fail("a rebate needs at least one step", "write it as in `steps: [{at-least: 100k USD, back: 2%}]`")
        if len({step.at_least.currency for step in self.steps}) > 1:
            raise fail("the steps are in different currencies", "write all of them in one")
        return self


class PaidBack(Block):
    """Keys of a contract."""

    rebate: Rebate | None = None
    """What is paid back by total spend; commitments and ceilings count prices before it."""


def steps(c: Context) -> Iterator[Problem]:
    """Steps rise, up to what the ceiling allows; they count in windows that hold those of tiers."""
    for _, where, vendor in contracts(c):
        rebate = vendor.contract.rebate
        if rebate is not None:
            yield from counts_by(c, where, "rebate", vendor.contract, rebate.window)
            yield from _order(c, (*where, "rebate"), rebate)
            yield from _reached(c, where, vendor.contract, rebate)


def _order(c: Context, path: Path_, rebate: Rebate) -> Iterator[Problem]:
    """Steps of a rebate rise."""
    for position, step in enumerate(rebate.steps[1:], 1):
        before = rebate.steps[position - 1]
        if step.at_least.number <= before.at_least.number:
            there = line_of(c, (*path, "steps", position - 1, "at-least"))
            message = f"the steps overlap: this one holds from {step.at_least.text}, the one before{there} from {before.at_least.text}"
            fix = "write the steps in order, each with a higher `at-least`"
            yield c.problem((*path, "steps", position, "at-least"), message, fix)


def _reached(c: Context, where: Path_, contract: Contract, rebate: Rebate) -> Iterator[Problem]:
    """A step that the contract's ceiling never lets anybody reach."""
    ceiling = contract.ceiling
    for position, step in enumerate(rebate.steps):
        if ceiling is not None and ceiling.currency == step.at_least.currency and step.at_least.number > ceiling.number:
            there = line_of(c, (*where, "ceiling"))
            message = f"nobody reaches {step.at_least.text}: the contract's ceiling{there} is {ceiling.text}"
            yield c.problem(
                (*where, "rebate", "steps", position, "at-least"), message, "lower it, or raise the ceiling"
            )


def _whole(name: str, vendor: Vendor) -> Iterator[Whole]:
    """Spend is counted from the start of the window."""
    if (rebate := vendor.contract.rebate) is not None:
        yield Whole(("rebate",), rebate.window, f"the rebate of {name} counts it from its start: {{money}}", True)


CLAUSE = Clause(
    "rebate",
    keys=("vendors.NAME.contract.rebate",),
    checks=(Check(steps, OF_CONTRACTS),),
    examples={
        "Rebate": "{steps: [{at-least: 100k USD, back: 2%}]}",
        "RebateStep": "{at-least: 100k USD, back: 2%}",
    },
    costs={VENDORS: ("rebate",)},
    not_for_teams=PAID_WAGES,
    figures={
        "vendors.NAME.contract.rebate.steps.at-least": "start of a rebate",
        "vendors.NAME.contract.rebate.steps.back": "paid back",
    },
    meant={"rebate": ("back",)},
    whole=_whole,
    shared_by="money",
    of_prices=("rebate",),
)
