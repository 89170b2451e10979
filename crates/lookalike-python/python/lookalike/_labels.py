"""What resamplers balance: the classes of rows, in and out."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from typing import Any

from lookalike._frames.cells import is_missing
from lookalike._numbers import numpy_or_none
from lookalike._words import a
from lookalike.exceptions import DataError

MULTI_OUTPUT = (
    "Multilabel and multioutput targets are not supported. A target is a column of classes, or a matrix of 0 and 1 with a single "
    "1 in each row"
)


class Labels:
    """The classes of rows.

    Attributes
    ----------
    classes : list
        The labels, in their order.
    counts : list of int
        How many rows each has.
    codes : buffer of 32-bit integers
        The class of each row, by its place among `classes`.
    flat : sequence
        The label of each row.
    """

    def __init__(self, y: Any) -> None:
        self._again: Callable[[Any], Any] | None = None
        y = self._unwrapped(y)
        self._given = y
        self._width: int | None = None
        self._columns: Any = None
        values, dtype = self._flattened(y)
        self.flat = values
        self.classes, self.codes = _coded(values, dtype)
        self.counts = _counted(self.codes, len(self.classes))
        if len(self.classes) < 2:
            raise DataError(
                f"The target 'y' needs to have more than 1 class. Got {len(self.classes)} class instead"
            )

    def __len__(self) -> int:
        return len(self.codes)

    def _unwrapped(self, y: Any) -> Any:
        """pandas' arrays and indices as Series, which `grown` makes arrays and indices again; masked arrays without mask."""
        if type(y).__name__ == "MaskedArray":
            covered = int(y.size - y.count())
            if covered:
                raise DataError(_no_class(covered))
            return y.data
        if type(y).__module__.partition(".")[0] != "pandas" or hasattr(y, "iloc"):
            return y
        import pandas as pd

        if isinstance(y, pd.MultiIndex):
            raise DataError(MULTI_OUTPUT)
        if isinstance(y, pd.Index):
            self._again = lambda series: pd.Index(series, name=y.name)
            return pd.Series(y, name=y.name)
        self._again = lambda series: series.array
        return pd.Series(y)

    def _flattened(self, y: Any) -> tuple[Any, Any]:
        """The label of each row, and pandas' type of them if they are of one."""
        module = type(y).__module__.partition(".")[0]
        if module == "pandas":
            if getattr(y, "ndim", 1) == 2:
                self._columns = y.columns
                if y.shape[1] != 1:
                    return self._of_matrix(y.to_numpy()), None
                y = y.iloc[:, 0]
            return y, getattr(y, "dtype", None)
        if module == "polars":
            if hasattr(y, "columns"):
                if len(y.columns) != 1:
                    raise DataError(MULTI_OUTPUT)
                self._columns = y.columns
                y = y.to_series()
            return y.to_list(), None
        if module == "pyarrow":
            return y.to_pylist(), None
        if module == "numpy" or hasattr(y, "__array_interface__"):
            if y.ndim == 2 and y.shape[1] == 1:
                return y[:, 0], None
            return (self._of_matrix(y) if y.ndim != 1 else y), None
        if isinstance(y, (str, bytes)) or not isinstance(y, Sequence):
            raise DataError(f"y is {a(y)}: give a list, an array or a Series of classes")
        if y and isinstance(y[0], (list, tuple)):
            return self._of_lists(y), None
        return list(y), None

    def _of_matrix(self, y: Any) -> Any:
        """The place of the 1 in each row."""
        if y.ndim != 2 or y.dtype.kind not in "biuf" or not ((y == 0) | (y == 1)).all():
            raise DataError(MULTI_OUTPUT)
        self._width = y.shape[1]
        ones = y.sum(axis=1)
        if (ones > 1).any():
            raise DataError(MULTI_OUTPUT)
        if (ones == 0).any():
            raise DataError(f"{int((ones == 0).sum())} rows of the target are of no class: none of their values is 1")
        return y.argmax(axis=1)

    def _of_lists(self, y: Sequence[Sequence[Any]]) -> list[int]:
        if any(len(row) != len(y[0]) or any(one not in (0, 1) for one in row) or sum(row) != 1 for row in y):
            if all(len(row) == 1 for row in y):
                return [row[0] for row in y]
            raise DataError(MULTI_OUTPUT)
        if len(y[0]) == 1:
            return [row[0] for row in y]
        self._width = len(y[0])
        return [list(row).index(1) for row in y]

    def grown(self, rows: Any, more: Sequence[int]) -> Any:
        """The labels of `rows` as they were given, then those of the classes `more`, in the same container."""
        y = self._given
        module = type(y).__module__.partition(".")[0]
        new = [self.classes[code] for code in more]
        if module == "pandas":
            grown = self._pandas(rows, new)
            return grown if self._again is None else self._again(grown)
        if module == "polars":
            import polars as pl

            series = y.to_series() if self._columns is not None else y
            grown = pl.concat([series.gather(rows), pl.Series(series.name, new, dtype=series.dtype)])
            return grown.to_frame() if self._columns is not None else grown
        if module == "pyarrow":
            import pyarrow as pa

            taken = y.take(pa.array(rows))
            chunks = taken.chunks if isinstance(taken, pa.ChunkedArray) else [taken]
            grown = pa.chunked_array([*chunks, pa.array(new, type=y.type)], type=y.type)
            return grown if isinstance(y, pa.ChunkedArray) else grown.combine_chunks()
        if isinstance(y, Sequence):
            made = [self._one_of(code) for code in more] if self._width is not None else new
            return [y[row] for row in rows] + made
        import numpy as np

        if self._width is not None:
            return np.concatenate([y[rows], self._matrix(more, y.dtype)])
        flat = y[:, 0] if y.ndim == 2 else y
        return flat[rows] if not new else np.concatenate([flat[rows], _typed(new, flat.dtype)])

    def _one_of(self, code: int) -> list[int]:
        row = [0] * (self._width or 0)
        row[self.classes[code]] = 1
        return row

    def _matrix(self, more: Sequence[int], dtype: Any) -> Any:
        import numpy as np

        ones = np.zeros((len(more), self._width), dtype)
        ones[np.arange(len(more)), [self.classes[code] for code in more]] = 1
        return ones

    def _pandas(self, rows: Any, new: list[Any]) -> Any:
        import pandas as pd

        y = self._given
        kept = y.iloc[rows]
        if not new:
            return kept.reset_index(drop=True)
        if self._columns is None:
            made: Any = pd.Series(new, dtype=y.dtype, name=y.name)
        elif self._width is None:
            made = pd.DataFrame({0: pd.Series(new, dtype=y.dtypes.iloc[0])}).set_axis(self._columns, axis=1)
        else:
            places = [self.classes.index(one) for one in new]
            made = pd.DataFrame(self._matrix(places, y.to_numpy().dtype), columns=self._columns).astype(y.dtypes)
        return pd.concat([kept, made], ignore_index=True)


