"""`export --tables`: plans as a star schema that other tools join by its keys."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from command_line import Run

from allocate import solve
from allocate.case.spreadsheet_text import meant
from allocate.cli import cli
from allocate.solvers.outcome import Limit
from allocate.tables.star import STAR

FORMULA, MENTION = '=HYPERLINK("http://evil.example","x")', "@SUM(1+1)|<b>, a"
PRODUCT = {"item": "image", "effort": "36 s/image", "demand": {"at-least": "101 images"}, "accuracy": "90%"}
CASE: dict[str, Any] = {
    "case": "-2+3 <script>",
    "currency": "USD",
    "fiscal-year": "starts April",
    "horizon": {"start": "2027-03-22", "weeks": 3},
    "objective": "cost",
    "budget": "900 USD",
    "products": {FORMULA: {**PRODUCT, "tags": {"+team": "-7"}}, "lanes": PRODUCT},
    "vendors": {
        MENTION: {
            "capacity": "1 h/week",
            "contract": {"price": "7.77 USD/h", "fees": {"onboarding": "33.33 USD"}},
            "accuracy": "94%",
        },
        "plain": {"capacity": "1 h/week", "contract": {"price": "50.01 USD/h"}, "accuracy": "94%"},
    },
    "scenarios": {"dear": {"vendors.plain.contract.price": "61.07 USD/h"}, "=poor": {"budget": "1 USD"}},
}
Tables = dict[str, list[dict[str, str]]]


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """The case as a file."""
    path = tmp_path / "case.yaml"
    path.write_text(json.dumps(CASE), encoding="utf-8")  # JSON is YAML
    return path


def _read(folder: Path) -> Tables:
    """Every table of a folder."""
    found = {}
    for path in folder.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            found[path.stem] = list(csv.DictReader(file))
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the tables of the case and its scenarios, one of which has no plan."""
    made = tmp_path_factory.mktemp("star")
    path = made / "case.yaml"
    path.write_text(json.dumps(CASE), encoding="utf-8")
    done = CliRunner().invoke(cli, ["export", str(path), "--tables", str(made / "out"), "--scenario", "all"])
    assert done.exit_code == 3
    assert "note: =poor: no plan is possible" in done.stderr
    return made / "out"


@pytest.fixture(scope="module")
def tables(folder: Path) -> Tables:
    """The tables in it."""
    return _read(folder)


@pytest.mark.slow
def test_sums_are_those_of_the_json(run: Run, case: Path, tables: Tables) -> None:
    """Of each run the invoice adds up to the spend in whole cents, the plan to spend, items and hours, and totals are the JSON's."""
    assert [row["scenario"] for row in tables["dim_scenario"]] == ["", "dear", "'=poor"]
    for number, scenario in ((1, []), (2, ["--scenario", "dear"])):
        found = json.loads(run("solve", case, *scenario, "--format", "json").out)
        (told,) = (row for row in tables["dim_run"] if row["run_key"] == str(number))
        for name in ("spend", "value", "net_value", "objective", "bound", "gap", "penalty"):
            assert float(told[name]) == pytest.approx(found[name], rel=1e-11), name
        assert told["digest"] == found["digest"]
        owed = [row for row in tables["fact_invoice"] if row["run_key"] == str(number)]
        assert sum(Decimal(row["amount"]) for row in owed) == Decimal(f"{found['spend']:.2f}")
        assert [float(row["amount"]) for row in owed] == [row["amount"] for row in found["invoice"]]
        work = [row for row in tables["fact_plan"] if row["run_key"] == str(number)]
        assert sum(float(row["cost"]) for row in work) == pytest.approx(found["spend"], abs=1e-6)
        for name in ("items", "hours", "spend"):
            lines = sum(line[name] for line in found["lines"])
            assert sum(float(row[name]) for row in work) == pytest.approx(lines, abs=1e-6), name
    assert found["spend"] > 0


def test_keys_are_unique_and_lead_somewhere(tables: Tables) -> None:
    """No two rows have the same key, every key of a fact is in its dimension, and only runs with a plan have facts."""
    assert set(tables) == set(STAR)
    for name, table in STAR.items():
        rows = tables[name]
        keys = [tuple(row[key] for key in table.key) for row in rows]
        assert rows or name == "fact_frontier", name
        assert len(set(keys)) == len(keys), name
        for of in ("run", "scenario", "product", "vendor", "workflow", "period"):
            known = {row[f"{of}_key"] for row in tables[f"dim_{of}"]}
            assert {row[f"{of}_key"] for row in rows if f"{of}_key" in row} <= known, (name, of)
    assert {row["run_key"] for row in tables["fact_plan"]} == {"1", "2"}
    assert tables["dim_run"][2]["status"] == "infeasible"
    assert tables["dim_run"][2]["spend"] == ""


