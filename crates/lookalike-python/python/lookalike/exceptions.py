"""What can go wrong, and what is worth a warning."""

from __future__ import annotations

__all__ = [
    "DataError",
    "GateError",
    "LookalikeError",
    "LookalikeWarning",
    "ModelFileError",
    "NotFittedError",
    "ParameterError",
]


class LookalikeError(Exception):
    """Something is not right. No message holds a value of a table.

    Attributes
    ----------
    problems : list of str
        All that is wrong, a sentence each.
    """

    def __init__(self, message: str, problems: list[str] | None = None) -> None:
        super().__init__(message)
        self.problems = [message] if problems is None else list(problems)

    def __reduce__(self):
        return type(self), (str(self), self.problems)


class ParameterError(LookalikeError, ValueError):
    """Arguments are not right; all that is wrong with them is told at once."""


class DataError(LookalikeError, ValueError):
    """A table is not right, or does not suit what is to be done with it."""


class ModelFileError(LookalikeError):
    """A file, or bytes, are no model that can be used."""


class NotFittedError(LookalikeError, ValueError, AttributeError):
    """Something was asked of a generator that has not learned anything yet."""


class GateError(LookalikeError, AssertionError):
    """Scores are not what they have to be."""


class LookalikeWarning(UserWarning):
    """Something was done differently from what one may expect."""
