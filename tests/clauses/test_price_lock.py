"""Price locks: by hand, against all there is to decide, in scenarios, and their mistakes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from mistakes import contract, told_once_each

from allocate import evaluate, formulate, plan_odds, read_case, solve
from allocate.case.inputs import inputs
from allocate.case.load import revised
from allocate.case.plan_file import PlanLine
from allocate.errors import CaseError
from allocate.explaining.inputs import swings
from allocate.finance.payees import by_payee
from allocate.study.sensitivity import sensitivity


def krakow(lock: dict[str, Any], pages: int = 30_000, price: str = "0.50 USD/page") -> dict[str, Any]:
    """A vendor of 10,000 pages a week for four weeks, whose price could be locked."""
    return {
        "case": "lock",
        "currency": "USD",
        "horizon": {"start": "2027-01-04", "weeks": 4},
        "objective": "cost",
        "products": {"pages": {"item": "page", "effort": "30 s/page", "demand": f"{pages} pages"}},
        "vendors": {"krakow": {"capacity": "10_000 pages/week", "contract": {"price": price, "price-lock": lock}}},
        "workflows": ["single-pass"],
    }


LOCK = {"price": "0.46 USD/page", "by": "week 2", "fee": "500 USD", "upto": "20_000 pages"}


@pytest.mark.parametrize(
    ("change", "spend"),
    [
        # 20,000 pages from week 2 on at 0.46, 10,000 at 0.50, and the fee: 9,200 + 5,000 + 500.
        ({}, 14_700.0),
        # It saves 20,000 x 0.04 = 800 USD: a fee of 800.01 USD is not worth it, 799 USD is.
        ({"fee": "800.01 USD"}, 15_000.0),
        ({"fee": "799 USD"}, 14_999.0),
        # Decided: signed whatever it costs (it saves 800 USD of 900), or not signed.
        ({"fee": "900 USD", "signed": "true"}, 15_100.0),
        ({"signed": "false"}, 15_000.0),
        # Signed in week 4, it holds for the 10,000 pages of that week alone, and saves less than the fee.
        ({"by": "week 4"}, 15_000.0),
        # From the start and without an end: 30,000 x 0.46 + 500.
        ({"by": None, "upto": None}, 14_300.0),
        # In weeks 2 and 3 alone, 20,000 pages: the most that is sold at it.
        ({"until": "week 3"}, 14_700.0),
        # Until Wednesday of week 2: that week's 10,000 pages save 400 USD, less than the fee, more than 399.
        ({"until": "2027-01-13"}, 15_000.0),
        ({"until": "2027-01-13", "fee": "399 USD"}, 14_999.0),
        # A term of 15,000 pages, and one of 30,000 from the second week on, which is all there could be.
        ({"at-least": "15_000 pages"}, 14_700.0),
        ({"at-least": "30_000 pages", "upto": None}, 14_300.0),
        # A term of more than is needed is not signed.
        ({"at-least": "30_001 pages", "upto": None}, 15_000.0),
        # A locked price above the price is never paid.
        ({"price": "0.55 USD/page", "fee": "0 USD"}, 15_000.0),
    ],
)
def test_by_hand(change: dict[str, Any], spend: float) -> None:
    """The plan signs a lock where it saves more than its fee, and no more is bought at it than was agreed."""
    lock = {key: value for key, value in {**LOCK, **change}.items() if value is not None}
    answer = solve(krakow(lock))
    assert answer.plan is not None
    assert answer.plan.spend == pytest.approx(spend, abs=1e-6)


def test_indexation_goes_on_top_of_a_locked_price() -> None:
    """Half of 8% is 4%, capped at 3%: 0.39 USD is billed at 0.4017 USD from the second week on, into which the anniversary falls."""
    case = krakow({"price": "0.39 USD/page", "signed": "true"})
    case["vendors"]["krakow"]["indexation"] = {"on": "2027-01-13", "rate": "8%", "share": "50%", "cap": "3%"}
    read, lock = read_case(case), "price lock of krakow"
    found = evaluate(read, [PlanLine("pages", "krakow", "single-pass", week, 10_000.0, (lock,)) for week in (1, 2, 3)])
    assert found.plan.spend == pytest.approx(10_000 * (0.39 + 2 * 0.4017))
    assert found.verification.holds


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rise", "season", "indexed", "spend"),
    [
        ({"indexation": {"on": "2027-01-13", "rate": "8%"}}, 1.0, False, 3 * 5_200.0 + 100.0),
        ({"indexation": {"on": "2027-01-13", "rate": "8%"}}, 1.5, False, 3.5 * 5_200.0 + 100.0),
        ({"indexation": {"on": "2027-01-13", "rate": "8%"}}, 1.0, True, 3 * 5_400.0),
        ({"escalation": "10%/week"}, 1.0, False, 3 * 5_200.0 + 100.0),
        ({"escalation": "10%/week"}, 1.0, True, 5_000.0 * (1.1 + 1.1**2 + 1.1**3)),
    ],
)
def test_a_lock_that_is_not_indexed_stays_as_it_is_written(
    rise: dict[str, Any], season: float, indexed: bool, spend: float
) -> None:
    """8% from week 2 on, or 10% a week, raise 0.50 USD (here 0.40 EUR) above the 0.52 it is locked at for weeks 2 to 4: three weeks of
    10,000 pages at 0.52. A season of 1.5 in week 4 raises that too. Where the lock rises as well, it is never signed."""
    for lock, price in (("0.52 USD/page", "0.50 USD/page"), ("0.416 EUR/page", "0.40 EUR/page")):
        case = krakow({"price": lock, "fee": "100 USD", "indexed": indexed}, price=price)
        case |= {"exchange": {"EUR": "1.25 USD"}}
        case["products"]["pages"]["from"] = "week 2"
        case["vendors"]["krakow"] |= {**rise, "season": [{"from": "week 4", "factor": season}]}
        case["vendors"]["krakow"]["contract"]["rebate"] = {"steps": [{"at-least": "13_000 EUR", "back": "0%"}]}
        answer = solve(case)
        assert answer.plan is not None
        assert answer.plan.spend == pytest.approx(spend)


@pytest.mark.slow
def test_a_term_binds_who_signs() -> None:
    """20,000 of 30,000 pages are had elsewhere at 0.20 USD, the rest at 0.50, or at 0.30 where so many are bought: not for 20,000."""
    for least, spend in (
        (None, 7_000.0),
        ("10_000 pages", 7_000.0),
        ("15_000 pages", 7_500.0),
        ("20_000 pages", 8_000.0),
        ("25_000 pages", 8_500.0),
    ):
        case = krakow({"price": "0.30 USD/page", **({} if least is None else {"at-least": least})})
        case["vendors"]["other"] = {"capacity": "5_000 pages/week", "contract": {"price": "0.20 USD/page"}}
        answer = solve(case)
        assert answer.plan is not None
        assert answer.plan.spend == pytest.approx(spend)
    case["vendors"]["krakow"]["contract"]["price-lock"]["at-least"] = "30_000 pages"
    answer = solve(case)
    assert answer.plan is not None
    assert answer.plan.spend == pytest.approx(9_000.0)  # as much as without it


@pytest.mark.parametrize(
    ("lock", "budget", "named"),
    [
        (
            {"at-least": "30_001 pages"},
            None,
            "what is bought with the lever price lock of krakow (at least 30,001 pages)",
        ),
        (
            {"upto": "20_000 pages"},
            "14_600 USD",
            "what is bought with the lever price lock of krakow (at most 20,000 pages)",
        ),
        ({"until": "week 2"}, "14_600 USD", "end of the lever price lock of krakow (until week 2)"),
    ],
)
def test_the_limits_of_a_lock_are_among_the_reasons(lock: dict[str, Any], budget: str | None, named: str) -> None:
    """A term above all that is needed, and 14,300 USD that would do were no end to what is sold at 0.46 USD: the plan is impossible by
    what the lock says, which was not among the limits that take part."""
    case = krakow({"price": "0.46 USD/page", "fee": "500 USD", "signed": True, **lock})
    answer = solve(case if budget is None else case | {"budget": budget})
    assert answer.plan is None
    assert any(named in reason.sentence for reason in answer.reasons), [one.sentence for one in answer.reasons]


def test_lines_outside_a_term_are_refused() -> None:
    """Fewer pages than the term at the locked price, and pages after it has ended, are told."""
    case = krakow(
        {"price": "0.46 USD/page", "until": "week 2", "at-least": "12_000 pages", "signed": "true"}, pages=10_000
    )
    name = "price lock of krakow"
    for week, items, words in ((1, 10_000.0, "once it is signed"), (3, 10_000.0, "which has ended (week 2)")):
        found = evaluate(read_case(case), [PlanLine("pages", "krakow", "single-pass", week, items, (name,))])
        assert any(words in one for one in (*found.problems, *found.verification.violations)), week


def test_a_lock_whose_figures_nobody_knows_moves_the_odds() -> None:
    """Signed from the first week on for 30,000 pages, at 0.44 to 0.48 USD and a fee of 400 to 600: P10 to P90 of the spend lie about
    the plan's 14,300, as wide as its price (1,200 USD) and its fee (200) make them."""
    lock = {"price": "0.44 .. 0.46 .. 0.48 USD/page", "fee": "400 .. 500 .. 600 USD", "signed": True}
    case = read_case(krakow(lock))
    plan = solve(case).plan
    assert plan is not None
    found = plan_odds(case, plan, scenarios=256)
    low, middle, high = np.quantile(found.results["spend"], [0.1, 0.5, 0.9])
    assert middle == pytest.approx(14_300.0, rel=0.01)
    assert high - low == pytest.approx(math.hypot(1_200.0, 200.0), rel=0.1)


