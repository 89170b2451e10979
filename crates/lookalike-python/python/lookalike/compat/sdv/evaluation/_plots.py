"""Columns of real and synthetic rows side by side, as charts."""

from __future__ import annotations

from typing import Any

from lookalike.compat.sdv.errors import SynthesizerInputError
from lookalike.compat.sdv.evaluation._tables import one_table
from lookalike.compat.sdv._figure import COLOURS, HEIGHT, WIDTH, Figure, Plane, svg, text, ticks

#: Parts that numbers are counted in, levels that are shown, and points of each table.
_BINS, _LEVELS, _POINTS = 30, 20, 1000
_NAMES = ("Real", "Synthetic")


def column_plot(
    real: Any,
    synthetic: Any,
    metadata: Any,
    column_name: str,
    plot_type: str | None = None,
    table_name: str | None = None,
) -> Figure:
    """How a column is spread in both tables."""
    _, described, real, synthetic = one_table(metadata, real, synthetic, table_name)
    columns = described.columns
    title = f"Real vs. Synthetic Data for column '{column_name}'"
    sides = [_values(table, columns, column_name) for table in (real, synthetic)]
    if plot_type not in (None, "bar", "distplot"):
        raise SynthesizerInputError("plot_type must be 'bar', 'distplot' or None")
    numbers = _is_number(columns, column_name) if plot_type is None else plot_type == "distplot"
    return _spread(title, column_name, sides, columns) if numbers else _bars(title, column_name, sides)


def column_pair_plot(
    real: Any,
    synthetic: Any,
    metadata: Any,
    column_names: list[str],
    plot_type: str | None = None,
    sample_size: int | None = None,
    table_name: str | None = None,
) -> Figure:
    """What two columns have to do with each other in both tables."""
    _, described, real, synthetic = one_table(metadata, real, synthetic, table_name)
    columns = described.columns
    if len(column_names) != 2:
        raise SynthesizerInputError("column_names must be two columns")
    first, second = column_names
    title = f"Real vs. Synthetic Data for columns '{first}' and '{second}'"
    pairs = []
    for table in (real, synthetic):
        both = table[[_known(columns, first), _known(columns, second)]].dropna()
        most = min(sample_size or _POINTS, len(both))
        # A picture of more points says no more.
        pairs.append(both.sample(most, random_state=0) if most < len(both) else both)
    numbers = [_is_number(columns, name) for name in column_names]
    if plot_type not in (None, "scatter", "box", "heatmap"):
        raise SynthesizerInputError("plot_type must be 'scatter', 'box', 'heatmap' or None")
    kind = plot_type or ("scatter" if all(numbers) else "box" if any(numbers) else "heatmap")
    if kind == "scatter":
        return _scatter(title, first, second, pairs, columns)
    if kind == "box":
        level, number = (first, second) if numbers[1] else (second, first)
        return _boxes(title, level, number, pairs, columns)
    return _heat(title, first, second, pairs)


def _known(columns: Any, name: str) -> str:
    if name not in columns:
        raise SynthesizerInputError(f"there is no column {name!r} in the metadata")
    return name


def _is_number(columns: Any, name: str) -> bool:
    return columns[_known(columns, name)]["sdtype"] in ("numerical", "datetime")


def _values(table: Any, columns: Any, name: str) -> Any:
    return table[_known(columns, name)].dropna()


def _as_numbers(values: Any, entry: Any) -> Any:
    """Numbers, and seconds of dates."""
    import pandas as pd

    if entry["sdtype"] == "datetime":
        moments = pd.to_datetime(values, format=None if hasattr(values, "dt") else entry.get("datetime_format"))
        return (moments - pd.Timestamp("1970-01-01", tz=getattr(moments.dt, "tz", None))).dt.total_seconds()
    return pd.to_numeric(values).astype(float)


def _labels(low: float, high: float, entry: Any) -> list[tuple[float, str]]:
    if entry["sdtype"] != "datetime":
        return ticks(low, high)
    import pandas as pd

    step = (high - low) / 4
    return [(low + step * number, str(pd.Timestamp(low + step * number, unit="s").date())) for number in range(5)]


def _spread(title: str, name: str, sides: list[Any], columns: Any) -> Figure:
    import numpy as np

    numbers = [np.asarray(_as_numbers(side, columns[name])) for side in sides]
    both = np.concatenate(numbers)
    low, high = (float(both.min()), float(both.max())) if both.size else (0.0, 1.0)
    edges = np.linspace(low, high if high > low else low + 1.0, _BINS + 1)
    shares = [np.histogram(one, edges)[0] / max(one.size, 1) for one in numbers]
    plane = Plane(title, (edges[0], edges[-1]), (0.0, max(float(share.max()) for share in shares) * 1.05))
    for share, colour in zip(shares, COLOURS):
        steps = [(edge, value) for left, right, value in zip(edges, edges[1:], share) for edge in (left, right)]
        plane.line([(float(x), float(y)) for x, y in steps], colour)
    plane.scales(name, "share of rows", _labels(*plane.x, columns[name]), ticks(*plane.y))
    plane.legend(_NAMES)
    return plane.figure()


