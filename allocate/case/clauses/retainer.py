"""What a vendor asks by time, whatever it makes."""

from __future__ import annotations

from allocate.case import amounts as a
from allocate.case.blocks import Block
from allocate.case.index import FEES, RECURRING, Clause


class Retainer(Block):
    """Keys of a contract's fees."""

    retainer: a.MoneyPerTime | None = None
    """Over the whole horizon when the vendor is used at all, as in `2k USD/month`, and owed in each period: the same in every
    month, a third of a quarter's, a twelfth of a year's; in weeks by the days of each month. Money per day is by the
    day of the calendar."""


CLAUSE = Clause(
    "retainer",
    keys=("vendors.NAME.contract.fees.retainer",),
    costs={FEES: ("retainer",)},
    charged=RECURRING,
    fees={"vendors.NAME.contract.fees.retainer": "retainer of {name}"},
    figures={
        "vendors.NAME.contract.fees.retainer": "retainer",
    },
)