@pytest.mark.parametrize(
    ("amount", "key"),
    [
        ("levers.price lock of krakow.cost", "fee"),
        ("cost of price lock of krakow", "fee"),
        ("levers.price lock of krakow.effect.locked-price", "price"),
        ("locked price of krakow", "price"),
    ],
)
def test_a_cause_moves_a_lock_by_any_of_its_names(amount: str, key: str) -> None:
    """A factor on a figure of the lock's lever is one on the contract's; it was taken, and moved nothing."""
    case = krakow({**LOCK, "signed": True}) | {
        "uncertain": {"factors": {"talks": {"low": "80%", "high": "125%", "of": amount}}}
    }
    (factor,) = read_case(case).spreads.factors
    assert factor.of == (f"vendors.krakow.contract.price-lock.{key}",)


@pytest.mark.slow
def test_all_there_is_to_decide() -> None:
    """Drawn locks cost the least of signing and not signing, worked out by hand for each."""
    draw = np.random.default_rng(11)
    for _ in range(15):
        pages, price, locked = int(draw.integers(5_000, 38_000)), 0.5, round(float(draw.uniform(0.3, 0.55)), 3)
        fee, upto, week = int(draw.integers(0, 3_000)), int(draw.integers(1_000, 40_000)), int(draw.integers(1, 5))
        lock = {"price": f"{locked} USD/page", "fee": f"{fee} USD", "upto": f"{upto} pages", "by": f"week {week}"}
        at_lock = min(upto, pages, 10_000 * (5 - week)) if locked < price else 0
        by_hand = min(pages * price, fee + at_lock * locked + (pages - at_lock) * price)
        answer = solve(krakow(lock, pages))
        assert answer.plan is not None
        assert answer.plan.spend == pytest.approx(by_hand, abs=1e-6)


