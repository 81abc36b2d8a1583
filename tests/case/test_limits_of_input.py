"""Every format has limits of size, depth and length; what is beyond them is refused at its place, and quickly."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from command_line import Run

from allocate import input_limits as limits
from allocate.case import names
from allocate.case.load import read_case
from allocate.case.tables import read_table
from allocate.errors import CaseError, Problem

SMALL: dict[str, Any] = {
    "case": "small",
    "currency": "USD",
    "horizon": {"start": "2027-01-04", "weeks": 2},
    "objective": "cost",
    "products": {"p": {"item": "image", "effort": "1 h/image", "demand": "10 images"}},
    "vendors": {"a": {"accuracy": "90%", "contract": {"price": "1 USD/image"}}},
    "workflows": ["single-pass"],
}


def problems_of_table(tmp_path: Path, text: str) -> tuple[Problem, ...]:
    """The problems of a CSV table."""
    (tmp_path / "t.csv").write_text(text, encoding="utf-8")
    with pytest.raises(CaseError) as raised:
        read_table(tmp_path, "t.csv", None)
    return raised.value.problems


@pytest.mark.parametrize("filler", [" ", "\t", " \t", "\u00a0", "[", "]", "[ ", "] ", "a ", " [a] ", "a [", "( "])
@pytest.mark.parametrize("end", ["", "x", "]", "[x]", "[x] y"])
def test_no_header_takes_more_than_a_moment(tmp_path: Path, filler: str, end: str) -> None:
    """Headers of thirty thousand characters of any kind, which a careless pattern tries in 10^13 ways, are read or refused."""
    header = "product" + filler * (30_000 // len(filler)) + end
    (tmp_path / "t.csv").write_text(f"{header},vendor\na,b\n", encoding="utf-8")
    try:
        assert len(read_table(tmp_path, "t.csv", None).columns) == 2
    except CaseError as error:
        assert error.problems[0].place is not None  # noqa: PT017


def test_a_table_is_bounded_in_columns_cells_and_characters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each limit is named with what was found, at the line where it is passed."""
    wide = ",".join(f"c{number}" for number in range(limits.TABLE_COLUMNS + 1))
    (found,) = problems_of_table(tmp_path, f"a,b\n1,2\n{wide}\n")
    assert (found.message, str(found.place)) == (
        "t.csv has 1,001 columns up to here; at most 1,000 are read",
        "t.csv:3:1",
    )
    (found,) = problems_of_table(tmp_path, "a,b\n1," + "x" * (limits.CELL_CHARACTERS + 1) + "\n")
    assert found.message == "t.csv has 32,768 characters in a cell up to here; at most 32,767 are read"
    (found,) = problems_of_table(tmp_path, "a,b\n1," + "x" * 200_000 + "\n")
    assert found.message == "t.csv has a cell of more than 32,767 characters, which are more than are read"
    assert str(found.place) == "t.csv:2:1"
    monkeypatch.setattr("allocate.case.tables.TABLE_CELLS", 7)
    (found,) = problems_of_table(tmp_path, "a,b\n1,2\n3,4\n5,6\n")
    assert (found.message, str(found.place)) == ("t.csv has 8 cells up to here; at most 7 are read", "t.csv:4:1")
    monkeypatch.setattr("allocate.case.tables.TABLE_BYTES", 10)
    (found,) = problems_of_table(tmp_path, "a,b\n1,2\n3,4\n5,6\n")
    assert found.message == "t.csv has 16 bytes; at most 10 are read"


AMOUNTS = ("1e20", "-1e20", "1e25", "1e300", "9e999", "100000000000000000000", "1e19k", "999999999999bn")


@pytest.mark.parametrize("amount", AMOUNTS)
@pytest.mark.parametrize(
    "path", ["budget=X USD", "products.p.demand=X images", "vendors.a.contract.price=X USD/image", "products.p.effort=X h/image",
             "vendors.a.capacity=X h/week", "hurdle=X", "vendors.a.lead=X weeks", "products.p.error-cost=X USD/image"],
)  # fmt: skip
def test_an_amount_too_large_is_refused_at_its_place(amount: str, path: str) -> None:
    """From 1e20 on, where solvers take a number for infinite, an amount is a problem, whatever it is of."""
    with pytest.raises(CaseError) as raised:
        read_case(SMALL, settings=[path.replace("X", amount)])
    assert all(problem.place is not None for problem in raised.value.problems)
    assert any("too large" in one.message for one in raised.value.problems)


def test_amounts_that_multiply_to_too_much_are_refused(run: Run, tmp_path: Path) -> None:
    """Figures each of which may stand, and whose product may not, end in a problem of the case, not in a traceback."""
    case = json.loads(json.dumps(SMALL))
    case["vendors"]["a"]["contract"] = {"price": "1e15 USD/h"}
    case["products"]["p"]["effort"] = "1e15 h/image"
    (tmp_path / "case.yaml").write_text(json.dumps(case), encoding="utf-8")
    for command in ("check", "solve", "export"):
        ran = run(command, tmp_path)
        assert (ran.code, ran.out) == (1, "")
        assert "too large to calculate with" in ran.err
        assert "--> case.yaml:1:1" in ran.err


