"""A difference in cost by its causes: published variances, sums to the cent, and what each figure of a case belongs to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from command_line import Run

from allocate.api.solving import solve
from allocate.bridge.bridge import UNEXPLAINED, Bridge, bridge_bills, money, verdict
from allocate.bridge.causes import CAUSES, KINDS, STANDARD, between, cause_of, lines_between
from allocate.bridge.ends import of_plan
from allocate.bridge.shapley import cents, shapley
from allocate.case.load import read_case
from allocate.errors import CaseError

ROOT = Path(__file__).parent.parent.parent
PORTFOLIO = ROOT / "cases" / "portfolio"


def _job(hours: float, price: float, units: float, **changed: Any) -> dict[str, Any]:
    """A job of some hours a page, paid by the hour."""
    return {
        "case": f"{hours:g} h at {price:g}", "currency": "USD", "horizon": {"start": "2027-01-04", "weeks": 1}, "objective": "cost",
        "products": {"job": {"item": "page", "effort": f"{hours:.12f} h/page", "demand": f"{units} pages"}},
        "vendors": {"v": {"accuracy": "100%", "contract": {"price": f"{price:.12f} USD/h"}}}, "workflows": ["single-pass"],
        **changed,
    }  # fmt: skip


def _bridge(before: dict[str, Any], after: dict[str, Any], **options: Any) -> Bridge:
    ends = []
    for written in (before, after):
        case = read_case(written)
        plan = solve(case).plan
        assert plan is not None
        ends.append(of_plan(case.name, case, plan))
    return bridge_bills(*ends, **options)


LABOUR = [
    ("AccountingCoach", (3, 10, 6000), (18_400 / 6000, 10.30, 6000), {"price": 5520.0, "drivers": 4000.0}),
    ("University of Nairobi", (4.4, 20.20, 1500), (7000 / 1500, 142_100 / 7000, 1500), {"price": 700.0, "drivers": 8080.0}),
    ("Fladgate", (4, 12, 3350), (13_450 / 3350, 159_786 / 13_450, 3350), {"price": -1614.0, "drivers": 600.0}),
    ("flexible budget", (1.5, 90, 24_000), (34_000 / 23_000, 91.0, 23_000), {"price": 34_000.0, "drivers": -45_000.0, "volume": -135_000.0}),
    ("cost variance", (3, 1.80, 6500), (20_000 / 6500, 1.75, 6500), {"price": -1000.0, "drivers": 900.0}),
]  # fmt: skip
"""Labour rate and efficiency: accountingcoach.com/blog/labor-efficienc-variance-standard-cost; partnerperformance.uonbi.ac.ke 16856287;
staging.fladgate.com 16888549; qammunity 8873350; anffm.blogspot.com/2011/06/cost-variance.html."""


@pytest.mark.parametrize(("name", "before", "after", "right"), LABOUR, ids=[row[0] for row in LABOUR])
def test_published_labour_variances(
    name: str, before: tuple[float, float, float], after: tuple[float, float, float], right: dict[str, float]
) -> None:
    """The chain of textbooks takes efficiency at the standard rate, and the rate at the actual hours."""
    found = _bridge(_job(*before), _job(*after), order="standard")
    assert {cause: found.of(cause) for cause in found.parts} == right


def test_no_order_decides() -> None:
    """The first of them by Shapley's value: 5,460 and 4,060, the joint 120 shared in halves."""
    found = _bridge(_job(3, 10, 6000), _job(18_400 / 6000, 10.30, 6000))
    assert {cause: found.of(cause) for cause in found.parts} == {"drivers": 4060.0, "price": 5460.0}
    assert verdict(found).startswith(
        "3.06667 h at 10.3 costs 9,520.00 USD more than 3 h at 10 (+5.3%): external +5,460.00 (57%)"
    )


