"""Why a plan is as it is, as people and programs read it."""

from __future__ import annotations

from typing import Any

from allocate.api import Answer, Explanation
from allocate.cli.answer import Block
from allocate.cli.output import amount, share, significant, text


def as_json(answer: Answer, found: Explanation) -> dict[str, Any]:
    """The explanation as one JSON object."""
    parts = {name: [vars(one) for one in getattr(found, name)] for name in ("margins", "limits", "money", "entries")}
    return {
        "case": answer.case.name,
        "status": answer.status.value,
        "objective": answer.objective,
        "currency": answer.case.currency,
        **parts,
    }


def sentences(found: Explanation, currency: str) -> list[str]:
    """Money that is left, and what only a floor asks for, in words."""
    lines = []
    if found.left is not None and found.left > 0.005:
        lines.append(
            f"{found.left:,.2f} {currency} of the budget is not spent: no more of it would pay, or be possible."
        )
    forced = [one.product for one in found.margins if one.returns < one.hurdle * (1.0 - 1e-6)]
    if forced:
        lines.append(f"Funded below the hurdle, because a floor asks for it: {', '.join(forced)}.")
    return [*lines, ""] if lines else []


def blocks(found: Explanation, currency: str) -> list[Block]:
    """Margins, limits, more money and entry prices as tables."""
    show, money = significant(), amount(2)
    margins = [
        [text(one.product), show(one.value_of_item), show(one.cost_of_item), show(one.returns), show(one.hurdle)]
        for one in found.margins
    ]
    limits = [[text(one.subject), text(one.owner), text(one.reason), money(one.gain)] for one in found.limits]
    more = [
        [
            money(one.amount),
            money(one.spent),
            money(one.gain),
            ", ".join(f"{text(n)} {c:+,.0f}" for n, c in one.products),
        ]
        for one in found.money
    ]
    entries = [
        [
            text(one.vendor),
            share(1)(one.share),
            text(f"{one.product}, {one.workflow}"),
            show(one.price),
            show(one.entry) if one.entry > 0 else "not even for nothing",
            share(1)(one.cut) if one.entry > 0 else "–",
        ]
        for one in found.entries
    ]
    head = ["product", "value of one more item", "its cost", "return", "hurdle"]
    goal = f"{found.objective.replace('-', ' ')}, {currency}"
    found_blocks = [
        (f"Marginal return ({currency})", head, margins, [False, True, True, True, True]),
        (
            f"What each limit costs ({goal})",
            ["limit", "owner", "reason", "gain without it"],
            limits,
            [False] * 3 + [True],
        ),
        (f"More budget ({goal})", ["more", "spent", "gain", "goes to"], more, [True, True, True, False]),
        (
            f"Vendors chosen little, and the price at which they would come in ({currency} per item)",
            ["vendor", "share of spend", "nearest route", "price", "enters below", "cut"],
            entries,
            [False, True, False, True, True, True],
        ),
    ]
    return [block for block in found_blocks if block[2]]
