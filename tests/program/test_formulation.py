"""The formulation page."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from pathlib import Path

from allocate.program import clauses, limits, rules
from allocate.program.build import SECTIONS
from allocate.program.formulation import constraint_functions, formulation

ROOT = Path(__file__).resolve().parents[2]


def test_page_is_what_the_docstrings_say() -> None:
    """models/README.md is the generated page, to the letter."""
    assert (ROOT / "models" / "README.md").read_text(encoding="utf-8") == formulation()


def test_every_section_is_on_the_page() -> None:
    """A clause, rule or limit has its functions on the page, or a sentence that says where it stands instead."""
    page = formulation()
    for section in SECTIONS:
        assert bool(section.families) != bool(section.instead), section.name
        assert f"### {section.title}\n" in page
        assert section.instead in page
        for family in section.families:
            assert f"#### {family.add.__name__}\n" in page


def test_every_constraint_says_its_algebra_unit_and_dual() -> None:
    """Each constraint's docstring has algebra with a unit in brackets, and, for rows, how to read the dual."""
    for function in constraint_functions():
        text = function.__doc__ or ""
        assert ".. math::" in text, function.__name__
        assert re.search(r"\[\\text\{[^}]+\}\]", text), function.__name__
        assert function.__name__ == "value_columns" or "Dual:" in text, function.__name__


def test_indexes_hold_every_function_of_a_program() -> None:
    """A public function that takes the model, in a file of clauses, rules or limits, is built: no file is forgotten."""
    built = set(constraint_functions())
    for package in (clauses, limits, rules):
        for module in pkgutil.iter_modules(package.__path__):
            inside = importlib.import_module(f"{package.__name__}.{module.name}")
            for name, function in inspect.getmembers(inside, inspect.isfunction):
                adds = inspect.signature(function).return_annotation == "None"
                if function.__module__ == inside.__name__ and not name.startswith("_") and adds:
                    assert function in built, name


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
