"""The preset of early versions of SDV 1."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lookalike.compat.sdv.errors import SynthesizerInputError
from lookalike.compat.sdv.single_table import GaussianCopulaSynthesizer

__all__ = ["SingleTablePreset"]


def SingleTablePreset(  # noqa: N802
    metadata: Any, name: str = "FAST_ML", locales: Sequence[str] | None = None, *, random_state: int = 0
) -> GaussianCopulaSynthesizer:
    """A `GaussianCopulaSynthesizer`, as the preset `FAST_ML` of SDV is one."""
    if name != "FAST_ML":
        raise SynthesizerInputError("there is one preset, 'FAST_ML'")
    return GaussianCopulaSynthesizer(metadata, locales=locales, random_state=random_state)
