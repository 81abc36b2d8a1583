"""Reading a case: file, scenario, tables, cost model, checks; every problem of every file in one pass."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from allocate.case import scenarios
from allocate.case.attached import Attached, attach_tables, header_problems, spots_of, told_once, without
from allocate.case.checks import cross_check
from allocate.case.checks.goals import steep_hurdle
from allocate.case.clauses.price_lock import is_said_twice, lay_out, take_back
from allocate.case.clauses.wages import on_payroll
from allocate.case.context import Context
from allocate.case.document import Document, Path_
from allocate.case.examples import fitting
from allocate.case.excluding import take_out
from allocate.case.files import ALLOWED, is_within, read_text
from allocate.case.horizon import Periods, periods
from allocate.case.included import with_included
from allocate.case.model import ModelFile
from allocate.case.model_files import CHANGES, Reading, case_nouns, read_model
from allocate.case.notation import settle
from allocate.case.offers import Check, Keeps, keeping, offered
from allocate.case.past import Past, earlier_lines, past_of
from allocate.case.plain import plain
from allocate.case.plan_file import PlanLine
from allocate.case.rate_card import RateCard
from allocate.case.schema import CaseFile, Product, Vendor, Workflow
from allocate.case.sources import Source, collapse_sources
from allocate.case.spreads.collapse import Collapsed, collapse_spreads, still_written, with_spreads
from allocate.case.spreads.resolve import spreads_of
from allocate.case.spreads.spread import Spreads
from allocate.case.validation import validate_pruned
from allocate.case.workbook import is_workbook, read_workbook
from allocate.case.yaml_text import parse
from allocate.errors import CaseError, Place, Problem
from allocate.tables.shown import Shown
from allocate.units import Units

# What stands in for a required value that is not right, so that the rest of the case can be checked;
# checks that depend on it are left out.
_STAND_INS = {
    "case": "case",
    "currency": "USD",
    "horizon": {"start": "2000-01-03", "weeks": 1},
    "products": {},
    "vendors": {},
}


@dataclass(frozen=True, repr=False)
class Case(Shown):
    """A checked case: what was asked, the cost model, and where everything was written."""

    file: CaseFile
    model: ModelFile
    workflows: Mapping[str, Workflow]
    """The workflows on any menu of the case, by name."""
    periods: Periods
    spreads: Spreads = field(repr=False, default_factory=Spreads)
    """What it says of amounts that are not known exactly; the amounts themselves are their P50."""
    sources: Mapping[Path_, Source] = field(repr=False, default_factory=dict)
    """Where figures come from, by their path in the case, or after `model` in the cost model."""
    inputs: Mapping[str, str] = field(repr=False, default_factory=dict)
    """SHA-256 of every file read, by name."""
    scenario: str | None = None
    settings: tuple[str, ...] = ()
    document: Document = field(repr=False, default_factory=lambda: Document({}))
    whole: Document | None = field(repr=False, default=None)
    """The document with what is excluded, where something is."""
    folder: Path = field(repr=False, default_factory=Path.cwd)
    """Where the case stands; a cost model named by a path is looked for from there."""
    allow_paths: tuple[Path, ...] = field(repr=False, default=())
    """Folders besides that one its files may be read from."""
    added: Mapping[tuple[str, int], float] = field(repr=False, default_factory=dict)
    """What is added to limits that follow from several values of the case: to each period's hours (`vendor_hours`), to each
    period's items or EU (`vendor_items`), to a capacity of the whole horizon (`vendor_total`), to the most hours of a team
    (`team_hours`), with the vendor's position. For questions about them; infinite takes the limit away."""
    facts_of: Case | None = field(repr=False, default=None)
    """The case with whose figures everything was done that is done, where this is one of its scenarios: facts have no spread."""

    @property
    def name(self) -> str:
        """The case's name."""
        return self.file.case

    @property
    def notes(self) -> tuple[str, ...]:
        """What its reader must know about how it was read."""
        return (*self.document.notes, *(one for one in (self.spreads.told(), steep_hurdle(self.file)) if one))

    @property
    def written(self) -> dict[str, Any]:
        """Its data with scenario, settings and tables laid in, as it can be read again, spreads included."""
        return with_spreads(self.document, self.spreads.amounts)

    @property
    def currency(self) -> str:
        """Currency of every result."""
        return self.file.currency

    @property
    def products(self) -> Mapping[str, Product]:
        """Products by name, in the file's order."""
        return self.file.products

    @property
    def vendors(self) -> Mapping[str, Vendor]:
        """Vendors by name, in the file's order."""
        return self.file.vendors

    @property
    def tags(self) -> tuple[dict[str, dict[str, str]], dict[str, dict[str, str]]]:
        """Tags of products and of vendors, by name."""
        return tuple({name: one.tags for name, one in every.items()} for every in (self.products, self.vendors))  # type: ignore[return-value]

    @cached_property
    def readings(self) -> dict[Any, Any]:
        """What has been read of it so far, by reader; each reads it once."""
        return {}

    @cached_property
    def past(self) -> Past | None:
        """What is done before the first period that is planned; None where nothing is."""
        return past_of(self) if self.facts_of is None else self.facts_of.past

    @cached_property
    def earlier(self) -> tuple[PlanLine, ...]:
        """Lines of the earlier plan that least change is counted from."""
        return earlier_lines(self.file.earlier, next(iter(self.workflows)))

    @property
    def planned_from(self) -> int:
        """Position of the first period that is planned."""
        return 0 if self.past is None else self.past.first

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name not in ("readings", "past", "earlier")}

    @cached_property
    def rate_card(self) -> RateCard:
        """The rates, read by product, vendor and pair."""
        return RateCard(self.file.rates)

    def place(self, *path: str | int) -> Place | None:
        """Where something of the case was written."""
        return self.document.place(tuple(path))

    def facts(self) -> dict[str, str]:
        """Its title, its size and its horizon."""
        span = f"{self.periods.count} {self.periods.unit}s from {self.periods.starts[0]}"
        size = f"{len(self.products)} products, {len(self.vendors)} vendors, {span}"
        asked = {"scenario": self.scenario or "", "settings": "; ".join(self.settings)}
        about = {"": self.name, "title": self.file.title or "", "size": size, "objective": self.file.objective[0]}
        return {name: fact for name, fact in {**about, **asked, "currency": self.currency}.items() if fact}


