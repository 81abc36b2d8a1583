"""Plans that keep their promises with given odds: against all choices of scenarios, in fresh ones, and as a command."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from allocate.api.solving import formulate
from allocate.case.load import Case, read_case
from allocate.cli.hedged import print_hedge
from allocate.errors import CaseError
from allocate.odds.buffers import buffers
from allocate.odds.decided import scenario_of
from allocate.odds.drawing import draw
from allocate.odds.hedge import Hedge, NoHedge, best_plan, hedged
from allocate.odds.hedged_plan import Drawing
from allocate.odds.hedging import frontier, hedge, weigh
from allocate.odds.rows_of_promises import Scenarios
from allocate.odds.scenarios import scenario_case
from allocate.odds.stacked import stacked
from allocate.odds.weighed import weighed
from allocate.solvers.solve import solve
from tests.command_line import Run

UNCERTAIN = Path(__file__).parent.parent / "data" / "uncertain_capacity.yaml"
SMALL = Drawing(scenarios=32, fresh=256)


def uncertain(**settings: Any) -> Case:
    """The case of uncertain capacities, `.` written as `__` and `-` as `_`."""
    changed = {path.replace("__", ".").replace("_", "-"): value for path, value in settings.items()}
    return read_case(UNCERTAIN, settings=changed)


def known_in(case: Case, count: int) -> tuple[Any, Scenarios]:
    """A case's program, and its promises in so many scenarios."""
    base, draws = formulate(case), draw(case, count)
    plan = best_plan(base)
    assert plan is not None
    programs = [formulate(scenario_case(case, draws, s)) for s in range(count)]
    return base, Scenarios(base, programs, plan, lambda kind, name: True)


def least_over_choices(base: Any, programs: list[Any], missed: int) -> float:
    """The least cost over every choice of scenarios to be missed, each kept one with its own rows of capacity added.

    Of one period's capacity there are rows for what is planned in it and what waits: with one product and vendors whose work is
    counted to the horizon's end, that is every sum of rows from some period on.
    """
    best = np.inf
    count = len(programs)
    for some in combinations(range(count), missed):
        made = stacked([scenario_of(base, 0)])
        program = made.program
        block = base.program.rows["vendor_hours"]
        for s in set(range(count)) - set(some):
            arrays = programs[s].program.arrays()
            start, columns, values = arrays.by_rows
            for vendor in np.unique(block.index["vendor"]).tolist():
                rows = block.ids[block.index["vendor"] == vendor].tolist()
                for first in range(len(rows)):
                    added = program.add_rows(
                        f"sum_{'abcdefghijklmnop'[s]}_{'abc'[vendor]}_{'abcdef'[first]}",
                        upper=float(arrays.row_upper[rows[first:]].sum()),
                    )
                    for row in rows[first:]:
                        inside = slice(start[row], start[row + 1])
                        program.add_terms(added.start, made.columns[0][columns[inside]], values[inside])
        found = solve(program)
        if found.objective is not None:
            best = min(best, found.objective)
    return float(best)


@pytest.mark.slow
def test_the_program_finds_the_best_scenarios_to_miss() -> None:
    """16 scenarios of which one may be missed: its cost is the least over all 16 choices, each solved by itself."""
    case = uncertain(products__maps__demand__at_least="0 images")
    base, known = known_in(case, 16)
    draws = draw(case, 16)
    programs = [formulate(scenario_case(case, draws, s)) for s in range(16)]
    found = hedged(base, known, np.full(16, 1 / 16), 0.9375)
    assert isinstance(found, Hedge)
    assert found.missed.sum() <= 1
    assert found.bound is not None
    assert found.bound <= found.objective
    # Every vendor is used, so all of them are counted on in either.
    assert found.objective == pytest.approx(least_over_choices(base, programs, 1), rel=2e-3)


@pytest.mark.slow
def test_better_odds_cost_no_less() -> None:
    """In the same scenarios each step of odds costs as much as the one before, or more, and keeps what it says."""
    base, known = known_in(uncertain(), 32)
    before = 0.0
    for odds in (0.5, 0.6, 0.9):
        found = hedged(base, known, np.full(32, 1 / 32), odds)
        assert isinstance(found, Hedge)
        assert 1.0 - found.missed.mean() >= odds
        assert found.objective >= before - 1e-3 * before
        before = found.objective
        if found.quantile_objective is not None:
            assert found.objective <= found.quantile_objective * (1.0 + 1e-9)


