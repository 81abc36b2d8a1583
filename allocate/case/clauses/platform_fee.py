"""The platform fee: a share of the prices, money per item or hour, or both, on top of them; one for all work, or by workflow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationInfo, model_validator

from allocate.case import amounts as a
from allocate.case.blocks import Block, Names, steps_like
from allocate.case.context import Context
from allocate.case.document import Path_
from allocate.case.index import TOOLING, Check, Clause
from allocate.case.reading import fail, read, reader
from allocate.case.terms import invoiced, step_order
from allocate.errors import Problem
from allocate.units import Quantity, kind_of


def _platform_fee(value: Any, info: ValidationInfo) -> Quantity:
    def accepts(one: Quantity) -> bool:
        return one.number >= 0 and a.is_share(one, ("money/count", "money/labour"), 0.0, 10.0)

    quantity = read(value, info, "20%", accepts)
    if kind_of(quantity) not in ("fraction", "money/count", "money/labour"):
        raise fail(
            f"expects a share of the price or money per item or hour, got '{quantity.text}'", "write it as in `20%`"
        )
    if quantity.number < 0:
        raise a.without_sign(quantity, info, accepts, "write a fee of zero or more")
    if kind_of(quantity) == "fraction" and quantity.number > 1 and "%" not in quantity.text:
        raise fail(f"is more than the price itself ('{quantity.text}')", f"did you mean `{quantity.text}%`?")
    return quantity


Fee = Annotated[Quantity, reader(_platform_fee, "`20%` of the price, `0.01 USD/image` or `1 USD/h`", "above zero")]


def _of_a_unit(value: Any) -> Any:
    """A least fee by time is not one of a unit."""
    if isinstance(value, str) and re.search(r"/\s*(week|month|quarter|year)s?\s*$", value):
        message = f"is the least fee for one unit, and '{value}' is one for all of a time"
        raise fail(message, f"write `minimum-platform-fee: {value.strip()}` beside `platform-fee`")
    return value


class WorkflowFee(Block):
    """A platform fee of some workflows: by name, or of those of many passes."""

    workflows: Names | None = None
    """Workflows it is for; absent: all."""
    passes_from: a.Whole | None = None
    """Passes from which a workflow has it, as in `10`; absent: one."""
    amount: Fee
    """A share of the prices, or money per item or hour."""
    plus: a.PerUnit | None = None
    """Money for each unit beside the share, as in `0.02 USD/label`; `0.02 USD` is for each of what the price counts."""
    at_least: Annotated[a.PerUnit | None, BeforeValidator(_of_a_unit)] = None
    """Least fee for one unit, as in `0.01 USD/label` or `0.01 USD`: the larger of it and the rest."""
    rounded: Literal["up", "nearest", "down"] | None = None
    """The fee for one unit is rounded to the smallest coin: up, down, or to the nearest.

    A unit is what `plus` and `at-least` are per, else what the price counts; the coin that of their currency, else of the
    price's. Where unit and price count the same, it is each unit billed, else each of an item made. Absent: no rounding."""

    @model_validator(mode="after")
    def _beside_a_share(self) -> WorkflowFee:
        more = [part for part in (self.plus, self.at_least) if part is not None]
        if len({part.dimensions for part in more}) > 1:
            message = f"'{more[1].text}' is in other units than '{more[0].text}'"
            raise fail(message, "write both in one currency and per one unit")
        if more and kind_of(self.amount) != "fraction":
            message = f"'{more[0].text}' stands beside a share of the price, and '{self.amount.text}' is not one"
            raise fail(message, "write the fee as one amount, or its `amount` as in `20%`")
        return self

    @property
    def by_unit(self) -> bool:
        """Whether it is worked out unit by unit: with a least fee, or rounded."""
        return self.at_least is not None or self.rounded is not None


_SUM, _LARGER = re.compile(r"([^+]+%)\s+\+\s+([^+]+)"), re.compile(r"max\s*\(([^,]+),([^,]+)\)")


def _listed(value: Any) -> Any:
    """A bare amount stands for one fee, of all workflows; `5% + 0.02 USD/label` and `max(20%, 0.01 USD/label)` for one of two parts."""
    if isinstance(value, (list, tuple)) or value is None:
        return value or []
    if isinstance(value, str):
        for form, key in ((_SUM, "plus"), (_LARGER, "at-least")):
            if parts := form.fullmatch(value.strip()):
                return [{"amount": parts[1].strip(), key: parts[2].strip()}]
    return [value if isinstance(value, dict) else {"amount": value}]


class FeeStep(Block):
    """Platform fee from a period on, until the next step."""

    from_: a.WhenType = Field(alias="from")
    """First period it holds in."""
    amount: Fee
    """The fee from then on."""


class PlatformFee(Block):
    """Keys of a vendor."""

    platform_fee: Annotated[
        tuple[WorkflowFee, ...],
        BeforeValidator(_listed, json_schema_input_type=Fee | WorkflowFee | list[WorkflowFee] | None),
    ] = ()
    """On top of the prices: a share of them, money per item or hour, or both (`5% + 0.02 USD/label`), with a least fee and
    rounding for each unit (`{amount: 20%, at-least: 0.01 USD/label}`). Or a list of fees, as in
    `[{amount: 20%}, {passes-from: 10, amount: 40%}]`: a workflow has the last of those that are for it, and none where none is."""
    platform_fee_steps: tuple[FeeStep, ...] = ()
    """Platform fees that change during the horizon, in the unit of the fee before."""
    minimum_platform_fee: a.MoneyPerTime | None = None
    """What the platform's fees of each month (week, quarter) with any work come to at least, as in `50 USD/month`. What is missing is
    paid in the last period; a month that the horizon cuts counts whole, and one without work owes nothing."""

    @model_validator(mode="after")
    def _fee_before_steps(self) -> PlatformFee:
        before = self.platform_fee[0].amount if self.platform_fee else None
        if self.platform_fee_steps and differs(self):
            message = "platform-fee-steps change one fee, that of all workflows, and there are fees by workflow"
            raise fail(message, "write one `platform-fee`, or leave the steps out")
        if self.platform_fee_steps and any(in_parts(fee) for fee in self.platform_fee):
            message = "platform-fee-steps change a fee that is one amount, and platform-fee has several parts"
            raise fail(message, "write `platform-fee` as one amount, or leave the steps out")
        steps_like(before, "platform-fee", [step.amount for step in self.platform_fee_steps], "20%")
        return self


