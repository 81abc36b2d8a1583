"""What the page answers: the same plan as the command, whatever a form says, and nothing written that was not asked for."""

from __future__ import annotations

import html
import json
import random
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from allocate import read_case, solve
from allocate.dashboard.levers import levers
from allocate.dashboard.tiles import standing, standing_of
from allocate.record.as_json import as_json
from allocate.runs.sides import side
from tests.dashboard.asgi import SMALL, Client, dashboard

HOSTILE = "<img src=x onerror=alert(1)>\"'{{7*7}}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the small case."""
    (tmp_path / "case.yaml").write_text(SMALL, encoding="utf-8")
    return tmp_path


@pytest.fixture
def client(folder: Path) -> Iterator[Client]:
    with dashboard(folder) as found:
        yield found


def text_of(page: str) -> str:
    """What a person reads of a page, in one line."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", page)))


def spend_of(line: str) -> float:
    """What the plan of a command line spends."""
    words = shlex.split(line)
    assert words[:2] == ["allocate", "solve"]
    options = list(zip(words[3::2], words[4::2], strict=True))
    scenario = next((value for name, value in options if name == "--scenario"), None)
    plan = solve(read_case(words[2], scenario, [value for name, value in options if name == "--set"])).plan
    assert plan is not None
    return plan.spend


def commands(page: str) -> list[str]:
    """The command lines on a page."""
    return [html.unescape(one) for one in re.findall(r"<code>(.*?)</code>", page)]


@pytest.mark.slow
def test_figures_are_those_of_the_command_on_the_page(client: Client, folder: Path) -> None:
    """For 20 random moves the spend on the page is that of the very command that stands below it."""
    chance = random.Random("moves of the small case")
    known = levers(read_case(folder))
    seen = 0
    while seen < 20:
        chosen = chance.sample(known, 2)
        pairs = [(one.field, str(chance.randint(80, 125))) for one in chosen if hasattr(one, "least")]
        got = client.post("/plan", pairs)
        if "What is missing" in got.text:
            continue
        spend = re.search(r"Spend ([\d,.]+) USD", text_of(got.text))
        assert spend is not None
        assert float(spend[1].replace(",", "")) == pytest.approx(spend_of(commands(got.text)[0]), abs=0.006)
        seen += 1


@pytest.mark.slow
def test_every_end_of_every_lever_has_an_answer(client: Client, folder: Path) -> None:
    """At its least and at its most each lever gives a plan, or says what is missing."""
    for one in levers(read_case(folder)):
        ends = [str(one.least), str(one.most)] if hasattr(one, "least") else [value for value, _ in one.options]
        for end in ends:
            got = client.post("/plan", [(one.field, end)])
            assert got.status in (200, 422)
            assert "Spend" in got.text or "What is missing" in got.text


@pytest.mark.slow
def test_no_plan_says_what_is_missing_and_what_would_help(client: Client) -> None:
    """Half the budget is too little: the reasons come at once, the repairs with their price afterwards."""
    got = client.post("/plan", [("lever:budget", "50")])
    assert got.status == 200
    assert "What is missing" in got.text
    asked = re.search(r'data-after="(/after/why[^"]*)"', got.text)
    assert asked is not None
    later = client.get(html.unescape(asked[1]), hx_request="true")
    said = text_of(later.text)
    assert "What would make a plan possible" in said
    assert re.search(r"budget: [\d,.]+ USD instead of 4500 USD", said) or "budget" in said
    assert "--set" in said


@pytest.mark.slow
def test_a_thousand_random_forms(client: Client, folder: Path) -> None:
    """Whatever a form holds, there is an answer with words, no traceback, and no file is changed or made."""
    chance = random.Random("forms")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    fields = [one.field for one in levers(read_case(folder))] + [
        "scenario",
        "path",
        "value",
        "name",
        "lever:",
        "page",
        "\x00",
        "ä" * 30,
    ]
    values = [
        "100", "101", "50", "200", "-1", "1e9", "low", "high", "", "less-of-beta", "nan", "\ud800", "../../etc/passwd", "@/etc/passwd",
        "budget", "vendors.acme.capacity", "model", "include", "horizon.weeks", "rates", "[", "{a: b", "{{7*7}}", "1 h/week", "x" * 3000,
        "products", "'", '"', "null", "0", HOSTILE,
    ]  # fmt: skip
    for number in range(1000):
        some = [(chance.choice(fields), chance.choice(values)) for _ in range(chance.randint(0, 6))]
        # No more than the answer to a form is looked for: plans of long horizons are not.
        if any(value == "horizon.weeks" for _, value in some):
            some = [(key, value) for key, value in some if value != "200"]
        got = client.post("/plan" if number % 10 else "/levers", some, by_script=bool(number % 3))
        assert got.status in (200, 204, 422), (some, got.status, got.text[:300])
        assert "Traceback" not in got.text
        assert HOSTILE not in got.text
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_what_no_page_sends(client: Client) -> None:
    """A lever that is not there, a place it cannot stand at, and a path that leads nowhere are told, with what to do."""
    said = text_of(client.post("/plan", [("lever:budgt", "120"), ("lever:prices of acme", "fast")]).text)
    assert "there is no lever 'budgt'" in said
    assert "'prices of acme' cannot stand at 'fast' Fix: take from 50 to 200" in said
    assert "there is no scenario 'none'" in text_of(client.post("/plan", [("scenario", "none")]).text)
    assert "did you mean" in text_of(client.post("/plan", [("path", "budgt"), ("value", "5k USD")]).text)
    assert client.get("/after/nothing").status == 404
    assert "there is no product 'x'" in text_of(client.get("/after/routes?product=x", hx_request="true").text)


@pytest.mark.slow
def test_hostile_names_are_words(tmp_path: Path) -> None:
    """Names of the case stand on every page as text, and never as markup."""
    text = SMALL.replace("  boxes:", f"  {json.dumps('boxes ' + HOSTILE)}:").replace(
        "  acme:", f"  {json.dumps('acme ' + HOSTILE)}:"
    )
    text = text.replace("less-of-beta:", f"{json.dumps('less ' + HOSTILE)}:").replace(
        "case: small", f"case: {json.dumps(HOSTILE)}"
    )
    (tmp_path / "case.yaml").write_text(text, encoding="utf-8")
    with dashboard(tmp_path) as client:
        pages = [client.get("/").text]
        found = set(re.findall(r'(?:data-after|data-when-open|href)="(/after/[^"]*)"', pages[0]))
        assert len(found) >= 4
        pages += [client.get(html.unescape(one)).text for one in sorted(found)]
    for page in pages:
        assert "<img" not in page
        assert "49" not in re.findall(
            r"7\*7|(?<![\w.,])49(?![\w.,])", page
        )  # a sum of itself, no part of a hash or a time
        assert "onerror=alert(1)&gt;" in page or "onerror" not in page
    assert "boxes &lt;img" in pages[0]


@pytest.mark.slow
def test_levers_are_ranked_when_there_is_time(client: Client) -> None:
    """The budget first, then what a tenth more or less changes most; what each changes stands beside it."""
    before = client.get("/").text
    assert "ranked once there is time" in before
    assert client.get("/ordered").text == "ranked"
    after = client.post("/levers").text
    assert "Ordered by how much a tenth more or less changes cost." in after
    first = re.findall(
        r'<div class="lever" data-name="([^"]*)">(.*?)</div>', after.partition('id="order"')[0], re.DOTALL
    )
    assert (len(first), first[0][0]) == (6, "budget")
    swings = [re.search(r"changes it by up to ([\d,.]+) USD", one) for _, one in first[1:]]
    known = [float(one[1].replace(",", "")) if one else 0.0 for one in swings]
    assert known[0] > 0.0
    assert known == sorted(known, reverse=True)


def test_an_added_value_gets_a_lever_of_its_own(client: Client) -> None:
    """A path that is typed is planned with, and stands among the levers; one that cannot be is told beside it."""
    got = client.post("/levers", [("add-path", "vendors.beta.capacity"), ("add-value", "90 h/week")])
    assert 'value="90 h/week"' in got.text
    assert "--set 'vendors.beta.capacity=90 h/week'" in html.unescape(
        client.post("/plan", [("path", "vendors.beta.capacity"), ("value", "90 h/week")]).text
    )
    wrong = client.post("/levers", [("add-path", "vendors.beta.capacity"), ("add-value", "90 apples")])
    assert "apples" in text_of(wrong.text)
    assert 'value="90 apples"' not in wrong.text


@pytest.mark.slow
def test_without_a_script_the_button_plans(client: Client) -> None:
    """The whole page comes with the levers where they were put, and with links to what a script would fetch."""
    got = client.post("/plan", [("lever:prices of acme", "120")], by_script=False)
    assert got.status == 200
    assert re.search(r'name="lever:prices of acme"[^>]*value="120"', got.text.replace("\n", " "))
    assert "0.36 USD/item (+20%)" in got.text
    link = re.search(r'href="(/after/why[^"]*)"', got.text)
    assert link is not None
    later = client.get(html.unescape(link[1]))
    assert later.text.startswith("<!doctype html>")
    assert "Back to the plan" in later.text


def test_the_address_has_the_moves(client: Client) -> None:
    """A page that is loaded from the address of another shows the same plan."""
    moved = client.post("/plan", [("lever:prices of acme", "120"), ("scenario", "less-of-beta")])
    address = re.search(r'data-address="([^"]*)"', moved.text)
    assert address is not None
    again = client.get(html.unescape(address[1]))
    shown = [re.search(r'id="strip">([^<]*)<', one.text) for one in (moved, again)]
    assert shown[0] is not None
    assert shown[1] is not None
    assert shown[0][1] == shown[1][1]


@pytest.mark.slow
def test_saving_adds_a_scenario_and_nothing_else(client: Client, folder: Path) -> None:
    """The file has the scenario behind the others, and the command that names it plans the same."""
    path = folder / "case.yaml"
    before = path.read_text(encoding="utf-8")
    moves = [("lever:prices of acme", "110"), ("scenario", "less-of-beta")]
    page = client.post("/plan", moves).text
    got = client.post("/scenario", [*moves, ("name", "acme-up")])
    assert got.status == 200, got.text
    added = "  acme-up:\n    vendors.beta.capacity: 20 h/week\n    vendors.acme.contract.price: 0.33 USD/item\n"
    lines = before.splitlines(keepends=True)
    at = next(number for number, line in enumerate(lines) if "less-of-beta" in line) + 1
    assert path.read_text(encoding="utf-8") == "".join(lines[:at]) + added + "".join(lines[at:])
    assert "--scenario acme-up" in html.unescape(got.text)
    assert spend_of(f"allocate solve {folder} --scenario acme-up") == spend_of(commands(page)[0])
    assert '<option value="acme-up"' in client.get("/").text


def test_saving_is_refused(client: Client, folder: Path) -> None:
    """Without a move, under a name that is taken or cannot be one, and where the file was edited meanwhile."""
    path = folder / "case.yaml"
    moved = ("lever:prices of acme", "110")
    assert "nothing differs" in client.post("/scenario", [("name", "same")]).text
    assert "already" in client.post("/scenario", [moved, ("name", "less-of-beta")]).text
    assert "cannot be the name" in html.unescape(client.post("/scenario", [moved, ("name", "../case")]).text)
    path.write_text(SMALL + "# edited\n", encoding="utf-8")
    got = client.post("/scenario", [moved, ("name", "mine")])
    assert (got.status, "changed on disk" in got.text) == (422, True)
    assert path.read_text(encoding="utf-8") == SMALL + "# edited\n"


def test_a_dashboard_that_only_reads(folder: Path) -> None:
    """Neither the button nor the form is taken."""
    with dashboard(folder, can_save=False) as client:
        assert "Save as scenario" not in client.get("/").text
        assert "read-only" in client.post("/scenario", [("lever:prices of acme", "110"), ("name", "mine")]).text
    assert (folder / "case.yaml").read_text(encoding="utf-8") == SMALL


def test_a_form_that_is_too_large(client: Client) -> None:
    """Neither its length as announced nor its real one may pass the limit."""
    assert client.post("/plan", [("value", "x" * 300_000)]).status == 413
    assert client.post("/plan", [("value", "x" * 300_000)], content_length="").status == 413
    assert "larger than any" in client.post("/plan", [("path", "a"), ("value", "x" * 5_000)]).text


def test_files_of_the_page(client: Client) -> None:
    """Every file the page names is there, may be kept, and is known by its content."""
    page = client.get("/").text
    named = re.findall(r'(?:src|href)="(/static/[^"]+)"', page)
    assert len(named) == 6
    for one in named:
        got = client.get(one)
        assert got.status == 200
        assert "immutable" in got.headers["cache-control"]
        assert got.headers["content-type"].split(";")[0] in ("text/javascript", "text/css")
    assert client.get("/static/0000000000000000/style.css").status == 404
    assert client.get("/static/0000000000000000/../app.py").status == 404


@pytest.mark.slow
@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/after/scenarios?", "less-of-beta"),
        ("/after/frontier?", "Budgets around this one"),
        ("/after/bridge?from=case&to=scenario:less-of-beta", "From the case as it is to less-of-beta"),
        ("/after/scale?product=boxes", "from half to four times"),
        ("/after/shift?giver=acme&taker=beta", "Work moved from acme to beta"),
        ("/after/shift?giver=acme&taker=acme", "not to itself"),
        ("/after/routes?product=boxes", "Where the figures of acme, single-pass come from"),
    ],
)
def test_what_can_be_asked(client: Client, address: str, said: str) -> None:
    """Each question has its answer, or a problem in words."""
    got = client.get(address, hx_request="true")
    assert got.status in (200, 422)
    assert said in text_of(got.text)


def test_figures_stand_against_another_plan(folder: Path) -> None:
    """A plan file, as of last quarter, is held against what is shown, figure by figure."""
    before = solve(read_case(folder, "less-of-beta"))
    (folder / "last.json").write_text(json.dumps(as_json(before)), encoding="utf-8")
    other = standing_of(side(folder, str(folder / "last.json")))
    mine = standing(before)
    assert mine is not None
    assert (other.spend, other.goal) == (mine.spend, mine.goal)
    assert other.per_eu == pytest.approx(mine.per_eu)
    assert other.per_accurate_item == pytest.approx(mine.per_accurate_item)
    with dashboard(folder, against=("last.json", other)) as client:
        said = text_of(client.get("/").text)
    plan = solve(read_case(folder)).plan
    assert plan is not None
    assert f"{plan.spend - mine.spend:+,.2f} against last.json" in said


@pytest.mark.slow
def test_the_plan_against_what_was_done() -> None:
    """Folders of actuals have the plan held against them, week by week, with the bridge to what was billed."""
    case = Path(__file__).resolve().parents[2] / "cases" / "second-quarter"
    with dashboard(case, actuals=tuple(case / "actuals" / name for name in ("work", "paid", "billed"))) as client:
        asked = re.search(r'data-after="(/after/done[^"]*)"', client.get("/").text)
        assert asked is not None
        said = text_of(client.get(html.unescape(asked[1]), hx_request="true").text)
    assert "The plan and what was done" in said
    assert "Billed so far: 13,060.80 USD." in said


@pytest.mark.slow
def test_odds_where_the_case_has_spreads() -> None:
    """A case that says how far amounts may be off has its promises with their odds, and both fans."""
    case = Path(__file__).resolve().parents[2] / "cases" / "uncertain-portfolio"
    with dashboard(case) as client:
        asked = re.search(r'data-after="(/after/likely[^"]*)"', client.get("/").text)
        assert asked is not None
        later = client.get(html.unescape(asked[1]), hx_request="true").text
    assert "How likely the plan is kept" in text_of(later)
    assert later.count('class="chart"') == 3


def test_a_case_that_was_edited_is_read_once_more(client: Client, folder: Path) -> None:
    """Loading the page shows what the file says now; a mistake in it is told, and the page goes on with what it had."""
    assert "9k USD (as in the case)" in client.get("/").text
    (folder / "case.yaml").write_text(SMALL.replace("budget: 9k USD", "budget: 8k USD"), encoding="utf-8")
    assert "8k USD (as in the case)" in client.get("/").text
    (folder / "case.yaml").write_text(SMALL.replace("budget: 9k USD", "budget: 8k USB"), encoding="utf-8")
    wrong = client.get("/").text
    assert "USB" in text_of(wrong)
    assert "8k USD (as in the case)" in wrong


@pytest.mark.slow
def test_scenario_and_settings_of_the_command_line(folder: Path) -> None:
    """They lie below the levers, stand in the command on the page, and go into a saved scenario."""
    given = {"scenario": "less-of-beta", "settings": ("budget=8k USD",)}
    with dashboard(folder, **given) as client:
        page = client.post("/plan", [("lever:prices of acme", "110")]).text
        line = commands(page)[0]
        assert "--scenario less-of-beta --set 'budget=8k USD' --set 'vendors.acme.contract.price=0.33 USD/item'" in line
        spend = re.search(r"Spend ([\d,.]+) USD", text_of(page))
        assert spend is not None
        assert float(spend[1].replace(",", "")) == pytest.approx(spend_of(line), abs=0.006)
        assert 'id="scenario"' not in client.get("/").text
        assert "there is no scenario" in text_of(client.post("/plan", [("scenario", "less-of-beta")]).text)
        assert client.post("/scenario", [("lever:prices of acme", "110"), ("name", "all-of-it")]).status == 200
    assert spend_of(f"allocate solve {folder} --scenario all-of-it") == spend_of(line)
