"""Exported files read back to the same program everywhere, and equal programs give equal bytes."""

from __future__ import annotations

from pathlib import Path

import highspy
import numpy as np
import pulp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocate.program.export import lp_text, mps_text
from allocate.program.program import Program
from allocate.solvers.outcome import Status
from allocate.solvers.solve import solve

WRITERS = pytest.mark.parametrize(("text_of", "ending"), [(lp_text, "lp"), (mps_text, "mps")])


def mixed() -> Program:
    """Every kind of bound, row and column at once."""
    program = Program()
    items = program.add_columns(
        "items",
        {"product": [0, 0, 1], "period": [0, 1, 0]},
        cost=[3, -5.25, 1],
        lower=[0, -np.inf, -2],
        upper=[4, np.inf, 10],
        integer=[True, False, True],
    )
    program.add_columns("unbound", lower=-np.inf)
    program.add_columns("fixed", cost=0.1, lower=2, upper=2)
    program.add_columns("negative", cost=1, lower=-np.inf, upper=-1)
    program.add_columns("idle", upper=7)
    program.add_columns("whole", cost=-1, lower=3, integer=True)
    program.add_rows("ranged", lower=1, upper=20)
    program.add_rows("same", lower=3, upper=3)
    program.add_rows("open")
    program.add_rows("items", {"vendor": [0]}, upper=3e-7)
    program.add_rows("idle", upper=4)
    program.add_terms(0, items.ids, [1, 2, 1 / 3])
    program.add_terms(1, [0, 3], 1.0)
    program.add_terms(2, items.ids, 1.0)
    program.add_terms(3, [5, 1], [1, -2])
    program.offset = 12.5
    return program


def highs_optimum(path: Path) -> float:
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    assert highs.readModel(str(path)) == highspy.HighsStatus.kOk
    highs.run()
    assert highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return float(highs.getInfo().objective_function_value)


@WRITERS
@pytest.mark.parametrize("maximise", [True, False])
def test_files_read_back_to_the_same_optimum(text_of, ending: str, maximise: bool, tmp_path: Path) -> None:
    """HiGHS finds the same optimum in the file as in the arrays, in both senses."""
    program = mixed()
    if not maximise:
        program.set_costs(-program.costs, offset=-12.5, maximise=False)
    (tmp_path / f"program.{ending}").write_text(text_of(program))
    solved = solve(program)
    assert solved.status is Status.OPTIMAL
    assert highs_optimum(tmp_path / f"program.{ending}") == pytest.approx(solved.objective, rel=1e-9)


@pytest.mark.filterwarnings("ignore:.*(deprecated|PuLP 4):DeprecationWarning")
def test_pulp_reads_the_mps_file(tmp_path: Path) -> None:
    """PuLP's reader, which knows neither ranges nor constants, gets the same program."""
    (tmp_path / "program.mps").write_text(mps_text(mixed()))
    _, problem = pulp.LpProblem.fromMPS(str(tmp_path / "program.mps"), sense=pulp.LpMaximize)
    problem.solve(pulp.PULP_CBC_CMD(msg=False))
    assert pulp.value(problem.objective) == pytest.approx(solve(mixed()).objective, rel=1e-6)


@WRITERS
@pytest.mark.filterwarnings("ignore:.*(deprecated|PuLP 4):DeprecationWarning")
def test_rules_of_users_are_exported_under_safe_names(text_of, ending: str, tmp_path: Path) -> None:
    """User text never reaches a file."""
    program = mixed()
    extra = pulp.LpVariable("e1 <= ;{}", 0, 1, pulp.LpInteger)
    program += program.variable("items", 0) + 2 * extra <= 4, "at most, 4!"
    program.objective += 9 * extra
    (tmp_path / f"program.{ending}").write_text(text_of(program))
    text = (tmp_path / f"program.{ending}").read_text()
    assert "!" not in text
    assert highs_optimum(tmp_path / f"program.{ending}") == pytest.approx(solve(program).objective, rel=1e-9)


