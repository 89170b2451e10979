"""Whether synthetic rows could stand in the real table, by SDMetrics' measures."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from lookalike import evaluate
from lookalike.compat.sdv.evaluation._report import Report, informed
from lookalike.compat.sdv.evaluation._tables import one_table
from lookalike.compat.sdv.metadata._schema import schema_of
from lookalike.compat.sdv.single_table._rules import rules_of

VALIDITY, STRUCTURE, CONSTRAINTS = "Data Validity", "Data Structure", "Constraint Validity"
_METRICS = {
    "boundary-adherence": "BoundaryAdherence",
    "category-adherence": "CategoryAdherence",
    "format-adherence": "",
}
#: What a part of the adherence to formats measures.
_FORMATS = {"readable-dates": "DatetimeFormatAdherence", "known-forms": "RegexFormatAdherence"}


class DiagnosticReport(Report):
    """Whether values are among those of the real columns, keys unique, columns there, and constraints met."""

    _COLUMNS = {
        VALIDITY: ("Table", "Column", "Metric", "Score"),
        STRUCTURE: ("Table", "Metric", "Score"),
        CONSTRAINTS: ("Table", "Metric", "Constraint", "Score"),
    }


def run_diagnostic(
    real_data: Any, synthetic_data: Any, metadata: Any, constraints: Sequence[Any] | None = None, verbose: bool = True
) -> DiagnosticReport:
    """Whether synthetic rows could stand in the real table.

    Parameters
    ----------
    real_data, synthetic_data : pandas.DataFrame, or dict of one by its table's name
    metadata : Metadata or SingleTableMetadata
        What the columns mean.
    constraints : list, optional
        What must hold in every row, as `add_constraints` takes it.
    verbose : bool, default True
        Print the scores.

    Returns
    -------
    DiagnosticReport
        With `get_score()`, `get_properties()` and `get_details(property_name)`.
    """
    name, table, real, synthetic = one_table(metadata, real_data, synthetic_data)
    rules = rules_of(constraints or [], table.columns)

    def find() -> Any:
        scores = [*_METRICS, "constraint-adherence"] if rules else list(_METRICS)
        return evaluate(real, synthetic, schema=schema_of(table, rules), scores=scores, verbose=False)

    evaluation, info = informed("DiagnosticReport", name, real, synthetic, find)
    found = {one["name"]: one for one in evaluation.to_dict()["metrics"]}
    places = {column: number for number, column in enumerate(table.columns)}
    valid = [
        {
            "Table": name,
            "Column": part["columns"][0],
            "Metric": metric or _FORMATS[part["measure"]],
            "Score": part["value"],
        }
        for score, metric in _METRICS.items()
        for part in found[score].get("parts") or []
        if metric or _has_format(table.columns[part["columns"][0]], real[part["columns"][0]])
    ]
    valid += [
        {"Table": name, "Column": key, "Metric": "KeyUniqueness", "Score": _unique(synthetic[key])}
        for key in [table.primary_key, *table.alternate_keys]
        if isinstance(key, str) and key in synthetic.columns
    ]
    valid.sort(key=lambda row: places.get(row["Column"], len(places)))
    scores = [row["Score"] for row in valid if row["Score"] is not None]
    structure = _structure(real, synthetic)
    held = found.get("constraint-adherence", {})
    properties = {
        VALIDITY: (math.fsum(scores) / len(scores) if scores else None, valid),
        STRUCTURE: (structure, [{"Table": name, "Metric": "TableStructure", "Score": structure}]),
        CONSTRAINTS: (
            held.get("value"),
            [
                {"Table": name, "Metric": "ConstraintAdherence", "Constraint": part["measure"], "Score": part["value"]}
                for part in held.get("parts") or []
            ],
        ),
    }
    report = DiagnosticReport(properties, info)
    if verbose:
        report._print({CONSTRAINTS: "No constraints were provided."})
    return report


def _has_format(entry: Any, column: Any) -> bool:
    """Whether cells of a column can be of a wrong format: texts of which a format is said."""
    from pandas.api.types import is_object_dtype, is_string_dtype

    said = "datetime_format" in entry or "regex_format" in entry
    return said and (is_object_dtype(column.dtype) or is_string_dtype(column.dtype))


def _unique(column: Any) -> float:
    """SDMetrics' KeyUniqueness: the share of rows whose key is there, and in no row before."""
    return 1.0 - float((column.duplicated() | column.isna()).mean()) if len(column) else 1.0


def _structure(real: Any, synthetic: Any) -> float:
    """SDMetrics' TableStructure: of all columns with their types, the share that both tables have."""
    sides = [{(str(column), str(dtype)) for column, dtype in table.dtypes.items()} for table in (real, synthetic)]
    return len(sides[0] & sides[1]) / max(len(sides[0] | sides[1]), 1)
