"""Columns of categories: each value by its number, so that what comes back is the very value."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Any

from lookalike._frames.cells import is_missing
from lookalike.exceptions import DataError


class Levels:
    """The values of a column."""

    def __init__(self, values: list[Any], gap: Any = None) -> None:
        self.values = values
        self.gap = gap

    def column(self, name: str, codes: Any) -> tuple:
        """The column for the native module; -1 is missing."""
        return name, "levels", codes, [f"{number:09}" for number in range(len(self.values))]

    @staticmethod
    def take(name: str, cells: Sequence[Any]) -> tuple[tuple, Levels]:
        gap = next((cell for cell in cells if is_missing(cell)), None)
        try:
            values = list(dict.fromkeys(cell for cell in cells if not is_missing(cell)))
        except TypeError:
            raise DataError(f"column {name!r} holds lists or the like, which are no categories") from None
        try:
            values.sort()
        except TypeError:
            values.sort(key=lambda value: (type(value).__name__, str(value)))
        place = {value: number for number, value in enumerate(values)}
        codes = array("i", [-1 if is_missing(cell) else place[cell] for cell in cells])
        levels = Levels(values, gap)
        return levels.column(name, codes), levels

    def codes_of(self, column: tuple) -> list[int]:
        """The numbers of the values in a column of the native module; -1 where missing."""
        if column[0] == "levels":
            places = [int(text) for text in column[2]]
            return [-1 if code < 0 else places[code] for code in memoryview(column[1]).cast("i")]
        return [-1 if text is None else int(text) for text in column[1]]

    def restore(self, column: tuple) -> list[Any]:
        return [self.gap if code < 0 else self.values[code] for code in self.codes_of(column)]
