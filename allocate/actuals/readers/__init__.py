"""Readers of exports, one file a platform; `KINDS` lists them all."""

from __future__ import annotations

from allocate.actuals.readers import cvat, label_studio, labelbox, sagemaker, tables
from allocate.actuals.readers.kinds import Kind

KINDS: dict[str, Kind] = {
    one.name: one
    for one in (
        label_studio.KIND, cvat.KIND, cvat.KIND_QUALITY, labelbox.KIND, labelbox.KIND_V1, sagemaker.KIND, *tables.KINDS,
    )
}  # fmt: skip
"""Every kind of export by its name."""
