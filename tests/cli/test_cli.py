"""The command line: exit codes, what goes to stdout and what to stderr, the JSON contract."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import Run

from allocate.cli import COMMANDS

CASE = """\
case: small
currency: USD
horizon: {start: 2027-01-04, weeks: 4}
objective: cost
budget: 20k USD
products:
  cats: {item: image, effort: 36 s/image, demand: {at-least: 10_000 images}, accuracy: 96%}
vendors:
  good: {people: 3, hours: 40 h/week, contract: {price: 25 USD/h}, accuracy: 98%}
  fast: {capacity: 60 h/week, contract: {price: 0.10 USD/image}, accuracy: 94%}
scenarios:
  impossible: {products.cats.demand.at-least: 1_000_000 images}
  richer: {budget: 30k USD}
"""


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A small case file."""
    path = tmp_path / "case.yaml"
    path.write_text(CASE, encoding="utf-8")
    return path


def test_help_lists_every_command(run: Run) -> None:
    """`allocate --help` names each command and the exit codes."""
    ran = run("--help")
    assert ran.code == 0
    assert all(name in ran.out for name in COMMANDS)
    assert "3 no plan is possible" in " ".join(ran.out.split())


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_help(run: Run, name: str) -> None:
    """`allocate COMMAND --help` explains the command."""
    ran = run(name, "--help")
    assert ran.code == 0
    assert ran.out.startswith(f"Usage: allocate {name}")


