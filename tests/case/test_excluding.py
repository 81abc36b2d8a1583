"""Vendors and products taken out of a case: what goes with them, what stays, and the note that says so."""

from __future__ import annotations

from typing import Any

import pytest

from allocate.api.solving import solve
from allocate.case.load import read_case, revised
from allocate.errors import CaseError


def case(**more: Any) -> dict[str, Any]:
    """Two products, three vendors, six rates; more: further keys."""
    prices = {"acme": 3, "brown": 2, "crowd": 4}
    return {
        "case": "bids",
        "currency": "USD",
        "horizon": {"start": "2027-01-04", "weeks": 2},
        "objective": "cost",
        "products": {name: {"item": "image", "effort": "1 h/image", "demand": "10 images"} for name in ("p", "q")},
        "vendors": {name: {"accuracy": "90%", "capacity": "90 h/week"} for name in prices},
        "rates": [
            {"product": product, "vendor": vendor, "price": f"{price} USD/image"}
            for product in ("p", "q")
            for vendor, price in prices.items()
        ],
        "workflows": ["single-pass"],
        **more,
    }


OUT = {"vendors.brown.excluded": "true"}
SAYS_EVERYTHING: dict[str, Any] = {
    "calendar": [
        {"vendor": "brown", "week": 1, "capacity": "50 h/week"},
        {"vendor": "acme", "week": 1, "capacity": "80 h/week"},
    ],
    "rules": [
        {"name": "keep brown", "share": {"vendor": "brown", "of": "spend", "at-least": "20%"}},
        {"name": "no vendor above 80 %", "share": {"vendor": "each", "of": "spend", "at-most": "80%"}},
        {"name": "these two at most 90 %", "share": {"vendor": ["acme", "brown"], "of": "spend", "at-most": "90%"}},
        {"name": "frame order", "fix": {"product": "p", "vendor": "brown", "items": "2 images"}},
    ],
    "budget": {"limits": [{"name": "brown's", "vendors": ["brown"], "at-most": "5 USD"}]},
    "levers": {
        "tool": {"cost": "1 USD", "effect": {"vendors": ["brown"], "hours": "-10%"}},
        "both": {"cost": "1 USD", "effect": {"vendors": ["brown", "acme"], "hours": "-10%"}, "excludes": ["tool"]},
    },
    "scenarios": {
        "without brown": {"vendors.brown.excluded": "true"},
        "brown slips": {"vendors.brown.capacity": "1 h/week", "rates.p.brown.price": "9 USD/image"},
    },
}


def test_a_bidder_is_taken_out_with_all_that_is_said_of_it_alone() -> None:
    """The plan is that of the case without its vendor, rates, rules, limit and lever; rules about others stand; one note says it."""
    answer = solve(read_case(case(**SAYS_EVERYTHING), scenario="without brown"))
    read = answer.case
    assert list(read.vendors) == ["acme", "crowd"]
    assert {rate.vendor for rate in read.file.rates} == {"acme", "crowd"}
    assert [rule.name for rule in read.file.rules] == ["no vendor above 80 %", "these two at most 90 %"]
    assert [row.vendor for row in read.file.calendar] == ["acme"]
    assert list(read.file.levers) == ["both"]
    assert read.file.levers["both"].effect[0].vendors == ("acme",)
    assert not read.file.levers["both"].excludes
    assert not read.file.budget.limits
    assert answer.plan is not None
    assert answer.plan.spend == pytest.approx(0.8 * 60 + 0.2 * 80, abs=2.0)
    (note,) = [note for note in answer.notes if "excluded" in note]
    assert note == (
        "brown is excluded, and with it 2 rates, 1 row of the calendar, the rule 'keep brown', the rule 'frame order', "
        "the limit of the budget 'brown's', the lever 'tool'"
    )


def test_settings_and_scenarios_about_what_is_excluded_do_no_harm() -> None:
    """A scenario that changes the excluded vendor's capacity and prices is the case without it."""
    written = case(**SAYS_EVERYTHING)
    written["vendors"]["brown"]["excluded"] = True
    slips = read_case(written, scenario="brown slips")
    assert list(slips.vendors) == ["acme", "crowd"]
    assert slips.file == read_case(written).file


