"""Drawn rules of all kinds at once: no plan of a grid that keeps them is cheaper, read here from the rules' words alone."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from draws import examples

from allocate import read_case, solve
from allocate.errors import CaseError

PRODUCTS, VENDORS, WEEKS = ("one", "two"), ("v", "w", "x"), 2
STEP, DEMAND = 10.0, 30.0
HOURS = np.array([0.1, 0.2])
"""Hours of an image of each product."""
Plans = np.ndarray[Any, np.dtype[np.float64]]
"""Images by plan, product, vendor and week."""


def drawn(seed: int) -> dict[str, Any]:
    """A case in two products, three vendors and two weeks with three to five rules, old and new."""
    random = np.random.default_rng(seed)
    prices = random.integers(10, 30, (2, 3)) / 10
    vendors: dict[str, Any] = {}
    for name in VENDORS:
        fee = {"fees": {"product-start": f"{random.integers(0, 15)} USD"}} if random.random() < 0.5 else {}
        vendors[name] = {"contract": fee, "season": [{"from": "week 2", "factor": float(random.integers(5, 20)) / 10}]}
    least = str(random.choice(["exactly", "at-most"]))
    worth = {"value": {"curve": [{"labels": 0, "score": 0}, {"labels": 30, "score": 30}], "worth": "2 USD/point"}}
    product = {"item": "image", "demand": {least: "30 images"}, **(worth if least == "at-most" else {})}
    return {
        "case": "drawn rules",
        "currency": "USD",
        "objective": "cost" if least == "exactly" else "net-value",
        "horizon": {"start": "2027-01-04", "weeks": WEEKS},
        "workflows": {"plain": {}},
        "products": {
            name: {**product, "effort": f"{hours} h/image"} for name, hours in zip(PRODUCTS, HOURS, strict=True)
        },
        "vendors": vendors,
        "rates": [
            {"product": p, "vendor": v, "price": f"{prices[i, j]} USD/image", "accuracy": "100%"}
            for (i, p), (j, v) in itertools.product(enumerate(PRODUCTS), enumerate(VENDORS))
        ],
        "rules": _rules(random),
    }


def _rules(random: np.random.Generator) -> list[dict[str, Any]]:
    product, vendor, other = (str(random.choice(names)) for names in (PRODUCTS, VENDORS, VENDORS))
    share = str(random.choice(["10%", "20%", "40%"]))
    kinds: list[dict[str, Any]] = [
        {"share": {"vendor": vendor, "of": "items", "at-most": "60%"}},
        {"count": {"products": "each", "at-most": int(random.integers(1, 3))}},
        {"count": {"at-least": 2}},
        {"count": {"products": product, "at-most": 1, "counts-from": share}},
        {"count": {"at-most": 1, "counts-from": "20 images"}},
        {"only": {"products": [product], "vendors": sorted({vendor, other})}},
        {"fix": {"product": product, "vendor": vendor, "items": "10 images"}},
        {"needs": {"product": "one", "needs": "two", "at-least": "20 images"}},
        {"incompatible": {"products": ["one", "two"], "vendors": [vendor]}},
        {"funded": {"at-most": 1}},
        {"funded": {"at-least": 1, "counts-from": "50%"}},
        {"funded": {"exactly": 1, "counts-from": "20 images"}},
        {"exclusive": {"vendors": [vendor]}},
        {"exclusive": {"vendors": sorted({vendor, other}), "products": product}},
        {"exclusive": {"what": "vendor", "products": product}},
        {"steady": {"vendors": "each", "at-most": f"{random.integers(0, 3)} h/week"}},
        {"steady": {"vendors": vendor, "at-most": "10 images/week", "before": "10 images/week"}},
        {"steady": {"vendors": "each", "level": True}},
    ]
    chosen = random.choice(len(kinds), int(random.integers(3, 6)), replace=False)
    return [{"name": f"r{number}", **kinds[number]} for number in sorted(chosen.tolist())]


def every_plan(exact: bool) -> Plans:
    """Every plan in steps of ten images, each product whole or (where it may be) in part, shape (N, P, V, T)."""
    cells = len(VENDORS) * WEEKS
    parts = [p for p in itertools.product(range(4), repeat=cells) if (sum(p) == 3 if exact else sum(p) <= 3)]
    each = np.array(parts, dtype=np.float64).reshape(-1, len(VENDORS), WEEKS) * STEP
    first, second = np.divmod(np.arange(len(each) ** 2), len(each))
    return np.stack([each[first], each[second]], axis=1)


def kept(rule: dict[str, Any], plans: Plans) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Which plans keep a rule, by its words; a plan of a solver within a thousandth of an image."""
    near = 1e-3
    pairs = plans.sum(axis=3)
    name, said = next((key, value) for key, value in rule.items() if key not in ("name", "penalty"))
    products = [p for p, n in enumerate(PRODUCTS) if said.get("products") in (None, "each") or n in said["products"]]
    vendors = [v for v, n in enumerate(VENDORS) if said.get("vendors") in (None, "each") or n in said["vendors"]]
    if name == "share":
        part = pairs[:, :, VENDORS.index(said["vendor"])].sum(axis=1)
        return part <= 0.6 * pairs.sum(axis=(1, 2)) + near
    if name == "count":
        return _counted(said, pairs, products, near)
    if name == "only":
        others = [v for v in range(len(VENDORS)) if v not in vendors]
        return pairs[:, products][:, :, others].sum(axis=(1, 2)) <= near
    if name == "fix":
        held = pairs[:, PRODUCTS.index(said["product"]), VENDORS.index(said["vendor"])]
        return np.abs(held - 10.0) <= near
    if name == "needs":
        made = pairs.sum(axis=2)
        return (made[:, 0] <= near) | (made[:, 1] >= 20.0 - near)
    if name == "incompatible":
        return ((pairs[:, :, vendors] > near).sum(axis=1) <= 1).all(axis=1)
    if name == "funded":
        return _funded(said, pairs.sum(axis=2), near)
    if name == "exclusive":
        busy = pairs > near
        if said.get("what") == "vendor":
            others = [p for p in range(len(PRODUCTS)) if p not in products]
            both = busy[:, products].any(axis=1) & busy[:, others].any(axis=1)
            return ~both[:, vendors].any(axis=1)
        shared = busy.sum(axis=2) > 1
        return ~(busy[:, products][:, :, vendors].any(axis=2) & shared[:, products]).any(axis=1)
    return _steady(said, plans, vendors, near)