def test_the_module_is_the_command() -> None:
    """`python -m allocate` does what `allocate` does, under its name."""
    line = [sys.executable, "-m", "allocate", "solve", "--help"]
    done = subprocess.run(line, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("Usage: allocate solve")


def test_help_imports_nothing_heavy() -> None:
    """Help does not load pandas, numpy, pulp or highspy."""
    code = (
        "import sys; sys.argv = ['allocate', '--help']\n"
        "from allocate.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print(sorted({'pandas', 'numpy', 'pulp', 'highspy', 'pydantic', 'pint'} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


def test_check_says_in_one_line_what_a_good_case_holds(run: Run, case: Path) -> None:
    """`check` on a good case prints one line to stdout; on stderr stands what people without `staffing` are paid for."""
    ran = run("check", case)
    assert ran == (
        0,
        "small: no problems (1 product, 2 vendors, 2 routes, 4 weeks, 2 scenarios; 8 columns, 11 rows)\n",
        "note: good is paid for the hours it works only; on a payroll, its 3 people would be paid for 480.0 h, 12,000.00 USD. "
        "Write `staffing: employed` where they are on a payroll, `staffing: on-call` where they are not\n",
    )
    assert run("check", case, "--set", "vendors.good.staffing=on-call").err == ""


def test_check_lists_all_problems_with_places(run: Run, case: Path) -> None:
    """Every problem is on stderr with file, line and column; stdout stays empty; the exit code is 1."""
    case.write_text(CASE.replace("25 USD/h", "25 USD/hr2").replace("94%", "94"), encoding="utf-8")
    ran = run("check", case)
    assert ran.code == 1
    assert ran.out == ""
    assert "--> case.yaml:9:" in ran.err
    assert "--> case.yaml:10:" in ran.err
    assert "did you mean `94%`?" in ran.err
    assert "2 problems" in ran.err


def test_check_looks_into_scenarios(run: Run, case: Path) -> None:
    """A mistake inside a scenario is found by `check` and says which scenario."""
    case.write_text(CASE + "  broken: {vendors.good.accuracy: 98 apples}\n", encoding="utf-8")
    ran = run("check", case)
    assert ran.code == 1
    assert "scenario broken" in ran.err


def test_a_setting_about_what_a_scenario_takes_out(run: Run) -> None:
    """`check` leaves it out of that scenario and says so; planning the scenario with it is a mistake, with no name to write instead."""
    case, setting = (
        Path(__file__).parents[2] / "cases" / "vendor-comparison",
        "vendors.vendor-a.capacity=9_000 images/week",
    )
    ran = run("check", case, "--set", setting)
    assert ran.code == 0
    assert "note: scenario only-b takes out what a setting changes, and is checked without that setting\n" in ran.err
    ran = run("solve", case, "--scenario", "only-b", "--set", setting)
    assert ran.code == 1
    assert "the override is for a vendor that was taken out before it: 'vendor-a'" in ran.err
    assert "= fix: leave it out, or what takes the name out\n" in ran.err


def test_solve_prints_headline_tables_and_proof(run: Run, case: Path) -> None:
    """The plan as a person reads it: what it reaches, who makes what, and how it is known."""
    ran = run("solve", case)
    assert ran.code == 0
    assert ran.err.startswith("note: good is paid for the 50.0 h it works; on a payroll,")
    assert ran.err.count("\n") == 1
    assert ran.out.startswith("small: optimal. Cost 1,750.00 USD.")
    assert "Plan: who makes what" in ran.out
    assert "Verified:" in ran.out
    assert "gap 0.0000%" in ran.out


def test_solve_json_keeps_the_contract(run: Run, case: Path) -> None:
    """One JSON object with the promised keys; figures agree with each other."""
    answer = json.loads(run("solve", case, "--format", "json").out)
    wanted = {
        "case", "status", "objective", "bound", "gap", "spend", "value", "net_value", "currency", "lines",
        "products", "vendors", "binding", "certificate", "run",
    }  # fmt: skip
    assert wanted <= set(answer)
    line = {"product", "vendor", "workflow", "period", "items", "hours", "equivalent_units", "spend", "accuracy"}
    assert all(line <= set(one) for one in answer["lines"])
    assert answer["status"] == "optimal"
    assert answer["objective"] == pytest.approx(answer["spend"])
    assert sum(one["spend"] for one in answer["lines"]) == pytest.approx(answer["spend"])
    assert answer["products"]["cats"]["items"] == pytest.approx(10_000)
    assert sum(vendor["spend"] for vendor in answer["vendors"].values()) == pytest.approx(answer["spend"])
    assert answer["certificate"]["holds"] is True
    assert set(answer["run"]) >= {"versions", "inputs", "seconds"}
    assert answer["run"]["method"]["name"] == "plain"
    assert answer["run"]["method"]["reason"].startswith("a linear program of")
    assert next(iter(answer["run"]["inputs"])) == "case.yaml"


def test_equal_inputs_give_equal_bytes(run: Run, case: Path) -> None:
    """Solved twice, everything but the seconds is the same to the byte."""
    first, second = (json.loads(run("solve", case, "--format", "json").out) for _ in range(2))
    for answer in (first, second):
        answer["run"].pop("seconds")
    assert json.dumps(first) == json.dumps(second)


def test_solve_csv_is_the_lines(run: Run, case: Path) -> None:
    """`--format csv` prints the plan's lines and nothing else."""
    rows = list(csv.DictReader(io.StringIO(run("solve", case, "--format", "csv").out)))
    assert rows
    assert {row["vendor"] for row in rows} <= {"good", "fast"}
    assert sum(float(row["items"]) for row in rows) == pytest.approx(10_000)


def test_solve_markdown_has_tables(run: Run, case: Path) -> None:
    """`--format md` prints Markdown tables."""
    out = run("solve", case, "--format", "md").out
    assert "| vendor | items |" in out
    assert "|---|---:|" in out


def test_infeasible_says_what_is_missing_and_exits_3(run: Run, case: Path) -> None:
    """A case without a plan: how many items are short and whose hours, on stdout; one line on stderr; exit 3."""
    ran = run("solve", case, "--scenario", "impossible")
    assert ran.code == 3
    assert "images short" in ran.out
    assert "utilisation" in ran.out
    assert ran.err.startswith("error: small: no plan is possible")
    answer = json.loads(run("solve", case, "--scenario", "impossible", "--format", "json").out)
    assert answer["status"] == "infeasible"
    assert answer["lines"] == []
    assert answer["objective"] is None
    assert {reason["kind"] for reason in answer["reasons"]} >= {"shortfall", "overload"}


def test_the_way_to_an_explanation_names_scenario_and_settings(run: Run, case: Path) -> None:
    """The command offered where there is no plan asks the same question again."""
    _, _, err = run("solve", str(case), "--set", "budget=1 USD")
    assert f"`allocate explain {case} --set 'budget=1 USD'` shows which limits contradict one another" in err


def test_stopped_without_a_plan_exits_5(run: Run, case: Path) -> None:
    """A time limit too short for any plan says so and exits 5."""
    ran = run("solve", case, "--time-limit", "1e-9", "--format", "json")
    answer = json.loads(ran.out)
    assert (ran.code, answer["status"], answer["limit"]) == (5, "stopped", "time")
    assert answer["lines"] == []


def test_set_overrides_a_value(run: Run, case: Path) -> None:
    """`--set` changes one value; without vendor `fast` in reach everything is made by `good`."""
    ran = run("solve", case, "--set", "vendors.fast.capacity=0.001 h/week", "--format", "json")
    answer = json.loads(ran.out)
    assert answer["vendors"]["good"]["items"] == pytest.approx(10_000, rel=1e-3)
    assert answer["run"]["settings"] == ["vendors.fast.capacity=0.001 h/week"]


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("solvee",), 2, "Did you mean 'solve'?"),
        (("solve",), 2, "Missing argument 'CASE'"),
        (("solve", "CASE", "--formt", "json"), 2, "No such option"),
        (("solve", "CASE", "--format", "xml"), 2, "Invalid value for '--format'"),
        (("solve", "CASE", "--time-limit", "-1"), 2, "Invalid value for '--time-limit'"),
        (("solve", "CASE", "--solver", "nosuch"), 2, "nosuch"),
        (("solve", "CASE", "--method", "nosuch"), 2, "there is no method 'nosuch'"),
        (("solve", "CASE", "--scenario", "richr"), 1, "did you mean 'richer'?"),
        (("solve", "CASE", "--set", "budget"), 1, "is not path=value"),
        (("solve", "nowhere"), 1, "nowhere"),
        (("export", "CASE", "--out", "program.txt"), 2, "ends neither in .lp nor in .mps"),
    ],
)
def test_wrong_usage_is_explained(run: Run, case: Path, arguments: tuple[str, ...], code: int, says: str) -> None:
    """Wrong words end with one clear message on stderr, no traceback, nothing on stdout."""
    ran = run(*(case if word == "CASE" else word for word in arguments))
    assert ran.code == code
    assert says in ran.err
    assert "Traceback" not in ran.err
    assert ran.out == ""


