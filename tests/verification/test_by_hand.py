"""What the verifier reads of a case, against what can be counted on the fingers: its first and last weeks, its longest months."""

from __future__ import annotations

from typing import Any

import pytest

from allocate import read_case
from allocate.case.load import Case
from allocate.tables.table import Table
from allocate.verification import limits
from allocate.verification.clauses import CLAUSES
from allocate.verification.entries import Entry
from allocate.verification.limits import limits_used
from allocate.verification.lines import work_of
from allocate.verification.rules import RULES
from allocate.verification.stated import Stated
from allocate.verification.teams import read_staff
from allocate.verification.work import Work

WEEKS = {"start": "2027-01-20", "weeks": 4}
"""The second lies across January and February: five of its days are January's."""
MONTHS = {"start": "2027-01-01", "months": 3}


def case_of(vendor: dict[str, Any], horizon: dict[str, Any] = WEEKS, **more: Any) -> Case:
    """One product of a tenth of an hour an image and one vendor at a dollar."""
    product = {"item": "image", "effort": "6 min/image", **more.pop("product", {})}
    contract = {"price": "1 USD/image", **vendor.pop("contract", {})}
    rates = [{"product": "p", "vendor": "v", **more.pop("rate", {})}]
    written = {
        "case": "by hand", "currency": "USD", "objective": "cost", "horizon": horizon, "products": {"p": product},
        "vendors": {"v": {"contract": contract, **vendor}}, "workflows": {"plain": {}}, "rates": rates,
    }  # fmt: skip
    return read_case({**written, **more})


def made(case: Case, *items: float) -> Work:
    """So many items in each period from the first on."""
    stated = Stated(case)
    key = ("p", "v", next(iter(case.workflows)), ())
    some = [(period, many) for period, many in enumerate(items) if many]
    return work_of(case, stated, [key] * len(some), [t for t, _ in some], [many for _, many in some]).exact


def used(work: Work, family: str) -> list[tuple[float, float]]:
    """What the limits of a family use, and what they allow."""
    checks = [check.settled() for check in limits_used(work) if check.family == family]
    return [(check.used, check.limit) for check in checks]


def owed(work: Work, clause: str) -> list[Entry]:
    """Entries of a clause."""
    return [entry for entry in work.bill.told if entry.clause == clause]


def due(work: Work, clause: str) -> list[tuple[str, int, float]]:
    """Window, position of the period, and money of each entry of a clause."""
    return [(entry.window, entry.period, entry.amount) for entry in owed(work, clause)]


@pytest.mark.parametrize(
    ("horizon", "there"),
    [(MONTHS, [70, 70, 70]), (WEEKS, [70 / 31 * 7, 70 / 31 * 5 + 70 / 28 * 2, 70 / 28 * 7, 70 / 28 * 7])],
)
def test_a_line_by_the_month_has_as_many_in_each_month(horizon: dict[str, Any], there: list[float]) -> None:
    """70 images a month are 70 in February; in weeks each day has the part that it is of its own month."""
    limits = used(made(case_of({}, horizon, rate={"capacity": "70 images/month"}), 1), "rate_items")
    assert [most for _, most in limits] == pytest.approx(there)


def test_no_month_is_taken_for_the_longest() -> None:
    """A retainer of 310 USD a month is 70 USD for a week of January, 77.50 USD for one of February."""
    work = made(case_of({"contract": {"fees": {"retainer": "310 USD/month"}}}, {"start": "2027-01-25", "weeks": 2}), 1)
    assert [amount for _, _, amount in due(work, "retainer")] == pytest.approx([70, 77.5])


@pytest.mark.parametrize(("to", "spent"), [("week 3", 40.0), ("week 2", 30.0)])
def test_a_budget_limit_counts_its_first_and_its_last_week(to: str, spent: float) -> None:
    """From week 2 to week 3, both count; what is before and after does not."""
    limits = [{"name": "few", "at-most": "99 USD", "from": "week 2", "to": to}]
    work = made(case_of({}, budget={"limits": limits}), 5, 30, 10, 7)
    assert used(work, "budget_group") == [(spent, 99.0)]


