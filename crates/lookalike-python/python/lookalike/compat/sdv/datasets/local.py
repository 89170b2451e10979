"""Folders of CSV files."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lookalike.compat.sdv.io.local import CSVHandler

__all__ = ["load_csvs", "save_csvs"]


def load_csvs(
    folder_name: str | os.PathLike[str], read_csv_parameters: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """All CSV files of a folder as DataFrames, by the files' names."""
    return CSVHandler().read(folder_name, read_csv_parameters=read_csv_parameters, keep_leading_zeros=False)


def save_csvs(
    data: Mapping[str, Any],
    folder_name: str | os.PathLike[str],
    suffix: str | None = None,
    to_csv_parameters: Mapping[str, Any] | None = None,
) -> None:
    """Write DataFrames as CSV files that are named like them, with a suffix. There must be none of those names."""
    CSVHandler().write(data, Path(folder_name), file_name_suffix=suffix, mode="x", to_csv_parameters=to_csv_parameters)
