"""Formulas with the figure they come to: what is written into a cell, and what a reader without recalculation sees."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

MOST_CHARACTERS = 8000
"""Longest formula written; Excel takes 8,192 characters."""


@dataclass(frozen=True)
class Term:
    """A part of a formula and its value; arithmetic on terms writes the formula and works the value out."""

    text: str
    value: float
    plain: bool = False
    """Whether it is a number and no reference."""

    def __add__(self, other: Term | float) -> Term:
        return _joined(self, "+", other, lambda a, b: a + b)

    def __radd__(self, other: float) -> Term:
        return number(other) + self

    def __sub__(self, other: Term | float) -> Term:
        return _joined(self, "-", other, lambda a, b: a - b)

    def __rsub__(self, other: float) -> Term:
        return number(other) - self

    def __mul__(self, other: Term | float) -> Term:
        return _joined(self, "*", other, lambda a, b: a * b)

    def __rmul__(self, other: float) -> Term:
        return number(other) * self

    def __truediv__(self, other: Term | float) -> Term:
        return _joined(self, "/", other, lambda a, b: a / b if b else math.inf)

    def __rtruediv__(self, other: float) -> Term:
        return number(other) / self

    @property
    def formula(self) -> str:
        """What stands in the cell."""
        return f"={self.text}"


def number(value: float) -> Term:
    """A figure as a part of a formula."""
    text = repr(float(value)).removesuffix(".0")
    return Term(f"({text})" if value < 0 else text, float(value), True)


def _term(value: Term | float) -> Term:
    return value if isinstance(value, Term) else number(value)


def _joined(left: Term | float, sign: str, right: Term | float, of: Callable[[float, float], float]) -> Term:
    a, b = _term(left), _term(right)
    if a.plain and b.plain:
        return number(of(a.value, b.value))
    # One and nothing keep their place in a formula only where they say something.
    if sign == "*" and ((a.plain and a.value == 0.0) or (b.plain and b.value == 0.0)):
        return number(0)
    if sign == "*" and a.plain and a.value == 1.0:
        return b
    if sign == "+" and a.plain and a.value == 0.0:
        return b
    if sign in "*/" and b.plain and b.value == 1.0:
        return a
    if sign in "+-" and b.plain and b.value == 0.0:
        return a
    return Term(f"({a.text}{sign}{b.text})", of(a.value, b.value))


def least(*terms: Term | float) -> Term:
    """The least of some terms."""
    found = [_term(one) for one in terms]
    return Term(f"MIN({','.join(one.text for one in found)})", min(one.value for one in found))


def most(*terms: Term | float) -> Term:
    """The largest of some terms."""
    found = [_term(one) for one in terms]
    return Term(f"MAX({','.join(one.text for one in found)})", max(one.value for one in found))


def when(left: Term, sign: str, right: Term | float, then: Term | float, other: Term | float) -> Term:
    """One term where left is less (`<`) or more (`>`) than right, else the other."""
    bound, yes, no = _term(right), _term(then), _term(other)
    holds = left.value < bound.value if sign == "<" else left.value > bound.value
    return Term(f"IF({left.text}{sign}{bound.text},{yes.text},{no.text})", yes.value if holds else no.value)


def total(terms: Sequence[Term]) -> Term:
    """The sum of cells; one after the other in a column are written as a range."""
    texts: list[str] = []
    run: list[str] = []
    for one in terms:
        if run and not _follows(run[-1], one.text):
            texts.append(_range(run))
            run = []
        run.append(one.text)
    if run:
        texts.append(_range(run))
    return Term(f"SUM({','.join(texts)})" if texts else "0", math.fsum(one.value for one in terms))


def _split(reference: str) -> tuple[str, int]:
    column, _, row = reference.rpartition("$")
    return (column, int(row)) if row.isdecimal() else (reference, -1)


def _follows(before: str, after: str) -> bool:
    (first, row), (second, below) = _split(before), _split(after)
    return first == second and row >= 0 and below == row + 1


def _range(run: Sequence[str]) -> str:
    return run[0] if len(run) == 1 else f"{run[0]}:{run[-1].rpartition('!')[2]}"
