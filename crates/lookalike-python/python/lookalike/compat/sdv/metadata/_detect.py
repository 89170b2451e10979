"""What the columns of a table seem to mean, in SDV's words."""

from __future__ import annotations

import json
from typing import Any

from lookalike import _frames
from lookalike._words import a
from lookalike.compat.sdv.errors import InvalidDataError, _by_these_names


def detect(data: Any, infer_sdtypes: bool, infer_keys: str | None) -> tuple[dict[str, dict[str, Any]], str | None]:
    """Each column with what is said of it, and the column that identifies rows, if one seems to."""
    names = column_names(data)
    if infer_keys not in (None, "primary_only", "primary_and_foreign"):
        raise InvalidDataError("infer_keys must be 'primary_only', 'primary_and_foreign' or None")
    if not names:
        raise InvalidDataError("the table has no columns")
    if not infer_sdtypes:
        return {name: {"sdtype": "unknown", "pii": True} for name in names}, None
    with _by_these_names():
        table, _ = _frames.read(data)
    found = json.loads(table.schema.to_json("V1"))
    columns = {name: _said(found["columns"][name]) for name in names}
    key = found.get("primary_key") if infer_keys else None
    return columns, key


def _said(entry: dict[str, Any]) -> dict[str, Any]:
    """Without what SDV's own detection leaves open."""
    entry = dict(entry)
    entry.pop("computer_representation", None)
    return entry


def column_names(data: Any) -> list[str]:
    """The columns of a pandas DataFrame."""
    if not hasattr(data, "iloc") or not hasattr(data, "columns"):
        raise InvalidDataError(f"{a(data)} is no pandas DataFrame")
    if not all(isinstance(name, str) for name in data.columns):
        raise InvalidDataError("columns must be named by texts: data.columns = data.columns.astype(str) makes them so")
    return list(data.columns)
