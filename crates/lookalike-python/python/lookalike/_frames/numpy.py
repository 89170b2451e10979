"""NumPy arrays of two dimensions, and structured ones."""

from __future__ import annotations

from typing import Any

import numpy as np

from lookalike import _native
from lookalike._frames.cells import Cells, number_of
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


def whole(values: np.ndarray, dtype: np.dtype) -> np.ndarray:
    """Numbers rounded to whole ones of a type, which hold no more than it can hold."""
    limits = np.iinfo(dtype)
    # As doubles have them the largest numbers of 64 bits are beyond what there is.
    beyond, values = values >= float(limits.max), np.rint(values).clip(limits.min, limits.max)
    return np.where(beyond, limits.max, np.where(beyond, 0, values).astype(dtype)).astype(dtype)


def words_and_numbers(values: np.ndarray, whole_ones: bool) -> np.ndarray:
    """The levels of a column of numbers that has a word besides, such as what rare ones were merged into."""
    return _objects([number_of(level, int if whole_ones else float) for level in values.tolist()])


class ArrayColumn:
    """What an array of one dimension was, so that another is made like it."""

    def __init__(self, dtype: np.dtype, masked: bool, cells: Cells | None) -> None:
        self.dtype = dtype
        self._masked = masked
        self._cells = cells

    @staticmethod
    def take(name: str, values: np.ndarray) -> tuple[tuple, ArrayColumn]:
        """A column for the native module. What a mask covers is missing."""
        masked = isinstance(values, np.ma.MaskedArray)
        if masked and values.dtype.kind == "O":
            column, cells = Cells.take(name, values.tolist())
        else:
            column, cells = column_of(name, np.ma.getdata(values))
            column = _covered(column, np.ma.getmaskarray(values)) if masked else column
        return column, ArrayColumn(values.dtype, masked, cells)

    def restore(self, column: tuple) -> np.ndarray:
        """An array of the same type, or of one that holds as well what the type has no place for."""
        if self._cells is not None:
            cells = self._cells.restore(column)
            return np.ma.MaskedArray(_objects(cells), [cell is None for cell in cells]) if self._masked else _objects(cells)
        values, missing = values_of(column)
        if column[0] == "texts" and self.dtype.kind in "iufbM":
            mixed = words_and_numbers(values, self.dtype.kind != "f")
            return np.ma.MaskedArray(mixed, np.ma.nomask if missing is None else missing) if self._masked else mixed
        if self._masked:
            covered = np.zeros(len(values), bool) if missing is None else missing
            return np.ma.MaskedArray(self._typed(np.where(covered, "", values) if values.dtype == object else values), covered)
        if missing is None:
            return self._typed(values)
        kind = self.dtype.kind
        if kind in "iu":
            return np.where(missing, np.nan, np.where(missing, 0, values).astype(np.float64))
        if kind == "f":
            return np.where(missing, np.nan, values).astype(self.dtype)
        if kind == "M":
            return np.where(missing, np.array("NaT", values.dtype), values).astype(self.dtype)
        return _objects([None if gap else value for value, gap in zip(values.tolist(), missing)])

    def _typed(self, values: np.ndarray) -> np.ndarray:
        kind = self.dtype.kind
        if kind in "iu" and values.dtype.kind == "f":
            return whole(values, self.dtype)
        if kind in "US":
            texts = values.astype(str)
            texts = texts if kind == "U" else np.char.encode(texts, "utf-8")
            # Levels and texts that are made up can be longer than those that were there.
            return texts.astype(np.result_type(texts.dtype, self.dtype))
        return values.astype(self.dtype, copy=False)


def _covered(column: tuple, mask: np.ndarray) -> tuple:
    """A column of which more is missing."""
    if column[1] == "texts":
        return (*column[:2], [None if gap else text for text, gap in zip(column[2], mask)])
    missing = mask if column[-1] is None else mask | column[-1].view(np.bool_)
    return (*column[:-1], missing.view(np.uint8) if missing.any() else None)


def _objects(cells: list[Any]) -> np.ndarray:
    out = np.empty(len(cells), object)
    out[:] = cells
    return out


class NumpyFrame:
    """Of an array."""

    def __init__(self, names: list[str], dtype: np.dtype, columns: list[ArrayColumn], masked: bool) -> None:
        self.names = names
        self.named = dtype.names is not None
        self._dtype = dtype
        self._columns = columns
        self._masked = masked

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
            if dtype.names is None:
                dtype = _common(dtype, target[1].dtype)
            else:
                dtype = np.dtype([*((name, dtype[name]) for name in names), (target[0], target[1].dtype)])
            names.append(target[0])
            parts.append(target[1])
        taken = [ArrayColumn.take(name, part) for name, part in zip(names, parts)]
        frame = NumpyFrame(names, dtype, [known for _, known in taken], isinstance(data, np.ma.MaskedArray))
        return [column for column, _ in taken], frame

    def restore(self, table: _native.Table, index: Any = None) -> np.ndarray:
        empty = np.ma.empty if self._masked else np.empty
        names = table.schema.names
        parts = [_known(self._columns, number).restore(table.column(number)) for number in range(len(names))]
        if self.named:
            fields = [(name, part.dtype) for name, part in zip(names, parts)]
            out = empty(table.n_rows, self._dtype if fields == [(one, self._dtype[one]) for one in self.names] else fields)
            for name, part in zip(names, parts):
                out[name] = part
            return out
        dtype = self._dtype
        for part in parts:
            dtype = _common(dtype, part.dtype)
        out = empty((table.n_rows, len(parts)), dtype)
        for number, part in enumerate(parts):
            out[:, number] = part
        return out


def _known(columns: list[ArrayColumn], number: int) -> ArrayColumn:
    # What was not there, such as which dials changed a row, is a column of texts.
    return columns[number] if number < len(columns) else ArrayColumn(np.dtype(object), False, Cells("str"))


def _common(first: np.dtype, second: np.dtype) -> np.dtype:
    """The type of an array that holds both as they are: numbers as numbers, texts as texts, all else as objects."""
    if first == second:
        return first
    kinds = {first.kind, second.kind}
    return np.result_type(first, second) if kinds <= set("biuf") or kinds == {"U"} or kinds == {"S"} else np.dtype(object)
