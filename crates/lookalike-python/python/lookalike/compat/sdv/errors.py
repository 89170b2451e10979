"""What can go wrong, by the names that code written for SDV catches."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from lookalike.exceptions import DataError, LookalikeError, ModelFileError, NotFittedError, ParameterError

__all__ = [
    "ConstraintsNotMetError",
    "DemoResourceNotFoundError",
    "InvalidDataError",
    "NotFittedError",
    "SamplingError",
    "SynthesizerFileError",
    "SynthesizerInputError",
    "SynthesizerProcessingError",
    "UnfittedError",
]


class InvalidDataError(DataError):
    """A table does not fit its metadata. `problems` has a sentence for each thing."""


class ConstraintsNotMetError(DataError):
    """Constraints cannot be used with the table."""


class DemoResourceNotFoundError(ParameterError):
    """There is no such demo table; nothing is ever downloaded."""


class SynthesizerInputError(ParameterError):
    """Arguments of a synthesizer are not right."""


class SynthesizerFileError(SynthesizerInputError, ModelFileError):
    """A file is none that a synthesizer or a report was saved to. SDV has no name for it."""


class SynthesizerProcessingError(LookalikeError, ValueError):
    """A synthesizer has no such thing as SDV's transformers."""


class SamplingError(LookalikeError, ValueError):
    """Rows were asked for that cannot be drawn, or before there is anything to draw from."""


class UnfittedError(SamplingError, NotFittedError):
    """Rows were asked of a synthesizer that has not been fitted. SDV has no name of its own for it."""


@contextmanager
def _by_these_names(of_data: type[LookalikeError] = InvalidDataError) -> Iterator[None]:
    """Errors of the library become those of this module, a `DataError` one of `of_data`; their causes are the library's."""
    try:
        yield
    except (DataError, ParameterError, ModelFileError) as error:
        if type(error).__module__.startswith("lookalike.compat."):
            raise
        known = {
            DataError: of_data,
            ModelFileError: SynthesizerFileError,
            ParameterError: SynthesizerInputError,
        }
        kind = next(theirs for ours, theirs in known.items() if isinstance(error, ours))
        raise kind(str(error), error.problems) from error
