"""What is raised before anything was learned."""

from __future__ import annotations

import sys
from functools import cache

from lookalike.exceptions import NotFittedError


def not_fitted(message: str) -> NotFittedError:
    """A `NotFittedError`, which is one of scikit-learn's too where that is loaded: who catches its own has loaded it."""
    theirs = sys.modules.get("sklearn.exceptions")
    return NotFittedError(message) if theirs is None else _of_both(theirs.NotFittedError)(message)


@cache
def _of_both(theirs: type[Exception]) -> type[NotFittedError]:
    def reduced(self: NotFittedError):
        # A class that was made here cannot be found by its name.
        return not_fitted, (str(self),)

    own = {"__doc__": NotFittedError.__doc__, "__module__": NotFittedError.__module__, "__reduce__": reduced}
    return type("NotFittedError", (NotFittedError, theirs), own)
