"""pyarrow and DuckDB."""

from __future__ import annotations

from typing import Any

from lookalike import _frames, _native


class ArrowFrame:
    """Of a pyarrow Table or RecordBatch, or a DuckDB relation."""

    named = True

    def __init__(self, schema: Any, relation: bool) -> None:
        self.names = list(schema.names) if hasattr(schema, "names") else list(schema)
        self._schema = schema
        self._relation = relation

    @staticmethod
    def take(data: Any) -> tuple[Any, ArrowFrame]:
        relation = not type(data).__module__.startswith("pyarrow")
        schema = data.columns if relation else data.schema
        return data, ArrowFrame(schema, relation)

    def restore(self, table: _native.Table, index: Any = None) -> Any:
        if self._relation:
            try:
                import duckdb
                import pyarrow
            except ImportError:
                return _frames.preferred(table)
            return duckdb.from_arrow(pyarrow.table(table))
        import pyarrow

        return self.retyped(pyarrow.table(table))

    def retyped(self, out: Any) -> Any:
        """The same values, in the types that the columns of these names had."""
        import pyarrow

        for number, field in enumerate(out.schema):
            place = self._schema.get_field_index(field.name)
            if place >= 0 and self._schema.field(place).type != field.type:
                wanted = self._schema.field(place)
                try:
                    column = _cast(out.column(number), wanted.type)
                except pyarrow.ArrowInvalid:
                    if not pyarrow.types.is_string(field.type):
                        raise
                    # Rare levels were merged into one that is a word.
                    continue
                out = out.set_column(number, wanted, column)
        return out


def _cast(column: Any, wanted: Any) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_dictionary(wanted) and not pa.types.is_dictionary(column.type):
        return column.cast(wanted.value_type).dictionary_encode().cast(wanted)
    if pa.types.is_floating(column.type) and pa.types.is_boolean(wanted):
        return pc.greater_equal(column, 0.5)
    if pa.types.is_floating(column.type) and (pa.types.is_integer(wanted) or pa.types.is_duration(wanted)):
        return _whole(column, wanted if pa.types.is_integer(wanted) else pa.int64()).cast(wanted)
    return column.cast(wanted)


def _whole(column: Any, wanted: Any) -> Any:
    """Numbers rounded to whole ones of a type, which hold no more than it can hold."""
    import pyarrow as pa
    import pyarrow.compute as pc

    bits, signed = wanted.bit_width, pa.types.is_signed_integer(wanted)
    low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)
    rounded = pc.max_element_wise(pc.round(column), float(low), skip_nulls=False)
    # As doubles have them the largest numbers of 64 bits are beyond what there is.
    beyond = pc.greater_equal(rounded, float(high))
    inside = pc.if_else(beyond, 0.0, rounded).cast(wanted)
    return pc.if_else(beyond, pa.scalar(high, wanted), inside)
