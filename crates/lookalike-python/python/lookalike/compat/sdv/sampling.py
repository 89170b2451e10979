"""What rows are to fulfil."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lookalike._words import a
from lookalike.compat.sdv.errors import SynthesizerInputError

__all__ = ["Condition", "DataFrameCondition"]


class Condition:
    """Values of columns that rows are to have.

    Parameters
    ----------
    column_values : dict
        Each column's value; None for a missing one.
    num_rows : int, default 1
        How many such rows.
    table_name : str, optional
        The table, as SDV 2.0 asks; there is one.

    Examples
    --------
    >>> from lookalike.compat.sdv.sampling import Condition
    >>> Condition({"town": "Bonn"}, num_rows=3).get_num_rows()
    3
    """

    def __init__(self, column_values: Mapping[str, Any], num_rows: int = 1, table_name: str | None = None) -> None:
        problems = []
        if not isinstance(column_values, Mapping) or not column_values:
            problems.append("column_values must be a dict of columns and their values")
        if isinstance(num_rows, bool) or not hasattr(num_rows, "__index__") or num_rows < 1:
            problems.append("num_rows must be a whole number of at least 1")
        if problems:
            raise SynthesizerInputError("; ".join(problems), problems)
        self.column_values = dict(column_values)
        self.num_rows = int(num_rows)
        self.table_name = table_name

    def get_column_values(self) -> dict[str, Any]:
        """Each column's value."""
        return dict(self.column_values)

    def get_num_rows(self) -> int:
        """How many rows."""
        return self.num_rows

    def __repr__(self) -> str:
        return f"Condition(column_values={self.column_values!r}, num_rows={self.num_rows})"


class DataFrameCondition:
    """Some columns of rows, as SDV 2.0 has it: one row is made for each, with the other columns.

    Parameters
    ----------
    dataframe : pandas.DataFrame
        The columns that are known.
    table_name : str, optional
        The table; there is one.
    """

    def __init__(self, dataframe: Any, table_name: str | None = None) -> None:
        if not hasattr(dataframe, "iloc") or not hasattr(dataframe, "columns"):
            raise SynthesizerInputError(f"{a(dataframe)} is no pandas DataFrame")
        self.dataframe = dataframe
        self.table_name = table_name

    def get_dataframe(self) -> Any:
        """The columns that are known."""
        return self.dataframe

    def get_table_name(self) -> str | None:
        """The table."""
        return self.table_name

    def get_num_rows(self) -> int:
        """How many rows."""
        return len(self.dataframe)


def __getattr__(name: str):
    if name == "MultiTableCondition":
        raise ImportError("MultiTableCondition is not there: synthesizers learn one table at a time")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
