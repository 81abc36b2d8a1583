"""What holds for every case: plans verify, more money is never worse, names and currencies do not matter, proofs agree."""

from __future__ import annotations

import copy
import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from allocate import formulate, read_case, routes, solve
from allocate.api import Status, run
from allocate.costing.routes import Routes
from allocate.costing.values import product_values

Case = dict[str, Any]


def checked(examples: int) -> Any:
    """Hypothesis settings: the same examples every time, no clock."""
    return settings(
        max_examples=examples, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
    )


@st.composite
def cases(draw: st.DrawFn, floors: bool = True, objective: str | None = None) -> Case:
    """A case of up to three products, three vendors, two workflows and four weeks, as a mapping."""
    random = np.random.default_rng(draw(st.integers(0, 2**20)))
    products = [f"p{n}" for n in range(draw(st.integers(1, 3)))]
    vendors = [f"v{n}" for n in range(draw(st.integers(1, 3)))]
    weeks = draw(st.integers(1, 4))
    aim = objective or draw(st.sampled_from(["net-value", "value", "cost"]))
    sampled = {"review": {"share": "20%", "catch": "80%", "accuracy": "97%", "time": "9 s/image", "rework": "reviewer"}}
    budget: Any = {"total": f"{random.uniform(300, 3000):.2f} USD"}
    if draw(st.booleans()):
        budget["per-week"] = f"{random.uniform(200, 1500):.2f} USD"
    if draw(st.booleans()):
        budget["limits"] = [{"name": "first", "at-most": f"{random.uniform(100, 900):.2f} USD", "products": ["p0"]}]
    case: Case = {
        "case": "drawn",
        "currency": "USD",
        "exchange": {"EUR": "1.25 USD"},
        "horizon": {"start": "2027-01-04", "weeks": weeks},
        "objective": aim,
        "budget": budget,
        "workflows": {"plain": {}, "sampled": sampled} if draw(st.booleans()) else {"plain": {}},
        "review-team": {"wage": "30 USD/h", "capacity": f"{random.uniform(1, 20):.2f} h/week"},
        "products": {name: drawn_product(draw, random, weeks, floors) for name in products},
        "vendors": {name: drawn_vendor(draw, random, weeks) for name in vendors},
        "rates": [
            {
                "product": product,
                "vendor": vendor,
                "price": f"{random.uniform(0.1, 1.5):.4f} {draw(st.sampled_from(['USD', 'EUR']))}/image",
                "accuracy": f"{random.uniform(0.7, 0.99):.4f}",
            }
            for product, vendor in itertools.product(products, vendors)
            if vendor == "v0" or draw(st.booleans())
        ],
    }
    if aim == "net-value" and draw(st.booleans()):
        case["hurdle"] = round(float(random.uniform(0.5, 2.5)), 3)
    if floors and len(vendors) > 1 and draw(st.booleans()):
        measure, span = (
            draw(st.sampled_from(["items", "spend", "eu"])),
            draw(st.sampled_from(["horizon", "each-period"])),
        )
        share = {"vendor": "v0", "of": measure, "at-most": "70%", "in": span}
        case["rules"] = [{"name": "not all with v0", "share": share}]
    return case


def drawn_product(draw: st.DrawFn, random: np.random.Generator, weeks: int, floors: bool) -> Case:
    """A product with a concave table of value; floors on demand, dates and accuracy where asked."""
    labels = np.cumsum(random.uniform(200, 900, 4))
    slopes = np.sort(random.uniform(0.5, 6, 4))[::-1] / 100
    scores = np.cumsum(np.diff(labels, prepend=0.0) * slopes)
    points = [{"labels": 0, "score": 0}]
    points += [{"labels": round(float(n), 3), "score": float(s)} for n, s in zip(labels, scores, strict=True)]
    most = float(random.uniform(600, 3000))
    product: Case = {
        "item": "image",
        "effort": f"{random.uniform(10, 60):.2f} s/image",
        "demand": {"at-most": f"{most:.2f} images"},
        "value": {"curve": points, "worth": f"{random.uniform(10, 60):.2f} USD/point"},
        "error-cost": f"{random.uniform(0, 0.5):.3f} USD/image",
    }
    if floors and draw(st.booleans()):
        product["demand"]["at-least"] = f"{most * random.uniform(0.05, 0.3):.2f} images"
        product["accuracy"] = f"{random.uniform(0.7, 0.85):.4f}"
    if floors and draw(st.booleans()):
        product["milestones"] = [{"by": f"week {(weeks + 1) // 2}", "at-least": f"{most * 0.1:.2f} images"}]
    if draw(st.booleans()):
        product["deadline"] = f"week {max((weeks + 1) // 2, weeks - 1)}"
    return product