CaseLike = Case | str | Path | Mapping[str, Any]
"""A case, or what `read_case` reads one from."""


def as_case(source: CaseLike) -> Case:
    """A case that is there, or the one that is written somewhere, as it is written; raises CaseError as `read_case` does."""
    return source if isinstance(source, Case) else read_case(source)


def read_case(
    source: str | Path | Mapping[str, Any],
    scenario: str | None = None,
    settings: Mapping[str, Any] | Sequence[str] = (),
    allow_paths: Iterable[str | Path] = (),
) -> Case:
    """Read and check a case: a folder with case.yaml, a file, a report's workbook, or a mapping of the same shape.

    settings: overrides by dotted path, as a mapping or as `path=value` texts; laid over the scenario's. allow_paths:
    folders that its tables and its cost model may be read from, besides the one it stands in.

    Raises CaseError with all problems found.
    """
    folder, document, files, changed = _open(source)
    allowed = (*ALLOWED.get(), *map(Path, allow_paths))
    document, included = with_included(document, folder, next(iter(files), None), allowed)
    overrides = scenarios.collect(document, scenario, settings)
    problems = _override(document, [o for o in overrides if not _of_table(o)])
    attached = attach_tables(document, folder, allowed)
    problems += [*attached.problems, *_override(document, [o for o in overrides if _of_table(o)])]
    whole, found = _taken_out(document)
    problems += found
    sources = collapse_sources(document)
    reading = _model(document, folder, allowed)
    problems += reading.problems
    spread = _spread(document, reading, sources)
    file, found, spreads = _checked(document, reading, attached, spread)
    problems += told_once(found, attached)
    if problems or file is None or reading.model is None:
        raise _refused(problems, document, _checking(folder, allowed, attached), keeping(reading.units))
    return Case(
        file=file,
        model=_with_activities(file, reading.model),
        workflows=_workflows(file, reading.model),
        periods=periods(file.horizon),
        spreads=spreads,
        sources={**sources, **spread.sources, **{("model", *path): source for path, source in reading.sources.items()}},
        inputs={**_digests([*files, *included, *attached.files()], folder), **reading.inputs},
        scenario=scenario,
        settings=(*changed, *(scenarios.told(*pair) for pair in scenarios.pairs(settings))),
        document=document,
        whole=whole,
        folder=folder,
        allow_paths=allowed,
    )


