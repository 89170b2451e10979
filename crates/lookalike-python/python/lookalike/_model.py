"""What everything that holds a model has in common."""

from __future__ import annotations

import json
import os
from typing import Any, ClassVar

from lookalike import _native
from lookalike._parameters import Parameters, own_names, plain_value
from lookalike.exceptions import NotFittedError


class Fitted(Parameters):
    """Holds a model once it has learned something. It is pickled through the model's file, which never runs code."""

    _method: ClassVar[str]
    #: What methods of this kind are listed under in the library.
    _under: ClassVar[tuple[str, ...]] = ()
    #: The method's own parameters: Python's name and the library's.
    _own: ClassVar[dict[str, str]] = {}

    @classmethod
    def preset(cls, name: str, **parameters: Any):
        """A generator with the parameters that a method became known by.

        Parameters
        ----------
        name : str
            `"paper"`, which `TVAE` and `CTGAN` have: what their paper says. `"tutorial"`, which `VAE`, `images.VAE` and
            `images.GAN` have: the small networks of textbooks.
        **parameters
            Parameters that are to differ.

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
        values = {theirs: getattr(self, name) for name, theirs in self._own.items()}
        return self._listed({name: plain_value(value) for name, value in values.items() if value is not None})

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the model to a file. It holds no rows, and is data: reading it never runs code."""
        self._learned().save(path)

    def _learned(self) -> _native.Model:
        if not self.__sklearn_is_fitted__():
            raise NotFittedError(f"this {type(self).__name__} has not learned anything yet: call fit first")
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
