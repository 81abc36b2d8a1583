"""What knowing more would be worth to whoever has to choose: exact for tables and for two actions, and on drawn scenarios.

All figures are in the unit of the values given; a value is the more the better. `values` has a row a scenario (or state)
and a column an action, shape (S, A); probabilities of scenarios add up to 1.
"""

from __future__ import annotations

import math

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


def of_drawn_data(
    values: Floats, probabilities: Floats, log_likelihood: Floats, own: Integers | None = None
) -> tuple[Floats, Floats]:
    """What data drawn once per scenario make of the choice: the value reached in each scenario, and the effective sample sizes.

    log_likelihood: of the data drawn in scenario d under scenario s, shape (D, S). own: the scenario each row's data were
    drawn in, shape (D,); absent: one row a scenario. The action of highest posterior mean is valued in its own scenario, so
    that no figure passes perfect information. The effective sample size is 1 over the sum of squared weights: where it
    is below 50 or so, more scenarios are needed than there are.
    """
    own = np.arange(len(values), dtype=np.int32) if own is None else own
    weights = np.exp(log_likelihood - log_likelihood.max(axis=1, keepdims=True)) * probabilities
    weights /= np.maximum(weights.sum(axis=1, keepdims=True), _TINY)
    chosen = (weights @ values).argmax(axis=1)
    return values[own, chosen], 1.0 / np.maximum((weights**2).sum(axis=1), _TINY)


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


def of_counts_beside(
    values: Floats, probabilities: Floats, log_likelihood: Floats, chances: Floats
) -> tuple[Floats, float]:
    """The same where a count is observed beside the data drawn: every count is gone through, in each scenario's own chances.

    log_likelihood: of the other data drawn in each scenario under every scenario, shape (S, S); chances: of each count in each
    scenario, shape (S, Y). Less noisy than a count drawn for each scenario. Also returns the mean effective sample size.
    """
    weights = np.exp(log_likelihood - log_likelihood.max(axis=1, keepdims=True)) * probabilities
    rows, reached, effective = np.arange(len(values)), np.zeros(len(values)), np.zeros(len(values))
    for count in chances.T:
        chosen = (weights @ (count[:, None] * values)).argmax(axis=1)
        reached += count * values[rows, chosen]
        effective += count * (weights @ count) ** 2 / np.maximum(weights**2 @ count**2, _TINY)
    return reached, float(probabilities @ effective)


def of_regression(values: Floats, summaries: Floats) -> Floats:
    """The value reached in each scenario where each action's posterior mean is a regression on what is measured.

    summaries: shape (S, F). For data so telling that few scenarios are like them (M. Strong, J. E. Oakley, A. Brennan and
    P. Breeze, Medical Decision Making 35, 2015); the regression is on squares and products of the summaries.
    """
    scale = summaries.std(axis=0)
    centred = (summaries - summaries.mean(axis=0)) / np.where(scale > 0, scale, 1.0)
    count = centred.shape[1]
    pairs = [centred[:, i] * centred[:, j] for i in range(count) for j in range(i, count)]
    terms = np.stack([np.ones(len(centred)), *centred.T, *pairs], axis=1)
    fitted = terms @ np.linalg.lstsq(terms, values, rcond=None)[0]
    reached: Floats = values[np.arange(len(values)), fitted.argmax(axis=1)]
    return reached