def test_what_is_excluded_can_be_put_back() -> None:
    """A scenario or setting with `excluded: false` gives the whole case again, its rates included."""
    written = case()
    written["vendors"]["brown"]["excluded"] = "true"
    without = read_case(written)
    back = {"vendors.brown.excluded": "false"}
    for whole in (
        read_case(written, settings=back),
        revised(without, back),
        revised(revised(without, {"rates.p.brown.price": "1 USD/image"}), back),
    ):
        assert list(whole.vendors) == ["acme", "brown", "crowd"]
        assert len(whole.file.rates) == 6
        assert not whole.notes
    assert revised(revised(read_case(case()), OUT), back).file.vendors.keys() == {"acme", "brown", "crowd"}


def test_a_product_is_taken_out() -> None:
    """Its rates and the rules about it go; a rule about both products stands for the other."""
    rules = [
        {"name": "q by two", "count": {"products": ["q"], "at-least": 2}},
        {
            "name": "each below 90 %",
            "share": {"vendor": "each", "of": "items", "products": ["p", "q"], "at-most": "90%"},
        },
        {"name": "not at one vendor", "incompatible": {"products": ["p", "q"]}},
    ]
    read = read_case(case(rules=rules), settings={"products.q.excluded": "true"})
    assert list(read.products) == ["p"]
    assert [rule.name for rule in read.file.rules] == ["each below 90 %"]
    assert {rate.product for rate in read.file.rates} == {"p"}


def test_an_incumbent_that_is_out_is_named_with_what_leaving_it_costs() -> None:
    """The cost of leaving an excluded incumbent is not counted, and the note says so."""
    written = case()
    written["products"]["p"]["incumbent"] = {"vendor": "brown", "switching": "5 USD"}
    read = read_case(written, settings=OUT)
    assert read.products["p"].incumbent is None
    assert "the incumbent of p with all that leaving it costs" in read.notes[0]


def test_a_rule_that_only_excluded_vendors_keep_is_not_dropped() -> None:
    """Who alone may make a product is a matter of law or safety: where all of them are out, the case is refused."""
    rules = [{"name": "certified", "only": {"products": ["p"], "vendors": ["brown"]}}]
    with pytest.raises(CaseError) as raised:
        read_case(case(rules=rules), settings=OUT)
    assert "lets only brown make p" in raised.value.problems[0].message
    both = {**OUT, "products.p.excluded": "true"}
    assert not read_case(case(rules=rules), settings=both).file.rules


def test_without_any_rate_left_nobody_is_taken_for_all_products() -> None:
    """Where all rates are out, vendors with a contract price do not serve every product instead: the case is refused."""
    written = case()
    written["vendors"]["extra"] = {"accuracy": "90%", "capacity": "9 h/week", "contract": {"price": "1 USD/image"}}
    out = {f"vendors.{name}.excluded": "true" for name in ("acme", "brown", "crowd")}
    with pytest.raises(CaseError, match="no rate is left"):
        read_case(written, settings=out)


def test_not_all_is_excluded() -> None:
    """A case without any vendor, or product, says what became of them."""
    for block, names in (("vendors", ("acme", "brown", "crowd")), ("products", ("p", "q"))):
        with pytest.raises(CaseError, match=f"every one of the {block} is excluded"):
            read_case(case(), settings={f"{block}.{name}.excluded": "true" for name in names})


def test_excluded_is_true_or_false() -> None:
    """Another word is refused at its place."""
    with pytest.raises(CaseError, match=r"vendors\.brown\.excluded expects true or false, got 'perhaps'"):
        read_case(case(), settings={"vendors.brown.excluded": "perhaps"})


def test_what_is_uncertain_about_the_excluded_is_left_out() -> None:
    """Spreads, shared causes and pairs lose the amounts of the excluded, and go where none is left; others stay."""
    written = case(
        uncertain={
            "factors": {
                "strike": {"chance": "20%", "then": "60%", "of": "capacity of brown"},
                "wages": {"low": "90%", "high": "110%", "of": ["price of brown", "price of acme"]},
            },
            "together": [{"amounts": ["vendors.brown.capacity", "vendors.acme.capacity"], "correlation": "50%"}],
            "known": [{"of": ["strike"], "from": "week 2"}],
        }
    )
    for name in ("acme", "brown"):
        written["vendors"][name]["capacity"] = "80 .. 90 .. 110 h/week"
    read = read_case(written, settings=OUT)
    assert read.file.uncertain is not None
    assert {name: one.of for name, one in read.file.uncertain.factors.items()} == {"wages": ("price of acme",)}
    assert not read.file.uncertain.together
    assert not read.file.uncertain.known
    assert list(read.spreads.amounts) == ["vendors.acme.capacity"]
    assert len(revised(read, {"vendors.brown.excluded": "false"}).spreads.amounts) == 2
