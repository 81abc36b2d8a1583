"""The pilot case whose answers are known: a sure vendor, a cheap one nobody knows, and what a wrong image costs."""

from __future__ import annotations

from typing import Any

import numpy as np

from allocate import read_case
from allocate.case.load import Case, revised
from allocate.odds.learning_from_pilots import Share
from allocate.odds.pilots import Pilots, weighed
from allocate.quantiles import beta_quantile

BELIEF = Share(18.0, 2.0)


def two_vendors(images: int = 100_000, **pilot: Any) -> dict[str, Any]:
    """A at 0.50 USD and 95% right, B at 0.35 USD and perhaps 90%; 2.00 USD a wrong image; a pilot 500 USD and 0.40 USD a check."""
    first = {
        "vendor": "b", "product": "scans", "items": {"up-to": 400}, "by": "week 2", "decide": "week 3",
        "cost": "500 USD", "check": "0.40 USD/image", **pilot,
    }  # fmt: skip
    return {
        "case": "scans",
        "currency": "USD",
        "horizon": {"start": "2027-01-04", "weeks": 6},
        "objective": "net-value",
        "products": {
            "scans": {
                "item": "image",
                "effort": "30 s/image",
                "demand": {"exactly": f"{images} images"},
                "error-cost": "2.00 USD/image",
            }
        },
        "vendors": {
            "a": {"capacity": "100_000 images/week", "accuracy": "95%", "contract": {"price": "0.50 USD/image"}},
            "b": {"capacity": "100_000 images/week", "accuracy": "18 of 20", "contract": {"price": "0.35 USD/image"}},
        },
        "workflows": ["single-pass"],
        "pilots": {"first": first},
    }


def drawn(case: Case, count: int, vendor: str = "b") -> list[Case]:
    """The case at the middles of equally likely parts of what is believed of a vendor's accuracy."""
    shares = beta_quantile((np.arange(count) + 0.5) / count, BELIEF.right, BELIEF.wrong)
    return [revised(case, {f"vendors.{vendor}.accuracy": f"{share:.12f}"}) for share in shares.tolist()]


def weigh(document: dict[str, Any], count: int = 16, exact: bool = True) -> Pilots:
    """The pilots of a case over so many scenarios of B's accuracy; exact: told that it is Beta(18, 2) and all that is unknown."""
    case = read_case(document)
    even = np.full(count, 1.0 / count)
    beliefs = dict.fromkeys(case.file.pilots, BELIEF) if exact else None
    return weighed(case, drawn(case, count), even, np.arange(count) % 8, 1, beliefs)
