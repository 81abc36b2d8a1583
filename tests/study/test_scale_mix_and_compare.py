"""Scale, mix and compare, each point recomputed by a solve of its own."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from study.small import small, with_fees

from allocate import read_case, solve
from allocate.case.load import revised
from allocate.errors import CaseError
from allocate.study.compare import compare
from allocate.study.figures import figures
from allocate.study.mix import mix
from allocate.study.scale import scale


@pytest.mark.slow
def test_scale_makes_exactly_the_volume_and_says_where_capacity_breaks() -> None:
    """Two vendors of 12 and 9 hours for 4 weeks make 8,400 images of 36 s: capacity breaks at 2.1 times 4,000."""
    data = small(objective="cost", budget="100k USD")
    del data["products"]["dogs"]
    data["products"]["cats"] |= {"demand": "4_000 images", "accuracy": "90%"}
    data["products"]["cats"]["milestones"] = [{"by": "week 2", "at-least": "400 images"}]
    case = read_case(data)
    study = scale(case, "cats", [0.5, 1, 2, 4])
    assert [row["items"] for row in study.rows] == pytest.approx([2000, 4000, 8000, 16000])
    for point, one in zip(study.points, study.figures, strict=True):
        answer = solve(revised(case, point.settings))
        assert one.status == answer.status.value
        assert one.objective == (pytest.approx(answer.objective) if answer.plan is not None else None)
    # 4,800 images at acme for 0.15 USD each, 3,200 at bolt for 0.22 USD.
    assert study.rows[2]["cost_per_item"] == pytest.approx((4800 * 0.15 + 3200 * 0.22) / 8000)
    assert study.rows[2]["cost_of_one_more"] == pytest.approx((800 * 0.15 + 3200 * 0.22) / 4000)
    words = study.notes[-1]
    low, high = (float(part.strip("x,")) for part in words.split() if part.startswith("x"))
    assert low <= 2.1 <= high <= 1.02 * low
    assert "needed" in words


def test_volumes_that_a_contract_does_not_take_are_rows_without_a_plan() -> None:
    """An order of 600 at least, and a rule that holds 600: smaller volumes say why there is no plan, all others have one."""
    data = small(objective="cost", budget="100k USD")
    del data["products"]["dogs"]
    data["products"]["cats"] |= {"demand": "1_000 images", "accuracy": "90%"}
    acme = data["vendors"]["acme"]
    ordered = {**acme, "contract": {**acme["contract"], "minimum-order": "600 images"}}
    held = {"name": "held", "fix": {"product": "cats", "vendor": "acme", "items": "600 images"}}
    for case, told in (
        ({**data, "vendors": {"acme": ordered}}, "no order below 600 images"),
        ({**data, "rules": [held]}, "holds 600 images"),
    ):
        study = scale(read_case(case), "cats", [0.1, 0.5, 1, 2])
        assert [row["status"] for row in study.rows] == ["infeasible", "infeasible", "optimal", "optimal"]
        assert all(told in row["why"] for row in study.rows[:2])
        assert study.notes[1].startswith("No plan at x0.1, x0.5, though a larger volume has one")


@pytest.mark.slow
def test_scale_takes_the_best_plans_volume_where_none_is_demanded() -> None:
    """A product between two bounds is scaled from what the best plan makes of it."""
    case = read_case(small())
    made = solve(case).plan.products.set_index("product")["items"]["dogs"]
    assert scale(case, "dogs", [0.5, 1]).rows[1]["items"] == pytest.approx(made)


def test_a_product_without_volume_cannot_be_scaled() -> None:
    """Nothing times two is nothing: the message says how to give a volume."""
    with pytest.raises(CaseError, match="no volume to scale"):
        scale(read_case(small(hurdle="90")), "dogs", [1, 2])


@pytest.mark.slow
@pytest.mark.parametrize("data", [small(), with_fees()], ids=["linear", "integer"])
def test_mix_moves_the_share_and_plans_the_rest_anew(data: dict[str, object]) -> None:
    """At each step the giver has at most what is left to it, and the point is the solve of its settings."""
    case = read_case(data)
    study = mix(case, "acme", "bolt", 4)
    first = study.rows[0]
    assert first["change"] == pytest.approx(0.0, abs=1e-4)
    for row, point, one in zip(study.rows, study.points, study.figures, strict=True):
        answer = solve(revised(case, point.settings))
        assert one.status == answer.status.value
        if answer.plan is not None:
            assert row["objective"] == pytest.approx(answer.objective)
            assert row["share_of_acme"] <= first["share_of_acme"] * (1 - row["moved"]) + 1e-6
            assert 0 < row["concentration"] <= 1
    changes = [row["change"] for row in study.rows if row["change"] is not None]
    assert all(later <= before + 1e-4 for before, later in itertools.pairwise(changes))


@pytest.mark.slow
def test_what_one_vendor_gives_the_other_takes_and_not_a_third() -> None:
    """Below its minimum order the giver makes nothing: the taker has that work too, though a third is the cheaper one."""
    contracts = {
        "give": {"price": "10 USD/h", "minimum-order": "4_000 images"},
        "take": {"price": "20 USD/h"},
        "third": {"price": "15 USD/h"},
    }
    case = read_case(
        {
            "case": "three",
            "currency": "USD",
            "objective": "cost",
            "horizon": {"start": "2027-01-04", "weeks": 1},
            "products": {"cats": {"item": "image", "effort": "36 s/image", "demand": "10_000 images"}},
            "vendors": {name: {"accuracy": "95%", "contract": one} for name, one in contracts.items()},
            "workflows": ["single-pass"],
        }
    )
    study = mix(case, "give", "take", 4)
    assert [round(row["share_of_take"], 6) for row in study.rows] == [0.0, 0.25, 0.5, 1.0, 1.0]
    for row in study.rows:
        assert row["share_of_give"] + row["share_of_take"] == pytest.approx(1.0, abs=1e-6)
        assert row["change"] == pytest.approx(10.0 * row["share_of_take"] * study.rows[0]["spend"] / 10.0, rel=1e-6)
    assert f"cost rises by {study.rows[-1]['change']:,.2f} USD" in study.notes[1]


def test_shares_of_the_spend_count_the_pay_of_idle_hours() -> None:
    """Vendors' money adds up to the spend where a team is paid for hours without work."""
    found = figures(solve(read_case(Path(__file__).resolve().parents[2] / "cases" / "in-house-team")))
    assert sum(one.spend for one in found.vendors.values()) == pytest.approx(found.spend)


