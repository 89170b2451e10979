"""A table without its last column, which is the target."""

from __future__ import annotations

from types import SimpleNamespace

from lookalike import _native


class Features:
    """What frames need of a table to restore it."""

    def __init__(self, table: _native.Table) -> None:
        self._table = table
        self.n_rows = table.n_rows
        self.schema = SimpleNamespace(names=table.schema.names[:-1])

    def column(self, place: int) -> tuple:
        return self._table.column(place)