@pytest.mark.slow
def test_odds_that_no_plan_has_are_said_with_the_most_there_are() -> None:
    """Where all hours of all vendors are needed at P50, the odds asked for are refused, and the greatest are told."""
    base, known = known_in(uncertain(products__scans__demand__at_least="88_000 images"), 16)
    found = hedged(base, known, np.full(16, 1 / 16), 0.95)
    assert isinstance(found, NoHedge)
    assert found.most < 0.95
    with pytest.raises(CaseError, match="no plan of the case keeps deadline of scans, demand of maps together"):
        hedge(uncertain(products__scans__demand__at_least="88_000 images"), 0.95, drawing=Drawing(16, 64))


@pytest.mark.slow
def test_fresh_scenarios_keep_the_odds_asked_for() -> None:
    """Without a hedge the promises hold every second time; with it the lower end of the fresh odds is what was asked for."""
    found = hedge(uncertain(), 0.8, drawing=SMALL)
    assert found.without.odds.value == pytest.approx(0.5, abs=0.05)
    assert found.reaches
    assert found.with_it.odds.value - found.with_it.odds.error >= 0.8
    assert found.premium == pytest.approx(found.with_it.plan.spend - found.without.plan.spend)
    assert found.premium > 0
    assert found.answer.verification is not None
    assert found.answer.verification.holds
    assert {one.vendor for one in buffers(found)} >= {"cheap"}
    cheap = next(one for one in buffers(found) if one.vendor == "cheap")
    assert cheap.room[0] == pytest.approx(0.0, abs=1e-6)
    assert cheap.room[1] is not None
    assert cheap.room[1] > 0.05


@pytest.mark.slow
def test_odds_are_reached_where_the_programs_scenarios_are_too_few(capsys: pytest.CaptureFixture[str]) -> None:
    """Five accuracies met exactly: keeping all of 16 scenarios keeps 68 % of fresh ones. 90 % come of amounts beyond the worst of
    them, mixed with the program's plan as far as the odds allow; it costs no more than the surer part alone.
    """
    floor = {"item": "image", "effort": "30 s/image", "demand": "2_000 images", "accuracy": {"at-least": "96%"}}
    vendors = {
        name: {"accuracy": right, "capacity": "400 h/week", "contract": {"price": price}}
        for name, right, price in (("cheap", "95%", "0.30 USD/image ±5%"), ("good", "98%", "0.50 USD/image"))
    }
    document = {
        "case": "floors",
        "currency": "USD",
        "objective": "cost",
        "horizon": {"start": "2027-01-04", "weeks": 2},
        "workflows": ["single-pass"],
        "products": {f"p{number}": floor for number in range(5)},
        "vendors": vendors,
    }
    found = hedge(read_case(document), 0.9, drawing=Drawing(16, 512))
    assert found.reaches
    assert found.found is not None
    assert found.found.quantile is not None
    assert found.found.quantile > 1.0
    assert found.found.quantile_objective is not None
    assert found.found.objective <= found.found.quantile_objective + 1e-6
    assert found.found.bound is not None
    assert found.found.bound <= found.found.objective
    print_hedge(found, "table")
    assert "further from P50 than in any scenario of the program" in capsys.readouterr().out


def test_a_plan_that_has_the_odds_is_left_as_it_is() -> None:
    """Odds below those of the best plan cost nothing, and no program over scenarios is solved."""
    found = hedge(uncertain(), 0.3, drawing=SMALL)
    assert found.found is None
    assert found.premium == 0.0
    assert found.with_it is found.without


