"""Whether metadata, and tables that they describe, are in order."""

from __future__ import annotations

from typing import Any

from lookalike.compat.sdv.metadata._detect import column_names
from lookalike.compat.sdv.metadata._spec import check_column


def problems_of_table(table: Any) -> list[str]:
    """What contradicts itself in a table's metadata."""
    problems = [one for name, entry in table.columns.items() for one in check_column(name, entry)]

    def known(what: str, names: Any) -> None:
        for name in names if isinstance(names, (list, tuple)) else [names]:
            if name not in table.columns:
                problems.append(f"the {what} {name!r} is not among the columns")

    if table.primary_key:
        known("primary key", table.primary_key)
        keys = table.primary_key if isinstance(table.primary_key, list) else [table.primary_key]
        for name in keys:
            sdtype = table.columns.get(name, {}).get("sdtype")
            if len(keys) == 1 and sdtype in ("categorical", "boolean", "ordinal"):
                problems.append(f"the primary key {name!r} cannot be of the sdtype {sdtype!r}")
    for key in table.alternate_keys:
        known("alternate key", key)
    if table.sequence_key:
        known("sequence key", table.sequence_key)
    if table.sequence_index:
        known("sequence index", table.sequence_index)
        if table.sequence_index == table.sequence_key:
            problems.append("one column cannot be both the sequence key and the sequence index")
    for one in table.column_relationships:
        known("column of a relationship", one.get("column_names", []))
    return problems


def problems_of_data(table: Any, data: Any) -> list[str]:
    """What a DataFrame has otherwise than its metadata."""
    import pandas as pd

    names = column_names(data)
    problems = []
    if len(set(names)) < len(names):
        problems.append("several columns of the table have the same name")
        return problems
    missing = [name for name in table.columns if name not in names]
    unknown = [name for name in names if name not in table.columns]
    if missing:
        problems.append(f"the table lacks columns of the metadata: {', '.join(map(repr, missing))}")
    if unknown:
        problems.append(f"the metadata do not have columns of the table: {', '.join(map(repr, unknown))}")
    keys = [table.primary_key, *table.alternate_keys]
    for key in filter(None, keys):
        columns = [one for one in (key if isinstance(key, list) else [key])]
        if any(one not in names for one in columns):
            continue
        what = "the primary key" if key is table.primary_key else "an alternate key"
        cells = data[columns]
        if what == "the primary key" and cells.isna().to_numpy().any():
            problems.append(f"{what} {key!r} has missing values")
        if cells.dropna().duplicated().any():
            problems.append(f"{what} {key!r} has values that repeat")
    for name, entry in table.columns.items():
        if name not in names:
            continue
        column, sdtype = data[name], entry["sdtype"]
        if sdtype == "numerical" and not pd.api.types.is_numeric_dtype(column.dtype):
            if pd.to_numeric(column.dropna(), errors="coerce").isna().any():
                problems.append(f"column {name!r} is said to be numerical, and has values that are no numbers")
        if sdtype == "boolean" and not pd.api.types.is_bool_dtype(column.dtype):
            if column.dropna().nunique() > 2:
                problems.append(f"column {name!r} is said to be boolean, and has more than two different values")
    return problems
