"""Programs the solver tests share."""

from __future__ import annotations

import numpy as np

from allocate.program.program import Program


def market_split(rows: int = 6) -> Program:
    """Market split of Cornuéjols and Dawande (1998): a plan at once, and no proof for hours from six rows on."""
    random = np.random.default_rng(7)
    count = 10 * (rows - 1)
    shares = random.integers(0, 100, (rows, count)).astype(float)
    program = Program("split", maximise=False)
    retailers = program.add_columns("retailer", count=count, upper=1, integer=True)
    over = program.add_columns("over", count=rows, cost=1)
    under = program.add_columns("under", count=rows, cost=1)
    halves = np.floor(shares.sum(axis=1) / 2)
    split = program.add_rows("split", count=rows, lower=halves, upper=halves)
    program.add_terms(np.repeat(split.ids, count), np.tile(retailers.ids, rows), shares.ravel())
    program.add_terms(split.ids, over.ids, 1.0)
    program.add_terms(split.ids, under.ids, -1.0)
    return program


def assignment(size: int = 60) -> Program:
    """A transport problem with random costs, which takes the simplex method some hundred steps."""
    random = np.random.default_rng(3)
    program = Program("assignment", maximise=False)
    pairs = program.add_columns("pair", count=size * size, cost=random.random(size * size))
    supply = program.add_rows("supply", count=size, upper=random.integers(5, 9, size))
    demand = program.add_rows("demand", count=size, lower=random.integers(1, 5, size))
    program.add_terms(np.repeat(supply.ids, size), pairs.ids, 1.0)
    program.add_terms(np.tile(demand.ids, size), pairs.ids, 1.0)
    return program
