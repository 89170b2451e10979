"""NumPy, which only what works on images needs, and arrays of images."""

from __future__ import annotations

from typing import Any

from lookalike.exceptions import DataError


def numpy() -> Any:
    """NumPy.

    Raises
    ------
    ImportError
        When it is not installed, with what to do.
    """
    try:
        import numpy as np
    except ImportError:
        raise ImportError("images are NumPy arrays: install it, such as with `pip install numpy`") from None
    return np


def array_of(given: tuple) -> Any:
    """What the native module gave, as an array."""
    np = numpy()
    buffer, shape, code = given
    return np.ndarray(shape, (np.uint8, np.uint16, np.float32)[code], buffer)


def levels_of(X: Any, what: str) -> Any:
    """Images as an array of 8 bits with an axis of channels.

    Real numbers must be from 0 to 1 and become the nearest of 256 levels.
    """
    np = numpy()
    X = np.asarray(X)
    if X.dtype == object:
        raise DataError(f"{what} are no array of numbers: they must be of one size and type")
    if X.ndim not in (3, 4):
        raise DataError(
            f"{what} have {X.ndim} dimensions: "
            "they must have three (images, rows, pixels in a row), or a fourth one of channels"
        )
    if X.ndim == 4 and X.shape[3] not in (1, 3, 4):
        raise DataError(f"{what} have {X.shape[3]} channels: they must have 1, 3 or 4 of them, the last axis")
    if 0 in X.shape:
        raise DataError(f"{what} have no images or no pixels")
    if X.dtype == np.uint8:
        levels = X
    elif X.dtype.kind == "f":
        if not ((X >= 0) & (X <= 1)).all():
            raise DataError(f"{what} of real numbers must have values from 0 to 1: divide them by the brightest one")
        levels = np.rint(X * 255).astype(np.uint8)
    else:
        raise DataError(f"{what} are of {X.dtype}: they must be of uint8, or of real numbers from 0 to 1")
    return np.ascontiguousarray(levels if levels.ndim == 4 else levels[..., None])
