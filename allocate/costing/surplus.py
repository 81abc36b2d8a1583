"""What is bought and not used, where steps count another unit than the price."""

from __future__ import annotations

from allocate.costing.routes import Routes
from allocate.costing.schedules import Schedule


def spare_ratio(ways: Routes, schedule: Schedule) -> float:
    """Billed units to one of what the steps count, of what is bought and not used: of the kind of item that has fewest.

    Whoever buys more than is used chooses what; of ways that no lever has to be bought for, where there are any.
    """
    mine = (ways.schedule == schedule.number) & (ways.counted > 0)
    plain = mine & (ways.combination == 0)
    chosen = plain if plain.any() else mine
    return float((ways.billable[chosen] / ways.counted[chosen]).min()) if chosen.any() else 1.0
