"""Near misses: which known word a misspelt one was probably meant to be."""

from __future__ import annotations

from collections.abc import Iterable


def near(word: str, known: Iterable[str]) -> list[str]:
    """The known words a few slips away from a word, nearest first, letter case aside.

    One slip (a letter left out, added, changed, or two swapped) in a word of three to five letters, two in one of up to
    nine, three in a longer one: more is another word, as `at-most` is for `at-least`.
    """
    wanted = word.lower()
    most = 0 if len(wanted) < 3 else 1 if len(wanted) < 6 else 2 if len(wanted) < 10 else 3
    found = [
        (slips(wanted, name.lower(), most), name.endswith("s") != word.endswith("s"), position, name)
        for position, name in enumerate(known)
    ]
    return [name for many, _, _, name in sorted(found) if many <= most]


def slips(one: str, other: str, most: int) -> int:
    """Least number of slips that turn a word into another; more than `most` is told as one more than it."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        earlier, before, row = before, row, [i]
        for j, b in enumerate(other, start=1):
            least = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                least = min(least, earlier[j - 2] + 1)
            row.append(least)
        if min(row) > most and (not before or min(before) > most):
            return most + 1
    return min(row[-1], most + 1)