def in_parts(fee: WorkflowFee) -> bool:
    """Whether a fee is more than one amount."""
    return fee.plus is not None or fee.by_unit


def parts_of(name: str, vendor: PlatformFee) -> list[tuple[Path_, Quantity]]:
    """What stands beside the shares of a vendor's fees, with the path of each fee's amount."""
    return [
        (path, part)
        for (path, _), fee in zip(fees_of(name, vendor), vendor.platform_fee, strict=True)
        for part in (fee.plus, fee.at_least)
        if part is not None
    ]


def fees_of(name: str, vendor: PlatformFee) -> list[tuple[Path_, Quantity]]:
    """Every fee of a vendor at first, with its path."""
    bare = len(vendor.platform_fee) == 1 and vendor.platform_fee[0].model_fields_set == {"amount"}
    path: Path_ = ("vendors", name, "platform-fee")
    return [
        (path if bare else (*path, position, "amount"), fee.amount) for position, fee in enumerate(vendor.platform_fee)
    ]


def differs(vendor: PlatformFee) -> bool:
    """Whether one workflow of a vendor may have another fee than the next."""
    fees = vendor.platform_fee
    return len(fees) > 1 or any(fee.workflows is not None or (fee.passes_from or 1) > 1 for fee in fees)


def by_workflow(c: Context) -> Iterator[Problem]:
    """Fees name workflows there are, each holds for one that no later fee is for, and shares of tiers are one share."""
    for name, vendor in c.file.vendors.items():
        path: Path_ = ("vendors", name, "platform-fee")
        for position, fee in enumerate(vendor.platform_fee):
            for workflow in fee.workflows or ():
                if workflow not in (known := c.workflows()):
                    fix = c.suggestions.of(workflow, known, "workflows")
                    yield c.problem((*path, position, "workflows"), f"there is no workflow '{workflow}'", fix)
            if any(_hides(later, fee) for later in vendor.platform_fee[position + 1 :]):
                message = f"the fee of {fee.amount.text} never holds: a later one is for the same workflows"
                yield c.problem(
                    (*path, position), message, "write first the fee of most workflows, then the exceptions"
                )
        by_share = any(kind_of(fee.amount) == "fraction" for fee in vendor.platform_fee)
        if vendor.contract.tiers and by_share and differs(vendor):
            message = "the platform fee is a share of prices in tiers, which count all workflows together: it cannot differ by workflow"
            yield c.problem(path, message, "write money per item, as in `0.02 USD/image`")
        if vendor.contract.tiers and any(map(in_parts, vendor.platform_fee)):
            message = "the platform fee is of prices in tiers, and these belong to no single unit: it cannot have several parts"
            yield c.problem(path, message, "write one share, or money per item, as in `0.02 USD/image`")


def _hides(later: WorkflowFee, fee: WorkflowFee) -> bool:
    """Whether a later fee is for every workflow that a fee is for."""
    named = later.workflows is None or (fee.workflows is not None and set(fee.workflows) <= set(later.workflows))
    return named and (later.passes_from or 1) <= (fee.passes_from or 1)


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


def by_invoice(c: Context) -> Iterator[Problem]:
    """Least fees come by the week, month or quarter, in windows that hold those of tiers the fee is a share of."""
    for name, vendor in c.file.vendors.items():
        asked, path = vendor.minimum_platform_fee, ("vendors", name, "minimum-platform-fee")
        if asked is None:
            continue
        by_share = any(kind_of(fee) == "fraction" for _, fee in fees_of(name, vendor))
        yield from invoiced(c, path, asked, "the least platform fee", vendor.contract.tiers if by_share else ())


def of_teams(c: Context) -> Iterator[Problem]:
    """A team has no price that the fee could be a share of."""
    for name, vendor in c.file.vendors.items():
        for path, fee in fees_of(name, vendor):
            if vendor.team is not None and kind_of(fee) == "fraction":
                message = f"{name} is a team without a price that the platform fee could be a share of ('{fee.text}')"
                yield c.problem(path, message, "write money per item or hour, as in `1 USD/h`")


CLAUSE = Clause(
    "platform_fee",
    keys=("vendors.NAME.platform-fee", "vendors.NAME.platform-fee-steps", "vendors.NAME.minimum-platform-fee"),
    fees={"vendors.NAME.minimum-platform-fee": "minimum platform fee of {name}"},
    checks=(
        Check(by_workflow, frozenset({"workflows"})),
        Check(changes_by_date, frozenset({"horizon"})),
        Check(by_invoice, frozenset({"horizon"})),
        Check(of_teams),
    ),
    examples={
        "FeeStep": "{from: week 5, amount: 15%}",
        "WorkflowFee": "{passes-from: 10, amount: 40%, at-least: 0.01 USD/label, rounded: up}",
    },
    costs={TOOLING: ("platform fee",)},
    figures={
        "vendors.NAME.platform-fee-steps.amount": "platform fee",
    },
)
