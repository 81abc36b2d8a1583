"""What is done is asked for no limit of its periods and counts in every sum: clause by clause, by hand and by brute force."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from replanning.records import as_planned

from allocate import CaseError, Plan, evaluate, read_case, replan, solve, verify
from allocate.case.plan_file import PlanLine
from allocate.verification import Stated, verify_lines

ITEM = {"item": "image", "effort": "36 s/image"}
Work = tuple[str, str, int, float]
"""Product, vendor, week, items."""


def _case(vendors: dict[str, Any], work: list[Work], from_: int = 3, weeks: int = 4, **more: Any) -> dict[str, Any]:
    """A case at least cost with work done before a week."""
    names = more.pop("products", {"p": {"demand": "400 images"}})
    done = [{"product": p, "vendor": v, "workflow": "plain", "period": t, "items": items} for p, v, t, items in work]
    return {
        "case": "facts",
        "currency": "USD",
        "objective": "cost",
        "horizon": {"start": "2027-01-04", "weeks": weeks},
        "workflows": {"plain": {}},
        "products": {name: {**ITEM, **said} for name, said in names.items()},
        "vendors": {name: {"contract": {"price": "1 USD/image"}, **said} for name, said in vendors.items()},
        **more,
        "done": {"planned-from": f"week {from_}", "work": done, **more.get("done", {})},
    }


def _plan(source: dict[str, Any]) -> Plan:
    answer = solve(read_case(source))
    assert answer.plan is not None, [reason.sentence for reason in answer.reasons]
    assert verify(answer.case, answer.plan).holds
    return answer.plan


def _items(plan: Plan, **at: Any) -> float:
    lines = plan.lines
    for name, value in at.items():
        lines = lines[lines[name] == value]
    return float(lines["items"].sum())


def test_the_past_needs_no_capacity() -> None:
    """Four weeks of 90 are done; the vendor has 60 a week from now on. Held at its lines the case has no plan; as facts it has."""
    vendors = {
        "v": {"capacity": "60 images/week"},
        "w": {"contract": {"price": "2 USD/image"}, "capacity": "30 images/week"},
    }
    work: list[Work] = [("p", "v", week, 90.0) for week in (1, 2, 3, 4)]
    source = _case(vendors, work, from_=5, weeks=8, products={"p": {"demand": "600 images"}})
    plan = _plan(source)
    assert plan.spend == pytest.approx(4 * 90 + 240 * 1.0)
    held = [PlanLine(p, v, "plain", week, items) for p, v, week, items in work]
    without = read_case({name: part for name, part in source.items() if name != "done"})
    assert solve(without, held=held).plan is None


def test_limits_of_periods_ask_nothing_of_the_past() -> None:
    """A week's budget, the rate card's items, work in progress, review hours: all are passed before week 3, and hold from then on."""
    source = _case(
        {"v": {"lead": "1 week"}, "w": {"contract": {"price": "3 USD/image"}}},
        [("p", "v", 1, 150.0), ("p", "v", 2, 150.0)],
        weeks=6,
        budget={"per-week": "70 USD"},
        rates=[{"product": "p", "vendor": "v", "capacity": "60 images/week"}, {"product": "p", "vendor": "w"}],
        products={"p": {"demand": "400 images", "work-in-progress": "150 images"}},
    )
    plan = _plan(source)
    assert [_items(plan, period=week) for week in (3, 4)] == pytest.approx([60.0, 40.0])
    assert plan.spend == pytest.approx(400.0)


def test_sums_count_the_past() -> None:
    """Budget, demand, ceiling and rate card in all: 300 done leave 100 to make, and 99 where the sum allows no more."""
    work: list[Work] = [("p", "v", 1, 150.0), ("p", "v", 2, 150.0)]
    assert _plan(_case({"v": {}}, work, budget="400 USD")).spend == pytest.approx(400.0)
    assert solve(read_case(_case({"v": {}}, work, budget="399 USD"))).plan is None
    capped = {"contract": {"price": "1 USD/image", "ceiling": "350 USD"}}
    dear = {"contract": {"price": "2 USD/image"}}
    assert _plan(_case({"v": capped, "w": dear}, work)).spend == pytest.approx(350.0 + 2 * 50.0)
    rates = [{"product": "p", "vendor": "v", "capacity": "320 images"}, {"product": "p", "vendor": "w"}]
    assert _plan(_case({"v": {}, "w": dear}, work, rates=rates)).spend == pytest.approx(320.0 + 2 * 80.0)


def test_a_capacity_in_all_that_is_used_up_leaves_nothing() -> None:
    """250 images in all, 300 done: the vendor makes no more, and what it has made is no fault of the plan."""
    dear = {"contract": {"price": "2 USD/image"}}
    work: list[Work] = [("p", "v", 1, 300.0)]
    plan = _plan(_case({"v": {"capacity": "250 images"}, "w": dear}, work))
    assert plan.spend == pytest.approx(300.0 + 2 * 100.0)


@pytest.mark.parametrize("kind", ["incremental", "all-unit"])
def test_tiers_count_the_past(kind: str) -> None:
    """100 at 1 USD, then 0.60: 80 are done. To 200 in all: incremental 100 + 60; all-unit 0.60 for each of the 200."""
    steps = [{"up-to": "100 images", "price": "1 USD/image"}, {"price": "0.6 USD/image"}]
    contract = {"tiers": {"kind": kind, "window": "horizon", "over": "all", "steps": steps}, "price": None}
    source = _case({"v": {"contract": contract}}, [("p", "v", 1, 80.0)], products={"p": {"demand": "200 images"}})
    assert _plan(source).spend == pytest.approx(160.0 if kind == "incremental" else 120.0)


def test_commitments_and_rebates_count_the_past() -> None:
    """200 USD are promised and 150 done: 50 more fill it, whoever is cheaper; a rebate from 180 USD pays 10% of all."""
    commits = {"contract": {"price": "2 USD/image", "commitment": {"at-least": "200 USD", "window": "horizon"}}}
    cheap = {"contract": {"price": "1 USD/image"}}
    plan = _plan(_case({"v": commits, "w": cheap}, [("p", "v", 1, 75.0)], products={"p": {"demand": "200 images"}}))
    assert _items(plan, vendor="v") == pytest.approx(100.0)
    assert plan.spend == pytest.approx(200.0 + 100.0)
    back = {
        "contract": {
            "price": "1 USD/image",
            "rebate": {"steps": [{"at-least": "180 USD", "back": "10%"}], "window": "horizon"},
        }
    }
    plan = _plan(_case({"v": back}, [("p", "v", 1, 150.0)], products={"p": {"demand": "200 images"}}))
    assert plan.spend == pytest.approx(0.9 * 200.0)


def test_minimum_orders_and_lots_count_the_past() -> None:
    """60 of a minimum of 100 are done: 40 more are made, though another is cheaper; lots of 50 are filled up."""
    cheap = {"contract": {"price": "1 USD/image"}}
    dear = {"contract": {"price": "2 USD/image", "minimum-order": "100 images"}}
    plan = _plan(_case({"v": dear, "w": cheap}, [("p", "v", 1, 60.0)]))
    assert _items(plan, vendor="v") == pytest.approx(100.0)
    lots = {"contract": {"price": "2 USD/image", "order-multiple": "50 images"}}
    plan = _plan(_case({"v": lots, "w": cheap}, [("p", "v", 1, 60.0)]))
    assert _items(plan, vendor="v") == pytest.approx(100.0)


def test_shares_count_the_past_unless_it_breaks_them_for_good() -> None:
    """Half for each of v and w: 150 of 400 done with v leave it 50. Of 250 done nothing helps, unless the rule asks the rest alone."""
    rule = [{"name": "half", "share": {"vendor": "each", "of": "items", "at-most": "50%"}}]
    vendors = {"v": {}, "w": {"contract": {"price": "2 USD/image"}}}
    assert _plan(_case(vendors, [("p", "v", 1, 150.0)], rules=rule)).spend == pytest.approx(200.0 + 2 * 200.0)
    broken = _case(vendors, [("p", "v", 1, 250.0)], rules=rule)
    assert solve(read_case(broken)).plan is None
    plan = _plan({**broken, "done": {**broken["done"], "exempt": ["half"]}})
    assert _items(plan, vendor="v") == pytest.approx(250.0 + 75.0)


def test_accuracy_floors_count_the_past_unless_exempt() -> None:
    """Half of 400 at 90% and a floor of 94%: the rest must come to 98%; exempt, the rest alone has to come to 94%."""
    vendors = {"v": {"accuracy": "90%"}, "w": {"accuracy": "99%", "contract": {"price": "2 USD/image"}}}
    products = {"p": {"demand": "400 images", "accuracy": "94%"}}
    source = _case(vendors, [("p", "v", 1, 200.0)], products=products)
    plan = _plan(source)
    assert _items(plan, vendor="w") == pytest.approx(400 * 4 / 9)  # (94 - 90) / (99 - 90) of all
    plan = _plan({**source, "done": {**source["done"], "exempt": ["accuracy of p"]}})
    assert _items(plan, vendor="w") == pytest.approx(200 * 4 / 9)


def test_rules_on_who_may_work_ask_nothing_of_the_past() -> None:
    """v may not work on p any more, one vendor at most, p and q never together: all broken by what is done, and held from then on."""
    products = {"p": {"demand": "200 images"}, "q": {"demand": "100 images"}}
    rules = [
        {"name": "only", "only": {"products": ["p"], "vendors": ["w"]}},
        {"name": "one", "count": {"vendors": ["v", "w"], "at-most": 1}},
        {"name": "apart", "incompatible": {"products": ["p", "q"]}},
    ]
    work: list[Work] = [("p", "v", 1, 50.0), ("q", "v", 2, 50.0), ("p", "w", 2, 10.0)]
    vendors = {
        "v": {"capacity": "900 images/week"},
        "w": {"contract": {"price": "2 USD/image"}, "capacity": "900 images/week"},
    }
    plan = _plan(_case(vendors, work, products=products, rules=rules))
    later = plan.lines[plan.lines["period"] > 2]
    assert set(zip(later["product"], later["vendor"], strict=True)) == {("p", "w"), ("q", "v")}


def test_milestones_that_have_passed_are_not_asked_and_later_ones_count_the_past() -> None:
    """100 by week 2 were missed by 40; 300 by week 3 are asked: 240 more of 60 done."""
    milestones = [{"by": "week 2", "at-least": "100 images"}, {"by": "week 3", "at-least": "300 images"}]
    source = _case({"v": {}}, [("p", "v", 1, 60.0)], products={"p": {"demand": "400 images", "milestones": milestones}})
    assert _items(_plan(source), period=3) >= 240.0 - 1e-6
    soft = [{"by": "week 2", "at-least": "100 images", "penalty": "0.5 USD/image"}]
    source = _case({"v": {}}, [("p", "v", 1, 60.0)], products={"p": {"demand": "400 images", "milestones": soft}})
    answer = solve(read_case(source))
    assert answer.plan is not None
    assert answer.plan.penalty == pytest.approx(20.0)


def test_work_begun_carries_in_by_stage() -> None:
    """Labelled in week 2, checked a week later: 200 checks of 36 s take 2 of the 3 review hours of week 3, which leaves 100."""
    source = _case(
        {"v": {}},
        [("p", "v", 2, 200.0)],
        products={"p": {"demand": "600 images"}},
        weeks=8,
    )
    source["workflows"] = {
        "plain": {"review": {"share": "100%", "time": "36 s/image", "catch": "90%"}, "leads": {"label": "1 week"}}
    }
    source["review-team"] = {"wage": "20 USD/h", "capacity": "3 h/week"}
    plan = _plan(source)
    by_week = plan.lines.groupby("period")["items"].sum()
    assert by_week[3] <= 300.0 + 1e-6
    checks = verify(read_case(source), plan).checks
    used = {check.period: check.used for check in checks if check.family == "review_team_hours"}
    assert used[2] == pytest.approx(2.0)
    assert max(used.values()) <= 3.0 + 1e-6


@pytest.mark.slow
def test_experience_counts_the_past() -> None:
    """An 80% curve: what was made before makes the rest take fewer hours, as if all were made in one go."""
    vendors = {"v": {"capacity": "3 h/week", "learning": {"rate": "80%", "from": "100 images"}}}
    products = {"p": {"demand": "1_500 images"}}
    whole = _case(vendors, [], products=products)
    del whole["done"]
    first = solve(read_case(whole)).plan
    assert first is not None
    done: list[Work] = [
        ("p", "v", int(t), float(n)) for t, n in zip(first.lines["period"], first.lines["items"], strict=True) if t < 3
    ]
    again = _plan(_case(vendors, done, products=products))
    assert again.lines["hours"].sum() == pytest.approx(first.lines["hours"].sum())
    # Without what was made before, the same items take longer.
    rest = {"p": {"demand": f"{1500 - sum(one[3] for one in done)} images"}}
    alone = solve(read_case({**_case(vendors, [], weeks=4, products=rest), "done": {"planned-from": "week 1"}})).plan
    assert alone is not None
    assert alone.lines["hours"].sum() > again.lines[again.lines["period"] > 2]["hours"].sum() + 0.1


TEAM: dict[str, Any] = {
    "people": 2, "hours": "40 h/week", "wage": "10 USD/h", "shrinkage": "0%", "ramp": ["50%"],
    "hire": {"cost": "100 USD", "notice": "2 weeks", "at-most": 5}, "overtime": {"at-most": "20%", "premium": "50%"},
}  # fmt: skip


@pytest.mark.slow
def test_hires_ordered_come_and_nobody_else_within_the_notice() -> None:
    """One person is to start in week 4, ordered in week 2: kept, or not called for; nobody else starts before week 5."""
    products = {"p": {"demand": {"at-least": "30_000 images"}}}
    vendors = {"t": {"team": TEAM, "contract": {}}, "v": {"contract": {"price": "0.2 USD/image"}}}
    source = _case(vendors, [("p", "t", 1, 8000.0), ("p", "t", 2, 9000.0)], products=products, weeks=6)
    source["done"]["staff"] = [{"team": "t", "period": 2, "overtime": 10}, {"team": "t", "period": 4, "hired": 1}]
    source["done"]["hires-kept"] = True
    plan = _plan(source)
    staff = plan.staff.set_index("period")
    assert staff.loc[4, "hired"] == 1
    assert staff.loc[2, "overtime"] == 10
    assert staff.loc[3, "hired"] == 0
    free = _plan(
        {
            **source,
            "done": {**source["done"], "hires-kept": False},
            "products": {"p": {**ITEM, "demand": "17_000 images"}},
        }
    )
    assert free.staff["hired"].sum() == 0
    lines = [
        PlanLine("p", "t", "plain", 1, 8000.0),
        PlanLine("p", "t", "plain", 2, 9000.0),
        PlanLine("p", "t", "plain", 3, 13000.0),
    ]
    found = evaluate(read_case(source), lines)
    assert found.plan.staff.set_index("period").loc[4, "hired"] == 1


def test_orders_are_kept_to_the_item() -> None:
    """Week 3 is ordered with the dearer vendor: neither more nor less is made in it, the rest goes to the cheaper one."""
    vendors = {"v": {"contract": {"price": "2 USD/image"}}, "w": {}}
    source = _case(vendors, [("p", "v", 1, 100.0)])
    ordered = {
        "ordered-until": "week 3",
        "ordered": [{"product": "p", "vendor": "v", "workflow": "plain", "period": 3, "items": 80}],
    }
    plan = _plan({**source, "done": {**source["done"], **ordered}})
    assert _items(plan, period=3) == 80.0
    assert _items(plan, vendor="w", period=4) == pytest.approx(220.0)


@pytest.mark.slow
def test_signed_commitments_are_owed_whatever_is_given() -> None:
    """w has signed for 90 USD from week 3 on: it is owed though v is cheaper, so w gets work for it."""
    vendors = {
        "v": {},
        "w": {"contract": {"price": "1.5 USD/image", "commitment": {"at-least": "90 USD", "window": "horizon"}}},
    }
    source = _case(vendors, [("p", "v", 1, 100.0)])
    assert _items(_plan(source), vendor="w") == 0.0
    plan = _plan({**source, "done": {**source["done"], "committed": ["w"]}})
    assert _items(plan, vendor="w") == pytest.approx(60.0)
    none_left = _case(vendors, [("p", "v", 1, 400.0)])
    plan = _plan({**none_left, "done": {**none_left["done"], "committed": ["w"]}})
    assert plan.spend == pytest.approx(400.0 + 90.0)


@pytest.mark.slow
def test_records_may_name_the_levers_work_was_done_with() -> None:
    """`plain + auto` is plain with the lever; where some work names it, what names none was done without."""
    source = _case({"v": {}}, [], products={"p": {"demand": "100 images"}})
    source["levers"] = {"auto": {"cost": "1 USD", "effect": {"vendors": ["v"], "hours": "-50%"}}}
    case = read_case({key: value for key, value in source.items() if key != "done"})
    plan = solve(case).plan
    assert plan is not None
    records = as_planned(case, plan)
    half = records.periods.iloc[[0]].assign(items=30.0, period="2027-01-04")
    mixed = pd.concat([half.assign(workflow="plain + auto"), half.assign(workflow="plain")], ignore_index=True)
    found = replan(case, plan, replace(records, periods=mixed), "week 3")
    assert [(line.levers, line.items) for line in found.done.work] == [(("auto",), 30.0), ((), 30.0)]
    strange = replace(records, periods=half.assign(workflow="plain + magic"))
    with pytest.raises(CaseError, match="the lever 'magic', which the case does not have"):
        replan(case, plan, strange, "week 3")


def test_hours_worked_hold_without_a_rate_card() -> None:
    """Work that took twice the standard time is a fact of that productivity; the rest is planned at 100%."""
    source = _case({"v": {"contract": {"price": "100 USD/h"}}}, [], products={"p": {"demand": "100 images"}})
    case = read_case({key: value for key, value in source.items() if key != "done"})
    plan = solve(case).plan
    assert plan is not None
    found = replan(case, plan, as_planned(case, plan, lambda *_: 0.5, pace=2.0), "week 3")
    assert found.answer.plan is not None
    assert found.answer.plan.spend == pytest.approx(50 * 2 + 50)


def test_other_lines_than_what_is_done_are_refused() -> None:
    """A plan without a fact, with one item more of it, or with work of its own in the past is none of the case."""
    case = read_case(_case({"v": {}}, [("p", "v", 1, 100.0)]))
    rest = PlanLine("p", "v", "plain", 3, 300.0)
    for lines in (
        [PlanLine("p", "v", "plain", 3, 400.0)],
        [PlanLine("p", "v", "plain", 1, 101.0), rest],
        [PlanLine("p", "v", "plain", 1, 100.0), PlanLine("p", "v", "plain", 2, 5.0), rest],
    ):
        found = evaluate(case, lines) if lines[-1].period != 2 else None
        assert found is None or not found.holds
    assert evaluate(case, [PlanLine("p", "v", "plain", 1, 100.0), rest]).holds


def test_a_case_with_nothing_done_has_the_same_program() -> None:
    """An empty past from the first week on adds no column, no row and no number."""
    from allocate import formulate

    source = _case({"v": {"capacity": "200 images/week"}}, [], from_=1)
    plain = {name: part for name, part in source.items() if name != "done"}
    ours, theirs = (formulate(read_case(one)).program.arrays() for one in (source, plain))
    for name in ("costs", "lower", "upper", "row_lower", "row_upper", "index", "value", "start"):
        assert np.array_equal(getattr(ours, name), getattr(theirs, name)), name


@pytest.mark.slow
def test_the_best_rest_is_that_of_brute_force() -> None:
    """Lots of ten with two vendors, tiers, a commitment, a rebate, a minimum order, a budget and a share: every rest is priced by the
    verifier's own hand, and none that holds is cheaper than the plan."""
    for seed in range(4):
        draw = np.random.default_rng(seed)
        steps = [{"up-to": "40 images", "price": "1 USD/image"}, {"price": f"{draw.choice(['0.5', '0.8'])} USD/image"}]
        kind = str(draw.choice(["incremental", "all-unit"]))
        vendors = {
            "v": {
                "capacity": "30 images/week",
                "contract": {
                    "tiers": {"kind": kind, "window": "horizon", "over": "all", "steps": steps}, "price": None, "order-multiple": "10 images",
                    "minimum-order": f"{draw.choice([20, 50])} images", "fees": {"onboarding": "5 USD"},
                },
            },
            "w": {
                "capacity": "30 images/week",
                "contract": {
                    "price": f"{draw.choice(['0.7', '0.9'])} USD/image", "order-multiple": "10 images",
                    "commitment": {"at-least": f"{draw.choice([20, 40])} USD", "window": "horizon"},
                    "rebate": {"steps": [{"at-least": "30 USD", "back": "20%"}], "window": "horizon"},
                },
            },
        }  # fmt: skip
        work: list[Work] = [
            ("p", "v", 1, float(draw.choice([0, 20, 50]))),
            ("p", "w", 1, float(draw.choice([0, 10, 40]))),
        ]
        work = [one for one in work if one[3] > 0]
        rules = [{"name": "most", "share": {"vendor": "each", "of": "items", "at-most": "75%"}}]
        source = _case(
            vendors,
            work,
            from_=2,
            weeks=3,
            products={"p": {"demand": {"at-least": "80 images"}}},
            rules=rules,
            budget="90 USD",
        )
        case = read_case(source)
        past = [PlanLine(p, v, "plain", week, items) for p, v, week, items in work]
        best, known = np.inf, Stated(case)
        for amounts in itertools.product(range(0, 40, 10), repeat=4):
            if sum(amounts) + sum(one.items for one in past) < 80:
                continue
            rest = [
                PlanLine("p", vendor, "plain", week, float(items))
                for (vendor, week), items in zip(itertools.product("vw", (2, 3)), amounts, strict=True)
                if items
            ]
            lines = [*past, *rest]
            keys = [(line.product, line.vendor, line.workflow, ()) for line in lines]
            _, totals, broken = verify_lines(
                case, keys, [line.period - 1 for line in lines], [line.items for line in lines], known
            )
            if not broken:
                best = min(best, totals.spend)
        answer = solve(case)
        assert (answer.plan is None) == np.isinf(best), seed
        if answer.plan is not None:
            assert answer.plan.spend == pytest.approx(best), seed
