"""Odds and ends of SDV."""

from __future__ import annotations

import json
import os
from typing import Any

from lookalike.compat.sdv.errors import SynthesizerInputError

__all__ = ["load_constraints", "load_synthesizer"]


def load_synthesizer(filepath: str | os.PathLike[str]) -> Any:
    """Read a synthesizer that its `save` wrote, of whatever class."""
    from lookalike.compat.sdv.single_table.base import BaseSingleTableSynthesizer

    return BaseSingleTableSynthesizer.load(filepath)


def load_constraints(filepath: str | os.PathLike[str]) -> list[Any]:
    """Constraints from a JSON file, for `add_constraints`: a list, or an object with a list under `constraints`."""
    with open(filepath, encoding="utf-8") as file:
        try:
            document = json.load(file)
        except ValueError:
            raise SynthesizerInputError("the file of constraints is no valid JSON") from None
    listed = document.get("constraints") if isinstance(document, dict) else document
    if not isinstance(listed, list):
        raise SynthesizerInputError("the file holds no list of constraints")
    return listed


def __getattr__(name: str):
    if name in ("drop_unknown_references", "get_random_subset"):
        raise ImportError(f"{name} is not there: lookalike keeps no ties between tables")
    if name == "get_random_sequence_subset":
        raise ImportError(f"{name} is not there: lookalike learns rows, and not sequences of them")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
