"""Rows of nothing but Python: lists of rows, lists of dicts, and dicts of columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lookalike import _native
from lookalike._frames.cells import CODES, Cells, is_missing
from lookalike._frames.plain import PlainFrame
from lookalike._rows.features import Features
from lookalike._rows.levels import Levels
from lookalike._rows.precision import check_apart
from lookalike.exceptions import DataError


def truths(column: tuple) -> tuple:
    """Numbers from 0 to 1 as truth values."""
    form, buffer, kind, missing = column
    return "booleans", bytearray(value >= 0.5 for value in memoryview(buffer).cast(CODES[kind])), missing


class Part:
    """A column of plain values, and how values of the same types are made of what comes back."""

    def __init__(self, cells: Cells | Levels) -> None:
        self._cells = cells

    @staticmethod
    def take(name: str, values: list[Any], as_levels: bool) -> tuple[tuple, str, Part]:
        """The column for the native module, its kind, and what is known of it."""
        if not as_levels:
            column, cells = Cells.take(name, values)
            if column[1] == "numbers" and len(column[2]) and float(min(column[2])) == float(max(column[2])):
                known = [value for value in values if not is_missing(value)]
                check_apart(name, min(known, default=None), max(known, default=None))
            if column[1] == "booleans":
                column = (name, "numbers", column[2], column[3])
            if column[1] == "numbers":
                return column, "numerical", Part(cells)
            if column[1] != "texts" or cells.kind == "decimal":
                return column, "numerical" if cells.kind == "decimal" else "datetime", Part(cells)
        column, levels = Levels.take(name, values)
        return column, "categorical", Part(levels)

    def restore(self, column: tuple) -> list[Any]:
        if isinstance(self._cells, Levels):
            return self._cells.restore(column)
        if self._cells.kind == "bool":
            column = truths(column)
        return self._cells.restore(column)


class PlainRows:
    """Of a list of rows, a list of dicts, or a dict of columns."""

    def __init__(self, data: Any) -> None:
        self._data = data
        self._parts: list[Part] = []
        self._frame: PlainFrame | None = None
        if isinstance(data, Mapping):
            for values in data.values():
                if type(values).__name__ == "MaskedArray":
                    from lookalike._rows.numpy import check_unmasked

                    check_unmasked(values)
            self.names: list[str] | None = [str(name) for name in data]
            self._columns = [list(values) for values in data.values()]
            self._form = "columns"
        elif data and isinstance(data[0], Mapping):
            self._keys = list(dict.fromkeys(name for row in data for name in row))
            self.names = [str(name) for name in self._keys]
            self._columns = [[row.get(name) for row in data] for name in self._keys]
            self._form = "dicts"
        else:
            if data and not isinstance(data[0], (list, tuple)):
                raise DataError("Expected 2D array, got 1D array instead: a list is a table if it is one of rows, or of dicts")
            self.names = None
            self._columns = [list(column) for column in zip(*data)]
            self._form = "rows"
        if len({len(column) for column in self._columns}) > 1 or (
            self._form == "rows" and any(len(row) != len(data[0]) for row in data)
        ):
            raise DataError("the rows or columns differ in length")
        self.n_columns = len(self._columns)
        self.n_rows = len(self._columns[0]) if self._columns else len(data)

    def categories(self) -> list[int]:
        return [place for place, column in enumerate(self._columns) if any(isinstance(cell, str) for cell in column)]

    def columns(self, names: list[str], levels: frozenset[int]) -> list[tuple[tuple, str]]:
        taken = [Part.take(name, column, place in levels) for place, (name, column) in enumerate(zip(names, self._columns))]
        self._parts = [part for _, _, part in taken]
        return [(column, kind) for column, kind, _ in taken]

    def natural(self) -> list[tuple]:
        data = self._data
        if self._form == "rows":
            data = {f"x{place}": column for place, column in enumerate(self._columns)}
        columns, self._frame = PlainFrame.take(data)
        return columns

    def grown(self, rows: Any, new: _native.Table | None) -> Any:
        made = [[]] * self.n_columns if new is None else self._made(new)
        if self._form == "columns":
            columns = zip(self._data, self._data.values(), self._columns, made)
            return {name: _behind(given, column, rows, more) for name, given, column, more in columns}
        kept = [self._data[row] for row in rows]
        if self._form == "dicts":
            return kept + [dict(zip(self._keys, row)) for row in zip(*made)]
        return kept + [list(row) for row in zip(*made)]

    def _made(self, new: _native.Table) -> list[list[Any]]:
        if self._frame is not None:
            restored = self._frame.restore(Features(new))
            return list(zip(*(row.values() for row in restored))) if self._form == "dicts" else list(restored.values())
        return [part.restore(new.column(place)) for place, part in enumerate(self._parts)]


def _behind(given: Any, column: list[Any], rows: Any, more: list[Any]) -> Any:
    """Rows of a column, and more behind them: an array where an array was given, else a list."""
    if type(given).__module__.partition(".")[0] != "numpy":
        return [column[row] for row in rows] + list(more)
    import numpy as np

    kept = np.asarray(given)[rows]
    if not len(more):
        return kept
    new = np.empty(len(more), object)
    new[:] = list(more)
    return np.concatenate([kept, new.astype(str if kept.dtype.kind == "U" else kept.dtype)])
