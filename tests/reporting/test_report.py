"""What a report says: every figure of it computed, the same on the page and in Markdown, nothing left out unsaid."""

from __future__ import annotations

import re
from functools import cache
from itertools import groupby
from pathlib import Path

import pytest

from allocate import read_case, solve
from allocate.api.explaining import explain
from allocate.api.solving import formulate
from allocate.case.load import revised
from allocate.explaining.inputs import swings
from allocate.program.build import item_variables
from allocate.reporting.compose import compose
from allocate.reporting.document import Report, Section
from allocate.reporting.markdown import escaped, markdown
from allocate.reporting.material import table
from allocate.reporting.page import commands, page
from allocate.reporting.report import report
from allocate.reporting.wording import amount_of, gap, is_own_people, listed, named
from allocate.tables.formats import significant, spans

CASES = Path(__file__).resolve().parents[2] / "cases"


@cache
def report_of(name: str, scenario: str | None = None) -> Report:
    """The report of a shipped case, as the command makes it."""
    case = read_case(CASES / name, scenario)
    built = formulate(case)
    answer = solve(case, formulation=built)
    found = explain(case, answer=answer, formulation=built)
    return compose(answer, found, swings(built, answer.plan) if answer.plan is not None else ())


def section(report: Report, title: str) -> Section:
    """The section of a title."""
    return next(one for one in report.sections if one.title == title)


@pytest.mark.slow
def test_portfolio_says_what_leadership_asks() -> None:
    """The portfolio's report has every part, with the plan's own figures."""
    report = report_of("portfolio")
    assert report.headline.startswith(
        "250,000 USD on 5 products with 6 of 7 vendors over 12 weeks return 1,691,756 USD"
    )
    assert [one.title for one in report.sections] == [
        "Next steps",
        "Risks",
        "The plan",
        "Who gets the money",
        "Fund, hold, cut",
        "Where the money goes",
        "Quality against the floors",
        "More budget",
        "Vendors with little or no work",
        "Your own people, and people paid by the hour",
        "If the curves are wrong",
        "Scenarios side by side",
        "What could change the answer",
        "Who is full, and when",
        "What an item costs",
        "What errors cost",
        "Spend by vendor",
        "What rules and limits cost",
        "What was assumed",
    ]
    assert "Full: nairobi in weeks 1–11" in section(report, "Who is full, and when").sentences[0]


@pytest.mark.slow
def test_spend_table_adds_up_to_the_plan() -> None:
    """Rows and columns behind the picture of the spend add up to the plan's spend, to the cent."""
    chart = section(report_of("portfolio"), "Where the money goes").chart
    assert chart is not None
    rows = [[float(cell.replace(",", "")) for cell in row[1:]] for row in chart.figures.rows]
    assert rows[-1][-1] == pytest.approx(250_000.0, abs=0.01)
    assert sum(row[-1] for row in rows[:-1]) == pytest.approx(250_000.0, abs=0.03)


TEAM = {
    "case": "team",
    "currency": "USD",
    "objective": "net-value",
    "horizon": {"start": "2027-01-04", "weeks": 2},
    "products": {
        "p": {
            "item": "image",
            "effort": "36 s/image",
            "demand": "6_000 images",
            "value": {"curve": [{"labels": 0, "score": 0}, {"labels": 9000, "score": 90}], "worth": "1k USD/point"},
        }
    },
    "vendors": {
        "crew": {
            "accuracy": "100%",
            "team": {"people": 1, "hours": "40 h/week", "wage": "25 USD/h", "shrinkage": "25%"},
        },
        "outside": {"accuracy": "100%", "contract": {"price": "0.5 USD/image"}},
    },
}
"""One person makes 3,000 images in each of two weeks of 30 working hours, for 1,000 USD a week."""


@pytest.mark.slow
def test_a_team_is_shown_with_all_it_costs() -> None:
    """With demand for 4,500 the 15 idle hours of 60 cost 500 of the 2,000 USD; the team's share is all of the spend."""
    case = revised(read_case(TEAM), {"products.p.demand": "4_500 images"})
    answer = solve(case)
    report = compose(answer, explain(case, answer=answer), ())
    (owed,) = section(report, "Spend by vendor").tables
    at = {name: number for number, name in enumerate(owed.header)}
    crew = next(row for row in owed.rows if row[0] == "crew")
    assert (crew[at["spend (USD)"]], crew[at["share"]], crew[at["overhead in it"]]) == ("2,000.00", "100.0%", "500.00")
    assert "crew in week" in section(report, "Who is full, and when").sentences[0]
    (each,) = section(report, "What an item costs").tables
    assert each.rows[0][list(each.header).index("spend (USD)")] == "2,000.00"


