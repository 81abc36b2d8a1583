"""Why there is no plan: how much is missing, of what, in figures that can be checked by hand."""

from __future__ import annotations

from typing import Any

import pytest

from allocate import read_case, solve
from allocate.answers import Answer
from allocate.solvers.outcome import Status


def answer_of(**changes: Any) -> Answer:
    """500,000 frames of 36 s (100 an hour) asked in ten weeks; a team of 320 h a week makes 320,000 of them."""
    product = {"item": "frame", "effort": "36 s/frame", "demand": "500_000 frames", **changes.pop("product", {})}
    team = {"people": 8, "hours": "40 h/week", "contract": {"price": "10 USD/h"}, **changes.pop("team", {})}
    base = {"case": "video", "currency": "USD", "objective": "cost", "horizon": {"start": "2027-01-04", "weeks": 10}}
    answer = solve(read_case({**base, "products": {"video": product}, "vendors": {"team": team}, **changes}))
    assert answer.status is Status.INFEASIBLE
    assert answer.plan is None
    return answer


def sentences(answer: Answer) -> list[str]:
    """The reasons in words."""
    return [reason.sentence for reason in answer.reasons]


def test_utilisation_and_shortfall_of_one_team() -> None:
    """5,000 h are needed where there are 3,200: 156.25 % utilisation, 180,000 frames short."""
    answer = answer_of()
    assert sentences(answer) == [
        "team: 5,000 h needed, 3,200 h there: 156.25% utilisation",
        "video: 180,000 frames short (320,000 of 500,000 can be made)",
    ]
    overload, shortfall = answer.reasons
    assert (overload.kind, overload.subject, overload.unit) == ("overload", "team", "h")
    assert (overload.needed, overload.there) == pytest.approx((5000, 3200))
    assert (shortfall.kind, shortfall.subject, shortfall.unit) == ("shortfall", "video", "frames")
    assert (shortfall.needed, shortfall.there) == pytest.approx((500_000, 320_000))


def test_only_the_weeks_before_the_deadline_count() -> None:
    """By week 4 there are 1,280 h: what comes later is no help and is not counted."""
    answer = answer_of(product={"demand": "200_000 frames", "deadline": "week 4"})
    assert sentences(answer) == [
        "team: 2,000 h needed, 1,280 h there by week 4: 156.25% utilisation",
        "video: 72,000 frames short (128,000 of 200,000 can be made)",
    ]


def test_a_milestone_is_named_with_its_week() -> None:
    """50,000 frames by week 1, 32,000 of which can be made; the demand as a whole is no problem."""
    milestones = [{"by": "week 1", "at-least": "50_000 frames"}]
    answer = answer_of(product={"demand": {"at-least": "100_000 frames"}, "milestones": milestones})
    assert sentences(answer) == [
        "team: 500 h needed, 320 h there by week 1: 156.25% utilisation",
        "video: 18,000 frames short (32,000 of 50,000 can be made by week 1)",
    ]


def test_vendors_that_share_the_work_are_counted_together() -> None:
    """Two teams of 3,200 and 800 h against 5,000: no split of the work helps, so 125 % together."""
    other = {"capacity": "80 h/week", "contract": {"price": "12 USD/h"}}
    team = {"people": 8, "hours": "40 h/week", "contract": {"price": "10 USD/h"}}
    answer = answer_of(vendors={"team": team, "other": other})
    assert sentences(answer) == [
        "other and team together: 5,000 h needed, 4,000 h there: 125.00% utilisation",
        "video: 100,000 frames short (400,000 of 500,000 can be made)",
    ]


def test_vendors_with_work_of_their_own_are_counted_apart() -> None:
    """Each team has its product; one is overloaded, the other is not and is not named."""
    video = {"item": "frame", "effort": "36 s/frame", "demand": "500_000 frames"}
    pages = {"item": "page", "effort": "36 s/page", "demand": "1_000 pages"}
    people = {"people": 8, "hours": "40 h/week", "contract": {"price": "10 USD/h"}}
    rates = [{"product": "video", "vendor": "team"}, {"product": "pages", "vendor": "other"}]
    answer = answer_of(
        products={"video": video, "pages": pages}, vendors={"team": people, "other": people}, rates=rates
    )
    assert sentences(answer)[0] == "team: 5,000 h needed, 3,200 h there: 156.25% utilisation"
    assert len(answer.reasons) == 2


def test_a_budget_that_is_short() -> None:
    """100,000 frames at 0.10 USD cost 10,000 USD; 7,500 are there: 2,500 short, 25,000 frames short."""
    answer = answer_of(product={"demand": "100_000 frames"}, budget="7500 USD")
    assert sentences(answer) == [
        "budget: 10,000.00 USD needed, 7,500.00 USD there (2,500.00 short)",
        "video: 25,000 frames short (75,000 of 100,000 can be made)",
    ]


