"""Further qualities of what is delivered, beside accuracy: what each route delivers of them, and what is asked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from allocate.case.load import Case
from allocate.costing.table import Routes
from allocate.numbers import Floats


@dataclass(frozen=True, eq=False)
class FurtherQuality:
    """One quality of one product."""

    product: int
    number: int
    """Which of the product's qualities, from 0."""
    limit: float
    at_least: bool
    each_vendor: bool
    delivered: Floats
    """Share of what each route delivers that is good (has the fault), shape (R,); 0 for routes of other products."""


def further_qualities(case: Case, routes: Routes) -> tuple[FurtherQuality, ...]:
    r"""Every further quality of a case, product by product.

    With a share f of items reviewed and a part d of what is wrong put right there, a fault :math:`q_v` of a vendor's is delivered as
    :math:`q_v (1 - f d)`, and a good share as :math:`1 - (1 - q_v)(1 - f d)`.
    """
    found: list[FurtherQuality] = []
    reviews = [case.workflows[name].review for name in routes.workflows]
    reviewed = np.array([one.share if one is not None and one.share is not None else 0.0 for one in reviews])
    for position, product in enumerate(case.products.values()):
        for number, quality in enumerate(product.qualities.values()):
            stated = np.array([quality.vendors.get(name, np.nan) for name in routes.vendors])[routes.vendor]
            left = 1.0 - reviewed[routes.workflow] * (quality.catch or 0.0)
            fault = quality.at_most is not None
            delivered = stated * left if fault else 1.0 - (1.0 - stated) * left
            limit = quality.at_most if quality.at_least is None else quality.at_least
            assert limit is not None
            own = np.where(routes.product == position, delivered, 0.0)
            found.append(FurtherQuality(position, number, limit, not fault, quality.of == "each-vendor", own))
    return tuple(found)
