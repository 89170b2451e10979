"""Whole numbers beyond 2**53, of which double precision, in which rows are compared and made, knows some only."""

from __future__ import annotations

from typing import Any

from lookalike.exceptions import DataError


def check_apart(name: str, lowest: Any, highest: Any) -> None:
    """Raise if all numbers from the lowest to the highest are one as double precision has them."""
    if lowest is not None and lowest != highest and float(lowest) == float(highest):
        raise DataError(
            f"column {name!r} holds whole numbers beyond 2**53 that lie too near to each other for double precision, so that "
            "nothing lies between them: subtract the smallest one from all first, or leave the column out"
        )