def test_the_lock_holds_whatever_the_price_becomes() -> None:
    """The lock is at 0.46 USD where the price turns out 0.60 USD, and changes with a setting like any other key."""
    case = read_case(krakow(LOCK))
    dear = solve(revised(case, {"vendors.krakow.contract.price": "0.60 USD/page"}))
    assert dear.plan is not None
    assert dear.plan.spend == pytest.approx(10_000 * 0.60 + 20_000 * 0.46 + 500)
    again = revised(case, {"vendors.krakow.contract.price-lock.price": "0.30 USD/page"})
    assert list(again.file.levers) == ["price lock of krakow"]
    cheap = solve(again)
    assert cheap.plan is not None
    assert cheap.plan.spend == pytest.approx(10_000 * 0.50 + 20_000 * 0.30 + 500)
    assert not revised(case, {"vendors.krakow.contract.price-lock": None}).file.levers
    assert not solve(revised(case, {"levers.price lock of krakow.bought": "false"})).plan.levers["lever"].tolist()  # type: ignore[union-attr]


def test_what_a_lock_costs_is_an_input_that_can_be_moved() -> None:
    """A tenth of the fee is 50 USD of the plan that signs the lock. Of its price, 0.414 USD saves 920 USD, and 0.506 USD is never paid:
    20,000 pages at 0.50 USD cost 300 USD more than the plan. At 0.45 USD for all of them no lock is signed, and 1,200 USD are saved."""
    case = read_case(krakow(LOCK))
    rows = {row["input"]: row for row in sensitivity(case).rows}
    fee, price = rows["cost of lever price lock of krakow"], rows["locked price of krakow"]
    assert (fee["change_low"], fee["change_high"]) == pytest.approx((-50.0, 50.0))
    assert (price["change_low"], price["change_high"]) == pytest.approx((-920.0, 300.0))
    at_lock = [path for one in inputs(case) for path, _ in one.values if "price lock" in path or "price-lock" in path]
    assert at_lock == [f"vendors.krakow.contract.price-lock.{key}" for key in ("fee", "price")]
    plan = solve(case).plan
    assert plan is not None
    found = {one.input: (one.less.gain, one.more.gain) for one in swings(formulate(case), plan)}
    assert found["locked price of krakow"] == pytest.approx((920.0, -300.0))
    assert found["cost of lever price lock of krakow"] == pytest.approx((50.0, -50.0))
    assert found["prices of krakow"] == pytest.approx((1_200.0, -500.0))


