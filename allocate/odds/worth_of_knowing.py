"""What knowing more would be worth to whoever has to choose: exact for tables and for two actions, and on drawn scenarios.

All figures are in the unit of the values given; a value is the more the better. `values` has a row a scenario (or state)
and a column an action, shape (S, A); probabilities of scenarios add up to 1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from allocate.numbers import Floats, Integers

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


def of_signals(values: Floats, probabilities: Floats, likelihood: Floats) -> float:
    r"""The expected value of a signal with a finite number of outcomes, exact.

    likelihood: chance of each outcome in each scenario, shape (S, Y), its rows adding up to 1.

    .. math:: \text{EVSI} = \sum_y \max_a \sum_s p_s \, l_{sy} \, V_{sa} - \max_a \sum_s p_s V_{sa}

    (H. Raiffa and R. Schlaifer, Applied Statistical Decision Theory, 1961).
    """
    joint = probabilities[:, None] * likelihood
    return max(0.0, float((joint.T @ values).max(axis=1).sum()) - best_blind(values, probabilities))


def choices(values: Floats, probabilities: Floats, likelihood: Floats) -> Integers:
    """The action of highest expected value after each outcome of a signal, shape (Y,); of equals the first."""
    found: Integers = ((probabilities[:, None] * likelihood).T @ values).argmax(axis=1).astype(np.int32)
    return found


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


def of_a_normal(mean: float, sd: float) -> float:
    r"""What learning a normal gain is worth, where the other action gains nothing.

    mean, sd: of the gain as the knowledge bought will leave it: of the gain itself for perfect information, of its
    posterior mean for a sample.

    .. math:: E[\max(0, G)] - \max(0, \mu) = \sigma \, \phi(|\mu| / \sigma) - |\mu| \, \Phi(-|\mu| / \sigma)
    """
    if sd <= 0.0:
        return 0.0
    off = abs(mean) / sd
    density = math.exp(-off * off / 2.0) / math.sqrt(2.0 * math.pi)
    return sd * density - abs(mean) * math.erfc(off / math.sqrt(2.0)) / 2.0
