"""What knowing more would be worth to whoever has to choose: exact for tables and for two actions, and on drawn scenarios.

All figures are in the unit of the values given; a value is the more the better. `values` has a row a scenario (or state)
and a column an action, shape (S, A); probabilities of scenarios add up to 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from allocate.numbers import Floats

_TINY = 1e-300
"""Below any likelihood that counts: what no scenario could have shown is left out."""


def best_blind(values: Floats, probabilities: Floats) -> float:
    """The best expected value of an action chosen without knowing more."""
    return float((probabilities @ values).max())


def of_everything(values: Floats, probabilities: Floats) -> float:
    r"""The expected value of perfect information.

    .. math:: \text{EVPI} = \sum_s p_s \max_a V_{sa} - \max_a \sum_s p_s V_{sa}
    """
    return max(0.0, float(probabilities @ values.max(axis=1)) - best_blind(values, probabilities))


@dataclass(frozen=True, eq=False)
class Learnt:
    """What data make of the choice, with data drawn once in each scenario; arrays of shape (S,)."""

    gains: Floats
    """Of the action of highest posterior mean over the one that is best without data, by that posterior: never below 0."""
    own: Floats
    """The same in the scenario the data were drawn in: what it comes to there, which tells how sure the mean gain is."""
    effective: float
    """How many scenarios a posterior rests on, on average: 1 over the sum of squared weights. Fewer than 50 or so are too few."""


def of_drawn_data(values: Floats, probabilities: Floats, log_likelihood: Floats) -> Learnt:
    """What data drawn once in each scenario are worth; log_likelihood: of those of scenario d under scenario s, shape (S, S)."""
    return of_counts_beside(values, probabilities, log_likelihood, np.ones((len(values), 1)))


def of_counts_beside(values: Floats, probabilities: Floats, log_likelihood: Floats, chances: Floats) -> Learnt:
    """The same where a count is observed beside the data drawn: every count is gone through, with its chances in each scenario.

    log_likelihood: of the other data, shape (S, S); chances: of each count in each scenario, shape (S, Y). Less noisy than a
    count drawn for each scenario.
    """
    blind = int((probabilities @ values).argmax())
    over = values - values[:, [blind]]
    weights = np.exp(log_likelihood - log_likelihood.max(axis=1, keepdims=True)) * probabilities
    rows = np.arange(len(values))
    gains, own, effective = (np.zeros(len(values)) for _ in range(3))
    for count in chances.T:
        mass = np.maximum(weights @ count, _TINY)
        posterior = (weights @ (count[:, None] * over)) / mass[:, None]
        chosen = posterior.argmax(axis=1)
        gains += count * posterior[rows, chosen]
        own += count * over[rows, chosen]
        effective += count * mass**2 / np.maximum(weights**2 @ count**2, _TINY)
    return Learnt(gains, own, float(probabilities @ effective))


def of_regression(values: Floats, probabilities: Floats, summaries: Floats) -> Learnt:
    """The same where each action's posterior mean is a regression on what is measured, shape (S, F).

    For data so telling that few scenarios are like them (M. Strong, J. E. Oakley, A. Brennan and P. Breeze, Medical Decision
    Making 35, 2015); the regression is on the squares and products of the summaries.
    """
    blind = int((probabilities @ values).argmax())
    over = values - values[:, [blind]]
    scale = summaries.std(axis=0)
    centred = (summaries - summaries.mean(axis=0)) / np.where(scale > 0, scale, 1.0)
    count = centred.shape[1]
    pairs = [centred[:, i] * centred[:, j] for i in range(count) for j in range(i, count)]
    terms = np.stack([np.ones(len(centred)), *centred.T, *pairs], axis=1)
    fitted = terms @ np.linalg.lstsq(terms, over, rcond=None)[0]
    fitted[:, blind] = 0.0
    chosen, rows = fitted.argmax(axis=1), np.arange(len(values))
    return Learnt(fitted[rows, chosen], over[rows, chosen], float(len(values)))
