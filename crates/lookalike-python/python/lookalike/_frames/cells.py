"""Plain Python values as columns, in and out."""

from __future__ import annotations

import datetime
import decimal
import math
from array import array
from collections.abc import Sequence
from typing import Any

from lookalike.exceptions import DataError

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
WHOLE = range(-(2**63), 2**63)
#: Those of 64 bits with or without a sign.
COUNTS = range(-(2**63), 2**64)


def is_missing(value: Any) -> bool:
    """True for None, NaN, and what pandas calls missing."""
    if value is None:
        return True
    if isinstance(value, float):
        return math.isnan(value)
    return type(value).__name__ in ("NAType", "NaTType")


class Cells:
    """Remembers what values a column was made of."""

    def __init__(self, kind: str, back: dict[str, Any] | None = None) -> None:
        self.kind = kind
        self.back = back

    @staticmethod
    def take(name: str, values: Sequence[Any]) -> tuple[tuple, Cells]:
        """A column for the native module."""
        values = [value.item() if hasattr(value, "item") and not hasattr(value, "tzinfo") else value for value in values]
        values = [None if is_missing(value) else value for value in values]
        types = {type(value) for value in values if value is not None}
        missing = bytearray(value is None for value in values)
        flags = missing if any(missing) else None

        def filled(empty: Any) -> list[Any]:
            return [empty if value is None else value for value in values]

        if types <= {str}:
            return (name, "texts", values), Cells("str")
        if types == {bool}:
            return (name, "booleans", bytearray(filled(False)), flags), Cells("bool")
        if types == {int} and all(value in WHOLE for value in filled(0)):
            return (name, "numbers", array("q", filled(0)), flags), Cells("int")
        if types == {int} and any(value not in COUNTS for value in filled(0)):
            # Beyond 64 bits: nothing is counted so finely, these are names.
            return (name, "texts", [None if value is None else str(value) for value in values]), Cells("int")
        if types <= {int, float}:
            try:
                numbers = array("d", map(float, filled(0)))
            except OverflowError:
                raise DataError(f"column {name!r} holds whole numbers beyond all that double precision has") from None
            return (name, "numbers", numbers, flags), Cells("int" if types == {int} else "float")
        if types == {decimal.Decimal}:
            return (name, "texts", [None if value is None else str(value) for value in values]), Cells("decimal")
        if types == {datetime.date}:
            first = datetime.date(1970, 1, 1)
            days = array("i", [(value - first).days for value in filled(first)])
            return (name, "days", days, flags), Cells("date")
        if types and all(issubclass(one, datetime.datetime) for one in types):
            return _instants(name, filled(None), flags)
        if complex in types:
            raise DataError(f"Complex data not supported: column {name!r}")
        unfit = [one for one in types if issubclass(one, (bytes, bytearray, list, dict, set, tuple))]
        if unfit:
            raise DataError(f"column {name!r} holds values of type {unfit[0].__name__}, which are no cells of a table")
        # Several types: each text stands for the first value that is spelled so.
        back: dict[str, Any] = {}
        for value in values:
            if value is not None:
                back.setdefault(str(value), value)
        return (name, "texts", [None if value is None else str(value) for value in values]), Cells("mixed", back)

    def restore(self, column: tuple) -> list[Any]:
        """Values of the same types."""
        values = plain(column)
        if self.kind == "decimal":
            return [None if value is None else decimal.Decimal(str(value)) for value in values]
        if self.kind == "float":
            return [float(value) if isinstance(value, (int, float)) else number_of(value, float) for value in values]
        if self.kind == "int":
            return [round(value) if isinstance(value, float) and math.isfinite(value) else number_of(value, int) for value in values]
        if self.kind == "str":
            return [None if value is None else str(value) for value in values]
        if self.kind == "mixed":
            back = self.back or {}
            return [None if value is None else back.get(str(value), value) for value in values]
        return values


def number_of(value: Any, kind: type) -> Any:
    """The number that a text spells; words, such as what rare levels were merged into, stay words."""
    try:
        return kind(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _instants(name: str, values: list[Any], flags: bytearray | None) -> tuple[tuple, Cells]:
    zones = {value.tzinfo for value in values if value is not None}
    if len(zones) > 1:
        raise DataError(f"column {name!r} holds times of several time zones, or of some and of none: bring them to one")
    zone = next(iter(zones), None)
    micro = datetime.timedelta(microseconds=1)
    counts = array(
        "q",
        [0 if one is None else ((one if zone else one.replace(tzinfo=datetime.timezone.utc)) - EPOCH) // micro for one in values],
    )
    cells = Cells("datetime", {"zone": zone})
    return (name, "instants", counts, "us", None if zone is None else str(zone), flags), cells


def plain(column: tuple) -> list[Any]:
    """A column of the native module as Python values; None where missing."""
    form = column[0]
    if form in ("texts", "decimals"):
        return column[1] if form == "texts" else [None if one is None else decimal.Decimal(one) for one in column[1]]
    if form == "levels":
        codes, levels = memoryview(column[1]).cast("i"), column[2]
        return [None if code < 0 else levels[code] for code in codes]
    flags = column[-1]
    if form == "booleans":
        values: list[Any] = [value != 0 for value in column[1]]
    elif form == "days":
        first = datetime.date(1970, 1, 1).toordinal()
        values = [_date(first + days) for days in memoryview(column[1]).cast("i")]
    elif form == "instants":
        per_second = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}[column[2]]
        values = [_instant(count, per_second, column[3]) for count in memoryview(column[1]).cast("q")]
    else:
        values = list(memoryview(column[1]).cast(CODES[column[2]]))
    if flags is None:
        return values
    return [None if flag else value for value, flag in zip(values, flags)]


#: The codes of `memoryview.cast` for the native module's types.
CODES = {
    "int8": "b",
    "int16": "h",
    "int32": "i",
    "int64": "q",
    "uint8": "B",
    "uint16": "H",
    "uint32": "I",
    "uint64": "Q",
    "float32": "f",
    "float64": "d",
}


def _date(ordinal: int) -> datetime.date | None:
    return datetime.date.fromordinal(ordinal) if 1 <= ordinal <= datetime.date.max.toordinal() else None


def _instant(count: int, per_second: int, zone: str | None) -> datetime.datetime | None:
    try:
        instant = EPOCH + datetime.timedelta(microseconds=count * 10**6 // per_second)
    except OverflowError:
        return None
    if zone is None:
        return instant.replace(tzinfo=None)
    return instant.astimezone(zone_of(zone))


def zone_of(name: str) -> datetime.tzinfo:
    """A time zone from its name or its offset."""
    if name in ("UTC", "Z", "+00:00"):
        return datetime.timezone.utc
    offset = name.removeprefix("UTC")
    if offset[:1] in ("+", "-"):
        hours, _, minutes = offset[1:].partition(":")
        shift = datetime.timedelta(hours=int(hours), minutes=int(minutes or 0))
        return datetime.timezone(shift if offset[0] == "+" else -shift)
    import zoneinfo

    return zoneinfo.ZoneInfo(name)
