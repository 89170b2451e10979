"""What the columns of one table mean."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Iterable, Mapping
from typing import Any

from lookalike.compat.sdv.metadata._checks import problems_of_data, problems_of_table
from lookalike.compat.sdv.metadata._detect import detect
from lookalike.compat.sdv.metadata.errors import InvalidMetadataError
from lookalike.compat.sdv.metadata._spec import check_column, is_personal, tables_of, to_version

#: What a table's metadata hold beside its columns.
_OF_A_TABLE = ("primary_key", "alternate_keys", "sequence_key", "sequence_index", "column_relationships")


class SingleTableMetadata:
    """What the columns of one table mean, as SDV 1.x has it.

    Attributes
    ----------
    columns : dict of str to dict
        What is said of each column: its `sdtype`, and more.
    primary_key : str, list of str or None
        The column, or columns, that identify a row.
    alternate_keys : list
        Others that do.
    sequence_key, sequence_index : str or None
        Kept and written; no synthesizer here learns sequences.
    column_relationships : list of dict
        Kept and written; what columns have to do with each other is learned from the rows.

    Examples
    --------
    >>> import pandas as pd
    >>> from lookalike.compat.sdv.metadata import SingleTableMetadata
    >>> metadata = SingleTableMetadata()
    >>> metadata.detect_from_dataframe(pd.DataFrame({"age": [20 + i % 50 for i in range(200)]}))
    >>> metadata.update_column(column_name="age", sdtype="categorical")
    >>> metadata.columns
    {'age': {'sdtype': 'categorical'}}
    """

    METADATA_SPEC_VERSION = "SINGLE_TABLE_V1"

    def __init__(self) -> None:
        self.columns: dict[str, dict[str, Any]] = {}
        self.primary_key: str | list[str] | None = None
        self.alternate_keys: list[Any] = []
        self.sequence_key: str | None = None
        self.sequence_index: str | None = None
        self.column_relationships: list[dict[str, Any]] = []
        #: What the file had beside, such as constraints.
        self._more: dict[str, Any] = {}

    def detect_from_dataframe(
        self, data: Any, infer_sdtypes: bool = True, infer_keys: str | None = "primary_only"
    ) -> None:
        """Find out what the columns of a pandas DataFrame seem to mean.

        Parameters
        ----------
        data : pandas.DataFrame
        infer_sdtypes : bool, default True
            False says `unknown` of every column.
        infer_keys : {'primary_only', None}
            None looks for no primary key.

        Raises
        ------
        InvalidMetadataError
            When something is said of columns already.
        """
        if self.columns:
            raise InvalidMetadataError("the metadata describe columns already: make new ones, or use update_column")
        columns, key = detect(data, infer_sdtypes, infer_keys)
        self.columns, self.primary_key = columns, key

    def detect_from_csv(
        self,
        filepath: str | os.PathLike[str],
        read_csv_parameters: Mapping[str, Any] | None = None,
        infer_sdtypes: bool = True,
        infer_keys: str | None = "primary_only",
    ) -> None:
        """As `detect_from_dataframe`, of a CSV file, which pandas reads with these parameters."""
        import pandas as pd

        self.detect_from_dataframe(pd.read_csv(filepath, **(read_csv_parameters or {})), infer_sdtypes, infer_keys)

    def add_column(self, column_name: str, **said: Any) -> None:
        """Say something of a further column: `sdtype`, and what goes with it."""
        if column_name in self.columns:
            raise InvalidMetadataError(f"there is a column {column_name!r} already: use update_column")
        self._put(column_name, said)

    def update_column(self, column_name: str, **said: Any) -> None:
        """Say something else of a column. What goes with another `sdtype` than the one it had is forgotten."""
        self._need(column_name)
        old = self.columns[column_name]
        changed = "sdtype" in said and said["sdtype"] != old.get("sdtype")
        self._put(column_name, said if changed else {**old, **said})

    def remove_column(self, column_name: str) -> None:
        """Say nothing of a column any more. It must be no key."""
        self._need(column_name)
        keys = [self.primary_key, *self.alternate_keys, self.sequence_key, self.sequence_index]
        if any(column_name in _names(key) for key in keys):
            raise InvalidMetadataError(f"the column {column_name!r} is a key: take that away first")
        del self.columns[column_name]
        self.column_relationships = [one for one in self.column_relationships if column_name not in one["column_names"]]

    def update_columns(self, column_names: Iterable[str], **said: Any) -> None:
        """Say something else of several columns."""
        for name in column_names:
            self.update_column(name, **said)

    def update_columns_metadata(self, column_metadata: Mapping[str, Mapping[str, Any]]) -> None:
        """Say something else of several columns, of each its own."""
        for name, said in column_metadata.items():
            self.update_column(name, **said)

    def _put(self, name: str, said: Mapping[str, Any]) -> None:
        problems = check_column(name, said)
        if problems:
            raise InvalidMetadataError("; ".join(problems), problems)
        entry = {key: list(one) if isinstance(one, tuple) else one for key, one in said.items()}
        self.columns[name] = {"sdtype": entry.pop("sdtype"), **entry}

    def _need(self, *names: Any) -> None:
        missing = [name for name in names if name not in self.columns]
        if missing:
            raise InvalidMetadataError(
                f"there is no column {', '.join(repr(name) for name in missing)} in the metadata; "
                f"there are {', '.join(map(repr, self.columns)) or 'none'}"
            )

    def set_primary_key(self, column_name: str | list[str]) -> None:
        """Say which column, or columns together, identify a row."""
        self._need(*_names(column_name))
        self.alternate_keys = [key for key in self.alternate_keys if key != column_name]
        self.primary_key = column_name

    def remove_primary_key(self) -> None:
        """Say that nothing identifies a row."""
        self.primary_key = None

    def add_alternate_keys(self, column_names: Iterable[Any]) -> None:
        """Say which further columns identify a row."""
        column_names = list(column_names)
        self._need(*(name for key in column_names for name in _names(key)))
        if self.primary_key in column_names:
            raise InvalidMetadataError("the primary key cannot be an alternate key too")
        self.alternate_keys += [key for key in column_names if key not in self.alternate_keys]

    def set_sequence_key(self, column_name: str) -> None:
        """Say which column names the sequence of a row. No synthesizer here learns sequences: they refuse it."""
        self._need(column_name)
        self.sequence_key = column_name

    def remove_sequence_key(self) -> None:
        """Say that rows belong to no sequence."""
        self.sequence_key = None

    def set_sequence_index(self, column_name: str) -> None:
        """Say which column orders the rows of a sequence."""
        self._need(column_name)
        self.sequence_index = column_name

    def remove_sequence_index(self) -> None:
        """Say that nothing orders the rows of a sequence."""
        self.sequence_index = None

    def add_column_relationship(self, relationship_type: str, column_names: list[str]) -> None:
        """Say that columns belong together, such as the parts of an address. It is kept and written, no more."""
        self._need(*column_names)
        self.column_relationships.append({"type": relationship_type, "column_names": list(column_names)})

    def get_column_names(self, **said: Any) -> list[str]:
        """The columns of which all this is said, such as `sdtype='numerical'` or `pii=True`."""

        def fits(entry: Mapping[str, Any]) -> bool:
            known = {"pii": is_personal(entry), **entry}
            return all(key in known and known[key] == one for key, one in said.items())

        return [name for name, entry in self.columns.items() if fits(entry)]

    def validate(self) -> None:
        """Raise if the metadata contradict themselves.

        Raises
        ------
        InvalidMetadataError
            With a sentence for each problem.
        """
        problems = problems_of_table(self)
        if problems:
            raise InvalidMetadataError("; ".join(problems), problems)

    def validate_data(self, data: Any) -> None:
        """Raise if a DataFrame does not fit the metadata.

        Raises
        ------
        InvalidDataError
            With a sentence for each problem, and no value of the table.
        """
        from lookalike.compat.sdv.errors import InvalidDataError

        self.validate()
        problems = problems_of_data(self, data)
        if problems:
            raise InvalidDataError("; ".join(problems), problems)

    def to_dict(self) -> dict[str, Any]:
        """The metadata as JSON has them."""
        return {**self._table("V1"), "METADATA_SPEC_VERSION": self.METADATA_SPEC_VERSION}

    def _table(self, version: str) -> dict[str, Any]:
        """One table's part of the JSON."""
        table: dict[str, Any] = {}
        for key in _OF_A_TABLE:
            value = getattr(self, key)
            if value:
                table[key] = copy.deepcopy(value)
        columns = {name: to_version(entry, version) for name, entry in self.columns.items()}
        return {"columns": copy.deepcopy(columns), **table, **copy.deepcopy(self._more)}

    @classmethod
    def load_from_dict(cls, metadata_dict: Mapping[str, Any]) -> SingleTableMetadata:
        """Metadata from a dict as `to_dict` gives it, of any version that has one table."""
        tables, _, _ = tables_of(metadata_dict)
        if len(tables) != 1:
            raise InvalidMetadataError(f"the metadata have {len(tables)} tables, not one: use Metadata")
        return cls._of_table(next(iter(tables.values())))

    @classmethod
    def _of_table(cls, table: Mapping[str, Any]) -> SingleTableMetadata:
        if not isinstance(table, Mapping) or not isinstance(table.get("columns"), Mapping):
            raise InvalidMetadataError("the metadata describe no columns")
        made = cls()
        problems = []
        for name, entry in table["columns"].items():
            if not isinstance(entry, Mapping):
                problems.append(f"what is said of column {name!r} is no object")
                continue
            # Files may hold more than is understood: only what would be misunderstood is refused.
            if not isinstance(entry.get("sdtype"), str):
                problems.append(f"column {name!r} has no sdtype")
                continue
            made.columns[name] = copy.deepcopy(dict(entry))
        if problems:
            raise InvalidMetadataError("; ".join(problems), problems)
        for key in _OF_A_TABLE:
            if table.get(key):
                setattr(made, key, copy.deepcopy(table[key]))
        if table.get("constraints"):
            made._more["constraints"] = copy.deepcopy(table["constraints"])
        return made

    @classmethod
    def load_from_json(cls, filepath: str | os.PathLike[str]) -> SingleTableMetadata:
        """Metadata from a JSON file, of any version that has one table."""
        return cls.load_from_dict(read_json(filepath))

    @classmethod
    def upgrade_metadata(cls, filepath: str | os.PathLike[str]) -> SingleTableMetadata:
        """The same as `load_from_json`: files of all versions are read."""
        return cls.load_from_json(filepath)

    def save_to_json(self, filepath: str | os.PathLike[str], mode: str = "write") -> None:
        """Write the metadata to a JSON file.

        Parameters
        ----------
        filepath : path
        mode : {'write', 'overwrite'}
            Whether a file of that name may be replaced.
        """
        self.validate()
        write_json(self.to_dict(), filepath, mode)

    def anonymize(self) -> SingleTableMetadata:
        """The same metadata with other names of columns: `col1`, `col2` and so on."""
        names = {name: f"col{number}" for number, name in enumerate(self.columns, 1)}
        made = type(self)()
        made.columns = {names[name]: copy.deepcopy(entry) for name, entry in self.columns.items()}

        def renamed(key: Any) -> Any:
            return [names[one] for one in key] if isinstance(key, list) else names.get(key)

        made.primary_key, made.sequence_key = renamed(self.primary_key), renamed(self.sequence_key)
        made.sequence_index = renamed(self.sequence_index)
        made.alternate_keys = [renamed(key) for key in self.alternate_keys]
        made.column_relationships = [
            {**one, "column_names": renamed(list(one["column_names"]))} for one in self.column_relationships
        ]
        return made

    def visualize(
        self, show_table_details: str | None = "full", output_filepath: str | os.PathLike[str] | None = None
    ) -> Any:
        """The columns as a picture.

        Parameters
        ----------
        show_table_details : {'full', 'summarized', None}
            All columns, how many there are of each sdtype, or none.
        output_filepath : path, optional
            An SVG or HTML file to write it to.

        Returns
        -------
        Figure
            Shown in notebooks. It is no graphviz object.
        """
        from lookalike.compat.sdv.metadata._picture import of_tables

        return of_tables({"": self}, show_table_details, output_filepath)

    def __repr__(self) -> str:
        return json.dumps(self.to_dict(), indent=4)


def _names(key: Any) -> list[Any]:
    return list(key) if isinstance(key, (list, tuple)) else [key]


def read_json(filepath: str | os.PathLike[str]) -> Any:
    """The content of a JSON file."""
    with open(filepath, encoding="utf-8") as file:
        try:
            return json.load(file)
        except ValueError:
            raise InvalidMetadataError("the metadata file is no valid JSON") from None


def write_json(document: Mapping[str, Any], filepath: str | os.PathLike[str], mode: str) -> None:
    """Write a JSON file."""
    if mode not in ("write", "overwrite"):
        raise InvalidMetadataError("mode must be 'write' or 'overwrite'")
    if mode == "write" and os.path.exists(filepath):
        raise InvalidMetadataError("there is a file of that name already: say mode='overwrite', or another name")
    with open(filepath, "w", encoding="utf-8") as file:
        json.dump(document, file, indent=4, ensure_ascii=False)
        file.write("\n")