def test_a_budget_by_payment_counts_what_is_paid_in_its_weeks() -> None:
    """Ten days after a week's end is in the second week after it; what is paid after the horizon counts in no week."""
    budget = {"per-week": "50 USD", "by": "paid", "total": "99 USD"}
    work = made(case_of({"contract": {"payment": "10 days"}}, budget=budget), 5, 30, 10, 7)
    assert [spent for spent, _ in used(work, "budget_period")] == [0, 0, 5, 30]
    assert used(work, "budget") == [(52.0, 99.0)]


def test_work_begun_in_a_week_is_in_progress_at_its_end() -> None:
    """With a lead of a week, what a week begins waits at its end and is delivered in the next."""
    work = made(case_of({"lead": "1 week"}, product={"work-in-progress": "20 images"}), 12, 0, 30)
    assert used(work, "work_in_progress") == [(12, 20), (0, 20), (30, 20), (0, 20)]


def test_surplus_counts_under_a_ceiling() -> None:
    """Sixty used and a little over a hundred bought: the contract comes to 50 USD and a hair, of 55."""
    steps = [{"up-to": "100 images", "price": "1 USD/image"}, {"price": "0.5 USD/image"}]
    contract = {
        "price": None,
        "ceiling": "55 USD",
        "tiers": {"kind": "all-unit", "surplus": "paid-only", "steps": steps},
    }
    work = made(case_of({"contract": contract}), 60)
    assert [one.quantity for one in owed(work, "surplus")] == pytest.approx([40.0001])
    assert used(work, "ceiling")[0] == pytest.approx((50.00005, 55.0))


def test_a_commitment_falls_due_in_the_last_week_of_its_month() -> None:
    """January ends in week 2, which is January's for five days; February goes on to week 4; each misses what it has not billed."""
    work = made(case_of({"contract": {"commitment": {"at-least": "40 USD", "window": "month"}}}), 30, 7, 14)
    assert due(work, "commitment") == [("2027-01", 1, pytest.approx(5)), ("2027-02", 3, pytest.approx(24))]


def test_seats_are_paid_in_the_first_week_of_their_month() -> None:
    """One seat carries 20 images a month; 35 in January need two, and 16 in February, from week 2 on, one."""
    seat = {"price": "9 USD/month", "carries": "20 images/month"}
    work = made(case_of({"contract": {"fees": {"seat": seat}}}), 30, 7, 14)
    assert due(work, "seats") == [("2027-01", 0, 18.0), ("2027-02", 1, 9.0)]


def test_a_rebate_of_a_quarter_comes_back_in_its_last_week() -> None:
    """Weeks that lie across two months are one quarter's: five per cent of all 44 USD."""
    rebate = {"steps": [{"at-least": "40 USD", "back": "5%"}], "window": "quarter"}
    work = made(case_of({"contract": {"rebate": rebate}}), 30, 0, 14)
    assert due(work, "rebate") == [("2027-Q1", 3, pytest.approx(-2.2))]


def test_what_is_missing_after_the_horizon_counts_as_long_as_its_last_week() -> None:
    """Ten missing from the end of week 3 on cost a dollar a week: in week 4, and in the one after it, charged in week 4."""
    milestone = {"by": "week 3", "at-least": "40 images", "penalty": "1 USD/image/week", "cash": True}
    work = made(case_of({}, product={"milestones": [milestone]}), 30)
    assert due(work, "penalty") == [("week 4", 3, 10.0), ("week 4", 3, 10.0)]


def test_hours_of_reviewers_lose_their_shrinkage() -> None:
    """Two people of 40 h a week, a tenth of them lost, four fifths of the rest used at most: 57.6 h."""
    team = {"wage": "9 USD/h", "people": 2, "hours": "40 h/week", "shrinkage": "10%", "utilisation": "80%"}
    assert [
        most for _, most in used(made(case_of({}, **{"review-team": team}), 1), "review_team_hours")
    ] == pytest.approx([57.6] * 4)