def test_the_lp_file_reads_like_the_algebra() -> None:
    """One term a line, rows apart, so that a difference shows as the line it is."""
    program = Program(maximise=False)
    items = program.add_columns("items", {"vendor": [0, 1]}, cost=[2, 0.5], upper=[5, np.inf])
    program.add_rows("demand", {"period": [3]}, lower=7)
    program.add_terms(0, items.ids, 1)
    assert lp_text(program) == (
        "minimize\nobj:\n +2 items_v0\n +0.5 items_v1\n\nsubject to\ndemand_t3:\n +1 items_v0\n +1 items_v1\n >= 7\n\n"
        "bounds\n 0 <= items_v0 <= 5\n items_v1 >= 0\n\nend\n"
    )


@pytest.mark.parametrize("text", [lp_text, mps_text])
def test_equal_programs_give_equal_bytes(text) -> None:
    """Two programs built alike are exported alike, also when the terms came in another order."""
    one, other = Program(), Program()
    for program, order in ((one, [0, 1, 2]), (other, [2, 0, 1])):
        program.add_columns("items", count=3, cost=1 / 3)
        program.add_rows("total", count=2, upper=5)
        for n in order:
            program.add_terms([1, 0], n, [0.1, n + 1.0])
    assert text(one) == text(other)


@WRITERS
def test_an_empty_program_is_still_a_file(text_of, ending: str, tmp_path: Path) -> None:
    """No columns, no rows, only a constant."""
    program = Program()
    program.offset = 3.0
    (tmp_path / f"program.{ending}").write_text(text_of(program))
    assert highs_optimum(tmp_path / f"program.{ending}") == 3.0


NUMBER = st.integers(-20, 20).map(lambda n: n / 4)


@pytest.mark.slow
@given(st.data())
@settings(deadline=None, max_examples=40)
def test_bounds_of_any_kind_survive_the_way(tmp_path_factory, data) -> None:
    """Bounds, sides, kinds and coefficients read by HiGHS from both files are those of the program."""
    count = data.draw(st.integers(1, 4))
    program = Program(maximise=data.draw(st.booleans()))
    side = st.tuples(st.one_of(NUMBER, st.just(-np.inf)), st.one_of(NUMBER, st.just(np.inf)))
    pairs = [tuple(sorted(pair)) for pair in data.draw(st.lists(side, min_size=count, max_size=count))]
    program.add_columns(
        "items",
        count=count,
        lower=[low for low, _ in pairs],
        upper=[high for _, high in pairs],
        cost=data.draw(st.lists(NUMBER, min_size=count, max_size=count)),
        integer=data.draw(st.lists(st.booleans(), min_size=count, max_size=count)),
    )
    program.add_rows("total", upper=data.draw(NUMBER))
    program.add_terms(0, np.arange(count), data.draw(st.lists(NUMBER, min_size=count, max_size=count)))
    folder = tmp_path_factory.mktemp("files")
    for text_of, ending in ((lp_text, "lp"), (mps_text, "mps")):
        (folder / f"program.{ending}").write_text(text_of(program))
        highs = highspy.Highs()
        highs.setOptionValue("output_flag", False)
        highs.readModel(str(folder / f"program.{ending}"))
        read, arrays = highs.getLp(), program.arrays()
        order = [read.col_names_.index(name) for name in program.columns["items"].names()]
        assert np.array(read.col_lower_)[order].tolist() == arrays.lower.tolist()
        assert np.array(read.col_upper_)[order].tolist() == arrays.upper.tolist()
        assert np.array(read.col_cost_)[order].tolist() == arrays.costs.tolist()
        assert read.row_upper_[0] == arrays.row_upper[0]
        kinds = [str(kind).endswith("kInteger") for kind in read.integrality_] or [False] * count
        assert [kinds[n] for n in order] == arrays.integer.tolist()
