"""What everything that holds a model has in common."""

from __future__ import annotations

import os
from typing import Any

from lookalike import _native
from lookalike._parameters import Parameters
from lookalike.exceptions import NotFittedError


class Fitted(Parameters):
    """Holds a model once it has learned something. It is pickled through the model's file, which never runs code."""

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
