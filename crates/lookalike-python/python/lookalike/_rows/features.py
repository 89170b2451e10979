"""A table without its last column, which is the target."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from lookalike import _native


class Features:
    """What frames need of a table to restore it."""

    def __init__(self, table: _native.Table) -> None:
        self._table = table
        self.n_rows = table.n_rows
        self.schema = SimpleNamespace(names=table.schema.names[:-1])

    def column(self, place: int) -> tuple:
        return self._table.column(place)

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        """The whole table: frames ask for columns by their places, and the target is the last one."""
        return self._table.__arrow_c_stream__(requested_schema)