def _refused(problems: Iterable[Problem], document: Document, check: Check, keeps: Keeps) -> CaseError:
    """The error that tells all problems in order, each with a fix that was tried."""
    tried = offered(sorted(dict.fromkeys(problems), key=_order), document, check, keeps)
    return CaseError(fitting(tried, document, check))


def with_facts_of(case: Case, base: Case) -> Case:
    """A case with the facts of another, whatever figures it has itself."""
    return case if base.past is None else replace(case, facts_of=base)


def revised(case: Case, settings: Mapping[str, Any] | Sequence[str], scenario: str | None = None) -> Case:
    """The case with a scenario and further settings laid over it, as `--set` does, without reading its files again.

    Raises CaseError with all problems found.
    """
    document = (case.whole or case.document).copied()
    take_back(document)
    problems = _override(document, scenarios.collect(document, scenario, settings))
    whole, found = _taken_out(document)
    problems += found
    sources = collapse_sources(document)
    reading = _model(document, case.folder, case.allow_paths)
    spread = _spread(document, reading, case.sources)
    spread.spreads = {**still_written(document, case.spreads.amounts), **spread.spreads}
    file, found, spreads = _checked(document, reading, Attached(), spread)
    problems += [*reading.problems, *found]
    if problems or file is None or reading.model is None:
        raise CaseError(sorted(dict.fromkeys(problems), key=_order))
    return replace(
        case,
        file=file,
        model=_with_activities(file, reading.model),
        workflows=_workflows(file, reading.model),
        periods=periods(file.horizon),
        spreads=spreads,
        facts_of=None,
        sources={**case.sources, **sources},
        scenario=scenario or case.scenario,
        settings=(*case.settings, *(scenarios.told(*pair) for pair in scenarios.pairs(settings))),
        document=document,
        whole=whole,
    )


def _checking(folder: Path, allowed: tuple[Path, ...], attached: Attached) -> Callable[[Document], list[Problem]]:
    """A check of a document with the tables of a case, to try what its problems offer to write."""

    def check(document: Document) -> list[Problem]:
        reading = _model(document, folder, allowed)
        tried = document.copied()
        spread = _spread(tried, reading, {})
        return [*reading.problems, *_checked(tried, reading, attached, spread)[1]]

    return check


def _spread(document: Document, reading: Reading, sources: Mapping[Path_, Source]) -> Collapsed:
    """The spreads of a document, each replaced by its P50 in it."""
    units = (reading.units or Units()).of_currency(str(document.data.get("currency")))
    return collapse_spreads(document, CaseFile, units, sources)


def _checked(
    document: Document, reading: Reading, attached: Attached, spread: Collapsed
) -> tuple[CaseFile | None, list[Problem], Spreads]:
    """The case file as far as it is right, what is wrong with it, and what it says of uncertainty."""
    if reading.units is None:
        return None, spread.problems, Spreads()
    units = reading.units.of_currency(str(document.data.get("currency")))
    headers, spots = header_problems(attached, units)
    spots |= spots_of(spread.places)
    laid = lay_out(document)
    spec, found = validate_pruned(document, CaseFile, {"units": units}, _STAND_INS)
    problems = [*headers, *spread.problems, *(one for one in without(found, spots) if not is_said_twice(one, laid))]
    if spec is None:
        return None, problems, Spreads()
    file: CaseFile = on_payroll(spec.value)
    amounts = {**reading.spreads, **spread.spreads}
    spreads = Spreads(amounts)
    if reading.model is not None:
        faulty = frozenset(
            {*spec.faulty, *attached.faulty, *(["rates"] if headers else []), *(["model"] if reading.problems else [])}
        )
        context = Context(file, reading.model, reading.document, reading.units, document, spec.positions, faulty)
        problems += without(cross_check(context), spots)
        if not faulty & {"uncertain", "rates", "calendar", "products", "vendors", "horizon"}:
            spreads, wrong = spreads_of(context, amounts)
            problems += wrong
    return file, problems, spreads


