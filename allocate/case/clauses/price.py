"""Plain prices: what they count, further parts of them, and whether work done again is paid."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import BeforeValidator, model_validator

from allocate.case import amounts as a
from allocate.case.blocks import Block
from allocate.case.context import Context, makers
from allocate.case.document import Path_
from allocate.case.index import PAID_WAGES, VENDORS, Check, Clause
from allocate.case.reading import fail
from allocate.case.terms import basis, contracts
from allocate.errors import Problem
from allocate.units import Quantity


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, (str, Quantity)) else value or ()


Plus = Annotated[tuple[a.Price, ...], BeforeValidator(_listed, json_schema_input_type=a.Price | list[a.Price])]


class InParts(Block):
    """A price of several parts: of a contract, or a line of the rate card."""

    @model_validator(mode="before")
    @classmethod
    def _apart(cls, data: Any) -> Any:
        """A price that is written as a sum, by its parts."""
        price = data.get("price") if isinstance(data, dict) else None
        if not isinstance(price, str) or " + " not in price or data.get("plus") is not None:
            return data
        first, *more = (part.strip() for part in price.split(" + "))
        return {**data, "price": first, "plus": more}

    @model_validator(mode="after")
    def _of_a_price(self) -> InParts:
        price: Quantity | None = getattr(self, "price", None)
        plus: tuple[Quantity, ...] = getattr(self, "plus", ())
        for part in plus:
            if price is None:
                message = f"'{part.text}' is a further part of a price, and there is none"
                raise fail(message, "write its first part as `price`")
            if part.currency != price.currency:
                message = f"the parts of the price are in two currencies ('{price.text}', '{part.text}')"
                raise fail(message, f"write all in {price.currency}")
        counted = [one.per() for one in (price, *plus) if one is not None]
        if len(set(counted)) < len(counted):
            raise fail(f"two parts of the price are per {counted[-1]}", "write their sum")
        return self


class Price(InParts):
    """Keys of a contract."""

    per: a.Name | None = None
    """What the invoice counts: item, label, hour, EU, or a driver such as box; checked against the price."""
    price: a.Price | None = None
    """Price for every product without a price of its own in the rates."""
    plus: Plus = ()
    """Further parts of the price, each counted in a unit of its own: a price of `0.10 USD/video + 0.10 USD/150 frames`
    may be written so, or with `plus: 0.10 USD/150 frames`. All count as price."""


class WorkDoneAgain(Block):
    """Keys of a contract."""

    rework_paid: a.Truth | None = None
    """Whether work done again is billed; absent: yes when billed by the hour, no otherwise."""


_SAME = {"hour": "h", "hours": "h"}


def counted(c: Context) -> Iterator[Problem]:
    """A price is per what its contract says the invoice counts."""
    for _, where, vendor in contracts(c):
        price, per = vendor.contract.price, vendor.contract.per
        if per is None or price is None:
            continue
        nouns = {plural: singular for singular, plural in c.units.nouns.items()}
        if price.per() != _SAME.get(per, nouns.get(per, per)):
            message = f"the contract is per {per}, its price per {price.per()} ('{price.text}')"
            yield c.problem((*where, "price"), message, "make them agree, or remove `per`")


def in_parts(c: Context) -> Iterator[Problem]:
    """Parts of a price are per something the products have; they stand beside a plain price, which none locks."""
    for name, where, vendor in contracts(c):
        if vendor.contract.plus and (vendor.contract.tiers or vendor.contract.price_lock):
            key = "tiers" if vendor.contract.tiers else "price-lock"
            message = f"the price of {name} has several parts, and {key} is about a price of one"
            yield c.problem((*where, key), message, "write a price of one part, or parts in the rates")
        served = [(one, product) for one, product in c.file.products.items() if name in makers(c, one)]
        own = {rate.product for _, rate in c.rate_card.of_vendor(name) if rate.price is not None}
        parts: list[tuple[Path_, Quantity, str]] = [
            ((*where, "price"), part, one) for part in vendor.contract.plus for one, _ in served if one not in own
        ]
        parts += [
            (("rates", n, "price"), part, rate.product) for n, rate in c.rate_card.of_vendor(name) for part in rate.plus
        ]
        for path, part, product in parts:
            if product not in c.file.products:
                continue  # a name that is not there is told of at the rate itself
            yield from basis(c, path, part, product, c.file.products[product])


CLAUSE = Clause(
    "price",
    keys=(
        "vendors.NAME.contract.per",
        "vendors.NAME.contract.price",
        "vendors.NAME.contract.plus",
        "vendors.NAME.contract.rework-paid",
        "rates.NAME.price",
        "rates.NAME.plus",
    ),
    checks=(Check(counted), Check(in_parts, frozenset({"products", "rates", "model"}))),
    costs={VENDORS: ("items",)},
    not_for_teams=PAID_WAGES,
    figures={
        "vendors.NAME.contract.price": "price",
    },
    of_prices=("rework-paid",),
)
