"""Levers: optional investments that change what routes take, cost and give, or what vendors can do."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from allocate.case import amounts as a
from allocate.case.amounts import fail
from allocate.case.blocks import Block, Names


def _or_one(value: Any) -> Any:
    """One block stands for a list of one."""
    return [value] if isinstance(value, dict) else value


class LeverEffect(Block):
    """What a lever changes: the work of some routes, or the capacity of some vendors."""

    products: Names | None = None
    """Products whose routes it changes; absent: all."""
    vendors: Names | None = None
    """Vendors whose routes (or whose capacity) it changes; absent: all."""
    workflows: Names | None = None
    """Workflows it changes; absent: all."""
    hours: a.Change | None = None
    """Change of the vendor's hours of one pass, as in `-45%`; prices by the hour follow."""
    accuracy: a.ChangeInPoints | None = None
    """Change of the accuracy of one pass, before any review, in points."""
    price: a.Change | None = None
    """Change of the vendor's price."""
    capacity: a.ChangeInCapacity | None = None
    """Added to (or, below zero, taken from) the capacity of each vendor named, in the unit that is in. By time it is counted
    like that capacity, `+8 h/day` by the vendor's working days."""

    @model_validator(mode="after")
    def _some(self) -> LeverEffect:
        work = [key for key in ("hours", "accuracy", "price") if getattr(self, key) is not None]
        if not work and self.capacity is None:
            raise fail("the effect changes nothing", "write hours, accuracy, price or capacity, as in `hours: -45%`")
        if self.capacity is not None and (work or self.products is not None or self.workflows is not None):
            raise fail(
                "capacity belongs to vendors, whatever they make", "give it an effect of its own, with `vendors:` only"
            )
        if self.capacity is not None and not self.vendors:
            raise fail("the effect does not say whose capacity it changes", "write it as in `vendors: [acme]`")
        return self


class LeverOpens(Block):
    """Vendors and workflows that can be used only with the lever."""

    vendors: Names = ()
    """Vendors that cannot be used without it."""
    workflows: Names = ()
    """Workflows that cannot be used without it."""

    @model_validator(mode="after")
    def _some(self) -> LeverOpens:
        if not self.vendors and not self.workflows:
            raise fail("nothing is opened", "write it as in `vendors: […]` or `workflows: […]`")
        return self


class Lever(Block):
    """An optional investment: the plan buys it where it pays, whole or not at all."""

    title: a.Text | None = None
    """One line for people."""
    owner: a.Name | None = None
    """Who decides it."""
    reason: a.Name | None = None
    """Why it is considered."""
    cost: a.Money | None = None
    """Paid once, in the period the lever starts."""
    running_cost: a.MoneyPerTime | None = None
    """Paid in every period from the start to the end of the horizon, as in `500 USD/month`: the same in every month; in weeks
    by the days of each month."""
    from_: a.WhenType | None = Field(None, alias="from")
    """First period of work it can change; absent: the first of the horizon."""
    effect: Annotated[
        tuple[LeverEffect, ...], BeforeValidator(_or_one, json_schema_input_type=LeverEffect | list[LeverEffect])
    ] = ()
    """What it changes, one block or a list."""
    opens: LeverOpens | None = None
    """What can be used only with it."""
    applies: Literal["where-it-pays", "always"] = "where-it-pays"
    """where-it-pays: once bought, each route may be worked with or without it; always: with it only, from its start."""
    excludes: Names = ()
    """Levers that cannot be bought beside it."""
    needs: Names = ()
    """Levers it cannot do without."""
    bought: a.Truth | None = None
    """Decided already: true or false; absent: the plan decides."""

    @model_validator(mode="after")
    def _some(self) -> Lever:
        if not self.effect and self.opens is None:
            raise fail("the lever does nothing", "write it as in `effect: {…}`, or what it `opens`")
        return self
