"""Judging synthetic rows by SDMetrics' names and figures; the calls are those of SDV 2.0.

`lookalike.evaluate` tells much more: usefulness, privacy, and how good figures can be at best.

>>> import pandas as pd
>>> from lookalike.compat.sdv.evaluation import evaluate_quality
>>> from lookalike.compat.sdv.metadata import Metadata
>>> table = pd.DataFrame({"age": [20 + i % 50 for i in range(400)], "member": [i % 3 == 0 for i in range(400)]})
>>> evaluate_quality(table, table, Metadata.detect_from_dataframe(table), verbose=False).get_details("Column Shapes")
   Table  Column        Metric  Score
0  table     age  KSComplement    1.0
1  table  member  TVComplement    1.0
"""

from __future__ import annotations

from typing import Any

from lookalike.compat.sdv.evaluation._diagnostic import DiagnosticReport, run_diagnostic
from lookalike.compat.sdv.evaluation._quality import QualityReport, evaluate_quality
from lookalike.compat.sdv._figure import Figure

__all__ = [
    "DiagnosticReport",
    "QualityReport",
    "evaluate_quality",
    "get_column_pair_plot",
    "get_column_plot",
    "run_diagnostic",
]


def get_column_plot(
    real_data: Any, synthetic_data: Any, metadata: Any, table_name: str, column_name: str, plot_type: str | None = None
) -> Figure:
    """How a column is spread in both tables, as a chart."""
    from lookalike.compat.sdv.evaluation._plots import column_plot

    return column_plot(real_data, synthetic_data, metadata, column_name, plot_type, table_name)


def get_column_pair_plot(
    real_data: Any,
    synthetic_data: Any,
    metadata: Any,
    table_name: str,
    column_names: list[str],
    plot_type: str | None = None,
    sample_size: int | None = None,
) -> Figure:
    """What two columns have to do with each other in both tables, as a chart."""
    from lookalike.compat.sdv.evaluation._plots import column_pair_plot

    return column_pair_plot(real_data, synthetic_data, metadata, column_names, plot_type, sample_size, table_name)


def __getattr__(name: str):
    if name == "get_cardinality_plot":
        raise ImportError("get_cardinality_plot is not there: lookalike keeps no ties between tables")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
