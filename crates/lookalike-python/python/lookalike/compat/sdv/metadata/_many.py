"""What the columns of tables mean."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from lookalike.compat.sdv.metadata.errors import InvalidMetadataError
from lookalike.compat.sdv.metadata._one import SingleTableMetadata, read_json, write_json
from lookalike.compat.sdv.metadata._spec import tables_of

#: What SDV calls a table without a name.
UNNAMED = "table"


class Metadata:
    """What the columns of tables mean, as SDV 1.18 and later, and 2.0, have it.

    Files of the versions `SINGLE_TABLE_V1`, `MULTI_TABLE_V1`, `V1` and `V2` are read. Synthesizers here learn one
    table; of several, relationships are kept and written.

    Attributes
    ----------
    tables : dict of str to SingleTableMetadata
        Each table's metadata by its name.
    relationships : list of dict
        What ties tables.

    Examples
    --------
    >>> from lookalike.compat.sdv.metadata import Metadata
    >>> metadata = Metadata.load_from_dict({"columns": {"age": {"sdtype": "numerical"}}})
    >>> metadata.update_column(column_name="age", sdtype="categorical")
    >>> metadata.get_column_names(sdtype="categorical")
    ['age']
    >>> metadata.to_dict("V2")["METADATA_SPEC_VERSION"]
    'V2'
    """

    METADATA_SPEC_VERSION = "V1"

    def __init__(self) -> None:
        self.tables: dict[str, SingleTableMetadata] = {}
        self.relationships: list[dict[str, Any]] = []

    @classmethod
    def detect_from_dataframe(
        cls,
        data: Any,
        table_name: str = UNNAMED,
        infer_sdtypes: bool = True,
        infer_keys: str | None = "primary_only",
        verbose: bool = False,
    ) -> Metadata:
        """What the columns of a pandas DataFrame seem to mean.

        Parameters
        ----------
        data : pandas.DataFrame
        table_name : str, default 'table'
        infer_sdtypes : bool, default True
            False says `unknown` of every column.
        infer_keys : {'primary_only', None}
            None looks for no primary key.
        verbose : bool, default False
            Without meaning: it takes no time worth showing.
        """
        return cls.detect_from_dataframes({table_name: data}, infer_sdtypes, infer_keys)

    @classmethod
    def detect_from_dataframes(
        cls,
        data: Mapping[str, Any],
        infer_sdtypes: bool = True,
        infer_keys: str | None = "primary_and_foreign",
        foreign_key_inference_algorithm: str = "column_name_match",
        verbose: bool = False,
    ) -> Metadata:
        """The same of several tables by their names. Relationships are not looked for, whatever is asked: add them."""
        if not isinstance(data, Mapping) or not data:
            raise InvalidMetadataError("data must be a dict of DataFrames by their names")
        made = cls()
        for name, table in data.items():
            made.detect_table_from_dataframe(name, table, infer_sdtypes, infer_keys)
        return made

    def detect_table_from_dataframe(
        self,
        table_name: str,
        data: Any,
        infer_sdtypes: bool = True,
        infer_keys: str | None = "primary_only",
        verbose: bool = False,
    ) -> None:
        """Add a table with what its columns seem to mean."""
        self.add_table(table_name)
        try:
            self.tables[table_name].detect_from_dataframe(data, infer_sdtypes, infer_keys)
        except Exception:
            del self.tables[table_name]
            raise

    @classmethod
    def detect_from_csv(
        cls,
        filepath: str | os.PathLike[str],
        table_name: str = UNNAMED,
        read_csv_parameters: Mapping[str, Any] | None = None,
        infer_sdtypes: bool = True,
        infer_keys: str | None = "primary_only",
    ) -> Metadata:
        """The same of a CSV file, which pandas reads with these parameters."""
        import pandas as pd

        table = pd.read_csv(filepath, **(read_csv_parameters or {}))
        return cls.detect_from_dataframe(table, table_name, infer_sdtypes, infer_keys)

    def detect_from_csvs(
        self, folder_name: str | os.PathLike[str], read_csv_parameters: Mapping[str, Any] | None = None
    ) -> None:
        """Add a table for each CSV file of a folder, which is named by its file."""
        import pandas as pd

        paths = sorted(Path(folder_name).glob("*.csv"))
        if not paths:
            raise InvalidMetadataError("there are no CSV files in the folder")
        for path in paths:
            self.detect_table_from_dataframe(path.stem, pd.read_csv(path, **(read_csv_parameters or {})))

    def add_table(self, table_name: str) -> None:
        """Add a table of whose columns nothing is said yet."""
        if not isinstance(table_name, str) or not table_name:
            raise InvalidMetadataError("table_name must be a text")
        if table_name in self.tables:
            raise InvalidMetadataError(f"there is a table {table_name!r} already")
        self.tables[table_name] = SingleTableMetadata()

    def remove_table(self, table_name: str) -> None:
        """Take a table out, and what ties it to others."""
        self.get_table_metadata(table_name)
        del self.tables[table_name]
        ends = ("parent_table_name", "child_table_name")
        self.relationships = [one for one in self.relationships if all(one[end] != table_name for end in ends)]

    def get_table_metadata(self, table_name: str | None = None) -> SingleTableMetadata:
        """One table's metadata; the only one's where no name is given."""
        if table_name is None and len(self.tables) == 1:
            return next(iter(self.tables.values()))
        if table_name not in self.tables:
            names = ", ".join(map(repr, self.tables)) or "none"
            what = "say table_name" if table_name is None else f"there is no table {table_name!r}"
            raise InvalidMetadataError(f"{what}; there are {names}")
        return self.tables[table_name]

    def add_column(self, column_name: str, table_name: str | None = None, **said: Any) -> None:
        """Say something of a further column: `sdtype`, and what goes with it."""
        self.get_table_metadata(table_name).add_column(column_name, **said)

    def update_column(self, column_name: str, table_name: str | None = None, **said: Any) -> None:
        """Say something else of a column. What goes with another `sdtype` than the one it had is forgotten."""
        self.get_table_metadata(table_name).update_column(column_name, **said)

    def remove_column(self, column_name: str, table_name: str | None = None) -> None:
        """Say nothing of a column any more."""
        self.get_table_metadata(table_name).remove_column(column_name)

    def update_columns(self, column_names: Iterable[str], table_name: str | None = None, **said: Any) -> None:
        """Say something else of several columns."""
        self.get_table_metadata(table_name).update_columns(column_names, **said)

    def update_columns_metadata(
        self, column_metadata: Mapping[str, Mapping[str, Any]], table_name: str | None = None
    ) -> None:
        """Say something else of several columns, of each its own."""
        self.get_table_metadata(table_name).update_columns_metadata(column_metadata)

    def set_primary_key(self, column_name: str | list[str], table_name: str | None = None) -> None:
        """Say which column, or columns together, identify a row."""
        self.get_table_metadata(table_name).set_primary_key(column_name)

    def remove_primary_key(self, table_name: str | None = None) -> None:
        """Say that nothing identifies a row."""
        self.get_table_metadata(table_name).remove_primary_key()

    def add_alternate_keys(self, column_names: Iterable[Any], table_name: str | None = None) -> None:
        """Say which further columns identify a row."""
        self.get_table_metadata(table_name).add_alternate_keys(column_names)

    def set_sequence_key(self, column_name: str, table_name: str | None = None) -> None:
        """Say which column names the sequence of a row. No synthesizer here learns sequences: they refuse it."""
        self.get_table_metadata(table_name).set_sequence_key(column_name)

    def set_sequence_index(self, column_name: str, table_name: str | None = None) -> None:
        """Say which column orders the rows of a sequence."""
        self.get_table_metadata(table_name).set_sequence_index(column_name)

    def add_column_relationship(
        self, relationship_type: str, column_names: list[str], table_name: str | None = None
    ) -> None:
        """Say that columns belong together. It is kept and written, no more."""
        self.get_table_metadata(table_name).add_column_relationship(relationship_type, column_names)

    def add_relationship(
        self, parent_table_name: str, child_table_name: str, parent_primary_key: Any, child_foreign_key: Any
    ) -> None:
        """Say which column of a table names rows of another. It is kept and written, no more."""
        self.get_table_metadata(parent_table_name)._need(*_listed(parent_primary_key))
        self.get_table_metadata(child_table_name)._need(*_listed(child_foreign_key))
        self.relationships.append(
            {
                "parent_table_name": parent_table_name,
                "child_table_name": child_table_name,
                "parent_primary_key": parent_primary_key,
                "child_foreign_key": child_foreign_key,
            }
        )

    def remove_relationship(self, parent_table_name: str, child_table_name: str) -> None:
        """Take out what ties two tables."""
        pair = (parent_table_name, child_table_name)
        ends = ("parent_table_name", "child_table_name")
        self.relationships = [one for one in self.relationships if tuple(one[end] for end in ends) != pair]

    def get_column_names(self, table_name: str | None = None, **said: Any) -> list[str]:
        """The columns of which all this is said, such as `sdtype='numerical'` or `pii=True`."""
        return self.get_table_metadata(table_name).get_column_names(**said)

    def validate(self) -> None:
        """Raise if the metadata contradict themselves; `problems` of the error has a sentence for each thing."""
        problems = []
        for name, table in self.tables.items():
            try:
                table.validate()
            except InvalidMetadataError as error:
                problems += [f"table {name!r}: {one}" for one in error.problems]
        for one in self.relationships:
            for end, key in (("parent_table_name", "parent_primary_key"), ("child_table_name", "child_foreign_key")):
                columns = self.tables[one[end]].columns if one.get(end) in self.tables else {}
                if any(name not in columns for name in _listed(one.get(key))):
                    problems.append(f"a relationship's {end} and {key} name nothing that is there")
        if not self.tables:
            problems.append("the metadata describe no table")
        if problems:
            raise InvalidMetadataError("; ".join(problems), problems)

    def validate_table(self, data: Any, table_name: str | None = None) -> None:
        """Raise if a DataFrame does not fit its table's metadata."""
        self.get_table_metadata(table_name).validate_data(data)

    def validate_data(self, data: Mapping[str, Any]) -> None:
        """Raise if DataFrames, by their tables' names, do not fit the metadata."""
        from lookalike.compat.sdv.errors import InvalidDataError

        if not isinstance(data, Mapping):
            raise InvalidDataError("data must be a dict of DataFrames by their names; for one table use validate_table")
        self.validate()
        problems = [f"there is no table {name!r} in the metadata" for name in data if name not in self.tables]
        problems += [f"the table {name!r} is missing" for name in self.tables if name not in data]
        for name in self.tables.keys() & data.keys():
            try:
                self.tables[name].validate_data(data[name])
            except InvalidDataError as error:
                problems += [f"table {name!r}: {one}" for one in error.problems]
        if problems:
            raise InvalidDataError("; ".join(problems), problems)

    def to_dict(self, version: str | None = None) -> dict[str, Any]:
        """The metadata as JSON has them.

        Parameters
        ----------
        version : {'V1', 'V2'}, optional
            The version of the format; that of the file they were read from, else V1, if not given.
        """
        version = version or self.METADATA_SPEC_VERSION
        if version not in ("V1", "V2"):
            raise InvalidMetadataError("version must be 'V1' or 'V2'")
        return {
            "tables": {name: table._table(version) for name, table in self.tables.items()},
            "relationships": copy.deepcopy(self.relationships),
            "METADATA_SPEC_VERSION": version,
        }

    @classmethod
    def load_from_dict(cls, metadata_dict: Mapping[str, Any], single_table_name: str | None = None) -> Metadata:
        """Metadata from a dict as `to_dict` gives it.

        Parameters
        ----------
        metadata_dict : dict
            Of any version.
        single_table_name : str, optional
            How to call the table of a version that has no names; 'table' if not given.
        """
        tables, relationships, version = tables_of(metadata_dict)
        made = cls()
        made.tables = {
            (single_table_name or UNNAMED) if name is None else name: SingleTableMetadata._of_table(table)
            for name, table in tables.items()
        }
        made.relationships = copy.deepcopy(relationships)
        if version == "V2":
            made.METADATA_SPEC_VERSION = "V2"
        return made

    @classmethod
    def load_from_json(cls, filepath: str | os.PathLike[str], single_table_name: str | None = None) -> Metadata:
        """Metadata from a JSON file of any version."""
        return cls.load_from_dict(read_json(filepath), single_table_name)

    @classmethod
    def upgrade_metadata(cls, filepath: str | os.PathLike[str]) -> Metadata:
        """The same as `load_from_json`: files of all versions are read."""
        return cls.load_from_json(filepath)

    def save_to_json(
        self, filepath: str | os.PathLike[str], mode: str = "write", *, version: str | None = None
    ) -> None:
        """Write the metadata to a JSON file.

        Parameters
        ----------
        filepath : path
        mode : {'write', 'overwrite'}
            Whether a file of that name may be replaced.
        version : {'V1', 'V2'}, optional
            As in `to_dict`.
        """
        self.validate()
        write_json(self.to_dict(version), filepath, mode)

    def copy(self) -> Metadata:
        """The same once more."""
        return copy.deepcopy(self)

    def anonymize(self) -> Metadata:
        """The same metadata with other names: `table1`, `col1` and so on. Relationships are left out of it."""
        made = type(self)()
        for number, table in enumerate(self.tables.values(), 1):
            made.tables[f"table{number}"] = table.anonymize()
        return made

    def visualize(
        self,
        show_table_details: str | None = "full",
        show_relationship_labels: bool = True,
        output_filepath: str | os.PathLike[str] | None = None,
    ) -> Any:
        """The tables and their columns as a picture.

        Parameters
        ----------
        show_table_details : {'full', 'summarized', None}
            All columns, how many there are of each sdtype, or none.
        show_relationship_labels : bool, default True
            Name the columns that tie tables.
        output_filepath : path, optional
            An SVG or HTML file to write it to.

        Returns
        -------
        Figure
            Shown in notebooks. It is no graphviz object.
        """
        from lookalike.compat.sdv.metadata._picture import of_tables

        lines = [_tie(one, show_relationship_labels) for one in self.relationships]
        return of_tables(self.tables, show_table_details, output_filepath, lines)

    def __repr__(self) -> str:
        return json.dumps(self.to_dict(), indent=4)


def _listed(names: Any) -> list[Any]:
    return list(names) if isinstance(names, (list, tuple)) else [names]


def _tie(one: Mapping[str, Any], labelled: bool) -> str:
    text = f"{one['child_table_name']} → {one['parent_table_name']}"
    return f"{text}: {one['child_foreign_key']} → {one['parent_primary_key']}" if labelled else text
