"""Unit costs of routes period by period, as a tidy table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from allocate.case.load import Case
from allocate.costing.table import Routes

if TYPE_CHECKING:
    import pandas as pd


def by_period_table(case: Case, routes: Routes) -> pd.DataFrame:
    """Unit costs of every route in every period, one row each: what season, escalation and exchange rates change."""
    import pandas as pd

    periods = routes.unit_cost.shape[1]
    route = np.repeat(np.arange(routes.count), periods)
    period = np.tile(np.arange(periods), routes.count)
    amounts = {name: getattr(routes, name)[route, period] for name in _MOVING}
    return pd.DataFrame(
        {
            "product": [routes.products[p] for p in routes.product[route]],
            "vendor": [routes.vendors[v] for v in routes.vendor[route]],
            "workflow": [routes.workflows[w] for w in routes.workflow[route]],
            **({"levers": [routes.levers_of(number) for number in route.tolist()]} if routes.levers else {}),
            case.periods.unit: period + 1,
            **amounts,
        }
    )


_MOVING = ("price", "platform_fee", "adjustment", "usage", "review_cost", "unit_cost", "error_cost")
