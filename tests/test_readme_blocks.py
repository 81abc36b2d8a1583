"""The pieces of cases the README shows are pieces of cases that have a plan, and no block of it goes untested."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from allocate import read_case, solve
from allocate.case.yaml_text import parse

TEXT = (Path(__file__).resolve().parent.parent / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
YAML = [body for kind, body in BLOCKS if kind == "yaml"]
ITEM = {"item": "image", "effort": "30 s/image", "demand": "5_000 images"}
VENDOR = {"capacity": "400 h/week", "accuracy": "95%", "contract": {"price": "20 USD/h"}}


def _shown(begins: str) -> Any:
    """The one block of YAML that begins so."""
    (body,) = [body for body in YAML if re.match(begins, body)]
    return parse("\n".join(line[len(body) - len(body.lstrip()) :] for line in body.splitlines()), "README.md").data


def _solved(folder: Path, **blocks: Any) -> str:
    case = {"case": "readme", "currency": "USD", "horizon": {"start": "2027-01-04", "weeks": 8}, "objective": "cost"}
    (folder / "case.yaml").write_text(json.dumps({**case, **blocks}), encoding="utf-8")
    return solve(read_case(folder)).status.value


def test_levers_of_the_readme(tmp_path: Path) -> None:
    """The levers shown fit a case that has the product and the vendors they name."""
    vendors = {"acme": VENDOR, "in-house": VENDOR, "night-team": VENDOR}
    assert _solved(tmp_path, products={"lane-marking": ITEM}, vendors=vendors, **_shown("levers:")) == "optimal"


def test_penalties_of_the_readme(tmp_path: Path) -> None:
    """The limits shown that may be missed fit a product, whose plan then misses some of them."""
    shown = _shown("products:\n  lanes:")["products"]["lanes"]
    horizon = {"start": "2027-01-04", "weeks": 12}
    products = {"lanes": {**ITEM, **shown}}
    assert _solved(tmp_path, products=products, vendors={"acme": VENDOR}, horizon=horizon) == "optimal"


def test_team_of_the_readme(tmp_path: Path) -> None:
    """The in-house team shown can be planned."""
    assert _solved(tmp_path, products={"cats": ITEM}, **_shown("vendors:\n  in-house:\n    team:")) == "optimal"


def test_learning_of_the_readme(tmp_path: Path) -> None:
    """The vendor that learns can be planned, with a price."""
    (body,) = [body for body in YAML if "learning: {rate" in body]
    acme = parse(body, "README.md").data["vendors"]["acme"]
    vendor = {**acme, "accuracy": "95%", "contract": {"price": "0.2 USD/image"}}
    assert _solved(tmp_path, products={"cats": ITEM}, vendors={"acme": vendor}) == "optimal"


def test_stages_of_the_readme(tmp_path: Path) -> None:
    """The stages and the limit on work in progress shown fit a case with the product, a lead and reviewers."""
    shown = _shown("workflows:")
    product = {**ITEM, **shown["products"]["lanes"]}
    vendors = {"acme": {**VENDOR, "lead": "1 week"}}
    case = {"workflows": shown["workflows"], "review-team": {"wage": "40 USD/h"}}
    assert _solved(tmp_path, products={"lanes": product}, vendors=vendors, **case) == "optimal"


def test_gates_of_the_readme(tmp_path: Path) -> None:
    """The value with a gate shown can be planned, with a curve beside the case."""
    (tmp_path / "curves").mkdir()
    (tmp_path / "curves" / "defects.csv").write_text("labels,score\n1000,60\n5000,80\n20000,90\n", encoding="utf-8")
    product = {**ITEM, "demand": {"at-most": "20_000 images"}, **_shown(r" *value:")}
    case = {"objective": "net-value", "products": {"defects": product}, "vendors": {"acme": VENDOR}}
    assert _solved(tmp_path, **case) == "optimal"


def test_no_block_goes_untested() -> None:
    """Every block of the README is of a kind and begins in a way that a test looks for."""
    begins = {
        "console": r"\$ ",
        "python": ">>> ",
        "sh": r'python3 -m venv|eval "',
        "yaml": r"case: |vendors:\n  (acme|in-house):|workflows:|levers:|products:\n  lanes:| *value:",
    }
    untested = [body for kind, body in BLOCKS if not re.match(begins.get(kind, "(?!)"), body)]
    assert untested == []
    assert len(BLOCKS) * 2 == len(re.findall(r"^```", TEXT, re.MULTILINE))
    consoles = sum(kind == "console" for kind, _ in BLOCKS)
    assert consoles == len(re.findall(r"^```console\n\$ [^\n]+\n", TEXT, re.MULTILINE))
    assert consoles == len(re.findall(r"^\$ ", TEXT, re.MULTILINE))
