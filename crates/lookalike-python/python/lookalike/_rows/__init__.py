"""What resamplers are handed: rows that stay just as they are, and rows like them that are added.

Unlike generators, resamplers take numbers for numbers and texts for categories, whatever they look like: nothing is inferred.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from lookalike import _native
from lookalike._words import a
from lookalike.exceptions import DataError


class Rows(Protocol):
    """The rows of a table."""

    n_rows: int
    n_columns: int
    #: The columns' names, if they have any that are texts.
    names: list[str] | None

    def categories(self) -> list[int]:
        """The places of columns that are of categories by their type."""
        ...

    def columns(self, names: list[str], levels: frozenset[int]) -> list[tuple[tuple, str]]:
        """The columns under these names for the native module, and the kind of each; those at `levels` are of categories."""
        ...

    def natural(self) -> list[tuple]:
        """The columns for the native module, as a generator learns them."""
        ...

    def grown(self, rows: Any, new: _native.Table | None) -> Any:
        """These rows of the table, then those of `new`, whose last column is the target, as the kind of table that was given."""
        ...


def take(data: Any) -> Rows:
    """The rows of what a user calls a table."""
    module = type(data).__module__.partition(".")[0]
    if module == "pandas":
        from lookalike._rows.pandas import PandasRows

        return PandasRows(data)
    if module == "polars":
        from lookalike._rows.polars import PolarsRows

        return PolarsRows(data)
    if module in ("pyarrow", "duckdb", "_duckdb"):
        from lookalike._rows.arrow import ArrowRows

        return ArrowRows(data)
    if module == "scipy" and hasattr(data, "tocsr"):
        from lookalike._rows.sparse import SparseRows

        return SparseRows(data)
    if module == "numpy" or hasattr(data, "__array_interface__"):
        from lookalike._rows.numpy import ArrayRows

        return ArrayRows(data)
    if isinstance(data, (Mapping, list, tuple)):
        from lookalike._rows.plain import PlainRows

        return PlainRows(data)
    raise DataError(
        f"{a(data)} is no table: give a NumPy array, a pandas or polars DataFrame, a pyarrow Table, a SciPy sparse "
        "matrix, a list of rows or a dict of columns"
    )
