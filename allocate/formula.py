"""Formulas as numbers: arithmetic on them writes a spreadsheet's formula and works out what it comes to."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import reduce
from typing import Any

import numpy as np

ROUNDED = 1e-14
"""Factors this close to 1 say nothing."""
COMPARED, SUM, PRODUCT, POWER, ATOM = range(5)
"""How strongly a part of a formula binds, from the weakest."""
_SIGNS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_pinned: ContextVar[list[Formula] | None] = ContextVar("pinned", default=None)


class NotTracedError(TypeError):
    """A formula was to become a plain number by the way: what it is worked out for has no formula."""


class Formula:
    """A cell, or what is worked out from cells, with its value now.

    Sums, products and quotients with other numbers are formulas again; 0 and 1 stay out where they say nothing. Compared, it
    is a condition: `allocate.numbers.when` takes both sides of it into the formula, while a plain `if` takes the side that
    holds now and pins the condition (see `pinned`). Turning one into a float by the way is a TypeError, so that no formula
    is lost unseen: `allocate.numbers.by_value` does it.
    """

    __slots__ = ("digest", "name", "operation", "parts", "value")

    def __init__(self, operation: str, parts: Sequence[Any], value: float, name: str = "") -> None:
        self.operation = operation
        """`cell`, a sign, or a function of the spreadsheet."""
        self.parts = tuple(parts)
        """Formulas and numbers; of a cell what names it."""
        self.value = value
        self.name = name
        """What a reader calls it; empty for most."""
        self.digest: int = hash((operation, *(one.digest if isinstance(one, Formula) else one for one in self.parts)))
        """The same for formulas that are written alike."""

    def __add__(self, other: Any) -> Any:
        return _added(self, other) if _is_number(other) else NotImplemented

    def __radd__(self, other: Any) -> Any:
        return _added(other, self) if _is_number(other) else NotImplemented

    def __sub__(self, other: Any) -> Any:
        return _added(self, -other) if _is_number(other) else NotImplemented

    def __rsub__(self, other: Any) -> Any:
        return _added(other, -self) if _is_number(other) else NotImplemented

    def __mul__(self, other: Any) -> Any:
        return _times(self, other) if _is_number(other) else NotImplemented

    def __rmul__(self, other: Any) -> Any:
        return _times(other, self) if _is_number(other) else NotImplemented

    def __truediv__(self, other: Any) -> Any:
        return _over(self, other) if _is_number(other) else NotImplemented

    def __rtruediv__(self, other: Any) -> Any:
        return _over(other, self) if _is_number(other) else NotImplemented

    def __pow__(self, power: Any) -> Any:
        if not _is_number(power):
            return NotImplemented
        if not isinstance(power, Formula) and power in (0.0, 1.0):
            return self if power else 1.0
        return Formula("^", (self, plain(power)), self.value ** value_of(power))

    def __neg__(self) -> Any:
        return _times(-1.0, self)

    def __lt__(self, other: Any) -> Any:
        return compared(self, "<", other) if _is_number(other) else NotImplemented

    def __le__(self, other: Any) -> Any:
        return compared(self, "<=", other) if _is_number(other) else NotImplemented

    def __gt__(self, other: Any) -> Any:
        return compared(self, ">", other) if _is_number(other) else NotImplemented

    def __ge__(self, other: Any) -> Any:
        return compared(self, ">=", other) if _is_number(other) else NotImplemented

    def __bool__(self) -> bool:
        holds = bool(self.value)
        if (known := _pinned.get()) is not None:
            condition = self if is_condition(self) else compared(self, ">", 0.0)
            known.append(condition if condition.value else Formula("NOT", (condition,), 1.0))
        return holds

    def __float__(self) -> float:
        raise NotTracedError("a formula is made a float by `by_value` only")

    def __repr__(self) -> str:
        return f"Formula({written(self)!r}, {self.value!r})"


def is_condition(formula: Formula) -> bool:
    """Whether a formula holds or does not, and is not an amount."""
    return formula.operation in _SIGNS or formula.operation in ("AND", "NOT")


def cell(name: Hashable, value: float) -> Formula:
    """A cell with what stands in it now; name: how a formula refers to it, or what the layout of a workbook knows it by."""
    return Formula("cell", (name,), value)


@contextmanager
def pinned() -> Iterator[list[Formula]]:
    """The conditions that plain `if`s take as they hold now: formulas made meanwhile stand as long as all of them do."""
    found: list[Formula] = []
    token = _pinned.set(found)
    try:
        yield found
    finally:
        _pinned.reset(token)


def plain(number: Any) -> Any:
    """A number as Python has it; a formula as it is."""
    return number if isinstance(number, Formula) else float(number)


def value_of(number: Any) -> float:
    """What a number or a formula comes to."""
    return number.value if isinstance(number, Formula) else float(number)


def called(function: str, parts: Sequence[Any], value: float) -> Formula:
    """A function of the spreadsheet (`LN`, `BINOMDIST` …) of some parts."""
    return Formula(function, [plain(one) for one in parts], value)


def compared(left: Any, sign: str, right: Any) -> Formula:
    """Whether one is less (`<`, `<=`) or more (`>`, `>=`) than another; 1 where it holds."""
    if not isinstance(left, Formula):
        left, sign, right = right, _TURNED[sign], left
    return Formula(sign, (left, plain(right)), float(_SIGNS[sign](left.value, value_of(right))))


def added_up(numbers: Sequence[Any]) -> Any:
    """The sum of numbers and formulas, in one step."""
    formulas = [one for one in numbers if isinstance(one, Formula)]
    rest = math.fsum(float(one) for one in numbers if not isinstance(one, Formula))
    if not formulas:
        return rest
    if len(formulas) == 1:
        return formulas[0] + rest
    value = math.fsum(one.value for one in formulas) + rest
    return Formula("+", [*formulas, *([rest] if rest else [])], value)


def _is_number(other: Any) -> bool:
    return isinstance(other, (Formula, int, float, np.integer, np.floating, np.bool_))


def _added(left: Any, right: Any) -> Any:
    if not isinstance(left, Formula) and left == 0:
        return right
    if not isinstance(right, Formula) and right == 0:
        return left
    return Formula("+", (plain(left), plain(right)), value_of(left) + value_of(right))


def _times(left: Any, right: Any) -> Any:
    if not isinstance(right, Formula):
        left, right = right, left
    if not isinstance(left, Formula):
        factor = float(left)
        if factor == 0.0:
            return 0.0
        # Weights of days add up to 1 but for rounding.
        if abs(factor - 1.0) < ROUNDED:
            return right
        if right.operation == "*" and not isinstance(right.parts[0], Formula) and not right.name:
            return _times(factor * right.parts[0], right.parts[1])
        if right.operation == "/" and not isinstance(right.parts[1], Formula) and not right.name:
            return _times(factor / right.parts[1], right.parts[0])
        return Formula("*", (factor, right), factor * right.value)
    (one, first), (two, second) = _apart(left), _apart(right)
    product = Formula("*", (first, second), first.value * second.value)
    return product if one == two == 1.0 else _times(one * two, product)


def _apart(formula: Formula) -> tuple[float, Formula]:
    """A product with a number as both; of others the number is 1."""
    return formula.parts if _scaled(formula) and not formula.name else (1.0, formula)


def _over(above: Any, below: Any) -> Any:
    if not isinstance(below, Formula):
        if above.operation == "+" and not above.name and all(_scaled(part) for part in above.parts):
            return reduce(operator.add, (part * (1.0 / below) for part in above.parts))
        return above if below == 1 else Formula("/", (above, float(below)), above.value / float(below))
    if not isinstance(above, Formula) and above == 0:
        return 0.0
    if below.operation == "*" and not isinstance(below.parts[0], Formula) and not below.name:
        return _over(above * (1.0 / below.parts[0]), below.parts[1])
    value = value_of(above) / below.value if below.value else math.inf
    return Formula("/", (plain(above), below), value)


def _scaled(part: Any) -> bool:
    """Whether a part of a sum is a number, or a product with one."""
    return not isinstance(part, Formula) or (part.operation == "*" and not isinstance(part.parts[0], Formula))


def in_order(ends: Sequence[Formula]) -> list[Formula]:
    """Every formula some are worked out from, and they themselves, each once and after its parts."""
    found: list[Formula] = []
    seen: set[int] = set()
    stack: list[tuple[Formula, bool]] = [(one, False) for one in reversed(ends)]
    while stack:
        one, ready = stack.pop()
        if ready:
            found.append(one)
        elif id(one) not in seen:
            seen.add(id(one))
            stack.append((one, True))
            stack += [(part, False) for part in reversed(one.parts) if isinstance(part, Formula)]
    return found


Text = tuple[str, int]
"""A part of a formula as it is written, and how strongly it binds."""


def composed(operation: str, parts: Sequence[Text]) -> Text:
    """A formula written from its written parts, with no more brackets than are needed."""
    if operation in _SIGNS:
        return f"{_held(parts[0], SUM)}{operation}{_held(parts[1], SUM)}", COMPARED
    if operation == "+":
        terms = [_held(one, SUM) for one in parts]
        return terms[0] + "".join(one if one.startswith("-") else f"+{one}" for one in terms[1:]), SUM
    if operation == "*":
        if parts[0][0] == "-1":
            # A spreadsheet takes the sign before the power.
            return f"-{_held(parts[1], ATOM if parts[1][1] == POWER else PRODUCT)}", SUM
        return f"{_held(parts[0], PRODUCT)}*{_held(parts[1], PRODUCT)}", SUM if parts[0][0].startswith("-") else PRODUCT
    if operation == "/":
        return f"{_held(parts[0], PRODUCT)}/{_held(parts[1], POWER)}", SUM if parts[0][0].startswith("-") else PRODUCT
    if operation == "^":
        return f"{_held(parts[0], ATOM)}^{_held(parts[1], ATOM)}", POWER
    return f"{operation}({','.join(text for text, _ in parts)})", ATOM


def _held(part: Text, least: int) -> str:
    text, binds = part
    # A number below zero stands first in a product without brackets, and in a sum as what is taken off.
    alone = binds == ATOM and text.startswith("-") and least > PRODUCT
    return f"({text})" if binds < least or alone else text


def figure(number: float) -> str:
    """A number as a formula writes it."""
    return repr(float(number)).removesuffix(".0").replace("e", "E")


def written(formula: Any, name: Callable[[Any], str] = str) -> str:
    """A formula as a spreadsheet reads it, without the sign it begins with; name: how a cell is referred to."""
    if not isinstance(formula, Formula):
        return figure(formula)
    texts: dict[int, Text] = {}
    for one in in_order([formula]):
        if one.operation == "cell":
            texts[id(one)] = name(one.parts[0]), ATOM
        else:
            parts = [texts[id(part)] if isinstance(part, Formula) else (figure(part), ATOM) for part in one.parts]
            texts[id(one)] = composed(one.operation, parts)
    return texts[id(formula)][0]


FUNCTIONS: Mapping[str, Callable[..., float]] = {
    "+": lambda *terms: math.fsum(terms),
    "*": operator.mul,
    "/": lambda a, b: a / b if b else math.inf,
    "^": operator.pow,
    "IF": lambda holds, then, other: then if holds else other,
    "AND": lambda *conditions: float(all(conditions)),
    "NOT": lambda holds: float(not holds),
    "MIN": min,
    "MAX": max,
    "ROUNDUP": lambda number, _: float(math.ceil(number)),
    "ROUNDDOWN": lambda number, _: float(math.floor(number)),
    "LN": math.log,
    "ABS": abs,
    "BINOMDIST": lambda many, of, share, upto: math.fsum(
        math.comb(int(of), one) * share**one * (1.0 - share) ** (int(of) - one)
        for one in range(0 if upto else int(many), int(many) + 1)
    ),
    **_SIGNS,
}
"""What each operation makes of plain numbers."""
