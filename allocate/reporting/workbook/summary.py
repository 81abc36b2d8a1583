"""The first sheet: totals by formulas, the check against what was planned, products, vendors, periods, and charts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from allocate.answers import Answer
from allocate.case.document import Path_
from allocate.costing.quality.unstated import unstated
from allocate.costing.terms.prices import exchange_rates
from allocate.formula import Formula, called, compared, written
from allocate.numbers import ratio, when
from allocate.plan import Plan
from allocate.reporting.workbook.bill import Bill
from allocate.reporting.workbook.book import Book
from allocate.reporting.workbook.cells import At
from allocate.reporting.workbook.inputs import Inputs
from allocate.reporting.workbook.layout import Layout
from allocate.reporting.workbook.lines import LinesSheet
from allocate.reporting.workbook.tracing import Traced
from allocate.tables.frames import table_of
from allocate.units import Quantity

SHEET = "Summary"
NOISE = 1e-9
"""Relative distance within which a difference is rounding, and nothing."""
MOST_OF_WHOLE = 10.0
"""Part of the money of no line up to which a share of it follows it; more is fees and rebates that nearly cancel out: a figure."""
MOST_CHARTED = 30
"""Most products or vendors in one chart; more are in the table only, and the sheet says so."""


@dataclass
class Summary:
    """The sheet being written, row by row."""

    layout: Layout
    inputs: Inputs
    answer: Answer
    plan: Plan
    lines: LinesSheet
    found: Traced
    bill: Bill
    checks: tuple[str, str]
    """How many conditions of formulas do not hold, and how many teams have too few hours, as parts of formulas."""
    told: list[str] = field(default_factory=list)
    checked: tuple[int, int] = (0, 0)
    """Row of the first of the totals, and of the check below them."""
    apart: tuple[Any, float] = (0.0, 0.0)
    """Money that belongs to no line, as a formula, and as planned."""
    row: int = 0

    @property
    def book(self) -> Book:
        """The workbook."""
        return self.layout.book

    def write(self) -> None:
        """Write the whole sheet."""
        case, book = self.answer.case, self.book
        book.text(SHEET, 0, 0, case.file.title or case.name, "title")
        said = [f"case {case.name}", *([f"scenario {case.scenario}"] if case.scenario else []), *case.settings]
        book.text(
            SHEET,
            1,
            0,
            f"{'; '.join(said)}; amounts in {case.currency}; {self.answer.status.value}. How to read this workbook: sheet Guide.",
            "quiet",
        )
        self.row = 3
        self._totals()
        self._table("Products", "product", list(case.products), "product number")
        self._table("Vendors", "vendor", list(case.vendors), "vendor number")
        self._periods()
        self.layout.after.append(self._write_check)
        for column, width in enumerate((50, 16, 16, 19, 17, 17, 14, 19, 22, 3)):
            book.sheets[SHEET].set_column(column, column, width)
        book.page(SHEET, 1)

    def _put(self, row: int, column: int, number: Any, kind: str, look: str = "plain") -> Any:
        return self.layout.put(SHEET, row, column, number, kind, look)

    def _totals(self) -> None:
        book, plan = self.book, self.plan
        book.header(SHEET, self.row, ("Totals", "now", "as planned", "difference", "check"), (0, 4))
        first = self.row + 1
        made = table_of(plan, "lines")
        lines = float(made["spend"].sum())
        # A difference of totals is never quite nothing.
        rest = plan.spend - lines if abs(plan.spend - lines) > NOISE * max(1.0, abs(lines)) else 0.0
        self.row += 1
        on_lines = self._compare("Spend on the plan's lines", self.lines.sum("spend"), lines, "money")
        other = self._compare("Fees, rebates and what belongs to no line", self._rest(rest), rest, "money")
        self.apart = (other, rest)
        spend = self._compare("Spend", on_lines + other, plan.spend, "money", "total")
        self._compare("Spend by the invoice", self.bill.total, plan.spend, "money")
        items = self._compare("Items", self.lines.sum("items"), float(made["items"].sum()), "items")
        self._compare("Hours of vendors", self.lines.sum("hours"), float(made["hours"].sum()), "hours")
        self._compare("Hours of review", self.lines.sum("review hours"), float(made["review_hours"].sum()), "hours")
        right = float((made["items"] * made["accuracy"]).sum())
        good = self._compare("Items that are right", self.lines.sum("right items"), right, "items")
        each = plan.spend / right if right else 0.0
        self._compare("Spend per item that is right", ratio(spend, good), each, "price")
        share = right / items.value if items.value else 0.0
        kind = "assumed" if self._unstated() else "share"
        self._compare("Share that is right", ratio(good, items), share, kind)
        errors = self._compare(
            "Escaped errors (not spent)", self.lines.sum("escaped errors"), plan.escaped_error_cost, "money"
        )
        self._net(spend, errors)
        self._budget(spend)
        self._check(first)

    def _rest(self, planned: float) -> Any:
        """Money that belongs to no line: what clauses ask less what lines carry of it, and what stands as figures."""
        left = planned - self.bill.apart.value
        return self.bill.apart if abs(left) < 1e-6 * max(1.0, abs(planned)) else self.bill.apart + left

    def _compare(self, words: str, term: Any, planned: float, kind: str, look: str = "plain") -> Any:
        book, row = self.book, self.row
        book.text(SHEET, row, 0, words, look)
        now = self._put(row, 1, term, kind, look)
        was = self._put(row, 2, planned, kind, look)
        larger = called("MAX", (1.0, called("ABS", (was,), abs(planned))), max(1.0, abs(planned)))
        apart = called("ABS", (now - was,), abs(now.value - planned))
        self._put(
            row,
            3,
            when(compared(apart, "<=", NOISE * larger), 0.0, now - was),
            "share" if kind == "assumed" else kind,
            look,
        )
        near = compared(apart, "<=", 1e-6 * larger)
        form = book.format("general", "said total" if look == "total" else "said")
        known = "as planned" if near.value else "differs"
        text = f'=IF({written(near, _reference)},"as planned","differs")'
        book.sheets[SHEET].write_formula(row, 4, text, form, known)
        self.row += 1
        return now

    def _net(self, spend: Formula, errors: Formula) -> None:
        """Value stands as a figure: the learning curves are not formulas here."""
        case, plan = self.answer.case, self.plan
        if not plan.value:
            return
        value = self._compare("Value by the learning curves (figure)", plan.value, plan.value, "money")
        hurdle: Any = plan.hurdle
        if case.file.hurdle is not None:
            hurdle = self.inputs.figure("hurdle", "the case", plan.hurdle, ("hurdle",), plain=True)
        net = value - hurdle * spend - errors - plan.penalty
        self._compare("Net value, at that value", net, plan.net_value, "money", "total")

    def _budget(self, spend: Formula) -> None:
        budget = self.answer.case.file.budget
        if budget is None or budget.total is None:
            return
        path: Path_ = ("budget",)
        if isinstance(self.answer.case.document.data["budget"], dict):
            path = ("budget", "total")
        money, currency = self.inputs.figure("budget", "the case", budget.total, path), budget.total.currency
        if currency in (None, self.answer.case.currency):
            self._compare("Budget left", money - spend, money.value - self.plan.spend, "money")
            return
        assert self.answer.verification is not None
        check = next(one for one in self.answer.verification.checks if one.family == "budget")
        words, used = f"Spend in {currency}", spend / exchange_rates(self.found.case)[str(currency)][0]
        if len(self.answer.case.file.exchange[str(currency)]) > 1:
            words, used = f"{words}, each amount at the rate it is owed at (figure)", check.used
            self.told.append(f"spend in {currency}")
        counted = self._compare(words, used, check.used, "money")
        self._compare(f"Budget left, {currency}", money - counted, check.limit - check.used, "money")

    def _check(self, first: int) -> None:
        """Leave room for the check, which is written when all inputs are known."""
        self.checked, self.row = (first, self.row), self.row + 3

    def _learned(self) -> Iterator[str]:
        """What of learning is a figure, and why."""
        vendors, learners = self.found.routes.vendors, self.found.routes.learners
        for sums, words in (
            (False, "the learning rates of {names} (their hours follow the items made)"),
            (True, "by how much learning shortens the hours of {names}, a sum over single items"),
        ):
            names = sorted({vendors[one.vendor] for one in learners if one.has_formula != sums})
            if names:
                yield words.format(names=", ".join(names))

    def _write_check(self) -> None:
        book, changed, (first, row) = self.book, self.inputs.changed, self.checked
        near = f'COUNTIF({SHEET}!$E${first + 1}:$E${row},"differs")=0'
        fixed = [f"{many} line{'s' * (many != 1)} ({why})" for why, many in self.lines.fixed.items()]
        fixed += sorted({*self.bill.figures, *self.told})
        if self.found.routes.learners:
            fixed += self._learned()
        asked = "solve this file again"
        stale = (
            f"INPUTS CHANGED: amounts written as figures do not follow; {asked}"
            if fixed
            else "inputs changed: totals follow them"
        )
        text = f'IF({changed}>0,"{stale}",IF({near},"agrees with the plan","differs from the plan"))'
        broken, short = self.checks
        if broken:
            text = f'IF({broken}>0,"INPUTS CHANGED: a clause now works in a way the formulas do not follow; {asked}",{text})'
        if short:
            text = f'IF({short}>0,"TOO FEW HOURS in a team for its work: {asked}",{text})'
        book.text(SHEET, row, 0, "Check", "total")
        book.sheets[SHEET].write_formula(row, 1, f"={text}", book.format("general", "total"), "agrees with the plan")
        told = "Every amount follows the inputs by formulas, for the quantities and the people of the plan."
        if self.plan.value:
            told += " The value of labels stands as a figure: the learning curves are not formulas here."
        if fixed:
            told = f"Written as figures, worked out by the program, and not moved by inputs: {'; '.join(fixed)}."
        book.text(SHEET, row + 1, 0, told, "quiet")
        green = book.file.add_format({"font_color": "#1B6E3C"})
        red = book.file.add_format({"font_color": "#B3261E", "bold": True})
        looks = {"as planned": green, "agrees": green, "differs": red, "INPUTS": red, "TOO FEW": red}
        for words, look in looks.items():
            rule = {"type": "text", "criteria": "begins with", "value": words, "format": look}
            book.sheets[SHEET].conditional_format(first, 1, row, 4, rule)

    def _table(self, title: str, key: str, names: Sequence[str], numbers: str) -> None:
        book, plan = self.book, self.plan
        last = "demand and floor" if key == "product" else "share of spend on lines"
        book.header(
            SHEET,
            self.row,
            (
                title, "items", "hours", f"spend on lines, {book.currency}", f"as planned, {book.currency}",
                f"shared costs, {book.currency}", "right", f"cost per right item, {book.currency}", last,
            ),
            (0, 8) if key == "product" else (0,),
        )  # fmt: skip
        self.row += 1
        first, totals = self.row, table_of(plan, f"{key}s")
        planned = dict(totals.rows(key, "spend"))
        borne = dict(totals.rows(key, "shared"))
        rests = {pair[key == "vendor"] for pair in self._unstated()}
        for position, name in enumerate(names):
            cells = {c: self.lines.sum_where(c, numbers, position) for c in ("items", "hours", "spend", "right items")}
            book.text(SHEET, self.row, 0, name)
            items = self._put(self.row, 1, cells["items"], "items")
            self._put(self.row, 2, cells["hours"], "hours")
            spend = self._put(self.row, 3, cells["spend"], "money")
            self._put(self.row, 4, float(planned[name]), "money", "quiet")
            right = cells["right items"]
            shared = self._put(self.row, 5, self._shared(float(borne[name])), "money")
            share = self._put(self.row, 6, ratio(right, items), "assumed" if name in rests else "share")
            self._put(self.row, 7, ratio(spend + shared, right), "price")
            if key == "product":
                self._kept(self.row, name, _reference(items.parts[0]), _reference(share.parts[0]))
            else:
                self._put(self.row, 8, ratio(spend, self.lines.sum("spend")), "share")
            self.row += 1
        self._chart(title, first, len(names), 3)
        self.row += 1

    def _unstated(self) -> set[tuple[str, str]]:
        """Pairs of product and vendor in the plan whose accuracy is not stated."""
        return set(table_of(self.plan, "lines").rows("product", "vendor")) & unstated(self.answer.case)

    def _shared(self, planned: float) -> Any:
        """A part of the money that belongs to no line: shared out as planned, whatever that money is now."""
        now, whole = self.apart
        return now * (planned / whole) if whole and abs(planned) <= MOST_OF_WHOLE * abs(whole) else planned

    def _kept(self, row: int, name: str, items: str, right: str) -> None:
        """Whether the product's demand and accuracy floor hold now, by the cells of its items and of the share that is right."""
        product = self.answer.case.products[name]
        demand, tests = product.demand, list[tuple[Formula, str]]()
        scalar = not isinstance(self.answer.case.document.at(("products", name)).get("demand"), dict)
        asked: tuple[tuple[str, str, Quantity | None], ...] = (
            ("exactly", "<", demand.exactly), ("exactly", ">", demand.exactly),
            ("at-least", "<", demand.at_least), ("at-most", ">", demand.at_most),
        )  # fmt: skip
        for key, sign, amount in asked:
            if amount is not None:
                path: Path_ = ("products", name, "demand") if scalar else ("products", name, "demand", key)
                asks = self.inputs.figure(f"demand {key.replace('-', ' ')}", name, amount, path)
                edge = "*(1-1E-9)" if sign == "<" else "*(1+1E-9)"
                words = "too few items" if sign == "<" else "too many items"
                tests.append((asks, f'IF({items}{sign}{{}}{edge},"{words}",'))
        floor = product.accuracy
        if floor is not None and floor.of == "average" and floor.confidence is None:
            scalar = not isinstance(self.answer.case.document.at(("products", name)).get("accuracy"), dict)
            path = ("products", name, "accuracy") if scalar else ("products", name, "accuracy", "at-least")
            asks = self.inputs.figure("accuracy floor", name, floor.at_least, path)
            tests.append((asks, f'IF({right}<{{}}-1E-9,"below the floor",'))
        if tests:
            self.layout.after.append(lambda: self._write_kept(row, tests))

    def _write_kept(self, row: int, tests: Sequence[tuple[Formula, str]]) -> None:
        text = "".join(test.format(self.inputs.named(asks.parts[0])) for asks, test in tests)
        form = self.book.format("general", "said")
        self.book.sheets[SHEET].write_formula(row, 8, f'={text}"kept"{")" * len(tests)}', form, "kept")

    def _periods(self) -> None:
        book, case = self.book, self.answer.case
        book.header(SHEET, self.row, (f"By {case.periods.unit}", "items", "hours", f"spend on lines, {book.currency}"))
        self.row += 1
        first = self.row
        for period in range(case.periods.count):
            book.text(SHEET, self.row, 0, case.periods.label(period))
            for column, (name, kind) in enumerate(
                (("items", "items"), ("hours", "hours"), ("spend", "money")), start=1
            ):
                self._put(self.row, column, self.lines.sum_where(name, "period", period + 1), kind)
            self.row += 1
        self._chart(f"Spend by {case.periods.unit}", first, case.periods.count, 3, "column", 10_000)

    def _chart(
        self, title: str, first: int, count: int, column: int, kind: str = "bar", most: int = MOST_CHARTED
    ) -> None:
        """A chart of a column beside the tables."""
        book = self.book
        if count > most:
            book.text(
                SHEET,
                self.row,
                0,
                f"No chart: there are {count} {title.lower()}, and a chart shows at most {most}.",
                "quiet",
            )
            self.row += 1
            return
        chart = book.file.add_chart({"type": kind})
        series = {
            "name": f"Spend, {book.currency}",
            "categories": [SHEET, first, 0, first + count - 1, 0],
            "values": [SHEET, first, column, first + count - 1, column],
            "fill": {"color": "#2F6690"},
            "gap": 60,
        }
        chart.add_series(series)
        chart.set_title(
            {
                "name": title if title.startswith("Spend") else f"Spend by {title.lower()[:-1]}",
                "name_font": {"size": 11},
            }
        )
        chart.set_legend({"none": True})
        axis = {"num_format": "#,##0", "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}}}
        names = {"reverse": kind == "bar", "num_font": {"size": 8}}
        # The library calls the axis at the foot x, which in bars is that of the figures.
        across, up = (axis, names) if kind == "bar" else (names, axis)
        chart.set_x_axis(across)
        chart.set_y_axis(up)
        height = max(200, 40 + 22 * count) if kind == "bar" else 240
        chart.set_size({"width": 560, "height": height})
        options = {"description": f"{title}: spend in {book.currency}, as in the table beside it", "object_position": 1}
        book.sheets[SHEET].insert_chart(self._beside(height), 10, chart, options)

    _next: int = 3

    def _beside(self, height: int) -> int:
        """Row the next chart begins in; charts stand below one another, beside the tables."""
        row, self._next = self._next, self._next + height // 20 + 2
        return row


def _reference(name: Any) -> str:
    return name.reference if isinstance(name, At) else str(name)
