"""Tables as the calls of several versions of SDV hand them over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lookalike._words import a
from lookalike.compat.sdv.errors import SynthesizerInputError
from lookalike.compat.sdv.metadata import Metadata, SingleTableMetadata


def one_table(metadata: Any, real: Any, synthetic: Any, table_name: str | None = None) -> tuple[str, Any, Any, Any]:
    """The table's name, its metadata, and the real and the synthetic rows."""
    if isinstance(metadata, SingleTableMetadata):
        name, table = table_name or "table", metadata
    elif isinstance(metadata, Metadata):
        if table_name is None and len(metadata.tables) != 1:
            raise SynthesizerInputError(
                f"the metadata describe {len(metadata.tables)} tables, and one is judged at a time: lookalike "
                "keeps no ties between tables"
            )
        name = table_name or next(iter(metadata.tables))
        table = metadata.get_table_metadata(name)
    else:
        raise SynthesizerInputError(
            f"{a(metadata)} is no metadata: give lookalike.compat.sdv.metadata.Metadata"
        )
    sides = []
    for what, rows in (("real_data", real), ("synthetic_data", synthetic)):
        if isinstance(rows, Mapping):
            if name not in rows:
                raise SynthesizerInputError(f"{what} has no table {name!r}")
            rows = rows[name]
        if not hasattr(rows, "iloc") or not hasattr(rows, "columns"):
            raise SynthesizerInputError(f"{what} must be a pandas DataFrame, or a dict of one")
        sides.append(rows)
    return name, table, sides[0], sides[1]