@pytest.mark.parametrize(
    ("of_lever", "key", "value", "spend"),
    [
        ("cost", "fee", "600 USD", 14_800.0),
        ("effect.locked-price", "price", "0.44 USD/page", 14_300.0),
        ("upto", "upto", "15_000 pages", 14_900.0),
        ("least", "at-least", "20_000 pages", 14_700.0),
        ("from", "by", "week 3", 14_700.0),
        ("until", "until", "week 2", 15_000.0),
        ("bought", "signed", "false", 15_000.0),
        ("cost", "fee", None, 14_200.0),
        ("upto", "upto", None, 14_300.0),
        ("from", "by", None, 14_700.0),
    ],
)
def test_a_figure_said_of_the_locks_lever_is_the_contracts(of_lever: str, key: str, value: Any, spend: float) -> None:
    """A plan names a lock as a lever: a setting of that name moves the contract's figure, in a case that is read and in one that is
    read already; it was taken without a word, and changed nothing."""
    source, path = krakow(LOCK), f"levers.price lock of krakow.{of_lever}"
    wanted = read_case(source, None, {f"vendors.krakow.contract.price-lock.{key}": value})
    found = (read_case(source, None, {path: value}), revised(read_case(source), {path: value}))
    assert all(one.file == wanted.file for one in found)
    answer = solve(wanted)
    assert answer.plan is not None
    assert answer.plan.spend == pytest.approx(spend)


@pytest.mark.parametrize("of_lever", ["", ".running-cost", ".title", ".effect", ".effect.vendors", ".effect.hours"])
def test_what_a_lock_does_not_have_cannot_be_set_of_its_lever(of_lever: str) -> None:
    """The lever is made of the contract: it cannot be taken away, nor get what a lock has not."""
    case = read_case(krakow(LOCK))
    for value in (None, "5%"):
        with pytest.raises(CaseError):
            revised(case, {f"levers.price lock of krakow{of_lever}": value})


def test_a_plan_that_takes_too_much_at_the_lock_is_refused() -> None:
    """Lines say whether they are at the locked price; 20,001 pages of it are one too many."""
    case = read_case(krakow(LOCK))
    locked = ("price lock of krakow",)
    lines = [PlanLine("pages", "krakow", "single-pass", week, items, levers) for week, items, levers in [
        (1, 9_999.0, ()), (2, 10_000.0, locked), (3, 10_000.0, locked), (4, 1.0, locked)
    ]]  # fmt: skip
    found = evaluate(case, lines)
    assert found.plan.spend == pytest.approx(9_999 * 0.50 + 20_001 * 0.46 + 500)
    assert any("what is bought with price lock of krakow" in line for line in found.verification.violations)
    assert evaluate(case, [*lines[:3], PlanLine("pages", "krakow", "single-pass", 4, 1.0)]).holds


def lock(text: str, price: str = "price: 300 PHP/h, ") -> list[Any]:
    """The edit that gives acme a contract with a lock."""
    return contract(f"{price}price-lock: {{{text}}}")


