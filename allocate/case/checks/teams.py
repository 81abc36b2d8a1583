"""Checks of what a team of your own may not have: it is paid wages, busy or not."""

from __future__ import annotations

from collections.abc import Iterator

from allocate.case.blocks import written_keys
from allocate.case.clauses import CLAUSES
from allocate.case.context import Context
from allocate.case.index import PAID_WAGES
from allocate.case.terms import contracts
from allocate.errors import Problem

_CONTRACT = "vendors.NAME.contract."
_WHY = {
    key.removeprefix(_CONTRACT): clause.not_for_teams
    for clause in CLAUSES
    for key in clause.keys
    if clause.not_for_teams is not None and key.startswith(_CONTRACT)
}
"""Why a team may not have them, by the keys of contracts."""


def without_prices(c: Context) -> Iterator[Problem]:
    """Work by a team costs wages, paid whether busy or not; a price for it as well would count it twice."""
    for name, where, vendor in contracts(c):
        if vendor.team is None:
            continue
        written = written_keys(vendor.contract)
        for key, why in _WHY.items():
            if key in written:
                message = f"{name} is a team and {why}: its contract can have no `{key}`"
                yield c.problem((*where, key), message, f"remove `{key}`: the wage stands in the team")
        for position, rate in c.rate_card.of_vendor(name):
            if rate.price is not None:
                message = f"{name} is a team and {PAID_WAGES}, and its rate for {rate.product} has a price"
                where_wage = "the team" if vendor.staffing is None else "its contract"
                fix = f"leave the price blank: the wage stands in {where_wage}"
                yield c.problem(("rates", position, "price"), message, fix)
