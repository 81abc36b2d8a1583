"""Cash penalties: what missing a date or an amount costs, where it is paid."""

from __future__ import annotations

from allocate.case.index import ADJUSTMENT, PENALTIES, Clause
from allocate.case.reading import fail


def paid_if_there(cash: bool, penalty: object, example: str) -> None:
    """Fail where a penalty is said to be paid and there is none."""
    if cash and penalty is None:
        raise fail("`cash` says that a penalty is paid, and there is none", f"add `{example}`, or remove `cash`")


CLAUSE = Clause(
    "penalties",
    keys=(
        "products.NAME.demand.penalty",
        "products.NAME.demand.cash",
        "products.NAME.milestones.NAME.penalty",
        "products.NAME.milestones.NAME.cash",
        "products.NAME.deadline.late",
        "products.NAME.deadline.cash",
    ),
    costs={PENALTIES: ("penalty",)},
    charged=ADJUSTMENT,
    pays_for_work=False,
)
