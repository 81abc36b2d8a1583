"""How many items of each route come out right, or good by a further measure, by the routes of a program."""

from __future__ import annotations

from allocate.costing.supply.qualities import further_qualities
from allocate.program.arrays import Floats
from allocate.program.build import Built


def shares_right(built: Built, product: int, quality: int | None) -> Floats:
    """Share of each route's items that is right, or good by a further quality of the product."""
    if quality is None:
        return built.layout.routes.accuracy
    known = further_qualities(built.layout.case, built.layout.routes)
    one = next(one for one in known if (one.product, one.number) == (product, quality))
    return one.delivered if one.at_least else 1.0 - one.delivered
