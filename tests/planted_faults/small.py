"""Small cases of one clause, rule or limit each: what the best plan costs, by hand, and a plan that the case refuses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from allocate import evaluate, read_case, solve
from allocate.answers import UnverifiedPlanError
from allocate.case.plan_file import PlanLine

Line = tuple[str, str, int, float]
"""Product, vendor, week, items."""


@dataclass(frozen=True)
class Small:
    """Vendors v and w make forty images of each product, v for 1 USD and w for 2 USD where nothing else is said."""

    optimum: float | None
    """What the best plan costs, by hand; None: there is none."""
    broken: tuple[Line, ...] = ()
    """A plan that breaks what the case is about, and nothing else."""
    v: Mapping[str, Any] = field(default_factory=dict)
    w: Mapping[str, Any] = field(default_factory=dict)
    one: Mapping[str, Any] = field(default_factory=dict)
    """What is said of the product."""
    weeks: int = 1
    products: tuple[str, ...] = ("one",)
    more: Mapping[str, Any] = field(default_factory=dict)
    at_v: Mapping[str, Any] | None = None
    """What the rate card says of the product with v."""

    @property
    def source(self) -> dict[str, Any]:
        """The case."""
        item = {"item": "image", "effort": "36 s/image", "demand": {"exactly": "40 images"}, **self.one}
        case = {
            "case": "small",
            "currency": "USD",
            "exchange": {"EUR": "2 USD"},
            "objective": "cost",
            "horizon": {"start": "2027-01-27", "weeks": self.weeks},
            "products": dict.fromkeys(self.products, item),
            "vendors": {"v": self._vendor(self.v, "1 USD/image"), "w": self._vendor(self.w, "2 USD/image")},
            "workflows": {"plain": {}},
            **self.more,
        }
        if self.at_v is not None:
            pairs = [(product, vendor) for product in self.products for vendor in "vw"]
            rates = [{"product": p, "vendor": v, **(self.at_v if v == "v" else {})} for p, v in pairs]
            case["rates"] = rates
        return case

    @staticmethod
    def _vendor(said: Mapping[str, Any], price: str) -> dict[str, Any]:
        if "team" in said:
            return dict(said)
        contract = dict(said.get("contract", {}))
        if "tiers" not in contract:
            contract.setdefault("price", price)
        return {**said, "contract": contract}

    def refused(self) -> str | None:
        """What is wrong with the judgement on plans: the broken one is accepted, or the best one is not."""
        return (self.accepted() if self.broken else None) or self.planned()

    def planned(self) -> str | None:
        """What is wrong with the plan of a solve: it is refused, or does not cost what the best plan costs."""
        try:
            answer = solve(read_case(self.source))
        except UnverifiedPlanError as error:
            return f"refused: {error}"
        if self.optimum is None:
            return None if answer.plan is None else "a plan where none is possible"
        if answer.plan is None:
            return f"no plan: {answer.status.value}"
        if answer.plan.spend + answer.plan.penalty != pytest.approx(self.optimum, abs=1e-3):
            return f"{answer.plan.spend + answer.plan.penalty} USD, by hand {self.optimum} USD"
        return None

    def accepted(self) -> str | None:
        """What is wrong with the judgement on plans: the broken one is accepted."""
        case = read_case(self.source)
        workflow = next(iter(case.workflows))
        lines = [PlanLine(product, vendor, workflow, week, items) for product, vendor, week, items in self.broken]
        found = evaluate(case, lines)
        return None if (*found.problems, *found.verification.violations) else "accepted"


def rule(**said: Any) -> dict[str, Any]:
    """A case with one rule."""
    return {"rules": [{"name": "r", **said}]}


def done(work: Sequence[tuple[str, int, float]], ordered: Sequence[tuple[str, int, float]] = ()) -> dict[str, Any]:
    """What is done in week 1, and what is ordered for week 2: vendor, week, items."""
    rows = [
        [
            {"product": "one", "vendor": v, "workflow": "plain", "period": week, "items": items}
            for v, week, items in some
        ]
        for some in (work, ordered)
    ]
    return {
        "done": {
            "planned-from": "week 2",
            "work": rows[0],
            **({"ordered-until": "week 2", "ordered": rows[1]} if ordered else {}),
        }
    }


ALL_V, ALL_W = (("one", "v", 1, 40.0),), (("one", "w", 1, 40.0),)
TIERS = {
    "tiers": {
        "kind": "incremental",
        "steps": [{"up-to": "30 images", "price": "2 USD/image"}, {"price": "1 USD/image"}],
    }
}
FULL = {
    "tiers": {
        "kind": "all-unit", "surplus": "paid-only",
        "steps": [{"up-to": "50 images", "price": "1.5 USD/image"}, {"price": "1 USD/image"}],
    }
}  # fmt: skip
TEAM = {
    "team": {
        "people": 0,
        "hours": "40 h/week",
        "wage": "0.5 USD/h",
        "shrinkage": "0%",
        "hire": {"cost": "10 USD", "at-most": 1},
    }
}
SMALL: dict[str, Small] = {
    # Thirty done, beyond week 1's budget and v's five a week; five a week more with v, and five with w for 10 USD.
    "past": Small(
        50.0, (("one", "v", 1, 29.0), ("one", "v", 2, 5.0), ("one", "v", 3, 5.0), ("one", "w", 2, 6.0)), v={"capacity": "5 images/week"},
        one={"demand": {"exactly": "45 images"}}, weeks=3, more={"budget": {"per-week": "20 USD"}, **done([("v", 1, 30)])},
    ),
    # Ten done, ten ordered with w for 20 USD in week 2, twenty more with v.
    "ordered": Small(
        50.0, (("one", "v", 1, 10.0), ("one", "v", 2, 10.0), ("one", "v", 3, 20.0)), weeks=3, more=done([("v", 1, 10)], [("w", 2, 10)]),
    ),
    # 30 at 2 USD and 10 at 1 USD.
    "tiers": Small(70.0, v={"contract": TIERS}),
    # Fifty paid for at 1 USD, though forty are used: less than forty at 1.5 USD.
    "surplus": Small(50.0, v={"contract": FULL}),
    # Thirty at 1 USD, and ten with w: all forty with v are billed as sixty.
    "whole": Small(50.0, v={"contract": {"tiers": {"whole": "30 images", "steps": [{"price": "1 USD/image"}]}}}),
    # A commitment of 50 USD, of which forty images use 40.
    "commitment": Small(50.0, v={"contract": {"commitment": {"at-least": "50 USD", "window": "horizon"}}}),
    # Sixty images promised, twenty missing: a half of their 20 USD.
    "commitment in work": Small(50.0, v={"contract": {"commitment": {"at-least": "60 images", "shortfall": "50%"}}}),
    # 40 USD of work where an invoice is at least 70 USD; w would cost 80.
    # A fee of 4 USD, and 9 at least; w would cost 80.
    "minimum platform fee": Small(
        49.0, v={"platform-fee": "10%", "minimum-platform-fee": "9 USD/week", "contract": {"price": "1 USD/image"}}
    ),
    "minimum invoice": Small(70.0, v={"contract": {"minimum-invoice": "70 USD/week"}}),
    # Onboarding 10, a start 5, a retainer of 3 USD a week: 58 USD in one week.
    "fees": Small(58.0, v={"contract": {"fees": {"onboarding": "10 USD", "product-start": "5 USD", "retainer": "3 USD/week"}}}),
    # Ten more than are needed, or w for 80 USD.
    "minimum order": Small(
        50.0, ALL_V, v={"contract": {"minimum-order": "50 images"}}, one={"demand": {"at-least": "40 images", "at-most": "60 images"}}
    ),
    # One lot of thirty, the rest with w.
    "lots": Small(50.0, ALL_V, v={"contract": {"order-multiple": "30 images"}}),
    # A seat carries 25 images for 10 USD; fifteen more are 30 USD with w, and 25 USD with a second seat.
    "seats": Small(60.0, v={"contract": {"fees": {"seat": {"price": "10 USD", "carries": "25 images"}}}}),
    # 10% back of 40 USD, from 30 USD on.
    "rebate": Small(36.0, v={"contract": {"rebate": {"steps": [{"at-least": "30 USD", "back": "10%"}]}}}),
    # 20% back of what is above 30 USD.
    "rebate by steps": Small(38.0, v={"contract": {"rebate": {"kind": "incremental", "steps": [{"at-least": "30 USD", "back": "20%"}]}}}),
    # 10% off 40 USD, from 30 images on.
    "volume discount": Small(36.0, v={"contract": {"volume-discount": {"steps": [{"from": "30 images", "off": "10%"}]}}}),
    # 10% off 39.99 USD, and a hundredth of an image with w: from 40 images on only 1% is off.
    "volume discount trap": Small(
        36.011, v={"contract": {"volume-discount": {"steps": [{"from": "30 images", "off": "10%"}, {"from": "40 images", "off": "1%"}]}}}
    ),
    # 25 USD with v, fifteen images with w.
    "ceiling": Small(55.0, ALL_V, v={"contract": {"ceiling": "25 USD"}}),
    # Forty images are 40 USD and 10 USD of surplus, more than the ceiling: thirty at 1.5 USD, ten with w.
    "surplus and ceiling": Small(65.0, ALL_V, v={"contract": {**FULL, "ceiling": "45 USD"}}),
    # w had it: half of it stays there for 40 + 20 USD, as switching costs 50 USD.
    "switching": Small(60.0, one={"incumbent": {"vendor": "w", "switching": "50 USD", "below": "50%"}}),
    # Twenty at the locked 0.5 USD, for a fee of 5 USD, and twenty at 1 USD.
    "price lock": Small(
        35.0, v={"contract": {"price-lock": {"price": "0.5 USD/image", "fee": "5 USD", "upto": "20 images"}}}
    ),
    # A term of fifty at 0.5 USD, where forty are needed at 1 USD.
    "price lock with a term": Small(
        40.0, v={"contract": {"price-lock": {"price": "0.5 USD/image", "at-least": "50 images"}}}
    ),
    # 1 USD less 20% for an accuracy below 95%.
    "quality in a window": Small(
        32.0,
        v={"accuracy": "90%", "contract": {"quality": [{"below": "95%", "price": "-20%"}], "quality-window": "horizon"}},
        w={"accuracy": "99%"},
    ),
    "share at most": Small(60.0, ALL_V, more=rule(share={"vendor": "v", "of": "items", "at-most": "50%"})),
    # 20 USD for ten images of w, 30 USD for thirty of v: w has two fifths of the spend.
    "share of spend": Small(50.0, ALL_V, more=rule(share={"vendor": "w", "of": "spend", "at-least": "40%"})),
    # A vendor counts from 5% of the items on: two images with w.
    "count at least": Small(42.0, ALL_V, more=rule(count={"at-least": 2})),
    "count at most": Small(
        80.0, (("one", "v", 1, 25.0), ("one", "w", 1, 15.0)), v={"capacity": "25 images/week"}, more=rule(count={"at-most": 1})
    ),
    "only": Small(80.0, ALL_V, more=rule(only={"products": ["one"], "vendors": ["w"]})),
    "fix": Small(50.0, ALL_V, more=rule(fix={"product": "one", "vendor": "w", "items": "10 images"})),
    # Ten of the one need twenty of the other.
    "needs": Small(
        30.0, (("one", "v", 1, 10.0),), products=("one", "two"), one={"demand": {"at-least": "0 images"}},
        more=rule(needs={"product": "one", "needs": "two", "at-least": "20 images"})
        | {"products": {
            "one": {"item": "image", "effort": "36 s/image", "demand": "10 images"},
            "two": {"item": "image", "effort": "36 s/image", "demand": {"at-least": "0 images"}},
        }},
    ),
    "incompatible": Small(
        120.0, (("one", "v", 1, 40.0), ("two", "v", 1, 40.0)), products=("one", "two"),
        more=rule(incompatible={"products": ["one", "two"]}),
    ),
    # Ten images may be made beside those that count: with v, which has no time for thirty.
    "count at most from a share": Small(
        70.0, (("one", "v", 1, 20.0), ("one", "w", 1, 20.0)), v={"capacity": "20 images/week"},
        more=rule(count={"at-most": 1, "counts-from": "25%"}),
    ),
    # Nothing has to be made; what a rule asks for is one image, or ten of one product.
    "funded at least": Small(
        11.0, (("one", "v", 1, 40.0), ("two", "v", 1, 9.0)), products=("one", "two"), one={"demand": {"at-most": "40 images"}},
        more={"rules": [
            {"name": "one", "funded": {"products": "one", "at-least": 1}},
            {"name": "two", "funded": {"products": "two", "at-least": 1, "counts-from": "25%"}},
        ]},
    ),
    # Both are wanted, and one may be: 40 images are missing at 5 USD each.
    "funded at most": Small(
        240.0, (("one", "v", 1, 40.0), ("two", "v", 1, 40.0)), products=("one", "two"),
        one={"demand": {"exactly": "40 images", "penalty": "5 USD/image"}}, more=rule(funded={"at-most": 1}),
    ),
    # v has time for fifty images, and shares no product: w makes the other one whole.
    "exclusive product": Small(
        120.0, (("one", "v", 1, 40.0), ("two", "v", 1, 10.0), ("two", "w", 1, 30.0)), products=("one", "two"),
        v={"capacity": "50 images/week"}, more=rule(exclusive={"vendors": "v"}),
    ),
    "exclusive vendor": Small(
        120.0, (("one", "v", 1, 40.0), ("two", "v", 1, 40.0)), products=("one", "two"),
        more=rule(exclusive={"what": "vendor", "products": "one"}),
    ),
    # The second week costs half: twelve images more than in the first, and forty in all.
    "steady": Small(
        27.0, (("one", "v", 1, 10.0), ("one", "v", 2, 30.0)), weeks=2, v={"season": [{"from": "week 2", "factor": 0.5}]},
        more=rule(steady={"vendors": "v", "at-most": "12 images/week"}),
    ),
    # It costs twice: ten images less than in the first.
    "steady fall": Small(
        55.0, (("one", "v", 1, 30.0), ("one", "v", 2, 10.0)), weeks=2, v={"season": [{"from": "week 2", "factor": 2}]},
        more=rule(steady={"vendors": "v", "at-most": "0.1 h/week"}),
    ),
    "budget of each week": Small(None, (("one", "v", 1, 20.0), ("one", "v", 2, 20.0)), weeks=2, more={"budget": {"per-week": "19 USD"}}),
    "budget of the last week": Small(
        60.0, (("one", "v", 2, 40.0),), weeks=2,
        more={
            "calendar": [{"week": 1, "vendor": "v", "capacity": "0 images/week"}],
            "budget": {"limits": [{"name": "end", "vendors": "v", "from": "week 2", "to": "week 2", "at-most": "20 USD"}]},
        },
    ),
    # Work of the first week is paid in the second, that of the second after the horizon: all in the second.
    "budget by payment": Small(
        40.0, ALL_V, weeks=2, v={"contract": {"payment": "1 week"}}, w={"contract": {"payment": "1 week"}},
        more={"budget": {"by": "paid", "per-week": "19 USD"}},
    ),
    "items of a week": Small(60.0, ALL_V, v={"capacity": "20 images/week"}),
    "hours of a week": Small(60.0, ALL_V, v={"capacity": "0.2 h/week"}),
    "items in all": Small(60.0, (("one", "v", 1, 20.0), ("one", "v", 2, 20.0)), v={"capacity": "20 images"}, weeks=2),
    # 31 a month in February and 28 in March: a day of each has one or another part of it.
    "items of a rate by month": Small(
        # Five days of January at 15.5/31 and two of February at 15.5/28.
        80.0 - (5 * 15.5 / 31 + 2 * 15.5 / 28), (("one", "v", 1, 4.0), ("one", "w", 1, 36.0)), at_v={"capacity": "15.5 images/month"}
    ),
    "items of a vendor by month": Small(
        80.0 - (5 * 15.5 / 31 + 2 * 15.5 / 28), (("one", "v", 1, 3.7), ("one", "w", 1, 36.3)), v={"capacity": "15.5 images/month"}
    ),
    "deadline": Small(80.0, (("one", "v", 1, 40.0),), v={"lead": "1 week"}, one={"deadline": "week 1"}, weeks=2),
    "accuracy": Small(60.0, ALL_V, v={"accuracy": "90%"}, w={"accuracy": "100%"}, one={"accuracy": "95%"}),
    "accuracy of each vendor": Small(
        80.0, (("one", "v", 1, 20.0), ("one", "w", 1, 20.0)), v={"accuracy": "90%"}, w={"accuracy": "100%"},
        one={"accuracy": {"at-least": "95%", "of": "each-vendor"}},
    ),
    # v delivers a week later: thirty images by the first week are with w.
    "milestone": Small(
        70.0, (("one", "v", 1, 40.0),), weeks=2, v={"lead": "1 week"},
        one={"milestones": [{"by": "week 1", "at-least": "30 images"}]},
    ),
    # Fifteen begun with v in each of two weeks, ten with w.
    "work in progress": Small(
        50.0, (("one", "v", 1, 16.0), ("one", "v", 2, 14.0), ("one", "w", 1, 10.0)), weeks=3, v={"lead": "1 week"},
        one={"work-in-progress": {"at-most": "15 images"}},
    ),
    # Twenty more items a week for 5 USD.
    "lever": Small(
        45.0, v={"capacity": "20 images/week"},
        more={"levers": {"tool": {"cost": "5 USD", "effect": {"vendors": "v", "capacity": "20 images/week"}}}},
    ),
    # Somebody hired for 10 USD and paid 20 USD for the week, busy or not.
    "team": Small(30.0, v=TEAM),
    # Forty hours of one who starts in the week, for 30 USD; a second may not start, so w makes forty images for 80 USD.
    "hires at once": Small(
        110.0, v={"team": {**TEAM["team"], "hire": {"cost": "10 USD", "per-period": 1}}},
        one={"effort": "1 h/image", "demand": {"exactly": "80 images"}},
    ),
    # Two are paid 20 USD each for the week; there is one seat, and a second shift is 3 USD and half a wage more.
    "shifts": Small(
        53.0,
        v={"team": {
            "people": 2, "hours": "40 h/week", "wage": "0.5 USD/h", "shrinkage": "0%",
            "shifts": {"seats": 1, "further": [{"cost": "3 USD/week", "premium": "50%"}]},
        }},
    ),
    # Twenty images take v 20 ** 0.678 = 7.62 of 10 h, forty 12.2 h, forty without learning 40 h: one lot of twenty.
    "learning": Small(
        60.0, ALL_V, v={"capacity": "10 h/week", "learning": {"rate": "80%", "from": "1 image"}, "contract": {"order-multiple": "20 images"}},
        one={"effort": "1 h/image"},
    ),
    # v is away in the first week, has half of its 24 images in the second, all of them in the third.
    "a ramp from the first work": Small(
        44.0, (("one", "v", 2, 24.0), ("one", "v", 3, 16.0)), weeks=3,
        v={"capacity": "24 images/week", "ramp": ["50%"], "ramp-from": "first-work"},
        more={"calendar": [{"week": 1, "vendor": "v", "capacity": "0 images/week"}]},
    ),
    # w, which has three tenths of each week, is there in the first only: so all is made in it, twenty with either.
    "share of each week": Small(
        60.0, (("one", "v", 1, 20.0), ("one", "w", 1, 15.0), ("one", "v", 2, 5.0)), weeks=2, v={"capacity": "20 images/week"},
        more={
            **rule(share={"vendor": "w", "of": "items", "at-least": "30%", "in": "each-period"}),
            "calendar": [{"week": 2, "vendor": "w", "capacity": "0 images/week"}],
        },
    ),
    # Nobody hired: images for nobody's hours.
    "demand missed": Small(20.0, one={"demand": {"exactly": "40 images", "penalty": "0.5 USD/image"}}),
    "demand missed for money": Small(20.0, one={"demand": {"exactly": "40 images", "penalty": "0.25 EUR/image", "cash": True}}),
    # Everything is missing, in the second week and in the one after the horizon: 20 USD, and 2 USD a week.
    "milestone missed": Small(
        24.0, weeks=2,
        one={
            "demand": {"exactly": "40 images", "penalty": "0.5 USD/image"},
            "milestones": [{"by": "week 1", "at-least": "40 images", "penalty": "0.05 USD/image/week"}],
        },
    ),
    "milestone missed for money": Small(
        24.0, weeks=2,
        one={
            "demand": {"exactly": "40 images", "penalty": "0.5 USD/image", "cash": True},
            "milestones": [{"by": "week 1", "at-least": "40 images", "penalty": "0.05 USD/image/week", "cash": True}],
        },
    ),
    # Half of 0.4 hours a week: twenty images.
    "people": Small(60.0, ALL_V, v={"people": "1 person", "hours": "0.4 h/week", "shrinkage": "50%"}),
    "demand": Small(40.0, (("one", "v", 1, 39.0),)),
    # v's images are faint in 4 of 100 and w's in none: at most one in a hundred is so.
    "quality": Small(
        70.0, (("one", "v", 1, 20.0), ("one", "w", 1, 20.0)),
        one={"qualities": {"faint": {"at-most": "1%", "vendors": {"v": "4%", "w": "0%"}}}},
    ),
    # A quarter of what v leaves out is found: each vendor's are complete enough by that.
    "quality by vendor": Small(
        40.0, one={"qualities": {"full": {"at-least": "80%", "of": "each-vendor", "vendors": {"v": "74%", "w": "90%"}, "catch": "25%"}}},
        more={
            "workflows": {"checked": {"review": {"share": "100%", "catch": "80%", "accuracy": "95%", "time": "36 s/item"}}},
            "review-team": {"wage": "0 USD/h"},
        },
    ),
    # The second week costs 1.5 times as much, keeping an image for it 0.2 USD: all is made in the first, and thirty kept.
    "stock": Small(
        46.0, weeks=2, v={"season": [{"from": "week 2", "factor": 1.5}]},
        one={"stock": {"needs": [{"by": "week 1", "items": "10 images"}, {"by": "week 2", "items": "30 images"}], "holding": "0.2 USD/image/week"}},
    ),
    # v can begin in the second week: twenty images wait for it, where they may, at 0.25 USD each, ten are there.
    "backlog": Small(
        45.0, weeks=2, one={
            "from": "week 2",
            "stock": {"start": "10 images", "needs": [{"by": "week 1", "items": "30 images"}], "holding": "0 USD/image/week", "backlog": "0.25 USD/image/week"},
        },
    ),
    "needed in time": Small(
        60.0, (("one", "v", 2, 40.0),), weeks=2, v={"capacity": "90 images/week", "ramp": ["0%"]},
        one={"stock": {"needs": [{"by": "week 1", "items": "20 images"}], "holding": "0 USD/image/week"}},
    ),
    # Each image counts for half a label of the other product, whose curve pays for it up to twenty of them.
    "labels for another": Small(
        40.0, products=("one",), one={"demand": {"at-most": "40 images"}}, more={
            "objective": "net-value",
            "products": {
                "one": {"item": "image", "effort": "36 s/image", "demand": {"at-most": "60 images"}},
                "two": {
                    "item": "image", "effort": "36 s/image", "demand": {"at-most": "0 images"},
                    "value": {
                        "curve": [{"labels": 0, "score": 0}, {"labels": 20, "score": 20}], "worth": "3 USD/point",
                        "transfer": {"from": "one", "rate": "50%"},
                    },
                },
            },
        },
        v={"accuracy": "100%"},
    ),
    # Twenty images are worth more than they cost, further ones less.
    "worth of items": Small(
        20.0, more={"objective": "net-value"},
        one={
            "demand": {"at-most": "40 images"},
            "value": {"steps": [{"up-to": "20 images", "worth": "1.5 USD/image"}, {"worth": "0.5 USD/image"}]},
        },
    ),
    # Its work can begin in the second week, which costs twice; of its parts forty in all.
    "begins": Small(80.0, ALL_V, weeks=2, v={"season": [{"from": "week 2", "factor": 2}]}, one={"from": "2027-01-28"}),
    "arrives": Small(
        70.0, (("one", "v", 1, 11.0), ("one", "v", 2, 29.0)), weeks=2, v={"season": [{"from": "week 2", "factor": 2}]},
        one={"arrives": [{"from": "week 1", "items": "10 images"}, {"from": "week 2", "items": "30 images"}]},
    ),
    # A fifth of an hour is twenty images, in all or by the week, of v or of both.
    "hours in all": Small(60.0, (("one", "v", 1, 21.0), ("one", "w", 1, 19.0)), weeks=2, v={"capacity": "0.2 h"}),
    "resource in all": Small(
        65.0, (("one", "v", 1, 30.0), ("one", "w", 1, 10.0)), one={"drivers": {"box": "2/image"}},
        more={"resources": {"boxes": {"capacity": "30 boxes", "vendors": ["v"]}}},
    ),
    "resource of each week": Small(
        50.0, ALL_V, weeks=2, v={"season": [{"from": "week 2", "factor": 1.5}]},
        more={"resources": {"desks": {"capacity": "0.2 h/week"}}},
    ),
    "most items": Small(40.0, (("one", "v", 1, 41.0),)),
    # Nothing is worked after the horizon.
    "horizon": Small(80.0, (("one", "v", 1, 40.0),), v={"lead": "1 week"}),
    # A tenth of an hour of checking a week, of which a fifth is not there: eight checks of 36 s.
    "review": Small(
        16.0, (("one", "v", 1, 9.0), ("one", "v", 2, 7.0)), weeks=2, one={"demand": {"exactly": "16 images"}},
        more={
            "workflows": {"checked": {"review": {"share": "100%", "catch": "80%", "accuracy": "95%", "time": "36 s/item"}}},
            "review-team": {"wage": "0 USD/h", "people": "1 person", "hours": "0.1 h/week", "shrinkage": "20%"},
        },
    ),
}  # fmt: skip