def _order(problem: Problem) -> tuple[str, int, int]:
    place = problem.place
    return (place.file, place.line, place.column) if place else ("", 0, 0)


def _open(source: str | Path | Mapping[str, Any]) -> tuple[Path, Document, list[Path], list[str]]:
    """Folder, document and files of a case, and what was changed in a workbook, as `path=value`."""
    if isinstance(source, Mapping):
        document = Document(plain(source), {(): Place("case")})
        settle(document)
        return Path.cwd(), document, [], []
    path = Path(source)
    try:
        is_folder = path.is_dir()
    except (OSError, ValueError):
        problem = Problem(f"'{source}' is not the name of a file", None, "name a folder with a case.yaml, or a file")
        raise CaseError([problem]) from None
    if is_folder:
        path = path / "case.yaml"
        if not path.exists():
            fix = "`allocate init DIR` writes a case to start from"
            raise CaseError.of(f"the folder {source} has no case.yaml", Place(str(source)), fix)
    if is_workbook(path):
        found = read_workbook(path)
        return path.parent, found.document, [path], found.settings
    document = parse(read_text(path, path.name), path.name)
    if document.data.keys() >= {"lines", "certificate"}:
        fix = "name the case; a plan goes to `--plan`, `--from-plan` or `--fix`, and `allocate verify` and `allocate diff` take both"
        raise CaseError.of(f"{path.name} is a plan file, not a case", Place(path.name), fix)
    return path.parent, document, [path], []


def _of_table(override: scenarios.Override) -> bool:
    return override[0].startswith(("rates.", "calendar.", "exchange.")) or ".curve." in override[0]


def _override(document: Document, overrides: list[scenarios.Override]) -> list[Problem]:
    problems: list[Problem] = []
    for override in overrides:
        try:
            scenarios.apply(document, override)
        except CaseError as error:
            problems += error.problems
    return problems


def _taken_out(document: Document) -> tuple[Document | None, list[Problem]]:
    """The document as it was before what is excluded was taken out of it (None: nothing was), and what is wrong with that."""
    try:
        return take_out(document), []
    except CaseError as error:
        return None, list(error.problems)


def _model(document: Document, folder: Path, allowed: tuple[Path, ...]) -> Reading:
    reference = document.data.get("model", "annotation")
    nouns, problems = case_nouns(document)
    if not isinstance(reference, str):
        place = document.place(("model",))
        problem = Problem("model expects a name or a path", place, "write it as in `model: annotation`")
        return Reading(problems=(problem, *problems))
    changes = document if isinstance(document.data.get(CHANGES), dict) and document.data[CHANGES] else None
    return read_model(reference, folder, document.place(("model",)), nouns, problems, allowed, changes)


def _with_activities(file: CaseFile, model: ModelFile) -> ModelFile:
    """The cost model with the overhead pools of a case in place of its own."""
    if not file.activities:
        return model
    pools = {**model.activities, **file.activities}
    return model.model_copy(update={"activities": {name: pool for name, pool in pools.items() if pool is not None}})


def _workflows(file: CaseFile, model: ModelFile) -> dict[str, Workflow]:
    names = [*file.workflows, *(name for p in file.products.values() for name in p.workflows or ())]
    return {name: file.workflows.get(name) or model.workflows[name] for name in dict.fromkeys(names)}


def _shown(path: Path, folder: Path) -> str:
    if path.parent == folder:
        return path.name
    return str(path.relative_to(folder.resolve()) if is_within(path, (folder,)) else path)


def _digests(files: Iterable[Path], folder: Path) -> dict[str, str]:
    """SHA-256 of each file, by its path as it is shown."""
    return {_shown(path, folder): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
