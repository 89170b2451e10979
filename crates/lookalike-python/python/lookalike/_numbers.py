"""Numbers and names as arrays where NumPy is installed, and as lists where it is not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def numpy_or_none() -> Any:
    """NumPy where it is installed."""
    try:
        import numpy
    except ImportError:
        return None
    return numpy


def row_numbers(buffer: bytes | bytearray) -> Any:
    """An array of what the native module calls 64-bit numbers; a list where NumPy is not installed."""
    numpy = numpy_or_none()
    if numpy is None:
        return list(memoryview(buffer).cast("q"))
    return numpy.frombuffer(buffer, numpy.int64)


def names_array(names: Sequence[str]) -> Any:
    """Names as scikit-learn keeps them."""
    numpy = numpy_or_none()
    return list(names) if numpy is None else numpy.asarray(names, dtype=object)


def joined(first: Sequence[int], second: Sequence[int]) -> Any:
    """Some numbers of rows, then others."""
    numpy = numpy_or_none()
    return list(first) + list(second) if numpy is None else numpy.concatenate([first, second])
