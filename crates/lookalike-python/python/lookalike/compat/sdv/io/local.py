"""Reading and writing folders of CSV files."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lookalike.compat.sdv.errors import SynthesizerInputError

__all__ = ["CSVHandler"]


class CSVHandler:
    """Reads folders of CSV files, and writes them.

    Examples
    --------
    >>> import tempfile
    >>> import pandas as pd
    >>> from lookalike.compat.sdv.io.local import CSVHandler
    >>> folder = tempfile.mkdtemp()
    >>> CSVHandler().write({"people": pd.DataFrame({"age": [30, 40]})}, folder, mode="a")
    >>> CSVHandler().read(folder)["people"]["age"].tolist()
    [30, 40]
    """

    def read(
        self,
        folder_name: str | os.PathLike[str],
        file_names: list[str] | None = None,
        read_csv_parameters: Mapping[str, Any] | None = None,
        keep_leading_zeros: bool = True,
    ) -> dict[str, Any]:
        """All CSV files of a folder as DataFrames, by the files' names.

        Parameters
        ----------
        folder_name : path
        file_names : list of str, optional
            Only these.
        read_csv_parameters : dict, optional
            What pandas' `read_csv` takes.
        keep_leading_zeros : bool, default True
            Read columns that have numbers with leading zeros as texts.
        """
        import pandas as pd

        folder = Path(folder_name)
        paths = sorted(folder.glob("*.csv")) if file_names is None else [folder / name for name in file_names]
        if not paths:
            raise FileNotFoundError("there are no CSV files in the folder")
        parameters = dict(read_csv_parameters or {})
        tables = {}
        for path in paths:
            table = pd.read_csv(path, **parameters)
            if keep_leading_zeros and "dtype" not in parameters:
                kept = _with_leading_zeros(path, table, parameters)
                if kept:
                    table = pd.read_csv(path, **{**parameters, "dtype": dict.fromkeys(kept, str)})
            tables[path.stem] = table
        return tables

    def write(
        self,
        synthetic_data: Mapping[str, Any],
        folder_name: str | os.PathLike[str],
        file_name_suffix: str | None = None,
        mode: str = "x",
        to_csv_parameters: Mapping[str, Any] | None = None,
    ) -> None:
        """Write DataFrames as CSV files that are named like them.

        Parameters
        ----------
        synthetic_data : dict of str to pandas.DataFrame
        folder_name : path
            It is made if need be.
        file_name_suffix : str, optional
            What files' names end with, before `.csv`.
        mode : {'x', 'w', 'a'}, default 'x'
            Fail where a file is there; replace it; or append to it.
        to_csv_parameters : dict, optional
            What pandas' `to_csv` takes; without the index if not given otherwise.
        """
        if mode not in ("x", "w", "a"):
            raise SynthesizerInputError("mode must be 'x', 'w' or 'a'")
        os.makedirs(folder_name, exist_ok=True)
        parameters = {"index": False, **(to_csv_parameters or {}), "mode": mode}
        paths = {name: Path(folder_name) / f"{name}{file_name_suffix or ''}.csv" for name in synthetic_data}
        if mode == "x" and any(path.exists() for path in paths.values()):
            raise FileExistsError("there are files of those names already: say mode='w', or another folder")
        for name, table in synthetic_data.items():
            table.to_csv(paths[name], **{**parameters, "header": not (mode == "a" and paths[name].exists())})


def _with_leading_zeros(path: Path, table: Any, parameters: Mapping[str, Any]) -> list[str]:
    """Columns that were read as numbers, and are written with zeros before them."""
    import pandas as pd

    numbers = [name for name in table.columns if pd.api.types.is_integer_dtype(table[name].dtype)]
    if not numbers:
        return []
    texts = pd.read_csv(path, **{**parameters, "dtype": dict.fromkeys(numbers, str)})
    return [name for name in numbers if texts[name].str.match(r"^-?0\d").fillna(False).any()]


def __getattr__(name: str):
    if name == "ExcelHandler":
        raise ImportError("ExcelHandler is not there: lookalike's own fit, and pandas.read_excel, read spreadsheets")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
