"""Rounds of offers side by side: the same case with one rate card after the other."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from allocate.cli import cli
from allocate.reporting.compared import compose_comparison
from allocate.study.compare import compare

HEAD = "product,vendor,price\n"
CARDS = {
    "2027-01-05": HEAD + "p,one,0.50 USD/image\np,two,0.60 USD/image\n",
    "2027-01-12": HEAD + "p,one,0.50 USD/image\np,two,0.45 USD/image\n",
}
"""In the second round `two` goes below `one`."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A case planned by its first round, with both rounds beside it."""
    (tmp_path / "offers").mkdir()
    for name, card in CARDS.items():
        (tmp_path / "offers" / f"{name}.csv").write_text(card, encoding="utf-8")
    case = {
        "case": "rounds",
        "currency": "USD",
        "objective": "cost",
        "horizon": {"start": "2027-02-01", "weeks": 1},
        "products": {"p": {"item": "image", "effort": "36 s/image", "demand": "1_000 images"}},
        "vendors": {"one": {"accuracy": "100%"}, "two": {"accuracy": "100%"}},
        "rates": "offers/2027-01-05.csv",
        "workflows": ["single-pass"],
    }
    (tmp_path / "case.yaml").write_text(json.dumps(case), encoding="utf-8")
    return tmp_path


def test_rounds_stand_in_the_order_of_their_dates(folder: Path) -> None:
    """1,000 images cost 500 USD in the first round and 450 in the second; only the price that changed is listed."""
    found = compare(folder, offers=["offers/2027-01-12.csv", folder / "offers" / "2027-01-05.csv"])
    assert [(row["variant"], row["spend"]) for row in found.study.rows] == [
        ("rounds", 500.0), ("2027-01-05", 500.0), ("2027-01-12", 450.0),
    ]  # fmt: skip
    assert found.lines == [(("p", "two", ""), ["0.60 USD/image", "0.60 USD/image", "0.45 USD/image"])]
    section = next(one for one in compose_comparison(found, {}).sections if one.title == "Prices that differ")
    assert section.tables[0].rows == (("p", "two", "any", "0.60 USD/image", "0.60 USD/image", "0.45 USD/image"),)


def test_the_command_takes_files_as_the_shell_names_them(folder: Path) -> None:
    """A round named from where the command runs is found, whatever folder the case is in."""
    card = str(folder / "offers" / "2027-01-12.csv")
    done = CliRunner().invoke(cli, ["compare", str(folder), "--offers", card, "--no-save"])
    assert done.exit_code == 0, done.exception
    assert "Prices that differ" in done.stdout
    assert "0.45 USD/image" in done.stdout


def test_a_comparison_of_rounds_is_kept_as_a_run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rounds that were asked for stand among the run's options."""
    monkeypatch.setenv("ALLOCATE_HOME", str(folder / "home"))
    monkeypatch.delenv("ALLOCATE_NO_SAVE", raising=False)
    card = str(folder / "offers" / "2027-01-12.csv")
    done = CliRunner().invoke(cli, ["compare", str(folder), "--offers", card])
    assert done.exit_code == 0, done.exception
    (kept,) = (folder / "home" / "runs").glob("*/run.json")
    assert json.loads(kept.read_text(encoding="utf-8"))["options"]["offers"] == [card]


def test_variants_that_ask_the_same_list_no_prices(folder: Path) -> None:
    """A scenario that leaves prices alone shows none."""
    assert compare(folder, settings=["products.p.demand=500 images"]).prices == ()