def _typed(values: list[Any], dtype: Any) -> Any:
    import numpy as np

    if dtype != object:
        return np.array(values, dtype)
    out = np.empty(len(values), object)
    out[:] = values
    return out


def _coded(values: Any, dtype: Any) -> tuple[list[Any], Any]:
    """The labels in their order, and the place of each row's."""
    np = numpy_or_none()
    if np is not None:
        if dtype is not None and type(dtype).__name__ == "CategoricalDtype":
            return _of_categories(values, np)
        plain = values.to_numpy() if hasattr(values, "to_numpy") else values
        if isinstance(plain, np.ndarray) and plain.dtype.kind in "biufUS":
            if plain.dtype.kind == "f":
                _refuse_quantities(plain, np)
            labels, codes = np.unique(plain, return_inverse=True)
            return labels.tolist(), codes.astype(np.int32).ravel()
        values = plain.tolist() if isinstance(plain, np.ndarray) and plain.dtype.kind == "O" else list(values)
    return _of_values(values)


def _refuse_quantities(values: Any, np: Any) -> None:
    missing = int(np.isnan(values).sum())
    if missing:
        raise DataError(_no_class(missing))
    if (np.isinf(values) | (values != np.floor(values))).any():
        raise DataError(_QUANTITIES)


_QUANTITIES = (
    "Unknown label type: continuous. The target holds numbers with fractions, which are quantities and not classes: cut them into "
    "ranges first"
)


def _no_class(rows: int) -> str:
    return f"Input y contains NaN: {rows} {'row has' if rows == 1 else 'rows have'} no class. Leave them out first"


def _of_categories(values: Any, np: Any) -> tuple[list[Any], Any]:
    codes = values.cat.codes.to_numpy()
    if (codes < 0).any():
        raise DataError(_no_class(int((codes < 0).sum())))
    categories = values.cat.categories.tolist()
    present = _sorted([categories[code] for code in np.unique(codes)])
    place = {label: number for number, label in enumerate(present)}
    of_category = np.array([place.get(label, -1) for label in categories], np.int32)
    return present, of_category[codes]


def _of_values(values: list[Any]) -> tuple[list[Any], array]:
    missing = sum(map(is_missing, values))
    if missing:
        raise DataError(_no_class(missing))
    try:
        labels = list(dict.fromkeys(values))
    except TypeError:
        raise DataError(MULTI_OUTPUT) from None
    if any(isinstance(label, float) and not label.is_integer() for label in labels):
        raise DataError(_QUANTITIES)
    labels = _sorted(labels)
    place = {label: number for number, label in enumerate(labels)}
    return labels, array("i", [place[value] for value in values])


def _sorted(labels: list[Any]) -> list[Any]:
    """Labels in their order; by their spelling where they are of several types."""
    try:
        return sorted(labels)
    except TypeError:
        return sorted(labels, key=lambda label: (type(label).__name__, str(label)))


def _counted(codes: Any, n_classes: int) -> list[int]:
    np = numpy_or_none()
    if np is not None:
        return np.bincount(np.asarray(codes), minlength=n_classes).tolist()
    counts = [0] * n_classes
    for code in codes:
        counts[code] += 1
    return counts
