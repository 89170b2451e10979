"""polars."""

from __future__ import annotations

from typing import Any

import polars as pl

from lookalike import _native


class PolarsFrame:
    """Of a polars DataFrame or LazyFrame."""

    named = True

    def __init__(self, schema: pl.Schema, series: bool = False) -> None:
        self.names = schema.names()
        self._schema = schema
        self._series = series

    @staticmethod
    def take(data: Any) -> tuple[pl.DataFrame, PolarsFrame]:
        if isinstance(data, pl.LazyFrame):
            data = data.collect()
        series = isinstance(data, pl.Series)
        if series:
            data = data.to_frame()
        frame = PolarsFrame(data.schema, series)
        # Durations are numbers to learn.
        durations = [name for name, dtype in data.schema.items() if dtype == pl.Duration]
        return (data.with_columns(pl.col(durations).cast(pl.Int64)) if durations else data), frame

    def restore(self, table: _native.Table, index: Any = None) -> pl.DataFrame | pl.Series:
        made = self.retyped(pl.DataFrame(table))
        return made.to_series() if self._series else made

    def retyped(self, data: pl.DataFrame) -> pl.DataFrame:
        """The same values, in the types that the columns of these names had."""
        casts = []
        for name, dtype in data.schema.items():
            wanted = self._schema.get(name)
            if wanted is None or wanted == dtype or wanted == pl.Null:
                continue
            column = pl.col(name)
            if dtype == pl.String and wanted.is_numeric() and not _all_fit(data[name], wanted):
                # Rare levels were merged into one that is a word.
                continue
            if wanted == pl.Time and dtype == pl.String:
                casts.append(column.str.to_time(strict=False))
            elif wanted == pl.Boolean and dtype.is_float():
                casts.append(column >= 0.5)
            elif dtype.is_float() and (wanted.is_integer() or wanted == pl.Duration):
                casts.append(_whole(column, pl.Int64() if wanted == pl.Duration else wanted).cast(wanted).alias(name))
            elif isinstance(wanted, pl.Enum):
                casts.append(column.cast(pl.String).cast(_widened(wanted, data[name])))
            else:
                casts.append(column.cast(wanted))
        return data.with_columns(casts)


def _all_fit(drawn: pl.Series, wanted: pl.DataType) -> bool:
    return drawn.cast(wanted, strict=False).null_count() == drawn.null_count()


def _whole(column: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """Numbers rounded to whole ones of a type, which hold no more than it can hold."""
    limits = pl.select(low=dtype.min(), high=dtype.max()).row(0)
    # As doubles have them the largest numbers of 64 bits are beyond what there is.
    beyond, inside = column >= float(limits[1]), column.round().clip(float(limits[0]), None)
    return pl.when(beyond).then(pl.lit(limits[1], dtype)).otherwise(pl.when(beyond).then(0).otherwise(inside).cast(dtype))


def _widened(wanted: pl.Enum, drawn: pl.Series) -> pl.Enum:
    """The levels, and at the end those that a column has besides, such as what rare ones were merged into."""
    known = set(wanted.categories)
    levels = drawn.cast(pl.String).unique(maintain_order=True).drop_nulls()
    more = [level for level in levels if level not in known]
    return pl.Enum([*wanted.categories, *more]) if more else wanted
