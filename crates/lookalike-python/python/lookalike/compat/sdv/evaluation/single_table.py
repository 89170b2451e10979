"""Judging synthetic rows; the calls are those of SDV 1.x."""

from __future__ import annotations

from typing import Any

from lookalike.compat.sdv.evaluation._diagnostic import DiagnosticReport, run_diagnostic
from lookalike.compat.sdv.evaluation._plots import column_pair_plot, column_plot
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
    real_data: Any, synthetic_data: Any, metadata: Any, column_name: str, plot_type: str | None = None
) -> Figure:
    """How a column is spread in both tables, as a chart.

    Parameters
    ----------
    real_data, synthetic_data : pandas.DataFrame
    metadata : Metadata or SingleTableMetadata
    column_name : str
    plot_type : {'bar', 'distplot'}, optional
        Levels, or numbers; by what the metadata say if not given.

    Returns
    -------
    Figure
        Shown in notebooks; `write_html` writes it to a file.
    """
    return column_plot(real_data, synthetic_data, metadata, column_name, plot_type)


def get_column_pair_plot(
    real_data: Any,
    synthetic_data: Any,
    metadata: Any,
    column_names: list[str],
    plot_type: str | None = None,
    sample_size: int | None = None,
) -> Figure:
    """What two columns have to do with each other in both tables, as a chart.

    Parameters
    ----------
    real_data, synthetic_data : pandas.DataFrame
    metadata : Metadata or SingleTableMetadata
    column_names : list of two str
    plot_type : {'scatter', 'box', 'heatmap'}, optional
        By what the metadata say if not given.
    sample_size : int, optional
        Most rows of each table; 1000 if not given.
    """
    return column_pair_plot(real_data, synthetic_data, metadata, column_names, plot_type, sample_size)
