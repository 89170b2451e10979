"""NumPy arrays of two dimensions, and structured ones."""

from __future__ import annotations

from typing import Any

import numpy as np

from lookalike import _native
from lookalike._frames.cells import Cells
from lookalike.exceptions import DataError


def column_of(name: str, values: np.ndarray) -> tuple[tuple, Cells | None]:
    """A column for the native module; what is known of it where it is of objects."""
    if values.dtype.kind == "b":
        return (name, "booleans", np.ascontiguousarray(values).view(np.uint8), None), None
    if values.dtype.kind in "iu":
        return (name, "numbers", np.ascontiguousarray(values, values.dtype.newbyteorder("=")), None), None
    if values.dtype.kind == "f":
        width = np.float32 if values.dtype.itemsize <= 4 else np.float64
        values = np.ascontiguousarray(values, width)
        missing = np.isnan(values)
        return (name, "numbers", values, missing.view(np.uint8) if missing.any() else None), None
    if values.dtype.kind == "M":
        unit = np.datetime_data(values.dtype)[0]
        unit = unit if unit in ("s", "ms", "us", "ns") else "s"
        missing = np.isnat(values)
        counts = np.ascontiguousarray(values.astype(f"datetime64[{unit}]")).view(np.int64)
        counts = np.where(missing, 0, counts)
        return (name, "instants", counts, unit, None, missing.view(np.uint8) if missing.any() else None), None
    if values.dtype.kind in "US":
        return (name, "texts", [str(one) for one in values.astype(str)]), None
    if values.dtype.kind == "O":
        return Cells.take(name, values.tolist())
    if values.dtype.kind == "c":
        raise DataError(f"Complex data not supported: column {name!r}")
    raise DataError(f"column {name!r} is of NumPy's type {values.dtype}, which is no column of a table")


def values_of(column: tuple) -> tuple[np.ndarray, np.ndarray | None]:
    """A native column as an array, and where it is missing."""
    form = column[0]
    if form in ("texts", "decimals"):
        values = np.empty(len(column[1]), dtype=object)
        values[:] = column[1]
        missing = np.fromiter((value is None for value in column[1]), bool, len(column[1]))
        return values, missing if missing.any() else None
    if form == "levels":
        codes = np.frombuffer(column[1], np.int32)
        levels = np.empty(len(column[2]) + 1, dtype=object)
        levels[: len(column[2])] = column[2]
        levels[-1] = None
        return levels[codes], codes < 0 if (codes < 0).any() else None
    missing = None if column[-1] is None else np.frombuffer(column[-1], np.bool_)
    if form == "booleans":
        return np.frombuffer(column[1], np.bool_), missing
    if form == "days":
        return np.frombuffer(column[1], np.int32).astype("datetime64[D]"), missing
    if form == "instants":
        return np.frombuffer(column[1], np.int64).view(f"datetime64[{column[2]}]"), missing
    return np.frombuffer(column[1], column[2]), missing


class NumpyFrame:
    """Of an array."""

    def __init__(self, names: list[str], dtype: np.dtype, cells: list[Cells | None]) -> None:
        self.names = names
        self._dtype = dtype
        self._structured = dtype.names is not None
        self._cells = cells

    @staticmethod
    def take(data: np.ndarray, target: tuple[str, np.ndarray] | None = None) -> tuple[list, NumpyFrame]:
        """`target` is a further column, the last one of what is restored."""
        if data.dtype.names is not None and data.ndim == 1:
            names = list(data.dtype.names)
            parts = [data[name] for name in names]
        elif data.ndim == 2:
            names = [f"x{index}" for index in range(data.shape[1])]
            parts = [data[:, index] for index in range(data.shape[1])]
        else:
            raise DataError(
                f"Expected 2D array, got {data.ndim}D array instead: a table is rows by columns. Reshape your data"
            )
        if not parts:
            raise DataError(f"0 feature(s) (shape={data.shape}) while a minimum of 1 is required.")
        dtype = data.dtype
        if target is not None:
            names.append(target[0])
            parts.append(target[1])
            dtype = _common(dtype, target[1].dtype)
        columns, cells = [], []
        for name, part in zip(names, parts):
            column, known = column_of(name, part)
            columns.append(column)
            cells.append(known)
        return columns, NumpyFrame(names, dtype, cells)

    def restore(self, table: _native.Table, index: Any = None) -> np.ndarray:
        n_columns = len(table.schema.names)
        if self._structured:
            out = np.empty(table.n_rows, self._dtype)
            for number, name in enumerate(self._dtype.names):
                out[name] = self._values(table.column(number), number)
            return out
        out = np.empty((table.n_rows, n_columns), self._dtype)
        for number in range(n_columns):
            out[:, number] = self._values(table.column(number), number)
        return out

    def _values(self, column: tuple, number: int) -> Any:
        known = self._cells[number]
        if known is not None:
            return known.restore(column)
        values, missing = values_of(column)
        if missing is not None:
            values = values.astype(self._dtype if self._dtype.kind in "fM" else object)
            values[missing] = np.datetime64("NaT") if self._dtype.kind == "M" else np.nan
        return values


def _common(features: np.dtype, target: np.dtype) -> np.dtype:
    """The type of an array that holds both as they are: numbers as numbers, all else as objects."""
    if features == target:
        return features
    numbers = features.kind in "biuf" and target.kind in "biuf"
    return np.result_type(features, target) if numbers else np.dtype(object)
