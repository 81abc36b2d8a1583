"""All money that could be spent, and the least of it that an item takes: how much could be bought at most."""

from __future__ import annotations

import numpy as np

from allocate.case.load import Case
from allocate.costing.limits.budget import money_there_is, weight_of_back
from allocate.costing.table import Routes
from allocate.numbers import Floats


def money_and_least(case: Case, routes: Routes) -> tuple[float, Floats]:
    """No less than all money there is, and no more than an item of each route takes of it, shape (R,); in the case's currency.

    The money is infinite where nothing limits it, and where what comes back of some item may come to more than its cost: a
    rebate or a price reduction in another currency, paid when that has gained. Such items pay for others.
    """
    money = money_there_is(case)
    if not np.isfinite(money):
        return money, np.zeros(routes.count)
    least: Floats = routes.net_of_all_back(weight_of_back(case)).min(axis=1)
    return (np.inf if (least < 0).any() else money), least
