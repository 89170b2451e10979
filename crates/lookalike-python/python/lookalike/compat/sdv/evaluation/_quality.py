"""How like the real rows synthetic ones are, by SDMetrics' measures."""

from __future__ import annotations

from typing import Any

from lookalike import evaluate
from lookalike.compat.sdv.evaluation._report import Report, informed
from lookalike.compat.sdv.evaluation._tables import one_table
from lookalike.compat.sdv.metadata._schema import schema_of

SHAPES, TRENDS = "Column Shapes", "Column Pair Trends"
_METRICS = {
    "kolmogorov-smirnov": "KSComplement",
    "total-variation": "TVComplement",
    "correlation": "CorrelationSimilarity",
    "joint-table": "ContingencySimilarity",
}


class QualityReport(Report):
    """Column shapes and pair trends, as SDMetrics 0.28.1 and later reckon them.

    Pairs that have little to do with each other in the real rows do not count in the trends' score (`Meets Threshold?`
    is False); `lookalike.evaluate(real, synthetic)["trend"]` is the score over all pairs.
    """

    _COLUMNS = {
        SHAPES: ("Table", "Column", "Metric", "Score"),
        TRENDS: (
            "Table",
            "Column 1",
            "Column 2",
            "Metric",
            "Score",
            "Real Correlation",
            "Synthetic Correlation",
            "Real Association",
            "Meets Threshold?",
        ),
    }


def evaluate_quality(real_data: Any, synthetic_data: Any, metadata: Any, verbose: bool = True) -> QualityReport:
    """How like the real rows synthetic ones are.

    Parameters
    ----------
    real_data, synthetic_data : pandas.DataFrame, or dict of one by its table's name
    metadata : Metadata or SingleTableMetadata
        What the columns mean.
    verbose : bool, default True
        Print the scores.

    Returns
    -------
    QualityReport
        With `get_score()`, `get_properties()` and `get_details(property_name)`. The figures are those of SDMetrics.
    """
    name, table, real, synthetic = one_table(metadata, real_data, synthetic_data)

    def find() -> Any:
        scores = ["shape", "trend", "trend-sdmetrics"]
        return evaluate(real, synthetic, schema=schema_of(table), scores=scores, verbose=False)

    evaluation, info = informed("QualityReport", name, real, synthetic, find)
    found = {one["name"]: one for one in evaluation.to_dict()["metrics"]}
    shapes = [
        {"Table": name, "Column": part["columns"][0], "Metric": _METRICS[part["measure"]], "Score": part["value"]}
        for part in found["shape"].get("parts") or []
    ]
    strong = {tuple(part["columns"]) for part in found["trend-sdmetrics"].get("parts") or []}
    trends = []
    for part in found["trend"].get("parts") or []:
        first, second = part["columns"]
        counts, details = (first, second) in strong, part.get("details") or {}
        trends.append(
            {
                "Table": name,
                "Column 1": first,
                "Column 2": second,
                "Metric": _METRICS[part["measure"]],
                "Score": part["value"] if counts else None,
                "Real Correlation": details.get("real_correlation"),
                "Synthetic Correlation": details.get("synthetic_correlation") if counts else None,
                "Real Association": details.get("real_association"),
                "Meets Threshold?": counts,
            }
        )
    properties = {
        SHAPES: (found["shape"].get("value"), shapes),
        TRENDS: (found["trend-sdmetrics"].get("value"), trends),
    }
    report = QualityReport(properties, info)
    if verbose:
        report._print({TRENDS: "No two columns have enough to do with each other in the real data."})
    return report
