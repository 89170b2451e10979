"""pandas, by NumPy: pyarrow is needed only for columns that are of Arrow already."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from lookalike import _native
from lookalike._frames.cells import Cells
from lookalike._frames.numpy import column_of, values_of, whole, words_and_numbers
from lookalike.exceptions import DataError


class PandasFrame:
    """Of a pandas DataFrame or Series."""

    def __init__(self, names: pd.Index, columns: list[Column], series: tuple[Any] | None) -> None:
        self.names = list(names)
        self.named = all(isinstance(name, str) for name in names) and series != (None,)
        self._index = names
        self._columns = columns
        #: The name of the Series, if it was one: None is a name too.
        self._series = series

    @staticmethod
    def take(data: Any) -> tuple[Any, PandasFrame]:
        series = (data.name,) if isinstance(data, pd.Series) else None
        if series:
            data = data.to_frame(data.name if data.name is not None else "y")
        if not isinstance(data, pd.DataFrame):
            raise DataError(f"a pandas {type(data).__name__} is no table: give a DataFrame")
        known, parts = [], []
        for number, name in enumerate(data.columns):
            part, column = Column.take(_spelled(name), data.iloc[:, number])
            parts.append(part)
            known.append(column)
        frame = PandasFrame(data.columns, known, series)
        if known and all(isinstance(column.dtype, pd.ArrowDtype) for column in known):
            # Shared with pandas, not copied.
            return _ArrowBacked(data), frame
        return parts, frame

    def restore(self, table: _native.Table, index: Any = None) -> Any:
        places = {_spelled(name): number for number, name in enumerate(self._index)}
        unique = len(places) == len(self._index)
        index = index.index if hasattr(index, "index") and not callable(index.index) else None
        series, names, arrow = [], [], None
        for number, spelled in enumerate(table.schema.names):
            place = places.get(spelled) if unique else number
            known = None if place is None else self._columns[place]
            if known is not None and isinstance(known.dtype, pd.ArrowDtype):
                arrow = _arrow_table(table) if arrow is None else arrow
                series.append(known.of_arrow(arrow.column(number)))
            else:
                column = table.column(number)
                series.append(_plain(column) if known is None else known.restore(column))
            names.append(spelled if place is None else self._index[place])
        out = pd.DataFrame(dict(enumerate(series)), index=range(table.n_rows) if index is None else None)
        if index is not None:
            out.index = index
        same = len(names) == len(self._index) and all(_spelled(a) == _spelled(b) for a, b in zip(names, self._index))
        out.columns = self._index if same else pd.Index(names)
        return out if self._series is None else out.iloc[:, 0].rename(self._series[0])


def _spelled(name: Any) -> str:
    return name if isinstance(name, str) else str(name)


class _ArrowBacked:
    """A DataFrame whose columns are all of Arrow, without its index."""

    def __init__(self, data: pd.DataFrame) -> None:
        self._data = data

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        import pyarrow as pa

        arrays = [_arrow(self._data.iloc[:, number]) for number in range(self._data.shape[1])]
        names = [_spelled(name) for name in self._data.columns]
        return pa.table(arrays, names=names).__arrow_c_stream__(requested_schema)


def _arrow_table(table: _native.Table) -> Any:
    import pyarrow

    return pyarrow.table(table)


def _arrow(data: pd.Series) -> Any:
    """A column of Arrow as the native module learns it."""
    import pyarrow as pa

    from lookalike._frames.arrow_types import handed

    return handed(pa.chunked_array(pa.array(data.array)))


class Column:
    """What is known of a column."""

    def __init__(self, dtype: Any, cells: Cells | None = None, hexadecimal: bool = False) -> None:
        self.dtype = dtype
        self.cells = cells
        self._hexadecimal = hexadecimal

    @staticmethod
    def take(name: str, data: pd.Series) -> tuple[tuple, Column]:
        dtype = data.dtype
        if isinstance(dtype, pd.ArrowDtype):
            import pyarrow as pa

            from lookalike._frames.arrow_types import is_hexadecimal

            column = _arrow(data)
            return (name, "arrow", pa.table({name: column})), Column(dtype, hexadecimal=is_hexadecimal(column))
        if isinstance(dtype, pd.CategoricalDtype):
            codes = np.ascontiguousarray(data.cat.codes.to_numpy(), np.int32)
            return (name, "levels", codes, [_level(one) for one in dtype.categories]), Column(dtype)
        if isinstance(dtype, pd.SparseDtype):
            part, _ = Column.take(name, data.sparse.to_dense())
            return part, Column(dtype)
        if isinstance(dtype, np.dtype):
            if dtype.kind == "m":
                return _durations(name, data), Column(dtype)
            part, cells = column_of(name, data.to_numpy())
            return part, Column(dtype, cells)
        if isinstance(dtype, pd.DatetimeTZDtype):
            missing = data.isna().to_numpy()
            counts = data.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy().view(np.int64)
            counts = np.where(missing, 0, counts)
            flags = missing.view(np.uint8) if missing.any() else None
            return (name, "instants", counts, dtype.unit, str(dtype.tz), flags), Column(dtype)
        if pd.api.types.is_bool_dtype(dtype) or pd.api.types.is_numeric_dtype(dtype):
            # Numbers with a mask.
            missing = data.isna().to_numpy()
            values = data.array.to_numpy(dtype=dtype.numpy_dtype, na_value=0)
            part, _ = column_of(name, values)
            return (*part[:3], missing.view(np.uint8) if missing.any() else None), Column(dtype)
        if pd.api.types.is_string_dtype(dtype):
            texts = data.astype(object)
            return (name, "texts", [None if gap else one for one, gap in zip(texts, data.isna())]), Column(dtype)
        part, cells = Cells.take(name, data.astype(object).tolist())
        return part, Column(dtype, cells)

    def of_arrow(self, column: Any) -> pd.Series:
        """A column of Arrow's, of that type."""
        from lookalike._frames.arrow_types import retyped

        made = retyped(column, self.dtype.pyarrow_dtype, self._hexadecimal)
        return pd.Series(pd.arrays.ArrowExtensionArray(made))

    def restore(self, column: tuple) -> pd.Series:
        dtype = self.dtype
        if self.cells is not None:
            values = pd.Series(self.cells.restore(column), dtype=object)
            return values if dtype == object else values.astype(dtype)
        if isinstance(dtype, pd.CategoricalDtype):
            return pd.Series(_categorical(column, dtype))
        if isinstance(dtype, pd.DatetimeTZDtype) and column[0] == "instants":
            values, missing = values_of(column)
            out = pd.Series(_with_gaps(values, missing)).dt.tz_localize("UTC").dt.tz_convert(dtype.tz)
            return out.astype(dtype)
        values, missing = values_of(column)
        if column[0] == "texts" and not _holds_texts(dtype):
            return pd.Series(words_and_numbers(values, not pd.api.types.is_float_dtype(dtype)), dtype=object)
        if isinstance(dtype, np.dtype) and dtype.kind == "m":
            counts = pd.Series(values).round().astype("int64").to_numpy().view(dtype)
            return pd.Series(_with_gaps(counts, missing))
        if values.dtype.kind == "f" and pd.api.types.is_integer_dtype(dtype):
            values = whole(np.nan_to_num(values), _of_numpy(dtype))
        if missing is None:
            return pd.Series(values).astype(dtype)
        if isinstance(dtype, np.dtype):
            if dtype.kind in "iub":
                # NumPy has no way to say that these are missing.
                return pd.Series(values).convert_dtypes(dtype_backend="numpy_nullable").mask(missing)
            return pd.Series(_with_gaps(values, missing)).astype(dtype)
        if values.dtype == object:
            return pd.Series(values, dtype=object).astype(dtype)
        out = pd.Series(values).astype(dtype)
        out[missing] = pd.NA
        return out


