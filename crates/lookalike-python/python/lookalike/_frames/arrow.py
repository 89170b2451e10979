"""pyarrow and DuckDB."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from lookalike import _frames, _native
from lookalike.exceptions import DataError


class ArrowFrame:
    """Of a pyarrow Table, RecordBatch or reader of such, or a DuckDB relation."""

    named = True

    def __init__(self, schema: Any, relation: bool, hexadecimal: Collection[str] = ()) -> None:
        self.names = list(schema.names) if hasattr(schema, "names") else list(schema)
        self._schema = schema
        self._relation = relation
        #: Columns of bytes that the native module writes as hexadecimal digits.
        self._hexadecimal = hexadecimal

    @staticmethod
    def take(data: Any) -> tuple[Any, ArrowFrame]:
        relation = not type(data).__module__.startswith("pyarrow")
        try:
            import pyarrow
        except ImportError:
            return data, ArrowFrame(data.columns, relation)

        from lookalike._frames.arrow_types import handed, is_hexadecimal

        if relation:
            data = data.to_arrow_table()
        elif isinstance(data, pyarrow.RecordBatch):
            data = pyarrow.Table.from_batches([data])
        elif not isinstance(data, pyarrow.Table):
            # What is read from files as it is needed.
            whole = getattr(data, "read_all", getattr(data, "to_table", None))
            if whole is None:
                raise DataError(f"a pyarrow {type(data).__name__} is no table: give a Table")
            data = whole()
        schema = data.schema
        columns = [handed(column) for column in data.columns]
        hexadecimal = {name for name, column in zip(schema.names, data.columns) if is_hexadecimal(column)}
        return pyarrow.Table.from_arrays(columns, names=schema.names), ArrowFrame(schema, relation, hexadecimal)

    def restore(self, table: _native.Table, index: Any = None) -> Any:
        if self._relation:
            try:
                import duckdb
                import pyarrow
            except ImportError:
                return _frames.preferred(table)
            return duckdb.from_arrow(self.retyped(pyarrow.table(table)))
        import pyarrow

        return self.retyped(pyarrow.table(table))

    def retyped(self, out: Any) -> Any:
        """The same values, in the types that the columns of these names had, where those can hold them."""
        from lookalike._frames.arrow_types import retyped

        for number, field in enumerate(out.schema):
            place = self._schema.get_field_index(field.name)
            if place >= 0 and self._schema.field(place).type != field.type:
                wanted = self._schema.field(place)
                column = retyped(out.column(number), wanted.type, field.name in self._hexadecimal)
                out = out.set_column(number, wanted if column.type == wanted.type else field.name, column)
        return out
