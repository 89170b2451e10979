"""pandas DataFrames."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from lookalike import _native
from lookalike._frames.numpy import values_of, whole
from lookalike._frames.pandas import Column, PandasFrame
from lookalike._rows.features import Features
from lookalike._rows.levels import Levels
from lookalike._rows.numpy import _is_all
from lookalike._rows.plain import Part
from lookalike._rows.precision import check_apart
from lookalike.exceptions import DataError


class _Categories:
    """A column of categories, by pandas' numbers of them."""

    def __init__(self, levels: Levels, dtype: Any) -> None:
        self._levels = levels
        self._dtype = dtype

    @staticmethod
    def take(name: str, data: pd.Series) -> tuple[tuple, str, _Categories]:
        if isinstance(data.dtype, pd.CategoricalDtype):
            codes, values = data.cat.codes.to_numpy(), list(data.dtype.categories)
        else:
            codes, found = pd.factorize(data)
            order = _order(found)
            values = [found[place] for place in order]
            place_of = np.empty(len(order) + 1, np.int32)
            place_of[order] = np.arange(len(order))
            place_of[-1] = -1
            codes = place_of[codes]
        levels = Levels(values)
        return levels.column(name, np.ascontiguousarray(codes, np.int32)), "categorical", _Categories(levels, data.dtype)

    def restore(self, column: tuple) -> pd.Series:
        codes = np.asarray(self._levels.codes_of(column), np.int64)
        if isinstance(self._dtype, pd.CategoricalDtype):
            return pd.Series(pd.Categorical.from_codes(codes, dtype=self._dtype))
        values = pd.array(self._levels.values, dtype=self._dtype) if self._levels.values else pd.array([], dtype=self._dtype)
        return pd.Series(values.take(codes, allow_fill=True) if (codes < 0).any() else values[codes])


def _order(found: Any) -> np.ndarray:
    try:
        return np.asarray(found.argsort())
    except TypeError:
        return np.array(sorted(range(len(found)), key=lambda place: (type(found[place]).__name__, str(found[place]))), int)


class _Numbers:
    """A column of numbers, dates or durations, which come back as double precision has them."""

    def __init__(self, column: Column) -> None:
        self._column = column

    @staticmethod
    def take(name: str, data: pd.Series) -> tuple[tuple, str, _Numbers]:
        dtype = data.dtype
        if isinstance(dtype, pd.SparseDtype):
            data = data.sparse.to_dense()
        if _is_arrow_duration(dtype):
            import pyarrow as pa

            counts = pa.chunked_array(pa.array(data.array)).cast(pa.int64())
            return (name, "arrow", pa.table({name: counts})), "numerical", _Numbers(Column(dtype))
        kind = "datetime" if _is_date(dtype) else "numerical"
        if pd.api.types.is_integer_dtype(data.dtype):
            check_apart(name, *_ends(data))
        if pd.api.types.is_bool_dtype(data.dtype):
            # Truth values are numbers here.
            narrow = "uint8" if isinstance(data.dtype, np.dtype) else _narrow(data.dtype)
            column, _ = Column.take(name, data.astype(narrow))
        else:
            column, _ = Column.take(name, data)
        return column, kind, _Numbers(Column(dtype))

    def restore(self, column: tuple) -> pd.Series:
        dtype = self._column.dtype
        inner = dtype.subtype if isinstance(dtype, pd.SparseDtype) else dtype
        if column[0] == "numbers" and pd.api.types.is_bool_dtype(inner):
            values, missing = values_of(column)
            out = pd.Series(values >= 0.5).astype(dtype)
            if missing is not None:
                out[missing] = pd.NA
            return out
        if _is_arrow_duration(dtype):
            import pyarrow as pa

            values, missing = values_of(_rounded(column))
            counts = pa.array(values, pa.int64(), mask=missing).cast(dtype.pyarrow_dtype)
            return pd.Series(pd.arrays.ArrowExtensionArray(counts))
        return self._column.restore(column)


def _rounded(column: tuple) -> tuple:
    """Numbers as the whole ones that are nearest."""
    values, _ = values_of(column)
    return "numbers", whole(np.nan_to_num(values), np.dtype(np.int64)).tobytes(), "int64", column[3]


def _ends(data: pd.Series) -> tuple[Any, Any]:
    known = data.dropna()
    return (known.min(), known.max()) if len(known) else (None, None)


def _is_arrow_duration(dtype: Any) -> bool:
    return isinstance(dtype, pd.ArrowDtype) and str(dtype).startswith("duration")


def _narrow(dtype: Any) -> Any:
    if isinstance(dtype, pd.ArrowDtype):
        import pyarrow as pa

        return pd.ArrowDtype(pa.uint8())
    return "UInt8"


def _is_date(dtype: Any) -> bool:
    if isinstance(dtype, pd.ArrowDtype):
        return pd.api.types.is_datetime64_any_dtype(dtype) or dtype.kind in "MO" and "date" in str(dtype)
    return pd.api.types.is_datetime64_any_dtype(dtype)


class _Objects:
    """A column of Python's values."""

    def __init__(self, part: Part) -> None:
        self._part = part

    @staticmethod
    def take(name: str, data: pd.Series) -> tuple[tuple, str, _Objects]:
        column, kind, part = Part.take(name, data.tolist(), False)
        return column, kind, _Objects(part)

    def restore(self, column: tuple) -> pd.Series:
        return pd.Series(self._part.restore(column), dtype=object)


class PandasRows:
    """Of a DataFrame."""

    def __init__(self, data: Any) -> None:
        if not isinstance(data, pd.DataFrame):
            raise DataError(f"Expected 2D array, got a pandas {type(data).__name__} instead: give a DataFrame")
        self._data = data
        self._parts: list[_Categories | _Numbers | _Objects] = []
        self._frame: PandasFrame | None = None
        self.n_rows, self.n_columns = data.shape
        self.names = list(data.columns) if all(isinstance(name, str) for name in data.columns) else None

    def categories(self) -> list[int]:
        return [place for place, dtype in enumerate(self._data.dtypes) if isinstance(dtype, pd.CategoricalDtype)]

    def columns(self, names: list[str], levels: frozenset[int]) -> list[tuple[tuple, str]]:
        taken = []
        for place, name in enumerate(names):
            series = self._data.iloc[:, place]
            dtype = series.dtype
            if place in levels or isinstance(dtype, pd.CategoricalDtype):
                taken.append(_Categories.take(name, series))
            elif dtype == object:
                taken.append(_Objects.take(name, series))
            elif pd.api.types.is_string_dtype(dtype):
                taken.append(_Categories.take(name, series))
            else:
                taken.append(_Numbers.take(name, series))
        self._parts = [part for _, _, part in taken]
        return [(column, kind) for column, kind, _ in taken]

    def natural(self) -> list[tuple]:
        source, self._frame = PandasFrame.take(self._data)
        if isinstance(source, list):
            return source
        series = (self._data.iloc[:, place] for place in range(self.n_columns))
        return [Column.take(str(name), one)[0] for name, one in zip(self._data.columns, series)]

    def grown(self, rows: Any, new: _native.Table | None) -> pd.DataFrame:
        kept = self._data if _is_all(rows, self.n_rows) else self._data.iloc[rows]
        if new is None:
            return kept.reset_index(drop=True)
        if self._frame is not None:
            made = self._frame.restore(Features(new))
        else:
            columns = {place: part.restore(new.column(place)) for place, part in enumerate(self._parts)}
            made = pd.DataFrame(columns, index=range(new.n_rows))
        made.columns = self._data.columns
        return pd.concat([kept, made], ignore_index=True)
