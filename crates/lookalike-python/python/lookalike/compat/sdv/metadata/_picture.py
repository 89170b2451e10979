"""Tables and their columns as a picture."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from lookalike.compat.sdv._figure import Figure, svg, text
from lookalike.compat.sdv.metadata.errors import InvalidMetadataError

_LINE, _WIDE, _GAP = 18, 280, 24


def of_tables(
    tables: Mapping[str, Any],
    details: str | None,
    path: str | os.PathLike[str] | None,
    ties: Sequence[str] = (),
) -> Figure:
    """A box for each table, and a line of words for each tie."""
    if details not in ("full", "summarized", None):
        raise InvalidMetadataError("show_table_details must be 'full', 'summarized' or None")
    parts, tallest = [], 0
    for number, (name, table) in enumerate(tables.items()):
        left, rows = _GAP + number * (_WIDE + _GAP), _rows(table, details)
        height = _LINE * (len(rows) + 1) + 12
        tallest = max(tallest, height)
        parts.append(f'<rect x="{left}" y="{_GAP}" width="{_WIDE}" height="{height}" fill="#f6f6f8" stroke="#888"/>')
        parts.append(text(left + _WIDE / 2, _GAP + 16, name or "table", "middle", 13))
        parts += [text(left + 10, _GAP + 16 + _LINE * line, row, "start") for line, row in enumerate(rows, 1)]
    below = 2 * _GAP + tallest
    parts += [text(_GAP, below + _LINE * number, tie, "start") for number, tie in enumerate(ties)]
    width = _GAP + len(tables) * (_WIDE + _GAP)
    figure = Figure(svg(parts, width, below + _LINE * len(ties)), "metadata")
    if path is not None:
        write = figure.write_image if os.fspath(path).lower().endswith(".svg") else figure.write_html
        write(path)
    return figure


def _rows(table: Any, details: str | None) -> list[str]:
    if details is None:
        return []
    if details == "summarized":
        counts = Counter(entry["sdtype"] for entry in table.columns.values())
        return [f"{sdtype}: {count}" for sdtype, count in sorted(counts.items())]
    rows = [f"{name} : {entry['sdtype']}" for name, entry in table.columns.items()]
    return rows + ([f"primary key: {table.primary_key}"] if table.primary_key else [])
