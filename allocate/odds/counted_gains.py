"""What knowing a counted share is worth where every action's value is linear in it: exact, by Beta and Beta-binomial sums."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from allocate.numbers import Floats
from allocate.odds.learning_from_pilots import Share, of_linear_values
from allocate.quantiles import beta_below

STRAIGHT = 1e-7
"""How far values may be off a line in the share, relative to the largest change along it, to be taken for linear."""


@dataclass(frozen=True, eq=False)
class Lines:
    """Values of actions as lines in a share."""

    belief: Share
    at_nought: Floats
    """Value at a share of 0, shape (A,)."""
    slopes: Floats

    @property
    def expected(self) -> float:
        """The best expected value without knowing more."""
        return float((self.at_nought + self.slopes * self.belief.mean).max())

    def of_everything(self) -> float:
        r"""What knowing the share itself is worth.

        .. math:: \int \max_a (u_a + w_a q) \, f(q) \, dq - \max_a (u_a + w_a E[q])

        piece by piece between the shares at which lines cross, with :math:`E[q; q \le x] = E[q] \, I_x(\alpha + 1, \beta)`.
        """
        cuts = self._crossings()
        right, wrong = self.belief.right, self.belief.wrong
        mass = np.diff(beta_below(cuts, right, wrong))
        first = np.diff(beta_below(cuts, right + 1.0, wrong)) * self.belief.mean
        middle = (cuts[1:] + cuts[:-1]) / 2.0
        best = (self.at_nought + self.slopes * middle[:, None]).argmax(axis=1)
        return max(0.0, float(self.at_nought[best] @ mass + self.slopes[best] @ first) - self.expected)

    def of_sample(self, n: int) -> float:
        """What counting the right ones among n is worth."""
        return of_linear_values(self.belief, n, self.at_nought, self.slopes)

    def _crossings(self) -> Floats:
        """0, 1 and every share between at which two lines cross, in order."""
        u, w = self.at_nought, self.slopes
        steep = w[:, None] - w[None, :]
        with np.errstate(divide="ignore", invalid="ignore"):
            at = (u[None, :] - u[:, None]) / steep
        inside = at[(steep > 0) & (at > 0.0) & (at < 1.0)]
        found: Floats = np.unique(np.concatenate([[0.0, 1.0], inside]))
        return found


def lines(belief: Share, shares: Floats, values: Floats) -> Lines | None:
    """Values in scenarios, shape (S, A), as lines in the share drawn there, shape (S,); None where they are none."""
    low, high = int(shares.argmin()), int(shares.argmax())
    if shares[low] == shares[high]:
        return None
    slopes = (values[high] - values[low]) / (shares[high] - shares[low])
    at_nought = values[low] - slopes * shares[low]
    off = np.abs(values - (at_nought + slopes * shares[:, None])).max()
    size = float(np.abs(values).max(initial=0.0)) or 1.0
    return Lines(belief, at_nought, slopes) if off <= STRAIGHT * size else None
