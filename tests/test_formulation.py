"""The formulation page."""

from __future__ import annotations

import re
from pathlib import Path

from allocate.program.formulation import SECTIONS, constraint_functions, formulation

ROOT = Path(__file__).resolve().parent.parent


def test_page_is_what_the_docstrings_say() -> None:
    """models/README.md is the generated page, to the letter."""
    assert (ROOT / "models" / "README.md").read_text(encoding="utf-8") == formulation()


def test_every_constraint_is_on_the_page() -> None:
    """A constraint function that is not listed on the page fails here."""
    listed = {function for _, functions in SECTIONS for function in functions}
    missing = [function.__name__ for function in constraint_functions() if function not in listed]
    assert not missing


def test_every_constraint_says_its_algebra_unit_and_dual() -> None:
    """Each constraint's docstring has algebra with a unit in brackets, and, for rows, how to read the dual."""
    for function in constraint_functions():
        text = function.__doc__ or ""
        assert ".. math::" in text, function.__name__
        assert re.search(r"\[\\text\{[^}]+\}\]", text), function.__name__
        assert function.__name__ == "value_columns" or "Dual:" in text, function.__name__


def test_index_calls_every_constraint() -> None:
    """build.py, the index of the formulation, calls every constraint function."""
    source = (ROOT / "allocate" / "program" / "build.py").read_text(encoding="utf-8")
    missing = [function.__name__ for function in constraint_functions() if f".{function.__name__}(" not in source]
    assert not missing


KNOWN = frozenset(
    """Bigl Bigr Delta Bigm alpha beta cap cup delta dots ell eta exists forall frac gamma ge gt in lambda lceil ldots le left
    lfloor lt max mid min mu ne notin omega phi pi prod qquad quad rceil rfloor rho right setminus sigma subset sum
    tau text theta thickspace thinspace times varphi approx bar begin big Big cdot chi emptyset end epsilon exp geq hat iff
    implies infty kappa land leq log lor lvert mathbb mathbf mathcal mathrm neg nu Omega psi rvert Rightarrow Sigma sqrt tilde
    to zeta""".split()
)
"""Macros that GitHub, GitLab, Jupyter and VS Code all draw; GitHub refuses some others, as `operatorname`."""


def _faults(algebra: str, inline: bool) -> list[str]:
    """What a host would not draw in a formula."""
    faults = [macro for macro in re.findall(r"\\([A-Za-z]+)", algebra) if macro not in KNOWN]
    faults += re.findall(r"\\[^A-Za-z,;{} ]", algebra)
    bare = re.sub(r"\\[{}]", "", algebra)
    depth = 0
    for sign in bare:
        depth += {"{": 1, "}": -1}.get(sign, 0)
        if depth < 0:
            break
    faults += ["braces"] if depth else []
    faults += [
        pair
        for pair in (("left", "right"), ("Bigl", "Bigr"))
        if bare.count(f"\\{pair[0]}") != bare.count(f"\\{pair[1]}")
    ]
    faults += re.findall(r"(?<!\\)[%#&$]", algebra)
    if inline:
        faults += re.findall(r"\\[^A-Za-z]|[*|<>`]|^\\s|\\s$", algebra)
    return [str(fault) for fault in faults]


def test_hosts_can_draw_every_formula() -> None:
    """Known macros only, braces closed, nothing in a sentence's formula that Markdown takes for its own, none left raw."""
    page = (ROOT / "models" / "README.md").read_text(encoding="utf-8")
    shown = re.findall(r"^```math\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    rest = re.sub(r"`[^`\n]*`", "", re.sub(r"^```.*?^```$", "", page, flags=re.MULTILINE | re.DOTALL))
    within = re.findall(r"\$([^$\n]+)\$", rest)
    assert shown
    assert within
    assert [(one, _faults(one, False)) for one in shown if _faults(one, False)] == []
    assert [(one, _faults(one, True)) for one in within if _faults(one, True)] == []
    assert [line for line in rest.splitlines() if line.count("$") % 2] == []
    assert "\\" not in re.sub(r"\$[^$\n]+\$", "", rest)
    assert ":math:" not in page


def test_formulas_no_host_draws_are_found() -> None:
    """The check above finds what it is for."""
    assert _faults(r"\operatorname{x}", False) == ["operatorname"]
    assert _faults(r"x_{a", False) == ["braces"]
    assert _faults(r"50 % of x", False) == ["%"]
    assert _faults(r"a \, b", True) == [r"\,"]
    assert _faults(r"a \thinspace b_{rt}", True) == []
