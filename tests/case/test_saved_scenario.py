"""A scenario written into a case file: a few lines more, every other byte as it was."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from allocate import read_case
from allocate.case.saved_scenario import save_scenario, with_scenario
from allocate.errors import CaseError

CASES = sorted((Path(__file__).resolve().parents[2] / "cases").glob("*/case.yaml"))
SETTINGS = {"budget": "275k USD", "hurdle": None, "x": "[a, b]"}
PLAIN = "case: a\ncurrency: USD\n"


def digest(path: Path) -> str:
    """What a file is known by."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.parent.name)
def test_no_other_line_of_a_shipped_case_changes(path: Path) -> None:
    """What is added stands at the end of the block, and without it the file is as it was."""
    text = path.read_text(encoding="utf-8")
    new, added = with_scenario(text, "case.yaml", "from-levers", SETTINGS)
    assert new.count(added) == 1
    assert new.replace(added, "") == text


@pytest.mark.parametrize(
    ("text", "new"),
    [
        (PLAIN, f"{PLAIN}scenarios:\n  mine:\n    budget: 275k USD\n"),
        (PLAIN.rstrip("\n"), f"{PLAIN}scenarios:\n  mine:\n    budget: 275k USD\n"),
        (PLAIN.replace("\n", "\r\n"), f"{PLAIN}scenarios:\n  mine:\n    budget: 275k USD\n".replace("\n", "\r\n")),
        (f"{PLAIN}scenarios:\n", f"{PLAIN}scenarios:\n  mine:\n    budget: 275k USD\n"),
        (
            "scenarios:\n    one: {a: b}   # why\n    # and more\n\n# of rules\nrules: []\n",
            "scenarios:\n    one: {a: b}   # why\n    # and more\n    mine:\n        budget: 275k USD\n\n# of rules\nrules: []\n",
        ),
        (
            "scenarios:\n  one:\n    a: |\n      text\n\n      # no comment\ncase: a\n",
            "scenarios:\n  one:\n    a: |\n      text\n\n      # no comment\n  mine:\n    budget: 275k USD\ncase: a\n",
        ),
    ],
)
def test_where_it_stands(text: str, new: str) -> None:
    """After the last entry, indented as the others; a block of its own where there is none; line ends are kept."""
    assert with_scenario(text, "case.yaml", "mine", {"budget": "275k USD"})[0] == new


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ('vendors."a.b".capacity', "1_000 h/week"), ("rates.x.y.price", "0.5 USD/item"), ("a", "null and void"), ("b", "# 5"),
        ("c", "yes"), ("d", "a: b"), ("e", "'quoted' \"twice\""), ("f", "x\ny"), ("g", "{at-least: 3 h, of: each-vendor}"),
        ("h", "-5"), ("i", "ä 日"), ("j", {"at-least": "92%", "of": "each-vendor"}), ("k", ["a", "b, c"]), ("l", "x #y"),
    ],
)  # fmt: skip
def test_what_is_written_is_what_is_read(path: str, value: object) -> None:
    """Whatever a value looks like, it is read back as it was."""
    from allocate.case.yaml_text import parse

    new, _ = with_scenario(PLAIN, "case.yaml", "mine", {path: value})
    wanted = parse(f"v: {value}", "x").data["v"] if str(value)[:1] == "{" and isinstance(value, str) else value
    assert parse(new, "case.yaml").data["scenarios"]["mine"] == {path: wanted}


@pytest.mark.parametrize(
    "text", [f"{PLAIN}scenarios: {{}}\n", f"{PLAIN}scenarios: {{a: {{b: c}}}}\n", "{case: a, currency: USD}\n"]
)
def test_what_it_cannot_do_without_touching_a_line(text: str) -> None:
    """A block in flow style is left alone, and the problem has the lines to paste."""
    with pytest.raises(CaseError) as caught:
        with_scenario(text, "case.yaml", "mine", {"budget": "275k USD"})
    assert "without changing other lines" in caught.value.problems[0].message
    assert "  mine:\n    budget: 275k USD" in str(caught.value.problems[0].fix)


