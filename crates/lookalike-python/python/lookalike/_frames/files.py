"""Tables from files, and those that are here already."""

from __future__ import annotations

from typing import Any

from lookalike import _native, _frames


class AutoFrame:
    """Of what no kind of table is known: what comes out is what is installed."""

    names: list[Any] = []
    named = True

    def restore(self, table: _native.Table, index: Any = None) -> Any:
        return _frames.preferred(table)


class FileFrame(AutoFrame):
    """Of a file."""


class NativeFrame:
    """Of a table that the native module holds."""

    named = True

    def __init__(self, table: _native.Table) -> None:
        self.names = table.schema.names

    def restore(self, table: _native.Table, index: Any = None) -> Any:
        return table