def test_a_vendor_of_people_loses_its_shrinkage_holidays_and_ramp() -> None:
    """Two people of 40 h, a fifth lost, half in the first week, a day of five off in the second."""
    vendor = {"people": 2, "hours": "40 h/week", "shrinkage": "20%", "ramp": ["50%"], "holidays": ["2027-01-27"]}
    assert [most for _, most in used(made(case_of(vendor), 1), "vendor_hours")] == pytest.approx([32, 51.2, 64, 64])


def test_delivery_of_a_milestone_is_at_the_end_of_its_week() -> None:
    """What is worked on in week 2 with a lead of a week is there by week 3 and not by week 2."""
    milestones = [{"by": f"week {week}", "at-least": "1 image"} for week in (2, 3)]
    work = made(case_of({"lead": "5 days"}, product={"milestones": milestones}), 4, 8, 16)
    assert used(work, "milestone") == [(4, 1), (12, 1)]


def test_a_team_is_followed_week_by_week() -> None:
    """One of two leaves in week 3, one comes in week 2 at half: hours, wages, costs of both, and nothing before the notice."""
    team = {
        "people": 2, "hours": "10 h/week", "wage": "10 USD/h", "ramp": ["50%"], "shrinkage": "0%",
        "hire": {"cost": "30 USD", "notice": "1 week"}, "release": {"cost": "5 USD"}, "overtime": {"at-most": "10%", "premium": "50%"},
    }  # fmt: skip
    case = read_case(
        {
            "case": "team", "currency": "USD", "objective": "cost", "horizon": WEEKS, "workflows": {"plain": {}},
            "products": {"p": {"item": "image", "effort": "6 min/image"}}, "vendors": {"v": {"team": team}},
        }
    )  # fmt: skip
    rows = [("v", t + 1, float(t == 1), float(t == 2), 1.5 if t == 3 else 0.0) for t in range(4)]
    staff, problems = read_staff(case, Table.from_rows(["team", "period", "hired", "released", "overtime"], rows))
    assert problems == []
    work = work_of(case, Stated(case), [("p", "v", "plain", ())], [0], [50.0], staff)
    assert [most for _, most in used(work, "team_hours")] == pytest.approx([20, 25, 20, 21.5])
    assert [amount for _, _, amount in due(work, "wages")] == pytest.approx([200, 300, 200, 200])
    assert due(work, "hiring") == [("week 2", 1, 30.0)]
    assert due(work, "release") == [("week 3", 2, 5.0)]
    assert due(work, "overtime") == [("week 4", 3, pytest.approx(22.5))]
    early = [("v", t + 1, float(t == 0), 0.0, 0.0) for t in range(4)]
    _, problems = read_staff(case, Table.from_rows(["team", "period", "hired", "released", "overtime"], early))
    assert problems == ["v: 1 people start in week 1, the notice is not over"]


def test_checks_say_what_they_are_about() -> None:
    """A limit of each kind is told by its family, its subject and both figures."""
    check = limits_used(made(case_of({}, budget="9 USD"), 10))[0].settled()
    assert str(check) == "budget: 10 USD, at most 9"


def test_every_clause_and_rule_of_the_indexes_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """What an index lists as a limit is among the limits used: none is forgotten in the order they are told in."""
    work = made(case_of({}), 1)
    asked: list[str] = []

    def noting(name: str) -> Any:
        return lambda _: asked.append(name) or ()

    for index in (limits.OF_CLAUSES, limits.OF_RULES):
        for name, real in list(index.items()):
            monkeypatch.setitem(index, name, noting(name))
            families = tuple(noting(name) if family is real else family for family in limits.FAMILIES)
            monkeypatch.setattr(limits, "FAMILIES", families)
    limits_used(work)
    assert sorted(asked) == sorted([*limits.OF_CLAUSES, *limits.OF_RULES])
    listed = [one.name for one in CLAUSES if one.limits is not None], [rule.name for rule in RULES]
    assert (list(limits.OF_CLAUSES), list(limits.OF_RULES)) == listed
