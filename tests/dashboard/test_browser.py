"""The dashboard in a real browser: headless Chromium moves levers and looks at what becomes of it. Skipped where there is none."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from allocate import read_case, solve
from tests.dashboard.browser import CHROMIUM, Tab, chromium

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (Debian: apt-get install chromium)"),
]

PORTFOLIO = Path(__file__).resolve().parents[2] / "cases" / "portfolio"
AXE = Path(__file__).parent / "axe.min.js"
PAGES = ("now", "economics", "mix", "scenarios")
STRIP = "document.getElementById('strip').textContent"
RESTED = """[...document.querySelectorAll('.after')].filter((one) => getComputedStyle(one.closest('.page')).display !== 'none' && one.dataset.after)
  .every((one) => one.asked === one.dataset.after && !one.hasAttribute('aria-busy') && !one.classList.contains('stale'))"""
LABELS = """[...document.querySelectorAll('.chart svg')].flatMap((svg) => { const box = svg.getBoundingClientRect();
  return [...svg.querySelectorAll('text')].filter((one) => { const inner = one.getBoundingClientRect();
    return one.textContent.trim() && inner.width && (inner.left < box.left - 1 || inner.right > box.right + 1 || inner.top < box.top - 1
      || inner.bottom > box.bottom + 1); }).map((one) => one.textContent); })"""
VIOLATIONS = (
    "axe.run(document, { resultTypes: ['violations'] }).then((r) => r.violations.map((v) => [v.id, v.nodes[0].html]))"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the portfolio, to be written into."""
    return Path(shutil.copytree(PORTFOLIO, tmp_path_factory.mktemp("shown") / "portfolio"))


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """The address that `allocate dashboard` prints."""
    command = [
        sys.executable,
        "-m",
        "allocate",
        "dashboard",
        str(folder),
        "--no-browser",
        "--token",
        "a-token-for-the-browser",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.terminate()
            assert server.stderr is not None
            assert server.stderr.read() == ""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory, address: str) -> Iterator[Tab]:
    """A browser that has opened the address with the token."""
    with chromium(tmp_path_factory.mktemp("browser")) as tab:
        tab.size(1280, 900)
        tab.open(address)
        yield tab


@pytest.fixture
def tab(browser: Tab, address: str) -> Iterator[Tab]:
    """The page as the case is, and after the test: nothing on the console, nobody else asked."""
    browser.size(1280, 900)
    browser.console.clear()
    browser.open(address.partition("?")[0])
    browser.until(f"document.documentElement.classList.contains('script') && {STRIP}.includes('as in the case')")
    yield browser
    assert browser.console == []
    host = address.partition("/?")[0]
    assert [one for one in browser.asked if not one.startswith((host, "about:", "data:"))] == []


def test_a_slider_by_keyboard(tab: Tab, folder: Path) -> None:
    """An arrow key moves the budget by one per cent: the figures are those of a solve, and the focus stays."""
    tab.run("[...document.querySelectorAll('.slide')].find((one) => one.name === 'lever:budget').focus()")
    tab.key("ArrowRight")
    tab.until(f"{STRIP}.includes('against the case')")
    plan = solve(read_case(folder, None, {"budget": "252.5k USD"})).plan
    assert plan is not None
    assert f"Net value {plan.net_value:,.0f} USD" in tab.run(STRIP)
    assert tab.run("document.activeElement.name") == "lever:budget"
    assert tab.run("document.activeElement.value") == "101"
    assert tab.run("document.activeElement.getAttribute('aria-valuetext')") == "252.5k USD (+1%)"
    assert "budget=252.5k USD" in tab.run("document.querySelector('code').textContent")
    assert tab.run("location.search") == "?lever%3Abudget=101"


def test_a_slider_by_mouse(tab: Tab) -> None:
    """A click near the left end takes most of the half away, and the page says what that costs."""
    box = tab.run("(() => { const box = document.querySelector('[name=\"lever:budget\"]').getBoundingClientRect();"
                  " return [box.x + 0.1 * box.width, box.y + box.height / 2]; })()")  # fmt: skip
    tab.click(*box)
    tab.until(f"{STRIP}.includes('against the case')")
    assert 55 <= int(tab.run("document.querySelector('[name=\"lever:budget\"]').value")) <= 75
    assert tab.run("document.querySelector('.change.poor') !== null")


def test_ten_quick_moves_show_the_last(tab: Tab, folder: Path) -> None:
    """Keys pressed faster than plans are made: what is shown in the end is the plan of the last, and so is its explanation."""
    tab.run("document.querySelector('[name=\"lever:budget\"]').focus()")
    for _ in range(10):
        tab.key("ArrowLeft")
    plan = solve(read_case(folder, None, {"budget": "225k USD"})).plan
    assert plan is not None
    tab.until(f"{STRIP}.includes('Net value {plan.net_value:,.0f} USD')")
    tab.until(RESTED)
    assert tab.run("document.getElementById('after-why').dataset.after").endswith("lever%3Abudget=90")
    assert tab.run("document.getElementById('after-why').textContent.includes('The next money')")
    time.sleep(0.5)
    assert f"Net value {plan.net_value:,.0f} USD" in tab.run(STRIP)


