"""What can be wrong with metadata, by SDV's names."""

from __future__ import annotations

from lookalike.exceptions import ParameterError

__all__ = ["InvalidMetadataError"]


class InvalidMetadataError(ParameterError):
    """Metadata contradict themselves, or cannot be understood. `problems` has a sentence for each thing."""
