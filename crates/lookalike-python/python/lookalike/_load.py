"""Models from files."""

from __future__ import annotations

import json
import os
from typing import Any

from lookalike import _native
from lookalike._frames.files import AutoFrame
from lookalike.exceptions import ModelFileError


def generator_of(model: _native.Model, cls: type | None = None) -> Any:
    """A generator around a model: of `cls`, or of the class for its method."""
    if model.schema.image_shape is not None:
        from lookalike import images

        own = _class_for(model, vars(images), images.ImageGenerator)
        if cls not in (None, images.ImageGenerator, own):
            raise ModelFileError(f"it is a model of images.{own.__name__}, not of {cls.__name__}: use lookalike.load")
        generator = own()
        generator._adopt(model)
        return generator
    from lookalike import _base, _generators
    from lookalike._auto import Auto

    own = _class_for(model, vars(_generators), _base.Generator)
    if cls not in (None, _base.Generator, Auto, own):
        raise ModelFileError(f"it is a model of {own.__name__}, not of {cls.__name__}: use lookalike.load")
    generator = (Auto if cls is Auto else own)()
    # What the file keeps of the arguments of `fit`.
    generator.set_params(**json.loads(model.kept_json()))
    generator._adopt(model, AutoFrame())
    return generator


def _class_for(model: _native.Model, names: dict[str, Any], base: type) -> type:
    classes = [one for one in names.values() if isinstance(one, type) and issubclass(one, base) and one is not base]
    own = next((one for one in classes if getattr(one, "_method", None) == model.method), None)
    if own is None:
        raise ModelFileError(f"it is a model of the method {model.method}, which this version does not know")
    return own


def load(path: str | os.PathLike[str]) -> Any:
    """Read a generator that `save`, or the program `lookalike fit`, has written.

    A file keeps what was learned, what columns mean, and of the parameters `target`, `unit`, `protect` and `constraints`. It does
    not keep the options of the method, `random_state` and the other parameters, which have their defaults after loading: to
    draw the same rows as before, give `sample` the same `random_state`.

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
    return generator_of(_native.Model.load(os.fsdecode(path)))
