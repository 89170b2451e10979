"""NumPy arrays of two dimensions."""

from __future__ import annotations

from typing import Any

import numpy as np

from lookalike import _native
from lookalike._frames.numpy import NumpyFrame, column_of, values_of, whole
from lookalike._rows.features import Features
from lookalike._rows.levels import Levels
from lookalike._rows.plain import Part
from lookalike._rows.precision import check_apart
from lookalike.exceptions import DataError


def numbers_like(column: tuple, dtype: np.dtype) -> np.ndarray:
    """Numbers that come back as an array of this type: whole ones rounded, truth values where they are nearer."""
    values, missing = values_of(column)
    if dtype.kind == "b":
        return values >= 0.5
    if dtype.kind in "iu" and values.dtype.kind == "f":
        return whole(values, dtype)
    if missing is not None:
        values = values.astype(np.float64 if values.dtype.kind != "f" else values.dtype)
        values[missing] = np.nan
    return values.astype(dtype, copy=False)


def levels_of(name: str, values: np.ndarray) -> tuple[tuple, Levels]:
    """A column of categories."""
    if values.dtype.kind in "biuUS" or (values.dtype.kind == "f" and not np.isnan(values).any()):
        found, codes = np.unique(values, return_inverse=True)
        levels = Levels(list(found))
        return levels.column(name, codes.astype(np.int32).ravel()), levels
    return Levels.take(name, values.tolist())


def check_unmasked(data: Any) -> None:
    """Raise if a mask covers cells, which would be handed back without it."""
    if isinstance(data, np.ma.MaskedArray) and np.ma.getmaskarray(data).any():
        raise DataError("a masked array has no place for rows that are made: fill it, with NaN where numbers are missing")


class ArrayRows:
    """Of an array."""

    names: list[str] | None = None

    def __init__(self, data: Any) -> None:
        check_unmasked(data)
        data = np.asarray(data)
        if data.ndim != 2:
            raise DataError(
                f"Expected 2D array, got {data.ndim}D array instead. Reshape your data: a table is rows by columns"
            )
        if data.dtype.kind not in "biufOUSMm":
            raise DataError(f"an array of NumPy's type {data.dtype} is no table")
        self._data = data
        self._parts: list[Part | Levels | None] = []
        self._frame: NumpyFrame | None = None
        self.n_rows, self.n_columns = data.shape

    def categories(self) -> list[int]:
        if self._data.dtype.kind in "US":
            return list(range(self.n_columns))
        if self._data.dtype.kind != "O":
            return []
        return [place for place in range(self.n_columns) if any(isinstance(cell, str) for cell in self._data[:, place])]

    def columns(self, names: list[str], levels: frozenset[int]) -> list[tuple[tuple, str]]:
        taken: list[tuple[tuple, str]] = []
        self._parts = []
        for place, name in enumerate(names):
            values = self._data[:, place]
            if values.dtype.kind == "O":
                column, kind, part = Part.take(name, values.tolist(), place in levels)
            elif place in levels or values.dtype.kind in "US":
                column, part = levels_of(name, values)
                kind = "categorical"
            else:
                # Truth values and durations are numbers here.
                plain = values.astype(np.uint8) if values.dtype.kind == "b" else values
                if values.dtype.kind in "iu" and values.dtype.itemsize == 8 and len(values):
                    check_apart(name, values.min(), values.max())
                missing = np.isnat(values) if values.dtype.kind == "m" else None
                if missing is not None:
                    counts = np.where(missing, 0, values.view(np.int64))
                    column = (name, "numbers", counts, missing.view(np.uint8) if missing.any() else None)
                else:
                    column, _ = column_of(name, plain)
                kind, part = ("datetime" if values.dtype.kind == "M" else "numerical"), None
            taken.append((column, kind))
            self._parts.append(part)
        return taken

    def natural(self) -> list[tuple]:
        columns, self._frame = NumpyFrame.take(self._data)
        return columns

    def made(self, new: _native.Table) -> np.ndarray:
        """The rows of a table as an array of this type."""
        if self._frame is not None:
            return self._frame.restore(Features(new))
        out = np.empty((new.n_rows, self.n_columns), self._data.dtype)
        for place, part in enumerate(self._parts):
            column = new.column(place)
            if part is not None:
                cells = part.restore(column)
                out[:, place] = cells if self._data.dtype.kind != "O" else _objects(cells)
            elif self._data.dtype.kind in "Mm":
                values, missing = values_of(column)
                values = values if self._data.dtype.kind == "M" else np.rint(values).astype(np.int64).view(self._data.dtype)
                out[:, place] = values
                if missing is not None:
                    out[missing, place] = np.array("NaT", self._data.dtype)
            else:
                out[:, place] = numbers_like(column, self._data.dtype)
        return out

    def grown(self, rows: Any, new: _native.Table | None) -> np.ndarray:
        kept = self._data if _is_all(rows, self.n_rows) else self._data[rows]
        if new is None:
            return kept.copy() if kept is self._data else kept
        return np.concatenate([kept, self.made(new)])


def _is_all(rows: Any, n_rows: int) -> bool:
    """True for all rows in their order."""
    return len(rows) == n_rows and n_rows > 0 and rows[0] == 0 and bool((np.diff(rows) == 1).all())


def _objects(cells: list[Any]) -> np.ndarray:
    out = np.empty(len(cells), object)
    out[:] = cells
    return out
