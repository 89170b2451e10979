"""The versions of SDV's metadata, and what they can say of a column.

The format is that of https://docs.sdv.dev/sdv/concepts/metadata/metadata-json.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lookalike.compat.sdv.metadata.errors import InvalidMetadataError

#: Versions of one table without a name, and of tables with names.
OF_ONE_TABLE = ("SINGLE_TABLE_V1",)
OF_TABLES = ("MULTI_TABLE_V1", "V1", "V2")

#: What can be said of a column of each basic sort, beside what can be said of all.
_OWN_KEYS = {
    "numerical": {"computer_representation", "decimal_places", "range_min", "range_max"},
    "categorical": {"order", "order_by", "range_values", "high_cardinality"},
    "ordinal": {"order", "order_by", "range_values", "high_cardinality"},
    "boolean": {"range_values"},
    "datetime": {"datetime_format", "range_min", "range_max"},
    "id": {"regex_format"},
    "unknown": set(),
}
_OF_ALL = {"sdtype", "pii", "description", "range_is_nullable"}
#: Columns of these are learned as they are; others are stand-ins for what leads to people.
BASIC = frozenset(_OWN_KEYS) - {"unknown"}


def check_column(name: str, entry: Mapping[str, Any]) -> list[str]:
    """What is wrong with what is said of a column."""
    sdtype = entry.get("sdtype")
    if not isinstance(sdtype, str):
        return [f"column {name!r} has no sdtype"]
    problems = []
    if not isinstance(entry.get("pii", True), bool):
        problems.append(f"column {name!r}: pii must be True or False")
    if sdtype in BASIC:
        unknown = sorted(set(entry) - _OWN_KEYS[sdtype] - _OF_ALL)
        problems += [f"column {name!r}: {key!r} cannot be said of the sdtype {sdtype!r}" for key in unknown]
    if "order" in entry and "order_by" in entry:
        problems.append(f"column {name!r}: say either order or order_by")
    for key in ("order", "range_values"):
        if key in entry and (not isinstance(entry[key], (list, tuple)) or not entry[key]):
            problems.append(f"column {name!r}: {key} must be a list of levels, from the lowest to the highest")
    if entry.get("order_by", "alphabetical") not in ("alphabetical", "numerical_value"):
        problems.append(f"column {name!r}: order_by must be 'alphabetical' or 'numerical_value'")
    return problems


def is_personal(entry: Mapping[str, Any]) -> bool:
    """Whether a column holds what leads to people."""
    sdtype = entry.get("sdtype")
    return bool(entry.get("pii", sdtype not in BASIC))


def to_version(entry: Mapping[str, Any], version: str) -> dict[str, Any]:
    """What is said of a column in the words of a version."""
    entry = dict(entry)
    if version == "V2":
        entry.pop("computer_representation", None)
        # Version 2 also lists the values of columns without an order.
        if "order" in entry:
            entry["sdtype"], entry["range_values"] = "ordinal", entry.pop("order")
        if entry.pop("order_by", None) is not None:
            entry["sdtype"] = "ordinal"
        return entry
    if entry["sdtype"] == "ordinal":
        entry["sdtype"] = "categorical"
        levels = entry.pop("range_values", None)
        if levels is not None:
            entry["order"] = levels
        elif "order" not in entry:
            entry.setdefault("order_by", "alphabetical")
    for key in ("decimal_places", "range_min", "range_max", "range_is_nullable", "range_values", "high_cardinality"):
        entry.pop(key, None)
    return entry


def tables_of(document: Any) -> tuple[dict[str | None, Mapping[str, Any]], list[Any], str]:
    """The tables of a metadata document by their names (None for one without), relationships, and the version."""
    if not isinstance(document, Mapping):
        raise InvalidMetadataError("metadata are a dict, or a JSON object")
    version = document.get("METADATA_SPEC_VERSION")
    if "columns" in document:
        return {None: document}, [], str(version or "SINGLE_TABLE_V1")
    tables = document.get("tables")
    if not isinstance(tables, Mapping):
        raise InvalidMetadataError("the metadata have neither 'columns' nor 'tables'")
    if version is not None and version not in OF_TABLES:
        raise InvalidMetadataError(f"the metadata are of a version that is not known; known are {', '.join(OF_TABLES)}")
    return dict(tables), list(document.get("relationships") or []), str(version or "V1")
