"""How often several answers to an item come out right when their errors go together: majority, plurality, weighted votes.

The number of right answers follows Pólya's urn: the chance that the next answer is right rises with those right before.
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np


def right_again(accuracy: float, together: float, right: int, wrong: int) -> float:
    """Chance that the next answer is right after so many right and wrong ones; together: correlation of any two."""
    if right + wrong == 0:
        return accuracy
    return (accuracy * (1.0 - together) + right * together) / (1.0 - together + (right + wrong) * together)


def chances(accuracy: float, together: float, votes: int) -> list[float]:
    """Chance of each number of right answers, from none to all."""
    by_right = [1.0]
    for made in range(votes):
        following = [0.0] * (made + 2)
        for right, chance in enumerate(by_right):
            again = right_again(accuracy, together, right, made - right)
            following[right + 1] += chance * again
            following[right] += chance * (1.0 - again)
        by_right = following
    return by_right


def majority(accuracy: float, together: float, votes: int) -> float:
    """Share of items on which more than half of the answers are right."""
    return min(sum(chances(accuracy, together, votes)[votes // 2 + 1 :]), 1.0)


def plurality(accuracy: float, together: float, votes: int, classes: float) -> float:
    """Share of items whose right class has most votes, ties settled at random; classes may be infinite."""
    by_right = chances(accuracy, together, votes)
    return min(sum(by_right[n] * _wins(n, votes - n, classes) for n in range(1, votes + 1)), 1.0)


@cache
def _wins(right: int, wrong: int, classes: float) -> float:
    """Chance that the right class wins against wrong votes that fall evenly on the other classes."""
    if math.isinf(classes):
        return 1.0 if right > 1 else 1.0 / (wrong + 1)
    ties = {(wrong, 0): 1.0}
    for left in range(int(classes) - 1, 0, -1):
        following: dict[tuple[int, int], float] = {}
        for (votes, level), chance in ties.items():
            for here in range(min(votes, right) + 1):
                if left == 1 and here < votes:
                    continue
                part = math.comb(votes, here) * (1.0 / left) ** here * (1.0 - 1.0 / left) ** (votes - here)
                key = (votes - here, level + (here == right))
                following[key] = following.get(key, 0.0) + chance * part
        ties = following
    return sum(chance / (1 + level) for (votes, level), chance in ties.items() if votes == 0)


def weighted_majority(accuracy: float, together: float, votes: int, spread: float) -> float:
    """Share of items right when each vote counts by the log-odds of its annotator, better or worse than the mean with even chance."""
    room = accuracy * (1.0 - accuracy) * (1.0 - together)
    steep = min(spread / room, 1.0) if room > 0.0 else 0.0
    good, bad = (1.0, 1.0) if spread <= 1e-12 else (_odds(accuracy + spread), _odds(accuracy - spread))
    total = 0.0
    for better in range(votes + 1):
        for right in range(better + 1):
            for other in range(votes - better + 1):
                score = (2 * right - better) * good + (2 * other - (votes - better)) * bad
                won = 0.5 if abs(score) <= 1e-12 else float(score > 0.0)
                panels = math.comb(votes, better) * math.comb(better, right) * math.comb(votes - better, other)
                panel = (right, better - right, other, votes - better - other)
                total += panels / 2.0**votes * won * _panel(accuracy, together, steep, panel)
    return min(max(total, 0.0), 1.0)


def _odds(share: float) -> float:
    return math.log(share / (1.0 - share))


def _panel(accuracy: float, together: float, steep: float, panel: tuple[int, int, int, int]) -> float:
    r"""Mean over items of :math:`p_+^r (1-p_+)^w p_-^{r'} (1-p_-)^{w'}`, :math:`p_\pm = u \pm \kappa u (1 - u)`."""
    right, wrong, other_right, other_wrong = panel
    first, size = right + other_right, right + wrong + other_right + other_wrong
    # p+ = u (u + (1 + k)(1 - u)) and so on: coefficients of u^i (1 - u)^(size - i) of what stands in brackets.
    bracket = np.array([1.0])
    for times, pair in (
        (right, (1.0 + steep, 1.0)),
        (wrong, (1.0, 1.0 - steep)),
        (other_right, (1.0 - steep, 1.0)),
        (other_wrong, (1.0, 1.0 + steep)),
    ):
        for _ in range(times):
            bracket = np.convolve(bracket, pair)
    return sum(
        float(part) * _moment(accuracy, together, first + i, 2 * size - first - i) for i, part in enumerate(bracket)
    )


@cache
def _moment(accuracy: float, together: float, right: int, wrong: int) -> float:
    """Chance of so many right answers and then so many wrong ones."""
    chance = 1.0
    for done in range(right):
        chance *= right_again(accuracy, together, done, 0)
    for done in range(wrong):
        chance *= 1.0 - right_again(accuracy, together, right, done)
    return chance
