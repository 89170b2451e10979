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
    """Of a dict of columns, or a list of dicts."""

    def __init__(self, names: list[Any], cells: list[Cells], rows: bool) -> None:
        self.names = names
        self._cells = dict(zip(map(str, names), cells))
        self._rows = rows

    @staticmethod
    def take(data: Any) -> tuple[list, PlainFrame]:
        rows = not isinstance(data, Mapping)
        if rows:
            if not all(isinstance(row, Mapping) for row in data):
                raise DataError("a list is a table if it is one of dicts: give a dict of columns")
            names = list(dict.fromkeys(name for row in data for name in row))
            data = {name: [row.get(name) for row in data] for name in names}
        columns, cells = [], []
        for name, values in data.items():
            if isinstance(values, (str, bytes)) or not hasattr(values, "__len__"):
                raise DataError(f"column {name!r} is a single {type(values).__name__}: give a list of values")
            column, known = Cells.take(str(name), list(values))
            columns.append(column)
            cells.append(known)
        return columns, PlainFrame(list(data), cells, rows)

    def restore(self, table: _native.Table, index: Any = None) -> Any:
        names = {str(name): name for name in self.names}
        columns = {}
        for number, name in enumerate(table.schema.names):
            column, known = table.column(number), self._cells.get(name)
            columns[names.get(name, name)] = plain(column) if known is None else known.restore(column)
        if not self._rows:
            return columns
        return [dict(zip(columns, row)) for row in zip(*columns.values())]
