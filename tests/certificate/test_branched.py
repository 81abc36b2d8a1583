"""Trees over whole numbers: every plan lies in a leaf, and no figure they prove is ever passed by one."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from contract_cases import contract_case

from allocate import formulate, read_case
from allocate import solve as solve_case
from allocate.certificate.bound_propagation import boxes
from allocate.certificate.branched import (
    STUMP,
    Branched,
    Change,
    Tree,
    TreeError,
    branched_bound,
    branches_bound,
    unbranched,
)
from allocate.certificate.weak_duality import proven_bound
from allocate.program.arrays import ProgramArrays
from allocate.program.partition import AXIS, WHOLE, groups_by, partition
from allocate.program.program import Program
from allocate.record.proof import branched_json, read_branched
from allocate.solvers.decomposition.proof import Deadline, Proof, divided, proof_of, prove
from allocate.solvers.outcome import Outcome
from allocate.solvers.solve import solve
from allocate.solvers.watch import Watch


def knapsacks(seed: int, products: int = 3) -> Program:
    """Products of three whole-numbered choices with a row of their own each, tied by one row they share."""
    random = np.random.default_rng(seed)
    program = Program("knapsacks", maximise=bool(seed % 2))
    sense = 1.0 if program.maximise else -1.0
    axes = {"product": np.repeat(np.arange(products), 3), "vendor": np.tile(np.arange(3), products)}
    gain = sense * random.integers(2, 20, 3 * products).astype(float)
    chosen = program.add_columns("chosen", axes, upper=3.0, integer=True, cost=gain)
    more = program.add_columns("more", {"product": np.arange(products)}, upper=2.5, cost=sense * 1.5)
    own = program.add_rows("own", {"product": np.arange(products)}, upper=random.integers(6, 14, products) + 0.5)
    program.add_terms(own.ids[axes["product"]], chosen.ids, random.integers(1, 8, 3 * products).astype(float))
    program.add_terms(own.ids, more.ids, 1.0)
    shared = program.add_rows("shared", count=1, upper=float(random.integers(10, 25)))
    program.add_terms(shared.start, chosen.ids, random.integers(1, 6, 3 * products).astype(float))
    return program


def proofs(program: Program, best: Outcome) -> list[tuple[Proof, float]]:
    """Trees by product at drawn prices, and over the whole program, with what each proves."""
    arrays, structure = program.arrays(), program.structure()
    assert best.objective is not None
    worst = best.objective - (1.0 if arrays.maximise else -1.0)
    random = np.random.default_rng(len(arrays.costs))
    found = []
    for by, prices in ((AXIS, random.uniform(-1, 1, arrays.row_count)), (WHOLE, np.zeros(arrays.row_count))):
        one = prove(arrays, structure, by, prices, (best.objective, best.objective, worst), Deadline(None), Watch())
        found.append((one, bound(program, one.duals, one.branched, worst)))
    return found


def bound(program: Program, duals: Any, branched: Branched, worst: float) -> float:
    """What trees prove."""
    arrays = program.arrays()
    parts = partition(arrays, groups_by(program.structure(), branched.by))
    return branches_bound(arrays, parts, duals, branched, boxes(arrays, worst), worst)


def passes(arrays: ProgramArrays, best: float, figure: float) -> bool:
    """Whether a plan is better than a figure."""
    return (best - figure) * (1.0 if arrays.maximise else -1.0) > 1e-9 * max(1.0, abs(best))


@pytest.mark.parametrize("seed", range(12))
def test_trees_bound_every_plan_and_over_the_whole_program_tightly(seed: int) -> None:
    """By product never past the optimum whatever the prices; over the whole small program just the optimum."""
    program = knapsacks(seed)
    best = solve(program, method="plain")
    assert best.objective is not None
    (_, by_product), (whole, over_all) = proofs(program, best)
    assert not passes(program.arrays(), best.objective, by_product)
    assert not passes(program.arrays(), best.objective, over_all)
    assert over_all == pytest.approx(best.objective, rel=1e-6)
    assert whole.branched.leaves > 1


@pytest.mark.parametrize("seed", range(6))
def test_a_tree_that_was_changed_is_refused_or_still_bounds(seed: int) -> None:
    """Other duals at a leaf, other branchings, leaves dropped or moved: no change makes a figure that a plan passes."""
    program = knapsacks(seed)
    best = solve(program, method="plain")
    assert best.objective is not None
    random, refused = np.random.default_rng(seed), 0
    for proof, _ in proofs(program, best):
        for _ in range(25):
            trees = list(proof.branched.branches[0].trees)
            number = int(random.integers(len(trees)))
            trees[number] = changed(trees[number], random, program)
            try:
                figure = bound(program, proof.duals, unbranched(proof.branched.by, trees), best.objective * 0.5)
            except TreeError:
                refused += 1
                continue
            assert not passes(program.arrays(), best.objective, figure)
    assert refused


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 3, 8])
def test_branches_with_prices_of_their_own_bound_every_plan_and_more_tightly(seed: int) -> None:
    """No plan passes what they prove, all of them together prove nearly the optimum, and changed ones no plan passes either."""
    program = knapsacks(seed, products=4)
    best = solve(program, method="plain")
    assert best.objective is not None
    arrays, structure, worst = program.arrays(), program.structure(), best.objective * 0.5
    figures = (best.objective, best.objective, worst)
    one = prove(arrays, structure, AXIS, np.zeros(arrays.row_count), figures, Deadline(None), Watch())
    proof = divided(arrays, structure, one.duals, figures, Deadline(None), Watch())
    figure = bound(program, proof.duals, proof.branched, worst)
    assert not passes(arrays, best.objective, figure)
    assert figure == pytest.approx(best.objective, rel=6e-4)
    assert len(proof.branched.branches) > 1
    assert read_branched(json.loads(json.dumps(branched_json(proof.branched)))) == proof.branched
    random = np.random.default_rng(seed)
    for _ in range(20):
        other = otherwise(proof.branched, random, program)
        try:
            figure = bound(program, proof.duals, other, worst)
        except TreeError:
            continue
        assert not passes(arrays, best.objective, figure)


def otherwise(proof: Branched, random: np.random.Generator, program: Program) -> Branched:
    """Branches with one thing different."""
    branches, branchings = list(proof.branches), list(proof.branchings)
    kind, at = int(random.integers(5)), int(random.integers(len(branchings)))
    if kind == 0:
        del branches[int(random.integers(len(branches)))]
    elif kind == 1:
        del branchings[at]
    elif kind == 2:
        branchings[at] = (int(random.integers(program.column_count)), int(random.integers(-1, 4)))
    elif kind == 3:
        rows = tuple(random.permutation(program.row_count + 1)[:2].tolist())
        branches[0] = replace(branches[0], duals=Change(rows, tuple(random.normal(0, 5, 2).tolist())))
    else:
        random.shuffle(branches)
    return Branched(proof.by, tuple(branches), tuple(branchings))


def changed(tree: Tree, random: np.random.Generator, program: Program) -> Tree:
    """A tree with one thing different."""
    at = int(random.integers(len(tree.branchings)))
    branchings, leaves = list(tree.branchings), list(tree.leaves)
    kind = int(random.integers(5))
    if kind == 0:
        del leaves[int(random.integers(len(leaves)))]
    elif kind == 1:
        del branchings[at]
    elif kind == 2:
        branchings[at] = (int(random.integers(program.column_count)), int(random.integers(-1, 4)))
    elif kind == 3:
        leaf = int(random.integers(len(leaves)))
        rows = tuple(random.permutation(program.row_count)[:2].tolist())
        leaves[leaf] = Change(rows, tuple(random.normal(0, 5, 2).tolist()))
    else:
        random.shuffle(leaves)
    return Tree(tuple(branchings), tuple(leaves))


def test_no_branching_is_the_bound_of_the_relaxation() -> None:
    """Stumps at any duals prove what weak duality does for the linear program without whole numbers."""
    program = knapsacks(1)
    arrays = program.arrays()
    duals = np.random.default_rng(0).uniform(0, 2, arrays.row_count)
    limits = boxes(arrays)
    parts = partition(arrays, groups_by(program.structure(), AXIS))
    by_parts = branched_bound(arrays, parts, duals, [STUMP] * 3, limits)
    assert by_parts == pytest.approx(proven_bound(arrays, duals, limits), rel=1e-12)


def test_duals_of_rows_that_parts_share_belong_to_no_leaf() -> None:
    """Prices are the same for all parts: a leaf that names others is refused, and so is a tree too few."""
    program = knapsacks(1)
    arrays, shared = program.arrays(), program.rows["shared"].start
    parts, limits = partition(arrays, groups_by(program.structure(), AXIS)), boxes(arrays)
    leaf = Tree((None,), (Change((shared,), (1.0,)),))
    with pytest.raises(TreeError, match="not its part's own"):
        branched_bound(arrays, parts, np.zeros(arrays.row_count), [STUMP, leaf, STUMP], limits)
    with pytest.raises(TreeError, match="2 trees do not fit 3 parts"):
        branched_bound(arrays, parts, np.zeros(arrays.row_count), [STUMP, STUMP], limits)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [100021, 100022])
def test_small_cases_are_proven_to_the_end(seed: int) -> None:
    """Contracts of all kinds, hundreds of leaves, and leaves without a plan by a hair: nothing is left to the solver's word."""
    certificate = solve_case(read_case(contract_case(seed))).certificate
    assert certificate is not None
    assert certificate.branched is not None
    assert certificate.proven_gap < 2e-6


