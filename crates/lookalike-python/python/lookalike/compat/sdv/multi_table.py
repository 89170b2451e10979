"""Several tables that belong together: not there."""

from __future__ import annotations

__all__: list[str] = []


def __getattr__(name: str):
    if name.endswith("Synthesizer"):
        raise ImportError(
            f"{name} is not there: lookalike learns one table at a time, and keeps no ties between tables. "
            "Learn each with a synthesizer of lookalike.compat.sdv.single_table"
        )
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
