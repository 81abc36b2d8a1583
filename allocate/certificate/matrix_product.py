"""Matrix products on one core: the same sums whatever the machine, and no core that waits for another."""

from __future__ import annotations

import numpy as np

from allocate.program.arrays import Floats

ONE_CORE = 2**18
"""Multiplications up to which BLAS does a product on the core that asks. Beyond, it calls all cores in: on a busy machine the wait for
them took two hundred times the work itself."""


def product(left: Floats, right: Floats) -> Floats:
    """The product of two matrices, or of each two of two stacks of them, in pieces that are each done on one core."""
    rows, inner = left.shape[-2:]
    step = max(1, ONE_CORE // max(1, inner * right.shape[-1]))
    if step >= rows:
        whole: Floats = left @ right
        return whole
    return np.concatenate([left[..., at : at + step, :] @ right for at in range(0, rows, step)], axis=-2)
