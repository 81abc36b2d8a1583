"""The sheet of votes: what several passes over an item make of it, where one cell cannot hold the formula."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import comb

import numpy as np
from numpy.typing import NDArray

from allocate.case.schema import Workflow
from allocate.costing.quality.voting import chance_to_win
from allocate.reporting.workbook import work
from allocate.reporting.workbook.book import reference
from allocate.reporting.workbook.inputs import Inputs
from allocate.reporting.workbook.terms import Term, least, number

SHEET = "Votes"
MOST_IN_A_CELL = 7
"""Passes up to which one cell holds the formula of a majority."""
MOST_PASSES = 11
"""Passes up to which weighed votes are followed; of more, routes stand as figures."""
TIE = 1e-12
"""Sums of weights this close are settled at random."""
Row = tuple[str, str, Term]
"""Words, kind of number and formula of a cell in a route's column."""


@dataclass
class Votes:
    """The sheet being written: a block of rows for every way of counting votes, a column for every route."""

    inputs: Inputs
    blocks: dict[tuple[str, int], tuple[int, int]] = field(default_factory=dict)
    """First row of every block, and the next free column in it."""
    next_row: int = 3

    def column(self, line: work.RouteLine, name: str, first: Term) -> Term:
        """Accuracy after the votes of a workflow; first: the cell of the accuracy of one pass."""
        workflow = self.inputs.case.workflows[name]
        how = _how(workflow)
        if how == "majority" and workflow.passes <= MOST_IN_A_CELL:
            return work.voted(self.inputs, name, first)
        if how == "weighed" and workflow.passes > MOST_PASSES:
            return first
        rows = _Column(self, how, workflow.passes, f"{line.name} / {line.rate.vendor} / {name}")
        rows.put("accuracy of one pass", "share", first)
        shared = rows.put("errors that go together", "share", work.correlation(self.inputs, name))
        if how != "weighed":
            classes = work.classes_of(self.inputs, line)
            for right in range(1, workflow.passes + 1):
                wrong = workflow.passes - right
                won = chance_to_win(right, wrong, classes) if how == "plurality" else float(2 * right > workflow.passes)
                chance = work.chance_of_votes(rows.cells[0], shared, right, wrong) * (
                    comb(workflow.passes, right) * won
                )
                rows.put(f"{right} of {workflow.passes} right, and the right label wins", "small", chance)
            return rows.put("accuracy after the votes", "share", least(1, rows.total(2)), "total")
        return self._weighed(rows, name, workflow.passes, shared)

    def _weighed(self, rows: _Column, name: str, passes: int, shared: Term) -> Term:
        """Better and worse annotators with even chance, each vote by the log-odds of who casts it."""
        spread = self.inputs.case.workflows[name].annotator_spread
        assert spread is not None
        path = (*work.place_of(self.inputs.case, name), "annotator-spread")
        points = self.inputs.quantity("how far annotators lie from the mean", name, spread, path)
        right, apart = rows.cells[0], rows.put("annotators better or worse by", "share", points / 100)
        room = rows.put("most they can be", "share", right * (1 - right) * (1 - shared))
        part = apart.value / room.value if room.value > 0 else 0.0
        kappa = rows.put(
            "spread as a share of it",
            "small",
            Term(f"IF({room.text}>0,MIN(1,{apart.text}/{room.text}),0)", min(part, 1.0)),
        )
        better = rows.put("weight of a better vote", "small", _log_odds(right + apart, apart))
        worse = rows.put("weight of a worse vote", "small", _log_odds(right - apart, apart))
        degree = 2 * passes
        means = [rows.put(f"mean of (1-u)^{degree}", "small", work.chance_of_votes(1 - right, shared, degree, 0))]
        for power in range(1, degree + 1):
            rest = f" (1-u)^{degree - power}" if power < degree else ""
            mean = work.chance_of_votes(right, shared, power, degree - power)
            means.append(rows.put(f"mean of u^{power}{rest}", "small", mean))
        begin = len(rows.cells)
        for (good, bad), table in _ballots(passes).items():
            start = (good + bad + passes) // 2
            chance = number(0)
            for power, factors in enumerate(table):
                chance = chance + _horner(factors, kappa) * means[start + power]
            words = f"right less wrong: {good:+d} of the better, {bad:+d} of the worse"
            rows.put(words, "small", _wins(better * good + worse * bad) * (chance / 2**passes))
        found = rows.total(begin)
        text = f'IF({apart.text}>{room.text}+{TIE!r},"spread too large",MIN(1,MAX(0,{found.text})))'
        return rows.put("accuracy after the votes", "share", Term(text, min(1.0, max(0.0, found.value))), "total")

    def finish(self) -> None:
        """Write what stands around the blocks."""
        book = self.inputs.book
        book.text(SHEET, 0, 0, "What the votes of several passes come to", "title")
        words = "u is the chance of a mean annotator to be right on an item; items differ, so u is spread around the accuracy of one pass."
        book.text(SHEET, 1, 0, words, "quiet")
        book.sheets[SHEET].set_column(0, 0, 52)
        book.sheets[SHEET].set_column(1, max((last for _, last in self.blocks.values()), default=2), 18)
        book.page(SHEET, 1)


