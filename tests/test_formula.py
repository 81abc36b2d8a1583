"""Formulas as numbers: what they write, what they come to, and what they come to when a cell changes."""

from __future__ import annotations

import numpy as np
import pytest
from formula_values import evaluated

from allocate.formula import Formula, added_up, cell, pinned, written
from allocate.numbers import above, below, blank, both, by_value, least, logarithm, may_be, most, named, when, whole_up

A, B, C = cell("A1", 2.0), cell("B1", 3.0), cell("C1", 4.0)


@pytest.mark.parametrize(
    ("formula", "text", "value"),
    [
        (A + B * C, "A1+B1*C1", 14.0),
        ((A + B) * C, "(A1+B1)*C1", 20.0),
        (A - (B - C), "A1-(B1-C1)", 3.0),
        (A - B * 0.5, "A1-0.5*B1", 0.5),
        (1 - A, "1-A1", -1.0),
        (-A, "-A1", -2.0),
        (-(A + B), "-(A1+B1)", -5.0),
        (-(A**2.0), "-(A1^2)", -4.0),
        (A / (B * C), "A1/(B1*C1)", 2.0 / 12.0),
        (A / (B / C), "A1/(B1/C1)", 8.0 / 3.0),
        (A * B / C, "A1*B1/C1", 1.5),
        ((1 + A) ** 0.5, "(1+A1)^0.5", 3.0**0.5),
        (A * -2.0 + B, "-2*A1+B1", -1.0),
        (1e-9 * A, "1E-09*A1", 2e-9),
        ((60.0 * A + 60.0 * B * C) / 60.0, "A1+B1*C1", 14.0),
        (2.0 * A / (4.0 * B), "0.5*A1/B1", 1.0 / 3.0),
        (when(A < B, A, B + 1), "IF(A1<B1,A1,B1+1)", 2.0),
        (when(both(A > B, A < C), 1.0, 0.0), "IF(AND(A1>B1,A1<C1),1,0)", 0.0),
        (least(A, 5.0, B), "MIN(A1,B1,5)", 2.0),
        (most(0.0, A - B), "MAX(A1-B1,0)", 0.0),
        (whole_up(A / B), "ROUNDUP(MAX(A1/B1,0),0)", 1.0),
        (logarithm(A / (A + B)), "LN(A1/(A1+B1))", float(np.log(0.4))),
    ],
)  # fmt: skip
def test_arithmetic_writes_what_it_comes_to(formula: Formula, text: str, value: float) -> None:
    """Brackets stand where they are needed and nowhere else; the value is that of the cells now."""
    assert written(formula) == text
    assert formula.value == pytest.approx(value, rel=1e-15)
    assert evaluated(formula, {}) == pytest.approx(value, rel=1e-15)


def test_nought_and_one_say_nothing() -> None:
    """Sums with 0, products with 1 and 0, and quotients by 1 stay out of formulas."""
    assert [A + 0, 0.0 + A, A - 0.0, 1 * A, A * 1.0, A / 1, A**1.0] == [A] * 7
    assert (A * 0, 0.0 * A, 0 / A, A**0.0) == (0.0, 0.0, 0.0, 1.0)
    assert written(2 * (3.0 * A)) == "6*A1"
    assert (least(A, np.inf), most(A, -np.inf), when(True, A, B)) == (A, A, A)


def test_a_changed_cell_goes_through_every_choice() -> None:
    """A formula holds on both sides of its conditions, bounds and roundings, as the numbers have it."""

    def bill(items: float, start: float, price: float) -> float:
        over = most(items - start, 0.0)
        return when(above(items, start), price * least(items, 10.0), 0.0) + whole_up(over / 3.0)  # type: ignore[no-any-return]

    traced = bill(cell("items", 4.0), cell("start", 5.0), cell("price", 2.0))
    assert traced.value == bill(4.0, 5.0, 2.0)  # type: ignore[attr-defined]
    for items, start, price in ((4.0, 5.0, 2.0), (6.0, 5.0, 2.0), (20.0, 5.0, 1.5), (7.0, 1.0, 0.5)):
        cells = {"items": items, "start": start, "price": price}
        assert evaluated(traced, cells) == bill(items, start, price)


def test_arrays_of_formulas_are_worked_on_element_by_element() -> None:
    """Choices, bounds and comparisons take arrays; without a formula in them they are numpy's."""
    traced, floats = np.array([A, 1.0, C], dtype=object), np.array([2.0, 1.0, 4.0])
    bounded = most(least(traced, 3.0), 1.5)
    assert [written(one) for one in bounded] == ["MAX(MIN(A1,3),1.5)", "1.5", "MAX(MIN(C1,3),1.5)"]
    assert by_value(bounded).tolist() == most(least(floats, 3.0), 1.5).tolist() == [2.0, 1.5, 3.0]
    chosen = when(below(traced, 3.0), traced * 2.0, 0.0)
    assert [written(one) for one in chosen] == ["IF(A1<3,2*A1,0)", "2", "IF(C1<3,2*C1,0)"]
    assert by_value(chosen).tolist() == when(below(floats, 3.0), floats * 2.0, 0.0).tolist()
    assert (blank(2, floats).dtype, blank(2, floats, traced).dtype) == (np.float64, object)
    assert written(added_up([A, 1.0, B, 2.0])) == "A1+B1+3"


def test_a_plain_branch_pins_its_condition() -> None:
    """What an `if` took as it holds now is known, so that a changed input can be told to be for the program."""
    with pinned() as conditions:
        amount = A * 2.0 if A < B else B
        if C < B:
            amount = amount + 100.0
    assert written(amount) == "2*A1"
    assert [written(one) for one in conditions] == ["A1<B1", "NOT(C1<B1)"]
    assert all(evaluated(one, {}) for one in conditions)
    assert [evaluated(one, {"A1": 5.0, "C1": 1.0}) for one in conditions] == [0.0, 0.0]


def test_no_formula_is_lost_unseen() -> None:
    """Made a float by the way a formula is refused; a name keeps with it, and it may always become something."""
    with pytest.raises(TypeError, match="by_value"):
        float(A)
    with pytest.raises(TypeError):
        np.zeros(1)[0] = A
    assert (named("in the window", A).name, named("in the window", 3.0)) == ("in the window", 3.0)
    assert (may_be(A * 1.0), may_be(cell("D1", 0.0)), may_be(0.0)) == (True, True, False)
