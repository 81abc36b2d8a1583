"""`allocate runs` and what `allocate solve` keeps."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from command_line import Run

from allocate import read_case, save_run, solve
from allocate.runs import index, store
from allocate.runs.differences import leaves
from tests.odds.pilot_case import two_vendors

CASES = Path(__file__).resolve().parents[2] / "cases"
COMPARISON = CASES / "vendor-comparison"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the runs of this test are kept."""
    monkeypatch.setenv("ALLOCATE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_a_solve_is_kept_and_verifies(run: Run, home: Path) -> None:
    """`solve` keeps its run without a word; the plan file in it holds, by `allocate verify`."""
    ran = run("solve", COMPARISON)
    assert (ran.code, ran.err) == (0, "")
    (entry,) = index.entries(home)
    assert run("verify", home / "runs" / entry.id / "plan.json", COMPARISON).code == 0
    listed = run("runs").out
    assert entry.id in listed
    assert "vendor-comparison" in listed
    assert "5,166.67" in run("runs", "show", "latest").out


@pytest.mark.slow
def test_the_case_that_was_kept_gives_the_same_plan(home: Path) -> None:
    """case.json has everything the case said, tables and settings laid in: it can be planned again."""
    answer = solve(read_case(CASES / "portfolio", "budget-cut", ["hurdle=1.3"]))
    kept = json.loads((home / "runs" / save_run(answer) / "case.json").read_text(encoding="utf-8"))
    again = solve(read_case(kept))
    assert again.plan is not None
    assert answer.plan is not None
    assert again.plan.lines.equals(answer.plan.lines)


def test_the_same_run_has_the_same_id_and_others_have_others(run: Run, home: Path) -> None:
    """Inputs and options make the id, the seconds do not."""
    for _ in range(2):
        run("solve", COMPARISON)
    run("solve", COMPARISON, "--set", "products.detection.demand=9_000 images")
    run("solve", COMPARISON, "--time-limit", 100)
    assert len(store.names(home)) == 3


def test_no_save_keeps_nothing(run: Run, home: Path) -> None:
    """With --no-save, and for a plan priced as it is, no folder comes to be."""
    assert run("solve", COMPARISON, "--no-save").code == 0
    assert not home.exists()


def test_library_calls_keep_nothing_by_themselves(home: Path) -> None:
    """`solve` of the library writes no file."""
    solve(read_case(COMPARISON))
    assert not home.exists()


def test_where_nothing_can_be_kept_the_plan_is_shown_all_the_same(run: Run, home: Path) -> None:
    """One note on stderr, the plan on stdout, exit status 0."""
    home.write_text("in the way", encoding="utf-8")
    ran = run("solve", COMPARISON)
    assert ran.code == 0
    assert "optimal" in ran.out
    assert ran.err.count("\n") == 1
    assert ran.err.startswith(f"note: the run was not kept in {home}: ")
    assert run("runs").out.startswith("no run is kept")


@pytest.mark.slow
def test_a_case_without_a_plan_is_kept_with_its_reasons(run: Run) -> None:
    """What was found impossible is worth keeping too."""
    assert run("solve", CASES / "video-throughput", "--scenario", "no-levers").code == 3
    shown = run("runs", "show", "latest").out
    assert "infeasible" in shown
    assert "5,000 h needed, 3,200 h can be staffed" in shown


def test_diff_names_inputs_by_path_and_what_became_of_the_money(run: Run, home: Path) -> None:
    """Between two runs: the setting that differs, the spend that follows, and who makes less."""
    run("solve", COMPARISON)
    (first,) = store.names(home)
    run("solve", COMPARISON, "--set", "products.detection.demand=9_000 images")
    found = json.loads(run("runs", "diff", first, "--format", "json").out)
    path = "products.detection.demand"
    assert found["inputs"] == [{"what": path, "before": "10_000 images", "after": "9_000 images"}]
    spend = next(one for one in found["figures"] if one["what"] == "spend")
    assert spend["after"] / spend["before"] == pytest.approx(0.9)
    assert [one["items"] for one in found["mix"]] == [[10_000.0, 9_000.0]]
    assert "-1,000" in run("runs", "diff").out
    assert run("runs", "diff").out == run("runs", "diff", first[:6], "latest").out
    assert "The two runs are the same." in run("runs", "diff", first, first[:8]).out


def test_diff_takes_plan_files(run: Run, tmp_path: Path) -> None:
    """Two files, or a file and a run: settings, files, figures and who makes what; one that is not a plan, or changed, is refused."""
    first, second = tmp_path / "a.json", tmp_path / "b.json"
    run("solve", COMPARISON, "--no-save", "--out", first)
    run("solve", COMPARISON, "--out", second, "--set", "products.detection.demand=9_000 images")
    found = json.loads(run("runs", "diff", first, second, "--format", "json").out)
    assert found["inputs"] == [{"what": "products.detection.demand", "before": None, "after": "9_000 images"}]
    assert [one["items"] for one in found["mix"]] == [[10_000.0, 9_000.0]]
    assert "B - A" in run("runs", "diff", first, "latest").out
    assert "The two are the same." in run("runs", "diff", second, "latest").out
    changed = first.read_text(encoding="utf-8").replace('"optimal"', '"feasible"', 1)
    first.write_text(changed, encoding="utf-8")
    refused = run("runs", "diff", first, second)
    assert (refused.code, "a.json is not as it was written" in refused.err) == (1, True)
    first.write_text('{"case": "a"}', encoding="utf-8")
    assert "a.json is not a plan" in run("runs", "diff", first, second).err
    assert "it is not there" in run("runs", "diff", tmp_path / "c.json", second).err


@pytest.mark.slow
def test_equal_runs_write_equal_files(run: Run, tmp_path: Path) -> None:
    """The same case planned again gives the same file to the byte, but for the block of the seconds it took."""
    files = [tmp_path / "a.json", tmp_path / "b.json"]
    texts = []
    for file in files:
        run("solve", CASES / "contracts", "--no-save", "--out", file)
        data = json.loads(file.read_text(encoding="utf-8"))
        seconds = json.dumps(data["run"]["seconds"], indent=1)
        text = "".join(file.read_text(encoding="utf-8").split())
        assert text.count("".join(seconds.split())) == 1
        texts.append(text.replace("".join(seconds.split()), ""))
    assert texts[0] == texts[1]


def test_paths_of_lists_go_by_name_and_by_product_and_vendor() -> None:
    """A rule or a rate keeps its path when others are put before it."""
    data = {
        "rates": [{"product": "cats", "vendor": "acme", "price": "1"}],
        "rules": [{"name": "keep", "share": "5%"}],
        "milestones": [{"by": "week 1"}],
        "workflows": [],
    }
    assert dict(leaves(data)) == {
        "rates.cats.acme.product": "cats",
        "rates.cats.acme.vendor": "acme",
        "rates.cats.acme.price": "1",
        "rules.keep.name": "keep",
        "rules.keep.share": "5%",
        "milestones.0.by": "week 1",
        "workflows": [],
    }


def test_remove_takes_runs_away_and_rebuild_names_damage(run: Run, home: Path) -> None:
    """A run that was touched is named by `runs` and `rebuild`, and can be removed."""
    run("solve", COMPARISON)
    run("solve", COMPARISON, "--gap", 0.5)
    good, bad = store.names(home)
    (home / "runs" / bad / "plan.json").write_text("{}", encoding="utf-8")
    ran = run("runs", "rebuild")
    assert (ran.code, ran.out) == (1, f"1 run in {home}\n")
    assert f"the run {bad} is damaged: its plan.json was changed" in ran.err
    assert bad in run("runs").err
    assert run("runs", "remove", bad, good).out == f"removed {bad}\nremoved {good}\n"
    assert store.names(home) == []
    assert run("runs", "rebuild").code == 0


@pytest.mark.parametrize("words", [("show", "latest"), ("diff", "abc"), ("remove", "abc")])
def test_without_runs_the_commands_say_so(run: Run, words: tuple[str, ...]) -> None:
    """No traceback, exit status 1, and what to do."""
    ran = run("runs", *words)
    assert ran.code == 1
    assert "`allocate solve CASE` and studies keep each of their runs" in ran.err


def test_show_gives_the_plan_file_and_its_lines(run: Run) -> None:
    """`show` prints JSON as `solve --format json` does, CSV as `solve --format csv` does, and Markdown."""
    as_json, as_csv = (run("solve", COMPARISON, "--format", kind).out for kind in ("json", "csv"))
    shown = json.loads(run("runs", "show", "latest", "--format", "json").out)
    assert shown["digest"] == json.loads(as_json)["digest"]
    assert run("runs", "show", "latest", "--format", "csv").out == as_csv
    assert "| product | vendor |" in run("runs", "show", "latest", "--format", "md").out
    assert json.loads(run("runs", "--format", "json").out)[0]["case"] == "vendor-comparison"


FRONTIER = ("frontier", COMPARISON, "--product", "detection", "--accuracy", "95%:97%:3")


@pytest.mark.slow
def test_every_study_is_kept_with_its_inputs_and_points(run: Run, home: Path) -> None:
    """Each kind of study leaves one whole run, whose points are those that were printed, and is kept once."""
    studies = (
        FRONTIER,
        ("sensitivity", COMPARISON, "--vary", "review-team.wage"),
        ("sensitivity", COMPARISON, "--vary", "review-team.wage=30 USD/h,50 USD/h"),
        ("scale", COMPARISON, "--product", "detection", "--factors", "1,2"),
        ("mix", COMPARISON, "--from", "vendor-a", "--to", "vendor-b", "--steps", "1"),
        ("compare", COMPARISON, "--set", "products.detection.demand=9_000 images"),
    )
    for words in studies:
        printed = json.loads(run(*words, "--format", "json").out)
        assert json.loads(run("runs", "show", "latest", "--format", "json").out) == printed
        assert run(*words).code == 0
        (kept, *_) = index.entries(home)
        cases = {"case.json", "case-2.json"} if words[0] == "compare" else {"case.json"}
        assert {one.name for one in (home / "runs" / kept.id).iterdir()} == {*cases, "study.json", "run.json"}
        assert len(run("runs", "show", "latest", "--format", "csv").out.splitlines()) == 1 + len(printed["rows"])
    assert [one.record["kind"] for one in index.rebuild(home)][::-1] == [
        "frontier", "sensitivity", "values", "scale", "mix", "compare",
    ]  # fmt: skip


def test_a_comparison_keeps_the_inputs_of_all_its_cases(run: Run, home: Path) -> None:
    """Two cases side by side: both as they were, and the hashes of the files of both."""
    other = COMPARISON.parent / "launch-gate"
    assert run("compare", COMPARISON, other).code == 0
    (kept, *_) = index.entries(home)
    folder = home / "runs" / kept.id
    names = [json.loads((folder / name).read_text(encoding="utf-8"))["case"] for name in ("case.json", "case-2.json")]
    assert names == ["vendor-comparison", "launch-gate"]
    inputs = json.loads((folder / "run.json").read_text(encoding="utf-8"))["inputs"]
    digest = hashlib.sha256((other / "case.yaml").read_bytes()).hexdigest()
    assert inputs["case-2.yaml"] == digest != inputs["case.yaml"]


@pytest.mark.slow
def test_commands_that_plan_on_the_way_keep_the_plan(run: Run, home: Path) -> None:
    """`explain`, `tco` and `bottlenecks` leave the solve they speak of."""
    for word in ("explain", "tco", "bottlenecks"):
        assert run(word, COMPARISON).code == 0
        (kept, *_) = index.entries(home)
        assert run("verify", home / "runs" / kept.id / "plan.json", COMPARISON).code == 0


@pytest.mark.slow
def test_diff_of_two_frontiers_names_the_points_that_moved(run: Run) -> None:
    """The setting that differs, and for each point that moved both figures; runs of two kinds have no difference."""
    run(*FRONTIER)
    run("solve", COMPARISON)
    run(
        "frontier",
        COMPARISON,
        "--product",
        "detection",
        "--accuracy",
        "95%:98%:4",
        "--set",
        "review-team.wage=50 USD/h",
    )
    found = json.loads(run("runs", "diff", "--format", "json").out)
    assert [one["what"] for one in found["inputs"]] == ["review-team.wage"]
    moved = {point["at"]["accuracy"]: point["figures"]["objective"] for point in found["points"]}
    assert sorted(moved) == [0.95, 0.96, 0.97, 0.98]
    assert all(one[1] > one[0] for accuracy, one in moved.items() if accuracy < 0.98)
    assert moved[0.98][0] is None
    assert "Points that moved (USD)" in run("runs", "diff").out
    mixed = run("runs", "diff", "latest~1", "latest")
    assert mixed.code == 1
    assert "they have nothing to compare" in mixed.err
    assert "The two runs are the same." in run("runs", "diff", "latest", "latest").out


@pytest.mark.slow
def test_studies_are_not_kept_where_that_is_not_wanted_or_not_possible(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`--no-save` and ALLOCATE_NO_SAVE keep nothing; a folder that cannot be written is one note, not a failure."""
    assert run(*FRONTIER, "--no-save").code == 0
    monkeypatch.setenv("ALLOCATE_NO_SAVE", "1")
    assert (run(*FRONTIER).code, run("solve", COMPARISON).code) == (0, 0)
    assert not home.exists()
    monkeypatch.delenv("ALLOCATE_NO_SAVE")
    home.write_text("in the way", encoding="utf-8")
    ran = run(*FRONTIER)
    assert (ran.code, ran.err.count("\n")) == (0, 1)
    assert ran.err.startswith(f"note: the run was not kept in {home}: ")


@pytest.mark.slow
def test_odds_are_kept_compared_and_in_nobodys_way(run: Run, home: Path) -> None:
    """`runs show` has the chances printed, `runs diff` what a setting moved; `latest` still means a plan for `--plan`."""
    asked = [CASES / "uncertain-portfolio", "--scenarios", "64"]
    first = json.loads(run("odds", *asked, "--format", "json").out)
    assert run("odds", *asked, "--set", "uncertain.factors.strike.chance=0%").code == 0
    assert len(store.names(home)) == 2
    kept = json.loads(run("runs", "show", "latest~1", "--format", "json").out)
    assert kept["limits"] == first["limits"]
    limit = first["limits"][0]
    row = next(one for one in kept["rows"] if one["what"] == limit["limit"])
    assert row["odds"] == pytest.approx(100 * limit["odds"])
    assert "share %" in run("runs", "show", "latest~1").out
    moved = json.loads(run("runs", "diff", "--format", "json").out)
    assert [one["what"] for one in moved["inputs"]] == ["uncertain.factors.strike.chance"]
    by_name = {one["at"]["what"]: one["figures"] for one in moved["points"]}
    before, after = by_name["all limits"]["odds"]
    assert before < after
    assert "budget" not in by_name
    assert "no run that holds a plan" in run("odds", *asked, "--plan", "latest").err
    assert "holds no plan" in run("odds", *asked, "--plan", store.names(home)[0]).err
    assert run("solve", CASES / "uncertain-portfolio").code == 0
    assert run("odds", *asked, "--no-save").code == 0
    assert len(store.names(home)) == 3
    assert run("odds", *asked, "--seed", 2).code == 0
    assert run("odds", *asked, "--plan", "latest").code == 0


@pytest.mark.slow
def test_pilots_are_kept_with_their_choices(run: Run, home: Path, tmp_path: Path) -> None:
    """A run of `pilot` has each choice with its net worth and what knowing everything would be worth; a diff names what moved."""
    path = tmp_path / "scans.json"
    path.write_text(json.dumps(two_vendors(20_000)))
    told = json.loads(run("pilot", path, "--scenarios", 64, "--format", "json").out)
    assert run("pilot", path, "--scenarios", 64, "--set", "pilots.first.cost=100_000 USD").code == 0
    kept = json.loads(run("runs", "show", "latest~1", "--format", "json").out)
    assert kept["best"] == told["best"]
    assert kept["rows"][0]["net"] == pytest.approx(told["best"]["net"])
    assert kept["rows"][-1] == {"pilots": "everything known", "worth": told["everything"]}
    assert "no pilot pays" in run("runs").out
    moved = json.loads(run("runs", "diff", "--format", "json").out)["points"]
    assert len(moved) == len(told["designs"])


def test_runs_of_cases_without_value_differ_in_no_net_value(run: Run, home: Path) -> None:
    """Net value would be the spend again, with a minus."""
    plain, dearer = (
        save_run(solve(read_case(COMPARISON, settings=settings)))
        for settings in ([], ["vendors.vendor-a.contract.price=0.60 USD/image"])
    )
    said = run("runs", "diff", plain, dearer).out
    assert "spend" in said
    assert "net value" not in said