def test_money_joins_the_names_it_is_owed_for(run: Run, case: Path, tables: Tables) -> None:
    """Joined by keys, the invoice by vendor, product and first day of the period is that of the JSON."""
    found = json.loads(run("solve", case, "--format", "json").out)
    right, joined = defaultdict[Any, float](float), defaultdict[Any, float](float)
    names = {
        of: {row[f"{of}_key"]: meant(row[column]) for row in tables[f"dim_{of}"]}
        for of, column in (("vendor", "vendor"), ("product", "product"), ("period", "first_day"))
    }
    for row in found["invoice"]:
        right[row["vendor"], row["product"], row["start"]] += row["amount"]
    for row in tables["fact_invoice"]:
        if row["run_key"] == "1":
            joined[tuple(names[of][row[f"{of}_key"]] for of in names)] += float(row["amount"])
    assert joined == pytest.approx(right)
    assert len(right) > 2


def test_limits_have_what_is_left_and_what_more_is_worth(run: Run, case: Path, tables: Tables) -> None:
    """Every limit of a plan has a row; those that bind have nothing left, and their worth is that of the JSON."""
    found = json.loads(run("solve", case, "--format", "json").out)
    rows = [row for row in tables["fact_limits"] if row["run_key"] == "1"]
    binding = [row for row in rows if row["binds"] == "true"]
    assert len(binding) == len(found["binding"])
    assert 0 < len(binding) < len(rows)
    for row in rows:
        sign = 1 if row["sense"] == "at least" else -1
        left = sign * (float(row["used"]) - float(row["amount"]))
        assert float(row["slack"]) == pytest.approx(left, abs=1e-6)
    assert any(float(row["worth"]) for row in binding)


def test_periods_have_calendar_and_fiscal_labels(tables: Tables) -> None:
    """Weeks have the month, quarter and fiscal year of their last day; the key 0 is the whole horizon."""
    whole, *weeks = tables["dim_period"]
    assert (whole["period_key"], whole["period"]) == ("0", "")
    told = [(one["first_day"], one["last_day"], one["month"], one["quarter"], one["fiscal_year"]) for one in weeks]
    assert told == [
        ("2027-03-22", "2027-03-28", "2027-03", "2027-Q1", "FY2027"),
        ("2027-03-29", "2027-04-04", "2027-04", "2027-Q2", "FY2028"),
        ("2027-04-05", "2027-04-11", "2027-04", "2027-Q2", "FY2028"),
    ]


def test_names_do_no_harm(tables: Tables, folder: Path) -> None:
    """No text is a formula for a spreadsheet, names are read back as they are, and the page in the folder has no markup of theirs."""
    for name, rows in tables.items():
        for row in rows:
            for column, cell in row.items():
                assert cell[:1] not in ("=", "+", "@"), (name, column)
                assert column[:1] not in ("=", "+", "-", "@")
                assert cell[:1] != "-" or float(cell) < 0
    assert [meant(row["product"]) for row in tables["dim_product"]] == ["", FORMULA, "lanes"]
    assert [meant(row["vendor"]) for row in tables["dim_vendor"]] == ["", MENTION, "plain"]
    assert meant(tables["dim_product"][1]["tag_+team"]) == "-7"
    page = (folder / "README.md").read_text(encoding="utf-8")
    assert "<script" not in page
    for name, table in STAR.items():
        assert f"## {name}\n" in page
        assert f"One row: {table.grain}." in page


def test_the_same_to_the_byte(run: Run, case: Path, tmp_path: Path) -> None:
    """The same case gives the same files."""
    for name in ("one", "two"):
        assert run("export", case, "--tables", tmp_path / name).code == 0
    one, two = ({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("one", "two"))
    assert one == two
    assert len(one) == len(STAR) + 1


def test_a_scenario_that_moves_a_name_has_rows_of_its_own(run: Run, case: Path, tmp_path: Path) -> None:
    """A product whose item differs between scenarios stands twice, and each run's facts have the key of theirs."""
    changed = {**CASE, "scenarios": {"boxes": {"products.lanes.item": "lane", "products.lanes.effort": "36 s/lane", "products.lanes.demand.at-least": "101 lanes"}}}  # fmt: skip
    case.write_text(json.dumps(changed), encoding="utf-8")
    assert run("export", case, "--tables", tmp_path / "out", "--scenario", "all").code == 0
    tables = _read(tmp_path / "out")
    lanes = {row["product_key"]: row["item"] for row in tables["dim_product"] if row["product"] == "lanes"}
    assert sorted(lanes.values()) == ["image", "lane"]
    used = {(row["run_key"], lanes[row["product_key"]]) for row in tables["fact_plan"] if row["product_key"] in lanes}
    assert used == {("1", "image"), ("2", "lane")}


@pytest.mark.parametrize("other", [["--out", "x.lp"], ["--legend"], ["--format", "lp"]])
def test_tables_are_of_plans(run: Run, case: Path, tmp_path: Path, other: list[str]) -> None:
    """Options of the program are refused beside the tables, and nothing is written."""
    done = run("export", case, "--tables", tmp_path / "out", *other)
    assert done.code == 2
    assert "leave out --out, --format and --legend" in done.err
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_none_is_said_before_planning(run: Run, case: Path, tmp_path: Path) -> None:
    """Where a link stands in place of a table it is left as it is, and said in one line."""
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "fact_plan.csv").symlink_to(case)
    done = run("export", case, "--tables", folder)
    assert done.code == 1
    assert "it is a link" in done.err
    assert [path.name for path in folder.iterdir()] == ["fact_plan.csv"]


