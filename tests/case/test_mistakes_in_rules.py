"""Mistakes in rules that count, forbid, hold or order. Each gives one problem, at its place, with its fix."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from allocate.case.load import read_case


def rules(*kinds: str) -> list[Any]:
    """The edit that adds rules, named r0, r1 …"""
    lines = [f"  - {{name: r{number}, {kind}}}\n" for number, kind in enumerate(kinds)]
    return [("case.yaml", "rules:\n", "rules:\n" + "".join(lines))]


MISTAKES = [
    pytest.param(
        rules("needs: {product: triage, needs: moderation, at-least: 10 scans}"),
        "case.yaml:41:70",
        "moderation counts images, not scans ('10 scans')",
        "write `10 images`",
        id="a needed amount in another noun",
    ),
    pytest.param(
        rules("needs: {product: triage, needs: moderation, at-least: 130_000 images}"),
        "case.yaml:41:70",
        "triage needs 130_000 images of moderation, whose demand is at most 120_000 images",
        "ask for fewer, or raise the demand",
        id="a needed amount above the demand",
    ),
    pytest.param(
        rules("count: {at-least: 2, counts-from: 500 pages}"),
        "case.yaml:41:50",
        "the vendors counted make images and scans, not '500 pages'",
        "write a share, as in `5%`, or `items`, as in `500 items`",
        id="a vendor that counts from what nobody makes",
    ),
    pytest.param(
        rules("count: {at-most: 2, counts-from: 5%}"),
        "case.yaml:41:23",
        'rules."r0".count: counts-from says who counts towards an at-least, and there is none',
        "add `at-least: 2`",
        id="who counts where nobody has to",
    ),
    pytest.param(
        rules("count: {at-least: 2, counts-from: 500}"),
        "case.yaml:41:23",
        "rules.\"r0\".count: counts-from is above 100% ('500')",
        "write `500 items`, or a share, as in `5%`",
        id="a share above all",
    ),
    pytest.param(
        rules("count: {at-least: 2, counts-from: 60%}"),
        "case.yaml:41:50",
        "2 vendors with 60% each or more make more than 100%",
        "write at most 50%",
        id="shares that are more than all",
    ),
    pytest.param(
        rules("count: {at-least: 3}"),
        "case.yaml:41:34",
        "at least 3 vendors of 2 is not possible",
        "write 2 or less",
        id="more vendors than there are",
    ),
    pytest.param(
        rules("count: {products: triage, at-least: 2}"),
        "case.yaml:41:52",
        "at least 2 vendors are to make triage, and 1 of them can",
        "write 1 or less, or add rates for triage",
        id="more vendors than can make the product",
    ),
    pytest.param(
        rules("count: {products: each, at-least: 2}"),
        "case.yaml:41:50",
        "at least 2 vendors are to make triage, and 1 of them can",
        "write 1 or less, or add rates for triage",
        id="more vendors of each product than can make one",
    ),
    pytest.param(
        rules("count: {vendors: any}"),
        "case.yaml:41:23",
        'rules."r0".count: a count needs at-most or at-least',
        "write it as in `at-most: 3`",
        id="a count without a bound",
    ),
    pytest.param(
        rules("count: {at-least: 2, at-most: 1}"),
        "case.yaml:41:23",
        'rules."r0".count: at-least is above at-most',
        "swap them",
        id="bounds the wrong way round",
    ),
    pytest.param(
        rules("count: {vendors: [], at-most: 1}"),
        "case.yaml:41:33",
        "the rule names no vendor",
        "write a name, or leave `vendors` out",
        id="a count of no vendors",
    ),
    pytest.param(
        rules("count: {products: [], at-most: 1}"),
        "case.yaml:41:34",
        "the rule names no product",
        "write a name, or leave `products` out",
        id="a count on no products",
    ),
    pytest.param(
        rules("count: {vendors: [acne], at-most: 1}"),
        "case.yaml:41:33",
        "there is no vendor 'acne'",
        "did you mean 'acme'?",
        id="a count of an unknown vendor",
    ),
    pytest.param(
        rules("count: {at-most: 1.5}"),
        "case.yaml:41:33",
        "rules.\"r0\".count.at-most is not a whole number ('1.5')",
        "write it as in `3`",
        id="a count that is not whole",
    ),
    pytest.param(
        rules(
            "fix: {product: triage, vendor: in-house, items: 10 scans}",
            "fix: {product: triage, vendor: in-house, items: 20 scans}",
        ),
        "case.yaml:42:21",
        "two rules hold triage with in-house at different quantities (line 41)",
        "keep one of them",
        id="two rules that hold one line differently",
    ),
    pytest.param(
        rules("fix: {product: triage, vendor: in-house, items: 6_000 scans}"),
        "case.yaml:41:64",
        "the rule holds 6_000 scans, the demand asks for at most 5_000 scans",
        "hold fewer, or raise the demand",
        id="a quantity held above the demand",
    ),
    pytest.param(
        rules(
            "fix: {product: moderation, vendor: in-house, items: 70_000 images}",
            "fix: {product: moderation, vendor: acme, items: 60_000 images}",
        ),
        "case.yaml:42:21",
        "the rules hold 130,000 items of moderation together, its demand is at most 120_000 images",
        "hold fewer, or raise the demand",
        id="quantities held above the demand together",
    ),
    pytest.param(
        rules("fix: {product: triage, vendor: in-house, items: 10 images}"),
        "case.yaml:41:64",
        "triage counts scans, not images",
        "write `10 scans`",
        id="a quantity held in another noun",
    ),
    pytest.param(
        rules("fix: {product: triage, vendor: in-house, workflow: sampled-55, items: 10 scans}"),
        "case.yaml:41:67",
        "there is no workflow 'sampled-55'",
        "did you mean 'sampled-5'?",
        id="a quantity held in an unknown workflow",
    ),
    pytest.param(
        rules("fix: {product: triage, vendor: acme, items: 10 scans}"),
        "case.yaml:41:47",
        "the rule holds triage with acme, which has no rate for it",
        "add a rate, or name another vendor",
        id="a quantity held without a rate",
    ),
    pytest.param(
        rules(
            "only: {products: moderation, vendors: in-house}",
            "fix: {product: moderation, vendor: acme, items: 10 images}",
        ),
        "case.yaml:42:21",
        "the rule holds moderation with acme, which the rule 'r0' (line 41) forbids",
        "hold another vendor, or change that rule",
        id="a quantity held that another rule forbids",
    ),
    pytest.param(
        rules("only: {vendors-with: hipaa}"),
        "case.yaml:41:37",
        "no vendor is certified 'hipaa'",
        "write `certified: [hipaa]` at a vendor that is",
        id="a certificate nobody holds",
    ),
    pytest.param(
        rules("only: {regions: [PL]}"),
        "case.yaml:41:32",
        "no vendor is in the region 'PL'",
        "known: PH",
        id="a region nobody is in",
    ),
    pytest.param(
        rules("only: {products: triage, vendors: acme}"),
        "case.yaml:41:22",
        "with this rule no vendor that has a rate for triage may make it",
        "allow one that has, add a rate for one that may, or ask for nothing of it",
        id="a rule that leaves nobody with a rate",
    ),
    pytest.param(
        rules("only: {products: triage, vendors: in-house}", "only: {regions: PH}"),
        "case.yaml:42:22",
        "with this rule beside 'r0' (line 41) no vendor that has a rate for triage may make it",
        "allow one that has, add a rate for one that may, or ask for nothing of it",
        id="two rules that leave nobody",
    ),
    pytest.param(
        rules("only: {products: triage}"),
        "case.yaml:41:22",
        'rules."r0".only: the rule does not say who may',
        "write it as in `vendors: […]`, `vendors-with: hipaa` or `regions: […]`",
        id="a rule that does not say who may",
    ),
    pytest.param(
        rules("only: {vendors: []}"),
        "case.yaml:41:32",
        "the rule names no vendor",
        "write a name, or leave `vendors` out",
        id="a rule that names nobody",
    ),
    pytest.param(
        rules("needs: {product: triage, needs: triage}"),
        "case.yaml:41:23",
        "triage cannot need itself",
        "name another product",
        id="a product that needs itself",
    ),
    pytest.param(
        rules("needs: {product: triage, needs: moderaton}"),
        "case.yaml:41:48",
        "there is no product 'moderaton'",
        "did you mean 'moderation'?",
        id="an unknown product needed",
    ),
    pytest.param(
        rules("share: {vendor: acme, at-least: 60%}", "share: {vendor: in-house, at-least: 50%}"),
        "case.yaml:42:52",
        "with this rule and 'r0' (line 41), vendors must have 110% of spend together",
        "lower at-least here or there",
        id="floors above all there is",
    ),
    pytest.param(
        rules("count: {at-most: 1}, only: {vendors: acme}"),
        "case.yaml:41:5",
        'rules."r0": a rule says exactly one thing',
        "write one of share, count, only, fix, needs, incompatible",
        id="a rule of two kinds",
    ),
    pytest.param(
        rules("owner: me"),
        "case.yaml:41:5",
        'rules."r0": a rule says exactly one thing',
        "write one of share, count, only, fix, needs, incompatible",
        id="a rule of no kind",
    ),
]


@pytest.mark.parametrize(("edits", "place", "message", "fix"), MISTAKES)
def test_mistake_is_told_once_with_place_and_fix(
    told_once: Callable[..., None],
    edits: list[Any],
    place: str,
    message: str,
    fix: str,
) -> None:
    """A case with one mistake is refused with one problem: where it lies, what it is, what to write instead."""
    told_once(edits, place, message, fix)


@pytest.mark.parametrize(
    "kinds",
    [
        ("needs: {product: triage, needs: moderation}", "needs: {product: moderation, needs: triage}"),
        ("only: {products: moderation, vendors: [acme, in-house]}", "only: {products: triage, vendors: in-house}"),
        ("fix: {product: triage, vendor: in-house, items: 9 scans}",) * 2,
        ("fix: {product: moderation, vendor: acme, items: 0 images}", "only: {vendors: in-house}"),
        ("count: {products: each, at-least: 1, at-most: 2}", "count: {vendors: any, at-least: 2}"),
    ],
    ids=["products that need one another", "exclusive products", "one line held twice alike", "none held", "counts"],
)
def test_rules_that_go_together_are_read(written: Callable[..., Any], kinds: tuple[str, ...]) -> None:
    """Rules that leave a plan are no mistake."""
    assert len(read_case(written(rules(*kinds))).file.rules) == 1 + len(kinds)
