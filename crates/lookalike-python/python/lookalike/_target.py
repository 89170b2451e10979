"""What is to be predicted, as a further column of a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lookalike import _frames
from lookalike._numbers import numpy_or_none
from lookalike.exceptions import DataError, ParameterError

#: What `y` is called that has no name.
UNNAMED = "y"


def with_target(X: Any, y: Any) -> tuple[Any, str]:
    """A table with one more column, and that column's name."""
    if isinstance(y, (str, bytes)):
        raise ParameterError("y must be a column, one value for each row: to name a column of X, use target=")
    name, y = _column(y)
    if type(y).__name__ == "MaskedArray" and not type(X).__module__.startswith("numpy"):
        # Others do not know masks: these are None where something is masked.
        y = y.tolist()
    module = type(X).__module__.partition(".")[0]
    if module == "pandas":
        return _pandas(X, name, y)
    if module == "polars":
        return _polars(X, name, y)
    if module in ("pyarrow", "duckdb", "_duckdb"):
        return _arrow(X, name, y)
    if module in ("scipy", "numpy"):
        # What is no table is told so.
        _, frame = _frames.take(X)
        import numpy

        spelled = _new(name, frame.names)
        _same_length(len(X), len(y))
        return _frames.Beside(X, spelled, numpy.asanyarray(y)), spelled
    if isinstance(X, Mapping):
        first = next(iter(X.values()), ())
        _same_length(len(first) if hasattr(first, "__len__") else len(y), len(y))
        spelled = _new(name, list(X))
        return {**X, spelled if name is None else name: y}, spelled
    if isinstance(X, (list, tuple)) and X:
        return _rows(X, name, y)
    raise ParameterError(
        "y goes with a DataFrame, a dict of columns, rows or a NumPy array: put the column into the table instead"
    )


def _column(y: Any) -> tuple[Any, Any]:
    """The name of `y`, None if it has none, and its values; a table of one column is that column."""
    if hasattr(y, "columns"):
        names = list(y.column_names if hasattr(y, "column_names") else y.columns)
        if len(names) != 1:
            raise ParameterError(f"y must be a single column, and has {len(names)}")
        if hasattr(y, "column_names"):
            return names[0], y.column(0)
        if hasattr(y, "iloc"):
            return names[0], y.iloc[:, 0]
        if hasattr(y, "to_series"):
            return names[0], y.to_series()
    np = numpy_or_none()
    if np is not None and isinstance(y, np.ndarray) and y.ndim == 2 and y.shape[1] == 1:
        y = y[:, 0]
    if getattr(y, "ndim", 1) != 1 or not hasattr(y, "__len__") or isinstance(y, Mapping):
        raise ParameterError("y must be a single column, one value for each row")
    name = getattr(y, "name", None)
    return (None if isinstance(name, str) and not name else name), y


def _new(name: Any, names: list[Any]) -> str:
    """How the name of `y` is spelled, which must be no other column's."""
    spelled = UNNAMED if name is None else str(name)
    if spelled in map(str, names):
        what = "has no name, so it is called" if name is None else "is called"
        raise ParameterError(
            f"y {what} {spelled!r}, and X has a column of that name: rename one of them, or leave y out and say "
            f"target={spelled!r}"
        )
    return spelled


def _same_length(rows: int, labels: int) -> None:
    if rows != labels:
        raise DataError(f"Found input variables with inconsistent numbers of samples: X has {rows} rows, and y {labels}")


def _pandas(X: Any, name: Any, y: Any) -> tuple[Any, str]:
    import pandas as pd

    X = X.to_frame(UNNAMED if X.name is None else X.name) if isinstance(X, pd.Series) else X
    _same_length(len(X), len(y))
    spelled = _new(name, list(X.columns))
    # By position, whatever the indices are.
    module = type(y).__module__.partition(".")[0]
    values = y.to_list() if module == "polars" else y.to_pylist() if module == "pyarrow" else getattr(y, "array", y)
    column = pd.Series(values, index=X.index, name=spelled if name is None else name)
    return pd.concat([X, column], axis=1), spelled


def _polars(X: Any, name: Any, y: Any) -> tuple[Any, str]:
    import polars as pl

    X = X.collect() if isinstance(X, pl.LazyFrame) else X.to_frame() if isinstance(X, pl.Series) else X
    _same_length(len(X), len(y))
    spelled = _new(name, X.columns)
    return X.with_columns(pl.Series(spelled, y)), spelled


def _arrow(X: Any, name: Any, y: Any) -> tuple[Any, str]:
    import pyarrow as pa

    relation = not type(X).__module__.startswith("pyarrow")
    table = pa.Table.from_batches([X]) if isinstance(X, pa.RecordBatch) else X.to_arrow_table() if relation else X
    _same_length(len(table), len(y))
    spelled = _new(name, table.column_names)
    values = y.to_arrow() if hasattr(y, "to_arrow") else y
    values = values if isinstance(values, (pa.Array, pa.ChunkedArray)) else pa.array(values)
    table = table.append_column(spelled, values)
    if not relation:
        return table, spelled
    import duckdb

    return duckdb.from_arrow(table), spelled


def _rows(X: Any, name: Any, y: Any) -> tuple[Any, str]:
    _same_length(len(X), len(y))
    if all(isinstance(row, Mapping) for row in X):
        spelled = _new(name, list(dict.fromkeys(key for row in X for key in row)))
        return [{**row, spelled: value} for row, value in zip(X, y)], spelled
    spelled = _new(name, [f"x{place}" for place in range(max(map(len, X)))] if all(map(_is_row, X)) else [])
    return _frames.Beside(X, spelled, y), spelled


def _is_row(row: Any) -> bool:
    return isinstance(row, (list, tuple))
