"""pyarrow Tables, and DuckDB's relations."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from lookalike import _native
from lookalike._frames.arrow import ArrowFrame
from lookalike._frames.arrow_types import is_text
from lookalike._rows.precision import check_apart
from lookalike.exceptions import DataError


class ArrowRows:
    """Of a Table, a RecordBatch or a relation."""

    def __init__(self, data: Any) -> None:
        self._relation = not type(data).__module__.startswith("pyarrow")
        if self._relation:
            data = data.to_arrow_table()
        elif isinstance(data, pa.RecordBatch):
            data = pa.Table.from_batches([data])
        if not isinstance(data, pa.Table):
            raise DataError(f"Expected 2D array, got a pyarrow {type(data).__name__} instead: give a Table")
        self._data = data
        self._frame: ArrowFrame | None = None
        self.n_rows, self.n_columns = data.shape
        self.names: list[str] | None = data.column_names

    def categories(self) -> list[int]:
        return [place for place, field in enumerate(self._data.schema) if pa.types.is_dictionary(field.type)]

    def columns(self, names: list[str], levels: frozenset[int]) -> list[tuple[tuple, str]]:
        taken = []
        for place, name in enumerate(names):
            column, kind = self._data.column(place), self._data.schema.field(place).type
            if place in levels or is_text(kind) or pa.types.is_dictionary(kind):
                word = "categorical"
            elif pa.types.is_duration(kind):
                column, word = column.cast(pa.int64()), "numerical"
            elif pa.types.is_temporal(kind):
                word = "datetime"
            elif pa.types.is_boolean(kind):
                # Truth values are numbers here.
                column, word = column.cast(pa.uint8()), "numerical"
            else:
                if pa.types.is_integer(kind):
                    ends = pc.min_max(column).as_py()
                    check_apart(name, ends["min"], ends["max"])
                word = "numerical"
            taken.append(((name, "arrow", pa.table({name: column})), word))
        return taken

    def natural(self) -> list[tuple]:
        data, self._frame = ArrowFrame.take(self._data)
        return [(name, "arrow", data.select([name])) for name in data.column_names]

    def grown(self, rows: Any, new: _native.Table | None) -> Any:
        grown = self._data.take(pa.array(rows, pa.int64()))
        if new is not None:
            made = pa.table(new)
            made = made.select(made.column_names[:-1]).rename_columns(self._data.column_names)
            made = (self._frame or ArrowFrame(self._data.schema, False)).retyped(made)
            # A generator may draw words where there were numbers.
            grown = pa.concat_tables([grown.cast(made.schema), made]).unify_dictionaries()
        if not self._relation:
            return grown
        import duckdb

        return duckdb.from_arrow(grown)