def drawn_vendor(draw: st.DrawFn, random: np.random.Generator, weeks: int) -> Case:
    """A vendor with hours, items or people, perhaps a lead and a season."""
    hours = float(random.uniform(3, 30))
    vendor: Case = {"capacity": f"{hours:.2f} h/week"}
    kind = draw(st.sampled_from(["hours", "items", "total", "people"]))
    if kind == "items":
        vendor = {"capacity": f"{hours * 60:.2f} images/week"}
    elif kind == "total":
        vendor = {"capacity": f"{hours * 200:.2f} images"}
    elif kind == "people":
        vendor = {"people": 1, "hours": f"{hours:.2f} h/week", "ramp": ["60%"]}
    if weeks > 2 and draw(st.booleans()):
        vendor["lead"] = "1 week"
    if draw(st.booleans()):
        vendor["season"] = [{"from": "week 1", "factor": 1.1}]
    return vendor


def number(text: Any) -> float:
    """The number an amount begins with."""
    return float(str(text).split()[0].rstrip("%"))


class Reference:
    """The same question as a linear program written from the mapping and the routes table, without the package's own."""

    def __init__(self, case: Case, ways: Routes) -> None:
        self.case, self.ways = case, ways
        self.weeks = case["horizon"]["weeks"]
        self.columns = [(r, t) for r in range(ways.count) for t in range(self.weeks) if self.counts(r, t)]
        self.pieces = [(p, k) for p in range(len(ways.products)) for k in range(4)]
        self.upper: list[tuple[dict[int, float], float]] = []
        self.limits()

    def product(self, r: int) -> Case:
        """The product of a route."""
        found: Case = self.case["products"][self.ways.products[self.ways.product[r]]]
        return found

    def counts(self, r: int, t: int) -> bool:
        """Whether work of a route in a week is delivered in time."""
        last = int(number(self.product(r).get("deadline", f"week {self.weeks}").removeprefix("week ")))
        return bool(t + self.ways.lead[r] < last)

    def row(self, amount: Any, keep: Any = lambda r, t: True) -> dict[int, float]:
        """Coefficients by column, where they are to be kept."""
        return {n: amount(r, t) for n, (r, t) in enumerate(self.columns) if keep(r, t)}

    def at_most(self, row: dict[int, float], limit: float) -> None:
        """A row not above a limit."""
        self.upper.append((row, limit))

    def at_least(self, row: dict[int, float], limit: float) -> None:
        """A row not below a limit."""
        self.upper.append(({n: -value for n, value in row.items()}, -limit))

    def limits(self) -> None:
        """Every limit of the case."""
        ways, budget = self.ways, self.case["budget"]
        cost = lambda r, t: ways.unit_cost[r, t]  # noqa: E731
        self.at_most(self.row(cost), number(budget["total"]))
        for limit in budget.get("limits", []):
            self.at_most(self.row(cost, lambda r, t: ways.product[r] == 0), number(limit["at-most"]))
        for week in range(self.weeks):
            if "per-week" in budget:
                self.at_most(self.row(cost, lambda r, t, w=week: t == w), number(budget["per-week"]))
            team = number(self.case["review-team"]["capacity"])
            self.at_most(self.row(lambda r, t: ways.review_hours[r], lambda r, t, w=week: t == w), team)
        for position, name in enumerate(ways.products):
            self.product_limits(position, self.case["products"][name])
        for position, name in enumerate(ways.vendors):
            self.vendor_limits(position, self.case["vendors"][name])
        for rule in self.case.get("rules", []):
            self.share_limits(rule["share"])

    def product_limits(self, position: int, product: Case) -> None:
        """Demand, accuracy, milestones and value of a product."""
        ways, one = self.ways, lambda r, t: 1.0
        mine = lambda r, t: ways.product[r] == position  # noqa: E731
        self.at_most(self.row(one, mine), number(product["demand"]["at-most"]))
        if "at-least" in product["demand"]:
            self.at_least(self.row(one, mine), number(product["demand"]["at-least"]))
        if "accuracy" in product:
            self.at_least(self.row(lambda r, t: ways.accuracy[r] - number(product["accuracy"]), mine), 0.0)
        for milestone in product.get("milestones", []):
            by = int(milestone["by"].removeprefix("week "))
            early = lambda r, t: mine(r, t) and t + ways.lead[r] < by  # noqa: E731, B023
            self.at_least(self.row(one, early), number(milestone["at-least"]))
        labels = self.row(lambda r, t: -ways.effective[r], mine)
        first = len(self.columns)
        labels.update({first + n: 1.0 for n, (p, _) in enumerate(self.pieces) if p == position})
        self.at_most(labels, 0.0)

    def vendor_limits(self, position: int, vendor: Case) -> None:
        """Hours or items of a vendor."""
        ways = self.ways
        if vendor.get("capacity", "").endswith("images"):
            self.at_most(
                self.row(lambda r, t: 1.0, lambda r, t: ways.vendor[r] == position), number(vendor["capacity"])
            )
            return
        for week in range(self.weeks):
            there = number(vendor["hours"]) if "people" in vendor else number(vendor["capacity"])
            there *= 0.6 if "ramp" in vendor and week == 0 else 1.0
            items = "images" in vendor.get("capacity", "")
            content = lambda r, t: 1.0 if items else ways.hours[r]  # noqa: E731, B023
            self.at_most(self.row(content, lambda r, t, w=week: ways.vendor[r] == position and t == w), there)

    def share_limits(self, share: Case) -> None:
        """The share rule."""
        ways = self.ways
        measures = {
            "items": lambda r, t: 1.0,
            "spend": lambda r, t: ways.unit_cost[r, t],
            "eu": lambda r, t: ways.equivalent_units[r],
        }
        amount = measures[share["of"]]
        for week in range(self.weeks) if share["in"] == "each-period" else [None]:
            row = self.row(
                lambda r, t: amount(r, t) * ((ways.vendor[r] == 0) - 0.7), lambda r, t, w=week: w is None or t == w
            )
            self.at_most(row, 0.0)

    def optimum(self) -> float | None:
        """The best of the case's objective, None where no plan keeps all limits."""
        ways, size = self.ways, len(self.columns) + len(self.pieces)
        matrix = np.zeros((len(self.upper), size))
        for at, (row, _) in enumerate(self.upper):
            for column, value in row.items():
                matrix[at, column] = value
        aim, hurdle = self.case["objective"], self.case.get("hurdle", 1.0)
        spent = np.array([ways.unit_cost[r, t] for r, t in self.columns])
        wrong = np.array([ways.error_cost[r, t] for r, t in self.columns])
        money, lengths = self.curve()
        per_item = {"cost": spent, "value": 0 * spent, "net-value": hurdle * spent + wrong}[aim]
        costs = np.concatenate([per_item, 0 * money if aim == "cost" else -money])
        bounds = [(0, None)] * len(self.columns) + [(0, length) for length in lengths]
        found = linprog(costs, matrix, [limit for _, limit in self.upper], bounds=bounds, method="highs")
        assert found.status in (0, 2)
        return None if found.status == 2 else float(found.fun) if aim == "cost" else -float(found.fun)

    def curve(self) -> tuple[np.ndarray, np.ndarray]:
        """Money per label and length of every piece of the value curves."""
        money, lengths = [], []
        for position, k in self.pieces:
            value = self.case["products"][self.ways.products[position]]["value"]
            left, right = value["curve"][k], value["curve"][k + 1]
            length = right["labels"] - left["labels"]
            money.append(number(value["worth"]) * (right["score"] - left["score"]) / length)
            lengths.append(length)
        return np.array(money), np.array(lengths)