def test_budgets_of_weeks_and_groups_are_named() -> None:
    """A first week of 320 h for 3,200 USD with a budget of 1,000; a limit on the vendor of 2,000."""
    milestones = [{"by": "week 1", "at-least": "20_000 frames"}]
    product: dict[str, Any] = {"demand": {"at-least": "0 frames"}, "milestones": milestones}
    weekly = answer_of(product=product, budget={"per-week": "1000 USD"})
    assert sentences(weekly)[0] == "budget of week 1: 2,000.00 USD needed, 1,000.00 USD there (1,000.00 short)"
    limit = {"name": "cap", "at-most": "500 USD", "vendors": ["team"]}
    group = answer_of(product=product, budget={"limits": [limit]})
    assert sentences(group)[0] == "budget limit 'cap': 2,000.00 USD needed, 500.00 USD there (1,500.00 short)"


def test_a_deadline_that_leaves_no_week() -> None:
    """With two weeks' lead nothing arrives by week 2: no means would help, and all of the demand is short."""
    answer = answer_of(team={"lead": "2 weeks"}, product={"demand": "1_000 frames", "deadline": "week 2"})
    assert sentences(answer) == ["video: 1,000 frames short (0 of 1,000 can be made)"]


@pytest.mark.parametrize(
    ("team", "sentence"),
    [
        (
            {"people": None, "hours": None, "capacity": "40_000 frames/week"},
            "team: 500,000 frames needed, 400,000 frames there: 125.00% utilisation",
        ),
        (
            {"people": None, "hours": None, "capacity": "400_000 frames"},
            "team: 500,000 frames needed, 400,000 frames there: 125.00% utilisation",
        ),
    ],
)
def test_capacities_in_items(team: dict[str, Any], sentence: str) -> None:
    """A capacity in frames, by week or in all, is told in frames."""
    assert sentences(answer_of(team=team))[0] == sentence


@pytest.mark.parametrize(("capacity", "there"), [("40_000 frames/week", 400_000), ("400_000 frames", 400_000)])
def test_limits_of_the_rate_card(capacity: str, there: float) -> None:
    """A line's own capacity is told with its product and vendor."""
    rates = [{"product": "video", "vendor": "team", "capacity": capacity}]
    answer = answer_of(team={"people": None, "hours": None}, rates=rates)
    assert sentences(answer)[0] == "video with team: 500,000 frames needed, 400,000 frames there: 125.00% utilisation"
    assert answer.reasons[0].there == pytest.approx(there)


def test_an_accuracy_nobody_reaches() -> None:
    """A floor of 99 % over a vendor of 90 % is out of reach, whatever is spent."""
    product = {"demand": "1_000 frames", "accuracy": "99%"}
    answer = answer_of(product=product, team={"accuracy": "90%"})
    assert sentences(answer) == [
        "video: an accuracy of 99.00% is out of reach (90.00% can be reached)",
        "limits that take part: items of video (exactly 1,000 frames); accuracy of video (at least 99 %)",
    ]
    assert (answer.reasons[0].needed, answer.reasons[0].there) == pytest.approx((0.99, 0.9))


def test_the_review_team_can_be_the_bottleneck() -> None:
    """Every one of 10,000 frames looked at for 36 s takes 100 h; 8 h a week are 80."""
    workflows = {"full": {"review": {"share": "100%", "time": "36 s/frame"}}}
    team = {"wage": "40 USD/h", "capacity": "8 h/week"}
    answer = answer_of(product={"demand": "10_000 frames"}, workflows=workflows, **{"review-team": team})
    assert sentences(answer) == [
        "the review team: 100 h needed, 80 h there: 125.00% utilisation",
        "video: 2,000 frames short (8,000 of 10,000 can be made)",
    ]


def test_a_share_rule_in_the_way() -> None:
    """The other vendor makes 10,000 frames at most, so a half of 100,000 cannot be: 90 % would be needed."""
    people = {"people": 8, "hours": "40 h/week", "contract": {"price": "10 USD/h"}}
    small = {"capacity": "10_000 frames", "contract": {"price": "10 USD/h"}}
    rule = {"name": "half", "share": {"vendor": "team", "of": "items", "at-most": "50%"}}
    answer = answer_of(product={"demand": "100_000 frames"}, vendors={"team": people, "small": small}, rules=[rule])
    assert "video: 80,000 frames short (20,000 of 100,000 can be made)" in sentences(answer)
    # Either the rule or the small vendor gives way, whichever is the smaller step against its own limit.
    assert any("small" in sentence or "rule 'half'" in sentence for sentence in sentences(answer))


