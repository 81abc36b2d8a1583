"""What the names in an exported program stand for, in the case's words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allocate.program.build import Built
from allocate.program.naming import Block

if TYPE_CHECKING:
    import pandas as pd


def legend_table(built: Built) -> pd.DataFrame:
    """One row per column and row of the program: its name in LP and MPS files, its family, what it is about."""
    import pandas as pd

    routes = built.layout.routes
    names = {
        "product": [*routes.products, "the portfolio"],
        "vendor": list(routes.vendors),
        "workflow": list(routes.workflows),
        "period": [built.layout.case.periods.label(number) for number in range(built.layout.case.periods.count)],
        "rule": [rule.name for rule in built.layout.case.file.rules],
        "lever": [lever.name for lever in routes.levers],
        "other": [lever.name for lever in routes.levers],
        "levers": [" + ".join(routes.levers[n].name for n in some) for some in routes.combinations],
        "limit": [limit.name for limit in built.layout.case.file.budget.limits],
    }
    parts = [("column", block) for block in built.program.columns.values()]
    parts += [("row", block) for block in built.program.rows.values()]
    tables = [_block(kind, block, names) for kind, block in parts]
    return pd.concat(tables, ignore_index=True)


def _block(kind: str, block: Block, names: dict[str, list[str]]) -> pd.DataFrame:
    import pandas as pd

    axes = {
        axis: [names[axis][number] for number in values] if axis in names else [str(number) for number in values]
        for axis, values in block.index.items()
    }
    return pd.DataFrame({"name": block.names(), "kind": kind, "family": block.family, **axes})
