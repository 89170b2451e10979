"""Charts, as pictures (SVG) that need nothing else."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

#: Real rows are dark, synthetic ones light, also where colours cannot be told apart.
COLOURS = ("#000036", "#01c9b8", "#b35c00", "#6b6b6b")
WIDTH, HEIGHT = 640, 360
#: The plane inside its scales.
LEFT, RIGHT, TOP, BOTTOM = 84, 40, 44, 48


class Figure:
    """A chart. Notebooks show it; `write_html` and `write_image` write it to a file. It is no figure of plotly."""

    def __init__(self, svg: str, title: str = "") -> None:
        self._svg = svg
        self.title = title

    def to_svg(self) -> str:
        """The picture's text."""
        return self._svg

    def to_html(self) -> str:
        """A page with the picture."""
        return (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(self.title)}</title></head>'
            f"<body>{self._svg}</body></html>\n"
        )

    def write_html(self, file: str | os.PathLike[str]) -> None:
        """Write a page with the picture."""
        with open(file, "w", encoding="utf-8") as out:
            out.write(self.to_html())

    def write_image(self, file: str | os.PathLike[str]) -> None:
        """Write the picture as an SVG file."""
        if os.path.splitext(os.fspath(file))[1].lower() != ".svg":
            raise ValueError("pictures are written as SVG: name the file so that it ends with .svg, or use write_html")
        with open(file, "w", encoding="utf-8") as out:
            out.write(self._svg)

    def show(self) -> None:
        """Show it in a notebook; elsewhere nothing happens."""
        try:
            from IPython import get_ipython
            from IPython.display import display
        except ImportError:
            return
        if get_ipython() is not None:
            display(self)

    def _repr_svg_(self) -> str:
        return self._svg

    def __repr__(self) -> str:
        return f"Figure({self.title!r})"


class Plane:
    """Room for points between two scales, `x` and `y` from the least to the largest."""

    def __init__(self, title: str, x: tuple[float, float], y: tuple[float, float], width: int = WIDTH) -> None:
        self.title = title
        self.x, self.y, self.width = _wide(*x), _wide(*y), width
        self.parts: list[str] = [text(width / 2, 20, title, "middle", 14)] if title else []

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Where a point lies in the picture."""
        (x0, x1), (y0, y1) = self.x, self.y
        across = LEFT + (x - x0) / (x1 - x0) * (self.width - LEFT - RIGHT)
        return round(across, 2), round(HEIGHT - BOTTOM - (y - y0) / (y1 - y0) * (HEIGHT - TOP - BOTTOM), 2)

    def line(self, points: Sequence[tuple[float, float]], colour: str) -> None:
        """A line through points."""
        places = " ".join(f"{x},{y}" for x, y in (self.at(*one) for one in points))
        self.parts.append(f'<polyline points="{places}" fill="none" stroke="{colour}" stroke-width="2"/>')

    def dot(self, x: float, y: float, colour: str) -> None:
        """A point."""
        across, down = self.at(x, y)
        self.parts.append(f'<circle cx="{across}" cy="{down}" r="2" fill="{colour}" fill-opacity="0.5"/>')

    def box(self, x: tuple[float, float], y: tuple[float, float], colour: str, hollow: bool = False) -> None:
        """A rectangle."""
        (left, bottom), (right, top) = self.at(x[0], y[0]), self.at(x[1], y[1])
        fill = f'fill="none" stroke="{colour}"' if hollow else f'fill="{colour}"'
        width, height = round(right - left, 2), round(bottom - top, 2)
        self.parts.append(f'<rect x="{left}" y="{top}" width="{width}" height="{height}" {fill}/>')

    def scales(
        self, x_name: str, y_name: str, x_ticks: Sequence[tuple[float, str]], y_ticks: Sequence[tuple[float, str]]
    ) -> None:
        """What the scales say."""
        floor = HEIGHT - BOTTOM
        self.parts.append(f'<path d="M{LEFT} {TOP}V{floor}H{self.width - RIGHT}" fill="none" stroke="#888"/>')
        for place, label in x_ticks:
            self.parts.append(text(self.at(place, self.y[0])[0], floor + 16, label, "middle"))
        for place, label in y_ticks:
            self.parts.append(text(LEFT - 6, self.at(self.x[0], place)[1] + 4, label, "end"))
        self.parts.append(text(self.width / 2, HEIGHT - 8, x_name, "middle"))
        self.parts.append(text(LEFT, TOP - 8, y_name, "start"))

    def legend(self, names: Sequence[str]) -> None:
        """Which colour is what."""
        for number, name in enumerate(names):
            across = self.width - RIGHT - 130 * (len(names) - number)
            self.parts.append(f'<rect x="{across}" y="28" width="10" height="10" fill="{COLOURS[number]}"/>')
            self.parts.append(text(across + 14, 37, name, "start"))

    def figure(self) -> Figure:
        """The chart."""
        return Figure(svg(self.parts, self.width, HEIGHT), self.title)


def lines(title: str, x_name: str, y_name: str, curves: Mapping[str, Sequence[tuple[float, float]]]) -> Figure:
    """Lines over one scale."""
    points = [point for curve in curves.values() for point in curve] or [(0.0, 0.0)]
    plane = Plane(title, _bounds([point[0] for point in points]), _bounds([point[1] for point in points]))
    for (name, curve), colour in zip(curves.items(), COLOURS):
        plane.line(curve, colour)
    plane.scales(x_name, y_name, ticks(*plane.x), ticks(*plane.y))
    plane.legend(list(curves))
    return plane.figure()


def ticks(low: float, high: float, count: int = 5) -> list[tuple[float, str]]:
    """Round numbers between two."""
    step = 10 ** math.floor(math.log10((high - low) / count))
    step *= next(factor for factor in (1, 2, 5, 10) if (high - low) / (step * factor) <= count)
    first = math.ceil(low / step)
    return [(place * step, f"{place * step:g}") for place in range(first, math.floor(high / step + 1e-9) + 1)]


def text(x: float, y: float, words: Any, anchor: str, size: int = 11) -> str:
    """Words in a picture."""
    shown, most = str(words), 80 if size > 12 else 40
    shown = shown if len(shown) <= most else shown[: most - 1] + "…"
    return f'<text x="{round(x, 2)}" y="{round(y, 2)}" text-anchor="{anchor}" font-size="{size}">{escape(shown)}</text>'


def svg(parts: Sequence[str], width: int, height: int) -> str:
    """A picture of its parts."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'font-family="sans-serif" style="background:#fff">{"".join(parts)}</svg>'
    )


def _bounds(values: Sequence[float]) -> tuple[float, float]:
    finite = [float(value) for value in values if math.isfinite(value)] or [0.0]
    return min(finite), max(finite)


def _wide(low: float, high: float) -> tuple[float, float]:
    return (float(low), float(high)) if high > low else (low - 0.5, low + 0.5)
