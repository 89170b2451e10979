"""What every row is to fulfil, as the native module takes it."""

from __future__ import annotations

import datetime
import decimal
from collections.abc import Mapping
from typing import Any

from lookalike import _native
from lookalike._arguments import texts
from lookalike._frames.cells import is_missing, zone_of
from lookalike.exceptions import ParameterError

#: A column, an operator such as `<=`, and values as texts; None for missing.
Named = tuple[str, str, list[str | None]]

#: Nanoseconds of the units that durations are counted in.
UNITS = {"s": 10**9, "ms": 10**6, "us": 10**3, "ns": 1}


def requested(conditions: Any, schema: _native.Schema, frame: Any = None) -> tuple[list[str], list[Named]]:
    """Conditions that the library reads, and those of which nothing is to be read: columns and their values.

    What a dict says is never spelled out and read again, so that any name and any value stands for itself. Times without an
    offset are those of the column's own zone, which only Python knows how to look up.
    """
    zones = dict(schema.zones)
    if isinstance(conditions, Mapping):
        return [], [
            (str(name), "=", [_text(one, str(name), zones.get(str(name)), frame) for one in each(value)])
            for name, value in conditions.items()
        ]
    written = texts("conditions", conditions, "a dict of columns and values, or texts such as 'age>=65'")
    plain: list[str] = []
    named: list[Named] = []
    for text in written:
        try:
            name, sign, value = schema.condition(text) if zones else ("", "", None)
        except ParameterError:
            # All that is wrong is told at once, by the library.
            name, value = "", None
        if name in zones and value is not None:
            named.append((name, sign, [_text(value, name, zones[name], frame)]))
        else:
            plain.append(text)
    return plain, named


def each(value: Any) -> list[Any]:
    """The values of which one is wanted."""
    several = isinstance(value, (list, tuple, set, frozenset, range)) or getattr(value, "ndim", 0) == 1
    return list(value) if several else [value]


def _text(value: Any, name: str, zone: str | None, frame: Any) -> str | None:
    """A value as the library reads it."""
    kind = type(value).__name__
    if kind in ("timedelta64", "datetime64"):
        # Before it becomes a number, which says nothing of its unit.
        if str(value) == "NaT":
            return None
        value = value.astype(f"{kind}[us]").item()
    elif hasattr(value, "item") and not hasattr(value, "tzinfo") and getattr(value, "ndim", 0) == 0:
        value = value.item()
    if is_missing(value):
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, (float, decimal.Decimal)):
        return _number(value)
    if isinstance(value, datetime.timedelta):
        return str(_count(value, name, frame))
    if isinstance(value, datetime.datetime):
        return _instant(value, zone)
    text = value.isoformat() if isinstance(value, (datetime.date, datetime.time)) else str(value)
    return text if zone is None else _local(text, zone)


def _number(value: float | decimal.Decimal) -> str:
    exact = decimal.Decimal(repr(value)) if isinstance(value, float) else value
    return format(exact, "f") if exact.is_finite() else str(value)


def _instant(value: datetime.datetime, zone: str | None) -> str:
    if value.tzinfo is None and zone is not None:
        value = value.replace(tzinfo=zone_of(zone))
    if value.tzinfo is None:
        return value.isoformat()
    # Offsets of long ago have seconds, which no spelling has.
    return value.astimezone(datetime.timezone.utc).isoformat()


def _local(text: str, zone: str) -> str:
    try:
        value = datetime.datetime.fromisoformat(text.strip())
    except ValueError:
        return text
    return text if value.tzinfo is not None else _instant(value, zone)


def _count(value: datetime.timedelta, name: str, frame: Any) -> int:
    """A duration in the unit in which its column counts."""
    unit = _unit(frame, name)
    if unit is None:
        raise ParameterError(f"the column {name!r} is no column of durations in the table that was learned: give a number")
    fine = getattr(value, "nanoseconds", 0)
    return (value // datetime.timedelta(microseconds=1) * 1000 + fine) // UNITS[unit]


def _unit(frame: Any, name: str) -> str | None:
    """The unit of a column of durations, by what is known of the table that was learned."""
    schema, columns = getattr(frame, "_schema", None), getattr(frame, "_columns", None)
    dtype = None
    if isinstance(columns, list):
        dtype = getattr(dict(zip(map(str, frame.names), columns)).get(name), "dtype", None)
        dtype = getattr(dtype, "pyarrow_dtype", dtype)
    elif hasattr(schema, "get_field_index"):
        dtype = schema.field(name).type
    elif isinstance(schema, Mapping):
        dtype = schema.get(name)
    if getattr(dtype, "kind", None) == "m":
        import numpy

        return numpy.datetime_data(dtype)[0]
    unit = getattr(dtype, "time_unit", getattr(dtype, "unit", None))
    return unit if unit in UNITS else None
