"""Cost models: how long work takes, how good it comes out, what stands around it."""

from __future__ import annotations

from typing import Any, Literal

from allocate.case import amounts as a
from allocate.case.schema import Block, Workflow
from allocate.case.schema.activities import Activity
from allocate.case.sources import Source

__all__ = ["Activity", "Defaults", "ModelFile", "Region", "Source", "Task"]


class Task(Block):
    """A kind of annotation: standard time of an item = base + sum of driver counts times seconds per driver."""

    title: a.Text | None = None
    item: a.Name
    """The ordering unit: image, frame, page, clip …"""
    base: a.Effort
    """Hands-on time of an item with no driver in it."""
    drivers: dict[a.Name, a.Effort] = {}
    """Hands-on time of each unit of a driver."""
    default_drivers: dict[a.Name, a.DriverCount] = {}
    """Driver counts per item where a product names none."""
    complexity: dict[a.Name, a.Factor] = {}
    """Named factors on the standard time."""
    classes: a.Classes | None = None
    """Number of label classes, where it is fixed."""


class Region(Block):
    """A labour market. Its hours are those of vendors there that state none; the rest is shown and enters no plan."""

    title: a.Text | None = None
    currency: a.Name | None = None
    hours: a.HoursPerWeek | None = None
    holidays: a.Name | None = None
    """ISO country code of its holiday calendar."""
    attrition: a.PerYear | None = None
    wage: Any = None


class Defaults(Block):
    """What is taken where a case says nothing."""

    productivity: a.Factor = 1.0
    """Standard hours made per hour worked."""
    shrinkage: a.Share = 0.0
    """Share of paid hours not worked on items."""
    accuracy: a.Share
    """Accuracy of one pass."""
    noise: Literal["accuracy", "symmetric"] = "accuracy"
    """accuracy: a label trains by its accuracy; symmetric: by (1 - e C/(C-1))^2 for C classes and error e."""


class ModelFile(Block):
    """A cost model."""

    model: a.Name
    title: a.Text | None = None
    description: a.Text | None = None
    extends: a.Name | None = None
    """Another model this one adds to: a shipped one by name, or a path."""
    reference: a.Name
    """Task whose standard time is one equivalent unit."""
    reference_drivers: dict[a.Name, a.DriverCount] = {}
    units: dict[a.Name, a.Name]
    """Countable nouns, singular to plural."""
    tasks: dict[a.Name, Task]
    workflows: dict[a.Name, Workflow]
    activities: dict[a.Name, Activity] = {}
    regions: dict[a.Name, Region] = {}
    defaults: Defaults
