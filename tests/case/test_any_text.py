"""Whatever stands in the files, reading gives a case or problems, never another error."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any

import pytest
from draws import examples
from fuzz.mutate import SIGNS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allocate.case.load import read_case
from allocate.errors import CaseError, render

FILES = {
    path.name: path.read_text(encoding="utf-8") for path in (Path(__file__).parents[1] / "data" / "quarter").iterdir()
}
JUNK = (
    *SIGNS, "~", "-1", "nan", "9e999", "1e308 USD", "week 0", "2027-02-30", "each", "null", "[1, [2]]", "{a: {b: c}}", "# ", ",,,,",
    "\x85", "é",
)  # fmt: skip


def changed(text: str, seed: int, times: int) -> str:
    """A text with lines dropped, doubled or swapped, words exchanged, and junk put in."""
    rng = random.Random(seed)
    for _ in range(times):
        lines = text.split("\n")
        here, there = rng.randrange(len(lines)), rng.randrange(len(lines))
        kind = rng.randrange(6)
        if kind == 0:
            del lines[here]
        elif kind == 1:
            lines[here], lines[there] = lines[there], lines[here]
        elif kind == 2:
            lines.insert(here, lines[there])
        elif kind == 3:
            words, others = lines[here].split(" "), lines[there].split(" ")
            words[rng.randrange(len(words))] = rng.choice(others)
            lines[here] = " ".join(words)
        elif kind == 4:
            at = rng.randrange(len(lines[here]) + 1)
            lines[here] = lines[here][:at] + rng.choice(JUNK) + lines[here][at:]
        else:
            at = rng.randrange(len(lines[here]) + 1)
            lines[here] = lines[here][:at] + lines[here][at + rng.randrange(8) :]
        text = "\n".join(lines) or "\n"
    return text


def read_or_problems(folder: Path, files: dict[str, str | bytes]) -> None:
    for name, content in files.items():
        raw = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
        (folder / name).write_bytes(raw)
    try:
        read_case(folder)
    except CaseError as error:
        assert error.problems  # noqa: PT017
        for problem in error.problems:
            assert render(problem).isprintable() or "\n" in render(problem)


@pytest.mark.slow
@settings(max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(FILES)), st.integers(0, 10**9), st.integers(1, 4))
def test_a_case_with_slips(tmp_path: Path, name: str, seed: int, times: int) -> None:
    """A valid case with a few random slips is read or refused."""
    read_or_problems(tmp_path, {**FILES, name: changed(FILES[name], seed, times)})


@pytest.mark.slow
@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(FILES)), st.binary(max_size=200))
def test_a_case_of_any_bytes(tmp_path: Path, name: str, raw: bytes) -> None:
    """Any bytes in any of the files are read or refused."""
    read_or_problems(tmp_path, {**FILES, name: raw})


@pytest.mark.slow
@settings(max_examples=examples(100), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet="[]{}:,-&*!|>'\"%@`#? \n\tab1.", max_size=80))
def test_a_case_of_yaml_signs(tmp_path: Path, text: str) -> None:
    """Any row of YAML's own signs is read or refused."""
    read_or_problems(tmp_path, {"case.yaml": text})


LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.dates(),
    st.text(max_size=8),
    st.sampled_from(["5 USD", "week 2"]),
)
TREES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
)


@pytest.mark.slow
@settings(max_examples=examples(100), deadline=None)
@given(
    st.sampled_from(
        [
            "budget",
            "products",
            "vendors",
            "rates",
            "rules",
            "horizon",
            "workflows",
            "exchange",
            "units",
            "model",
            "scenarios",
        ]
    ),
    TREES,
)
def test_a_mapping_with_any_value(key: str, value: object) -> None:
    """Any Python value under any key is read or refused."""
    case = {
        "case": "small",
        "currency": "USD",
        "horizon": {"start": "2027-01-04", "weeks": 2},
        "objective": "cost",
        "products": {"photos": {"task": "image.classification", "demand": "100 images"}},
        "vendors": {"crowd": {"contract": {"price": "0.05 USD/image"}}},
        key: value,
    }
    try:
        read_case(case)
    except CaseError as error:
        assert error.problems  # noqa: PT017


@pytest.mark.slow
@pytest.mark.parametrize("size", [examples(400_000)])
@pytest.mark.parametrize(
    "text", ["- a\n", "a b\n", "[", "{a: ", "x: &x [*x, ", "'", '"a": ', "? ", "!", "&a ", "\t", "a"]
)
def test_large_nonsense_is_refused(tmp_path: Path, text: str, size: int) -> None:
    """Long nonsense of any kind is refused with few problems."""
    (tmp_path / "case.yaml").write_text(text * (size // len(text)), encoding="utf-8")
    with pytest.raises(CaseError) as raised:
        read_case(tmp_path)
    assert len(raised.value.problems) <= 51


@pytest.mark.parametrize("edit", [("quarter", '"quar\\ud800ter"'), ("250k USD", '"250k \\udc80USD"')])
def test_half_characters_in_yaml(problems_of: Any, edit: tuple[str, str]) -> None:
    """An escape that is half a character is refused with its place, in a name and in an amount."""
    (problem,) = problems_of([("case.yaml", *edit)])
    assert re.fullmatch(r"this text holds half a character \(U\+D[8C][08]0\)", problem.message)
    assert str(problem.place).startswith("case.yaml:")


def test_half_characters_elsewhere(written: Any) -> None:
    """So it is in a setting and in a mapping, as a key and as a value."""
    for changes in (["budget=250k \udc80USD"], {"budget": "\udc80"}, {"vendors.acme.\udc80": "1 week"}):
        with pytest.raises(CaseError, match="half a character"):
            read_case(written(), settings=changes)
    for case in ({"case": "c\ud800"}, {"\ud800": 1}):
        with pytest.raises(CaseError, match="half a character"):
            read_case(case)