@pytest.mark.parametrize(
    ("case", "setting"),
    [
        ("contracts", "vendors.northline.contract.tiers.steps.0.price=9.9e19 USD/image"),
        ("make-or-buy", "vendors.outside.capacity=9.9e19 frames/month"),
        ("make-or-buy", "products.street-scenes.demand=9.9e19 frames"),
        ("in-house-team", "budget=9.9e19 USD"),
    ],
)
def test_amounts_that_no_solver_takes_end_in_a_problem_or_a_plan(run: Run, case: str, setting: str) -> None:
    """Amounts just below the largest are planned with, or refused in words; never in a traceback."""
    ran = run("solve", Path(__file__).parents[2] / "cases" / case, "--no-save", "--time-limit", "2", "--set", setting)
    assert ran.code in (0, 1, 3, 4, 5)
    assert ran.code != 1 or "error: " in ran.err


@pytest.mark.parametrize(
    ("key", "text", "says"),
    [
        ("passes", "1_000_000_001", "at most 1,000,000,000"),
        ("classes", "1e12", "at most 1,000,000,000"),
    ],
)
def test_a_whole_number_has_an_end(key: str, text: str, says: str) -> None:
    """Counts beyond a thousand millions are mistakes."""
    case = json.loads(json.dumps(SMALL))
    case["workflows"] = {"own": {"passes": 3, "aggregate": "majority"}}
    if key == "passes":
        case["workflows"]["own"]["passes"] = text
    else:
        case["products"]["p"]["classes"] = text
    with pytest.raises(CaseError) as raised:
        read_case(case)
    assert any(says in problem.message for problem in raised.value.problems)


def test_every_limit_is_listed_with_its_reason() -> None:
    """The table has a line for each constant of the module, and each names the format, the bound and the reason."""
    constants = {name: value for name, value in vars(limits).items() if isinstance(value, (int, float))}
    assert {one.name: one.value for one in limits.listed()} == constants
    assert limits.table().count("\n") == len(constants) + 2
    assert all(one.bounds and one.reason for one in limits.listed())


HALF = {"a name": '{"case": "\\ud800"}', "a text": '{"title": "x\\udfff"}', "a key": '{"\\ud83d": 1}'}


@pytest.mark.parametrize("text", HALF.values(), ids=HALF)
def test_half_a_character_is_refused_where_it_is_read(run: Run, tmp_path: Path, text: str) -> None:
    """A lone surrogate, which no file can keep, is a problem with its place in YAML, in `--set` and in a notebook."""
    written = json.loads(text)
    (tmp_path / "case.yaml").write_text(json.dumps({**SMALL, **written}), encoding="utf-8")
    ran = run("check", tmp_path)
    assert (ran.code, ran.out) == (1, "")
    assert "half a character (U+D" in ran.err
    assert "--> case.yaml:1:" in ran.err
    with pytest.raises(CaseError, match="holds half a character"):
        read_case({**SMALL, **written})
    with pytest.raises(CaseError, match="the setting holds half a character"):
        read_case(SMALL, settings=["title=\ud800"])


@pytest.mark.slow
def test_a_case_has_no_more_columns_than_a_program_holds() -> None:
    """Products by vendors by workflows by periods are counted before anything is made of them, and the place is told."""
    few, many = ({f"{letter}{number}": SMALL["vendors"]["a"] for number in range(100)} for letter in "ab")
    products = {f"p{number}": SMALL["products"]["p"] for number in range(100)}
    horizon = {"start": "2027-01-04", "weeks": 1_000}
    case = {**SMALL, "products": products, "horizon": horizon, "vendors": few}
    assert read_case(case).periods.count == 1_000
    with pytest.raises(CaseError) as raised:
        read_case({**case, "vendors": {**few, "b": many["b0"]}})
    (found,) = raised.value.problems
    assert found.message == (
        "100 products, 101 vendors and 1 workflows in 1,000 weeks make 10,100,000 columns; at most 10,000,000 are planned"
    )
    assert found.fix == "add `rates:` with the pairs there are, or plan parts of it by themselves"
    rates = [{"product": "p0", "vendor": "a0"}, *({"product": name, "vendor": "b"} for name in products)]
    assert read_case({**case, "vendors": {**few, "b": many["b0"]}, "rates": rates}).rate_card


def test_names_are_compared_for_slips_in_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each unknown name is compared once; after very many of them the names there are are listed instead."""
    asked: list[str] = []
    nearest = names.nearest
    monkeypatch.setattr(names, "nearest", lambda word, known: (asked.append(word), nearest(word, known))[1])
    monkeypatch.setattr(names, "MOST_COMPARED", 20)
    products = {f"product-{number}": SMALL["products"]["p"] for number in range(10)}
    wrong = ["prodct-1", "prodct-2", "prodct-3", "prodct-1", "prodct-4"]
    rates = [{"product": name, "vendor": "a"} for name in [*products, *wrong]]
    with pytest.raises(CaseError) as raised:
        read_case({**SMALL, "products": products, "rates": rates})
    fixes = [one.fix for one in raised.value.problems if "that is not there" in one.message]
    known = "known: " + ", ".join(products)
    assert fixes == [
        "did you mean 'product-1'?",
        "did you mean 'product-2'?",
        known,
        known,
    ]  # equal problems are told once
    assert [word for word in asked if word.startswith("prodct")].count("prodct-1") <= 2  # once, and once to try the fix
