"""How much searching is done, counted by what is searched and never by the clock: the same input counts the same."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

NODE = 20
"""Iterations a node of a search of whole numbers takes, as a guess."""


@dataclass
class Work:
    """Searching done so far, and where it is to end; a unit is about a microsecond of a core with nothing else to do.

    Constants are fits to runs of programs of 400 to 74,000 coefficients.
    """

    done: float = 0.0
    most: float = inf

    @property
    def left(self) -> float:
        """Units until the end, at least 0."""
        return max(0.0, self.most - self.done)

    def run(self, nonzeros: int, iterations: int, nodes: int | None = None) -> None:
        """Count one run of the simplex method, or one search of whole numbers with so many nodes."""
        self.done += 150.0 + 0.055 * nonzeros + self.of_iterations(nonzeros, iterations)
        if nodes is not None:
            self.done += 10_000.0 + 0.5 * nonzeros + 100.0 * max(nodes, 0)

    @staticmethod
    def of_iterations(nonzeros: int, iterations: int) -> float:
        """Units of so many iterations of the simplex method."""
        return (10.0 + 0.0006 * nonzeros) * max(iterations, 0)

    @classmethod
    def of_nodes(cls, nonzeros: int, nodes: int) -> float:
        """Units of so many nodes of a search of whole numbers that has not ended."""
        return cls.of_iterations(nonzeros, NODE * max(nodes, 0))

    def made(self, nonzeros: int) -> None:
        """Count a program made from its case."""
        self.done += 5_000.0 + 0.1 * nonzeros

    def scaled(self, nonzeros: int) -> None:
        """Count the scales of a program."""
        self.done += 1_000.0 + 0.32 * nonzeros

    def ranged(self, nonzeros: int) -> None:
        """Count the ranges of all duals."""
        self.done += 200.0 + 0.1 * nonzeros
