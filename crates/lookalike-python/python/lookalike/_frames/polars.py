"""polars."""

from __future__ import annotations

from typing import Any

import polars as pl

from lookalike import _native


class PolarsFrame:
    """Of a polars DataFrame or LazyFrame."""

    def __init__(self, schema: pl.Schema) -> None:
        self.names = schema.names()
        self._schema = schema

    @staticmethod
    def take(data: Any) -> tuple[pl.DataFrame, PolarsFrame]:
        if isinstance(data, pl.LazyFrame):
            data = data.collect()
        if isinstance(data, pl.Series):
            data = data.to_frame()
        frame = PolarsFrame(data.schema)
        # Durations are numbers to learn.
        durations = [name for name, dtype in data.schema.items() if dtype == pl.Duration]
        return (data.with_columns(pl.col(durations).cast(pl.Int64)) if durations else data), frame

    def restore(self, table: _native.Table, index: Any = None) -> pl.DataFrame:
        return self.retyped(pl.DataFrame(table))

    def retyped(self, data: pl.DataFrame) -> pl.DataFrame:
        """The same values, in the types that the columns of these names had."""
        casts = []
        for name, dtype in data.schema.items():
            wanted = self._schema.get(name)
            if wanted is None or wanted == dtype or wanted == pl.Null:
                continue
            column = pl.col(name)
            if wanted == pl.Time and dtype == pl.String:
                casts.append(column.str.to_time(strict=False))
            elif wanted == pl.Boolean and dtype.is_float():
                casts.append(column >= 0.5)
            elif dtype.is_float() and (wanted.is_integer() or wanted == pl.Duration):
                casts.append(column.round().cast(pl.Int64).cast(wanted))
            else:
                casts.append(column.cast(wanted))
        return data.with_columns(casts)
