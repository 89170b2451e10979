"""Boxes and points in the formats that they are kept in."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from lookalike._parameters import Parameters
from lookalike.exceptions import DataError

BOXES = ("coco", "pascal_voc", "albumentations", "yolo")
POINTS = ("xy", "yx")
#: Shares of an image that are rounded may end so far outside it.
ROUNDING = 1e-4


class BboxParams(Parameters):
    """How boxes are given to `Compose`, and which are kept.

    Parameters
    ----------
    format : {'coco', 'pascal_voc', 'albumentations', 'yolo'}
        `coco` is left, top, width and height in pixels; `pascal_voc` left, top, right and bottom in pixels;
        `albumentations` the same as shares of the image; `yolo` the middle's place, width and height as shares. What a
        box has besides (a class) stays with it.
    label_fields : list of str, optional
        Arguments that have something for each box: what belongs to boxes that are left out is left out too.
    min_area : float, default=0.0
        Boxes of fewer square pixels afterwards are left out.
    min_visibility : float, default=0.0
        Boxes of which a smaller share is inside the image afterwards are left out.
    min_width, min_height : float, default=0.0
        Narrower or lower boxes are left out, in pixels.
    clip : bool, default=False
        Cut given boxes to the image, instead of refusing those that reach outside.
    filter_invalid_bboxes : bool, default=False
        Leave given boxes out that have no area, instead of refusing them.
    max_accept_ratio : float, optional
        Boxes more than so many times as long as wide are left out.

    Examples
    --------
    >>> import numpy as np
    >>> from lookalike.images import BboxParams, Compose, HorizontalFlip
    >>> flip = Compose([HorizontalFlip(p=1)], bbox_params=BboxParams("coco", label_fields=["kinds"]))
    >>> flip(image=np.zeros((10, 20), np.uint8), bboxes=[[0, 0, 5, 4]], kinds=["cat"])["bboxes"]
    [[15.0, 0.0, 5.0, 4.0]]
    """

    def __init__(
        self,
        format: str,
        label_fields: Sequence[str] | None = None,
        min_area: float = 0.0,
        min_visibility: float = 0.0,
        min_width: float = 0.0,
        min_height: float = 0.0,
        clip: bool = False,
        filter_invalid_bboxes: bool = False,
        max_accept_ratio: float | None = None,
    ) -> None:
        self.format = format
        self.label_fields = label_fields
        self.min_area = min_area
        self.min_visibility = min_visibility
        self.min_width = min_width
        self.min_height = min_height
        self.clip = clip
        self.filter_invalid_bboxes = filter_invalid_bboxes
        self.max_accept_ratio = max_accept_ratio

    def _problems(self) -> list[str]:
        """All that is wrong with the parameters."""
        found = []
        if self.format not in BOXES:
            found.append(f"format of BboxParams must be one of {', '.join(map(repr, BOXES))}")
        if self.max_accept_ratio is not None and not self.max_accept_ratio >= 1:
            found.append("max_accept_ratio must be at least 1")
        found.extend(
            f"{name} must be 0 or more" for name in ("min_width", "min_height") if not getattr(self, name) >= 0
        )
        return found

    def _edges(self, boxes: Any, height: int, width: int, name: str) -> tuple[list[int], list[tuple]]:
        """Which boxes are taken, and their left, upper, right and lower edges in pixels."""
        taken, edges = [], []
        for number, box in enumerate(boxes):
            if len(box) < 4:
                raise DataError(
                    f"{name}[{number}] has {len(box)} numbers: it must have four, and may have more behind them"
                )
            a, b, c, d = (float(value) for value in box[:4])
            if not (math.isfinite(a + b + c + d)):
                raise DataError(f"{name}[{number}] has a number that is not finite")
            if self.format in ("albumentations", "yolo"):
                a, b, c, d = a * width, b * height, c * width, d * height
            if self.format == "yolo":
                a, b = a - c / 2, b - d / 2
            if self.format in ("coco", "yolo"):
                c, d = a + c, b + d
            if self.clip:
                a, c = (min(max(x, 0.0), float(width)) for x in (a, c))
                b, d = (min(max(y, 0.0), float(height)) for y in (b, d))
            if c <= a or d <= b:
                if self.filter_invalid_bboxes:
                    continue
                raise DataError(
                    f"{name}[{number}] has no area as {self.format!r} has it; "
                    "filter_invalid_bboxes=True leaves such boxes out"
                )
            if min(a / width, b / height) < -ROUNDING or max(c / width, d / height) > 1 + ROUNDING:
                raise DataError(f"{name}[{number}] reaches outside the image; clip=True in BboxParams cuts boxes to it")
            taken.append(number)
            edges.append((a, b, c, d))
        return taken, edges

    def _restore(
        self, left: list[tuple], taken: list[int], boxes: Any, height: int, width: int
    ) -> tuple[Any, list[int]]:
        """Boxes as they were given, and the numbers of those that are left."""
        rows, kept = [], []
        for a, b, c, d, number in left:
            w, h = c - a, d - b
            if w < self.min_width or h < self.min_height:
                continue
            if self.max_accept_ratio is not None and max(w, h) > self.max_accept_ratio * min(w, h):
                continue
            if self.format == "coco":
                row = [a, b, w, h]
            elif self.format == "pascal_voc":
                row = [a, b, c, d]
            elif self.format == "albumentations":
                row = [a / width, b / height, c / width, d / height]
            else:
                row = [(a + w / 2) / width, (b + h / 2) / height, w / width, h / height]
            kept.append(taken[number])
            rows.append(row + list(boxes[taken[number]][4:]))
        return _like(boxes, rows), kept


class KeypointParams(Parameters):
    """How points are given to `Compose`, and which are kept.

    Parameters
    ----------
    format : {'xy', 'yx'}
        Which comes first: the place in a row, or the row. Pixel number i has its middle at i. What a point has besides
        stays with it.
    label_fields : list of str, optional
        Arguments that have something for each point: what belongs to points that are left out is left out too.
    remove_invisible : bool, default=True
        Leave points out that are outside the image afterwards.
    """

    def __init__(self, format: str, label_fields: Sequence[str] | None = None, remove_invisible: bool = True) -> None:
        self.format = format
        self.label_fields = label_fields
        self.remove_invisible = remove_invisible

    def _problems(self) -> list[str]:
        """All that is wrong with the parameters."""
        if self.format in POINTS:
            return []
        return ["format of KeypointParams must be 'xy' or 'yx': angles and scales of points are not moved"]

    def _places(self, points: Any, name: str) -> list[tuple[float, float]]:
        """Places in a row and rows."""
        places = []
        for number, point in enumerate(points):
            if len(point) < 2:
                raise DataError(f"{name}[{number}] must have two numbers, and may have more behind them")
            x, y = float(point[0]), float(point[1])
            if not math.isfinite(x + y):
                raise DataError(f"{name}[{number}] has a number that is not finite")
            places.append((x, y) if self.format == "xy" else (y, x))
        return places

    def _restore(self, left: list[tuple], points: Any) -> tuple[Any, list[int]]:
        """Points as they were given, and the numbers of those that are left."""
        rows = [([x, y] if self.format == "xy" else [y, x]) + list(points[number][2:]) for x, y, number in left]
        return _like(points, rows), [number for *_, number in left]


def _like(given: Any, rows: list[list]) -> Any:
    """Rows as an array where an array was given, of its type if that has fractions."""
    if not hasattr(given, "dtype"):
        return [tuple(row) if isinstance(one, tuple) else row for row, one in zip(rows, _first(given, rows))]
    import numpy as np

    kind = given.dtype if given.dtype.kind in "fO" else np.dtype(np.float64)
    return np.array(rows, kind).reshape(len(rows), given.shape[1] if given.ndim == 2 else 0)


def _first(given: Any, rows: list) -> list:
    return [given[0]] * len(rows) if rows else []
