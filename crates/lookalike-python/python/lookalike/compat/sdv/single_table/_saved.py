"""A synthesizer's file: a ZIP of the model's file and of what SDV's calls need beside, both data."""

from __future__ import annotations

import json
import os
import zipfile
from typing import Any

from lookalike import _native
from lookalike._frames.files import AutoFrame
from lookalike.exceptions import ModelFileError

#: What the ZIP holds.
MODEL, BESIDE = "model.lookalike", "synthesizer.json"
VERSION = 1
#: Most bytes of what stands beside the model.
MOST = 64 << 20
#: Types that are told by their names alone.
_NAMES = ("int", "uint", "Int", "UInt", "float", "Float", "bool", "boolean", "object", "str", "string", "datetime64")


def write(path: str | os.PathLike[str], model: bytes | None, beside: dict[str, Any]) -> None:
    """Write the file. Without a model the synthesizer was not fitted."""
    # Times of files would make other bytes of the same synthesizer.
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(zipfile.ZipInfo(BESIDE), json.dumps({"version": VERSION, **beside}, indent=1))
        if model is not None:
            file.writestr(zipfile.ZipInfo(MODEL), model)


def read(path: str | os.PathLike[str]) -> tuple[_native.Model | None, dict[str, Any] | None]:
    """What a file holds. A model's file of the program `lookalike` is read too; nothing stands beside that."""
    path = os.fspath(path)
    with open(path, "rb") as file:
        start = file.read(4)
    if start[:1] == b"\x80":
        raise ModelFileError(
            "the file is a pickle, as SDV writes them: it is code rather than data, and cannot be read. Fit "
            "again, and save"
        )
    if start != b"PK\x03\x04":
        return _native.Model.load(path), None
    try:
        with zipfile.ZipFile(path) as file:
            if file.getinfo(BESIDE).file_size > MOST:
                raise ModelFileError("the file's description is too large")
            beside = json.loads(file.read(BESIDE))
            model = file.read(MODEL) if MODEL in file.namelist() else None
    except (zipfile.BadZipFile, KeyError, ValueError):
        raise ModelFileError("the file is no synthesizer's") from None
    if not isinstance(beside, dict) or beside.get("version") != VERSION:
        raise ModelFileError("the file is of a version that is not known: use a newer version of lookalike")
    return None if model is None else _native.Model.from_bytes(model), beside


def types_of(data: Any) -> dict[str, str]:
    """The names of a DataFrame's types, where a name is all."""
    return {str(name): str(dtype) for name, dtype in data.dtypes.items() if str(dtype).startswith(_NAMES)}


class SavedFrame:
    """Makes DataFrames with the types of one that is not there any more."""

    def __init__(self, types: dict[str, str]) -> None:
        self.types = types
        self.names: list[Any] = []
        self.named = True

    def restore(self, table: _native.Table, index: Any = None) -> Any:
        """A DataFrame."""
        data = AutoFrame().restore(table)
        if index is not None:
            data.index = index.index
        for name, dtype in self.types.items():
            if name not in data.columns or str(data[name].dtype) == dtype:
                continue
            try:
                data[name] = data[name].astype(dtype)
            except (TypeError, ValueError):
                # Gaps that the type has no place for: the column stays as it came.
                continue
        return data