def test_costs_shows_and_explains_every_column(run: Run, case: Path) -> None:
    """Every column of the routes table is printed and explained; CSV holds the same columns."""
    discount = ("--set", "vendors.good.contract.early-payment=2%")
    ran = run("costs", case, *discount)
    header = run("costs", case, *discount, "--format", "csv").out.splitlines()[0].split(",")
    assert ran.code == 0
    legend = ran.out[ran.out.index("Columns") :]
    assert all(name in legend for name in header)
    assert all(ran.out.count(name) >= 2 for name in header)


def test_costs_leaves_out_adjustments_nobody_asked_for(run: Run, case: Path) -> None:
    """Where no contract changes a price by item, the printed tables have no column for it; CSV keeps it."""
    assert "adjustment " not in run("costs", case).out
    assert "adjustment" in run("costs", case, "--format", "csv").out


def test_costs_by_period(run: Run, case: Path) -> None:
    """`--by-period` has a row for every route and week."""
    rows = list(csv.DictReader(io.StringIO(run("costs", case, "--by-period", "--format", "csv").out)))
    assert len(rows) == 2 * 4


def test_export_writes_lp_and_mps_and_a_legend(run: Run, case: Path, tmp_path: Path) -> None:
    """LP on stdout, MPS into a file, and a legend that explains every name used."""
    text = run("export", case).out
    assert "vendor_hours" in text
    ran = run("export", case, "--out", tmp_path / "small.mps")
    assert (ran.code, ran.out) == (0, "")
    assert "ROWS" in (tmp_path / "small.mps").read_text(encoding="utf-8")
    legend = {row["name"]: row for row in csv.DictReader(io.StringIO(run("export", case, "--legend").out))}
    column = next(name for name in legend if name.startswith("items_"))
    assert column in text
    assert legend[column]["product"] == "cats"
    assert legend[column]["period"].startswith("week ")


@pytest.mark.slow
def test_init_writes_a_case_that_solves(run: Run, tmp_path: Path) -> None:
    """`init` makes a folder whose case checks and solves; it refuses to write over anything."""
    folder = tmp_path / "mine"
    assert run("init", folder).code == 0
    assert run("check", folder).code == 0
    assert run("solve", folder).code == 0
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    again = run("init", folder)
    assert again.code == 1
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_schema_is_json_schema(run: Run) -> None:
    """`schema` prints a JSON Schema that knows the case file's keys."""
    schema = json.loads(run("schema").out)
    assert {"case", "products", "vendors", "horizon"} <= set(schema["properties"])