def needed(workflow: Workflow) -> bool:
    """Whether votes of a workflow are counted on the sheet."""
    return _how(workflow) != "majority" or (workflow.majority and workflow.passes > MOST_IN_A_CELL)


def _how(workflow: Workflow) -> str:
    if workflow.plurality:
        return "plurality"
    return "weighed" if workflow.majority and workflow.annotator_spread is not None else "majority"


@dataclass
class _Column:
    """A route's column in a block, filled from the top."""

    votes: Votes
    how: str
    passes: int
    route: str
    cells: list[Term] = field(default_factory=list)

    def __post_init__(self) -> None:
        book, key = self.votes.inputs.book, (self.how, self.passes)
        self.fresh = key not in self.votes.blocks
        if self.fresh:
            self.votes.blocks[key] = (self.votes.next_row, 1)
            self.votes.next_row += _height(self.how, self.passes) + 3
        self.first, self.at = self.votes.blocks[key]
        self.votes.blocks[key] = (self.first, self.at + 1)
        if self.fresh:
            title = {"weighed": "Votes weighed by who casts them", "plurality": "Label with most votes"}
            book.text(SHEET, self.first, 0, f"{title.get(self.how, 'Majority')}: {self.passes} passes", "header")
        book.text(SHEET, self.first, self.at, self.route, "header")
        book.sheets[SHEET].set_row(self.first, 45)

    def put(self, words: str, kind: str, term: Term, look: str = "plain") -> Term:
        """Write the next cell."""
        book, row = self.votes.inputs.book, self.first + 1 + len(self.cells)
        if self.fresh:
            book.text(SHEET, row, 0, words, look)
        self.cells.append(book.formula(SHEET, row, self.at, term, kind, look))
        return self.cells[-1]

    def total(self, begin: int) -> Term:
        """The sum of the cells from one on."""
        first, last = (reference(SHEET, self.first + 1 + row, self.at) for row in (begin, len(self.cells) - 1))
        value = sum(cell.value for cell in self.cells[begin:])
        return Term(f"SUM({first}:{last.partition('!')[2]})", value)


def _height(how: str, passes: int) -> int:
    """Rows of a block."""
    return passes + 3 if how != "weighed" else 7 + 2 * passes + 1 + (passes + 1) ** 2 + 1


def _log_odds(share: Term, apart: Term) -> Term:
    """Weight of a vote; all alike where nobody is better."""
    alike = apart.value <= TIE
    value = 1.0 if alike else float(np.log(share.value / (1.0 - share.value)))
    return Term(f"IF({apart.text}<={TIE!r},1,LN({share.text}/(1-{share.text})))", value)


def _wins(score: Term) -> Term:
    """Chance that a sum of weights wins: 1 above nothing, half at it."""
    value = 0.5 if abs(score.value) <= TIE else float(score.value > 0)
    return Term(f"IF(ABS({score.text})<={TIE!r},0.5,IF({score.text}>0,1,0))", value)


def _horner(factors: Sequence[int], of: Term) -> Term:
    """A polynomial with whole factors, lowest power first."""
    found = number(0)
    for factor in reversed(factors):
        found = found * of + factor
    return found


@lru_cache(maxsize=16)
def _ballots(passes: int) -> dict[tuple[int, int], tuple[tuple[int, ...], ...]]:
    r"""Ways votes can fall, by right less wrong votes of better and of worse annotators.

    Of each the whole factors of :math:`u^i (1-u)^{k-i}` in the sum of chances, as polynomials of the spread, shape
    (k + 1, k + 1); all chances have :math:`u^m (1-u)^{k-m}` with m right votes in common. See `voting.weighted_majority`.
    """
    found: dict[tuple[int, int], NDArray[np.object_]] = {}
    for good, right, other, table in _panels(passes):
        key = (2 * right - good, 2 * other - (passes - good))
        found[key] = found.get(key, 0) + table
    return {key: tuple(tuple(int(one) for one in row) for row in table) for key, table in sorted(found.items())}


def _panels(passes: int) -> Iterator[tuple[int, int, int, NDArray[np.object_]]]:
    """Better annotators, right ones among them, right ones among the others, and the factors of their chance."""
    for good in range(passes + 1):
        for right in range(good + 1):
            for other in range(passes - good + 1):
                # Of u and of 1 - u: a number, and what the spread adds to it.
                factors = [((1, 0), (1, 1))] * right + [((1, -1), (1, 0))] * (good - right)
                factors += [((1, 0), (1, -1))] * other + [((1, 1), (1, 0))] * (passes - good - other)
                table = np.zeros((passes + 1, passes + 1), dtype=object)
                table[0, 0] = comb(passes, good) * comb(good, right) * comb(passes - good, other)
                for (u, of_u), (rest, of_rest) in factors:
                    product = rest * table
                    product[:, 1:] += of_rest * table[:, :-1]
                    product[1:] += u * table[:-1]
                    product[1:, 1:] += of_u * table[:-1, :-1]
                    table = product
                yield good, right, other, table
