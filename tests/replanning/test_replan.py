"""The rest of a plan, planned again: nothing changes for nothing, what changes changes least, and everybody is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from contract_cases import contract_case
from replanning.records import as_planned, with_bill

from allocate import CaseError, Plan, read_case, replan, solve, verify
from allocate.api.goals import lines_of_plan
from allocate.case.load import Case, revised
from allocate.record.check import check_file
from allocate.record.write import write_answer

CASES = Path(__file__).resolve().parents[2] / "cases"
TABLES = ("lines", "products", "vendors", "invoice", "staff", "levers", "broken")
ITEM = {"item": "image", "effort": "36 s/image"}


def _two(**more: Any) -> dict[str, Any]:
    """Two vendors of 60 images a week each, v cheaper, for 480 images in eight weeks."""
    return {
        "case": "two",
        "currency": "USD",
        "objective": "cost",
        "horizon": {"start": "2027-01-04", "weeks": 8},
        "workflows": {"plain": {}},
        "products": {"p": {**ITEM, "demand": "480 images"}},
        "vendors": {
            "v": {"capacity": "60 images/week", "contract": {"price": "1 USD/image"}},
            "w": {"capacity": "60 images/week", "contract": {"price": "2 USD/image"}},
        },
        **more,
    }


def _planned(source: Any) -> tuple[Case, Plan]:
    case = read_case(source)
    plan = solve(case).plan
    assert plan is not None
    return case, plan


def _same(one: Plan, other: Plan) -> bool:
    return all(getattr(one, name).to_csv() == getattr(other, name).to_csv() for name in TABLES)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["contracts", "in-house-team", "portfolio", "review-bottleneck"])
def test_work_done_as_planned_changes_nothing(name: str) -> None:
    """To the last digit of every table, with the half of the periods done just as it was planned."""
    case, plan = _planned(CASES / name)
    half = f"{case.periods.unit} {max(2, case.periods.count // 2)}"
    found = replan(case, plan, as_planned(case, plan), half)
    assert found.answer.plan is not None
    assert _same(plan, found.answer.plan)
    assert found.moved == (0.0, 0.0)
    assert found.answer.status.value == "optimal"


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 9, 38])
def test_work_done_as_planned_changes_nothing_in_drawn_contracts(seed: int) -> None:
    """Tiers, commitments, rebates, seats, lots, levers, teams and rules, drawn: the rest stays as it was."""
    case, plan = _planned(contract_case(seed))
    found = replan(case, plan, as_planned(case, plan), f"week {case.periods.count}")
    assert found.answer.plan is not None
    assert _same(plan, found.answer.plan)


def test_a_rule_with_a_penalty_pays_for_what_is_done_as_well() -> None:
    """v makes 480 images though w alone should, one of them works on both products and q has both: with seven weeks done, all of
    it is paid for as in the earlier plan."""
    rules = [
        {"name": "ours", "only": {"vendors": ["w"]}, "penalty": "0.5 USD/image"},
        {"name": "apart", "incompatible": {"products": ["p", "q"]}, "penalty": "3 USD/product"},
        {"name": "few", "count": {"products": "each", "at-most": 1}, "penalty": "2 USD/vendor"},
    ]
    products = {"p": {**ITEM, "demand": "100 images"}, "q": {**ITEM, "demand": "620 images"}}
    case, plan = _planned(_two(products=products, rules=rules))
    paid = plan.broken.groupby("rule")["money"].sum().to_dict()
    assert paid == pytest.approx({"ours": 240.0, "apart": 3.0, "few": 2.0})
    found = replan(case, plan, as_planned(case, plan), "week 8")
    assert found.answer.plan is not None
    assert _same(plan, found.answer.plan)
    assert verify(found.case, found.answer.plan).holds


def test_hours_that_a_lever_saves_are_counted_once() -> None:
    """An editor halves v's hours, 18 s an image: recorded so, that is the lever's doing and no other pace of v."""
    source = _two(levers={"editor": {"cost": "1 USD", "effect": {"vendors": "v", "hours": "-50%"}}})
    source["vendors"]["v"]["contract"] = {"price": "20 USD/h"}
    case, plan = _planned(source)
    assert set(plan.lines[plan.lines["vendor"] == "v"]["levers"]) == {"editor"}
    found = replan(case, plan, as_planned(case, plan), "week 5")
    assert found.answer.plan is not None
    assert _same(plan, found.answer.plan)
    assert "productivity" not in found.done.text


@pytest.mark.slow
def test_an_early_finish_and_an_earlier_plan_count_what_is_done() -> None:
    """A quarter more than the least cost buys an end in week 6, with w in two weeks. With two weeks done so, the rest costs 600 USD in
    all at least, and a quarter of that buys an end in week 4."""
    earlier = [{"product": "p", "vendor": "v", "period": week, "items": 60} for week in range(1, 9)]
    source = _two(objective=["cost", "finish", "change"], give={"cost": "25%"}, earlier=earlier)
    case, plan = _planned(source)
    assert plan.lines["delivered"].max() == 6
    assert plan.spend == pytest.approx(600.0)
    found = replan(case, plan, as_planned(case, plan), "week 3")
    assert found.answer.plan is not None
    assert found.answer.plan.lines["delivered"].max() == 4
    assert found.answer.plan.spend == pytest.approx(720.0)
    assert "the last item is delivered in week 4" in found.answer.notes


@pytest.mark.slow
def test_seats_of_the_horizon_stay_bought_in_its_first_week() -> None:
    """480 images take five seats, all due in week 1, though four weeks of work take three: no seat moves to week 5."""
    source = _two()
    source["vendors"]["v"]["contract"]["fees"] = {"seat": {"price": "5 USD", "carries": "100 images"}}
    case, plan = _planned(source)
    found = replan(case, plan, as_planned(case, plan), "week 5")
    assert found.answer.plan is not None
    assert _same(plan, found.answer.plan)
    assert 'seats:\n    - {vendor: "v", period: 1, bought: 5}' in found.done.text


@pytest.mark.slow
def test_limits_are_worth_as_much_at_the_least_change_as_at_any_plan_as_good() -> None:
    """A retainer makes whole numbers; v is short of hours, so one more image of it saves 1 USD, in the plan nearest to before."""
    source = _two()
    source["vendors"]["w"]["contract"]["fees"] = {"onboarding": "5 USD"}
    source["vendors"]["w"]["capacity"] = "90 images/week"
    source["products"]["p"]["demand"] = "600 images"
    case, plan = _planned(source)
    found = replan(case, plan, as_planned(case, plan, lambda _p, vendor, _t: 0.9 if vendor == "v" else 1.0), "week 3")
    assert found.answer.certificate is not None
    assert found.answer.certificate.fixed is not None
    prices = found.answer.prices
    assert prices["vendor_items", (0, 7)] == pytest.approx(-1.0)
    assert found.answer.moved


@pytest.mark.slow
def test_what_was_begun_without_work_yet_stays_paid_in_the_first_week() -> None:
    """w is taken on in week 1 for work that begins in week 4: re-planned from week 3 its fees are as they were, week by week."""
    source = _two()
    source["vendors"]["w"]["contract"] = {
        "price": "0.5 USD/image",
        "fees": {"onboarding": "5 USD", "retainer": "1 USD/week", "product-start": "2 USD"},
    }
    source["calendar"] = [{"vendor": "w", "week": t, "capacity": "0 images/week"} for t in (1, 2, 3)]
    case, plan = _planned(source)
    found = replan(case, plan, as_planned(case, plan), "week 3")
    assert found.answer.plan is not None
    assert _same(plan, found.answer.plan)
    assert [(one.clause, one.period) for one in plan.entries] == [
        (one.clause, one.period) for one in found.answer.plan.entries
    ]
    assert found.done.text.count('vendor: "w"') == 2
    billed = replan(case, plan, with_bill(as_planned(case, plan), "w", "2027-01-04", 9.0, "USD"), "week 3")
    assert billed.answer.plan is not None
    assert billed.answer.plan.spend == pytest.approx(plan.spend + 1.0), "8 USD until then were billed at 9, once"
    newly = replan(revised(case, {"done": None}), _without_w(case), as_planned(case, _without_w(case)), "week 3")
    assert newly.answer.plan is not None
    assert {one.period for one in newly.answer.plan.entries if one.clause == "onboarding"} == {2}


def test_a_vendor_that_is_dropped_keeps_what_it_was_paid_for_being_taken_on(tmp_path: Path) -> None:
    """w was to make 60 a week from week 4 on, its price locked in week 1. Cut to nothing, it is owed its onboarding and its lock all
    the same; the plan verifies with the facts as they are written."""
    source = _two(calendar=[{"vendor": "w", "week": t, "capacity": "0 images/week"} for t in (1, 2, 3)])
    lock = {"price": "0.4 USD/image", "fee": "3 USD"}
    source["vendors"]["w"]["contract"] |= {"fees": {"onboarding": "5 USD"}, "price-lock": lock}
    source["products"]["p"]["demand"] = "430 images"
    case, plan = _planned(source)
    assert plan.spend == pytest.approx(300 * 0.4 + 8.0 + 130.0)
    cut = revised(case, {"vendors.w.capacity": "0 images/week", "calendar": []})
    found = replan(cut, plan, as_planned(case, plan), "week 3", then=case)
    assert found.answer.plan is not None
    assert found.answer.plan.spend == pytest.approx(430.0 + 8.0)
    facts, out, written = tmp_path / "facts.yaml", tmp_path / "plan.json", tmp_path / "case.yaml"
    facts.write_text(found.done.text, encoding="utf-8")
    written.write_text(json.dumps(source), encoding="utf-8")
    write_answer(found.answer, out)
    checked = check_file(out, written, None, ["vendors.w.capacity=0 images/week", "calendar=[]", f"@{facts}"])
    assert not checked.objections


def _without_w(case: Case) -> Plan:
    plan = solve(revised(case, {"vendors.w.capacity": "0 images/week", "products.p.demand": "400 images"})).plan
    assert plan is not None
    return plan


@pytest.mark.slow
def test_a_day_inside_a_period_is_told_to_begin_with_the_period() -> None:
    """From a Wednesday on, the whole week is planned, and a note says so; from its Monday on there is nothing to say."""
    case, plan = _planned(_two())
    told = "2027-01-20 lies in week 3, which began on 2027-01-18: all of it is planned"
    assert told in replan(case, plan, as_planned(case, plan), "2027-01-20").notes
    assert not any("lies in" in note for note in replan(case, plan, as_planned(case, plan), "2027-01-18").notes)


def test_from_the_first_week_on_it_is_solve() -> None:
    """Nothing is past: the plan is that of `solve`, whatever the earlier one was."""
    case, plan = _planned(_two())
    worse = solve(revised(case, {"vendors.v.capacity": "30 images/week"})).plan
    assert worse is not None
    found = replan(case, worse, as_planned(case, worse), "week 1")
    assert found.answer.plan is not None
    assert _same(plan, found.answer.plan)
    assert found.done.text == ""


@pytest.mark.slow
def test_there_is_a_plan_where_holding_finds_none() -> None:
    """Four weeks are done; v is down to 40 a week from now on. Held at what is done the case has no plan: `replan` moves 80 to w."""
    case, plan = _planned(_two())
    cut = revised(case, {"vendors.v.capacity": "40 images/week"})
    done = [line for line in lines_of_plan(plan) if line.period < 5]
    assert solve(cut, held=done).plan is None
    found = replan(cut, plan, as_planned(case, plan), "week 5", then=case)
    assert found.answer.plan is not None
    assert found.answer.plan.spend == pytest.approx(240 + 160 + 2 * 80)
    assert verify(found.case, found.answer.plan).holds
    eu = float(found.answer.routes.equivalent_units[0])
    assert found.moved == pytest.approx((80 * eu, 80 * eu))
    assert set(found.changes["vendor"].tolist()) == {"v", "w"}


@pytest.mark.slow
def test_of_plans_as_good_the_one_nearest_to_the_earlier_is_taken() -> None:
    """Two vendors at one price: each keeps what it had, though the cheapest plan could give all of it to either."""
    source = _two(vendors={name: {"capacity": "60 images/week", "contract": {"price": "1 USD/image"}} for name in "vw"})
    case, _ = _planned(source)
    uneven = solve(revised(case, {"vendors.v.capacity": "45 images/week", "vendors.w.capacity": "15 images/week"})).plan
    assert uneven is not None
    found = replan(case, uneven, as_planned(case, uneven), "week 3")
    assert found.moved == (0.0, 0.0)
    short = replan(
        case, uneven, as_planned(case, uneven, lambda _p, vendor, _t: 0.5 if vendor == "v" else 1.0), "week 3"
    )
    more, less = short.moved
    assert less == pytest.approx(0.0, abs=1e-6)
    assert more == pytest.approx(45 * float(short.answer.routes.equivalent_units[0]))


@pytest.mark.slow
def test_a_share_of_the_best_objective_buys_less_change() -> None:
    """Within 20% nothing has to move to the cheaper vendor; at a price of change it moves where that pays."""
    case, plan = _planned(_two())
    cheap = revised(case, {"vendors.w.contract.price": "0.9 USD/image", "vendors.v.contract.price": "1 USD/image"})
    records = as_planned(case, plan)
    best = replan(cheap, plan, records, "week 5", then=case)
    eu = float(best.answer.routes.equivalent_units[0])
    assert best.moved == pytest.approx((240 * eu, 240 * eu))
    near = replan(cheap, plan, records, "week 5", then=case, within=0.2)
    assert near.moved == (0.0, 0.0)
    assert near.answer.status.value == "feasible"
    assert near.answer.objective == pytest.approx(480.0)
    assert near.best == pytest.approx(240 + 0.9 * 240)
    assert replan(cheap, plan, records, "week 5", then=case, change=0.04 / eu).moved == pytest.approx(
        (240 * eu, 240 * eu)
    )
    assert replan(cheap, plan, records, "week 5", then=case, change=0.06 / eu).moved == pytest.approx(
        (0.0, 0.0), abs=1e-6
    )


@pytest.mark.slow
def test_measured_figures_hold_from_then_on() -> None:
    """v turned out at 90% of its pace: what is done took so many hours, and the rest costs more by the hour."""
    source = _two()
    source["vendors"]["v"] = {"capacity": "0.6 h/week", "contract": {"price": "100 USD/h"}}
    source["rates"] = [{"product": "p", "vendor": "v", "pace": "100 images/h"}, {"product": "p", "vendor": "w"}]
    case, plan = _planned(source)
    records = as_planned(case, plan, pace=1 / 0.8)
    found = replan(case, plan, records, "week 5", measured={"rates.p.v.pace": "80 images/h"})
    assert found.answer.plan is not None
    lines = found.answer.plan.lines
    mine = lines[lines["vendor"] == "v"]
    assert (mine["hours"] / mine["items"]).tolist() == pytest.approx([1 / 80] * len(mine))
    now = replan(case, plan, as_planned(case, plan), "week 5", measured={"rates.p.v.pace": "80 images/h"})
    assert now.answer.plan is not None
    each = now.answer.plan.lines[now.answer.plan.lines["vendor"] == "v"]
    each = (each["hours"] / each["items"]).round(6).tolist()
    assert each[:4] == [0.01] * 4
    assert set(each[4:]) == {0.0125}


@pytest.mark.slow
def test_prices_of_today_do_not_price_what_is_done() -> None:
    """v asks 3 USD from now on: what is done stays at 1 USD, and at 250 USD where a bill says so."""
    case, plan = _planned(_two())
    dear = revised(case, {"vendors.v.contract.price": "3 USD/image"})
    found = replan(dear, plan, as_planned(case, plan), "week 5", then=case)
    assert found.answer.plan is not None
    assert found.answer.plan.spend == pytest.approx(240 + 2 * 240)
    billed = replan(dear, plan, with_bill(as_planned(case, plan), "v", "2027-01-25", 250.0, "USD"), "week 5", then=case)
    assert billed.answer.plan is not None
    assert billed.answer.plan.spend == pytest.approx(250 + 2 * 240)


@pytest.mark.slow
def test_what_a_vendor_gave_back_is_a_fact_too() -> None:
    """250 USD billed in January less a credit of 20 in the last week: what is done cost 230."""
    case, plan = _planned(_two())
    records = with_bill(
        with_bill(as_planned(case, plan), "v", "2027-01-04", 250.0, "USD"), "v", "2027-01-25", -20.0, "USD"
    )
    found = replan(case, plan, records, "week 5")
    assert found.answer.plan is not None
    assert found.answer.plan.spend == pytest.approx(230 + 240)


@pytest.mark.slow
def test_what_is_frozen_stays() -> None:
    """w is cheaper from now on: with two weeks of orders the first two weeks stay with v."""
    case, plan = _planned(_two(frozen={"orders": "2 weeks"}))
    cheap = revised(case, {"vendors.w.contract.price": "0.5 USD/image"})
    found = replan(cheap, plan, as_planned(case, plan), "week 5", then=case)
    assert found.answer.plan is not None
    rest = found.answer.plan.lines[found.answer.plan.lines["period"] > 4]
    assert dict(zip(rest["period"], rest["vendor"], strict=True)) == {5: "v", 6: "v", 7: "w", 8: "w"}


@pytest.mark.slow
def test_commitments_signed_and_hires_ordered_are_written_down() -> None:
    """A vendor the plan uses and a newcomer within the notice: facts say so where the case freezes them."""
    team = {
        "people": 1, "hours": "40 h/week", "wage": "10 USD/h", "shrinkage": "0%", "ramp": [], "hire": {"notice": "2 weeks", "at-most": 2},
    }  # fmt: skip
    source = _two(frozen={"hires": True, "commitments": True})
    source["vendors"] = {
        "v": {
            "capacity": "60 images/week",
            "contract": {"price": "1 USD/image", "commitment": {"at-least": "100 USD", "window": "horizon"}},
        },
        "t": {"team": team},
    }
    source["products"]["p"]["demand"] = "36_000 images"
    source["rules"] = [{"name": "keep", "fix": {"product": "p", "vendor": "v", "items": "60 images"}}]
    case, plan = _planned(source)
    started = plan.staff[plan.staff["hired"] > 0]["period"].tolist()
    found = replan(case, plan, as_planned(case, plan), f"week {int(started[0]) - 1}")
    assert 'committed: ["v"]' in found.done.text
    assert "hires-kept: true" in found.done.text
    assert found.answer.plan is not None
    assert _same(plan, found.answer.plan)


@pytest.mark.slow
def test_a_share_that_is_broken_for_good_is_asked_of_the_rest() -> None:
    """w was to make half and made nothing: 75% of all is with v already, so the rule is asked of the rest, and it is said."""
    rule = [{"name": "half", "share": {"vendor": "each", "of": "items", "at-most": "50%"}}]
    case, plan = _planned(_two(rules=rule))
    records = as_planned(case, plan, lambda _p, vendor, _t: 1.5 if vendor == "v" else 0.0)
    found = replan(case, plan, records, "week 8")
    assert found.exempt == ("half",)
    assert '  exempt: ["half"]\n' in found.done.text, "so that the plan verifies with the facts as they are written"
    assert any("half" in note for note in found.notes)
    assert found.answer.plan is not None
    assert verify(found.case, found.answer.plan).holds


@pytest.mark.slow
@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"products": {"p": {**ITEM, "demand": "480 images"}}}, "items of p: 600 are done by week 5 (v 600), and the case allows 480"),
        ({"budget": "500 USD"}, "budget: 600.00 USD is spent by week 5 (v 600.00), and the budget is 500"),
    ],
)  # fmt: skip
def test_facts_that_leave_no_plan_are_named(more: dict[str, Any], said: str) -> None:
    """Twice the items were made: the sum that is passed is told with who made how much of it."""
    case, plan = _planned(_two(**more))
    records = as_planned(case, plan, lambda *_: 2.0)
    found = replan(case, plan, records, "week 6")
    assert found.answer.plan is None
    told = " ".join(reason.sentence for reason in found.answer.reasons)
    assert said in told


@pytest.mark.parametrize(
    ("change", "from_", "message"),
    [
        ({"period": "2027-06-07"}, "week 5", "outside of the horizon"),
        ({"product": "q"}, "week 5", "the product 'q', which the case does not have"),
        ({"vendor": "u"}, "week 5", "the vendor 'u', which the case does not have"),
        ({}, "week 9", "after the horizon ends"),
        ({}, "soon", "neither a period of the horizon nor a day"),
    ],
)  # fmt: skip
def test_records_that_do_not_fit_are_refused(change: dict[str, str], from_: str, message: str) -> None:
    """Each with its place and a fix."""
    case, plan = _planned(_two())
    records = as_planned(case, plan)
    for name, value in change.items():
        records.periods.loc[0, name] = value
    with pytest.raises(CaseError, match=message) as told:
        replan(case, plan, records, from_)
    assert all(problem.place is not None and problem.fix for problem in told.value.problems)


@pytest.mark.slow
def test_letters_tell_each_vendor_its_own_and_nothing_of_others() -> None:
    """v loses 20 a week, w gets them: a letter each, with weeks, items, money, and no word of the other."""
    case, plan = _planned(_two())
    cut = revised(case, {"vendors.v.capacity": "40 images/week"})
    letters = replan(cut, plan, as_planned(case, plan), "week 5", then=case).letters
    assert set(letters) == {"v", "w"}
    assert "| 5 | 1 February 2027 | p | 60 images | 40 images | -20 |" in letters["v"]
    assert "come to 160.00 USD, 80.00 USD less than before." in letters["v"]
    assert "What you have made until then (240 images of p) is not touched by this." in letters["v"]
    assert "come to 160.00 USD, 160.00 USD more than before." in letters["w"]
    assert "w" not in letters["v"].split()
    assert "v" not in letters["w"].split()
    same = replan(case, plan, as_planned(case, plan), "week 5").letters
    assert "Nothing changes for you: all your orders stand as they were." in same["v"]


def test_a_letter_tells_money_in_the_currency_of_the_contract() -> None:
    """240 images of 0.50 EUR are 120.00 EUR, whatever that is in the case's currency."""
    source = _two(exchange={"EUR": "1.2 USD"})
    source["vendors"]["v"] = {"capacity": "60 images/week", "contract": {"price": "0.5 EUR/image"}}
    case, plan = _planned(source)
    letters = replan(case, plan, as_planned(case, plan), "week 5").letters
    assert "come to 120.00 EUR, as before." in letters["v"]


