"""HiGHS as a PuLP solver class: silent, strict about options, interruptible."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pulp
import pytest

from allocate.program.arrays import Matrix, ProgramArrays
from allocate.program.program import Program
from allocate.solvers.engine import Engine, Run
from allocate.solvers.highs import Highs, solve_arrays
from allocate.solvers.outcome import Limit, Status

pytestmark = pytest.mark.filterwarnings("ignore:.*(deprecated|PuLP 4):DeprecationWarning")

SPLIT = """
import json, signal, sys, importlib.util
spec = importlib.util.spec_from_file_location("instances", sys.argv[1])
instances = importlib.util.module_from_spec(spec)
spec.loader.exec_module(instances)
from allocate.solvers.solve import solve
outcome = solve(instances.market_split(), progress=lambda *_: print("running", file=sys.stderr, flush=True))
restored = signal.getsignal(signal.SIGINT) is signal.default_int_handler
print(json.dumps([outcome.status, outcome.limit, len(outcome.values), outcome.message, restored]))
"""


def knapsack() -> pulp.LpProblem:
    problem = pulp.LpProblem("knapsack", pulp.LpMaximize)
    x = [pulp.LpVariable(f"x{n}", 0, 1, pulp.LpInteger) for n in range(4)]
    problem += pulp.lpDot([5, 4, 3, 1], x)
    problem += pulp.lpDot([2, 3, 1, 4], x) <= 5
    return problem


def test_integers_can_be_relaxed() -> None:
    """``mip=False`` drops the whole-number conditions, as PuLP means it."""
    problem = knapsack()
    problem.solve(Highs())
    assert pulp.value(problem.objective) == pytest.approx(9)
    problem.solve(Highs(mip=False))
    assert pulp.value(problem.objective) == pytest.approx(5 + 3 + 4 * 2 / 3)


@pytest.mark.slow
def test_ctrl_c_returns_the_best_plan_so_far() -> None:
    """SIGINT ends the search with the plan found, reported as interrupted; the handler before is put back."""
    command = [sys.executable, "-c", SPLIT, str(Path(__file__).with_name("instances.py"))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert "running" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=60)
    # Nothing but the answer is on standard output, HiGHS's banner included.
    assert json.loads(out) == ["feasible", "interrupt", 62, "interrupted", True]


def test_ctrl_c_stops_a_linear_program_too() -> None:
    """The signal reaches the solver in the middle of the simplex method."""
    instances: dict[str, object] = {}
    exec(Path(__file__).with_name("instances.py").read_text(), instances)

    class Presses:
        """Presses Ctrl-C when first asked, then gives the main thread the time to take it."""

        pressed = False

        def is_set(self) -> bool:
            if not self.pressed:
                self.pressed = True
                os.kill(os.getpid(), signal.SIGINT)
            threading.Event().wait(0.02)
            return False

    before = signal.getsignal(signal.SIGINT)
    outcome = solve_arrays(instances["assignment"]().arrays(), cancel=Presses())  # type: ignore[operator]
    assert (outcome.status, outcome.limit) == (Status.STOPPED, Limit.INTERRUPT)
    assert signal.getsignal(signal.SIGINT) is before


def test_nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    """Silent by default; with ``msg`` the log goes to standard error."""
    knapsack().solve(Highs())
    assert capfd.readouterr() == ("", "")
    knapsack().solve(Highs(msg=True))
    out, err = capfd.readouterr()
    assert out == ""
    assert "knapsack" in err or "Solving report" in err


@pytest.mark.slow
def test_the_banner_stays_off_standard_output() -> None:
    """A process whose only output is JSON prints nothing else, its first solve included."""
    script = "from allocate.solvers.solve import solve; from allocate.program.program import Program; solve(Program())"
    done = subprocess.run([sys.executable, "-c", script + "; print('{}')"], capture_output=True, check=True)
    assert done.stdout.strip() == b"{}"


@pytest.mark.slow
def test_a_closed_standard_output_is_no_trouble() -> None:
    """With standard output closed there is nothing to point away, and solving goes on."""
    script = (
        "import os; os.close(1); from allocate.solvers.solve import solve; from allocate.program.program import Program; "
        "p = Program(); p.add_columns('items', cost=1, upper=2); os._exit(0 if solve(p).objective == 2 else 9)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


@pytest.mark.parametrize("options", [{"nonsense": 1}, {"time_limit": "soon"}, {"threadz": 4}, {"presolve": "maybe"}])
def test_unknown_options_are_errors(options: dict) -> None:
    """An option HiGHS does not take is refused when the solver is made, not ignored."""
    with pytest.raises(pulp.PulpSolverError, match="does not take the option"):
        Highs(**options)


def test_options_reach_highs() -> None:
    """An iteration limit given by HiGHS's own name ends the solve by iterations."""
    instances: dict[str, object] = {}
    exec(Path(__file__).with_name("instances.py").read_text(), instances)
    program = instances["assignment"]()  # type: ignore[operator]
    solver = Highs(simplex_iteration_limit=3, presolve="off")
    assert program.solve(solver) == pulp.LpStatusNotSolved
    assert solver.outcome is not None
    assert (solver.outcome.status, solver.outcome.limit) == (Status.STOPPED, Limit.ITERATIONS)


