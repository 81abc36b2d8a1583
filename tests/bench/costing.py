"""What costing routes takes beside the same arithmetic on bare arrays; figures are ratios of one run on one machine.

    python tests/bench/costing.py          # 100,000 routes x 52 weeks: 20,000 rates through five workflows
    python tests/bench/costing.py rates    # the same number from 100,000 rates through one workflow

Costs are made of all that moves: two currencies with a change of rate, escalation, seasons, platform fees, prices by
the image and by the hour, review by a team of one's own. Reading the case is not counted. The floor is what arrays
alone take: prices of every route and week, fees and review added to them, nothing read or looked up.
Source: made for this project; the figures are drawn for speed and stand for nobody's prices.
"""

from __future__ import annotations

import sys
import time
from typing import Any

import numpy as np

from allocate import read_case, routes

WEEKS = 52
MOST = 1.0
"""CPU seconds 100,000 routes x 52 weeks may take."""
WORKFLOWS = ("single-pass", "sampled-5", "full-review", "double-adjudicated", "majority-3")
SHAPES = {"menu": (200, 100, WORKFLOWS), "rates": (1000, 100, WORKFLOWS[1:2])}
"""Products, vendors, workflows: 100,000 routes each."""


def case(products: int, vendors: int, workflows: tuple[str, ...]) -> dict[str, Any]:
    """A case with a rate for every product and vendor."""
    season = [{"from": "week 10", "factor": 1.05}]
    return {
        "case": "speed",
        "currency": "USD",
        "objective": "cost",
        "horizon": {"start": "2027-01-04", "weeks": WEEKS},
        "review-team": {"wage": "40 USD/h"},
        "exchange": {"EUR": [{"rate": "1.08 USD"}, {"from": "week 20", "rate": "1.1 USD"}]},
        "products": {
            f"p{p}": {"item": "image", "effort": f"{10 + p % 200} s/image", "demand": {"at-most": "1000 images"}}
            for p in range(products)
        },
        "vendors": {
            f"v{v}": {"escalation": "4 %/year", "season": season, "platform-fee": "0.01 USD/image"}
            for v in range(vendors)
        },
        "workflows": list(workflows),
        "rates": [
            {"product": f"p{p}", "vendor": f"v{v}", "price": _price(p, v), "accuracy": f"{90 + v % 10}%"}
            for p in range(products)
            for v in range(vendors)
        ],
    }


def _price(product: int, vendor: int) -> str:
    currency = "USD" if vendor % 2 else "EUR"
    return f"{0.1 + 0.001 * (product % 200):.3f} {currency}/image" if vendor % 3 else f"20 {currency}/h"


def floor(count: int, vendors: int) -> float:
    """CPU seconds of the arithmetic alone: price, fee and review of every route and week, and their sum."""
    draw = np.random.default_rng(7)
    asked, fee, review = draw.random((3, count))
    vendor, factors, rate = draw.integers(0, vendors, count), draw.random((vendors, WEEKS)), draw.random(WEEKS)
    began = time.process_time()
    price = asked[:, None] * (factors * rate)[vendor]
    fees, reviews = fee[:, None] * rate, review[:, None] * rate
    total = price + fees + reviews
    assert total.shape == (count, WEEKS)
    return time.process_time() - began


def main() -> int:
    """Print the figures; 1 where costing takes longer than it may."""
    shape = SHAPES[sys.argv[1] if len(sys.argv) > 1 else "menu"]
    read, taken, least = read_case(case(*shape)), [], []
    for _ in range(5):
        began = time.process_time()
        ways = routes(read)
        unit_cost = ways.unit_cost
        taken.append(time.process_time() - began)
        least.append(floor(ways.count, len(read.vendors)))
    seconds, bare = float(np.median(taken)), float(np.median(least))
    verdict = "ok" if seconds <= MOST else "OVER"
    print(
        f"costing {ways.count:,} routes x {unit_cost.shape[1]} weeks: {seconds:.2f} s CPU ({verdict}, at most {MOST:g} s)"
    )
    print(f"bare arrays: {bare:.2f} s; costing takes {seconds / bare:.1f} times that")
    return int(seconds > MOST)


if __name__ == "__main__":
    sys.exit(main())
