"""What a judgement found, as SDMetrics' reports tell it."""

from __future__ import annotations

import datetime
import json
import math
import os
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lookalike import __version__
from lookalike.compat.sdv.errors import SynthesizerFileError, SynthesizerInputError, _by_these_names
from lookalike.compat.sdv.evaluation._properties import chart
from lookalike.compat.sdv._figure import Figure


class Report:
    """Properties, each with a score and details."""

    def __init__(
        self, properties: Mapping[str, tuple[float | None, list[dict[str, Any]]]], info: Mapping[str, Any]
    ) -> None:
        self._properties = dict(properties)
        self.report_info = dict(info)

    def get_score(self) -> float:
        """The mean of the properties' scores; NaN where none has one."""
        scores = [score for score, _ in self._properties.values() if score is not None]
        return math.fsum(scores) / len(scores) if scores else math.nan

    def get_properties(self) -> Any:
        """Each property's score, as a DataFrame with `Property` and `Score`."""
        import pandas as pd

        scores = [math.nan if score is None else score for score, _ in self._properties.values()]
        return pd.DataFrame({"Property": list(self._properties), "Score": scores})

    def get_details(self, property_name: str, table_name: str | None = None) -> Any:
        """What a property's score is made of, as a DataFrame."""
        import pandas as pd

        frame = pd.DataFrame(self._details(property_name), columns=self._COLUMNS[property_name])
        if table_name is not None:
            frame = frame[frame["Table"] == table_name].reset_index(drop=True)
        for name in frame.columns:
            if name in ("Score", "Real Correlation", "Synthetic Correlation", "Real Association"):
                frame[name] = frame[name].astype(float)
            elif name == "Meets Threshold?":
                frame[name] = frame[name].astype("boolean")
        # As SDMetrics: no columns of which there is nothing to tell.
        empty = [
            name
            for name in frame.columns
            if name in ("Real Correlation", "Synthetic Correlation", "Real Association", "Error")
        ]
        return frame.drop(columns=[name for name in empty if frame[name].isna().all()])

    def _details(self, property_name: str) -> list[dict[str, Any]]:
        if property_name not in self._properties:
            known = ", ".join(map(repr, self._properties))
            raise SynthesizerInputError(f"there is no property {property_name!r}; there are {known}")
        return self._properties[property_name][1]

    _COLUMNS: Mapping[str, Sequence[str]] = {}

    def get_visualization(self, property_name: str, table_name: str | None = None) -> Figure:
        """What a property's score is made of, as a chart. It is no figure of plotly."""
        rows = self._details(property_name)
        return chart(property_name, self._properties[property_name][0], rows)

    def get_info(self) -> dict[str, Any]:
        """What was judged, when, and by which version."""
        return dict(self.report_info)

    def save(self, filepath: str | os.PathLike[str]) -> None:
        """Write it to a file: JSON, whatever its name ends with."""
        document = {
            "report": type(self).__name__,
            "info": self.report_info,
            "properties": {name: {"score": score, "details": rows} for name, (score, rows) in self._properties.items()},
        }
        with open(filepath, "w", encoding="utf-8") as file:
            json.dump(document, file, indent=1)

    @classmethod
    def load(cls, filepath: str | os.PathLike[str]) -> Report:
        """Read what `save` wrote."""
        try:
            with open(filepath, encoding="utf-8") as file:
                document = json.load(file)
            properties = {name: (one["score"], one["details"]) for name, one in document["properties"].items()}
            known = document["report"] == cls.__name__
        except (UnicodeDecodeError, ValueError, KeyError, TypeError):
            known = False
        if not known:
            raise SynthesizerFileError(f"the file is no {cls.__name__} that was saved here")
        return cls(properties, document["info"])

    def __repr__(self) -> str:
        return f"{type(self).__name__}(score={self.get_score():.3f})"

    def _print(self, absent: Mapping[str, str]) -> None:
        lines = ["Generating report ...", ""]
        count = len(self._properties)
        for number, (name, (score, _)) in enumerate(self._properties.items(), 1):
            told = (
                absent.get(name, "Nothing could be compared.") if score is None else f"{name} Score: {_percent(score)}"
            )
            lines += [f"({number}/{count}) Evaluating {name}", told, ""]
        lines += [f"Overall Score (Average): {_percent(self.get_score())}", ""]
        print("\n".join(lines))


def _percent(score: float) -> str:
    return "N/A" if math.isnan(score) else f"{round(score * 100, 2)}%"


def informed(kind: str, name: str, real: Any, synthetic: Any, find: Callable[[], Any]) -> tuple[Any, dict[str, Any]]:
    """What `find` finds, and what `get_info` tells of it."""
    began = time.perf_counter()
    with _by_these_names():
        found = find()
    info = {
        "report_type": kind,
        "generated_date": datetime.date.today().isoformat(),
        "lookalike_version": __version__,
        "num_tables": 1,
        "num_rows_real_data": {name: len(real)},
        "num_rows_synthetic_data": {name: len(synthetic)},
        "generation_time": time.perf_counter() - began,
    }
    return found, info