@pytest.mark.slow
@pytest.mark.parametrize(
    ("cheap", "each"),
    [("92%", 0.20 / 0.06), ("95%", 0.20 / 0.03)],
    ids=["a mix meets the floor", "one vendor meets it by itself"],
)
def test_an_accuracy_met_exactly_is_hedged_against_luck_with_single_items(cheap: str, each: float) -> None:
    """A floor that is met exactly holds half the time although every rate is right; 90 % costs some more of the better vendor."""
    case = read_case(
        {
            "case": "luck",
            "currency": "USD",
            "objective": "cost",
            "horizon": {"start": "2027-01-04", "weeks": 2},
            "products": {
                "scans": {
                    "item": "image",
                    "effort": "30 s/image",
                    "demand": {"at-least": "4_000 images", "at-most": "4_000 images"},
                    "accuracy": {"at-least": "95%"},
                }
            },
            "vendors": {
                "good": {"accuracy": "98%", "contract": {"price": "0.60 USD/image ±1%"}},
                "cheap": {"accuracy": cheap, "contract": {"price": "0.40 USD/image"}},
            },
            "workflows": ["single-pass"],
        }
    )
    found = hedge(case, 0.9, ["accuracy"], Drawing(64, 1024))
    assert found.without.odds.value == pytest.approx(0.5, abs=0.03)
    assert found.reaches
    # 1.2816 standard deviations of 4,000 items right with about 95 %: 17.7 more right items, each at the price of its share.
    assert found.premium == pytest.approx(1.2816 * np.sqrt(4000 * 0.0475) * each, rel=0.25)


RISKY: dict[str, Any] = {
    "case": "two-prices",
    "currency": "USD",
    "objective": "cost",
    "horizon": {"start": "2027-01-04", "weeks": 2},
    "products": {"scans": {"item": "image", "effort": "30 s/image", "demand": {"at-least": "1_000 images"}}},
    "vendors": {
        "firm": {"accuracy": "95%", "contract": {"price": "0.50 USD/image"}},
        "open": {"accuracy": "95%", "contract": {"price": "0.30 .. 0.45 .. 0.70 USD/image"}},
        "other": {"accuracy": "95%", "contract": {"price": "0.30 .. 0.45 .. 0.70 USD/image"}},
    },
    "workflows": ["single-pass"],
}


@pytest.mark.slow
def test_weighing_risk_is_the_best_of_all_mixes() -> None:
    """Two open prices drawn apart: what the program weighs best is no worse than any mix of them on a grid of tenths."""
    case = read_case({**RISKY, "risk": {"tail": "10%", "weight": "40%"}})
    base, draws = formulate(case), draw(case, 64)
    programs = [formulate(scenario_case(case, draws, s)) for s in range(64)]
    assert case.file.risk is not None
    aim = weighed(case.file.risk, base, programs, np.full(64, 1 / 64))
    plan = best_plan(base, aim)
    assert plan is not None
    prices = np.array([np.full(64, 0.5), *(draws.amounts[f"vendors.{v}.contract.price"] for v in ("open", "other"))])
    best = np.inf
    for first in range(11):
        for second in range(11 - first):
            each = 100 * np.array([10 - first - second, first, second]) @ prices
            worst = np.sort(each)[::-1]
            tail = (worst[:6].sum() + 0.4 * worst[6]) / 6.4
            best = min(best, 0.6 * each.mean() + 0.4 * tail)
    assert aim.of(plan) <= best + 1e-6
    assert aim.of(plan) >= 0.9 * best
    assert aim.each(plan).mean() == pytest.approx(0.5 * 1000, rel=0.2)


@pytest.mark.slow
def test_risk_that_weighs_all_takes_the_certain_price() -> None:
    """With a weight of 100% the worst tenth alone counts, and the firm price has the best; with 0% the least mean has it."""
    certain = weigh(read_case({**RISKY, "risk": {"weight": "100%"}}), SMALL)
    assert certain.with_it.plan.vendors.set_index("vendor")["items"]["firm"] > 300
    assert certain.tail_reduction > 0
    assert certain.premium_on_average == pytest.approx(certain.with_it.mean.value - certain.without.mean.value)
    least = weigh(read_case({**RISKY, "risk": {"weight": "0%"}}), SMALL)
    assert least.with_it.plan.vendors.set_index("vendor")["items"]["firm"] == 0.0
    assert least.with_it.mean.value <= certain.with_it.mean.value