@checked(60)
@given(cases())
def test_the_optimum_is_that_of_an_independent_formulation(drawn: Case) -> None:
    """Objective and feasibility agree with a linear program written from the mapping and solved by scipy, to 1e-7."""
    case = read_case(drawn)
    expected = Reference(drawn, routes(case)).optimum()
    answer = solve(case)
    if expected is None:
        assert answer.status is Status.INFEASIBLE
        assert answer.plan is None
        assert answer.reasons
    else:
        assert answer.status is Status.OPTIMAL
        assert answer.objective == pytest.approx(expected, rel=1e-7, abs=1e-5)


@checked(40)
@given(cases())
def test_every_plan_verifies(drawn: Case) -> None:
    """The independent check finds nothing wrong with a plan, and its bound is reached."""
    answer = solve(read_case(drawn))
    if answer.plan is not None:
        assert answer.verification is not None
        assert answer.verification.violations == ()
        assert answer.gap is not None
        assert answer.gap <= 1e-6 or abs(answer.bound - answer.objective) < 1e-6  # type: ignore[operator]


@checked(25)
@given(cases(objective="value"), st.floats(1.01, 2.0))
def test_more_budget_is_never_worse(drawn: Case, factor: float) -> None:
    """Raising the budget keeps a plan possible, and its value at least as high."""
    more = copy.deepcopy(drawn)
    more["budget"]["total"] = f"{number(drawn['budget']['total']) * factor} USD"
    before, after = solve(read_case(drawn)), solve(read_case(more))
    if before.plan is not None:
        assert after.plan is not None
        assert after.plan.value >= before.plan.value * (1 - 1e-9) - 1e-7


