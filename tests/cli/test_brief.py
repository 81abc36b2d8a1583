"""`--format brief`: a plan in a few sentences for a chat."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from command_line import Run

from allocate.tables.formats import money

HOSTILE = ("@channel", "#general", "<!here>", "*b* _i_ ~s~", "[a](http://b)", "`x` www.evil.example", "@#<&" * 20)


def _case(*names: str, **more: Any) -> dict[str, Any]:
    """Products that cost 0.50 USD an image, by one vendor each."""
    return {
        "case": names[0],
        "currency": "USD",
        "horizon": {"start": "2027-01-04", "weeks": 2},
        "objective": "cost",
        "budget": "900 USD",
        "products": {
            name: {"item": "image", "effort": "36 s/image", "demand": {"at-least": "100 images"}, "accuracy": "90%"}
            for name in names
        },
        "vendors": {
            name: {"capacity": "1 h/week", "contract": {"price": f"{50 + n} USD/h"}, "accuracy": "94%"}
            for n, name in enumerate(names)
        },
        **more,
    }


def _write(folder: Path, case: dict[str, Any]) -> Path:
    path = folder / "case.yaml"
    path.write_text(json.dumps(case), encoding="utf-8")  # JSON is YAML
    return path


def test_a_brief_has_the_figures_of_the_whole_answer(run: Run, tmp_path: Path) -> None:
    """Items, spend, budget, payees, what binds and the bound are those of the JSON, twice to the byte."""
    path = _write(tmp_path, _case("ocr", "lanes"))
    told, again = (run("solve", path, "--format", "brief").out for _ in range(2))
    found = json.loads(run("solve", path, "--format", "json").out)
    assert told == again
    assert len(told) < 1000
    assert "Plan of ocr: 2 of 2 products get labels (ocr 100 and lanes 100 items)." in told.replace(
        "lanes 100 and ocr 100", "ocr 100 and lanes 100"
    )
    assert f"Spend {money(found['spend'])} of 900.00 USD; the case puts no value on labels." in told
    for payee in found["payees"]:
        assert f"{payee['paid_to']} {money(payee['amount'])} ({payee['share']:.0%})" in told
    assert found["binding"]
    assert "What holds it back: " in told
    assert f"no plan can cost less than {money(found['bound'])} USD (gap 0%)." in told
    assert "odds" not in told


def test_a_case_with_spreads_says_so(run: Run, tmp_path: Path) -> None:
    """Where amounts have a spread, the brief says that it tells their middles, and who gives the odds."""
    case = _case("ocr")
    case["vendors"]["ocr"]["contract"]["price"] = "50 USD/h ±20%"
    told = run("solve", _write(tmp_path, case), "--format", "brief")
    assert told.out.endswith("Amounts with a spread stand at their middles (P50); `allocate odds` gives the odds.\n")


@pytest.mark.parametrize("count", [1, len(HOSTILE)])
def test_names_call_upon_nobody_and_the_length_holds(run: Run, tmp_path: Path, count: int) -> None:
    """No name of a case is a mention, a channel, markup or a link in its brief, which stays short whatever names there are."""
    told = run("solve", _write(tmp_path, _case(*HOSTILE[:count])), "--format", "brief").out
    assert len(told) <= 1000
    assert "&#64;channel" in told
    plain = told.replace("&#", "")
    for harm in ("@", "#", "<", "://", "www."):
        assert harm not in plain


def test_a_case_without_a_plan_says_why(run: Run, tmp_path: Path) -> None:
    """Where no plan is possible the brief says so with a reason, and the exit status is that of every format."""
    case = _case("ocr", "@lanes")
    done = run("solve", _write(tmp_path, {**case, "budget": "40 USD"}), "--format", "brief")
    assert done.code == 3
    assert done.out.startswith("Plan of ocr: no plan is possible: ")
    assert "\nbudget: 100.00 USD needed, 40.00 USD there (60.00 short).\n" in done.out
    assert "@" not in done.out
    assert len(done.out) <= 1000


def test_what_is_proven_is_in_the_money_that_is_told(run: Run, tmp_path: Path) -> None:
    """Of a case that discounts, the objective is told in present value, which is what the bound is of."""
    path = _write(tmp_path, _case("ocr", discount="10 %/year"))
    told = run("solve", path, "--format", "brief").out
    found = json.loads(run("solve", path, "--format", "json").out)
    assert found["objective"] < found["spend"] - 0.01
    assert f"In present value at 10 % a year, cost is {money(found['objective'])} USD." in told
    assert f"no plan can cost less than {money(found['bound'])} USD" in told


@pytest.mark.parametrize("other", ["--invoice", "--staff", "--stages"])
def test_a_brief_is_of_a_whole_plan(run: Run, tmp_path: Path, other: str) -> None:
    """Options that show something else in the plan's place are refused beside it."""
    done = run("solve", _write(tmp_path, _case("ocr")), "--format", "brief", other)
    assert done.code == 2
    assert "leave out --invoice" in done.err