@pytest.mark.slow
def test_output_into_a_closed_pipe_is_quiet(case: Path) -> None:
    """A reader that leaves early, as `head` does, causes no traceback."""
    command = f"{sys.executable} -c 'from allocate.cli import main; main()' costs {case} | head -1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr


def test_no_colour_codes_when_piped(run: Run, case: Path) -> None:
    """Piped output holds no terminal control codes."""
    assert "\x1b" not in run("solve", case).out


def test_invoice_adds_up(run: Run, case: Path) -> None:
    """`--invoice` prints what is owed to whom and its total, in every format."""
    answer = json.loads(run("solve", case, "--invoice", "--format", "json").out)
    assert sum(one["amount"] for one in answer["invoice"]) == pytest.approx(answer["total"])
    assert answer["total"] == pytest.approx(1750)
    table = run("solve", case, "--invoice").out
    assert "Invoice (USD)" in table
    assert table.rstrip().splitlines()[-1].split() == ["total", "1,750.00"]
    rows = list(csv.DictReader(io.StringIO(run("solve", case, "--invoice", "--format", "csv").out)))
    assert {row["vendor"] for row in rows} == {"good", "fast"}


def test_fix_holds_lines_and_plans_the_rest(run: Run, case: Path, tmp_path: Path) -> None:
    """Lines of a plan file stay at their quantities; the rest is planned around them, and never for less money."""
    plan = tmp_path / "plan.csv"
    plan.write_text("vendor,product,week,items\ngood,cats,2,6_000\n", encoding="utf-8")
    answer = json.loads(run("solve", case, "--fix", plan, "--format", "json").out)
    held = [one for one in answer["lines"] if one["vendor"] == "good" and one["period"] == 2]
    assert [one["items"] for one in held] == [pytest.approx(6000)]
    assert answer["products"]["cats"]["items"] == pytest.approx(10_000)
    assert answer["objective"] == pytest.approx(0.25 * 6000 + 0.10 * 4000)


def test_own_plan_is_priced_and_its_breaches_named(run: Run, case: Path, tmp_path: Path) -> None:
    """`--fix FILE --as-is` prices exactly the file's plan, says which limits it breaks, and exits 3 when it does."""
    own = tmp_path / "own.csv"
    own.write_text(run("solve", case, "--format", "csv").out, encoding="utf-8")
    ran = run("solve", case, "--fix", own, "--as-is")
    assert ran.code == 0
    assert ran.out.startswith("small: the plan as it is keeps every limit. Spend 1,750.00 USD.")
    own.write_text("product,vendor,workflow,period,items\ncats,fast,single-pass,1,9000\n", encoding="utf-8")
    ran = run("solve", case, "--fix", own, "--as-is")
    assert ran.code == 3
    assert "breaks 3 limits" in ran.out
    assert "items of cats: 9,000 image, at least 10,000" in ran.out
    assert "accuracy of cats" in ran.out
    assert "hours of fast in week 1" in ran.out
    answer = json.loads(run("solve", case, "--fix", own, "--as-is", "--format", "json").out)
    assert (answer["holds"], answer["spend"]) == (False, pytest.approx(900))
    assert len(answer["broken"]) == 3


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("product,vendor,period,items\ncat,good,1,5\n", "did you mean 'cats'?"),
        ("product,vendor,period,items\ncats,good,9,5\n", "'9' is not one of the horizon's 4 weeks"),
        ("product,vendor,period,items\ncats,good,1,-5\n", "'-5' is not a number of items"),
        ("product,vendor,period,items\ncats,good,1,5 USD\n", "'5 USD' is not a number of items"),
        ("product,vendor,period\ncats,good,1\n", "the line has no items"),
        ("", "is empty"),
    ],
)
def test_mistakes_in_a_plan_file_have_a_place(run: Run, case: Path, tmp_path: Path, text: str, says: str) -> None:
    """A plan file that cannot be read is told with its line, and nothing is planned."""
    own = tmp_path / "own.csv"
    own.write_text(text, encoding="utf-8")
    ran = run("solve", case, "--fix", own)
    assert ran.code == 1
    assert ran.out == ""
    assert says in ran.err
    assert "own.csv" in ran.err


def test_as_is_needs_a_plan(run: Run, case: Path) -> None:
    """`--as-is` without `--fix` is wrong usage."""
    assert run("solve", case, "--as-is").code == 2


