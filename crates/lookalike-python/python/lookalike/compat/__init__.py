"""Calls of other packages as existing code makes them, with this library underneath."""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lookalike.compat import sdv as sdv
else:

    def __getattr__(name: str) -> Any:
        if name == "sdv":
            return importlib.import_module("lookalike.compat.sdv")
        raise AttributeError(f"module 'lookalike.compat' has no attribute {name!r}")


def __dir__() -> list[str]:
    return ["sdv"]