def test_price_volume_and_currency() -> None:
    """23,204 at 16.500 and 1.48925 to 23,021 at 15.979 and 1.53851: -4,496.79, -17,861.98, 18,120.42 (support.ajbsystems.net 209932697)."""

    def job(units: int, price: str, rate: str) -> dict[str, Any]:
        vendors = {"v": {"accuracy": "100%", "currency": "EUR", "contract": {"price": f"{price} EUR/page"}}}
        return _job(1, 1, units, vendors=vendors, exchange={"EUR": f"{rate} USD"})

    found = _bridge(job(23_204, "16.500000", "1.48925"), job(23_021, "15.979000", "1.53851"), order="standard")
    assert [found.of(cause) for cause in ("volume", "price", "currency")] == [-4496.79, -17_861.98, 18_120.42]


LMDIR = np.array(
    [[[1, 10, 2], [4, 5, 3]], [[4, 5, 3], [5, 6, 4]], [[8, 2, 4], [5, 7, 5]], [[10, 1, 5], [6, 8, 6]]], dtype=float
)
"""Four states of two products of three factors: LMDIR, tests/testthat/test_lmdi.R (M. Heun, MIT)."""


def _lmdi(before: np.ndarray, after: np.ndarray) -> list[float]:  # type: ignore[type-arg]
    """The additive logarithmic mean Divisia index (Ang, Energy Policy, 2005): sum over terms of L(V1, V0) ln(x1/x0)."""
    start, end = before.prod(axis=1), after.prod(axis=1)
    same = np.isclose(start, end)
    mean = np.where(same, start, (end - start) / np.where(same, 1.0, np.log(end / start)))
    return [float((mean * np.log(after[:, k] / before[:, k])).sum()) for k in range(before.shape[1])]


def _shapley(before: np.ndarray, after: np.ndarray) -> list[float]:  # type: ignore[type-arg]
    def worth(causes: frozenset[str]) -> np.ndarray:  # type: ignore[type-arg]
        factors = [(after if name in causes else before)[:, i] for i, name in enumerate("abc")]
        return np.array([np.prod(factors, axis=0).sum()])

    return [float(part[0]) for part in shapley(worth, list("abc")).values()]


def test_shapley_of_three_factors() -> None:
    """LMDIR's first example, (1,10,2)+(4,5,3) to (4,5,3)+(5,6,4): Shapley gives 74.3333, -16.6667, 42.3333."""
    assert [round(part, 4) for part in _shapley(LMDIR[0], LMDIR[1])] == [74.3333, -16.6667, 42.3333]


def test_another_index_gives_nearly_the_same_where_it_can() -> None:
    """LMDI's nine published figures to 1e-8; for changes of a few per cent Shapley agrees with it to a thousandth of the total, and it
    takes a factor that falls to 0, where logarithms end."""
    published = [
        69.79006598,
        -9.455125793,
        39.66505981,
        42.96021467,
        -34.31902656,
        50.3588119,
        54.01064234,
        -9.021284671,
        54.01064234,
    ]
    found = [part for k in range(3) for part in _lmdi(LMDIR[k], LMDIR[k + 1])]
    assert found == pytest.approx(published, abs=1e-8)
    chance = np.random.default_rng(5)
    for _ in range(50):
        before = chance.uniform(1.0, 9.0, (4, 3))
        after = before * chance.uniform(0.97, 1.03, (4, 3))
        assert _shapley(before, after) == pytest.approx(
            _lmdi(before, after), abs=1e-3 * float(before.prod(axis=1).sum())
        )
    gone = np.array([[2.0, 3.0, 4.0]]), np.array([[2.0, 0.0, 5.0]])
    assert _shapley(*gone) == pytest.approx([0.0, -27.0, 3.0])


@pytest.mark.slow
def test_ten_thousand_bridges_add_up_to_the_cent() -> None:
    """Drawn parts of drawn totals, some of them huge, tiny or negative: whole cents add up to the total in cents."""
    chance = np.random.default_rng(4)
    for _ in range(10_000):
        parts = chance.normal(size=chance.integers(1, 12)) * 10.0 ** chance.uniform(-3, 8)
        total = round(float(parts.sum()), 2)
        whole = cents(parts, total)
        assert round(float(whole.sum()), 2) == total
        assert np.abs(whole - parts).max() <= 0.011 + 1e-9 * np.abs(parts).max()


