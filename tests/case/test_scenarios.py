"""Scenarios and settings: values replaced, merged, added and removed by path."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from allocate.case.document import walk
from allocate.case.load import Case, read_case, revised
from allocate.case.paths import scaled
from allocate.case.scenarios import steps
from allocate.case.validation import written as as_set
from allocate.errors import CaseError

Written = Callable[..., Path]


def asked(written: Written, *settings: str, edits: Sequence[Any] = ()) -> Case:
    return read_case(written(edits), settings=settings)


def test_a_scenario_overrides_values(written: Written) -> None:
    """The scenario's value holds, and the case names its scenario."""
    folder = written()
    assert read_case(folder).vendors["acme"].capacity.number == 1_200
    late = read_case(folder, "late")
    assert (late.vendors["acme"].capacity.number, late.scenario) == (700, "late")


def test_settings_lie_over_the_scenario(written: Written) -> None:
    """What is set by hand wins, and is recorded as written."""
    case = read_case(written(), "late", ["vendors.acme.capacity=800 h/week"])
    assert case.vendors["acme"].capacity.number == 800
    assert case.settings == ("vendors.acme.capacity=800 h/week",)


def test_mappings_merge_and_null_removes(written: Written) -> None:
    """A mapping changes the keys it names; null takes a key away; anything else replaces the whole."""
    case = asked(
        written,
        "products.moderation.demand={at-least: 30_000 images, at-most: null}",
        "products.moderation.deadline=null",
        "workflows=[single-pass]",
    )
    product = case.products["moderation"]
    assert product.demand.at_least.number == 30_000
    assert product.demand.at_most is None
    assert product.deadline is None
    assert list(case.file.workflows) == ["single-pass"]


def test_rates_are_named_by_product_and_vendor(written: Written) -> None:
    """A rate changes, appears and goes away by the names of its pair."""
    case = asked(written, "rates.moderation.acme.price=0.3 USD/image", "rates.triage.acme.price=30 USD/h")
    rates = {(rate.product, rate.vendor): rate for rate in case.file.rates}
    assert rates["moderation", "acme"].price.text == "0.3 USD/image"
    assert rates["moderation", "acme"].accuracy == 0.95
    assert rates["triage", "acme"].price.number == 30
    fewer = asked(written, "rates.moderation.in-house=null")
    assert [(rate.product, rate.vendor) for rate in fewer.file.rates] == [
        ("moderation", "acme"),
        ("triage", "in-house"),
    ]
    assert str(fewer.place("rates", 1, "price")) == "rates.csv:4:17"


def test_rates_of_several_workflows_are_told_apart(written: Written) -> None:
    """Where a pair has a rate for each workflow, the path names the workflow, or is refused."""
    table = (
        "product,vendor,workflow,price\nmoderation,acme,,0.5 USD/image\nmoderation,acme,sampled-5,0.6 USD/image\n"
        "triage,in-house,,40 USD/h\n"
    )
    edits = [("rates.csv", None, table)]
    case = asked(written, "rates.moderation.acme.sampled-5.price=0.7 USD/image", edits=edits)
    assert [rate.price.number for rate in case.file.rates] == [0.5, 0.7, 40]
    of_all = asked(written, "rates.0.price=0.4 USD/image", edits=edits)
    assert [rate.price.number for rate in of_all.file.rates] == [0.4, 0.6, 40]
    with pytest.raises(CaseError, match="moderation has several rates with acme"):
        asked(written, "rates.moderation.acme.price=0.7 USD/image", edits=edits)


@pytest.mark.parametrize("path", ["vendors.acme.eu.lead", 'vendors."acme.eu".lead', "vendors.'acme.eu'.lead"])
def test_names_with_dots(written: Written, path: str) -> None:
    """A name that holds dots is found, with quotes or without."""
    edits = [("case.yaml", "  acme:", "  acme.eu:"), ("case.yaml", "vendor: acme,", "vendor: acme.eu,")]
    edits += [("rates.csv", "moderation,acme", "moderation,acme.eu")]
    case = asked(written, f"{path}=2 weeks", "rates.moderation.acme.eu.accuracy=90%", edits=edits)
    assert case.vendors["acme.eu"].lead.number == 2
    assert case.file.rates[1].accuracy == 0.9