def _holds_texts(dtype: Any) -> bool:
    """True unless it is a type of numbers, truth values, instants or durations."""
    types = pd.api.types
    counted = types.is_numeric_dtype(dtype) or types.is_bool_dtype(dtype)
    return not (counted or types.is_datetime64_any_dtype(dtype) or types.is_timedelta64_dtype(dtype))


def _of_numpy(dtype: Any) -> np.dtype:
    """NumPy's type of numbers that a type of pandas keeps."""
    inner = dtype.subtype if isinstance(dtype, pd.SparseDtype) else dtype
    return inner if isinstance(inner, np.dtype) else inner.numpy_dtype


def _level(value: Any) -> str:
    return value if isinstance(value, str) else str(value)


def _categorical(column: tuple, dtype: pd.CategoricalDtype) -> pd.Categorical:
    """Categories as they were, and at the end those that a column has besides, such as what rare ones were merged into."""
    values, missing = values_of(column)
    categories = dtype.categories
    places = {_level(one): number for number, one in enumerate(categories)}
    there = values if missing is None else values[~missing]
    more = [level for level in dict.fromkeys(map(_level, there)) if level not in places]
    if more:
        places.update({level: len(categories) + number for number, level in enumerate(more)})
        dtype = pd.CategoricalDtype(categories.append(pd.Index(more)), dtype.ordered)
    codes = np.full(len(values), -1, np.int64)
    known = np.fromiter((places[_level(one)] for one in there), np.int64, len(there))
    codes[slice(None) if missing is None else ~missing] = known
    return pd.Categorical.from_codes(codes, dtype=dtype)


def _durations(name: str, data: pd.Series) -> tuple:
    missing = data.isna().to_numpy()
    counts = np.where(missing, 0, data.to_numpy().view(np.int64))
    return (name, "numbers", counts, missing.view(np.uint8) if missing.any() else None)


def _with_gaps(values: np.ndarray, missing: np.ndarray | None) -> np.ndarray:
    if missing is None:
        return values
    values = values.copy()
    if values.dtype == object:
        values[missing] = np.nan
    elif values.dtype.kind in "Mm":
        values[missing] = np.array("NaT", values.dtype)
    else:
        values = values.astype(np.float64) if values.dtype.kind != "f" else values
        values[missing] = np.nan
    return values


def _plain(column: tuple) -> pd.Series:
    values, missing = values_of(column)
    if column[0] == "levels":
        codes = np.frombuffer(column[1], np.int32)
        return pd.Series(pd.Categorical.from_codes(codes, categories=column[2]))
    if column[0] == "days":
        values = values.astype("datetime64[s]")
    if column[0] == "texts":
        return pd.Series(values, dtype="str")
    if column[0] == "instants" and column[3] is not None:
        return pd.Series(_with_gaps(values, missing)).dt.tz_localize("UTC").dt.tz_convert(column[3])
    if missing is not None and column[0] == "booleans":
        return pd.Series(values).astype("boolean").mask(missing)
    if missing is not None and values.dtype.kind in "iu":
        return pd.Series(values).convert_dtypes(dtype_backend="numpy_nullable").mask(missing)
    return pd.Series(_with_gaps(values, missing))


def plain(table: _native.Table) -> pd.DataFrame:
    """A DataFrame with pandas' usual types."""
    names = table.schema.names
    out = pd.DataFrame({number: _plain(table.column(number)) for number in range(len(names))}, index=range(table.n_rows))
    out.columns = pd.Index(names)
    return out
