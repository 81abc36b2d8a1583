"""A table by its columns, made without pandas, of which a frame is made when it is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

Cells = NDArray[Any] | list[Any]


class Table:
    """Columns of one length by name; read like a frame by `table["column"]`, which gives an array."""

    def __init__(self, columns: Mapping[str, Cells]) -> None:
        self._columns = dict(columns)

    @classmethod
    def from_rows(cls, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> Table:
        """A table of rows with a cell for each name."""
        cells = list(zip(*rows, strict=True)) or [()] * len(names)
        return cls({name: list(column) for name, column in zip(names, cells, strict=True)})

    @classmethod
    def of(cls, frame: Table | pd.DataFrame) -> Table:
        """A frame as a table; a table as it is."""
        if isinstance(frame, Table):
            return frame
        return cls({str(name): frame[name].to_numpy(copy=True) for name in frame.columns})

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns, in order."""
        return tuple(self._columns)

    def __len__(self) -> int:
        return len(next(iter(self._columns.values()), ()))

    def __contains__(self, name: object) -> bool:
        return name in self._columns

    def __getitem__(self, name: str) -> NDArray[Any]:
        """The cells of a column, shape (rows,); texts and mixtures as objects."""
        cells = self._columns[name]
        if isinstance(cells, np.ndarray):
            return cells
        if cells and all(type(cell) in (bool, int, float) for cell in cells):
            return np.array(cells)
        column = np.empty(len(cells), dtype=object)
        column[:] = cells
        return column

    def with_columns(self, **columns: Cells) -> Table:
        """The same with more or other columns."""
        return Table({**self._columns, **columns})

    def where(self, some: NDArray[np.bool_] | NDArray[np.intp]) -> Table:
        """The rows for which this holds, or those of these numbers in their order."""
        return Table({name: self[name][some] for name in self._columns})

    def rows(self, *names: str) -> Iterator[tuple[Any, ...]]:
        """Cells of some columns, or of all, row by row, as Python has them."""
        return zip(*(self[name].tolist() for name in names or self.columns), strict=True)

    def records(self) -> list[dict[str, Any]]:
        """Each row by the names of its columns, as Python has its cells."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows()]

    def chosen(self, *names: str) -> Table:
        """Some of its columns, in the order of the names."""
        return Table({name: self._columns[name] for name in names})

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The same as a frame."""
        import pandas as pd

        columns = self._columns.items()
        return pd.DataFrame({name: (cells if len(cells) else self[name]).copy() for name, cells in columns})