def test_mix_needs_two_vendors_and_work_to_move() -> None:
    """A vendor to itself, one that is not there, and one without work are mistakes."""
    case = read_case(small())
    for giver, taker, words in (("acme", "acme", "not to itself"), ("acme", "cart", "no vendor 'cart'")):
        with pytest.raises(CaseError, match=words):
            mix(case, giver, taker)


def test_compare_says_who_gains_and_who_loses() -> None:
    """Differences are those of two separate plans, and their parts add up to the whole."""
    base, rich = read_case(small()), read_case(small(), "rich")
    found = compare([("small", base), ("rich", rich)])
    before, after = solve(base).plan, solve(rich).plan
    row = found.study.rows[1]
    assert row["spend_change"] == pytest.approx(after.spend - before.spend)
    assert row["net_value_change"] == pytest.approx(after.net_value - before.net_value)
    for parts in (found.vendors, found.products):
        moved = sum(part["spend_change"] for part in parts if part["variant"] == "rich")
        assert moved == pytest.approx(row["spend_change"], abs=0.01)
    assert found.study.rows[0]["last_delivery"] in ("2027-01-15", "2027-01-22", "2027-01-29")
    assert "gains most" in found.study.notes[0]


def test_money_of_no_vendor_is_told_in_words() -> None:
    """A lever that one plan buys and the other does not is no vendor that gains or loses."""
    tool = {"tool": {"cost": "90 USD", "bought": True, "effect": {"hours": "-1%"}}}
    found = compare([("with", read_case(small(levers=tool))), ("without", read_case(small()))])
    assert "money of no vendor (levers, penalties) falls most (-90.00)" in found.study.notes[0]
    assert "(no vendor)" not in found.study.notes[0]


@pytest.mark.slow
def test_net_values_at_two_hurdles_are_also_told_at_one() -> None:
    """With a hurdle of 1 in place of 1.2 the same plan has more net value: the note has it at 1.2, as value less 1.2 times spend."""
    low = small(hurdle="1")
    found = compare([("small", read_case(small())), ("low", read_case(low))])
    plan = solve(read_case(low)).plan
    assert plan is not None
    same = plan.value - 1.2 * plan.spend - plan.escaped_error_cost
    (told,) = (note for note in found.study.notes if "hurdle" in note)
    assert told.startswith("low counts spend at a hurdle of 1, small at 1.2, so their net values do not compare")
    assert f"; at 1.2 it would have {same:,.2f} (" in told
    assert not any("hurdle" in note for note in compare([read_case(small())], ["rich"]).study.notes)


def test_compare_keeps_variants_without_a_plan() -> None:
    """A variant without a plan stays in the table, with the reason."""
    found = compare([("small", read_case(small())), ("poor", read_case(small(budget="20 USD")))])
    assert found.study.rows[1]["status"] == "infeasible"
    assert "budget" in found.study.rows[1]["why"]
    assert "poor has no plan" in found.study.notes[0]


def test_money_of_two_currencies_is_not_compared() -> None:
    """Cases in different currencies are refused."""
    other = small(currency="EUR", exchange={"USD": "0.9 EUR"})
    with pytest.raises(ValueError, match="EUR and USD"):
        compare([("one", read_case(small())), ("two", read_case(other))])
