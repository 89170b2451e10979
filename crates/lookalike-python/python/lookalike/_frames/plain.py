"""Tables of nothing but Python: dicts of columns and lists of rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lookalike import _native
from lookalike._frames.cells import Cells, plain
from lookalike.exceptions import DataError


def lists(table: _native.Table) -> dict[str, list[Any]]:
    """A dict of lists."""
    return {name: plain(table.column(index)) for index, name in enumerate(table.schema.names)}


class PlainFrame:
    """Of a dict of columns, or of a list of rows, which are dicts, or lists or tuples of values."""

    def __init__(self, names: list[Any], cells: list[Any], row: type | None) -> None:
        self.names = names
        self.named = row in (None, dict) and all(isinstance(name, str) for name in names)
        self._cells = dict(zip(map(str, names), cells))
        self._row = row

    @staticmethod
    def take(data: Any, target: tuple[str, Any] | None = None) -> tuple[list, PlainFrame]:
        """`target` is a further column behind rows of values."""
        row = None
        if not isinstance(data, Mapping):
            row, data = _columns_of(data)
        if target is not None:
            data = {**data, target[0]: target[1]}
        columns, cells = [], []
        for name, values in data.items():
            if isinstance(values, (str, bytes)) or not hasattr(values, "__len__"):
                raise DataError(f"column {name!r} is a single {type(values).__name__}: give a list of values")
            column, known = _taken(str(name), values)
            columns.append(column)
            cells.append(known)
        return columns, PlainFrame(list(data), cells, row)

    def restore(self, table: _native.Table, index: Any = None) -> Any:
        names = {str(name): name for name in self.names}
        columns = {}
        for number, name in enumerate(table.schema.names):
            column, known = table.column(number), self._cells.get(name)
            columns[names.get(name, name)] = plain(column) if known is None else known.restore(column)
        if self._row is None:
            return columns
        rows = zip(*columns.values())
        return [dict(zip(columns, row)) for row in rows] if self._row is dict else [self._row(row) for row in rows]


def _taken(name: str, values: Any) -> tuple[tuple, Any]:
    """A column for the native module, and what is known of it."""
    if type(values).__module__.partition(".")[0] == "numpy" and getattr(values, "ndim", 0) == 1:
        from lookalike._frames.numpy import ArrayColumn

        return ArrayColumn.take(name, values)
    return Cells.take(name, list(values))


def _columns_of(rows: Any) -> tuple[type, dict[Any, list[Any]]]:
    """The type of rows, and what they have below each other."""
    if all(isinstance(row, Mapping) for row in rows):
        names = list(dict.fromkeys(name for row in rows for name in row))
        return dict, {name: [row.get(name) for row in rows] for name in names}
    if not all(isinstance(row, (list, tuple)) for row in rows):
        raise DataError("a list is a table if it is one of rows, which are dicts or lists: give a dict of columns")
    if len({len(row) for row in rows}) > 1:
        raise DataError("the rows differ in length")
    row = tuple if isinstance(rows[0], tuple) else list
    return row, {f"x{place}": list(column) for place, column in enumerate(zip(*rows))}