def test_a_value_out_of_reach() -> None:
    """Ten points of 100 USD are all the curve has within the budget: 1,500 USD of value cannot be reached."""
    curve = [{"labels": 0, "score": 0}, {"labels": 1000, "score": 10}]
    value = {"curve": curve, "worth": "100 USD/point"}
    product = {"demand": {"at-most": "1_000 frames"}, "value": value}
    answer = answer_of(product=product, team={"accuracy": "100%"}, targets={"value": "1500 USD"})
    assert sentences(answer)[-1] == "the portfolio: 500 USD of value short (1,000 of 1,500 can be reached)"


def test_reasons_have_figures() -> None:
    """Every reason carries what is needed and what is there as finite numbers."""
    answers = [answer_of(), answer_of(product={"demand": "100_000 frames"}, budget="7500 USD")]
    for reason in [reason for answer in answers for reason in answer.reasons]:
        assert reason.needed > reason.there >= 0


CONTRACTS: dict[str, Any] = {
    "case": "contracts",
    "currency": "USD",
    "horizon": {"start": "2027-01-04", "weeks": 4},
    "objective": "cost",
    "products": {"a": {"item": "image", "effort": "36 s/image", "demand": "10_000 images"}},
    "vendors": {
        "v": {"capacity": "25 h/week", "contract": {"price": "10 USD/h"}, "onboarding": "100 USD"},
        "w": {
            "capacity": "100 h/week",
            "certified": ["hipaa"],
            "contract": {"price": "20 USD/h", "ceiling": "700 USD", "minimum-order": "1_500 images"},
        },
    },
}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rule", "sentences"),
    [
        (
            {"only": {"vendors-with": "hipaa"}},
            {
                "the contract with w: 2,000.00 USD needed, its ceiling is 700.00 USD",
                "a: 6,500 images short (3,500 of 10,000 can be made)",
            },
        ),
        (
            {"share": {"vendor": "each", "of": "spend", "at-most": "50%"}},
            {
                "rule 'r': v can have at most 50.00%, 51.72% would be needed",
                "a: 500 images short (9,500 of 10,000 can be made)",
            },
        ),
        (
            {"fix": {"product": "a", "vendor": "w", "items": "9_000 images"}},
            {"rule 'r': it would have to be relaxed by 5,500 items"},
        ),
    ],
)
def test_rules_and_contracts_in_the_way_are_named(rule: dict[str, Any], sentences: set[str]) -> None:
    """A rule or a ceiling that keeps a case from having a plan is named, with how far it would have to give way."""
    answer = solve(read_case({**CONTRACTS, "rules": [{"name": "r", **rule}]}))
    found = {reason.sentence for reason in answer.reasons}
    assert answer.status is Status.INFEASIBLE
    assert sentences <= found
    assert all(reason.sentence for reason in answer.reasons)


@pytest.mark.slow
def test_a_count_that_clashes_with_minimum_orders_is_named() -> None:
    """Two vendors at least, with minimum orders that only one of them can get, is told as a rule that must give way."""
    vendors = {name: dict(vendor) for name, vendor in CONTRACTS["vendors"].items()}
    vendors["v"]["contract"] = {"price": "10 USD/h", "minimum-order": "9_500 images"}
    rules = [{"name": "two", "count": {"products": "each", "at-least": 2}}]
    answer = solve(read_case({**CONTRACTS, "vendors": vendors, "rules": rules}))
    assert answer.status is Status.INFEASIBLE
    assert "rule 'two': it would have to be relaxed by 1 vendor" in {reason.sentence for reason in answer.reasons}


@pytest.mark.parametrize(
    ("budget", "w", "told"),
    [
        ("32 USD", {}, "budget: 54.00 USD needed, 32.00 USD there (22.00 short)"),
        (None, {"capacity": "20 images/week"}, "w: 50 images needed, 20 images there: 250.00% utilisation"),
    ],
    ids=["money", "capacity"],
)
def test_what_is_needed_is_not_bounded_by_what_is_missing(budget: str | None, w: dict[str, Any], told: str) -> None:
    """Whom 32 USD, or 20 images a week, would let make 32 or 20 images makes all fifty for what is needed: 50 and a fee of 4."""
    contract = {"price": "1 USD/image", "fees": {"onboarding": "4 USD"}}
    vendors = {"w": {**w, "contract": contract}, **({"v": {"contract": {"price": "1.5 USD/image"}}} if budget else {})}
    case = {
        "case": "needed",
        "currency": "USD",
        "objective": "cost",
        **({"budget": budget} if budget else {}),
        "horizon": {"start": "2027-01-04", "weeks": 1},
        "products": {"p": {"item": "image", "effort": "36 s/image", "demand": "50 images"}},
        "vendors": vendors,
        "workflows": {"plain": {}},
    }
    assert sentences(solve(read_case(case)))[0] == told