@pytest.mark.parametrize(
    ("risk", "said"),
    [
        ({"tail": "0%", "weight": "50%"}, "a share above 0% and below 100%"),
        ({"tail": "100%", "weight": "50%"}, "a share above 0% and below 100%"),
        ({"tail": "10%"}, "weight"),
        ({"tail": "10%", "weight": "150%"}, "weight"),
        ({"tail": "10%", "wieght": "50%"}, "wieght"),
    ],
)
def test_risk_that_makes_no_sense_is_refused(risk: dict[str, str], said: str) -> None:
    """No tail, all of it, no weight, more than all, and a misspelt key: each with its place and a fix."""
    with pytest.raises(CaseError, match=said) as caught:
        read_case({**RISKY, "risk": risk})
    assert all(problem.fix for problem in caught.value.problems)


def test_a_case_that_says_nothing_of_risk_is_told_how_to() -> None:
    """Weighing without `risk:` names the key."""
    with pytest.raises(CaseError, match="has no `risk`"):
        weigh(read_case(RISKY), Drawing(16, 16))


@pytest.mark.slow
def test_the_frontier_tells_what_each_odds_cost() -> None:
    """A point for each odds, in the same scenarios; odds that no plan has come with the most there are."""
    points = frontier(uncertain(), [0.5, 0.9], drawing=Drawing(32, 128))
    premiums = [one.premium for one in points if not isinstance(one, tuple)]
    assert len(premiums) == 2
    assert premiums[0] <= premiums[1]


@pytest.mark.parametrize(
    ("of", "words"), [(["deadline of maps"], "does not promise 'deadline of maps'"), (["budget"], "promises nothing")]
)
def test_promises_that_are_not_there_are_refused(of: list[str], words: str) -> None:
    """Names the case does not promise are listed with those it does; kinds of which there are none are said."""
    with pytest.raises(CaseError, match=words):
        hedge(uncertain(), 0.8, of, Drawing(16, 16))


def test_a_case_without_spreads_has_no_odds_to_hedge() -> None:
    """Where everything is certain the message says how a spread is written."""
    certain = {f"vendors__{name}__capacity": "100 h/week" for name in ("cheap", "steady", "third")}
    with pytest.raises(CaseError, match="no amount of the case has a spread"):
        hedge(uncertain(**certain), 0.8)


@pytest.mark.slow
def test_the_command_prints_odds_price_and_buffer(run: Run, tmp_path: Path) -> None:
    """The sentence, the tables, and a plan that `verify` and `odds` take."""
    out, small = tmp_path / "hedged.json", ("--in-program", "16", "--fresh", "64")
    shown = run("hedge", str(UNCERTAIN), "--odds", "80%", *small, "--out", str(out))
    assert shown.code == 0
    for words in ("in 64 fresh scenarios", "What the odds cost (USD)", "Who got the buffer", "Kept means"):
        assert words in shown.out
    assert run("verify", str(out), str(UNCERTAIN)).code == 0
    told = json.loads(run("hedge", str(UNCERTAIN), "--odds", "80%", *small, "--format", "json").out)
    assert told["premium"] > 0
    assert told["hedged"]["odds"]["value"] > told["without"]["odds"]["value"]
    assert told["program"]["bound"] <= told["program"]["objective"]
    lines = json.loads(out.read_text())["lines"]
    assert lines == told["plan"]["lines"]


@pytest.mark.slow
def test_the_command_prints_what_each_odds_cost(run: Run) -> None:
    """A row for each odds of a frontier, as CSV."""
    small = ("--in-program", "16", "--fresh", "16", "--format", "csv")
    rows = run("hedge", str(UNCERTAIN), "--frontier", "50%:80%:2", *small).out.splitlines()
    assert rows[0].startswith("asked,objective,premium,bound,odds")
    assert len(rows) == 3


@pytest.mark.parametrize(
    "words",
    [
        ["--odds", "100%"],
        ["--frontier", "90%:50%:3"],
        ["--frontier", "50%:90%:3", "--odds", "90%"],
        ["--fresh", "100"],
        ["--frontier", "nonsense"],
    ],
)
def test_options_that_make_no_sense_are_refused(run: Run, words: list[str]) -> None:
    """Odds of nothing or certainty, ladders that fall, and scenarios in unequal parts are said before anything is planned."""
    assert run("hedge", str(UNCERTAIN), *words).code == 2
