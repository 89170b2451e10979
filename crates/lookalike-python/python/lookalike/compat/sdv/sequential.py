"""Sequences: not there."""

from __future__ import annotations

__all__: list[str] = []


def __getattr__(name: str):
    if name.endswith("Synthesizer"):
        raise ImportError(
            f"{name} is not there: lookalike learns rows, and not sequences of them. "
            "For rows that are drawn each for itself use a synthesizer of lookalike.compat.sdv.single_table"
        )
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
