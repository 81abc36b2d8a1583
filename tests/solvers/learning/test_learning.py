"""Programs with vendors that learn: textbook totals to the last hour, bounds by parts of the work, honest words for a gap."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from company_cases import company_case
from contract_grid import checked
from hypothesis import given
from hypothesis import strategies as st

from allocate import Answer, formulate, read_case, solve
from allocate.certificate.branched import TreeError
from allocate.certificate.certificate import floats_of, proven, worst_looked_at
from allocate.certificate.parted_work import Narrowing, PartedWork
from allocate.solvers.learning import pursuit, tree_search
from allocate.solvers.learning.restriction import LITTLE_OF, Restriction


def textbook(model: str, hours: float, weeks: int = 1) -> dict[str, Any]:
    """Units of which the first takes 100 h, learnt at 80 %, each worth 1,000 USD."""
    learning = {"rate": "80%", "from": "1 items", "model": model}
    crew = {
        "capacity": f"{hours:.4f} h/week",
        "contract": {"price": "1 USD/image"},
        "accuracy": "100%",
        "learning": learning,
    }
    curve = [{"labels": 0, "score": 0}, {"labels": 100, "score": 100}]
    value = {"curve": curve, "worth": "1000 USD/point"}
    return {
        "case": "textbook",
        "currency": "USD",
        "objective": "net-value",
        "horizon": {"start": "2027-01-04", "weeks": weeks},
        "budget": "1_000_000 USD",
        "products": {
            "unit": {"item": "image", "effort": "100 h/image", "demand": {"at-most": "10 images"}, "value": value}
        },
        "vendors": {"crew": crew},
        "workflows": {"plain": {}},
    }


def shared(weeks: int = 3, hours: str = "20 h/week", **steep: Any) -> dict[str, Any]:
    """Two products that one crew learns, with too few hours for both; somebody dear makes the rest."""
    learning = {"rate": "80%", "from": "2_000 items", **steep}
    products = {
        name: {"item": "image", "effort": f"{seconds} s/image", "demand": "5_000 images"}
        for name, seconds in (("cats", 36), ("dogs", 50))
    }
    return {
        "case": "shared",
        "currency": "USD",
        "objective": "cost",
        "horizon": {"start": "2027-01-04", "weeks": weeks},
        "products": products,
        "vendors": {
            "crew": {"capacity": hours, "contract": {"price": "0.1 USD/image"}, "learning": learning},
            "outside": {"contract": {"price": "0.3 USD/image"}},
        },
        "workflows": {"plain": {}},
    }


def made(answer: Answer) -> float:
    """Items of a plan."""
    assert answer.plan is not None
    return float(answer.plan.lines["items"].sum())


@pytest.mark.parametrize(
    ("model", "hours", "weeks", "units"),
    [("wright", 256.0, 1, 4.0), ("wright", 64.0, 4, 4.0), ("crawford", 314.2105, 1, 4.0), ("crawford", 180.0, 1, 2.0)],
)
def test_the_hours_of_the_textbook_make_its_units(model: str, hours: float, weeks: int, units: float) -> None:
    """First unit 100 h, 80 %: four take 256 h on Wright's average, 314.21 h by Crawford's units, of which two take 180 h."""
    answer = solve(read_case(textbook(model, hours, weeks)))
    assert made(answer) == pytest.approx(units, rel=1e-6)
    assert answer.status.value == "optimal"
    assert answer.bound == pytest.approx(answer.objective, rel=1e-6)


def test_no_whole_numbers_and_few_columns() -> None:
    """Learning adds a column for each pair and period, and one for each vendor and period; none is whole-numbered."""
    arrays = formulate(read_case(shared())).program.arrays()
    without = shared()
    del without["vendors"]["crew"]["learning"]
    assert not arrays.integer.any()
    assert arrays.column_count == formulate(read_case(without)).program.arrays().column_count + (2 + 1) * 3


@pytest.mark.parametrize("model", ["wright", "crawford"])
def test_every_leaf_keeps_the_true_hours_of_its_work(model: str) -> None:
    """Whatever work lies between two amounts, its true hours keep the rows of the program made for these."""
    built = formulate(read_case(shared(model=model, rate="70%")))
    arrays, learned, random = built.program.arrays(), built.program.learned, np.random.default_rng(5)
    assert learned is not None
    narrowing = Narrowing(arrays, learned)
    for _ in range(40):
        grown = np.sort(random.random((3, *learned.reach.shape)), axis=0) * learned.reach
        low, work, high = np.maximum.accumulate(grown, axis=2)
        program, values = narrowing.at(low, high), np.zeros(arrays.column_count)
        values[learned.work] = work
        values[learned.hours] = learned.together(learned.hours_of(work))
        short = (program.row_lower - program.activity(values))[np.concatenate([learned.least, learned.pace]).ravel()]
        assert short.max() <= 1e-9


@pytest.mark.parametrize("model", ["wright", "crawford"])
def test_plans_of_a_restriction_keep_their_true_hours(model: str) -> None:
    """At whatever work it is made: what a period takes by the restriction is never less than by the curves."""
    built = formulate(read_case(shared(model=model, rate="70%")))
    arrays, learned, random = built.program.arrays(), built.program.learned, np.random.default_rng(7)
    assert learned is not None
    restriction = Restriction(arrays, learned)
    for _ in range(40):
        at, work = (np.sort(random.random(learned.reach.shape), axis=1) * learned.reach for _ in range(2))
        program = restriction.at(at)
        values = np.zeros(program.column_count)
        values[learned.work] = work
        values[learned.hours] = learned.together(learned.hours_of(work)) * (1.0 - 1e-6)
        told = restriction.low >= 0
        chord = program.row_upper[arrays.row_count :] - program.activity(values)[arrays.row_count :]
        values[restriction.low[told]] = chord.reshape(int(told.sum()), -1).min(axis=1)
        short = (program.row_lower - program.activity(values))[learned.pace]
        assert (short.max(axis=1) > 0.0).all()


@pytest.mark.parametrize("model", ["wright", "crawford"])
def test_hours_to_spare_are_no_fewer_than_by_the_curves(model: str) -> None:
    """A program with hours to spare has no point with fewer hours than the curves have for the work of pairs that do more than a little."""
    built = formulate(read_case(shared(model=model, rate="70%")))
    arrays, learned, random = built.program.arrays(), built.program.learned, np.random.default_rng(7)
    assert learned is not None
    spare = Restriction(arrays, learned).spare()
    assert spare.column_count == arrays.column_count
    for _ in range(40):
        work = np.sort(LITTLE_OF + (1.0 - LITTLE_OF) * random.random(learned.reach.shape), axis=1)
        work *= learned.reach[:, -1:]
        values = np.zeros(arrays.column_count)
        values[learned.work] = work
        values[learned.hours] = learned.together(learned.hours_of(work)) * (1.0 - 1e-6)
        short = (spare.row_lower - spare.activity(values))[learned.pace]
        assert (short.max(axis=1) > 0.0).all()


@pytest.mark.slow
def test_a_gap_is_closed_by_parts_whose_proof_stands_by_itself() -> None:
    """Two weeks of two products need parts of the work; a part left out, or its duals, is found out."""
    case = read_case(shared(2))
    answer, built = solve(case), formulate(case)
    certificate = answer.certificate
    assert certificate is not None
    parts = certificate.branched
    assert isinstance(parts, PartedWork)
    assert answer.status.value == "optimal"
    assert answer.proven_status.value == "optimal"
    duals, _ = floats_of(built.program.rows, certificate.duals, built.program.arrays().row_count)
    worst = worst_looked_at(built, certificate.objective)
    assert proven(built, duals, worst, parts)["proven"] == pytest.approx(certificate.objective, rel=1e-5)
    weaker = replace(
        parts, leaves_duals=tuple(replace(one, values=(0.0,) * len(one.rows)) for one in parts.leaves_duals)
    )
    assert proven(built, duals, worst, weaker)["proven"] < certificate.objective * (1 - 1e-3)
    for forged in (replace(parts, partings=parts.partings[:-1]), replace(parts, leaves_duals=parts.leaves_duals[1:])):
        with pytest.raises(TreeError):
            proven(built, duals, worst, forged)


def test_a_steep_curve_with_few_hours_has_a_plan() -> None:
    """A curve that is steep at none, and so few hours that no piece of it tells them to half a per cent: it is planned all the same."""
    answer = solve(read_case(shared(hours="0.2 h/week", **{"from": "4_000 items"})))
    assert answer.verification is not None
    assert answer.verification.holds


def test_fewer_pairs_at_work_can_be_better(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where hours are few, little work of a pair at the beginning of its curve is left to pairs that have learned; hours stay true."""
    written = company_case("6x4x5", ("learn",), seed=1)
    for vendor in written["vendors"].values():
        vendor["capacity"] = f"{float(vendor['capacity'].split()[0]) / 4.0:.6g} h/week"
        if "learning" in vendor:
            vendor["learning"] = {"rate": "80%", "from": "4_000 items"}
    case = read_case(written)
    monkeypatch.setattr(tree_search, "MOST", 0)  # small as it is, a whole tree finds the same
    best = solve(case)
    assert best.verification is not None
    assert best.verification.holds
    monkeypatch.setattr(pursuit, "CLOSED", 0)
    without = solve(case)
    assert best.objective is not None
    assert without.objective is not None
    assert best.objective > 1.02 * without.objective


