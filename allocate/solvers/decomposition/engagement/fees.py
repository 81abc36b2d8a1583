"""Fees of vendors shared out among products, so that the best of all products comes to little: by subgradients."""

from __future__ import annotations

import numpy as np

from allocate.certificate.engagement.proof import charged
from allocate.certificate.engagement.tables import Priced
from allocate.program.arrays import Floats
from allocate.solvers.decomposition.engagement.product_sets import ProductSets

ROUNDS = 150
STEP, SMALLER, STALLED = 0.05, 0.6, 5
"""First step as a share of the fee; how much it shrinks after so many rounds that brought nothing."""


def shared_out(sets: ProductSets, priced: Priced, count: int) -> tuple[Floats, Floats]:
    """What of each vendor's fee each part is charged, shape (parts, V), and what that is for every set, shape (sets, V).

    From what the accounts take, parts that start a vendor at their best are charged more of its fee, others less.
    """
    vendors = [one.part.vendors for one in sets.kinds]
    fee = np.maximum(-priced.accounts, 0.0)
    use = np.zeros((len(vendors), count))
    for part, of in enumerate(vendors):
        use[part, of] = 1.0
    users = np.maximum(use.sum(axis=0), 1.0)
    bits = charged(np.ones_like(use), np.full(count, -np.inf), vendors, sets.part, sets.mask) > 0.0
    order = np.argsort(sets.part, kind="stable")
    of_set, bits, values = sets.part[order], bits[order].astype(np.float64), priced.values[order]
    begin = np.flatnonzero(np.diff(of_set, prepend=-1))
    lengths = np.diff(begin, append=len(of_set))
    shares = use * (fee / users)
    best, found, step, stalled = np.inf, shares, STEP, 0
    for _ in range(ROUNDS):
        left = values - (bits * shares[of_set]).sum(axis=1)
        top = np.maximum.reduceat(left, begin)
        total = float(top.sum())
        if total < best - 1e-9 * max(1.0, abs(best)):
            best, found, stalled = total, shares, 0
        else:
            stalled += 1
            if stalled >= STALLED:
                step, stalled, shares = step * SMALLER, 0, found
        at = np.flatnonzero(left >= np.repeat(top, lengths))
        at = at[np.diff(of_set[at], prepend=-1) > 0]
        taken = np.zeros_like(use)
        taken[of_set[at]] = bits[at]
        towards = (taken - taken.sum(axis=0) / users) * use
        shares = np.maximum(shares + step * fee * towards, 0.0) * use
        whole = shares.sum(axis=0)
        shares = np.where(whole > 0.0, shares * (fee / np.where(whole > 0.0, whole, 1.0)), use * (fee / users))
    return found, charged(found, priced.accounts, vendors, sets.part, sets.mask)