@checked(20)
@given(cases())
def test_the_scale_of_a_currency_does_not_matter(drawn: Case) -> None:
    """Prices in EUR ten times as high at a tenth of the exchange rate give the same plan and the same money."""
    scaled = copy.deepcopy(drawn)
    scaled["exchange"] = {"EUR": "0.125 USD"}
    for rate in scaled["rates"]:
        if "EUR" in rate["price"]:
            rate["price"] = f"{number(rate['price']) * 10!r} EUR/image"
    assert_same(drawn, scaled)


@checked(25)
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_names_does_not_matter(drawn: Case, random: Any) -> None:
    """Products, vendors and rates written in another order give the same plan, name by name."""
    mixed = copy.deepcopy(drawn)
    for key in ("products", "vendors"):
        names = list(mixed[key])
        random.shuffle(names)
        mixed[key] = {name: mixed[key][name] for name in names}
    random.shuffle(mixed["rates"])
    assert_same(drawn, mixed)


def assert_same(one: Case, other: Case) -> None:
    """Both cases have the same plan by names, or none."""
    first, second = solve(read_case(one)), solve(read_case(other))
    assert first.status is second.status
    if first.plan is None or second.plan is None:
        return
    assert first.objective == pytest.approx(second.objective, rel=1e-9, abs=1e-7)
    assert items_of(first.plan) == pytest.approx(items_of(second.plan), rel=1e-6, abs=1e-5)


def items_of(plan: Any) -> dict[tuple[Any, ...], float]:
    """Items by names and week; amounts that are rounding aside."""
    keys = zip(plan.lines["product"], plan.lines["vendor"], plan.lines["workflow"], plan.lines["period"], strict=True)
    return {key: items for key, items in zip(keys, plan.lines["items"], strict=True) if items > 1e-5}


@checked(20)
@given(cases())
def test_two_runs_are_equal_to_the_byte(drawn: Case) -> None:
    """The same case read and solved twice gives the same bytes."""
    first, second = solve(read_case(drawn)), solve(read_case(drawn))
    assert first.status is second.status
    assert first.reasons == second.reasons
    if first.plan is not None and second.plan is not None:
        for table in ("lines", "products", "vendors"):
            assert getattr(first.plan, table).to_csv() == getattr(second.plan, table).to_csv()
        assert first.prices == second.prices


def assert_optimal(program: Any, outcome: Any) -> None:
    """A point and its duals satisfy the Karush-Kuhn-Tucker conditions of the program: feasible, priced, complementary."""
    arrays = program.arrays()
    x, y, z = outcome.values, outcome.row_duals, outcome.reduced_costs
    activity = arrays.activity(x)
    size = 1 + np.bincount(arrays.index, np.abs(arrays.value * x[arrays.column]), minlength=arrays.row_count)
    scale = 1 + np.abs(arrays.costs).max(initial=0.0)
    assert (arrays.row_lower - activity <= 1e-6 * size).all()
    assert (activity - arrays.row_upper <= 1e-6 * size).all()
    assert (x >= arrays.lower - 1e-7).all()
    assert (x <= arrays.upper + 1e-6 * (1 + np.abs(x))).all()
    np.testing.assert_allclose(z, arrays.costs - arrays.priced(y), atol=1e-7 * scale)
    sense = 1.0 if arrays.maximise else -1.0
    below, above = activity - arrays.row_lower > 1e-5 * size, arrays.row_upper - activity > 1e-5 * size
    assert (np.abs(y[below & above]) <= 1e-6 * scale).all()
    assert (sense * y[~above & below] >= -1e-6 * scale).all()
    assert (sense * y[~below & above] <= 1e-6 * scale).all()
    off_lower, off_upper = x - arrays.lower > 1e-5 * (1 + np.abs(x)), arrays.upper - x > 1e-5 * (1 + np.abs(x))
    assert (np.abs(z[off_lower & off_upper]) <= 1e-6 * scale).all()
    assert (sense * z[off_lower & ~off_upper] >= -1e-6 * scale).all()
    assert (sense * z[~off_lower & off_upper] <= 1e-6 * scale).all()


