"""The map: which project is which product, which people are which vendor's, which columns say what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field

from allocate.actuals.fields import Driver, driver
from allocate.case.blocks import Block
from allocate.case.files import read_text
from allocate.case.reading import fail
from allocate.case.validation import validate_pruned
from allocate.case.yaml_text import parse
from allocate.errors import CaseError, Place, Problem, readable

Text = Annotated[str, BeforeValidator(lambda value: str(value) if isinstance(value, (int, float)) else value)]


FILL_IN = "FILL-IN"
"""What stands for a name in a map that was guessed."""


def _own(name: str) -> str:
    if name == FILL_IN:
        raise fail("a name of the case is missing here", "write the name of a product, vendor or workflow of your case")
    return name


Name = Annotated[Text, AfterValidator(_own)]


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except Exception:
        raise fail(f"there is no time zone '{name}'", "write it as in `Asia/Manila` or `UTC`") from None
    return name


def _driver(text: str) -> str:
    if driver(text) is None:
        raise fail(
            f"'{text}' does not say what to count",
            "write it as in `count of result[type=rectanglelabels]` or name a field",
        )
    return text


class Naming(Block):
    """A name in the case from a field of the export."""

    by: Text
    """The field that tells, as a dotted path (`completed_by.email`) or the name of a column."""
    of: Mapping[str, Name] = Field(default={})
    """Names by the exact value of that field."""
    match: Mapping[str, Name] = Field(default={})
    """Names by a part of that value, the first that occurs in it."""
    else_: Name | None = None
    """The name for all other values; absent: another value is an error."""


def _named(value: Any) -> Any:
    return {"by": "", "else": str(value)} if isinstance(value, (str, int, float)) else value


Named = Annotated[Naming, BeforeValidator(_named)]


class Map(Block):
    """What a map.yaml may say."""

    product: Named
    """The product of the case: one name for all, or by a field."""
    vendor: Named
    """The vendor of the case: one name for all, or by a field."""
    workflow: Named | None = None
    """The workflow of the case."""
    time_zone: Annotated[str, AfterValidator(_zone)] | None = None
    """Zone of times that name none, and of the days in the table, as in `Asia/Manila`."""
    drivers: Mapping[str, Annotated[Text, AfterValidator(_driver)]] = Field(default={})
    """Work drivers by name: a field with a number, or `count of FIELD`, as in `count of result[type=rectanglelabels]`."""
    columns: Mapping[Text, Text] = Field(default={})
    """For tables: our columns by name, each with the column of the file, as in `submitted: _created_at`."""
    times: Literal["s", "ms", "min", "h"] | None = None
    """For tables: the unit of times at work."""
    dates: Text | None = None
    """For tables: how dates are written, as in `%m/%d/%Y %H:%M:%S`; absent: ISO 8601."""
    decimals: Literal[".", ","] | None = None
    """For tables: what stands before decimals; absent: what the figures of a column show, a point where they do not."""
    outcomes: Mapping[Text, Literal["accepted", "rejected", "fixed", "open", "skipped"]] = Field(default={})
    """For tables: outcomes by what the file calls them."""
    roles: Mapping[Text, Literal["label", "review", "rework", "gold", "agreement", "pre-label"]] = Field(default={})
    """For tables: roles by what the file calls them."""
    repeats: Literal["last", "all"] = "last"
    """The same item twice by one person: the last counts, or all do."""
    currency: Text | None = None
    """For tables: currency of amounts that have no sign."""


@dataclass
class Names:
    """A naming with what it could not name, told together at the end."""

    rule: Naming
    key: str
    unknown: dict[str, int] = field(default_factory=dict)

    @cached_property
    def known(self) -> dict[str, str]:
        """Names by value, as they are found."""
        return dict(self.rule.of)

    def name(self, value: str) -> str:
        """The name for a value of the field."""
        if not self.rule.by:
            return self.rule.else_ or ""
        if (name := self.known.get(value)) is not None:
            return name
        name = next((name for part, name in self.rule.match.items() if part in value), self.rule.else_ or "")
        if not name:
            self.unknown[value] = self.unknown.get(value, 0) + 1
        else:
            self.known[value] = name
        return name


@dataclass(frozen=True)
class Mapped:
    """A map, ready to be applied."""

    spec: Map
    place: Place
    product: Names
    vendor: Names
    workflow: Names
    drivers: Mapping[str, Driver]

    @cached_property
    def zone(self) -> ZoneInfo:
        """Zone of times that name none."""
        return ZoneInfo(self.spec.time_zone or "UTC")

    @property
    def paths(self) -> tuple[str, str, str]:
        """The fields that tell product, vendor and workflow; empty where one name stands for all."""
        return self.product.rule.by, self.vendor.rule.by, self.workflow.rule.by

    def names(self, get: Callable[[str], str]) -> tuple[str, str, str]:
        """Product, vendor and workflow of an entry whose fields `get` finds."""
        return (
            self.product.name(get(self.product.rule.by)),
            self.vendor.name(get(self.vendor.rule.by)),
            self.workflow.name(get(self.workflow.rule.by)),
        )

    def problems(self, hide: Callable[[str], str] = str) -> list[Problem]:
        """Values that have no name in the case, each key with its values and how often they occur; hide: makes values safe to show."""
        found = []
        for one in (self.product, self.vendor, self.workflow):
            if one.unknown:
                most = sorted(one.unknown.items(), key=lambda item: (-item[1], item[0]))
                shown = ", ".join(
                    f"{readable(hide(value), 60) or 'nothing'} ({count:,} rows)" for value, count in most[:8]
                )
                more = f" and {len(most) - 8:,} more" if len(most) > 8 else ""
                message = f"the map names no {one.key} for {len(most):,} values of '{one.rule.by}': {shown}{more}"
                fix = f"add them under `{one.key}: of:`, or a name for all others as `else: NAME`"
                found.append(Problem(message, self.place, fix))
        return found


def read_map(path: Path) -> Mapped:
    """A map.yaml; CaseError with all its problems, each with its place."""
    shown = path.name
    document = parse(read_text(path, shown), shown)
    spec, problems = validate_pruned(document, Map, {})
    if problems or spec is None:
        raise CaseError(problems)
    return mapped(spec.value, Place(shown))


def mapped(spec: Map, place: Place) -> Mapped:
    """A map that was checked, ready to be applied."""
    none = Naming.model_validate({"by": "", "else": ""})
    found = {name: driver(text) for name, text in spec.drivers.items()}
    return Mapped(
        spec, place, Names(spec.product, "product"), Names(spec.vendor, "vendor"),
        Names(spec.workflow or none, "workflow"), {name: one for name, one in found.items() if one is not None},
    )  # fmt: skip