def test_trace_names_inputs_with_places_and_sources(run: Run, case: Path) -> None:
    """`costs --trace` lists each input of a route's figures with the line it was written in."""
    ran = run("costs", case, "--trace", "cats/good/single-pass", "--format", "json")
    inputs = {one["what"]: one for one in json.loads(ran.out)["inputs"]}
    assert inputs["price"]["value"] == "25 USD/h"
    assert inputs["price"]["place"].startswith("case.yaml:9:")
    assert inputs["productivity"]["place"] == "cost model"
    assert "assumption" in inputs["productivity"]["source"]
    assert run("costs", case, "--trace", "cats/nobody/single-pass").code == 1
    assert run("costs", case, "--trace", "cats").code == 2


@pytest.mark.slow
def test_explain_prints_what_limits_cost(run: Run, case: Path) -> None:
    """`explain` lists each limit with what it costs; without a plan it says so and exits 3."""
    ran = run("explain", case)
    assert ran.code == 0
    assert "What rules and limits cost" in ran.out
    assert "accuracy of cats" in ran.out
    assert "Vendors and their prices" in ran.out
    assert "| " in run("explain", case, "--format", "md", "--time-limit", "60").out
    answer = json.loads(run("explain", case, "--format", "json").out)
    limits = {one["limit"]: one["without"]["gain"] for one in answer["costs"]}
    assert {"prices", "margins", "money", "offers", "left", "forced", "proven"} <= set(answer)
    assert limits["accuracy of cats"] == pytest.approx(750)
    assert run("explain", case, "--scenario", "impossible").code == 3


def test_explain_tells_of_one_limit(run: Run, case: Path) -> None:
    """`--limit` has a limit's price and cost and nothing else, the same as without; an unknown name gets its near match."""
    one = json.loads(run("explain", case, "--limit", "Accuracy of cats", "--format", "json").out)
    every = json.loads(run("explain", case, "--format", "json").out)
    assert one["costs"] == [cost for cost in every["costs"] if cost["limit"] == "accuracy of cats"]
    assert one["prices"] == [price for price in every["prices"] if price["limit"] == "accuracy of cats"]
    assert [one[part] for part in ("margins", "offers", "money")] == [[], [], []]
    wrong = run("explain", case, "--limit", "acuracy of cats")
    assert (wrong.code, "did you mean 'accuracy of cats'?" in wrong.err) == (1, True)
    assert run("explain", case, "--limit", "budget", "--alternatives").code == 2


@pytest.mark.slow
def test_explain_leaves_out_what_says_nothing(run: Run) -> None:
    """No column without an entry, nothing reads minus nought, and no table of more budget where that buys nothing."""
    lines = run("explain", Path(__file__).parents[2] / "cases" / "video-throughput", "--format", "md").out.splitlines()
    head = next(line for line in lines if line.startswith("| rule or limit"))
    assert "owner" not in head
    assert "-0.00" not in "".join(lines)
    assert "of the budget is not spent: the plan that costs least needs no more." in "\n".join(lines)
    assert not any("More and less budget" in line for line in lines)


def test_explain_says_why_money_is_left_where_the_least_cost_is_sought(run: Run, case: Path) -> None:
    """A plan that costs least leaves the rest of a budget because it needs no more."""
    ran = run("explain", case, "--set", "objective=cost", "--set", "budget=900k USD")
    assert "is not spent: the plan that costs least needs no more." in ran.out


@pytest.mark.slow
def test_commands_say_that_amounts_have_spreads(run: Run, case: Path) -> None:
    """Each counts with P50 and says so in one note; `costs --spread` shows what the amounts may come to."""
    setting = ("--set", "products.cats.effort=36 s/image ±20%")
    for command in ("solve", "check", "costs", "sensitivity"):
        ran = run(command, str(case), *setting)
        assert ran.code == 0
        assert ran.err.count("note: 1 amount has a spread") + ran.out.count("note: 1 amount has a spread") == 1
    shown = run("costs", str(case), *setting, "--spread", "--format", "csv")
    (row,) = csv.DictReader(io.StringIO(shown.out))
    assert [round(float(row[name]), 3) for name in ("p1", "p10", "p50", "p90", "p99", "mean")] == [
        22.359,
        28.8,
        36,
        43.2,
        52.207,
        36.079,
    ]
    none = run("costs", str(case), "--spread")
    assert none.out == "small: no amount has a spread; write one as in `12 s/image ±20%`.\n"