@pytest.mark.slow
def test_cheap_and_bad_is_seen_to_be_dear() -> None:
    """Counting's 3,310.00 USD are 3.0156 a label: of the cheap vendor's image a fifth is lost, 0.6031 USD beside 0.40."""
    told = section(report_of("launch-gate"), "What errors cost")
    (found,) = told.tables
    at = {name: number for number, name in enumerate(found.header)}
    rows = {(row[0], row[1]): row for row in found.rows}
    cheap, careful = rows["counting", "cheap"], rows["counting", "careful"]
    assert (cheap[at["in the plan"]], careful[at["in the plan"]]) == ("no", "1,120")
    assert (cheap[at["unit cost"]], careful[at["unit cost"]]) == ("0.4000", "0.4800")
    assert (cheap[at["with errors"]], careful[at["with errors"]]) == ("1.003", "0.5403")
    assert rows["defects", "cheap"][at["escaped"]] == "0.004000"
    assert "A low price with low accuracy is expensive: counting, cheap" in told.sentences[1]
    assert "rare-events" not in {row[0] for row in found.rows}
    assert sum(told.sentences[1] in one.sentences for one in report_of("launch-gate").sections) == 2


@pytest.mark.slow
def test_without_errors_that_cost_nothing_is_said_of_them() -> None:
    """No product of the comparison has an error cost or a value, so its page has no table of them."""
    assert "What errors cost" not in [one.title for one in report_of("vendor-comparison").sections]


@pytest.mark.slow
def test_errors_of_routes_with_levers_are_told_apart() -> None:
    """A route worked with a lever is a row of its own, also where the comparison's page shows it."""
    case = revised(read_case(CASES / "video-throughput"), {"products.video.error-cost": "0.50 USD/frame"})
    answer = solve(case)
    (found,) = section(compose(answer), "What errors cost").tables
    assert {"single-pass with tiered-review", "checked with tiered-review"} <= {row[2] for row in found.rows}
    assert all(row[3] == "no" or float(row[3].replace(",", "")) > 0 for row in found.rows)


def test_comparison_is_the_page_worked_by_hand() -> None:
    """The one-page form has the totals that the case's page works out by hand, also at other QA rates."""
    report = report_of("vendor-comparison")
    assert (
        report.headline == "Take vendor-a: 10,000 images for 5,166.67 USD, 6,666.67 USD (56%) less than with vendor-b."
    )
    offers = section(report, "The offers side by side").tables[0]
    assert [row[1:4] for row in offers.rows] == [
        ("5,166.67", "5,000.00", "166.67"),
        ("11,833.33", "11,666.67", "166.67"),
    ]
    rates = section(report, "Would another QA rate change the answer?").tables[0]
    assert [row[1] for row in rates.rows] == ["5,033.33", "5,066.67", "5,166.67", "5,333.33", "5,666.67"]
    assert {row[-2] for row in rates.rows} == {"vendor-a"}
    # 500 of 10,000 at 95%: 1.96 x sqrt(0.95 x 0.05 / 500) is 1.9 points.
    assert [row[-1] for row in rates.rows] == [f"± {points} points" for points in ("4.5", "3.1", "1.9", "1.4", "1.0")]


@pytest.mark.slow
def test_comparison_of_a_vendor_that_cannot() -> None:
    """Where only one vendor is accurate enough, the page says that the other cannot do it alone."""
    report = report_of("vendor-comparison", "accurate-97-no-correction")
    assert report.headline.startswith(
        "Take vendor-b and vendor-a together: 10,000 images for 9,611.11 USD; vendor-b alone"
    )
    assert section(report, "The offers side by side").tables[0].rows[1][1] == "not alone"
    assert any("vendor-a cannot do it alone" in one for one in section(report, "The offers side by side").sentences)


def test_a_swing_is_a_plan_of_its_own() -> None:
    """What a price moved by a tenth changes is what solving the changed case changes."""
    case = read_case(CASES / "vendor-comparison")
    built, answer = formulate(case), solve(case)
    assert answer.plan is not None
    found = {one.input: one for one in swings(built, answer.plan)}
    dearer = solve(revised(case, {"vendors.vendor-a.contract.price": "0.55 USD/image"})).plan
    assert dearer is not None
    assert found["prices of vendor-a"].more.gain == pytest.approx(answer.plan.spend - dearer.spend)
    wage = solve(revised(case, {"review-team.wage": "36 USD/h"})).plan
    assert wage is not None
    assert found["wage of the review team"].less.gain == pytest.approx(answer.plan.spend - wage.spend)