@pytest.mark.slow
@pytest.mark.parametrize("scenario", ["weak-dollar", "manila-slips"])
def test_two_scenarios_of_a_portfolio(scenario: str) -> None:
    """Each product and vendor adds up to its own difference, each cause to its cells, all of them to that of the bills."""
    ends = []
    for name in (None, scenario):
        case = read_case(PORTFOLIO, name)
        plan = solve(case, gap=0.01).plan
        assert plan is not None
        ends.append(of_plan(name or "as it is", case, plan))
    found = bridge_bills(*ends)
    assert round(sum(found.of(cause) for cause in found.parts), 2) == found.change
    assert found.change == round(ends[1].plan.spend - ends[0].plan.spend, 2)
    for number, cell in enumerate(found.cells):
        own = sum(float(parts[number]) for parts in found.parts.values())
        assert own == pytest.approx(ends[1].cells.get(cell, 0.0) - ends[0].cells.get(cell, 0.0), abs=0.05)
    assert round(sum(found.kinds().values()), 2) == found.change


@pytest.mark.slow
def test_steps_and_fees_are_terms() -> None:
    """A rebate that the larger order reaches, and a fee that the contract adds: terms, beside volume; nothing is left over."""
    contract = {"price": "1 USD/page", "rebate": {"steps": [{"at-least": "7_000 USD", "back": "10%"}]}}
    small = _job(1, 1, 5000, vendors={"v": {"accuracy": "100%", "contract": contract}})
    large = _job(1, 1, 9000, vendors={"v": {"accuracy": "100%", "contract": contract}})
    found = _bridge(small, large)
    assert set(found.parts) == {"volume"}
    assert found.of("volume") == 3100.0
    dearer = _job(1, 1, 9000, vendors={"v": {"accuracy": "100%", "platform-fee": "20%", "contract": contract}})
    assert set(_bridge(large, dearer).parts) == {"terms"}


TIERED = {
    "kind": "incremental",
    "window": "horizon",
    "steps": [{"price": "1.2 USD/page", "up-to": "1_000 pages"}, {"price": "0.8 USD/page"}],
}


@pytest.mark.parametrize(
    ("before", "after", "rates"),
    [
        ({"price": "1 USD/page"}, {"tiers": TIERED}, False),
        ({"tiers": TIERED}, {"price": "30 USD/h"}, False),
        ({"price": "1 USD/page"}, {"tiers": TIERED}, True),
        ({"price": "1 USD/page"}, {"price": "30 USD/h", "per": "hour"}, False),
        ({"price": "1 USD/page", "price-lock": {"price": "0.9 USD/page", "fee": "10 USD"}}, {"price": "1.1 USD/page"}, False),
    ],
    ids=["price to steps", "steps to hours", "rates to steps", "items to hours", "a lock that ends"],
)  # fmt: skip
def test_contracts_of_another_shape(before: dict[str, Any], after: dict[str, Any], rates: bool) -> None:
    """A price by the page against steps, hours or a lock: no contract lies between, so all its prices count as one cause."""
    priced = [{"product": "job", "vendor": "v", "price": "1 USD/page"}]
    first = _job(
        0.05,
        1,
        5000,
        vendors={"v": {"accuracy": "100%", "contract": {} if rates else before}},
        **({"rates": priced} if rates else {}),
    )
    second = _job(0.05, 1, 6000, vendors={"v": {"accuracy": "100%", "contract": after}})
    found = _bridge(first, second)
    assert round(sum(found.of(cause) for cause in found.parts), 2) == found.change
    lock = {"workflow"} if "price-lock" in before else set[str]()
    assert set(found.parts) == {"volume", *lock, "price" if after.get("per") else "terms"}


