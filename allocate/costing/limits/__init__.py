"""Limits of a case as plain numbers: money, items, targets."""

Ignoring = frozenset[tuple[str, int]]
"""Limits left out of what could be bought: money, share, rate and windows (what capacities leave in them) as a whole (number
0), demand by product, capacity by vendor."""
NOTHING: Ignoring = frozenset()