@pytest.mark.slow
def test_the_command_writes_what_verify_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Plan, facts and letters are written; the plan file holds with the facts, and without them the command for it is told."""
    from click.testing import CliRunner

    from allocate.cli import cli
    from allocate.cli.commands.verify import command as verify_command

    monkeypatch.setenv("ALLOCATE_HOME", str(tmp_path / "home"))
    case = str(CASES / "second-quarter")
    actuals = [f"--actuals={case}/actuals/{name}" for name in ("work", "billed")]
    assert CliRunner().invoke(cli, ["solve", case]).exit_code == 0
    out, facts, letters = tmp_path / "plan.json", tmp_path / "facts.yaml", tmp_path / "letters"
    more = ["--from", "week 5", "--out", str(out), "--facts", str(facts), "--letters", str(letters), "--format", "json"]
    ran = CliRunner().invoke(cli, ["replan", case, "--plan", "latest", *actuals, *more])
    assert ran.exit_code == 0, ran.output
    told = json.loads(ran.stdout)
    assert told["status"] == "optimal"
    assert told["replan"]["from"] == 5
    assert [change["period"] for change in told["replan"]["changes"]]
    assert told["done"]["planned-from"] == "week 5"
    assert (letters / "cebu.md").read_text(encoding="utf-8").startswith("# second-quarter: your orders change")
    checked = CliRunner().invoke(verify_command, [str(out), case, "--set", f"@{facts}"])
    assert checked.exit_code == 0, checked.output
    with pytest.raises(CaseError, match="the plan was made with the settings"):
        CliRunner().invoke(verify_command, [str(out), case], catch_exceptions=False)
    # The run that was kept is a plan like any other: planned again two weeks later, it is taken from there.
    again = CliRunner().invoke(
        cli, ["replan", case, "--plan", "latest", *actuals, "--from", "week 7", "--format", "csv"]
    )
    assert again.exit_code == 0, again.output


def test_goals_behind_money_stay_where_they_were() -> None:
    """With earlier delivery ranked second, work done as planned changes nothing either."""
    case, plan = _planned(_two(objective=["cost", "delivery"]))
    found = replan(case, plan, as_planned(case, plan), "week 3")
    assert found.answer.plan is not None
    assert _same(plan, found.answer.plan)


@pytest.mark.slow
def test_the_file_of_a_plan_nearer_to_the_earlier_one_holds(tmp_path: Path) -> None:
    """Fees make whole numbers; where less change takes other ones than the search did, no price is claimed that nothing proves."""
    contract = {"price": "1 USD/image", "fees": {"onboarding": "50 USD"}}
    each = {name: {"capacity": "60 images/week", "contract": contract} for name in "vw"}
    source = _two(vendors=each | {"x": {"capacity": "20 images/week", "contract": contract}})
    source["products"]["p"]["demand"] = "540 images"
    case = read_case(source)
    worked = solve(revised(case, {"vendors.v.excluded": True})).plan
    assert worked is not None
    found = replan(case, worked, as_planned(case, worked, lambda _p, vendor, _t: float(vendor != "x")), "week 2")
    assert found.answer.certificate is not None
    assert found.answer.certificate.kind == "integer"
    write_answer(found.answer, tmp_path / "plan.json")
    checked = check_file(tmp_path / "plan.json", source, settings=found.done.settings)
    assert checked.objections == ()