test_mistakes = told_once_each(
    [
        (lock("price: 280 PHP"), "case.yaml:32:54", "vendors.acme.contract.price-lock.price expects money per item or money per hour, got an amount of money ('280 PHP')", "write it as in `300 PHP/h`"),
        (lock("fee: 5 USD"), "case.yaml:32:34", "vendors.acme.contract.price-lock needs the key 'price'", "add `price: …`"),
        (lock("price: 280 PHP/image"), "case.yaml:32:54", "'280 PHP/image' is in other units than the price of acme ('300 PHP/h') (line 32)", "write it in PHP per h, as in `300 PHP/h`"),
        (lock("price: 5 USD/h"), "case.yaml:32:54", "'5 USD/h' is in other units than the price of acme ('300 PHP/h') (line 32)", "write it in PHP per h, as in `300 PHP/h`"),
        (lock("price: 280 PHP/h, upto: 40 boxes"), "case.yaml:32:71", "'40 boxes' is neither items nor what the price counts", "write `40 h`"),
        (lock("price: 280 PHP/h, upto: 4k USD"), "case.yaml:32:71", "'4k USD' is neither items nor what the price counts", "write `4k h`"),
        (lock("price: 280 PHP/h, by: week 40"), "case.yaml:32:69", "the price lock starts in 'week 40', after the horizon ends (2027-03-28)", "start it earlier, or lengthen the horizon"),
        (lock("price: 280 PHP/h, signed: maybe"), "case.yaml:32:73", "vendors.acme.contract.price-lock.signed expects true or false, got 'maybe'", "write `true` or `false`"),
        (lock("price: 280 PHP/h", "tiers: {steps: [{price: 63 PHP/box}]}, "), "case.yaml:32:75", "prices of acme depend on the volume bought, and one price is locked", "lock what is a plain price, or write the steps with the locked price"),
        (lock("price: 280 PHP/h, fee: 5"), "case.yaml:32:70", "vendors.acme.contract.price-lock.fee expects an amount of money, got a number without a unit ('5')", "write it as in `250k USD`"),
        (lock("price: 280 PHP/h, til: week 3"), "case.yaml:32:65", "unknown key 'til' in vendors.acme.contract.price-lock", "known keys: price, by, fee, upto, until, at-least, indexed, signed"),
        (lock("price: 280 PHP/h, upto: 50 h, at-least: 60 h"), "case.yaml:32:87", "the least that is bought ('60 h') is more than the most ('50 h')", "write less"),
        (lock("price: 280 PHP/h, by: week 4, until: week 3"), "case.yaml:32:84", "the price holds until 'week 3', before it can be signed ('week 4')", "let it hold longer, or be signed earlier"),
        (lock("price: 280 PHP/h, at-least: 40 boxes"), "case.yaml:32:75", "'40 boxes' is neither items nor what the price counts", "write `40 h`"),
    ]
)  # fmt: skip


def test_the_fee_is_paid_to_the_vendor() -> None:
    """All 14,700 USD go to the vendor that holds its price, 500 USD of them for that; a lever stays what is paid for it."""
    source = krakow(LOCK)
    source["levers"] = {"tool": {"cost": "40 USD", "bought": True, "effect": {"hours": "-10%"}}}
    case = read_case(source)
    plan = solve(case).plan
    assert plan is not None
    paid = {(kind, name): amount for kind, name, amount in by_payee(case, plan).rows("kind", "paid_to", "amount")}
    assert paid == {("vendors", "krakow"): pytest.approx(14_700), ("tools and levers", "tool"): pytest.approx(40)}


def test_an_amount_of_one_kind_of_item_counts_all_that_is_made() -> None:
    """Images beside pages would be locked without end: 500 items, not 500 pages. A vendor that makes pages only may say either."""
    case = krakow({**LOCK, "upto": "500 pages"}, price="0.50 USD/item")
    case["vendors"]["krakow"]["contract"]["price-lock"]["price"] = "0.46 USD/item"
    assert solve(case).plan is not None
    case["products"]["images"] = {"item": "image", "effort": "9 s/image", "demand": "100 images"}
    with pytest.raises(CaseError, match="does not say how many of the images"):
        read_case(case)
    case["vendors"]["krakow"]["contract"]["price-lock"]["upto"] = "500 items"
    assert solve(case).plan is not None


@pytest.mark.parametrize("locked", [True, False], ids=["beside a lock", "alone"])
def test_a_lever_of_a_locks_name_is_refused(locked: bool) -> None:
    """It was taken for the lock's own and left out without a word; so was one with a mistake in it."""
    case = krakow(LOCK)
    if not locked:
        del case["vendors"]["krakow"]["contract"]["price-lock"]
    case["levers"] = {"price lock of krakow": {"cost": "7 USD", "effect": {"vendors": "krakow", "hours": "-1%"}}}
    with pytest.raises(CaseError, match="is what a price lock of a contract is called"):
        read_case(case)
    case["levers"]["price lock of krakow"]["cost"] = "seven"
    with pytest.raises(CaseError, match="'seven' is not an amount"):
        read_case(case)