def test_without_time_there_is_still_a_proof() -> None:
    """Every part is then bounded without branchings, and nothing is asked of the whole program."""
    program = knapsacks(3)
    best = solve(program, method="plain")
    assert best.objective is not None
    at_prices = replace(best, shared_prices=np.zeros(program.row_count))
    found = proof_of(program.arrays(), program.structure(), at_prices, best.objective - 1.0, 0.0)
    assert found is not None
    assert all(tree == STUMP for branch in found.branched.branches for tree in branch.trees)
    assert not passes(
        program.arrays(), best.objective, bound(program, found.duals, found.branched, best.objective - 1.0)
    )


@pytest.mark.slow
def test_a_case_with_many_products_is_proven_product_by_product() -> None:
    """Decomposition's prices, trees beside them: what is claimed is proven but for a small part of the gap."""
    products = {
        f"p{n}": {
            "item": "image",
            "effort": "36 s/image",
            "demand": {"at-most": "100 images"},
            "value": {"curve": [{"labels": 0, "score": 0}, {"labels": 90, "score": 70 + n}], "worth": "2 USD/point"},
        }
        for n in range(8)
    }
    contract = {"price": "0.5 USD/image", "fees": {"product-start": "7 USD"}, "minimum-order": "20 images"}
    case = read_case(
        {
            "case": "many",
            "currency": "USD",
            "objective": "net-value",
            "budget": "230 USD",
            "horizon": {"start": "2027-01-04", "weeks": 2},
            "workflows": {"plain": {}},
            "products": products,
            "vendors": {
                name: {"contract": contract, "capacity": f"{hours} images/week"}
                for name, hours in (("v", 150), ("w", 90))
            },
        }
    )
    answer = solve_case(case, method="decomposition", gap=0.05)
    certificate = answer.certificate
    assert certificate is not None
    assert certificate.branched is not None
    assert certificate.proven_gap <= certificate.gap * 1.1 + 1e-6
    assert formulate(case).program.arrays().integer.any()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ([], "by and trees"),
        ({"by": "product", "branchings": 3, "branches": []}, "are lists"),
        ({"by": "product", "branchings": [None], "branches": [{"trees": []}]}, "three lists, rows, duals and trees"),
        (
            {"by": "product", "branchings": [None], "branches": [{"rows": [1], "duals": [], "trees": []}]},
            "a branch has 1",
        ),
        ({"by": "vendor", "trees": []}, "not by 'vendor'"),
        ({"by": "product", "trees": [{"branchings": []}]}, "two lists, branchings and leaves"),
        ({"by": "product", "trees": [{"branchings": [[1]], "leaves": []}]}, "two whole numbers"),
        ({"by": "product", "trees": [{"branchings": [None], "leaves": [{"rows": [1]}]}]}, "rows and duals"),
        ({"by": "product", "trees": [{"branchings": [None], "leaves": [{"rows": [1, 1], "duals": [1, 2]}]}]}, "once"),
        ({"by": "product", "trees": [{"branchings": [None], "leaves": [{"rows": [1], "duals": ["x"]}]}]}, "numbers"),
    ],
)
def test_trees_that_cannot_be_read_are_refused_in_words(data: Any, words: str) -> None:
    """What a file says in place of trees is never guessed at."""
    with pytest.raises(ValueError, match=words):
        read_branched(data)


def test_a_tree_that_lowers_no_bound_is_left() -> None:
    """Thirty choices that are all alike: branching on one moves its fraction to another, and the tree stays small."""
    program = Program("alike", maximise=False)
    chosen = program.add_columns("chosen", {"period": np.arange(30)}, upper=1.0, integer=True, cost=2.0)
    row = program.add_rows("enough", count=1, lower=29.0)
    program.add_terms(row.start, chosen.ids, 2.0)
    arrays = program.arrays()
    found = prove(arrays, program.structure(), WHOLE, np.zeros(1), (30.0, 30.0, 31.0), Deadline(None), Watch())
    assert isinstance(found.branched, Branched)
    assert found.bound == pytest.approx(29.0)
    assert 1 < found.branched.leaves < 1_000
