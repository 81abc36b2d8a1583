"""How formulas are written: each part of them that has a cell is referred to; parts too long, or used twice, get one."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from allocate.formula import ATOM, Formula, Text, composed, figure, in_order, is_condition, value_of
from allocate.reporting.workbook.book import letters, reference
from allocate.reporting.workbook.cells import At, Put

if TYPE_CHECKING:
    from allocate.reporting.workbook.layout import Layout

PART = 120
"""Characters of a part of a formula from which it stands in a cell of its own."""
TWICE = 60
"""The same of a part that is used more than once."""
LONG = 400
"""Characters of a sum above which its terms stand in cells of their own."""
AT_ONCE = 12
"""Stretches of a column that are added up in one term."""
FEW = 3
"""Cells below one another that a sum names themselves."""
WORKINGS = "Workings"
FIRST = 3
"""Row (from 0) of the first of the workings."""


class Placing:
    """All formulas being written, parts first. Formulas are known by a number: of products and sums whatever the order."""

    def __init__(self, layout: Layout) -> None:
        self.layout, self.book = layout, layout.book
        self.order = in_order([one.formula for one in layout.puts])
        self.numbers: dict[Hashable, int] = {}
        self.constants: dict[int, float] = {}
        self.keys: dict[int, int] = {}
        self.factors: dict[int, tuple[int, ...]] = {}
        """Of each product, all that is multiplied."""
        self.texts: dict[int, Text] = {}
        """How each formula is written within others."""
        self.places: dict[int, At] = {}
        self.products: dict[int, list[int]] = defaultdict(list)
        """Products that have cells, by the factor that fewest of them have."""
        self.of_line: dict[int, tuple[str, int]] = {}
        """Table and row of what is worked out from cells of one line only."""
        self.values = layout.values
        self.taken: dict[tuple[str, int], int] = {}
        """First free column beside each line."""
        self.next_row = FIRST
        for one in self.order:
            self.keys[id(one)] = self._key(one)

    def _number(self, key: Hashable) -> int:
        return self.numbers.setdefault(key, len(self.numbers))

    def _key(self, one: Formula) -> int:
        if one.operation == "cell":
            return self._number(("cell", one.parts[0]))
        parts = [self.keys[id(part)] if isinstance(part, Formula) else self._constant(part) for part in one.parts]
        if one.operation == "*":
            factors = tuple(sorted(other for key in parts for other in self.factors.get(key, (key,))))
            found = self._number(("*", factors))
            self.factors[found] = factors
            return found
        return self._number((one.operation, tuple(sorted(parts) if one.operation == "+" else parts)))

    def _constant(self, number: float) -> int:
        key = self._number(("number", number))
        self.constants[key] = number
        return key

    def write(self) -> None:
        """Write all cells, those of parts that need one too."""
        puts, seen = self.layout.puts, set[int]()
        for put in puts:
            if put.formula.operation != "cell":
                self.places.setdefault(self.keys[id(put.formula)], put.at)
        self._note_places()
        uses, first_use = Counter[int](), dict[int, At]()
        for one in self.order:
            if (key := self.keys[id(one)]) not in seen:
                seen.add(key)
                uses.update(self.keys[id(part)] for part in one.parts if isinstance(part, Formula))
        for put in puts:
            _spread(put, self.keys, first_use)
        contents: dict[int, str] = {}
        for one in self.order:
            key = self.keys[id(one)]
            if key in self.texts:
                continue
            text = self._composed(one)
            if key in self.places:
                contents[key] = text[0]
                text = self.places[key].reference, ATOM
            elif (
                one.operation != "cell" and not is_condition(one) and len(text[0]) > (TWICE if uses[key] > 1 else PART)
            ):
                text = self._working(one, text[0], first_use.get(key)).reference, ATOM
            self.texts[key] = text
        for put in puts:
            key = self.keys[id(put.formula)]
            said = contents[key] if self.places.get(key) == put.at else self.texts[key][0]
            self._cell(put.at, said, put.formula.value, put.kind, put.look)
        if self.next_row > FIRST:
            self._head()

    def _note_places(self) -> None:
        """Take note of which cells stand in lines of tables, and by which factor products are found."""
        degree = Counter(factor for key in self.places for factor in set(self.factors.get(key, ())))
        for key, at in self.places.items():
            self._stands(key, at)
            if key in self.factors:
                self.products[min(self.factors[key], key=lambda one: (degree[one], one))].append(key)

    def _stands(self, key: int, at: At) -> None:
        """Take note of a cell among the lines of a table."""
        table = self.layout.tables.get(at.sheet)
        if table is not None and table.first <= at.row <= table.last:
            self.of_line[key] = at.sheet, at.row

    def _cell(self, at: At, text: str, value: float, kind: str, look: str = "plain") -> None:
        form = self.book.format(kind, look)
        self.book.sheets[at.sheet].write_formula(at.row, at.column, f"={text}", form, value)
        self.book.filled.add((at.sheet, at.column))

    def _composed(self, one: Formula) -> Text:
        """A formula as it is written, where it has no cell."""
        key = self.keys[id(one)]
        if one.operation == "cell":
            at = one.parts[0]
            if isinstance(at, At):
                self._stands(key, at)
                return at.reference, ATOM
            return self.layout.named(at), ATOM
        lines = {self.of_line[other] for part in one.parts if (other := self._line_of(part)) is not None}
        if len(lines) == 1:
            self.of_line.setdefault(key, next(iter(lines)))
        if one.operation == "+" and len(one.parts) > 2:
            return self._sum(one)
        if one.operation == "*":
            return self._product(key, one)
        return composed(one.operation, [self._part(part) for part in one.parts])

    def _line_of(self, part: Any) -> int | None:
        key = self.keys[id(part)] if isinstance(part, Formula) else -1
        return key if key in self.of_line else None

    def _part(self, part: Any) -> Text:
        return self.texts[self.keys[id(part)]] if isinstance(part, Formula) else (figure(part), ATOM)

    def _product(self, key: int, one: Formula) -> Text:
        """A product, of products that have cells as far as there are such."""
        left, found = Counter(self.factors[key]), list[Text]()
        while candidates := [
            other
            for factor in left
            for other in self.products.get(factor, ())
            if other != key and Counter(self.factors[other]) <= left
        ]:
            best = max(candidates, key=lambda other: (len(self.factors[other]), -other))
            found.append((self.places[best].reference, ATOM))
            left -= Counter(self.factors[best])
        if not found:
            return composed("*", [self._part(part) for part in one.parts])
        for other in sorted(left.elements()):
            number = self.constants.get(other)
            found.append(self.texts[other] if number is None else (figure(number), ATOM))
        numbers = [one for one in found if _is_figure(one[0])]
        whole, *rest = [*numbers, *(one for one in found if not _is_figure(one[0]))]
        for other_text in rest:
            whole = composed("*", [whole, other_text])
        return whole

    def _sum(self, one: Formula) -> Text:
        """A sum; of cells of lines by what the lines have in common, of cells below one another as a range."""
        columns: dict[tuple[str, int, float], set[int]] = defaultdict(set)
        rest: list[Any] = []
        beside: dict[str, list[tuple[float, Formula]]] = defaultdict(list)
        for part in one.parts:
            times, core = _coefficient(part)
            key = self.keys[id(core)] if isinstance(core, Formula) else -1
            at = self.places.get(key) or (
                core.parts[0] if isinstance(core, Formula) and core.operation == "cell" else None
            )
            if isinstance(at, At) and at.row not in columns[at.sheet, at.column, times]:
                columns[at.sheet, at.column, times].add(at.row)
            elif not isinstance(at, At) and key in self.of_line:
                beside[self.of_line[key][0]].append((times, core))
            else:
                rest.append(part)
        for sheet, some in beside.items():
            self._in_column(sheet, some, columns)
        terms = [(self._part(part), value_of(part)) for part in rest]
        for (sheet, column, times), rows in sorted(columns.items()):
            for text, value in self._runs(sheet, column, frozenset(rows)):
                terms.append((text if times == 1.0 else composed("*", [(figure(times), ATOM), text]), times * value))
        return self._added(one, terms)

    def _added(self, one: Formula, terms: list[tuple[Text, float]]) -> Text:
        """Terms added up, in cells of their own where they are too long for one."""
        while sum(len(text) for (text, _), _ in terms) > LONG and len(terms) > 2:
            groups: list[list[tuple[Text, float]]] = [[]]
            for term in terms:
                if groups[-1] and sum(len(text) for (text, _), _ in groups[-1]) + len(term[0][0]) > LONG:
                    groups.append([])
                groups[-1].append(term)
            found: list[tuple[Text, float]] = []
            for group in groups:
                value = math.fsum(number for _, number in group)
                at = self._in_workings(
                    one.name or "part of a sum", composed("+", [text for text, _ in group])[0], value
                )
                found.append(((at.reference, ATOM), value))
            terms = found
        return composed("+", [text for text, _ in terms]) if len(terms) > 1 else terms[0][0]

    def _in_column(self, sheet: str, some: Sequence[tuple[float, Formula]], columns: dict[tuple[str, int, float], set[int]]) -> None:  # fmt: skip
        """Let parts of a sum stand beside their lines, all in one column."""
        free = [self.taken.get(self.of_line[self.keys[id(core)]], self.layout.tables[sheet].free) for _, core in some]
        column = max(free)
        for times, core in some:
            key = self.keys[id(core)]
            if key not in self.places:
                row = self.of_line[key][1]
                at = At(sheet, row, column if row not in self.values[sheet, column] else column + 1)
                while row in self.values[sheet, at.column]:
                    at = At(sheet, row, at.column + 1)
                self.places[key] = at
                self._cell(at, self.texts[key][0], core.value, "items", "quiet")
                self.texts[key] = at.reference, ATOM
                self.values[sheet, at.column][row] = core.value
                self.taken[sheet, row] = at.column + 1
                self._beside(sheet, at.column)
            at = self.places[key]
            columns[at.sheet, at.column, times].add(at.row)

    def _beside(self, sheet: str, column: int) -> None:
        """Give a column of parts a name."""
        table = self.layout.tables[sheet]
        words = f"part {column - table.free + 1} of sums"
        self.book.sheets[sheet].write_string(table.first - 1, column, words, self.book.format("general", "header"))
        self.book.sheets[sheet].set_column(column, column, 13)

    def _runs(self, sheet: str, column: int, rows: frozenset[int]) -> Iterator[tuple[Text, float]]:
        """The sum of some cells of a column, with what it comes to: in one go, or by cells below one another."""
        table, values = self.layout.tables.get(sheet), self.values[sheet, column]
        few = len(rows) <= FEW and max(rows) - min(rows) == len(rows) - 1
        if table is not None and not few and all(table.first <= row <= table.last for row in rows):
            # Beside the lines more may come to stand in a column than does yet.
            beside = column >= table.free
            used = range(table.first, table.last + 1) if beside else self.values[sheet, column]
            found = table.summed(column, rows, frozenset(used))
            if found is not None:
                yield (found, ATOM), math.fsum(values[row] for row in rows)
                return
        runs: list[list[int]] = []
        for row in sorted(rows):
            if runs and runs[-1][-1] == row - 1:
                runs[-1].append(row)
            else:
                runs.append([row])
        for start in range(0, len(runs), AT_ONCE):
            some = runs[start : start + AT_ONCE]
            said = [
                reference(sheet, run[0], column) + (f":${letters(column)}${run[-1] + 1}" if len(run) > 1 else "")
                for run in some
            ]
            value = math.fsum(values[row] for run in some for row in run)
            yield (said[0] if len(some) == len(some[0]) == 1 else f"SUM({','.join(said)})", ATOM), value

    def _working(self, one: Formula, text: str, first: At | None) -> At:
        """A cell of its own for a part."""
        at = self._in_workings(one.name or "part of a formula", text, one.value, first)
        self.places[self.keys[id(one)]] = at
        return at

    def _in_workings(self, words: str, text: str, value: float, first: At | None = None) -> At:
        at = At(WORKINGS, self.next_row, 2)
        self.book.text(WORKINGS, at.row, 0, words)
        self.book.text(WORKINGS, at.row, 1, first.reference.replace("$", "") if first is not None else "")
        self._cell(at, text, value, "general")
        self.values[WORKINGS, at.column][at.row] = value
        self.next_row += 1
        return at

    def _head(self) -> None:
        self.book.text(WORKINGS, 0, 0, "Workings", "title")
        self.book.text(WORKINGS, 1, 0, "Parts of formulas that are long, or used more than once.", "quiet")
        self.book.columns(WORKINGS, FIRST - 1, (("what", "text", 44), ("first used in", "text", 20), ("value", "general", 18)))  # fmt: skip
        self.book.page(WORKINGS, 1, FIRST - 1)


def _spread(put: Put, keys: dict[int, int], first_use: dict[int, At]) -> None:
    """Take note of where each part is used first."""
    stack = [put.formula]
    while stack:
        one = stack.pop()
        if (key := keys[id(one)]) not in first_use:
            first_use[key] = put.at
            stack += [part for part in one.parts if isinstance(part, Formula)]


def _coefficient(part: Any) -> tuple[float, Any]:
    """A part of a sum as a number times what is no product with one."""
    if isinstance(part, Formula) and part.operation == "*" and not isinstance(part.parts[0], Formula):
        return float(part.parts[0]), part.parts[1]
    return 1.0, part


def _is_figure(text: str) -> bool:
    return text.lstrip("-")[:1].isdigit()
