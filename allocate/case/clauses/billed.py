"""What vendors billed for work that is done, beyond what their contracts ask for it."""

from __future__ import annotations

from allocate.case.index import VENDORS, Clause

CLAUSE = Clause(
    "billed",
    keys=("done.paid",),
    costs={VENDORS: ("beyond contract",)},
    shared_by="done",
)
