"""The tree of a search by choices, written down as a proof."""

from __future__ import annotations

import numpy as np

from allocate.certificate.facility_location.facilities import Facilities
from allocate.certificate.facility_location.proof import Opened, Priced
from allocate.program.arrays import Floats
from allocate.solvers.facility_location.search import Node

NUMBERS = 1_000_000
"""Most prices written down; a proof that takes more keeps those of all choices together only."""
DIGITS = 10
"""Significant digits of prices: any numbers prove something, these nearly as much as all digits."""


def written(tree: Node, facilities: Facilities, target: float, sign: float) -> Opened:
    """The proof that no plan is better than a target, both in the sense of a program by its sign."""
    nodes, waiting = list[Node](), [tree]
    while waiting:
        node = waiting.pop()
        nodes.append(node)
        waiting += node.children[::-1]
    used = np.flatnonzero(np.any([node.prices != 0.0 for node in nodes], axis=0))
    if len(used) * len(nodes) > NUMBERS:
        nodes = [Node(tree.prices)]
        used = np.flatnonzero(tree.prices)
    boxes = tuple(
        Priced(_rounded(sign * node.prices[used]), int(facilities.ids[node.facility]) if node.children else None)
        for node in nodes
    )
    return Opened(float(target), tuple(facilities.linking[used].tolist()), boxes)


def _rounded(prices: Floats) -> tuple[float, ...]:
    return tuple(float(f"{one:.{DIGITS}g}") + 0.0 for one in prices.tolist())
