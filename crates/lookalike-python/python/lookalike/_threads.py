"""How many threads work may take."""

from __future__ import annotations

from lookalike import _native
from lookalike._arguments import is_whole
from lookalike.exceptions import ParameterError


def set_threads(threads: int) -> None:
    """Say how many threads work may take, from now on. Results do not depend on it.

    Parameters
    ----------
    threads : int
        So many, at most 1,024; 0 for as many as there are processors, which is so before anything is said.

    Raises
    ------
    ParameterError
        When it is no whole number from 0 to 1,024.
    """
    if not is_whole(threads) or not 0 <= threads <= 1024:
        raise ParameterError("threads must be a whole number from 0 to 1024")
    _native.set_threads(int(threads))