def test_stated_accuracies_are_moved_too() -> None:
    """What a tenth more errors of a vendor changes is what solving the case with them changes."""
    data = {
        "case": "floors", "currency": "USD", "horizon": {"start": "2027-01-04", "weeks": 4}, "objective": "cost",
        "products": {"scans": {"item": "page", "effort": "30 s/page", "demand": "1_000 pages", "accuracy": {"at-least": "96%"}}},
        "vendors": {
            "good": {"accuracy": "98%", "contract": {"price": "1 USD/page"}},
            "cheap": {"accuracy": "90%", "contract": {"price": "0.50 USD/page"}},
            "silent": {"contract": {"price": "2 USD/page"}},
        },
        "workflows": ["single-pass"],
    }  # fmt: skip
    case = read_case(data)
    answer = solve(case)
    assert answer.plan is not None
    found = {one.input: one for one in swings(formulate(case), answer.plan)}
    worse = solve(revised(case, {"vendors.cheap.accuracy": "89%"})).plan
    assert worse is not None
    assert worse.spend > answer.plan.spend + 10.0
    assert found["errors of cheap"].more.gain == pytest.approx(answer.plan.spend - worse.spend)
    assert "errors of good" in found
    assert "errors of silent" not in found


def test_without_a_plan_the_page_says_what_is_missing() -> None:
    """A case without a plan gets a page that says so, with what is short."""
    answer = solve(read_case(CASES / "vendor-comparison", settings={"vendors.vendor-b": None, "budget": "1k USD"}))
    report = compose(answer)
    assert report.headline.startswith("No plan is possible")
    assert "budget: 5,166.67 USD needed, 1,000.00 USD there" in section(report, "What is missing").points[0]
    assert "No plan is possible" in page(report)


@pytest.mark.slow
def test_page_and_markdown_say_the_same() -> None:
    """Every sentence and every table cell of the report is in the page and in the Markdown."""
    report = report_of("portfolio")
    html, text = page(report), markdown(report)
    for one in (*report.sections, report.provenance):
        tables = [*one.tables, *([one.chart.figures] if one.chart is not None else [])]
        words = [one.title, *one.sentences, *one.points, *(c for t in tables for row in t.rows for c in row)]
        for word in words:
            assert word in html or str(commands(word)) in html
            assert escaped(word) in text


@pytest.mark.slow
def test_same_answer_same_page_to_the_byte() -> None:
    """Two runs write the same page: no date, no time, no order by chance."""
    report_of.cache_clear()
    first = page(report_of("vendor-comparison"))
    report_of.cache_clear()
    assert page(report_of("vendor-comparison")) == first


@pytest.mark.slow
def test_page_stands_alone() -> None:
    """The page has no script, no link, and nothing to fetch."""
    html = page(report_of("portfolio"))
    assert not re.search(r"<script|<link rel=\"stylesheet|<img|<iframe|\son\w+=|url\(http|@import|//\w", html)
    assert "http" not in html.replace("http-equiv", "")


def test_a_long_table_says_what_it_shows() -> None:
    """Of many rows the page shows the first, the others added together, and says so; all of them stand behind it."""
    rows = [[f"p{number}", "1"] for number in range(30)]
    long = table(
        "products", ["product", "spend"], rows, shown=3, rest=["27 others together", "27"], order="largest first"
    )
    assert long.head == (("p0", "1"), ("p1", "1"), ("p2", "1"), ("27 others together", "27"))
    assert long.says == "3 of 30 products, largest first"
    report = Report("t", "s", "h", (), (), (Section("Long", tables=(long,)),), Section("made"))
    for shown in (page(report), markdown(report)):
        assert "Shown: 3 of 30 products, largest first" in shown
        assert "All 30 products" in shown
        assert "p29" in shown


def test_commands_stand_as_code() -> None:
    """On the page a command or an option between backticks is code; what somebody's name has between them is text."""
    text = "`allocate odds` and `--thorough`, not `allocate <b>`"
    shown = page(Report("t", "s", "h", (), (), (Section("One", (text,), points=(text,)),), Section("made")))
    right = "<code>allocate odds</code> and <code>--thorough</code>, not `allocate &lt;b&gt;`"
    assert (shown.count(right), shown.count("<code>")) == (2, 4)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("[a](http://b)", r"\[a\](http&#58;//b)"),
        ("a|b @you #12 www.x", r"a\|b &#64;you &#35;12 www&#46;x"),
        ("`x` *y* _z_ \\", r"\`x\` \*y\* \_z\_ \\"),
        ("`allocate odds` of a_b", r"`allocate odds` of a\_b"),
        ("`allocate <b>|@you` of x", r"\`allocate &lt;b&gt;\|&#64;you\` of x"),
    ],
)
def test_markdown_cannot_be_broken_out_of(text: str, shown: str) -> None:
    """Names become no markup, no HTML, no link and no mention."""
    assert escaped(text) == shown