def _bars(title: str, name: str, sides: list[Any]) -> Figure:
    shares = [side.astype(str).value_counts(normalize=True) for side in sides]
    levels = list(dict.fromkeys([*shares[0].index, *shares[1].index]))[:_LEVELS]
    highest = max((float(share.max()) for share in shares if len(share)), default=1.0)
    plane = Plane(title, (0.0, float(len(levels) or 1)), (0.0, highest * 1.05))
    for place, level in enumerate(levels):
        for side, share in enumerate(shares):
            left = place + 0.1 + 0.4 * side
            plane.box((left, left + 0.38), (0.0, float(share.get(level, 0.0))), COLOURS[side])
    every = max(1, len(levels) // 8)
    plane.scales(
        name, "share of rows", [(n + 0.5, one) for n, one in enumerate(levels) if n % every == 0], ticks(*plane.y)
    )
    plane.legend(_NAMES)
    return plane.figure()


def _scatter(title: str, first: str, second: str, pairs: list[Any], columns: Any) -> Figure:
    points = [[_as_numbers(pair[name], columns[name]).to_numpy() for name in (first, second)] for pair in pairs]

    def bounds(axis: int) -> tuple[float, float]:
        ends = [float(end) for side in points if side[axis].size for end in (side[axis].min(), side[axis].max())]
        return (min(ends), max(ends)) if ends else (0.0, 1.0)

    plane = Plane(title, bounds(0), bounds(1))
    for (x, y), colour in zip(points, COLOURS):
        for one in zip(x, y):
            plane.dot(float(one[0]), float(one[1]), colour)
    plane.scales(first, second, _labels(*plane.x, columns[first]), _labels(*plane.y, columns[second]))
    plane.legend(_NAMES)
    return plane.figure()


def _boxes(title: str, level: str, number: str, pairs: list[Any], columns: Any) -> Figure:
    sides = [
        _as_numbers(pair[number], columns[number])
        .groupby(pair[level].astype(str))
        .quantile([0.05, 0.25, 0.5, 0.75, 0.95])
        .unstack()
        for pair in pairs
    ]
    levels = list(dict.fromkeys([*sides[0].index, *sides[1].index]))[:_LEVELS]
    ends = [float(end) for side in sides if len(side) for end in (side.to_numpy().min(), side.to_numpy().max())] or [
        0.0
    ]
    plane = Plane(title, (0.0, float(len(levels) or 1)), (min(ends), max(ends)))
    for place, one in enumerate(levels):
        for side, quantiles in enumerate(sides):
            if one not in quantiles.index:
                continue
            least, low, middle, high, most = (float(value) for value in quantiles.loc[one])
            left, right = place + 0.1 + 0.4 * side, place + 0.48 + 0.4 * side
            plane.box((left, right), (low, high), COLOURS[side], hollow=True)
            plane.line([(left, middle), (right, middle)], COLOURS[side])
            centre = (left + right) / 2
            plane.line([(centre, least), (centre, low)], COLOURS[side])
            plane.line([(centre, high), (centre, most)], COLOURS[side])
    every = max(1, len(levels) // 8)
    places = [(n + 0.5, one) for n, one in enumerate(levels) if n % every == 0]
    plane.scales(level, number, places, _labels(*plane.y, columns[number]))
    plane.legend(_NAMES)
    return plane.figure()


def _heat(title: str, first: str, second: str, pairs: list[Any]) -> Figure:
    import pandas as pd

    shares = [pd.crosstab(pair[second].astype(str), pair[first].astype(str), normalize="all") for pair in pairs]
    across = list(dict.fromkeys(name for share in shares for name in share.columns))[:_LEVELS]
    down = list(dict.fromkeys(name for share in shares for name in share.index))[:_LEVELS]
    most = max((float(share.to_numpy().max()) for share in shares if share.size), default=1.0)
    parts = [text(WIDTH, 20, title, "middle", 14)]
    for side, share in enumerate(shares):
        plane = Plane("", (0.0, float(len(across) or 1)), (0.0, float(len(down) or 1)))
        for x, column in enumerate(across):
            for y, row in enumerate(down):
                value = float(share.loc[row, column]) if row in share.index and column in share.columns else 0.0
                shade = round(255 * (1 - value / most))
                plane.box((x, x + 1), (y, y + 1), f"#{shade:02x}{shade:02x}ff")
        every = max(1, len(across) // 6)
        plane.scales(
            f"{first} ({_NAMES[side]})",
            second,
            [(n + 0.5, one) for n, one in enumerate(across) if n % every == 0],
            [(n + 0.5, one) for n, one in enumerate(down)],
        )
        parts.append(f'<g transform="translate({side * WIDTH} 0)">{"".join(plane.parts)}</g>')
    return Figure(svg(parts, 2 * WIDTH, HEIGHT), title)
