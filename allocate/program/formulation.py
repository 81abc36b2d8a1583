"""The formulation as a page, generated from the docstrings of columns, rows and goals: `python -m allocate.program.formulation`."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any

from allocate.program import layout, objective
from allocate.program.build import families
from allocate.program.clauses import CLAUSES
from allocate.program.goals import GOALS
from allocate.program.limits import LIMITS
from allocate.program.model import Model
from allocate.program.rules import RULES
from allocate.program.sections import Section

PARTS: tuple[tuple[str, str, tuple[Section, ...]], ...] = (
    ("Limits", "What every plan keeps, whatever its contracts.", LIMITS),
    ("Clauses", "What contracts put on the bill, or sell at most, in the order of the bill.", CLAUSES),
    ("Rules", "What a mix of vendors must look like.", RULES),
    ("Goals", "What goals that are no sum over items are counted by, where a case has them.", GOALS),
)
OBJECTIVES = (
    objective.net_value, objective.value, objective.cost, objective.accuracy, objective.delivery, objective.finish,
    objective.change, objective.tie_breaks,
)  # fmt: skip

INTRODUCTION = """\
# The formulation

Generated from the docstrings in `allocate/program/` by `python -m allocate.program.formulation`; do not edit.

A route $r$ is a product $p$ made by a vendor $v$ through a workflow $w$; $t$ is a period (week or month) of the horizon.
$R(p)$, $R(v)$ are the routes of a product, of a vendor. Every coefficient comes from the routes table (`allocate costs`):
$c_{rt}$ unit cost, $h_r$ vendor hours, $g_r$ review hours, $a_r$ accuracy, $\\omega_r$ effective labels, $\\ell_r$ lead.

In the words of operations research: whether a vendor is used is a facility-opening binary, as in facility location
(`engagement`), under the tightest bound the case gives in place of a big-M. Value is concave and piecewise linear
(`value_columns`); its steps, and prices by volume (`tiers`), are incremental or all-unit, with binaries where they are not
convex. Hours of learning are concave, which is not convex where they are needed: the program holds what lies above their chords
(`learned_least`, `learned_pace`), and plans come from convex-concave restrictions of it (`allocate/solvers/learning`). Minimum orders make quantities semicontinuous, lots make them whole, as in lot sizing.
Limits that give way do so by a penalty on a slack, and goals in order are lexicographic objectives. Such programs are solved
by branch and bound; large ones by sifting, by Dantzig-Wolfe decomposition (column generation) along products, and by
Lagrangian relaxation with subgradients over facilities (`allocate/solvers`). A dual is a shadow price: what one more unit on
the right-hand side of a row is worth.

The folder `annotation/` beside this page is the cost model those figures start from: tasks and their standard times,
workflows, activities, regions and defaults, each number with its unit, its source and how it was obtained.
"""


def constraint_functions() -> list[Callable[[Model], None]]:
    """Every function that adds columns, rows or money to a program, in the order in which they are built."""
    return [family.add for family in families()]


def formulation() -> str:
    """The page as Markdown with LaTeX algebra that common hosts render."""
    parts = [INTRODUCTION, "## Items\n", _entry(layout.item_columns)]
    for title, about, sections in PARTS:
        parts.append(f"## {title}\n\n{about}\n")
        for section in sections:
            parts.append(f"### {section.title}\n")
            parts += [_entry(family.add) for family in section.families] or [f"{section.instead}\n"]
    parts += ["## Objective\n", *map(_entry, OBJECTIVES)]
    return "\n".join(parts).rstrip() + "\n"


def _entry(function: Callable[..., Any]) -> str:
    return f"#### {function.__name__}\n\n{_markdown(inspect.getdoc(function) or '')}\n"


def _inline(match: re.Match[str]) -> str:
    """Algebra within a sentence, in words that Markdown leaves alone: it takes a backslash before a sign for its own."""
    algebra = match[1]
    for sign, word in ((r"\,", r"\thinspace"), (r"\;", r"\thickspace"), ("<", r"\lt"), (">", r"\gt")):
        algebra = algebra.replace(sign, word)
    return f"${algebra}$"


def _markdown(text: str) -> str:
    """reStructuredText of our docstrings as Markdown: display algebra fenced, inline algebra in dollars."""
    lines, out, position = text.splitlines(), [], 0
    while position < len(lines):
        match = re.match(r"\.\. math::\s*(.*)", lines[position])
        if not match:
            out.append(re.sub(r":math:`([^`]*)`", _inline, lines[position]))
            position += 1
            continue
        algebra = [match[1]] if match[1] else []
        position += 1
        while position < len(lines) and (lines[position].startswith("    ") or not lines[position].strip()):
            if not lines[position].strip():
                break
            algebra.append(lines[position].strip())
            position += 1
        out += ["```math", *algebra, "```"]
    return "\n".join(out)


if __name__ == "__main__":
    print(formulation(), end="")
