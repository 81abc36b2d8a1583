"""Plans side by side as a page and as Markdown: totals, who gains and loses, dates, names that cannot do harm."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import Run
from study.small import small

from allocate import read_case
from allocate.reporting.compared import compose_comparison
from allocate.reporting.markdown import markdown
from allocate.reporting.page import page
from allocate.study.compare import compare

HOSTILE = "<script>alert(1)</script>"


def test_the_page_says_who_gains_and_when_the_work_is_done() -> None:
    """Headline, differences by vendor and product, and a later delivery are those of the comparison."""
    variants = [
        ("as it is", read_case(small())),
        ("slow", read_case(small(), "slow")),
        ("none", read_case(small(budget="1 USD"))),
    ]
    found = compare(variants)
    report = compose_comparison(found, {"allocate": "1"})
    first, slow, _ = found.study.rows
    assert report.headline == f"as it is has the highest net value: {first['objective']:,.2f} USD."
    text = markdown(report)
    assert f"{slow['net_value_change']:+,.2f}" in text
    assert f"last delivery {slow['last_delivery']} instead of {first['last_delivery']}" in text
    assert "none has no plan" in text
    acme = next(row for row in found.vendors if row["variant"] == "slow" and row["vendor"] == "acme")
    gains = next(one for one in report.sections if one.title == "Who gains and who loses")
    assert ["acme", "slow", f"{acme['spend']:,.2f}", f"{acme['spend_change']:+,.2f}"] in [
        list(row[:4]) for row in gains.tables[0].rows
    ]


@pytest.mark.slow
def test_names_stay_text() -> None:
    """A variant, product or vendor named like markup is shown and does nothing."""
    data = small()
    data["products"] = {f"{HOSTILE}{name}": one for name, one in data["products"].items()}
    data["vendors"] = {f"{HOSTILE}{name}": one for name, one in data["vendors"].items()}
    data["scenarios"] = {}
    found = compare([(HOSTILE, read_case(data)), ("=1+1", read_case({**data, "budget": "300 USD"}))])
    shown = page(compose_comparison(found, {"allocate": "1"}))
    assert HOSTILE not in shown
    assert "&lt;script&gt;" in shown


@pytest.mark.slow
def test_the_command_writes_both_files(run: Run, tmp_path: Path) -> None:
    """`--out` leaves a page and Markdown, whose names are told on stderr so that CSV stays CSV."""
    case = Path(__file__).resolve().parents[2] / "cases" / "vendor-comparison"
    ran = run(
        "compare", case, "--set", "products.detection.demand=9_000 images", "--out", tmp_path / "a", "--format", "csv"
    )
    assert ran.code == 0
    assert len(ran.out.splitlines()) == 3
    assert ran.err.splitlines() == [f"wrote {tmp_path / 'a' / name}" for name in ("compare.html", "compare.md")]
    assert (tmp_path / "a" / "compare.html").read_text(encoding="utf-8").count("<svg") == 2
