"""Money for hours that fall with learning."""

from __future__ import annotations

import numpy as np

from allocate.program.model import Model
from allocate.program.naming import Block


def learned_price(model: Model) -> None:
    r"""A pair that learns and is paid by the hour is paid for the hours its curve comes to.

    .. math:: \sum_t q_{lt} \, (T_{lt} - T_{l,t-1}) \qquad \forall l \qquad [\text{money}]

    with T its hours by the end of a period (see `learned_work`), and q the price of an hour in the period, season, escalation and
    exchange rate included. All other prices of an item are in the cost of its column; where they depend on volume, see tiers.

    Dual: none, it is money of columns that are there already.
    """
    learned, routes = model.learned, model.layout.routes
    if learned is None or not routes.paid_as_learned.any():
        return
    hours, periods = model.program.columns["learned_hours"], learned.periods
    for group, vendor in enumerate(learned.vendors.tolist()):
        product = next(
            one.product for one, of in zip(learned.learners, learned.of.tolist(), strict=True) if of == group
        )
        mine = np.flatnonzero(routes.paid_as_learned & (routes.product == product) & (routes.vendor == vendor))
        if not len(mine):
            continue
        price = routes.price[mine[0]] / routes.hours[mine[0]]
        start = hours.start + group * periods
        for first, last, sign in ((0, periods, 1.0), (1, periods, -1.0)):
            # Hours by the end of the period before are not paid again.
            count = last - first
            if count:
                places = slice(group * periods, group * periods + count)
                index = {axis: positions[places] for axis, positions in hours.index.items()}
                columns, when = Block(hours.family, start, start + count, index), np.arange(first, last, dtype=np.int32)
                model.charge(columns, sign * price[first:last], vendor, when, [(product,)] * count)