def test_words() -> None:
    """Lists, amounts, spans and names read as a person would write them."""
    assert listed(["a", "b", "c", "d", "e"], 4) == "a, b, c and 2 more"
    assert listed(["a", "b"]) == "a and b"
    assert spans([1, 2, 3, 7], "week", "–") == "weeks 1–3, 7"
    case = read_case(CASES / "make-or-buy", settings={"units": {"query": "queries"}})
    told = ((1, "points"), (500, "image"), (20, "h"), (2, "query"), (3, "box"))
    assert [amount_of(number, unit, case) for number, unit in told] == [
        "1 point",
        "500 images",
        "20 h",
        "2 queries",
        "3 boxes",
    ]
    assert (significant(0.000123456), significant(1e-17), gap(0.0), gap(1e-7)) == (
        "0.0001235",
        "0",
        "0%",
        "below 0.001%",
    )
    assert named(["x" * 500, "x" * 400 + "y" * 100])["x" * 400 + "y" * 100].endswith("… (500 characters) (2)")


@pytest.mark.slow
def test_offers_that_are_not_enough_alone_are_no_comparison() -> None:
    """Where no vendor can do all of the work, the page is about the plan of all of them together."""
    titles = [section.title for section in compose(solve(read_case(CASES / "medical"))).sections]
    assert "The offers side by side" not in titles
    assert "Who is full, and when" in titles


@pytest.mark.slow
def test_no_section_stands_alone_beside_nothing() -> None:
    """Sections that are not wide come in pairs, a tall one with two beside it, or end with a picture."""
    for name in ("medical", "published-prices", "contracts", "launch-gate"):
        for is_wide, run in groupby(compose(solve(read_case(CASES / name))).sections, key=lambda one: one.is_wide):
            row = list(run)
            cells = sum(2 if one.is_tall else 1 for one in row)
            assert is_wide or cells % 2 == 0 or row[-1].chart is not None


def test_gates_are_told_at_the_head() -> None:
    """What the plan reaches is no risk: a gate stands with the headline."""
    report = compose(solve(read_case(CASES / "launch-gate")))
    assert any(one.startswith("The gate of defects at 85 points is reached") for one in report.sentences)
    risks = next(section for section in report.sections if section.title == "Risks")
    assert not any("gate" in point for point in risks.points)


FUNDED = {
    "case": "funded",
    "currency": "USD",
    "objective": "net-value",
    "hurdle": 1.5,
    "budget": "1_000 USD",
    "horizon": {"start": "2027-01-04", "weeks": 1},
    "products": {
        name: {
            "item": "image",
            "effort": "36 s/image",
            "demand": demand,
            "value": {"curve": [{"labels": 0, "score": 0}, *points], "worth": "100 USD/point"},
        }
        for name, demand, points in (
            ("steep", {"at-most": "4_000 images"}, [{"labels": 4000, "score": 120}]),
            ("full", {"at-most": "200 images"}, [{"labels": 200, "score": 10}]),
            ("forced", {"at-least": "400 images"}, [{"labels": 4000, "score": 40}]),
        )
    },
    "vendors": {"maker": {"accuracy": "100%", "contract": {"price": "1 USD/image"}}},
    "workflows": ["single-pass"],
}
"""A label of `steep` is worth 3 USD, of `full` 5, of `forced` 1, and each costs 1 USD; the hurdle is 1.5.

Of 1,000 USD 400 are forced, 200 are all that `full` can take, and `steep` gets the other 400."""


def test_products_are_ranked_by_their_next_and_last_money() -> None:
    """Fund what returns 3 for 1, hold what can take no more, cut what returns 1 for 1 and is there for its floor alone."""
    case = read_case(FUNDED)
    answer = solve(case)
    found = explain(case, answer=answer)
    assert found is not None
    by_name = {one.product: one for one in found.margins}
    told = {name: (one.returns, one.last_returns, one.advice) for name, one in by_name.items()}
    assert told["steep"] == (pytest.approx(3.0), pytest.approx(3.0), "fund")
    assert told["full"] == (None, pytest.approx(5.0), "hold")
    assert told["forced"] == (pytest.approx(1.0), pytest.approx(1.0), "cut")
    part = section(compose(answer, found), "Fund, hold, cut")
    assert [row[:3] for row in part.tables[0].rows] == [
        ("steep", "fund", "400.00"), ("full", "hold", "200.00"), ("forced", "cut", "400.00"),
    ]  # fmt: skip
    assert any(one.startswith("Cut first: forced. Its last money returned least") for one in part.sentences)
    assert any("takes it from steep (100.00)" in one for one in part.sentences)


