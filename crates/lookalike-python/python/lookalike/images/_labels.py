"""Classes of images: of any type outside, texts inside."""

from __future__ import annotations

from typing import Any

from lookalike.exceptions import DataError, ParameterError
from lookalike.images._arrays import numpy


def _is_missing(label: Any) -> bool:
    return label is None or label != label or type(label).__name__ in ("NAType", "NaTType")


def _text(label: Any) -> str:
    """What a class is called: `3` for 3, 3.0 and NumPy's 3."""
    if hasattr(label, "item"):
        label = label.item()
    if isinstance(label, float) and label.is_integer():
        label = int(label)
    return str(label)


def _order(text: str) -> tuple[int, str]:
    try:
        return int(text), text
    except ValueError:
        return 0, text


class Labels:
    """Which classes there are, and what their labels were outside.

    `dtype` is that of the array that labels came in, None for a list.
    """

    def __init__(self, values: list[Any], dtype: Any) -> None:
        self.values = values
        self.dtype = dtype
        self._text = {_text(value): value for value in values}
        self.texts = list(self._text)

    @staticmethod
    def take(y: Any, count: int | None, what: str = "labels") -> tuple[Any, Labels]:
        """Labels as numbers of classes, -1 where they are missing, and the classes."""
        np = numpy()
        dtype = getattr(y, "dtype", None)
        if not isinstance(dtype, np.dtype):
            dtype = np.dtype(object) if hasattr(y, "dtype") or hasattr(y, "to_numpy") else None
        if getattr(y, "ndim", 1) == 2 and 1 in y.shape:
            y = np.asarray(y).reshape(-1)
        if getattr(y, "ndim", 1) != 1 or isinstance(y, (str, bytes)) or not hasattr(y, "__len__"):
            raise DataError(f"{what} must be a list or an array of one dimension")
        cells = y.tolist() if hasattr(y, "tolist") else list(y)
        if count is not None and len(cells) != count:
            raise DataError(f"there are {count} images and {len(cells)} {what}")
        texts = [None if _is_missing(cell) else _text(cell) for cell in cells]
        of_text = {text: cell for text, cell in zip(texts, cells) if text is not None}
        whole = all(_order(text)[1] == text and text.lstrip("-").isdigit() for text in of_text)
        known = sorted(of_text, key=_order if whole else None)
        number = {text: code for code, text in enumerate(known)}
        codes = np.array([-1 if text is None else number[text] for text in texts], np.int32)
        return codes, Labels([of_text[text] for text in known], dtype)

    @staticmethod
    def of_texts(texts: list[str]) -> Labels:
        """The classes of a model from a file: whole numbers where all are."""
        np = numpy()
        if texts and all(text.lstrip("-").isdigit() and str(int(text)) == text for text in texts):
            return Labels([int(text) for text in texts], np.dtype(np.int64))
        return Labels(list(texts), np.dtype(object))

    def text(self, label: Any) -> str:
        """What a class is called inside.

        Raises
        ------
        ParameterError
            When there is no such class.
        """
        text = _text(label)
        if text not in self._text:
            raise ParameterError("there is no such class: classes_ has those that were learned")
        return text

    def value(self, text: str) -> Any:
        """The label of a class by what it is called inside."""
        return self._text.get(text, text)

    def restore(self, buffer: bytearray, texts: list[str]) -> Any:
        """Labels from numbers of classes, in the type that they came in."""
        np = numpy()
        codes = np.frombuffer(buffer, np.int32)
        values = np.empty(len(texts) + 1, object)
        values[:-1] = [self.value(text) for text in texts]
        values[-1] = None
        labels = values[codes]
        if self.dtype is None:
            return labels.tolist()
        if self.dtype.kind == "f":
            labels[codes < 0] = np.nan
        elif (codes < 0).any():
            return labels
        return labels.astype(self.dtype)
