"""polars."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import polars as pl

from lookalike import _native
from lookalike.exceptions import DataError


def check_version() -> None:
    """Refuses versions whose tables nobody else can read."""
    if tuple(map(int, pl.__version__.split(".")[:2])) < (1, 5):
        raise DataError(f"polars {pl.__version__} cannot hand over its tables: take 1.5 or newer, or give `table.to_arrow()`")


class PolarsFrame:
    """Of a polars DataFrame or LazyFrame."""

    named = True

    def __init__(self, schema: pl.Schema, series: bool = False, hexadecimal: Collection[str] = ()) -> None:
        self.names = list(schema)
        self._schema = schema
        self._series = series
        #: Columns of bytes that are no texts, which the native module writes as hexadecimal digits.
        self._hexadecimal = hexadecimal

    @staticmethod
    def take(data: Any) -> tuple[pl.DataFrame, PolarsFrame]:
        check_version()
        if isinstance(data, pl.LazyFrame):
            data = data.collect()
        series = isinstance(data, pl.Series)
        if series:
            data = data.to_frame()
        hexadecimal = {one.name for one in data if one.dtype == pl.Binary and not _are_texts(one)}
        frame = PolarsFrame(data.schema, series, hexadecimal)
        # Durations are numbers to learn, and what has no type is missing whatever it is.
        handed = {pl.Duration: pl.Int64, pl.Null: pl.String}
        casts = [pl.col(name).cast(handed[dtype.base_type()]) for name, dtype in data.schema.items() if dtype.base_type() in handed]
        return (data.with_columns(casts) if casts else data), frame

    def restore(self, table: _native.Table, index: Any = None) -> pl.DataFrame | pl.Series:
        made = self.retyped(pl.DataFrame(table))
        return made.to_series() if self._series else made

    def retyped(self, data: pl.DataFrame) -> pl.DataFrame:
        """The same values, in the types that the columns of these names had."""
        casts = []
        for name, dtype in data.schema.items():
            wanted = self._schema.get(name)
            if wanted is None or wanted == dtype:
                continue
            column = pl.col(name)
            if wanted == pl.Null:
                # What constraints fill in has a type.
                casts += [pl.lit(None).alias(name)] if data[name].null_count() == data.height else []
                continue
            if wanted.is_nested() or name in self._hexadecimal:
                casts.append(_parsed(data[name], wanted))
                continue
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


def _are_texts(data: pl.Series) -> bool:
    try:
        data.cast(pl.String)
    except pl.exceptions.PolarsError:
        return False
    return True


def _parsed(drawn: pl.Series, wanted: pl.DataType) -> pl.Series:
    """Bytes of their digits, and lists and records of their JSON, which the native module learns; texts where they are neither."""
    texts = drawn.cast(pl.String).str
    # Arrays are read as lists.
    read = pl.List(wanted.inner) if isinstance(wanted, pl.Array) else wanted
    try:
        return texts.json_decode(read).cast(wanted) if wanted.is_nested() else texts.decode("hex")
    except pl.exceptions.PolarsError:
        return drawn


def _all_fit(drawn: pl.Series, wanted: pl.DataType) -> bool:
    return drawn.cast(wanted, strict=False).null_count() == drawn.null_count()


def _whole(column: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """Numbers rounded to whole ones of a type, which hold no more than it can hold."""
    bits = int("".join(sign for sign in str(dtype) if sign.isdigit()))
    limits = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if dtype.is_signed_integer() else (0, 2**bits - 1)
    # As doubles have them the largest numbers of 64 bits are beyond what there is.
    beyond, inside = column >= float(limits[1]), column.round().clip(float(limits[0]), None)
    return pl.when(beyond).then(pl.lit(limits[1], dtype)).otherwise(pl.when(beyond).then(0).otherwise(inside).cast(dtype))


def _widened(wanted: pl.Enum, drawn: pl.Series) -> pl.Enum:
    """The levels, and at the end those that a column has besides, such as what rare ones were merged into."""
    known = set(wanted.categories)
    levels = drawn.cast(pl.String).unique(maintain_order=True).drop_nulls()
    more = [level for level in levels if level not in known]
    return pl.Enum([*wanted.categories, *more]) if more else wanted