def test_a_search_that_is_interrupted_writes_nothing(
    run: Run, case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After Ctrl-C the tables would be of a plan that is not the best, or of some scenarios alone: none is written."""
    stopped = replace(solve(case), limit=Limit.INTERRUPT)
    monkeypatch.setattr("allocate.api.solving.solve", lambda _: stopped)
    done = run("export", case, "--tables", tmp_path / "out", "--scenario", "all")
    assert (done.code, done.err) == (5, "error: stopped early: no table was written.\n")
    assert not (tmp_path / "out").exists()


def test_all_has_one_meaning(run: Run, case: Path, tmp_path: Path) -> None:
    """A case with a scenario of the name `all` is told to give it another."""
    case.write_text(json.dumps({**CASE, "scenarios": {"all": {"budget": "800 USD"}}}), encoding="utf-8")
    done = run("export", case, "--tables", tmp_path / "out", "--scenario", "all")
    assert done.code == 2
    assert "give it another name" in done.err


@pytest.mark.slow
def test_a_frontier_is_a_table_of_points(run: Run, case: Path, tmp_path: Path) -> None:
    """`--budgets` adds the best plan at each budget of every scenario, as `frontier` finds it; without it the table is empty."""
    done = run("export", case, "--tables", tmp_path / "t", "--scenario", "all", "--budgets", "1k:3k:3")
    assert done.code in (0, 3), done.err
    with (tmp_path / "t" / "fact_frontier.csv").open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    alone = json.loads(run("frontier", case, "--budget", "1k:3k:3", "--format", "json").out)["rows"]
    own = [row for row in rows if row["run_key"] == "1"]
    assert [float(row["budget"]) for row in own] == [1000.0, 2000.0, 3000.0]
    assert [row["status"] for row in own] == [row["status"] for row in alone]
    for row, right in zip(own, alone, strict=True):
        assert (float(row["spend"]) if row["spend"] else None) == (
            pytest.approx(right["spend"]) if right["spend"] is not None else None
        )
    assert run("export", case, "--tables", tmp_path / "u", "--budgets", "3:1:2").code == 2


def test_parquet_says_the_same(run: Run, case: Path, tmp_path: Path) -> None:
    """Each table as Parquet has the rows and columns of its CSV, with days as dates and amounts as decimals."""
    parquet = pytest.importorskip("pyarrow.parquet", reason="Parquet needs pyarrow")
    assert run("export", case, "--tables", tmp_path / "t", "--parquet").code == 0
    for path in sorted((tmp_path / "t").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as text:
            rows = list(csv.DictReader(text))
            heads = rows[0].keys() if rows else None
        table = parquet.read_table(path.with_suffix(".parquet"))
        assert table.num_rows == len(rows)
        assert heads is None or list(heads) == table.column_names
    invoice = parquet.read_table(tmp_path / "t" / "fact_invoice.parquet")
    written = sum(invoice.column("amount").to_pylist())
    with (tmp_path / "t" / "dim_run.csv").open(encoding="utf-8", newline="") as text:
        assert float(written) == pytest.approx(float(next(csv.DictReader(text))["spend"]), abs=0.01)
    assert str(invoice.schema.field("due").type) == "date32[day]"


def test_parquet_without_pyarrow_is_said_before_planning(
    run: Run, case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is missing and how to install it; nothing is written."""
    monkeypatch.setattr("allocate.reporting.star.find_spec", lambda name: None)
    done = run("export", case, "--tables", tmp_path / "t", "--parquet")
    assert (done.code, "pip install pyarrow" in done.err) == (1, True)
    assert not (tmp_path / "t").exists()
