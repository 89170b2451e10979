"""Columns of pyarrow in the types that they had."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc


def handed(column: Any) -> Any:
    """A column as the native module learns it: durations are numbers."""
    return column.cast(pa.int64()) if pa.types.is_duration(column.type) else column


def is_hexadecimal(column: Any) -> bool:
    """True for bytes that are no texts, which the native module writes as digits."""
    kind = column.type.storage_type if isinstance(column.type, pa.BaseExtensionType) else column.type
    if pa.types.is_fixed_size_binary(kind):
        return True
    if not _is_bytes(kind):
        return False
    try:
        column.cast(pa.large_string())
    except pa.ArrowInvalid:
        return True
    return False


def retyped(column: Any, wanted: pa.DataType, hexadecimal: bool = False) -> Any:
    """The same values in another type. Texts that it cannot hold, such as what rare levels were merged into, stay texts."""
    try:
        return _retyped(column, wanted, hexadecimal)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError, ValueError):
        if not is_text(column.type):
            raise
        return column


def _retyped(column: Any, wanted: pa.DataType, hexadecimal: bool) -> Any:
    types = pa.types
    if column.type == wanted:
        return column
    if isinstance(wanted, pa.BaseExtensionType):
        storage = _retyped(column, wanted.storage_type, hexadecimal)
        return pa.chunked_array([pa.ExtensionArray.from_storage(wanted, chunk) for chunk in storage.chunks], wanted)
    if types.is_null(wanted):
        return pa.chunked_array([pa.nulls(len(column))]) if column.null_count == len(column) else column
    if types.is_run_end_encoded(wanted):
        plain = _retyped(column, wanted.value_type, hexadecimal)
        return pc.run_end_encode(plain, run_end_type=wanted.run_end_type)
    if types.is_dictionary(wanted) and not types.is_dictionary(column.type):
        return _retyped(column, wanted.value_type, hexadecimal).dictionary_encode().cast(wanted)
    if is_text(column.type):
        reading = _reading(wanted, hexadecimal)
        if reading is not None:
            return _read(column, reading, wanted)
    if types.is_floating(column.type) and types.is_boolean(wanted):
        return pc.greater_equal(column, 0.5)
    if types.is_floating(column.type) and (types.is_integer(wanted) or types.is_duration(wanted)):
        return _whole(column, wanted if types.is_integer(wanted) else pa.int64()).cast(wanted)
    return column.cast(wanted)


def _reading(wanted: pa.DataType, hexadecimal: bool) -> Callable[[str], Any] | None:
    """How a type's values are read from texts, where Arrow has no way."""
    types = pa.types
    if types.is_time(wanted):
        return datetime.time.fromisoformat
    if types.is_map(wanted):
        return lambda text: list(json.loads(text).items())
    if types.is_nested(wanted):
        return json.loads
    if hexadecimal and (_is_bytes(wanted) or types.is_fixed_size_binary(wanted)):
        return bytes.fromhex
    return None


def _read(column: Any, reading: Callable[[str], Any], wanted: pa.DataType) -> Any:
    """Each distinct text is read once."""
    codes = column.combine_chunks().dictionary_encode()
    codes = codes.combine_chunks() if isinstance(codes, pa.ChunkedArray) else codes
    values = pa.array([reading(text) for text in codes.dictionary.to_pylist()], wanted)
    return pa.chunked_array([values.take(codes.indices)], wanted)


def is_text(kind: pa.DataType) -> bool:
    return pa.types.is_string(kind) or pa.types.is_large_string(kind) or _is("string_view", kind)


def _is_bytes(kind: pa.DataType) -> bool:
    return pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or _is("binary_view", kind)


def _is(name: str, kind: pa.DataType) -> bool:
    """Whether it is a type that not every version of pyarrow knows."""
    known = getattr(pa.types, f"is_{name}", None)
    return known is not None and known(kind)


def _whole(column: Any, wanted: pa.DataType) -> Any:
    """Numbers rounded to whole ones of a type, which hold no more than it can hold."""
    bits, signed = wanted.bit_width, pa.types.is_signed_integer(wanted)
    low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)
    rounded = pc.max_element_wise(pc.round(column), float(low), skip_nulls=False)
    # As doubles have them the largest numbers of 64 bits are beyond what there is.
    beyond = pc.greater_equal(rounded, float(high))
    inside = pc.if_else(beyond, 0.0, rounded).cast(wanted)
    return pc.if_else(beyond, pa.scalar(high, wanted), inside)