@pytest.mark.slow
def test_no_figure_on_the_page_is_less_than_nothing() -> None:
    """A floor that is met to the last digit leaves 0.00 points of room, whichever side rounding falls on."""
    found = section(compose(solve(read_case(CASES / "portfolio")), None), "Quality against the floors")
    assert found.chart is not None
    assert [row[-1] for row in found.chart.figures.rows].count("0.00 points") == 4


@pytest.mark.slow
def test_the_plan_and_its_levers_are_on_the_page() -> None:
    """Every way of making and every lever on offer stands on the page, with what was bought of them."""
    answer = solve(read_case(CASES / "video-throughput"))
    assert answer.plan is not None
    report = compose(answer)
    (made,), (levers,) = section(report, "The plan").tables, section(report, "Levers bought").tables
    at = {name: number for number, name in enumerate(made.header)}
    assert sum(float(row[at["items"]].replace(",", "")) for row in made.rows) == 500_000
    assert len(levers.rows) == len(answer.case.file.levers)
    bought = {str(name) for name in answer.plan.levers["lever"]}
    assert {row[0] for row in levers.rows if "yes" in row} == bought


def test_a_team_knows_what_becomes_of_it() -> None:
    """Demand for 4,500 leaves 15 of one person's 60 hours idle, and the page says so."""
    case = revised(read_case(TEAM), {"products.p.demand": "4_500 images"})
    told = section(compose(solve(case)), "Your own people, and people paid by the hour")
    assert "crew: nobody is hired or released; 15 h are paid and not needed" in told.sentences[0]
    assert told.tables[0].rows == (("crew", "1", "0", "0", "45", "15", "0", "2,000.00"),)


def test_the_page_answers_what_a_sceptic_asks() -> None:
    """What was assumed, what if the curve is wrong, who is paid what, what of our people, what to cut: each has its figures."""
    report = report_of("portfolio")
    asked = {
        "What was assumed": "assumed figures",
        "If the curves are wrong": "by the low curves (P10)",
        "Who gets the money": "to vendors",
        "Your own people, and people paid by the hour": "in-house (6 people)",
        "Fund, hold, cut": "If something has to be cut, start with",
    }
    for title, words in asked.items():
        found = section(report, title)
        assert any(words in one for one in found.sentences), title
        assert title.startswith("Your") or found.tables, title


def test_people_on_call_bid_and_employed_people_do_not() -> None:
    """Of whom the case says that they are on call may be asked for a price; of a team, and where nothing is said, nobody is."""
    vendor = {"accuracy": "100%", "people": 2, "hours": "40 h/week", "contract": {"price": "20 USD/h"}}
    called = {**vendor, "staffing": "on-call"}
    vendors = {"crew": TEAM["vendors"]["crew"], "unsaid": vendor, "called": called, "ours": {**called, "own": True}}
    case = read_case({**TEAM, "vendors": vendors})
    assert [is_own_people(case, name) for name in vendors] == [True, True, False, True]


def test_a_rule_added_by_hand_is_never_left_out_in_a_report(tmp_path: Path) -> None:
    """What would be planned anew from the case alone is not shown, and the page says so; what is shown is with the rule."""
    product = {"item": "image", "effort": "36 s/image", "demand": "100 images"}
    case = read_case(
        {
            "case": "by hand",
            "currency": "USD",
            "horizon": {"start": "2027-01-04", "weeks": 1},
            "objective": "cost",
            "products": {"p": product},
            "vendors": {name: {"contract": {"price": f"{n} USD/image"}} for n, name in enumerate(("v", "w"), start=1)},
            "workflows": {"plain": {}},
            "scenarios": {"more": {"products.p.demand": "200 images"}},
        }
    )
    for rules in (False, True):
        built = formulate(case)
        if rules:
            built.program += sum(item_variables(built, vendor="v")) <= 40, "no more than 40 with v"
        report(case, tmp_path / str(rules), formulation=built, thorough=True, workbook=False)
        text = (tmp_path / str(rules) / "report.md").read_text(encoding="utf-8")
        assert ("rules were added by hand" in text) is rules
        assert ("The offers side by side" in text) is not rules
        assert ("160.00" in text) is rules
