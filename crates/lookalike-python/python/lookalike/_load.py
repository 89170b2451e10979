"""Models from files."""

from __future__ import annotations

import os
from typing import Any

from lookalike import _native
from lookalike._frames.files import AutoFrame
from lookalike.exceptions import ModelFileError


def generator_of(model: _native.Model, cls: type | None = None) -> Any:
    """A generator around a model: of `cls`, or of the class for its method."""
    from lookalike import _base, _generators
    from lookalike._auto import Auto

    classes = {
        one._method: one
        for one in vars(_generators).values()
        if isinstance(one, type) and issubclass(one, _base.Generator) and one is not _base.Generator
    }
    own = classes.get(model.method)
    if own is None:
        raise ModelFileError(f"it is a model of the method {model.method}, which is not for tables: use lookalike.images")
    if cls not in (None, _base.Generator, Auto, own):
        raise ModelFileError(f"it is a model of {own.__name__}, not of {cls.__name__}: use lookalike.load")
    generator = (Auto if cls is Auto else own)()
    generator._adopt(model, AutoFrame())
    return generator


def load(path: str | os.PathLike[str]) -> Any:
    """Read a generator that `save`, or the program `lookalike fit`, has written.

    Parameters
    ----------
    path : str or path
        The model's file.

    Returns
    -------
    generator
        Of the class that learned it, such as `lookalike.Forest`.

    Raises
    ------
    FileNotFoundError
        When there is no such file.
    ModelFileError
        When it is no model.
    """
    return generator_of(_native.Model.load(os.fspath(path)))