def _counted(said: dict[str, Any], pairs: Plans, products: list[int], near: float) -> Any:
    """Vendors of each product, or of the portfolio: of a share in equivalent units, which follow the hours."""
    ok = np.ones(len(pairs), dtype=bool)
    each = [pairs[:, p] for p in products] if "products" in said else [pairs.sum(axis=1)]
    work = each if "products" in said else [(pairs * HOURS[None, :, None]).sum(axis=1)]
    for made, share in zip(each, work, strict=True):
        if "at-least" in said:
            enough = (made >= 1.0 - near) & (share >= 0.05 * share.sum(axis=1, keepdims=True) - near)
            ok &= enough.sum(axis=1) >= said["at-least"]
        if "at-most" in said:
            text = said.get("counts-from", "0 images")
            least = 20.0 if text == "20 images" else 0.0
            if text.endswith("%"):
                least = float(text[:-1]) / 100 * share.sum(axis=1, keepdims=True)
            ok &= ((share if text.endswith("%") else made) > least + near).sum(axis=1) <= said["at-most"]
    return ok


def _funded(said: dict[str, Any], made: Plans, near: float) -> Any:
    least = {"50%": 15.0, "20 images": 20.0}.get(said.get("counts-from", ""))
    low, high = said.get("exactly", said.get("at-least", 0)), said.get("exactly", said.get("at-most", 9))
    enough = (made >= (1.0 if least is None else least) - near).sum(axis=1)
    more = (made > (0.0 if least is None else least) + near).sum(axis=1)
    return (enough >= low) & (more <= high)


def _steady(said: dict[str, Any], plans: Plans, vendors: list[int], near: float) -> Any:
    if "at-most" not in said:
        return np.ones(len(plans), dtype=bool)
    most, unit = said["at-most"].split()
    each = HOURS if unit == "h/week" else np.ones(len(PRODUCTS))
    pace = (plans * each[None, :, None, None]).sum(axis=1)[:, vendors]
    if "before" in said:
        pace = np.concatenate([np.full((*pace.shape[:2], 1), 10.0), pace], axis=2)
    return (np.abs(np.diff(pace, axis=2)) <= float(most) + near).all(axis=(1, 2))


def cost(case: dict[str, Any], plans: Plans) -> Any:
    """What each plan costs, less 2 USD for each image where these are worth something."""
    prices = np.array([float(rate["price"].split()[0]) for rate in case["rates"]]).reshape(2, 3)
    season = np.array([[1.0, vendor["season"][0]["factor"]] for vendor in case["vendors"].values()])
    fees = [
        float(v["contract"].get("fees", {"product-start": "0 USD"})["product-start"].split()[0])
        for v in case["vendors"].values()
    ]
    money = (plans * prices[None, :, :, None] * season[None, None]).sum(axis=(1, 2, 3))
    money = money + ((plans.sum(axis=3) > 1e-3) * np.array(fees)[None, None]).sum(axis=(1, 2))
    return money - (2.0 * plans.sum(axis=(1, 2, 3)) if case["objective"] == "net-value" else 0.0)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, 60, 20))
def test_no_plan_of_the_grid_is_better(first: int) -> None:
    """The solver's plan keeps every rule by its words, costs what the words say, and no plan of the grid is cheaper."""
    grids, solved = {True: every_plan(True), False: every_plan(False)}, 0
    for seed in range(first, first + examples(20)):
        case = drawn(seed)
        plans = grids[case["objective"] == "cost"]
        best = min(cost(case, plans)[np.all([kept(rule, plans) for rule in case["rules"]], axis=0)], default=np.inf)
        try:
            answer = solve(read_case(case))
        except CaseError:
            assert best == np.inf, seed
            continue
        if answer.plan is None:
            assert best == np.inf, seed
            continue
        solved += 1
        made = np.zeros((1, 2, 3, WEEKS))
        for p, v, week, many in answer.plan.lines[["product", "vendor", "period", "items"]].itertuples(index=False):
            made[0, PRODUCTS.index(p), VENDORS.index(v), week - 1] += many
        assert answer.verification is not None
        assert answer.verification.holds
        for rule in case["rules"]:
            assert kept(rule, made)[0], (seed, rule)
        assert answer.objective is not None
        objective = answer.objective if case["objective"] == "cost" else -answer.objective
        assert objective == pytest.approx(float(cost(case, made)[0]), abs=0.01), seed
        assert objective <= best + 1e-4, seed
    assert solved >= 0.4 * examples(20)
