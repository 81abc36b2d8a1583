"""Tables of vendor sets: the optimum of the plain search, and bounds no plan passes, whatever prices and duals say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from company_cases import company_case
from draws import some

from allocate import formulate, read_case
from allocate.certificate.bound_propagation import boxes
from allocate.certificate.branched import Change, TreeError
from allocate.certificate.engagement.engaged_form import engaged_form
from allocate.certificate.engagement.proof import Engaged, Look, engaged_bound, leaves_no_plan
from allocate.program.arrays import Booleans, maximised
from allocate.program.partition import AXIS, groups_by, partition
from allocate.program.program import Program
from allocate.record.engaged import engaged_json, read_engaged
from allocate.solvers.decomposition.engagement import method, plans
from allocate.solvers.facility_location.restricted_lp import Left
from allocate.solvers.outcome import Outcome, Status, is_feasible
from allocate.solvers.solve import solve

Rule = dict[str, dict[str, object]]
PLAIN = ("onboard",)
ALL_OF_PRODUCTS = ("onboard", "startfee", "minorder", "count", "shares")


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small programs are taken, too."""
    monkeypatch.setattr(method, "LARGE", 0)


def solved(seed: int, flags: tuple[str, ...], tightness: float = 0.5, size: str = "4x4x3") -> tuple[Program, Outcome]:
    """A small case by tables of vendor sets."""
    program = formulate(read_case(company_case(size, flags, seed, tightness))).program
    return program, solve(program, gap=1e-6)


def bound_of(program: Program, proof: Engaged) -> float:
    """What anybody computes from a proof."""
    arrays = program.arrays()
    part, _ = partition(arrays, groups_by(program.structure(), AXIS))
    return engaged_bound(arrays, part, proof, boxes(arrays))


@pytest.mark.slow
@pytest.mark.parametrize("seed", some(range(3)))
@pytest.mark.parametrize(
    "flags",
    [
        PLAIN,
        ALL_OF_PRODUCTS,
        (*ALL_OF_PRODUCTS, "gcount"),
        ("onboard", "gcount", "minorder"),
        ("onboard", "startfee", "count", "scurve"),
        ("onboard", "count", "team", "scurve", "top"),
    ],
)
def test_the_best_plan_is_that_of_the_plain_search(flags: tuple[str, ...], seed: int) -> None:
    """With onboarding, starts, minimum orders, counts and shares, S-shaped curves and teams; what is proven is no better than any plan."""
    program, found = solved(seed, flags)
    plain = solve(program, method="plain")
    assert found.method_reason.startswith("an integer program of 4 products")
    assert found.status is plain.status
    if plain.objective is None:
        return
    assert found.objective == pytest.approx(plain.objective, rel=2e-6)
    assert found.bound is not None
    assert found.bound >= plain.objective * (1 - 1e-9)
    assert found.engaged is not None
    assert bound_of(program, found.engaged) >= plain.objective * (1 - 1e-9)


