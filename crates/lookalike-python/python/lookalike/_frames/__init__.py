"""Tables in and out: what comes out is what came in.

Each kind of table has a module with a `Frame`, which hands its columns to the native module and makes such a table of what
comes back. None of them is imported before a table of its kind is seen.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from lookalike import _native
from lookalike._arguments import is_name, refuse
from lookalike._words import a
from lookalike.exceptions import DataError, ParameterError


class Frame(Protocol):
    """What is known of a table that was handed over, so that another can be made like it."""

    #: The names of the columns, as the table had them.
    names: list[Any]
    #: Whether these are names by which columns are known, rather than their places.
    named: bool

    def restore(self, table: _native.Table, index: Any = None) -> Any:
        """A table of the same kind, with the same types. `index` is a table whose index it gets, if it has one."""
        ...


class Beside:
    """An array of NumPy's, or rows of values, and a further column, as scikit-learn hands over what is to be predicted."""

    def __init__(self, data: Any, name: str, column: Any) -> None:
        self.data = data
        self.name = name
        self.column = column


def take(data: Any) -> tuple[Any, Frame]:
    """The table as the native module reads it, and what is known of it."""
    module = type(data).__module__.partition(".")[0]
    if isinstance(data, (str, os.PathLike)):
        from lookalike._frames.files import FileFrame

        return os.fspath(data), FileFrame()
    if isinstance(data, _native.Table):
        from lookalike._frames.files import NativeFrame

        return data, NativeFrame(data)
    if module == "pandas":
        from lookalike._frames.pandas import PandasFrame

        return PandasFrame.take(data)
    if module == "polars":
        from lookalike._frames.polars import PolarsFrame

        return PolarsFrame.take(data)
    if module in ("pyarrow", "duckdb", "_duckdb"):
        from lookalike._frames.arrow import ArrowFrame

        return ArrowFrame.take(data)
    if module == "scipy":
        raise DataError("sparse input is not supported by generators: write its zeros out with `toarray()`")
    if module == "numpy":
        from lookalike._frames.numpy import NumpyFrame

        return NumpyFrame.take(data)
    if isinstance(data, Beside) and isinstance(data.data, (list, tuple)):
        from lookalike._frames.plain import PlainFrame

        return PlainFrame.take(data.data, (data.name, data.column))
    if isinstance(data, Beside):
        from lookalike._frames.numpy import NumpyFrame

        return NumpyFrame.take(data.data, (data.name, data.column))
    if isinstance(data, Mapping) or isinstance(data, (list, tuple)):
        from lookalike._frames.plain import PlainFrame

        return PlainFrame.take(data)
    if hasattr(data, "__arrow_c_stream__"):
        from lookalike._frames.files import AutoFrame

        return data, AutoFrame()
    raise DataError(
        f"{a(data)} is no table: give a pandas or polars DataFrame, a pyarrow Table, a DuckDB relation, a dict of "
        "columns, a NumPy array, or a file"
    )


def read(
    data: Any,
    *,
    columns: Mapping[str, str] | None = None,
    constraints: Any = (),
    schema: Any = None,
    missing: list[str] | None = None,
    sheet: str | None = None,
    like: _native.Schema | None = None,
    way: str = "same",
    what: str = "the table",
    listener: Any = None,
) -> tuple[_native.Table, Frame]:
    """A native table of `data`, and what is known of what it was."""
    source, frame = take(data)
    options = wishes(columns=columns, constraints=constraints, schema=schema, missing=missing, sheet=sheet)
    table = _native.read_table(source, options, like, way, what, listener)
    return table, frame


def wishes(
    *,
    columns: Mapping[str, str] | None = None,
    constraints: Any = (),
    schema: Any = None,
    missing: list[str] | None = None,
    sheet: str | None = None,
) -> str:
    """How a table is to be read, as the native module takes it."""
    problems: list[str] = []
    if constraints is None or isinstance(constraints, (str, os.PathLike)):
        constraints = [] if constraints is None else [constraints]
    if not isinstance(constraints, Iterable) or not all(isinstance(one, (str, os.PathLike)) for one in constraints):
        problems.append("constraints must be texts such as 'admitted <= discharged', or paths of files of them")
    if not isinstance(columns or {}, Mapping) or not all(
        is_name(name) and isinstance(kind, str) for name, kind in (columns or {}).items()
    ):
        problems.append("columns must be a dict of columns and their kinds, such as {'zip': 'categorical'}")
    refuse(problems)
    options = {
        "columns": [(str(name), kind) for name, kind in (columns or {}).items()],
        "constraints": [one for one in constraints if not isinstance(one, os.PathLike)],
        "constraint_files": [os.fspath(one) for one in constraints if isinstance(one, os.PathLike)],
        "schema": schema_text(schema),
        "missing": missing,
        "sheet": sheet,
    }
    return json.dumps(options)


def schema_text(schema: Any) -> str | None:
    """A schema's JSON: from a path, a dict, its text, or an object with `to_dict`."""
    if schema is None:
        return None
    if hasattr(schema, "to_dict"):
        schema = schema.to_dict()
    if isinstance(schema, Mapping):
        return json.dumps(schema)
    if isinstance(schema, str) and schema.lstrip().startswith("{"):
        return schema
    if not isinstance(schema, (str, os.PathLike)):
        raise ParameterError("schema must be a path, a dict, its text, or an object with to_dict, such as SDV's Metadata")
    with open(schema, encoding="utf-8") as file:
        return file.read()


def preferred(table: _native.Table) -> Any:
    """A pandas DataFrame where pandas is installed, else a polars one, else a dict of lists."""
    from importlib.util import find_spec

    if "pandas" in sys.modules or find_spec("pandas") is not None:
        from lookalike._frames.pandas import plain

        return plain(table)
    if "polars" in sys.modules or find_spec("polars") is not None:
        import polars

        return polars.DataFrame(table)
    from lookalike._frames.plain import lists

    return lists(table)


def frame_of(rows: list[dict[str, Any]]) -> Any:
    """Rows as a DataFrame of pandas where it is installed, else of polars, else as they are."""
    for package in ("pandas", "polars"):
        try:
            return importlib.import_module(package).DataFrame(rows)
        except ImportError:
            continue
    return rows