def test_entries_of_lists_by_name_or_number(written: Written) -> None:
    """Rules and limits are found by name; entries without a name by their number from 0."""
    case = asked(
        written,
        "rules.no vendor above most.share.at-most=70%",
        "budget.limits.boxes.at-most=80k USD",
        "products.moderation.milestones.0.by=week 5",
        "calendar.0.capacity=950 h/week",
    )
    assert case.file.rules[0].share.at_most == 0.7
    assert case.file.budget.limits[0].at_most.number == 80_000
    assert case.products["moderation"].milestones[0].by.period == 5
    assert case.file.calendar[0].capacity.number == 950


def test_blocks_a_case_leaves_out_are_opened(written: Written) -> None:
    """A path below a block that is not there makes the block; a new name needs its whole entry."""
    case = asked(written, "targets.value=10k USD", "vendors.crowd={contract: {price: 0.2 USD/item}}")
    assert case.file.targets.value.number == 10_000
    assert case.vendors["crowd"].contract.price.number == 0.2


def test_settings_as_a_mapping_of_values(written: Written) -> None:
    """From Python, settings are values of any kind the case takes."""
    case = read_case(written(), settings={"hurdle": 1.5, "vendors.acme.ramp": [0.5, 1], "budget": {"total": "1k USD"}})
    assert case.file.hurdle == 1.5
    assert case.vendors["acme"].ramp == (0.5, 1.0)
    assert (case.file.budget.total.number, len(case.file.budget.limits)) == (1_000, 1)


def test_the_table_itself_can_be_another(written: Written) -> None:
    """A setting names another table, and settings of its rows apply to that one."""
    folder = written([("other.csv", None, "product,vendor,price\nmoderation,acme,1 USD/image\ntriage,acme,2 USD/h\n")])
    case = read_case(folder, settings=["rates=other.csv", "rates.triage.acme.price=3 USD/h"])
    assert [rate.price.number for rate in case.file.rates] == [1, 3]
    assert "other.csv" in case.inputs


def test_a_scenario_that_changes_nothing_of_the_file(written: Written) -> None:
    """Reading with a scenario leaves the next reading as it was."""
    folder = written()
    read_case(folder, "late")
    assert read_case(folder).vendors["acme"].capacity.number == 1_200


@pytest.mark.parametrize(
    ("path", "parts"), [("a.b", ["a", "b"]), ('a."b.c".d', ["a", "b.c", "d"]), ("a.'b.c'", ["a", "b.c"]), ("..", [])]
)
def test_paths_in_parts(path: str, parts: list[str]) -> None:
    """Dots part a path, quotes hold it together."""
    assert steps(path) == parts


@pytest.mark.slow
@pytest.mark.parametrize(("name", "every"), [("pilot-phase", 1), ("contracts", 2), ("further-words", 12)])
def test_every_setting_that_is_taken_changes_the_case(name: str, every: int) -> None:
    """Each value of a rich case, made a tenth larger or said otherwise, is refused or changes what is read, levers of locks included."""
    case = read_case(Path(__file__).parents[2] / "cases" / name)
    leaves = [(path, value) for path, value in walk(case.document.data) if isinstance(value, str)]
    silent = []
    for path, value in leaves[::every]:
        if value.lower() in ("true", "false"):
            other = {"true": "false", "false": "true"}[value.lower()]
        else:
            other = scaled(value, Decimal("1.1")) or f"{value}x"
        setting = as_set(case.document.data, path)[1]
        try:
            found = revised(case, {setting: other})
        except CaseError:
            continue
        if (found.file, found.model, found.workflows, found.sources) == (
            case.file,
            case.model,
            case.workflows,
            case.sources,
        ):
            silent.append(setting)
    assert not silent


@pytest.mark.parametrize(
    ("setting", "fix"),
    [
        ("products.moderation.deadlin=null", "write `products.moderation.deadline`"),
        ("vendors.acmee=null", "write `vendors.acme`"),
        ("levers.tool=null", ""),
        ("budgt=null", "write `budget`"),
        ("products.moderation.demand={at-mots: null}", "did you mean 'at-most'?"),
        ("scenarios.late={vendors.acme.capacity: 600 h/week}", "override the value itself"),
    ],
)
def test_a_setting_that_would_change_nothing_is_refused(written: Written, setting: str, fix: str) -> None:
    """A name that is not there cannot be taken out, nor can a scenario be changed that is laid over the case before; both were taken
    without a word."""
    with pytest.raises(CaseError) as told:
        asked(written, setting)
    assert fix in (told.value.problems[0].fix or "")


def test_a_key_the_case_leaves_out_may_be_taken_out(written: Written) -> None:
    """A scenario may say that there is no deadline, whether the case has one or not."""
    for product in ("moderation", "triage"):
        assert asked(written, f"products.{product}.deadline=null").products[product].deadline is None