def test_no_plan_shows_priced_repairs(tab: Tab) -> None:
    """An accuracy that nobody reaches: what is missing, and changes that help, with the spend they lead to."""
    tab.run("document.getElementById('any-value').open = true")
    for field, text in (("add-path", "products.speech.accuracy.at-least"), ("add-value", "99.9%")):
        tab.run(f"document.getElementById('{field}').focus()")
        tab.type(text)
    tab.run("document.querySelector('#any-value button').click()")
    tab.until("document.querySelector('main').textContent.includes('What is missing')")
    tab.until("document.getElementById('after-why').textContent.includes('accuracy of speech: 99.')")
    assert tab.run("[...document.querySelectorAll('#after-why td.number')].length") >= 2
    assert tab.run("document.getElementById('own-1').value") == "99.9%"
    tab.run("document.getElementById('own-1').focus(); document.getElementById('own-1').select()")
    tab.type("95.5%")
    tab.key("Tab")
    tab.until("!document.querySelector('main').textContent.includes('What is missing')")


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (390, True)])
def test_four_pages_can_be_read(tab: Tab, width: int, dark: bool) -> None:
    """Each page has its charts with their labels inside, is no wider than the window, and axe finds nothing to say."""
    tab.size(width, 900, dark)
    tab.run(AXE.read_text(encoding="utf-8") + "; true")
    charts = 0
    for name in PAGES:
        tab.run(f"document.querySelector('a[data-page={name}]').click()")
        time.sleep(0.4)
        tab.until(RESTED)
        tab.size(width, int(tab.run("document.documentElement.scrollHeight")) + 50, dark)
        tab.until(
            "[...document.querySelectorAll('.chart')].filter((one) => one.offsetParent).every((one) => one.querySelector('svg text'))"
        )
        charts += tab.run("[...document.querySelectorAll('.chart')].filter((one) => one.offsetParent).length")
        assert tab.run(LABELS) == []
        assert tab.run("document.documentElement.scrollWidth - innerWidth") <= 0
        assert tab.run(VIOLATIONS) == [], (name, width, dark)
        tab.size(width, 900, dark)
    assert charts == 5


def test_routes_open_with_their_sources(tab: Tab) -> None:
    """A product opens its routes, and where every figure of those in the plan is written."""
    tab.run("document.querySelector('a[data-page=economics]').click(); document.getElementById('routes-1').open = true")
    tab.until("document.getElementById('after-routes-1').textContent.includes('rates.csv:')")


def test_a_bridge_between_two_scenarios(tab: Tab) -> None:
    """Two scenarios are chosen, and the page says cause by cause why one costs less."""
    tab.run("document.querySelector('a[data-page=scenarios]').click()")
    tab.run(
        "document.getElementById('bridge-to').value = 'scenario:budget-cut'; document.querySelector('.question button').click()"
    )
    tab.until("document.getElementById('asked').textContent.includes('100,000.00 USD less')")
    tab.run("document.querySelector('#asked .chart').scrollIntoView()")
    tab.until("document.querySelector('#asked .chart svg text') !== null")
    assert tab.run(LABELS) == []


def test_without_a_script(tab: Tab, address: str) -> None:
    """The button plans what the levers say, and links lead to what scripts would have fetched."""
    tab.send("Emulation.setScriptExecutionDisabled", value=True)
    try:
        tab.open(address.partition("?")[0] + "?lever:budget=80")
        assert "Plan with these" in tab.run(
            "[...document.querySelectorAll('button')].find((one) => one.offsetParent).textContent"
        )
        tab.run("document.querySelector('[name=\"lever:budget\"]').value = 60")
        tab.run("document.querySelector('.plan-button').click()")
        tab.until(
            "document.readyState === 'complete' && document.querySelector('output').textContent.includes('150k USD (-40%)')"
        )
        assert tab.run("document.querySelectorAll('main .page').length") == 4
        assert tab.run("[...document.querySelectorAll('main .page')].every((one) => one.offsetParent)")
        tab.run("document.querySelector('#after-why a').click()")
        tab.until(
            "document.querySelector('h1').textContent === 'Why the plan is as it is' && document.querySelector('main').textContent.includes('The next')"
        )
    finally:
        tab.send("Emulation.setScriptExecutionDisabled", value=False)


def test_saving_what_is_shown(tab: Tab, folder: Path) -> None:
    """A name and a click: the scenario stands in the case, which is otherwise as it was, and can be chosen."""
    path = folder / "case.yaml"
    before = path.read_text(encoding="utf-8")
    tab.run("document.querySelector('[name=\"lever:budget\"]').focus()")
    tab.key("ArrowRight")
    tab.until(f"{STRIP}.includes('against the case')")
    tab.run("document.getElementById('name').focus()")
    tab.type("a-little-more")
    tab.run("document.querySelector('.save button').click()")
    said = tab.until(
        "document.getElementById('saved').textContent.includes('Saved') && document.getElementById('saved').textContent"
    )
    assert f"allocate solve {folder} --scenario a-little-more" in said
    added = "  a-little-more:\n    budget: 252.5k USD\n"
    after = path.read_text(encoding="utf-8")
    assert after.count(added) == 1
    assert after.replace(added, "") == before
    assert json.dumps(read_case(folder, "a-little-more").document.data["budget"]) == '"252.5k USD"'
