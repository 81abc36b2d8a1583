"""A case in several files: the order they are laid over one another in, places of figures, and what cannot be included."""

from __future__ import annotations

from pathlib import Path

import pytest

from allocate.api.solving import solve
from allocate.case.load import read_case
from allocate.errors import CaseError, Problem

OWN = """case: many-hands
include: {include}
currency: USD
horizon: {{start: 2027-01-04, weeks: 2}}
objective: cost
products: {{p: {{item: image, effort: 1 h/image, demand: 10 images}}}}
workflows: [single-pass]
"""
PARTS = {
    "vendors/acme.yaml": "vendors:\n  acme: {accuracy: 90%, capacity: 40 h/week}\n",
    "vendors/brown.yaml": "vendors:\n  brown: {accuracy: 80%, capacity: 40 h/week}\n",
    "rates/acme.csv": "product,vendor,price [USD/image]\np,acme,3\n",
    "rates/brown.csv": "product,vendor,price [USD/image]\np,brown,2\n",
}
ALL = "[vendors/*.yaml, rates/*.csv]"


def written(folder: Path, files: dict[str, str] | None = None, include: str = ALL) -> Path:
    """The case with its parts in a folder; files: others, or other texts."""
    for name, text in {**PARTS, **(files or {})}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "case.yaml").write_text(OWN.format(include=include), encoding="utf-8")
    return folder


def problems(folder: Path) -> tuple[Problem, ...]:
    """What is wrong with a case."""
    with pytest.raises(CaseError) as raised:
        read_case(folder)
    return raised.value.problems


def test_files_of_several_hands_make_one_case(tmp_path: Path) -> None:
    """Vendors and rates of all files count together, in the order of the files; every file has its digest in the record."""
    answer = solve(read_case(written(tmp_path)))
    assert list(answer.case.vendors) == ["acme", "brown"]
    assert [(rate.vendor, rate.price and rate.price.number) for rate in answer.case.file.rates] == [
        ("acme", 3.0),
        ("brown", 2.0),
    ]
    assert answer.plan is not None
    assert answer.plan.spend == pytest.approx(20.0)
    assert [name for name in answer.case.inputs if "model/" not in name] == ["case.yaml", *PARTS]


def test_the_case_has_the_last_word_and_a_later_file_over_an_earlier_one(tmp_path: Path) -> None:
    """Mappings are merged key by key: what a later file leaves out stays, what it says holds; the case's own file is last."""
    files = {
        "vendors/brown.yaml": "vendors:\n  acme: {capacity: 30 h/week}\n  brown: {accuracy: 80%, capacity: 40 h/week}\nhorizon: {weeks: 9}\n"
    }
    case = read_case(written(tmp_path, files))
    acme = case.vendors["acme"]
    assert acme.accuracy == 0.9
    assert acme.capacity is not None
    assert acme.capacity.text == "30 h/week"
    assert str(case.place("vendors", "acme", "capacity")).startswith("vendors/brown.yaml:2:")
    assert case.periods.count == 2
    turned = read_case(written(tmp_path, files, "[vendors/brown.yaml, vendors/acme.yaml, rates/*.csv]"))
    assert turned.vendors["acme"].capacity == case.vendors["brown"].capacity


def test_rules_of_all_files_count(tmp_path: Path) -> None:
    """Rules of included files are added to those of the case, whoever wrote them; two of one name are refused."""
    rule = "rules:\n  - {{name: {}, share: {{vendor: each, of: spend, at-most: 60%}}}}\n"
    folder = written(
        tmp_path,
        {"legal.yaml": rule.format("by law"), "risk.yaml": rule.format("by risk")},
        "[legal.yaml, risk.yaml, vendors/*.yaml, rates/*.csv]",
    )
    assert [one.name for one in read_case(folder).file.rules] == ["by law", "by risk"]
    (folder / "risk.yaml").write_text(rule.format("by law"), encoding="utf-8")
    (problem,) = problems(folder)
    assert str(problem.place).startswith("risk.yaml:2:")


def test_an_included_file_names_what_lies_beside_it(tmp_path: Path) -> None:
    """Tables and further files that an included file names are looked for in its own folder."""
    files = {
        "acme/all.yaml": "include: more.yaml\nvendors: {acme: {accuracy: 90%}}\nrates: prices.csv\n",
        "acme/more.yaml": "vendors: {acme: {capacity: 40 h/week}}\n",
        "acme/prices.csv": PARTS["rates/acme.csv"],
    }
    case = read_case(written(tmp_path, files, "acme/all.yaml"))
    assert case.vendors["acme"].capacity is not None
    assert [name for name in case.inputs if "model/" not in name] == [
        "case.yaml",
        "acme/all.yaml",
        "acme/more.yaml",
        "acme/prices.csv",
    ]


def test_a_rate_card_may_be_several_tables(tmp_path: Path) -> None:
    """`rates:` takes a list of tables and rows, each row with its place."""
    folder = written(
        tmp_path,
        {"own.yaml": "rates: [rates/brown.csv, {product: p, vendor: acme, price: 3 USD/image}]\n"},
        "[own.yaml, vendors/*.yaml]",
    )
    case = read_case(folder)
    assert [rate.vendor for rate in case.file.rates] == ["brown", "acme"]
    assert str(case.place("rates", 0, "price")).startswith("rates/brown.csv:2:")
    assert str(case.place("rates", 1, "price")).startswith("own.yaml:1:")


