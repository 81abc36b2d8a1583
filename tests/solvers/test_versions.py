"""Which versions of HiGHS are used."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from allocate.errors import CaseError
from allocate.program.program import Program
from allocate.solvers import versions
from allocate.solvers.solve import solve


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    """What is known of the version installed is read again."""
    versions.require_tested.cache_clear()
    yield
    versions.require_tested.cache_clear()


@pytest.mark.parametrize("old", ["1.11.0", "1.12.0", "1.14.0", "1.15.1", "1.9"])
def test_a_version_known_to_be_wrong_is_refused_with_the_fix(old: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is solved, with the command that installs a good one."""
    monkeypatch.setattr(versions, "version", lambda _: old)
    with pytest.raises(CaseError) as caught:
        solve(Program("nothing", maximise=False))
    (problem,) = caught.value.problems
    assert old in problem.message
    assert problem.fix == "pip install 'highspy>=1.16,<2'"


@pytest.mark.parametrize("new", ["1.16.0", "1.16", "1.17.0rc1", "1.100.2", "2.0"])
def test_the_first_tested_version_and_later_ones_are_used(new: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Versions are compared as numbers: 1.100 comes after 1.16."""
    monkeypatch.setattr(versions, "version", lambda _: new)
    versions.require_tested()


def test_the_integer_program_that_version_1_14_gets_wrong() -> None:
    """The least of 2x + 3z with x + z >= 4.5, x and z up to 10 and z whole is 9, not 15."""
    program = Program("wrong_in_1_14", maximise=False)
    columns = program.add_columns("amount", {"product": [0, 1]}, upper=10.0, integer=[False, True])
    rows = program.add_rows("enough", {"product": [0]}, lower=4.5)
    program.add_terms([rows.ids[0]] * 2, columns.ids, 1.0)
    program.set_costs([2.0, 3.0], maximise=False)
    outcome = solve(program)
    assert outcome.objective == pytest.approx(9.0)
    assert outcome.values == pytest.approx([4.5, 0.0])