@checked(15)
@given(cases())
def test_highs_and_cbc_agree_and_prove_it(drawn: Case) -> None:
    """Both solvers reach the same objective, each with duals that prove it: feasible, priced, complementary."""
    found = {}
    for solver in ("highs", "cbc"):
        built = formulate(read_case(drawn))
        outcome = run(built.program, solver=solver)
        found[solver] = outcome
        # CBC's files carry few digits: duals that prove nothing are left out, and its objective is still compared.
        if outcome.values is not None and (solver == "highs" or outcome.row_duals is not None):
            assert_optimal(built.program, outcome)
    assert found["highs"].status is found["cbc"].status
    if found["highs"].objective is not None:
        # What is compared is a difference of value and cost, each of eight digits in CBC's files.
        size = float(np.abs(built.program.arrays().costs * found["highs"].values).sum())
        assert found["highs"].objective == pytest.approx(found["cbc"].objective, abs=1e-7 * size + 1e-6)


@checked(20)
@given(cases())
def test_later_goals_leave_earlier_ones_alone(drawn: Case) -> None:
    """Value first, then cost: the value is that of value alone, the spend no more, and no less than needed for it."""
    alone = solve(read_case({**drawn, "objective": "value", "hurdle": None}))
    both = solve(read_case({**drawn, "objective": ["value", "cost"], "hurdle": None}))
    assert alone.status is both.status
    if alone.plan is not None and both.plan is not None:
        assert both.plan.value == pytest.approx(alone.plan.value, rel=1e-7, abs=1e-6)
        assert both.plan.spend <= alone.plan.spend * (1 + 1e-6) + 1e-6


@checked(25)
@given(cases(objective="value"))
def test_the_least_budget_for_a_result_is_the_budget_whose_best_result_it_is(drawn: Case) -> None:
    """The best value of a budget, asked for at the least cost, costs what the plan spent; and spending that suffices."""
    best = solve(read_case(drawn))
    if best.plan is None or best.plan.value <= 1e-6:
        return
    target = {**drawn, "objective": "cost", "targets": {"value": f"{best.plan.value * (1 - 1e-9)!r} USD"}}
    least = solve(read_case(target))
    assert least.plan is not None
    assert least.plan.spend == pytest.approx(best.plan.spend, rel=1e-6, abs=1e-4)
    again = copy.deepcopy(drawn)
    again["budget"]["total"] = f"{least.plan.spend * (1 + 1e-9)!r} USD"
    assert solve(read_case(again)).plan.value == pytest.approx(best.plan.value, rel=1e-6, abs=1e-4)  # type: ignore[union-attr]


@checked(30)
@given(cases(floors=False, objective="net-value"))
def test_nothing_is_funded_below_the_hurdle(drawn: Case) -> None:
    """Where no floor forces it, the last unit of every line returns the hurdle on its cost and its escaped errors."""
    case = read_case(drawn)
    answer = solve(case)
    assert answer.plan is not None
    curves = product_values(case, routes(case))
    labels = answer.plan.products["effective_labels"].to_numpy()
    positions = {name: position for position, name in enumerate(case.products)}
    for line in answer.plan.lines.to_dict("records"):
        at = positions[line["product"]]
        step = min(1e-4 * line["items"], 1e-2)
        if line["items"] < 1.0:
            continue
        lost = curves[at].money(labels[at]) - curves[at].money(
            labels[at] - step * line["effective_labels"] / line["items"]
        )
        asked = (answer.plan.hurdle * line["spend"] + line["error_cost"]) / line["items"] * step
        assert lost >= asked * (1 - 1e-5) - 1e-9


SHIPPED = [
    pytest.param(folder, scenario, id=f"{folder.name}-{scenario or 'base'}")
    for folder in sorted(path.parent for path in (Path(__file__).resolve().parent.parent / "cases").glob("*/case.yaml"))
    for scenario in (None, *read_case(folder).file.scenarios)
]


@pytest.mark.parametrize("solver", ["highs", "cbc"])
@pytest.mark.parametrize(("folder", "scenario"), SHIPPED)
def test_shipped_cases_are_proven_on_both_solvers(folder: Path, scenario: str | None, solver: str) -> None:
    """Every shipped case, every scenario: feasible, priced and complementary; with whole numbers, at their values."""
    built = formulate(read_case(folder, scenario))
    outcome = run(built.program, solver=solver)
    if outcome.values is None:
        assert outcome.status is Status.INFEASIBLE
        return
    assert outcome.status is Status.OPTIMAL
    assert outcome.row_duals is not None
    whole = np.flatnonzero(built.program.arrays().integer)
    if len(whole):
        assert outcome.duals_are_local
        fixed = np.round(outcome.values[whole])
        built.program.set_column_bounds(whole, fixed, fixed)
    assert_optimal(built.program, outcome)