def test_the_same_pair_in_two_files_is_refused(tmp_path: Path) -> None:
    """No price replaces another by the order of files: the second is refused, with the place of the first."""
    folder = written(tmp_path, {"rates/zz.csv": "product,vendor,price [USD/image]\np,acme,1\n"})
    (problem,) = problems(folder)
    assert problem.message == "two rates for p with acme, first in line 2 of rates/acme.csv"
    assert str(problem.place) == "rates/zz.csv:2:1"


def test_every_mistake_has_the_place_in_its_own_file(tmp_path: Path) -> None:
    """Problems of several files are told at once, each with file, line and column."""
    files = {
        "vendors/acme.yaml": "vendors:\n  acme: {accuracy: 90%, capacity: 40 h/wek}\n",
        "rates/brown.csv": "product,vendor,price [USD/imge]\np,brown,2\n",
    }
    assert [str(one.place) for one in problems(written(tmp_path, files))] == [
        "rates/brown.csv:1:16",
        "vendors/acme.yaml:2:35",
    ]


@pytest.mark.parametrize(
    ("include", "files", "message", "place"),
    [
        ("vendors/none.yaml", {}, "the included file 'vendors/none.yaml' is not there", "case.yaml:2:10"),
        ("[vendors/*.yml]", {}, "no file fits 'vendors/*.yml'", "case.yaml:2:11"),
        ("../other.yaml", {}, "the included file '../other.yaml' lies outside the case's folder", "case.yaml:2:10"),
        ("../*.yaml", {}, "the included file '../*.yaml' lies outside the case's folder", "case.yaml:2:10"),
        ("/etc/*", {}, "the included file '/etc/*' lies outside the case's folder", "case.yaml:2:10"),
        ("notes.txt", {"notes.txt": "x"}, "'notes.txt' cannot be included", "case.yaml:2:10"),
        ("case.yaml", {}, "a file includes itself: case.yaml -> case.yaml", "case.yaml:2:10"),
        (
            "a.yaml",
            {"a.yaml": "include: b.yaml\n", "b.yaml": "include: a.yaml\n"},
            "a file includes itself: a.yaml -> b.yaml -> a.yaml",
            "b.yaml:1:10",
        ),
        ("a.yaml", {"a.yaml": "- 1\n"}, "a.yaml is a list, not keys with values", "a.yaml:1:1"),
        ("a.yaml", {"a.yaml": "case: [\n"}, None, "a.yaml:2:1"),
    ],
)
def test_what_cannot_be_included(
    tmp_path: Path, include: str, files: dict[str, str], message: str | None, place: str
) -> None:
    """A file that is missing, outside, of another kind, or that includes itself is one problem, with its place."""
    (tmp_path / "case").mkdir()
    (tmp_path / "other.yaml").write_text("vendors: {}\n")
    (problem,) = problems(written(tmp_path / "case", files, include))
    assert message is None or problem.message == message
    assert str(problem.place) == place


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    """A pattern does not follow a link to a file outside of the case's folder."""
    (tmp_path / "secret.yaml").write_text("vendors: {secret: {}}\n")
    folder = tmp_path / "case"
    folder.mkdir()
    written(folder)
    (folder / "vendors" / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    (problem,) = problems(folder)
    assert problem.message == "the included file 'secret.yaml' lies outside the case's folder"


def test_a_pattern_leaves_out_its_own_file_and_takes_others_once(tmp_path: Path) -> None:
    """`*.yaml` in case.yaml stands for the other files; one that is named again is read where it was named first."""
    folder = written(
        tmp_path,
        {"a.yaml": "rules: [{name: r, share: {vendor: each, of: spend, at-most: 60%}}]\n"},
        "['*.yaml', a.yaml, vendors/*.yaml, rates/*.csv]",
    )
    assert len(read_case(folder).file.rules) == 1


def test_include_is_not_overridden(tmp_path: Path) -> None:
    """Files are read before settings are laid over them."""
    with pytest.raises(CaseError, match="cannot be overridden"):
        read_case(written(tmp_path), settings=["include=[]"])


def test_include_is_a_list_of_names(tmp_path: Path) -> None:
    """Anything else is refused at its place, in whichever file."""
    files = {"vendors/acme.yaml": "include: {a: b}\nvendors: {acme: {}}\n"}
    found = problems(written(tmp_path, files, "[vendors/*.yaml, [a]]"))
    assert {one.message for one in found} == {"include expects names of files"}
    assert [str(one.place) for one in found] == ["vendors/acme.yaml:1:10", "case.yaml:2:27"]


def test_what_was_kept_of_a_case_is_whole(tmp_path: Path) -> None:
    """The case as it is kept with a run has everything laid in, and needs none of the files."""
    case = read_case(written(tmp_path))
    assert "include" not in case.document.data
    assert read_case(case.document.data).file == case.file
