"""Masks of any type and number of channels, as planes that the native module takes."""

from __future__ import annotations

from typing import Any

from lookalike.exceptions import DataError
from lookalike.images._arrays import numpy


class Mask:
    """A mask: `planes` of uint8, uint16 or float32, and what it takes to put them together again."""

    def __init__(self, mask: Any, name: str) -> None:
        np = numpy()
        if not isinstance(mask, np.ndarray) or mask.ndim not in (2, 3):
            raise DataError(
                f"{name} must be an array of two dimensions (rows, pixels in a row), or with a third one of channels"
            )
        self.dtype = mask.dtype
        self.flat = mask.ndim == 2
        kind = mask.dtype.kind
        if mask.dtype in (np.uint8, np.uint16, np.float32):
            own = mask
        elif kind == "b":
            own = mask.view(np.uint8) if mask.flags.c_contiguous else mask.astype(np.uint8)
        elif kind in "iu":
            if mask.size and (mask.min() < 0 or mask.max() > 65_535):
                raise DataError(f"{name} has numbers of classes that are not within 0 to 65535")
            own = mask.astype(np.uint16)
        elif kind == "f":
            own = mask.astype(np.float32)
        else:
            raise DataError(
                f"{name} is of {mask.dtype}: it must be of whole numbers, of truth values, or of real ones from 0 to 1"
            )
        self.planes = [own] if self.flat else [own[..., channel] for channel in range(own.shape[2])]

    def restore(self, planes: list[Any]) -> Any:
        """The mask from its planes."""
        mask = planes[0] if self.flat else numpy().stack(planes, axis=-1)
        return mask if mask.dtype == self.dtype else mask.astype(self.dtype)
