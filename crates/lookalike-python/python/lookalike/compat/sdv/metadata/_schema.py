"""Metadata as the library reads them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lookalike.compat.sdv.metadata._one import SingleTableMetadata
from lookalike.compat.sdv.metadata._spec import BASIC


def schema_of(table: SingleTableMetadata, rules: Sequence[Any] = ()) -> dict[str, Any]:
    """A table's metadata with what must hold in every row: the metadata's own constraints and `rules`."""
    described = table.to_dict()
    schema: dict[str, Any] = {
        "columns": {name: _entry(entry) for name, entry in described["columns"].items()},
        "METADATA_SPEC_VERSION": "SINGLE_TABLE_V1",
    }
    key, others = described.get("primary_key"), described.get("alternate_keys", [])
    rules = [*described.get("constraints", []), *rules]
    if isinstance(key, str):
        schema["primary_key"] = key
    elif key:
        rules.append({"class_name": "Unique", "parameters": {"column_names": list(key)}})
    if others:
        schema["alternate_keys"] = others
    if rules:
        schema["constraints"] = rules
    return schema


def _entry(entry: dict[str, Any]) -> dict[str, Any]:
    personal = entry["sdtype"] not in (*BASIC, "latitude", "longitude", "unknown")
    if personal and entry.get("pii") is False:
        # The values themselves may be used again.
        return {"sdtype": "categorical"}
    return entry