def test_a_line_for_a_workflow_comes_with_its_price_or_its_pace() -> None:
    """100 pages at 1 USD, then at 1.50 by a line for the workflow: price; 100 an hour, then 80 by such a line: pace."""
    vendors = {"v": {"accuracy": "100%", "contract": {"price": "20 USD/h"}}}
    for general, own, cause, more in (
        ({"price": "1 USD/page"}, {"price": "1.5 USD/page"}, "price", 50.0),
        ({"pace": "100 pages/h"}, {"pace": "80 pages/h"}, "pace", 5.0),
    ):
        card = [{"product": "job", "vendor": "v", **general}]
        line = {"product": "job", "vendor": "v", "workflow": "single-pass", **own}
        found = _bridge(*(_job(1, 1, 100, vendors=vendors, rates=rates) for rates in (card, [*card, line])))
        assert {name: found.of(name) for name in found.parts} == {cause: more}


def test_a_review_that_looks_at_more_is_rework() -> None:
    """100 pages reviewed at 36 s and 20 USD/h: a tenth of them costs 2 USD, half of them 10; the 8 USD more are rework."""
    vendors = {"v": {"accuracy": "100%", "contract": {"price": "1 USD/page"}}}
    ends = []
    for share in ("10%", "50%"):
        review = {"share": share, "time": "36 s/page", "catch": "90%", "accuracy": "100%"}
        team = {"workflows": {"single-pass": {"review": review}}, "review-team": {"wage": "20 USD/h"}}
        ends.append(_job(1, 1, 100, vendors=vendors, **team))
    found = _bridge(*ends)
    assert {cause: found.of(cause) for cause in found.parts} == {"rework": 8.0}


def test_what_only_one_side_has_is_on_both() -> None:
    """A second vendor that comes with the new case: its rates are known in between, and the money is mix."""
    one = {"v": {"accuracy": "100%", "contract": {"price": "1 USD/page"}}}
    two = {**one, "w": {"accuracy": "100%", "contract": {"price": "0.5 USD/page"}}}
    found = _bridge(_job(1, 1, 100, vendors=one), _job(1, 1, 100, vendors=two))
    assert {cause: found.of(cause) for cause in found.parts} == {"mix": -50.0}
    assert sorted({cell[1] for cell in found.cells}) == ["v", "w"]


def test_items_between_two_plans() -> None:
    """Volume, shares of vendors and shares of workflows, each as before or as after; all as after is the plan after."""
    before = {("p", "v", "one", "1"): 60.0, ("p", "w", "one", "1"): 40.0}
    after = {("p", "v", "one", "2"): 50.0, ("p", "w", "two", "2"): 150.0, ("q", "w", "two", "2"): 10.0}
    assert lines_between(before, after, ()) == pytest.approx(before)
    assert lines_between(before, after, CAUSES) == pytest.approx(after)
    volume = lines_between(before, after, ("volume",))
    assert volume == pytest.approx(
        {("p", "v", "one", "2"): 120.0, ("p", "w", "one", "2"): 80.0, ("q", "w", "two", "2"): 10.0}
    )
    mix = lines_between(before, after, ("mix",))
    assert {key[:2]: items for key, items in mix.items()} == pytest.approx({("p", "v"): 25.0, ("p", "w"): 75.0})


PATHS = {
    ("horizon", "weeks"): "volume", ("exchange", "EUR"): "currency", ("products", "p", "effort"): "drivers",
    ("products", "p", "drivers", "box"): "drivers", ("products", "p", "demand"): "volume", ("rates", "p", "v", "None", "pace"): "pace",
    ("rates", "p", "v", "None", "price"): "price", ("rates", "p", "v", "None", "accuracy"): "rework",
    ("vendors", "v", "productivity"): "pace", ("vendors", "v", "learning", "rate"): "pace", ("vendors", "v", "accuracy"): "rework",
    ("vendors", "v", "shrinkage"): "idle", ("vendors", "v", "team", "wage"): "price", ("vendors", "v", "contract", "price"): "price",
    ("vendors", "v", "contract", "rebate"): "terms", ("vendors", "v", "platform-fee"): "terms", ("workflows", "x", "passes"): "rework",
    ("review-team", "wage"): "price", ("review-team", "capacity"): "idle", ("levers", "l", "price"): "price", ("model",): "drivers",
}  # fmt: skip


