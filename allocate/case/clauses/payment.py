"""When all that a vendor is owed is paid."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import ValidationInfo

from allocate.case.blocks import Block
from allocate.case.index import PAID_WAGES, Clause
from allocate.case.reading import fail, read, reader
from allocate.units import Quantity, kind_of


def _payment(value: Any, info: ValidationInfo) -> Quantity | str:
    if isinstance(value, str) and value.strip().replace("-", " ") == "in advance":
        return "in advance"
    quantity = read(value, info, "30 days", lambda one: kind_of(one) == "calendar" and one.number >= 0)
    if kind_of(quantity) != "calendar":
        raise fail(
            f"expects days after which it is paid, got '{quantity.text}'", "write it as in `30 days`, or `in advance`"
        )
    if quantity.number < 0:
        raise fail(f"is before the work ('{quantity.text}')", "write `in advance`, or days after it as in `30 days`")
    return quantity


Payment = Annotated[Quantity | str, reader(_payment, "time from invoice to payment, e.g. `30 days`; or `in advance`")]


class PaidWhen(Block):
    """Keys of a contract."""

    payment: Payment | None = None
    """When all that the vendor is owed in a period is paid: so many days after the period's last day, or `in advance`, on its
    first. With an `early-payment` discount that says `within` how many days and is taken, it is paid after those instead. Absent: in the period itself.
    Amounts in another currency keep the exchange rate of the period they are owed in, however much later they are paid."""


CLAUSE = Clause(
    "payment",
    keys=("vendors.NAME.contract.payment",),
    not_for_teams=PAID_WAGES,
)
