"""What must hold in every row, by SDV's classes.

All is met by construction, in the cells as they are written: see `docs/constraints.md`, which says what else can be
demanded, as texts such as `"total = price * quantity"`.

>>> from lookalike.compat.sdv.cag import Inequality
>>> Inequality(low_column_name="checkin", high_column_name="checkout")
Inequality(low_column_name='checkin', high_column_name='checkout')
"""

from __future__ import annotations

import inspect
from typing import Any

from lookalike.compat.sdv.errors import SynthesizerInputError

__all__ = [
    "BaseConstraint",
    "FixedCombinations",
    "FixedIncrements",
    "FixedNullCombinations",
    "Inequality",
    "OneHotEncoding",
    "Range",
]


class BaseConstraint:
    """What all constraints have in common: parameters that are what they were given."""

    table_name: str | None = None

    def get_parameters(self) -> dict[str, Any]:
        """The parameters, by name."""
        return {name: getattr(self, name) for name in inspect.signature(type(self)).parameters}

    def to_dict(self) -> dict[str, Any]:
        """As the files of SDV's `get_constraints` have it."""
        parameters = self.get_parameters()
        if parameters.get("table_name", "") is None:
            del parameters["table_name"]
        return {"class_name": type(self).__name__, "parameters": parameters}

    def __repr__(self) -> str:
        signature = inspect.signature(type(self))
        said = {
            name: value for name, value in self.get_parameters().items() if value != signature.parameters[name].default
        }
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in said.items())})"


def _names(column_names: Any) -> list[str]:
    if not isinstance(column_names, (list, tuple)) or not all(isinstance(name, str) for name in column_names):
        raise SynthesizerInputError("column_names must be a list of columns")
    return list(column_names)


class Inequality(BaseConstraint):
    """A column is at most (with `strict_boundaries` less than) another."""

    def __init__(
        self,
        low_column_name: str,
        high_column_name: str,
        strict_boundaries: bool = False,
        table_name: str | None = None,
    ) -> None:
        self.low_column_name = low_column_name
        self.high_column_name = high_column_name
        self.strict_boundaries = strict_boundaries
        self.table_name = table_name


class Range(BaseConstraint):
    """Three columns rise."""

    def __init__(
        self,
        low_column_name: str,
        middle_column_name: str,
        high_column_name: str,
        strict_boundaries: bool = True,
        table_name: str | None = None,
    ) -> None:
        self.low_column_name = low_column_name
        self.middle_column_name = middle_column_name
        self.high_column_name = high_column_name
        self.strict_boundaries = strict_boundaries
        self.table_name = table_name


class FixedCombinations(BaseConstraint):
    """Columns have no other combinations of values than the table."""

    def __init__(self, column_names: list[str], table_name: str | None = None) -> None:
        self.column_names = _names(column_names)
        self.table_name = table_name


class FixedNullCombinations(BaseConstraint):
    """Columns have values all together or not at all."""

    def __init__(self, column_names: list[str], table_name: str | None = None) -> None:
        self.column_names = _names(column_names)
        self.table_name = table_name


class FixedIncrements(BaseConstraint):
    """A column holds multiples of a step."""

    def __init__(self, column_name: str, increment_value: float, table_name: str | None = None) -> None:
        self.column_name = column_name
        self.increment_value = increment_value
        self.table_name = table_name


class OneHotEncoding(BaseConstraint):
    """Of several columns one is 1, and the others are 0."""

    def __init__(self, column_names: list[str], table_name: str | None = None) -> None:
        self.column_names = _names(column_names)
        self.table_name = table_name


def __getattr__(name: str):
    if name in ("ProgrammableConstraint", "SingleTableProgrammableConstraint"):
        raise ImportError(
            f"{name} is not there: a model file holds no code. Write the rule as a text, such as "
            "\"if type = 'cash' then card is missing\", and hand it to add_constraints"
        )
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