@pytest.mark.parametrize(("beside", "seed"), [("tiers", 1), ("seats", 2), ("lots", 0)])
def test_whole_numbers_beside_starts_are_branched_on(beside: str, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps, seats and lots settled by branching, of a plan's starts and beside open ones: a plan of the program, near its bound."""
    monkeypatch.setattr(plans, "LARGE", 0)
    ways, branched = list[bool](), plans.Planner._branched

    def counted(self: plans.Planner, part: Left, closed: Booleans, from_best: bool) -> plans.EngagedPlan | None:
        ways.append(from_best)
        return branched(self, part, closed, from_best)

    monkeypatch.setattr(plans.Planner, "_branched", counted)
    program = formulate(read_case(company_case("5x4x4", (*ALL_OF_PRODUCTS, beside), seed, 0.9))).program
    found, plain = solve(program, gap=0.01), solve(program, method="plain", gap=0.01)
    assert ways
    assert plain.bound is not None
    assert found.objective is not None
    assert found.values is not None
    assert plain.bound - 0.02 * abs(plain.bound) <= found.objective <= plain.bound * (1 + 1e-9)
    assert is_feasible(program.arrays(), found.values)


NEEDS = {"needs": {"product": "p2", "needs": "p0", "at-least": "2000 images"}}
APART = {"incompatible": {"products": ["p0", "p1", "p3"]}}
OURS = {"exclusive": {"products": ["p0", "p1", "p2", "p3"]}}
THEIRS = {"exclusive": {"what": "vendor", "vendors": ["v0"], "products": ["p0", "p2"]}}


@pytest.mark.parametrize(
    ("rules", "flags"),
    [
        ((NEEDS,), ("onboard", "startfee", "minorder")),
        ((APART,), ("onboard", "startfee", "minorder")),
        ((OURS,), ("onboard",)),
        ((THEIRS,), ("onboard",)),
        ((NEEDS, APART), ("onboard", "startfee", "minorder")),
        ((OURS, THEIRS), ("onboard",)),
    ],
)
def test_rules_between_products_and_vendors_hold_in_every_set(rules: tuple[Rule, ...], flags: tuple[str, ...]) -> None:
    """What needs another product, what no vendor does together, what one does alone: as the plain search has it, bound and proof."""
    case = company_case("4x4x3", flags, 0, 0.6)
    case["rules"] = [{"name": f"rule {n}", "owner": "operations", **one} for n, one in enumerate(rules)]
    if NEEDS in rules:
        del case["products"]["p2"]["milestones"]
    program = formulate(read_case(case)).program
    found, plain = solve(program, gap=1e-6), solve(program, method="plain")
    assert found.method_reason.startswith("an integer program of 4 products")
    assert found.status is plain.status
    assert found.engaged is not None
    if plain.objective is None:
        return
    size = max(1.0, abs(plain.objective))
    assert found.objective == pytest.approx(plain.objective, abs=2e-6 * size)
    assert found.bound is not None
    assert min(found.bound, bound_of(program, found.engaged)) >= plain.objective - 1e-9 * size


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "tightness"), [(1, 0.5), (4, 0.5), (5, 0.4)])
def test_a_proof_closes_to_what_was_claimed(seed: int, tightness: float) -> None:
    """Whoever goes through all sets again comes to the bound that was told, from the plan file's figures alone."""
    program = formulate(read_case(company_case("20x6x6", ALL_OF_PRODUCTS, seed, tightness))).program
    found = solve(program, gap=1e-2)
    assert "HiGHS" not in found.method_reason
    assert found.engaged is not None
    again = read_engaged(engaged_json(found.engaged))
    assert again == found.engaged
    assert found.bound is not None
    assert bound_of(program, again) == pytest.approx(found.bound, rel=1e-8)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_any_figures_prove_something_true(seed: int) -> None:
    """Prices, duals and fees of somebody who guesses never prove less than the best plan: weak duality at every set."""
    program, found = solved(seed, ALL_OF_PRODUCTS)
    assert found.engaged is not None
    assert found.objective is not None
    random = np.random.default_rng(seed)

    def moved(change: Change) -> Change:
        return replace(change, values=tuple(float(v) * random.uniform(-0.5, 2.0) for v in change.values))

    def look(one: Look) -> Look:
        parts = tuple(replace(each, duals=moved(each.duals)) for each in one.parts)
        fees = tuple((a, b, fee * random.uniform(-1.0, 3.0)) for a, b, fee in one.fees)
        return Look(moved(one.prices), parts, fees)

    for _ in range(3):
        guessed = replace(found.engaged, target=-1e9, looks=tuple(map(look, found.engaged.looks)))
        assert bound_of(program, guessed) >= found.objective * (1 - 1e-9)


def test_steps_and_teams_are_choices_of_a_product() -> None:
    """Of a product with an S-shaped curve and two teams each set says which steps are passed, in their order, and which teams start."""
    program = formulate(read_case(company_case("4x4x3", ("onboard", "startfee", "count", "team", "scurve"), 1))).program
    arrays = maximised(program.arrays())
    form = engaged_form(arrays, partition(arrays, groups_by(program.structure(), AXIS))[0])
    assert form is not None
    part, blocks = form.of_part(0), program.structure().columns
    steps, teams = (
        [i for i, at in enumerate(part.starts.tolist()) if blocks.family[part.columns[at]] == family and i >= of]
        for family, of in ((list(blocks.blocks).index("value_step"), 0), (list(blocks.blocks).index("starts"), 4))
    )
    masks = part.possible(10_000)
    assert masks is not None
    passed = {tuple(int(mask) >> i & 1 for i in steps) for mask in masks}
    assert len(steps) > 1
    assert passed == {tuple(int(i < n) for i in range(len(steps))) for n in range(len(steps) + 1)}
    started = np.array([[int(mask) >> i & 1 for i in (*range(4), *teams)] for mask in masks])
    assert len(teams) == 2
    assert started[:, 4:].any(axis=0).all()
    assert started.sum(axis=1).max() == 3  # at most three vendors a product, teams among them
    assert form.of_part(0, choices=False).places == part.vendors


