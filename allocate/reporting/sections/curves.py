"""What if the learning curves are wrong: how far each product's value goes beyond what was measured, low and high."""

from __future__ import annotations

from allocate.reporting.document import Section
from allocate.reporting.material import Material, table
from allocate.reporting.wording import rounded
from allocate.tables.formats import money, percent


def curves(m: Material) -> Section | None:
    """Value with the plan held by the low and the high learning curves; None without value."""
    known = m.plan.value_range
    if known is None or not m.has_value or m.plan.value <= 0:
        return None
    rest = m.plan.net_value - m.plan.value
    beyond = percent(known.beyond / m.plan.value)
    words = [f"{beyond} of the value counted comes from labels beyond those ever measured."]
    if known.is_known:
        low, high = known.low + rest, known.high + rest
        words.append(
            f"With this plan, net value is {rounded(low)} {m.currency} by the low curves (P10) and {rounded(high)} by the high "
            f"ones (P90), varied independently; value less spend is {rounded(known.low - m.plan.spend)} to "
            f"{rounded(known.high - m.plan.spend)}."
        )
        if low < 0:
            words.append(
                "By the low curves the plan does not pay: measure more points before all of the money is spent."
            )
        elif low >= 0 and beyond != "0.0%":
            words.append("Net value stays above zero by the low curves too.")
    else:
        words.append("It is not known how far the value may be off: a curve written by hand states no range.")
    rows = [
        [m.product[row["product"]], money(row["value"]), _share(one.beyond, row["value"]), *_ends(one.low, one.high)]
        for row in m.products
        if (one := m.ranges.get(row["product"])) is not None
    ]
    header = ["product", f"value ({m.currency})", "beyond measured", "low (P10)", "high (P90)"]
    return Section("If the curves are wrong", tuple(words), tables=(table("products", header, rows),), is_wide=True)


def _share(beyond: float, value: float) -> str:
    return percent(beyond / value) if value > 0 else "–"


def _ends(low: float, high: float) -> tuple[str, str]:
    return ("not known", "not known") if low != low else (money(low), money(high))