@pytest.mark.parametrize("name", ["", "A", "a b", "../a", "a/b", "-a", "a" * 62, "a\n", "ä"])
def test_names_that_need_no_quotes(name: str) -> None:
    """Small letters, digits and dashes, 61 characters at most."""
    with pytest.raises(CaseError, match="cannot be the name"):
        with_scenario(PLAIN, "case.yaml", name, {"a": "b"})


def test_nothing_is_written_over(tmp_path: Path) -> None:
    """A name that is taken, nothing to save, a file that has changed since, and a link are refused; the file stays as it is."""
    path = tmp_path / "case.yaml"
    path.write_text("case: a\nscenarios:\n  mine: {a: b}\n", encoding="utf-8")
    known = digest(path)
    with pytest.raises(CaseError, match="already"):
        save_scenario(path, known, "mine", {"a": "b"})
    with pytest.raises(CaseError, match="nothing differs"):
        save_scenario(path, known, "other", {})
    with pytest.raises(CaseError, match="changed on disk"):
        save_scenario(path, "0" * 64, "other", {"a": "b"})
    link = tmp_path / "link.yaml"
    link.symlink_to(path)
    with pytest.raises(CaseError, match="it is a link"):
        save_scenario(link, known, "other", {"a": "b"})
    assert digest(path) == known
    assert sorted(one.name for one in tmp_path.iterdir()) == ["case.yaml", "link.yaml"]


def test_a_byte_order_mark_stays(tmp_path: Path) -> None:
    """What editors of some systems put first is kept, and the file's rights are."""
    path = tmp_path / "case.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + PLAIN.encode())
    path.chmod(0o640)
    save_scenario(path, digest(path), "mine", {"a": "b"})
    assert path.read_bytes() == b"\xef\xbb\xbf" + f"{PLAIN}scenarios:\n  mine:\n    a: b\n".encode()
    assert path.stat().st_mode & 0o777 == 0o640


def test_the_saved_scenario_plans_the_same(tmp_path: Path) -> None:
    """`--scenario` reads what `--set` had laid over the case."""
    path = tmp_path / "case.yaml"
    path.write_text(CASES[0].read_text(encoding="utf-8"), encoding="utf-8")
    for table in CASES[0].parent.glob("*.csv"):
        (tmp_path / table.name).write_bytes(table.read_bytes())
    vendor = next(iter(read_case(path).vendors))
    settings = {f"vendors.{vendor}.capacity": "77 h/week"}
    save_scenario(path, digest(path), "mine", settings)
    assert read_case(path, "mine").file.vendors == read_case(path, None, settings).file.vendors


KILLED = """
import os, sys, hashlib
from pathlib import Path
from allocate.case import saved_scenario
path, at = Path(sys.argv[1]), sys.argv[2]
real = {name: getattr(os, name) for name in ("open", "fsync")}
def killed(name):
    def instead(*args, **more):
        if name == at:
            os.kill(os.getpid(), 9)
        return real[name](*args, **more)
    return instead
for name in real:
    setattr(os, name, killed(name))
replace = Path.replace
def late(self, target):
    if at == "before":
        os.kill(os.getpid(), 9)
    done = replace(self, target)
    if at == "after":
        os.kill(os.getpid(), 9)
    return done
Path.replace = late
saved_scenario.save_scenario(path, hashlib.sha256(path.read_bytes()).hexdigest(), "mine", {"a": "b"})
"""


@pytest.mark.slow
@pytest.mark.parametrize("at", ["open", "fsync", "before", "after"])
def test_killed_while_saving(tmp_path: Path, at: str) -> None:
    """Whenever the process is killed, the file is the old one or the new one, whole."""
    path = tmp_path / "case.yaml"
    path.write_text(PLAIN, encoding="utf-8")
    done = subprocess.run([sys.executable, "-c", KILLED, str(path), at], env={**os.environ}, check=False)
    assert done.returncode == -signal.SIGKILL
    new = f"{PLAIN}scenarios:\n  mine:\n    a: b\n"
    assert path.read_text(encoding="utf-8") == (new if at == "after" else PLAIN)
