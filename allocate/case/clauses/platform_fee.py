"""The platform fee: a share of the prices, or money per item or hour, on top of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import Field, ValidationInfo, model_validator

from allocate.case import amounts as a
from allocate.case.blocks import Block, steps_like
from allocate.case.context import Context
from allocate.case.document import Path_
from allocate.case.index import TOOLING, Check, Clause
from allocate.case.reading import fail, read, reader
from allocate.case.terms import step_order
from allocate.errors import Problem
from allocate.units import Quantity, kind_of


def _platform_fee(value: Any, info: ValidationInfo) -> Quantity:
    quantity = read(value, info, "20%", lambda one: a.is_share(one, ("money/count", "money/labour"), 0.0, 10.0))
    if kind_of(quantity) not in ("fraction", "money/count", "money/labour"):
        raise fail(
            f"expects a share of the price or money per item or hour, got '{quantity.text}'", "write it as in `20%`"
        )
    if quantity.number < 0:
        raise fail(f"is below 0 ('{quantity.text}')", "write a fee of zero or more")
    if kind_of(quantity) == "fraction" and quantity.number > 1 and "%" not in quantity.text:
        raise fail(f"is more than the price itself ('{quantity.text}')", f"did you mean `{quantity.text}%`?")
    return quantity


Fee = Annotated[Quantity, reader(_platform_fee, "`20%` of the price, `0.01 USD/image` or `1 USD/h`")]


class FeeStep(Block):
    """Platform fee from a period on, until the next step."""

    from_: a.WhenType = Field(alias="from")
    """First period it holds in."""
    amount: Fee
    """The fee from then on."""


class PlatformFee(Block):
    """Keys of a vendor."""

    platform_fee: Fee | None = None
    """On top of the prices: a share of them, or money per item or hour."""
    platform_fee_steps: tuple[FeeStep, ...] = ()
    """Platform fees that change during the horizon, in the unit of the fee before."""

    @model_validator(mode="after")
    def _fee_before_steps(self) -> PlatformFee:
        steps_like(self.platform_fee, "platform-fee", [step.amount for step in self.platform_fee_steps], "20%")
        return self


def fees_of(name: str, vendor: PlatformFee) -> list[tuple[Path_, Quantity]]:
    """Every fee of a vendor at first, with its path."""
    return [(("vendors", name, "platform-fee"), vendor.platform_fee)] if vendor.platform_fee is not None else []


def changes_by_date(c: Context) -> Iterator[Problem]:
    """Fees come in order of time; a share of prices by volume, which count over several periods, stays the same."""
    for name, vendor in c.file.vendors.items():
        path: Path_ = ("vendors", name, "platform-fee-steps")
        by_share = any(kind_of(fee) == "fraction" for _, fee in fees_of(name, vendor))
        yield from step_order(c, path, [step.from_ for step in vendor.platform_fee_steps])
        if vendor.platform_fee_steps and vendor.contract.tiers and by_share:
            message = (
                "the platform fee is a share of prices in tiers, which are counted over time: it cannot change by date"
            )
            yield c.problem(path, message, "write money per item, as in `0.02 USD/image`")


def of_teams(c: Context) -> Iterator[Problem]:
    """A team has no price that the fee could be a share of."""
    for name, vendor in c.file.vendors.items():
        for path, fee in fees_of(name, vendor):
            if vendor.team is not None and kind_of(fee) == "fraction":
                message = f"{name} is a team without a price that the platform fee could be a share of ('{fee.text}')"
                yield c.problem(path, message, "write money per item or hour, as in `1 USD/h`")


CLAUSE = Clause(
    "platform_fee",
    keys=("vendors.NAME.platform-fee", "vendors.NAME.platform-fee-steps"),
    checks=(Check(changes_by_date, frozenset({"horizon"})), Check(of_teams)),
    examples={"FeeStep": "{from: week 5, amount: 15%}"},
    costs={TOOLING: ("platform fee",)},
)
