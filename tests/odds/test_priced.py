"""What odds cost, as one more rule: kind by kind, and where no plan has them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from click.testing import CliRunner

from allocate import read_case, solve
from allocate.cli import cli
from allocate.odds.odds import plan_odds
from allocate.odds.priced import priced, priced_grid

TWO: dict[str, Any] = {
    "case": "two-offers", "currency": "USD", "objective": "cost", "horizon": {"start": "2027-01-04", "weeks": 4},
    "products": {"photos": {"item": "image", "effort": "10 s/image", "demand": "10_000 images", "accuracy": "92%"}},
    "vendors": {"acme": {"accuracy": "90% .. 92.5% .. 95%", "contract": {"price": "0.10 USD/image"}},
                "borealis": {"accuracy": "96% .. 97% .. 98%", "contract": {"price": "0.20 USD/image"}}},
}  # fmt: skip


@pytest.mark.slow
def test_more_certainty_costs_more_and_has_an_owner_kind() -> None:
    """An accuracy that holds with 60 % is bought from the surer vendor for 90 %; the price is the difference of both plans."""
    case = read_case(TWO)
    answer = solve(case)
    stated = plan_odds(case, answer.plan)
    found = priced(
        case, replace(stated, limits=tuple(one for one in stated.limits if one.promise.kind == "accuracy")), 0.9
    )
    (one,) = found
    assert one.promises == "accuracy"
    assert one.now < 0.7 < 0.85 < one.most
    assert one.cost is not None
    # All from acme is 1,000 USD; at P10 of acme (90 %) two sevenths of borealis (97 %) make 92 %.
    assert one.cost == pytest.approx(10_000 * 2 / 7 * 0.10, rel=0.25)
    assert priced_grid(found, case).rows[0][0] == found[0].promises


def test_odds_of_a_case_without_spreads_are_refused_by_explain() -> None:
    """What to write is said before anything is planned; odds beyond 0 and 100 % are no odds."""
    plain = CliRunner().invoke(cli, ["explain", "cases/vendor-comparison", "--odds", "90%", "--no-save"])
    assert plain.exit_code == 1
    certain = CliRunner().invoke(cli, ["explain", "cases/uncertain-portfolio", "--odds", "100%", "--no-save"])
    assert certain.exit_code == 2
    assert "nothing is certain" in certain.output
