"""Fund, hold, cut: products ranked by what their next and their last money returns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from allocate.explaining.money import AT_HURDLE, Margin, MoreMoney
from allocate.reporting import charts
from allocate.reporting.document import Chart, Section, Table
from allocate.reporting.material import Material, left_out, table
from allocate.reporting.wording import amount_of, listed, return_of, worth
from allocate.tables.formats import count, money, percent, significant

TITLE = "Fund, hold, cut"
SHOWN = 12
ORDER = ("fund", "hold", "cut", "not asked")
MOST = 1e6
"""Returns beyond this are those of gates and of free work; a picture leaves them out."""


def funding(m: Material) -> Section | None:
    """What each product's money returns, and what that says; of cases without value, what leaving a
    product out saves. None where there is but one product to rank, or it was not asked."""
    if m.found is None or len(m.products) < 2:
        return None
    if not m.has_value or not m.found.margins:
        return _without_value(m)
    known = sorted(m.found.margins, key=lambda one: (ORDER.index(one.advice), -(one.returns or 0.0)))
    margins = {one.product: one for one in known}
    others = [row["product"] for row in m.products if row["product"] not in margins]
    rows = [_row(m, name, margins.get(name)) for name in (*margins, *others)]
    header = [
        "product", "advice", f"spend ({m.currency})", f"value ({m.currency})", "value per spend", "the next returns",
        "the last returned",
    ]  # fmt: skip
    done = table("products", header, rows, 2, shown=SHOWN, order="fund first, then hold, then cut")
    sentences = (
        *_meaning(m),
        *_cut(m),
        *_unvalued(m, others),
        *left_out(m, "margins", "last returns", about="returns of "),
        *left_out(m, "forced", about="what floors cost on "),
    )
    return Section(TITLE, sentences, _chart(m, known, done), tables=(done,), is_wide=True)


def _row(m: Material, name: str, margin: Margin | None) -> list[str]:
    totals = next(row for row in m.products if row["product"] == name)
    spend, value = totals["spend"], totals["value"]
    each = significant(value / spend, 3) if spend > 0 and value > 0 else "–"
    if margin is None:
        why = "not valued" if m.case.products[name].value is None else "nothing is made"
        if m.found is not None and name in m.found.left_out.get("margins", ()):
            why = "not asked"
        return [m.product[name], why, money(spend), money(value), each, "–", "–"]
    ends = (return_of(margin.returns), return_of(margin.last_returns))
    return [m.product[name], margin.advice, money(spend), money(value), each, *ends]


def _meaning(m: Material) -> tuple[str, ...]:
    per, hurdle = f"{m.currency} of value per {m.currency} spent", m.plan.hurdle
    bar = f"the hurdle of {hurdle:g}" if hurdle else "nothing"
    return (
        f"The next and the last money: what 0.1% more labels would return, and what the last 0.1% returned, in {per}, at the "
        "lowest cost of making them.",
        f"Fund: the next money returns at least {percent(AT_HURDLE, 0)} more than {bar}. Hold: the last money did, the next would not, or no "
        "more can be made. Cut: the last money returned less, and is spent only because a limit requires it.",
    )


def _cut(m: Material) -> tuple[str, ...]:
    """Which product would be cut first, by a plan with less money, or by what the last money returned."""
    assert m.found is not None
    said = []
    for one in m.found.forced:
        gain = worth(one.worth, m.found.objective)
        said.append(
            f"{m.product[one.product]} gets {money(one.money)} {m.currency} only because a floor asks for it; without the "
            f"floor {m.goal} {gain}."
        )
    less = m.found.less
    if less is not None:
        lost: dict[str, float] = {}
        for product, _, _, amount in less.lines:
            lost[product] = lost.get(product, 0.0) + amount
        order = sorted((name for name in lost if lost[name] <= -0.5), key=lambda name: (lost[name], name))
        where = listed([f"{m.product[name]} ({money(-lost[name])})" for name in order]) or "no product by itself"
        share = percent(-less.amount / m.plan.spend, 0) if m.plan.spend else ""
        said.append(
            f"With {money(-less.amount)} less to spend ({share} of the spend), the plan takes it from {where}: {m.goal} "
            f"{worth(less.worth, m.found.objective)} {m.currency}."
        )
        said += _given_up(m, less, order)
    known = [one for one in m.found.margins if one.last_returns is not None]
    costly = [one for one in known if one.saved]
    if costly:
        least = min(costly, key=lambda one: one.last_returns or 0.0)
        word = "Cut first: " if least.advice == "cut" else "If something has to be cut, start with "
        among = "" if all(one.is_asked for one in m.found.margins) else " of those that were looked into"
        said.append(
            f"{word}{m.product[least.product]}. Its last money returned least{among}, {return_of(least.last_returns)}."
        )
    elif known:
        said += _paid_anyway(m, known)
    return tuple(said)


def _given_up(m: Material, less: MoreMoney, named: Sequence[str]) -> Iterator[str]:
    """Products that lose items although no money is taken from them: people who are paid anyway go over to others."""
    fewer = [(name, -change) for name, change in less.made if change < 0]
    if {name for name, _ in fewer} - {*named}:
        told = listed([f"{count(items)} of {m.product[name]}" for name, items in fewer])
        yield f"Fewer items are made: {told}."
        if any(one.team is not None for one in m.case.vendors.values()):
            yield "People of your own, who are paid anyway, do work that is bought today."


def _paid_anyway(m: Material, known: Sequence[Margin]) -> Iterator[str]:
    """Which product gives up hours first, where those who do the work are paid for them whatever they do."""
    yield "Fewer labels save no money here: the hours that make them are paid, busy or not. What can change is what they are used for."
    rows = {row["product"]: row for row in m.products}
    each = {
        one.product: one.last_value * rows[one.product]["effective_labels"] / rows[one.product]["spend"]
        for one in known
        if rows[one.product]["spend"] > 0
    }
    if len(each) > 1:
        least = min(each, key=lambda name: (each[name], name))
        yield (
            f"If hours have to be given up, start with {m.product[least]}: its last labels return {return_of(each[least])} {m.currency} "
            f"of value for each {m.currency} of the pay they take, the least of all."
        )


def _unvalued(m: Material, others: list[str]) -> tuple[str, ...]:
    names = [m.product[name] for name in others if m.case.products[name].value is None]
    if not names:
        return ()
    return (
        f"The case states no value for {listed(names)}, so no return says what {'it' if len(names) == 1 else 'they'} should get.",
    )


def _chart(m: Material, known: list[Margin], figures: Table) -> Chart | None:
    finite = [(m.product[one.product], one.returns) for one in known if one.returns is not None and one.returns < MOST]
    if not finite:
        return None
    hurdle, shown = m.plan.hurdle, finite[:SHOWN]
    drawn: list[Mapping[str, Any]] = [
        {"name": name, "amount": back, "text": significant(back, 3), "good": back >= hurdle * (1.0 - AT_HURDLE)}
        for name, back in shown
    ]
    below = sum(back < hurdle * (1.0 - AT_HURDLE) for _, back in finite)
    return Chart(
        charts.bars(
            drawn, [name for name, _ in shown], f"the next {m.currency} returns ({m.currency} of value)", hurdle or None,
            f"hurdle {hurdle:g}",
        ),
        f"Bars of what the next money of {len(shown)} products returns; {below} of all {len(finite)} lie below the hurdle of {hurdle:g}.",
        figures,
        note="" if len(shown) == len(finite) else f"the first {len(shown)} of {len(finite):,} products",
    )  # fmt: skip


def _without_value(m: Material) -> Section | None:
    """What leaving a product out, or making a little less of it, would save."""
    assert m.found is not None
    found = {one.product: one for one in m.found.costs if one.product}
    if not found:
        return None
    rows = []
    for row in m.products:
        one = found.get(row["product"])
        if one is None or one.without.state == "left":
            continue
        step = "–" if one.step is None else amount_of(one.step, one.unit, m.case)
        rows.append([
            m.product[row["product"]], money(row["spend"]), worth(one.without, "cost"), step,
            "–" if one.less is None else worth(one.less, "cost"), "–" if one.more is None else worth(one.more, "cost"),
        ])  # fmt: skip
    if not rows:
        return None
    header = ["product", f"spend ({m.currency})", "cost without it", "step", "a step less", "a step more"]
    done = table("products", header, rows, shown=SHOWN, order="largest spend first")
    words = (
        "The case states no value for its products, so no return ranks them: the plan makes what is asked for at the least "
        "cost. What cutting one would save, found by planning again:"
    )
    return Section(TITLE, (words, *left_out(m, "costs")), tables=(done,), is_wide=True)
