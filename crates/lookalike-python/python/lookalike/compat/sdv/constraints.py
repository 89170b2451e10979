"""What must hold in every row, by the classes of SDV 1.x."""

from __future__ import annotations

from typing import Any

from lookalike.compat.sdv.cag import (
    BaseConstraint,
    FixedCombinations,
    FixedIncrements,
    Inequality,
    OneHotEncoding,
    Range,
    _names,
)

__all__ = [
    "FixedCombinations",
    "FixedIncrements",
    "Inequality",
    "Negative",
    "OneHotEncoding",
    "Positive",
    "Range",
    "ScalarInequality",
    "ScalarRange",
    "Unique",
]


class Positive(BaseConstraint):
    """A column is at least (with `strict_boundaries` above) 0."""

    def __init__(self, column_name: str, strict_boundaries: bool = False) -> None:
        self.column_name = column_name
        self.strict_boundaries = strict_boundaries


class Negative(BaseConstraint):
    """A column is at most (with `strict_boundaries` below) 0."""

    def __init__(self, column_name: str, strict_boundaries: bool = False) -> None:
        self.column_name = column_name
        self.strict_boundaries = strict_boundaries


class ScalarInequality(BaseConstraint):
    """A column is `>`, `>=`, `<` or `<=` a value."""

    def __init__(self, column_name: str, relation: str, value: Any) -> None:
        self.column_name = column_name
        self.relation = relation
        self.value = value


class ScalarRange(BaseConstraint):
    """A column lies between two values."""

    def __init__(self, column_name: str, low_value: Any, high_value: Any, strict_boundaries: bool = True) -> None:
        self.column_name = column_name
        self.low_value = low_value
        self.high_value = high_value
        self.strict_boundaries = strict_boundaries


class Unique(BaseConstraint):
    """No combination of the columns' values repeats."""

    def __init__(self, column_names: list[str]) -> None:
        self.column_names = _names(column_names)


def __getattr__(name: str):
    if name in ("create_custom_constraint_class", "Constraint"):
        raise ImportError(
            f"{name} is not there: a model file holds no code. Write the rule as a text, such as "
            "\"if type = 'cash' then card is missing\", and hand it to add_constraints"
        )
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