def test_work_done_so_far_is_written_out() -> None:
    """Rows between products take its items' hours in the place of work by the end of a period; prices of both forms say the same."""
    program = formulate(read_case(company_case("4x4x4", (*ALL_OF_PRODUCTS, "learn"), 1))).program
    arrays, columns = maximised(program.arrays()), program.structure().columns
    form = engaged_form(arrays, partition(arrays, groups_by(program.structure(), AXIS))[0])
    assert form is not None
    work = np.flatnonzero(columns.family == list(columns.blocks).index("standard_work"))
    assert sorted(form.totals.columns.tolist()) == work.tolist()
    written = form.written_out().arrays
    assert not np.isin(written.index, form.totals.rows).any()
    assert not np.isin(written.column, form.totals.columns).any()
    prices = np.random.default_rng(1).uniform(-1.0, 1.0, arrays.row_count)
    prices[form.totals.rows] = 0.0
    gains = form.arrays.costs - form.arrays.priced(form.totals.priced(form.arrays, prices))
    assert gains == pytest.approx(written.costs - written.priced(prices), abs=1e-9)
    assert gains[work] == pytest.approx(0.0, abs=1e-9)


@pytest.mark.slow
def test_plans_of_vendors_that_learn_keep_their_hours() -> None:
    """Chosen by tables of vendor sets, too: hours are those of the curves, and no plan passes what is proven."""
    program, found = solved(0, (*ALL_OF_PRODUCTS, "learn"), 0.6, "4x4x4")
    plain, learned = solve(program, method="plain"), program.learned
    assert found.engaged is not None
    assert found.values is not None
    assert found.objective is not None
    assert plain.objective is not None
    assert learned is not None
    hours = learned.together(learned.hours_of(found.values[learned.work]))
    assert found.values[learned.hours] == pytest.approx(hours, abs=1e-6)
    assert is_feasible(program.arrays(), found.values)
    assert found.objective >= plain.objective * (1 - 1e-3)
    assert bound_of(program, found.engaged) >= max(found.objective, plain.objective) * (1 - 1e-9)


@pytest.mark.slow
def test_a_set_is_called_empty_by_a_ray_alone() -> None:
    """A product-vendor set that has a point is not taken out of the proof by calling it empty with other duals."""
    program, found = solved(1, ALL_OF_PRODUCTS)
    assert found.engaged is not None
    assert found.objective is not None
    first, *others = found.engaged.looks
    forged = replace(found.engaged, target=-1e9, rays=(*found.engaged.rays, *first.parts))
    assert bound_of(program, forged) >= found.objective * (1 - 1e-9)
    nothing = replace(found.engaged, looks=(replace(first, parts=()), *others))
    assert bound_of(program, nothing) == np.inf


@pytest.mark.slow
def test_a_proof_names_every_vendor() -> None:
    """One that leaves a vendor out, or names rows and columns there are not, is no proof."""
    program, found = solved(1, PLAIN)
    proof = found.engaged
    assert proof is not None
    look = proof.looks[0]
    for wrong in (
        replace(proof, order=proof.order[1:]),
        replace(proof, looks=()),
        replace(proof, looks=(replace(look, fees=((0, 10**6, 1.0),)),)),
        replace(proof, looks=(replace(look, prices=Change((10**6,), (1.0,))),)),
        replace(proof, looks=(replace(look, parts=(replace(look.parts[0], inside=10**6),)),)),
    ):
        with pytest.raises(TreeError):
            bound_of(program, wrong)


@pytest.mark.slow
def test_a_case_without_a_plan_is_said_to_have_none() -> None:
    """A budget below what milestones cost leaves no set of vendors a plan."""
    _, found = solved(2, ALL_OF_PRODUCTS, tightness=0.05)
    assert found.status is Status.INFEASIBLE


@pytest.mark.slow
def test_the_same_program_has_the_same_plan() -> None:
    """To the last bit, proof included."""
    (_, one), (_, other) = solved(3, ALL_OF_PRODUCTS), solved(3, ALL_OF_PRODUCTS)
    assert one.values is not None
    assert other.values is not None
    assert one.values.tobytes() == other.values.tobytes()
    assert one.engaged == other.engaged


@pytest.mark.slow
@pytest.mark.parametrize(("flags", "tightness"), [(ALL_OF_PRODUCTS, 0.05), ((*ALL_OF_PRODUCTS, "gcount"), 0.2)])
def test_that_there_is_no_plan_is_proven_set_by_set(flags: tuple[str, ...], tightness: float) -> None:
    """Without the objective every set of vendors would gain less than nothing; without its prices the proof says nothing."""
    program, found = solved(2, flags, tightness, "6x6x4")
    assert found.status is Status.INFEASIBLE
    assert found.engaged is not None
    arrays = program.arrays()
    part, _ = partition(arrays, groups_by(program.structure(), AXIS))
    assert leaves_no_plan(arrays, part, found.engaged)
    idle = replace(
        found.engaged, rays=(), looks=tuple(replace(one, prices=Change((), ())) for one in found.engaged.looks)
    )
    assert not leaves_no_plan(arrays, part, idle)
