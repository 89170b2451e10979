"""Constraints as they are added to a synthesizer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lookalike.compat.sdv import cag, constraints
from lookalike.compat.sdv.errors import SynthesizerInputError

#: SDV's classes, by name.
CLASSES = {
    name: getattr(module, name) for module in (cag, constraints) for name in module.__all__ if name != "BaseConstraint"
}
#: How versions of SDV call a constraint's class, and its parameters; the oldest have these beside the class.
_CLASS = ("constraint_class", "class_name", "constraint_name", "constraint", "type")
_PARAMETERS = ("constraint_parameters", "parameters")
#: Parameters that name columns.
_COLUMNS = ("column_name", "column_names", "low_column_name", "middle_column_name", "high_column_name")


def rules_of(given: Any, columns: Any) -> list[Any]:
    """Constraints as the library's JSON has them: texts, and objects as SDV writes them.

    Raises
    ------
    SynthesizerInputError
        With a sentence for each that is not right.
    """
    if isinstance(given, (str, Mapping)) or not hasattr(given, "__iter__"):
        raise SynthesizerInputError("constraints must be a list of constraints")
    rules: list[Any] = []
    problems = []
    for number, one in enumerate(given, 1):
        if isinstance(one, str):
            rules.append(one)
            continue
        entry = one.to_dict() if isinstance(one, cag.BaseConstraint) else one
        try:
            rules.append(_checked(entry, columns))
        except SynthesizerInputError as error:
            problems += [f"constraint {number}: {problem}" for problem in error.problems]
    if problems:
        raise SynthesizerInputError("; ".join(problems), problems)
    return rules


def _checked(entry: Any, columns: Any) -> dict[str, Any]:
    key = next((one for one in _CLASS if isinstance(entry, Mapping) and isinstance(entry.get(one), str)), None)
    if key is None:
        raise SynthesizerInputError("it is neither a constraint, nor a text, nor a dict with 'constraint_class'")
    # Old versions named classes with their modules.
    name = entry[key].rpartition(".")[2]
    given = next((entry[one] for one in _PARAMETERS if one in entry), None)
    parameters = {one: value for one, value in entry.items() if one != key} if given is None else dict(given)
    # There is one table.
    parameters.pop("table_name", None)
    if name not in CLASSES:
        raise SynthesizerInputError(f"there is no class {name!r}; there are {', '.join(CLASSES)}")
    try:
        CLASSES[name](**parameters)
    except TypeError as error:
        raise SynthesizerInputError(f"{name}: {str(error).partition('__init__() ')[2] or error}") from None
    problems = []
    for key in _COLUMNS:
        value = parameters.get(key, [])
        for column in value if isinstance(value, (list, tuple)) else [value]:
            if column not in columns:
                problems.append(f"{name}: there is no column {column!r} in the metadata")
    if problems:
        raise SynthesizerInputError("; ".join(problems), problems)
    return {"class_name": name, "parameters": {key: _plain(value) for key, value in parameters.items()}}


def _plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if hasattr(value, "item") and not hasattr(value, "tzinfo"):
        value = value.item()
    return value if value is None or isinstance(value, (str, bool, int, float)) else str(value)