def test_what_is_left_open_is_said() -> None:
    """With a gap that may stay open the plan is feasible, its gap is proven, and no more is claimed."""
    answer = solve(read_case(shared()), gap=0.05)
    assert answer.gap is not None
    assert answer.gap <= 0.05
    assert answer.status.value == ("optimal" if answer.gap <= 1e-6 else "feasible")
    assert answer.certificate is not None
    assert answer.certificate.proven_gap <= 0.05


@pytest.mark.slow
def test_whole_numbers_and_learning_agree_with_trying_all() -> None:
    """A fee for the crew, worth it or not: the plan is the better of both, by whichever costs less when forced."""
    for fee in (100, 900):
        case = shared(1)
        case["vendors"]["crew"]["contract"]["fees"] = {"onboarding": f"{fee} USD"}
        both = solve(read_case(case))
        without = 10_000 * 0.3
        with_crew = solve(read_case(shared(1)))
        assert with_crew.objective is not None
        assert both.objective == pytest.approx(min(without, with_crew.objective + fee), rel=1e-5)


@pytest.mark.slow
@checked(12)
@given(st.integers(70, 97), st.integers(500, 4_000), st.integers(8, 90), st.integers(1, 2))
def test_no_split_of_the_hours_beats_what_is_proven(rate: int, known: int, hours: int, weeks: int) -> None:
    """Every split of the crew's hours between its products, by Wright's own formula: none costs less than the plan, nor than the bound."""
    case = shared(weeks, f"{hours} h/week", rate=f"{rate}%", **{"from": f"{known} items"})
    answer = solve(read_case(case), gap=0.01)
    b, least = -np.log2(rate / 100.0), 10_000 * 0.3
    each = [seconds / 3600.0 * known**b for seconds in (36, 50)]
    for first, other in (each, each[::-1]):
        made = np.linspace(0.0, min(5_000.0, (hours * weeks / first) ** (1.0 / (1.0 - b))), 2_001)
        left = np.maximum(hours * weeks - first * made ** (1.0 - b), 0.0)
        others = np.minimum((left / other) ** (1.0 / (1.0 - b)), 5_000.0)
        least = min(least, float((10_000 * 0.3 - 0.2 * (made + others)).min()))
    assert answer.objective is not None
    assert answer.bound is not None
    assert answer.bound <= least * (1.0 + 1e-6)
    assert least * (1.0 - 1e-6) <= answer.objective <= least * 1.011
