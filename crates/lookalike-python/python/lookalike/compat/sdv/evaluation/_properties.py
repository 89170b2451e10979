"""What a property's score is made of, as a chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lookalike.compat.sdv._figure import COLOURS, Figure, Plane, ticks

#: Most bars, and most columns on a side.
_MOST = 60


def chart(name: str, score: float | None, rows: Sequence[Mapping[str, Any]]) -> Figure:
    """Bars for columns or constraints, and a square for pairs of columns."""
    title = f"{name} (average {'N/A' if score is None else f'{score:.2f}'})"
    if rows and "Column 1" in rows[0]:
        return _square(title, rows)
    labels = [str(row.get("Column") or row.get("Constraint") or row["Metric"]) for row in rows][:_MOST]
    metrics = list(dict.fromkeys(row["Metric"] for row in rows))[: len(COLOURS)]
    plane = Plane(title, (0.0, float(len(labels) or 1)), (0.0, 1.0), width=max(640, 40 * len(labels)))
    for place, row in enumerate(rows[:_MOST]):
        colour = COLOURS[metrics.index(row["Metric"]) if row["Metric"] in metrics else -1]
        plane.box((place + 0.1, place + 0.9), (0.0, float(row["Score"] or 0.0)), colour)
    every = max(1, 80 * len(labels) // plane.width)
    plane.scales("", "score", _places(labels, every), ticks(0.0, 1.0))
    plane.legend(metrics)
    return plane.figure()


def _square(title: str, rows: Sequence[Mapping[str, Any]]) -> Figure:
    names = list(dict.fromkeys(name for row in rows for name in (row["Column 1"], row["Column 2"])))[:_MOST]
    places = {name: number for number, name in enumerate(names)}
    plane = Plane(title, (0.0, float(len(names))), (0.0, float(len(names))), width=max(640, 40 * len(names)))
    for row in rows:
        first, second = places.get(row["Column 1"]), places.get(row["Column 2"])
        if first is None or second is None or row["Score"] is None:
            continue
        shade = round(255 * (1 - min(max(float(row["Score"]), 0.0), 1.0)))
        for x, y in ((first, second), (second, first)):
            plane.box((float(x), x + 1.0), (float(y), y + 1.0), f"#{shade:02x}{shade:02x}ff")
    every = max(1, 80 * len(names) // plane.width)
    plane.scales("the darker, the higher", "", _places(names, every), _places(names, max(1, len(names) // 15)))
    return plane.figure()


def _places(labels: Sequence[str], every: int) -> list[tuple[float, str]]:
    shown = [(number + 0.5, label) for number, label in enumerate(labels) if number % every == 0]
    return [(place, label if len(label) <= 12 else label[:11] + "…") for place, label in shown]
