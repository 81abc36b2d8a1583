"""When all that a vendor is owed is paid."""

from __future__ import annotations

from allocate.case import amounts as a
from allocate.case.blocks import Block
from allocate.case.index import PAID_BY_THE_HOUR, Clause


class PaidWhen(Block):
    """Keys of a contract."""

    payment: a.Payment | None = None
    """When all that the vendor is owed in a period is paid: so many days after the period's last day, or `in advance`, on its
    first. With an `early-payment` discount that says `within` how many days and is taken, it is paid after those instead. Absent: in the period itself.
    Amounts in another currency keep the exchange rate of the period they are owed in, however much later they are paid."""


CLAUSE = Clause(
    "payment",
    keys=("vendors.NAME.contract.payment",),
    not_for_teams=PAID_BY_THE_HOUR,
)
