"""What everything that holds a model has in common."""

from __future__ import annotations

import json
import math
import os
from typing import Any, ClassVar, Self

from lookalike import _native
from lookalike._arguments import refuse
from lookalike._parameters import Parameters, own_names, plain_value
from lookalike._paths import writable
from lookalike._unfitted import not_fitted
from lookalike.exceptions import ParameterError


class Fitted(Parameters):
    """Holds a model once it has learned something. It is pickled through the model's file, which never runs code."""

    _method: ClassVar[str]
    #: What methods of this kind are listed under in the library.
    _under: ClassVar[tuple[str, ...]] = ()
    #: The method's own parameters: Python's name and the library's.
    _own: ClassVar[dict[str, str]] = {}

    @classmethod
    def preset(cls, name: str, **parameters: Any) -> Self:
        """A generator with the parameters that a method became known by.

        Parameters
        ----------
        name : str
            `"paper"`, which `TVAE` and `CTGAN` have: what their paper says. `"tutorial"`, which `VAE`, `images.VAE` and
            `images.GAN` have: the small networks of textbooks.
        **parameters
            Parameters that are to differ.

        Returns
        -------
        generator

        Raises
        ------
        ParameterError
            When the method has none of this name.

        Examples
        --------
        >>> from lookalike import CTGAN
        >>> CTGAN.preset("paper", epochs=100).pac
        10
        """
        cls._check_method()
        with own_names(cls._own):
            found = json.loads(_native.preset(cls._listed({}), str(name)))
        for part in (*cls._under, cls._method):
            found = found[part]
        known = {ours: found[theirs] for ours, theirs in cls._own.items() if theirs in found}
        return cls(**{**known, **parameters})

    @classmethod
    def _listed(cls, options: dict[str, Any]) -> str:
        """The method with these options as the native module takes it."""
        for part in (cls._method, *reversed(cls._under)):
            options = {part: options}
        return json.dumps(options)

    def _method_json(self) -> str:
        self._check_method()
        values = {name: plain_value(getattr(self, name)) for name in self._own}
        refuse([f"{name} must be a number" for name, value in values.items() if _is_endless(value)])
        return self._listed({self._own[name]: value for name, value in values.items() if value is not None})

    @classmethod
    def _check_method(cls) -> None:
        if not hasattr(cls, "_method"):
            raise ParameterError(f"{cls.__name__} is what generators have in common, and learns nothing: take one of them")

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the model to a file. It holds no rows, and is data: reading it never runs code.

        Parameters
        ----------
        path : str or path
            The file. One that is there is replaced.

        Raises
        ------
        OSError
            When there cannot be such a file: `FileNotFoundError` without its folder, `IsADirectoryError` where a folder is.
        """
        model = self._learned()
        model.save(writable(path))

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Read a model that `save`, or the program `lookalike`, has written.

        What comes out of it has the usual types of what is installed (see `sample`): a file holds what columns mean, and not
        the types that they had.

        Parameters
        ----------
        path : str or path
            The file.

        Returns
        -------
        generator
            Of this class.

        Raises
        ------
        FileNotFoundError
            When there is no such file.
        ModelFileError
            When it is no model, or one of another method.
        """
        from lookalike._load import generator_of

        return generator_of(_native.Model.load(os.fsdecode(path)), cls)

    def _learned(self) -> _native.Model:
        if not self.__sklearn_is_fitted__():
            raise not_fitted(f"this {type(self).__name__} has not learned anything yet: call fit first")
        return self._model

    def __sklearn_is_fitted__(self) -> bool:
        return getattr(self, "_model", None) is not None

    def __getstate__(self) -> dict[str, Any]:
        state = dict(self.__dict__)
        if state.get("_model") is not None:
            state["_model"] = self._model.to_bytes()
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        if state.get("_model") is not None:
            state = {**state, "_model": _native.Model.from_bytes(state["_model"])}
        self.__dict__.update(state)


def _is_endless(value: Any) -> bool:
    """True for a number that JSON cannot hold."""
    if isinstance(value, list):
        return any(map(_is_endless, value))
    return isinstance(value, float) and not math.isfinite(value)
