"""What can go wrong, by the names that code written for SDV catches."""

from __future__ import annotations

from lookalike.exceptions import DataError, LookalikeError, NotFittedError, ParameterError

__all__ = [
    "ConstraintsNotMetError",
    "DemoResourceNotFoundError",
    "InvalidDataError",
    "NonParametricError",
    "NotFittedError",
    "SamplingError",
    "SynthesizerInputError",
    "SynthesizerProcessingError",
]


class InvalidDataError(DataError):
    """A table does not fit its metadata. `problems` has a sentence for each thing."""


class ConstraintsNotMetError(DataError):
    """Constraints cannot be used with the table."""


class DemoResourceNotFoundError(ParameterError):
    """There is no such demo table; nothing is ever downloaded."""


class SynthesizerInputError(ParameterError):
    """Arguments of a synthesizer are not right."""


class SynthesizerProcessingError(LookalikeError):
    """A synthesizer has no such thing as SDV's transformers."""


class SamplingError(NotFittedError):
    """Rows were asked of a synthesizer that has not been fitted."""


class NonParametricError(LookalikeError):
    """What was learned has no parameters to tell."""
