"""polars DataFrames."""

from __future__ import annotations

from typing import Any

import polars as pl

from lookalike import _native
from lookalike._frames.polars import PolarsFrame, check_version
from lookalike._rows.precision import check_apart
from lookalike.exceptions import DataError


class PolarsRows:
    """Of a DataFrame or LazyFrame."""

    def __init__(self, data: Any) -> None:
        check_version()
        if isinstance(data, pl.LazyFrame):
            data = data.collect()
        if not isinstance(data, pl.DataFrame):
            raise DataError(f"Expected 2D array, got a polars {type(data).__name__} instead: give a DataFrame")
        self._data = data
        self._frame: PolarsFrame | None = None
        self.n_rows, self.n_columns = data.shape
        self.names: list[str] | None = data.columns

    def categories(self) -> list[int]:
        return [place for place, dtype in enumerate(self._data.dtypes) if dtype in (pl.Categorical, pl.Enum)]

    def columns(self, names: list[str], levels: frozenset[int]) -> list[tuple[tuple, str]]:
        taken = []
        for place, name in enumerate(names):
            column = self._data.to_series(place).alias(name)
            dtype = column.dtype
            if place in levels or dtype in (pl.Categorical, pl.Enum, pl.String):
                kind = "categorical"
            elif dtype in (pl.Date, pl.Datetime, pl.Time):
                kind = "datetime"
            elif dtype.is_numeric() or dtype in (pl.Boolean, pl.Duration):
                # Truth values and durations are numbers here.
                if dtype in (pl.Int64, pl.UInt64):
                    check_apart(name, column.min(), column.max())
                column = column.cast({pl.Boolean: pl.UInt8, pl.Duration: pl.Int64}.get(dtype.base_type(), dtype))
                kind = "numerical"
            else:
                raise DataError(f"column {name!r} is of the type {dtype}, which is no column of a table")
            taken.append(((name, "arrow", column.to_frame()), kind))
        return taken

    def natural(self) -> list[tuple]:
        data, self._frame = PolarsFrame.take(self._data)
        return [(name, "arrow", data.select(name)) for name in data.columns]

    def grown(self, rows: Any, new: _native.Table | None) -> pl.DataFrame:
        kept = self._data[rows]
        if new is None:
            return kept
        made = pl.DataFrame(new)
        made = made.select(made.columns[:-1])
        made.columns = self._data.columns
        made = (self._frame or PolarsFrame(self._data.schema)).retyped(made)
        # A generator may draw levels that an Enum did not have.
        return pl.concat([kept if kept.schema == made.schema else kept.cast(made.schema), made])