def test_a_limit_is_not_called_optimal_in_pulp_words() -> None:
    """After a time limit PuLP's status is Not Solved, its solution status Solution Found, and values are there."""
    instances: dict[str, object] = {}
    exec(Path(__file__).with_name("instances.py").read_text(), instances)
    program = instances["market_split"]()  # type: ignore[operator]
    assert program.solve(Highs(timeLimit=0.5)) == pulp.LpStatusNotSolved
    assert program.sol_status == pulp.LpSolutionIntegerFeasible
    assert program.variable("retailer", 0).varValue in (0, 1)


def test_an_unsuccessful_solve_clears_values_and_duals() -> None:
    """An infeasible problem written as in tutorials reads None where older values were."""
    problem = pulp.LpProblem("none", pulp.LpMinimize)
    x = pulp.LpVariable("x", 0, 4)
    problem += x
    problem += x >= 1, "least"
    problem.solve(Highs())
    assert (x.varValue, problem._constraints["least"].pi) == (1, 1)
    problem += x >= 5
    assert problem.solve(Highs()) == pulp.LpStatusInfeasible
    assert (x.varValue, x.dj, problem._constraints["least"].pi) == (None, None, None)


def test_special_ordered_sets_are_refused() -> None:
    """What HiGHS cannot hold is said, not dropped."""
    problem = knapsack()
    x = problem.variables()
    problem.sos1[0] = {x[0]: 1, x[1]: 2}
    with pytest.raises(pulp.PulpSolverError, match="special ordered sets"):
        problem.solve(Highs())


@pytest.mark.parametrize(
    ("field", "value"), [("costs", np.nan), ("upper", np.nan), ("lower", np.inf), ("row_upper", -np.inf)]
)
def test_arrays_no_solver_can_take_are_refused(field: str, value: float) -> None:
    """HiGHS would solve with a cost that is not a number; here it raises first."""
    fields = {name: np.zeros(1) for name in ("costs", "lower", "upper", "row_lower", "row_upper")}
    fields[field] = np.array([value])
    matrix = Matrix(np.array([0, 1], np.int32), np.array([0], np.int32), np.array([1.0]))
    arrays = ProgramArrays(maximise=True, offset=0.0, integer=np.zeros(1, bool), matrix=matrix, **fields)
    with pytest.raises(ValueError, match=r"number|infinity"):
        solve_arrays(arrays)


def test_coefficients_too_large_for_highs_are_refused() -> None:
    """A coefficient of 1e15 or more is an error, not a wrong answer."""
    one = np.ones(1)
    matrix = Matrix(np.array([0, 1], np.int32), np.array([0], np.int32), np.array([1e16]))
    with pytest.raises(ValueError, match="1e15"):
        solve_arrays(ProgramArrays(True, 0.0, one, one * 0, one, one < 0, one * 0, one, matrix))


def test_a_bound_that_a_plan_passes_is_never_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the bound of a search lies short of its own plan, another search without presolving says what is right."""
    program = Program("short")
    items = program.add_columns("items", count=2, upper=4.5, cost=[2.0, 3.0], integer=[False, True])
    rows = program.add_rows("together", upper=6.0)
    program.add_terms([int(rows.ids[0])] * 2, items.ids, 1.0)
    right = Engine.read

    def short(engine: Engine) -> Run:
        found = right(engine)
        _, presolve = engine.highs.getOptionValue("presolve")
        return replace(found, bound=1.0) if engine.mixed and presolve != "off" else found

    monkeypatch.setattr(Engine, "read", short)
    outcome = solve_arrays(program.arrays())
    assert outcome.status is Status.OPTIMAL
    assert (outcome.objective, outcome.bound) == pytest.approx((16.0, 16.0))

    monkeypatch.setattr(Engine, "read", lambda engine: replace(right(engine), bound=1.0 if engine.mixed else None))
    outcome = solve_arrays(program.arrays())
    assert (outcome.status, outcome.bound) == (Status.FEASIBLE, None)
    assert outcome.objective == pytest.approx(16.0)
    assert outcome.message == "the bound that HiGHS claimed was passed by the plan it found"
