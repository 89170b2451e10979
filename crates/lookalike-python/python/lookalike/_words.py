"""Messages in Python's words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any


def a(thing: Any) -> str:
    """The name of a thing's type with its article: `a dict`, `an int`."""
    name = type(thing).__name__
    return f"{'an' if name[0].lower() in 'aeio' else 'a'} {name}"


def in_python(problem: str, names: Mapping[str, str]) -> str:
    """What the library says, with options called as Python calls them: `names` has Python's names and the library's."""
    option, colon, rest = problem.partition(": ")
    for name, theirs in names.items():
        if colon and theirs.rpartition(".")[2].replace("-", "_") == option:
            return f"{name}: {rest}"
    for name, theirs in names.items():
        # What is out of range is told with the method before it, as in `ctgan.rate must be a number above 0`.
        problem = re.sub(rf"(?<![\w.-])[a-z-]+\.{re.escape(theirs)}(?![\w-])", name, problem)
    return problem
