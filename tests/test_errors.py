"""Problems as a person reads them."""

from __future__ import annotations

from allocate.errors import CaseError, Place, Problem, readable, render


def test_a_problem_shows_its_line_and_underlines_the_value() -> None:
    """Message, place, line, caret and fix stand below one another, the caret under the value."""
    place = Place("case.yaml", 13, 13, 12, "    effort: 12 sek/image")
    problem = Problem("effort does not know the unit 'sek'", place, "write `12 sec/image`")
    assert render(problem).splitlines() == [
        "error: effort does not know the unit 'sek'",
        "  --> case.yaml:13:13",
        "    |",
        " 13 |     effort: 12 sek/image",
        "    |             ^^^^^^^^^^^^",
        "   = fix: write `12 sec/image`",
    ]


def test_a_problem_without_a_place_or_fix_is_its_message() -> None:
    """What is not known is left out."""
    assert render(Problem("no vendor has a price")) == "error: no vendor has a price"
    assert render(Problem("it is empty", Place("case.yaml"))) == "error: it is empty\n  --> case.yaml"


def test_a_long_line_is_cut_around_the_value() -> None:
    """The value and its caret stay visible far to the right of a long line."""
    place = Place("case.yaml", 1, 1001, 3, "x" * 1000 + "abc" + "y" * 1000)
    shown, caret = render(Problem("m", place)).splitlines()[3:5]
    assert len(shown) < 130
    assert shown[caret.index("^") :].startswith("abc")
    assert caret.count("^") == 3


def test_control_and_direction_marks_are_shown_as_escapes() -> None:
    """A terminal never receives control characters from a file."""
    assert readable("a\x1b[31mb\u202ec") == "a\\x1b[31mb\\u202ec"
    assert "\x1b" not in render(Problem("m \x1b", Place("f\x1b", 1, 1, 1, "\x1b[2J"), "\x1b"))


def test_long_texts_are_bounded_visibly() -> None:
    """What is cut says so, with its length."""
    assert readable("x" * 200, 10) == "xxxxxxxxxx… (200 characters)"


def test_a_case_error_holds_all_problems() -> None:
    """Its text is every message, one a line."""
    error = CaseError([Problem("first"), Problem("second")])
    assert str(error) == "first\nsecond"
    assert [problem.message for problem in error.problems] == ["first", "second"]