@pytest.mark.parametrize("path", PATHS, ids=".".join)
def test_each_figure_belongs_to_one_cause(path: tuple[str, ...]) -> None:
    """The cause of a figure follows from where it stands."""
    assert cause_of(path) == PATHS[path]


def test_causes_are_those_of_the_chain_and_of_somebody() -> None:
    """Every cause stands in the chain once, and is somebody's."""
    assert sorted(STANDARD) == sorted(CAUSES)
    assert sorted(cause for causes in KINDS.values() for cause in causes) == sorted(CAUSES)


def test_a_case_between_is_one_of_the_two_at_both_ends() -> None:
    """With no cause as after it is the case before, with all of them the case after, as far as money goes."""
    before, after = read_case(PORTFOLIO).written, read_case(PORTFOLIO, "weak-dollar").written
    assert between(before, after, frozenset())["exchange"] == before["exchange"]
    assert between(before, after, frozenset(CAUSES))["exchange"] == after["exchange"]
    assert "budget" not in between(before, after, frozenset())


def test_a_case_with_a_cost_model_of_its_own(tmp_path: Path, run: Run) -> None:
    """The model beside a case is found from any folder, also for the cases between the two."""
    (tmp_path / "model.yaml").write_text("model: ours\nextends: annotation\n", encoding="utf-8")
    for name, hours in (("a", 3), ("b", 4)):
        (tmp_path / f"{name}.yaml").write_text(json.dumps(_job(hours, 10, 60, model="./model.yaml")), encoding="utf-8")
    done = run("bridge", "--from", tmp_path / "a.yaml", "--to", tmp_path / "b.yaml")
    assert (done.code, "drivers   600.00" in done.out) == (0, True), done.err


@pytest.mark.slow
def test_the_command(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cases, runs that were kept, a plan of one's own; table, JSON, CSV, Markdown and a page; amounts agree."""
    monkeypatch.setenv("ALLOCATE_HOME", str(tmp_path / "home"))
    for name, job in (("a", _job(3, 10, 600)), ("b", _job(3.1, 11, 600))):
        (tmp_path / f"{name}.yaml").write_text(json.dumps(job), encoding="utf-8")
        assert run("solve", tmp_path / f"{name}.yaml").code == 0
    files = ("--from", tmp_path / "a.yaml", "--to", tmp_path / "b.yaml")
    told = json.loads(run("bridge", *files, "--format", "json").out)
    assert told["totals"] == {"before": 18_000.0, "after": 20_460.0, "change": 2460.0}
    assert sum(one["amount"] for one in told["causes"]) == 2460.0
    runs = run("bridge", "--from", "latest~1", "--to", "latest", "--format", "csv")
    assert (runs.code, runs.out.count("\n")) == (0, 3)
    page = tmp_path / "b.html"
    assert "2,460.00 USD more" in run("bridge", *files, "--by", "vendor", "--out", page).out
    assert "costs more" in page.read_text(encoding="utf-8")
    plan = tmp_path / "plan.csv"
    plan.write_text("product,vendor,workflow,period,items\njob,v,single-pass,1,300\n", encoding="utf-8")
    assert "volume" in run("bridge", *files, "--to-plan", plan, "--format", "md").out
    assert run("bridge", *files, "--out", tmp_path / "b.txt").code == 2
    assert "there is no run" in run("bridge", "--from", "nope", "--to", "latest").err


def test_what_cannot_be_compared_is_said() -> None:
    """Two currencies; contracts between which there is no case."""
    with pytest.raises(CaseError, match="counts in USD"):
        _bridge(
            _job(1, 1, 10),
            _job(1, 1, 10, currency="EUR", vendors={"v": {"accuracy": "100%", "contract": {"price": "1 EUR/h"}}}),
        )


def test_money_of_cells_is_that_of_the_plan() -> None:
    """What products and vendors cost, fees they share counted in, is the spend."""
    plan = solve(read_case(ROOT / "cases" / "contracts")).plan
    assert plan is not None
    assert sum(money(plan).values()) == pytest.approx(plan.spend)
    assert UNEXPLAINED not in CAUSES
